//! `tidbok session`: add, remove and list work sessions (R1).

use serde::Serialize;

use crate::clinic::Command;
use crate::domain::{CivilTime, Interval};
use crate::store::OpenMode;

use super::arguments::{self, Listing};
use super::change::{self, Doing};
use super::context::Context;
use super::entered::Entered;
use super::{Failure, output};

#[derive(clap::Subcommand, Debug)]
pub enum Subcommands {
    /// Schedule stretches of time
    Add(Stretches),
    /// Take stretches of time out of the schedule
    Remove(Stretches),
    /// List work sessions
    List(Listing),
}

#[derive(clap::Args, Debug)]
pub struct Stretches {
    /// The practitioner's id
    practitioner: String,
    /// From and to, as in 2026-11-25T08:00/12:00
    #[arg(required = true, value_name = "START/END", value_parser = arguments::interval)]
    intervals: Vec<Interval>,
    #[command(flatten)]
    doing: Doing,
}

#[derive(Serialize)]
struct Row {
    id: String,
    practitioner: String,
    start: CivilTime,
    end: CivilTime,
}

pub(super) async fn run(context: &Context, command: Subcommands) -> Result<(), Failure> {
    let entered = context.enter(OpenMode::Existing).await?;
    match command {
        Subcommands::Add(Stretches { practitioner, intervals, doing }) => {
            let practitioner = practitioner.as_str().into();
            let command = Command::AddWorkSessions { practitioner, intervals };
            change::carry_out(entered, &command, &doing).await
        }
        Subcommands::Remove(Stretches { practitioner, intervals, doing }) => {
            let practitioner = practitioner.as_str().into();
            let command = Command::RemoveWorkSessions { practitioner, intervals };
            change::carry_out(entered, &command, &doing).await
        }
        Subcommands::List(asked) => list(entered, &asked).await,
    }
}

async fn list(entered: Entered, asked: &Listing) -> Result<(), Failure> {
    let days = asked.days.range(asked.at.now(&entered.setup));
    let mut rows = Vec::new();
    for practitioner in entered.practitioners(asked.practitioner.as_deref())? {
        let book = entered.book(&practitioner, days).await?;
        let sessions = book.calendar.sessions().iter();
        let within = sessions.filter(|session| {
            days.interval().is_some_and(|asked| session.interval.overlaps(asked))
        });
        rows.extend(within.map(|session| Row {
            id: session.id.to_string(),
            practitioner: practitioner.to_string(),
            start: session.interval.start(),
            end: session.interval.end(),
        }));
    }
    rows.sort_by(|a, b| (a.start, &a.practitioner).cmp(&(b.start, &b.practitioner)));
    let text = if asked.json { output::json_list(&rows)? } else { table(&entered, &rows) };
    entered.leave().await;
    output::print(&text)
}

fn table(entered: &Entered, rows: &[Row]) -> String {
    let language = entered.language;
    let rows: Vec<_> = rows
        .iter()
        .map(|row| [row.start.to_string(), row.end.to_string(), row.practitioner.clone()])
        .collect();
    let head = language.pick(["FRÅN", "TILL", "BEHANDLARE"], ["FROM", "TO", "PRACTITIONER"]);
    output::table(head, &rows, language.pick("Inga arbetspass.", "No work sessions."))
}
