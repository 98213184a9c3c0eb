//! Laws of time: what holds of any civil times, intervals and date ranges.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use proptest::collection::vec;
use proptest::prelude::*;
use tidbok::domain::*;

/// Any time that can be written: years 1000–9999.
fn times() -> impl Strategy<Value = CivilTime> {
    let first = NaiveDate::from_ymd_opt(1000, 1, 1).unwrap();
    let days = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap() - first;
    (0..=days.num_days(), 0..1440i32)
        .prop_map(move |(day, minute)| CivilTime::at(first + TimeDelta::days(day), Minutes(minute)))
}

/// Minute `n` of a small stretch that crosses a midnight.
fn minute(n: i32) -> CivilTime {
    CivilTime::at(NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(), Minutes(1430 + n))
}

/// Short intervals within forty minutes, so that many touch and overlap.
fn intervals() -> impl Strategy<Value = Interval> {
    (0..40i32, 1..12i32)
        .prop_map(|(start, length)| Interval::new(minute(start), minute(start + length)).unwrap())
}

fn minutes(intervals: &[Interval]) -> BTreeSet<CivilTime> {
    (0..60).map(minute).filter(|at| intervals.iter().any(|one| one.contains_time(*at))).collect()
}

/// Sorted, and none touches the next.
fn are_sorted_and_apart(intervals: &[Interval]) -> bool {
    intervals.windows(2).all(|pair| pair[0].end() < pair[1].start())
}

proptest! {
    #[test]
    fn a_time_is_read_back_as_it_was_written(time in times()) {
        let written = time.to_string();
        prop_assert_eq!(written.len(), 16);
        prop_assert_eq!(written.parse(), Ok(time));
        prop_assert_eq!(&written, &time.to_chrono().format("%Y-%m-%dT%H:%M").to_string());
        prop_assert_eq!(serde_json::from_str::<CivilTime>(&format!("\"{written}\"")).unwrap(), time);
        prop_assert_eq!(parse_date(&written[..10]), Some(time.date()));
        prop_assert_eq!(time.clock(), &written[11..]);
    }

    #[test]
    fn times_are_ordered_as_texts_and_as_chrono_orders_them(a in times(), b in times()) {
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        prop_assert_eq!(a.cmp(&b), a.to_chrono().cmp(&b.to_chrono()));
    }

    #[test]
    fn what_is_added_is_the_distance(time in times(), n in -2_000_000..2_000_000i32) {
        let moved = time + Minutes(n);
        prop_assert_eq!(moved.since(time), Minutes(n));
        prop_assert_eq!(moved - Minutes(n), time);
        prop_assert_eq!(moved.to_chrono(), time.to_chrono() + TimeDelta::minutes(n.into()));
        let days = n / 1440;
        prop_assert_eq!(time.plus_days(days).date(), time.date() + TimeDelta::days(days.into()));
        prop_assert_eq!(time.plus_days(days).minute_of_day(), time.minute_of_day());
    }

    #[test]
    fn only_what_would_be_written_is_read(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}") {
        match text.parse::<CivilTime>() {
            Ok(time) => prop_assert_eq!(time.to_string(), text),
            Err(_) => {
                let is_a_time =
                    chrono::NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M").is_ok();
                prop_assert!(!is_a_time || text.starts_with('0'));
            }
        }
    }

    #[test]
    fn intervals_relate_as_their_minutes_do(a in intervals(), b in intervals()) {
        let (of_a, of_b) = (minutes(&[a]), minutes(&[b]));
        let shared: BTreeSet<_> = of_a.intersection(&of_b).copied().collect();
        prop_assert_eq!(a.overlaps(b), !shared.is_empty());
        prop_assert_eq!(a.contains(b), of_b.is_subset(&of_a));
        prop_assert_eq!(a.intersection(b).map_or(BTreeSet::new(), |both| minutes(&[both])), shared);
        prop_assert_eq!(a.length(), Minutes(i32::try_from(of_a.len()).unwrap()));
        let meets = a.end() == b.start() || b.end() == a.start();
        prop_assert_eq!(a.touches(b), a.overlaps(b) || meets);
        prop_assert!(!(meets && a.overlaps(b)), "touching is not overlapping");
    }

    #[test]
    fn r1_a_union_has_the_same_minutes_sorted_and_apart(all in vec(intervals(), 0..8)) {
        let joined = union(all.clone());
        prop_assert_eq!(minutes(&joined), minutes(&all));
        prop_assert!(are_sorted_and_apart(&joined));
        prop_assert_eq!(union(joined.clone()), joined);
    }

    #[test]
    fn r12_what_is_left_has_the_minutes_that_no_hole_has(
        whole in intervals(),
        mut holes in vec(intervals(), 0..6),
    ) {
        holes.sort_unstable();
        let left = subtract(whole, &holes);
        let expected: BTreeSet<_> = minutes(&[whole]).difference(&minutes(&holes)).copied().collect();
        prop_assert_eq!(minutes(&left), expected);
        prop_assert!(are_sorted_and_apart(&left));
    }

    #[test]
    fn a_date_range_has_its_days_and_their_minutes(time in times(), days in 0..400u32, at in -3..403i32) {
        let range = DateRange::new(time.date(), days);
        let all: Vec<NaiveDate> = range.iter().collect();
        prop_assert_eq!(all.len(), days as usize);
        let asked = time.plus_days(at);
        prop_assert_eq!(range.contains(asked.date()), all.contains(&asked.date()));
        let holds = range.interval().is_some_and(|interval| interval.contains_time(asked));
        prop_assert_eq!(holds, range.contains(asked.date()));
    }

    #[test]
    fn the_stretches_of_a_date_range_are_its_days_in_turn(
        time in times(), days in 0..400u32, most in 1..40u32
    ) {
        let range = DateRange::new(time.date(), days);
        let stretches: Vec<DateRange> = range.stretches(most).collect();
        let in_turn: Vec<NaiveDate> = stretches.iter().flat_map(|part| part.iter()).collect();
        prop_assert_eq!(in_turn, range.iter().collect::<Vec<_>>());
        prop_assert!(stretches.iter().all(|part| (1..=most).contains(&part.days())));
        prop_assert_eq!(stretches.len(), days.div_ceil(most) as usize);
    }

    #[test]
    fn r9_changing_the_use_is_as_making_it_anew(
        before in vec(intervals(), 0..5),
        added in vec(intervals(), 0..3),
        capacity in 0..4u32,
        asked in intervals(),
    ) {
        let resource = Resource { code: ResourceCode('R'), name: "R".into(), capacity };
        let of = |held: &[Interval]| {
            let steps = held.iter().flat_map(|held| ResourceStep::of(ResourceCode('R'), *held));
            ResourceUse::new([&resource], steps)
        };
        let codes = ResourceCodes::parse("R").unwrap();
        let bookings: Vec<Booking> = added.iter().map(|interval| booking(*interval)).collect();
        let add: Vec<Change> =
            bookings.iter().map(|one| Change::Booking(Box::new(Changed::Added(one.clone())))).collect();
        let remove: Vec<Change> =
            bookings.iter().map(|one| Change::Booking(Box::new(Changed::Removed(one.clone())))).collect();
        let all: Vec<Interval> = before.iter().chain(&added).copied().collect();
        let changed = of(&before).changed(&add);
        let lacking = |held: &ResourceUse| held.first_lacking(&codes, asked);
        prop_assert_eq!(lacking(&changed), lacking(&of(&all)));
        prop_assert_eq!(lacking(&changed.changed(&remove)), lacking(&of(&before)));
    }
}

