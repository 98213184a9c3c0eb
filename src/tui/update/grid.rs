//! Moving over the grid: cursor, marking, weeks, practitioners, row scale.

use chrono::{Datelike, Days, NaiveDate};

use crate::domain::{CivilTime, Interval, MINUTES_PER_DAY, Minutes, PractitionerId};
use crate::tui::actions::{Action, Direction};
use crate::tui::layout::Layout;
use crate::tui::marking::{Cell, Grip, Marking};
use crate::tui::message::Effect;
use crate::tui::model::{Model, Weekend};

use super::{count_marking, load_book, recount};

/// The working day where nothing is scheduled.
const OFFICE_HOURS: (Minutes, Minutes) = (Minutes(8 * 60), Minutes(17 * 60));

/// Row scales, finest first.
const SCALES: [u8; 4] = [5, 10, 15, 30];

/// Does what moves something on the grid; other actions do nothing here.
pub(super) fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    let effects = match action {
        Action::Move(direction) => {
            if !matches!(model.marking, Some(Marking::Rows { grip: Grip::Sticky, .. })) {
                model.marking = None;
            }
            step(model, direction)
        }
        Action::MarkTo(direction) => {
            if !matches!(model.marking, Some(Marking::Rows { .. })) {
                model.marking = Some(Marking::Rows { anchor: model.cursor, grip: Grip::Held });
            }
            step(model, direction)
        }
        Action::Mark => {
            model.marking = match model.marking {
                Some(Marking::Rows { grip: Grip::Sticky, .. }) => None,
                _ => Some(Marking::Rows { anchor: model.cursor, grip: Grip::Sticky }),
            };
            Vec::new()
        }
        Action::Cancel => {
            // One thing at a time: the marking first, then what lies on the clipboard.
            if model.marking.take().is_none() {
                model.clip = None;
            }
            Vec::new()
        }
        Action::DayStart => working_day(model, |first, _| first),
        Action::DayEnd => working_day(model, |_, last| last),
        Action::PreviousWeek => turn(model, -7),
        Action::NextWeek => turn(model, 7),
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

/// To the neighbouring column; past the last one into the neighbouring week, unless marking.
fn sideways(model: &mut Model, days: i64) -> Vec<Effect> {
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
    let before = model.week();
    model.cursor.date = date;
    if model.week() == before {
        return Vec::new();
    }
    model.marking = None;
    load_book(model).into_iter().collect()
}

/// Whether the grid goes to a date: weeks must have a Monday and a Sunday that calendars know.
pub(super) fn is_reachable(date: NaiveDate) -> bool {
    (1900..9000).contains(&date.year())
}

fn turn(model: &mut Model, days: i64) -> Vec<Effect> {
    shift(model.cursor.date, days).map_or_else(Vec::new, |date| go_to(model, date))
}

fn shift(date: NaiveDate, days: i64) -> Option<NaiveDate> {
    let step = Days::new(days.unsigned_abs());
    if days < 0 { date.checked_sub_days(step) } else { date.checked_add_days(step) }
}

/// Moves to the first or last scheduled row of the cursor's day, or to 08:00 or 17:00.
fn working_day(model: &mut Model, pick: fn(Minutes, Minutes) -> Minutes) -> Vec<Effect> {
    if !matches!(model.marking, Some(Marking::Rows { grip: Grip::Sticky, .. })) {
        model.marking = None;
    }
    let (first, last) = working_hours(model, model.cursor.date);
    let row = model.row().0;
    let minute = pick(first, Minutes(last.0 - 1));
    model.cursor.minute = Minutes(minute.0.clamp(0, MINUTES_PER_DAY - 1) / row * row);
    model.show_cursor();
    Vec::new()
}

/// The scheduled hours of a day, from the first minute to the last; 08–17 where there are none.
pub(super) fn working_hours(model: &Model, date: NaiveDate) -> (Minutes, Minutes) {
    let whole = Interval::whole_day(date);
    let scheduled =
        model.current_book().map(|book| book.calendar.scheduled_in(whole)).unwrap_or_default();
    let clip = |at: CivilTime| Minutes(at.since(whole.start()).0.clamp(0, MINUTES_PER_DAY));
    match (scheduled.first(), scheduled.last()) {
        (Some(first), Some(last)) => (clip(first.start()), clip(last.end())),
        _ => OFFICE_HOURS,
    }
}

/// Scrolls as little as shows no night where there is working day to show, and the cursor always.
pub(super) fn show_working_day(model: &mut Model) {
    let (opens, closes) = working_week(model);
    let row = model.row().0;
    let rows = Layout::of(model).map_or(1, |layout| i32::from(layout.grid.height));
    let first = opens.0 / row * row;
    let last_row = (closes.0 - 1).max(first) / row * row;
    let last = (last_row - (rows - 1) * row).max(first);
    model.scroll = Minutes(model.scroll.0.clamp(first, last).clamp(0, model.last_scroll()));
    model.show_cursor();
}

/// From the first to the last scheduled minute of day of the week shown; 08–17 where there is none.
fn working_week(model: &Model) -> (Minutes, Minutes) {
    let scheduled: Vec<NaiveDate> = model
        .days()
        .into_iter()
        .filter(|date| {
            let whole = Interval::whole_day(*date);
            model.current_book().is_some_and(|b| !b.calendar.scheduled_in(whole).is_empty())
        })
        .collect();
    let hours = scheduled.into_iter().map(|date| working_hours(model, date));
    hours
        .reduce(|(opens, closes), (from, to)| (opens.min(from), closes.max(to)))
        .unwrap_or(OFFICE_HOURS)
}

fn rescale(model: &mut Model, steps: isize) -> Vec<Effect> {
    let at = SCALES.iter().position(|scale| *scale == model.row_minutes());
    let next = at.and_then(|at| at.checked_add_signed(steps)).and_then(|at| SCALES.get(at));
    let Some(next) = next else { return Vec::new() };
    // An anchor must lie on the new rows, too; the typed stretch stays what it is.
    model.marking = model.marked().map(Marking::Exact);
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

/// Shows a practitioner's week.
pub(super) fn show(model: &mut Model, practitioner: PractitionerId) -> Vec<Effect> {
    model.practitioner = Some(practitioner);
    model.marking = None;
    recount(model);
    load_book(model).into_iter().collect()
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

/// Puts the cursor on a cell.
pub(super) fn put_cursor(model: &mut Model, cell: Cell) {
    model.cursor = cell;
    count_marking(model);
}
