//! `tidbok preblock`: lay, remove and list preblocks (R12, R18).

use serde::Serialize;

use crate::clinic::{Command, OverlapChoice};
use crate::domain::{CivilTime, Interval, PractitionerId, Preblock, PreblockId};
use crate::store::OpenMode;

use super::arguments::{self, Listing};
use super::change::{self, Doing};
use super::context::Context;
use super::entered::Entered;
use super::{Failure, output};

#[derive(clap::Subcommand, Debug)]
pub enum Subcommands {
    /// Lay preblocks of one type
    Add(Add),
    /// Remove whole preblocks
    Remove(Remove),
    /// List preblocks
    List(Listing),
}

#[derive(clap::Args, Debug)]
pub struct Add {
    /// The practitioner's id
    practitioner: String,
    /// The preblock type's id
    preblock_type: String,
    /// From and to, as in 2026-11-25T09:00/11:00
    #[arg(required = true, value_name = "START/END", value_parser = arguments::interval)]
    intervals: Vec<Interval>,
    /// What to do where a preblock lies already
    #[arg(long, value_enum, default_value_t)]
    overlap: Overlap,
    /// The code of a type that asks for one
    #[arg(long)]
    code: Option<String>,
    #[command(flatten)]
    doing: Doing,
}

#[derive(clap::Args, Debug)]
pub struct Remove {
    /// The practitioner's id
    practitioner: String,
    /// Each preblock that lies at the time, or overlaps the interval START/END
    #[arg(required = true, value_name = "TIME", value_parser = arguments::interval_or_time)]
    times: Vec<Interval>,
    #[command(flatten)]
    doing: Doing,
}

/// What to do where a preblock lies already (R12).
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub enum Overlap {
    /// Refuse the whole change
    #[default]
    Refuse,
    /// Replace the overlapped part
    Replace,
    /// Lay only where nothing lies
    Fill,
}

impl From<Overlap> for OverlapChoice {
    fn from(overlap: Overlap) -> Self {
        match overlap {
            Overlap::Refuse => OverlapChoice::Refuse,
            Overlap::Replace => OverlapChoice::Replace,
            Overlap::Fill => OverlapChoice::Fill,
        }
    }
}

pub(super) async fn run(context: &Context, command: Subcommands) -> Result<(), Failure> {
    let entered = context.enter(OpenMode::Existing).await?;
    match command {
        Subcommands::Add(add) => lay(entered, add).await,
        Subcommands::Remove(remove) => take_away(entered, &remove).await,
        Subcommands::List(asked) => list(entered, &asked).await,
    }
}

async fn lay(entered: Entered, add: Add) -> Result<(), Failure> {
    let command = Command::LayPreblocks {
        practitioner: add.practitioner.as_str().into(),
        preblock_type: add.preblock_type.as_str().into(),
        intervals: add.intervals,
        overlap: add.overlap.into(),
        code: add.code,
    };
    change::carry_out(entered, &command, &add.doing).await
}

async fn take_away(entered: Entered, remove: &Remove) -> Result<(), Failure> {
    let practitioner = entered.practitioner(&remove.practitioner)?;
    let mut preblocks: Vec<PreblockId> = Vec::new();
    for interval in &remove.times {
        let found = overlapping(&entered, &practitioner, *interval).await?;
        preblocks.extend(found.into_iter().map(|preblock| preblock.id));
    }
    preblocks.sort();
    preblocks.dedup();
    let command = Command::RemovePreblocks { practitioner, preblocks };
    change::carry_out(entered, &command, &remove.doing).await
}

async fn overlapping(
    entered: &Entered,
    practitioner: &PractitionerId,
    interval: Interval,
) -> Result<Vec<Preblock>, Failure> {
    let book = entered.book(practitioner, interval.days()).await?;
    Ok(book.calendar.preblocks_in(interval).to_vec())
}

#[derive(Serialize)]
struct Row {
    id: String,
    practitioner: String,
    #[serde(rename = "type")]
    preblock_type: String,
    start: CivilTime,
    end: CivilTime,
    in_force: bool,
}

async fn list(entered: Entered, asked: &Listing) -> Result<(), Failure> {
    let now = asked.at.now(&entered.setup);
    let mut rows = Vec::new();
    for practitioner in entered.practitioners(asked.practitioner.as_deref())? {
        let days = asked.days.range(now);
        let book = entered.book(&practitioner, days).await?;
        let Some(within) = days.interval() else { continue };
        let found = book.calendar.preblocks_in(within).iter();
        rows.extend(found.map(|preblock| row(&entered, preblock, now)));
    }
    rows.sort_by(|a, b| (a.start, &a.practitioner).cmp(&(b.start, &b.practitioner)));
    let text = if asked.json { output::json_list(&rows)? } else { table(&entered, &rows) };
    entered.leave().await;
    output::print(&text)
}

fn row(entered: &Entered, preblock: &Preblock, now: CivilTime) -> Row {
    let preblock_type = entered.setup.preblock_types.get(&preblock.preblock_type);
    let start = preblock.interval.start();
    Row {
        id: preblock.id.to_string(),
        practitioner: preblock.practitioner.to_string(),
        preblock_type: preblock.preblock_type.to_string(),
        start,
        end: preblock.interval.end(),
        in_force: preblock_type.is_some_and(|found| found.in_force(start.date(), now.date())),
    }
}

fn table(entered: &Entered, rows: &[Row]) -> String {
    let language = entered.language;
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let expired = if row.in_force { "" } else { language.texts().expired };
            [
                row.start.to_string(),
                row.end.to_string(),
                row.practitioner.clone(),
                row.preblock_type.clone(),
                expired.to_owned(),
            ]
        })
        .collect();
    let head = language.pick(
        ["FRÅN", "TILL", "BEHANDLARE", "PREBLOCK", ""],
        ["FROM", "TO", "PRACTITIONER", "PREBLOCK", ""],
    );
    output::table(head, &rows, language.pick("Inga preblock.", "No preblocks."))
}
