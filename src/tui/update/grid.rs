//! Moving over the grid: cursor, marking, weeks, practitioners, row scale.

use chrono::{Datelike, Days, NaiveDate};

use crate::domain::{CivilTime, Interval, MINUTES_PER_DAY, Minutes, PractitionerId};
use crate::tui::actions::{Action, Direction};
use crate::tui::layout::Layout;
use crate::tui::marking::{Cell, Grip, Lane, Marking};
use crate::tui::message::Effect;
use crate::tui::model::{Mode, Model, Spread, Weekend};

use super::{count_marking, load_books, load_missing, recount};

/// The working day where nothing is scheduled.
const OFFICE_HOURS: (Minutes, Minutes) = (Minutes(8 * 60), Minutes(17 * 60));

/// Row scales, finest first.
const SCALES: [u8; 4] = [5, 10, 15, 30];

/// Does what moves something on the grid; other actions do nothing here.
pub(super) fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    let effects = match action {
        Action::Move(direction) => {
            drop_marking(model);
            step_marking(model, direction)
        }
        Action::MarkTo(direction) => {
            let sideways = matches!(direction, Direction::Left | Direction::Right);
            match model.marking {
                Some(Marking::Rows { .. }) => {}
                // The typed time on one more day, or practitioner.
                Some(Marking::Exact { .. }) if sideways => {}
                _ => model.marking = Some(Marking::Rows { anchor: model.spot(), grip: Grip::Held }),
            }
            step_marking(model, direction)
        }
        Action::Mark => {
            model.marking = match model.marking.take() {
                Some(marking) if marking.is_sticky() => None,
                Some(Marking::Exact { block, between, .. }) => {
                    Some(Marking::Exact { block, between, grip: Grip::Sticky })
                }
                _ => Some(Marking::Rows { anchor: model.spot(), grip: Grip::Sticky }),
            };
            Vec::new()
        }
        Action::Cancel => {
            drop_one(model);
            Vec::new()
        }
        Action::ScheduleMode => {
            model.mode = match model.mode {
                Mode::Book => Mode::Schedule,
                Mode::Schedule => Mode::Book,
            };
            Vec::new()
        }
        Action::DayStart => working_day(model, |first, _| first),
        Action::DayEnd => working_day(model, |_, last| last),
        Action::PreviousWeek => turn(model, -1),
        Action::NextWeek => turn(model, 1),
        Action::Spread => toggle_spread(model),
        Action::Today => go_to(model, model.now.date()),
        Action::NextPractitioner => neighbour(model, 1),
        Action::PreviousPractitioner => neighbour(model, -1),
        Action::FinerRows => rescale(model, -1),
        Action::CoarserRows => rescale(model, 1),
        Action::Weekend => {
            model.weekend = match model.weekend {
                Weekend::WhenUsed => Weekend::Always,
                Weekend::Always => Weekend::WhenUsed,
            };
            Vec::new()
        }
        _ => Vec::new(),
    };
    count_marking(model);
    effects
}

/// One thing at a time: the marking, then the recall that waits, then what lies on the clipboard, then the
/// mode.
fn drop_one(model: &mut Model) {
    let dropped = model.marking.take().is_some()
        || model.from_recall.take().is_some()
        || model.clip.take().is_some();
    if !dropped {
        model.mode = Mode::Book;
    }
}

fn step(model: &mut Model, direction: Direction) -> Vec<Effect> {
    let row = model.row().0;
    match direction {
        Direction::Up => model.cursor.minute = Minutes((model.cursor.minute.0 - row).max(0)),
        Direction::Down => {
            let last = (MINUTES_PER_DAY - 1) / row * row;
            model.cursor.minute = Minutes((model.cursor.minute.0 + row).min(last));
        }
        Direction::Left => return sideways(model, -1),
        Direction::Right => return sideways(model, 1),
    }
    model.show_cursor();
    Vec::new()
}

/// Moves, and a typed time along onto more days, or practitioners.
fn step_marking(model: &mut Model, direction: Direction) -> Vec<Effect> {
    let (date, ends) = (model.cursor.date, model.between());
    let practitioner = model.practitioner.clone();
    let effects = step(model, direction);
    let (to, here) = (model.cursor.date, model.practitioner.clone());
    if let Some(Marking::Exact { block, between, .. }) = &mut model.marking {
        if to != date {
            *block = block.reaching(date, to);
        }
        if let (Some((one, other)), Some(here)) = (ends, here)
            && Some(&here) != practitioner.as_ref()
        {
            let kept = if practitioner.as_ref() == Some(&other) { one } else { other };
            *between = Some((kept, here));
        }
    }
    effects
}

