//! What the settings screens say: sections, fields, and the manual's own advice at each field. Pure.

use crate::domain::{CivilTime, ListLevel};

use super::{Dates, Language};

impl Language {
    /// The fixed texts of the settings screens in this language.
    pub fn form_texts(self) -> &'static FormTexts {
        self.pick(&SWEDISH, &ENGLISH)
    }
}

texts! { FormTexts:
    settings: "Inställningar", "Settings";
    choose_user: "Lösenord sätts bland användarna.", "Passwords are set among the users.";
    choose_section: "Välj vad som ska ställas in med Enter.", "Choose what to set up with Enter.";
    first_title: "Kliniken är ny. Fyra kort leder till en tidbok:", "The clinic is new. Four cards lead to a book:";
    first_help: "Enter öppnar nästa kort. En klinikfil läses in med tidbok import FIL, sedan F5.", "Enter opens the next card. A clinic file is read in with tidbok import FILE, then F5.";
    first_step_done: "· klart", "· done";
    first_done: "Kliniken är uppsatt. Markera arbetstid och tryck s, eller I för preblock, mallar och listor.", "The clinic is set up. Mark working time and press s, or I for preblocks, templates and lists.";
    search: "Sök", "Search";
    search_help: "Skriv en del av namnet. Enter behåller sökningen, Esc tar bort den.", "Type a part of the name. Enter keeps the search, Esc drops it.";
    none_match: "Inget passar sökningen.", "Nothing matches the search.";
    new: "Ny", "New";
    copy_of: "kopia", "copy";
    inactive: "inaktiv", "inactive";
    paused: "stängd", "paused";
    saving: "Sparar…", "Saving…";
    yes: "Ja", "Yes";
    no: "Nej", "No";
    none: "inget valt", "nothing chosen";
    nothing_to_choose: "Inget att välja bland än.", "Nothing to choose from yet.";
    all: "alla", "all";
    keys_text: "Skriv. Ctrl+U tömmer fältet.", "Type. Ctrl+U empties the field.";
    keys_yes_no: "Mellanslag eller ←/→ byter.", "Space or ←/→ changes it.";
    keys_one: "←/→ byter, en bokstav går till nästa som börjar så.", "←/→ changes it, a letter goes to the next that begins so.";
    keys_many: "Mellanslag bockar i och ur, ↑/↓ går, bokstäver söker.", "Space ticks and unticks, ↑/↓ moves, letters search.";
    keys_picks: "←/→ byter ruta, mellanslag flyttar över, Shift+↑/↓ eller +/- ordnar, bokstäver söker.", "←/→ changes pane, space moves it over, Shift+↑/↓ or +/- orders, letters search.";
    picked: "I listan, i ordning", "In the list, in order";
    available: "Att välja bland", "To choose from";
    leave_title: "Lämna utan att spara?", "Leave without saving?";
    leave_no: "Nej, fortsätt redigera", "No, go on editing";
    leave_yes: "Ja, släpp ändringarna", "Yes, drop the changes";
    still_saving_title: "Det sparas ännu. Lämna ändå?", "It is still being saved. Leave all the same?";
    still_saving_no: "Nej, vänta på svaret", "No, wait for the answer";
    still_saving_yes: "Ja, lämna; svaret står nederst sedan", "Yes, leave; the answer will stand at the bottom";
    nothing_edited: "Inget är ändrat.", "Nothing has been changed.";
    nothing_chosen: "Inget är valt.", "Nothing is selected.";
    conflict_title: "Någon annan hann före", "Somebody else was first";
    conflict_back: "Tillbaka, spara inget än", "Back, save nothing yet";
    conflict_mine: "Behåll mitt ovanpå deras", "Keep mine on top of theirs";
    conflict_theirs: "Ta deras, släpp mitt", "Take theirs, drop mine";
    conflict_mine_removed: "Lägg upp det på nytt med mitt", "Add it anew with mine";
    conflict_theirs_removed: "Låt det vara borta", "Leave it removed";
    conflict_same: "Det som skiljer sig gäller inget fält här.", "What differs is in no field here.";
    conflict_merged: "Ditt ligger ovanpå deras. Granska och spara.", "Yours lies on top of theirs. Look it over and save.";
    mine: "ditt", "yours";
    theirs: "deras", "theirs";
    warned_title: "Sparat, men patienter ser inte allt", "Saved, but patients do not see it all";
    warned_mend: "Rätta:", "Mend:";
    times_save: "Spara", "Save";
    times_title: "Vad patienter kan boka ändras", "What patients can book changes";
    warned_leave: "Låt det vara så", "Leave it so";
    keep: "Nej, ändra inget", "No, change nothing";
    deactivate_yes: "Ja, inaktivera", "Yes, deactivate";
    activate_yes: "Ja, aktivera", "Yes, activate";
    remove_yes: "Ja, ta bort", "Yes, remove";
    cannot_copy: "Det här kopieras inte.", "This is not copied.";
    cannot_remove: "Det här tas inte bort.", "This is not removed.";
    cannot_add: "Här finns bara ett.", "There is only one here.";

    types: "Preblockering i tidboken", "Preblock types";
    types_help: "Vad som kan läggas ut i tidboken. Typen Internet publicerar tider på bokningssidan.", "What can be laid out in the book. The kind Internet publishes times on the booking page.";
    types_empty: "Inga preblock än. Tryck n för att skapa det första.", "No preblock types yet. Press n to make the first.";
    types_off: "Det som redan ligger ute publicerar inget förrän preblocket är aktivt igen.", "What is already laid out publishes nothing until the type is active again.";
    templates: "Bokningsmallar", "Booking templates";
    templates_help: "De tider som patienten kan boka, till exempel Undersökning 30 min.", "The times that a patient can book, such as Examination 30 min.";
    templates_empty: "Inga bokningsmallar än. Tryck n för att skapa den första.", "No booking templates yet. Press n to make the first.";
    templates_off: "Mallens tider försvinner från bokningssidan; bokningar påverkas inte.", "The template's times vanish from the booking page; bookings are unaffected.";
    template_lists: "Bokningsmallslistor", "Template lists";
    template_lists_help: "Urval av bokningsmallar i ordning, för personalen eller för e-tidboken.", "Ordered selections of booking templates, for staff or for the booking page.";
    template_lists_empty: "Inga listor än: då gäller alla bokningsmallar. Tryck n för att skapa en.", "No lists yet: then all booking templates apply. Press n to make one.";
    preblock_lists: "Preblocklistor", "Preblock lists";
    preblock_lists_help: "Urval av preblock i ordning, för menyn i tidboken.", "Ordered selections of preblock types, for the menu in the book.";
    preblock_lists_empty: "Inga listor än: då gäller alla preblock. Tryck n för att skapa en.", "No lists yet: then all preblock types apply. Press n to make one.";
    categories: "Kategorier", "Categories";
    categories_help: "Behandlingar som knyter ihop preblock och bokningsmallar.", "Treatments that tie preblock types to booking templates.";
    categories_empty: "Inga kategorier än. Tryck n: utan en kan ingen bokningsmall skapas.", "No categories yet. Press n: without one no booking template can be made.";
    resources: "Resurser", "Resources";
    resources_help: "Rum och maskiner som bokas tillsammans med behandlaren (pride).", "Rooms and machines booked along with the practitioner.";
    resources_empty: "Inga resurser än. Tryck n om kliniken använder resursbokning.", "No resources yet. Press n if the clinic books resources.";
    closed_days: "Stängda dagar", "Closed days";
    closed_days_help: "Klinikens egna stängda dagar. Röda dagar räknas ut av sig själva.", "The clinic's own closed days. Public holidays are computed.";
    closed_days_empty: "Inga stängda dagar än. Tryck n för till exempel julafton.", "No closed days yet. Press n for Christmas Eve, say.";
    online: "Bokningssidan", "Booking page";
    online_help: "Onlineinställningar: hur långt fram tider visas, ombokning, och Tillfälligt stängd.", "Online settings: how far ahead times show, rebooking, and pausing.";
    organisations: "Organisation", "Organisations";
    organisations_help: "Vilka listor som gäller där varken företag eller behandlare har valt.", "Which lists apply where neither company nor practitioner has chosen.";
    organisations_empty: "Ingen organisation än. Tryck n: företagen hör till en.", "No organisation yet. Press n: companies belong to one.";
    companies: "Företag", "Companies";
    companies_help: "Kliniken som patienten möter den: adress, text på bokningssidan, listor.", "The clinic as patients meet it: address, text for the booking page, lists.";
    companies_empty: "Inget företag än. Tryck n: behandlarna hör till ett.", "No company yet. Press n: practitioners belong to one.";
    practitioners: "Behandlare", "Practitioners";
    practitioners_help: "Behandlarnas registerkort och deras val av listor.", "The practitioners' cards and their choice of lists.";
    practitioners_empty: "Inga behandlare än. Tryck n för att lägga upp den första.", "No practitioners yet. Press n to add the first.";
    practitioners_off: "Behandlarens tider försvinner från bokningssidan; bokningar påverkas inte.", "The practitioner's times vanish from the booking page; bookings are unaffected.";
    users: "Behörighetssystem", "Users and permissions";
    users_help: "Användare och vad var och en får göra.", "Users and what each may do.";
    users_empty: "Inga användare än. Tryck n för att lägga upp den första.", "No users yet. Press n to add the first.";
    users_off: "Användaren kan inte längre logga in.", "The user can no longer sign in.";
    removed_for_good: "Det som redan är bokat påverkas inte.", "What is booked already is unaffected.";

    name: "Namn", "Name";
    type_name_help: "Ge ett namn som visar att det gäller e-tidbok, till exempel E-us.", "Give a name that shows it is for online booking, such as E-exam.";
    template_name_help: "Det här namnet ser patienten när tiden bokas.", "This name is shown to the patient when booking.";
    list_name_help: "Ett namn som säger vad listan är till för, till exempel E-tidbok.", "A name that tells what the list is for, such as Online.";
    category_name_help: "Behandlingens namn, samma för preblock och bokningsmallar.", "The treatment's name, the same for preblock types and booking templates.";
    resource_name_help: "Rummets eller maskinens namn.", "The name of the room or machine.";
    organisation_name_help: "Organisationens namn.", "The organisation's name.";
    company_name_help: "Klinikens namn, som patienten ser det.", "The clinic's name as patients see it.";
    practitioner_name_help: "För- och efternamn, som patienten ser det.", "First and last name, as patients see it.";
    user_name_help: "För- och efternamn.", "First and last name.";
    text: "Text", "Text";
    type_text_help: "Eventuellt en kort beskrivande text.", "A short describing text, if any.";
    color: "Färg", "Colour";
    color_help: "Färgen i tidboken. Alla syns även på en terminal med 16 färger.", "The colour in the book. Each shows on a terminal with 16 colours, too.";
    color_red: "Röd", "Red";
    color_green: "Grön", "Green";
    color_yellow: "Gul", "Yellow";
    color_blue: "Blå", "Blue";
    color_purple: "Lila", "Purple";
    color_turquoise: "Turkos", "Turquoise";
    color_grey: "Grå", "Grey";
    color_own: "Egen", "Own";
    valid_for: "Giltig för", "Valid for";
    valid_for_help: "Om den ska gälla alla behandlare eller bara några (Resurser).", "Whether it is valid for all practitioners or only some.";
    everyone: "alla behandlare", "all practitioners";
    only_some: "bara valda", "only chosen ones";
    valid_practitioners: "Resurser", "Practitioners";
    valid_practitioners_help: "Bocka i de behandlare som den ska gälla.", "Tick the practitioners that it is valid for.";
    valid_for_everyone: "gäller alla; välj först bara valda", "valid for all; choose only chosen ones first";
    may_bypass: "Får kringgås", "May be bypassed";
    may_bypass_help: "Om personalen får boka annat på preblocket efter en fråga. Vi rekommenderar Ja.", "Whether staff may book something else on it after being asked. Yes is recommended.";
    kind: "Typ", "Kind";
    kind_help: "Internet publicerar tider på bokningssidan; Personal visas aldrig för patienter.", "Internet publishes times on the booking page; Staff is never shown to patients.";
    kind_internet: "Internet", "Internet";
    kind_internal: "Personal", "Staff";
    allow: "Tillåt", "Allow";
    allow_help: "Bocka först i Tillåt, välj sedan behandling. Utan Tillåt visas inga tider.", "Tick this first, then choose treatments. Without it no times show.";
    allow_first: "bocka först i Tillåt", "tick Allow first";
    allowed_categories: "Behandling", "Treatments";
    allowed_categories_help: "Vad som kan bokas på preblocket. Börja med en behandling; fler kan väljas senare.", "What can be booked on it. Begin with one treatment; more can be chosen later.";
    expires: "Upphör", "Expires";
    expires_help: "Så många dagar före slutar preblocket gälla. Tomt: det upphör inte.", "It stops being in force so many days before. Empty: it does not expire.";
    days_before: "dagar före", "days before";
    code: "Kod", "Code";
    code_help: "Kod för att lägga ut preblocket. Vi rekommenderar att inte använda kod.", "Code for laying it out. Using none is recommended.";
    active: "Aktiv", "Active";
    active_help: "Det som är inaktivt finns kvar men väljs inte och publicerar inget.", "What is inactive stays but is not chosen and publishes nothing.";

    minutes: "Antal minuter", "Minutes";
    minutes_help: "Bokningens längd, 1–600 minuter.", "The booking's length, 1–600 minutes.";
    minutes_unit: "min", "min";
    minutes_bad: "Skriv ett antal minuter, 1–600.", "Write a number of minutes, 1–600.";
    number_bad: "Skriv ett helt tal.", "Write a whole number.";
    category: "Bokningskategori", "Category";
    category_help: "Måste anges, och vara en av behandlingarna på preblocket: annars visas inga tider.", "Required, and one of the treatments of the preblock: else no times show.";
    category_missing: "Välj en bokningskategori.", "Choose a category.";
    category_first: "Lägg först upp en kategori, under Kategorier.", "Add a category first, under Categories.";
    online_template: "Använd i e-tidbok", "Use online";
    online_template_help: "Bara mallar med Ja visas på bokningssidan.", "Only templates with Yes show on the booking page.";
    online_rebook: "Omboka i e-tidbok", "Rebook online";
    online_rebook_help: "Om patienten får omboka tiden själv, med e-legitimation.", "Whether the patient may rebook it, with e-ID.";
    online_cancel: "Avboka i e-tidbok", "Cancel online";
    online_cancel_help: "Om patienten får avboka tiden själv, med e-legitimation.", "Whether the patient may cancel it, with e-ID.";
    recall: "Använd i revision", "Use for recall";
    recall_help: "Om mallen ska kunna kopplas till revision.", "Whether a recall can name the template.";
    calendar_text: "Tidbokstext", "Calendar text";
    calendar_text_help: "Skriv gärna något som visar att det är en e-tid. Patienten ser inte texten.", "Write something that shows it was booked online. Patients do not see the text.";
    pride: "Pride", "Resources";
    pride_help: "Resurser som bokas samtidigt, med samma tecken som i tidboken. Tomt: inga.", "Resources booked along, by the same characters as in the book. Empty: none.";
    pride_repeated: "Samma tecken står två gånger.", "The same character stands twice.";
    moves_recall: "Flytta nästa rev", "Move next recall";
    moves_recall_help: "Om patientens nästa revision ska flyttas när tiden bokas.", "Whether booking it moves the patient's next recall.";

    owner: "Ägare", "Owner";
    owner_help: "För vilka listan ska vara tillgänglig: alla, en organisation, ett företag eller en behandlare.", "For whom the list is available: all, an organisation, a company or a practitioner.";
    owner_all: "Alla", "All";
    list_templates: "Bokningsmallar", "Templates";
    list_templates_help: "Flytta över de mallar som ska ingå. Ordningen här är ordningen på skärmen.", "Move over the templates to include. The order here is the order on screen.";
    list_types: "Preblock", "Preblock types";
    list_types_help: "Flytta över de preblock som ska ingå. Ordningen här är ordningen i menyn.", "Move over the types to include. The order here is the order in the menu.";

    resource_code: "Tecken", "Character";
    resource_code_help: "Ett enda tecken, det som skrivs under Pride.", "A single character, the one written among a template's resources.";
    resource_code_bad: "Skriv ett enda tecken, inte ett blanksteg.", "Write a single character, not a space.";
    resource_code_kept: "tecknet ändras inte; lägg upp en ny resurs", "the character is not changed; add a new resource";
    capacity: "Antal", "Capacity";
    capacity_help: "Så många bokningar kan ha den samtidigt.", "So many bookings can hold it at the same time.";
    closed_day: "Dag", "Day";
    closed_day_help: "Till exempel 2026-12-24 eller 24/12. En stängd dag tar inte bort tider som redan är publicerade.", "For example 2026-12-24 or 24/12. A closed day withdraws no published times by itself.";
    closed_day_bad: "Ingen dag. Skriv till exempel 2026-12-24 eller 24/12.", "Not a day. Write 2026-12-24 or 24/12, say.";
    horizon: "Visa tider", "Show times";
    horizon_help: "Så många dagar framåt visas tider på bokningssidan.", "Times show so many days ahead on the booking page.";
    horizon_unit: "dagar framåt", "days ahead";
    notice: "Kortaste varsel", "Shortest notice";
    notice_help: "Så länge före sin början slutar en tid att visas.", "A time stops showing so long before it starts.";
    require_address: "Kräv adress", "Require address";
    require_address_help: "Om patienten måste ange adress för att boka.", "Whether patients must give an address to book.";
    allow_rebook: "Tillåt omboka", "Allow rebooking";
    allow_rebook_help: "Om patienter får omboka med e-legitimation, för de mallar som tillåter det.", "Whether patients may rebook with e-ID, for the templates that allow it.";
    allow_cancel: "Tillåt avboka", "Allow cancelling";
    allow_cancel_help: "Om patienter får avboka med e-legitimation, för de mallar som tillåter det.", "Whether patients may cancel with e-ID, for the templates that allow it.";
    deadline: "Senast", "At the latest";
    deadline_help: "Så länge före tidens början går det att omboka och avboka.", "Rebooking and cancelling end so long before the start.";
    hours_before: "timmar före", "hours before";
    pause: "Tillfälligt stängd", "Paused";
    pause_help: "Ja: inga tider visas på bokningssidan, och alla inställningar finns kvar.", "Yes: no times show on the booking page, and all settings stay.";

    org_number: "Org.nummer", "Org. number";
    org_number_help: "Företagets organisationsnummer, om det ska stå med.", "The company's registered number, if it should be there.";
    address: "Adress", "Address";
    address_help: "Adressen som patienten ser.", "The address that patients see.";
    phone: "Telefon", "Phone";
    phone_help: "Telefonnumret som patienten ser.", "The phone number that patients see.";
    email: "E-post", "E-mail";
    email_help: "E-postadressen som patienten ser.", "The e-mail address that patients see.";
    portal_text: "Bokningssidan", "Booking page";
    portal_text_help: "En text till patienten på bokningssidan.", "A text to patients on the booking page.";
    organisation: "Organisation", "Organisation";
    organisation_help: "Organisationen som företaget hör till.", "The organisation that the company belongs to.";
    organisation_missing: "Välj en organisation.", "Choose an organisation.";
    organisation_first: "Lägg först upp en organisation, under Organisation.", "Add an organisation first, under Organisations.";
    company: "Företag", "Company";
    company_help: "Företaget som behandlaren arbetar för.", "The company that the practitioner works for.";
    company_missing: "Välj ett företag.", "Choose a company.";
    company_first: "Lägg först upp ett företag, under Företag.", "Add a company first, under Companies.";
    signature: "Signatur", "Signature";
    practitioner_signature_help: "Kort signatur, till exempel AE.", "A short signature, such as AE.";
    user_signature_help: "Kort signatur som användaren loggar in med och som står i loggen. ITB är upptaget.", "A short signature to sign in with, which stands in the log. ITB is reserved.";
    signature_kept: "signaturen ändras inte; lägg upp en ny användare", "the signature is not changed; add a new user";
    title: "Titel", "Title";
    title_help: "Till exempel tandläkare eller tandhygienist.", "Dentist or hygienist, say.";
    template_list: "Bokningsmallslista", "Template list";
    template_list_help: "De bokningsmallar som personalen väljer bland i tidboken.", "The booking templates that staff choose from in the book.";
    online_list: "E-tidbokslista", "Online list";
    online_list_help: "E-tidbok bokningsmallslista: de bokningsmallar som visas för patienten i e-tidboken.", "The booking templates that patients are shown online.";
    preblock_list: "Preblocklista", "Preblock list";
    preblock_list_help: "De preblock som personalen väljer bland i tidboken.", "The preblock types that staff choose from in the book.";
    os_account: "Datorkonto", "OS account";
    os_account_help: "Kontot i operativsystemet som är den här användaren. Tomt: inget.", "The account of the operating system that is this user. Empty: none.";
    permissions: "Behörigheter", "Permissions";
    permissions_help: "Bocka i det som användaren får göra.", "Tick what the user may do.";
    heading_book: "Tidbok", "Book";
    heading_patients: "Patienter", "Patients";
    heading_settings: "Inställningar", "Settings";
    heading_administration: "Administration", "Administration";
    template_inactive: "(inaktiv)", "(inactive)";
}

