//! The finder (`/`): practitioners, patients and bookings in one list. State only. Pure.

use tui_input::Input;

use crate::clinic::Found;
use crate::domain::{Booking, Patient, Practitioner};

use super::dialogs::{SearchKey, Typed};
use super::message::RequestId;
use super::model::Model;

/// Fewest characters that patients and bookings are looked for by.
pub const SEARCH_FROM: usize = 2;

/// What has been typed, and what was found by it.
#[derive(Default)]
pub struct Finder {
    pub input: Input,
    pub found: Found,
    /// The request that will answer; other answers are stale.
    pub asked: Option<RequestId>,
    pub selected: usize,
    /// Why nothing was found out.
    pub error: Option<String>,
}

/// A line of the finder.
#[derive(Clone, Copy)]
pub enum Hit<'a> {
    Practitioner(&'a Practitioner),
    Patient(&'a Patient),
    Booking(&'a Booking),
}

impl Finder {
    /// What patients and bookings are looked for by, if it is long enough.
    pub fn sought(&self) -> Option<String> {
        let typed = self.input.value().trim();
        (typed.chars().count() >= SEARCH_FROM).then(|| typed.to_owned())
    }

    /// Everything found: practitioners the best match first, patients by name, bookings by time.
    pub fn hits<'a>(&'a self, model: &'a Model) -> Vec<Hit<'a>> {
        let mut hits: Vec<Hit<'a>> =
            self.practitioners(model).into_iter().map(Hit::Practitioner).collect();
        hits.extend(self.found.patients.iter().map(Hit::Patient));
        hits.extend(self.found.bookings.iter().map(Hit::Booking));
        hits
    }

    fn practitioners<'a>(&self, model: &'a Model) -> Vec<&'a Practitioner> {
        if self.input.value().trim().is_empty() {
            return Vec::new();
        }
        let typed = Typed::new(self.input.value());
        let all = model.setup.practitioners_by_name().into_iter();
        let mut found: Vec<_> = all
            .filter_map(|each| {
                let key = SearchKey::new(&format!("{} {}", each.name, each.signature));
                Some((!each.active, key.rank(&typed)?, each))
            })
            .collect();
        found.sort_by_key(|(inactive, rank, _)| (*inactive, *rank));
        found.into_iter().map(|(_, _, each)| each).collect()
    }
}
