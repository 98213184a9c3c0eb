//! Random small clinics: two practitioners, three days, everything the rules speak of.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use tidbok::domain::*;

use super::{Clinic, base};

const CATEGORIES: [&str; 2] = ["a", "b"];
const TEMPLATES: [&str; 4] = ["t0", "t1", "t2", "t3"];
const TYPES: [&str; 3] = ["x0", "x1", "x2"];
const LISTS: [&str; 3] = ["empty", "some", "other"];
const PRACTITIONERS: [&str; 2] = ["AE", "BL"];

/// True in `percent` of the cases.
fn mostly(percent: u32) -> impl Strategy<Value = bool> {
    (0..100u32).prop_map(move |n| n < percent)
}

fn template(id: &'static str) -> impl Strategy<Value = BookingTemplate> {
    let minutes = prop_oneof![4 => select(vec![5i64, 7, 10, 15, 20, 30, 45]), 1 => 1..=100i64];
    let resources = prop_oneof![
        5 => Just(""), 2 => Just("R"), 1 => Just("S"), 2 => Just("RS"), 1 => Just("X"), 1 => Just("RX"),
    ];
    (minutes, select(&CATEGORIES[..]), mostly(92), mostly(92), resources).prop_map(
        move |(minutes, category, online, active, resources)| BookingTemplate {
            id: id.into(),
            name: id.into(),
            minutes: TemplateMinutes::new(minutes).unwrap(),
            category: category.into(),
            online,
            online_rebook: false,
            online_cancel: false,
            recall: false,
            calendar_text: String::new(),
            resources: ResourceCodes::parse(resources).unwrap(),
            moves_recall: false,
            active,
        },
    )
}

fn preblock_type(id: &'static str) -> impl Strategy<Value = PreblockType> {
    let kind = prop_oneof![9 => Just(PreblockKind::Internet), 1 => Just(PreblockKind::Internal)];
    let valid_for = prop_oneof![
        6 => Just(ValidFor::Everyone),
        1 => subsequence(&PRACTITIONERS[..], 0..=2)
            .prop_map(|ids| ValidFor::Only(ids.into_iter().map(PractitionerId::from).collect())),
    ];
    let categories = prop_oneof![
        4 => Just(vec!["a", "b"]), 2 => subsequence(&CATEGORIES[..], 0..=2),
    ];
    let expires = prop_oneof![
        5 => Just(None), 2 => (0..=3u32).prop_map(Some), 1 => select(vec![Some(30), Some(400)]),
    ];
    (kind, valid_for, mostly(92), categories, expires, mostly(92)).prop_map(
        move |(kind, valid_for, allow, categories, expires_days_before, active)| PreblockType {
            id: id.into(),
            name: id.into(),
            text: String::new(),
            color: Color { red: 0, green: 0, blue: 0 },
            kind,
            valid_for,
            may_bypass: true,
            allow,
            categories: categories.into_iter().map(CategoryId::from).collect(),
            expires_days_before,
            code: None,
            active,
        },
    )
}

fn choices() -> impl Strategy<Value = ListChoices> {
    let chosen = || {
        let some = prop_oneof![1 => Just("empty"), 5 => Just("some"), 4 => Just("other")];
        option::weighted(0.3, some.prop_map(TemplateListId::from))
    };
    (chosen(), chosen()).prop_map(|(template_list, online_template_list)| ListChoices {
        template_list,
        online_template_list,
        preblock_list: None,
    })
}

fn template_list(id: &'static str) -> impl Strategy<Value = TemplateList> {
    let most = if id == LISTS[0] { 0 } else { TEMPLATES.len() };
    subsequence(&TEMPLATES[..], most.min(2)..=most).prop_shuffle().prop_map(move |items| {
        TemplateList {
            id: id.into(),
            name: id.into(),
            owner: ListOwner::All,
            items: items.into_iter().map(TemplateId::from).collect(),
        }
    })
}

