//! What the screens say of bookings by staff: booking, editing, moving, cancelling. Pure.

use super::Language;

impl Language {
    /// The fixed texts about bookings in this language.
    pub fn booking_texts(self) -> &'static BookingTexts {
        self.pick(&SWEDISH, &ENGLISH)
    }
}

texts! { BookingTexts:
    day_label: "Dag", "Day";
    day_bad: "Skriv en dag: 2026-11-25, 1/12, to, +1v.", "Write a day: 2026-11-25, 1/12, thu, +1w.";
    look_again: "Sökningen misslyckades. Enter söker igen.", "The search failed. Enter searches again.";
    drop_patient: "backsteg byter patient", "backspace changes the patient";
    edit_title: "Ändra bokningen", "Edit the booking";
    edit_yes: "[x] ja, ändra ändå", "[x] yes, change it all the same";
    has_passed: "Tiden har passerat.", "The time has passed.";
    length_stays: "Längden är kvar; den ändras när bokningen flyttas", "The length stays; it is changed where the booking is moved";
    minutes_label: "Minuter", "Minutes";
    minutes_bad: "Skriv antalet minuter: 1–600.", "Write the number of minutes: 1–600.";
    move_help: "+ och - flyttar fem minuter", "+ and - move by five minutes";
    move_title: "Flytta bokningen", "Move the booking";
    move_yes: "[x] ja, flytta ändå", "[x] yes, move it all the same";
    no_time_appears: "Ingen tid blir bokningsbar för patienter.", "No time becomes bookable for patients.";
    no_time_vanishes: "Ingen bokningsbar tid försvinner.", "No bookable time vanishes.";
    nobody: "utan patient", "no patient";
    now_stored: "Sparat nu", "Stored now";
    practitioner_label: "Behandlare", "Practitioner";
    reason_help: "Sparas i loggen. Enter avbokar.", "Kept in the log. Enter cancels the booking.";
    reason_other: "Avboka, annan orsak…", "Cancel, another reason…";
    template_label: "Mall", "Template";
    text_of_template: "mallens text", "the template's text";
    time_help: "t.ex. 8, 815 eller 8:15-9", "8, 815 or 8:15-9, say";
    time_label: "Klockan", "Time";
    time_bad: "Skriv en tid: 8, 815, 8:15.", "Write a time: 8, 815, 8:15.";
}

impl BookingTexts {
    /// That a stretch was typed for a booking whose length is given.
    pub fn length_is_given(&self, minutes: i32) -> String {
        match self.language {
            Language::Swedish => {
                format!("Bokningen är {minutes} min lång: skriv bara när den börjar, t.ex. 8:15.")
            }
            Language::English => {
                format!("The booking is {minutes} min long: write only when it begins, say 8:15.")
            }
        }
    }

    /// `2 tider försvinner från bokningssidan:`, in front of which.
    pub fn vanish(&self, count: usize) -> String {
        match self.language {
            Language::Swedish if count == 1 => "1 tid försvinner från bokningssidan:".into(),
            Language::Swedish => format!("{count} tider försvinner från bokningssidan:"),
            Language::English if count == 1 => "1 time vanishes from the booking page:".into(),
            Language::English => format!("{count} times vanish from the booking page:"),
        }
    }

    /// `2 tider blir bokningsbara:`, in front of which.
    pub fn appear(&self, count: usize) -> String {
        match self.language {
            Language::Swedish if count == 1 => "1 tid blir bokningsbar:".into(),
            Language::Swedish => format!("{count} tider blir bokningsbara:"),
            Language::English if count == 1 => "1 time becomes bookable:".into(),
            Language::English => format!("{count} times become bookable:"),
        }
    }

    /// `Patienten har redan en bokning ons 25 nov 10:00–10:30 hos Bo Öst.`
    pub fn booked_elsewhere(&self, when: &str, practitioner: &str) -> String {
        let told = self
            .language
            .pick("Patienten har redan en bokning", "The patient already has a booking");
        format!("{told} {when} {}.", self.with(practitioner))
    }

    /// `hos Bo Öst`.
    pub fn with(&self, practitioner: &str) -> String {
        format!("{} {practitioner}", self.language.pick("hos", "with"))
    }
}
