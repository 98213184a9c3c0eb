//! The settings check (*Inställningskontroll*): what it finds in the set-up as loaded, as a list.

use crate::domain::{Finding, check};
use crate::texts::{finding, finding_subject, severity_name};
use crate::tui::dialogs::{Choice, Entry, Menu, Overlay};
use crate::tui::message::Effect;
use crate::tui::model::Model;
use crate::tui::sanitise::{fit, width};

/// Columns that a list takes at most on a wide screen.
const WIDEST: u16 = 100;
/// Columns that the frame, the digit and the gaps of a list take beside its texts.
const BESIDE: usize = 12;

/// Opens the list of findings, the gravest first; Enter on one tells where to mend it.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let findings = check(&model.setup, &model.users, model.now.date());
    let entries = findings.into_iter().map(|found| entry(model, found)).collect();
    let texts = model.texts();
    let menu = Menu::new(texts.check_title, entries, texts.nothing_to_remark);
    model.overlays.push(Overlay::Menu(menu));
    Vec::new()
}

/// `Fel R3 Preblocket E-tid`, and what is the matter as far as there is room.
fn entry(model: &Model, found: Finding) -> Entry {
    let text = format!(
        "{} {} {}",
        severity_name(model.language, found.severity()),
        found.rule(),
        finding_subject(model.language, &found.subject, &model.setup)
    );
    let told = finding(model.language, &found, &model.setup);
    let room = usize::from(model.size.0.min(WIDEST)).saturating_sub(BESIDE + width(&text));
    Entry::new(Choice::Finding(Box::new(found)), text).right(fit(&told, room))
}
