//! The ADO.NET connection string that administrators have at hand: `Server=host,1433;Database=…`.

use std::path::PathBuf;

use super::server::{
    DatabasePassword, Encryption, Instance, LogIn, ServerLocation, Trust, host_of, port_of,
};
use crate::store::error::StoreError;
use crate::store::server_error::{BadLocation, unknown_setting};

/// Keywords that say nothing this program would do otherwise.
const PASSED_OVER: &[&str] = &[
    "application name",
    "app",
    "applicationintent",
    "command timeout",
    "connect timeout",
    "connection timeout",
    "connectretrycount",
    "connectretryinterval",
    "max pool size",
    "min pool size",
    "multipleactiveresultsets",
    "multisubnetfailover",
    "persist security info",
    "pooling",
    "workstation id",
];

/// Whether a text is meant as such a string.
pub(super) fn is_one(text: &str) -> bool {
    let key = text.split_once('=').map(|(key, _)| key.trim().to_ascii_lowercase());
    key.is_some_and(|key| {
        let known = ["server", "data source", "database", "initial catalog", "user id", "encrypt"];
        known.contains(&key.as_str()) || PASSED_OVER.contains(&key.as_str())
    })
}

/// Reads the string.
pub(super) fn parse(text: &str) -> Result<ServerLocation, StoreError> {
    Ok(read(text)?)
}

#[derive(Default)]
struct Said {
    server: Option<String>,
    database: Option<String>,
    user: Option<String>,
    windows: bool,
    encryption: Option<Encryption>,
    anyone: bool,
    ca: Option<PathBuf>,
}

fn read(text: &str) -> Result<ServerLocation, BadLocation> {
    let mut said = Said::default();
    for (key, value) in pairs(text)? {
        said.take(&key, value)?;
    }
    let named = said.server.ok_or(BadLocation::NoHost)?;
    let (host, instance) = server(&named)?;
    let log_in = match said.user {
        Some(user) if !said.windows => LogIn::Sql { user, password: DatabasePassword::default() },
        _ => LogIn::Windows,
    };
    let database = said.database.filter(|name| !name.is_empty());
    let database = database.ok_or(BadLocation::NoDatabase)?;
    let mut location = ServerLocation::new(host_of(host)?, database, log_in);
    location.instance = instance.unwrap_or(location.instance);
    location.encryption = said.encryption.unwrap_or_default();
    location.trust = match (said.anyone, said.ca) {
        (true, Some(_)) => return Err(BadLocation::TwoTrusts),
        (true, None) => Trust::Anyone,
        (false, Some(path)) => Trust::Also(path),
        (false, None) => Trust::Machine,
    };
    Ok(location)
}

impl Said {
    fn take(&mut self, key: &str, value: String) -> Result<(), BadLocation> {
        let wrong = || BadLocation::Value { name: key.to_owned() };
        let flag = || match value.to_ascii_lowercase().as_str() {
            "true" | "yes" | "sspi" => Ok(true),
            "false" | "no" => Ok(false),
            _ => Err(wrong()),
        };
        match key {
            "server" | "data source" | "addr" | "address" => self.server = Some(value),
            "database" | "initial catalog" => self.database = Some(value),
            "user id" | "uid" | "user" if value.is_empty() => return Err(wrong()),
            "user id" | "uid" | "user" => self.user = Some(value),
            "password" | "pwd" => return Err(BadLocation::HoldsPassword),
            "integrated security" | "trusted_connection" => self.windows = flag()?,
            "encrypt" => {
                self.encryption = Some(Encryption::from_word(&value).ok_or_else(wrong)?);
            }
            "trustservercertificate" | "trust server certificate" => self.anyone = flag()?,
            "servercertificate" | "server certificate" => self.ca = Some(PathBuf::from(value)),
            key if PASSED_OVER.contains(&key) => {}
            key => return Err(unknown_setting(key)),
        }
        Ok(())
    }
}

