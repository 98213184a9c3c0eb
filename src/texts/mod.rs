//! What screens and command line say, in Swedish and English. May use `domain` and
//! `clinic`, and name the errors of `store`.
//!
//! Fixed texts are fields of [`Texts`], so that the compiler proves each language complete; texts
//! with a number or a name in them are methods that match on the language.

mod copying;
mod dates;
mod day_list;
mod faults;
mod findings;
mod handbook;
mod letters;
mod logged;
mod names;
mod phrases;
mod reasons;
mod refusals;
mod server_errors;
mod sign_in;
mod steering;
mod store_errors;

pub use copying::copy_error;
pub use dates::Dates;
pub use day_list::{Naming, day_list};
pub use faults::{fault, field, wrong};
pub use findings::{MendPlace, finding, finding_place, finding_subject, mend_place, severity_name};
pub use handbook::{Block, Topic, blocks};
pub use letters::{Letter, LetterFacts, notice_fault};
pub use logged::{action_name, hits, kind_name, logged_actions, logged_kinds};
pub use phrases::{Deed, Thing};
pub use reasons::{not_bookable, not_bookable_shortly};
pub use refusals::{clinic_error, confirmation, permission_name, refusal};
pub use sign_in::{bad_password, password_error, sign_in_error};
pub use steering::is_steering;
pub use store_errors::store_error;

/// A language of the screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    Swedish,
    English,
}

impl Language {
    /// Every language there is.
    pub const ALL: [Language; 2] = [Language::Swedish, Language::English];

    /// The one of a pair that is in this language.
    pub fn pick<T>(self, swedish: T, english: T) -> T {
        match self {
            Language::Swedish => swedish,
            Language::English => english,
        }
    }

    /// The fixed texts in this language.
    pub fn texts(self) -> &'static Texts {
        self.pick(&SWEDISH, &ENGLISH)
    }
}

macro_rules! texts {
    ($texts:ident: $($name:ident: $swedish:literal, $english:literal;)+) => {
        /// The fixed texts of one language.
        #[derive(Debug)]
        pub struct $texts {
            pub language: Language,
            $(pub $name: &'static str,)+
        }

        static SWEDISH: $texts = $texts { language: Language::Swedish, $($name: $swedish,)+ };
        static ENGLISH: $texts = $texts { language: Language::English, $($name: $english,)+ };

        impl $texts {
            /// Every fixed text with its name, for the tests.
            pub fn fixed(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)+]
            }
        }
    };
}

// After the macro, which it uses.
mod away;
mod book;
mod bookings;
mod forms;
mod patients;
mod sync;

pub use away::AwayTexts;
pub use book::BookTexts;
pub use bookings::BookingTexts;
pub use forms::FormTexts;
pub use patients::{PatientTexts, bad_personnummer};
pub use sync::{SyncTexts, Telling, sync_fault};

