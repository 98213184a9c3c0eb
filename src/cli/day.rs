//! `tidbok day`: a day as a list, to print or read aloud.

use chrono::NaiveDate;
use serde::Serialize;

use crate::clinic::{DayItem, DayList, Origin, Who, again};
use crate::domain::{CivilTime, PractitionerId};
use crate::store::OpenMode;
use crate::texts::{self, Naming};

use super::arguments::{self, At};
use super::context::Context;
use super::entered::Entered;
use super::{Failure, output};

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The day (YYYY-MM-DD) [default: today]
    #[arg(long, value_name = "DATE", value_parser = arguments::date)]
    date: Option<NaiveDate>,
    /// Only this practitioner's
    #[arg(long, value_name = "ID", conflicts_with = "company")]
    practitioner: Option<String>,
    /// Only those of this company
    #[arg(long, value_name = "ID")]
    company: Option<String>,
    #[command(flatten)]
    at: At,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row<'a> {
    practitioner: &'a str,
    start: CivilTime,
    end: CivilTime,
    /// `booking`, `bookable`, `free` or `internal`.
    kind: &'static str,
    /// The booking's id.
    booking: Option<&'a str>,
    /// The patient's id, where the actor may see it and it is not protected (R22).
    patient: Option<&'a str>,
    name: Option<String>,
    template: Option<&'a str>,
    category: Option<&'a str>,
    text: &'a str,
    from_booking_page: bool,
    new_patient: bool,
    /// What can be booked there.
    templates: Vec<&'a str>,
    /// The preblock type that lies there.
    preblock_type: Option<&'a str>,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<(), Failure> {
    let entered = context.enter(OpenMode::Existing).await?;
    let now = arguments.at.now(&entered.setup);
    let date = arguments.date.unwrap_or_else(|| now.date());
    let whose = whose(&entered, arguments)?;
    let lists = again(|| entered.clinic.day_lists(&entered.actor, &whose, date, now)).await;
    let lists = lists.map_err(|error| entered.failure(&error))?;
    let text = if arguments.json {
        let rows: Vec<Row<'_>> = lists.iter().flat_map(|list| rows(&entered, list)).collect();
        output::json_list(&rows)?
    } else {
        let lines = texts::day_list(entered.language, &lists, &entered.setup, Naming::Named);
        lines.iter().map(|line| output::plain(line) + "\n").collect()
    };
    entered.leave().await;
    output::print(&text)
}

/// The practitioner named, whatever their state; else the active ones in Swedish order.
fn whose(entered: &Entered, arguments: &Arguments) -> Result<Vec<PractitionerId>, Failure> {
    if let Some(named) = &arguments.practitioner {
        return Ok(vec![entered.practitioner(named)?]);
    }
    let company = arguments.company.as_deref().map(|named| entered.company(named)).transpose()?;
    let all = entered.setup.practitioners_by_name().into_iter();
    Ok(all
        .filter(|each| each.active && company.as_ref().is_none_or(|id| *id == each.company))
        .map(|each| each.id.clone())
        .collect())
}

fn rows<'a>(entered: &Entered, list: &'a DayList) -> Vec<Row<'a>> {
    let row = |entry: &'a crate::clinic::DayEntry| {
        let empty = Row {
            practitioner: list.practitioner.as_str(),
            start: entry.interval.start(),
            end: entry.interval.end(),
            kind: "free",
            booking: None,
            patient: None,
            name: None,
            template: None,
            category: None,
            text: "",
            from_booking_page: false,
            new_patient: false,
            templates: Vec::new(),
            preblock_type: None,
        };
        match &entry.what {
            DayItem::Free => empty,
            DayItem::Bookable(templates) => Row {
                kind: "bookable",
                templates: templates.iter().map(|id| id.as_str()).collect(),
                ..empty
            },
            DayItem::Internal(id) => {
                Row { kind: "internal", preblock_type: Some(id.as_str()), ..empty }
            }
            DayItem::Booking(booking) => Row {
                kind: "booking",
                booking: Some(booking.id.as_str()),
                patient: match &booking.who {
                    Who::Named { patient, .. } => Some(patient.as_str()),
                    _ => None,
                },
                name: name(entered, &booking.who),
                template: booking.template.as_ref().map(|id| id.as_str()),
                category: Some(booking.category.as_str()),
                text: &booking.text,
                from_booking_page: booking.origin != Origin::Staff,
                new_patient: booking.origin == Origin::NewFromBookingPage,
                ..empty
            },
        }
    };
    list.entries.iter().map(row).collect()
}

fn name(entered: &Entered, who: &Who) -> Option<String> {
    match who {
        Who::Nobody => None,
        Who::Named { first_name, last_name, .. } => Some(format!("{first_name} {last_name}")),
        Who::Hidden | Who::Protected => {
            Some(entered.language.texts().identity_protected.to_owned())
        }
    }
}
