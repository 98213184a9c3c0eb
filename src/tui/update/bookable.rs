//! What staff can book at the marking: the menu of templates, and of categories for a booking without
//! one. What is chosen goes to the booking form.

use crate::domain::swedish;
use crate::tui::actions::Action;
use crate::tui::dialogs::{Choice, Entry, Menu, Overlay};
use crate::tui::disabled::disabled;
use crate::tui::message::Effect;
use crate::tui::model::{Model, Spread};

/// The templates of the effective list for staff, then a booking without one.
pub(super) fn entries(model: &Model) -> Vec<Entry> {
    let texts = model.texts();
    let Some(practitioner) = model.current_practitioner() else { return Vec::new() };
    let lacking = disabled(model, Action::Book);
    let mut entries: Vec<Entry> = model
        .setup
        .staff_templates(practitioner)
        .items
        .iter()
        .filter_map(|id| model.setup.templates.get(id))
        .map(|template| {
            let inactive = (!template.active).then(|| texts.inactive.to_owned());
            let text = format!("{} {}", texts.book_title, template.name);
            Entry::new(Choice::Template(template.id.clone()), text)
                .right(format!("{} min", template.minutes.minutes().0))
                .disabled(lacking.clone().or(inactive))
        })
        .collect();
    entries.push(
        Entry::new(Choice::Free, texts.book_free)
            .right(format!("{} min", model.block().minutes()))
            .disabled(lacking),
    );
    entries
}

/// The menu of what can be booked.
pub(super) fn open_menu(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts();
    let start = model.dates().moment(model.block().start());
    let whose = model.current_practitioner().filter(|_| model.spread == Spread::Day);
    let title = match whose {
        Some(practitioner) => format!("{} · {} {start}", texts.book_title, practitioner.name),
        None => format!("{} · {start}", texts.book_title),
    };
    let menu = Menu::new(title, entries(model), texts.no_templates);
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

/// The categories that a booking without a template can have.
pub(super) fn open_categories(model: &mut Model) -> Vec<Effect> {
    let texts = model.texts();
    let mut categories: Vec<_> = model.setup.categories.values().collect();
    categories.sort_by(|a, b| swedish::compare(&a.name, &b.name));
    let entries = categories
        .into_iter()
        .map(|category| Entry::new(Choice::Category(category.id.clone()), category.name.clone()))
        .collect();
    model.overlays.push(Overlay::Menu(Menu::new(
        texts.choose_category,
        entries,
        texts.no_categories,
    )));
    Vec::new()
}
