//! What the log's actions and things are called.

use super::Language;

/// Kinds of things that entries are about, with what they are called.
const KINDS: [(&str, &str, &str); 21] = [
    ("booking", "bokning", "booking"),
    ("call", "samtal om bokning", "call about a booking"),
    ("category", "kategori", "category"),
    ("clinic", "hela kliniken", "the whole clinic"),
    ("closed_day", "stängd dag", "closed day"),
    ("company", "företag", "company"),
    ("contacts", "lämnade kontaktuppgifter", "contacts given"),
    ("online", "bokningssidan", "booking page"),
    ("organisation", "organisation", "organisation"),
    ("patient", "patient", "patient"),
    ("practitioner", "behandlare", "practitioner"),
    ("preblock", "preblock i tidboken", "preblock in a book"),
    ("preblock_list", "preblocklista", "preblock list"),
    ("preblock_type", "preblocktyp", "preblock type"),
    ("resource", "resurs", "resource"),
    ("search", "sökning", "search"),
    ("booking_template", "bokningsmall", "booking template"),
    ("sync", "Online Client", "Online Client"),
    ("template_list", "bokningsmallslista", "template list"),
    ("user", "användare", "user"),
    ("week_template", "veckomall", "week template"),
];

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

fn called(all: &[(&str, &str, &str)], language: Language, id: &str) -> Option<String> {
    let (_, swedish, english) = all.iter().find(|(known, _, _)| *known == id)?;
    Some(language.pick(*swedish, *english).to_owned())
}

/// What an action is called; its id where it has no name.
pub fn action_name(language: Language, action: &str) -> String {
    called(&ACTIONS, language, action).unwrap_or_else(|| action.to_owned())
}

/// What a kind of thing is called; its id where it has no name.
pub fn kind_name(language: Language, kind: &str) -> String {
    called(&KINDS, language, kind).unwrap_or_else(|| kind.to_owned())
}

/// How much a search found.
pub fn hits(language: Language, count: i64) -> String {
    match count {
        1 => language.pick("1 träff", "1 hit").to_owned(),
        _ => language.pick(format!("{count} träffar"), format!("{count} hits")),
    }
}

/// Every kind of thing that has a name.
pub fn logged_kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(id, _, _)| *id)
}

/// Every action that has a name.
pub fn logged_actions() -> impl Iterator<Item = &'static str> {
    ACTIONS.iter().map(|(id, _, _)| *id)
}
