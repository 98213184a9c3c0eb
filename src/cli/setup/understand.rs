//! How answers are understood: strictly, and with a sentence where they are not.

use std::net::{Ipv6Addr, SocketAddr};
use std::path::{Component, Path, PathBuf};

use reqwest::Url;

use crate::cli::portal::is_clinic_name;
use crate::config::LockMinutes;
use crate::mail::MailSettings;
use crate::portal::{BadToken, Token};
use crate::store::Instance;
use crate::texts::Language;

/// Folders that a service can't see, by `ProtectHome=` and `PrivateTmp=`.
const HIDDEN: [&str; 5] = ["/home", "/root", "/run/user", "/tmp", "/var/tmp"];

/// Understands answers, and says in a language what is wrong.
#[derive(Clone, Copy)]
pub(super) struct Understand(pub(super) Language);

impl Understand {
    fn wrong<T>(self, swedish: &str, english: &str) -> Result<T, String> {
        Err(self.0.pick(swedish, english).to_owned())
    }

    /// A file with its whole path, such as can stand in a unit file.
    pub(super) fn path(self, text: &str) -> Result<PathBuf, String> {
        let path = Path::new(text);
        let plain = |c: char| c.is_alphanumeric() || "/._-+@,".contains(c);
        let whole = path.is_absolute()
            && path.file_name().is_some()
            && !text.ends_with('/')
            && !path.components().any(|part| part == Component::ParentDir);
        if !whole || !text.chars().all(plain) {
            return self.wrong(
                "skriv hela sökvägen till en fil, som /srv/tidbok/fil, utan mellanslag",
                "write the whole path of a file, as /srv/tidbok/file, without spaces",
            );
        }
        Ok(path.to_owned())
    }

    /// The same, where the services of this machine can see it.
    pub(super) fn seen_path(self, text: &str) -> Result<PathBuf, String> {
        let path = self.path(text)?;
        if HIDDEN.iter().any(|hidden| path.starts_with(hidden)) {
            return self.wrong(
                "tjänsterna ser inte hemkataloger och tillfälliga mappar: välj en fil på annat ställe",
                "the services see neither home folders nor temporary ones: choose a file elsewhere",
            );
        }
        Ok(path)
    }

    /// A file that is there.
    pub(super) fn file(self, text: &str) -> Result<PathBuf, String> {
        let path = self.path(text)?;
        match std::fs::File::open(&path) {
            Ok(_) => Ok(path),
            Err(error) => Err(self.0.pick(
                format!("filen kan inte läsas ({error})"),
                format!("the file can't be read ({error})"),
            )),
        }
    }

    pub(super) fn lock_minutes(self, text: &str) -> Result<LockMinutes, String> {
        let minutes = text.parse::<i64>().ok().and_then(|it| LockMinutes::try_from(it).ok());
        minutes.map_or_else(
            || self.wrong("skriv 1 till 240, eller - för aldrig", "write 1 to 240, or - for never"),
            Ok,
        )
    }

    /// `host`, `host:port` or `host\instance`; an address of IPv6 stands in brackets.
    pub(super) fn server(self, text: &str) -> Result<(String, Option<Instance>), String> {
        let wrong = || {
            self.wrong(
                "skriv värden som db.klinik.se, db.klinik.se:1433 eller db.klinik.se\\OPUS",
                "write the host as db.klinik.se, db.klinik.se:1433 or db.klinik.se\\OPUS",
            )
        };
        let Some((host, rest)) = split_host(text) else { return wrong() };
        let mut letters = rest.chars();
        let instance = match (letters.next(), letters.as_str()) {
            (None, _) => None,
            (Some(':'), port) => match port.parse() {
                Ok(port) if port > 0 => Some(Instance::Port(port)),
                _ => return wrong(),
            },
            (Some('\\'), name) if is_name(name) => Some(Instance::Named(name.to_owned())),
            (Some(_), _) => return wrong(),
        };
        Ok((host.to_owned(), instance))
    }

    /// The host of a mail server.
    pub(super) fn host(self, text: &str) -> Result<String, String> {
        if is_host(text) {
            return Ok(text.to_owned());
        }
        self.wrong("skriv ett värdnamn som smtp.klinik.se", "write a host name as smtp.klinik.se")
    }

    pub(super) fn port(self, text: &str) -> Result<u16, String> {
        match text.parse() {
            Ok(port) if port > 0 => Ok(port),
            _ => self.wrong("skriv ett tal från 1 till 65535", "write a number from 1 to 65535"),
        }
    }

