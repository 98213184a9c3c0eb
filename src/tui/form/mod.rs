//! A form: fields in one column, each with a control, its help and its fault. State only; knows
//! nothing of what it is filled in for. Pure.
//!
//! `K` names the fields, `V` is what can be chosen in them.

mod control;
mod many;
mod one;
mod picks;

pub use control::{Answer, Control, Item};
pub use many::ManyOf;
pub use one::OneOf;
pub use picks::{Pane, PickList};

use crossterm::event::KeyEvent;
use unicode_normalization::UnicodeNormalization;

use super::dialogs::Edited;

/// Whether what a field holds is somebody's own, and not for everybody's eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    Open,
    Personal,
}

/// A field of a form.
#[derive(Clone)]
pub struct FormField<K, V> {
    pub key: K,
    pub label: &'static str,
    /// What to know when filling it in.
    pub help: &'static str,
    pub control: Control<V>,
    pub privacy: Privacy,
    /// What is wrong with it; stays until the field is edited.
    pub fault: Option<String>,
    /// Why it can't be changed at all.
    pub locked: Option<String>,
    /// What another field must hold first.
    pub needs: Option<Need<K, V>>,
}

/// Another field must hold this before a field can be filled in.
#[derive(Clone)]
pub struct Need<K, V> {
    pub key: K,
    pub answer: Answer<V>,
    /// Said where it does not.
    pub otherwise: &'static str,
}

impl<K, V> FormField<K, V> {
    /// A field that can be filled in.
    pub fn new(key: K, label: &'static str, help: &'static str, control: Control<V>) -> Self {
        let privacy = Privacy::Open;
        Self { key, label, help, control, privacy, fault: None, locked: None, needs: None }
    }

    /// Hidden where the screen hides names.
    pub fn personal(self) -> Self {
        Self { privacy: Privacy::Personal, ..self }
    }

    /// Only once another field holds an answer.
    pub fn needing(self, key: K, answer: Answer<V>, otherwise: &'static str) -> Self {
        Self { needs: Some(Need { key, answer, otherwise }), ..self }
    }

    /// Grey with a reason, if there is one.
    pub fn locked(self, reason: Option<String>) -> Self {
        Self { locked: reason, ..self }
    }
}

/// Fields to fill in, one of which has the focus.
#[derive(Clone)]
pub struct Form<K, V> {
    fields: Vec<FormField<K, V>>,
    focus: usize,
    /// What the fields held when nothing had been edited yet.
    unedited: Vec<Answer<V>>,
}

impl<K: Copy + PartialEq, V: Clone + PartialEq> Form<K, V> {
    /// A form with its first field focused.
    pub fn new(fields: Vec<FormField<K, V>>) -> Self {
        let unedited = fields.iter().map(|field| field.control.answer()).collect();
        Self { fields, focus: 0, unedited }
    }

    /// The fields in order.
    pub fn fields(&self) -> &[FormField<K, V>] {
        &self.fields
    }

    /// Index of the field that has the focus.
    pub fn focus(&self) -> usize {
        self.focus
    }

    /// The field that has the focus.
    pub fn focused(&self) -> Option<&FormField<K, V>> {
        self.fields.get(self.focus)
    }

    /// Why a field can't be changed now, if so.
    pub fn locked(&self, field: &FormField<K, V>) -> Option<String> {
        let unmet = field
            .needs
            .as_ref()
            .filter(|need| self.answer(need.key).is_some_and(|answer| answer != need.answer));
        field.locked.clone().or_else(|| unmet.map(|need| need.otherwise.to_owned()))
    }

    /// Gives a field the focus, where the form has it.
    pub fn focus_on(&mut self, key: K) {
        let at = self.fields.iter().position(|field| field.key == key);
        self.go(at.unwrap_or(self.focus));
    }

    /// Gives the field at an index the focus.
    fn go(&mut self, to: usize) {
        if let Some(left) = self.fields.get_mut(self.focus).filter(|_| to != self.focus) {
            left.control.rest();
        }
        self.focus = to;
    }

    /// What a field holds; `None` where the form has no such field.
    pub fn answer(&self, key: K) -> Option<Answer<V>> {
        self.field(key).map(|field| field.control.answer())
    }

    fn field(&self, key: K) -> Option<&FormField<K, V>> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The text of a field, trimmed and with its letters composed, so that an å pasted as two
    /// characters is an å; as it was where nothing in it has been edited. Empty where there is no such
    /// field.
    pub fn text(&self, key: K) -> String {
        let mut fields = self.fields.iter().zip(&self.unedited);
        let found = fields.find(|(field, _)| field.key == key);
        match found.map(|(field, unedited)| (field.control.answer(), unedited)) {
            Some((Answer::Text(text), Answer::Text(unedited))) if text == *unedited => text,
            Some((Answer::Text(text), _)) => text.trim().nfc().collect(),
            _ => String::new(),
        }
    }

