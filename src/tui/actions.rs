//! The one registry of actions: id, texts, where they apply and default keys. Key map, footer, help and
//! menus are made from it. Pure; why an action can't be done now is told by `disabled.rs`.

use crate::texts::Language;

/// Where a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    Grid,
    /// A list to choose from, that can be typed into.
    Menu,
    /// A single field.
    Prompt,
    /// Several fields.
    Form,
    /// Text to read.
    Reader,
    /// *Varför syns ingen tid?*
    Why,
    /// The sections of the settings, and what is in them.
    Settings,
    /// An entity of the settings being filled in.
    Card,
    /// Whom to call when a practitioner is away.
    Calls,
    /// A patient's card.
    Patient,
    /// What patients did online.
    Inbox,
    /// The audit log.
    Log,
    /// The Online Client.
    Agent,
}

impl Context {
    /// Every context there is.
    pub const ALL: [Context; 13] = [
        Context::Grid,
        Context::Menu,
        Context::Prompt,
        Context::Form,
        Context::Reader,
        Context::Why,
        Context::Settings,
        Context::Card,
        Context::Calls,
        Context::Patient,
        Context::Inbox,
        Context::Log,
        Context::Agent,
    ];
}

/// A direction on the grid or in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    Up,
    Down,
    Left,
    Right,
}

/// What a key can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Move(Direction),
    MarkTo(Direction),
    DayStart,
    DayEnd,
    PreviousWeek,
    NextWeek,
    /// From the week to the day with the company's practitioners side by side, and back.
    Spread,
    Today,
    Mark,
    Cancel,
    OpenMenu,
    LayPreblock,
    Book,
    CancelBooking,
    EditBooking,
    MoveBooking,
    OpenPatient,
    EditPatient,
    BookRecall,
    OpenRow,
    FindFree,
    Cut,
    CopyPreblocks,
    Paste,
    RemovePreblocks,
    AddSessions,
    RemoveSessions,
    RepeatSessions,
    ScheduleMode,
    WeekTemplates,
    RepeatPreblocks,
    TypeRange,
    Why,
    PatientsSee,
    DayList,
    GoTo,
    Picker,
    NextPractitioner,
    PreviousPractitioner,
    FinerRows,
    CoarserRows,
    Weekend,
    Undo,
    Redo,
    CellHistory,
    AuditLog,
    Names,
    Reload,
    Help,
    Handbook,
    Quit,
    Leave,
    Redraw,
    Suspend,
    Choose,
    PageUp,
    PageDown,
    First,
    Last,
    Accept,
    Save,
    NextField,
    PreviousField,
    Earlier,
    Later,
    CheckSettings,
    Palette,
    Settings,
    Away,
    Withdraw,
    Called,
    Open,
    New,
    Copy,
    Shelve,
    Password,
    Lock,
    Search,
    Find,
    Inbox,
    MarkSeen,
    Filter,
    ClearFilters,
    OnlineClient,
    SyncNow,
    Republish,
    PauseOnline,
    Diagnostics,
}

/// Whether the footer names an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Footer {
    Always,
    /// Only while it can be done.
    WhenPossible,
    Never,
}

/// One action as the registry knows it.
#[derive(Debug)]
pub struct Entry {
    pub action: Action,
    /// Stable name, for the key map in a config file.
    pub id: &'static str,
    /// Swedish and English, for help and menus.
    pub text: (&'static str, &'static str),
    /// Swedish and English, for the footer.
    pub short: (&'static str, &'static str),
    pub contexts: &'static [Context],
    pub keys: &'static [&'static str],
    pub footer: Footer,
    /// What else it is found by in the palette: the manual's words and menu paths.
    pub words: &'static str,
}

impl Entry {
    /// The text for help and menus.
    pub fn text(&self, language: Language) -> &'static str {
        language.pick(self.text.0, self.text.1)
    }

    /// The text for the footer.
    pub fn short(&self, language: Language) -> &'static str {
        language.pick(self.short.0, self.short.1)
    }
}

use Action as A;
use Context::{
    Agent, Calls, Card, Form, Grid, Inbox, Log, Menu, Patient, Prompt, Reader, Settings, Why,
};
use Direction::{Down, Left, Right, Up};