fn online() -> impl Strategy<Value = OnlineSettings> {
    let horizon = prop_oneof![3 => 0..=3u32, 4 => Just(90)];
    let notice = select(vec![0u32, 0, 1, 30, 120, 1440, 3000]);
    (horizon, notice, mostly(4)).prop_map(|(horizon_days, notice_minutes, paused)| OnlineSettings {
        horizon_days,
        notice_minutes,
        paused,
        ..OnlineSettings::default()
    })
}

fn practitioner(id: &'static str) -> impl Strategy<Value = Practitioner> {
    (prop_oneof![Just("c1"), Just("c2")], mostly(96), choices()).prop_map(
        move |(company, active, lists)| Practitioner {
            id: id.into(),
            company: company.into(),
            signature: id.into(),
            name: id.into(),
            title: String::new(),
            active,
            lists,
        },
    )
}

fn company(id: &'static str) -> impl Strategy<Value = Company> {
    (mostly(4), choices()).prop_map(move |(paused, lists)| Company {
        id: id.into(),
        organisation: "o".into(),
        name: id.into(),
        org_number: None,
        address: None,
        phone: None,
        email: None,
        portal_text: None,
        paused,
        lists,
    })
}

fn setup() -> impl Strategy<Value = Setup> {
    let registers = (
        choices(),
        [company("c1"), company("c2")],
        PRACTITIONERS.map(practitioner),
        [0..=3u32, 0..=3u32],
    );
    let rules = (TYPES.map(preblock_type), TEMPLATES.map(template), LISTS.map(template_list));
    (registers, rules, online()).prop_map(
        |((lists, companies, practitioners, capacities), (types, templates, all_lists), online)| {
            let resources = "RS".chars().zip(capacities).map(|(code, capacity)| {
                let code = ResourceCode(code);
                (code, Resource { code, name: code.to_string(), capacity })
            });
            let organisation = Organisation { id: "o".into(), name: "o".into(), lists };
            Setup {
                zone: ClinicZone::default(),
                organisations: [(organisation.id.clone(), organisation)].into(),
                companies: companies.map(|company| (company.id.clone(), company)).into(),
                practitioners: practitioners.map(|one| (one.id.clone(), one)).into(),
                resources: resources.collect(),
                preblock_types: types.map(|one| (one.id.clone(), one)).into(),
                templates: templates.map(|one| (one.id.clone(), one)).into(),
                template_lists: all_lists.map(|one| (one.id.clone(), one)).into(),
                online,
                ..Setup::default()
            }
        },
    )
}

/// Minutes from the base day's midnight.
type Stretch = (i32, i32);

/// Stretches that do not overlap but often touch: each follows the one before after a gap.
fn apart(
    count: std::ops::RangeInclusive<usize>,
    gap: i32,
    longest: i32,
) -> impl Strategy<Value = Vec<Stretch>> {
    let gap = prop_oneof![1 => Just(0), 2 => 0..=gap];
    vec((gap, 3..=longest), count).prop_map(|stretches| {
        let mut at = 0;
        stretches
            .into_iter()
            .map(|(gap, length)| {
                let start = at + gap;
                at = start + length;
                (start, at)
            })
            .collect()
    })
}

fn resources_held() -> impl Strategy<Value = &'static str> {
    prop_oneof![3 => Just(""), 2 => Just("R"), 1 => Just("RS"), 1 => Just("SX")]
}

