//! How long those wait who use one database at the same time, each with connections of their own as a
//! console has them: for a week's view, for laying a preblock, for making a booking. A user does
//! something, looks at it for `TIDBOK_BENCH_PAUSE` milliseconds on average (1,000 unless set), and goes
//! on, for `TIDBOK_BENCH_SECONDS` (20); six of ten look at a week, two lay, two book. Before that everybody
//! comes in, one after the other as on a morning: opens the database, and does each once through connections
//! that are new (`Coming`). Which database is said as for `years`: see `common/years.rs`.

mod common;
#[path = "../tests/common/dice.rs"]
#[allow(dead_code, reason = "tests pick, too")]
mod dice;
#[path = "../tests/common/figures.rs"]
#[allow(dead_code, reason = "tests ask for more")]
mod figures;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use chrono::{Datelike, NaiveDate, TimeDelta};
use common::years::{PRACTITIONERS, Years, today};
use dice::Dice;
use figures::Figures;
use tidbok::clinic::{BookedFor, BookingSubject, Clinic, Command, StaffBooking, new_command_id};
use tidbok::domain::*;
use tokio::sync::{Barrier, Mutex};

/// What a user does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Coming,
    Week,
    Laying,
    Booking,
}

/// What all users share.
struct Office {
    /// How many times have been laid or booked: nobody does the same twice.
    used: AtomicU32,
    pause: u64,
    seconds: u64,
    /// Whoever comes in just now.
    coming: Mutex<()>,
    /// Here everybody waits until all have come in.
    all_in: Barrier,
}

impl Office {
    /// A practitioner and a working day to come that nobody has used.
    fn fresh(&self) -> (PractitionerId, NaiveDate) {
        let n = self.used.fetch_add(1, Ordering::Relaxed) as usize;
        (practitioner(n), working_day(n / PRACTITIONERS))
    }

    /// One user's day.
    async fn day(&self, years: &Years, user: u64) -> Figures<Deed> {
        let (mut took, mut dice) = (Figures::default(), Dice(user));
        let turn = self.coming.lock().await;
        let begun = Instant::now();
        let clinic = Clinic::new(years.store().await);
        look(&clinic, &mut dice).await;
        self.lay(&clinic).await;
        self.book(&clinic).await;
        took.note(Deed::Coming, begun.elapsed());
        drop(turn);
        self.all_in.wait().await;
        took.join(self.work(&clinic, &mut dice).await);
        took
    }

    /// One user at work, until time is over.
    async fn work(&self, clinic: &Clinic, dice: &mut Dice) -> Figures<Deed> {
        let mut took = Figures::default();
        let until = Instant::now() + Duration::from_secs(self.seconds);
        loop {
            let pause = self.pause / 2 + dice.roll(self.pause.max(1));
            tokio::time::sleep(Duration::from_millis(pause)).await;
            if Instant::now() >= until {
                return took;
            }
            let begun = Instant::now();
            let deed = match dice.roll(10) {
                0..2 => self.lay(clinic).await,
                2..4 => self.book(clinic).await,
                _ => look(clinic, dice).await,
            };
            took.note(deed, begun.elapsed());
        }
    }

    async fn lay(&self, clinic: &Clinic) -> Deed {
        let (practitioner, date) = self.fresh();
        let command = Command::LayPreblocks {
            practitioner,
            preblock_type: "e-us".into(),
            intervals: vec![laid_on(date)],
            overlap: OverlapChoice::Replace,
            code: None,
        };
        run(clinic, &command).await;
        Deed::Laying
    }

    async fn book(&self, clinic: &Clinic) -> Deed {
        let (practitioner, date) = self.fresh();
        let command = Command::Book(StaffBooking {
            practitioner,
            start: booked_on(date).start(),
            what: BookingSubject::Template("us30".into()),
            patient: BookedFor::Nobody,
            text: None,
            confirmed: [].into(),
        });
        run(clinic, &command).await;
        Deed::Booking
    }
}

fn practitioner(n: usize) -> PractitionerId {
    PractitionerId::new(format!("P{:03}", n % PRACTITIONERS))
}

fn working_day(n: usize) -> NaiveDate {
    let mut days =
        today().iter_days().skip(7).filter(|date| date.weekday().number_from_monday() <= 5);
    days.nth(n).expect("a day")
}

fn half_hour(date: NaiveDate, from: i32) -> Interval {
    let start = CivilTime::at(date, Minutes(from));
    Interval::new(start, start + Minutes(30)).expect("from before to")
}

/// When a preblock is laid on a day, where the years have none.
fn laid_on(date: NaiveDate) -> Interval {
    half_hour(date, 15 * 60 + 30)
}

/// When a time is booked on a day, where the years have nobody.
fn booked_on(date: NaiveDate) -> Interval {
    half_hour(date, 11 * 60 + 30)
}

/// The first working day that no run before this one has used, in a database that is kept.
async fn first_fresh_day(clinic: &Clinic) -> usize {
    let all: Vec<PractitionerId> = (0..PRACTITIONERS).map(practitioner).collect();
    let mut n = 0;
    loop {
        let date = working_day(n);
        let books = clinic.books(&all, DateRange::new(date, 1)).await.expect("reads");
        let used = books.iter().any(|book| {
            let mut laid = book.calendar.preblocks().iter().map(|it| it.interval);
            let mut booked = book.calendar.bookings().iter().map(|it| it.interval);
            laid.any(|at| at == laid_on(date)) || booked.any(|at| at == booked_on(date))
        });
        if !used {
            return n;
        }
        n += 1;
    }
}

async fn run(clinic: &Clinic, command: &Command) {
    let now = CivilTime::at(today(), Minutes(7 * 60));
    let done = clinic.execute(&Actor::System, new_command_id(), command, now).await;
    done.expect("nobody else has that time");
}

async fn look(clinic: &Clinic, dice: &mut Dice) -> Deed {
    let week = today() + TimeDelta::weeks(i64::try_from(dice.roll(12)).expect("few"));
    let who = practitioner(usize::try_from(dice.roll(200)).expect("few"));
    clinic.book(&who, DateRange::new(week, 7)).await.expect("reads");
    Deed::Week
}

fn runtime() -> tokio::runtime::Runtime {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime")
}

/// So many users for a while, each a thread with a store of its own.
fn together(years: &Years, users: u32, used: u32) -> (Figures<Deed>, u32) {
    let number = |name, unset| {
        std::env::var(name).map_or(unset, |text: String| text.parse().expect("a number"))
    };
    let office = Office {
        used: AtomicU32::new(used),
        pause: number("TIDBOK_BENCH_PAUSE", 1_000),
        seconds: number("TIDBOK_BENCH_SECONDS", 20),
        coming: Mutex::default(),
        all_in: Barrier::new(usize::try_from(users).expect("few")),
    };
    let mut took = Figures::default();
    std::thread::scope(|scope| {
        let office = &office;
        let day = |user| move || runtime().block_on(office.day(years, user));
        let threads: Vec<_> = (0..u64::from(users)).map(|user| scope.spawn(day(user))).collect();
        for thread in threads {
            took.join(thread.join().expect("it works to the end"));
        }
    });
    (took, office.used.load(Ordering::Relaxed))
}

fn main() {
    let years = runtime().block_on(Years::get());
    let first =
        runtime().block_on(async { first_fresh_day(&Clinic::new(years.store().await)).await });
    let mut used = u32::try_from(first * PRACTITIONERS).expect("few");
    for users in [1, 8, 64] {
        let (took, so_far) = together(&years, users, used);
        used = so_far;
        println!("{users} users\n{took}");
    }
}
