//! What is shown of the books: lanes side by side, the cursor's and those that are marked. Pure.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::clinic::Book;
use crate::domain::{
    Booking, BookingId, CivilTime, DateRange, Interval, Practitioner, PractitionerId, Preblock,
    PreblockId, Slot,
};

use super::goto::in_week;
use super::layout::Layout;
use super::marking::{Block, Lane, Marking, Spot};
use super::model::{Model, OpenBook, Spread, Weekend, named};

impl Model {
    /// Monday to Sunday of the week that is shown.
    pub(super) fn week(&self) -> DateRange {
        let monday = in_week(self.cursor.date, Weekday::Mon).unwrap_or(self.cursor.date);
        DateRange::new(monday, 7)
    }

    /// The days that have a column.
    pub(super) fn days(&self) -> Vec<NaiveDate> {
        if self.spread == Spread::Day {
            return vec![self.cursor.date];
        }
        let weekend = self.weekend == Weekend::Always
            || is_weekend(self.cursor.date)
            || self.weekend_is_used();
        self.week().iter().filter(|date| weekend || !is_weekend(*date)).collect()
    }

    fn weekend_is_used(&self) -> bool {
        let Some(book) = self.current_book() else { return false };
        let saturday = in_week(self.cursor.date, Weekday::Sat).unwrap_or(self.cursor.date);
        let Some(days) = DateRange::new(saturday, 2).interval() else { return false };
        let calendar = &book.calendar;
        !calendar.scheduled_in(days).is_empty()
            || !calendar.preblocks_in(days).is_empty()
            || !calendar.bookings_in(days).is_empty()
    }

    /// The practitioners that have a column: on the day the active ones of the company in Swedish
    /// order, and the one that the cursor is on whatever their state.
    pub(super) fn practitioners_shown(&self) -> Vec<PractitionerId> {
        match (self.spread, self.current_practitioner()) {
            (Spread::Day, Some(current)) => self
                .setup
                .practitioners_by_name()
                .into_iter()
                .filter(|each| each.company == current.company)
                .filter(|each| each.active || each.id == current.id)
                .map(|each| each.id.clone())
                .collect(),
            _ => self.practitioner.iter().cloned().collect(),
        }
    }

    /// What has a column, from the left.
    pub(super) fn lanes(&self) -> Vec<Lane> {
        let days = self.days();
        let of = |practitioner: PractitionerId| {
            days.iter().map(move |date| Lane { practitioner: practitioner.clone(), date: *date })
        };
        self.practitioners_shown().into_iter().flat_map(of).collect()
    }

    /// The lane that the cursor is on.
    pub(super) fn cursor_lane(&self) -> Option<Lane> {
        let practitioner = self.practitioner.clone()?;
        Some(Lane { practitioner, date: self.cursor.date })
    }

    /// Brings the cursor's lane into view, moving the others as little as that takes.
    pub(super) fn show_lane(&mut self) {
        let Some(layout) = Layout::of(self) else { return };
        let lanes = self.lanes();
        let here = self.cursor_lane();
        let at = lanes.iter().position(|lane| Some(lane) == here.as_ref());
        let fit = layout.columns.len().max(1);
        self.first_lane =
            at.map_or(0, |at| layout.outside.0.clamp((at + 1).saturating_sub(fit), at));
    }

    /// Where the cursor is.
    pub(super) fn spot(&self) -> Spot {
        Spot { practitioner: self.practitioner.clone(), cell: self.cursor }
    }

    /// A practitioner's book of the week that is shown, once it is there.
    pub(super) fn open_book(&self, practitioner: &PractitionerId) -> Option<&OpenBook> {
        self.books.get(practitioner).filter(|open| open.book.days == self.week())
    }

    /// The open book that the cursor is on.
    pub(super) fn current_open(&self) -> Option<&OpenBook> {
        self.open_book(self.practitioner.as_ref()?)
    }

    /// The book of the practitioner and week that the cursor is on, once it is there.
    pub(super) fn current_book(&self) -> Option<&Book> {
        self.current_open().map(|open| &open.book)
    }

    pub(super) fn current_practitioner(&self) -> Option<&Practitioner> {
        self.setup.practitioners.get(self.practitioner.as_ref()?)
    }

    /// How many practitioners are active. Asked for with every frame: nothing is put in order for it.
    pub(super) fn count_active(&self) -> usize {
        self.setup.practitioners.values().filter(|practitioner| practitioner.active).count()
    }

    /// Active practitioners in Swedish order of name.
    pub(super) fn active_practitioners(&self) -> Vec<&Practitioner> {
        let mut all = self.setup.practitioners_by_name();
        all.retain(|practitioner| practitioner.active);
        all
    }

    /// The marking, if there is one.
    pub(super) fn marked(&self) -> Option<Block> {
        Some(match self.marking.as_ref()? {
            Marking::Rows { anchor, .. } => Block::spanning(anchor.cell, self.cursor, self.row()),
            Marking::Exact { block, .. } => *block,
        })
    }

    /// The practitioners at the two ends of the marking.
    pub(super) fn between(&self) -> Option<(PractitionerId, PractitionerId)> {
        let here = self.practitioner.clone()?;
        match &self.marking {
            Some(Marking::Rows { anchor, .. }) => {
                Some((anchor.practitioner.clone().unwrap_or_else(|| here.clone()), here))
            }
            Some(Marking::Exact { between: Some(between), .. }) => Some(between.clone()),
            Some(Marking::Exact { between: None, .. }) | None => Some((here.clone(), here)),
        }
    }

