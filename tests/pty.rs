//! The real program in a real terminal: publishing, leaving in every way, and how little it sends.
#![cfg(unix)]

mod common;

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use common::place::{Place, loaded};
use common::pty::{Closed, Pty, cpu_time};
use nix::sys::signal::Signal;
use portable_pty::CommandBuilder;
use tidbok::clinic::what_if::times_if_laid;
use tidbok::clinic::{Book, Clinic};
use tidbok::domain::{
    CivilTime, ClinicZone, DateRange, Interval, Minutes, OverlapChoice, PractitionerId,
    PreblockTypeId, Resolver, Setup,
};
use tidbok::store::{OpenMode, Store};
use tidbok::sync::SyncState;

const SMALL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (120, 40);

/// Who is shown first: the first by name.
const PRACTITIONER: &str = "AE";
const TYPE_NAME: &str = "E-tid alla";
const TYPE: &str = "e-alla";

/// Sent to leave the alternate screen.
const MAIN_SCREEN: &[u8] = b"\x1b[?1049l";
const ALTERNATE_SCREEN: &[u8] = b"\x1b[?1049h";
const CURSOR_SHOWN: &[u8] = b"\x1b[?25h";
const MOUSE_OFF: &[u8] = b"\x1b[?1002l";

impl Place {
    /// The practitioner's book as the database has it now, and the times patients are shown.
    fn days(&self, first: NaiveDate, days: u32) -> Days {
        let location = format!("sqlite:{}", self.database().display()).parse().expect("a location");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let store = Store::open(&location, OpenMode::ReadOnly).await.expect("the database");
            let clinic = Clinic::new(store);
            let setup = clinic.setup().await.expect("the set-up");
            let practitioner = PractitionerId::from(PRACTITIONER);
            let days = DateRange::new(first, days);
            let book = clinic.book(&practitioner, days).await.expect("the book");
            let resolver = Resolver::new(&setup, &book.resources, now());
            let slots = resolver.slots(&practitioner, &book.calendar, days);
            let times = slots.iter().map(|slot| slot.interval.start()).collect();
            Days { setup, book, times }
        })
    }

    /// A console on a database with what a clinic file holds.
    fn console_on(&self, clinic: &str) -> CommandBuilder {
        let file = self.database().with_extension("json");
        std::fs::write(&file, clinic).expect("a file");
        let database = format!("--database=sqlite:{}", self.database().display());
        let mut import = Command::new(env!("CARGO_BIN_EXE_tidbok"));
        import.arg(&database).arg("import").arg(&file).envs(self.homes());
        assert!(import.status().expect("the program runs").success());
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tidbok"));
        command.arg(&database);
        self.homes().for_each(|(name, folder)| command.env(name, folder));
        command
    }

    /// Whether the demo's agent has everything published.
    fn is_published(&self) -> bool {
        let location = format!("sqlite:{}", self.database().display()).parse().expect("a location");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let state = runtime.expect("a runtime").block_on(async {
            let store = Store::open(&location, OpenMode::ReadOnly).await.expect("the database");
            let mut reading = store.read().await.expect("the database");
            reading.sync_state().await.expect("the database")
        });
        let state = state.and_then(|state| serde_json::from_str(&state).ok());
        state.is_some_and(|state: SyncState| state.in_step_at.is_some())
    }

    fn day(&self, of: Interval) -> Days {
        self.days(of.start().date(), 1)
    }

    /// Two hours of scheduled time, weeks ahead, without preblocks, that would give times.
    fn free_hours(&self) -> Interval {
        let days = self.days(now().plus_days(15).date(), 21);
        let starts = days.book.days.iter().flat_map(|date| {
            (28..64).map(move |quarter| CivilTime::at(date, Minutes(quarter * 15)))
        });
        let mut hours = starts.filter_map(|start| Interval::new(start, start + Minutes(120)).ok());
        hours.find(|hours| days.would_give_times(*hours)).expect("the demo has such hours")
    }
}

struct Days {
    setup: Arc<Setup>,
    book: Book,
    times: Vec<CivilTime>,
}

