//! What the book's own dialogs say: free times, what is cut and pasted, the working schedule. Pure.

use super::Language;

impl Language {
    /// The fixed texts of the book's dialogs in this language.
    pub fn book_texts(self) -> &'static BookTexts {
        self.pick(&SWEDISH, &ENGLISH)
    }
}

texts! { BookTexts:
    clip_of_one: "markera preblock hos en behandlare i taget", "mark preblocks of one practitioner at a time";
    copied: "Kopierat", "Copied";
    cut: "Klippt", "Cut";
    cut_mark: "x ", "x ";
    nothing_cut: "inget är klippt eller kopierat", "nothing has been cut or copied";
    nothing_to_cut: "ingen bokning och inget preblock här", "no booking and no preblock here";
    booked_mark: "B", "B";
    schedule_title: "Arbetsschema", "Working schedule";
    schedule_mode: "ARBETSSCHEMA", "SCHEDULE";
    week_is_empty: "veckan har inga arbetspass", "the week has no work sessions";
    week_lay: "Lägg ut på veckor…", "Lay on weeks…";
    week_name: "Veckomallens namn", "Name of the week template";
    week_name_help: "t.ex. Udda vecka, Sommar", "such as Odd week, Summer";
    week_overwrite: "Ersätt med den visade veckan…", "Replace by the week shown…";
    week_overwrite_yes: "Ja, ersätt", "Yes, replace";
    week_remove: "Ta bort mallen…", "Remove the template…";
    week_rename: "Byt namn…", "Rename…";
    week_save: "Spara den visade veckan som mall…", "Keep the week shown as a template…";
    week_span_help: "antal veckor från den visade, eller ett datum", "number of weeks from the one shown, or a date";
    weeks_title: "Veckomallar", "Week templates";
    weeks_label: "Veckor", "Weeks";
    weeks_every: "alla", "every";
    weeks_odd: "udda", "odd";
    weeks_even: "jämna", "even";
    paste_title: "Klistra in", "Paste";
    paste_confirmed: "[x] ja, flytta ändå", "[x] yes, move it all the same";
    free_title: "Nästa lediga", "Next free";
    free_template: "Mall", "Template";
    free_among: "Behandlare", "Who";
    free_weekdays: "Veckodagar", "Weekdays";
    free_weekdays_help: "tomt: alla · mån tis · mån-ons", "empty: all · mon tue · mon-wed";
    free_weekdays_bad: "Inga veckodagar. Skriv t.ex. mån tis eller mån-ons.", "Not weekdays. Write mon tue or mon-wed.";
    free_part: "Tid på dagen", "Time of day";
    free_part_help: "tomt: hela dagen · fm · em · 10-14", "empty: all day · am · pm · 10-14";
    free_part_bad: "Ingen tid på dagen. Skriv fm, em eller t.ex. 10-14.", "Not a time of day. Write am, pm or 10-14.";
    free_from: "Från", "From";
    free_from_help: "idag · +2v · v50 · 2026-12-01 · 1/12", "today · +2w · w50 · 2026-12-01 · 1/12";
    free_whole_clinic: "alla på kliniken", "everybody at the clinic";
    free_today: "idag", "today";
    free_all_of: "alla på", "everybody at";
    free_keys_fields: "Enter Till tiderna · Tab Nästa fält · Esc Stäng", "Enter To the times · Tab Next field · Esc Close";
    free_keys_found: "Enter Gå dit och boka · ↑↓ Välj tid · Esc Stäng", "Enter Go there and book · ↑↓ Choose · Esc Close";
    free_go: "Gå dit och boka", "Go there and book";
    free_to_times: "Till tiderna", "To the times";
    free_changes: "←/→ byter", "←/→ changes it";
}

impl BookTexts {
    /// How a week template changes; what has been laid by it stays.
    pub fn week_changes(&self, before: usize, after: usize) -> String {
        match self.language {
            Language::Swedish => {
                format!("{before} arbetspass i mallen blir {after}. Det som är utlagt ligger kvar.")
            }
            Language::English => format!(
                "{before} work sessions of the template become {after}. What has been laid stays."
            ),
        }
    }

    /// What a repeat does to the schedule: sessions added, and those that they replace.
    pub fn sessions_replaced(&self, added: usize, replaced: usize) -> String {
        match self.language {
            Language::Swedish => {
                format!("{added} arbetspass läggs till, {replaced} som ligger där ersätts")
            }
            Language::English => format!("{added} work sessions added, {replaced} there replaced"),
        }
    }

    /// `k klistrar in, Esc släpper`.
    pub fn clip_keys(&self, paste: &str, drop: &str) -> String {
        match self.language {
            Language::Swedish => format!("{paste} klistrar in, {drop} släpper"),
            Language::English => format!("{paste} pastes, {drop} drops it"),
        }
    }

    /// That nothing is free up to a day, and what to do.
    pub fn no_free_until(&self, last: &str) -> String {
        match self.language {
            Language::Swedish => format!(
                "Inget ledigt till och med {last}. Välj fler behandlare, dagar eller tider, eller ett senare datum."
            ),
            Language::English => format!(
                "Nothing free up to {last}. Choose more practitioners, days or hours, or a later date."
            ),
        }
    }

    /// `12 lediga tider t.o.m. ons 25 nov`.
    pub fn free_found(&self, count: usize, last: &str) -> String {
        match self.language {
            Language::Swedish if count == 1 => format!("1 ledig tid t.o.m. {last}"),
            Language::Swedish => format!("{count} lediga tider t.o.m. {last}"),
            Language::English if count == 1 => format!("1 free time up to {last}"),
            Language::English => format!("{count} free times up to {last}"),
        }
    }

    /// `De 40 första lediga tiderna`: there may be more.
    pub fn free_first(&self, count: usize) -> String {
        match self.language {
            Language::Swedish => format!("De {count} första lediga tiderna"),
            Language::English => format!("The first {count} free times"),
        }
    }
}
