//! The file that says where e-mail to patients goes out, and from whom.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::mail::{BadMailSettings, MailPassword, MailSettings, Security};
use crate::texts::Language;

use super::secret_file::{credential, first_line, named};
use super::{Failure, toml_file};

/// The file of this name among a service's credentials holds the password, too.
const CREDENTIAL: &str = "smtp-password";

/// A file to begin from.
pub(super) const EXAMPLE: &str = "\
# E-mail to patients, sent by tidbok sync. Paths are counted from this file's folder.
host = \"smtp.example.se\"
# tls = \"starttls\"                  # starttls (required), tls, or none (a server on this machine)
# port = 587                        # else 587 with starttls, 465 with tls, 25 with none
# ca_file = \"ca.pem\"                # trusted besides the authorities this machine knows
user = \"tidbok\"                     # leave out where one does not sign in
password_file = \"smtp-password\"     # first line; else the service's credential smtp-password
from = \"Tandvården Storgatan <bokning@example.se>\"
# reply_to = \"info@example.se\"      # else the e-mail address of the company
# page = \"https://boka.example.se/storgatan\"   # the booking page, which messages then link to
";

/// What the file may say; no other key is taken.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MailFile {
    host: String,
    #[serde(default)]
    tls: Security,
    port: Option<u16>,
    ca_file: Option<PathBuf>,
    user: Option<String>,
    password_file: Option<PathBuf>,
    from: String,
    reply_to: Option<String>,
    page: Option<String>,
}

/// Reads the file, and the password where somebody is to sign in.
pub(super) fn read(path: &Path) -> Result<MailSettings, Failure> {
    let file: MailFile = toml_file::read(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let ca = file.ca_file.map(|ca| folder.join(ca)).map(|ca| {
        fs::read(&ca).map_err(|error| Failure::Usage(format!("{}: {error}", ca.display())))
    });
    let login = match file.user {
        Some(user) => Some((user, password(folder, file.password_file)?)),
        None => None,
    };
    let security = file.tls;
    Ok(MailSettings {
        host: file.host,
        port: file.port.unwrap_or(security.port()),
        security,
        ca: ca.transpose()?,
        login,
        from: file.from,
        reply_to: file.reply_to,
        page: file.page,
        this_host: super::actor::host_name(),
    })
}

/// Looks a file's text over; what it names need not be there yet.
pub(super) fn looked_over(text: &str, path: &Path) -> Result<(), Failure> {
    toml_file::parsed::<MailFile>(text, path).map(drop)
}

/// The file with the password that a file speaks of; none where it can't be understood.
pub(super) fn secret_named_in(path: &Path) -> Option<PathBuf> {
    let file: MailFile = toml_file::read(path).ok()?;
    file.password_file.map(|file| path.parent().unwrap_or(Path::new(".")).join(file))
}

fn password(folder: &Path, file: Option<PathBuf>) -> Result<MailPassword, Failure> {
    let Some(path) = file.map(|file| named(folder, &file)).or_else(|| credential(CREDENTIAL))
    else {
        return Err(Failure::Usage(
            "no password for the mail server: name a file with password_file, or give the service \
             the credential smtp-password"
                .to_owned(),
        ));
    };
    Ok(MailPassword(first_line(&path)?))
}

/// What is wrong with what the file says; English is the settings' own.
pub(super) fn bad(language: Language, path: &Path, error: BadMailSettings) -> Failure {
    let swedish = match error {
        BadMailSettings::From => "from är en adress som \"Tandvården <bokning@example.se>\"",
        BadMailSettings::ReplyTo => "reply_to är en adress som \"info@example.se\"",
        BadMailSettings::Page => "page är en adress som \"https://boka.example.se/storgatan\"",
        BadMailSettings::Authority => "ca_file innehåller inget certifikat i PEM",
        BadMailSettings::Unencrypted => {
            "tls = \"none\" gäller bara en e-postserver på den här datorn (127.0.0.1, ::1, localhost)"
        }
    };
    let sentence = language.pick(swedish.to_owned(), error.to_string());
    Failure::Usage(format!("{}: {sentence}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_to_begin_from_is_read_once_it_has_its_password() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mail.toml");
        fs::write(&path, EXAMPLE).expect("a file");
        assert!(matches!(read(&path), Err(Failure::Usage(_))));
        fs::write(folder.path().join("smtp-password"), "hemligt\n").expect("a file");
        let settings = read(&path).expect("read");
        assert_eq!((settings.port, settings.security), (587, Security::StartTls));
        assert!(!format!("{settings:?}").contains("hemligt"));
        fs::write(&path, EXAMPLE.replace("host", "hots")).expect("a file");
        let Err(Failure::Usage(told)) = read(&path) else { panic!("an unknown key is taken") };
        assert!(told.contains("mail.toml: 2: "), "{told}");
    }
}
