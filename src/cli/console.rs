//! The console on a clinic.

use std::io::{IsTerminal, stdin, stdout};

use crate::clinic::new_command_id;
use crate::config::ThemeName;
use crate::store::OpenMode;
use crate::texts::Language;
use crate::tui::keymap::Keymap;
use crate::tui::looks::{self, Theme};
use crate::tui::terminal::TerminalError;
use crate::tui::{self, ConsoleError, Options, Palette, Preferences, Purpose, Symbols};

use super::Failure;
use super::context::{Context, Entered};

pub(super) async fn run(context: &Context) -> Result<(), Failure> {
    require_terminal(context.language)?;
    let looks = Looks::of(context)?;
    open(context.enter(OpenMode::Existing).await?, looks, Purpose::Clinic).await
}

/// How the console looks, and which keys it has.
pub(super) struct Looks {
    palette: Palette,
    symbols: Symbols,
    preferences: Preferences,
    keymap: Keymap,
}

impl Looks {
    /// As configured, else as the terminal tells.
    pub(super) fn of(context: &Context) -> Result<Self, Failure> {
        let env = |name: &str| std::env::var(name).ok();
        let settings = &context.settings;
        Ok(Self {
            palette: looks::themed(settings.theme.value.map(theme), env),
            symbols: match settings.ascii.value {
                Some(true) => Symbols::Ascii,
                Some(false) => Symbols::Unicode,
                None => looks::symbols(env),
            },
            preferences: Preferences { row_minutes: settings.row_minutes.value.minutes() },
            keymap: context.keymap()?,
        })
    }
}

fn theme(name: ThemeName) -> Theme {
    match name {
        ThemeName::Dark => Theme::Dark,
        ThemeName::Light => Theme::Light,
        ThemeName::Sixteen => Theme::Sixteen,
        ThemeName::Mono => Theme::Mono,
    }
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
pub(super) async fn open(entered: Entered, looks: Looks, purpose: Purpose) -> Result<(), Failure> {
    let language = entered.language;
    let options = Options {
        actor: entered.actor.clone(),
        language,
        palette: looks.palette,
        symbols: looks.symbols,
        preferences: looks.preferences,
        keymap: looks.keymap,
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
