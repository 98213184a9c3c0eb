//! What of a preblock patients can see by now: what is out there, held against what should be.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::id::TemplateId;
use super::slot::Slot;
use super::time::{CivilTime, Interval};

/// Starts of the times that are out there, of one practitioner, by template.
pub type OutThere = BTreeSet<(CivilTime, TemplateId)>;

/// One practitioner's times of a day that are out there, as the agent keeps them: the clock of each
/// start by template.
pub type OutOnDay = BTreeMap<TemplateId, Vec<String>>;

/// The starts of a day; what is no time of it is left out.
pub fn starts_on(date: NaiveDate, day: &OutOnDay) -> OutThere {
    let of = |(template, clocks): (&TemplateId, &Vec<String>)| {
        let starts = clocks.iter().filter_map(|clock| format!("{date}T{clock}").parse().ok());
        starts.map(|start| (start, template.clone())).collect::<Vec<_>>()
    };
    day.iter().flat_map(of).collect()
}

/// How far a preblock's times have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outward {
    /// What patients see is what they should.
    Published,
    /// Something is yet to be published or withdrawn.
    Waiting,
    /// The booking page refuses what it is sent.
    Refused,
}

/// Whether the booking page takes a practitioner's times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Taken,
    Refused,
}

/// How far a preblock's times have come, and how many are out there: `wanted` are the practitioner's
/// bookable times, `out` those that patients see. What starts before `fading`, the shortest notice from
/// now, goes by itself (R8).
pub fn outward(
    preblock: Interval,
    wanted: &[Slot],
    out: &OutThere,
    fading: CivilTime,
    taken: Taken,
) -> (Outward, usize) {
    let from = wanted.partition_point(|slot| slot.interval.start() < preblock.start());
    let wanted: OutThere = wanted[from..]
        .iter()
        .map(|slot| (slot.interval.start(), slot.template.clone()))
        .take_while(|(start, _)| *start < preblock.end())
        .collect();
    let within = |(start, _): &&(CivilTime, TemplateId)| preblock.contains_time(*start);
    let out: OutThere = out.iter().filter(within).cloned().collect();
    let lasting = out.iter().filter(|(start, _)| *start >= fading);
    let in_step = lasting.eq(wanted.iter().filter(|(start, _)| *start >= fading));
    let state = match (in_step, taken) {
        (true, _) => Outward::Published,
        (false, Taken::Taken) => Outward::Waiting,
        (false, Taken::Refused) => Outward::Refused,
    };
    (state, out.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::parse_date;

    fn at(clock: &str) -> CivilTime {
        format!("2026-11-25T{clock}").parse().expect("a time")
    }

    fn slot(clock: &str) -> Slot {
        let interval = Interval::new(at(clock), at(clock) + crate::domain::Minutes(30));
        let interval = interval.expect("from before to");
        Slot { practitioner: "AE".into(), template: "us30".into(), interval }
    }

    #[test]
    fn a_preblock_waits_while_what_is_out_there_is_not_what_should_be() {
        let date = parse_date("2026-11-25").expect("a date");
        let preblock = Interval::new(at("09:00"), at("10:30")).expect("from before to");
        let out = |clocks: &[&str]| {
            let clocks = clocks.iter().map(|clock| (*clock).to_owned()).collect();
            starts_on(date, &[("us30".into(), clocks)].into())
        };
        let all = ["09:00", "09:30", "10:00"];
        let others = ["08:30", "09:00", "09:30", "10:00", "10:30"];
        use Outward::{Published, Refused, Waiting};
        let table = [
            (&all[..], &all[..], "08:00", (Published, 3)),
            (&all, &others, "08:00", (Published, 3)),
            (&all, &all[..2], "08:00", (Waiting, 2)),
            (&all[..2], &all, "08:00", (Waiting, 3)),
            (&[], &[], "08:00", (Published, 0)),
            // What starts where the preblock ends is another's.
            (&others, &all, "08:00", (Published, 3)),
            // What has come too near goes by itself, on either side.
            (&all[1..], &all, "09:01", (Published, 3)),
            (&all, &all[1..], "09:01", (Published, 2)),
        ];
        for (wanted, clocks, fading, expected) in table {
            let wanted: Vec<Slot> = wanted.iter().map(|clock| slot(clock)).collect();
            let found = outward(preblock, &wanted, &out(clocks), at(fading), Taken::Taken);
            assert_eq!(found, expected, "{clocks:?} {fading}");
            let refused = outward(preblock, &wanted, &out(clocks), at(fading), Taken::Refused);
            let state = if expected.0 == Waiting { Refused } else { Published };
            assert_eq!(refused, (state, expected.1), "{clocks:?} {fading}");
        }
        assert_eq!(starts_on(date, &[("us30".into(), vec!["25:00".into()])].into()), out(&[]));
    }
}
