//! The settings screen: going about in it, from section to entity to card, and what is done to an entity
//! as a whole. Filling in and saving a card is `card.rs`'s.

use crossterm::event::KeyEvent;

use crate::clinic::Command;
use crate::domain::SignIn;
use crate::tui::actions::Action;
use crate::tui::dialogs::{Choice, Entry, Menu, Overlay, Previewed, edit, paste};
use crate::tui::disabled::disabled;
use crate::tui::message::Effect;
use crate::tui::model::Model;
use crate::tui::settings::{
    Card, Entity, EntityId, Key, Leading, Level, Searching, Section, Settings, Shelf, command,
    fault_texts, next_step, shut_out, used_by,
};
use crate::tui::theme::Role;

use super::{card, change, password, say, warnings};

/// Opens the settings at their first section.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    model.marking = None;
    model.overlays.push(Overlay::Settings(Box::new(Settings::new())));
    Vec::new()
}

/// Leads through what a new clinic lacks, card by card.
pub(super) fn lead(model: &mut Model) -> Vec<Effect> {
    model.overlays.push(Overlay::Settings(Box::new(Settings::new())));
    lead_on(model)
}

/// The card of the next step; when there is none, the week.
fn lead_on(model: &mut Model) -> Vec<Effect> {
    let Some(section) = next_step(model) else {
        model.overlays.retain(|overlay| !matches!(overlay, Overlay::Settings(_)));
        let text = model.form_texts().first_done.to_owned();
        return say(model, text, Role::Plain);
    };
    let shut_out = shut_out(model).filter(|_| section == Section::Users).cloned();
    if let Some(signature) = &shut_out
        && model.access.sign_in == SignIn::Password
    {
        if let Some(settings) = model.settings_mut() {
            (settings.leading, settings.section) = (Leading::Yes, section);
            settings.go(Level::Entities);
        }
        return password::open_for(model, signature.clone());
    }
    let card = match shut_out.and_then(|it| Entity::stored(model, &EntityId::User(it))) {
        Some(user) => {
            let mut card = Card::of(model, section, user);
            card.form.focus_on(Key::OsAccount);
            card
        }
        None => Card::new(model, section),
    };
    if let Some(settings) = model.settings_mut() {
        settings.leading = Leading::Yes;
        settings.section = section;
        settings.go(Level::Card(Box::new(card)));
    }
    Vec::new()
}

/// An action, with how far it moves; one that is grey says why instead.
pub(super) fn perform(model: &mut Model, action: Action, steps: isize) -> Vec<Effect> {
    if let Some(reason) = disabled(model, action) {
        return say(model, reason, Role::Warning);
    }
    let Some(settings) = model.settings_mut() else { return Vec::new() };
    match &mut settings.level {
        Level::Card(_) => return card::perform(model, action, steps),
        _ if settings.searching == Searching::Yes => {
            search(settings, action);
            return Vec::new();
        }
        Level::Sections => {
            settings.section = settings.section.step(steps);
        }
        Level::Entities => {}
    }
    match action {
        Action::Cancel => leave(model),
        Action::Open => enter(model),
        Action::New => {
            if let Some(section) = model.settings().map(|settings| settings.section) {
                let card = Card::new(model, section);
                show(model, card);
            }
            Vec::new()
        }
        Action::Copy => copy(model),
        Action::Shelve => ask_to_shelve(model),
        Action::Password => password::open_selected(model),
        Action::Search => {
            if let Some(settings) = model.settings_mut() {
                settings.searching = Searching::Yes;
            }
            Vec::new()
        }
        Action::Undo => change::undo(model),
        Action::Redo => change::redo(model),
        _ => {
            select_by(model, steps);
            Vec::new()
        }
    }
}

/// Enter keeps the search, Esc drops it.
fn search(settings: &mut Settings, action: Action) {
    if action == Action::Cancel {
        settings.start_over();
    }
    settings.searching = Searching::No;
}

fn select_by(model: &mut Model, steps: isize) {
    let Some(settings) = model.settings() else { return };
    if !matches!(settings.level, Level::Entities) {
        return;
    }
    let last = settings.rows(model).len().saturating_sub(1);
    if let Some(settings) = model.settings_mut() {
        settings.selected = settings.selected.saturating_add_signed(steps).min(last);
    }
}

/// One step out: from the entities to the sections, from those to the week.
fn leave(model: &mut Model) -> Vec<Effect> {
    match model.settings_mut() {
        Some(settings) if matches!(settings.level, Level::Entities) => {
            settings.go(Level::Sections);
            settings.start_over();
        }
        _ => {
            model.overlays.retain(|overlay| !matches!(overlay, Overlay::Settings(_)));
        }
    }
    Vec::new()
}

/// One step in: from the sections to the entities, from those to a card.
fn enter(model: &mut Model) -> Vec<Effect> {
    let Some(settings) = model.settings_mut() else { return Vec::new() };
    if matches!(settings.level, Level::Sections) {
        settings.start_over();
        settings.go(Level::Entities);
        return Vec::new();
    }
    if let Some((section, entity)) = selected(model) {
        let card = Card::of(model, section, entity);
        show(model, card);
    }
    Vec::new()
}