    /// A name without anything odd in it, of a database or a login.
    pub(super) fn name(self, text: &str) -> Result<String, String> {
        if text.chars().count() <= 128 {
            return Ok(text.to_owned());
        }
        self.wrong("högst 128 tecken", "128 characters at most")
    }

    /// The name of a clinic, as it stands in addresses.
    pub(super) fn clinic(self, text: &str) -> Result<String, String> {
        if is_clinic_name(text) {
            return Ok(text.to_owned());
        }
        self.wrong(
            "bara a–z, A–Z, siffror, - och _, eftersom det står i adresser; några namn är upptagna",
            "only a–z, A–Z, digits, - and _, since it stands in addresses; a few names are taken",
        )
    }

    pub(super) fn listen(self, text: &str) -> Result<SocketAddr, String> {
        match text.parse::<SocketAddr>() {
            Ok(at) if at.port() > 0 => Ok(at),
            _ => self.wrong(
                "skriv adress och port, som 127.0.0.1:8484, 0.0.0.0:443 eller [::]:443",
                "write address and port, as 127.0.0.1:8484, 0.0.0.0:443 or [::]:443",
            ),
        }
    }

    /// The address of a site, without a path; written without a slash at its end.
    pub(super) fn site(self, text: &str) -> Result<String, String> {
        match private(text) {
            Some(url) if url.path() == "/" && url.query().is_none() => {
                Ok(text.trim_end_matches('/').to_owned())
            }
            _ => self.wrong(
                "skriv en adress som https://boka.klinik.se, utan sökväg",
                "write an address as https://boka.klinik.se, without a path",
            ),
        }
    }

    /// An address whose way is private, with or without a path.
    pub(super) fn address(self, text: &str) -> Result<String, String> {
        match private(text) {
            Some(_) => Ok(text.to_owned()),
            None => self.wrong(
                "skriv en adress som börjar med https:// (http:// går bara till den här datorn)",
                "write an address that begins with https:// (http:// only to this machine)",
            ),
        }
    }

    /// The address of a booking page's server.
    pub(super) fn portal(self, text: &str) -> Result<String, String> {
        match private(text) {
            Some(url) if url.path().len() > 1 && url.query().is_none() => Ok(text.to_owned()),
            _ => self.wrong(
                "skriv en adress som https://boka.klinik.se/fhir/storgatan (http:// går bara till den \
                 här datorn)",
                "write an address as https://boka.klinik.se/fhir/storgatan (http:// only to this \
                 machine)",
            ),
        }
    }

    /// A token of an agent.
    pub(super) fn token(self, text: &str) -> Result<(), String> {
        match Token::new(text) {
            Err(BadToken::Blank) => {
                self.wrong("ett token har inga mellanslag", "a token has no spaces in it")
            }
            Err(BadToken::TooShort) => {
                self.wrong("ett token har minst 24 tecken", "a token has 24 characters or more")
            }
            Err(BadToken::NotAscii) => self.wrong(
                "ett token har bara tecken ur ASCII, inte å, ä och ö",
                "a token has characters of ASCII only",
            ),
            Ok(_) => Ok(()),
        }
    }

    /// Whom messages come from: `Name <address>` or an address.
    pub(super) fn sender(self, text: &str) -> Result<String, String> {
        if MailSettings::is_mailbox(text) {
            return Ok(text.to_owned());
        }
        self.wrong(
            "skriv en adress som info@klinik.se eller Tandvården <info@klinik.se>",
            "write an address as info@klinik.se or Tandvården <info@klinik.se>",
        )
    }
}

/// A host, or an address of IPv6 without its brackets, and what follows on it.
fn split_host(text: &str) -> Option<(&str, &str)> {
    match text.strip_prefix('[') {
        Some(bracketed) => {
            bracketed.split_once(']').filter(|(address, _)| address.parse::<Ipv6Addr>().is_ok())
        }
        None => {
            let end = text.find([':', '\\']).unwrap_or(text.len());
            Some(text.split_at(end)).filter(|(host, _)| is_host(host))
        }
    }
}

fn is_host(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.len() <= 253
        && text.chars().all(plain)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_$-".contains(c))
}

