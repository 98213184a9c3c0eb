//! `tidbok patient`: finding patients, and what is known of one. What is printed leaves the screen, so a
//! protected patient is masked whoever asks (R22).

use serde::Serialize;

use crate::clinic::{PatientCard, again};
use crate::domain::{Booking, CivilTime, IdentityProtection, Patient};
use crate::store::OpenMode;

use super::arguments::At;
use super::context::Context;
use super::entered::Entered;
use super::patient_record::{Erase, Export};
use super::{Failure, output, patient_record};

/// How many patients a search lists.
const FOUND: u32 = 50;

#[derive(clap::Subcommand, Debug)]
pub enum Subcommands {
    /// Find patients by part of a name, by personnummer or telephone number
    Find(Find),
    /// Tell what is known of a patient: details, recall, bookings
    Show(Show),
    /// Write all that is kept about one person, as JSON for that person
    Export(Export),
    /// Erase one person's name, number, contacts and free text for good
    Erase(Erase),
}

#[derive(clap::Args, Debug)]
pub struct Find {
    /// The beginning of each name, or a personnummer or telephone number in any spelling
    text: String,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args, Debug)]
pub struct Show {
    /// The patient's id
    patient: String,
    #[command(flatten)]
    at: At,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(context: &Context, command: Subcommands) -> Result<(), Failure> {
    let entered = context.enter(OpenMode::Existing).await?;
    match command {
        Subcommands::Find(asked) => find(entered, &asked).await,
        Subcommands::Show(asked) => show(entered, &asked).await,
        Subcommands::Export(asked) => patient_record::export(entered, &asked).await,
        Subcommands::Erase(asked) => patient_record::erase(entered, &asked).await,
    }
}

/// What is printed of a patient.
#[derive(Serialize)]
struct Row {
    /// `null` where the identity is protected, as everything below.
    id: Option<String>,
    name: String,
    personnummer: Option<String>,
    mobile: Option<String>,
    email: Option<String>,
    address: Option<String>,
}

impl Row {
    fn of(entered: &Entered, patient: &Patient) -> Self {
        if patient.protection == IdentityProtection::Protected {
            let name = entered.language.texts().identity_protected.to_owned();
            let (id, personnummer, mobile, email, address) = (None, None, None, None, None);
            return Self { id, name, personnummer, mobile, email, address };
        }
        Self {
            id: Some(patient.id.to_string()),
            name: format!("{} {}", patient.first_name, patient.last_name),
            personnummer: patient.personnummer.as_ref().map(|number| number.as_str().to_owned()),
            mobile: patient.mobile.clone(),
            email: patient.email.clone(),
            address: patient.address.clone(),
        }
    }

    fn cells(&self) -> [String; 6] {
        [
            &self.id,
            &Some(self.name.clone()),
            &self.personnummer,
            &self.mobile,
            &self.email,
            &self.address,
        ]
        .map(|cell| cell.clone().unwrap_or_default())
    }
}

async fn find(entered: Entered, asked: &Find) -> Result<(), Failure> {
    let found = again(|| entered.clinic.find_patients(&entered.actor, &asked.text, FOUND)).await;
    let found = found.map_err(|error| entered.failure(&error))?;
    let rows: Vec<Row> = found.iter().map(|patient| Row::of(&entered, patient)).collect();
    let text = if asked.json { output::json_list(&rows)? } else { table(&entered, &rows) };
    entered.leave().await;
    output::print(&text)
}

fn table(entered: &Entered, rows: &[Row]) -> String {
    let language = entered.language;
    let head = language.pick(
        ["ID", "NAMN", "PERSONNUMMER", "MOBIL", "E-POST", "ADRESS"],
        ["ID", "NAME", "PERSONNUMMER", "MOBILE", "E-MAIL", "ADDRESS"],
    );
    let cells: Vec<_> = rows.iter().map(Row::cells).collect();
    output::table(head, &cells, language.pick("Inga patienter.", "No patients."))
}

/// A patient with recall and bookings.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    patient: Row,
    recall_months: u32,
    recall_date: Option<String>,
    recall_template: Option<String>,
    coming: Vec<Booked>,
    past: Vec<Booked>,
}

#[derive(Serialize)]
struct Booked {
    id: String,
    practitioner: String,
    start: CivilTime,
    end: CivilTime,
    template: Option<String>,
    cancelled: bool,
}

impl Booked {
    fn of(booking: &Booking) -> Self {
        Self {
            id: booking.id.to_string(),
            practitioner: booking.practitioner.to_string(),
            start: booking.interval.start(),
            end: booking.interval.end(),
            template: booking.template.as_ref().map(ToString::to_string),
            cancelled: !booking.is_active(),
        }
    }
}

async fn show(entered: Entered, asked: &Show) -> Result<(), Failure> {
    let now = asked.at.now(&entered.setup);
    let id = asked.patient.as_str().into();
    let card = again(|| entered.clinic.patient_card(&entered.actor, &id, now)).await;
    let card = card.map_err(|error| entered.failure(&error))?;
    let shown = shown(&entered, &card);
    let text = if asked.json { output::json_line(&shown)? } else { told(&entered, &shown) };
    entered.leave().await;
    output::print(&text)
}

fn shown(entered: &Entered, card: &PatientCard) -> Shown {
    let recall = &card.patient.recall;
    Shown {
        patient: Row::of(entered, &card.patient),
        recall_months: recall.months,
        recall_date: recall.date.map(|date| date.to_string()),
        recall_template: recall.template.as_ref().map(ToString::to_string),
        coming: card.coming.iter().map(Booked::of).collect(),
        past: card.past.iter().map(Booked::of).collect(),
    }
}

/// The patient on a line, the recall, and a line a booking.
fn told(entered: &Entered, shown: &Shown) -> String {
    let language = entered.language;
    let texts = language.patient_texts();
    let mut text = table(entered, std::slice::from_ref(&shown.patient));
    let date = shown.recall_date.as_deref().unwrap_or(texts.recall_none);
    let template = shown.recall_template.as_deref().unwrap_or(texts.no_template);
    let recall = [date.to_owned(), texts.every(shown.recall_months), template.to_owned()];
    text.push_str(&format!("{}: {}\n\n", texts.recall, output::plain(&recall.join(" · "))));
    let rows: Vec<[String; 5]> = shown
        .coming
        .iter()
        .chain(&shown.past)
        .map(|booked| {
            [
                booked.start.to_string(),
                booked.end.to_string(),
                booked.practitioner.clone(),
                booked.id.clone(),
                if booked.cancelled {
                    texts.cancelled.to_owned()
                } else {
                    booked.template.clone().unwrap_or_default()
                },
            ]
        })
        .collect();
    let head = language.pick(
        ["FRÅN", "TILL", "BEHANDLARE", "ID", "MALL"],
        ["FROM", "TO", "PRACTITIONER", "ID", "TEMPLATE"],
    );
    text + &output::table(head, &rows, language.pick("Inga bokningar.", "No bookings."))
}
