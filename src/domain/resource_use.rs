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
    /// When bookings hold it, one entry a booking, in any order.
    held: Vec<Interval>,
    full: Fullness,
}

#[derive(Clone, Debug)]
enum Fullness {
    /// Capacity is zero.
    Always,
    /// Sorted, apart.
    During(Vec<Interval>),
}

impl Load {
    fn new(capacity: u32, held: Vec<Interval>) -> Self {
        let full = full_when(&held, capacity);
        Self { capacity, held, full }
    }

    fn is_full(&self, interval: Interval) -> bool {
        match &self.full {
            Fullness::Always => true,
            Fullness::During(full) => first_overlapping(full, interval).is_some(),
        }
    }
}

impl ResourceUse {
    /// `held` are the intervals in which active bookings hold each resource, in any order.
    /// A code that no resource has is left out: it stays unknown.
    pub fn new<'a>(
        resources: impl IntoIterator<Item = &'a Resource>,
        held: &BTreeMap<ResourceCode, Vec<Interval>>,
    ) -> Self {
        let load = resources
            .into_iter()
            .map(|resource| {
                let intervals = held.get(&resource.code).cloned().unwrap_or_default();
                (resource.code, Load::new(resource.capacity, intervals))
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
            if let Some(before) = change.before().filter(|booking| booking.is_active()) {
                after.release(before);
            }
            if let Some(booking) = change.after().filter(|booking| booking.is_active()) {
                after.hold(booking);
            }
        }
        after
    }

    fn hold(&mut self, booking: &Booking) {
        for code in booking.resources.iter() {
            if let Some(load) = self.load.get_mut(&code) {
                load.held.push(booking.interval);
                load.full = full_when(&load.held, load.capacity);
            }
        }
    }

    fn release(&mut self, booking: &Booking) {
        for code in booking.resources.iter() {
            if let Some(load) = self.load.get_mut(&code)
                && let Some(at) = load.held.iter().position(|held| *held == booking.interval)
            {
                load.held.swap_remove(at);
                load.full = full_when(&load.held, load.capacity);
            }
        }
    }
}

fn full_when(held: &[Interval], capacity: u32) -> Fullness {
    if capacity == 0 {
        return Fullness::Always;
    }
    // Ends sort before starts at the same minute: touching is not overlapping.
    let mut edges: Vec<(CivilTime, i32)> = Vec::with_capacity(held.len() * 2);
    for interval in held {
        edges.push((interval.start(), 1));
        edges.push((interval.end(), -1));
    }
    edges.sort_unstable();
    let capacity = i64::from(capacity);
    let (mut count, mut since, mut full) = (0i64, None, Vec::new());
    for (time, step) in edges {
        count += i64::from(step);
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