/// An address without a name or password in it, on whose way nobody reads along.
fn private(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']').to_owned();
    let here =
        host == "localhost" || host.parse().is_ok_and(|at: std::net::IpAddr| at.is_loopback());
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let secured = url.scheme() == "https" || (url.scheme() == "http" && here);
    (plain && secured && !text.contains(['"', '\\', '%', ' '])).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::ServerLocation;

    const IT: Understand = Understand(Language::English);

    #[test]
    fn addresses_are_private_and_of_the_form_that_is_needed() {
        for (text, site, portal) in [
            ("https://boka.example", true, false),
            ("https://boka.example/", true, false),
            ("https://boka.example/fhir/mitt", false, true),
            ("http://127.0.0.1:8484/fhir/mitt", false, true),
            ("http://[::1]:8484", true, false),
            ("http://boka.example/fhir/mitt", false, false),
            ("https://u:p@boka.example/fhir/mitt", false, false),
            ("https://boka.example/fhir/mitt?x=1", false, false),
            ("ftp://boka.example", false, false),
            ("boka.example", false, false),
            ("", false, false),
        ] {
            assert_eq!((IT.site(text).is_ok(), IT.portal(text).is_ok()), (site, portal), "{text}");
        }
        assert_eq!(IT.site("https://boka.example/").as_deref(), Ok("https://boka.example"));
    }

    #[test]
    fn a_server_is_a_host_with_a_port_or_an_instance() {
        let host = |text: &str| IT.server(text).ok();
        assert_eq!(host("db.example"), Some(("db.example".to_owned(), None)));
        assert_eq!(host("db:1444"), Some(("db".to_owned(), Some(Instance::Port(1444)))));
        let named = Some(Instance::Named("OPUS".to_owned()));
        assert_eq!(host("db\\OPUS"), Some(("db".to_owned(), named.clone())));
        assert_eq!(host("[::1]"), Some(("::1".to_owned(), None)));
        let port = Some(Instance::Port(1444));
        assert_eq!(host("[2001:db8::7]:1444"), Some(("2001:db8::7".to_owned(), port)));
        assert_eq!(host("[fe80::1]\\OPUS"), Some(("fe80::1".to_owned(), named)));
        for wrong in ["", ":1", "db:0", "db:x", "db\\", "db\\O:1", "d b", "u@db", "db/x", "db;x=1"]
            .into_iter()
            .chain([
                "::1", "::1:1444", "[]", "[db]:1", "[::1", "[::1]:", "[::1]:0", "[::1]x", "[::1]é",
            ])
        {
            assert_eq!(host(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_hyphen_that_says_nothing_elsewhere_is_no_host() {
        for (text, is_one) in
            [("smtp.klinik.se", true), ("127.0.0.1", true), ("-", false), (".", false)]
        {
            assert_eq!(
                (IT.host(text).is_ok(), IT.server(text).is_ok()),
                (is_one, is_one),
                "{text}"
            );
        }
    }

    #[test]
    fn a_server_is_understood_as_it_is_shown() {
        for text in ["db.example", "db:1444", "db\\OPUS", "[::1]", "[::1]:1444", "[::1]\\OPUS"] {
            let (host, instance) = IT.server(text).unwrap();
            let instance = instance.unwrap_or_default();
            let server = ServerLocation { instance, ..ServerLocation::of_login(&host, "d", "u") };
            assert_eq!(server.server(), text);
        }
    }

    #[test]
    fn paths_are_whole_and_where_a_service_sees_them() {
        for (text, path, seen) in [
            ("/srv/tidbok/clinic.db", true, true),
            ("/home/ida/clinic.db", true, false),
            ("/tmp/clinic.db", true, false),
            ("/tmpx/clinic.db", true, true),
            ("clinic.db", false, false),
            ("/srv/../root/clinic.db", false, false),
            ("/srv/tidbok/", false, false),
            ("/", false, false),
            ("/srv/a b", false, false),
            ("/srv/a\"b", false, false),
            ("/srv/%h", false, false),
        ] {
            assert_eq!((IT.path(text).is_ok(), IT.seen_path(text).is_ok()), (path, seen), "{text}");
        }
    }

    #[test]
    fn numbers_names_and_tokens() {
        assert!(IT.lock_minutes("240").is_ok() && IT.lock_minutes("0").is_err());
        assert!(IT.listen("[::]:443").is_ok() && IT.listen("127.0.0.1").is_err());
        assert!(IT.port("65535").is_ok() && IT.port("65536").is_err() && IT.port("0").is_err());
        assert!(IT.clinic("stor-gatan_2").is_ok() && IT.clinic("åsen").is_err());
        assert!(IT.clinic("fhir").is_err() && IT.clinic("").is_err());
        assert!(IT.token(&"a".repeat(24)).is_ok() && IT.token(&"å".repeat(24)).is_err());
        assert!(IT.token("short").is_err_and(|told| told.contains("24")));
        let blank = format!("{} {}", "a".repeat(24), "b".repeat(24));
        assert!(IT.token(&blank).is_err_and(|told| told.contains("no spaces")));
        assert!(IT.sender("Mitt <a@b.example>").is_ok() && IT.sender("Mitt").is_err());
    }
}
