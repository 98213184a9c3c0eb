//! What one cell of the grid shows: layers from back to front, without colours. Pure.

use crate::clinic::Book;
use crate::domain::{
    Booking, CivilTime, Color, IdentityProtection, Interval, Minutes, Outward, Preblock,
    PreblockKind, Slot,
};
use crate::texts::Dates;

use super::marking::{Block, Cell, Lane};
use super::model::{Mode, Model, OpenBook, named};

/// The topmost layer of a cell, before marking and cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The week has not been loaded yet.
    Unknown,
    /// Scheduled, while the working schedule is foremost.
    Session,
    Unscheduled,
    Free,
    Preblock,
    Booking(Shade),
    OnlineBooking(Shade),
}

/// Which of two shades a booking has, so that those that touch are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shade {
    First,
    Second,
}

/// Whether something lies in scheduled time (R1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Footing {
    Scheduled,
    Outside,
}

/// A preblock's bar at the left edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    pub kind: PreblockKind,
    pub color: Color,
    pub force: Force,
}

/// Whether a preblock is in force (R7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Force {
    InForce,
    Expired,
}

/// What a cell shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellView {
    pub ground: Ground,
    pub footing: Footing,
    pub bar: Option<Bar>,
    pub text: String,
    /// Further bookings that begin in the row, or what waits to be published; before the right edge.
    pub later: String,
    /// Bookable starts, at the right edge.
    pub right: String,
}

/// The cell of a lane's row.
pub fn cell_view(model: &Model, lane: &Lane, minute: Minutes) -> CellView {
    let cell = Cell { date: lane.date, minute };
    let row = Block::spanning(cell, cell, model.row()).on(lane.date);
    let (Some(OpenBook { book, slots }), Some(row)) = (model.open_book(&lane.practitioner), row)
    else {
        return CellView {
            ground: Ground::Unknown,
            footing: Footing::Scheduled,
            bar: None,
            text: String::new(),
            later: String::new(),
            right: String::new(),
        };
    };
    let naming = Naming { row, topmost: minute <= model.scroll };
    let scheduled = book.calendar.scheduled_in(row);
    let footing = if scheduled.is_empty() { Footing::Outside } else { Footing::Scheduled };
    let bar = preblock_in(book, row).map(|preblock| bar(model, preblock));
    let bookings = book.calendar.bookings_in(row);
    if model.mode == Mode::Schedule && !scheduled.is_empty() {
        let (booked, later) = (!bookings.is_empty(), String::new());
        let right = if booked { model.book_texts().booked_mark } else { "" }.to_owned();
        let text = session_text(model.dates(), scheduled, naming);
        return CellView { ground: Ground::Session, footing, bar, text, later, right };
    }
    let slots = slot_marks(slots, row);
    match named(bookings, row, |booking| booking.interval) {
        Some(booking) => CellView {
            ground: match shade(book.calendar.bookings(), booking) {
                shade if booking.is_online() => Ground::OnlineBooking(shade),
                shade => Ground::Booking(shade),
            },
            footing,
            bar,
            text: booking_text(model, book, booking, naming),
            later: later_starts(bookings, booking, row),
            right: slots,
        },
        None => CellView {
            ground: match (bar.is_some(), footing) {
                (true, _) => Ground::Preblock,
                (false, Footing::Scheduled) => Ground::Free,
                (false, Footing::Outside) => Ground::Unscheduled,
            },
            footing,
            bar,
            text: match preblock_in(book, row) {
                Some(preblock) => preblock_text(model, preblock, naming),
                None => session_edges(scheduled, row),
            },
            later: preblock_in(book, row)
                .map(|preblock| outward_mark(model, preblock, naming))
                .unwrap_or_default(),
            right: slots,
        },
    }
}

/// A row of the grid, and what is named in it: what begins there; in the topmost row in view also what
/// began above.
#[derive(Clone, Copy)]
struct Naming {
    row: Interval,
    topmost: bool,
}

impl Naming {
    /// Whether something that lies in the row, and began at `start`, is named here.
    fn names(self, start: CivilTime) -> bool {
        self.topmost || self.row.contains_time(start)
    }
}

/// On a preblock's first row, `V 3` where something waits and three times are out there, `!` where they
/// are refused; nothing where all is well.
fn outward_mark(model: &Model, preblock: &Preblock, naming: Naming) -> String {
    if !naming.names(preblock.interval.start()) {
        return String::new();
    }
    let texts = model.language.sync_texts();
    match model.outward(preblock) {
        Some((Outward::Waiting, out)) => format!("{}{out} ", texts.waiting_letter),
        Some((Outward::Refused, out)) => format!("{}{out} ", texts.refused_letter),
        Some((Outward::Published, _)) | None => String::new(),
    }
}

/// Bookings that follow upon each other without a break take turns; the first one of them, and one
/// that stands alone, has the first shade. What is booked elsewhere changes nothing.
fn shade(bookings: &[Booking], of: &Booking) -> Shade {
    let at = bookings.partition_point(|booking| booking.interval.start() < of.interval.start());
    let earlier = bookings.get(..at).unwrap_or_default();
    let mut start = of.interval.start();
    let touching = earlier.iter().rev().take_while(|booking| {
        let touches = booking.interval.end() == start;
        start = booking.interval.start();
        touches
    });
    if touching.count() % 2 == 0 { Shade::First } else { Shade::Second }
}

