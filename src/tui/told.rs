//! All that is told of what the cursor is on, of a booking and of a preblock, in one line. Pure.

use crate::domain::{
    Booking, BookingTemplate, Identification, IdentityProtection, Patient, Preblock, PreblockKind,
};

use super::actions::{Action, Context};
use super::cells::{Force, force};
use super::model::{Model, Phase, Spread};
use super::sanitise::fit;

/// What stands between two things told.
pub const GAP: &str = " · ";

/// All that is known of what the cursor, or the marking, is on.
pub fn segments(model: &Model) -> Vec<String> {
    let texts = model.texts();
    if model.practitioner.is_none() || model.phase == Phase::LoadingSetup {
        return Vec::new();
    }
    let mut segments = Vec::new();
    if let Some(block) = model.marked() {
        let hours = block.on(block.first).map(|interval| model.dates().hours(interval));
        segments.push(format!("{} {}", describe_lanes(model), hours.unwrap_or_default()));
        segments.push(match (model.spread, model.chosen_lanes().len()) {
            (Spread::Week, days) => texts.marked(days, block.minutes()),
            (Spread::Day, count) => texts.marked_practitioners(count, block.minutes()),
        });
        segments.extend(gives(model));
        return segments;
    }
    let start = model.cursor.start();
    segments.push(match (model.spread, model.current_practitioner()) {
        (Spread::Day, Some(practitioner)) => format!("{} {}", practitioner.name, start.clock()),
        _ => model.dates().moment(start),
    });
    let Some(book) = model.current_book() else {
        segments.push(texts.loading.to_owned());
        return segments;
    };
    if let Some(why) = model.setup.red_day(start.date()) {
        segments.push(model.dates().red_day(why).to_owned());
    }
    match (model.booking_at_cursor(), model.preblock_at_cursor()) {
        (Some(booking), preblock) => {
            let patient = patient_of(model, booking);
            segments.extend(booking_parts(model, booking, patient, name_columns(model)));
            segments.extend(preblock.into_iter().flat_map(|it| preblock_beneath(model, it)));
        }
        (None, Some(preblock)) => segments.extend(preblock_parts(model, preblock)),
        (None, None) => {}
    }
    let scheduled =
        model.cursor_interval().is_some_and(|row| !book.calendar.scheduled_in(row).is_empty());
    let lying = model.preblock_at_cursor();
    let empty = model.booking_at_cursor().is_none() && lying.is_none();
    let expired = lying.is_some_and(|preblock| force(model, preblock) == Force::Expired);
    match (scheduled, empty) {
        (true, true) => segments.push(texts.free_time.to_owned()),
        (true, false) => {}
        // What is in force no more lies in nobody's schedule.
        (false, false) if expired && model.booking_at_cursor().is_none() => {}
        (false, true) => segments.push(texts.unscheduled.to_owned()),
        (false, false) => segments.push(texts.outside_schedule.to_owned()),
    }
    let week = model.week().interval();
    if week.is_some_and(|week| book.calendar.scheduled_in(week).is_empty()) {
        let key = model.key_of(Context::Grid, Action::AddSessions);
        segments.push(texts.no_schedule(&key));
    }
    segments
}

/// `ons 25`, `mån 23–ons 25`; on the day `Anna Ek`, `Anna Ek–Bo Öst`.
fn describe_lanes(model: &Model) -> String {
    let block = model.block();
    let dates = model.dates();
    if model.spread == Spread::Day {
        let chosen = model.chosen_practitioners();
        let name = |id| model.setup.practitioners.get(id).map_or("", |found| found.name.as_str());
        let ends: Vec<&str> = match chosen.as_slice() {
            [first, .., last] => vec![name(first), name(last)],
            some => some.iter().map(name).collect(),
        };
        return ends.join("–");
    }
    if block.first == block.last {
        dates.day(block.first)
    } else {
        format!("{}–{}", dates.day(block.first), dates.day(block.last))
    }
}

/// `ger 9 tider (E-us), 6 (E-akut)`.
fn gives(model: &Model) -> Option<String> {
    let name = |id| model.setup.preblock_types.get(id).map_or("", |found| found.name.as_str());
    let (first, rest) = model.marking_gives.split_first()?;
    let mut text = format!("{} ({})", model.texts().gives(first.1), name(&first.0));
    for (id, times) in rest {
        text.push_str(&format!(", {times} ({})", name(id)));
    }
    Some(text)
}

/// All that is known of a booking in one line, as far as the user may see it (R22).
pub fn booking_line(model: &Model, booking: &Booking) -> String {
    let parts = booking_parts(model, booking, patient_of(model, booking), usize::MAX);
    format!("{} {}", model.texts().booking, parts.join(GAP))
}

/// The patient of a booking in the book that the cursor is on, or in the list of whom to call.
fn patient_of<'a>(model: &'a Model, booking: &Booking) -> Option<&'a Patient> {
    let id = booking.patient.as_ref()?;
    let in_book = model.current_book().and_then(|book| book.patients.get(id));
    in_book.or_else(|| model.call_board()?.patient(id))
}

/// Columns that a name takes in the info line at most: day and hours, the number and what the booking is
/// have to stand there, too.
fn name_columns(model: &Model) -> usize {
    usize::from(model.size.0).saturating_sub(46).clamp(14, 40)
}

