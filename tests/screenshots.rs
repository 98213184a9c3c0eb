//! The pictures in `screenshots/` show what the console draws: the demo, at a time that stands still,
//! through real keys and a real store.
//!
//! `TIDBOK_UPDATE_SCREENSHOTS=1 cargo test --test screenshots` draws them anew.

mod common;

use std::path::{Path, PathBuf};

use common::console::Console;
use common::picture::Picture;
use tidbok::clinic::{Clinic, new_command_id};
use tidbok::demo;
use tidbok::domain::{Actor, CivilTime, Signature};
use tidbok::store::{DatabaseLocation, ImportMode, OpenMode, Store};
use tidbok::texts::Language;
use tidbok::tui::keymap::Keymap;
use tidbok::tui::{Options, Palette, Preferences, Purpose, Symbols};

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
const SCENES: [Scene; 9] = [
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
    clinic
}

fn console(clinic: &Clinic, actor: Actor, scene: &Scene) -> Console {
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
    Console::open(clinic.clone(), options, now(), scene.size)
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
    let runtime = runtime.expect("a runtime");
    let clinic = runtime.block_on(demo_clinic(folder.path()));
    let users = runtime.block_on(clinic.users()).expect("users");
    let update = std::env::var_os(UPDATE).is_some();
    let mut stale = Vec::new();
    for scene in &SCENES {
        let user = users.get(&Signature::from(scene.user)).expect("a user of the demo");
        let mut console = console(&clinic, Actor::User(user.clone()), scene);
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
