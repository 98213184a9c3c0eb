//! *Klippbord*: cutting, copying, and the form that pastes.

use std::collections::BTreeSet;

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use crate::clinic::OverlapChoice;
use crate::domain::CivilTime;
use crate::tui::actions::Action;
use crate::tui::clip::{Clip, Clipped, Taken};
use crate::tui::dialogs::{
    Coded, Confirmed, Edited, Overlay, PasteField, PasteForm, Previewed, edit, paste as paste_into,
};
use crate::tui::history::Outgoing;
use crate::tui::marking::Marking;
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::Model;

use super::change;

/// Takes what is cut: nothing changes until it is pasted.
pub(super) fn cut(model: &mut Model) -> Vec<Effect> {
    let what = Clipped::at_cursor(model);
    take(model, what)
}

/// Takes a copy of the preblocks.
pub(super) fn copy(model: &mut Model) -> Vec<Effect> {
    let what = Clipped::preblocks(model, Taken::Copied);
    take(model, Some(what))
}

fn take(model: &mut Model, what: Option<Clipped>) -> Vec<Effect> {
    model.marking = None;
    model.clip = what.map(Clip::new);
    Vec::new()
}

/// Where the clipboard's corner goes: to a time typed exactly; else to the row of the marking or the
/// cursor, within which it keeps its minutes if it stood in that row of the day before.
fn landing(model: &Model, what: &Clipped) -> Option<CivilTime> {
    let corner = what.corner()?.minute_of_day();
    let start = model.block().start();
    if matches!(model.marking, Some(Marking::Exact { .. })) {
        return Some(start);
    }
    let row = model.row().0;
    let same = corner.0 / row == start.minute_of_day().0 / row;
    Some(if same { CivilTime::at(start.date(), corner) } else { start })
}

/// Opens the form that pastes, and asks what pasting would do.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let (Some(clip), Some(practitioner)) = (&model.clip, model.practitioner.clone()) else {
        return Vec::new();
    };
    let what = clip.what.clone();
    let Some(at) = landing(model, &what) else { return Vec::new() };
    let asks_for_code = what.wanted(at).iter().any(|wanted| {
        let found = model.setup.preblock_types.get(&wanted.preblock_type);
        found.is_some_and(|found| found.code.is_some())
    });
    let mut form = PasteForm {
        what,
        practitioner,
        at,
        overlap: OverlapChoice::Refuse,
        coded: if asks_for_code { Coded::Yes } else { Coded::No },
        codes: Input::default(),
        confirmed: Confirmed::No,
        field: PasteField::Save,
        preview: Previewed::Nothing,
        error: None,
    };
    form.field = form.fields().first().copied().unwrap_or(PasteField::Save);
    model.overlays.push(Overlay::Paste(Box::new(form)));
    preview(model)
}

/// Asks what pasting would do.
fn preview(model: &mut Model) -> Vec<Effect> {
    let request = model.requests.next();
    let Some(Overlay::Paste(form)) = model.overlays.last_mut() else { return Vec::new() };
    let Some(command) = form.command(BTreeSet::new()) else { return Vec::new() };
    form.preview = Previewed::Waiting(request);
    vec![Effect::Preview { request, command }]
}

/// A key that is no command: typed into the codes, or switching a choice.
pub(super) fn key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let Some(Overlay::Paste(form)) = model.overlays.last_mut() else { return Vec::new() };
    form.error = None;
    let asks_anew = match (form.field, key.code) {
        (PasteField::Codes, _) => edit(&mut form.codes, key) == Edited::Yes,
        (_, KeyCode::Char(' ') | KeyCode::Left | KeyCode::Right) => form.toggle(),
        _ => false,
    };
    if asks_anew { preview(model) } else { Vec::new() }
}

/// Text pasted by the terminal, which can only be codes.
pub(super) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(Overlay::Paste(form)) = model.overlays.last_mut() else { return Vec::new() };
    if form.field != PasteField::Codes {
        return Vec::new();
    }
    paste_into(&mut form.codes, text);
    preview(model)
}

/// An action of the form.
pub(super) fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Overlay::Paste(form)) = model.overlays.last_mut() else { return Vec::new() };
    match action {
        Action::NextField => form.step(1),
        Action::PreviousField => form.step(-1),
        Action::Accept if form.field != PasteField::Save => form.step(1),
        Action::Accept | Action::Save => return save(model),
        _ => {}
    }
    Vec::new()
}

/// Pastes, once the preview has said what it will do and what must be confirmed is.
fn save(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts();
    let Some(Overlay::Paste(form)) = model.overlays.last_mut() else { return Vec::new() };
    match &form.preview {
        Previewed::Ready(_) | Previewed::Renewing(..) => {}
        // What was in the way may be gone by now.
        Previewed::Refused(_) => return preview(model),
        Previewed::Waiting(_) | Previewed::Nothing => {
            form.error = Some(texts.not_counted_yet);
            return Vec::new();
        }
    }
    let asked: BTreeSet<_> = form.preview.to_confirm().iter().cloned().collect();
    if !asked.is_empty() && form.confirmed == Confirmed::No {
        form.error = Some(texts.confirm_first);
        form.field = PasteField::Confirm;
        return Vec::new();
    }
    let Some(command) = form.command(asked) else { return Vec::new() };
    let command = form.preview.holding(command);
    model.overlays.pop();
    model.marking = None;
    let (request, effects) = change::send(model, Outgoing::Run(Box::new(command)));
    if let Some(clip) = &mut model.clip {
        clip.pasting = Some(request);
    }
    effects
}

/// It was pasted: what was cut lies on the clipboard no more, a copy stays.
pub(super) fn done(model: &mut Model, request: RequestId) {
    let copied = |clip: &Clip| matches!(clip.what, Clipped::Preblocks { taken: Taken::Copied, .. });
    model.clip.take_if(|clip| clip.pasting == Some(request) && !copied(clip));
}