impl Days {
    fn has_preblock(&self, at: Interval) -> bool {
        let laid = self.book.calendar.preblocks_in(at);
        laid.iter().any(|preblock| {
            preblock.interval == at && preblock.preblock_type == PreblockTypeId::from(TYPE)
        })
    }

    fn would_give_times(&self, hours: Interval) -> bool {
        let calendar = &self.book.calendar;
        let (id, overlap) = (PreblockTypeId::from(TYPE), OverlapChoice::Refuse);
        calendar.scheduled_in(hours).iter().any(|stretch| stretch.contains(hours))
            && calendar.preblocks_in(hours).is_empty()
            && times_if_laid(&self.setup, &self.book, &id, &[hours], overlap, now()) > 1
    }

    /// The bookable starts within, as the screen writes them.
    fn clocks_in(&self, interval: Interval) -> Vec<String> {
        let inside = self.times.iter().filter(|time| interval.contains_time(**time));
        inside.map(|time| time.clock()).collect()
    }
}

fn now() -> CivilTime {
    ClinicZone::default().civil(Utc::now())
}

/// Goes to the interval's date and marks it.
fn mark(pty: &mut Pty, interval: Interval) {
    go_to(pty, interval.start().date());
    pty.send("t");
    pty.wait_for("Exakt tid");
    let digits = |time: CivilTime| time.clock().replace(':', "");
    pty.send(format!("{}-{}\r", digits(interval.start()), digits(interval.end())));
    pty.wait_for(&format!("1 dag × {} min", interval.length().0));
}

fn go_to(pty: &mut Pty, date: NaiveDate) {
    pty.send("g");
    pty.wait_for("Gå till datum");
    pty.send(format!("{date}\r"));
    pty.wait_gone("Gå till datum");
    loaded(pty);
}

/// The part of the screen that tells what patients see: the columns below its title, up to a border.
fn patients_see(screen: &str) -> String {
    let lines = screen.lines().skip_while(|line| !line.contains("Patienten ser"));
    let title = lines.clone().next().and_then(|line| line.split("Patienten ser").next());
    let left = title.unwrap_or_default().chars().count();
    let below =
        |line: &str| line.chars().skip(left).take_while(|it| *it != '│').collect::<String>();
    lines.map(|line| below(line) + "\n").collect()
}

fn shows_all(screen: &str, clocks: &[String]) -> bool {
    let pane = patients_see(screen);
    clocks.iter().all(|clock| pane.contains(clock.as_str()))
}

fn assert_given_back(pty: &Pty, since: usize, modes: &str) {
    let sent = pty.bytes_since(since);
    for sequence in [MAIN_SCREEN, CURSOR_SHOWN, MOUSE_OFF] {
        let found = sent.windows(sequence.len()).any(|window| window == sequence);
        assert!(found, "{:?} was sent", String::from_utf8_lossy(sequence));
    }
    assert_eq!(pty.modes(), modes, "echo, lines and signals are as they were");
}

// Publishing (what patients are shown, undo, export, audit)

fn publishes_and_takes_back(size: (u16, u16)) {
    let place = Place::new();
    let mut pty = place.demo("REC", size);
    let hours = place.free_hours();
    let before = place.day(hours);
    mark(&mut pty, hours);

    pty.send("p");
    pty.wait_for(TYPE_NAME);
    pty.send("alla");
    pty.wait_for(": alla ");
    pty.send("\r");
    pty.wait_until("the preblock", |_| place.day(hours).has_preblock(hours));
    let day = place.day(hours);
    let clocks = day.clocks_in(hours);
    assert!(!clocks.is_empty(), "an Internet preblock of two hours gives times");
    assert!(before.clocks_in(hours).is_empty());

    if size.0 < 110 {
        pty.send("e");
        pty.wait_for("Patienten ser");
    }
    pty.wait_until("the times", |screen| shows_all(screen, &clocks));
    if size.0 < 110 {
        pty.send("\x1b");
        pty.wait_gone("Patienten ser");
    }

    pty.send("u");
    pty.wait_until("the undo", |_| !place.day(hours).has_preblock(hours));
    assert_eq!(place.day(hours).times, before.times);
    if size.0 >= 110 {
        pty.wait_until("no times", |screen| !shows_all(screen, &clocks));
    }

    pty.send("U");
    pty.wait_until("the redo", |_| place.day(hours).has_preblock(hours));
    pty.send("q");
    assert!(pty.wait_end().success());
    exported_and_audited(&place, hours);
}

