//! `tidbok booking`: staff bookings (R13). Patients show by id; names only to who may see them.

use serde::Serialize;

use std::collections::BTreeSet;

use crate::clinic::{
    Book, BookedFor, BookingSubject, Command, Confirmation, EditedBooking, MovedBooking,
    StaffBooking, again,
};
use crate::domain::{
    Booking, BookingId, CivilTime, Identification, IdentityProtection, Interval, PatientId,
    Permission, Refusal,
};
use crate::store::OpenMode;

use super::arguments::{self, Listing};
use super::change::{self, Doing};
use super::context::Context;
use super::entered::Entered;
use super::{Failure, output};

#[derive(clap::Subcommand, Debug)]
pub enum Subcommands {
    /// Book a time by a booking template
    Add(Add),
    /// Move a booking, or change its length
    Move(Move),
    /// Give a booking another template, patient or text
    Edit(Edit),
    /// Cancel a booking
    Cancel(Cancel),
    /// List bookings that are not cancelled
    List(Listing),
}

#[derive(clap::Args, Debug)]
pub struct Add {
    /// The practitioner's id
    practitioner: String,
    /// The booking template's id
    template: String,
    /// When it starts (YYYY-MM-DDTHH:MM)
    #[arg(value_parser = arguments::time)]
    start: CivilTime,
    /// The patient's id
    #[arg(long, value_name = "ID")]
    patient: Option<String>,
    /// The text in the book, in place of the template's
    #[arg(long)]
    text: Option<String>,
    /// Book in spite of what has to be confirmed
    #[arg(long)]
    confirm: bool,
    #[command(flatten)]
    doing: Doing,
}

#[derive(clap::Args, Debug)]
pub struct Move {
    /// The booking's id
    booking: String,
    /// From and to, as in 2026-11-25T08:00/08:30
    #[arg(value_name = "START/END", value_parser = arguments::interval)]
    interval: Interval,
    /// The id of the practitioner it goes to; its own where it is left out
    #[arg(long, value_name = "ID")]
    practitioner: Option<String>,
    /// Move it in spite of what has to be confirmed
    #[arg(long)]
    confirm: bool,
    #[command(flatten)]
    doing: Doing,
}

#[derive(clap::Args, Debug)]
pub struct Edit {
    /// The booking's id
    booking: String,
    /// The id of the booking template in place of the present one; the length stays
    #[arg(long, value_name = "ID")]
    template: Option<String>,
    /// The patient's id
    #[arg(long, value_name = "ID")]
    patient: Option<String>,
    /// Nobody's booking from now on
    #[arg(long, conflicts_with = "patient")]
    no_patient: bool,
    /// The text in the book
    #[arg(long)]
    text: Option<String>,
    /// Change it in spite of what has to be confirmed
    #[arg(long)]
    confirm: bool,
    #[command(flatten)]
    doing: Doing,
}

#[derive(clap::Args, Debug)]
pub struct Cancel {
    /// The booking's id
    booking: String,
    /// Why: kept in the log
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    doing: Doing,
}

pub(super) async fn run(context: &Context, command: Subcommands) -> Result<(), Failure> {
    let entered = context.enter(OpenMode::Existing).await?;
    match command {
        Subcommands::Add(add) => book(entered, add).await,
        Subcommands::Move(asked) => move_booking(entered, asked).await,
        Subcommands::Edit(asked) => edit(entered, asked).await,
        Subcommands::Cancel(Cancel { booking, reason, doing }) => {
            let booking = booking.as_str().into();
            let command = Command::CancelBooking { booking, seen: None, reason };
            change::carry_out(entered, &command, &doing).await
        }
        Subcommands::List(asked) => list(entered, &asked).await,
    }
}

async fn book(entered: Entered, add: Add) -> Result<(), Failure> {
    let mut booking = StaffBooking {
        practitioner: add.practitioner.as_str().into(),
        start: add.start,
        what: BookingSubject::Template(add.template.as_str().into()),
        patient: add.patient.as_deref().map(PatientId::from).into(),
        text: add.text,
        confirmed: Default::default(),
    };
    if add.confirm {
        let asked = Command::Book(booking.clone());
        booking.confirmed = to_confirm(&entered, &asked, &add.doing).await?;
    }
    change::carry_out(entered, &Command::Book(booking), &add.doing).await
}

/// All that the command asks to confirm.
async fn to_confirm(
    entered: &Entered,
    command: &Command,
    doing: &Doing,
) -> Result<BTreeSet<Confirmation>, Failure> {
    let now = doing.at.now(&entered.setup);
    let preview = change::preview(entered, command, now).await?;
    Ok(preview.to_confirm.into_iter().collect())
}

/// The booking as it is stored.
async fn stored(entered: &Entered, booking: &BookingId) -> Result<Booking, Failure> {
    let store = entered.clinic.store();
    let found = again(async || Ok(store.read().await?.booking(booking).await?)).await;
    let found = found.map_err(|error| entered.failure(&error))?;
    found.ok_or_else(|| entered.refused(&Refusal::Gone))
}

