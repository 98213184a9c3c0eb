//! Signing in at the terminal: signature and password asked for there, or the password read from a
//! file that `TIDBOK_PASSWORD_FILE` names. Never from an argument.

use std::io::{IsTerminal, stdin};
use std::path::Path;

use chrono::Utc;

use crate::clinic::{Clinic, Password, SignInError};
use crate::domain::{Actor, Signature, is_reserved_signature};
use crate::texts;

use super::actor::NoActor;
use super::context::Context;
use super::{Failure, output, prompt};

/// The variable that names a file whose first line is the password.
const PASSWORD_FILE: &str = "TIDBOK_PASSWORD_FILE";

/// How often somebody at a terminal may try before the program ends.
const TRIES: usize = 3;

/// Finds out who it is: by the password file, else by asking until the password fits.
pub(super) async fn sign_in(context: &Context, clinic: &Clinic) -> Result<Actor, Failure> {
    let file = std::env::var_os(PASSWORD_FILE).filter(|_| !context.settings.restricted.value);
    if let Some(file) = file {
        let signature = context.user.clone().ok_or_else(|| no_signature(context))?;
        let tried = attempt(clinic, &signature, from_file(Path::new(&file))?).await;
        return tried.map_err(|error| failure(context, &error));
    }
    if !stdin().is_terminal() {
        return Err(Failure::Refused(NoActor::NotSignedIn.sentence(context.language)));
    }
    let mut tries = 1;
    loop {
        let signature = match &context.user {
            Some(signature) => signature.clone(),
            None => ask_signature(context)?,
        };
        let prompt = context.language.pick("Lösenord: ", "Password: ");
        let typed = rpassword::prompt_password(prompt);
        let typed = typed.map_err(|error| Failure::Usage(error.to_string()))?;
        match attempt(clinic, &signature, Password::new(typed)).await {
            Err(error @ SignInError::Wrong) if tries < TRIES => {
                output::note(&texts::sign_in_error(context.language, &error));
            }
            tried => return tried.map_err(|error| failure(context, &error)),
        }
        tries += 1;
    }
}

async fn attempt(
    clinic: &Clinic,
    signature: &str,
    password: Password,
) -> Result<Actor, SignInError> {
    if is_reserved_signature(signature) {
        return Err(SignInError::Wrong);
    }
    clinic.sign_in(&Signature::new(signature), password, Utc::now()).await
}

fn no_signature(context: &Context) -> Failure {
    let sentence = context.language.pick(
        "--user saknas: lösenordet kommer från en fil, men vems är det?",
        "--user is missing: the password comes from a file, but whose is it?",
    );
    Failure::Usage(sentence.to_owned())
}

fn ask_signature(context: &Context) -> Result<String, Failure> {
    let typed = prompt::ask(context.language.pick("Signatur: ", "Signature: "))?;
    typed.ok_or_else(|| Failure::Refused(NoActor::NotSignedIn.sentence(context.language)))
}

fn from_file(path: &Path) -> Result<Password, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
    Ok(Password::new(text.lines().next().unwrap_or_default().to_owned()))
}

fn failure(context: &Context, error: &SignInError) -> Failure {
    match error {
        SignInError::Store(error) => context.store_failure(error),
        SignInError::Wrong | SignInError::Locked { .. } => {
            Failure::Refused(texts::sign_in_error(context.language, error))
        }
    }
}
