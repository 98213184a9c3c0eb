//! The settings screen: its sections, the entities in them, and the card that is filled in. State
//! only. Pure.

mod card;
mod clinic_wide;
mod directory;
mod entity;
mod first;
mod ids;
mod key;
mod lists;
mod mending;
mod preblock_types;
mod registers;
mod saving;
mod section;
mod templates;
mod users;
mod uses;
mod words;

pub use card::{Card, Conflict, lacks_for_card, lacks_for_entity, lacks_for_section};
pub use directory::{Destination, directory, entities};
pub use entity::{Entity, EntityId, Row, rows};
pub use first::{STEPS, is_done, is_new_clinic, next_step, shut_out};
pub use ids::id_from_name;
pub use key::{Key, Value};
pub use mending::{entity, mended_at};
pub use saving::{WordedFaults, command, differences, fault_texts, faults_in_words};
pub use section::{Section, Shelf};
pub use uses::used_by;
pub use words::{in_words, shown};

use tui_input::Input;

use crate::domain::Finding;

use super::form::{Form, FormField};
use super::model::Model;

/// A form of the settings screen.
pub type CardForm = Form<Key, Value>;
/// A field of such a form.
pub type CardField = FormField<Key, Value>;
/// What is wrong with a card, in words, each with its field.
pub type Faults = Vec<(Key, String)>;

/// How far into the settings somebody has gone.
pub enum Level {
    /// Choosing a section.
    Sections,
    /// Choosing an entity of the section.
    Entities,
    /// Filling in a card.
    Card(Box<Card>),
}

/// Whether what is typed searches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Searching {
    No,
    Yes,
}

/// Whether the screen leads from one card to the next, as in a new clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leading {
    No,
    Yes,
}

/// What was saved, and the faults that the set-up had before.
pub struct BeforeSaving {
    pub saved: EntityId,
    pub faults: Vec<Finding>,
}

/// The settings screen.
pub struct Settings {
    pub leading: Leading,
    pub section: Section,
    pub level: Level,
    pub search: Input,
    pub searching: Searching,
    /// Index among the entities that match the search.
    pub selected: usize,
    /// What is to be selected once it is there.
    pub to_select: Option<EntityId>,
    /// What has been saved and is to be looked over once it is there.
    pub to_check: Option<BeforeSaving>,
}

impl Settings {
    /// At its first section.
    pub fn new() -> Self {
        Self {
            leading: Leading::No,
            section: Section::PreblockTypes,
            level: Level::Sections,
            search: Input::default(),
            searching: Searching::No,
            selected: 0,
            to_select: None,
            to_check: None,
        }
    }

    /// The card that is being filled in.
    pub fn card(&self) -> Option<&Card> {
        match &self.level {
            Level::Card(card) => Some(card),
            Level::Sections | Level::Entities => None,
        }
    }

    /// The card that is being filled in, to change it.
    pub fn card_mut(&mut self) -> Option<&mut Card> {
        match &mut self.level {
            Level::Card(card) => Some(card),
            Level::Sections | Level::Entities => None,
        }
    }

    /// The entities of the section that match the search, in Swedish order.
    pub fn rows(&self, model: &Model) -> Vec<Row> {
        let typed = crate::domain::swedish::loose_key(self.search.value());
        let mut rows = entity::rows(model, self.section);
        rows.retain(|row| crate::domain::swedish::loose_key(&row.text).contains(&typed));
        rows
    }

    /// The selected row.
    pub fn row(&self, model: &Model) -> Option<Row> {
        self.rows(model).into_iter().nth(self.selected)
    }

    /// Goes into a section, or out to the choice of sections.
    pub fn go(&mut self, level: Level) {
        self.level = level;
        self.searching = Searching::No;
    }

    /// Forgets search and selection, as in a section that has just been entered.
    pub fn start_over(&mut self) {
        self.search.reset();
        self.selected = 0;
    }
}
