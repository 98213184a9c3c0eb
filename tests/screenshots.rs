//! The pictures in `screenshots/` show what the console draws: the demo, at a time that stands still,
//! through real keys and a real store.
//!
//! `TIDBOK_UPDATE_SCREENSHOTS=1 cargo test --test screenshots` draws them anew.

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use chrono::NaiveDate;
use common::console::Console;
use common::picture::Picture;
use tidbok::clinic::{Clinic, new_command_id};
use tidbok::demo;
use tidbok::domain::{
    Actor, AgentAt, CivilTime, ClinicZone, DateRange, OutOnDay, PractitionerId, Round, Signature,
    SyncState, WishesOfDay,
};
use tidbok::store::{DatabaseLocation, ImportMode, OpenMode, Store};
use tidbok::texts::Language;
use tidbok::tui::keymap::Keymap;
use tidbok::tui::{Options, Palette, Preferences, Purpose, Symbols};
use tokio::runtime::Runtime;

const UPDATE: &str = "TIDBOK_UPDATE_SCREENSHOTS";

/// How one picture is made.
struct Scene {
    name: &'static str,
    user: &'static str,
    size: (u16, u16),
    palette: Palette,
    symbols: Symbols,
    row_minutes: u8,
    keys: &'static str,
}

const PLAIN: Scene = Scene {
    name: "",
    user: "REC",
    size: (120, 40),
    palette: Palette::TrueColor,
    symbols: Symbols::Unicode,
    row_minutes: 15,
    keys: "",
};

/// To a week with everything in it, its Tuesday at ten.
const SCENES: [Scene; 28] = [
    Scene { name: "week", keys: "gto<Enter>t1525-1540<Enter><Esc>", ..PLAIN },
    Scene {
        name: "marking",
        keys: "gv49 ti<Enter>t0800-0815<Enter><Esc>v<Down><Down><Down><Right><Right>",
        ..PLAIN
    },
    Scene { name: "preblocks", keys: "gv49 ti<Enter>t0800-0930<Enter>p", ..PLAIN },
    Scene {
        name: "no-permission",
        user: "ELEV",
        keys: "gv49 ti<Enter>t0800-0930<Enter>p",
        ..PLAIN
    },
    Scene { name: "why", keys: "gv49 ti<Enter>t1400-1430<Enter><Esc>w", ..PLAIN },
    Scene { name: "booking", keys: "gv49 ti<Enter>t0830-0900<Enter>b1ber", ..PLAIN },
    Scene { name: "help", keys: "?", ..PLAIN },
    Scene { name: "menu", keys: "gv49 ti<Enter>t0830-0900<Enter><Esc><Enter>", ..PLAIN },
    Scene { name: "palette", user: "ADM", keys: ":pre", ..PLAIN },
    Scene { name: "handbook", keys: "B<Down><Enter>", ..PLAIN },
    Scene { name: "day", keys: "gv49 ti<Enter>d", ..PLAIN },
    Scene { name: "day-list", keys: "gv49 ti<Enter>L", ..PLAIN },
    Scene { name: "free-times", keys: "gv49 ti<Enter>n1", ..PLAIN },
    Scene { name: "find", keys: "/ber", ..PLAIN },
    Scene { name: "patient", keys: "gv49 ti<Enter>o", ..PLAIN },
    Scene { name: "move", keys: "gv49 ti<Enter>m", ..PLAIN },
    Scene { name: "ill", keys: "gv49 ti<Enter>D", ..PLAIN },
    Scene { name: "schedule", keys: "gv49 ti<Enter>A", ..PLAIN },
    Scene { name: "settings", user: "ADM", keys: "I", ..PLAIN },
    Scene { name: "booking-template", user: "ADM", keys: "I<Down><Enter><Enter>", ..PLAIN },
    Scene { name: "preblock-type", user: "ADM", keys: "I<Enter><Enter>", ..PLAIN },
    Scene { name: "permissions", user: "ADM", keys: ":behörighetssystem<Enter><Enter>", ..PLAIN },
    Scene { name: "settings-check", user: "ADM", keys: "K", ..PLAIN },
    Scene {
        name: "light",
        palette: Palette::Light,
        keys: "gv49 ti<Enter>t0800-0930<Enter>",
        ..PLAIN
    },
    Scene { name: "online-client", keys: "<F8>", ..PLAIN },
    Scene {
        name: "online-client-small",
        user: "ADM",
        size: (80, 24),
        palette: Palette::Mono,
        symbols: Symbols::Ascii,
        row_minutes: 30,
        keys: "<F8>",
    },
    Scene { name: "small", size: (80, 24), row_minutes: 30, keys: "gv49 on<Enter>", ..PLAIN },
    Scene {
        name: "mono-ascii",
        size: (80, 24),
        palette: Palette::Mono,
        symbols: Symbols::Ascii,
        row_minutes: 30,
        keys: "gv49 ti<Enter>t0800-0930<Enter>",
        ..PLAIN
    },
];

/// When the pictures are taken: a Tuesday.
fn now() -> CivilTime {
    "2026-11-24T10:12".parse().expect("a time")
}

