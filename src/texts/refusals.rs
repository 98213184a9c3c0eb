//! Why a command was not carried out, as sentences for people.

use crate::clinic::{ClinicError, Confirmation, NothingToDo, Refusal};
use crate::domain::{CivilTime, Meanwhile, NotChangeable, Permission, Setup};

use super::names::Names;
use super::reasons::{lacking, not_bookable};
use super::store_errors::store_error;
use super::{Dates, Language, fault};

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

/// A refusal as a sentence without the rule's number; names are looked up in the set-up, where they
/// are known.
pub fn refusal(language: Language, reason: &Refusal, setup: &Setup) -> String {
    let names = Names { setup };
    match language {
        Language::Swedish => swedish(reason, &names),
        Language::English => english(reason, &names),
    }
}

/// What a user must confirm before a booking is saved (R13), as a sentence.
pub fn confirmation(language: Language, what: &Confirmation, setup: &Setup) -> String {
    match what {
        Confirmation::BypassPreblock(id) => {
            let name = Names { setup }.of_type(id);
            language.pick(
                format!("Preblocket {name} tillåter inte kategorin och kringgås"),
                format!("The preblock type {name} does not allow the category and is bypassed"),
            )
        }
        Confirmation::OutsideSchedule => language
            .pick("Tiden ligger utanför arbetsschemat", "The time lies outside the schedule")
            .into(),
        Confirmation::BeyondCapacity(resource) => lacking(language, *resource),
    }
}

/// The permission by name.
pub fn permission_name(language: Language, permission: Permission) -> &'static str {
    let (swedish, english) = match permission {
        Permission::AuditRead => ("Läsa loggen", "Read the log"),
        Permission::BookingEdit => ("Boka och avboka", "Book and cancel"),
        Permission::OnlineEdit => ("Online-inställningar", "Online settings"),
        Permission::PatientView => ("Se patienter", "See patients"),
        Permission::PreblockInternal => ("Preblock för personal", "Preblocks for staff"),
        Permission::PreblockInternet => ("Preblock för internet", "Internet preblocks"),
        Permission::ScheduleEdit => ("Ändra arbetsschema", "Change the schedule"),
        Permission::SettingsEdit => ("Inställningar", "Settings"),
        Permission::UsersManage => ("Användare", "Users"),
    };
    language.pick(swedish, english)
}

fn swedish(reason: &Refusal, names: &Names<'_>) -> String {
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
            names.of_practitioner(id)
        ),
        Refusal::UnknownPreblockType(id) => {
            format!("Preblocket {id} finns inte; välj ett av klinikens")
        }
        Refusal::InactivePreblockType(id) => {
            format!("Preblocket {} är inte aktivt; aktivera det först", names.of_type(id))
        }
        Refusal::TypeNotValid(id) => format!(
            "Preblocket {} gäller inte behandlaren; lägg till under Resurser på preblocket",
            names.of_type(id)
        ),
        Refusal::Code(id) => {
            format!("Preblocket {} kräver sin kod; skriv rätt kod", names.of_type(id))
        }
        Refusal::UnknownTemplate(id) => {
            format!("Bokningsmallen {id} finns inte; välj en av klinikens")
        }
        Refusal::InactiveTemplate(id) => format!(
            "Bokningsmallen {} är inte aktiv; aktivera den under Bokningsmallar",
            names.of_template(id)
        ),
        Refusal::UnknownCategory => "Kategorin finns inte; välj en av klinikens".into(),
        Refusal::UnknownPatient => "Patienten finns inte; sök igen".into(),
        Refusal::UnknownUser => "Användaren finns inte; se efter bland klinikens användare".into(),
        Refusal::NothingToDo(why) => nothing_to_do(Language::Swedish, *why).into(),
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
            names.of_type(id)
        ),
        Refusal::NeedsConfirmation(what) => {
            let all = what.iter().map(|each| confirmation(Language::Swedish, each, names.setup));
            format!("Bekräfta först: {}", in_a_row(all))
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
        Refusal::NotBookable(reason) => not_bookable(Language::Swedish, reason, names.setup),
        Refusal::NotChangeable(reason) => not_changeable(Language::Swedish, *reason),
        Refusal::NothingOffered => {
            "Uppgifterna är redan övertagna eller avvisade; titta igen".into()
        }
        Refusal::PatientsChange => "Det patienter har gjort ångras inte".into(),
        Refusal::TextTooLong(length) => format!("Texten är längre än {length} tecken; korta den"),
        Refusal::Faults(faults) => {
            in_a_row(faults.iter().map(|each| fault(Language::Swedish, *each)))
        }
        Refusal::ChangedMeanwhile { who, when } => format!(
            "{who} har ändrat samma sak {} {}; jämför och välj",
            dates.date(when.date()),
            when.clock()
        ),
        Refusal::BookingMeanwhile { how, who, when } => {
            meanwhile(Language::Swedish, how, (who, *when), names)
        }
        Refusal::NotAsShown => {
            "Inget är gjort: någon har ändrat boken eller inställningarna, och det \
            skulle bli något annat än det som visades; titta igen och bekräfta"
                .into()
        }
        Refusal::InBookOf { practitioner, refusal } => {
            format!("{}: {}", names.of_practitioner(practitioner), swedish(refusal, names))
        }
        Refusal::NotEmpty => {
            "Databasen är inte tom; importera i stället för allt med --replace".into()
        }
    }
}

