//! What a field of a card holds, in words. Pure.

use crate::tui::form::{Answer, Control, Privacy};
use crate::tui::model::Model;
use crate::tui::sanitise::clean;

use super::CardField;

/// What a field holds, in words.
pub fn in_words(model: &Model, field: &CardField) -> String {
    let texts = model.form_texts();
    let named = |names: Vec<&str>| match names.is_empty() {
        true => texts.none.to_owned(),
        false => clean(&names.join(", ")).into_owned(),
    };
    match (&field.control, field.control.answer()) {
        (Control::One(one), _) => {
            named(one.chosen().map(|it| it.text.as_str()).into_iter().collect())
        }
        (Control::Many(many), _) => named(many.chosen().map(|it| it.text.as_str()).collect()),
        (Control::Picks(picks), _) => named(picks.chosen().map(|it| it.text.as_str()).collect()),
        (_, Answer::YesNo(true)) => texts.yes.to_owned(),
        (_, Answer::YesNo(false)) => texts.no.to_owned(),
        (Control::Number { .. }, Answer::Text(text)) if text.trim().is_empty() => {
            texts.none.to_owned()
        }
        (Control::Number { unit, .. }, Answer::Text(text)) => format!("{} {unit}", clean(&text)),
        (_, Answer::Text(text)) => format!("\"{}\"", shown(model, field, &text)),
        (_, Answer::One(_) | Answer::Many(_)) => String::new(),
    }
}

/// A text as the screen may show it: what is personal is dots where names are hidden (R22).
pub fn shown(model: &Model, field: &CardField, text: &str) -> String {
    match field.privacy {
        Privacy::Personal => model.personal(text),
        Privacy::Open => clean(text).into_owned(),
    }
}