fn exported_and_audited(place: &Place, hours: Interval) {
    let export = place.tidbok("ADM", &["export"]);
    assert!(export.status.success());
    let file: serde_json::Value = serde_json::from_slice(&export.stdout).expect("a clinic file");
    let laid = file["preblocks"].as_array().expect("preblocks").iter().any(|preblock| {
        preblock["practitioner"] == PRACTITIONER
            && preblock["type"] == TYPE
            && preblock["start"] == hours.start().to_string()
            && preblock["end"] == hours.end().to_string()
    });
    assert!(laid, "the export holds what the screen showed");

    let audit = place.tidbok("ADM", &["audit", "list", "--json"]);
    assert!(audit.status.success(), "{}", String::from_utf8_lossy(&audit.stderr));
    let text = String::from_utf8_lossy(&audit.stdout).into_owned();
    assert!(
        text.contains("preblock.lay") && text.contains("REC"),
        "the audit log tells who: {text}"
    );
    assert!(place.tidbok("ADM", &["audit", "verify"]).status.success());
}

#[test]
fn publishing_shows_the_times_and_undo_removes_them_at_80_by_24() {
    publishes_and_takes_back(SMALL);
}

#[test]
fn publishing_shows_the_times_and_undo_removes_them_at_120_by_40() {
    publishes_and_takes_back(LARGE);
}

#[test]
fn r17_who_may_not_publish_sees_why_and_is_refused_on_the_command_line() {
    for size in [SMALL, LARGE] {
        let place = Place::new();
        let mut pty = place.demo("ELEV", size);
        let hours = place.free_hours();
        mark(&mut pty, hours);
        pty.send("p");
        pty.wait_for("Preblock för internet");
        let before = place.day(hours);
        pty.send("\r\x1b");
        pty.wait_gone("Preblock för internet");
        pty.send("q");
        assert!(pty.wait_end().success());
        assert_eq!(place.day(hours).times, before.times);
        refused_on_the_command_line(&place, hours);
    }
}

fn refused_on_the_command_line(place: &Place, hours: Interval) {
    let laying = ["preblock", "add", PRACTITIONER, TYPE, &hours.to_string()];
    let refused = place.tidbok("ELEV", &laying);
    assert_eq!(refused.status.code(), Some(1), "{}", String::from_utf8_lossy(&refused.stderr));
    assert!(refused.stdout.is_empty());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("Preblock för internet"));
    assert!(!place.day(hours).has_preblock(hours));
}

// Leaving

/// Lays a preblock and waits until the console has told of it.
fn lay(pty: &mut Pty, place: &Place) -> Interval {
    let hours = place.free_hours();
    mark(pty, hours);
    pty.send("p");
    pty.wait_for(TYPE_NAME);
    pty.send("alla\r");
    pty.wait_until("the preblock", |_| place.day(hours).has_preblock(hours));
    hours
}

#[test]
fn signals_give_the_terminal_back_and_lose_nothing() {
    for signal in [Signal::SIGHUP, Signal::SIGTERM, Signal::SIGINT] {
        let place = Place::new();
        let mut pty = Pty::run(place.demo_command("REC"), LARGE);
        let modes = "ECHOKE | ECHOE | ECHOK | ECHO | ECHOCTL | ISIG | ICANON | IEXTEN";
        loaded(&pty);
        let hours = lay(&mut pty, &place);
        let since = pty.wait_quiet(Duration::from_millis(100));
        pty.signal(signal);
        pty.wait_end();
        pty.wait_for_bytes(since, MAIN_SCREEN);
        assert_given_back(&pty, since, &format!("LocalFlags({modes})"));
        assert!(place.day(hours).has_preblock(hours), "{signal} lost a change");
    }
}