fn english(reason: &Refusal, names: &Names<'_>) -> String {
    let dates = Dates(Language::English);
    match reason {
        Refusal::Permission { user, permission } => format!(
            "{user} lacks the permission {} ({}); ask an administrator",
            permission_name(Language::English, *permission),
            permission.key()
        ),
        Refusal::InactiveUser(user) => {
            format!("{user} is not an active user; ask an administrator")
        }
        Refusal::UnknownPractitioner(id) => {
            format!("There is no practitioner {id}; choose one of the clinic's")
        }
        Refusal::InactivePractitioner(id) => format!(
            "{} is not active; activate on the practitioner's card",
            names.of_practitioner(id)
        ),
        Refusal::UnknownPreblockType(id) => {
            format!("There is no preblock type {id}; choose one of the clinic's")
        }
        Refusal::InactivePreblockType(id) => {
            format!("The preblock type {} is not active; activate it first", names.of_type(id))
        }
        Refusal::TypeNotValid(id) => format!(
            "The preblock type {} is not valid for the practitioner; add the practitioner on the type",
            names.of_type(id)
        ),
        Refusal::Code(id) => {
            format!("The preblock type {} needs its code; type the right code", names.of_type(id))
        }
        Refusal::UnknownTemplate(id) => {
            format!("There is no template {id}; choose one of the clinic's")
        }
        Refusal::InactiveTemplate(id) => format!(
            "The template {} is not active; activate it among the booking templates",
            names.of_template(id)
        ),
        Refusal::UnknownCategory => "There is no such category; choose one of the clinic's".into(),
        Refusal::UnknownPatient => "There is no such patient; search again".into(),
        Refusal::UnknownUser => "There is no such user; look among the clinic's users".into(),
        Refusal::NothingToDo(why) => nothing_to_do(Language::English, *why).into(),
        Refusal::SelfOverlap(interval) => {
            format!("The times overlap each other at {}; give them apart", dates.hours(*interval))
        }
        Refusal::PreblockInTheWay(intervals) => {
            let first = intervals.first().map(|interval| {
                format!(" {} {}", dates.date(interval.start().date()), dates.hours(*interval))
            });
            format!(
                "A preblock already lies there{}; replace it or fill the gaps",
                first.unwrap_or_default()
            )
        }
        Refusal::BookingInTheWay(interval) => format!(
            "A booking already takes {} {}; choose another time",
            dates.date(interval.start().date()),
            dates.hours(*interval)
        ),
        Refusal::MayNotBypass(id) => format!(
            "The preblock type {} may not be bypassed; choose another time or category",
            names.of_type(id)
        ),
        Refusal::NeedsConfirmation(what) => {
            let all = what.iter().map(|each| confirmation(Language::English, each, names.setup));
            format!("Confirm first: {}", in_a_row(all))
        }
        Refusal::Gone => "It is gone: somebody has changed it; look again".into(),
        Refusal::AlreadyCancelled => "The booking is already cancelled".into(),
        Refusal::RepeatsNothing => {
            "The repetition reaches no later week; choose a later end".into()
        }
        Refusal::RepeatsTooFar(weeks) => {
            format!("At most {weeks} weeks are repeated at once; choose a nearer end")
        }
        Refusal::NotYours => "No change of yours to undo".into(),
        Refusal::TouchedSince { who, when } => format!(
            "{who} changed the same {} {}; look again and change it by hand",
            dates.date(when.date()),
            when.clock()
        ),
        Refusal::OnlineOnly => {
            "What patients do comes through the Online Client, which does nothing else".into()
        }
        Refusal::NotBookable(reason) => not_bookable(Language::English, reason, names.setup),
        Refusal::NotChangeable(reason) => not_changeable(Language::English, *reason),
        Refusal::NothingOffered => {
            "The contacts were taken over or dismissed already; look again".into()
        }
        Refusal::PatientsChange => "What patients did is not undone".into(),
        Refusal::TextTooLong(length) => {
            format!("The text is longer than {length} characters; shorten it")
        }
        Refusal::Faults(faults) => {
            in_a_row(faults.iter().map(|each| fault(Language::English, *each)))
        }
        Refusal::ChangedMeanwhile { who, when } => format!(
            "{who} changed the same {} {}; compare and choose",
            dates.date(when.date()),
            when.clock()
        ),
        Refusal::BookingMeanwhile { how, who, when } => {
            meanwhile(Language::English, how, (who, *when), names)
        }
        Refusal::NotAsShown => {
            "Nothing is done: somebody has changed the book or the settings, and it \
            would be something else than what was shown; look again and confirm"
                .into()
        }
        Refusal::InBookOf { practitioner, refusal } => {
            format!("{}: {}", names.of_practitioner(practitioner), english(refusal, names))
        }
        Refusal::NotEmpty => {
            "The database is not empty; import in place of everything with --replace".into()
        }
    }
}

