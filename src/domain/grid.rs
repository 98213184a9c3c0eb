//! The slot grid: where a template's times can start on a preblock (R2).

use super::reason::NotBookable;
use super::template::TemplateMinutes;
use super::time::{CivilTime, Interval};

/// The candidates of one template on one preblock, `[B + k·m, B + (k+1)·m)` for k = 0, 1, … while
/// the end is not past the preblock's. Hangs on the preblock's start and nothing else.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    preblock: Interval,
    template: TemplateMinutes,
}

impl Grid {
    pub(super) fn new(preblock: Interval, template: TemplateMinutes) -> Self {
        Self { preblock, template }
    }

    /// The candidates that start in the window, in order.
    pub(super) fn starting_in(self, window: Interval) -> impl Iterator<Item = Interval> {
        let first = self.not_before(window.start()).max(0);
        (first..)
            .map_while(move |k| self.candidate(k))
            .take_while(move |it| it.end() <= self.preblock.end() && it.start() < window.end())
    }

    /// The candidate that starts at `start`, which lies in the preblock.
    ///
    /// # Errors
    /// [`NotBookable::PreblockTooShort`], or [`NotBookable::OffGrid`] with the nearest starts.
    pub(super) fn starting_at(self, start: CivilTime) -> Result<Interval, NotBookable> {
        let count = self.count();
        if count == 0 {
            return Err(NotBookable::PreblockTooShort {
                preblock: self.preblock.length(),
                template: self.template.minutes(),
            });
        }
        let next = self.not_before(start);
        match self.candidate(next) {
            Some(candidate) if next < count && candidate.start() == start => Ok(candidate),
            _ => Err(NotBookable::OffGrid {
                before: (next > 0).then(|| self.start((next - 1).min(count - 1))),
                after: (next < count).then(|| self.start(next)),
            }),
        }
    }

    /// How many candidates there are.
    fn count(self) -> i64 {
        self.preblock.end().exactly_since(self.preblock.start()) / self.step()
    }

    /// The number of the first start that is not before a time; negative before the preblock.
    fn not_before(self, time: CivilTime) -> i64 {
        let behind = time.exactly_since(self.preblock.start());
        -(-behind).div_euclid(self.step())
    }

    fn candidate(self, k: i64) -> Option<Interval> {
        Interval::new(self.start(k), self.start(k + 1)).ok()
    }

    fn start(self, k: i64) -> CivilTime {
        self.preblock.start().plus_exactly(k * self.step())
    }

    fn step(self) -> i64 {
        i64::from(self.template.minutes().0)
    }
}
