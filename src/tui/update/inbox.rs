//! The inbox: asked for anew whenever a book has moved, looked through, marked as seen.

use crate::clinic::{ClinicError, Inbox, Looked, RevisionScope, Revisions};
use crate::tui::dialogs::Overlay;
use crate::tui::disabled::lacks_inbox;
use crate::tui::message::Effect;
use crate::tui::model::{Model, Status};
use crate::tui::theme::Role;

use super::{failed, grid, unanswered};

/// Opens it, at the newest, and asks for what has come in.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    model.overlays.push(Overlay::Inbox { selected: 0 });
    load(model)
}

/// Asks for the inbox, unless the user has none.
pub(super) fn load(model: &mut Model) -> Vec<Effect> {
    if lacks_inbox(model).is_some() {
        return Vec::new();
    }
    let request = model.requests.next();
    model.requests.inbox = Some(request);
    vec![Effect::LoadInbox { request }]
}

/// Revisions moved: whatever patients do moves that of a book.
pub(super) fn polled(model: &mut Model, revisions: &Revisions) -> Vec<Effect> {
    let before = model.polled.as_ref();
    let moved = before.is_none_or(|before| {
        let mut scopes = revisions.moved_since(before).into_iter();
        scopes.any(|scope| matches!(scope, RevisionScope::Practitioner(_)))
    });
    if moved { load(model) } else { Vec::new() }
}

/// It arrived; whoever stands on a line stays on it. What fails behind somebody's back is told of only
/// where the inbox is looked at.
pub(super) fn arrived(model: &mut Model, result: Result<Box<Inbox>, ClinicError>) -> Vec<Effect> {
    let looked_at = model.overlays.iter().any(|it| matches!(it, Overlay::Inbox { .. }));
    let inbox = match result {
        Ok(inbox) => *inbox,
        Err(error) if looked_at => return unanswered(model, &error),
        Err(_) => return Vec::new(),
    };
    let before = std::mem::replace(&mut model.inbox, inbox);
    let now = &model.inbox.arrivals;
    for overlay in &mut model.overlays {
        if let Overlay::Inbox { selected } = overlay {
            let held = before.arrivals.get(*selected).filter(|_| *selected > 0);
            let at = held.and_then(|held| now.iter().position(|it| it.entry == held.entry));
            *selected = at.unwrap_or(*selected).min(now.len().saturating_sub(1));
        }
    }
    Vec::new()
}

/// What was seen is kept, or could not be: either way the store's word holds, and tells of what has come in
/// meanwhile.
pub(super) fn kept(model: &mut Model, result: Result<(), ClinicError>) -> Vec<Effect> {
    if let Err(error) = result {
        failed(model, &error);
    }
    load(model)
}

/// Moves the selection, stopping at the ends.
pub(super) fn select_by(model: &mut Model, steps: isize) {
    let last = model.inbox.arrivals.len().saturating_sub(1);
    if let Some(Overlay::Inbox { selected }) = model.overlays.last_mut() {
        *selected = selected.saturating_add_signed(steps).min(last);
    }
}

/// Goes to where the selected one is.
pub(super) fn chosen(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Inbox { selected }) = model.overlays.last() else { return Vec::new() };
    let Some(arrival) = model.inbox.arrivals.get(*selected) else { return Vec::new() };
    let (practitioner, interval) = arrival.place.clone();
    model.overlays.pop();
    grid::show_time(model, practitioner, interval.start())
}

/// Marks the selected one and all that came in before it as seen, on screen at once, and tells how many
/// those are.
pub(super) fn mark_seen(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Inbox { selected }) = model.overlays.last() else { return Vec::new() };
    let selected = *selected;
    let seen = model.inbox.seen_from(selected);
    let mut marked = 0;
    for arrival in model.inbox.arrivals.iter_mut().skip(selected) {
        marked += usize::from(arrival.looked == Looked::New);
        arrival.looked = Looked::Seen;
    }
    let text = model.texts().marked_seen(marked);
    model.status = Some(Status { text, role: Role::Plain });
    // An answer on its way tells of before.
    model.requests.inbox = None;
    let request = model.requests.next();
    vec![Effect::KeepSeen { request, seen }]
}
