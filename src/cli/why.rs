//! `tidbok why`: the first rule that keeps patients from booking a time (R11).

use serde::Serialize;

use crate::domain::{CivilTime, DateRange, NotBookable, Resolver, Slot, TemplateId};
use crate::store::OpenMode;
use crate::texts::{self, Language};

use super::arguments::{self, At};
use super::context::Context;
use super::entered::Entered;
use super::{Failure, output};

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The practitioner's id
    practitioner: String,
    /// The booking template's id
    template: String,
    /// When the time would start (YYYY-MM-DDTHH:MM)
    #[arg(value_parser = arguments::time)]
    start: CivilTime,
    #[command(flatten)]
    at: At,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Answer<'a> {
    practitioner: &'a str,
    template: &'a str,
    start: CivilTime,
    end: Option<CivilTime>,
    bookable: bool,
    rule: Option<&'static str>,
    reason: Option<&'a str>,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<(), Failure> {
    let entered = context.enter(OpenMode::Existing).await?;
    let verdict = judge(&entered, arguments).await?;
    let reason = verdict
        .as_ref()
        .err()
        .map(|reason| texts::not_bookable(entered.language, reason, &entered.setup));
    let text = if arguments.json {
        output::json_line(&Answer {
            practitioner: &arguments.practitioner,
            template: &arguments.template,
            start: arguments.start,
            end: verdict.as_ref().ok().map(|slot| slot.interval.end()),
            bookable: verdict.is_ok(),
            rule: verdict.as_ref().err().map(NotBookable::rule),
            reason: reason.as_deref(),
        })?
    } else {
        sentence(entered.language, &verdict, reason.as_deref())
    };
    entered.leave().await;
    output::print(&text)
}

async fn judge(
    entered: &Entered,
    arguments: &Arguments,
) -> Result<Result<Slot, NotBookable>, Failure> {
    let practitioner = entered.practitioner(&arguments.practitioner)?;
    let template = TemplateId::new(arguments.template.as_str());
    let days = DateRange::new(arguments.start.date(), 1);
    let book = entered.book(&practitioner, days).await?;
    let resolver = Resolver::new(&entered.setup, &book.resources, arguments.at.now(&entered.setup));
    resolver
        .why(&practitioner, &template, arguments.start, &book.calendar)
        .map_err(|unknown| entered.refused(&unknown.into()))
}

fn sentence(
    language: Language,
    verdict: &Result<Slot, NotBookable>,
    reason: Option<&str>,
) -> String {
    match verdict {
        Ok(slot) => language.pick(
            format!("Bokningsbar: {}–{}.\n", slot.interval.start(), slot.interval.end().clock()),
            format!("Bookable: {}–{}.\n", slot.interval.start(), slot.interval.end().clock()),
        ),
        Err(failed) => {
            let reason = output::plain(reason.unwrap_or_default());
            format!("{}: {reason}\n", failed.rule())
        }
    }
}