#[test]
fn a_closed_terminal_ends_the_console_without_spinning() {
    // Without a controlling terminal no SIGHUP comes: the hang-up itself must be seen.
    for controlling in [true, false] {
        let place = Place::new();
        let mut command = place.demo_command("REC");
        command.set_controlling_tty(controlling);
        let mut pty = Pty::run(command, LARGE);
        loaded(&pty);
        let hours = lay(&mut pty, &place);
        // What the demo's agent and page have to do with it is done before it is watched.
        pty.wait_until("a first publication", |_| place.is_published());
        pty.wait_quiet(Duration::from_millis(1500));
        let before = cpu_time(pty.pid());
        let closed = Instant::now();
        let program: Closed = pty.close();
        let used = program.wait_end_watching();
        assert!(closed.elapsed() < Duration::from_secs(10), "it took {:?}", closed.elapsed());
        assert!(used.saturating_sub(before) < Duration::from_millis(500), "it spun: {used:?}");
        assert!(place.day(hours).has_preblock(hours));
    }
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_draws_everything_again() {
    let place = Place::new();
    let (mut pty, modes) = place.demo_in_a_shell("REC", LARGE);
    let hours = lay(&mut pty, &place);
    let since = pty.wait_quiet(Duration::from_millis(100));

    pty.send("\x1a");
    pty.wait_for_bytes(since, b"ready>");
    assert_given_back(&pty, since, &modes);
    pty.resize((100, 30));
    pty.send("fg\r");
    loaded(&pty);
    pty.send("?");
    pty.wait_for("Tangenter här");
    pty.send("\x1b");
    pty.wait_gone("Tangenter här");
    let since = pty.wait_quiet(Duration::from_millis(100));
    pty.send("q");
    pty.wait_for_bytes(since, b"ready>");
    assert_given_back(&pty, since, &modes);
    assert!(place.day(hours).has_preblock(hours));
}

#[test]
fn what_is_stopped_from_outside_draws_everything_again_when_it_goes_on() {
    let place = Place::new();
    let mut pty = place.demo("REC", LARGE);
    let since = pty.wait_quiet(Duration::from_millis(300));
    pty.signal(Signal::SIGSTOP);
    pty.resize(SMALL);
    pty.signal(Signal::SIGCONT);
    pty.wait_for_bytes(since, ALTERNATE_SCREEN);
    loaded(&pty);

    // Nobody could continue it here, so it does not let itself be stopped, and says so of the key.
    let since = pty.wait_quiet(Duration::from_millis(300));
    pty.signal(Signal::SIGTSTP);
    pty.send("\x1a");
    pty.wait_for("kan inte pausas här");
    let sent = pty.bytes_since(since);
    assert!(!sent.windows(MAIN_SCREEN.len()).any(|it| it == MAIN_SCREEN), "it keeps the terminal");
    pty.send("q");
    assert!(pty.wait_end().success());
}

#[test]
fn input_or_output_that_is_no_terminal_is_refused_and_nothing_is_drawn() {
    let place = Place::new();
    let output = Command::new(env!("CARGO_BIN_EXE_tidbok"))
        .args(["demo", "--keep"])
        .arg(place.database())
        .envs(place.homes())
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.is_empty());
    assert!(!output.stderr.is_empty() && !output.stderr.contains(&0x1b));
}

// How little it sends

/// How many bytes one key makes the console send: the frame that answers it, and all that follows.
fn sent_by(pty: &mut Pty, key: &str) -> usize {
    let before = pty.wait_quiet(Duration::from_millis(400));
    pty.send(key);
    pty.wait_for_more(before);
    pty.wait_quiet(Duration::from_millis(400)) - before
}

