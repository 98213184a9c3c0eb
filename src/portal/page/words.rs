//! Every word that patients read, in Swedish and English.

use axum::http::StatusCode;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};

use super::super::forgetting::UNANSWERED;
use crate::domain::day_names::{MONTHS_EN, MONTHS_SV, WEEKDAYS_EN, WEEKDAYS_SV};
use crate::domain::{CivilTime, Field, PatientLanguage, Problem};

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    Swedish,
    English,
}

impl Language {
    /// Its tag (BCP 47).
    pub fn tag(self) -> &'static str {
        self.pick("sv", "en")
    }

    /// The language of a tag.
    pub fn tagged(tag: &str) -> Option<Self> {
        let first = tag.split('-').next().unwrap_or_default();
        [Self::Swedish, Self::English].into_iter().find(|it| it.tag().eq_ignore_ascii_case(first))
    }

    /// The first that an Accept-Language header wants, by its weights; Swedish where it wants neither.
    pub fn accepted(header: &str) -> Self {
        let mut best: Option<(f32, Self)> = None;
        for part in header.split(',') {
            let mut pieces = part.trim().split(';');
            let Some(language) = Self::tagged(pieces.next().unwrap_or_default().trim()) else {
                continue;
            };
            let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q="));
            let weight = weight.map_or(Some(1.0), |text| text.parse().ok()).unwrap_or(0.0);
            if weight > 0.0 && best.is_none_or(|(known, _)| weight > known) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language).unwrap_or_default()
    }

    /// The language in which a patient who reads it is written to.
    pub fn of_patient(self) -> PatientLanguage {
        self.pick(PatientLanguage::Swedish, PatientLanguage::English)
    }

    /// The other one.
    pub fn other(self) -> Self {
        self.pick(Self::English, Self::Swedish)
    }

    /// The one of a pair that is in this language.
    pub fn pick<T>(self, swedish: T, english: T) -> T {
        match self {
            Self::Swedish => swedish,
            Self::English => english,
        }
    }

    /// The fixed words in this language.
    pub fn words(self) -> &'static Words {
        self.pick(&SWEDISH, &ENGLISH)
    }
}

