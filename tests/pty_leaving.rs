//! What becomes of changes that are still on their way when the console is left or stopped: the database is
//! held by somebody else meanwhile.
#![cfg(unix)]

mod common;

use std::time::Duration;

use common::place::{Place, loaded};
use common::pty::Pty;
use tidbok::domain::{Interval, Preblock};
use tidbok::store::{OpenMode, Store, Transaction};
use tokio::runtime::Runtime;

/// A Monday far beyond what the demo has laid out.
const FREE_DAY: &str = "2031-03-03";

const SIZE: (u16, u16) = (120, 40);

/// Somebody else at work on the database.
struct Other {
    runtime: Runtime,
    store: Store,
}

impl Other {
    fn on(place: &Place) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let location =
            format!("sqlite:{}", place.database().display()).parse().expect("a location");
        let store = runtime.block_on(Store::open(&location, OpenMode::Existing));
        Self { runtime, store: store.expect("the database") }
    }

    /// Holds the database: nobody else writes until this ends.
    fn hold(&self) -> Transaction {
        self.runtime.block_on(self.store.begin()).expect("begins")
    }

    /// Lays a preblock and lets the database go.
    fn lay(&self, mut held: Transaction, from: &str, to: &str) {
        let time = |clock: &str| format!("{FREE_DAY}T{clock}").parse().expect("a time");
        let interval = Interval::new(time(from), time(to)).expect("from before to");
        self.runtime.block_on(async {
            let preblock = Preblock {
                id: "other".into(),
                practitioner: "AE".into(),
                preblock_type: "e-alla".into(),
                interval,
            };
            held.insert_preblock(&preblock).await.expect("lays");
            held.commit().await.expect("commits");
        });
    }

    /// The hours of the preblocks on the free day.
    fn laid(&self) -> Vec<String> {
        let day = Interval::whole_day(FREE_DAY.parse().expect("a date"));
        let calendar = self.runtime.block_on(async {
            let mut reading = self.store.read().await.expect("the database");
            reading.calendar(&"AE".into(), day).await.expect("the book")
        });
        let hours = |it: &Preblock| {
            format!("{}–{}", it.interval.start().clock(), it.interval.end().clock())
        };
        calendar.preblocks().iter().map(hours).collect()
    }
}

fn on_the_free_day(mut pty: Pty) -> Pty {
    pty.send("g");
    pty.wait_for("Gå till datum");
    pty.send(format!("{FREE_DAY}\r"));
    pty.wait_gone("Gå till datum");
    loaded(&pty);
    pty
}

/// Lays a preblock, without waiting for what becomes of it.
fn lay(pty: &mut Pty, range: &str) {
    pty.send("t");
    pty.wait_for("Exakt tid");
    pty.send(format!("{range}\r"));
    pty.wait_for("1 dag × 60 min");
    pty.send("p");
    pty.wait_for("E-tid alla");
    pty.send("alla");
    pty.wait_for(": alla ");
    pty.send("\r");
    pty.wait_gone(": alla ");
}

#[test]
fn changes_that_wait_for_one_another_are_all_made_after_the_console_was_left() {
    let place = Place::new();
    let mut pty = on_the_free_day(place.demo("REC", SIZE));
    let other = Other::on(&place);
    let held = other.hold();
    for range in ["0900-1000", "1100-1200", "1300-1400"] {
        lay(&mut pty, range);
    }
    pty.send("q");
    pty.wait_for("Väntar på att den sista ändringen sparas");
    assert!(other.laid().is_empty(), "nobody else writes");
    drop(held);
    assert!(pty.wait_end().success());
    assert_eq!(other.laid(), ["09:00–10:00", "11:00–12:00", "13:00–14:00"]);
}

#[test]
fn what_is_refused_after_the_console_was_left_is_told_and_counted() {
    let place = Place::new();
    let mut pty = on_the_free_day(place.demo("REC", SIZE));
    let other = Other::on(&place);
    let held = other.hold();
    for range in ["0900-1000", "1100-1200"] {
        lay(&mut pty, range);
    }
    pty.send("q");
    pty.wait_for("Väntar på att den sista ändringen sparas");
    other.lay(held, "09:30", "10:30");
    pty.wait_for("2 ändring(ar) blev inte gjorda. Där ligger redan preblock");
    assert_eq!(pty.wait_end().exit_code(), 1);
    assert_eq!(other.laid(), ["09:30–10:30"]);
}

#[test]
fn ctrl_z_stops_the_console_once_the_change_under_way_is_made() {
    let place = Place::new();
    let mut pty = on_the_free_day(place.demo_in_a_shell("REC", SIZE).0);
    let other = Other::on(&place);
    let held = other.hold();
    lay(&mut pty, "0900-1000");
    let since = pty.wait_quiet(Duration::from_millis(100));
    pty.send("\x1a");
    // It goes on: a help that opens says so.
    pty.send("?");
    pty.wait_for("Tangenter här");
    drop(held);
    pty.wait_for_bytes(since, b"ready>");
    assert_eq!(other.laid(), ["09:00–10:00"]);
    pty.send("fg\r");
    pty.wait_for("Tangenter här");
    pty.send("\x1b");
    pty.wait_gone("Tangenter här");
    pty.send("q");
    pty.wait_for("ready>");
}
