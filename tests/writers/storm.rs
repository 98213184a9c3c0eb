//! A console and a script over a line that is cut, delayed and stalled at random: both go on working,
//! nothing is done wrong or twice, and the console catches up by itself.
//!
//! A few rounds unless `TIDBOK_STORM_SECONDS` says how long.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::Weekday;
use portable_pty::CommandBuilder;
use tidbok::clinic::{Clinic, Command, OverlapChoice, new_command_id};
use tidbok::domain::{Actor, CivilTime, DateRange, Interval, Minutes, PractitionerId};
use tidbok::store::{DatabaseLocation, Store, export};

use crate::books::at;
use crate::common::HOMES;
use crate::common::pty::Pty;
use crate::people::{Ended, tidbok};
use crate::support::line::{Weather, stormy};
use crate::support::{Place, engine};
use crate::{Until, books, replay};

/// A Monday later than any clock that the console is likely to have.
const MONDAY: &str = "2031-03-03";

/// Whose book the console lays in, and whose the script.
const CONSOLES: &str = "AE";
const SCRIPTS: &str = "BL";

const TYPE: &str = "e-us";
const NAME: &str = "E-tid undersökning";

/// How a preblock of the type begins on screen, and what the console says of how it went.
const LABEL: &str = "E E-tid";
const DONE: &str = "lade till 1 preblock";
const FAILED: [&str; 3] = ["örbindelsen med databasen", "atabasservern", "i vägen"];

/// The whole day, without the pane.
const SIZE: (u16, u16) = (80, 60);

/// How long anything may take in such weather: a stall, the silence after which a line is given up,
/// and the attempts after it.
const PATIENCE: Duration = Duration::from_secs(120);

const WEATHER: Weather = Weather { cuts: Some(150), delays: Some(20), stalls: Some(400) };

/// The hours of ten weeks, one after the other; the Fridays' last are left to others.
fn hours() -> impl Iterator<Item = Interval> {
    let days = (0..10).flat_map(|week| (0..5).map(move |day| (week * 7, day)));
    let clocks = days.flat_map(|(week, day)| (8..18).map(move |clock| (week, day, clock)));
    clocks.filter(|(_, day, clock)| (*day, *clock) != (4, 17)).map(|(week, day, clock)| {
        hour_at(at(&format!("{MONDAY}T00:00")) + Minutes(((week + day) * 24 + clock) * 60))
    })
}

fn hour_at(start: CivilTime) -> Interval {
    Interval::new(start, start + Minutes(60)).expect("an hour")
}

fn until() -> Until {
    let seconds = std::env::var("TIDBOK_STORM_SECONDS").ok().and_then(|text| text.parse().ok());
    seconds.map_or(Until::Rounds(4), |seconds| {
        Until::Time(Instant::now() + Duration::from_secs(seconds))
    })
}

pub async fn a_console_and_a_script_go_on_working() {
    let place = Place::new();
    books::made(&place).await;
    let DatabaseLocation::SqlServer(server) = place.location() else { panic!("a server") };
    let (behind, calm) = stormy(&server, WEATHER).await;
    let behind = DatabaseLocation::SqlServer(Box::new(behind));

    let until = until();
    let location = behind.clone();
    let script = tokio::task::spawn_blocking(move || script(&location, until));
    let console = tokio::task::spawn_blocking(move || {
        let home = tempfile::tempdir().expect("a temporary folder");
        let mut pty = Pty::run(console(home.path(), &behind), SIZE);
        let worked = work(&mut pty, until);
        (worked, pty, home)
    });
    let by_script = script.await.expect("the script goes on");
    let (Worked { told: by_console, last }, pty, _home) =
        console.await.expect("the console goes on");
    calm.down();

    let store = place.store().await;
    let week = DateRange::new(last.start().date().week(Weekday::Mon).first_day(), 5);
    somebody_else_lays(&store, week).await;
    let laid = stored(&store, CONSOLES).await;
    let shown = laid.iter().filter(|hour| week.contains(hour.start().date())).count();
    assert!(by_console.is_subset(&laid), "what the console said is stored");
    assert!(
        by_script.is_subset(&stored(&store, SCRIPTS).await),
        "what the script was told is stored"
    );
    let caught_up = tokio::task::spawn_blocking(move || {
        pty.wait_until("every preblock", |screen| screen.matches(LABEL).count() == shown);
    });
    caught_up.await.expect("the console catches up");
    replay::gives_what_is_stored(&store).await;
    println!("the console was told of {}, the script of {}", by_console.len(), by_script.len());
}

