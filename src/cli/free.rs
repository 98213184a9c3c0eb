//! `tidbok free`: *nästa lediga*, the next times that staff can book without confirming anything.

use chrono::{Datelike, NaiveDate, Weekday, WeekdaySet};
use serde::Serialize;

use crate::clinic::{Among, FreeQuestion, FreeTime, FreeTimes, again};
use crate::domain::{CivilTime, Minutes, PartOfDay, Suiting, TemplateId};
use crate::store::OpenMode;
use crate::texts::Dates;

use super::arguments::{self, At};
use super::context::Context;
use super::entered::Entered;
use super::{Failure, output};

#[derive(clap::Args, Debug)]
pub struct Arguments {
    #[command(flatten)]
    at: At,
    /// The booking template's id
    #[arg(long, value_name = "ID")]
    template: String,
    /// Only this practitioner's; else everybody's whose template list has the template
    #[arg(long, value_name = "ID", conflicts_with = "company")]
    practitioner: Option<String>,
    /// Only the practitioners of this company
    #[arg(long, value_name = "ID")]
    company: Option<String>,
    /// Only on these days, as in mon,tue
    #[arg(long, value_name = "DAYS", value_delimiter = ',')]
    weekdays: Vec<Weekday>,
    /// Only in this part of the day, as in 08:00-12:00
    #[arg(long, value_name = "FROM-TO", value_parser = part_of_day)]
    between: Option<PartOfDay>,
    /// The first day (YYYY-MM-DD) [default: today]
    #[arg(long, value_name = "DATE", value_parser = arguments::date)]
    from: Option<NaiveDate>,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

/// `FROM-TO`, each `HH:MM`; `24:00` is the end of the day.
fn part_of_day(text: &str) -> Result<PartOfDay, String> {
    let form = "not of the form FROM-TO, as in 08:00-12:00";
    let clock = |text: &str| -> Option<Minutes> {
        let (hour, minute) = text.split_once(':')?;
        let number = |digits: &str| -> Option<i32> {
            let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse().ok()).flatten()
        };
        let minute = number(minute).filter(|minute| *minute < 60)?;
        Some(Minutes(number(hour)? * 60 + minute))
    };
    let (from, to) = text.split_once('-').ok_or(form)?;
    let part = clock(from).zip(clock(to)).and_then(|(from, to)| PartOfDay::new(from, to));
    part.ok_or_else(|| form.to_owned())
}

impl Arguments {
    fn question(&self, entered: &Entered, now: CivilTime) -> Result<FreeQuestion, Failure> {
        let among = match (&self.practitioner, &self.company) {
            (Some(id), _) => Among::Practitioner(entered.practitioner(id)?),
            (None, Some(id)) => Among::Company(entered.company(id)?),
            (None, None) => Among::Clinic,
        };
        let weekdays = match self.weekdays.is_empty() {
            true => WeekdaySet::ALL,
            false => self.weekdays.iter().copied().collect(),
        };
        Ok(FreeQuestion {
            template: TemplateId::new(self.template.as_str()),
            among,
            suiting: Suiting { weekdays, part: self.between.unwrap_or(PartOfDay::WHOLE) },
            from: self.from.unwrap_or_else(|| now.date()),
            most: usize::from(self.limit),
        })
    }
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<(), Failure> {
    let entered = context.enter(OpenMode::Existing).await?;
    let now = arguments.at.now(&entered.setup);
    let question = arguments.question(&entered, now)?;
    let found = again(|| entered.clinic.free_times(&question, now)).await;
    let found = found.map_err(|error| entered.failure(&error))?;
    let text = match arguments.json {
        true => json(&found)?,
        false => table(&entered, &found, now.date()),
    };
    entered.leave().await;
    output::print(&text)
}

#[derive(Serialize)]
struct Row<'a> {
    practitioner: &'a str,
    start: CivilTime,
    end: CivilTime,
}

impl<'a> Row<'a> {
    fn of(time: &'a FreeTime) -> Self {
        let (start, end) = (time.interval.start(), time.interval.end());
        Self { practitioner: time.practitioner.as_str(), start, end }
    }
}

fn json(found: &FreeTimes) -> Result<String, Failure> {
    let rows: Vec<_> = found.times.iter().map(Row::of).collect();
    output::json_list(&rows)
}

fn table(entered: &Entered, found: &FreeTimes, today: NaiveDate) -> String {
    let language = entered.language;
    let dates = Dates(language);
    let rows: Vec<_> = found
        .times
        .iter()
        .map(|time| {
            let practitioner = entered.setup.practitioners.get(&time.practitioner);
            [
                time.interval.start().date().to_string(),
                dates.weekday(time.interval.start().date().weekday()).to_owned(),
                format!("{}–{}", time.interval.start().clock(), time.interval.end().clock()),
                time.practitioner.to_string(),
                practitioner.map(|found| found.name.clone()).unwrap_or_default(),
            ]
        })
        .collect();
    let head = language.pick(
        ["DAG", "", "TID", "BEHANDLARE", "NAMN"],
        ["DAY", "", "TIME", "PRACTITIONER", "NAME"],
    );
    let last = dates.dated(last(found), today);
    output::table(head, &rows, &language.book_texts().no_free_until(&last))
}

/// The last day that was searched.
fn last(found: &FreeTimes) -> NaiveDate {
    found.searched.end().pred_opt().unwrap_or(found.searched.first())
}