    /// The text of a field; `None` where it is empty.
    pub fn optional_text(&self, key: K) -> Option<String> {
        Some(self.text(key)).filter(|text| !text.is_empty())
    }

    /// Whether a field says yes.
    pub fn yes(&self, key: K) -> bool {
        self.answer(key) == Some(Answer::YesNo(true))
    }

    /// What is chosen in a field.
    pub fn one(&self, key: K) -> Option<V> {
        match self.answer(key) {
            Some(Answer::One(chosen)) => chosen,
            _ => None,
        }
    }

    /// What is chosen in a field of many, in its order.
    pub fn many(&self, key: K) -> Vec<V> {
        match self.answer(key) {
            Some(Answer::Many(chosen)) => chosen,
            _ => Vec::new(),
        }
    }

    /// Whether something has been edited.
    pub fn is_edited(&self) -> bool {
        let now = self.fields.iter().map(|field| field.control.answer());
        !now.eq(self.unedited.iter().cloned())
    }

    /// Moves to a neighbouring field, around the ends.
    pub fn step(&mut self, steps: isize) {
        let count = isize::try_from(self.fields.len()).unwrap_or(1).max(1);
        let at = isize::try_from(self.focus).unwrap_or(0);
        self.go(usize::try_from((at + steps).rem_euclid(count)).unwrap_or(0));
    }

    /// Moves within the field by an arrow key, or to the neighbouring field at its end.
    pub fn step_within(&mut self, steps: isize) {
        let locked = self.focused().is_none_or(|field| self.locked(field).is_some());
        let moved = !locked
            && self.fields.get_mut(self.focus).is_some_and(|field| field.control.move_by(steps));
        if !moved {
            self.step(steps);
        }
    }

    /// Edits the focused field by a key; answers why not where it can't be changed.
    ///
    /// # Errors
    /// The reason why the field is locked.
    pub fn press(&mut self, key: KeyEvent) -> Result<(), String> {
        self.edit_focused(|control| control.press(key))
    }

    /// Pastes into the focused field.
    ///
    /// # Errors
    /// The reason why the field is locked.
    pub fn paste(&mut self, text: &str) -> Result<(), String> {
        self.edit_focused(|control| control.paste(text))
    }

    fn edit_focused(&mut self, edit: impl Fn(&mut Control<V>) -> Edited) -> Result<(), String> {
        let locked = self.focused().and_then(|field| self.locked(field));
        if let Some(reason) = locked {
            return Err(reason);
        }
        if let Some(field) = self.fields.get_mut(self.focus)
            && edit(&mut field.control) == Edited::Yes
        {
            field.fault = None;
        }
        Ok(())
    }

    /// Puts faults at their fields and the cursor on the first of them; answers those that belong to
    /// no field here.
    pub fn show_faults(&mut self, faults: Vec<(K, String)>) -> Vec<String> {
        let mut homeless = Vec::new();
        for field in &mut self.fields {
            field.fault = None;
        }
        for (key, text) in faults {
            match self.fields.iter_mut().find(|field| field.key == key) {
                Some(field) => {
                    field.fault.get_or_insert(text);
                }
                None => homeless.push(text),
            }
        }
        if let Some(first) = self.fields.iter().position(|field| field.fault.is_some()) {
            self.go(first);
        }
        homeless
    }

    /// The fields whose answers differ between this form and another of the same kind.
    pub fn differences<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (&'a FormField<K, V>, &'a FormField<K, V>)> {
        self.fields.iter().filter_map(|own| {
            let others = other.field(own.key)?;
            (own.control.answer() != others.control.answer()).then_some((own, others))
        })
    }

    /// Offers from now on what a form of the same kind offers; what is held and what has the focus stay.
    pub fn offer_as(&mut self, other: Self) {
        for (field, offered) in self.fields.iter_mut().zip(other.fields) {
            field.control.offer_as(offered.control);
        }
    }

    /// Takes over what has been edited in another form of the same kind; everything else stays.
    pub fn take_edits_of(&mut self, other: &Self) {
        for (field, unedited) in other.fields.iter().zip(&other.unedited) {
            let answer = field.control.answer();
            if answer != *unedited
                && let Some(own) = self.fields.iter_mut().find(|own| own.key == field.key)
            {
                own.control.take(&answer);
            }
        }
    }
}

#[cfg(test)]
mod tests;
