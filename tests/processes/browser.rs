//! A real browser on the booking page, with portal, agent and clinic behind it. `TIDBOK_TEST_BROWSER`
//! names what runs a script with Playwright, axe-core and Chromium at hand; `.ci/run` installs it.

use std::path::Path;
use std::process::Command;

use tidbok::clinic::Command as Change;
use tidbok::domain::{OverlapChoice, PractitionerId};

use crate::programs::{Place, stretch};

/// The address of the clinic's page.
fn page(place: &Place) -> String {
    place.base().replace("/fhir/", "/")
}

/// Emergency times with two practitioners of one company, on three days.
async fn lay(place: &Place) {
    for day in 0..3 {
        for practitioner in ["BL", "CÅ"] {
            let practitioner = PractitionerId::from(practitioner);
            let intervals = vec![stretch(day, 8 * 60, 240)];
            let (session, at) = (practitioner.clone(), intervals.clone());
            assert!(
                place.run(Change::AddWorkSessions { practitioner: session, intervals: at }).await
            );
            let laid = Change::LayPreblocks {
                practitioner,
                preblock_type: "e-alla".into(),
                intervals,
                overlap: OverlapChoice::Replace,
                code: None,
            };
            assert!(place.run(laid).await);
        }
    }
}

/// Plays a scenario of `tests/browser/run.cjs`; how many bookings were made.
async fn play(scenario: &str) -> usize {
    let place = Place::open().await;
    lay(&place).await;
    let agent = place.agent("agent");
    place.wait_in_step().await;
    let browser = std::env::var_os("TIDBOK_TEST_BROWSER").expect("TIDBOK_TEST_BROWSER is set");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/run.cjs");
    let address = page(&place);
    let scenario = scenario.to_owned();
    let played = tokio::task::spawn_blocking(move || {
        Command::new(browser).arg(script).arg(scenario).arg(address).output().expect("it starts")
    });
    let played = played.await.expect("it ends");
    assert!(
        played.status.success(),
        "{}{}",
        String::from_utf8_lossy(&played.stdout),
        String::from_utf8_lossy(&played.stderr)
    );
    let logs = place.logs();
    for personal in ["Testsson", "prova@example.se", "070-174"] {
        assert!(!logs.contains(personal), "{personal} stands in a log");
    }
    agent.stop();
    place.all("Appointment?status=booked").await.len()
}

macro_rules! scenarios {
    ($($name:ident: $scenario:literal, $bookings:literal;)+) => {$(
        #[tokio::test]
        #[cfg_attr(not(tidbok_test_browser), ignore = "TIDBOK_TEST_BROWSER names no browser")]
        async fn $name() {
            assert_eq!(play($scenario).await, $bookings);
        }
    )+};
}

scenarios! {
    patients_book_on_a_telephone_and_a_desk_with_and_without_scripts_in_both_languages: "ways", 8;
    the_pages_hold_by_night: "dark", 1;
    the_pages_hold_at_320_pixels_and_400_percent: "narrow", 2;
    the_keyboard_alone_books: "keyboard", 1;
    errors_are_told_at_once_and_nothing_typed_is_lost: "errors", 0;
    two_browsers_that_want_one_time_both_end_with_one: "race", 2;
}