const EVERYWHERE: &[Context] =
    &[Grid, Menu, Prompt, Form, Reader, Why, Settings, Card, Inbox, Log, Patient, Calls, Agent];
const SCROLLED: &[Context] = &[Menu, Reader, Why, Settings, Inbox, Log, Patient, Calls, Agent];
const OVERLAYS: &[Context] =
    &[Menu, Prompt, Form, Reader, Why, Settings, Card, Inbox, Log, Patient, Calls, Agent];

macro_rules! registry {
    ($($action:expr, $id:literal, $contexts:expr, [$($key:literal),*], $footer:ident,
       $sv:literal / $short_sv:literal, $en:literal / $short_en:literal $(, $words:literal)?;)+) => {
        /// Every action, in the order of help and footer.
        pub static REGISTRY: &[Entry] = &[$(Entry {
            action: $action,
            id: $id,
            text: ($sv, $en),
            short: ($short_sv, $short_en),
            contexts: $contexts,
            keys: &[$($key),*],
            footer: Footer::$footer,
            words: concat!($($words)?),
        },)+];
    };
}

registry! {
    A::LayPreblock, "lay-preblock", &[Grid], ["p"], Always, "Lägg preblock" / "Preblock", "Lay preblock" / "Preblock", "Lägg till preblock, publicera e-tider, preblock för internet";
    A::Book, "book", &[Grid], ["b"], Always, "Boka" / "Boka", "Book" / "Book", "Bokning, bokningsmall, patient, ny patient, registrera patient, new patient";
    A::FindFree, "next-free", &[Grid], ["n"], Never, "Nästa lediga tid" / "Ledig tid", "Next free time" / "Free time", "Nästa lediga, sök ledig tid, lucka";
    A::Cut, "cut", &[Grid], ["x"], Never, "Klipp ut bokning eller preblock" / "Klipp ut", "Cut a booking or preblocks" / "Cut", "Klippbord, flytta bokning, flytta preblock";
    A::CopyPreblocks, "copy-preblocks", &[Grid], ["c"], Never, "Kopiera preblock" / "Kopiera", "Copy preblocks" / "Copy", "Klippbord";
    A::Paste, "paste", &[Grid], ["k"], Never, "Klistra in här" / "Klistra in", "Paste here" / "Paste", "Klippbord, flytta";
    A::Mark, "mark", &[Grid], ["v"], Always, "Markera, sedan pilarna" / "Markera", "Mark, then arrows" / "Mark";
    A::Why, "why", &[Grid], ["w"], Always, "Varför syns ingen tid?" / "Varför?", "Why is no time shown?" / "Why?";
    A::Undo, "undo", &[Grid], ["u"], Always, "Ångra" / "Ångra", "Undo" / "Undo";
    A::Find, "find", &[Grid], ["/"], Never, "Sök behandlare, patient eller bokning" / "Sök", "Find a practitioner, patient or booking" / "Find", "Hitta, patientregister, personnummer";
    A::Inbox, "inbox", &[Grid], ["N"], Never, "Inkorg: vad patienter gjort på nätet" / "Inkorg", "Inbox: what patients did online" / "Inbox", "ITB, nya bokningar, ombokade, avbokade, bokningsportal";
    A::OnlineClient, "online-client", &[Grid], ["F8"], Never, "Online Client: hur det går med bokningssidan" / "Synk", "Online Client: how the booking page is doing" / "Sync", "Synkronisering, agent, bokningsportal, tillfälligt stängd, pausa";
    A::GoTo, "go-to", &[Grid], ["g"], Always, "Gå till datum" / "Gå till", "Go to date" / "Go to";
    A::SyncNow, "sync-now", &[Agent], ["s"], Always, "Synka nu" / "Synka", "Sync now" / "Sync";
    A::Republish, "republish", &[Agent], ["r"], Always, "Publicera allt på nytt…" / "Publicera om", "Republish everything…" / "Republish";
    A::PauseOnline, "pause-online", &[Agent], ["p"], Always, "Stäng bokningssidan tillfälligt, eller öppna den…" / "Stäng/öppna", "Close the booking page for the time being, or open it…" / "Close/open";
    A::Diagnostics, "diagnostics", &[Agent], ["c"], Always, "Spara felsökningsuppgifter, utan patienter" / "Felsökning", "Keep diagnostics, without patients" / "Diagnostics";
    A::Called, "called", &[Calls], ["r"], Always, "Ringd, eller inte ringd" / "Ringd", "Called, or not called" / "Called";
    A::MoveBooking, "calls-move", &[Calls], ["m"], Always, "Boka om" / "Boka om", "Rebook" / "Rebook";
    A::CancelBooking, "calls-cancel", &[Calls], ["a"], Always, "Avboka" / "Avboka", "Cancel booking" / "Cancel booking";
    A::Withdraw, "withdraw", &[Calls], ["Del"], Always, "Dra tillbaka dagarnas Internet-preblock" / "Dra tillbaka", "Withdraw the days' internet preblocks" / "Withdraw";
    A::Open, "calls-open", &[Calls], ["Enter"], Always, "Gå till bokningen i tidboken" / "Gå till", "Go to the booking in the book" / "Go to";
    A::Open, "open", &[Settings], ["Enter"], Always, "Öppna" / "Öppna", "Open" / "Open";
    A::New, "new", &[Settings], ["n"], Always, "Lägg upp en ny" / "Ny", "Add a new one" / "New";
    A::Copy, "copy", &[Settings], ["k"], Always, "Kopiera till en ny" / "Kopiera", "Copy to a new one" / "Copy";
    A::Shelve, "shelve", &[Settings], ["Del"], Always, "Inaktivera, aktivera eller ta bort" / "Ta bort", "Deactivate, activate or remove" / "Remove";
    A::Search, "search", &[Settings], ["/"], Always, "Sök i listan" / "Sök", "Search the list" / "Search";
    A::Undo, "calls-undo", &[Calls], ["u"], Never, "Ångra" / "Ångra", "Undo" / "Undo";
    A::Redo, "calls-redo", &[Calls], ["U", "Ctrl+Y"], Never, "Gör om" / "Gör om", "Redo" / "Redo";
    A::Undo, "settings-undo", &[Settings], ["u"], Never, "Ångra" / "Ångra", "Undo" / "Undo";
    A::Redo, "settings-redo", &[Settings], ["U", "Ctrl+Y"], Never, "Gör om" / "Gör om", "Redo" / "Redo";
    A::Help, "help", &[Grid, Reader, Why, Settings, Inbox, Log, Patient, Calls, Agent], ["?", "F1"], Always, "Hjälp" / "Hjälp", "Help" / "Help";
    A::Help, "card-help", &[Card, Menu, Prompt, Form], ["F1"], Never, "Hjälp" / "Hjälp", "Help" / "Help";
    A::Handbook, "handbook", &[Grid], ["B"], Never, "Handboken: så gör man" / "Handbok", "The handbook: how it is done" / "Handbook", "Hjälp, manual, instruktion, kom igång, support";
    A::RemovePreblocks, "remove-preblocks", &[Grid], ["Del"], Never, "Ta bort preblock i markeringen" / "Ta bort", "Remove preblocks in the marking" / "Remove", "Ta bort preblock i tidboken, dra tillbaka e-tider";
    A::CancelBooking, "cancel-booking", &[Grid], ["a"], Never, "Avboka" / "Avboka", "Cancel booking" / "Cancel booking", "Avbokning";
    A::MoveBooking, "move-booking", &[Grid], ["m"], Never, "Flytta, förläng eller korta bokningen" / "Flytta", "Move, lengthen or shorten the booking" / "Move", "Omboka, bokning, längd";
    A::EditBooking, "edit-booking", &[Grid], ["E"], Never, "Ändra bokningen" / "Ändra", "Edit the booking" / "Edit", "Bokning, patient, tidbokstext";
    A::OpenPatient, "open-patient", &[Grid], ["o"], Never, "Patientkort" / "Patient", "Patient card" / "Patient", "Revision, kallelse, personuppgifter, kontaktuppgifter";
    A::OpenRow, "open-row", &[Patient], ["Enter"], Always, "Gå till bokningen, eller öppna uppgifterna" / "Öppna", "Go to the booking, or open what was told" / "Open";
    A::EditPatient, "edit-patient", &[Patient], ["E"], Always, "Ändra patienten" / "Ändra", "Edit the patient" / "Edit";
    A::BookRecall, "book-recall", &[Patient], ["b"], Always, "Boka från revisionen" / "Boka revision", "Book from the recall" / "Book recall";
    A::OpenMenu, "menu", &[Grid], ["Enter"], Always, "Meny för markeringen" / "Meny", "Menu for the marking" / "Menu", "Högerklick";
    A::TypeRange, "type-range", &[Grid], ["t"], Never, "Skriv exakt tid" / "Tid", "Type an exact time" / "Time";
    A::Redo, "redo", &[Grid], ["U", "Ctrl+Y"], Never, "Gör om" / "Gör om", "Redo" / "Redo";
    A::AddSessions, "add-sessions", &[Grid], ["s"], Never, "Lägg arbetspass" / "Pass", "Add work session" / "Session", "Arbetsschema, schemaläggning, arbetstider";
    A::RemoveSessions, "remove-sessions", &[Grid], ["S"], Never, "Ta bort arbetspass" / "Ta bort pass", "Remove work session" / "Unschedule", "Arbetsschema, ta bort schemaläggning, arbetstider";
    A::RepeatSessions, "repeat-sessions", &[Grid], ["r"], Never, "Repetera arbetsvecka" / "Repetera", "Repeat work week" / "Repeat", "Arbetsschema, repetera arbetsvecka";
    A::ScheduleMode, "schedule-mode", &[Grid], ["A"], Never, "Arbetsschema: visa och ändra arbetspassen" / "Arbetsschema", "Working schedule: show and change the sessions" / "Schedule", "Arbetsschema för aktiv behandlare, schemaläggning, arbetstider";
    A::WeekTemplates, "week-templates", &[Grid], ["M"], Never, "Veckomallar: spara och lägg ut arbetsveckor" / "Veckomallar", "Week templates: keep and lay working weeks" / "Week templates", "Veckomall, arbetsschema, udda och jämna veckor";
    A::RepeatPreblocks, "repeat-preblocks", &[Grid], ["R"], Never, "Repetera veckans preblock" / "Repetera preblock", "Repeat the week's preblocks" / "Repeat preblocks";
    A::DayList, "day-list", &[Grid], ["L"], Never, "Dagslista att läsa" / "Dagslista", "Day list to read" / "Day list", "Dagslista, dagslistan, läs upp, skriv ut";
    A::PatientsSee, "patients-see", &[Grid], ["e"], Never, "Vad patienten ser" / "Patienten ser", "What patients see" / "Patients see", "Öppna bokningssidan här, länk, bokningsportal, e-tidbok";
    A::Picker, "practitioners", &[Grid], ["f"], Never, "Välj behandlare" / "Behandlare", "Choose practitioner" / "Practitioner", "Aktiv behandlare, resurs";
    A::NextPractitioner, "next-practitioner", &[Grid], ["Tab"], Never, "Nästa behandlare" / "Nästa", "Next practitioner" / "Next";
    A::PreviousPractitioner, "previous-practitioner", &[Grid], ["Shift+Tab"], Never, "Föregående behandlare" / "Föregående", "Previous practitioner" / "Previous";
    A::Away, "away", &[Grid], ["D"], Never, "Behandlaren är sjuk: vem ska ringas?" / "Sjuk", "The practitioner is ill: whom to call?" / "Ill", "Sjukdom, sjukanmälan, frånvaro, semester, ledighet, dra tillbaka e-tider, ring patienter";
    A::Spread, "day", &[Grid], ["d"], Never, "Dag med alla behandlare, eller vecka" / "Dag", "Day with all practitioners, or week" / "Day", "Dagvy, veckovy, dagöversikt";
    A::PreviousWeek, "previous-week", &[Grid], ["PgUp"], Never, "Föregående vecka eller dag" / "Föregående", "Previous week or day" / "Previous";
    A::NextWeek, "next-week", &[Grid], ["PgDn"], Never, "Nästa vecka eller dag" / "Nästa", "Next week or day" / "Next";
    A::Today, "today", &[Grid], ["i"], Never, "Idag" / "Idag", "Today" / "Today";
    A::Settings, "settings", &[Grid], ["I"], Never, "Inställningar" / "Inställningar", "Settings" / "Settings", "Verktyg, Inställningar - Alla behandlare";
    A::DayStart, "day-start", &[Grid], ["Home"], Never, "Arbetsdagens början" / "Början", "Start of the working day" / "Start";
    A::DayEnd, "day-end", &[Grid], ["End"], Never, "Arbetsdagens slut" / "Slut", "End of the working day" / "End";
    A::FinerRows, "finer-rows", &[Grid], ["+"], Never, "Finare rader" / "Finare", "Finer rows" / "Finer";
    A::CoarserRows, "coarser-rows", &[Grid], ["-"], Never, "Grövre rader" / "Grövre", "Coarser rows" / "Coarser";
    A::Weekend, "weekend", &[Grid], ["l"], Never, "Visa eller dölj helgen" / "Helg", "Show or hide the weekend" / "Weekend";
    A::Move(Up), "up", &[Grid, Menu, Reader, Why, Settings, Card, Inbox, Log, Patient, Calls, Agent], ["Up"], Never, "Upp" / "Upp", "Up" / "Up";
    A::Move(Down), "down", &[Grid, Menu, Reader, Why, Settings, Card, Inbox, Log, Patient, Calls, Agent], ["Down"], Never, "Ned" / "Ned", "Down" / "Down";
    A::Move(Left), "left", &[Grid], ["Left"], Never, "Föregående dag eller behandlare" / "Vänster", "Previous day or practitioner" / "Left";
    A::Move(Right), "right", &[Grid], ["Right"], Never, "Nästa dag eller behandlare" / "Höger", "Next day or practitioner" / "Right";
    A::MarkTo(Up), "mark-up", &[Grid], ["Shift+Up"], Never, "Markera uppåt" / "Markera upp", "Mark upwards" / "Mark up";
    A::MarkTo(Down), "mark-down", &[Grid], ["Shift+Down"], Never, "Markera nedåt" / "Markera ned", "Mark downwards" / "Mark down";
    A::MarkTo(Left), "mark-left", &[Grid], ["Shift+Left"], Never, "Markera till dagen före" / "Markera vänster", "Mark to the day before" / "Mark left";
    A::MarkTo(Right), "mark-right", &[Grid], ["Shift+Right"], Never, "Markera till dagen efter" / "Markera höger", "Mark to the day after" / "Mark right";
    A::Choose, "choose", &[Menu], ["Enter"], Always, "Välj" / "Välj", "Choose" / "Choose";
    A::Choose, "go-there", &[Inbox, Log], ["Enter"], Always, "Gå till tiden" / "Gå dit", "Go to the time" / "Go there";
    A::MarkSeen, "mark-seen", &[Inbox], ["s"], Always, "Markera som sett, den här och äldre" / "Sett hit", "Mark as seen, this one and older" / "Seen to here";
    A::Filter, "filter", &[Log], ["f"], Always, "Filtrera: vem, vad, behandlare, dagar" / "Filter", "Filter: who, what, practitioner, days" / "Filter";
    A::ClearFilters, "clear-filters", &[Log], ["x"], Always, "Ta bort filtren" / "Visa allt", "Drop the filters" / "Show all";
    A::Accept, "accept", &[Prompt, Form, Card], ["Enter"], Always, "Klar med fältet" / "Klar", "Done with the field" / "Done";
    A::Save, "save", &[Form, Card], ["F2"], Always, "Spara" / "Spara", "Save" / "Save";
    A::NextField, "next-field", &[Form], ["Tab", "Down"], Always, "Nästa fält" / "Nästa fält", "Next field" / "Next field";
    A::PreviousField, "previous-field", &[Form], ["Shift+Tab", "Up"], Never, "Föregående fält" / "Föregående fält", "Previous field" / "Previous field";
    A::NextField, "card-next-field", &[Card], ["Tab"], Always, "Nästa fält" / "Nästa fält", "Next field" / "Next field";
    A::PreviousField, "card-previous-field", &[Card], ["Shift+Tab"], Never, "Föregående fält" / "Föregående fält", "Previous field" / "Previous field";
    A::Earlier, "earlier", &[Why], ["Left"], Always, "En minut tidigare" / "Tidigare", "One minute earlier" / "Earlier";
    A::Later, "later", &[Why], ["Right"], Always, "En minut senare" / "Senare", "One minute later" / "Later";
    A::PageUp, "page-up", SCROLLED, ["PgUp"], Never, "En sida upp" / "Sida upp", "A page up" / "Page up";
    A::PageDown, "page-down", SCROLLED, ["PgDn"], Never, "En sida ned" / "Sida ned", "A page down" / "Page down";
    A::First, "first", SCROLLED, ["Home"], Never, "Till början" / "Början", "To the start" / "Start";
    A::Last, "last", SCROLLED, ["End"], Never, "Till slutet" / "Slut", "To the end" / "End";
    A::Cancel, "cancel", &[Grid], ["Esc"], Never, "Släpp markeringen" / "Släpp", "Drop the marking" / "Drop";
    A::Cancel, "close", OVERLAYS, ["Esc"], Always, "Stäng utan att ändra" / "Stäng", "Close, changing nothing" / "Close";
    A::CellHistory, "history", &[Grid], ["h"], Never, "Vem ändrade den här tiden?" / "Historik", "Who changed this time?" / "History", "Vem flyttade den, vem bokade, vem avbokade, historik";
    A::AuditLog, "audit-log", &[Grid], ["H"], Never, "Loggen: vem gjorde vad" / "Logg", "The log: who did what" / "Log", "Historik, spårbarhet, vem flyttade den";
    A::Names, "names", EVERYWHERE, ["F9"], Never, "Dölj eller visa patienters namn" / "Dölj namn", "Hide or show patients' names" / "Hide names", "Sekretess, skydda namn";
    A::Lock, "lock", EVERYWHERE, ["F7"], Never, "Lås skärmen" / "Lås", "Lock the screen" / "Lock", "Skärmlås, logga ut, inloggning";
    A::Password, "own-password", &[Grid], ["Shift+F7"], Never, "Byt mitt lösenord" / "Lösenord", "Change my password" / "Password", "Inloggning, byta lösenord";
    A::Password, "password", &[Settings], ["p"], WhenPossible, "Sätt användarens lösenord" / "Lösenord", "Set the user's password" / "Password";
    A::CheckSettings, "check-settings", &[Grid], ["K"], Never, "Inställningskontroll" / "Kontroll", "Settings check" / "Check", "Verktyg, Inställningar, fel, matchar, doctor";
    A::Palette, "palette", &[Grid], [":"], Never, "Alla kommandon" / "Kommandon", "All commands" / "Commands", "Sök, meny, Verktyg";
    A::Reload, "reload", &[Grid], ["F5"], Never, "Hämta på nytt" / "Hämta", "Load again" / "Reload";
    A::Redraw, "redraw", EVERYWHERE, ["Ctrl+L"], Never, "Rita om skärmen" / "Rita om", "Redraw the screen" / "Redraw";
    A::Suspend, "suspend", EVERYWHERE, ["Ctrl+Z"], Never, "Pausa programmet" / "Pausa", "Suspend the program" / "Suspend";
    A::Quit, "quit", &[Grid], ["q"], WhenPossible, "Lämna" / "Lämna", "Leave" / "Leave", "Avsluta, stäng programmet, quit, exit";
    A::Leave, "leave", EVERYWHERE, ["Ctrl+C"], Never, "Lämna" / "Lämna", "Leave" / "Leave";
}

/// The entries that apply in a context, in order.
pub fn in_context(context: Context) -> impl Iterator<Item = &'static Entry> {
    REGISTRY.iter().filter(move |entry| entry.contexts.contains(&context))
}
