//! Why a command was not carried out, as sentences for people.

use crate::clinic::{ClinicError, Confirmation, NothingToDo, Refusal};
use crate::domain::{NotChangeable, Permission, PractitionerId, PreblockTypeId, Setup};

use super::reasons::{lacking_swedish, not_bookable};
use super::store_errors::store_error;
use super::{Dates, Language};

/// An error of the clinic as a sentence.
pub fn clinic_error(language: Language, error: &ClinicError, setup: &Setup) -> String {
    match error {
        ClinicError::Refused(reason) => refusal(language, reason, setup),
        ClinicError::Store(error) => begun_large(&store_error(language, error)),
    }
}

/// With a capital letter.
pub(super) fn begun_large(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A refusal as a sentence; names are looked up in the set-up, where they are known.
pub fn refusal(language: Language, reason: &Refusal, setup: &Setup) -> String {
    match language {
        Language::English => reason.to_string(),
        Language::Swedish => swedish(reason, setup),
    }
}

/// What a user must confirm before a booking is saved (R13), as a sentence.
pub fn confirmation(language: Language, what: &Confirmation, setup: &Setup) -> String {
    if language == Language::English {
        return what.to_string();
    }
    match what {
        Confirmation::BypassPreblock(id) => {
            format!("Preblocket {} tillåter inte kategorin och kringgås", type_name(setup, id))
        }
        Confirmation::OutsideSchedule => "Tiden ligger utanför arbetsschemat".into(),
        Confirmation::BeyondCapacity(lacking) => lacking_swedish(*lacking),
    }
}

/// The permission by name; in English by its key.
pub fn permission_name(language: Language, permission: Permission) -> &'static str {
    match permission {
        _ if language == Language::English => permission.key(),
        Permission::AuditRead => "Läsa loggen",
        Permission::BookingEdit => "Boka och avboka",
        Permission::OnlineEdit => "Online-inställningar",
        Permission::PatientView => "Se patienter",
        Permission::PreblockInternal => "Preblock för personal",
        Permission::PreblockInternet => "Preblock för internet",
        Permission::ScheduleEdit => "Ändra arbetsschema",
        Permission::SettingsEdit => "Inställningar",
        Permission::UsersManage => "Användare",
    }
}

fn type_name(setup: &Setup, id: &PreblockTypeId) -> String {
    setup.preblock_types.get(id).map_or_else(|| id.to_string(), |found| found.name.clone())
}

fn practitioner_name(setup: &Setup, id: &PractitionerId) -> String {
    setup.practitioners.get(id).map_or_else(|| id.to_string(), |found| found.name.clone())
}

