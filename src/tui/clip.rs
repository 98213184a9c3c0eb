//! *Klippbord*: a booking or preblocks that were cut or copied, and where they land. Pure.

use crate::clinic::CutPreblocks;
use crate::domain::{
    Booking, BookingId, CivilTime, Interval, Minutes, PractitionerId, Preblock, PreblockId,
    WantedPreblock,
};

use super::marking::Block;
use super::message::RequestId;
use super::model::Model;

/// Whether what lies on the clipboard disappears where it was, once it is pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Cut,
    Copied,
}

/// What lies on the clipboard.
#[derive(Clone, PartialEq, Eq)]
pub enum Clipped {
    /// Cut: a booking is not copied.
    Booking(Box<Booking>),
    /// Of one practitioner's book; at least one. A marking of several days has its own corner, `from`
    /// which they keep their distance.
    Preblocks { preblocks: Vec<Preblock>, taken: Taken, from: Option<CivilTime> },
}

/// The clipboard, when something lies on it. Nothing changes until it is pasted.
#[derive(Clone)]
pub struct Clip {
    pub what: Clipped,
    /// The request that pastes it.
    pub pasting: Option<RequestId>,
}

impl Clip {
    /// Cut or copied, not pasted yet.
    pub fn new(what: Clipped) -> Self {
        Self { what, pasting: None }
    }

    /// Whether it is marked on the grid: what is copied stays as it was.
    pub fn marks(&self, booking: Option<&BookingId>, preblock: Option<&PreblockId>) -> bool {
        match &self.what {
            Clipped::Booking(cut) => booking == Some(&cut.id),
            Clipped::Preblocks { preblocks, taken: Taken::Cut, .. } => {
                preblocks.iter().any(|cut| preblock == Some(&cut.id))
            }
            Clipped::Preblocks { taken: Taken::Copied, .. } => false,
        }
    }
}

impl Clipped {
    /// What would be cut: the preblocks of a marking; else the booking at the cursor, else the preblocks
    /// of its row.
    pub fn at_cursor(model: &Model) -> Option<Self> {
        let preblocks = model.chosen_preblocks();
        match model.booking_at_cursor() {
            Some(booking) if model.marking.is_none() || preblocks.is_empty() => {
                Some(Self::Booking(Box::new(booking.clone())))
            }
            _ if preblocks.is_empty() => None,
            _ => Some(Self::preblocks(model, Taken::Cut)),
        }
    }

    /// The preblocks of the marking, or of the cursor's row.
    pub fn preblocks(model: &Model, taken: Taken) -> Self {
        let preblocks = model.chosen_preblocks().into_iter().cloned().collect();
        let days = model.marked().filter(|block| block.first < block.last);
        Self::Preblocks { preblocks, taken, from: days.map(Block::start) }
    }

    /// The stretches as they stand where they were taken from.
    pub fn intervals(&self) -> Vec<Interval> {
        match self {
            Clipped::Booking(booking) => vec![booking.interval],
            Clipped::Preblocks { preblocks, .. } => {
                preblocks.iter().map(|preblock| preblock.interval).collect()
            }
        }
    }

    /// Whose book it was taken from.
    pub fn practitioner(&self) -> Option<&PractitionerId> {
        match self {
            Clipped::Booking(booking) => Some(&booking.practitioner),
            Clipped::Preblocks { preblocks, .. } => preblocks.first().map(|it| &it.practitioner),
        }
    }

    /// The upper left corner: that of several marked days, else the first day, and the earliest time of any
    /// day.
    pub fn corner(&self) -> Option<CivilTime> {
        if let Clipped::Preblocks { from: Some(from), .. } = self {
            return Some(*from);
        }
        let intervals = self.intervals();
        let first = intervals.iter().map(|interval| interval.start().date()).min()?;
        let minute = intervals.iter().map(|interval| interval.start().minute_of_day()).min()?;
        Some(CivilTime::at(first, minute))
    }

    /// The stretches with the corner moved to a time: whole days, then minutes.
    pub fn landing(&self, at: CivilTime) -> Vec<Interval> {
        let Some(corner) = self.corner() else { return Vec::new() };
        let days = at.date().signed_duration_since(corner.date()).num_days();
        let days = i32::try_from(days).unwrap_or(0);
        let minutes = Minutes(at.minute_of_day().0 - corner.minute_of_day().0);
        let moved = |time: CivilTime| time.plus_days(days) + minutes;
        let all = self.intervals().into_iter();
        all.filter_map(|it| Interval::new(moved(it.start()), moved(it.end())).ok()).collect()
    }

    /// The preblocks to be laid when the corner is moved to a time.
    pub fn wanted(&self, at: CivilTime) -> Vec<WantedPreblock> {
        let Clipped::Preblocks { preblocks, .. } = self else { return Vec::new() };
        let types = preblocks.iter().map(|preblock| preblock.preblock_type.clone());
        types
            .zip(self.landing(at))
            .map(|(preblock_type, interval)| WantedPreblock { preblock_type, interval })
            .collect()
    }

    /// The preblocks that disappear where they were.
    pub fn cut_preblocks(&self) -> Option<CutPreblocks> {
        let Clipped::Preblocks { preblocks, taken: Taken::Cut, .. } = self else { return None };
        Some(CutPreblocks {
            practitioner: preblocks.first()?.practitioner.clone(),
            preblocks: preblocks.iter().map(|preblock| preblock.id.clone()).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preblock(id: &str, interval: &str) -> Preblock {
        let (start, end) = interval.split_once('/').unwrap();
        Preblock {
            id: id.into(),
            practitioner: "AE".into(),
            preblock_type: "e".into(),
            interval: Interval::new(start.parse().unwrap(), end.parse().unwrap()).unwrap(),
        }
    }

    #[test]
    fn several_days_keep_their_distances_from_the_upper_left_corner() {
        let preblocks = vec![
            preblock("p1", "2026-11-24T09:00/2026-11-24T10:00"),
            preblock("p2", "2026-11-25T08:30/2026-11-25T09:15"),
        ];
        let clip = Clipped::Preblocks { preblocks, taken: Taken::Cut, from: None };
        assert_eq!(clip.corner(), "2026-11-24T08:30".parse().ok());
        let landing = clip.landing("2026-12-28T10:00".parse().unwrap());
        let landing: Vec<String> = landing.iter().map(ToString::to_string).collect();
        assert_eq!(
            landing,
            ["2026-12-28T10:30/2026-12-28T11:30", "2026-12-29T10:00/2026-12-29T10:45"]
        );
        let own = clip.corner().unwrap();
        assert_eq!(clip.landing(own), clip.intervals());
    }
}
