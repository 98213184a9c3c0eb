//! The password of a database server's login: from a variable, a file, a credential that systemd hands
//! over, or a file of the machine's. Never from an argument, which every account of the machine can see.

use std::fs;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::store::DatabasePassword;

/// The variable with the folder of credentials, which systemd sets (`LoadCredential=`).
pub const CREDENTIALS_VARIABLE: &str = "CREDENTIALS_DIRECTORY";

/// Where a password may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPlaces {
    pub variable: &'static str,
    pub file_variable: &'static str,
    pub credential: &'static str,
}

/// The password of the database that is worked on.
pub const DATABASE_PASSWORD: PasswordPlaces = PasswordPlaces {
    variable: "TIDBOK_DATABASE_PASSWORD",
    file_variable: "TIDBOK_DATABASE_PASSWORD_FILE",
    credential: "tidbok-database-password",
};

/// The password of the database that `tidbok copy` copies to, where it is another than that.
pub const TARGET_PASSWORD: PasswordPlaces = PasswordPlaces {
    variable: "TIDBOK_TARGET_PASSWORD",
    file_variable: "TIDBOK_TARGET_PASSWORD_FILE",
    credential: "tidbok-target-password",
};

/// The file beside the machine's configuration file where the database's password may stand, too.
pub const DATABASE_PASSWORD_FILE: &str = "database-password";

/// Why a password that is said to be there can't be had.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadPasswordSource {
    #[error("{name} holds something that is no text")]
    Variable { name: &'static str },
    #[error("the password of the database can't be read from {path} ({detail})", path = .path.display())]
    File { path: PathBuf, detail: String },
}

impl PasswordPlaces {
    /// The password that there is, if any: the variable's, else the named file's, else the credential's,
    /// else that of the machine's own file.
    ///
    /// # Errors
    /// [`BadPasswordSource`].
    pub fn password(
        &self,
        machines: Option<PathBuf>,
    ) -> Result<DatabasePassword, BadPasswordSource> {
        let path = |variable: &str| std::env::var_os(variable).map(PathBuf::from);
        let variable = match std::env::var(self.variable) {
            Ok(password) => Some(password),
            Err(std::env::VarError::NotPresent) => None,
            Err(std::env::VarError::NotUnicode(_)) => {
                return Err(BadPasswordSource::Variable { name: self.variable });
            }
        };
        let credential = path(CREDENTIALS_VARIABLE).map(|folder| folder.join(self.credential));
        first(variable, path(self.file_variable), [credential, machines])
    }
}

fn first(
    variable: Option<String>,
    file: Option<PathBuf>,
    others: [Option<PathBuf>; 2],
) -> Result<DatabasePassword, BadPasswordSource> {
    if let Some(password) = variable.filter(|password| !password.is_empty()) {
        return Ok(DatabasePassword::new(password));
    }
    // A file that is named must be there; the others only may be.
    let path = file.or_else(|| others.into_iter().flatten().find(|path| path.exists()));
    path.map_or(Ok(DatabasePassword::default()), |path| read(&path))
}

/// The file's first line.
fn read(path: &Path) -> Result<DatabasePassword, BadPasswordSource> {
    let bad = |detail: String| BadPasswordSource::File { path: path.to_owned(), detail };
    let text = fs::read_to_string(path).map_err(|error| bad(error.kind().to_string()))?;
    match text.lines().next().unwrap_or_default() {
        "" => Err(bad("it is empty".to_owned())),
        password => Ok(DatabasePassword::new(password.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_goes_before_the_file_the_credential_and_the_machines_own_file() {
        let folder = tempfile::tempdir().unwrap();
        let with = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            Some(path)
        };
        let is = |text: &str| Ok(DatabasePassword::new(text.to_owned()));
        let (file, credential) =
            (with("file", "ett lås\r\n"), with("credential", "två\nför receptionen\n"));
        let variable = Some("noll".to_owned());
        let others = [credential.clone(), with("machine", "tre")];
        assert_eq!(first(variable, file.clone(), others.clone()), is("noll"));
        assert_eq!(first(Some(String::new()), file.clone(), others.clone()), is("ett lås"));
        assert_eq!(first(None, None, others.clone()), is("två"));
        let none = Some(folder.path().join("none"));
        let [_, machine] = others;
        assert_eq!(first(None, None, [none.clone(), machine]), is("tre"));
        assert_eq!(first(None, None, [none.clone(), None]), Ok(DatabasePassword::default()));
        for missing in [none, with("empty", "\n")] {
            let read = first(None, missing, [None, None]);
            assert!(matches!(read, Err(BadPasswordSource::File { .. })));
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let password = DatabasePassword::new("hemligt".to_owned());
        assert!(!format!("{password:?}").contains("hemligt"));
    }
}
