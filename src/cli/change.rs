//! What every changing subcommand shares: it is previewed, carried out unless only the preview was
//! wanted, and told in numbers.

use serde::Serialize;

use crate::clinic::{Change, Command, Preview, again, new_command_id};
use crate::domain::{Booking, ChangeKind, CivilTime, LaidOutside, SkippedDay, Slot};
use crate::texts::{self, Dates};

use super::arguments::At;
use super::entered::Entered;
use super::{Failure, output};

/// Options of every change.
#[derive(clap::Args, Debug)]
pub struct Doing {
    #[command(flatten)]
    pub at: At,
    /// Only tell what would be done
    #[arg(long)]
    pub dry_run: bool,
    /// Write JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Serialize)]
struct Answer {
    /// `null` where nothing was done but the preview.
    command: Option<String>,
    practitioner: Option<String>,
    added: usize,
    removed: usize,
    altered: usize,
    gained: Vec<Time>,
    lost: Vec<Time>,
    skipped: Vec<String>,
    on_red_days: Vec<String>,
    outside: Vec<String>,
    elsewhere: Vec<Elsewhere>,
    to_confirm: Vec<String>,
}

/// What the patient is booked for with others at that time.
#[derive(Serialize)]
struct Elsewhere {
    booking: String,
    practitioner: String,
    start: CivilTime,
    end: CivilTime,
}

#[derive(Serialize)]
struct Time {
    template: String,
    start: CivilTime,
    end: CivilTime,
}

/// Previews the command, carries it out, and says what came of it.
pub(super) async fn carry_out(
    entered: Entered,
    command: &Command,
    doing: &Doing,
) -> Result<(), Failure> {
    let now = doing.at.now(&entered.setup);
    let preview = preview(&entered, command, now).await?;
    let mut done = None;
    if !doing.dry_run {
        let id = new_command_id();
        let outcome = entered.clinic.execute(&entered.actor, id, command, now).await;
        done = Some(outcome.map_err(|error| entered.failure(&error))?);
    }
    let changes = done.as_ref().map_or(&preview.changes, |outcome| &outcome.changes);
    let count = Count::of(changes);
    let text = if doing.json {
        let id = done.as_ref().map(|outcome| outcome.command.to_string());
        output::json_line(&answer(&entered, &preview, count, id))?
    } else {
        let texts = entered.language.texts();
        let first = match done {
            Some(_) => texts.done(count.added, count.removed, count.altered),
            None => texts.added_and_removed(count.added, count.removed, count.altered),
        };
        std::iter::once(first)
            .chain(effects(&entered, &preview, now))
            .map(|line| line + "\n")
            .collect()
    };
    let (language, changed) = (entered.language, !doing.dry_run);
    entered.leave().await;
    output::print(&text).map_err(|failure| match changed {
        true => failure.after_the_change(language),
        false => failure,
    })
}

/// What the command would do.
pub(super) async fn preview(
    entered: &Entered,
    command: &Command,
    now: CivilTime,
) -> Result<Preview, Failure> {
    let preview = again(|| entered.clinic.preview(&entered.actor, command, now)).await;
    preview.map_err(|error| entered.failure(&error))
}

/// How many entities changed, and how.
#[derive(Clone, Copy, Default)]
struct Count {
    added: usize,
    removed: usize,
    altered: usize,
}

impl Count {
    fn of(changes: &[Change]) -> Self {
        let mut count = Self::default();
        for change in changes {
            match change {
                Change::Preblock { change, .. } => count.add(change.kind()),
                Change::WorkSession(change) => count.add(change.kind()),
                Change::Booking(change) => count.add(change.kind()),
                Change::Call(change) => count.add(change.kind()),
                Change::Setting(change) => count.add(change.kind()),
                Change::Recall(_) => count.add(ChangeKind::Altered),
            }
        }
        count
    }

