//! The settings screen: going about in it, filling in cards, saving them, and what to do when somebody
//! else was first.

use crossterm::event::KeyEvent;

use crate::clinic::{ClinicError, Refusal};
use crate::domain::SignIn;
use crate::tui::actions::{Action, disabled};
use crate::tui::dialogs::{Choice, Entry, Menu, Overlay, edit, paste};
use crate::tui::history::Outgoing;
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::{Model, Status};
use crate::tui::settings::{
    Card, Conflict, Entity, EntityId, Key, Leading, Level, Searching, Section, Settings, Shelf,
    WordedFaults, command, differences, fault_texts, next_step, shut_out,
};
use crate::tui::theme::Role;

use super::{ask_to_leave, change, password, warnings};

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
        Level::Card(_) => return on_card(model, action, steps),
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

fn say(model: &mut Model, text: String, role: Role) -> Vec<Effect> {
    model.status = Some(Status { text, role });
    Vec::new()
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

fn show(model: &mut Model, card: Card) {
    if let Some(settings) = model.settings_mut() {
        settings.go(Level::Card(Box::new(card)));
    }
}

/// Asks before something is deactivated, activated or removed, saying what that does.
fn ask_to_shelve(model: &mut Model) -> Vec<Effect> {
    let Some((section, entity)) = selected(model) else { return Vec::new() };
    let texts = model.form_texts();
    let Some(row) = model.settings().and_then(|settings| settings.row(model)) else {
        return Vec::new();
    };
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
    let Some(command) = command(Some(entity), after) else { return Vec::new() };
    let entries = vec![
        Entry::new(Choice::Close, texts.keep),
        Entry::new(Choice::Run(Box::new(command)), yes),
    ];
    let notes = note.into_iter().map(str::to_owned).collect();
    let menu = Menu::new(title, entries, model.texts().no_entries).noting(notes);
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

/// A key that is no command: typed into the search or the focused field.
pub(super) fn key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let Some(settings) = model.settings_mut() else { return Vec::new() };
    if settings.searching == Searching::Yes {
        edit(&mut settings.search, key);
        settings.selected = 0;
        return Vec::new();
    }
    edit_card(model, |card| card.form.press(key))
}

/// A text was pasted into the search or the focused field.
pub(super) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(settings) = model.settings_mut() else { return Vec::new() };
    if settings.searching == Searching::Yes {
        paste(&mut settings.search, text);
        settings.selected = 0;
        return Vec::new();
    }
    edit_card(model, |card| card.form.paste(text))
}

/// Edits the card, unless it is being saved; a field that can't be changed says why.
fn edit_card(model: &mut Model, edit: impl FnOnce(&mut Card) -> Result<(), String>) -> Vec<Effect> {
    let saving = model.form_texts().saving;
    let Some(card) = model.settings_mut().and_then(Settings::card_mut) else { return Vec::new() };
    if card.saving.is_some() {
        return say(model, saving.to_owned(), Role::Plain);
    }
    let edited = edit(card);
    refresh(model);
    match edited {
        Ok(()) => Vec::new(),
        Err(reason) => say(model, reason, Role::Warning),
    }
}

/// Makes choices that depend on others anew.
fn refresh(model: &mut Model) {
    let Some(mut settings) = take(model) else { return };
    if let Some(card) = settings.card_mut() {
        card.refresh(model);
    }
    put_back(model, settings);
}

/// Takes the settings screen on top out of the model, so that it can be changed by what the model
/// knows.
fn take(model: &mut Model) -> Option<Box<Settings>> {
    match model.overlays.pop() {
        Some(Overlay::Settings(settings)) => Some(settings),
        Some(other) => {
            model.overlays.push(other);
            None
        }
        None => None,
    }
}

fn put_back(model: &mut Model, settings: Box<Settings>) {
    model.overlays.push(Overlay::Settings(settings));
}

fn on_card(model: &mut Model, action: Action, steps: isize) -> Vec<Effect> {
    if action == Action::Cancel {
        return leave_card(model);
    }
    if action == Action::Save {
        return save(model);
    }
    let Some(card) = model.settings_mut().and_then(Settings::card_mut) else { return Vec::new() };
    match action {
        Action::NextField | Action::Accept => card.form.step(1),
        Action::PreviousField => card.form.step(-1),
        _ => card.form.step_within(steps),
    }
    Vec::new()
}

/// Leaves the card, asking first where something was edited; the harmless answer comes first.
fn leave_card(model: &mut Model) -> Vec<Effect> {
    let edited = model.overlays.last().is_some_and(Overlay::is_unsaved);
    if !edited {
        return drop_card(model);
    }
    ask_to_leave(model, Choice::DropCard)
}

/// Leaves the card without saving.
pub(super) fn drop_card(model: &mut Model) -> Vec<Effect> {
    if let Some(settings) = model.settings_mut() {
        settings.leading = Leading::No;
        settings.go(Level::Entities);
    }
    Vec::new()
}

/// Saves the card; what is wrong stands at its field, and what was typed is kept.
fn save(model: &mut Model) -> Vec<Effect> {
    let Some(mut settings) = take(model) else { return Vec::new() };
    let effects = match settings.card_mut() {
        Some(card) if card.saving.is_none() => send(model, card),
        _ => Vec::new(),
    };
    put_back(model, settings);
    effects
}

