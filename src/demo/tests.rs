use std::collections::BTreeSet;

use super::*;
use crate::domain::*;
use crate::store::Completeness;

fn day(text: &str) -> NaiveDate {
    parse_date(text).unwrap()
}

/// Ordinary days, both sides of new year, both DST Sundays, a leap day, Easter, midsummer's eve.
const DAYS: [&str; 10] = [
    "2026-11-23",
    "2026-12-30",
    "2027-01-02",
    "2026-03-29",
    "2026-10-25",
    "2028-02-29",
    "2027-03-26",
    "2026-06-19",
    "2026-06-21",
    "2031-08-01",
];

fn calendar(file: &ClinicFile, practitioner: &PractitionerId) -> Calendar {
    Calendar::new(
        file.work_sessions.iter().filter(|it| it.practitioner == *practitioner).cloned().collect(),
        file.preblocks.iter().filter(|it| it.practitioner == *practitioner).cloned().collect(),
        file.bookings.values().filter(|it| it.practitioner == *practitioner).cloned().collect(),
    )
}

fn slots(file: &ClinicFile, today: NaiveDate) -> Vec<Slot> {
    let resources = ResourceUse::new(file.setup.resources.values(), []);
    let resolver = Resolver::new(&file.setup, &resources, CivilTime::start_of(today));
    let days = DateRange::new(today, 42);
    let all = file.setup.practitioners.keys();
    all.flat_map(|id| resolver.slots(id, &calendar(file, id), days)).collect()
}

#[test]
fn on_any_day_it_is_a_clinic_file_without_faults_that_comes_back_the_same() {
    for today in DAYS.map(day) {
        let written = clinic(today).to_json(Completeness::Complete);
        let read = ClinicFile::parse(&written, today)
            .unwrap_or_else(|faults| panic!("{today}: {}", faults[0]));
        assert_eq!(read.to_json(Completeness::Complete), written, "{today}");
    }
}

#[test]
fn on_any_day_there_are_hundreds_of_bookings_and_of_times_to_book() {
    for today in DAYS.map(day) {
        let file = clinic(today);
        let online = file.bookings.values().filter(|it| it.is_online()).count();
        assert!(file.bookings.len() > 300 && online > 50, "{today} {}", file.bookings.len());
        let times = slots(&file, today);
        assert!(times.len() > 200, "{today} {}", times.len());
        let practitioners: BTreeSet<_> = times.iter().map(|slot| &slot.practitioner).collect();
        assert!(practitioners.len() >= 8, "{today} {practitioners:?}");
    }
}

#[test]
fn the_same_day_gives_the_same_clinic() {
    assert_eq!(clinic(day("2026-11-23")), clinic(day("2026-11-23")));
}

#[test]
fn it_spans_two_weeks_back_and_six_ahead_without_red_days() {
    let file = clinic(day("2026-12-09"));
    let dates = file.work_sessions.iter().map(|it| it.interval.start().date());
    let (first, last) = (dates.clone().min().unwrap(), dates.clone().max().unwrap());
    assert_eq!((first, last), (day("2026-11-23"), day("2027-01-16")));
    assert_eq!(dates.clone().find_map(|date| file.setup.red_day(date)), None);
}

#[test]
fn it_shows_what_there_is_to_show() {
    let file = clinic(day("2026-11-23"));
    let setup = &file.setup;
    assert!(setup.companies.len() == 2 && setup.practitioners.len() >= 8);
    let owners: Vec<_> = setup.template_lists.values().map(|list| &list.owner).collect();
    assert!(owners.iter().any(|it| matches!(it, ListOwner::All)));
    assert!(owners.iter().any(|it| matches!(it, ListOwner::Organisation(_))));
    assert!(owners.iter().any(|it| matches!(it, ListOwner::Company(_))));
    assert!(owners.iter().any(|it| matches!(it, ListOwner::Practitioner(_))));
    let types = || setup.preblock_types.values();
    assert!(types().any(|it| it.code.is_some()) && types().any(|it| !it.may_bypass));
    assert!(types().any(|it| it.expires_days_before.is_some() && it.allow));
    assert!(types().any(|it| it.valid_for != ValidFor::Everyone));
    let protected = |it: &&Patient| it.protection == IdentityProtection::Protected;
    assert_eq!(file.patients.values().filter(protected).count(), 1);
    assert!(!file.users[&"ELEV".into()].may(Permission::PreblockInternet));
    assert!(file.users[&"REC".into()].may(Permission::PreblockInternet));
    assert!(file.users[&"ADM".into()].may(Permission::UsersManage));
    let off_the_rows = |it: &&Booking| it.interval.start().minute_of_day().0 % 15 != 0;
    assert!(file.bookings.values().filter(off_the_rows).count() > 20);
    assert!(file.bookings.values().any(|it| it.state == BookingState::Cancelled));
}

#[test]
fn the_first_practitioner_has_free_scheduled_time_to_mark_every_week_ahead() {
    for today in DAYS.map(day) {
        let file = clinic(today);
        let calendar = calendar(&file, &"AE".into());
        let monday =
            CivilTime::start_of(today - Days::new(today.weekday().num_days_from_monday().into()));
        let free = |week: i32| {
            let days = DateRange::new(monday.plus_days(week * 7).date(), 7);
            let stretches = calendar.scheduled_in(days.interval().unwrap());
            let laid: Vec<_> = calendar.preblocks().iter().map(|it| it.interval).collect();
            stretches.iter().any(|it| subtract(*it, &laid).iter().any(|it| it.length().0 >= 120))
        };
        let open = (0..6).filter(|week| free(*week)).count();
        // Christmas leaves a week or two without a whole session.
        assert!(open >= 4, "{today} {open}");
    }
}

#[test]
fn some_patients_gave_other_contacts_with_their_bookings_than_their_cards_have() {
    for today in DAYS.map(day) {
        let file = clinic(today);
        let given = contacts(&file, today);
        assert!(given.len() >= 3, "{today} {}", given.len());
        let mut patients = BTreeSet::new();
        for one in given {
            let booking = &file.bookings[&one.booking];
            assert!(booking.is_online() && booking.is_active() && one.given_at.date() < today);
            let card = &file.patients[booking.patient.as_ref().unwrap()];
            assert_eq!(card.protection, IdentityProtection::None);
            assert!(!one.contacts.differing(card).is_empty(), "{today} {}", one.booking);
            assert_eq!(one.contacts.faults(), [], "{today} {}", one.booking);
            assert!(patients.insert(&card.id), "one offer a patient");
        }
    }
}
