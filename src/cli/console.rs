//! The console on a clinic.

use std::io::{IsTerminal, stdin, stdout};

use crate::clinic::new_command_id;
use crate::config::ThemeName;
use crate::domain::Actor;
use crate::texts::Language;
use crate::tui::keymap::Keymap;
use crate::tui::looks::{self, Theme};
use crate::tui::terminal::TerminalError;
use crate::tui::{
    self, Access, ConsoleError, Options, Palette, Preferences, Purpose, Suspend, Symbols,
};

use super::context::Context;
use super::entered::Entered;
use super::{Failure, actor, output};

pub(super) async fn run(context: &Context) -> Result<(), Failure> {
    require_terminal(context.language)?;
    let looks = Looks::of(context)?;
    let entered = context.enter_console().await?;
    let access = match access(context, &entered).await {
        Ok(access) => access,
        Err(failure) => {
            entered.leave().await;
            return Err(failure);
        }
    };
    open(entered, looks, access, Purpose::Clinic).await
}

/// How the console was entered, and what is asked of it.
async fn access(context: &Context, entered: &Entered) -> Result<Access, Failure> {
    let settings = &context.settings;
    let users = entered.clinic.users().await.map_err(|error| entered.failure(&error))?;
    let lock_minutes = match settings.lock_minutes.value {
        // Whoever sets the clinic up has no password yet.
        Some(_) if actor::nobody_gets_in(settings.login.value, &users) => None,
        Some(minutes) => {
            require_password(entered)?;
            Some(minutes.minutes())
        }
        None => None,
    };
    Ok(Access {
        sign_in: actor::sign_in(settings.login.value),
        account: actor::os_account(),
        lock_minutes,
        suspend: match settings.restricted.value {
            true => Suspend::Off,
            false => suspend(),
        },
    })
}

/// A screen that locks by itself must be one that its user can open again.
fn require_password(entered: &Entered) -> Result<(), Failure> {
    let language = entered.language;
    let sentence = match &entered.actor {
        Actor::User(user) if user.password_hash.is_some() => return Ok(()),
        Actor::User(user) => {
            let signature = &user.signature;
            language.pick(
                format!(
                    "skärmen låses efter en stund (lock_minutes), men {signature} har inget \
                     lösenord att öppna den med: `tidbok password {signature}` sätter ett"
                ),
                format!(
                    "the screen locks after a while (lock_minutes), but {signature} has no password \
                     to open it with: `tidbok password {signature}` sets one"
                ),
            )
        }
        Actor::System | Actor::OnlineClient => language
            .pick(
                "skärmen låses efter en stund (lock_minutes), så konsolen behöver en användare med \
                 lösenord: ange en med --user",
                "the screen locks after a while (lock_minutes), so the console needs a user with a \
                 password: name one with --user",
            )
            .to_owned(),
    };
    Err(Failure::Refused(output::plain(&sentence)))
}

/// Where `sshd` or `login` started the program, nothing could take over while it is stopped.
#[cfg(unix)]
pub(super) fn suspend() -> Suspend {
    match nix::unistd::getsid(None) == Ok(nix::unistd::getpid()) {
        true => Suspend::Off,
        false => Suspend::Allowed,
    }
}

/// Windows has no such stopping.
#[cfg(not(unix))]
pub(super) fn suspend() -> Suspend {
    Suspend::Off
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
pub(super) async fn open(
    entered: Entered,
    looks: Looks,
    access: Access,
    purpose: Purpose,
) -> Result<(), Failure> {
    let language = entered.language;
    let options = Options {
        actor: entered.actor.clone(),
        language,
        palette: looks.palette,
        symbols: looks.symbols,
        preferences: looks.preferences,
        keymap: looks.keymap,
        purpose,
        access,
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
        ConsoleError::NotMade { changes, why } => Failure::Refused(output::plain(&language.pick(
            format!("{changes} ändring(ar) blev inte gjorda. {why}"),
            format!("{changes} change(s) were not made. {why}"),
        ))),
    }
}
