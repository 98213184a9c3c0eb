//! What is asked about a booking that somebody has moved or cancelled meanwhile, and what a form counts
//! while others change the book: it is asked anew, so that what stands there is so before anything is saved.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::clinic::Command;
use crate::domain::{Booking, PractitionerId};
use crate::tui::clip::Clipped;
use crate::tui::dialogs::{Making, Overlay, Previewed};
use crate::tui::message::Effect;
use crate::tui::model::{Model, OpenBook};

use super::moving::cancelling;

/// What an overlay asks about a booking.
struct Question<'a> {
    about: Booking,
    /// Whether what the book has is still what the question is about.
    is_same: fn(&Booking, &Booking) -> bool,
    command: Command,
    answer: &'a mut Previewed,
}

/// The books have arrived: asks anew about the bookings that no longer stand in them as they did.
pub(super) fn books_arrived(model: &mut Model) -> Vec<Effect> {
    let Model { overlays, books, requests, now, .. } = model;
    let mut effects = Vec::new();
    for overlay in overlays {
        let Some(question) = question(overlay, now.date()) else { continue };
        if stands(books, &question) {
            continue;
        }
        let request = requests.next();
        *question.answer = Previewed::Waiting(request);
        effects.push(Effect::Preview { request, command: question.command });
    }
    effects.extend(ask_anew(model));
    effects
}

/// Asks anew what the forms that lie open would do: somebody may have changed what they count, or taken away
/// what was in the way. What is known stands until the answers come.
pub(super) fn ask_anew(model: &mut Model) -> Vec<Effect> {
    let Model { overlays, requests, now, .. } = model;
    let today = now.date();
    let asked = overlays.iter_mut().filter_map(|overlay| {
        let none = BTreeSet::new;
        let (command, preview) = match overlay {
            Overlay::Booking(form) if form.saving.is_none() => {
                (form.command(None, none()), &mut form.preview)
            }
            Overlay::Move(form) if form.saving.is_none() => {
                (form.command(today, none())?, &mut form.preview)
            }
            Overlay::Paste(form) => (form.command(none())?, &mut form.preview),
            Overlay::Repeat(form) => (form.command(today)?, &mut form.preview),
            _ => return None,
        };
        if matches!(preview, Previewed::Nothing | Previewed::Waiting(_)) {
            return None;
        }
        let request = requests.next();
        preview.renew(request);
        Some(Effect::Preview { request, command })
    });
    asked.collect()
}

fn question(overlay: &mut Overlay, today: NaiveDate) -> Option<Question<'_>> {
    let none = BTreeSet::new;
    let (about, command, answer) = match overlay {
        Overlay::Menu(menu) => {
            let about = menu.booking.as_deref()?.clone();
            let command = cancelling(&about, None);
            (about, command, &mut menu.effect)
        }
        Overlay::Move(form) if form.saving.is_none() => {
            let command = form.command(today, none())?;
            (form.booking.as_ref().clone(), command, &mut form.preview)
        }
        Overlay::Paste(form) => {
            let Clipped::Booking(booking) = &form.what else { return None };
            (booking.as_ref().clone(), form.command(none())?, &mut form.preview)
        }
        Overlay::Booking(form) if form.saving.is_none() => {
            let Making::Edited { seen, .. } = &form.making else { return None };
            let (about, command) = (seen.as_ref().clone(), form.command(None, none()));
            // What it has become on its day can be compared in the form.
            let is_same = |now: &Booking, seen: &Booking| {
                now.interval.start().date() == seen.interval.start().date()
            };
            return Some(Question { about, is_same, command, answer: &mut form.preview });
        }
        _ => return None,
    };
    let is_same = |now: &Booking, seen: &Booking| now.as_seen() == seen.as_seen();
    Some(Question { about, is_same, command, answer })
}

/// Whether the booking still stands in its book; one in a book that is not open counts as standing.
fn stands(books: &BTreeMap<PractitionerId, OpenBook>, question: &Question<'_>) -> bool {
    let about = &question.about;
    let Some(OpenBook { book, .. }) = books.get(&about.practitioner) else { return true };
    if !book.days.contains(about.interval.start().date()) {
        return true;
    }
    let mut bookings = book.calendar.bookings().iter();
    bookings.any(|now| now.id == about.id && (question.is_same)(now, about))
}
