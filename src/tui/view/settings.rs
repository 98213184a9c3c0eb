//! The settings screen: sections or entities to the left, a card to the right, help below.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tui::model::Model;
use crate::tui::panels::{FormLines, Line, Use, cut_choice, form_lines, keys};
use crate::tui::sanitise::{clean, width, window, wrap};
use crate::tui::settings::{
    Card, CardForm, Entity, Level, Row, Searching, Section, Settings, lacks_for_card,
    lacks_for_section,
};
use crate::tui::theme::Role;

use super::panel::draw_line;
use super::{fill, info, put};

/// Below this width list and card do not fit beside each other: the one that has the focus shows.
const BOTH_FROM: u16 = 78;
/// The same of a card that is filled in: below this its longest fields are cut.
const FILLED_IN_FROM: u16 = 108;
/// Rows below the body: a rule, help and keys, the status line and the footer.
const BELOW: u16 = 6;

/// Where things stand.
struct Areas {
    left: Option<Rect>,
    right: Option<Rect>,
    help: Rect,
    status: Rect,
}

impl Areas {
    fn of(model: &Model, settings: &Settings) -> Self {
        let (screen, height) = model.size;
        let body = height.saturating_sub(BELOW + 2);
        let card = matches!(settings.level, Level::Card(_));
        let list = (screen / 3).clamp(26, 44);
        let both_from = if card { FILLED_IN_FROM } else { BOTH_FROM };
        let (left, right) = match screen >= both_from {
            true => (
                Some(Rect::new(1, 2, list, body)),
                Some(Rect::new(list + 4, 2, screen.saturating_sub(list + 5), body)),
            ),
            false if card => (None, Some(Rect::new(1, 2, screen.saturating_sub(2), body))),
            false => (Some(Rect::new(1, 2, screen.saturating_sub(2), body)), None),
        };
        let below = height.saturating_sub(BELOW);
        Self {
            left,
            right,
            help: Rect::new(0, below, screen, BELOW - 2),
            status: Rect::new(1, height.saturating_sub(2), screen.saturating_sub(2), 1),
        }
    }
}

/// Draws the screen but for its footer; answers where the terminal's cursor goes.
pub(super) fn draw(model: &Model, settings: &Settings, buffer: &mut Buffer) -> Option<Position> {
    let areas = Areas::of(model, settings);
    let rows = settings.rows(model);
    title(model, settings, buffer);
    if let (Some(left), Some(_)) = (areas.left, areas.right) {
        let style = model.palette.style(Role::Frame);
        for y in left.y..left.bottom() {
            put(buffer, left.right() + 1, y, "│", 1, style);
        }
    }
    let mut cursor = None;
    if let Some(area) = areas.left {
        cursor = match &settings.level {
            Level::Sections => sections(model, settings, area, buffer),
            Level::Entities | Level::Card(_) => entities(model, settings, &rows, area, buffer),
        };
    }
    if let Some(area) = areas.right {
        match &settings.level {
            Level::Sections => about(model, settings.section, area, buffer),
            Level::Entities => {
                let row = rows.get(settings.selected);
                let entity = row.and_then(|row| Entity::stored(model, &row.id));
                if let Some(entity) = entity {
                    let card = Card::of(model, settings.section, entity);
                    form(model, &card.form, Use::Looking, area, buffer);
                }
            }
            Level::Card(card) => cursor = form(model, &card.form, Use::Editing, area, buffer),
        }
    }
    help(model, settings, &rows, &areas, buffer);
    status(model, areas.status, buffer);
    cursor
}

/// `Inställningar · Bokningsmallar · Undersökning 30 min`.
fn title(model: &Model, settings: &Settings, buffer: &mut Buffer) {
    let texts = model.form_texts();
    let style = model.palette.style(Role::Title);
    let clock = format!("{} ", model.now.clock());
    let columns = u16::try_from(width(&clock)).unwrap_or(0);
    let room = model.size.0.saturating_sub(columns + 1);
    put(buffer, room + 1, 0, &clock, columns, style);
    let mut parts = vec![texts.settings.to_owned()];
    if !matches!(settings.level, Level::Sections) {
        parts.push(settings.section.words(texts).name.to_owned());
    }
    if let Some(card) = settings.card() {
        parts.push(match &card.before {
            None => texts.new.to_owned(),
            Some(before) => before.name(model),
        });
    }
    put(buffer, 1, 0, &parts.join(" · "), room.saturating_sub(1), style);
}

