//! What a patient told on the booking page, in words. Pure.

use crate::domain::{DifferingContact, Identification, OfferedContacts};
use crate::texts;
use crate::tui::model::Model;

/// `Uppgifter från bokningssidan 23/11 10:12, ej e-leg`.
pub fn given(model: &Model, offered: &OfferedContacts) -> String {
    let at = offered.given_at;
    let day = model.dates().short(at.date(), model.now.date());
    let identified = match offered.identification {
        Identification::EId => model.texts().e_id,
        Identification::Unverified => model.texts().unverified,
    };
    format!("{} {day} {}, {identified}", model.language.patient_texts().offered, at.clock())
}

/// Field by field what stands on the card and what was given (R14), hidden where names are.
pub fn offer_lines(model: &Model, offered: &OfferedContacts) -> Vec<(String, String)> {
    let line = |differing: &DifferingContact| {
        let label = texts::field(model.language, differing.field);
        let before =
            differing.on_card.as_deref().map_or("–".to_owned(), |text| model.personal(text));
        (label.to_owned(), format!("{before} → {}", model.personal(&differing.given)))
    };
    offered.differing.iter().map(line).collect()
}
