//! What the server's errors mean for whoever asked. A server's own words may repeat stored values:
//! only the name of a constraint is taken from them.

use std::io::ErrorKind;

use tiberius::error::Error;

use crate::store::error::StoreError;
use crate::store::location::{LogIn, ServerLocation};
use crate::store::server_error::ServerError;

/// Met while connecting and signing in.
pub(super) fn connecting(error: &Error, location: &ServerLocation) -> StoreError {
    let server = location.server();
    let unreachable =
        |detail: String| ServerError::Unreachable { server: location.server(), detail };
    let told = match error {
        Error::Io { kind, message } => match told_of_certificate(message) {
            Some(detail) => ServerError::Certificate { server, detail },
            None if is_hanging_up(*kind) => ServerError::HungUp { server },
            None => unreachable(io_words(*kind).to_owned()),
        },
        Error::Tls(message) => ServerError::Certificate {
            server,
            detail: told_of_certificate(message).unwrap_or_else(|| first_words(message)),
        },
        Error::Protocol(message) if message.contains("encryption level") => {
            ServerError::Encryption { server, detail: "no TLS".to_owned() }
        }
        Error::Server(token) => match token.code() {
            18452 | 18456 | 18461 | 18470 | 18486 | 18487 | 18488 => {
                ServerError::LogIn { server, user: user(location) }
            }
            911 | 916 | 4060 | 4064 => {
                ServerError::NoDatabase { server, database: location.database.clone() }
            }
            // A server that has no number of its own for what is wrong with a login.
            33_557_097 if token.message().contains("authentication failed") => {
                ServerError::LogIn { server, user: user(location) }
            }
            33_557_097 if token.message().contains("does not exist") => {
                ServerError::NoDatabase { server, database: location.database.clone() }
            }
            code => unreachable(format!("{code}")),
        },
        _ => unreachable("no SQL Server answers there".to_owned()),
    };
    told.into()
}

fn user(location: &ServerLocation) -> String {
    match &location.log_in {
        LogIn::Sql { user, .. } => user.clone(),
        LogIn::Windows => "Windows".to_owned(),
    }
}

/// What is wrong with a certificate, out of the driver's words.
fn told_of_certificate(message: &str) -> Option<String> {
    let from = message.find("TLS handshake: ").map(|at| at + "TLS handshake: ".len());
    let from = from.or_else(|| message.find("invalid peer certificate"))?;
    Some(first_words(&message[from..]))
}

fn first_words(message: &str) -> String {
    let end = message.find(". ").or_else(|| message.find(" To connect")).unwrap_or(message.len());
    message[..end].trim_end_matches('.').chars().take(200).collect()
}

fn is_hanging_up(kind: ErrorKind) -> bool {
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(kind, BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

fn io_words(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ConnectionRefused => "nothing listens there",
        ErrorKind::TimedOut => "no answer",
        ErrorKind::NotFound => "no such host",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => "no way there",
        _ => "no such host, or no way there",
    }
}

/// Met while working.
pub(super) fn working(error: &Error) -> StoreError {
    let Error::Server(token) = error else { return StoreError::ConnectionLost };
    let message = token.message();
    match token.code() {
        // A deadlock's victim; a snapshot that was overtaken; nothing left to commit.
        1205 | 3960 | 3961 | 266 | 628 | 3902 | 3903 | 3930 | 3998 => StoreError::TransactionLost,
        2601 | 2627 => StoreError::Duplicate { what: constraint(message) },
        547 if !message.contains("CHECK") && !message.contains("check constraint") => {
            StoreError::BrokenReference
        }
        1222 => ServerError::Busy.into(),
        1101 | 1105 | 9002 => ServerError::Full.into(),
        3906 | 3908 | 978 => ServerError::ReadOnly.into(),
        229 | 230 | 262 | 297 | 300 | 2760 | 15247 => ServerError::NotPermitted.into(),
        // Shutting down, failing over, or in the middle of it.
        596 | 976 | 983 | 6005 | 6006 | 10_928 | 40_197 | 40_501 | 40_613 => {
            StoreError::ConnectionLost
        }
        // A server that has one number for all that it has none for.
        33_557_097 if message.contains("serialize access") => StoreError::TransactionLost,
        33_557_097 if message.contains("lock timeout") => ServerError::Busy.into(),
        33_557_097 if message.contains("terminating connection") => StoreError::ConnectionLost,
        33_557_097 if message.contains("permission denied") => ServerError::NotPermitted.into(),
        code => StoreError::Engine {
            code: i32::try_from(code).unwrap_or(i32::MAX),
            message: "see the database server's own log".to_owned(),
        },
    }
}

/// The first name in quotes: the constraint's, or the table's where an index keeps rows apart.
fn constraint(message: &str) -> String {
    let quoted = |quote: char| {
        let (_, rest) = message.split_once(quote)?;
        rest.split_once(quote).map(|(name, _)| name.to_owned())
    };
    quoted('\'').or_else(|| quoted('"')).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duplicate_names_the_constraint_and_not_the_value() {
        let message = "Violation of UNIQUE KEY constraint 'patient_personnummer'. Cannot insert \
                       duplicate key in object 'tidbok.patient'. The duplicate key value is \
                       (19121212-1212).";
        assert_eq!(constraint(message), "patient_personnummer");
        let message = "duplicate key value violates unique constraint \"patient_number\"";
        assert_eq!(constraint(message), "patient_number");
    }

    #[test]
    fn what_is_wrong_with_a_certificate_is_told_without_the_drivers_advice() {
        let message = "the server's certificate was rejected during the TLS handshake: \
                       UnknownIssuer. To connect anyway you can: (1) trust a specific CA";
        assert_eq!(told_of_certificate(message).as_deref(), Some("UnknownIssuer"));
        assert_eq!(told_of_certificate("unexpected end of file"), None);
    }

    #[test]
    fn a_connection_that_breaks_is_lost_and_says_so() {
        let cut = Error::Io { kind: ErrorKind::BrokenPipe, message: String::new() };
        assert!(matches!(working(&cut), StoreError::ConnectionLost));
    }
}