/// The demo's clinic in a database in `folder`.
async fn demo_clinic(folder: &Path) -> Clinic {
    let location = DatabaseLocation::Sqlite(folder.join("demo.db"));
    let store = Store::open(&location, OpenMode::Create).await.expect("a database");
    let clinic = Clinic::new(store);
    let file = demo::clinic(now().date());
    let imported =
        clinic.import(&Actor::System, new_command_id(), &file, ImportMode::IntoEmpty).await;
    assert!(imported.is_ok(), "the demo is imported");
    publish(&clinic).await;
    clinic
}

/// An agent has published everything, at ten past ten.
async fn publish(clinic: &Clinic) {
    let at = |clock: &str| {
        let time = format!("2026-11-24T{clock}").parse().expect("a time");
        ClinicZone::default().first_instant(time)
    };
    let slots = clinic.slots(None, DateRange::new(now().date(), 91), now()).await.expect("slots");
    let mut out: BTreeMap<PractitionerId, BTreeMap<NaiveDate, OutOnDay>> = BTreeMap::new();
    let mut state = SyncState::default();
    for slot in &slots {
        let start = slot.interval.start();
        let days = out.entry(slot.practitioner.clone()).or_default();
        let day = days.entry(start.date()).or_default();
        day.entry(slot.template.clone()).or_default().push(start.clock());
        let counts = state.published.entry(slot.practitioner.clone()).or_default();
        *counts.entry(slot.template.clone()).or_default() += 1;
    }
    state.agent = Some(AgentAt {
        host: "mottagningen".to_owned(),
        process: 2314,
        version: "0.1.0".to_owned(),
        since: at("07:02"),
        publishes_to: "https://bokning.example.se/fhir/storgatan".to_owned(),
    });
    let latencies =
        [("09:16", 240), ("09:31", 810), ("09:44", 190), ("09:58", 420), ("10:11", 310)];
    for (clock, milliseconds) in latencies {
        state.remember_latency(at(clock), milliseconds);
    }
    let begun = |clock| Round::begun(at(clock));
    state.rounds = [
        Round { published: slots.len(), milliseconds: 2140, ..begun("07:02") },
        Round { withdrawn: 4, booked: 1, milliseconds: 420, ..begun("09:58") },
        Round { published: 6, withdrawn: 2, milliseconds: 310, ..begun("10:11") },
    ]
    .into();
    let refused = [("time-gone".to_owned(), 1)].into();
    let (date, booked, rebooked, cancelled) = (now().date(), 7, 1, 2);
    state.today = Some(WishesOfDay { date, booked, rebooked, cancelled, refused });
    let content = serde_json::to_string(&state).expect("JSON");
    let mut transaction = clinic.store().begin().await.expect("a store");
    for (practitioner, days) in &out {
        transaction.keep_out_there(practitioner, days).await.expect("written");
    }
    transaction.take_lease("mottagningen", at("10:12"), at("10:13")).await.expect("written");
    transaction.keep_sync_state(&content).await.expect("written");
    transaction.keep_pulse(at("10:12"), Some(at("10:12"))).await.expect("written");
    transaction.commit().await.expect("written");
}

fn console(runtime: &Rc<Runtime>, clinic: &Clinic, actor: Actor, scene: &Scene) -> Console {
    let options = Options {
        actor,
        language: Language::Swedish,
        palette: scene.palette,
        symbols: scene.symbols,
        preferences: Preferences { row_minutes: scene.row_minutes },
        keymap: Keymap::default(),
        access: Default::default(),
        purpose: Purpose::Demo(None),
        practitioner: None,
        command_ids: Box::new(new_command_id),
    };
    Console::open(Rc::clone(runtime), clinic.clone(), options, now(), scene.size)
}

fn file(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    std::fs::create_dir_all(&folder).expect("a folder for the pictures");
    folder.join(format!("{name}.png"))
}

#[test]
fn the_pictures_show_what_the_console_draws() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = Rc::new(runtime.expect("a runtime"));
    let clinic = runtime.block_on(demo_clinic(folder.path()));
    let users = runtime.block_on(clinic.users()).expect("users");
    let update = std::env::var_os(UPDATE).is_some();
    let mut stale = Vec::new();
    for scene in &SCENES {
        let user = users.get(&Signature::from(scene.user)).expect("a user of the demo");
        let mut console = console(&runtime, &clinic, Actor::User(user.clone()), scene);
        let shown = console.keys(scene.keys).shown();
        let picture = Picture::of(&shown.buffer, shown.cursor);
        let kept = Picture::read(&file(scene.name));
        match kept.and_then(|kept| picture.differing(&kept)) {
            Some(0) => {}
            _ if update => picture.write(&file(scene.name)),
            Some(pixels) => stale.push(format!("{}: {pixels} pixels differ", scene.name)),
            None => stale.push(format!("{}: missing, or of another size", scene.name)),
        }
    }
    assert!(
        stale.is_empty(),
        "the pictures show something else than the console draws:\n{}\nlook at what has changed, \
         then draw them anew: {UPDATE}=1 cargo test --test screenshots",
        stale.join("\n")
    );
}
