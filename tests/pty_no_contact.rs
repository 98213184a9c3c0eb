//! A console whose server is gone for half a minute: every key is answered at once, the screen says
//! since when there is no contact, and it catches up by itself.
//!
//! What is measured is a time, so it is no part of the ordinary tests. On a machine with nothing else to
//! do, with a server named: `cargo test --test pty_no_contact -- --ignored --nocapture`
#![cfg(unix)]

mod common;
mod support;

use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use chrono::{Datelike, TimeDelta, Utc};
use common::place::Place as Homes;
use common::pty::Pty;
use portable_pty::CommandBuilder;
use support::Place;
use support::line::{Passing, Switch, switched};
use tidbok::domain::*;
use tidbok::store::{DatabaseLocation, RevisionScope, ServerLocation, Store};

/// How long the server is gone, and within which a key shows.
const GONE: Duration = Duration::from_secs(30);
const AT_ONCE: Duration = Duration::from_millis(50);

/// Keys that each change what is on screen, whatever is stored: the cursor, a menu, help, a question.
const KEYS: [&str; 10] =
    ["\x1b[B", "\x1b[C", "\x1b[A", "\x1b[D", "?", "\x1b", "t", "\x1b", "\x1b[B", "\x1b[A"];

const PRESSED: usize = 200;

/// So high that a booking shows wherever the clock has the screen begin.
const THE_WHOLE_DAY: (u16, u16) = (80, 70);

/// A line that is at work while this thread waits for the console.
fn line_to(server: ServerLocation) -> (ServerLocation, Switch) {
    let (made, line) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        #[tokio::main(flavor = "current_thread")]
        async fn run(server: ServerLocation, made: Sender<(ServerLocation, Switch)>) {
            made.send(switched(&server).await).expect("the test waits for it");
            std::future::pending::<()>().await;
        }
        run(server, made);
    });
    line.recv().expect("a line")
}

/// The console, at the end of a line that can be stopped.
struct Desk {
    pty: Pty,
    line: Switch,
    store: Store,
    _homes: Homes,
    _place: Place,
}

impl Desk {
    async fn new() -> Self {
        let place = Place::new();
        let store = place.example().await;
        let DatabaseLocation::SqlServer(server) = place.location() else { panic!("a server") };
        let (behind, line) = line_to(*server);
        let homes = Homes::new();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tidbok"));
        command.args(["--user", "AE", "--database", &behind.to_string()]);
        command.env("TIDBOK_DATABASE_PASSWORD", support::engine::password());
        homes.homes().for_each(|(name, folder)| command.env(name, folder));
        let pty = Pty::run(command, THE_WHOLE_DAY);
        common::place::loaded(&pty);
        Self { pty, line, store, _homes: homes, _place: place }
    }

    /// Presses keys, evenly over the time, and tells how long each took to show.
    fn press(&mut self, over: Duration) -> Vec<Duration> {
        let begun = Instant::now();
        let mut taken = Vec::new();
        for (n, key) in (1_u32..).zip(KEYS.iter().cycle().take(PRESSED)) {
            let mark = self.pty.wait_quiet(Duration::from_millis(5));
            let pressed = Instant::now();
            self.pty.send(key);
            self.pty.wait_for_more(mark);
            taken.push(pressed.elapsed());
            let next = begun + over * n / u32::try_from(PRESSED).expect("some hundreds");
            std::thread::sleep(next.saturating_duration_since(Instant::now()));
        }
        taken
    }

    /// Somebody else books on the day that is shown, beside the line.
    async fn book_beside(&self, text: &str) {
        let today = ClinicZone::default().civil(Utc::now()).date();
        let ahead = [0, 0, 0, 0, 0, 2, 1][today.weekday().num_days_from_monday() as usize];
        let day = today + TimeDelta::days(ahead);
        let mut change = self.store.begin().await.expect("begins");
        let scope = RevisionScope::Practitioner("AE".into());
        change.bump(&[scope].into()).await.expect("bumps");
        let calendar = change.calendar(&"AE".into(), Interval::whole_day(day)).await;
        for booking in calendar.expect("reads").bookings() {
            change.delete_booking(booking).await.expect("deletes");
        }
        let start = CivilTime::at(day, Minutes(10 * 60));
        let booking = Booking {
            id: text.into(),
            practitioner: "AE".into(),
            interval: Interval::new(start, start + Minutes(60)).expect("an hour"),
            category: "us".into(),
            template: None,
            patient: None,
            text: text.to_owned(),
            resources: ResourceCodes::default(),
            registered_by: "AE".to_owned(),
            state: BookingState::Booked,
            portal_id: None,
            identification: Identification::Unverified,
        };
        change.insert_booking(&booking).await.expect("books");
        change.commit().await.expect("commits");
    }
}

fn told(what: &str, mut taken: Vec<Duration>) -> Duration {
    taken.sort();
    let at = |percent: usize| taken[(taken.len() - 1) * percent / 100];
    let (half, most, last) = (at(50), at(95), at(100));
    println!("{what}: {} keys, half within {half:?}, 95 % {most:?}, all {last:?}", taken.len());
    last
}

fn without(passing: Passing) {
    #[tokio::main(flavor = "current_thread")]
    async fn run(passing: Passing) {
        let mut desk = Desk::new().await;
        told("with contact", desk.press(Duration::from_secs(10)));

        desk.line.set(passing);
        let worst = told(&format!("{passing:?}"), desk.press(GONE));
        let screen = desk.pty.screen();
        assert!(screen.contains("Väntar på databasen sedan"), "{screen}");

        desk.line.set(Passing::Open);
        let back = Instant::now();
        desk.pty.wait_gone("Väntar på databasen sedan");
        println!("contact again after {:?}", back.elapsed());
        desk.book_beside("Efteråt").await;
        desk.pty.wait_for("Efteråt");
        desk.pty.send("q");
        assert!(desk.pty.wait_end().success());
        desk.store.close().await;
        assert!(worst <= AT_ONCE, "a key took {worst:?}");
    }
    run(passing);
}

#[test]
#[ignore = "measures time: with a server named, on a quiet machine"]
fn with_the_server_silent_for_half_a_minute_every_key_is_answered_at_once() {
    support::engine::on_server(|| without(Passing::Nothing));
}

#[test]
#[ignore = "measures time: with a server named, on a quiet machine"]
fn with_the_server_cut_off_for_half_a_minute_every_key_is_answered_at_once() {
    support::engine::on_server(|| without(Passing::Cut));
}
