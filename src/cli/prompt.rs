//! A question on standard error, answered with a line of standard input.

use std::io::{Write, stderr, stdin};

use super::Failure;

/// The answer, without white space around it; `None` where none is to come any more.
pub(super) fn ask(question: &str) -> Result<Option<String>, Failure> {
    let mut line = String::new();
    let asked = write!(stderr(), "{question}").and_then(|()| stdin().read_line(&mut line));
    match asked {
        Ok(0) => Ok(None),
        Ok(_) => Ok(Some(line.trim().to_owned())),
        Err(error) => Err(Failure::Usage(error.to_string())),
    }
}
