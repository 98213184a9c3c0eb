//! A card of the settings: filling it in, saving it, what was refused of it, and what to do when somebody
//! else was first.

use crate::clinic::{ClinicError, Command, Preview, Refusal};
use crate::texts::clinic_error;
use crate::tui::actions::Action;
use crate::tui::dialogs::{Choice, Entry, Menu, Overlay, Previewed};
use crate::tui::history::Outgoing;
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::Model;
use crate::tui::settings::{
    Card, Conflict, Entity, Leading, Level, Settings, WordedFaults, command, differences,
    fault_texts, faults_in_words,
};
use crate::tui::theme::Role;

use super::{ask_to_leave, change, say, settings, warnings};

/// Edits the card; a field that can't be changed says why.
pub(super) fn edit(
    model: &mut Model,
    edit: impl FnOnce(&mut Card) -> Result<(), String>,
) -> Vec<Effect> {
    let Some(card) = model.settings_mut().and_then(Settings::card_mut) else { return Vec::new() };
    card.counting = None;
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

/// An action on the card, with how far it moves.
pub(super) fn perform(model: &mut Model, action: Action, steps: isize) -> Vec<Effect> {
    if action == Action::Cancel {
        return leave(model);
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
fn leave(model: &mut Model) -> Vec<Effect> {
    let edited = model.overlays.last().is_some_and(Overlay::is_unsaved);
    if !edited {
        return drop(model);
    }
    ask_to_leave(model, Choice::DropCard)
}

/// Leaves the card without saving.
pub(super) fn drop(model: &mut Model) -> Vec<Effect> {
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
        Some(card) if card.saving.is_none() && card.counting.is_none() => send(model, card),
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
        card.error = faults.show_on(&mut card.form);
        return Vec::new();
    }
    match command {
        Some(Command::ChangeSetting(change)) if change.concerns_times() => {
            let request = model.requests.next();
            card.counting = Some(request);
            vec![Effect::Preview { request, command: Command::ChangeSetting(change) }]
        }
        Some(command) => {
            let (request, effects) = change::send(model, Outgoing::Run(Box::new(command)));
            card.saving = Some(request);
            effects
        }
        None => Vec::new(),
    }
}

/// Whether the card waits for the answer to this request before it is saved.
pub(super) fn counts(model: &Model, request: RequestId) -> bool {
    model.settings().and_then(Settings::card).is_some_and(|card| card.counting == Some(request))
}

/// Which times come and go with the card is known: it is saved where none do; else the user is asked, the
/// harmless answer first.
pub(super) fn counted(model: &mut Model, preview: Box<Preview>) -> Vec<Effect> {
    if preview.gained.is_empty() && preview.lost.is_empty() {
        return save_as_counted(model, &preview);
    }
    if let Some(card) = model.settings_mut().and_then(Settings::card_mut) {
        card.counting = None;
    }
    let texts = model.form_texts();
    let entries = vec![
        Entry::new(Choice::Close, texts.conflict_back),
        Entry::new(Choice::SaveCard(preview.clone()), texts.times_save),
    ];
    let menu = Menu::new(texts.times_title, entries, model.texts().no_entries);
    model.overlays.push(Overlay::Menu(Menu { effect: Previewed::Ready(preview), ..menu }));
    Vec::new()
}

/// Saves the card as it stands, if it still does to times what was counted.
pub(super) fn save_as_counted(model: &mut Model, counted: &Preview) -> Vec<Effect> {
    let Some(card) = model.settings().and_then(Settings::card) else { return Vec::new() };
    let entity = card.read(model).0;
    let command = entity.and_then(|entity| command(card.before.clone(), Some(entity)));
    let Some(command) = command else { return Vec::new() };
    let (request, effects) =
        change::send(model, Outgoing::Run(Box::new(command.as_shown(counted))));
    if let Some(card) = model.settings_mut().and_then(Settings::card_mut) {
        (card.counting, card.saving) = (None, Some(request));
    }
    effects
}

/// What the card would do can't be told: that is why it can't be saved either.
pub(super) fn uncounted(model: &mut Model, request: RequestId, error: &ClinicError) -> Refused {
    if let Some(card) = model.settings_mut().and_then(Settings::card_mut) {
        (card.counting, card.saving) = (None, Some(request));
    }
    refused(model, request, error)
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
    let text = clinic_error(model.language, error, &model.setup);
    let faults = match error {
        ClinicError::Refused(Refusal::Faults(faults)) => faults_in_words(model, faults),
        _ => WordedFaults::default(),
    };
    let card = model.settings_mut().and_then(Settings::card_mut);
    let Some(card) = card.filter(|card| card.saving == Some(request)) else {
        return Refused::Elsewhere;
    };
    card.saving = None;
    match error {
        ClinicError::Refused(Refusal::ChangedMeanwhile { who, when }) => {
            // Where somebody added another with the same id, this one gets its own when it is saved again.
            let conflict = Conflict { who: who.clone(), when: *when };
            card.conflict = card.before.is_some().then_some(conflict);
            card.error = Some(text);
            Refused::Behind
        }
        _ if !faults.is_empty() => {
            card.error = faults.show_on(&mut card.form);
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

/// Shows field by field what differs, and lets the user choose; the harmless answer comes first.
pub(super) fn ask_about(model: &mut Model, conflict: &Conflict) {
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
    settings::show(model, card);
    let text = model.form_texts().conflict_merged.to_owned();
    say(model, text, Role::Plain)
}
