//! A database's name: a URL, an administrator's connection string or a file.

use tidbok::store::DatabaseLocation;

/// What a password is in the texts of this target.
const SECRET: &str = "hemligt";

pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match text.parse::<DatabaseLocation>() {
        Ok(location) => {
            let written = location.to_string();
            let read = written.parse::<DatabaseLocation>();
            assert_eq!(read.ok().as_ref(), Some(&location), "{text:?}: {written:?}");
        }
        Err(error) if holds_password(text) => {
            assert!(!error.to_string().contains(SECRET), "{text:?}: {error}");
        }
        Err(error) => assert!(!error.to_string().is_empty(), "{text:?}"),
    }
}

/// Whether the secret stands where a password does, and nowhere else.
fn holds_password(text: &str) -> bool {
    let mut parts = text.split(SECRET);
    let (Some(before), Some(_), None) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let key = before.trim_end().strip_suffix('=').map(|it| it.trim_end().to_ascii_lowercase());
    let is_key = key.is_some_and(|key| {
        let key = key.rsplit([';', '?', '&']).next().unwrap_or_default().trim();
        ["password", "pwd"].contains(&key)
    });
    is_key || (before.starts_with("sqlserver://") && before.ends_with(':'))
}