/// The program's console on the week, in the book of the first practitioner.
fn console(home: &Path, location: &DatabaseLocation) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tidbok"));
    command.args(["--user", "REC", "--database", &location.to_string()]);
    command.env("TIDBOK_DATABASE_PASSWORD", engine::password());
    HOMES.iter().for_each(|name| command.env(name, home));
    command
}

/// What has been done at the console.
struct Worked {
    /// What it says that it has laid.
    told: BTreeSet<Interval>,
    /// Where it stands.
    last: Interval,
}

/// Lays hour after hour by keys.
fn work(pty: &mut Pty, until: Until) -> Worked {
    wait(pty, "a console", is_loaded);
    let (mut told, mut last) = (BTreeSet::new(), None);
    for (round, hour) in hours().enumerate() {
        if !until.is_not_yet(round) {
            break;
        }
        last = Some(hour);
        pty.send("g");
        wait(pty, "a prompt", |screen| screen.contains("Gå till datum"));
        pty.send(format!("{}\r", hour.start().date()));
        let gone = |screen: &str| !screen.contains("Gå till datum");
        wait(pty, "the week", |screen| gone(screen) && is_loaded(screen));
        pty.send("t");
        wait(pty, "a prompt", |screen| screen.contains("Exakt tid"));
        let digits = |time: CivilTime| time.clock().replace(':', "");
        pty.send(format!("{}-{}\r", digits(hour.start()), digits(hour.end())));
        wait(pty, "a marking", |screen| screen.contains("1 dag × 60 min") || has_failed(screen));
        pty.send("p");
        let menu = wait(pty, "a menu", |screen| screen.contains("Preblock · "));
        pty.send(key_in(&menu));
        let said = wait(pty, "an answer", |screen| screen.contains(DONE) || has_failed(screen));
        if said.contains(DONE) {
            told.insert(hour);
        }
    }
    pty.send("\x1b");
    Worked { told, last: last.expect("at least one") }
}

fn has_failed(screen: &str) -> bool {
    FAILED.iter().any(|words| screen.contains(words))
}

fn is_loaded(screen: &str) -> bool {
    screen.contains("Hjälp") && !screen.contains("Hämtar")
}

/// Waits longer than a terminal's test otherwise does; returns the screen.
fn wait(pty: &Pty, what: &str, wished: impl Fn(&str) -> bool) -> String {
    let until = Instant::now() + PATIENCE;
    loop {
        let screen = pty.screen();
        if wished(&screen) {
            return screen;
        }
        assert!(Instant::now() < until, "waited in vain for {what}; the screen:\n{screen}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The digit before the type in the menu.
fn key_in(menu: &str) -> String {
    let (before, _) = menu.split_once(&format!("▌ {NAME}")).expect("the type is in the menu");
    before.trim_end().chars().last().expect("a digit").to_string()
}

/// Lays hour after hour by the program's command line; returns what ended well.
fn script(location: &DatabaseLocation, until: Until) -> BTreeSet<Interval> {
    let home = tempfile::tempdir().expect("a temporary folder");
    let mut told = BTreeSet::new();
    for (round, hour) in hours().enumerate() {
        if !until.is_not_yet(round) {
            break;
        }
        let arguments = ["preblock", "add", SCRIPTS, TYPE, &hour.to_string()];
        if let Ended::Well(_) = tidbok(home.path(), location, &arguments) {
            told.insert(hour);
        }
    }
    told
}

/// The Friday's last hour, in the console's book.
async fn somebody_else_lays(store: &Store, week: DateRange) {
    let command = Command::LayPreblocks {
        practitioner: CONSOLES.into(),
        preblock_type: TYPE.into(),
        intervals: week
            .iter()
            .last()
            .map(|friday| CivilTime::at(friday, Minutes(17 * 60)))
            .map(hour_at)
            .into_iter()
            .collect(),
        overlap: OverlapChoice::Refuse,
        code: None,
    };
    let clinic = Clinic::new(store.clone());
    let done = clinic.execute(&Actor::System, new_command_id(), &command, at(books::NOW)).await;
    done.expect("nobody else has come so far");
}

/// What lies in a book in those weeks; each hour once.
async fn stored(store: &Store, practitioner: &str) -> BTreeSet<Interval> {
    let (practitioner, monday) =
        (PractitionerId::from(practitioner), at(&format!("{MONDAY}T00:00")));
    let mut laid = BTreeSet::new();
    for preblock in export(store).await.expect("reads").preblocks {
        if preblock.interval.start() >= monday && preblock.practitioner == practitioner {
            assert!(laid.insert(preblock.interval), "laid twice");
        }
    }
    laid
}
