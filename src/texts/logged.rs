//! What the log's actions and things are called. Pure.

use crate::domain::EntityKind;

use super::Language;

/// Actions, with what they are called.
const ACTIONS: [(&str, &str, &str); 36] = [
    ("booking.add", "bokade", "booked"),
    ("booking.online", "bokade på bokningssidan", "booked on the booking page"),
    ("booking.call", "noterade samtal om bokning", "noted a call about a booking"),
    ("booking.cancel", "avbokade", "cancelled"),
    ("booking.cancel-online", "avbokade på bokningssidan", "cancelled on the booking page"),
    ("booking.edit", "ändrade bokning", "changed a booking"),
    ("booking.move", "flyttade bokning", "moved a booking"),
    ("booking.keep-online", "tog tillbaka från bokningssidan", "took back from the booking page"),
    ("booking.rebook-online", "ombokade på bokningssidan", "rebooked on the booking page"),
    ("clinic.backup", "säkerhetskopierade", "backed up"),
    ("clinic.copy", "kopierade till en annan databas", "copied into another database"),
    (
        "clinic.export",
        "skrev ut klinikfil, skyddade maskerade",
        "wrote a clinic file, protected ones masked",
    ),
    (
        "clinic.export-complete",
        "skrev ut klinikfil med allt",
        "wrote a clinic file with everything",
    ),
    ("clinic.import", "läste in klinikfil", "imported a clinic file"),
    ("contacts.dismiss", "avfärdade nya kontaktuppgifter", "dismissed new contacts"),
    ("contacts.take-over", "tog över nya kontaktuppgifter", "took over new contacts"),
    ("patient.erase", "raderade patient", "erased a patient"),
    ("patient.export", "skrev ut allt om patient", "exported all about a patient"),
    ("patient.search", "sökte patienter", "searched for patients"),
    ("patient.view", "öppnade patientkort", "opened a patient's card"),
    ("preblock.lay", "lade preblock", "laid preblocks"),
    ("preblock.paste", "klistrade in preblock", "pasted preblocks"),
    ("preblock.remove", "tog bort preblock", "removed preblocks"),
    ("preblock.repeat", "repeterade preblock", "repeated preblocks"),
    ("preblock.withdraw", "drog tillbaka e-tider", "withdrew internet times"),
    ("schedule.add", "lade arbetspass", "added work sessions"),
    ("schedule.remove", "tog bort arbetspass", "removed work sessions"),
    ("schedule.template", "lade ut veckomall", "laid a week template"),
    ("schedule.repeat", "repeterade arbetsvecka", "repeated a work week"),
    ("setting.add", "lade upp inställning", "added a setting"),
    ("setting.change", "ändrade inställning", "changed a setting"),
    ("setting.remove", "tog bort inställning", "removed a setting"),
    ("sync.everything", "bad om ny publicering av allt", "asked to republish everything"),
    ("sync.now", "bad om synk", "asked for a sync"),
    ("undo", "ångrade eller gjorde om", "undid or redid"),
    ("user.password", "satte lösenord", "set a password"),
];

/// What an action is called; its id where it has no name.
pub fn action_name(language: Language, action: &str) -> String {
    let known = ACTIONS.iter().find(|(known, _, _)| *known == action);
    known.map_or(action, |(_, swedish, english)| language.pick(*swedish, *english)).to_owned()
}

/// What a kind of thing is called; its key where there is no such kind.
pub fn kind_name(language: Language, kind: &str) -> String {
    EntityKind::from_key(kind).map_or(kind, |known| kind_in_words(language, known)).to_owned()
}

fn kind_in_words(language: Language, kind: EntityKind) -> &'static str {
    let (swedish, english) = match kind {
        EntityKind::Booking => ("bokning", "booking"),
        EntityKind::Call => ("samtal om bokning", "call about a booking"),
        EntityKind::Category => ("kategori", "category"),
        EntityKind::Clinic => ("hela kliniken", "the whole clinic"),
        EntityKind::ClosedDay => ("stängd dag", "closed day"),
        EntityKind::Company => ("företag", "company"),
        EntityKind::Contacts => ("lämnade kontaktuppgifter", "contacts given"),
        EntityKind::Online => ("bokningssidan", "booking page"),
        EntityKind::Organisation => ("organisation", "organisation"),
        EntityKind::Patient => ("patient", "patient"),
        EntityKind::Practitioner => ("behandlare", "practitioner"),
        EntityKind::Preblock => ("preblock i tidboken", "preblock in a book"),
        EntityKind::PreblockList => ("preblocklista", "preblock list"),
        EntityKind::PreblockType => ("preblocktyp", "preblock type"),
        EntityKind::Resource => ("resurs", "resource"),
        EntityKind::Search => ("sökning", "search"),
        EntityKind::Sync => ("Online Client", "Online Client"),
        EntityKind::Template => ("bokningsmall", "booking template"),
        EntityKind::TemplateList => ("bokningsmallslista", "template list"),
        EntityKind::User => ("användare", "user"),
        EntityKind::WeekTemplate => ("veckomall", "week template"),
        EntityKind::WorkSession => ("arbetspass", "work session"),
    };
    language.pick(swedish, english)
}

/// How much a search found.
pub fn hits(language: Language, count: i64) -> String {
    match count {
        1 => language.pick("1 träff", "1 hit").to_owned(),
        _ => language.pick(format!("{count} träffar"), format!("{count} hits")),
    }
}

/// Every kind of thing that entries are about.
pub fn logged_kinds() -> impl Iterator<Item = &'static str> {
    EntityKind::ALL.into_iter().map(EntityKind::key)
}

/// Every action that has a name.
pub fn logged_actions() -> impl Iterator<Item = &'static str> {
    ACTIONS.iter().map(|(id, _, _)| *id)
}