/// Declares the words of a part of the pages in both languages.
macro_rules! words {
    ($($name:ident: $swedish:literal, $english:literal;)+) => {
        /// The fixed words of one language.
        #[derive(Debug)]
        pub struct Words {
            $(pub $name: &'static str,)+
        }

        static SWEDISH: Words = Words { $($name: $swedish,)+ };
        static ENGLISH: Words = Words { $($name: $english,)+ };
    };
}

pub(super) use words;

words! {
    in_other_language: "In English", "På svenska";
    book_a_time: "Boka tid", "Book an appointment";
    to_content: "Till innehållet", "Skip to content";
    contact: "Kontakta oss", "Contact us";
    call: "Ring", "Call";
    mail: "E-post", "E-mail";
    back: "Tillbaka", "Back";
    try_again: "Försök igen", "Try again";
    start_again: "Börja om från början", "Start again";
    choose_company: "Vilken klinik vill du besöka?", "Which clinic do you want to visit?";
    choose_service: "Vad vill du boka?", "What do you want to book?";
    choose_practitioner: "Hos vem?", "With whom?";
    choose_time: "Välj en tid", "Choose a time";
    anyone: "Första lediga tid", "First free time";
    anyone_hint: "Oavsett behandlare", "With any practitioner";
    no_times_now: "Inga lediga tider just nu", "No free times right now";
    no_times_advice: "Titta in igen senare: tider som blir lediga visas här direkt. Eller kontakta kliniken så hjälper vi dig.", "Please look again later: times that become free show here at once. Or contact the clinic and we will help you.";
    nothing_offered: "Just nu går det inte att boka här", "Booking is not possible here right now";
    nothing_offered_advice: "Kliniken har inte lagt ut något att boka. Kontakta kliniken så hjälper vi dig.", "The clinic has not put anything up for booking. Contact the clinic and we will help you.";
    silent: "Bokningen är tillfälligt stängd", "Booking is temporarily closed";
    silent_advice: "Vi har ingen kontakt med klinikens tidbok just nu och visar därför inga tider. Försök igen om en stund, eller kontakta kliniken.", "We have no contact with the clinic’s appointment book right now and so show no times. Try again in a while, or contact the clinic.";
    earlier: "Tidigare tider", "Earlier times";
    later: "Senare tider", "Later times";
    more_weeks: "Fler veckor", "More weeks";
    treatment: "Behandling", "Treatment";
    practitioner: "Behandlare", "Practitioner";
    time: "Tid", "Time";
    place: "Plats", "Place";
    change_time: "Välj en annan tid", "Choose another time";
    your_details: "Dina uppgifter", "Your details";
    all_required: "Alla uppgifter behövs för att boka.", "All details are needed to book.";
    first_name: "Förnamn", "First name";
    last_name: "Efternamn", "Last name";
    personnummer: "Personnummer", "Personal identity number";
    personnummer_hint: "ÅÅÅÅMMDD-XXXX, med eller utan bindestreck. Samordningsnummer går också bra.", "Swedish personnummer, YYYYMMDD-XXXX, with or without the dash. A co-ordination number works too.";
    email: "E-postadress", "E-mail address";
    mobile: "Mobilnummer", "Mobile number";
    address: "Adress", "Address";
    address_hint: "Gata, postnummer och ort", "Street, postcode and town";
    privacy: "Uppgifterna skickas till kliniken och sparas inte på den här sidan när kliniken har svarat.", "Your details go to the clinic and are not kept on this page once the clinic has answered.";
    ask: "Boka tiden", "Book this time";
    errors: "Något behöver rättas", "Something needs correcting";
    error_prefix: "Fel:", "Error:";
    hold_over: "Tiden är inte längre reserverad för dig", "The time is no longer reserved for you";
    hold_over_advice: "Den är fortfarande ledig. Reservera den igen för att fortsätta.", "It is still free. Reserve it again to go on.";
    hold_again: "Reservera igen", "Reserve again";
    all_treatments: "Alla behandlingar och tider", "All treatments and times";
    one_time: "Vill du boka den här tiden?", "Do you want to book this time?";
    one_time_advice: "Tiden är ledig. När du väljer den reserveras den för dig i fem minuter, medan du fyller i dina uppgifter.", "The time is free. When you choose it, it is kept for you for five minutes while you give your details.";
    choose_it: "Välj tiden", "Choose this time";
    unanswered: "Kliniken svarade aldrig", "The clinic never answered";
    unanswered_advice: "Tiden bokades inte och har nu passerat. Välj en ny tid, eller kontakta kliniken.", "The time was not booked and has now passed. Choose another time, or contact the clinic.";
    gone: "Tiden är tyvärr inte längre ledig", "Sorry, that time is no longer free";
    gone_advice: "Någon annan hann före, eller så har kliniken ändrat sina tider. Ingenting har bokats.", "Somebody else was first, or the clinic has changed its times. Nothing has been booked.";
    taken_first: "Den är redan begärd här, för den person som uppgavs först. Ingenting har bokats för den som uppgavs nu.", "It has been asked for here already, for the person who was given first. Nothing has been booked for the person who was given now.";
    see_first: "Se hur det står med den", "See how it stands with that one";
    nearest: "De närmaste lediga tiderna", "The nearest free times";
    nearest_with_others: "Hos andra behandlare", "With other practitioners";
    too_many: "För många försök på kort tid", "Too many tries in a short time";
    too_many_advice: "Ingenting har bokats. Du kan också ringa kliniken så hjälper vi dig.", "Nothing has been booked. You can also call the clinic and we will help you.";
    enough_booked: "Du har redan så många bokade tider som går att ha på nätet", "You already have as many appointments as can be booked online";
    enough_booked_advice: "Ingenting nytt har bokats. Ring kliniken om du behöver en tid till, så hjälper vi dig.", "Nothing new has been booked. Call the clinic if you need another appointment and we will help you.";
    crowded: "Många bokar härifrån just nu", "Many are booking from here right now";
    crowded_advice: "Flera som använder samma nätverk som du väljer tid samtidigt, och tiderna ska räcka till alla. Ingenting har bokats. Du kan också ringa kliniken.", "Several people on the same network as you are choosing a time at once, and the times have to be enough for all. Nothing has been booked. You can also call the clinic.";
    no_cookies: "Sidan behöver kakor (cookies) för att hålla tiden åt dig", "The page needs cookies to keep the time for you";
    no_cookies_advice: "Din webbläsare sparade inte den kaka som visar att tiden är din, och ingenting har bokats. Tillåt kakor för den här sidan i webbläsarens inställningar, eller öppna den i ett vanligt fönster eller en annan webbläsare, och välj tiden igen. Kakan säger inget om dig och försvinner när du stänger webbläsaren. Du kan också ringa kliniken.", "Your browser did not keep the cookie that shows that the time is yours, and nothing has been booked. Allow cookies for this page in the browser’s settings, or open it in an ordinary window or another browser, and choose the time again. The cookie says nothing about you and goes when you close the browser. You can also call the clinic.";
    closed_advice: "Kliniken tar inte emot bokningar på nätet för tillfället. Kontakta kliniken så hjälper vi dig.", "The clinic takes no bookings online for the time being. Contact the clinic and we will help you.";
    held_no_more: "Tiden är inte längre reserverad för dig. Du kan ändå boka den, så länge ingen annan hinner före.", "The time is no longer reserved for you. You can still book it, as long as nobody else is first.";
    sent: "Vi frågar kliniken …", "Asking the clinic …";
    sent_advice: "Det tar oftast bara några sekunder. Sidan visar svaret så fort det kommer.", "This usually takes only seconds. The page shows the answer as soon as it comes.";
    overdue: "Kliniken har inte svarat än", "The clinic has not answered yet";
    overdue_advice: "Din förfrågan är mottagen och tiden hålls åt dig, men den är inte bokad förrän kliniken har svarat. Du behöver inte göra om bokningen. Låt sidan vara öppen, så visar den svaret; kommer inget svar inom en timme, kontakta kliniken.", "Your request has been received and the time is kept for you, but it is not booked until the clinic has answered. You need not book again. Leave this page open and it will show the answer; if none comes within an hour, contact the clinic.";
    look_again: "Titta efter svar nu", "Look for an answer now";
    booked: "Tiden är bokad", "Your appointment is booked";
    booked_advice: "Välkommen! Spara tiden i din kalender, eller skriv upp den.", "Welcome! Save the time in your calendar, or write it down.";
    change_booking: "Behöver du ändra eller avboka? Kontakta kliniken.", "Do you need to change or cancel? Contact the clinic.";
    save_calendar: "Spara i kalendern", "Save to calendar";
    book_another: "Boka en tid till", "Book another time";
    refused: "Tiden kunde inte bokas", "The time could not be booked";
    nothing_booked: "Ingenting har bokats.", "Nothing has been booked.";
    cancelled: "Tiden är avbokad", "The appointment is cancelled";
    cancelled_advice: "Den här tiden gäller inte längre. Kontakta kliniken om du undrar varför, eller boka en ny tid.", "This appointment no longer stands. Contact the clinic if you wonder why, or book a new time.";
    not_found: "Sidan finns inte", "There is no such page";
    not_found_advice: "Det du söker finns inte, eller så kan det bara ses i den webbläsare där tiden bokades.", "What you look for is not here, or can only be seen in the browser in which the appointment was booked.";
    nowhere_advice: "Kontrollera adressen: den slutar med klinikens namn. Din klinik har den rätta.", "Check the address: it ends with the clinic’s name. Your clinic has the right one.";
    foreign: "Formuläret kom inte härifrån", "The form did not come from here";
    foreign_advice: "För din säkerhet tar vi bara emot formulär som har fyllts i på den här sidan. Ingenting har ändrats.", "For your safety we only take forms that were filled in on this page. Nothing has been changed.";
    odd: "Så går det inte att göra här", "That cannot be done here";
    odd_advice: "Sidan öppnades på ett sätt som den inte är gjord för. Ingenting har ändrats.", "The page was opened in a way that it is not made for. Nothing has been changed.";
    too_long: "Det blev för mycket text", "That was too much text";
    too_long_advice: "Ingenting har skickats till kliniken. Gå tillbaka och skriv kortare.", "Nothing has been sent to the clinic. Go back and write less.";
    slow: "Det tog för lång tid", "It took too long";
    slow_advice: "Gå tillbaka och försök igen: samma tid bokas inte två gånger. Kontakta kliniken om du är osäker på vad som gick fram.", "Go back and try again: the same time is not booked twice. Contact the clinic if you are not sure what got through.";
    trouble: "Något gick fel hos oss", "Something went wrong here";
    trouble_advice: "Ingenting har bokats. Försök igen om en stund, eller kontakta kliniken.", "Nothing has been booked. Try again in a while, or contact the clinic.";
}

impl Language {
    /// `onsdag 25 november`, with the year where it is not that of `today`.
    pub fn day(self, date: NaiveDate, today: NaiveDate) -> String {
        let weekday = date.weekday().num_days_from_monday() as usize;
        let weekday = self.pick(WEEKDAYS_SV, WEEKDAYS_EN).get(weekday).copied().unwrap_or_default();
        let month = self.pick(MONTHS_SV, MONTHS_EN).get(date.month0() as usize).copied();
        let day = format!("{weekday} {} {}", date.day(), month.unwrap_or_default());
        if date.year() == today.year() { day } else { format!("{day} {}", date.year()) }
    }

    /// `onsdag 25 november kl. 09:00`.
    pub fn moment(self, time: DateTime<FixedOffset>, today: NaiveDate) -> String {
        let (day, clock) = (self.day(time.date_naive(), today), time.format("%H:%M"));
        self.pick(format!("{day} kl. {clock}"), format!("{day} at {clock}"))
    }

    /// A week by its number (ISO 8601).
    pub fn week(self, monday: NaiveDate) -> String {
        let week = monday.iso_week().week();
        self.pick(format!("Vecka {week}"), format!("Week {week}"))
    }

    pub fn minutes(self, minutes: i64) -> String {
        self.pick(format!("{minutes} minuter"), format!("{minutes} minutes"))
    }

    pub fn first_free(self, moment: &str) -> String {
        self.pick(format!("Första lediga tid {moment}"), format!("First free time {moment}"))
    }

    pub fn step(self, at: u8, of: u8) -> String {
        self.pick(format!("Steg {at} av {of}"), format!("Step {at} of {of}"))
    }

    pub fn held_until(self, clock: &str) -> String {
        self.pick(
            format!(
                "Tiden är reserverad för dig till {clock}. Tar det längre kan du ändå boka, så länge \
                 ingen annan hinner före."
            ),
            format!(
                "The time is reserved for you until {clock}. If you need longer you can still book \
                 it, as long as nobody else is first."
            ),
        )
    }

    /// How long to wait.
    pub fn wait(self, minutes: i64) -> String {
        match minutes {
            1 => self
                .pick("Vänta en minut och försök igen.", "Wait a minute and try again.")
                .to_owned(),
            _ => self.pick(
                format!("Vänta {minutes} minuter och försök igen."),
                format!("Wait {minutes} minutes and try again."),
            ),
        }
    }

    /// A time is no longer held since another was chosen.
    pub fn let_go(self, time: CivilTime, today: NaiveDate) -> String {
        let (day, clock) = (self.day(time.date(), today), time.clock());
        self.pick(
            format!(
                "Du kan reservera en tid åt gången: {day} kl. {clock} är inte längre reserverad för dig."
            ),
            format!(
                "You can reserve one time at a time: {day} at {clock} is no longer reserved for you."
            ),
        )
    }

    pub fn nearest_with(self, practitioner: &str) -> String {
        self.pick(
            format!("De närmaste lediga tiderna hos {practitioner}"),
            format!("The nearest free times with {practitioner}"),
        )
    }

    pub fn none_with(self, practitioner: &str) -> String {
        self.pick(
            format!("{practitioner} har inga lediga tider just nu."),
            format!("{practitioner} has no free times right now."),
        )
    }

    /// The label of a field of the form.
    pub fn label(self, field: Field) -> &'static str {
        let words = self.words();
        match field {
            Field::FirstName => words.first_name,
            Field::LastName => words.last_name,
            Field::Personnummer => words.personnummer,
            Field::Email => words.email,
            Field::Mobile => words.mobile,
            Field::Address => words.address,
            _ => "",
        }
    }

    /// A field of the form as a sentence begins with it.
    fn definite(self, field: Field) -> &'static str {
        match field {
            Field::FirstName => self.pick("Förnamnet", "The first name"),
            Field::LastName => self.pick("Efternamnet", "The last name"),
            Field::Personnummer => self.pick("Personnumret", "The personal identity number"),
            Field::Email => self.pick("E-postadressen", "The e-mail address"),
            Field::Mobile => self.pick("Mobilnumret", "The mobile number"),
            Field::Address => self.pick("Adressen", "The address"),
            _ => "",
        }
    }

    /// What is wrong with a field of the form, and what to do.
    pub fn fault(self, field: Field, problem: Problem) -> String {
        let lower = self.label(field).to_lowercase();
        let label = self.definite(field);
        match (problem, field) {
            (Problem::Empty, _) => {
                self.pick(format!("Fyll i {lower}."), format!("Enter your {lower}."))
            }
            (Problem::TooLong(most), _) => self.pick(
                format!("{label} får ha högst {most} tecken."),
                format!("{label} may have at most {most} characters."),
            ),
            (Problem::NoSuchDate, _) => self
                .pick(
                    "Personnumret stämmer inte. Datumet i det finns inte, eller har inte varit än. Kontrollera år, månad och dag.",
                    "The personal identity number is not right. Its date does not exist, or is yet to come. Check year, month and day.",
                )
                .to_owned(),
            (Problem::CheckDigit, _) => self
                .pick(
                    "Personnumret stämmer inte. Kontrollera siffrorna, en av dem stämmer inte.",
                    "The personal identity number is not right. Check the digits, one of them is wrong.",
                )
                .to_owned(),
            (Problem::Malformed, Field::FirstName | Field::LastName) => self.pick(
                format!("{label} behöver minst en bokstav."),
                format!("{label} needs at least one letter."),
            ),
            (_, Field::Personnummer) => self
                .pick(
                    "Personnumret stämmer inte. Skriv det som ÅÅÅÅMMDD-XXXX.",
                    "The personal identity number is not right. Write it as YYYYMMDD-XXXX.",
                )
                .to_owned(),
            (_, Field::Email) => self
                .pick(
                    "E-postadressen stämmer inte. Skriv den som namn@exempel.se.",
                    "The e-mail address is not right. Write it as name@example.com.",
                )
                .to_owned(),
            (_, Field::Mobile) => self
                .pick(
                    "Mobilnumret stämmer inte. Skriv det med siffror, som 070-123 45 67.",
                    "The mobile number is not right. Write it in digits, as 070-123 45 67.",
                )
                .to_owned(),
            _ => self.pick(
                format!("{label} innehåller tecken som inte går att använda. Skriv med bokstäver."),
                format!("{label} holds characters that cannot be used. Write it in letters."),
            ),
        }
    }

    /// What was refused without a page of its own, and what to do.
    pub fn refused(self, status: StatusCode) -> (&'static str, &'static str) {
        let words = self.words();
        match status {
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::URI_TOO_LONG => {
                (words.not_found, words.not_found_advice)
            }
            StatusCode::FORBIDDEN => (words.foreign, words.foreign_advice),
            StatusCode::PAYLOAD_TOO_LARGE => (words.too_long, words.too_long_advice),
            StatusCode::REQUEST_TIMEOUT => (words.slow, words.slow_advice),
            StatusCode::TOO_MANY_REQUESTS => (words.too_many, words.too_many_advice),
            _ if status.is_client_error() => (words.odd, words.odd_advice),
            _ => (words.trouble, words.trouble_advice),
        }
    }

    /// Why the clinic refused, by the reason's code; in Swedish by the clinic's own words.
    pub fn refusal(self, code: &str, words: Option<&str>) -> String {
        let english = match code {
            "time-gone" => "The time is no longer free.",
            UNANSWERED => "The clinic never answered.",
            "details" => "Some of the details are missing or not right.",
            "closed" => "The clinic takes no bookings here for the time being.",
            _ => "The clinic could not book the time.",
        };
        let swedish = match code {
            UNANSWERED => "Kliniken svarade aldrig.",
            _ => words.unwrap_or("Kliniken kunde inte boka tiden."),
        };
        self.pick(swedish, english).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_first_wish_that_there_is_wins_and_swedish_otherwise() {
        for (header, language) in [
            ("", Language::Swedish),
            ("en", Language::English),
            ("en-GB,en;q=0.9,sv;q=0.8", Language::English),
            ("en;q=0.3, sv-FI;q=0.8", Language::Swedish),
            ("de, fr;q=0.9, en;q=0.1", Language::English),
            ("de, en;q=0", Language::Swedish),
            ("sv;q=nonsense,en", Language::English),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }

    #[test]
    fn a_year_is_told_where_it_is_another() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let today = day("2026-11-24");
        assert_eq!(Language::Swedish.day(day("2026-11-25"), today), "onsdag 25 november");
        assert_eq!(Language::English.day(day("2027-01-04"), today), "Monday 4 January 2027");
    }
}
