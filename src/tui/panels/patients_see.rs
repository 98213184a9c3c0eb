//! "Patienten ser": the bookable times of a day by template, and why a template has none.

use chrono::NaiveDate;

use crate::clinic::Book;
use crate::domain::{
    BookingTemplate, CivilTime, Interval, Minutes, NotBookable, Practitioner, PractitionerId,
    Preblock, PreblockKind, Resolver, TemplateId,
};
use crate::texts::not_bookable_shortly;
use crate::tui::disabled::no_book_why;
use crate::tui::model::{Model, OpenBook};
use crate::tui::sanitise::{broken, fit, wrap};
use crate::tui::theme::Role;
use crate::tui::told::{expiry, outward};

use super::panel::Line;

/// `Patienten ser · ons 25 nov`.
pub(super) fn title(model: &Model, day: NaiveDate) -> String {
    format!("{} · {}", model.texts().patients_see, model.date(day))
}

/// The templates with the day's times, as they stand beside the grid: each at the place it has on
/// every day of the week, so that only the times differ from one day to another, and few bytes go
/// over the line. The reasons and the preblocks stand in [`lines`].
pub fn beside_the_grid(model: &Model, day: NaiveDate, columns: usize) -> Vec<Line> {
    let (whose, templates) = match shown_templates(model, model.rested.practitioner.as_ref()) {
        Ok(found) => found,
        Err(told) => return vec![told],
    };
    let room = columns.saturating_sub(2);
    let rows_on = |template: &BookingTemplate, day| wrap(&day_times(whose, template, day), room);
    templates
        .into_iter()
        .flat_map(|template| {
            let week = model.days().into_iter().map(|day| rows_on(template, day).len());
            let height = week.max().unwrap_or(0).max(1);
            let mut rows = rows_on(template, day);
            if rows.is_empty() {
                rows.push("–".to_owned());
            }
            rows.resize(height.max(rows.len()), String::new());
            let rows = rows.into_iter().map(|row| Line::new(format!("  {row}"), Role::Slot));
            std::iter::once(Line::new(fit(&template.name, columns), Role::Plain)).chain(rows)
        })
        .collect()
}

/// Whose times are told of.
#[derive(Clone, Copy)]
struct Whose<'a> {
    practitioner: &'a Practitioner,
    open: &'a OpenBook,
}

/// A practitioner's book with the templates to tell of, or what to say where there are none.
fn shown_templates<'a>(
    model: &'a Model,
    of: Option<&PractitionerId>,
) -> Result<(Whose<'a>, Vec<&'a BookingTemplate>), Line> {
    let texts = model.texts();
    let found = of.and_then(|id| Some((model.setup.practitioners.get(id)?, model.open_book(id)?)));
    let (practitioner, open) = found.ok_or_else(|| Line::new(no_book_why(model), Role::Dim))?;
    let templates = online_templates(model, practitioner);
    if templates.is_empty() {
        return Err(Line::new(texts.no_online_templates, Role::Dim));
    }
    Ok((Whose { practitioner, open }, templates))
}

/// The starts that patients can book of a template on a day.
fn day_times(whose: Whose<'_>, template: &BookingTemplate, day: NaiveDate) -> String {
    let day = Interval::whole_day(day);
    let times: Vec<String> = whose
        .open
        .slots
        .iter()
        .filter(|slot| slot.template == template.id && day.contains_time(slot.interval.start()))
        .map(|slot| slot.interval.start().clock())
        .collect();
    times.join(" ")
}

/// What there is to say of the day, then the templates in effective order and those that are online
/// but not in the list, those without times with the reason, then the day's Internet preblocks.
pub(super) fn lines(model: &Model, day: NaiveDate, columns: usize) -> Vec<Line> {
    let (whose, templates) = match shown_templates(model, model.practitioner.as_ref()) {
        Ok(found) => found,
        Err(told) => return vec![told],
    };
    let preblocks = internet_preblocks(model, &whose.open.book, day);
    let mut lines = Vec::new();
    if preblocks.is_empty() {
        lines.push(Line::new(fit(model.texts().no_internet_today, columns), Role::Dim));
    }
    lines.extend(
        templates
            .into_iter()
            .flat_map(|template| template_lines(model, whose, template, day, columns)),
    );
    if !preblocks.is_empty() {
        lines.push(Line::default());
    }
    lines.extend(
        preblocks
            .into_iter()
            .flat_map(|preblock| preblock_lines(model, whose.open, preblock, columns)),
    );
    lines.extend(page_lines(model, whose.practitioner, day, columns));
    lines
}

/// Where the booking page shows the marked times, or the day's where nothing is marked; nothing where
/// the clinic has no page of ours.
fn page_lines(
    model: &Model,
    practitioner: &Practitioner,
    day: NaiveDate,
    columns: usize,
) -> Vec<Line> {
    let marked = model.marked().map(|_| model.chosen_intervals()).unwrap_or_default();
    let shown = marked.into_iter().reduce(Interval::hull);
    let agent = model.agent.state().and_then(|state| state.agent.as_ref());
    let shown = shown.unwrap_or_else(|| Interval::whole_day(day));
    let Some(link) = agent.and_then(|agent| agent.page_of(&practitioner.id, shown)) else {
        return Vec::new();
    };
    let heading = [Line::default(), Line::new(model.texts().page_here, Role::Plain)];
    let link = broken(&link, columns).into_iter().map(|line| Line::new(line, Role::Slot));
    heading.into_iter().chain(link).collect()
}

