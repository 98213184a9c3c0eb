//! Many who write at once, staff and patients, programs and processes, into the same books and for one
//! shared resource: nothing overlaps, nothing that was acknowledged is lost, nothing is done twice, and
//! the log, replayed from nothing, gives what is stored.
//!
//! Short unless `TIDBOK_WRITING_SECONDS` says how long, with 64 writers then.

#[path = "../support/mod.rs"]
mod support;

#[path = "../common/mod.rs"]
mod common;

mod books;
mod check;
mod people;
mod replay;
#[cfg(unix)]
mod storm;

use std::time::{Duration, Instant};

use support::{Place, line};
use tidbok::clinic::Clinic;
use tidbok::store::{DatabaseLocation, OpenMode, Store};

/// How long somebody writes.
#[derive(Clone, Copy)]
enum Until {
    Rounds(usize),
    Time(Instant),
}

impl Until {
    fn is_not_yet(self, rounds: usize) -> bool {
        match self {
            Until::Rounds(most) => rounds < most,
            Until::Time(end) => Instant::now() < end,
        }
    }
}

/// How many write, and for how long.
struct Effort {
    /// Through a few stores of this process, as consoles and agents do.
    within: usize,
    /// A process a command, as scripts do.
    scripts: usize,
    until: Until,
}

fn effort() -> Effort {
    let seconds = std::env::var("TIDBOK_WRITING_SECONDS").ok().and_then(|text| text.parse().ok());
    match seconds {
        Some(seconds) => {
            let until = Until::Time(Instant::now() + Duration::from_secs(seconds));
            Effort { within: 56, scripts: 8, until }
        }
        None => Effort { within: 8, scripts: 2, until: Until::Rounds(4) },
    }
}

/// Lets them all write over `location`, then looks at what is stored.
async fn all_write(place: &Place, location: &DatabaseLocation) {
    books::made(place).await;
    let Effort { within, scripts, until } = effort();
    let mut writers = Vec::new();
    for group in 0..4 {
        let clinic = Clinic::new(Store::open(location, OpenMode::Existing).await.expect("opens"));
        for number in (group..within).step_by(4) {
            writers.push(tokio::spawn(people::write(clinic.clone(), number, until)));
        }
    }
    let scripts: Vec<_> = (0..scripts)
        .map(|_| {
            let location = location.clone();
            tokio::task::spawn_blocking(move || people::script(&location, until))
        })
        .collect();
    let mut told = Vec::new();
    for writer in writers {
        told.push(writer.await.expect("a writer"));
    }
    let store = place.store().await;
    for script in scripts {
        told.push(people::told(&store, &script.await.expect("a script")).await);
    }
    check::nothing_is_lost(&store, &told).await;
    replay::gives_what_is_stored(&store).await;
}

#[tokio::test]
async fn r12_whoever_books_and_however_many_at_once_nothing_overlaps_and_nothing_is_lost() {
    let place = Place::new();
    all_write(&place, &place.location()).await;
}

#[test]
#[cfg_attr(not(tidbok_test_sqlserver), ignore = "TIDBOK_TEST_SQLSERVER names no server")]
fn over_a_line_that_is_cut_all_the_time_every_command_is_done_once_and_told_of() {
    #[tokio::main(flavor = "current_thread")]
    async fn run() {
        let place = Place::new();
        let DatabaseLocation::SqlServer(server) = place.location() else { panic!("a server") };
        let weather = line::Weather { cuts: Some(250), ..Default::default() };
        let (torn, _) = line::stormy(&server, weather).await;
        all_write(&place, &DatabaseLocation::SqlServer(Box::new(torn))).await;
    }
    support::engine::on_server(run);
}

#[test]
#[cfg(unix)]
#[cfg_attr(not(tidbok_test_sqlserver), ignore = "TIDBOK_TEST_SQLSERVER names no server")]
fn over_a_line_that_is_cut_delayed_and_stalled_a_console_and_a_script_go_on_working() {
    #[tokio::main(flavor = "current_thread")]
    async fn run() {
        storm::a_console_and_a_script_go_on_working().await;
    }
    support::engine::on_server(run);
}

on_the_server_too! {
    r12_whoever_books_and_however_many_at_once_nothing_overlaps_and_nothing_is_lost,
}
