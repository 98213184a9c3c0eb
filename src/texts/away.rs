//! What the screens say when a practitioner is away: withdrawing the period's times and calling the
//! patients. Pure.

use crate::domain::Call;

use super::{Dates, Language, Texts};

impl Language {
    /// The fixed texts about a practitioner who is away, in this language.
    pub fn away_texts(self) -> &'static AwayTexts {
        self.pick(&SWEDISH, &ENGLISH)
    }
}

texts! { AwayTexts:
    called: "ringd", "called";
    detail: "Bokningen", "The booking";
    empty: "Ingen bokning de dagarna: ingen behöver ringas.", "No booking on those days: nobody has to be called.";
    none_chosen: "ingen bokning är vald", "no booking is chosen";
    no_phone: "inget nummer", "no number";
    not_called: "Ingen har ringt patienten ännu, och avbokad står bokningen inte kvar i listan.", "Nobody has called the patient yet, and once cancelled the booking leaves the list.";
    not_called_yes: "Ja, patienten är inte ringd", "Yes, the patient has not been called";
    nothing_to_withdraw: "inga Internet-preblock de dagarna", "no internet preblocks on those days";
    period: "Från–till…", "From–to…";
    period_bad: "Inga dagar. Skriv t.ex. idag, to-fre eller 25/11-27/11; högst ett år.", "No days. Write today, thu-fri or 25/11-27/11; at most a year.";
    period_help: "idag · v48 · to-fre · 25-27/11 · imorgon-+1v", "today · w48 · thu-fri · 25-27/11 · tomorrow-+1w";
    period_title: "Vilka dagar?", "Which days?";
    resume: "Fortsätt med", "Go on with";
    today: "Idag", "Today";
    withdraw_title: "Dra tillbaka e-tider", "Withdraw internet times";
    withdraw_yes: "Ja, dra tillbaka", "Yes, withdraw them";
}

impl AwayTexts {
    /// `Anna Ek är sjuk`.
    pub fn title(&self, name: &str) -> String {
        match self.language {
            Language::Swedish => format!("{name} är sjuk"),
            Language::English => format!("{name} is ill"),
        }
    }

    /// `Internet-preblock: 3 (14 tider på bokningssidan). Del drar tillbaka dem.`
    pub fn published(&self, preblocks: usize, times: usize, key: &str) -> String {
        let times = self.texts().times(times);
        match self.language {
            Language::Swedish => format!(
                "Internet-preblock: {preblocks} ({times} på bokningssidan). {key} drar tillbaka dem."
            ),
            Language::English => format!(
                "Internet preblocks: {preblocks} ({times} on the booking page). {key} withdraws them."
            ),
        }
    }

    /// `2 bokningar berörs, ringda: 1.`
    pub fn concerned(&self, bookings: usize, called: usize) -> String {
        let bookings = self.texts().bookings(bookings);
        match self.language {
            Language::Swedish => format!("{bookings} berörs, ringda: {called}."),
            Language::English => format!("{bookings} concerned, called: {called}."),
        }
    }

    /// What withdrawing does, in numbers.
    pub fn withdraws(&self, preblocks: usize, times: usize, bookings: usize) -> Vec<String> {
        let texts = self.texts();
        let (times, bookings) = (texts.times(times), texts.bookings(bookings));
        match self.language {
            Language::Swedish => vec![
                format!("Tar bort {preblocks} Internet-preblock."),
                format!("{times} försvinner från bokningssidan."),
                format!("{bookings} berörs: de står kvar tills någon har ringt."),
            ],
            Language::English => vec![
                format!("Removes {preblocks} internet preblocks."),
                format!("{times} vanish from the booking page."),
                format!("{bookings} concerned: they stay until somebody has called."),
            ],
        }
    }

    /// `ringd EK 25/11 10:12`.
    pub fn called_by(&self, call: &Call, dates: Dates) -> String {
        let day = dates.short(call.at.date(), call.at.date());
        format!("{} {} {day} {}", self.called, call.by, call.at.clock())
    }

    fn texts(&self) -> &'static Texts {
        self.language.texts()
    }
}