/// A clinic with a book whose coming Monday and Tuesday hold a preblock and a booking each.
fn monday_and_tuesday(monday: NaiveDate) -> String {
    let tuesday = monday.succ_opt().expect("a day");
    let stretch = |day: NaiveDate, from: &str, to: &str| {
        format!(r#""practitioner": "AE", "start": "{day}T{from}", "end": "{day}T{to}""#)
    };
    let each = |make: &dyn Fn(NaiveDate) -> String| [make(monday), make(tuesday)].join(", ");
    let sessions = each(&|day| format!("{{{}}}", stretch(day, "08:00", "17:00")));
    let preblocks =
        each(&|day| format!(r#"{{{}, "type": "e-us"}}"#, stretch(day, "10:00", "12:00")));
    let bookings = each(&|day| {
        let at = stretch(day, "13:00", "13:30");
        format!(
            r#"{{{at}, "id": "{day}", "category": "us", "template": "us", "patient": "p", "registered_by": "REC"}}"#
        )
    });
    format!(
        r##"{{"format": "tidbok-clinic", "version": 1,
        "organisations": [{{"id": "o", "name": "Tandvård Mitt"}}],
        "companies": [{{"id": "c", "organisation": "o", "name": "Storgatan AB"}}],
        "practitioners": [{{"id": "AE", "company": "c", "signature": "AE", "name": "Anna Ek"}}],
        "categories": [{{"id": "us", "name": "Undersökning"}}],
        "preblock_types": [{{"id": "e-us", "name": "E-tid undersökning", "color": "#2e8b57",
            "kind": "internet", "allow": true, "categories": ["us"]}}],
        "templates": [{{"id": "us", "name": "Undersökning 30 min", "minutes": 30, "category": "us",
            "online": true}}],
        "patients": [{{"id": "p", "personnummer": "19900101-9802", "first_name": "Hilda",
            "last_name": "Tolvansson"}}],
        "work_sessions": [{sessions}], "preblocks": [{preblocks}], "bookings": [{bookings}],
        "online": {{}}}}"##
    )
}

#[test]
fn a_cursor_move_at_120_by_40_sends_at_most_256_bytes() {
    let place = Place::new();
    let today = now().date();
    let monday = today + chrono::Days::new(7 - u64::from(today.weekday().num_days_from_monday()));
    let command = place.console_on(&monday_and_tuesday(monday));
    let mut pty = Pty::run(command, LARGE);
    loaded(&pty);
    let (up, down, right, left) = ("\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D");
    // Over free time, onto a preblock and along it, to the other day, off it, onto a booking and to
    // the other day's.
    let moves = [down, down, right, left, down, down, right, down, left, down, down, right, left];
    for (from, moves) in [("0900-0915", moves.as_slice()), ("1230-1245", moves.as_slice())] {
        go_to(&mut pty, monday);
        pty.send("t");
        pty.wait_for("Exakt tid");
        pty.send(format!("{from}\r"));
        pty.wait_gone("Exakt tid");
        pty.send("\x1b");
        for key in moves.iter().chain([&up]) {
            within_a_minute(Duration::from_secs(3));
            let sent = sent_by(&mut pty, key);
            println!("{key:?} sent {sent} bytes");
            assert!(sent > 0, "the cursor moves");
            assert!(sent <= 256, "a cursor move sent {sent} bytes");
        }
    }
}

#[test]
fn an_idle_console_sends_nothing_between_minutes_and_costs_next_to_nothing() {
    const WATCHED: Duration = Duration::from_secs(4);
    // So often it is looked: whatever else the machine does costs everybody something, now and then.
    const LOOKS: usize = 5;
    let place = Place::new();
    // Not the demo: beside it an agent and a page's server are at work.
    let pty = Pty::run(place.console_on(&monday_and_tuesday(now().date())), LARGE);
    loaded(&pty);
    let mut least = f64::MAX;
    for _ in 0..LOOKS {
        within_a_minute(WATCHED + Duration::from_secs(3));
        let before = pty.wait_quiet(Duration::from_millis(1500));
        let (cpu, started) = (cpu_time(pty.pid()), Instant::now());
        std::thread::sleep(WATCHED);
        let used = cpu_time(pty.pid()).saturating_sub(cpu);
        let share = used.as_secs_f64() / started.elapsed().as_secs_f64();
        println!("idle: {used:?} of processor time, {:.3} %", share * 100.0);
        assert_eq!(pty.bytes_since(before).len(), 0, "an idle console is silent");
        least = least.min(share);
        if least < 0.005 {
            return;
        }
    }
    panic!("idling took {:.2} % of a processor", least * 100.0);
}

/// Waits for the next minute, unless this one lasts long enough.
fn within_a_minute(needed: Duration) {
    let clock: DateTime<Utc> = Utc::now();
    let left = Duration::from_secs(u64::from(60 - clock.second()));
    if left < needed {
        std::thread::sleep(left + Duration::from_millis(100));
    }
}
