//! Title, info line, status line and footer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::{CivilTime, ITB, SyncStatus};
use crate::tui::actions::{Action, Context, Footer, in_context};
use crate::tui::dialogs::Overlay;
use crate::tui::disabled::disabled;
use crate::tui::layout::Layout;
use crate::tui::model::{Mode, Model, Names, Spread};
use crate::tui::options::Purpose;
use crate::tui::panels::clip_line;
use crate::tui::sanitise::{clean, width, wrap};
use crate::tui::theme::Role;
use crate::tui::told::{GAP, segments};

use super::put;

/// Columns that the title keeps for a name.
const NAME_AT_LEAST: usize = 15;

/// Practitioner, company, week and dates, or company and day; to the right how it goes with the Online
/// Client, and the clock's minute.
pub(super) fn title(model: &Model, area: Rect, buffer: &mut Buffer) {
    let style = model.palette.style(Role::Title);
    let demo = match model.purpose {
        Purpose::Demo(_) => model.texts().demo,
        Purpose::Clinic => "",
    };
    let names = match model.names {
        Names::Shown => "",
        Names::Hidden => model.texts().names_hidden,
    };
    let clock = model.now.clock();
    let new = match model.inbox.new_ones() {
        0 => String::new(),
        new => format!("{ITB}: {}", model.texts().new_ones(new)),
    };
    let mode = match model.mode {
        Mode::Book => "",
        Mode::Schedule => model.book_texts().schedule_mode,
    };
    let said = [&new, mode, names, demo].into_iter().filter(|said| !said.is_empty());
    let said: String = said.map(|said| format!("{said}  ")).collect();
    let week = shown_days(model);
    let room = usize::from(area.width).saturating_sub(width(&week) + NAME_AT_LEAST);
    let sync = sync(model, room.saturating_sub(width(&said) + width(&clock) + 3));
    let gap = if sync.is_empty() { "" } else { " " };
    let right = format!(" {said}{sync}{gap}{clock} ");
    let right_width = columns_of(&right);
    put(buffer, area.right().saturating_sub(right_width), area.y, &right, right_width, style);
    let after = columns_of(&sync) + columns_of(&clock) + 2;
    let loud = model.palette.style(sync_role(model));
    put(buffer, area.right().saturating_sub(after), area.y, &sync, columns_of(&sync), loud);
    let Some(practitioner) = model.current_practitioner() else {
        put(buffer, 1, area.y, "tidbok", 20, style);
        return;
    };
    let company = model.setup.company_of(practitioner).map_or("", |company| &company.name);
    let (name, company) = match model.spread {
        Spread::Week => (practitioner.name.as_str(), company),
        Spread::Day => (company, ""),
    };
    let week_width = columns_of(&week);
    let left_room = area.width.saturating_sub(right_width + week_width + 5);
    let name_room = left_room / 2;
    let name_room = if company.is_empty() { left_room } else { name_room };
    let taken = put(buffer, 1, area.y, name, name_room.max(12), style);
    let x = 1 + taken + 2;
    let room = (left_room + 1).saturating_sub(x);
    let taken = put(buffer, x, area.y, company, room, model.palette.style(Role::Plain));
    let x = (x + taken + 2).max(area.width.saturating_sub(right_width + week_width) / 2);
    put(buffer, x, area.y, &week, week_width, model.palette.style(Role::Plain));
}

fn columns_of(text: &str) -> u16 {
    u16::try_from(width(text)).unwrap_or(0)
}

/// How it goes with the Online Client: at length where there is room, else in a word.
fn sync(model: &Model, room: usize) -> String {
    let (telling, status) = (model.telling(), model.sync_status());
    let at_length = telling.status(&status).filter(|told| width(told) <= room);
    at_length.or_else(|| telling.word(&status).map(str::to_owned)).unwrap_or_default()
}

fn sync_role(model: &Model) -> Role {
    match model.sync_status() {
        SyncStatus::NoAgent | SyncStatus::InStep => Role::Title,
        SyncStatus::Waiting { .. } | SyncStatus::Paused => Role::Warning,
        SyncStatus::Fault { .. } | SyncStatus::Silent { .. } => Role::Error,
    }
}

/// `v.48  23–27 nov 2026`, `v.48  ons 25 nov 2026`; a red day's name.
fn shown_days(model: &Model) -> String {
    let (dates, days) = (model.dates(), model.days());
    let first = days.first().copied().unwrap_or(model.cursor.date);
    let shown = match model.spread {
        Spread::Week => {
            let count = u32::try_from(days.len()).unwrap_or(7);
            dates.span(crate::domain::DateRange::new(first, count))
        }
        Spread::Day => {
            let red = model.setup.red_day(first).map(|why| model.dates().red_day(why));
            let year = chrono::Datelike::year(&first);
            let day = format!("{} {year} {}", dates.date(first), red.unwrap_or_default());
            day.trim_end().to_owned()
        }
    };
    let week = chrono::Datelike::iso_week(&first).week();
    format!("{}{week}  {shown}", model.texts().week)
}

/// The info line, and the line under it: the status, else what the info line had no room for. A
/// status too long for its line takes both: it says what to do last.
pub(super) fn info(model: &Model, layout: &Layout, buffer: &mut Buffer) {
    let (area, room) = (layout.status, layout.info.width.saturating_sub(2));
    let waiting = model.waiting_since().map(|since| waiting(model, since));
    let told = match (&model.status, waiting) {
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
/// room the last ones give way, but never help.
pub(super) fn footer(model: &Model, area: Rect, buffer: &mut Buffer) {
    let mut hints = hints(model);
    let room = usize::from(area.width) + 1;
    while hints.iter().map(Hint::width).sum::<usize>() > room
        && let Some(last) = hints.iter().rposition(|hint| hint.action != Action::Help)
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

fn hints(model: &Model) -> Vec<Hint> {
    let context = model.overlays.last().map_or(Context::Grid, Overlay::context);
    if context == Context::Grid && model.mode == Mode::Schedule {
        return schedule_hints(model);
    }
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
                Footer::Always => true,
                Footer::WhenPossible => usable == Usable::Now,
                Footer::Never => false,
            };
            let chord = model.keymap.keys(context, entry.action).next().filter(|_| shown)?;
            let (key, text) = (chord.to_string(), entry.short(model.language));
            Some(Hint { action: entry.action, key, text, usable })
        })
        .collect()
}
