//! Phrases with a number or a name in them.

use crate::domain::Permission;

use super::refusals::permission_name;
use super::{Language, Texts};

/// What was done to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    Added,
    Altered,
    Cancelled,
    Moved,
    Removed,
}

/// What something was done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    Preblock,
    Session,
    Booking,
    Call,
    Patient,
    Setting,
}

fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

impl Texts {
    fn counted(&self, count: usize, swedish: (&str, &str), english: (&str, &str)) -> String {
        let (one, many) = self.language.pick(swedish, english);
        format!("{count} {}", plural(count, one, many))
    }

    /// `3 dagar`.
    pub fn days(&self, count: usize) -> String {
        self.counted(count, ("dag", "dagar"), ("day", "days"))
    }

    /// The booking page's server beside the demo, when the console opens.
    pub fn page_at(&self, address: &str) -> String {
        self.language.pick(
            format!("Bokningssida: {address} · öppna den i en webbläsare"),
            format!("Booking page: {address} · open it in a browser"),
        )
    }

    /// The same in the help.
    pub fn page_guide(&self, address: &str, guide: &str) -> String {
        self.language.pick(
            format!(
                "Demons bokningssida: öppna {address} i en webbläsare. Hur ett annat program bokar \
                 (curl) står i {guide}"
            ),
            format!(
                "The demo's booking page: open {address} in a browser. How another program books \
                 (curl) is in {guide}"
            ),
        )
    }

    /// The demo goes on without a booking page.
    pub fn page_missing(&self, why: &str) -> String {
        self.language.pick(
            format!(
                "Demon har ingen bokningssida den här gången ({why}); starta om för att pröva igen."
            ),
            format!("The demo has no booking page this time ({why}); start it again to try anew."),
        )
    }

    /// `… och 12 till`.
    pub fn and_more(&self, count: usize) -> String {
        match self.language {
            Language::Swedish => format!("… och {count} till"),
            Language::English => format!("… and {count} more"),
        }
    }

    /// `9 tider`.
    pub fn times(&self, count: usize) -> String {
        self.counted(count, ("tid", "tider"), ("time", "times"))
    }

    /// `AE har fått ett nytt lösenord.`
    pub fn password_set(&self, signature: &str) -> String {
        self.language.pick(
            format!("{signature} har fått ett nytt lösenord."),
            format!("{signature} has a new password."),
        )
    }

    /// `minst 10 tecken`.
    pub fn at_least(&self, characters: usize) -> String {
        self.language
            .pick(format!("minst {characters} tecken"), format!("at least {characters} characters"))
    }

    /// `3 preblock`.
    pub fn preblocks(&self, count: usize) -> String {
        self.counted(count, ("preblock", "preblock"), ("preblock", "preblocks"))
    }

    /// `2 arbetspass`.
    pub fn sessions(&self, count: usize) -> String {
        self.counted(count, ("arbetspass", "arbetspass"), ("work session", "work sessions"))
    }

    /// `1 bokning`.
    pub fn bookings(&self, count: usize) -> String {
        self.counted(count, ("bokning", "bokningar"), ("booking", "bookings"))
    }

    /// `1 patient`.
    pub fn patients(&self, count: usize) -> String {
        self.counted(count, ("patient", "patienter"), ("patient", "patients"))
    }

    /// `1 samtal`.
    pub fn calls(&self, count: usize) -> String {
        self.counted(count, ("samtal", "samtal"), ("call", "calls"))
    }

    /// `Avboka: patienten fick förhinder`.
    pub fn cancel_because(&self, reason: &str) -> String {
        format!("{}: {reason}", self.language.pick("Avboka", "Cancel"))
    }

    /// `1 inställning`.
    pub fn settings(&self, count: usize) -> String {
        self.counted(count, ("inställning", "inställningar"), ("setting", "settings"))
    }

    /// `3 dagar × 45 min`.
    pub fn marked(&self, days: usize, minutes: i32) -> String {
        format!("{} × {minutes} min", self.days(days))
    }

    /// `3 behandlare`.
    pub fn practitioners(&self, count: usize) -> String {
        self.counted(count, ("behandlare", "behandlare"), ("practitioner", "practitioners"))
    }

    /// `3 tidböcker`.
    pub fn books(&self, count: usize) -> String {
        self.counted(count, ("tidbok", "tidböcker"), ("book", "books"))
    }

    /// `3 behandlare × 45 min`.
    pub fn marked_practitioners(&self, count: usize, minutes: i32) -> String {
        format!("{} × {minutes} min", self.practitioners(count))
    }

    /// Why the weekend can't be shown: the grid shows one day.
    pub fn one_day(&self, key: &str) -> String {
        match self.language {
            Language::Swedish => format!("en dag visas; {key} visar veckan"),
            Language::English => format!("one day is shown; {key} shows the week"),
        }
    }

