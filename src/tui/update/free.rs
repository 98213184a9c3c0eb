//! *Nästa lediga*: choosing a template, the form over its result, and going to a time found.

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use crate::clinic::{Among, ClinicError, FreeTimes};
use crate::domain::{Minutes, Permission, TemplateId};
use crate::texts::clinic_error;
use crate::tui::actions::Action;
use crate::tui::dialogs::{
    Choice, Edited, Entry, FreeField, FreeForm, Menu, Overlay, Search, ShortInput,
};
use crate::tui::marking::{Block, Grip, Marking};
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::Model;

use super::{booking, count_marking, grid};

/// The templates of the effective list for staff, to find a time for.
pub(super) fn open_menu(model: &mut Model) -> Vec<Effect> {
    let entries = templates(model)
        .into_iter()
        .filter_map(|id| model.setup.templates.get(&id))
        .map(|template| {
            Entry::new(Choice::FindFree(template.id.clone()), template.name.clone())
                .right(format!("{} min", template.minutes.minutes().0))
        })
        .collect();
    let menu = Menu::new(model.book_texts().free_title, entries, model.texts().no_templates);
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

/// The active templates of the list for staff in effect (R5).
fn templates(model: &Model) -> Vec<TemplateId> {
    let Some(practitioner) = model.current_practitioner() else { return Vec::new() };
    let mut items = model.setup.staff_templates(practitioner).items;
    items.retain(|id| model.setup.templates.get(id).is_some_and(|found| found.active));
    items
}

/// Opens the form, from the day that is shown on, and searches.
pub(super) fn open(model: &mut Model, template: TemplateId) -> Vec<Effect> {
    let offered = offered(model);
    let Some(among) = offered.first().cloned() else { return Vec::new() };
    let from = match model.week().contains(model.now.date()) {
        true => model.book_texts().free_today.to_owned(),
        false => model.cursor.date.to_string(),
    };
    let form = FreeForm {
        templates: templates(model),
        template,
        offered,
        among,
        weekdays: Input::default(),
        part: Input::default(),
        from: ShortInput::new(from),
        field: FreeField::Among,
        search: Search::Unclear,
        selected: 0,
    };
    model.overlays.push(Overlay::Free(Box::new(form)));
    search(model)
}

/// The shown practitioner, the company, the clinic, then everybody else by name.
fn offered(model: &Model) -> Vec<Among> {
    let Some(shown) = model.current_practitioner() else { return Vec::new() };
    let all = model.active_practitioners();
    let others = all.iter().filter(|each| each.id != shown.id);
    let own = Some(Among::Practitioner(shown.id.clone())).filter(|_| shown.active);
    own.into_iter()
        .chain([Among::Company(shown.company.clone()), Among::Clinic])
        .chain(others.map(|each| Among::Practitioner(each.id.clone())))
        .collect()
}

/// Asks for the times, where the form can be read.
fn search(model: &mut Model) -> Vec<Effect> {
    let (today, request) = (model.now.date(), model.requests.next());
    let Some(Overlay::Free(form)) = model.overlays.last_mut() else { return Vec::new() };
    form.selected = 0;
    match form.question(today) {
        Some(question) => {
            form.search = Search::Waiting(request);
            vec![Effect::FindFree { request, question }]
        }
        None => {
            form.search = Search::Unclear;
            Vec::new()
        }
    }
}

/// The times arrived; dropped where something else has been asked since.
pub(super) fn arrived(
    model: &mut Model,
    request: RequestId,
    result: Result<FreeTimes, ClinicError>,
) -> Vec<Effect> {
    let answer = match result {
        Ok(found) => Search::Found(found),
        Err(error) => Search::Refused(clinic_error(model.language, &error, &model.setup)),
    };
    let form = model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Free(form) => Some(form),
        _ => None,
    });
    if let Some(form) = form
        && matches!(form.search, Search::Waiting(asked) if asked == request)
    {
        form.search = answer;
    }
    Vec::new()
}

/// A key that is no command: typed into the focused field, or switching its choice.
pub(super) fn key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let Some(Overlay::Free(form)) = model.overlays.last_mut() else { return Vec::new() };
    let switched = match key.code {
        KeyCode::Left => form.switch(-1),
        KeyCode::Right | KeyCode::Char(' ') => form.switch(1),
        _ => false,
    };
    if switched || form.press(key) == Edited::Yes { search(model) } else { Vec::new() }
}

pub(super) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(Overlay::Free(form)) = model.overlays.last_mut() else { return Vec::new() };
    match form.paste(text) {
        Edited::Yes => search(model),
        Edited::No => Vec::new(),
    }
}

/// An action of the form.
pub(super) fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Overlay::Free(form)) = model.overlays.last_mut() else { return Vec::new() };
    match action {
        Action::NextField => form.step(1),
        Action::PreviousField => form.step(-1),
        Action::Accept if form.field != FreeField::Found => match form.times() {
            [] => form.step(1),
            // Enter goes to the times, wherever one stands in the form.
            _ => form.field = FreeField::Found,
        },
        Action::Accept | Action::Save => return go(model),
        _ => {}
    }
    Vec::new()
}

/// Goes to the selected time, marks it and opens the booking form there; the list stays beneath, for
/// the next time where this one does not suit.
fn go(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Free(form)) = model.overlays.last() else { return Vec::new() };
    let Some(time) = form.times().get(form.selected).cloned() else { return Vec::new() };
    let template = form.template.clone();
    let start = time.interval.start();
    let mut effects = grid::show_time(model, time.practitioner, start);
    let from = start.minute_of_day();
    let to = Minutes(from.0 + time.interval.length().0);
    let date = start.date();
    let block = Block { first: date, last: date, from, to };
    model.marking = Some(Marking::Exact { block, between: None, grip: Grip::Held });
    count_marking(model);
    if model.may(Permission::BookingEdit) {
        effects.extend(booking::open(model, booking::Subject::Template(template)));
    } else {
        model.overlays.pop();
    }
    effects
}
