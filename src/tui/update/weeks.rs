//! *Veckomallar*: keeping the shown week under a name, laying one on weeks, overwriting, renaming and
//! removing one.

use crate::clinic::{Changed, Command};
use crate::domain::{
    Others, Permission, PersonnummerIs, SettingChange, WeekSession, WeekTemplate, WeekTemplateId,
    swedish,
};
use crate::texts;
use crate::tui::dialogs::{Asked, Choice, Entry, Menu, Overlay, Repeated, WeekDeed};
use crate::tui::message::Effect;
use crate::tui::model::Model;
use crate::tui::settings::id_from_name;

use super::{ask, change, forms};

/// The week templates, and keeping the shown week as one.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let texts = model.book_texts();
    let empty = shown_week(model).is_empty().then(|| texts.week_is_empty.to_owned());
    let mut entries = vec![
        Entry::new(Choice::SaveWeek, texts.week_save)
            .disabled(model.lacks(Permission::ScheduleEdit).or(empty)),
    ];
    let mut all: Vec<&WeekTemplate> = model.setup.week_templates.values().collect();
    all.sort_by(|a, b| swedish::compare(&a.name, &b.name));
    entries.extend(all.into_iter().map(|template| {
        Entry::new(Choice::Week(WeekDeed::Choose, template.id.clone()), template.name.clone())
            .right(model.texts().sessions(template.sessions.len()))
    }));
    push(model, texts.weeks_title.to_owned(), entries, Vec::new())
}

fn push(model: &mut Model, title: String, entries: Vec<Entry>, notes: Vec<String>) -> Vec<Effect> {
    let menu = Menu::new(title, entries, model.texts().no_entries).noting(notes);
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

/// The sessions of the week that is shown.
fn shown_week(model: &Model) -> Vec<WeekSession> {
    let book = model.current_book();
    book.map(|book| WeekTemplate::sessions_of(&book.calendar, model.week().first()))
        .unwrap_or_default()
}

/// Asks for the name under which the shown week is kept.
pub(super) fn ask_name(model: &mut Model) -> Vec<Effect> {
    ask(model, Asked::WeekName(None));
    Vec::new()
}

/// Something was chosen to be done to a template.
pub(super) fn chosen(model: &mut Model, deed: WeekDeed, id: WeekTemplateId) -> Vec<Effect> {
    let Some(template) = model.setup.week_templates.get(&id).cloned() else { return Vec::new() };
    match deed {
        WeekDeed::Choose => choose(model, &template),
        WeekDeed::Lay => forms::open(model, Repeated::Week(id)),
        WeekDeed::Overwrite => overwrite(model, template),
        WeekDeed::Rename => {
            ask(model, Asked::WeekName(Some(id)));
            Vec::new()
        }
        WeekDeed::AskRemove => {
            let removed = SettingChange::WeekTemplate(Changed::Removed(template.clone()));
            confirm(model, template.name, removed, model.texts().remove_yes)
        }
    }
}

/// What can be done to one template.
fn choose(model: &mut Model, template: &WeekTemplate) -> Vec<Effect> {
    let texts = model.book_texts();
    let entry = |deed, text: &str| {
        Entry::new(Choice::Week(deed, template.id.clone()), text)
            .disabled(model.lacks(Permission::ScheduleEdit))
    };
    let mut over = entry(WeekDeed::Overwrite, texts.week_overwrite);
    if over.disabled.is_none() && shown_week(model).is_empty() {
        over.disabled = Some(texts.week_is_empty.to_owned());
    }
    let entries = vec![
        entry(WeekDeed::Lay, texts.week_lay),
        over,
        entry(WeekDeed::Rename, texts.week_rename),
        entry(WeekDeed::AskRemove, texts.week_remove),
    ];
    let notes = in_words(model, template);
    push(model, template.name.clone(), entries, notes)
}

/// A line a weekday: `mån 08:00–12:00, 13:00–17:00`.
fn in_words(model: &Model, template: &WeekTemplate) -> Vec<String> {
    let mut lines: Vec<(chrono::Weekday, String)> = Vec::new();
    for session in &template.sessions {
        let clock = |minute: i32| format!("{:02}:{:02}", minute / 60, minute % 60);
        let end = session.start.0 + session.minutes.0;
        let end = if end > 24 * 60 { end - 24 * 60 } else { end };
        let hours = format!("{}–{}", clock(session.start.0), clock(end));
        match lines.last_mut().filter(|(day, _)| *day == session.weekday) {
            Some((_, line)) => line.push_str(&format!(", {hours}")),
            None => {
                let day = model.dates().weekday(session.weekday);
                lines.push((session.weekday, format!("{day} {hours}")));
            }
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

/// Puts the shown week in a template's place, once that is confirmed.
fn overwrite(model: &mut Model, before: WeekTemplate) -> Vec<Effect> {
    let after = WeekTemplate { sessions: shown_week(model), ..before.clone() };
    let name = before.name.clone();
    let altered = SettingChange::WeekTemplate(Changed::Altered { before, after });
    confirm(model, name, altered, model.book_texts().week_overwrite_yes)
}

/// Says how many sessions go and come, and asks; the harmless answer first.
fn confirm(
    model: &mut Model,
    title: String,
    change: SettingChange,
    yes: &'static str,
) -> Vec<Effect> {
    let SettingChange::WeekTemplate(changed) = &change else { return Vec::new() };
    let count = |of: Option<&WeekTemplate>| of.map_or(0, |it| it.sessions.len());
    let note = model.book_texts().week_changes(count(changed.before()), count(changed.after()));
    let run = Choice::Run(Box::new(Command::ChangeSetting(Box::new(change))));
    let entries = vec![Entry::new(Choice::Close, model.texts().keep), Entry::new(run, yes)];
    push(model, title, entries, vec![note])
}

/// A name was typed: for the shown week, or in place of a template's.
pub(super) fn named(
    model: &mut Model,
    of: Option<WeekTemplateId>,
    typed: &str,
) -> Result<Vec<Effect>, String> {
    let name = typed.trim().to_owned();
    let changed = match of {
        None => {
            let templates = &model.setup.week_templates;
            let id = id_from_name(&WeekTemplateId::new(""), &name, templates);
            Changed::Added(WeekTemplate { id, name, sessions: shown_week(model) })
        }
        Some(id) => {
            let Some(before) = model.setup.week_templates.get(&id).cloned() else {
                return Ok(Vec::new());
            };
            Changed::Altered { after: WeekTemplate { name, ..before.clone() }, before }
        }
    };
    let change = SettingChange::WeekTemplate(changed);
    let others =
        Others { setup: &model.setup, users: &model.users, personnummer: PersonnummerIs::Free };
    if let Some(fault) = change.faults(&others).first() {
        return Err(texts::fault(model.language, *fault));
    }
    Ok(change::run(model, Command::ChangeSetting(Box::new(change))))
}
