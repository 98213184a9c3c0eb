//! The first start: what a new clinic still lacks, in the order in which it is set up. Pure.

use crate::domain::Permission;
use crate::tui::model::{Model, Phase};

use super::Section;

/// What has to be there before a book can be used, in order.
pub const STEPS: [Section; 4] =
    [Section::Organisations, Section::Companies, Section::Practitioners, Section::Users];

/// Whether there is no practitioner yet, so that there is no book to show.
pub fn is_new_clinic(model: &Model) -> bool {
    model.phase == Phase::Ready && model.setup.practitioners.is_empty()
}

/// The first section that lacks what it must have; `None` when all is there.
pub fn next_step(model: &Model) -> Option<Section> {
    STEPS.into_iter().find(|section| !is_done(model, *section))
}

/// Whether a section has what it must have: a user must be there who manages users.
pub fn is_done(model: &Model, section: Section) -> bool {
    match section {
        Section::Organisations => !model.setup.organisations.is_empty(),
        Section::Companies => !model.setup.companies.is_empty(),
        Section::Practitioners => !model.setup.practitioners.is_empty(),
        Section::Users => has_administrator(model),
        _ => true,
    }
}

/// Whether an active user manages users.
pub fn has_administrator(model: &Model) -> bool {
    model.users.values().any(|user| user.active && user.may(Permission::UsersManage))
}
