//! A real browser on the booking page, with portal, agent and clinic behind it. `TIDBOK_TEST_BROWSER`
//! names what runs a script with Playwright, axe-core and Chromium at hand; `.ci/run` installs it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tidbok::clinic::Command as Change;
use tidbok::domain::{Changed, OnlineSettings, OverlapChoice, PractitionerId, SettingChange};

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

/// A scenario of `tests/browser/run.cjs` at play.
struct Played {
    child: Child,
    output: tokio::sync::mpsc::UnboundedReceiver<String>,
}

impl Played {
    fn begin(scenario: &str, place: &Place) -> Self {
        let browser = std::env::var_os("TIDBOK_TEST_BROWSER").expect("TIDBOK_TEST_BROWSER is set");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/run.cjs");
        let mut command = Command::new(browser);
        command.arg(script).arg(scenario).arg(page(place));
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let (tell, output) = tokio::sync::mpsc::unbounded_channel();
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        std::thread::spawn(move || {
            // Nobody need listen.
            lines.map_while(Result::ok).for_each(|line| drop(tell.send(line)));
        });
        Self { child, output }
    }

    /// Waits until it has played to the end, well.
    async fn end(mut self) {
        while let Some(line) = self.output.recv().await {
            println!("{line}");
        }
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "what went wrong stands above");
    }
}

/// Nothing of a patient stands in a log.
fn assert_discreet(place: &Place) {
    let logs = place.logs();
    for personal in ["Testsson", "prova@example.se", "070-174"] {
        assert!(!logs.contains(personal), "{personal} stands in a log");
    }
}

/// Plays a scenario; how many bookings were made.
async fn play(scenario: &str) -> usize {
    let place = Place::open().await;
    lay(&place).await;
    let agent = place.agent("agent");
    place.wait_in_step().await;
    Played::begin(scenario, &place).end().await;
    assert_discreet(&place);
    agent.stop();
    place.all("Appointment?status=booked").await.len()
}

/// Plays a scenario whose agent is silent until it says so; how many bookings were made.
async fn play_silent(scenario: &str, meanwhile: impl AsyncFnOnce(&Place)) -> usize {
    let place = Place::open().await;
    lay(&place).await;
    let agent = place.agent("first");
    place.wait_in_step().await;
    agent.stop();
    let mut played = Played::begin(scenario, &place);
    let told = played.output.recv().await;
    meanwhile(&place).await;
    let agent = place.agent("second");
    played.end().await;
    assert_eq!(told.as_deref(), Some("silent"));
    assert_discreet(&place);
    agent.stop();
    place.all("Appointment?status=booked").await.len()
}

#[tokio::test]
#[cfg_attr(not(tidbok_test_browser), ignore = "TIDBOK_TEST_BROWSER names no browser")]
async fn an_answer_that_comes_late_is_shown_by_itself() {
    assert_eq!(play_silent("late", async |_| ()).await, 2);
}

#[tokio::test]
#[cfg_attr(not(tidbok_test_browser), ignore = "TIDBOK_TEST_BROWSER names no browser")]
async fn a_refusal_is_shown_by_itself_and_says_what_to_do() {
    let close = async |place: &Place| {
        let setup = place.clinic.setup().await.expect("the store answers");
        let online = setup.online.clone();
        let after = OnlineSettings { paused: true, ..online.clone() };
        let change = SettingChange::Online(Changed::Altered { before: online, after });
        assert!(place.run(Change::ChangeSetting(Box::new(change))).await);
    };
    assert_eq!(play_silent("refused", close).await, 0);
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