async fn edit(entered: Entered, asked: Edit) -> Result<(), Failure> {
    let seen = stored(&entered, &asked.booking.as_str().into()).await?;
    let patient = match (asked.no_patient, asked.patient.as_deref()) {
        (true, _) => BookedFor::Nobody,
        (false, Some(id)) => BookedFor::Patient(id.into()),
        (false, None) => seen.patient.clone().into(),
    };
    let mut edited = EditedBooking {
        template: asked.template.as_deref().map(Into::into),
        patient,
        text: asked.text.unwrap_or_else(|| seen.text.clone()),
        seen: Box::new(seen),
        confirmed: BTreeSet::new(),
    };
    if asked.confirm {
        let command = Command::EditBooking(edited.clone());
        edited.confirmed = to_confirm(&entered, &command, &asked.doing).await?;
    }
    change::carry_out(entered, &Command::EditBooking(edited), &asked.doing).await
}

async fn move_booking(entered: Entered, asked: Move) -> Result<(), Failure> {
    let booking = asked.booking.as_str().into();
    let practitioner = match &asked.practitioner {
        Some(id) => id.as_str().into(),
        None => stored(&entered, &booking).await?.practitioner,
    };
    let (interval, confirmed) = (asked.interval, Default::default());
    let mut moved = MovedBooking { booking, seen: None, practitioner, interval, confirmed };
    if asked.confirm {
        let command = Command::MoveBooking(moved.clone());
        moved.confirmed = to_confirm(&entered, &command, &asked.doing).await?;
    }
    change::carry_out(entered, &Command::MoveBooking(moved), &asked.doing).await
}

#[derive(Serialize)]
struct Row {
    id: String,
    practitioner: String,
    start: CivilTime,
    end: CivilTime,
    category: String,
    template: Option<String>,
    /// The patient's id.
    patient: Option<String>,
    /// The patient's name where the actor may see it and it is not protected (R22).
    name: Option<String>,
    text: String,
    registered_by: String,
    /// A patient's own booking without e-ID.
    unverified: bool,
}

async fn list(entered: Entered, asked: &Listing) -> Result<(), Failure> {
    let days = asked.days.range(asked.at.now(&entered.setup));
    let mut rows = Vec::new();
    for practitioner in entered.practitioners(asked.practitioner.as_deref())? {
        let book = entered.book(&practitioner, days).await?;
        let Some(within) = days.interval() else { continue };
        let found = book.calendar.bookings_in(within).iter();
        rows.extend(found.map(|booking| row(&entered, &book, booking)));
    }
    rows.sort_by(|a, b| (a.start, &a.practitioner).cmp(&(b.start, &b.practitioner)));
    let text = if asked.json { output::json_list(&rows)? } else { table(&entered, &rows) };
    entered.leave().await;
    output::print(&text)
}

/// A list leaves the screen, so a protected patient is masked whoever asks (R22); the text may name
/// the patient, so it follows the name.
fn row(entered: &Entered, book: &Book, booking: &Booking) -> Row {
    let patient = booking.patient.as_ref().and_then(|id| book.patients.get(id));
    let masked = patient.is_some_and(|patient| patient.protection == IdentityProtection::Protected);
    let visible = !masked && entered.actor.may(Permission::PatientView);
    let name = patient.map(|patient| match visible {
        true => format!("{} {}", patient.first_name, patient.last_name),
        false => entered.language.texts().identity_protected.to_owned(),
    });
    let text = if visible || patient.is_none() { booking.text.clone() } else { String::new() };
    Row {
        id: booking.id.to_string(),
        practitioner: booking.practitioner.to_string(),
        start: booking.interval.start(),
        end: booking.interval.end(),
        category: booking.category.to_string(),
        template: booking.template.as_ref().map(ToString::to_string),
        patient: booking.patient.as_ref().filter(|_| visible).map(ToString::to_string),
        name,
        text,
        registered_by: booking.registered_by.clone(),
        unverified: booking.is_online() && booking.identification == Identification::Unverified,
    }
}

fn table(entered: &Entered, rows: &[Row]) -> String {
    let language = entered.language;
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            [
                row.start.to_string(),
                row.end.to_string(),
                row.practitioner.clone(),
                row.id.clone(),
                row.template.clone().unwrap_or_else(|| row.category.clone()),
                row.name.clone().unwrap_or_default(),
                match row.unverified {
                    true => format!("{} {}", row.registered_by, language.texts().unverified),
                    false => row.registered_by.clone(),
                },
                row.text.clone(),
            ]
        })
        .collect();
    let head = language.pick(
        ["FRÅN", "TILL", "BEHANDLARE", "ID", "MALL", "PATIENT", "AV", "TEXT"],
        ["FROM", "TO", "PRACTITIONER", "ID", "TEMPLATE", "PATIENT", "BY", "TEXT"],
    );
    output::table(head, &rows, language.pick("Inga bokningar.", "No bookings."))
}
