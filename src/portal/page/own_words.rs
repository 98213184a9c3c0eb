//! The words for logging in and for one's own times, in Swedish and English.

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::super::forgetting::UNANSWERED;
use super::mine::{TOO_LATE, WhyNot};
use super::words::{Language, words};

/// The code by which a clinic says that it takes nothing here for the time being.
const CLOSED: &str = "closed";

words! {
    my_times: "Mina tider", "My appointments";
    log_in: "Logga in med e-legitimation", "Log in with e-ID";
    log_in_why: "Logga in för att se, boka om och avboka dina tider. Du kommer tillbaka hit när du har legitimerat dig.", "Log in to see, rebook and cancel your appointments. You come back here once you have identified yourself.";
    log_in_to_book: "Loggar du in kan du själv boka om och avboka tiden sedan. Det går också bra att boka utan.", "If you log in, you can rebook and cancel the appointment yourself later. You can also book without.";
    log_out: "Logga ut", "Log out";
    logged_out: "Du är utloggad.", "You are logged out.";
    cancelled: "Inloggningen avbröts", "The log-in was cancelled";
    cancelled_advice: "Du avbröt inloggningen, och det är inget fel. Ingenting har ändrats. Du kan logga in igen, eller boka utan att logga in.", "You cancelled the log-in, and that is fine. Nothing has been changed. You can log in again, or book without logging in.";
    stale: "Inloggningen gäller inte längre", "The log-in is no longer valid";
    stale_advice: "Den tog för lång tid, är redan använd eller började i en annan webbläsare. Logga in igen härifrån.", "It took too long, has been used already or began in another browser. Log in again from here.";
    busy: "Det går inte att logga in just nu", "Logging in is not possible right now";
    busy_advice: "Många försöker logga in. Vänta några minuter och försök igen.", "Many are trying to log in. Wait a few minutes and try again.";
    failed: "Inloggningen fungerade inte", "The log-in did not work";
    failed_advice: "Tjänsten för e-legitimation svarade inte som den skulle. Ingenting har ändrats. Försök igen om en stund, eller kontakta kliniken.", "The e-ID service did not answer as it should. Nothing has been changed. Try again in a while, or contact the clinic.";
    fault: "Felkod", "Error code";
    unsealed: "Sidan är för gammal", "The page is too old";
    unsealed_advice: "Du har loggat in på nytt sedan sidan visades. Ingenting har ändrats. Gå till Mina tider och försök igen.", "You have logged in anew since the page was shown. Nothing has been changed. Go to My appointments and try again.";
    none: "Du har inga kommande tider här", "You have no appointments to come here";
    none_advice: "Tider som du bokar visas här så fort du har bokat dem. Väntar du dig en tid som inte visas, kontakta kliniken.", "Appointments that you book show here as soon as you have booked them. If one is missing, contact the clinic.";
    to_come: "Kommande tider", "Appointments to come";
    been: "Tidigare tider", "Earlier appointments";
    my_time: "Din tid", "Your appointment";
    rebook: "Boka om", "Rebook";
    cancel: "Avboka", "Cancel";
    waiting: "Väntar på klinikens svar", "Waiting for the clinic’s answer";
    asked: "Vi frågar kliniken …", "Asking the clinic …";
    asked_advice: "Det tar oftast bara några sekunder. Inget har ändrats förrän kliniken har svarat.", "This usually takes only seconds. Nothing has changed until the clinic has answered.";
    overdue: "Kliniken har inte svarat än", "The clinic has not answered yet";
    overdue_advice: "Din förfrågan är mottagen och du behöver inte göra om den, men inget har ändrats förrän kliniken har svarat. Kommer inget svar inom en timme, kontakta kliniken.", "Your request has been received and you need not repeat it, but nothing has changed until the clinic has answered. If no answer comes within an hour, contact the clinic.";
    look_again: "Titta efter svar nu", "Look for an answer now";
    rebooked: "Tiden är ombokad", "Your appointment is rebooked";
    rebooked_advice: "Din gamla tid är avbokad och den här gäller i stället. Välkommen!", "Your old appointment is cancelled and this one stands instead. Welcome!";
    is_cancelled: "Tiden är avbokad", "The appointment is cancelled";
    is_cancelled_advice: "Den här tiden gäller inte längre.", "This appointment no longer stands.";
    not_booked: "Tiden kunde inte bokas", "The time could not be booked";
    not_rebooked: "Tiden kunde inte bokas om", "The appointment could not be rebooked";
    old_stands: "Din gamla tid gäller fortfarande.", "Your old appointment still stands.";
    not_cancelled: "Tiden kunde inte avbokas", "The appointment could not be cancelled";
    still_stands: "Den gäller fortfarande.", "It still stands.";
    you_rebook: "Du bokar om den här tiden. Den gäller tills du har fått en ny.", "You are rebooking this appointment. It stands until you have a new one.";
    keep_old: "Behåll den gamla tiden", "Keep the old appointment";
    ask_rebook: "Boka om till den nya tiden?", "Rebook to the new time?";
    ask_rebook_advice: "Din gamla tid avbokas i samma steg. Går det inte, behåller du den.", "Your old appointment is cancelled in the same step. If that fails, you keep it.";
    old_time: "Gammal tid", "Old time";
    new_time: "Ny tid", "New time";
    do_rebook: "Boka om", "Rebook";
    ask_cancel: "Vill du avboka tiden?", "Do you want to cancel the appointment?";
    ask_cancel_advice: "Tiden blir ledig för andra och går inte att få tillbaka.", "The time becomes free for others and cannot be had back.";
    keep: "Behåll tiden", "Keep the appointment";
    do_cancel: "Avboka tiden", "Cancel the appointment";
    not_here: "Tiden kan inte ändras här", "The appointment cannot be changed here";
    call_us: "Kontakta kliniken, så hjälper vi dig.", "Contact the clinic and we will help you.";
    anew: "Formuläret visades för någon annan än den som är inloggad nu. Ingenting har bokats. Fyll i dina egna uppgifter.", "The form was shown for somebody else than who is logged in now. Nothing has been booked. Fill in your own details.";
    log_in_ended: "Du är inte inloggad längre. Ingenting har bokats. Logga in igen, eller fyll i ditt personnummer och boka utan att logga in.", "You are no longer logged in. Nothing has been booked. Log in again, or fill in your personal identity number and book without logging in.";
    from_e_id: "Från din e-legitimation", "From your e-ID";
    change_booking: "Behöver du ändra eller avboka? Logga in på", "Do you need to change or cancel? Log in to";
}

