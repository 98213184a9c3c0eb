//! What is wrong with what was filled in, and at which field; the same in a form and on the command
//! line.

use crate::domain::{Fault, Field, Problem};

use super::Language;

/// `Namn: måste fyllas i`.
pub fn fault(language: Language, fault: Fault) -> String {
    let wrong = wrong(language, fault);
    match fault.field {
        Field::Whole => wrong,
        named => format!("{}: {wrong}", field(language, named)),
    }
}

/// What is wrong at a field, which is named beside it, and what to do.
pub fn wrong(language: Language, fault: Fault) -> String {
    match fault {
        Fault { field: Field::Personnummer, problem: Problem::Taken } => language
            .pick("finns redan på en annan patient", "is another patient's already")
            .to_owned(),
        Fault { field: Field::Organisation, problem: Problem::Stranding } => language
            .pick(
                "en behandlare har valt en lista som den nya organisationen inte har; byt den först",
                "a practitioner has chosen a list that the new organisation lacks; change that first",
            )
            .to_owned(),
        Fault { field, problem: Problem::Malformed } => malformed(language, field),
        fault => problem(language, fault.problem),
    }
}

/// That something is not of the form of its field, and of which form it is.
fn malformed(language: Language, field: Field) -> String {
    let (swedish, english) = match field {
        Field::Email => ("; skriv den som namn@exempel.se", "; write it as name@example.se"),
        Field::Mobile => ("; skriv det som 070-174 06 05", "; write it as 070-174 06 05"),
        Field::Resources => {
            ("; skriv tecknen tätt, som RX", "; write the characters close together, as RX")
        }
        _ => ("", ""),
    };
    let problem = problem(language, Problem::Malformed);
    format!("{problem}{}", language.pick(swedish, english))
}

/// The field by a name that is clear without its form around it.
pub fn field(language: Language, field: Field) -> &'static str {
    let (swedish, english) = match field {
        Field::Whole => ("Hela posten", "The whole of it"),
        Field::Active => ("Aktiv", "Active"),
        Field::Address => ("Adress", "Address"),
        Field::Calendar => ("Tidbokstext", "Calendar text"),
        Field::Capacity => ("Antal", "Capacity"),
        Field::Categories => ("Behandlingar", "Categories"),
        Field::Category => ("Bokningskategori", "Category"),
        Field::Code => ("Kod", "Code"),
        Field::Company => ("Företag", "Company"),
        Field::Date => ("Datum", "Date"),
        Field::Deadline => ("Senast ändra (timmar före)", "Change deadline (hours before)"),
        Field::Email => ("E-post", "E-mail"),
        Field::Expires => ("Upphör (dagar före)", "Expires (days before)"),
        Field::FirstName => ("Förnamn", "First name"),
        Field::Horizon => ("Dagar framåt", "Days ahead"),
        Field::Items => ("Ingår", "Items"),
        Field::LastName => ("Efternamn", "Last name"),
        Field::Mobile => ("Mobiltelefon", "Mobile"),
        Field::Name => ("Namn", "Name"),
        Field::Notice => ("Kortaste varsel (minuter)", "Shortest notice (minutes)"),
        Field::OnlineTemplateList => ("E-tidbok bokningsmallslista", "E-tidbok template list"),
        Field::OrgNumber => ("Organisationsnummer", "Organisation number"),
        Field::Organisation => ("Organisation", "Organisation"),
        Field::OsAccount => ("Datorkonto", "OS account"),
        Field::Owner => ("Ägare", "Owner"),
        Field::Permissions => ("Behörigheter", "Permissions"),
        Field::Personnummer => ("Personnummer", "Personnummer"),
        Field::Phone => ("Telefon", "Phone"),
        Field::PortalText => ("Text på bokningssidan", "Text on the booking page"),
        Field::PreblockList => ("Preblocklista", "Preblock list"),
        Field::RecallMonths => ("Revision (månader)", "Recall (months)"),
        Field::RecallTemplate => ("Revisionsmall", "Recall template"),
        Field::ResourceCode => ("Tecken", "Character"),
        Field::Resources => ("Pride", "Resources"),
        Field::Sessions => ("Arbetspass", "Work sessions"),
        Field::Signature => ("Signatur", "Signature"),
        Field::TemplateList => ("Bokningsmallslista", "Template list"),
        Field::Text => ("Text", "Text"),
        Field::Title => ("Titel", "Title"),
        Field::ValidFor => ("Gäller för", "Valid for"),
    };
    language.pick(swedish, english)
}

/// What is wrong with it, and what to do.
fn problem(language: Language, problem: Problem) -> String {
    let (swedish, english) = match problem {
        Problem::Empty => ("måste fyllas i", "has to be filled in"),
        Problem::TooLong(most) => {
            return language.pick(
                format!("får ha högst {most} tecken"),
                format!("may have at most {most} characters"),
            );
        }
        Problem::OutOfRange { from, to } => {
            return language.pick(
                format!("ska vara mellan {from} och {to}"),
                format!("has to be between {from} and {to}"),
            );
        }
        Problem::ControlCharacters => {
            ("innehåller styrtecken; ta bort dem", "holds control characters; remove them")
        }
        Problem::Emoji => (
            "innehåller emoji, som inte syns på alla skärmar; ta bort dem",
            "holds emoji, which not every screen can show; remove them",
        ),
        Problem::Taken => ("är upptaget; välj ett annat", "is taken already; choose another"),
        Problem::Unknown => ("finns inte; välj på nytt", "is not there; choose again"),
        Problem::Repeated => ("innehåller samma två gånger", "holds the same twice"),
        Problem::NotReachable => (
            "listans ägare når inte hit; välj en annan lista",
            "the list's owner does not reach here; choose another list",
        ),
        Problem::Stranding => (
            "listan är vald där den nya ägaren inte når; byt lista där först",
            "the list is chosen where the new owner does not reach; choose another there first",
        ),
        Problem::Reserved => ("är reserverat; välj ett annat", "is reserved; choose another"),
        Problem::InUse => (
            "används fortfarande; ta först bort det som hänvisar hit",
            "is in use still; remove what refers to it first",
        ),
        Problem::OnlyDeactivated => {
            ("tas inte bort utan görs inaktiv", "is not deleted but deactivated")
        }
        Problem::LastAdministrator => (
            "någon måste kunna hantera användare; ge först en annan den behörigheten",
            "somebody has to manage users; give another the permission first",
        ),
        Problem::Malformed => ("har inte rätt form", "is not of the right form"),
        Problem::NoSuchDate => (
            "har ett datum som inte finns eller inte har varit; läs igenom det",
            "has a date that does not exist or is yet to come; read it over",
        ),
        Problem::CheckDigit => (
            "har en siffra som inte stämmer; läs igenom det",
            "has a digit that is wrong; read it over",
        ),
        Problem::NotForRecall => (
            "mallen kan inte användas i revision; välj en annan",
            "the template is not usable for recall; choose another",
        ),
    };
    language.pick(swedish, english).to_owned()
}
