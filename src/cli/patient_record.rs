//! `tidbok patient export` and `erase`: what a person has a right to ask of the clinic.

use std::io::{IsTerminal, stdin};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::clinic::{AuditEntry, AuditValue, Erasure, PatientRecord, UnsentMail, again};
use crate::domain::{
    Booking, CivilTime, GivenContacts, Identification, IdentityProtection, Notice, PatientLanguage,
    Permission,
};
use crate::store::Completeness;
use crate::texts::Language;

use super::arguments::At;
use super::entered::Entered;
use super::{Failure, output, prompt};

#[derive(clap::Args, Debug)]
pub struct Export {
    /// The patient's id
    patient: String,
    /// Also where the identity is protected
    #[arg(long)]
    complete: bool,
}

#[derive(clap::Args, Debug)]
pub struct Erase {
    /// The patient's id
    patient: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Also where a message to the patient is not sent yet: it never is
    #[arg(long)]
    untold: bool,
    #[command(flatten)]
    at: At,
}

/// Everything that is kept of a person.
#[derive(Serialize)]
struct Record {
    patient: Registered,
    bookings: Vec<KeptBooking>,
    given_online: Vec<Given>,
    e_mail: Vec<Told>,
    log: Vec<Logged>,
}

#[derive(Serialize)]
struct Registered {
    id: String,
    personnummer: Option<String>,
    first_name: String,
    last_name: String,
    email: Option<String>,
    mobile: Option<String>,
    address: Option<String>,
    protected_identity: bool,
    recall_months: u32,
    recall_date: Option<String>,
    recall_template: Option<String>,
}

#[derive(Serialize)]
struct KeptBooking {
    id: String,
    practitioner: String,
    start: CivilTime,
    end: CivilTime,
    category: String,
    template: Option<String>,
    text: String,
    registered_by: String,
    booked_online: bool,
    identified_with_e_id: bool,
    cancelled: bool,
}

#[derive(Serialize)]
struct Given {
    booking: String,
    given_at: CivilTime,
    first_name: String,
    last_name: String,
    email: String,
    mobile: String,
    address: Option<String>,
    language: Option<&'static str>,
}

#[derive(Serialize)]
struct Told {
    booking: String,
    about: &'static str,
    decided_at: DateTime<Utc>,
    state: &'static str,
}

#[derive(Serialize)]
struct Logged {
    at: DateTime<Utc>,
    by: String,
    action: String,
    entity: String,
    before: Option<Value>,
    after: Option<Value>,
}

impl KeptBooking {
    fn of(booking: &Booking) -> Self {
        Self {
            id: booking.id.to_string(),
            practitioner: booking.practitioner.to_string(),
            start: booking.interval.start(),
            end: booking.interval.end(),
            category: booking.category.to_string(),
            template: booking.template.as_ref().map(ToString::to_string),
            text: booking.text.clone(),
            registered_by: booking.registered_by.clone(),
            booked_online: booking.is_online(),
            identified_with_e_id: booking.identification == Identification::EId,
            cancelled: !booking.is_active(),
        }
    }
}

impl Given {
    fn of(given: &GivenContacts) -> Self {
        let contacts = given.contacts.clone();
        Self {
            booking: given.booking.to_string(),
            given_at: given.given_at,
            first_name: contacts.first_name,
            last_name: contacts.last_name,
            email: contacts.email,
            mobile: contacts.mobile,
            address: contacts.address,
            language: given.language.map(PatientLanguage::tag),
        }
    }
}

impl Told {
    fn of(notice: &Notice) -> Self {
        Self {
            booking: notice.booking.to_string(),
            about: notice.kind.key(),
            decided_at: notice.decided_at,
            state: notice.state.key(),
        }
    }
}

impl Logged {
    fn of(entry: &AuditEntry) -> Self {
        Self {
            at: entry.at,
            by: entry.actor.clone(),
            action: entry.action.clone(),
            entity: entry.entity.clone(),
            before: entry.before.as_ref().map(AuditValue::to_json),
            after: entry.after.as_ref().map(AuditValue::to_json),
        }
    }
}

