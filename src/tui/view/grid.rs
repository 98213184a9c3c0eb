//! The grid of the week or the day: header, gutter, cells.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::{Modifier, Style};

use crate::domain::{CivilTime, MINUTES_PER_DAY, Minutes, PractitionerId, PreblockKind};
use crate::tui::cells::{Bar, CellView, Footing, Force, Ground, cell_view};
use crate::tui::layout::{Column, GUTTER, Layout};
use crate::tui::marking::{Block, Cell, Lane, Spot};
use crate::tui::model::{Model, Phase, Spread};
use crate::tui::sanitise::{fit, width, wrap};
use crate::tui::settings::{STEPS, is_done, next_step};
use crate::tui::theme::{Palette, Role};

use super::{fill, put};

/// Narrowest text that still names what is in a cell beside its marks.
const NAME_AT_LEAST: u16 = 4;

/// Draws the grid; answers where the cursor's cell is, if it is in view.
pub(super) fn draw(model: &Model, layout: &Layout, buffer: &mut Buffer) -> Option<Position> {
    if model.phase == Phase::Ready && model.practitioner.is_none() {
        return first_start(model, layout, buffer);
    }
    if model.phase == Phase::LoadingSetup {
        message(model, layout, buffer, model.texts().loading_clinic);
        return None;
    }
    header(model, layout, buffer);
    let marked = Marked::of(model);
    let row = model.row().0;
    for (line, y) in (layout.grid.y..layout.grid.bottom()).enumerate() {
        let minute = model.scroll.0 + i32::try_from(line).unwrap_or(0) * row;
        if minute >= MINUTES_PER_DAY {
            break;
        }
        gutter(model, buffer, y, Minutes(minute));
        for column in &layout.columns {
            cell(model, buffer, y, (column, Minutes(minute)), &marked);
        }
    }
    let area = layout.cell_area(model, &model.cursor_lane()?, model.cursor.minute)?;
    Some(Position::new(area.x, area.y))
}

/// What a new clinic lacks, in place of the grid; answers where the next step stands.
fn first_start(model: &Model, layout: &Layout, buffer: &mut Buffer) -> Option<Position> {
    let texts = model.form_texts();
    message(model, layout, buffer, texts.first_title);
    let (x, columns) = (layout.grid.x + 2, layout.grid.width.saturating_sub(4));
    let next = next_step(model);
    let mut cursor = None;
    let rows = layout.grid.y + 4..layout.grid.bottom();
    for (section, y) in STEPS.into_iter().zip(rows) {
        let (mark, role) = match (next == Some(section), is_done(model, section)) {
            (true, _) => ("▶", Role::Strong),
            (false, true) => (" ", Role::Dim),
            (false, false) => (" ", Role::Plain),
        };
        let done = if is_done(model, section) { texts.first_step_done } else { "" };
        let line = format!("{mark} {} {done}", section.words(texts).name);
        put(buffer, x, y, &line, columns, model.palette.style(role));
        if next == Some(section) {
            cursor = Some(Position::new(x, y));
        }
    }
    let below = layout.grid.y + 9;
    for (line, y) in
        wrap(texts.first_help, usize::from(columns)).iter().zip(below..layout.grid.bottom())
    {
        put(buffer, x, y, line, columns, model.palette.style(Role::Plain));
    }
    cursor
}

/// A sentence in place of the grid.
fn message(model: &Model, layout: &Layout, buffer: &mut Buffer, text: &str) {
    let columns = layout.grid.width.saturating_sub(4);
    let lines = crate::tui::sanitise::wrap(text, usize::from(columns));
    for (line, y) in lines.iter().zip(layout.grid.y + 2..layout.grid.bottom()) {
        put(buffer, layout.grid.x + 2, y, line, columns, model.palette.style(Role::Strong));
    }
}

/// What is marked, worked out once for all cells.
struct Marked {
    block: Option<Block>,
    lanes: Vec<Lane>,
}

impl Marked {
    fn of(model: &Model) -> Self {
        Self { block: model.marked(), lanes: model.chosen_lanes() }
    }

    fn touches(&self, lane: &Lane, row: Block) -> bool {
        let marked = self.block.filter(|_| self.lanes.contains(lane));
        let both = marked.and_then(|block| block.on(lane.date)).zip(row.on(lane.date));
        both.is_some_and(|(a, b)| a.overlaps(b))
    }
}

fn header(model: &Model, layout: &Layout, buffer: &mut Buffer) {
    for column in &layout.columns {
        let (text, style) = match model.spread {
            Spread::Week => day_heading(model, column),
            Spread::Day => name_heading(model, &column.lane.practitioner),
        };
        put(buffer, column.x, layout.header.y, &text, column.width, style);
    }
    let style = model.palette.style(Role::Now);
    let (before, after) = layout.outside;
    if before > 0 {
        put(buffer, 1, layout.header.y, &format!("← {before}"), GUTTER - 2, style);
    }
    if after > 0 {
        let text = format!(" {after} →");
        let columns = u16::try_from(width(&text)).unwrap_or(0);
        let x = layout.header.right().saturating_sub(columns);
        put(buffer, x, layout.header.y, &text, columns, style);
    }
}

/// The day, and a red day's name as far as it has room: the day is never cut for it.
fn day_heading(model: &Model, column: &Column) -> (String, Style) {
    let date = column.lane.date;
    let red = model.setup.red_day(date);
    let role = match red {
        Some(_) => Role::RedDay,
        None if date == model.now.date() => Role::Today,
        None => Role::Strong,
    };
    let mut style = model.palette.style(role);
    if date == model.now.date() {
        style = style.add_modifier(Modifier::UNDERLINED);
    }
    let day = model.dates().day(date);
    let room = usize::from(column.width).saturating_sub(width(&day) + 1);
    let text = match red {
        Some(why) if room > 0 => format!("{day} {}", fit(model.dates().red_day(why), room)),
        _ => day,
    };
    (text, style)
}

