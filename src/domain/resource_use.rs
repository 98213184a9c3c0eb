//! When resources are taken, over all practitioners' bookings (R9). Pure.

use std::collections::BTreeMap;

use super::booking::Booking;
use super::change::Change;
use super::resource::{LackingResource, Resource, ResourceCode, ResourceCodes};
use super::time::{CivilTime, Interval, first_overlapping};

/// When each resource has no capacity left, over all practitioners' active bookings (R9).
#[derive(Clone, Debug, Default)]
pub struct ResourceUse {
    load: BTreeMap<ResourceCode, Load>,
}

#[derive(Clone, Debug)]
struct Load {
    capacity: u32,
    /// When how many bookings more, or fewer, hold it; in any order.
    steps: Vec<(CivilTime, i32)>,
    full: Fullness,
}

/// At a moment, so many bookings more, or fewer, hold a resource than just before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceStep {
    pub resource: ResourceCode,
    pub at: CivilTime,
    pub change: i32,
}

impl ResourceStep {
    /// The steps up and down of one booking.
    pub fn of(resource: ResourceCode, interval: Interval) -> [Self; 2] {
        let step = |at, change| Self { resource, at, change };
        [step(interval.start(), 1), step(interval.end(), -1)]
    }
}

#[derive(Clone, Debug)]
enum Fullness {
    /// Capacity is zero.
    Always,
    /// Sorted, apart.
    During(Vec<Interval>),
}

impl Load {
    fn new(capacity: u32, steps: Vec<(CivilTime, i32)>) -> Self {
        let full = full_when(&steps, capacity);
        Self { capacity, steps, full }
    }

    /// So many bookings more hold it throughout the interval, or fewer.
    fn step(&mut self, interval: Interval, change: i32) {
        self.steps.extend([(interval.start(), change), (interval.end(), -change)]);
        self.full = full_when(&self.steps, self.capacity);
    }

    fn is_full(&self, interval: Interval) -> bool {
        match &self.full {
            Fullness::Always => true,
            Fullness::During(full) => first_overlapping(full, interval).is_some(),
        }
    }
}

impl ResourceUse {
    /// `steps` are those of active bookings, in any order; before the first of them, none holds
    /// anything. A code that no resource has is left out: it stays unknown.
    pub fn new<'a>(
        resources: impl IntoIterator<Item = &'a Resource>,
        steps: impl IntoIterator<Item = ResourceStep>,
    ) -> Self {
        let mut of_each: BTreeMap<ResourceCode, Vec<(CivilTime, i32)>> = BTreeMap::new();
        for step in steps {
            of_each.entry(step.resource).or_default().push((step.at, step.change));
        }
        let load = resources
            .into_iter()
            .map(|resource| {
                let steps = of_each.remove(&resource.code).unwrap_or_default();
                (resource.code, Load::new(resource.capacity, steps))
            })
            .collect();
        Self { load }
    }

    /// The first of the codes that is unknown or full somewhere in the interval (R9).
    pub fn first_lacking(
        &self,
        codes: &ResourceCodes,
        interval: Interval,
    ) -> Option<LackingResource> {
        self.lacking(codes, interval).next()
    }

    /// All of the codes that are unknown or full somewhere in the interval (R9, R13).
    pub fn lacking<'a>(
        &'a self,
        codes: &'a ResourceCodes,
        interval: Interval,
    ) -> impl Iterator<Item = LackingResource> + 'a {
        codes.iter().filter_map(move |code| match self.load.get(&code) {
            None => Some(LackingResource::Unknown(code)),
            Some(load) => load.is_full(interval).then_some(LackingResource::Full(code)),
        })
    }

    /// As it would be after the changes.
    pub fn changed(&self, changes: &[Change]) -> Self {
        let mut after = self.clone();
        for change in changes {
            let Change::Booking(change) = change else { continue };
            if let Some(before) = change.before() {
                after.step(before, -1);
            }
            if let Some(booking) = change.after() {
                after.step(booking, 1);
            }
        }
        after
    }

    fn step(&mut self, booking: &Booking, change: i32) {
        for code in booking.held_resources() {
            if let Some(load) = self.load.get_mut(&code) {
                load.step(booking.interval, change);
            }
        }
    }
}

fn full_when(steps: &[(CivilTime, i32)], capacity: u32) -> Fullness {
    if capacity == 0 {
        return Fullness::Always;
    }
    // Down comes before up at the same minute: touching is not overlapping.
    let mut steps = steps.to_vec();
    steps.sort_unstable();
    let capacity = i64::from(capacity);
    let (mut count, mut since, mut full) = (0i64, None, Vec::new());
    for (time, change) in steps {
        count += i64::from(change);
        match since {
            None if count >= capacity => since = Some(time),
            Some(from) if count < capacity => {
                full.extend(Interval::new(from, time).ok());
                since = None;
            }
            _ => {}
        }
    }
    Fullness::During(super::time::union(full))
}
