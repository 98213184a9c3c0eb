//! The program in place of a shell: as an account's login shell, or run by `sshd` with a command. Then
//! there is the console and nothing else.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::{CommandFactory, Parser};

use crate::config::Started;
use crate::texts::Language;

use super::context::Context;
use super::{Cli, Failure, Global, status};

impl Cli {
    /// Reads the arguments; in place of a shell there are none but a command that asks for the console.
    ///
    /// # Errors
    /// [`Failure::Refused`] for any other.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, Failure> {
        let arguments: Vec<OsString> = arguments.into_iter().collect();
        let name = arguments.first().cloned().unwrap_or_default();
        let rest = arguments.get(1..).unwrap_or_default();
        let as_login = name.as_encoded_bytes().starts_with(b"-");
        let as_shell = rest.first().is_some_and(|it| it == "-c");
        if !as_login && !as_shell {
            return Self::try_parse_from(&arguments).map_err(|error| wrong(&arguments, &error));
        }
        let mut cli = Self::parse_from([name.as_os_str()]);
        cli.global.started = Started::AsLoginShell;
        match rest {
            [] => Ok(cli),
            [_, command] if as_shell && asks_for_console(command, &name) => Ok(cli),
            _ => Err(Failure::Refused(refusal(cli))),
        }
    }
}

/// Says what was asked wrongly, and ends the program as the subcommand has it; help and version are
/// told there, too.
fn wrong(arguments: &[OsString], error: &clap::Error) -> Failure {
    let lenient = Cli::command().ignore_errors(true).try_get_matches_from(arguments);
    let of_status = lenient.is_ok_and(|found| found.subcommand_name() == Some("status"));
    if !(of_status && error.use_stderr()) {
        error.exit();
    }
    // There is nobody else to tell.
    let _ = error.print();
    Failure::Unwell(status::UNKNOWN)
}

/// Whether a command is the program itself, by its name or wherever it lies: `sshd` starts a shell by its
/// name alone.
fn asks_for_console(command: &OsStr, own: &OsStr) -> bool {
    let command = Path::new(command);
    command.as_os_str() == "tidbok" || command.file_name() == Path::new(own).file_name()
}

/// In the language that is configured, as far as that can be told.
fn refusal(cli: Cli) -> String {
    // Not restricted for this: a machine that is not set up for it says so in its own language.
    let global = Global { started: Started::AsCommand, ..cli.global };
    let language = Context::new(global).map_or(Language::default(), |it| it.language);
    language
        .pick(
            "här finns bara bokningskonsolen: logga in utan kommando (filöverföring och andra \
             program går inte)",
            "only the console is here: sign in without a command (there is no copying of files and \
             no other program)",
        )
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Started, String> {
        let read = Cli::read(arguments.iter().map(OsString::from));
        read.map(|cli| cli.global.started).map_err(|failure| failure.to_string())
    }

    #[test]
    fn in_place_of_a_shell_there_is_the_console_and_nothing_else() {
        let console = Ok(Started::AsLoginShell);
        assert_eq!(read(&["-tidbok"]), console);
        assert_eq!(read(&["tidbok", "-c", "tidbok"]), console);
        assert_eq!(read(&["konsol", "-c", "/usr/bin/konsol"]), console);
        for refused in [
            &["tidbok", "-c", "sh"][..],
            &["tidbok", "-c", ""],
            &["tidbok", "-c"],
            &["tidbok", "-c", "tidbok export"],
            &["tidbok", "-c", "tidbok; sh"],
            &["tidbok", "-c", "/usr/lib/openssh/sftp-server"],
            &["tidbok", "-c", "tidbok", "x"],
            &["-tidbok", "export"],
            &["-tidbok", "--database", "sqlite:mine.db"],
            &["-tidbok", "-c", "sh"],
        ] {
            assert!(read(refused).is_err_and(|said| said.contains("konsolen")), "{refused:?}");
        }
        assert_eq!(read(&["tidbok", "status"]), Ok(Started::AsCommand));
    }
}
