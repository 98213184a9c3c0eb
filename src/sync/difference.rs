//! What must be sent so that what is published becomes what is wanted. Pure.

use std::collections::BTreeMap;

use crate::domain::Slot;

/// A slot as the other end has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub slot: Slot,
    pub version: String,
    pub state: PublishedState,
}

/// What the other end says of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublishedState {
    Free,
    /// A patient's wish has taken it.
    Taken,
}

/// Slots by their id on the wire.
pub type PublishedSlots = BTreeMap<String, Published>;

/// One change to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// It is not there.
    Add(Slot),
    /// A wish had taken it, and the clinic has the time free.
    Free { slot: Slot, version: String },
    /// It is not to be booked any more.
    Withdraw { id: String, version: String },
}

/// The operations that make `published` into `wanted`. A taken slot that is not wanted stays: an
/// appointment refers to it. One that is wanted becomes free again, unless `is_held` says that a wish
/// for it waits for its answer.
pub fn difference(
    wanted: &BTreeMap<String, Slot>,
    published: &PublishedSlots,
    is_held: impl Fn(&str) -> bool,
) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (id, old) in published {
        if old.state == PublishedState::Free && !wanted.contains_key(id) {
            operations.push(Operation::Withdraw { id: id.clone(), version: old.version.clone() });
        }
    }
    for (id, slot) in wanted {
        match published.get(id) {
            None => operations.push(Operation::Add(slot.clone())),
            Some(old) if old.state == PublishedState::Taken && !is_held(id) => {
                let (slot, version) = (slot.clone(), old.version.clone());
                operations.push(Operation::Free { slot, version });
            }
            Some(_) => {}
        }
    }
    operations
}

/// Whether a taken slot is wanted: it is to be freed once it is known that no wish for it waits.
pub fn some_to_free(wanted: &BTreeMap<String, Slot>, published: &PublishedSlots) -> bool {
    let mut taken = published.iter().filter(|(_, it)| it.state == PublishedState::Taken);
    taken.any(|(id, _)| wanted.contains_key(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Interval;

    fn slot(practitioner: &str, clock: &str) -> Slot {
        let start = format!("2026-11-25T{clock}").parse().expect("a time");
        let interval =
            Interval::new(start, start + crate::domain::Minutes(30)).expect("half an hour");
        Slot { practitioner: practitioner.into(), template: "us30".into(), interval }
    }

    fn wanted(slots: &[(&str, Slot)]) -> BTreeMap<String, Slot> {
        slots.iter().map(|(id, slot)| ((*id).to_owned(), slot.clone())).collect()
    }

    fn published(slots: &[(&str, Slot, PublishedState)]) -> PublishedSlots {
        let one = |(id, slot, state): &(&str, Slot, PublishedState)| {
            let version = format!("v-{id}");
            ((*id).to_owned(), Published { slot: slot.clone(), version, state: *state })
        };
        slots.iter().map(one).collect()
    }

    #[test]
    fn what_is_missing_is_added_what_is_over_withdrawn_and_the_rest_left_alone() {
        use PublishedState::{Free, Taken};
        let (a, b, c, d) =
            (slot("AE", "09:00"), slot("AE", "09:30"), slot("AE", "10:00"), slot("AE", "10:30"));
        let wanted = wanted(&[("a", a.clone()), ("b", b.clone())]);
        let published =
            published(&[("b", b.clone(), Free), ("c", c.clone(), Free), ("d", d.clone(), Taken)]);
        let found = difference(&wanted, &published, |_| false);
        let withdraw = Operation::Withdraw { id: "c".into(), version: "v-c".into() };
        assert_eq!(found, [withdraw, Operation::Add(a)]);
    }

    #[test]
    fn a_taken_slot_that_is_wanted_is_freed_unless_a_wish_waits() {
        let a = slot("AE", "09:00");
        let wanted = wanted(&[("a", a.clone())]);
        let published = published(&[("a", a.clone(), PublishedState::Taken)]);
        let free = Operation::Free { slot: a, version: "v-a".into() };
        assert_eq!(difference(&wanted, &published, |_| false), [free]);
        assert_eq!(difference(&wanted, &published, |id| id == "a"), []);
    }
}
