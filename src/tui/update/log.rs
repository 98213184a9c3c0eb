//! The history of one time: what happened to what lies under the cursor, or lay there.

use crate::clinic::{AuditEntry, LogQuestion};
use crate::tui::dialogs::{Choice, Entry, Menu, Overlay};
use crate::tui::logged;
use crate::tui::message::Effect;
use crate::tui::model::Model;

/// *Vem flyttade den?*: asks what happened to what lies on the cursor's row, or lay there.
pub(super) fn ask_about_cell(model: &mut Model) -> Vec<Effect> {
    let (Some(practitioner), Some(interval)) =
        (model.practitioner.clone(), model.cursor_interval())
    else {
        return Vec::new();
    };
    ask(model, LogQuestion::Time { practitioner, interval })
}

fn ask(model: &mut Model, question: LogQuestion) -> Vec<Effect> {
    let request = model.requests.next();
    model.requests.log = Some((request, question.clone()));
    vec![Effect::LoadLog { request, question }]
}

/// The entries arrived: a list that can be searched, whose entries lead to the time they tell of.
/// Where something else has been opened meanwhile, they are no longer wanted.
pub(super) fn arrived(
    model: &mut Model,
    question: &LogQuestion,
    entries: &[AuditEntry],
) -> Vec<Effect> {
    if !model.overlays.is_empty() {
        return Vec::new();
    }
    let LogQuestion::Time { interval, .. } = question else { return Vec::new() };
    let texts = model.texts();
    let moment = model.dates().moment(interval.start());
    let title = format!("{} · {moment}", texts.history_title);
    let lines = entries
        .iter()
        .map(|entry| {
            let choice =
                logged::place(entry).map_or(Choice::Close, |(id, at)| Choice::Time(id, at));
            Entry::new(choice, logged::line(model, entry))
        })
        .collect();
    model.overlays.push(Overlay::Menu(Menu::new(title, lines, texts.history_empty)));
    Vec::new()
}
