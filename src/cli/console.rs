//! The console on a clinic.

use std::io::{IsTerminal, stdin, stdout};

use crate::clinic::new_command_id;
use crate::store::OpenMode;
use crate::texts::Language;
use crate::tui::terminal::TerminalError;
use crate::tui::{self, ConsoleError, Options, Preferences, Purpose, looks};

use super::Failure;
use super::context::{Context, Entered};

pub(super) async fn run(context: &Context) -> Result<(), Failure> {
    require_terminal(context.language)?;
    open(context.enter(OpenMode::Existing).await?, Purpose::Clinic).await
}

/// Refused before anything is opened or made.
pub(super) fn require_terminal(language: Language) -> Result<(), Failure> {
    if stdin().is_terminal() && stdout().is_terminal() {
        return Ok(());
    }
    Err(no_terminal(language))
}

fn no_terminal(language: Language) -> Failure {
    Failure::Usage(
        language
            .pick(
                "konsolen behöver en terminal, men in- eller utmatningen går någon annanstans; \
                 för skript finns kommandon, se tidbok --help",
                "the console needs a terminal, but input or output goes elsewhere; \
                 for scripts there are commands, see tidbok --help",
            )
            .to_owned(),
    )
}

/// Opens the console; the database is closed when it has been left.
pub(super) async fn open(entered: Entered, purpose: Purpose) -> Result<(), Failure> {
    let language = entered.language;
    let env = |name: &str| std::env::var(name).ok();
    let options = Options {
        actor: entered.actor.clone(),
        language,
        palette: looks::palette(env),
        symbols: looks::symbols(env),
        preferences: Preferences::default(),
        purpose,
        practitioner: None,
        command_ids: Box::new(new_command_id),
    };
    let ran = tui::run(entered.clinic.clone(), options).await;
    entered.leave().await;
    ran.map_err(|error| failure(language, &error))
}

fn failure(language: Language, error: &ConsoleError) -> Failure {
    match error {
        ConsoleError::Terminal(TerminalError::NotATerminal) => no_terminal(language),
        ConsoleError::Terminal(TerminalError::Io(error)) => Failure::Usage(language.pick(
            format!("terminalen kan inte användas ({error}); pröva en annan"),
            format!("the terminal cannot be used ({error}); try another"),
        )),
        ConsoleError::BrokeDown => Failure::BrokeDown(
            language
                .pick(
                    "konsolen gick sönder; det som hade bekräftats är sparat",
                    "the console broke down; what had been confirmed is saved",
                )
                .to_owned(),
        ),
        ConsoleError::Unconfirmed(changes) => Failure::Store(language.pick(
            format!("{changes} ändring(ar) hann inte bekräftas; se efter om de blev gjorda"),
            format!("{changes} change(s) had not been confirmed; look whether they were made"),
        )),
    }
}