fn sections(
    model: &Model,
    settings: &Settings,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let texts = model.form_texts();
    let lines: Vec<Line> = Section::ALL
        .iter()
        .map(|section| Line::new(section.words(texts).name, Role::Plain))
        .collect();
    let at = Section::ALL.iter().position(|section| *section == settings.section);
    list(model, &lines, at.unwrap_or(0), area, buffer)
}

/// What a section is for, and what is in it.
fn about(model: &Model, section: Section, area: Rect, buffer: &mut Buffer) {
    let words = section.words(model.form_texts());
    let columns = usize::from(area.width);
    let mut lines = vec![Line::new(words.name, Role::Strong)];
    lines.extend(wrap(words.help, columns).into_iter().map(|line| Line::new(line, Role::Plain)));
    lines.push(Line::default());
    let rows = crate::tui::settings::rows(model, section);
    if rows.is_empty() {
        let empty = wrap(words.empty, columns).into_iter();
        lines.extend(empty.map(|line| Line::new(line, Role::Warning)));
    }
    let room = usize::from(area.height).saturating_sub(lines.len());
    let hidden = rows.len() > room;
    let shown = if hidden { room.saturating_sub(1) } else { room };
    lines.extend(rows.iter().take(shown).map(|row| row_line(model, row)));
    if hidden {
        lines.push(Line::new("…", Role::Dim));
    }
    for (line, y) in lines.iter().zip(area.y..area.bottom()) {
        draw_line(model, line, Rect { y, height: 1, ..area }, false, buffer);
    }
}

fn entities(
    model: &Model,
    settings: &Settings,
    rows: &[Row],
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let texts = model.form_texts();
    let searching = settings.searching == Searching::Yes;
    let typed = settings.search.value();
    let shows_search = searching || !typed.is_empty();
    let mut cursor = None;
    let mut below = area;
    if shows_search {
        let label = format!("{}: ", texts.search);
        let role = if searching { Role::Key } else { Role::Dim };
        let taken = put(buffer, area.x, area.y, &label, area.width, model.palette.style(role));
        let room = area.width.saturating_sub(taken);
        let skipped = settings.search.visual_scroll(usize::from(room));
        let shown = window(typed, skipped, usize::from(room));
        put(buffer, area.x + taken, area.y, &shown, room, model.palette.style(Role::Field));
        let column = settings.search.visual_cursor().saturating_sub(skipped);
        let column = u16::try_from(column).unwrap_or(0).min(room);
        cursor = searching.then(|| Position::new(area.x + taken + column, area.y));
        below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    }
    if rows.is_empty() {
        let all = typed.is_empty();
        let text = if all { settings.section.words(texts).empty } else { texts.none_match };
        for (line, y) in wrap(text, usize::from(area.width)).iter().zip(below.y..below.bottom()) {
            put(buffer, below.x, y, line, below.width, model.palette.style(Role::Warning));
        }
        return cursor.or(Some(Position::new(below.x, below.y)));
    }
    let is_card = settings.card().is_some();
    let lines: Vec<Line> = rows.iter().map(|row| row_line(model, row)).collect();
    let at = list(model, &lines, settings.selected, below, buffer);
    if is_card { None } else { cursor.or(at) }
}

/// `▌E-us      Internet`; what is inactive says so.
fn row_line(model: &Model, row: &Row) -> Line {
    let role = if row.active { Role::Plain } else { Role::Disabled };
    let bar = if row.swatch.is_some() { "  " } else { "" };
    let inactive = model.form_texts().inactive.to_owned();
    let past_day = matches!(row.id, crate::tui::settings::EntityId::ClosedDay(_));
    let right = if row.active || past_day { row.right.clone() } else { inactive };
    Line {
        swatch: row.swatch.map(|color| (0, model.palette.bar(color))),
        right: (!right.is_empty()).then(|| (clean(&right).into_owned(), Role::Dim)),
        ..Line::new(format!("{bar}{}", clean(&row.text)), role)
    }
}

/// Lines of which one is selected, scrolled so that it is in view.
fn list(
    model: &Model,
    lines: &[Line],
    selected: usize,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let rows = usize::from(area.height);
    let first = (selected + 1).saturating_sub(rows).min(lines.len().saturating_sub(rows));
    let mut cursor = None;
    for ((at, line), y) in lines.iter().enumerate().skip(first).zip(area.y..area.bottom()) {
        let here = at == selected;
        if here {
            cursor = Some(Position::new(area.x, y));
        }
        draw_line(model, line, Rect { y, height: 1, ..area }, here, buffer);
    }
    if lines.len() > first + rows {
        let style = model.palette.style(Role::Dim);
        put(buffer, area.right(), area.bottom().saturating_sub(1), "…", 1, style);
    }
    cursor
}