    /// The lanes that the marking, or the cursor, is on.
    pub(super) fn chosen_lanes(&self) -> Vec<Lane> {
        let block = self.block();
        let mut lanes = self.lanes();
        lanes.retain(|lane| block.covers(lane.date));
        let Some((one, other)) = self.between() else { return Vec::new() };
        if self.spread == Spread::Day {
            let at = |id| lanes.iter().position(|lane| lane.practitioner == id);
            let here = self.cursor_lane();
            match at(one).zip(at(other)) {
                Some((one, other)) => {
                    lanes =
                        lanes.into_iter().take(one.max(other) + 1).skip(one.min(other)).collect();
                }
                // Whoever was marked has left meanwhile.
                None => lanes.retain(|lane| here.as_ref() == Some(lane)),
            }
        }
        lanes
    }

    /// The practitioners whose books the marking, or the cursor, is on.
    pub(super) fn chosen_practitioners(&self) -> Vec<PractitionerId> {
        let mut chosen: Vec<_> =
            self.chosen_lanes().into_iter().map(|lane| lane.practitioner).collect();
        chosen.dedup();
        chosen
    }

    /// The books that the marking, or the cursor, is on; `None` until they are there.
    pub(super) fn chosen_books(&self) -> Option<Vec<&OpenBook>> {
        let chosen = self.chosen_practitioners();
        let books: Option<Vec<_>> = chosen.iter().map(|id| self.open_book(id)).collect();
        books.filter(|books| !books.is_empty())
    }

    /// The marking, else the cursor's row.
    pub(super) fn block(&self) -> Block {
        self.marked().unwrap_or_else(|| Block::spanning(self.cursor, self.cursor, self.row()))
    }

    /// The block's stretches on the days shown; the same in every chosen book.
    pub(super) fn chosen_intervals(&self) -> Vec<Interval> {
        self.block().intervals(&self.days())
    }

    /// The cursor's row.
    pub(super) fn cursor_interval(&self) -> Option<Interval> {
        Block::spanning(self.cursor, self.cursor, self.row()).on(self.cursor.date)
    }

    /// What a cell names: a booking, a preblock, or neither.
    pub(super) fn lying_at(&self, spot: &Spot) -> (Option<&BookingId>, Option<&PreblockId>) {
        let row = Block::spanning(spot.cell, spot.cell, self.row()).on(spot.cell.date);
        let open = spot.practitioner.as_ref().and_then(|id| self.open_book(id));
        let Some((row, OpenBook { book, .. })) = row.zip(open) else { return (None, None) };
        let booking = named(book.calendar.bookings_in(row), row, |booking| booking.interval);
        let preblock = named(book.calendar.preblocks_in(row), row, |preblock| preblock.interval);
        (booking.map(|booking| &booking.id), preblock.map(|preblock| &preblock.id))
    }

    /// The preblock at the cursor, the one that its cell names.
    pub(super) fn preblock_at_cursor(&self) -> Option<&Preblock> {
        let row = self.cursor_interval()?;
        named(self.current_book()?.calendar.preblocks_in(row), row, |preblock| preblock.interval)
    }

    /// The booking at the cursor, the one that its cell names.
    pub(super) fn booking_at_cursor(&self) -> Option<&Booking> {
        let row = self.cursor_interval()?;
        named(self.current_book()?.calendar.bookings_in(row), row, |booking| booking.interval)
    }

    /// The preblocks that the marking, or the cursor's row, touches.
    pub(super) fn chosen_preblocks(&self) -> Vec<&Preblock> {
        let intervals = self.chosen_intervals();
        let books = self.chosen_books().unwrap_or_default();
        books.into_iter().flat_map(|open| open.preblocks_in(&intervals)).collect()
    }

    /// The preblocks of the chosen books that start in the week shown.
    pub(super) fn week_preblocks(&self) -> impl Iterator<Item = &Preblock> {
        let week = self.week();
        self.chosen_books()
            .unwrap_or_default()
            .into_iter()
            .flat_map(|open| open.book.calendar.preblocks())
            .filter(move |preblock| week.contains(preblock.interval.start().date()))
    }
}

impl OpenBook {
    /// The preblocks that some stretches touch.
    pub(super) fn preblocks_in(&self, intervals: &[Interval]) -> Vec<&Preblock> {
        let calendar = &self.book.calendar;
        intervals.iter().flat_map(|interval| calendar.preblocks_in(*interval)).collect()
    }

    /// How many bookable times some stretches would take along.
    pub(super) fn count_slots(&self, gone: impl Fn(&Slot) -> bool) -> usize {
        self.slots.iter().filter(|slot| gone(slot)).count()
    }

    /// How many bookings lie on some stretches.
    pub(super) fn count_bookings(&self, intervals: &[Interval]) -> usize {
        intervals.iter().map(|interval| self.book.calendar.bookings_in(*interval).len()).sum()
    }

    /// How many bookable times start in the interval.
    pub(super) fn times_in(&self, interval: Interval) -> usize {
        let before = |time: CivilTime| self.slots.partition_point(|it| it.interval.start() < time);
        before(interval.end()) - before(interval.start())
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}
