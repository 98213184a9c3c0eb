//! How a run of the program ends other than well: a sentence and an exit code.

use std::fmt;
use std::io;
use std::process::ExitCode;

use crate::clinic::ClinicError;
use crate::config::{BadPasswordSource, ConfigError};
use crate::domain::{Refusal, Setup};
use crate::store::StoreError;
use crate::texts::{self, Language};

use super::output;

/// Why the program did not do what was asked.
#[derive(Debug)]
pub enum Failure {
    /// A rule or a permission says no.
    Refused(String),
    /// Asked wrongly, or configured wrongly.
    Usage(String),
    /// The store is not reachable.
    Store(String),
    /// How it goes can't be told.
    Unknown(String),
    /// It does not go well; what was written tells of it.
    Unwell(u8),
    /// A part of the program panicked, and has told of it.
    BrokeDown(String),
    /// The answer could not be written.
    Output(io::Error),
    /// What was asked is done and will not be undone; only the answer could not be written.
    Unanswered(String),
    /// Whoever read the answer has had enough of it.
    ReaderGone,
}

impl Failure {
    /// A refusal in the user's language; names come from the set-up.
    pub(super) fn refusal(language: Language, refusal: &Refusal, setup: &Setup) -> Self {
        let told = texts::refusal(language, refusal, setup);
        let mut sentence = match refusal.rule() {
            Some(rule) => format!("{rule}: {told}"),
            None => told,
        };
        if matches!(refusal, Refusal::NeedsConfirmation(_)) {
            sentence
                .push_str(language.pick(" (bekräfta med --confirm)", " (confirm with --confirm)"));
        }
        Self::Refused(output::plain(&sentence))
    }

    /// A clinic's error in the user's language.
    pub(super) fn clinic(language: Language, error: &ClinicError, setup: &Setup) -> Self {
        match error {
            ClinicError::Refused(refusal) => Self::refusal(language, refusal, setup),
            ClinicError::Store(error) => Self::store(language, error),
        }
    }

    /// A store's error in the user's language.
    pub(super) fn store(language: Language, error: &StoreError) -> Self {
        Self::Store(output::plain(&texts::store_error(language, error)))
    }

    /// A configuration's error.
    pub(super) fn config(language: Language, error: &ConfigError) -> Self {
        Self::Usage(match error {
            ConfigError::Password(error) => output::plain(&bad_password_source(language, error)),
            ConfigError::OtherDatabase(name) => language.pick(
                format!(
                    "begränsat läge: här öppnas bara datorns databas; utelämna {name}, eller ange \
                     samma i båda"
                ),
                error.to_string(),
            ),
            ConfigError::Unrestricted => language.pick(
                "begränsat läge: datorns inställningsfil måste ange `database`, och `login` som \
                 os eller password"
                    .to_owned(),
                error.to_string(),
            ),
            ConfigError::NoHome => language
                .pick(
                    "ingen hemkatalog att ha en databas i: ange en med --database sqlite:SÖKVÄG",
                    "no home folder to keep a database in: name one with --database sqlite:PATH",
                )
                .to_owned(),
            ConfigError::Location(error) => texts::store_error(language, error),
            ConfigError::File(error) => error.to_string(),
        })
    }

    /// The same failure, where the change that was asked for had been made before it.
    pub(super) fn after_the_change(self, language: Language) -> Self {
        match self {
            Self::Output(error) => Self::Unanswered(language.pick(
                format!("ändringen är gjord, men svaret kunde inte skrivas: {error}"),
                format!("the change is made, but the answer could not be written: {error}"),
            )),
            failure => failure,
        }
    }

    /// Says it on standard error, if anybody listens, and gives the exit code: 0 done, 1 refused,
    /// 2 asked wrongly, 3 store not reachable.
    pub fn tell(&self) -> ExitCode {
        if !matches!(self, Self::ReaderGone | Self::Unwell(_)) {
            output::note(&format!("tidbok: {self}"));
        }
        match self {
            Self::ReaderGone => ExitCode::SUCCESS,
            Self::Refused(_) | Self::Output(_) | Self::Unanswered(_) => ExitCode::from(1),
            Self::Usage(_) => ExitCode::from(2),
            Self::Store(_) | Self::Unknown(_) => ExitCode::from(3),
            Self::Unwell(code) => ExitCode::from(*code),
            // As the language's runtime has it for a panic.
            Self::BrokeDown(_) => ExitCode::from(101),
        }
    }
}

/// English is the source's own.
fn bad_password_source(language: Language, error: &BadPasswordSource) -> String {
    let swedish = match error {
        BadPasswordSource::Variable { name } => {
            format!("{name} innehåller något som inte är text")
        }
        BadPasswordSource::File { path, detail } => {
            format!("databasens lösenord kan inte läsas från {} ({detail})", path.display())
        }
    };
    language.pick(swedish, error.to_string())
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(sentence)
            | Self::Usage(sentence)
            | Self::Store(sentence)
            | Self::Unanswered(sentence)
            | Self::Unknown(sentence)
            | Self::BrokeDown(sentence) => f.write_str(sentence),
            Self::Output(error) => write!(f, "standard output: {error}"),
            Self::ReaderGone | Self::Unwell(_) => Ok(()),
        }
    }
}