    fn add(&mut self, kind: ChangeKind) {
        match kind {
            ChangeKind::Added => self.added += 1,
            ChangeKind::Removed => self.removed += 1,
            ChangeKind::Altered => self.altered += 1,
        }
    }
}

/// What else there is to say of a change, a line each.
fn effects(entered: &Entered, preview: &Preview, now: CivilTime) -> Vec<String> {
    let texts = entered.language.texts();
    let mut lines = vec![texts.gained_and_lost(preview.gained.len(), preview.lost.len())];
    if !preview.skipped.is_empty() {
        lines.push(texts.skipped(&red_days(entered, &preview.skipped, now)));
    }
    let bookings =
        preview.outside.iter().filter(|it| matches!(it, LaidOutside::Booking(..))).count();
    if !preview.outside.is_empty() {
        lines.push(texts.left_outside(bookings, preview.outside.len() - bookings));
    }
    if !preview.on_red_days.is_empty() {
        lines.push(texts.on_red_days(&red_days(entered, &preview.on_red_days, now)));
    }
    lines.extend(preview.elsewhere.iter().map(|booking| booked_elsewhere(entered, booking, now)));
    let confirmations = preview.to_confirm.iter();
    lines.extend(confirmations.map(|it| texts::confirmation(entered.language, it, &entered.setup)));
    lines.iter().map(|line| output::plain(line)).collect()
}

/// `Patienten har redan en bokning ons 25 nov 10:00–10:30 hos Bo Öst.`
fn booked_elsewhere(entered: &Entered, booking: &Booking, now: CivilTime) -> String {
    let dates = Dates(entered.language);
    let day = dates.dated(booking.interval.start().date(), now.date());
    let when = format!("{day} {}", dates.hours(booking.interval));
    let with = entered.setup.practitioners.get(&booking.practitioner);
    let with = with.map_or(booking.practitioner.as_str(), |found| found.name.as_str());
    entered.language.booking_texts().booked_elsewhere(&when, with)
}

/// `fre 25 dec (Juldagen)`, with the year where it is another.
fn red_days(entered: &Entered, days: &[SkippedDay], now: CivilTime) -> Vec<String> {
    let dates = Dates(entered.language);
    days.iter()
        .map(|day| format!("{} ({})", dates.dated(day.date, now.date()), dates.red_day(day.why)))
        .collect()
}

fn answer(entered: &Entered, preview: &Preview, count: Count, command: Option<String>) -> Answer {
    let dates = |days: &[SkippedDay]| days.iter().map(|day| day.date.to_string()).collect();
    // By time: what is new has its id only once it is made.
    let outside = |laid: &LaidOutside| match laid {
        LaidOutside::Booking(_, interval) => format!("booking {interval}"),
        LaidOutside::Preblock(_, interval) => format!("preblock {interval}"),
    };
    let confirmations = preview.to_confirm.iter();
    Answer {
        command,
        practitioner: preview.practitioner.as_ref().map(ToString::to_string),
        added: count.added,
        removed: count.removed,
        altered: count.altered,
        gained: times(&preview.gained),
        lost: times(&preview.lost),
        skipped: dates(&preview.skipped),
        on_red_days: dates(&preview.on_red_days),
        outside: preview.outside.iter().map(outside).collect(),
        elsewhere: preview.elsewhere.iter().map(elsewhere).collect(),
        to_confirm: confirmations
            .map(|it| texts::confirmation(entered.language, it, &entered.setup))
            .collect(),
    }
}

fn elsewhere(booking: &Booking) -> Elsewhere {
    Elsewhere {
        booking: booking.id.to_string(),
        practitioner: booking.practitioner.to_string(),
        start: booking.interval.start(),
        end: booking.interval.end(),
    }
}

fn times(slots: &[Slot]) -> Vec<Time> {
    let time = |slot: &Slot| Time {
        template: slot.template.to_string(),
        start: slot.interval.start(),
        end: slot.interval.end(),
    };
    slots.iter().map(time).collect()
}
