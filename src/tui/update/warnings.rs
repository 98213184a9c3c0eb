//! What a save leaves for patients not to see, told at once: the save stands, and each fault leads to
//! the card and the field that mend it.

use crate::domain::{Finding, Severity, check};
use crate::texts::{finding, finding_subject};
use crate::tui::dialogs::{Choice, Entry, Menu, Overlay};
use crate::tui::model::{Model, Status};
use crate::tui::settings::{
    BeforeSaving, Card, Destination, Entity, EntityId, Level, entity, lacks_for_card,
    lacks_for_section, mended_at,
};
use crate::tui::theme::Role;

/// The faults there are now.
fn faults(model: &Model) -> Vec<Finding> {
    let mut found = check(&model.setup, &model.users, model.now.date());
    found.retain(|finding| finding.severity() == Severity::Fault);
    found
}

/// Takes note of what was saved, and of the faults there were before.
pub(super) fn remember(model: &Model, saved: &EntityId) -> BeforeSaving {
    BeforeSaving { saved: saved.clone(), faults: faults(model) }
}

/// What was saved has been loaded: tells of its faults, and of those that it has made elsewhere.
pub(super) fn tell(model: &mut Model, before: &BeforeSaving) {
    let mut found = faults(model);
    found.retain(|finding| {
        entity(&finding.subject).as_ref() == Some(&before.saved) || !before.faults.contains(finding)
    });
    if found.is_empty() {
        return;
    }
    let language = model.language;
    let texts = model.form_texts();
    let at_the_list = match model.overlays.last() {
        Some(Overlay::Settings(settings)) => matches!(settings.level, Level::Entities),
        _ => false,
    };
    if !at_the_list {
        // Whoever has begun on something else is not interrupted in it.
        let text = texts.warned_title.to_owned();
        model.status = Some(Status { text, role: Role::Warning });
        return;
    }
    let notes = found.iter().map(|it| {
        let subject = finding_subject(language, &it.subject, &model.setup);
        format!("{}  {subject}: {}", it.rule(), finding(language, it, &model.setup))
    });
    let notes = notes.collect();
    let mut entries: Vec<Entry> = found.iter().map(|it| entry(model, it)).collect();
    entries.push(Entry::new(Choice::Close, texts.warned_leave));
    let menu = Menu::new(texts.warned_title, entries, model.texts().no_entries).noting(notes);
    model.overlays.push(Overlay::Menu(menu));
}

/// `Rätta: Bokningsmallslistor › E-tidbok › Mallar i listan`.
fn entry(model: &Model, found: &Finding) -> Entry {
    let texts = model.form_texts();
    let to = mended_at(&model.setup, found);
    let (section, stored, field) = match &to {
        Destination::Section(section) | Destination::New(section) => (*section, None, None),
        Destination::Field(section, field) => (*section, None, Some(*field)),
        Destination::Card(section, id, field) => (*section, Entity::stored(model, id), *field),
    };
    let lacks = match &stored {
        Some(entity) => lacks_for_card(model, section, entity),
        None => lacks_for_section(model, section),
    };
    let mut parts = vec![section.words(texts).name.to_owned()];
    parts.extend(stored.as_ref().map(|entity| entity.name(model)));
    let card =
        stored.map_or_else(|| Card::new(model, section), |entity| Card::of(model, section, entity));
    let field = card.form.fields().iter().find(|it| Some(it.key) == field);
    parts.extend(field.map(|field| field.label.to_owned()));
    let text = format!("{} {}", texts.warned_mend, parts.join(" › "));
    Entry::new(Choice::Setting(Box::new(to)), text).disabled(lacks)
}
