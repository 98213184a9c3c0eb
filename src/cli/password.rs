//! `tidbok password`: set a user's password. It is typed twice at the terminal, or stands on the first
//! line of standard input.

use std::io::{IsTerminal, stdin};

use crate::clinic::{Command, Password, PasswordHash, new_command_id};
use crate::domain::{CivilTime, Signature};
use crate::texts::{Language, bad_password};

use super::context::Context;
use super::{Failure, output};

#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Whose password; one's own where it is left out
    signature: Option<String>,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> Result<(), Failure> {
    // As long as nobody can sign in, the database's owner gives the first password.
    let entered = context.enter_console().await?;
    let language = context.language;
    let user = arguments.signature.as_deref().unwrap_or(entered.actor.signature());
    let user = Signature::new(user);
    let hash = new_hash(language)?;
    let command = Command::SetPassword { user: user.clone(), hash };
    let now: CivilTime = entered.setup.zone.civil(chrono::Utc::now());
    let done = entered.clinic.execute(&entered.actor, new_command_id(), &command, now).await;
    done.map_err(|error| entered.failure(&error))?;
    entered.leave().await;
    output::print(&language.pick(
        format!("{} har fått ett nytt lösenord.\n", output::plain(user.as_str())),
        format!("{} has a new password.\n", output::plain(user.as_str())),
    ))
    .map_err(|failure| failure.after_the_change(language))
}

fn new_hash(language: Language) -> Result<PasswordHash, Failure> {
    let typed = if stdin().is_terminal() { typed_twice(language)? } else { first_line()? };
    Password::new(typed).hash().map_err(|error| Failure::Usage(bad_password(language, error)))
}

fn typed_twice(language: Language) -> Result<String, Failure> {
    let ask = |prompt| {
        rpassword::prompt_password(prompt).map_err(|error| Failure::Usage(error.to_string()))
    };
    let typed = ask(language.pick("Nytt lösenord: ", "New password: "))?;
    if ask(language.pick("Samma igen: ", "The same again: "))? == typed {
        return Ok(typed);
    }
    let sentence = language.pick("de två lösenorden är olika", "the two passwords differ");
    Err(Failure::Usage(sentence.to_owned()))
}

fn first_line() -> Result<String, Failure> {
    let mut line = String::new();
    stdin().read_line(&mut line).map_err(|error| Failure::Usage(error.to_string()))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