/// An active booking that holds R.
fn booking(interval: Interval) -> Booking {
    Booking {
        id: "b".into(),
        practitioner: "AE".into(),
        interval,
        category: "us".into(),
        template: None,
        patient: None,
        text: String::new(),
        resources: ResourceCodes::parse("R").unwrap(),
        registered_by: "AE".into(),
        state: BookingState::Booked,
        portal_id: None,
        identification: Identification::Unverified,
    }
}

#[test]
fn r9_a_booking_holds_each_of_its_resources_from_its_start_to_its_end_and_none_once_it_is_cancelled()
 {
    let interval = Interval::new(minute(5), minute(50)).unwrap();
    let resources = ResourceCodes::parse("RB").unwrap();
    let booked = Booking { resources, ..booking(interval) };
    let step = |code, at, change| ResourceStep { resource: ResourceCode(code), at, change };
    let (from, to) = (interval.start(), interval.end());
    let steps = [step('R', from, 1), step('R', to, -1), step('B', from, 1), step('B', to, -1)];
    assert_eq!(booked.resource_steps().collect::<Vec<_>>(), steps);
    let cancelled = Booking { state: BookingState::Cancelled, ..booked };
    assert_eq!(cancelled.resource_steps().count(), 0);
}

#[test]
fn an_interval_is_never_empty_nor_backwards() {
    assert_eq!(Interval::new(minute(5), minute(5)), Err(EndNotAfterStart));
    assert_eq!(Interval::new(minute(5), minute(4)), Err(EndNotAfterStart));
    let backwards = r#"{"start": "2026-11-25T10:00", "end": "2026-11-25T09:00"}"#;
    assert!(serde_json::from_str::<Interval>(backwards).is_err());
}

#[test]
fn what_is_not_a_time() {
    for text in [
        "",
        "2026-11-25",
        "2026-11-25 09:00",
        "2026-11-25T9:00",
        "2026-11-25T09:00:00",
        "2026-11-25T24:00",
        "2026-11-25T09:60",
        "2026-02-29T09:00",
        "2026-13-01T09:00",
        "2026-00-01T09:00",
        "0999-01-01T09:00",
        "+026-11-25T09:00",
        "2026-11-25T-1:00",
        "2026-11-25T09:0０",
        "２026-11-25T09",
        "2026-11-25t09:00",
        " 2026-11-25T09:00",
    ] {
        assert_eq!(text.parse::<CivilTime>(), Err(NotACivilTime), "{text}");
    }
    for text in ["1000-01-01T00:00", "9999-12-31T23:59", "2024-02-29T23:59"] {
        assert_eq!(text.parse::<CivilTime>().unwrap().to_string(), text);
    }
}