/// The practitioner's name.
fn name_heading(model: &Model, practitioner: &PractitionerId) -> (String, Style) {
    let found = model.setup.practitioners.get(practitioner);
    let role = match found {
        Some(found) if found.active => Role::Strong,
        _ => Role::Dim,
    };
    let name = found.map_or_else(|| practitioner.to_string(), |found| found.name.clone());
    (name, model.palette.style(role))
}

/// The row's time, with a mark beside the row that the clock is in.
fn gutter(model: &Model, buffer: &mut Buffer, y: u16, minute: Minutes) {
    let today = model.now.date();
    let now = model.now.minute_of_day();
    let in_view = match model.spread {
        Spread::Week => model.week().contains(today),
        Spread::Day => model.cursor.date == today,
    };
    let is_now = in_view && minute <= now && now.0 < minute.0 + model.row().0;
    let (mark, role) = if is_now { (">", Role::Now) } else { (" ", Role::Dim) };
    let style = model.palette.style(role);
    put(buffer, 0, y, mark, 1, style);
    put(buffer, 1, y, &CivilTime::at(today, minute).clock(), 5, style);
}

fn cell(
    model: &Model,
    buffer: &mut Buffer,
    y: u16,
    (column, minute): (&Column, Minutes),
    marked: &Marked,
) {
    let lane = &column.lane;
    let view = cell_view(model, lane, minute);
    let red = model.setup.red_day(lane.date).is_some();
    let place = Cell { date: lane.date, minute };
    let marked = marked.touches(lane, Block::spanning(place, place, model.row()));
    let here = place == model.cursor && Some(&lane.practitioner) == model.practitioner.as_ref();
    let over = |style: Style| {
        let style = if marked { model.palette.marked(style) } else { style };
        if here { model.palette.cursor(style) } else { style }
    };
    let style = ground_style(model.palette, &view, red);
    let cut = model.clip.as_ref().is_some_and(|clip| {
        let practitioner = Some(lane.practitioner.clone());
        let (booking, preblock) = model.lying_at(&Spot { practitioner, cell: place });
        clip.marks(booking, preblock)
    });
    let style = if cut { style.add_modifier(Modifier::DIM | Modifier::CROSSED_OUT) } else { style };
    // Shade under the cursor is neither seen nor worth its bytes.
    let filling = if here && view.footing == Footing::Outside { " " } else { filling(&view) };
    fill(buffer, column.x, y, column.width, filling, over(style));
    if let Some(seen) = view.bar {
        bar(model, buffer, (column.x, y), seen, &over);
    }
    let room = column.width.saturating_sub(1);
    let (later, right) = fit_right(&view, room);
    let columns = |text: &str| u16::try_from(width(text)).unwrap_or(0);
    let marks = columns(&later) + columns(&right);
    let text_room = room.saturating_sub(marks + u16::from(marks > 0));
    let mark = if cut && !view.text.is_empty() { model.book_texts().cut_mark } else { "" };
    let text = format!("{mark}{}", view.text);
    put(buffer, column.x + 1, y, &text, text_room, over(style));
    let x = column.x + column.width - marks;
    let taken = put(buffer, x, y, &later, marks, over(style));
    let slot = model.palette.slot_on(style);
    put(buffer, x + taken, y, &right, marks - taken, over(slot));
}

/// The marks at the right edge, other bookings' starts and bookable ones; the text keeps room for a
/// name.
fn fit_right(view: &CellView, room: u16) -> (String, String) {
    let taken = if view.text.is_empty() { 0 } else { NAME_AT_LEAST + 1 };
    let room = usize::from(room.saturating_sub(taken));
    let right = fit(&view.right, room);
    (fit(&view.later, room - width(&right)), right)
}

fn bar(
    model: &Model,
    buffer: &mut Buffer,
    (x, y): (u16, u16),
    bar: Bar,
    over: &dyn Fn(Style) -> Style,
) {
    let symbol = match bar.kind {
        PreblockKind::Internet => "▌",
        PreblockKind::Internal => "┆",
    };
    let style = match bar.force {
        Force::InForce => tinted(model.palette, bar).patch(model.palette.bar(bar.color)),
        Force::Expired => model.palette.style(Role::Dim),
    };
    fill(buffer, x, y, 1, symbol, over(style));
}

fn tinted(palette: Palette, bar: Bar) -> Style {
    match bar.force {
        Force::InForce => palette.tint(bar.color),
        Force::Expired => palette.style(Role::Dim).add_modifier(Modifier::DIM),
    }
}

fn ground_style(palette: Palette, view: &CellView, red: bool) -> Style {
    match view.ground {
        Ground::Unknown => Style::new(),
        Ground::Unscheduled | Ground::Free if red => palette.style(Role::RedDay),
        Ground::Session => palette.style(Role::Plain),
        Ground::Unscheduled => palette.style(Role::Unscheduled),
        Ground::Free => palette.style(Role::Free),
        Ground::Preblock => view.bar.map_or(Style::new(), |bar| tinted(palette, bar)),
        Ground::Booking(shade) => palette.shaded(Role::Booking, shade),
        Ground::OnlineBooking(shade) => palette.shaded(Role::OnlineBooking, shade),
    }
}

/// What the cell is filled with: shade where nothing is scheduled (R1), dots where it is free.
fn filling(view: &CellView) -> &'static str {
    match (view.ground, view.footing) {
        (Ground::Unknown, _) => " ",
        (Ground::Free, _) => "·",
        (_, Footing::Outside) => "░",
        (_, Footing::Scheduled) => " ",
    }
}