/// One practitioner's book, in minutes from where it begins.
#[derive(Clone, Debug)]
struct Book {
    sessions: Vec<Stretch>,
    preblocks: Vec<(Stretch, &'static str)>,
    booked: Vec<(Stretch, &'static str)>,
    cancelled: Vec<(Stretch, &'static str)>,
}

fn book() -> impl Strategy<Value = Book> {
    let sessions = prop_oneof![
        2 => Just(vec![(0, 400)]),
        3 => vec((-30..300i32, 1..200i32), 0..=4)
            .prop_map(|all| all.into_iter().map(|(start, length)| (start, start + length)).collect()),
        2 => apart(1..=4, 20, 150),
    ];
    let typed = || {
        apart(1..=3, 30, 110).prop_flat_map(|stretches| {
            let types = vec(select(&TYPES[..]), stretches.len());
            (Just(stretches), types).prop_map(|(all, types)| all.into_iter().zip(types).collect())
        })
    };
    let holding = || {
        apart(0..=3, 90, 45).prop_flat_map(|stretches| {
            let held = vec(resources_held(), stretches.len());
            (Just(stretches), held).prop_map(|(all, held)| all.into_iter().zip(held).collect())
        })
    };
    (sessions, typed(), holding(), holding()).prop_map(
        |(sessions, preblocks, booked, cancelled)| Book { sessions, preblocks, booked, cancelled },
    )
}

/// When the clinic is asked, from which much follows.
#[derive(Clone, Copy, Debug)]
enum Now {
    /// Minutes from the base day's midnight.
    At(i32),
    /// Just about the shortest notice before a grid's start: this many grid steps into the first
    /// preblock, and this many minutes early.
    AtNotice(i32, i32),
}

/// Random clinics.
pub fn clinics() -> impl Strategy<Value = Clinic> {
    // Where the books begin: at night (clock changes are at 2 and 3), by day, before midnight.
    let begins = prop_oneof![1440..1640i32, 480..700i32, 1250..1440i32, 2700..2880i32];
    let now = prop_oneof![
        3 => (-1500..3000i32).prop_map(Now::At),
        2 => (-5000..-1000i32).prop_map(Now::At),
        2 => (0..4i32, -1..=1i32).prop_map(|(steps, early)| Now::AtNotice(steps, early)),
    ];
    let when = (0..super::BASES.len(), begins, now, -1..=2i64, 0..=3u32);
    (setup(), [book(), book()], when).prop_map(|(setup, books, when)| write_out(setup, books, when))
}

fn write_out(
    setup: Setup,
    books: [Book; 2],
    (day, begins, now, first, days): (usize, i32, Now, i64, u32),
) -> Clinic {
    let midnight = CivilTime::start_of(base(day));
    let time = |minute: i32| midnight + Minutes(begins + minute);
    let interval = |(start, end): Stretch| Interval::new(time(start), time(end)).unwrap();
    let notice = i32::try_from(setup.online.notice_minutes).unwrap();
    let now = match now {
        Now::At(minute) => midnight + Minutes(minute),
        Now::AtNotice(steps, early) => {
            let step = setup.templates[&TemplateId::from("t0")].minutes.minutes().0;
            let (start, _) = books[0].preblocks[0].0;
            time(start + steps * step - notice - early)
        }
    };
    let first = base(day) + chrono::TimeDelta::days(first);
    let days = DateRange::new(first, days);
    let mut clinic =
        Clinic { setup, sessions: vec![], preblocks: vec![], bookings: vec![], now, days };
    for (practitioner, book) in PRACTITIONERS.into_iter().zip(books) {
        let practitioner = PractitionerId::from(practitioner);
        for (n, stretch) in book.sessions.iter().enumerate() {
            clinic.sessions.push(WorkSession {
                id: WorkSessionId::new(format!("{practitioner}-s{n}")),
                practitioner: practitioner.clone(),
                interval: interval(*stretch),
            });
        }
        for (n, (stretch, preblock_type)) in book.preblocks.iter().enumerate() {
            clinic.preblocks.push(Preblock {
                id: PreblockId::new(format!("{practitioner}-p{n}")),
                practitioner: practitioner.clone(),
                preblock_type: (*preblock_type).into(),
                interval: interval(*stretch),
            });
        }
        let booked = book.booked.iter().map(|one| (one, BookingState::Booked));
        let cancelled = book.cancelled.iter().map(|one| (one, BookingState::Cancelled));
        for (n, ((stretch, held), state)) in booked.chain(cancelled).enumerate() {
            clinic.bookings.push(Booking {
                id: BookingId::new(format!("{practitioner}-b{n}")),
                practitioner: practitioner.clone(),
                interval: interval(*stretch),
                category: "a".into(),
                template: None,
                patient: None,
                text: String::new(),
                resources: ResourceCodes::parse(held).unwrap(),
                registered_by: "AE".into(),
                state,
                portal_id: None,
                identification: Identification::Unverified,
            });
        }
    }
    clinic
}
