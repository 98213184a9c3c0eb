//! The example clinic in a database of its own, and consoles on it.

use std::rc::Rc;
use std::sync::Arc;

use tidbok::clinic::{Clinic, RevisionScope, new_command_id};
use tidbok::domain::{Actor, CivilTime, Setup};
use tidbok::store::{ImportMode, OpenMode, Store};
use tidbok::texts::Language;
use tidbok::tui::keymap::Keymap;
use tidbok::tui::{Access, Options, Palette, Preferences, Purpose, Symbols};
use tokio::runtime::Runtime;

use crate::common::console::Console;
use crate::support::engine::database_in;
use crate::support::example;

/// Room for the longest card as a whole.
const SIZE: (u16, u16) = (140, 60);

/// When everything happens.
const NOW: &str = "2026-11-23T12:00";

/// The place of sections in the menu.
pub const TEMPLATES: usize = 1;
pub const PREBLOCK_LISTS: usize = 3;
pub const CATEGORIES: usize = 4;

/// A console on the example clinic.
pub struct Desk {
    pub console: Console,
    clinic: Clinic,
    runtime: Rc<Runtime>,
    folder: Rc<tempfile::TempDir>,
}

impl Desk {
    /// With a database of its own.
    pub fn open() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let runtime = runtime();
        let clinic = runtime.block_on(async {
            let location = database_in(folder.path());
            let store = Store::open(&location, OpenMode::Create).await.expect("a database");
            let clinic = Clinic::new(store);
            let (mode, id) = (ImportMode::IntoEmpty, new_command_id());
            clinic
                .import(&Actor::System, id, &example(), mode)
                .await
                .expect("the example is imported");
            clinic
        });
        Self { console: console(&runtime, &clinic), clinic, runtime, folder: Rc::new(folder) }
    }

    /// A second console on the same clinic.
    pub fn beside(&self) -> Self {
        let (clinic, folder) = (self.clinic.clone(), Rc::clone(&self.folder));
        let runtime = Rc::clone(&self.runtime);
        Self { console: console(&runtime, &clinic), clinic, runtime, folder }
    }

    /// Goes to a section's list.
    pub fn section(&mut self, section: usize) {
        self.console.keys("I");
        for _ in 0..section {
            self.console.keys("<Down>");
        }
        self.console.keys("<Enter>");
    }

    /// The label of the field that has the focus.
    pub fn focused(&self) -> String {
        let screen = self.console.screen();
        let line = screen.lines().find_map(|line| line.split_once('▶'));
        let (_, field) = line.unwrap_or_else(|| panic!("no field has the focus:\n{screen}"));
        field.chars().skip(1).take(18).collect::<String>().trim().to_owned()
    }

    pub fn retype(&mut self, text: &str) {
        self.console.keys("<C-u>").paste(text);
    }

    /// What is said at a field: the lines from it to the next field or the end of the card.
    pub fn said_at(&self, label: &str) -> String {
        let screen = self.console.screen();
        let lines = screen.lines().skip_while(|line| !line.contains(&format!("▶ {label}")));
        let card = lines.map(|line| line.split_once('│').map_or("", |(_, card)| card));
        let own = card.enumerate().take_while(|(at, line)| *at == 0 || line.starts_with("       "));
        own.map(|(_, line)| line.trim()).collect::<Vec<_>>().join(" ")
    }

    /// The set-up as it is stored.
    pub fn setup(&self) -> Arc<Setup> {
        self.runtime.block_on(self.clinic.setup()).expect("the store answers")
    }

    pub fn settings_revision(&self) -> u64 {
        let revisions = self.runtime.block_on(self.clinic.revisions()).expect("the store answers");
        revisions.get(&RevisionScope::Settings)
    }

    /// Leaves the card, dropping what was typed if anything was.
    pub fn drop_card(&mut self) {
        self.console.keys("<Esc>");
        if self.console.screen().contains("Lämna utan att spara?") {
            self.console.keys("2");
        }
        assert!(!self.console.screen().contains('▶'), "the card is left");
    }
}

fn now() -> CivilTime {
    NOW.parse().expect("a time")
}

fn runtime() -> Rc<Runtime> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Rc::new(runtime.expect("a runtime"))
}

fn console(runtime: &Rc<Runtime>, clinic: &Clinic) -> Console {
    let options = Options {
        actor: Actor::System,
        language: Language::Swedish,
        palette: Palette::TrueColor,
        symbols: Symbols::Unicode,
        preferences: Preferences::default(),
        keymap: Keymap::default(),
        purpose: Purpose::Clinic,
        access: Access::default(),
        practitioner: None,
        command_ids: Box::new(new_command_id),
    };
    Console::open(Rc::clone(runtime), clinic.clone(), options, now(), SIZE)
}