fn send(model: &mut Model, card: &mut Card) -> Vec<Effect> {
    card.error = None;
    if card.before.is_some() && !card.form.is_edited() {
        let text = model.form_texts().nothing_edited.to_owned();
        return say(model, text, Role::Plain);
    }
    let (entity, unreadable) = card.read(model);
    let command = entity.and_then(|entity| command(card.before.clone(), Some(entity)));
    let mut faults =
        command.as_ref().map_or_else(WordedFaults::default, |command| fault_texts(model, command));
    faults.at_fields.splice(0..0, unreadable);
    if !faults.is_empty() {
        show_faults(card, faults);
        return Vec::new();
    }
    let Some(command) = command else { return Vec::new() };
    let (request, effects) = change::send(model, Outgoing::Run(Box::new(command)));
    card.saving = Some(request);
    effects
}

fn show_faults(card: &mut Card, faults: WordedFaults) {
    let homeless = card.form.show_faults(faults.at_fields);
    let told: Vec<String> = faults.elsewhere.into_iter().chain(homeless).collect();
    card.error = (!told.is_empty()).then(|| told.join(" "));
}

/// Closes the card that the request has saved, with what was saved selected.
pub(super) fn saved(model: &mut Model, request: RequestId) {
    let saves = |card: &Card| card.saving == Some(request);
    let Some(card) = model.settings().and_then(Settings::card).filter(|card| saves(card)) else {
        return;
    };
    let saved = card.read(model).0.map(|entity| entity.id());
    let to_check = saved.as_ref().map(|id| warnings::remember(model, id));
    if let Some(settings) = model.settings_mut() {
        settings.search.reset();
        settings.go(Level::Entities);
        settings.to_select = saved;
        settings.to_check = to_check;
    }
}

/// The card's command was refused: says why on the card. Answers whether there is such a card.
pub(super) fn refused(model: &mut Model, request: RequestId, error: &ClinicError) -> Refused {
    let text = crate::texts::clinic_error(model.language, error, &model.setup);
    let faults = match error {
        ClinicError::Refused(Refusal::Faults(faults)) => {
            crate::tui::settings::faults_in_words(model, faults)
        }
        _ => WordedFaults::default(),
    };
    let card = model.settings_mut().and_then(Settings::card_mut);
    let Some(card) = card.filter(|card| card.saving == Some(request)) else {
        return Refused::Elsewhere;
    };
    card.saving = None;
    match error {
        ClinicError::Refused(Refusal::ChangedMeanwhile { who, when }) => {
            match &card.before {
                Some(_) => card.conflict = Some(Conflict { who: who.clone(), when: *when }),
                // Somebody added another with the same id: saved again, this one gets its own.
                None => card.error = Some(text),
            }
            Refused::Behind
        }
        _ if !faults.is_empty() => {
            show_faults(card, faults);
            Refused::OnCard
        }
        _ => {
            card.error = Some(text);
            Refused::OnCard
        }
    }
}

/// Where a refusal belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It came from no card.
    Elsewhere,
    OnCard,
    /// Somebody else was first: what they saved must be loaded.
    Behind,
}

/// The card whose command waited behind one that failed may be saved again.
pub(super) fn release(model: &mut Model) {
    let never_sent = model.texts().never_sent;
    let waiting = model.settings().and_then(Settings::card).and_then(|card| card.saving);
    if waiting.is_none_or(|request| model.history.holds(request)) {
        return;
    }
    if let Some(card) = model.settings_mut().and_then(Settings::card_mut) {
        card.saving = None;
        card.error = Some(never_sent.to_owned());
    }
}

/// The set-up has arrived: selects what was saved or leads on from it, and shows what differs where
/// somebody was first.
pub(super) fn set_up(model: &mut Model) {
    let to_select = model.settings_mut().and_then(|settings| settings.to_select.take());
    let to_check = model.settings_mut().and_then(|settings| settings.to_check.take());
    let leading = model.settings().is_some_and(|settings| settings.leading == Leading::Yes);
    if leading && to_select.is_some() {
        lead_on(model);
        return;
    }
    if let Some(id) = to_select {
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
    let card = model.settings_mut().and_then(Settings::card_mut);
    if let Some(conflict) = card.and_then(|card| card.conflict.take()) {
        ask_about(model, &conflict);
    }
}

/// Shows field by field what differs, and lets the user choose; the harmless answer comes first.
fn ask_about(model: &mut Model, conflict: &Conflict) {
    let Some(card) = model.settings().and_then(Settings::card) else { return };
    let texts = model.form_texts();
    let theirs = theirs(model, card);
    let (mut notes, mine, drop) = match &theirs {
        Some(_) => (
            vec![texts.changed_by(&conflict.who, conflict.when)],
            texts.conflict_mine,
            texts.conflict_theirs,
        ),
        None => (
            vec![texts.removed_by(&conflict.who, conflict.when)],
            texts.conflict_mine_removed,
            texts.conflict_theirs_removed,
        ),
    };
    if let Some(theirs) = theirs {
        notes.extend(differences(model, card, theirs));
    }
    let entries = vec![
        Entry::new(Choice::Close, texts.conflict_back),
        Entry::new(Choice::KeepMine, mine),
        Entry::new(Choice::DropCard, drop),
    ];
    let menu = Menu::new(texts.conflict_title, entries, model.texts().no_entries).noting(notes);
    model.overlays.push(Overlay::Menu(menu));
}

/// What is stored now of the entity on the card.
fn theirs(model: &Model, card: &Card) -> Option<Entity> {
    Entity::stored(model, &card.before.as_ref()?.id())
}

/// Puts what was edited on top of what somebody else saved, to be looked over and saved.
pub(super) fn keep_mine(model: &mut Model) -> Vec<Effect> {
    let Some(card) = model.settings().and_then(Settings::card) else { return Vec::new() };
    let card = match theirs(model, card) {
        Some(theirs) => card.rebased(model, theirs),
        None => card.as_new(model),
    };
    show(model, card);
    let text = model.form_texts().conflict_merged.to_owned();
    say(model, text, Role::Plain)
}