fn booking_parts(
    model: &Model,
    booking: &Booking,
    patient: Option<&Patient>,
    name_columns: usize,
) -> Vec<String> {
    let texts = model.texts();
    let sees = model.shows_patients();
    let mut parts = vec![model.dates().hours(booking.interval)];
    parts.push(match patient {
        Some(patient) if sees => full_name(model, patient, name_columns),
        Some(patient) if patient.protection == IdentityProtection::Protected => {
            texts.protected_patient.to_owned()
        }
        None if booking.patient.is_none() && booking.is_online() => {
            model.language.sync_texts().unknown_patient.to_owned()
        }
        None if booking.patient.is_none() => texts.blank_patient.to_owned(),
        Some(_) | None => texts.patient_label.to_owned(),
    });
    let template = booking.template.as_ref().and_then(|id| model.setup.templates.get(id));
    if let Some(template) = template {
        parts.push(template.name.clone());
    } else if let Some(category) = model.setup.categories.get(&booking.category) {
        parts.push(category.name.clone());
    }
    if sees && tells_more(booking, template) {
        parts.push(booking.text.clone());
    }
    if !booking.resources.is_empty() {
        parts.push(format!("{} {}", texts.resources, booking.resources));
    }
    parts.push(if booking.is_online() {
        match booking.identification {
            Identification::EId => format!("ITB, {}", texts.e_id),
            Identification::Unverified => format!("ITB, {}", texts.unverified),
        }
    } else {
        format!("{} {}", texts.registered_by, booking.registered_by)
    });
    // A template is often named as its category or as its calendar text.
    parts.dedup();
    parts
}

/// Whether the booking's text says something that its template's name does not.
pub fn tells_more(booking: &Booking, template: Option<&BookingTemplate>) -> bool {
    let own = booking.text.trim();
    !own.is_empty() && template.is_none_or(|template| template.calendar_text.trim() != own)
}

fn full_name(model: &Model, patient: &Patient, columns: usize) -> String {
    let number = patient.personnummer.as_ref().map_or("", |number| number.as_str());
    let name = fit(&format!("{} {}", patient.first_name, patient.last_name), columns);
    format!("{name} {number}").trim_end().to_owned() + &protected_mark(model, patient)
}

/// ` (Skyddad identitet)` after a name that is shown all the same (R22).
pub fn protected_mark(model: &Model, patient: &Patient) -> String {
    match patient.protection {
        IdentityProtection::Protected => format!(" ({})", model.texts().protected_patient),
        IdentityProtection::None => String::new(),
    }
}

/// A preblock under a booking: the rest of it is told where it is free, and all of one that has
/// expired, which neither publishes nor blocks anything (R7).
fn preblock_beneath(model: &Model, preblock: &Preblock) -> Vec<String> {
    if force(model, preblock) == Force::Expired {
        return Vec::new();
    }
    let found = model.setup.preblock_types.get(&preblock.preblock_type);
    let name = found.map_or(model.texts().preblock, |found| &found.name);
    std::iter::once(format!("{} {name}", model.texts().on)).chain(expiry(model, preblock)).collect()
}

/// All that is known of a preblock.
fn preblock_parts(model: &Model, preblock: &Preblock) -> Vec<String> {
    let texts = model.texts();
    let hours = model.dates().hours(preblock.interval);
    let Some(found) = model.setup.preblock_types.get(&preblock.preblock_type) else {
        return vec![format!("{} {hours}", texts.preblock)];
    };
    if force(model, preblock) == Force::Expired {
        // It publishes and blocks nothing: what it was for no longer matters (R7).
        let told = format!("{} {} {hours}", texts.preblock, found.name);
        return std::iter::once(told).chain(expiry(model, preblock)).collect();
    }
    let kind = match found.kind {
        PreblockKind::Internet => texts.internet,
        PreblockKind::Internal => texts.internal,
    };
    let mut parts = vec![format!("{} {} ({kind}) {hours}", texts.preblock, found.name)];
    if found.kind == PreblockKind::Internet {
        let times = model.current_open().map_or(0, |open| open.times_in(preblock.interval));
        parts.push(texts.times(times));
        parts.extend(outward(model, preblock));
    }
    parts.extend(expiry(model, preblock));
    let categories: Vec<&str> = found
        .categories
        .iter()
        .filter_map(|id| model.setup.categories.get(id))
        .map(|category| category.name.as_str())
        .collect();
    if !categories.is_empty() {
        parts.push(categories.join(", "));
    }
    if !found.text.trim().is_empty() {
        parts.push(found.text.clone());
    }
    parts
}

/// `publicerat, 9 ute`, `väntar på synk, 3 ute`.
pub fn outward(model: &Model, preblock: &Preblock) -> Option<String> {
    let (state, out) = model.outward(preblock)?;
    Some(model.language.sync_texts().outward(state, out))
}

/// `upphör efter tis 24 nov`, `upphörde ons 25 nov`; `None` where it never expires (R7).
pub fn expiry(model: &Model, preblock: &Preblock) -> Option<String> {
    let found = model.setup.preblock_types.get(&preblock.preblock_type)?;
    let last = found.last_day_in_force(preblock.interval.start().date())?;
    let (words, date) = match force(model, preblock) {
        Force::Expired => (model.texts().expired_on, last.succ_opt().unwrap_or(last)),
        Force::InForce => (model.texts().last_in_force, last),
    };
    Some(format!("{words} {}", model.date(date)))
}

/// The name of a booking's template, or of its category.
pub fn booked_by(model: &Model, booking: &Booking) -> String {
    let template = booking.template.as_ref().and_then(|id| model.setup.templates.get(id));
    let category = model.setup.categories.get(&booking.category).map(|found| &found.name);
    let name = template.map(|found| &found.name).or(category);
    name.cloned().unwrap_or_default()
}
