//! `tidbok slots`: the times that patients can book.

use serde::Serialize;

use crate::clinic::again;
use crate::domain::{CivilTime, Setup, Slot};
use crate::store::OpenMode;

use super::arguments::Listing;
use super::context::Context;
use super::entered::Entered;
use super::output::{Columns, JsonList};
use super::{Failure, output};

#[derive(Serialize)]
struct Row<'a> {
    practitioner: &'a str,
    template: &'a str,
    start: CivilTime,
    end: CivilTime,
}

/// How much is read, and written, at once: so a large clinic's year needs no more memory than its week.
const A_WEEK: u32 = 7;

pub(super) async fn run(context: &Context, arguments: &Listing) -> Result<(), Failure> {
    let entered = context.enter(OpenMode::Existing).await?;
    let listed = list(&entered, arguments).await;
    entered.leave().await;
    listed
}

/// Writes the times week by week; each week's are from one snapshot.
async fn list(entered: &Entered, arguments: &Listing) -> Result<(), Failure> {
    let now = arguments.at.now(&entered.setup);
    let practitioner = match arguments.practitioner.as_deref() {
        Some(named) => Some(entered.practitioner(named)?),
        None => None,
    };
    let mut list = List::new(entered, arguments);
    for days in arguments.days.range(now).stretches(A_WEEK) {
        let slots = again(|| entered.clinic.slots(practitioner.as_ref(), days, now)).await;
        let slots = slots.map_err(|error| entered.failure(&error))?;
        output::print(&list.more(&slots)?)?;
    }
    output::print(list.end(entered))
}

/// The list as far as it has been written.
enum List<'a> {
    Json(JsonList),
    Table { setup: &'a Setup, head: [&'static str; 5], columns: Columns<5>, length: Length },
}

/// Whether a table has any rows yet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Length {
    Empty,
    Some,
}

impl<'a> List<'a> {
    fn new(entered: &'a Entered, arguments: &Listing) -> Self {
        if arguments.json {
            return Self::Json(JsonList::default());
        }
        let setup = &*entered.setup;
        let head = entered.language.pick(
            ["DAG", "TID", "BEHANDLARE", "MALL", "NAMN"],
            ["DAY", "TIME", "PRACTITIONER", "TEMPLATE", "NAME"],
        );
        let mut columns = Columns::under(head);
        columns.make_room_for(["YYYY-MM-DD", "HH:MM–HH:MM", "", "", ""]);
        // Whatever may come must find room: the rows are not known beforehand.
        for practitioner in setup.practitioners.keys() {
            columns.make_room_for(["", "", practitioner.as_str(), "", ""]);
        }
        for template in setup.templates.keys() {
            columns.make_room_for(["", "", "", template.as_str(), ""]);
        }
        Self::Table { setup, head, columns, length: Length::Empty }
    }

    /// The text of more times.
    fn more(&mut self, slots: &[Slot]) -> Result<String, Failure> {
        match self {
            Self::Json(list) => list.more(&slots.iter().map(Row::of).collect::<Vec<_>>()),
            Self::Table { .. } if slots.is_empty() => Ok(String::new()),
            Self::Table { setup, head, columns, length } => {
                let head = match std::mem::replace(length, Length::Some) {
                    Length::Empty => columns.line(*head),
                    Length::Some => String::new(),
                };
                Ok(head + &slots.iter().map(|slot| line(setup, columns, slot)).collect::<String>())
            }
        }
    }

    /// The text that ends it.
    fn end(self, entered: &Entered) -> &'static str {
        match self {
            Self::Json(list) => list.end(),
            Self::Table { length: Length::Some, .. } => "",
            Self::Table { length: Length::Empty, .. } => {
                entered.language.pick("Inga bokningsbara tider.\n", "No bookable times.\n")
            }
        }
    }
}

impl<'a> Row<'a> {
    fn of(slot: &'a Slot) -> Self {
        Self {
            practitioner: slot.practitioner.as_str(),
            template: slot.template.as_str(),
            start: slot.interval.start(),
            end: slot.interval.end(),
        }
    }
}

fn line(setup: &Setup, columns: &Columns<5>, slot: &Slot) -> String {
    let name = setup.templates.get(&slot.template).map_or("", |found| &found.name);
    let (start, end) = (slot.interval.start(), slot.interval.end());
    columns.line([
        &start.date().to_string(),
        &format!("{}–{}", start.clock(), end.clock()),
        slot.practitioner.as_str(),
        slot.template.as_str(),
        name,
    ])
}
