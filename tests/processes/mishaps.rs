//! What goes wrong, one thing at a time, with the real programs: the power, and the room on the disk.

use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tidbok::domain::{DateRange, Interval, PractitionerId};

use crate::dice::Dice;
use crate::disk::Disk;
use crate::http::Browser;
use crate::kills::check_patiently;
use crate::programs::{Around, Ground, PATIENCE, Place, example, now, program, stretch};
use crate::soak::console::{Broken, Desk};
use crate::soak::ground::COMPANY;
use crate::soak::seen::What;
use crate::soak::world::World;
use crate::visitor::{Ended, Visitor};

/// The hours in which a book has a preblock.
async fn laid(place: &Place, practitioner: &str) -> Vec<Interval> {
    let days = DateRange::new(now().date(), 120);
    let book = place.clinic.book(&PractitionerId::from(practitioner), days).await;
    let calendar = book.expect("the store answers").calendar;
    calendar.preblocks().iter().map(|preblock| preblock.interval).collect()
}

/// Ends well or not, on the place's database.
fn tidbok(place: &Place, arguments: &[&str]) -> bool {
    let mut command = program(&place.log("command-line"));
    command.args(["--database", &place.database()]).args(arguments);
    command.status().expect("the program runs").success()
}

#[tokio::test]
async fn when_the_power_goes_nothing_that_was_told_is_lost_and_all_is_whole_when_it_is_back() {
    let mut place = Place::open().await;
    for day in 0..4 {
        assert!(place.lay("AE", stretch(day, 8 * 60, 8 * 60)).await);
    }
    let mut dice = Dice(7);
    for round in 0..3 {
        let agent = place.agent("agent");
        place.wait_in_step().await;
        for slot in place.all("Slot?status=free").await.iter().skip(round).step_by(9).take(4) {
            assert!(place.wish(slot).await);
        }
        // Nobody but the programs that lose power has the database open.
        place.let_go().await;
        let hour = stretch(7 + i32::try_from(round).expect("few"), 9 * 60, 60);
        let add = ["preblock", "add", "BL", "e-alla", &hour.to_string()];
        assert!(tidbok(&place, &add));
        let more = stretch(14, 8 * 60, 60).to_string();
        let mut script = program(&place.log("script"));
        script.args(["--database", &place.database(), "preblock", "add", "BL", "e-alla", &more]);
        let mut script = script.stdout(Stdio::null()).spawn().expect("it starts");
        tokio::time::sleep(Duration::from_millis(dice.roll(60))).await;
        for process in [agent.id(), place.portal_id().expect("it runs"), script.id()] {
            let process = Pid::from_raw(i32::try_from(process).expect("a process"));
            // The script may have ended.
            let _ = kill(process, Signal::SIGKILL);
        }
        agent.kill();
        script.wait().expect("it has ended");
        place.kill_portal();
        assert!(laid(&place, "BL").await.contains(&hour), "what was told to be laid");
    }
    let agent = place.agent("agent");
    place.wait_in_step().await;
    let counts = check_patiently(&place).await;
    assert!(counts.get("booked").is_some_and(|booked| *booked > 0), "{counts:?}");
    assert!(tidbok(&place, &["audit", "verify"]));
    agent.stop();
}

/// A place on a small disk, its logs beside it.
async fn on_a_disk() -> (Place, Disk, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let beside = tempfile::tempdir().expect("a temporary folder");
    let disk = Disk::over(folder.path(), 16).expect("root may mount one");
    let ground = Ground { folder, logs: beside.path().to_owned(), file: example() };
    let mut place = Place::on(ground, "", &[]).await;
    place.start_portal(&Around::new());
    for day in 0..2 {
        assert!(place.lay("AE", stretch(day, 8 * 60, 8 * 60)).await);
    }
    (place, disk, beside)
}

#[tokio::test]
#[cfg_attr(not(tidbok_may_mount), ignore = "only root may mount a small disk")]
async fn at_a_console_whose_disk_is_full_it_is_said_what_to_do_and_it_goes_on_when_there_is_room() {
    let (place, disk, beside) = on_a_disk().await;
    let world = Arc::new(World::new());
    let mut desk = Desk {
        name: "console".to_owned(),
        practitioner: "Anna Ek",
        database: place.database(),
        folder: beside.path().to_owned(),
        world: Arc::clone(&world),
        orders: Arc::default(),
        around: Around::new(),
        dice: Dice(1),
        size: (80, 24),
    };
    let mut console = desk.open(&Around::new());
    let hours = [stretch(0, 16 * 60, 60), stretch(0, 17 * 60, 60)];
    assert_eq!(console.lay_at(hours[0]), Ok(()));
    disk.fill();
    assert_eq!(console.lay_at(hours[1]), Err(Broken::Refused));
    let screen = console.pty.screen();
    assert!(screen.contains("är full") && screen.contains("frigör plats"), "{screen}");
    let seen = world.all_seen();
    assert!(seen.iter().all(|it| it.what == What::Full) && !seen.is_empty(), "{seen:?}");
    assert!(!laid(&place, "AE").await.contains(&hours[1]));
    disk.make_room();
    assert_eq!(console.lay_at(hours[1]), Ok(()));
    console.pty.send("q");
    assert!(console.pty.wait_end().success());
    assert!(hours.iter().all(|hour| laid_now(&place).contains(hour)));
    assert!(tidbok(&place, &["audit", "verify"]));
}

/// The hours of Anna Ek's book, as the command line lists them.
fn laid_now(place: &Place) -> Vec<Interval> {
    let first = stretch(0, 0, 60).start().date().to_string();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tidbok"));
    command.args(["--database", &place.database(), "preblock", "list", "--json"]);
    command.args(["--practitioner", "AE", "--from", &first, "--days", "7"]);
    let listed = command.output().expect("the program runs").stdout;
    let listed: Vec<serde_json::Value> = serde_json::from_slice(&listed).expect("JSON");
    let time = |it: &serde_json::Value, name: &str| it[name].as_str()?.parse().ok();
    let interval =
        |it: &serde_json::Value| Interval::new(time(it, "start")?, time(it, "end")?).ok();
    listed.iter().filter_map(interval).collect()
}

#[tokio::test]
#[cfg_attr(not(tidbok_may_mount), ignore = "only root may mount a small disk")]
async fn a_patient_is_told_that_it_can_not_be_done_while_the_disk_is_full_and_books_afterwards() {
    let (place, disk, _beside) = on_a_disk().await;
    let agent = place.agent("agent");
    place.wait_in_step().await;
    let slot = place.all("Slot?status=free").await[0]["id"].as_str().expect("an id").to_owned();
    disk.fill();
    let mut browser = Browser::new(&place.page_address(), 1);
    let form = format!("time={slot}");
    let (parts, page) = browser.ask("/mitt/hold", Some(&form)).await;
    assert_eq!(parts.status, StatusCode::INTERNAL_SERVER_ERROR, "{page}");
    assert!(page.contains("Försök igen"), "{page}");
    let begun = Instant::now();
    while !place.logs().contains("no room left on the disk") {
        assert!(begun.elapsed() < PATIENCE, "{}", place.logs());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(place.logs().contains("the disk is full"), "the portal says why: {}", place.logs());
    disk.make_room();
    let patient = Visitor::new(&place.page_address(), 2, Duration::from_millis(50));
    let mut patient = patient.at_company(COMPANY);
    assert_eq!(patient.visit().await.expect("the page is back"), Ended::Booked);
    place.wait_in_step().await;
    agent.stop();
}