/// A plain move drops a marking, unless it was made to be extended.
fn drop_marking(model: &mut Model) {
    if !model.marking.as_ref().is_some_and(Marking::is_sticky) {
        model.marking = None;
    }
}

/// To the neighbouring column.
fn sideways(model: &mut Model, steps: i64) -> Vec<Effect> {
    match model.spread {
        Spread::Week => to_day(model, steps),
        Spread::Day => to_practitioner(model, steps),
    }
}

/// To the practitioner beside, if there is one: all the books are there, or on their way.
fn to_practitioner(model: &mut Model, steps: i64) -> Vec<Effect> {
    let shown = model.practitioners_shown();
    let at = shown.iter().position(|id| Some(id) == model.practitioner.as_ref());
    let next = at.and_then(|at| at.checked_add_signed(steps as isize)).and_then(|at| shown.get(at));
    if let Some(id) = next {
        model.practitioner = Some(id.clone());
    }
    Vec::new()
}

/// To the day beside; past the last one into the neighbouring week, unless marking.
fn to_day(model: &mut Model, days: i64) -> Vec<Effect> {
    let shown = model.days();
    let at = shown.iter().position(|date| *date == model.cursor.date);
    let next = at.and_then(|at| at.checked_add_signed(days as isize)).and_then(|at| shown.get(at));
    if let Some(date) = next {
        model.cursor.date = *date;
        return Vec::new();
    }
    if model.marking.is_some() {
        return Vec::new();
    }
    let week = model.week();
    let back = match model.weekend {
        Weekend::Always => -1,
        Weekend::WhenUsed => -3,
    };
    let beyond = if days > 0 { Some(week.end()) } else { shift(week.first(), back) };
    beyond.map_or_else(Vec::new, |date| go_to(model, date))
}

/// Moves to a date, keeping the time of day; loads its week where it is another.
pub(super) fn go_to(model: &mut Model, date: NaiveDate) -> Vec<Effect> {
    if !is_reachable(date) {
        return Vec::new();
    }
    let (week, day) = (model.week(), model.cursor.date);
    model.cursor.date = date;
    if model.week() != week {
        model.marking = None;
        return load_books(model).into_iter().collect();
    }
    if model.spread == Spread::Day && date != day {
        model.marking = None;
        show_working_day(model);
    }
    Vec::new()
}

/// From the week to the day and back, the cursor where it is.
fn toggle_spread(model: &mut Model) -> Vec<Effect> {
    model.spread = match model.spread {
        Spread::Week => Spread::Day,
        Spread::Day => Spread::Week,
    };
    model.marking = None;
    let shown = model.practitioners_shown();
    model.books.retain(|id, _| shown.contains(id));
    show_working_day(model);
    load_missing(model).into_iter().collect()
}

/// Whether the grid goes to a date: weeks must have a Monday and a Sunday that calendars know.
pub(super) fn is_reachable(date: NaiveDate) -> bool {
    (1900..9000).contains(&date.year())
}

/// A week on or back; on the day, a day.
fn turn(model: &mut Model, steps: i64) -> Vec<Effect> {
    let days = match model.spread {
        Spread::Week => 7 * steps,
        Spread::Day => steps,
    };
    shift(model.cursor.date, days).map_or_else(Vec::new, |date| go_to(model, date))
}

fn shift(date: NaiveDate, days: i64) -> Option<NaiveDate> {
    let step = Days::new(days.unsigned_abs());
    if days < 0 { date.checked_sub_days(step) } else { date.checked_add_days(step) }
}

/// Moves to the first or last scheduled row of the cursor's day, or to 08:00 or 17:00.
fn working_day(model: &mut Model, pick: fn(Minutes, Minutes) -> Minutes) -> Vec<Effect> {
    drop_marking(model);
    let (first, last) = working_hours(model);
    let row = model.row().0;
    let minute = pick(first, Minutes(last.0 - 1));
    model.cursor.minute = Minutes(minute.0.clamp(0, MINUTES_PER_DAY - 1) / row * row);
    model.show_cursor();
    Vec::new()
}

