//! Going straight to a place in the settings: a section, a card, a field of one.

use crate::tui::dialogs::{Menu, Overlay};
use crate::tui::message::Effect;
use crate::tui::model::{Model, Status};
use crate::tui::settings::{
    Card, Destination, Entity, EntityId, Key, Level, Section, Settings, Shelf, entities,
    lacks_for_card, rows,
};
use crate::tui::theme::Role;

/// Goes there. A field of a card that is still to be chosen asks for which.
pub(super) fn go(model: &mut Model, to: Destination) -> Vec<Effect> {
    match to {
        Destination::Section(section) => match only(model, section) {
            Some(id) if section.shelf() == Shelf::Kept => card(model, section, &id, None),
            _ => at(model, section, Level::Entities),
        },
        Destination::New(section) => {
            let card = Card::new(model, section);
            at(model, section, Level::Card(Box::new(card)))
        }
        Destination::Card(section, id, field) => card(model, section, &id, field),
        Destination::Field(section, field) => match only(model, section) {
            Some(id) => card(model, section, &id, Some(field)),
            None => ask_which(model, section, field),
        },
    }
}

/// What is in a section, if it is only one.
fn only(model: &Model, section: Section) -> Option<EntityId> {
    let mut rows = rows(model, section).into_iter();
    let first = rows.next()?;
    rows.next().is_none().then_some(first.id)
}

/// The settings at a section.
fn at(model: &mut Model, section: Section, level: Level) -> Vec<Effect> {
    model.marking = None;
    if model.settings().is_none() {
        model.overlays.push(Overlay::Settings(Box::new(Settings::new())));
    }
    if let Some(settings) = model.settings_mut() {
        settings.section = section;
        settings.start_over();
        settings.go(level);
    }
    Vec::new()
}

/// The card of an entity, which is selected in the list below.
fn card(model: &mut Model, section: Section, id: &EntityId, field: Option<Key>) -> Vec<Effect> {
    let Some(entity) = Entity::stored(model, id) else { return Vec::new() };
    if let Some(text) = lacks_for_card(model, section, &entity) {
        model.status = Some(Status { text, role: Role::Warning });
        return at(model, section, Level::Entities);
    }
    let selected = rows(model, section).iter().position(|row| row.id == *id).unwrap_or(0);
    let mut card = Card::of(model, section, entity);
    if let Some(field) = field {
        card.form.focus_on(field);
    }
    let effects = at(model, section, Level::Card(Box::new(card)));
    if let Some(settings) = model.settings_mut() {
        settings.selected = selected;
    }
    effects
}

/// Lists what is in the section; where nothing is, the section itself says what to do.
fn ask_which(model: &mut Model, section: Section, field: Key) -> Vec<Effect> {
    let entries = entities(model, section, Some(field));
    if entries.is_empty() {
        return at(model, section, Level::Entities);
    }
    let form = Card::new(model, section).form;
    let label = form.fields().iter().find(|it| it.key == field).map_or("", |it| it.label);
    let texts = model.form_texts();
    let title = format!("{} › {label}", section.words(texts).name);
    let menu = Menu::new(title, entries, model.texts().no_entries);
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}