texts! { Texts:
    free_time: "ledig tid", "free time";
    blank_patient: "utan patient", "no patient";
    book_free: "Utan mall…", "Without a template…";
    book_title: "Boka", "Book";
    booking: "Bokning", "Booking";
    came_in: "kom in", "came in";
    by: "av", "by";
    cancel_booking_title: "Avboka", "Cancel booking";
    cancel_yes: "Ja, avboka", "Yes, cancel it";
    check_title: "Inställningskontroll", "Settings check";
    choose_patient: "Välj patienten i listan med Enter, eller töm fältet.", "Choose the patient in the list with Enter, or empty the field.";
    choose_category: "Välj kategori", "Choose category";
    closed_day: "stängt", "closed";
    code_title: "Kod för preblocket", "Code of the preblock";
    code_wrong: "Fel kod. Fråga den som har lagt upp preblocket.", "Wrong code. Ask whoever set up the preblock.";
    codes_label: "Koder", "Codes";
    confirm_label: "Bekräfta", "Confirm";
    confirm_no: "[ ] nej", "[ ] no";
    confirm_yes: "[x] ja, boka ändå", "[x] yes, book all the same";
    confirm_first: "Bekräfta varningen först (mellanslag).", "Confirm the warning first (space).";
    day_list_title: "Dagslista", "Day list";
    demo: "DEMO", "DEMO";
    e_id: "e-leg", "e-ID";
    expired: "upphört", "expired";
    expired_on: "upphörde", "expired on";
    fill: "Fyll luckorna", "Fill the gaps";
    filter_action: "Vad", "What";
    filter_any: "(allt)", "(everything)";
    filter_by: "Vem", "Who";
    filter_day_help: "ett datum som i Gå till (1/11, -7d, idag); tomt tar bort gränsen", "a date as in Go to (1/11, -7d, today); empty removes the bound";
    filter_from: "Från och med", "From";
    filter_kind: "På vad", "On what";
    filter_practitioner: "Behandlare", "Practitioner";
    filter_title: "Filter", "Filters";
    filter_to: "Till och med", "To";
    finder_closed: "Patienter och bokningar", "Patients and bookings";
    finder_help: "Namn, signatur, personnummer, telefon eller något ur bokningens text.", "A name, signature, personal or telephone number, or something of the text.";
    finder_more: "En bokstav till, så söks även patienter och bokningar.", "One more letter looks for patients and bookings, too.";
    finder_nothing: "Inget hittat. Skriv namnets början, hela personnumret eller telefonnumret.", "Nothing found. Type a name's beginning, or a whole number.";
    finder_title: "Sök", "Find";
    goto_help: "idag · imorgon · +2v · -3d · v37 · v37 to · 2026-12-01 · 1/12 · to", "today · tomorrow · +2w · -3d · w37 · w37 thu · 2026-12-01 · 1/12 · thu";
    goto_title: "Gå till datum", "Go to date";
    goto_bad: "Inget datum. Skriv t.ex. +2v, v37 to eller 1/12.", "Not a date. Write +2w, w37 thu or 1/12.";
    help_title: "Tangenter här", "Keys here";
    handbook_title: "Handbok", "Handbook";
    help_legend: "E Internet (e-tid) · P personal, visas aldrig för patienter · • bokningsbar start · :40 start eller slut mellan rader", "E internet · S staff, never shown to patients · • bookable start · :40 start or end between rows";
    history_empty: "Inget har ändrats här.", "Nothing has been changed here.";
    history_title: "Vem ändrade", "Who changed";
    identity_protected: "Skyddad", "Protected";
    inactive: "inaktiv", "inactive";
    in_book_of: "hos", "for";
    inbox_empty: "Inget har kommit in från bokningssidan.", "Nothing has come in from the booking page.";
    inbox_title: "Inkorg", "Inbox";
    internal: "personal", "staff";
    internal_letter: "P", "S";
    internet: "Internet", "internet";
    internet_letter: "E", "E";
    invalid_for: "gäller inte behandlaren", "not valid for the practitioner";
    keep: "Nej, ändra inget", "No, change nothing";
    last_in_force: "upphör efter", "expires after";
    lay: "Lägg preblock…", "Lay preblock…";
    lock_checking: "Prövar…", "Trying…";
    lock_help: "Skriv lösenordet och tryck Enter.", "Type the password and press Enter.";
    lock_needs_password: "Skärmlåset behöver ett lösenord: välj Byt mitt lösenord bland kommandona (:).", "The screen lock needs a password: choose Change my password among the commands (:).";
    lock_needs_user: "Ingen användare är inloggad som skärmen kan låsas för.", "No user is signed in for whom the screen could be locked.";
    lock_wrong: "Fel lösenord. En administratör kan sätta ett nytt.", "Wrong password. An administrator can set a new one.";
    locked: "Låst", "Locked";
    leave_title: "Avsluta tidbok utan att spara?", "Leave tidbok without saving?";
    leave_no: "Nej, stanna kvar", "No, stay";
    leave_yes: "Ja, avsluta", "Yes, leave tidbok";
    loading: "Hämtar…", "Loading…";
    loading_clinic: "Hämtar klinikens uppgifter…", "Loading the clinic…";
    log_empty: "Inga händelser i loggen.", "No entries in the log.";
    log_filtered: "Loggen", "The log";
    log_no_place: "raden gäller ingen tid i tidboken", "the entry is about no time in a book";
    log_older: "Äldre hämtas längst ned.", "Older ones are loaded at the end.";
    log_online: "Patienter på nätet", "Patients online";
    log_system: "Databasens ägare", "The database's owner";
    log_title: "Loggen, nyast först", "The log, newest first";
    manual_place: "I Opus Dental", "In Opus Dental";
    mend_in: "Rättas i", "Mend it in";
    menu_title: "Meny", "Menu";
    names_hidden: "namn dolda", "names hidden";
    needs_codes: "ange koder med mellanslag emellan", "codes, separated by spaces";
    new_mark: "NY", "NEW";
    never_sent: "Inte sparat: ändringen före gick inte igenom. Spara igen.", "Not saved: the change before it failed. Save again.";
    no_active_practitioners: "Ingen aktiv behandlare", "No active practitioner";
    no_bookings_here: "ingen bokning här", "no booking here";
    no_entries: "inget passar", "nothing matches";
    no_internet_today: "Inget Internet-preblock den här dagen", "No internet preblock this day";
    no_online_templates: "Inga mallar i e-tidboken", "No templates online";
    no_patients_found: "ingen patient hittad", "no patient found";
    no_preblock_here: "inget preblock här", "no preblock here";
    no_categories: "Inga kategorier än. Skapa dem i Inställningar › Kategorier.", "No categories yet. Create them in Settings › Categories.";
    no_preblock_types: "Inga preblock att välja här. De skapas i Inställningar › Preblockering i tidboken; en vald preblocklista ska ha dem med.", "No preblocks to choose here. They are created in Settings › Preblock types; a chosen preblock list has to contain them.";
    no_templates: "Inga bokningsmallar att välja. De skapas i Inställningar › Bokningsmallar; en vald bokningsmallslista ska ha dem med.", "No templates to choose. They are created in Settings › Booking templates; a chosen template list has to contain them.";
    nothing_to_redo: "inget att göra om", "nothing to redo";
    note_outside_schedule: "Obs, utanför arbetsschemat: där syns inga tider", "Note, outside the schedule: no times show there";
    not_counted_yet: "Räknar ännu. Spara när det står här vad som händer.", "Still counting. Save once it says here what will happen.";
    nothing_to_remark: "Inget att anmärka", "Nothing to remark on";
    nothing_to_undo: "inget att ångra", "nothing to undo";
    on: "på", "on";
    online_booked: "bokade", "booked";
    online_cancelled: "avbokade", "cancelled";
    online_rebooked: "ombokade från", "rebooked from";
    one_practitioner: "bara en behandlare", "only one practitioner";
    other_name: "annat namn än på kortet", "another name than on the card";
    outside_schedule: "utanför arbetsschemat", "outside the schedule";
    overlap_label: "Överlapp", "Overlap";
    overlap_refuse: "avvisa", "refuse";
    overlap_replace: "ersätt", "replace";
    overlap_fill: "fyll luckor", "fill gaps";
    overlap_title: "Där ligger redan preblock", "Preblocks already lie there";
    palette_title: "Kommando", "Command";
    patient_label: "Patient", "Patient";
    patient_help: "namn, personnummer eller telefon; får lämnas tomt", "name or number; may be left empty";
    patients_see: "Patienten ser", "Patients see";
    page_here: "Bokningssidan här:", "The booking page here:";
    picker_title: "Behandlare", "Practitioners";
    practitioner_label: "Behandlare", "Practitioner";
    preblock: "Preblock", "Preblock";
    preblock_title: "Preblock", "Preblock";
    protected_patient: "Skyddad identitet", "Protected identity";
    range_bad: "Ingen tid. Skriv t.ex. 1015-1145 eller 10-12.", "Not a time. Write 1015-1145 or 10-12.";
    range_help: "1015-1145 · 10:15-11:45 · 10-12", "1015-1145 · 10:15-11:45 · 10-12";
    range_title: "Exakt tid", "Exact time";
    preferences_not_kept: "Visningen gäller men kunde inte sparas", "The view holds but could not be saved";
    reached_end: "Längre går det inte.", "This is as far as it goes.";
    reason_clinic: "kliniken ändrar", "the clinic changes it";
    reason_no_show: "patienten kom inte", "the patient did not come";
    reason_patient: "patienten fick förhinder", "the patient can't come";
    red_include: "ta med", "include";
    red_label: "Röda dagar", "Red days";
    red_skip: "hoppa över", "skip";
    refuse: "Avbryt, lägg inget", "Cancel, lay nothing";
    registered_by: "av", "by";
    remove_preblocks_title: "Ta bort preblock", "Remove preblocks";
    remove_sessions_title: "Ta bort arbetspass", "Remove work session";
    remove_yes: "Ja, ta bort", "Yes, remove";
    repeat_help: "antal veckor eller ett datum (4, 2026-12-20, v50)", "number of weeks or a date (4, 2026-12-20, w50)";
    repeat_preblocks: "Repetera veckans preblock…", "Repeat the week's preblocks…";
    repeat_sessions: "Repetera arbetsvecka…", "Repeat work week…";
    replace: "Ersätt den överlappade delen", "Replace the overlapped part";
    resources: "pride", "resources";
    row: "rad", "row";
    password_again: "Samma igen", "Same again";
    password_differ: "De två lösenorden är olika.", "The two passwords differ.";
    password_new: "Nytt", "New";
    password_old: "Nuvarande", "Current";
    password_title: "Nytt lösenord", "New password";
    password_label: "Lösenord", "Password";
    save: "Spara", "Save";
    suspend_off: "Programmet kan inte pausas här.", "The program can't be suspended here.";
    saving: "Sparar ändringen. ", "Saving the change. ";
    saving_last: "Väntar på att den sista ändringen sparas…", "Waiting for the last change to be saved…";
    scheduled_time: "schemalagd tid", "scheduled time";
    screen_too_small: "Fönstret är för litet: minst 60×16 behövs.", "The window is too small: at least 60×16 is needed.";
    searching: "söker…", "searching…";
    space_changes: "mellanslag byter", "space changes it";
    template: "mall", "template";
    text_label: "Text", "Text";
    until_label: "Till", "Until";
    until_bad: "Skriv antal veckor eller ett datum.", "Write a number of weeks or a date.";
    unscheduled: "ej schemalagt", "not scheduled";
    unverified: "ej e-leg", "unverified";
    waiting: "Väntar på databasen sedan", "Waiting for the database since";
    week: "v.", "w.";
    why_none: "Kliniken har inga bokningsmallar i e-tidboken. De skapas i Inställningar › Bokningsmallar, med Använd i e-tidbok.", "The clinic has no online templates. They are created in Settings › Booking templates, with Use online.";
    why_title: "Varför syns ingen tid?", "Why is no time shown?";
}
