//! What grows with a clinic and what does not: 20, 200 and 2,000 practitioners over a year
//! (`common/years.rs`; the largest takes 4 GB and some minutes to be made, unless
//! `TIDBOK_BENCH_FOLDER` keeps it).
//!
//! Prints two tables. The first: what it costs to change one book and to find its bookable times anew, which
//! is not to grow with the clinic, though all of it shares resources (R9). The second: all bookable times of
//! the year, as `tidbok slots` lists them, with the memory that takes at most. `cargo bench --bench scale`.

mod common;
#[path = "common/process.rs"]
mod process;

use std::io::{BufRead, BufReader};
use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};

use chrono::{Datelike, NaiveDate, TimeDelta};
use common::years::{Years, today};
use process::memory;
use tidbok::clinic::{Clinic, Command, OverlapChoice, new_command_id};
use tidbok::domain::*;
use tidbok::store::DatabaseLocation;

const SIZES: [usize; 3] = [20, 200, 2_000];
/// How many books are changed.
const CHANGES: usize = 100;
/// How far ahead bookable times are found anew.
const DAYS_AHEAD: u32 = 90;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let clinics: Vec<(usize, Years)> =
        SIZES.iter().map(|size| (*size, runtime.block_on(Years::of(*size, 1)))).collect();
    println!("{:<14} {:>22} {:>22}", "practitioners", "laying a preblock", "its book's times anew");
    for (size, years) in &clinics {
        let [laying, finding] = runtime.block_on(changes(*size, years));
        println!("{size:<14} {:>22} {:>22}", told(laying), told(finding));
    }
    println!(
        "\n{:<14} {:>12} {:>10} {:>14}",
        "practitioners", "times", "seconds", "memory at most"
    );
    for (size, years) in &clinics {
        let (times, took, memory) = listing(&years.location, years.first_day());
        println!("{size:<14} {times:>12} {:>10.1} {:>11} MB", took.as_secs_f64(), memory / 1024);
    }
}

/// The medians.
async fn changes(practitioners: usize, years: &Years) -> [Duration; 2] {
    let clinic = Clinic::new(years.store().await);
    let now = CivilTime::at(today(), Minutes(7 * 60));
    let mut took = [Vec::new(), Vec::new()];
    for n in 0..CHANGES {
        let practitioner = PractitionerId::new(format!("P{:03}", n * 7 % practitioners));
        let command = Command::LayPreblocks {
            practitioner: practitioner.clone(),
            preblock_type: "e-us".into(),
            intervals: vec![fresh(&clinic, &practitioner).await],
            overlap: OverlapChoice::Replace,
            code: None,
        };
        let begun = Instant::now();
        let done = clinic.execute(&Actor::System, new_command_id(), &command, now).await;
        done.expect("nothing lies there");
        took[0].push(begun.elapsed());
        let begun = Instant::now();
        let ahead = DateRange::new(today(), DAYS_AHEAD);
        let slots = clinic.slots(Some(&practitioner), ahead, now).await.expect("reads");
        took[1].push(begun.elapsed());
        assert!(!slots.is_empty(), "there is something to find");
    }
    took.map(|mut took| {
        took.sort_unstable();
        took[took.len() / 2]
    })
}

/// Half an hour late on a day to come, where no earlier run has laid anything.
async fn fresh(clinic: &Clinic, practitioner: &PractitionerId) -> Interval {
    let mut first = today() + TimeDelta::days(7);
    loop {
        let book = clinic.book(practitioner, DateRange::new(first, 28)).await.expect("reads");
        let working =
            first.iter_days().take(28).filter(|date| date.weekday().number_from_monday() <= 5);
        let mut halves = working.map(|date| {
            let start = CivilTime::at(date, Minutes(15 * 60 + 30));
            Interval::new(start, start + Minutes(30)).expect("from before to")
        });
        if let Some(free) = halves.find(|half| book.calendar.preblocks_in(*half).is_empty()) {
            return free;
        }
        first += TimeDelta::days(28);
    }
}

/// How many times are listed, how long that takes, and the most memory in kB.
fn listing(database: &DatabaseLocation, first: NaiveDate) -> (usize, Duration, u64) {
    let begun = Instant::now();
    let at = format!("{first}T07:00");
    let mut child = Process::new(env!("CARGO_BIN_EXE_tidbok"))
        .args(["--database", &database.to_string()])
        .args(["slots", "--days", "365", "--at", &at])
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let mut most = 0;
    let mut times = 0;
    for line in lines.map(|line| line.expect("text")) {
        times += usize::from(line.starts_with("20"));
        // Asked as it goes: a process that has ended tells no longer.
        if times % 10_000 == 1 {
            most = most.max(memory(child.id(), "VmHWM"));
        }
    }
    assert!(child.wait().expect("ends").success());
    (times, begun.elapsed(), most)
}

fn told(took: Duration) -> String {
    format!("{:.2} ms", took.as_secs_f64() * 1000.0)
}