/// The preblock that a row's cell names.
fn preblock_in(book: &Book, row: Interval) -> Option<&Preblock> {
    named(book.calendar.preblocks_in(row), row, |preblock| preblock.interval)
}

fn bar(model: &Model, preblock: &Preblock) -> Bar {
    let found = model.setup.preblock_types.get(&preblock.preblock_type);
    Bar {
        kind: found.map_or(PreblockKind::Internal, |found| found.kind),
        color: found.map_or(Color { red: 128, green: 128, blue: 128 }, |found| found.color),
        force: force(model, preblock),
    }
}

/// Whether the preblock is in force today (R7).
pub fn force(model: &Model, preblock: &Preblock) -> Force {
    let date = preblock.interval.start().date();
    match model.setup.preblock_types.get(&preblock.preblock_type) {
        Some(found) if !found.in_force(date, model.now.date()) => Force::Expired,
        _ => Force::InForce,
    }
}

/// `:40`.
fn minute_mark(time: CivilTime) -> String {
    format!(":{:02}", time.minute_of_day().0 % 60)
}

/// Letter and name on the first row, "(upphört)" on the next one, the end where it is off the rows.
fn preblock_text(model: &Model, preblock: &Preblock, naming: Naming) -> String {
    let row = naming.row;
    let texts = model.texts();
    let found = model.setup.preblock_types.get(&preblock.preblock_type);
    let (name, kind) = found.map_or(("?", PreblockKind::Internal), |f| (f.name.as_str(), f.kind));
    let letter = match kind {
        PreblockKind::Internet => texts.internet_letter,
        PreblockKind::Internal => texts.internal_letter,
    };
    let interval = preblock.interval;
    let expired = force(model, preblock) == Force::Expired;
    let note = format!("({})", texts.expired);
    if naming.names(interval.start()) {
        let offset = if interval.start() > row.start() {
            format!("{} ", minute_mark(interval.start()))
        } else {
            String::new()
        };
        let short = expired && interval.end() <= row.end();
        let after = if short { format!(" {note}") } else { String::new() };
        return format!("{offset}{letter} {name}{after}");
    }
    let second = Interval::new(row.start() - model.row(), row.start())
        .is_ok_and(|above| above.contains_time(interval.start()));
    if expired && second {
        return note;
    }
    end_mark(interval, row)
}

/// `…:40` where something ends inside the row.
fn end_mark(interval: Interval, row: Interval) -> String {
    if interval.end() < row.end() {
        format!("…{}", minute_mark(interval.end()))
    } else {
        String::new()
    }
}

/// The hours of what is scheduled, on its first row; its end where it is off the rows.
fn session_text(dates: Dates, scheduled: &[Interval], naming: Naming) -> String {
    let begins = scheduled.iter().find(|it| naming.names(it.start()));
    match begins.or(scheduled.last()) {
        Some(first) if begins.is_some() => dates.hours(*first),
        Some(last) => end_mark(*last, naming.row),
        None => String::new(),
    }
}

/// Where scheduled time begins or ends inside the row.
fn session_edges(scheduled: &[Interval], row: Interval) -> String {
    match scheduled {
        [only, ..] if only.start() > row.start() => format!("{} ", minute_mark(only.start())),
        [only, ..] if only.end() < row.end() => format!("…{} ", minute_mark(only.end())),
        _ => String::new(),
    }
}

/// Start and name on the first row, the end on the last where it is off the rows.
fn booking_text(model: &Model, book: &Book, booking: &Booking, naming: Naming) -> String {
    if !naming.names(booking.interval.start()) {
        return end_mark(booking.interval, naming.row);
    }
    let online = if booking.is_online() { "ITB " } else { "" };
    let who = short_name(model, book, booking);
    format!("{} {online}{who}", booking.interval.start().clock())
}

/// The family name; masked always where the identity is protected (R22).
fn short_name(model: &Model, book: &Book, booking: &Booking) -> String {
    let patient = booking.patient.as_ref().and_then(|id| book.patients.get(id));
    let template = booking.template.as_ref().and_then(|id| model.setup.templates.get(id));
    let sees = model.shows_patients();
    match patient {
        Some(patient) if patient.protection == IdentityProtection::Protected => {
            model.texts().identity_protected.to_owned()
        }
        Some(patient) if sees => patient.last_name.clone(),
        _ if sees && !booking.text.trim().is_empty() => booking.text.clone(),
        _ => template.map_or(model.texts().booking, |found| found.name.as_str()).to_owned(),
    }
}

/// The starts of bookings in the row after the one that is named.
fn later_starts(bookings: &[Booking], shown: &Booking, row: Interval) -> String {
    bookings
        .iter()
        .map(|booking| booking.interval.start())
        .filter(|start| *start > shown.interval.start() && *start > row.start())
        .map(minute_mark)
        .collect()
}

/// `•` for a bookable start on the row, `:20` for those between the rows.
fn slot_marks(slots: &[Slot], row: Interval) -> String {
    let from = slots.partition_point(|slot| slot.interval.start() < row.start());
    let mut last = None;
    slots[from..]
        .iter()
        .map(|slot| slot.interval.start())
        .take_while(|start| *start < row.end())
        .filter(|start| last.replace(*start) != Some(*start))
        .map(|start| if start == row.start() { "•".to_owned() } else { minute_mark(start) })
        .collect()
}