impl FormTexts {
    /// Which list is in effect where nothing is chosen on the card, and from which level (R5).
    pub fn inherited(&self, list: Option<&str>, level: ListLevel) -> String {
        let from = match level {
            ListLevel::Practitioner => self.language.pick("behandlaren", "the practitioner"),
            ListLevel::Company => self.language.pick("företaget", "the company"),
            ListLevel::Organisation => self.language.pick("organisationen", "the organisation"),
            ListLevel::Nowhere => {
                return self.language.pick("alla, i namnordning", "all, by name").to_owned();
            }
        };
        let list =
            list.unwrap_or(self.language.pick("en lista som är borta", "a list that is gone"));
        match self.language {
            Language::Swedish => format!("som {from}: {list}"),
            Language::English => format!("as {from}: {list}"),
        }
    }

    /// Who owns a list, such as `Företag: Tandkliniken`.
    pub fn owned_by(&self, level: ListLevel, name: &str) -> String {
        match level {
            ListLevel::Organisation => format!("{}: {name}", self.organisation),
            ListLevel::Company => format!("{}: {name}", self.company),
            ListLevel::Practitioner => {
                format!("{}: {name}", self.language.pick("Behandlare", "Practitioner"))
            }
            ListLevel::Nowhere => self.owner_all.to_owned(),
        }
    }

