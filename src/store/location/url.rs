//! `sqlserver://USER@HOST:PORT/DATABASE?encrypt=…`: the URL of a SQL Server's database.

use std::path::PathBuf;

use super::server::{
    DatabasePassword, Encryption, Instance, LogIn, ServerLocation, Trust, host_of, is_plain_name,
    port_of,
};
use crate::store::error::StoreError;
use crate::store::server_error::{BadLocation, unknown_setting};

/// Reads what follows `sqlserver:`.
pub(super) fn parse(rest: &str) -> Result<ServerLocation, StoreError> {
    Ok(read(rest)?)
}

fn read(rest: &str) -> Result<ServerLocation, BadLocation> {
    let rest = rest.strip_prefix("//").ok_or(BadLocation::Form)?;
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, database) = rest.split_once('/').ok_or(BadLocation::NoDatabase)?;
    let database = decoded(database).filter(|name| !name.is_empty());
    let database = database.ok_or(BadLocation::NoDatabase)?;
    let (log_in, host) = match authority.rsplit_once('@') {
        Some((user, host)) if !user.contains(':') => {
            let user = decoded(user).filter(|user| !user.is_empty()).ok_or(BadLocation::Form)?;
            (LogIn::Sql { user, password: DatabasePassword::default() }, host)
        }
        Some(_) => return Err(BadLocation::HoldsPassword),
        None => (LogIn::Windows, authority),
    };
    let (host, port) = host_and_port(host)?;
    let mut location = ServerLocation::new(host_of(host)?, database, log_in);
    if let Some(port) = port {
        location.instance = Instance::Port(port);
    }
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or(BadLocation::Form)?;
        let value = decoded(value).ok_or(BadLocation::Form)?;
        set(&mut location, name, value)?;
    }
    Ok(location)
}

/// `host`, `host:port`, `[::1]:port`.
fn host_and_port(text: &str) -> Result<(&str, Option<u16>), BadLocation> {
    let end_of_host = match text.strip_prefix('[') {
        Some(rest) => rest.find(']').ok_or(BadLocation::Form)? + 2,
        None => text.find(':').unwrap_or(text.len()),
    };
    let (host, after) = text.split_at(end_of_host);
    match after.strip_prefix(':') {
        Some(port) => Ok((host, Some(port_of(port)?))),
        None if after.is_empty() => Ok((host, None)),
        None => Err(BadLocation::Form),
    }
}

fn set(location: &mut ServerLocation, name: &str, value: String) -> Result<(), BadLocation> {
    let wrong = || BadLocation::Value { name: name.to_owned() };
    match name {
        "encrypt" => location.encryption = Encryption::from_word(&value).ok_or_else(wrong)?,
        "trust_server_certificate" => match (value.as_str(), &location.trust) {
            ("true", Trust::Also(_)) => return Err(BadLocation::TwoTrusts),
            ("true", _) => location.trust = Trust::Anyone,
            ("false", _) => {}
            _ => return Err(wrong()),
        },
        "ca" if location.trust == Trust::Anyone => return Err(BadLocation::TwoTrusts),
        "ca" => location.trust = Trust::Also(PathBuf::from(value)),
        "instance" => location.instance = Instance::Named(value),
        "schema" if is_plain_name(&value) => location.schema = value,
        "collation" if is_plain_name(&value) => location.collation = value,
        "schema" | "collation" => return Err(wrong()),
        "password" | "pwd" => return Err(BadLocation::HoldsPassword),
        _ => return Err(unknown_setting(name)),
    }
    Ok(())
}

/// Undoes `%41`; `None` where a `%` is followed by no two hexadecimal digits, or no text comes out.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let value = digit(rest.next())? * 16 + digit(rest.next())?;
        bytes.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// The text as it may stand in a URL's part.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The path as it may stand in a query: its slashes stay.
pub(super) fn encoded_path(path: &str) -> String {
    path.split('/').map(encoded).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_who_where_and_how_and_is_written_back_the_same() {
        let text =
            "sqlserver://tid%5Cbok@db.klinik.se:1444/Tidbok%20A?encrypt=strict&ca=/etc/ca.pem";
        let read = read(text.strip_prefix("sqlserver:").unwrap()).unwrap();
        assert_eq!(read.to_string(), text);
        assert_eq!(read.server(), "db.klinik.se:1444");
        let LogIn::Sql { user, .. } = &read.log_in else { panic!("a login") };
        assert_eq!((user.as_str(), read.database.as_str()), ("tid\\bok", "Tidbok A"));
    }

    #[test]
    fn an_address_keeps_its_brackets_and_a_path_what_would_end_it() {
        for text in [
            "sqlserver://u@[::1]:1433/d?encrypt=on",
            "sqlserver://[fe80::1]:1444/d?encrypt=on&ca=/etc/a%26b%25.pem",
        ] {
            let read = read(text.strip_prefix("sqlserver:").unwrap()).unwrap();
            assert_eq!(read.to_string(), text);
            assert!(read.server().starts_with('['), "{}", read.server());
        }
    }

    #[test]
    fn what_is_not_said_is_the_safe_choice() {
        let read = read("//host/d").unwrap();
        assert_eq!(read.encryption, Encryption::On);
        assert_eq!((read.trust, read.log_in), (Trust::Machine, LogIn::Windows));
        assert_eq!((read.instance, read.schema.as_str()), (Instance::Port(1433), "tidbok"));
    }

    #[test]
    fn what_is_wrong_in_a_url_is_named() {
        for (text, wrong) in [
            ("host/d", BadLocation::Form),
            ("//u:hemligt@host/d", BadLocation::HoldsPassword),
            ("//u@host/d?password=hemligt", BadLocation::HoldsPassword),
            ("//u@/d", BadLocation::NoHost),
            ("//u@[]/d", BadLocation::NoHost),
            ("//u@a b/d", BadLocation::Host),
            ("//u@[x:1]/d", BadLocation::Host),
            ("//u@[::1]1444/d", BadLocation::Form),
            ("//u@host", BadLocation::NoDatabase),
            ("//u@host/", BadLocation::NoDatabase),
            ("//u@host:x/d", BadLocation::Port),
            ("//u@host:0/d", BadLocation::Port),
            ("//u@host:+1/d", BadLocation::Port),
            ("//u@host/d?encrypt=maybe", BadLocation::Value { name: "encrypt".into() }),
            ("//u@host/d?schema=a;b", BadLocation::Value { name: "schema".into() }),
            ("//u@host/d?trust=1", BadLocation::Unknown { name: "trust".into() }),
            (
                "//u@host/d?sqlserver://u:hemligt@host/d=1",
                BadLocation::Unknown { name: "…".into() },
            ),
            ("//u@host/d?Password+hemligt=1", BadLocation::Unknown { name: "…".into() }),
            ("//u@host/d?trust_server_certificate=true&ca=x", BadLocation::TwoTrusts),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error, wrong, "{text}");
            assert!(!error.to_string().contains("hemligt"), "{text}");
        }
    }
}