/// The selected entity as it is stored.
fn selected(model: &Model) -> Option<(Section, Entity)> {
    let settings = model.settings()?;
    let row = settings.row(model)?;
    Some((settings.section, Entity::stored(model, &row.id)?))
}

fn copy(model: &mut Model) -> Vec<Effect> {
    let Some((section, entity)) = selected(model) else { return Vec::new() };
    match Card::copy(model, section, &entity) {
        Some(card) => {
            show(model, card);
            Vec::new()
        }
        None => {
            let text = model.form_texts().cannot_copy.to_owned();
            say(model, text, Role::Warning)
        }
    }
}

/// Puts a card on the settings screen.
pub(super) fn show(model: &mut Model, card: Card) {
    if let Some(settings) = model.settings_mut() {
        settings.go(Level::Card(Box::new(card)));
    }
}

/// Asks before something is deactivated, activated or removed, saying what that does.
fn ask_to_shelve(model: &mut Model) -> Vec<Effect> {
    let Some((section, entity)) = selected(model) else { return Vec::new() };
    let Some(row) = model.settings().and_then(|settings| settings.row(model)) else {
        return Vec::new();
    };
    let texts = model.form_texts();
    let words = section.words(texts);
    let (title, yes, note, after) = match (section.shelf(), row.active) {
        (Shelf::Deactivated, true) => (
            texts.deactivate_title(&row.text),
            texts.deactivate_yes,
            Some(words.gone),
            entity.clone().with_active(false),
        ),
        (Shelf::Deactivated, false) => (
            texts.activate_title(&row.text),
            texts.activate_yes,
            None,
            entity.clone().with_active(true),
        ),
        (Shelf::Removed | Shelf::Kept, _) => {
            (texts.remove_title(&row.text), texts.remove_yes, Some(words.gone), None)
        }
    };
    let used_by = if after.is_none() { used_by(model, &entity) } else { Vec::new() };
    let Some(command) = command(Some(entity), after) else { return Vec::new() };
    let in_use = in_use(model, &command).filter(|_| !used_by.is_empty());
    let note = note.filter(|_| in_use.is_none()).map(str::to_owned);
    let counted = match &command {
        Command::ChangeSetting(change) if change.concerns_times() && in_use.is_none() => {
            Some(command.clone())
        }
        _ => None,
    };
    let entries = vec![
        Entry::new(Choice::Close, texts.keep),
        Entry::new(Choice::Run(Box::new(command)), yes).disabled(in_use),
    ];
    let notes = note.into_iter().chain(used_by).collect();
    let menu = Menu::new(title, entries, model.texts().no_entries).noting(notes);
    let asked = counted.map(|command| (model.requests.next(), command));
    let effect = asked.as_ref().map_or(Previewed::Nothing, |it| Previewed::Waiting(it.0));
    model.overlays.push(Overlay::Menu(Menu { effect, ..menu }));
    let preview = asked.map(|(request, command)| Effect::Preview { request, command });
    preview.into_iter().collect()
}

/// What the rules have against removing something, as the reason why it can't be.
fn in_use(model: &Model, command: &Command) -> Option<String> {
    fault_texts(model, command).elsewhere.into_iter().next()
}

/// A key that is no command: typed into the search or the focused field.
pub(super) fn key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let Some(settings) = model.settings_mut() else { return Vec::new() };
    if settings.searching == Searching::Yes {
        edit(&mut settings.search, key);
        settings.selected = 0;
        return Vec::new();
    }
    card::edit(model, |card| card.form.press(key))
}

/// A text was pasted into the search or the focused field.
pub(super) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(settings) = model.settings_mut() else { return Vec::new() };
    if settings.searching == Searching::Yes {
        paste(&mut settings.search, text);
        settings.selected = 0;
        return Vec::new();
    }
    card::edit(model, |card| card.form.paste(text))
}

/// What is selected in the list of a section.
pub(super) fn selected_id(model: &Model) -> Option<EntityId> {
    model.settings()?.row(model).map(|row| row.id)
}

/// The set-up has arrived: selects what was saved or leads on from it, else what was selected before;
/// and shows what differs where somebody was first.
pub(super) fn set_up(model: &mut Model, selected: Option<EntityId>) {
    let to_select = model.settings_mut().and_then(|settings| settings.to_select.take());
    let to_check = model.settings_mut().and_then(|settings| settings.to_check.take());
    let leading = model.settings().is_some_and(|settings| settings.leading == Leading::Yes);
    if leading && to_select.is_some() {
        lead_on(model);
        return;
    }
    if let Some(id) = to_select.or(selected) {
        let rows = model.settings().map_or_else(Vec::new, |settings| settings.rows(model));
        if let Some(at) = rows.iter().position(|row| row.id == id)
            && let Some(settings) = model.settings_mut()
        {
            settings.selected = at;
        }
    }
    select_by(model, 0);
    if let Some(before) = to_check {
        warnings::tell(model, &before);
    }
    let Some(card) = model.settings_mut().and_then(Settings::card_mut) else { return };
    if let Some(conflict) = card.conflict.take() {
        card.error = None;
        card::ask_about(model, &conflict);
    }
}
