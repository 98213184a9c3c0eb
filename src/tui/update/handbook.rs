//! The handbook: a list of its pages, and one to read.

use crate::texts::{Language, Topic};
use crate::tui::dialogs::{Choice, Entry, Menu, Overlay};
use crate::tui::message::Effect;
use crate::tui::model::Model;

/// Opens the list of pages.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let entries = entries(model).collect();
    let texts = model.texts();
    let menu = Menu::new(texts.handbook_title, entries, texts.no_entries);
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

/// A page to choose each, found by its title in either language.
pub(super) fn entries(model: &Model) -> impl Iterator<Item = Entry> + use<> {
    let language = model.language;
    Topic::ALL.iter().map(move |topic| {
        let titles = Language::ALL.map(|language| topic.title(language));
        Entry::new(Choice::Handbook(*topic), topic.title(language)).found_by(&titles.join(" "))
    })
}

/// Opens a page; the list stays below.
pub(super) fn read(model: &mut Model, topic: Topic) -> Vec<Effect> {
    model.overlays.push(Overlay::Handbook { topic, scroll: 0 });
    Vec::new()
}
