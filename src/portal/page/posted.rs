//! A form as a browser sent it: its fields by their names, and whether it was shown to whoever sends it.

use axum::body::Bytes;

use crate::domain::Personnummer;

use super::form::Typed;
use super::visit::Visit;
use super::words::Language;

/// The most fields that are looked at.
const MOST_FIELDS: usize = 40;

/// A form as it was sent.
pub struct Posted(Vec<(String, String)>);

impl Posted {
    /// Reads what a body says.
    pub fn read(body: &Bytes) -> Self {
        Self(form_urlencoded::parse(body).into_owned().take(MOST_FIELDS).collect())
    }

    /// What stands in a field; `None` where nothing does.
    pub fn of(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Turns to the language whose button was pressed; whether one was.
    pub fn turn(&self, visit: &mut Visit) -> bool {
        let language = self.of("language").and_then(Language::tagged);
        language.inspect(|language| visit.turn_to(*language)).is_some()
    }

    /// Whether it was shown to somebody else than whoever is logged in, or for somebody else. One that
    /// was filled in before logging in, for the same person, is theirs.
    pub fn is_for_another(&self, visit: &Visit) -> bool {
        let Some(who) = &visit.who else { return false };
        match self.of("seal") {
            Some(seal) => !who.sealed(Some(seal)),
            None => {
                let number = Personnummer::parse(&self.typed().number(), visit.today);
                number.ok().as_ref() != Some(&who.personnummer)
            }
        }
    }

    /// Whether it was shown to somebody who is logged in no more: it has no personnummer then.
    pub fn is_of_ended_log_in(&self, visit: &Visit) -> bool {
        visit.who.is_none() && self.of("seal").is_some()
    }

    /// The patient's details in it.
    pub fn typed(&self) -> Typed {
        Typed::read(self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }
}