fn swedish(reason: &Refusal, setup: &Setup) -> String {
    let dates = Dates(Language::Swedish);
    match reason {
        Refusal::Permission { user, permission } => format!(
            "{user} saknar behörigheten {} ({}); fråga en administratör",
            permission_name(Language::Swedish, *permission),
            permission.key()
        ),
        Refusal::InactiveUser(user) => {
            format!("{user} är inte en aktiv användare; fråga en administratör")
        }
        Refusal::UnknownPractitioner(id) => {
            format!("Behandlaren {id} finns inte; välj en av klinikens")
        }
        Refusal::InactivePractitioner(id) => format!(
            "{} är inte aktiv; aktivera på behandlarens registerkort",
            practitioner_name(setup, id)
        ),
        Refusal::UnknownPreblockType(id) => {
            format!("Preblocket {id} finns inte; välj ett av klinikens")
        }
        Refusal::InactivePreblockType(id) => {
            format!("Preblocket {} är inte aktivt; aktivera det först", type_name(setup, id))
        }
        Refusal::TypeNotValid(id) => format!(
            "Preblocket {} gäller inte behandlaren; lägg till under Resurser på preblocket",
            type_name(setup, id)
        ),
        Refusal::Code(id) => {
            format!("Preblocket {} kräver sin kod; skriv rätt kod", type_name(setup, id))
        }
        Refusal::UnknownTemplate(id) => {
            format!("Bokningsmallen {id} finns inte; välj en av klinikens")
        }
        Refusal::InactiveTemplate(id) => {
            let name = setup.templates.get(id).map_or(id.as_str(), |found| &found.name);
            format!("Bokningsmallen {name} är inte aktiv; aktivera den under Bokningsmallar")
        }
        Refusal::UnknownCategory => "Kategorin finns inte; välj en av klinikens".into(),
        Refusal::UnknownPatient => "Patienten finns inte; sök igen".into(),
        Refusal::UnknownUser => "Användaren finns inte; se efter bland klinikens användare".into(),
        Refusal::NothingToDo(why) => nothing_to_do(*why).into(),
        Refusal::SelfOverlap(interval) => {
            format!("Tiderna överlappar varandra {}; skriv dem åtskilda", dates.hours(*interval))
        }
        Refusal::PreblockInTheWay(intervals) => {
            let first = intervals.first().map(|interval| {
                format!(" {} {}", dates.date(interval.start().date()), dates.hours(*interval))
            });
            format!(
                "Där ligger redan preblock{}; ersätt det eller fyll luckorna",
                first.unwrap_or_default()
            )
        }
        Refusal::BookingInTheWay(interval) => format!(
            "En bokning tar redan {} {}; välj en annan tid",
            dates.date(interval.start().date()),
            dates.hours(*interval)
        ),
        Refusal::MayNotBypass(id) => format!(
            "Preblocket {} får inte kringgås; välj en annan tid eller kategori",
            type_name(setup, id)
        ),
        Refusal::NeedsConfirmation(what) => {
            let all: Vec<_> =
                what.iter().map(|each| confirmation(Language::Swedish, each, setup)).collect();
            format!("Bekräfta först: {}", all.join("; "))
        }
        Refusal::Gone => "Det finns inte längre: någon har ändrat det; titta igen".into(),
        Refusal::AlreadyCancelled => "Bokningen är redan avbokad".into(),
        Refusal::RepeatsNothing => {
            "Repetitionen når ingen senare vecka; välj ett senare slut".into()
        }
        Refusal::RepeatsTooFar(weeks) => {
            format!("Högst {weeks} veckor repeteras på en gång; välj ett närmare slut")
        }
        Refusal::NotYours => "Ingen egen ändring att ångra".into(),
        Refusal::TouchedSince { who, when } => format!(
            "{who} har ändrat samma sak {} {}; titta igen och ändra för hand",
            dates.date(when.date()),
            when.clock()
        ),
        Refusal::OnlineOnly => {
            "Det patienter gör kommer genom Online Client, som inte gör något annat".into()
        }
        Refusal::NotBookable(reason) => not_bookable(Language::Swedish, reason, setup),
        Refusal::NotChangeable(reason) => not_changeable(*reason),
        Refusal::NothingOffered => {
            "Uppgifterna är redan övertagna eller avvisade; titta igen".into()
        }
        Refusal::PatientsChange => "Det patienter har gjort ångras inte".into(),
        Refusal::TextTooLong(length) => format!("Texten är längre än {length} tecken; korta den"),
        Refusal::Faults(faults) => {
            let all: Vec<_> =
                faults.iter().map(|each| super::fault(Language::Swedish, *each)).collect();
            all.join("; ")
        }
        Refusal::ChangedMeanwhile { who, when } => format!(
            "{who} har ändrat samma sak {} {}; jämför och välj",
            dates.date(when.date()),
            when.clock()
        ),
        Refusal::InBookOf { practitioner, refusal } => {
            format!("{}: {}", practitioner_name(setup, practitioner), swedish(refusal, setup))
        }
        Refusal::NotEmpty => {
            "Databasen är inte tom; importera i stället för allt med --replace".into()
        }
    }
}

/// Why a patient can't rebook or cancel, for staff (R15).
fn not_changeable(why: NotChangeable) -> String {
    let dates = Dates(Language::Swedish);
    match why {
        NotChangeable::NotFromPortal => "Bokningen är inte gjord på bokningssidan".into(),
        NotChangeable::AnotherPerson => {
            "Bokningens patient har ett annat personnummer än e-legitimationen".into()
        }
        NotChangeable::Cancelled => "Bokningen är redan avbokad".into(),
        NotChangeable::Template => {
            "Bokningsmallen låter inte patienten göra det; ändra det på mallen".into()
        }
        NotChangeable::Settings => {
            "Online-inställningarna låter inte patienter göra det; ändra det där".into()
        }
        NotChangeable::TooLate { deadline } => format!(
            "Det skulle ha gjorts före {} {}",
            dates.date(deadline.date()),
            deadline.clock()
        ),
        NotChangeable::AnotherCompany => "Behandlaren hör till ett annat företag".into(),
    }
}

fn nothing_to_do(why: NothingToDo) -> &'static str {
    match why {
        NothingToDo::NoTime => "Inget att göra: ingen tid angavs",
        NothingToDo::AllCovered => "Inget att göra: allt täcks redan av preblock",
        NothingToDo::NoPreblock => "Inget att göra: inget preblock angavs",
        NothingToDo::AllScheduled => "Inget att göra: allt är redan schemalagt",
        NothingToDo::NothingScheduled => "Inget att göra: inget av det är schemalagt",
        NothingToDo::EmptyScheduleWeek => "Inget att göra: veckan har inga arbetspass",
        NothingToDo::EmptyPreblockWeek => "Inget att göra: veckan har inga preblock",
        NothingToDo::NothingPublished => {
            "Inget att dra tillbaka: inga Internet-preblock de dagarna"
        }
        NothingToDo::Unchanged => "Inget att göra: inget är ändrat",
        NothingToDo::AlreadyRepeated => "Inget att göra: de andra veckorna ser redan ut så",
    }
}
