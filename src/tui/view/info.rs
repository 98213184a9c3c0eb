//! Info line, status line and footer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::CivilTime;
use crate::tui::actions::{Action, Context, Entry, Footer, in_context};
use crate::tui::dialogs::{FreeField, Overlay};
use crate::tui::disabled::disabled;
use crate::tui::layout::Layout;
use crate::tui::model::{Mode, Model};
use crate::tui::panels::clip_line;
use crate::tui::sanitise::{clean, width, wrap};
use crate::tui::settings::is_new_clinic;
use crate::tui::theme::Role;
use crate::tui::told::{GAP, segments};

use super::put;

/// The info line, and the line under it: the status, else what the info line had no room for. A
/// status too long for its line takes both: it says what to do last.
pub(super) fn info(model: &Model, layout: &Layout, buffer: &mut Buffer) {
    let (area, room) = (layout.status, layout.info.width.saturating_sub(2));
    let waiting = model.waiting_since().map(|since| waiting(model, since));
    // The list of whom to call says itself what has just been said.
    let in_list = matches!(model.overlays.last(), Some(Overlay::Calls(_)));
    let told = match (model.status.as_ref().filter(|_| !in_list), waiting) {
        (Some(status), _) => Some((wrap(&status.text, usize::from(room)), status.role)),
        (None, Some(waiting)) => Some((vec![waiting], Role::Warning)),
        (None, None) => {
            let clip = model.clip.as_ref().map(|clip| clip_line(model, clip));
            let clip = clip.map(|line| (vec![line], Role::Strong));
            let recall = from_recall(model);
            recall.map(|told| (wrap(&told, usize::from(room)), Role::Warning)).or(clip)
        }
    };
    if let Some((lines, role)) = &told
        && let [first, rest @ ..] = lines.as_slice()
        && !rest.is_empty()
    {
        let style = model.palette.style(*role);
        put(buffer, 1, layout.info.y, first, room, style);
        put(buffer, 1, area.y, &rest.join(" "), room, style);
        return;
    }
    let lines = flow(&segments(model), usize::from(room));
    let plain = model.palette.style(Role::Plain);
    if let Some(first) = lines.first() {
        put(buffer, 1, layout.info.y, first, room, plain);
    }
    match (told, lines.get(1)) {
        (Some((told, role)), _) => {
            put(buffer, 1, area.y, &told.concat(), room, model.palette.style(role));
        }
        (None, Some(second)) => {
            put(buffer, 1, area.y, second, room, plain);
        }
        (None, None) => {}
    }
}

/// What a booking from the recall waits for (R16).
fn from_recall(model: &Model) -> Option<String> {
    let from = model.from_recall.as_deref()?;
    let patient = match model.shows_patients() {
        true => format!("{} {}", from.patient.first_name, from.patient.last_name),
        false => model.texts().patient_label.to_owned(),
    };
    let template = model.setup.templates.get(&from.template).map_or("", |found| &found.name);
    let keys = [Action::Book, Action::FindFree, Action::Cancel];
    let keys = keys.map(|action| model.key_of(Context::Grid, action));
    let keys = keys.each_ref().map(String::as_str);
    let texts = model.language.patient_texts();
    Some(texts.from_recall(&clean(&patient), &clean(template), keys))
}

/// What is waited for, and since when; from one minute on with its age.
pub(super) fn waiting(model: &Model, since: CivilTime) -> String {
    let texts = model.texts();
    let saving = if model.history.is_busy() { texts.saving } else { "" };
    let minutes = model.now.since(since).0;
    let age = if minutes > 0 { format!(" ({minutes} min)") } else { String::new() };
    format!("{saving}{} {}{age}", texts.waiting, since.clock())
}

/// Segments on as many lines as they need.
fn flow(segments: &[String], columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for segment in segments {
        let segment = clean(segment);
        match lines.last_mut() {
            Some(line) if width(line) + width(GAP) + width(&segment) <= columns => {
                line.push_str(GAP);
                line.push_str(&segment);
            }
            _ => lines.push(segment.into_owned()),
        }
    }
    lines
}