    /// `gäller inte Bo Öst`.
    pub fn not_valid_for(&self, name: &str) -> String {
        format!("{} {name}", self.language.pick("gäller inte", "not valid for"))
    }

    /// `ger 9 tider`.
    pub fn gives(&self, times: usize) -> String {
        format!("{} {}", self.language.pick("ger", "gives"), self.times(times))
    }

    /// What removing preblocks or sessions does, in numbers.
    pub fn withdraws(&self, what: &str, times: usize, bookings: usize) -> Vec<String> {
        let vanish = self.times(times);
        let untouched = self.bookings(bookings);
        let mut lines = match self.language {
            Language::Swedish => vec![
                format!("Tar bort {what}."),
                format!("{vanish} försvinner från bokningssidan."),
                format!("{untouched} påverkas inte."),
            ],
            Language::English => vec![
                format!("Removes {what}."),
                format!("{vanish} vanish from the booking page."),
                format!("{untouched} unaffected."),
            ],
        };
        if bookings == 0 {
            lines.pop();
        }
        lines
    }

    /// `bokningsbar 10:00–10:30`.
    pub fn bookable(&self, hours: &str) -> String {
        format!("{} {hours}", self.language.pick("bokningsbar", "bookable"))
    }

    /// `4 tider tillkommer, 2 försvinner`.
    pub fn gained_and_lost(&self, gained: usize, lost: usize) -> String {
        match self.language {
            Language::Swedish => format!("{} tillkommer, {lost} försvinner", self.times(gained)),
            Language::English => format!("{} appear, {lost} vanish", self.times(gained)),
        }
    }

    /// What a repeat or an overlap choice would do to the book.
    pub fn added_and_removed(&self, added: usize, removed: usize, altered: usize) -> String {
        match self.language {
            Language::Swedish => {
                format!("{added} läggs till, {removed} tas bort, {altered} ändras")
            }
            Language::English => format!("{added} added, {removed} removed, {altered} changed"),
        }
    }

    /// `Hoppar över 2: fre 25 dec (Juldagen), …`.
    pub fn skipped(&self, days: &[String]) -> String {
        let list = days.join(", ");
        match self.language {
            Language::Swedish => format!("Hoppar över {}: {list}", days.len()),
            Language::English => format!("Skips {}: {list}", days.len()),
        }
    }

    /// What would lie outside scheduled time.
    pub fn left_outside(&self, bookings: usize, preblocks: usize) -> String {
        let bookings = (bookings > 0).then(|| self.bookings(bookings));
        let preblocks = (preblocks > 0).then(|| self.preblocks(preblocks));
        let what: Vec<String> = bookings.into_iter().chain(preblocks).collect();
        let place = self.language.pick("Utanför schemat", "Outside the schedule");
        format!("{place}: {}", what.join(", "))
    }

    /// `F2 Spara  Tab Nästa fält  Esc Stäng`, in the footer's words.
    pub fn form_keys(&self, save: &str, next: &str, cancel: &str) -> String {
        match self.language {
            Language::Swedish => format!("{save} Spara  {next} Nästa fält  {cancel} Stäng"),
            Language::English => format!("{save} Save  {next} Next field  {cancel} Close"),
        }
    }

    /// `←/→ en minut  Esc Stäng`.
    pub fn why_keys(&self, earlier: &str, later: &str, close: &str) -> String {
        match self.language {
            Language::Swedish => format!("{earlier}/{later} en minut  {close} Stäng"),
            Language::English => format!("{earlier}/{later} one minute  {close} Close"),
        }
    }

    /// `… e visar allt`.
    pub fn more_with(&self, key: &str) -> String {
        format!("… {key} {}", self.language.pick("visar allt", "shows it all"))
    }

    /// That the week has no work session, and how one is added.
    pub fn no_schedule(&self, key: &str) -> String {
        match self.language {
            Language::Swedish => format!(
                "Inget arbetspass den här veckan. Markera och tryck {key} för att lägga ett."
            ),
            Language::English => {
                format!("No work session this week. Mark and press {key} to add one.")
            }
        }
    }

    /// `Obs, på röd eller stängd dag: …`.
    pub fn on_red_days(&self, days: &[String]) -> String {
        format!(
            "{}: {}",
            self.language.pick("Obs, på röd eller stängd dag", "Note, on a red or closed day"),
            days.join(", ")
        )
    }

    /// The reason an action is grey for want of a permission.
    pub fn lacks(&self, permission: Permission) -> String {
        let lacking = self.language.pick("behörighet saknas", "permission lacking");
        format!("{lacking}: {}", permission_name(self.language, permission))
    }

    /// `Klart: lade till 3 preblock, avbokade 1 bokning.`
    pub fn did(&self, deeds: &[(Deed, Thing, usize)]) -> String {
        self.did_so(&self.deeds(deeds))
    }