    /// `3 valda: Akut, Undersökning, …`.
    pub fn chosen(&self, names: &[&str]) -> String {
        let count = names.len();
        let word = match count {
            1 => self.language.pick("vald", "chosen"),
            _ => self.language.pick("valda", "chosen"),
        };
        format!("{count} {word}: {}", names.join(", "))
    }

    /// Title of the question before something is removed.
    pub fn remove_title(&self, name: &str) -> String {
        format!("{} {name}?", self.language.pick("Ta bort", "Remove"))
    }

    /// Title of the question before something is deactivated.
    pub fn deactivate_title(&self, name: &str) -> String {
        format!("{} {name}?", self.language.pick("Inaktivera", "Deactivate"))
    }

    /// Title of the question before something is activated.
    pub fn activate_title(&self, name: &str) -> String {
        format!("{} {name}?", self.language.pick("Aktivera", "Activate"))
    }

    /// That somebody changed, since the form was opened, what is to be saved.
    pub fn changed_by(&self, who: &str, when: CivilTime) -> String {
        let at = format!("{} {}", Dates(self.language).date(when.date()), when.clock());
        match self.language {
            Language::Swedish => format!("{who} sparade en ändring av samma sak {at}."),
            Language::English => format!("{who} saved a change of the same thing at {at}."),
        }
    }

    /// That somebody removed, since the form was opened, what is to be saved.
    pub fn removed_by(&self, who: &str, when: CivilTime) -> String {
        let at = format!("{} {}", Dates(self.language).date(when.date()), when.clock());
        match self.language {
            Language::Swedish => format!("{who} tog bort det {at}."),
            Language::English => format!("{who} removed it at {at}."),
        }
    }

    /// `Antal minuter: ditt 45, deras 30`.
    pub fn differs(&self, label: &str, mine: &str, theirs: &str) -> String {
        format!("{label}: {} {mine} · {} {theirs}", self.mine, self.theirs)
    }

    /// `12 st.`
    pub fn count(&self, count: usize) -> String {
        match self.language {
            Language::Swedish => format!("{count} st."),
            Language::English => count.to_string(),
        }
    }

    /// `15 min`.
    pub fn length(&self, minutes: i32) -> String {
        format!("{minutes} {}", self.minutes_unit)
    }
}