fn form(
    model: &Model,
    form: &CardForm,
    using: Use,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let rows = usize::from(area.height);
    let FormLines { lines, focus, cursor } =
        form_lines(model, form, using, usize::from(area.width), rows);
    let last = lines.len().saturating_sub(rows);
    // The field as a whole where that has room, its cursor in any case.
    let typed_at = cursor.map_or(0, |(line, _)| line + 1);
    let first = (focus.1 + 2).saturating_sub(rows).min(last).min(focus.0);
    let first = first.max(typed_at.saturating_sub(rows));
    for (line, y) in lines.iter().skip(first).zip(area.y..area.bottom()) {
        draw_line(model, line, Rect { y, height: 1, ..area }, false, buffer);
    }
    let dim = model.palette.style(Role::Dim);
    let edge = area.right();
    if first > 0 {
        put(buffer, edge, area.y, "↑", 1, dim);
    }
    if lines.len() > first + rows {
        put(buffer, edge, area.bottom().saturating_sub(1), "↓", 1, dim);
    }
    let (line, column) = cursor?;
    let line = u16::try_from(line.checked_sub(first)?).ok().filter(|at| *at < area.height)?;
    let column = u16::try_from(column).unwrap_or(0).min(area.width.saturating_sub(1));
    Some(Position::new(area.x + column, area.y + line))
}

/// Help of what has the focus: its advice, why it can't be changed, what was wrong, and its keys.
fn help(model: &Model, settings: &Settings, rows: &[Row], areas: &Areas, buffer: &mut Buffer) {
    let area = areas.help;
    fill(buffer, 0, area.y, area.width, "─", model.palette.style(Role::Frame));
    let columns = usize::from(area.width.saturating_sub(2));
    let mut lines: Vec<(String, Role)> = Vec::new();
    let mut say = |text: &str, role| {
        lines.extend(wrap(text, columns).into_iter().map(|line| (line, role)));
    };
    let texts = model.form_texts();
    match &settings.level {
        Level::Sections => {
            say(texts.choose_section, Role::Dim);
            if let Some(reason) = lacks_for_section(model, settings.section) {
                say(&reason, Role::Warning);
            }
        }
        Level::Entities if settings.searching == Searching::Yes => {
            say(texts.search_help, Role::Dim);
        }
        Level::Entities => {
            say(settings.section.words(texts).help, Role::Plain);
            let entity = rows.get(settings.selected);
            let entity = entity.and_then(|row| Entity::stored(model, &row.id));
            let reason = match entity {
                Some(entity) => lacks_for_card(model, settings.section, &entity),
                None => lacks_for_section(model, settings.section),
            };
            if let Some(reason) = reason {
                say(&reason, Role::Warning);
            }
        }
        Level::Card(card) => {
            if let Some(error) = &card.error {
                say(error, Role::Error);
            }
            if let Some(field) = card.form.focused() {
                say(field.help, Role::Plain);
                if let Some(whole) = cut_choice(field, areas.right.map_or(0, |right| right.width)) {
                    say(&clean(whole), Role::Strong);
                }
                match card.form.locked(field) {
                    Some(reason) => say(&reason, Role::Warning),
                    None => say(keys(model, field), Role::Dim),
                }
            }
        }
    }
    for ((line, role), y) in lines.iter().zip(area.y + 1..area.bottom()) {
        put(buffer, 1, y, line, area.width.saturating_sub(2), model.palette.style(*role));
    }
}

/// What was said last. What is too long for its line takes those of the help above: it says what to do last.
fn status(model: &Model, area: Rect, buffer: &mut Buffer) {
    let waiting = model.waiting_since().map(|since| info::waiting(model, since));
    let told = match (&model.status, waiting) {
        (Some(status), _) => Some((status.text.clone(), status.role)),
        (None, Some(waiting)) => Some((waiting, Role::Warning)),
        (None, None) => None,
    };
    let Some((text, role)) = told else { return };
    let lines = wrap(&text, usize::from(area.width));
    let above = u16::try_from(lines.len().saturating_sub(1)).unwrap_or(0).min(BELOW - 3);
    for (line, y) in lines.iter().zip(area.y.saturating_sub(above)..=area.y) {
        fill(buffer, area.x, y, area.width, " ", model.palette.style(Role::Plain));
        put(buffer, area.x, y, line, area.width, model.palette.style(role));
    }
}