/// The scheduled hours of the cursor's day, from the first minute to the last; 08–17 where there are
/// none.
pub(super) fn working_hours(model: &Model) -> (Minutes, Minutes) {
    model.cursor_lane().and_then(|lane| scheduled_hours(model, &lane)).unwrap_or(OFFICE_HOURS)
}

/// The scheduled hours of somebody's day.
fn scheduled_hours(model: &Model, lane: &Lane) -> Option<(Minutes, Minutes)> {
    let whole = Interval::whole_day(lane.date);
    let scheduled = model.open_book(&lane.practitioner)?.book.calendar.scheduled_in(whole);
    let clip = |at: CivilTime| Minutes(at.since(whole.start()).0.clamp(0, MINUTES_PER_DAY));
    Some((clip(scheduled.first()?.start()), clip(scheduled.last()?.end())))
}

/// Scrolls as little as shows no night where there is working day to show, and the cursor always.
pub(super) fn show_working_day(model: &mut Model) {
    let (opens, closes) = shown_hours(model);
    let row = model.row().0;
    let rows = Layout::of(model).map_or(1, |layout| i32::from(layout.grid.height));
    let first = opens.0 / row * row;
    let last_row = (closes.0 - 1).max(first) / row * row;
    let last = (last_row - (rows - 1) * row).max(first);
    model.scroll = Minutes(model.scroll.0.clamp(first, last).clamp(0, model.last_scroll()));
    model.show_cursor();
}

/// From the first to the last scheduled minute of day of all that is shown; 08–17 where there is
/// none.
fn shown_hours(model: &Model) -> (Minutes, Minutes) {
    let lanes = model.lanes();
    let hours = lanes.iter().filter_map(|lane| scheduled_hours(model, lane));
    hours
        .reduce(|(opens, closes), (from, to)| (opens.min(from), closes.max(to)))
        .unwrap_or(OFFICE_HOURS)
}

fn rescale(model: &mut Model, steps: isize) -> Vec<Effect> {
    let at = SCALES.iter().position(|scale| *scale == model.row_minutes());
    let next = at.and_then(|at| at.checked_add_signed(steps)).and_then(|at| SCALES.get(at));
    let Some(next) = next else { return Vec::new() };
    // An anchor must lie on the new rows, too; the typed stretch stays what it is.
    let between = model.between();
    model.marking = model.marked().map(|block| Marking::Exact { block, between, grip: Grip::Held });
    let rows_above = (model.cursor.minute.0 - model.scroll.0) / model.row().0;
    model.preferences.row_minutes = *next;
    model.scroll = Minutes(model.cursor.minute.0 - rows_above * model.row().0);
    model.align();
    show_working_day(model);
    vec![Effect::SavePreferences(model.preferences.clone())]
}

fn neighbour(model: &mut Model, steps: isize) -> Vec<Effect> {
    let all = model.active_practitioners();
    let count = isize::try_from(all.len()).unwrap_or(0);
    if count == 0 {
        return Vec::new();
    }
    let at = all.iter().position(|each| Some(&each.id) == model.practitioner.as_ref());
    let next = match at.and_then(|at| isize::try_from(at).ok()) {
        Some(at) => (at + steps).rem_euclid(count),
        None => 0,
    };
    let id = usize::try_from(next).ok().and_then(|next| all.get(next)).map(|each| each.id.clone());
    id.map_or_else(Vec::new, |id| show(model, id))
}

/// Shows a practitioner's book.
pub(super) fn show(model: &mut Model, practitioner: PractitionerId) -> Vec<Effect> {
    model.practitioner = Some(practitioner);
    model.marking = None;
    recount(model);
    match model.spread {
        Spread::Week => load_books(model).into_iter().collect(),
        Spread::Day => load_missing(model).into_iter().collect(),
    }
}

/// Shows a time in a practitioner's book, the cursor on it.
pub(super) fn show_time(
    model: &mut Model,
    practitioner: PractitionerId,
    time: CivilTime,
) -> Vec<Effect> {
    if !is_reachable(time.date()) {
        return Vec::new();
    }
    model.cursor.date = time.date();
    model.cursor.minute = Minutes(time.minute_of_day().0 / model.row().0 * model.row().0);
    model.show_cursor();
    show(model, practitioner)
}

/// Puts the cursor on a row of a lane in view.
pub(super) fn put_cursor(model: &mut Model, lane: Lane, minute: Minutes) {
    model.practitioner = Some(lane.practitioner);
    model.cursor = Cell { date: lane.date, minute };
    count_marking(model);
}