fn in_a_row(sentences: impl Iterator<Item = String>) -> String {
    sentences.collect::<Vec<_>>().join("; ")
}

/// What has become of a booking since the user looked at it, by whom and when, and what to do.
fn meanwhile(
    language: Language,
    how: &Meanwhile,
    (who, when): (&str, CivilTime),
    names: &Names<'_>,
) -> String {
    let dates = Dates(language);
    let by = format!("{who} {} {}", dates.date(when.date()), when.clock());
    match how {
        Meanwhile::Cancelled => language.pick(
            format!("Bokningen är avbokad av {by}; boka en ny tid om den behövs"),
            format!("The booking was cancelled by {by}; book a new time if it is needed"),
        ),
        Meanwhile::Moved { practitioner, interval } => {
            let name = names.of_practitioner(practitioner);
            let day = dates.date(interval.start().date());
            let to = format!("{day} {}", dates.hours(*interval));
            language.pick(
                format!(
                    "Bokningen står nu {to} hos {name} (ändrad av {by}); titta igen och börja om"
                ),
                format!(
                    "The booking is at {to} with {name} now (changed by {by}); look and begin anew"
                ),
            )
        }
        Meanwhile::ForAnother => language.pick(
            format!("Bokningen gäller nu någon annan (ändrad av {by}); titta igen och börja om"),
            format!("The booking is for somebody else now (changed by {by}); look and begin anew"),
        ),
    }
}

/// Why a patient can't rebook or cancel, for staff (R15).
fn not_changeable(language: Language, why: NotChangeable) -> String {
    let dates = Dates(language);
    let (swedish, english) = match why {
        NotChangeable::NotFromPortal => (
            "Bokningen är inte gjord på bokningssidan",
            "The booking was not made on the booking page",
        ),
        NotChangeable::AnotherPerson => (
            "Bokningens patient har ett annat personnummer än e-legitimationen",
            "The booking's patient has another personnummer than the e-ID",
        ),
        NotChangeable::Cancelled => {
            ("Bokningen är redan avbokad", "The booking is already cancelled")
        }
        NotChangeable::Template => (
            "Bokningsmallen låter inte patienten göra det; ändra det på mallen",
            "The template does not let patients do so; set it on the template",
        ),
        NotChangeable::Settings => (
            "Online-inställningarna låter inte patienter göra det; ändra det där",
            "The online settings do not let patients do so; set it there",
        ),
        NotChangeable::TooLate { deadline } => {
            let before = language.pick("Det skulle ha gjorts före", "It was to be done before");
            return format!("{before} {} {}", dates.date(deadline.date()), deadline.clock());
        }
        NotChangeable::AnotherCompany => (
            "Behandlaren hör till ett annat företag",
            "The practitioner belongs to another company",
        ),
    };
    language.pick(swedish, english).to_owned()
}

fn nothing_to_do(language: Language, why: NothingToDo) -> &'static str {
    let (swedish, english) = match why {
        NothingToDo::NoTime => {
            ("Inget att göra: ingen tid angavs", "Nothing to do: no time was given")
        }
        NothingToDo::AllCovered => (
            "Inget att göra: allt täcks redan av preblock",
            "Nothing to do: all of it is covered by preblocks already",
        ),
        NothingToDo::NoPreblock => {
            ("Inget att göra: inget preblock angavs", "Nothing to do: no preblock was given")
        }
        NothingToDo::AllScheduled => (
            "Inget att göra: allt är redan schemalagt",
            "Nothing to do: all of it is scheduled already",
        ),
        NothingToDo::NothingScheduled => {
            ("Inget att göra: inget av det är schemalagt", "Nothing to do: none of it is scheduled")
        }
        NothingToDo::EmptyScheduleWeek => (
            "Inget att göra: veckan har inga arbetspass",
            "Nothing to do: the week has no work sessions",
        ),
        NothingToDo::EmptyPreblockWeek => {
            ("Inget att göra: veckan har inga preblock", "Nothing to do: the week has no preblocks")
        }
        NothingToDo::NothingPublished => (
            "Inget att dra tillbaka: inga Internet-preblock de dagarna",
            "Nothing to withdraw: no Internet preblocks on those days",
        ),
        NothingToDo::Unchanged => {
            ("Inget att göra: inget är ändrat", "Nothing to do: nothing has been changed")
        }
        NothingToDo::AlreadyRepeated => (
            "Inget att göra: de andra veckorna ser redan ut så",
            "Nothing to do: the other weeks look like this already",
        ),
    };
    language.pick(swedish, english)
}
