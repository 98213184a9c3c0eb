//! What choosing in a menu or answering a prompt does.

use crate::domain::PractitionerId;
use crate::tui::dialogs::{Asked, Choice, Entry, Menu, Overlay};
use crate::tui::goto::{From, parse_goto, parse_period};
use crate::tui::marking::{Block, Grip, Marking};
use crate::tui::message::Effect;
use crate::tui::model::Model;
use crate::tui::range::parse_range;
use crate::tui::theme::Role;

use super::{
    agent, bookable, booking, calls, card, change, count_marking, directory, free, grid, handbook,
    keys, log_list, moving, patient, say, weeks,
};

/// The selected entry was chosen; one that is grey says why instead.
pub(super) fn chosen(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Menu(menu)) = model.overlays.last() else { return Vec::new() };
    let Some(entry) = menu.current() else { return Vec::new() };
    if let Some(reason) = &entry.disabled {
        let reason = reason.clone();
        return say(model, reason, Role::Warning);
    }
    let choice = entry.choice.clone();
    if let Choice::Finding(finding) = choice {
        model.overlays.push(Overlay::Finding { finding, scroll: 0 });
        return Vec::new();
    }
    if let Choice::Handbook(topic) = choice {
        return handbook::read(model, topic);
    }
    model.overlays.pop();
    match choice {
        Choice::Act(action) => keys::perform(model, action),
        Choice::LayType(id) => change::lay(model, id),
        Choice::Template(id) => booking::open(model, booking::Subject::Template(id)),
        Choice::Free => bookable::open_categories(model),
        Choice::Category(id) => booking::open(model, booking::Subject::Free(id)),
        Choice::FindFree(id) => free::open(model, id),
        Choice::SaveWeek => weeks::ask_name(model),
        Choice::Week(deed, id) => weeks::chosen(model, deed, id),
        Choice::Practitioner(id) => grid::show(model, id),
        Choice::Facet(facet) => log_list::open_facet(model, facet),
        Choice::Narrow(filter) => log_list::narrow(model, *filter),
        Choice::Setting(to) => directory::go(model, *to),
        Choice::Away(id, days) => calls::open(model, id, days),
        Choice::AwayPeriod(id) => {
            super::ask(model, Asked::Period(id));
            Vec::new()
        }
        Choice::Time(id, time) => grid::show_time(model, id, time),
        Choice::Run(command) => {
            model.marking = None;
            change::run(model, *command)
        }
        Choice::AskAgent(request) => agent::ask(model, request),
        Choice::Close | Choice::Finding(_) | Choice::Handbook(_) => Vec::new(),
        Choice::LeaveProgram => vec![Effect::Quit],
        Choice::Reason(booking) => {
            super::ask(model, Asked::Reason(booking));
            Vec::new()
        }
        Choice::DropForm => booking::drop_form(model),
        Choice::SaveCard(counted) => card::save_as_counted(model, &counted),
        Choice::DropCard if model.patient_view().is_some() => patient::drop_form(model),
        Choice::DropCard => card::drop(model),
        Choice::KeepMine if model.patient_view().is_some() => patient::keep_mine(model),
        Choice::KeepMine => card::keep_mine(model),
    }
}

/// The searchable list of practitioners, the shown one selected.
pub(super) fn open_picker(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts();
    let all = model.active_practitioners();
    let selected = all.iter().position(|each| Some(&each.id) == model.practitioner.as_ref());
    let entries = all
        .iter()
        .map(|each| {
            let company = model.setup.company_of(each).map_or("", |company| &company.name);
            Entry::new(
                Choice::Practitioner(each.id.clone()),
                format!("{} ({})", each.name, each.signature),
            )
            .right(company)
        })
        .collect();
    let mut menu = Menu::new(texts.picker_title, entries, texts.no_active_practitioners);
    menu.selected = selected.unwrap_or(0);
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

/// Takes what was typed into a prompt; what is wrong with it stands at the field.
pub(super) fn accept_prompt(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else { return Vec::new() };
    let (asked, typed) = (prompt.asked.clone(), prompt.input.value().to_owned());
    match understood(model, asked, &typed) {
        Ok(effects) => effects,
        Err(fault) => {
            refuse(model, &fault);
            Vec::new()
        }
    }
}

/// Does what was asked for with what was typed, and closes the prompt; else what is wrong with it.
fn understood(model: &mut Model, asked: Asked, typed: &str) -> Result<Vec<Effect>, String> {
    let texts = model.texts();
    let from = From { today: model.now.date(), shown: model.cursor.date };
    match asked {
        Asked::Date => {
            let date = parse_goto(typed, from).filter(|date| grid::is_reachable(*date));
            let date = date.ok_or(texts.goto_bad)?;
            model.overlays.pop();
            Ok(grid::go_to(model, date))
        }
        Asked::Range => {
            let (from, to) = parse_range(typed).ok_or(texts.range_bad)?;
            let (block, between) = (model.block(), model.between());
            model.overlays.pop();
            mark_exactly(model, Block { from, to, ..block }, between);
            Ok(Vec::new())
        }
        Asked::WeekName(of) => {
            let effects = weeks::named(model, of, typed)?;
            model.overlays.pop();
            Ok(effects)
        }
        Asked::Period(id) => {
            let days = parse_period(typed, from).ok_or(model.language.away_texts().period_bad)?;
            model.overlays.pop();
            Ok(calls::open(model, id, days))
        }
        Asked::Reason(booking) => {
            model.overlays.pop();
            Ok(moving::cancel_because(model, &booking, typed))
        }
        Asked::LogDay(facet) => Ok(log_list::day_typed(model, facet, typed).ok_or(texts.goto_bad)?),
        Asked::Code(id) => {
            let right = model.setup.preblock_types.get(&id).and_then(|found| found.code.clone());
            if right.as_deref() != Some(typed.trim()) {
                return Err(texts.code_wrong.to_owned());
            }
            model.overlays.pop();
            Ok(change::lay_with(model, id, right))
        }
    }
}

/// Says at the field what is wrong with what was typed; a wrong code is typed anew.
fn refuse(model: &mut Model, error: &str) {
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
        prompt.error = Some(error.to_owned());
        if matches!(prompt.asked, Asked::Code(_)) {
            prompt.input.reset();
        }
    }
}

/// Marks a typed stretch on the days and practitioners that were marked, and brings its start into
/// view.
fn mark_exactly(
    model: &mut Model,
    block: Block,
    between: Option<(PractitionerId, PractitionerId)>,
) {
    let row = model.row().0;
    model.cursor.minute = crate::domain::Minutes(block.from.0 / row * row);
    model.show_cursor();
    model.marking = Some(Marking::Exact { block, between, grip: Grip::Held });
    count_marking(model);
}
