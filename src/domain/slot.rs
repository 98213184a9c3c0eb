//! A bookable time.

use super::id::{PractitionerId, TemplateId};
use super::time::Interval;

/// A template's length at a start, bookable by a patient (*tid*). Ordered as `slots` lists them:
/// by start, then practitioner id, then template id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    pub practitioner: PractitionerId,
    pub template: TemplateId,
    pub interval: Interval,
}

impl PartialOrd for Slot {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Slot {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |slot: &Self| slot.interval.start();
        key(self)
            .cmp(&key(other))
            .then_with(|| self.practitioner.cmp(&other.practitioner))
            .then_with(|| self.template.cmp(&other.template))
            .then_with(|| self.interval.cmp(&other.interval))
    }
}
