//! The whole system at work while everything that can go wrong does: consoles in terminals, two agents,
//! the portal, patients before the page and scripts, and one fault after the other.
//!
//! `TIDBOK_SOAK_MINUTES=30 cargo test --release --test processes soak -- --nocapture` lets it go on for
//! so long; `TIDBOK_SOAK_SEED=N` makes other choices. A console, an agent or the portal is killed, or all
//! of them at once; a database is held by another program, or backed up; the disk is full (as root); a
//! clock is set back by an hour (where Debian's `faketime` is installed); no time zone is known; a
//! terminal is closed; the line between agents and portal is cut, or falls silent. The power that is
//! cut is that of the programs: what the system has taken over from them stays.
//!
//! At the end whatever was told of as done is in the databases, nothing overlaps, what is published is
//! what is wanted, everything verifies, no process has grown without bounds, and each error and refusal
//! that anybody saw belongs to a fault of that time.

mod check;
pub mod console;
mod faults;
pub mod ground;
mod patients;
pub mod scripts;
pub mod seen;
mod watch;
pub mod world;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::{Duration, Instant};

use chrono::Utc;

use self::console::{Desk, Orders};
use self::faults::{Faults, Kind, Times};
use self::ground::CONSOLES;
use self::patients::Waiting;
use self::scripts::Runs;
use self::seen::What;
use self::watch::{Journals, Measured};
use self::world::{World, locked};
use crate::dice::Dice;
use crate::hops::e_id;
use crate::kills::number;
use crate::line::switched_to;
use crate::provider::Provider;

/// Places before the page.
const PATIENTS_AT_ONCE: u64 = 4;
/// The consoles' windows.
const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (160, 50)];

#[tokio::test]
#[cfg_attr(not(tidbok_soak), ignore = "takes minutes: TIDBOK_SOAK_MINUTES says how many")]
async fn soak() {
    let minutes = number("TIDBOK_SOAK_MINUTES").unwrap_or(1);
    let seed = number("TIDBOK_SOAK_SEED")
        .unwrap_or_else(|| u64::try_from(Utc::now().timestamp()).expect("after 1970"));
    println!("TIDBOK_SOAK_SEED={seed}, {minutes} minutes");
    let mut dice = Dice(seed);
    let provider = Provider::start(Utc::now(), "").await;
    let (more, secret) = e_id(&provider);
    let (mut place, site) = ground::prepared(&more, &[("secret", secret)]).await;
    let world = Arc::new(World::new());
    // It listens once, so that its address is known.
    place.start_portal(&Vec::new());
    let (near, switch) = switched_to(place.address()).await;
    place.end_portal();
    let database = place.database();
    let beside = site.beside.path().to_owned();
    let run_by = |name: &str| Runs {
        world: Arc::clone(&world),
        database: database.clone(),
        folder: console::home(&beside, name),
    };
    let mut faults = Faults {
        agents: BTreeMap::new(),
        world: Arc::clone(&world),
        orders: (1..=CONSOLES.len()).map(|n| (format!("console-{n}"), Arc::default())).collect(),
        switch,
        line: format!("http://{near}/fhir/mitt"),
        runs: run_by("backups"),
        dice: Dice(dice.roll(u64::MAX)),
        times: Times {
            quiet: (Duration::from_secs(8), Duration::from_secs(10)),
            fault: (Duration::from_secs(3), Duration::from_secs(11)),
        },
        backups: 0,
        place,
        site,
    };
    faults.begin();
    faults.place.wait_in_step().await;
    faults.place.let_go().await;
    println!("everything runs");

    let mut desks = Vec::new();
    for (n, (name, orders)) in faults.orders.iter().enumerate() {
        let desk = Desk {
            name: name.clone(),
            practitioner: CONSOLES[n].1,
            database: database.clone(),
            folder: console::home(&beside, name),
            world: Arc::clone(&world),
            orders: Arc::<Orders>::clone(orders),
            around: faults.site.around(name),
            dice: Dice(dice.roll(u64::MAX)),
            size: SIZES[n],
        };
        desks.push(std::thread::spawn(move || desk.work()));
    }
    let waiting = Arc::new(Waiting {
        world: Arc::clone(&world),
        page: faults.place.page_address(),
        provider: tokio::sync::Mutex::new(provider),
        come: AtomicU32::new(0),
    });
    let patients: Vec<_> = (0..PATIENTS_AT_ONCE)
        .map(|_| tokio::spawn(Arc::clone(&waiting).place(dice.roll(u64::MAX))))
        .collect();
    let script = (run_by("scripts"), Dice(dice.roll(u64::MAX)));
    let script = std::thread::spawn(move || script.0.work(script.1));
    let journals = Journals::of(Arc::clone(&world), |name| faults.place.log(name));
    let journals = std::thread::spawn(move || journals.until_over());
    let watched = Arc::clone(&world);
    let every = Duration::from_secs(if minutes > 2 { 60 } else { 10 });
    let measured = std::thread::spawn(move || Measured::until_over(&watched, every));

    let end = Instant::now() + Duration::from_secs(60 * minutes);
    let mut faults = tokio::task::spawn_blocking(move || {
        faults.until(end);
        faults
    })
    .await
    .expect("the faults end");
    world.end();
    for patient in patients {
        patient.await.expect("a patient leaves");
    }
    // The line between agents and portal is at work meanwhile.
    let (told, measured) = tokio::task::spawn_blocking(move || {
        let told = desks.into_iter().map(|desk| desk.join().expect("a console is left"));
        let told: Vec<_> = told.collect();
        script.join().expect("the scripts end");
        journals.join().expect("the journals are read");
        (told, measured.join().expect("all was measured"))
    })
    .await
    .expect("everybody leaves");
    let unexplained = report(&world, &measured);
    check::everything(&mut faults.place, &world, &told, &run_by("check")).await;
    measured.assert_bounded();
    assert_eq!(unexplained, 0, "each error that anybody saw belongs to a fault");
}

/// Tells what was done how often, what everybody had, and what anybody saw; how many errors and refusals
/// no fault explains.
fn report(world: &World, measured: &Measured) -> usize {
    for (what, count) in world.counts() {
        println!("{count:>7} {what}");
    }
    println!("{}", measured.table());
    let faults = locked(&world.faults).clone();
    let mut counts: BTreeMap<(What, Option<Kind>), usize> = BTreeMap::new();
    for seen in world.all_seen() {
        let by = seen.explained_by(&faults);
        if by.is_none() {
            let (at, who, what, text) = (seen.at.as_secs_f64(), &seen.who, seen.what, &seen.text);
            println!("{at:>7.1} s {who}: {what:?}: {text}");
        }
        *counts.entry((seen.what, by)).or_default() += 1;
    }
    for ((what, by), count) in &counts {
        println!("{count:>7} seen: {what:?}, by {by:?}");
    }
    counts.iter().filter(|((_, by), _)| by.is_none()).map(|(_, count)| count).sum()
}
