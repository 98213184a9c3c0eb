//! Repeating a week's sessions or preblocks (R19): the form, its preview and saving it.

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use crate::clinic::{OverlapChoice, RedDays, WeekParity};
use crate::tui::actions::Action;
use crate::tui::dialogs::{
    Edited, Overlay, Previewed, RepeatField, RepeatForm, Repeated, ShortInput,
};
use crate::tui::message::Effect;
use crate::tui::model::Model;

use super::change;

pub(super) fn open_repeat_sessions(model: &mut Model) -> Vec<Effect> {
    open(model, Repeated::Sessions)
}

pub(super) fn open_repeat_preblocks(model: &mut Model) -> Vec<Effect> {
    let coded = model.week_preblocks().any(|preblock| {
        let found = model.setup.preblock_types.get(&preblock.preblock_type);
        found.is_some_and(|found| found.code.is_some())
    });
    open(model, if coded { Repeated::PreblocksWithCodes } else { Repeated::Preblocks })
}

pub(super) fn open(model: &mut Model, what: Repeated) -> Vec<Effect> {
    let form = RepeatForm {
        practitioners: model.chosen_practitioners(),
        what,
        week: model.week().first(),
        until: ShortInput::new("4"),
        weeks: WeekParity::Every,
        red_days: RedDays::Skip,
        overlap: OverlapChoice::Refuse,
        codes: Input::default(),
        field: RepeatField::Until,
        preview: Previewed::Nothing,
        error: None,
    };
    model.overlays.push(Overlay::Repeat(Box::new(form)));
    preview(model)
}

/// Asks what the form as it stands would do.
pub(super) fn preview(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts();
    let request = model.requests.next();
    let today = model.now.date();
    let Some(Overlay::Repeat(form)) = model.overlays.last_mut() else { return Vec::new() };
    match form.command(today) {
        Some(command) => {
            form.preview = Previewed::Waiting(request);
            vec![Effect::Preview { request, command }]
        }
        None => {
            form.preview = Previewed::Refused(texts.until_bad.to_owned());
            Vec::new()
        }
    }
}

/// A key that is no command: typed into the focused field, or switching its choice.
pub(super) fn key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let Some(Overlay::Repeat(form)) = model.overlays.last_mut() else { return Vec::new() };
    form.error = None;
    let toggles = matches!(key.code, KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right);
    let toggled = if toggles { form.toggle() } else { Edited::No };
    if toggled == Edited::Yes || form.press(key) == Edited::Yes {
        return preview(model);
    }
    Vec::new()
}

/// A text was pasted into the focused field.
pub(super) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(Overlay::Repeat(form)) = model.overlays.last_mut() else { return Vec::new() };
    form.paste(text);
    preview(model)
}

/// An action of the form.
pub(super) fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Overlay::Repeat(form)) = model.overlays.last_mut() else { return Vec::new() };
    match action {
        Action::NextField => form.step(1),
        Action::PreviousField => form.step(-1),
        Action::Accept if form.field != RepeatField::Save => form.step(1),
        Action::Accept | Action::Save => return save(model),
        _ => {}
    }
    Vec::new()
}

/// Carries it out, once the preview has said what it will do.
fn save(model: &mut Model) -> Vec<Effect> {
    let (texts, today) = (model.texts(), model.now.date());
    let Some(Overlay::Repeat(form)) = model.overlays.last_mut() else { return Vec::new() };
    match form.preview {
        Previewed::Ready(_) | Previewed::Renewing(..) => {}
        // What was in the way may be gone by now.
        Previewed::Refused(_) => {
            if form.reach(today).is_none() {
                form.field = RepeatField::Until;
            }
            return preview(model);
        }
        Previewed::Waiting(_) | Previewed::Nothing => {
            form.error = Some(texts.not_counted_yet);
            return Vec::new();
        }
    }
    let Some(command) = form.command(today) else { return Vec::new() };
    let command = form.preview.holding(command);
    model.overlays.pop();
    change::run(model, command)
}
