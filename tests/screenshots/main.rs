//! The pictures in `screenshots/` show what the console draws: the demo, at a time that stands still,
//! through real keys and a real store. Each of its screens has one.
//!
//! `TIDBOK_UPDATE_SCREENSHOTS=1 cargo test --test screenshots` draws them anew.

mod clinics;
#[path = "../common/mod.rs"]
mod common;
mod scenes;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clinics::{demo_clinic, new_clinic, now};
use common::console::Console;
use common::drawing::drawn;
use common::picture::Picture;
use scenes::{SCENES, Scene, Stage};
use tidbok::clinic::{Clinic, new_command_id};
use tidbok::domain::{Actor, Signature, User};
use tidbok::tui::keymap::Keymap;
use tidbok::tui::{Options, Preferences, Purpose};
use tokio::runtime::Runtime;

const UPDATE: &str = "TIDBOK_UPDATE_SCREENSHOTS";

/// Where the console is opened for the pictures.
struct Studio {
    runtime: Rc<Runtime>,
    demo: Clinic,
    users: BTreeMap<Signature, User>,
    new: Clinic,
}

impl Studio {
    fn open(folder: &Path) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = Rc::new(runtime.expect("a runtime"));
        let demo = runtime.block_on(demo_clinic(folder));
        let users = runtime.block_on(demo.users()).expect("users");
        let new = runtime.block_on(new_clinic(folder));
        Self { runtime, demo, users, new }
    }

    fn console(&self, scene: &Scene) -> Console {
        let user = || self.users.get(&Signature::from(scene.user)).expect("a user of the demo");
        let (clinic, actor, purpose) = match scene.stage {
            Stage::Demo => (&self.demo, Actor::User(user().clone()), Purpose::Demo(None)),
            Stage::New => (&self.new, Actor::System, Purpose::Clinic),
        };
        let options = Options {
            actor,
            language: scene.language,
            palette: scene.palette,
            symbols: scene.symbols,
            preferences: Preferences { row_minutes: scene.row_minutes },
            keymap: Keymap::default(),
            access: Default::default(),
            purpose,
            practitioner: None,
            command_ids: Box::new(new_command_id),
        };
        Console::open(Rc::clone(&self.runtime), clinic.clone(), options, now(), scene.size)
    }
}

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots");
    std::fs::create_dir_all(&folder).expect("a folder for the pictures");
    folder
}

fn file(name: &str) -> PathBuf {
    folder().join(format!("{name}.png"))
}

#[test]
fn the_pictures_show_what_the_console_draws() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let studio = Studio::open(folder.path());
    let update = std::env::var_os(UPDATE).is_some();
    let mut stale = Vec::new();
    for scene in &SCENES {
        let mut console = studio.console(scene);
        let shown = console.keys(scene.keys).shown();
        let picture = drawn(&shown.buffer, shown.cursor);
        let kept = Picture::read(&file(scene.name));
        match kept.and_then(|kept| picture.differing(&kept)) {
            Some(0) => {}
            _ if update => picture.write(&file(scene.name), &[]),
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

#[test]
fn every_picture_of_the_folder_is_of_a_scene() {
    let names: BTreeSet<PathBuf> = SCENES.iter().map(|scene| file(scene.name)).collect();
    assert_eq!(names.len(), SCENES.len(), "each has a name of its own");
    let kept = std::fs::read_dir(folder()).expect("the folder of pictures");
    let kept = kept.map(|it| it.expect("a file").path()).filter(|path| path.is_file());
    let left: Vec<PathBuf> = kept.filter(|path| !names.contains(path)).collect();
    assert!(left.is_empty(), "no scene is called so: {left:?}");
}

/// An enum of what the console can show, each variant with a picture of it.
struct Screens {
    source: &'static str,
    name: &'static str,
    pictured: &'static [(&'static str, &'static str)],
}

const SCREENS: [Screens; 4] = [
    Screens {
        source: "src/tui/model.rs",
        name: "Spread",
        pictured: &[("Week", "week"), ("Day", "day")],
    },
    Screens {
        source: "src/tui/model.rs",
        name: "Mode",
        pictured: &[("Book", "week"), ("Schedule", "schedule")],
    },
    Screens {
        source: "src/tui/settings/mod.rs",
        name: "Level",
        pictured: &[
            ("Sections", "settings"),
            ("Entities", "booking-templates"),
            ("Card", "booking-template"),
        ],
    },
    Screens {
        source: "src/tui/dialogs/mod.rs",
        name: "Overlay",
        pictured: &[
            ("Menu", "menu"),
            ("Prompt", "go-to"),
            ("Booking", "booking"),
            ("Move", "move"),
            ("Repeat", "repeat-preblocks"),
            ("Paste", "paste"),
            ("Password", "password"),
            ("Free", "free-times"),
            ("Why", "why"),
            ("Help", "help"),
            ("Handbook", "handbook"),
            ("PatientsSee", "patients-see"),
            ("DayList", "day-list"),
            ("Finding", "finding"),
            ("Calls", "calls"),
            ("Settings", "settings"),
            ("Patient", "patient"),
            ("Finder", "find"),
            ("Inbox", "inbox"),
            ("Log", "log"),
            ("Agent", "online-client"),
        ],
    },
];

#[test]
fn every_screen_of_the_console_has_a_picture() {
    let pictures: BTreeSet<&str> = SCENES.iter().map(|scene| scene.name).collect();
    for Screens { source, name, pictured } in SCREENS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(source);
        let source = std::fs::read_to_string(path).expect("a source file");
        let listed: Vec<&str> = pictured.iter().map(|(variant, _)| *variant).collect();
        assert_eq!(variants(&source, name), listed, "{name}: each with a scene that shows it");
        for (variant, picture) in pictured {
            assert!(pictures.contains(picture), "{name}::{variant}: no scene is called {picture}");
        }
    }
}

/// The variants of an enum, as `rustfmt` writes them.
fn variants<'a>(source: &'a str, name: &str) -> Vec<&'a str> {
    let (_, body) = source.split_once(&format!("pub enum {name} {{\n")).expect("the enum");
    let (body, _) = body.split_once("\n}").expect("its end");
    let lines = body.lines().filter_map(|line| line.strip_prefix("    "));
    lines
        .filter(|line| line.starts_with(char::is_uppercase))
        .filter_map(|line| line.split([',', '(', ' ']).next())
        .collect()
}
