//! What signing in and new passwords are refused with.

use crate::clinic::{BadPassword, PasswordError, SHORTEST_PASSWORD, SignInError};
use crate::domain::Setup;

use super::{Language, clinic_error, store_error};

/// Why somebody is not signed in.
pub fn sign_in_error(language: Language, error: &SignInError) -> String {
    match error {
        SignInError::Wrong => language
            .pick(
                "signaturen eller lösenordet är fel; en administratör kan sätta ett nytt lösenord",
                "signature or password is wrong; an administrator can set a new password",
            )
            .to_owned(),
        SignInError::Locked { seconds } => language.pick(
            format!("för många misslyckade försök; försök igen om {seconds} sekunder"),
            format!("too many failures; try again in {seconds} seconds"),
        ),
        SignInError::Store(error) => store_error(language, error),
    }
}

/// Why a password can't be kept.
pub fn bad_password(language: Language, error: BadPassword) -> String {
    match (language, error) {
        (Language::English, error) => error.to_string(),
        (Language::Swedish, BadPassword::TooShort) => {
            format!("ett lösenord har minst {SHORTEST_PASSWORD} tecken")
        }
        (Language::Swedish, BadPassword::TooLong) => "lösenordet är för långt".to_owned(),
        (Language::Swedish, BadPassword::NoRandomNumbers) => {
            "operativsystemet ger inga slumptal".to_owned()
        }
    }
}

/// Why a password has not been changed.
pub fn password_error(language: Language, error: &PasswordError, setup: &Setup) -> String {
    match error {
        PasswordError::Bad(error) => bad_password(language, *error),
        PasswordError::Old(SignInError::Wrong) => language
            .pick("det nuvarande lösenordet är fel", "the current password is wrong")
            .to_owned(),
        PasswordError::Old(error) => sign_in_error(language, error),
        PasswordError::Clinic(error) => clinic_error(language, error, setup),
    }
}