/// A key and what it does, as the footer shows it.
struct Hint {
    action: Action,
    key: String,
    text: &'static str,
    usable: Usable,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Usable {
    Now,
    NotNow,
}

impl Hint {
    fn width(&self) -> usize {
        width(&self.key) + 1 + width(self.text) + 2
    }
}

/// The keys that do something here, those that can't be used now greyed. Where there is too little
/// room the last ones give way, but never help or the way out.
pub(super) fn footer(model: &Model, area: Rect, buffer: &mut Buffer) {
    let mut hints = hints(model);
    let room = usize::from(area.width) + 1;
    while hints.iter().map(Hint::width).sum::<usize>() > room
        && let Some(last) = hints.iter().rposition(|hint| !stays(hint.action))
    {
        hints.remove(last);
    }
    let mut x = area.x + 1;
    for hint in &hints {
        let (key_role, text_role) = match hint.usable {
            Usable::Now => (Role::Key, Role::Plain),
            Usable::NotNow => (Role::Disabled, Role::Disabled),
        };
        x += put(buffer, x, area.y, &hint.key, area.width, model.palette.style(key_role)) + 1;
        x += put(buffer, x, area.y, hint.text, area.width, model.palette.style(text_role)) + 2;
    }
}

fn stays(action: Action) -> bool {
    matches!(action, Action::Help | Action::Cancel)
}

/// What the footer names while the working schedule is foremost.
const SCHEDULE_HINTS: [Action; 8] = [
    Action::AddSessions,
    Action::RemoveSessions,
    Action::RepeatSessions,
    Action::WeekTemplates,
    Action::Mark,
    Action::Undo,
    Action::Help,
    Action::OpenMenu,
];

/// The keys of the working schedule.
fn schedule_hints(model: &Model) -> Vec<Hint> {
    let found = |action| in_context(Context::Grid).find(|entry| entry.action == action);
    SCHEDULE_HINTS
        .into_iter()
        .filter_map(|action| {
            let entry = found(action)?;
            let key = model.keymap.keys(Context::Grid, action).next()?.to_string();
            let reason = disabled(model, action);
            let usable = if reason.is_some() { Usable::NotNow } else { Usable::Now };
            Some(Hint { action, key, text: entry.short(model.language), usable })
        })
        .collect()
}

/// What the footer calls an action: what the form on top does with it; `None` where it does nothing of
/// its own.
fn short(model: &Model, entry: &Entry) -> Option<&'static str> {
    let texts = model.book_texts();
    match (model.overlays.last(), entry.action) {
        (Some(Overlay::Free(_)), Action::Save) => None,
        (Some(Overlay::Free(form)), Action::Accept) => Some(match form.field {
            FreeField::Found => texts.free_go,
            _ => texts.free_to_times,
        }),
        _ => Some(entry.short(model.language)),
    }
}

fn hints(model: &Model) -> Vec<Hint> {
    let context = model.overlays.last().map_or(Context::Grid, Overlay::context);
    if context == Context::Grid && model.mode == Mode::Schedule {
        return schedule_hints(model);
    }
    let begins = context == Context::Grid && is_new_clinic(model);
    in_context(context)
        .filter_map(|entry| {
            let judged = matches!(
                context,
                Context::Grid
                    | Context::Settings
                    | Context::Patient
                    | Context::Calls
                    | Context::Agent
            );
            let reason = disabled(model, entry.action).filter(|_| judged);
            let usable = if reason.is_some() { Usable::NotNow } else { Usable::Now };
            let shown = match entry.footer {
                // Where there is nothing yet, what has to be done first stands out.
                Footer::Always => !begins || usable == Usable::Now,
                Footer::WhenPossible => usable == Usable::Now,
                Footer::Never => false,
            };
            let chord = model.keymap.keys(context, entry.action).next().filter(|_| shown)?;
            let (key, text) = (chord.to_string(), short(model, entry)?);
            Some(Hint { action: entry.action, key, text, usable })
        })
        .collect()
}