/// What lies there: hours and name, times to book, when it expires.
fn preblock_lines(
    model: &Model,
    open: &OpenBook,
    preblock: &Preblock,
    columns: usize,
) -> Vec<Line> {
    let found = model.setup.preblock_types.get(&preblock.preblock_type);
    let name = found.map_or("", |found| found.name.as_str());
    let title = format!("{} {name}", model.dates().hours(preblock.interval));
    let times = model.texts().times(open.times_in(preblock.interval));
    let told = std::iter::once(times).chain(outward(model, preblock));
    let told = told.chain(expiry(model, preblock)).collect::<Vec<_>>();
    let told = wrap(&told.join(" · "), columns.saturating_sub(2));
    std::iter::once(Line::new(fit(&title, columns), Role::Plain))
        .chain(told.into_iter().map(|line| Line::new(format!("  {line}"), Role::Dim)))
        .collect()
}

/// The templates that patients could be shown: the effective list, then the other online ones.
pub(super) fn online_templates<'a>(
    model: &'a Model,
    practitioner: &Practitioner,
) -> Vec<&'a BookingTemplate> {
    let listed = model.setup.online_templates(practitioner).items;
    let find = |id: &TemplateId| model.setup.templates.get(id);
    let mut templates: Vec<&BookingTemplate> =
        listed.iter().filter_map(find).filter(|template| template.online).collect();
    let mut others: Vec<&BookingTemplate> = model
        .setup
        .templates
        .values()
        .filter(|template| template.online && template.active && !listed.contains(&template.id))
        .collect();
    others.sort_by(|a, b| crate::domain::swedish::compare(&a.name, &b.name));
    templates.extend(others);
    templates
}

/// The Internet preblocks that touch a day.
fn internet_preblocks<'a>(model: &Model, book: &'a Book, date: NaiveDate) -> Vec<&'a Preblock> {
    let day = Interval::whole_day(date);
    let internet = |id| {
        let found = model.setup.preblock_types.get(id);
        found.is_some_and(|found| found.kind == PreblockKind::Internet)
    };
    book.calendar
        .preblocks_in(day)
        .iter()
        .filter(|preblock| internet(&preblock.preblock_type))
        .collect()
}

fn template_lines(
    model: &Model,
    whose: Whose<'_>,
    template: &BookingTemplate,
    date: NaiveDate,
    columns: usize,
) -> Vec<Line> {
    let times = day_times(whose, template, date);
    let mut lines = vec![Line::new(fit(&template.name, columns), Role::Plain)];
    if times.is_empty() {
        let reason = nearest_reason(model, whose, template, date);
        let text = reason.map_or_else(String::new, |reason| {
            format!("  – {} ({})", not_bookable_shortly(model.language, &reason), reason.rule())
        });
        lines.push(Line::new(fit(&text, columns), Role::Dim));
        return lines;
    }
    let wrapped = wrap(&times, columns.saturating_sub(2));
    lines.extend(wrapped.into_iter().map(|line| Line::new(format!("  {line}"), Role::Slot)));
    lines
}

/// Of all the starts that the day's preblocks could give, the reason of the one that comes furthest
/// in R11's order.
fn nearest_reason(
    model: &Model,
    Whose { practitioner, open: OpenBook { book, .. } }: Whose<'_>,
    template: &BookingTemplate,
    date: NaiveDate,
) -> Option<NotBookable> {
    let resolver = Resolver::new(&model.setup, &book.resources, model.now);
    let day = Interval::whole_day(date);
    let step = template.minutes.minutes();
    internet_preblocks(model, book, date)
        .into_iter()
        .flat_map(|preblock| starts(preblock.interval, step))
        .filter(|start| day.contains_time(*start))
        .filter_map(|start| {
            let answer = resolver.why(&practitioner.id, &template.id, start, &book.calendar);
            answer.ok()?.err()
        })
        .max_by_key(rank)
}

/// The starts of the grid; the preblock's own start where it is too short for one.
fn starts(preblock: Interval, step: Minutes) -> Vec<CivilTime> {
    let count = (preblock.length().0 / step.0.max(1)).max(1);
    (0..count).map(|k| preblock.start() + Minutes(k * step.0)).collect()
}

/// How far a start came before it failed (R11).
fn rank(reason: &NotBookable) -> u8 {
    match reason {
        NotBookable::Paused | NotBookable::CompanyPaused => 0,
        NotBookable::NoPreblock => 1,
        NotBookable::OffGrid { .. } | NotBookable::PreblockTooShort { .. } => 2,
        NotBookable::PractitionerInactive => 3,
        NotBookable::TypeInactive(_) | NotBookable::TypeNotValid(_) => 4,
        NotBookable::Expired { .. } => 5,
        NotBookable::NothingAllowed(_) | NotBookable::CategoryNotAllowed { .. } => 6,
        NotBookable::TemplateInactive | NotBookable::TemplateNotOnline => 7,
        NotBookable::NotInList { .. } => 8,
        NotBookable::OutsideSchedule => 9,
        NotBookable::TooSoon { .. } | NotBookable::TooFarAhead { .. } => 10,
        NotBookable::Booked(_) => 11,
        NotBookable::Resource(_) => 12,
        NotBookable::ClockChange => 13,
    }
}
