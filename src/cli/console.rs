//! The console on a clinic.

use std::io::{IsTerminal, stdin, stdout};

use crate::store::OpenMode;
use crate::texts::Language;

use super::Failure;
use super::context::{Context, Entered};

pub(super) enum Clinics {
    Clinic,
    Demo,
}

pub(super) async fn run(context: &Context) -> Result<(), Failure> {
    require_terminal(context.language)?;
    open(context.enter(OpenMode::Existing).await?, Clinics::Clinic).await
}

/// Refused before anything is opened or made.
pub(super) fn require_terminal(language: Language) -> Result<(), Failure> {
    if stdin().is_terminal() && stdout().is_terminal() {
        return Ok(());
    }
    Err(Failure::Usage(
        language
            .pick(
                "konsolen behöver en terminal, men in- eller utmatningen går någon annanstans; \
                 för skript finns kommandon, se tidbok --help",
                "the console needs a terminal, but input or output goes elsewhere; \
                 for scripts there are commands, see tidbok --help",
            )
            .to_owned(),
    ))
}

pub(super) async fn open(entered: Entered, _: Clinics) -> Result<(), Failure> {
    entered.leave().await;
    Ok(())
}