    /// The same of what is in words already.
    pub fn did_so(&self, what: &str) -> String {
        let done = self.language.pick("Klart", "Done");
        if what.is_empty() { format!("{done}.") } else { format!("{done}: {what}.") }
    }

    /// `lade till 3 preblock, avbokade 1 bokning`
    pub fn deeds(&self, deeds: &[(Deed, Thing, usize)]) -> String {
        let parts: Vec<String> = deeds
            .iter()
            .map(|(deed, thing, count)| {
                let what = match thing {
                    Thing::Preblock => self.preblocks(*count),
                    Thing::Session => self.sessions(*count),
                    Thing::Booking => self.bookings(*count),
                    Thing::Call => self.calls(*count),
                    Thing::Patient => self.patients(*count),
                    Thing::Setting => self.settings(*count),
                };
                format!("{} {what}", self.deed(*deed))
            })
            .collect();
        parts.join(", ")
    }

    /// What undoing would take back, and the key that does.
    pub fn undoes_next(&self, what: &str, key: &str) -> String {
        let (next, again) =
            self.language.pick(("Näst att ångra", "ångrar det"), ("Next to undo", "undoes it"));
        format!("{next}: {what}. {key} {again}.")
    }

    /// What redoing would do again, and the key that does.
    pub fn redoes_next(&self, what: &str, key: &str) -> String {
        let (next, again) =
            self.language.pick(("Näst att göra om", "gör det"), ("Next to redo", "redoes it"));
        format!("{next}: {what}. {key} {again}.")
    }

    /// `Klart: 3 tillagda, 1 borttagna.`
    pub fn done(&self, added: usize, removed: usize, altered: usize) -> String {
        let words = self
            .language
            .pick(["tillagda", "borttagna", "ändrade"], ["added", "removed", "changed"]);
        let parts: Vec<String> = [added, removed, altered]
            .into_iter()
            .zip(words)
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        let done = self.language.pick("Klart", "Done");
        if parts.is_empty() { format!("{done}.") } else { format!("{done}: {}.", parts.join(", ")) }
    }

    /// `lade till preblock`.
    pub fn deed_on(&self, deed: Deed, thing: Thing) -> String {
        let thing = match thing {
            Thing::Preblock => self.language.pick("preblock", "preblock"),
            Thing::Session => self.language.pick("arbetspass", "work session"),
            Thing::Booking => self.language.pick("bokning", "booking"),
            Thing::Call => self.language.pick("samtal om bokning", "call about a booking"),
            Thing::Patient => self.language.pick("patient", "patient"),
            Thing::Setting => self.language.pick("inställning", "setting"),
        };
        format!("{} {thing}", self.deed(deed))
    }

    fn deed(&self, deed: Deed) -> &'static str {
        match deed {
            Deed::Added => self.language.pick("lade till", "added"),
            Deed::Altered => self.language.pick("ändrade", "changed"),
            Deed::Cancelled => self.language.pick("avbokade", "cancelled"),
            Deed::Moved => self.language.pick("flyttade", "moved"),
            Deed::Removed => self.language.pick("tog bort", "removed"),
        }
    }

    /// `2 nya`.
    pub fn new_ones(&self, count: usize) -> String {
        self.counted(count, ("ny", "nya"), ("new", "new"))
    }

    /// How many were marked as seen at once.
    pub fn marked_seen(&self, count: usize) -> String {
        match (self.language, count) {
            (Language::Swedish, 0) => "Den här och de äldre var redan sedda.".into(),
            (Language::Swedish, 1) => "1 markerad som sedd: den här och äldre.".into(),
            (Language::Swedish, _) => format!("{count} markerade som sedda: den här och äldre."),
            (Language::English, 0) => "This one and the older ones had been seen already.".into(),
            (Language::English, _) => format!("{count} marked as seen: this one and older."),
        }
    }

    /// That changes which waited behind one that failed have not been made.
    pub fn were_never_sent(&self, count: usize) -> String {
        let changes = self.counted(count, ("ändring", "ändringar"), ("change", "changes"));
        self.language.pick(
            format!("Inte heller gjort: {changes} som väntade; försök igen."),
            format!("Not made either: {changes} that waited; try again."),
        )
    }

    /// That no entry passes the filters, and how they are dropped.
    pub fn log_none_match(&self, key: &str) -> String {
        match self.language {
            Language::Swedish => format!("Inga händelser passar. {key} tar bort filtren."),
            Language::English => format!("No entries match. {key} drops the filters."),
        }
    }

    /// After an undo.
    pub fn undone(&self) -> &'static str {
        self.language.pick("Ångrat.", "Undone.")
    }

    /// After a redo.
    pub fn redone(&self) -> &'static str {
        self.language.pick("Gjort om.", "Redone.")
    }
}
