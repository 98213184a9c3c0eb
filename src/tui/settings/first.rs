//! The first start: what a new clinic still lacks, in the order in which it is set up. Pure.

use crate::domain::{Permission, Signature, User, is_administered};
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

/// Whether a section has what it must have: a user must be there who manages users and can sign in.
pub fn is_done(model: &Model, section: Section) -> bool {
    match section {
        Section::Organisations => !model.setup.organisations.is_empty(),
        Section::Companies => !model.setup.companies.is_empty(),
        Section::Practitioners => !model.setup.practitioners.is_empty(),
        Section::Users => is_administered(&model.users, model.access.sign_in),
        _ => true,
    }
}

/// An active user who manages users, though none of them can sign in yet.
pub fn shut_out(model: &Model) -> Option<&Signature> {
    let manages = |user: &&User| user.active && user.may(Permission::UsersManage);
    let found = model.users.values().find(manages)?;
    (!is_done(model, Section::Users)).then_some(&found.signature)
}
