//! The audit log as a list: page after page, narrowed by filters that combine.

use crate::clinic::{AuditEntry, ClinicError, LogFilter};
use crate::domain::{DateRange, ITB, PractitionerId, SYSTEM};
use crate::texts::{action_name, kind_name, logged_actions, logged_kinds};
use crate::tui::actions::Action;
use crate::tui::dialogs::{Asked, Choice, Entry, LOG_PAGE, LogList, Menu, Older, Overlay};
use crate::tui::goto::{From, parse_past};
use crate::tui::logged::{self, Facet};
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::Model;
use crate::tui::theme::Role;

use super::{grid, say, unanswered};

/// Opens the log with everything in it.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    model.overlays.push(Overlay::Log(Box::new(LogList::new(LogFilter::default()))));
    ask(model)
}

fn list(model: &mut Model) -> Option<&mut LogList> {
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Log(list) => Some(&mut **list),
        _ => None,
    })
}

/// Asks for the next page.
fn ask(model: &mut Model) -> Vec<Effect> {
    let request = model.requests.next();
    let Some(list) = list(model) else { return Vec::new() };
    list.older = Older::Asked(request);
    vec![Effect::LoadLog { request, question: list.question() }]
}

/// A page arrived; one that was asked for by another filter is dropped.
pub(super) fn arrived(
    model: &mut Model,
    request: RequestId,
    result: Result<Vec<AuditEntry>, ClinicError>,
) -> Vec<Effect> {
    let waits = list(model).is_some_and(|list| list.older == Older::Asked(request));
    if !waits {
        return Vec::new();
    }
    match result {
        Ok(entries) => {
            let whole = entries.len() < usize::try_from(LOG_PAGE).unwrap_or(usize::MAX);
            if let Some(list) = list(model) {
                list.older = if whole { Older::None } else { Older::Unknown };
                list.entries.extend(entries);
            }
        }
        Err(error) => {
            unanswered(model, &error);
            if let Some(list) = list(model) {
                list.older = Older::Unknown;
            }
        }
    }
    Vec::new()
}

/// An action of the list, with how far it moves.
pub(super) fn perform(model: &mut Model, action: Action, steps: isize) -> Vec<Effect> {
    match action {
        Action::Choose => chosen(model),
        Action::Filter => open_filters(model),
        Action::ClearFilters => narrow(model, LogFilter::default()),
        _ => select_by(model, steps),
    }
}

/// Moves the selection; at the end, older entries are asked for.
pub(super) fn select_by(model: &mut Model, steps: isize) -> Vec<Effect> {
    let Some(list) = list(model) else { return Vec::new() };
    let last = list.entries.len().saturating_sub(1);
    list.selected = list.selected.saturating_add_signed(steps).min(last);
    if list.selected == last && list.older == Older::Unknown { ask(model) } else { Vec::new() }
}

/// Goes to the time that the selected entry tells of; says so where it tells of none.
pub(super) fn chosen(model: &mut Model) -> Vec<Effect> {
    let Some(list) = list(model) else { return Vec::new() };
    let Some(entry) = list.entries.get(list.selected) else { return Vec::new() };
    let Some((practitioner, time)) = logged::place(entry) else {
        let text = model.texts().log_no_place.to_owned();
        return say(model, text, Role::Warning);
    };
    model.overlays.pop();
    grid::show_time(model, practitioner, time)
}

/// Reads the log anew by another filter.
pub(super) fn narrow(model: &mut Model, filter: LogFilter) -> Vec<Effect> {
    if let Some(list) = list(model) {
        *list = LogList::new(filter);
    }
    ask(model)
}

/// The filters, each with what it is set to.
fn open_filters(model: &mut Model) -> Vec<Effect> {
    let Some(filter) = list(model).map(|list| list.filter.clone()) else { return Vec::new() };
    let texts = model.texts();
    let entries = Facet::ALL
        .into_iter()
        .map(|facet| {
            let set = facet.in_words(model, &filter).unwrap_or_default();
            Entry::new(Choice::Facet(facet), facet.label(model)).right(set)
        })
        .collect();
    let menu = Menu::new(texts.filter_title, entries, texts.no_entries);
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

/// What a filter can be set to: a list that can be typed into, or a day to type.
pub(super) fn open_facet(model: &mut Model, facet: Facet) -> Vec<Effect> {
    if matches!(facet, Facet::From | Facet::To) {
        super::ask(model, Asked::LogDay(facet));
        return Vec::new();
    }
    let Some(filter) = list(model).map(|list| list.filter.clone()) else { return Vec::new() };
    let texts = model.texts();
    let mut entries = vec![Entry::new(set(&filter, facet, None), texts.filter_any)];
    entries.extend(values(model, facet).into_iter().map(|(value, text)| {
        Entry::new(set(&filter, facet, Some(value.clone())), text).right(value)
    }));
    let menu = Menu::new(facet.label(model), entries, texts.no_entries);
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

/// The choice that sets one part of the filter.
fn set(filter: &LogFilter, facet: Facet, value: Option<String>) -> Choice {
    let mut filter = filter.clone();
    match facet {
        Facet::By => filter.by = value,
        Facet::Practitioner => filter.practitioner = value.map(PractitionerId::new),
        Facet::Action => filter.action = value,
        Facet::Kind => filter.kind = value,
        Facet::From | Facet::To => {}
    }
    Choice::Narrow(Box::new(filter))
}

/// Values with what they are called.
fn values(model: &Model, facet: Facet) -> Vec<(String, String)> {
    let language = model.language;
    match facet {
        Facet::By => {
            let mut users: Vec<(String, String)> = model
                .users
                .values()
                .map(|user| (user.signature.to_string(), user.name.clone()))
                .collect();
            users.sort_by(|a, b| crate::domain::swedish::compare(&a.1, &b.1));
            users.push((ITB.to_owned(), model.texts().log_online.to_owned()));
            users.push((SYSTEM.to_owned(), model.texts().log_system.to_owned()));
            users
        }
        Facet::Practitioner => {
            let all = model.setup.practitioners_by_name().into_iter();
            all.map(|each| (each.id.to_string(), each.name.clone())).collect()
        }
        Facet::Action => logged_actions()
            .map(|action| (action.to_owned(), action_name(language, action)))
            .collect(),
        Facet::Kind => {
            logged_kinds().map(|kind| (kind.to_owned(), kind_name(language, kind))).collect()
        }
        Facet::From | Facet::To => Vec::new(),
    }
}

/// Takes a typed day; empty, the bound goes.
pub(super) fn day_typed(model: &mut Model, facet: Facet, typed: &str) -> Option<Vec<Effect>> {
    let from = From { today: model.now.date(), shown: model.now.date() };
    let days = match typed.trim() {
        "" => None,
        typed => Some(parse_past(typed, from)?),
    };
    let mut filter = list(model)?.filter.clone();
    match facet {
        Facet::To => filter.to = days.and_then(|days| days.end().pred_opt()),
        _ => filter.from = days.map(DateRange::first),
    }
    model.overlays.pop();
    Some(narrow(model, filter))
}
