//! Every place of the settings by name: sections, what is in them, and the fields of their cards; with
//! the words that each is found by. Pure.

use crate::domain::Permission;
use crate::texts::{Language, permission_name};
use crate::tui::dialogs::{Choice, Entry};
use crate::tui::model::Model;

use super::{Card, Entity, EntityId, Key, Section, Shelf, lacks_for_card, lacks_for_section, rows};

/// Between what it is and where it is: the first is what must not be cut.
const IN: &str = " · ";

/// A place in the settings.
#[derive(Clone, PartialEq, Eq)]
pub enum Destination {
    Section(Section),
    /// The card of something new.
    New(Section),
    /// A card, with the focus on a field.
    Card(Section, EntityId, Option<Key>),
    /// A field of a card that is still to be chosen.
    Field(Section, Key),
}

/// All places, in the order of the sections.
pub fn directory(model: &mut Model) -> Vec<Entry> {
    let shown = model.language;
    // Whatever the screens are in, the words of every language lead there.
    let words = Language::ALL.map(|language| {
        model.language = language;
        named(model).into_iter().map(|place| place.words).collect::<Vec<_>>()
    });
    model.language = shown;
    let mut entries = Vec::new();
    for (at, place) in named(model).into_iter().enumerate() {
        let section = place.section;
        let begins = matches!(place.to, Destination::Section(_));
        if begins && let Some(before) = previous(section) {
            entries.extend(entities(model, before, None));
        }
        let words: Vec<&str> =
            words.iter().filter_map(|all| all.get(at)).map(String::as_str).collect();
        entries.push(
            Entry::new(Choice::Setting(Box::new(place.to)), place.text)
                .right(place.right)
                .found_by(&words.join(" "))
                .disabled(place.locked),
        );
    }
    entries.extend(Section::ALL.last().into_iter().flat_map(|last| entities(model, *last, None)));
    entries
}

fn previous(section: Section) -> Option<Section> {
    let before = section.step(-1);
    (before != section).then_some(before)
}

/// What is in a section, each leading to its card; without the section's name where a field is chosen
/// already.
pub fn entities(model: &Model, section: Section, field: Option<Key>) -> Vec<Entry> {
    // The only one stands for its section.
    if section.shelf() == Shelf::Kept && field.is_none() {
        return Vec::new();
    }
    let texts = model.form_texts();
    let name = section.words(texts).name;
    let manual = section.manual();
    rows(model, section)
        .into_iter()
        .map(|row| {
            let text = match field {
                Some(_) => row.text,
                None => format!("{}{IN}{name}", row.text),
            };
            let lacks = Entity::stored(model, &row.id)
                .and_then(|entity| lacks_for_card(model, section, &entity));
            let right = if row.active { row.right } else { texts.inactive.to_owned() };
            let to = Destination::Card(section, row.id, field);
            Entry::new(Choice::Setting(Box::new(to)), text)
                .right(right)
                .found_by(&manual)
                .disabled(lacks)
        })
        .collect()
}

/// A place that has its name from the texts.
struct Named {
    section: Section,
    to: Destination,
    text: String,
    right: &'static str,
    words: String,
    locked: Option<String>,
}

/// Sections, something new in each, and the fields of their cards.
fn named(model: &Model) -> Vec<Named> {
    Section::ALL.into_iter().flat_map(|section| named_in(model, section)).collect()
}

fn named_in(model: &Model, section: Section) -> Vec<Named> {
    let texts = model.form_texts();
    let words = section.words(texts);
    let (name, manual) = (words.name, section.manual());
    let lacks = lacks_for_section(model, section);
    let mut all = vec![Named {
        section,
        to: Destination::Section(section),
        text: name.to_owned(),
        right: texts.settings,
        words: format!("{name} {manual} {}", words.help),
        locked: None,
    }];
    if section.shelf() != Shelf::Kept {
        all.push(Named {
            section,
            to: Destination::New(section),
            text: format!("{}{IN}{name}", texts.new),
            right: texts.settings,
            words: format!("{name} {} {manual}", texts.new),
            locked: lacks.clone(),
        });
    }
    // A company's card tells itself which of its fields who may do what with (R17).
    let pauses = section == Section::Companies && model.may(Permission::OnlineEdit);
    let lacks = lacks.filter(|_| !pauses);
    let form = Card::new(model, section).form;
    all.extend(form.fields().iter().map(|field| Named {
        section,
        to: Destination::Field(section, field.key),
        text: format!("{}{IN}{name}", field.label),
        right: texts.settings,
        words: format!(
            "{name} {} {} {manual} {}",
            field.label,
            field.help,
            values(model.language, field.key)
        ),
        locked: lacks.clone().or_else(|| field.locked.clone()),
    }));
    all
}

/// What can be chosen in a field, where people look for that rather than for the field.
fn values(language: Language, key: Key) -> String {
    if key != Key::Permissions {
        return String::new();
    }
    let names = Permission::ALL.iter().map(|each| permission_name(language, *each));
    names.collect::<Vec<_>>().join(" ")
}
