//! R22: who sees whom, place by place. Stina Hemlig has a protected identity, Karl Karlsson has not; the
//! texts of their bookings name them.

use tidbok::clinic::{DayEntry, DayItem, DayList, ListedBooking, Origin, Who};
use tidbok::domain::*;
use tidbok::tui::{Effect, Message, Reply};

use crate::fixture::{Console, Start, interval, patient, user};

const PROTECTED: &str = "Hemlig";
const OTHER: &str = "Karlsson";
/// As narrow columns cut it.
const OTHER_CUT: &str = "Karls";

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Viewer {
    /// Has `patient.view`.
    Sees,
    /// Has it, and has hidden the names first.
    Hid,
    /// Has it, and hides the names while looking.
    Hides,
    /// Lacks it.
    May,
}

/// Where a name could show, and whose do to somebody who sees patients: the protected one's, the
/// other's.
struct Place {
    keys: &'static str,
    typed: &'static str,
    protected: bool,
    other: bool,
}

const PLACES: [Place; 17] = [
    // The week, the cursor on nothing.
    Place { keys: "Left End", typed: "", protected: false, other: true },
    // The info line.
    Place { keys: "Left Home Down Down", typed: "", protected: true, other: true },
    Place { keys: "Left Home", typed: "", protected: false, other: true },
    // What asks before a booking is cancelled.
    Place { keys: "Left Home Down Down a", typed: "", protected: true, other: true },
    // What moves and edits it, and the patient's card.
    Place { keys: "Left Home Down Down m", typed: "", protected: true, other: true },
    Place { keys: "Left Home m", typed: "", protected: false, other: true },
    Place { keys: "Left Home Down Down E", typed: "", protected: true, other: true },
    Place { keys: "Left Home Down Down o", typed: "", protected: true, other: false },
    Place { keys: "Left Home Down Down o E", typed: "", protected: true, other: false },
    // Hits of a search for a patient.
    Place { keys: "Right b 1", typed: "he", protected: true, other: true },
    // Lists, texts to read and the settings.
    Place { keys: "Left End Enter", typed: "", protected: false, other: true },
    Place { keys: "Left End h", typed: "", protected: false, other: true },
    Place { keys: "Left End H", typed: "", protected: false, other: true },
    Place { keys: "Left End w", typed: "", protected: false, other: true },
    Place { keys: "Left End :", typed: "", protected: false, other: false },
    Place { keys: "Left End e", typed: "", protected: false, other: true },
    Place { keys: "Left I", typed: "", protected: false, other: false },
];

fn open(viewer: Viewer) -> Console {
    let everything = Permission::ALL.iter().copied();
    let permissions: Vec<Permission> = match viewer {
        Viewer::May => everything.filter(|it| *it != Permission::PatientView).collect(),
        _ => everything.collect(),
    };
    let user = user(&permissions);
    let mut console = Console::started(Start { user, size: (120, 40), ..Start::default() });
    let bookings = console.calendar.bookings().iter().map(|booking| {
        let name = if booking.patient == Some("ps".into()) { PROTECTED } else { OTHER };
        Booking { text: format!("Ring {name}"), ..booking.clone() }
    });
    console.calendar = Calendar::new(
        console.calendar.sessions().to_vec(),
        console.calendar.preblocks().to_vec(),
        bookings.collect(),
    );
    console.answer();
    console
}

/// Answers a search for patients with both of them.
fn find(console: &mut Console) {
    for effect in console.take() {
        if let Effect::FindPatients { request, .. } = effect {
            let found = vec![
                patient("ps", "Stina", PROTECTED, IdentityProtection::Protected),
                patient("pk", "Karl", OTHER, IdentityProtection::None),
            ];
            console.send(Message::Reply { request, reply: Reply::Patients(Ok(found)) });
        }
    }
}

#[test]
fn r22_names_and_texts_show_where_they_may_and_nowhere_else() {
    for viewer in [Viewer::Sees, Viewer::Hid, Viewer::Hides, Viewer::May] {
        for Place { keys, typed, protected, other } in PLACES {
            let mut console = open(viewer);
            if viewer == Viewer::Hid {
                console.press("F9");
            }
            console.press(keys).answer();
            if !typed.is_empty() {
                console.type_text(typed);
                find(&mut console);
            }
            if viewer == Viewer::Hides {
                console.press("F9");
            }
            let screen = console.screen();
            let sees = viewer == Viewer::Sees;
            assert_eq!(
                screen.contains(PROTECTED),
                sees && protected,
                "{viewer:?} {keys}\n{screen}"
            );
            assert_eq!(screen.contains(OTHER_CUT), sees && other, "{viewer:?} {keys}\n{screen}");
            assert!(!screen.contains("Stina") || sees && protected, "{viewer:?} {keys}\n{screen}");
            if sees && protected {
                assert!(screen.contains("Skyddad identitet"), "it is marked: {keys}\n{screen}");
            }
        }
    }
}

#[test]
fn r22_what_is_typed_to_find_a_patient_goes_with_the_names() {
    let mut console = open(Viewer::Sees);
    console.press("Right b 1").type_text("hemligsson").press("Tab").type_text("ring hemligsson");
    assert!(console.screen().contains("ring hemligsson"), "{}", console.screen());
    let screen = console.press("F9").screen();
    assert!(!screen.contains("hemligsson"), "{screen}");
    assert!(console.press("F9").screen().contains("ring hemligsson"), "and comes back");
}

#[test]
fn r17_a_days_list_that_is_open_names_nobody_once_the_right_to_see_patients_is_gone() {
    let mut console = open(Viewer::Sees);
    console.press("L");
    let what = DayItem::Booking(Box::new(ListedBooking {
        id: "b1".into(),
        who: Who::Named {
            patient: "pk".into(),
            first_name: "Karl".to_owned(),
            last_name: OTHER.to_owned(),
        },
        template: None,
        category: "us".into(),
        text: format!("Ring {OTHER}"),
        origin: Origin::Staff,
    }));
    let stretch = interval("2026-11-25", "08:00-08:30");
    let list = DayList {
        practitioner: "AE".into(),
        date: stretch.start().date(),
        scheduled: vec![stretch],
        entries: vec![DayEntry { interval: stretch, what }],
    };
    for effect in console.take() {
        if let Effect::LoadDayList { request, .. } = effect {
            let reply = Reply::DayList(Ok(vec![list.clone()]));
            console.send(Message::Reply { request, reply });
        }
    }
    assert!(console.screen().contains("Karl Karlsson. Undersökning"), "{}", console.screen());
    console.user = user(&[Permission::BookingEdit]);
    let screen = console.send(Message::StoreBack).answer().screen();
    assert!(screen.contains("08:00–08:30 Patient"), "{screen}");
    assert!(!screen.contains(OTHER_CUT), "{screen}");
}