/// `tcp:host,port` or `host\instance`.
fn server(text: &str) -> Result<(&str, Option<Instance>), BadLocation> {
    let text = text.strip_prefix("tcp:").unwrap_or(text);
    let (name, port) = text.split_once(',').map_or((text, None), |(name, port)| (name, Some(port)));
    let (host, instance) =
        name.split_once('\\').map_or((name, None), |(host, named)| (host, Some(named)));
    let host = match host.trim() {
        "." | "(local)" => "localhost",
        host => host,
    };
    let port = port.map(|port| port_of(port.trim())).transpose()?;
    // A port that is given goes before the name, as elsewhere.
    let instance = match (port, instance) {
        (Some(port), _) => Some(Instance::Port(port)),
        (None, Some(name)) => Some(Instance::Named(name.to_owned())),
        (None, None) => None,
    };
    Ok((host, instance))
}

/// Keys in small letters with their values; a value may stand in quotes, doubled inside.
fn pairs(text: &str) -> Result<Vec<(String, String)>, BadLocation> {
    let mut pairs = Vec::new();
    let mut rest = text.trim_start_matches([';', ' ']);
    while !rest.is_empty() {
        let (key, after) = rest.split_once('=').ok_or(BadLocation::Form)?;
        let after = after.trim_start();
        let (value, after) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => quoted(&after[1..], quote)?,
            _ => {
                let end = after.find(';').unwrap_or(after.len());
                (after[..end].trim().to_owned(), &after[end..])
            }
        };
        pairs.push((key.trim().to_ascii_lowercase(), value));
        rest = after.trim_start_matches([';', ' ']);
    }
    Ok(pairs)
}

fn quoted(text: &str, quote: char) -> Result<(String, &str), BadLocation> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let (part, after) = rest.split_once(quote).ok_or(BadLocation::Form)?;
        value.push_str(part);
        match after.strip_prefix(quote) {
            Some(more) => {
                value.push(quote);
                rest = more;
            }
            None => return Ok((value, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_administrators_string_says_the_same_as_the_url() {
        let text = "Server=tcp:db.klinik.se,1444;Initial Catalog='Tid;bok';User ID=\"a\"\"b\";\
                    Encrypt=Strict;Connection Timeout=30;";
        assert!(is_one(text));
        let read = read(text).unwrap();
        let url = "sqlserver://a%22b@db.klinik.se:1444/Tid%3Bbok?encrypt=strict";
        assert_eq!(read.to_string(), url);
    }

    #[test]
    fn an_instance_and_the_account_one_runs_as() {
        let read = read("Data Source=.\\OPUS;Database=d;Integrated Security=SSPI").unwrap();
        assert_eq!(read.server(), "localhost\\OPUS");
        assert_eq!(read.log_in, LogIn::Windows);
    }

    #[test]
    fn what_is_wrong_in_the_string_is_named_and_the_password_is_not() {
        for (text, wrong) in [
            ("Server=h;Database=d;User ID=u;Password=hemligt", BadLocation::HoldsPassword),
            ("Server=h;User ID=u", BadLocation::NoDatabase),
            ("Server=h;Database=;User ID=u", BadLocation::NoDatabase),
            ("Server=h;Database=d;User ID=", BadLocation::Value { name: "user id".into() }),
            ("Server=a/b;Database=d", BadLocation::Host),
            ("Server=h,0;Database=d", BadLocation::Port),
            ("Database=d;User ID=u", BadLocation::NoHost),
            ("Server=h,x;Database=d", BadLocation::Port),
            ("Server=h;Database='d", BadLocation::Form),
            ("Server=h;Database=d;Encrypt=maybe", BadLocation::Value { name: "encrypt".into() }),
            (
                "Server=h;Database=d;Authentication=x",
                BadLocation::Unknown { name: "authentication".into() },
            ),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error, wrong, "{text}");
            assert!(!error.to_string().contains("hemligt"));
        }
    }
}
