//! The palette (`:`): every action of the grid and every place of the settings, found by their texts
//! in either language, the actions' ids and the manual's words.

use crate::texts::Language;
use crate::tui::actions::{Action, Context, Entry as Registered, in_context};
use crate::tui::dialogs::{Choice, Entry, Menu, Overlay};
use crate::tui::disabled::disabled;
use crate::tui::message::Effect;
use crate::tui::model::Model;
use crate::tui::settings::directory;

use super::handbook;

/// Opens the palette; what can't be done now stands in it, grey with the reason.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let mut entries: Vec<Entry> = in_context(Context::Grid)
        .filter(|registered| registered.action != Action::Palette)
        .map(|registered| entry(model, registered))
        .collect();
    entries.extend(directory(model));
    entries.extend(handbook::entries(model));
    let texts = model.texts();
    let menu = Menu::new(texts.palette_title, entries, texts.no_entries).best_first();
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

fn entry(model: &Model, registered: &Registered) -> Entry {
    let keys: Vec<String> = model
        .keymap
        .keys(Context::Grid, registered.action)
        .map(|chord| chord.to_string())
        .collect();
    let both = Language::ALL.map(|language| registered.text(language));
    Entry::new(Choice::Act(registered.action), registered.text(model.language))
        .right(keys.join(" "))
        .found_by(&format!("{} {} {}", both.join(" "), registered.id, registered.words))
        .disabled(disabled(model, registered.action))
}
