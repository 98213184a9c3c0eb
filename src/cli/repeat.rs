//! `tidbok repeat`: a week's sessions or preblocks onto following weeks (R19).

use chrono::NaiveDate;

use crate::clinic::{Command, RedDays, Repeat, RepeatUntil, WeekParity};
use crate::store::OpenMode;

use super::Failure;
use super::arguments;
use super::change::{self, Doing};
use super::context::Context;
use super::preblock::Overlap;

#[derive(clap::Subcommand, Debug)]
pub enum Subcommands {
    /// Repeat a week's work sessions
    Sessions(Week),
    /// Lay a week template on weeks, that of WEEK first
    Template {
        #[command(flatten)]
        week: Week,
        /// The week template's id
        template: String,
    },
    /// Repeat a week's preblocks
    Preblocks {
        #[command(flatten)]
        week: Week,
        /// What to do where a preblock lies already
        #[arg(long, value_enum, default_value_t)]
        overlap: Overlap,
        /// The code of a type that asks for one; may be given again
        #[arg(long, value_name = "CODE")]
        code: Vec<String>,
    },
}

#[derive(clap::Args, Debug)]
pub struct Week {
    /// The practitioner's id
    practitioner: String,
    /// Any day of the week to repeat (YYYY-MM-DD)
    #[arg(value_parser = arguments::date)]
    week: NaiveDate,
    #[command(flatten)]
    until: Until,
    /// Only onto odd, or even, ISO weeks
    #[arg(long, value_enum)]
    only: Option<Only>,
    /// Go onto public holidays and closed days, too
    #[arg(long)]
    include_red_days: bool,
    #[command(flatten)]
    doing: Doing,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Only {
    Odd,
    Even,
}

#[derive(clap::Args, Debug)]
#[group(required = true, multiple = false)]
struct Until {
    /// Onto this many following weeks
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    weeks: Option<u32>,
    /// Onto following days up to and including this one (YYYY-MM-DD)
    #[arg(long, value_name = "DATE", value_parser = arguments::date)]
    until: Option<NaiveDate>,
}

impl Week {
    fn repeat(&self) -> Repeat {
        let until = match (self.until.weeks, self.until.until) {
            (_, Some(date)) => RepeatUntil::Date(date),
            (weeks, None) => RepeatUntil::Weeks(weeks.unwrap_or_default()),
        };
        let red_days = if self.include_red_days { RedDays::Include } else { RedDays::Skip };
        let weeks = match self.only {
            None => WeekParity::Every,
            Some(Only::Odd) => WeekParity::Odd,
            Some(Only::Even) => WeekParity::Even,
        };
        Repeat { week: self.week, until, weeks, red_days }
    }
}

pub(super) async fn run(context: &Context, command: Subcommands) -> Result<(), Failure> {
    let entered = context.enter(OpenMode::Existing).await?;
    let (command, doing) = match command {
        Subcommands::Sessions(week) => {
            let (practitioner, repeat) = (week.practitioner.as_str().into(), week.repeat());
            (Command::RepeatWorkSessions { practitioner, repeat }, week.doing)
        }
        Subcommands::Template { week, template } => {
            let (practitioner, span) = (week.practitioner.as_str().into(), week.repeat());
            let template = template.as_str().into();
            (Command::ApplyWeekTemplate { practitioner, template, span }, week.doing)
        }
        Subcommands::Preblocks { week, overlap, code } => {
            let (practitioner, repeat) = (week.practitioner.as_str().into(), week.repeat());
            let overlap = overlap.into();
            (Command::RepeatPreblocks { practitioner, repeat, overlap, codes: code }, week.doing)
        }
    };
    change::carry_out(entered, &command, &doing).await
}