impl Record {
    fn of(record: &PatientRecord) -> Self {
        let patient = record.patient.clone();
        Self {
            patient: Registered {
                id: patient.id.to_string(),
                personnummer: patient.personnummer.map(|number| number.as_str().to_owned()),
                first_name: patient.first_name,
                last_name: patient.last_name,
                email: patient.email,
                mobile: patient.mobile,
                address: patient.address,
                protected_identity: patient.protection == IdentityProtection::Protected,
                recall_months: patient.recall.months,
                recall_date: patient.recall.date.map(|date| date.to_string()),
                recall_template: patient.recall.template.map(|template| template.to_string()),
            },
            bookings: record.bookings.iter().map(KeptBooking::of).collect(),
            given_online: record.given.iter().map(Given::of).collect(),
            e_mail: record.notices.iter().map(Told::of).collect(),
            log: record.log.iter().map(Logged::of).collect(),
        }
    }
}

pub(super) async fn export(entered: Entered, asked: &Export) -> Result<(), Failure> {
    let id = asked.patient.as_str().into();
    let completeness = if asked.complete { Completeness::Complete } else { Completeness::Masked };
    let record = again(|| entered.clinic.patient_record(&entered.actor, &id, completeness)).await;
    let record = record.map_err(|error| entered.failure(&error))?;
    let text = output::json_line(&Record::of(&record))?;
    entered.leave().await;
    output::print(&text)
}

pub(super) async fn erase(entered: Entered, asked: &Erase) -> Result<(), Failure> {
    entered.require(Permission::UsersManage)?;
    let language = entered.language;
    if !asked.yes {
        confirm(&entered, &asked.patient)?;
    }
    let (id, now) = (asked.patient.as_str().into(), asked.at.now(&entered.setup));
    let unsent = if asked.untold { UnsentMail::GiveUp } else { UnsentMail::Await };
    let done = entered.clinic.erase_patient(&entered.actor, &id, unsent, now).await;
    let left = match done.map_err(|error| entered.failure(&error))? {
        Erasure::Erased { bookings } => bookings,
        Erasure::StillBooked(standing) => return Err(still_booked(&entered, &standing)),
        Erasure::Untold => return Err(untold(language)),
    };
    // What was erased is gone from the tables; now from the file, too.
    let overwritten = entered.clinic.store().overwrite_erased().await;
    entered.leave().await;
    if overwritten.is_err() {
        output::note(language.pick(
            "tidbok: raderat, men databasfilen kunde inte skrivas om nu; spår kan finnas kvar i den",
            "tidbok: erased, but the database file could not be rewritten now; it may hold traces",
        ));
    }
    output::print(&language.pick(
        format!("Raderad. Bokningar som är kvar utan namn: {left}.\n"),
        format!("Erased. Bookings that are left without a name: {left}.\n"),
    ))
    .map_err(|failure| failure.after_the_change(language))
}

/// The word of whoever sits there: the id, typed once more.
fn confirm(entered: &Entered, patient: &str) -> Result<(), Failure> {
    let language = entered.language;
    if !stdin().is_terminal() {
        let sentence = language.pick(
            "frågar bara vid en terminal; --yes raderar utan att fråga",
            "asks at a terminal only; --yes erases without asking",
        );
        return Err(Failure::Usage(sentence.to_owned()));
    }
    let question = language.pick(
        "Namn, personnummer, kontaktuppgifter och fritext raderas för gott. Skriv patientens id: ",
        "Name, personnummer, contacts and free text are erased for good. Type the patient's id: ",
    );
    if prompt::ask(question)?.as_deref() == Some(patient) {
        return Ok(());
    }
    let sentence = language.pick("inget raderades", "nothing was erased");
    Err(Failure::Refused(sentence.to_owned()))
}

fn untold(language: Language) -> Failure {
    let sentence = language.pick(
        "inget raderades: ett brev till patienten om en tid är inte skickat än, och går aldrig fram om \
         adressen raderas; vänta ett par minuter och försök igen (`tidbok status` säger om e-post står \
         stilla), eller radera ändå med --untold",
        "nothing was erased: a message to the patient about a time is not sent yet, and never arrives if the \
         address is erased; wait a few minutes and try again (`tidbok status` tells whether e-mail is held \
         up), or erase all the same with --untold",
    );
    Failure::Refused(sentence.to_owned())
}

fn still_booked(entered: &Entered, standing: &[Booking]) -> Failure {
    let told: Vec<String> = standing
        .iter()
        .map(|it| format!("{} {} {}", it.interval.start(), it.practitioner, it.id))
        .collect();
    let told = told.join(", ");
    Failure::Refused(output::plain(&entered.language.pick(
        format!("bokningar som inte är över ska avbokas först: {told}"),
        format!("bookings that are not over are to be cancelled first: {told}"),
    )))
}