impl Language {
    /// The words for one's own times.
    pub fn own_words(self) -> &'static Words {
        self.pick(&SWEDISH, &ENGLISH)
    }

    /// When a time is that was rebooked.
    pub fn replaced(self, to: DateTime<FixedOffset>, today: NaiveDate) -> String {
        let to = self.moment(to, today);
        self.pick(
            format!("Tiden är ombokad till {to}. Den nya tiden gäller."),
            format!("The appointment was rebooked to {to}. The new time stands."),
        )
    }

    /// Why a booking can't be changed here.
    pub fn why_not(self, why: WhyNot, today: NaiveDate) -> String {
        match why {
            WhyNot::Past => {
                self.pick("Tiden har redan varit.", "The appointment has been.").to_owned()
            }
            WhyNot::Over => self.own_words().is_cancelled_advice.to_owned(),
            WhyNot::Replaced(to) => self.replaced(to, today),
            WhyNot::Waiting => format!("{}.", self.own_words().waiting),
            WhyNot::NotOnline => self
                .pick(
                    "Kliniken tar inte emot det här på sidan.",
                    "The clinic does not take this on this page.",
                )
                .to_owned(),
            WhyNot::TooLate { hours } => self.pick(
                format!("Det är mindre än {hours} timmar kvar till tiden."),
                format!("The appointment is less than {hours} hours away."),
            ),
            WhyNot::WasTooLate => self.change_refusal(TOO_LATE).to_owned(),
            WhyNot::Closed => self.change_refusal(CLOSED).to_owned(),
            WhyNot::Unknown => self
                .pick("Tiden kan bara ändras av kliniken.", "Only the clinic can change it.")
                .to_owned(),
        }
    }

    /// Why the clinic refused a change, by the reason's code.
    pub fn change_refusal(self, code: &str) -> &'static str {
        match code {
            "time-gone" => self.pick(
                "Den nya tiden är tyvärr inte längre ledig.",
                "Sorry, the new time is no longer free.",
            ),
            UNANSWERED => self.pick("Kliniken svarade aldrig.", "The clinic never answered."),
            TOO_LATE => self
                .pick("Det är för sent att ändra tiden här.", "It is too late to change it here."),
            CLOSED => self.pick(
                "Kliniken tar tillfälligt inte emot ändringar här.",
                "The clinic takes no changes here for the time being.",
            ),
            _ => self
                .pick("Kliniken tog inte emot ändringen.", "The clinic did not take the change."),
        }
    }
}
