//! Who acts: the user that is named, the one whose account runs the program, or the file's owner, who
//! also sets up a clinic that nobody can sign in to yet.

use std::collections::BTreeMap;
use std::path::Path;

use thiserror::Error;

use crate::config::Login;
use crate::domain::{Actor, SignIn, Signature, User, is_reserved_signature};
use crate::texts::Language;

/// Why nobody can act.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoActor {
    #[error("{0} is not a user of the clinic; look among its users, or leave --user out")]
    Unknown(String),
    #[error("R17: {0} is not an active user; ask an administrator")]
    Inactive(String),
    #[error(
        "ITB stands for patients' own bookings and system for the database's owner; nobody signs in as either"
    )]
    Reserved,
    #[error(
        "the account {account} is not the user {asked}: the machine's configuration asks for signing in by account (login = \"os\"), so --user cannot name another"
    )]
    Lent { account: String, asked: String },
    #[error(
        "the account {0} is no user of the clinic: ask an administrator to enter it as a user's OS account (login = \"os\" is configured)"
    )]
    Unmapped(String),
    #[error(
        "the account {0} is no user of the clinic, and nobody can sign in yet (login = \"os\" is configured): the owner of the database file sets the clinic up, by running tidbok there without --user"
    )]
    UnmappedYet(String),
    #[error(
        "nobody has signed in: the machine's configuration asks for a password (login = \"password\"); a script names the user with --user, and with TIDBOK_PASSWORD_FILE a file that holds the password"
    )]
    NotSignedIn,
    #[error(
        "the account that runs the program has no name, so no user can be found for it (login = \"os\" is configured)"
    )]
    Nameless,
    #[error(
        "nobody can sign in yet: the owner of the database file sets the clinic up, by running tidbok there without --user, or gives a user the first password with `tidbok password SIGNATURE`"
    )]
    NotSetUp,
}

/// Whose the database file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// That of whoever runs the program.
    Own,
    Others,
}

impl NoActor {
    /// Whether somebody was named who can't act; else it is only that nobody has signed in.
    pub fn is_asked_wrongly(&self) -> bool {
        match self {
            Self::Unknown(_) | Self::Inactive(_) | Self::Reserved | Self::Lent { .. } => true,
            Self::Unmapped(_)
            | Self::UnmappedYet(_)
            | Self::NotSignedIn
            | Self::Nameless
            | Self::NotSetUp => false,
        }
    }

    /// As a sentence.
    pub fn sentence(&self, language: Language) -> String {
        if language == Language::English {
            return self.to_string();
        }
        match self {
            Self::Unknown(signature) => {
                format!("{signature} finns inte bland klinikens användare; se efter där, eller utelämna --user")
            }
            Self::Inactive(signature) => {
                format!("R17: {signature} är inte en aktiv användare; fråga en administratör")
            }
            Self::Reserved => "ITB står för patienternas egna bokningar och system för databasens ägare; ingen loggar in som någon av dem".into(),
            Self::Lent { account, asked } => format!(
                "kontot {account} är inte användaren {asked}: datorns inställning är inloggning med konto (login = \"os\"), så --user kan inte ange någon annan"
            ),
            Self::Unmapped(account) => format!(
                "kontot {account} är inte någon av klinikens användare: be en administratör ange det som en användares datorkonto (login = \"os\" är inställt)"
            ),
            Self::UnmappedYet(account) => format!(
                "kontot {account} är inte någon av klinikens användare, och ingen kan logga in än (login = \"os\" är inställt): databasfilens ägare sätter upp kliniken genom att köra tidbok där utan --user"
            ),
            Self::NotSignedIn => "ingen har loggat in: datorns inställning är inloggning med lösenord (login = \"password\"); ett skript anger användaren med --user, och med TIDBOK_PASSWORD_FILE en fil som innehåller lösenordet".into(),
            Self::NotSetUp => "ingen kan logga in än: databasfilens ägare sätter upp kliniken genom att köra tidbok där utan --user, eller ger en användare det första lösenordet med `tidbok password SIGNATUR`".into(),
            Self::Nameless => "kontot som kör programmet har inget namn, så ingen användare kan hittas (login = \"os\" är inställt)".into(),
        }
    }
}

/// How users are found out by a configured login.
pub fn sign_in(login: Login) -> SignIn {
    match login {
        Login::None => SignIn::Open,
        Login::Os => SignIn::Account,
        Login::Password => SignIn::Password,
    }
}

/// Whether nobody can get in by a configured login, so that nobody could let others in either.
pub fn nobody_gets_in(login: Login, users: &BTreeMap<Signature, User>) -> bool {
    !users.values().any(|user| user.can_sign_in(sign_in(login)))
}

/// Decides who acts at the console, where a clinic is set up: as long as nobody gets in, whoever owns
/// the database file does.
///
/// # Errors
/// [`NoActor`].
pub fn resolve_at_console(
    login: Login,
    asked: Option<&str>,
    (account, database): (Option<&str>, Ownership),
    users: &BTreeMap<Signature, User>,
) -> Result<Actor, NoActor> {
    let is_new = login != Login::None && asked.is_none() && nobody_gets_in(login, users);
    match (is_new, database) {
        (true, Ownership::Own) => Ok(Actor::System),
        (true, Ownership::Others) => Err(NoActor::NotSetUp),
        (false, _) => resolve(login, asked, account, users),
    }
}

/// Decides who reads a clinic into an empty database: where there are no users yet nobody could let
/// others in, so whoever may write the database does.
///
/// # Errors
/// [`NoActor`].
pub fn resolve_at_first_import(
    login: Login,
    asked: Option<&str>,
    account: Option<&str>,
    users: &BTreeMap<Signature, User>,
) -> Result<Actor, NoActor> {
    match asked {
        None if users.is_empty() => Ok(Actor::System),
        _ => resolve(login, asked, account, users),
    }
}

/// Decides who acts (R17). `account` is the OS account that runs the program.
///
/// # Errors
/// [`NoActor`].
pub fn resolve(
    login: Login,
    asked: Option<&str>,
    account: Option<&str>,
    users: &BTreeMap<Signature, User>,
) -> Result<Actor, NoActor> {
    if asked.is_some_and(is_reserved_signature) {
        return Err(NoActor::Reserved);
    }
    let mapped = account.and_then(|name| mapped(name, users));
    let user = match login {
        Login::Os => Some(by_account(asked, account, mapped).map_err(|why| match why {
            // There is no administrator to ask.
            NoActor::Unmapped(account) if nobody_gets_in(login, users) => {
                NoActor::UnmappedYet(account)
            }
            why => why,
        })?),
        // Whoever sets up a clinic without users has no password to give.
        Login::Password if users.is_empty() => None,
        Login::Password if nobody_gets_in(login, users) => return Err(NoActor::NotSetUp),
        Login::Password => return Err(NoActor::NotSignedIn),
        Login::None => match asked {
            Some(signature) => Some(named(signature, users)?),
            None => mapped,
        },
    };
    match user {
        None => Ok(Actor::System),
        Some(user) if user.active => Ok(Actor::User(user.clone())),
        Some(user) => Err(NoActor::Inactive(user.signature.to_string())),
    }
}

fn named<'a>(signature: &str, users: &'a BTreeMap<Signature, User>) -> Result<&'a User, NoActor> {
    users.get(&Signature::new(signature)).ok_or_else(|| NoActor::Unknown(signature.to_owned()))
}

fn by_account<'a>(
    asked: Option<&str>,
    account: Option<&str>,
    mapped: Option<&'a User>,
) -> Result<&'a User, NoActor> {
    let account = account.ok_or(NoActor::Nameless)?;
    let user = mapped.ok_or_else(|| NoActor::Unmapped(account.to_owned()))?;
    match asked {
        Some(asked) if asked != user.signature.as_str() => {
            Err(NoActor::Lent { account: account.to_owned(), asked: asked.to_owned() })
        }
        _ => Ok(user),
    }
}

/// The user with this account, an active one before others, by signature.
fn mapped<'a>(account: &str, users: &'a BTreeMap<Signature, User>) -> Option<&'a User> {
    let with_account = || {
        let has = move |user: &&User| user.os_account.as_deref() == Some(account);
        users.values().filter(has)
    };
    with_account().find(|user| user.active).or_else(|| with_account().next())
}

/// The account that runs the program, from the system's own register and not from a variable.
#[cfg(unix)]
pub fn os_account() -> Option<String> {
    nix::unistd::User::from_uid(nix::unistd::getuid()).ok().flatten().map(|user| user.name)
}

/// Whose the file is, by its numbers.
#[cfg(unix)]
pub fn ownership(database: &Path) -> Ownership {
    use std::os::unix::fs::MetadataExt;
    match std::fs::metadata(database) {
        Ok(file) if file.uid() == nix::unistd::geteuid().as_raw() => Ownership::Own,
        _ => Ownership::Others,
    }
}

/// Owners are not read on Windows yet: whoever may write to the file owns the data.
#[cfg(not(unix))]
pub fn ownership(_database: &Path) -> Ownership {
    Ownership::Own
}

/// Windows accounts are not read yet; every account counts as nameless.
#[cfg(not(unix))]
pub fn os_account() -> Option<String> {
    None
}

/// What this machine is called.
#[cfg(unix)]
pub fn host_name() -> String {
    let name = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok());
    name.unwrap_or_default()
}

/// What this machine is called.
#[cfg(not(unix))]
pub fn host_name() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users() -> BTreeMap<Signature, User> {
        let user = |signature: &str, account: Option<&str>, active| User {
            signature: signature.into(),
            name: signature.into(),
            permissions: None,
            os_account: account.map(str::to_owned),
            password_hash: None,
            active,
        };
        [user("AE", Some("anna"), true), user("REC", None, true), user("SEM", Some("sem"), false)]
            .into_iter()
            .map(|user| (user.signature.clone(), user))
            .collect()
    }

    fn who(login: Login, asked: Option<&str>, account: Option<&str>) -> Result<String, NoActor> {
        resolve(login, asked, account, &users()).map(|actor| actor.signature().to_owned())
    }

    #[test]
    fn without_login_the_named_user_then_the_accounts_then_the_system_acts() {
        let none = Login::None;
        assert_eq!(who(none, Some("REC"), Some("anna")), Ok("REC".into()));
        assert_eq!(who(none, None, Some("anna")), Ok("AE".into()));
        assert_eq!(who(none, None, Some("bo")), Ok("system".into()));
        assert_eq!(who(none, None, None), Ok("system".into()));
        assert_eq!(who(none, Some("XX"), None), Err(NoActor::Unknown("XX".into())));
        assert_eq!(who(none, Some("SEM"), None), Err(NoActor::Inactive("SEM".into())));
        assert_eq!(who(none, None, Some("sem")), Err(NoActor::Inactive("SEM".into())));
    }

    #[test]
    fn with_os_login_only_the_accounts_own_user_acts() {
        let os = Login::Os;
        assert_eq!(who(os, None, Some("anna")), Ok("AE".into()));
        assert_eq!(who(os, Some("AE"), Some("anna")), Ok("AE".into()));
        let lent = NoActor::Lent { account: "anna".into(), asked: "REC".into() };
        assert_eq!(who(os, Some("REC"), Some("anna")), Err(lent));
        assert_eq!(who(os, None, Some("bo")), Err(NoActor::Unmapped("bo".into())));
        assert_eq!(who(os, Some("REC"), Some("bo")), Err(NoActor::Unmapped("bo".into())));
        assert_eq!(who(os, None, Some("sem")), Err(NoActor::Inactive("SEM".into())));
        assert_eq!(who(os, None, None), Err(NoActor::Nameless));
    }

    #[test]
    fn with_password_login_nobody_acts_unasked_but_where_there_are_no_users_yet() {
        let password = Login::Password;
        assert_eq!(who(password, Some("AE"), Some("anna")), Err(NoActor::NotSetUp));
        let mut with_password = users();
        if let Some(user) = with_password.get_mut(&Signature::new("REC")) {
            user.password_hash = Some("h".to_owned());
        }
        let anna = resolve(password, Some("AE"), Some("anna"), &with_password);
        assert_eq!(anna, Err(NoActor::NotSignedIn));
        let nobody = resolve(password, None, Some("anna"), &BTreeMap::new());
        assert_eq!(nobody, Ok(Actor::System));
    }

    #[test]
    fn at_the_console_the_files_owner_sets_up_as_long_as_nobody_can_sign_in() {
        use Login::{None as Open, Os, Password};
        use Ownership::{Others, Own};
        let nobody = BTreeMap::new();
        let with = |account: Option<&str>, hash: Option<&str>, active: bool| {
            let user = User {
                signature: "AE".into(),
                name: "AE".into(),
                permissions: None,
                os_account: account.map(str::to_owned),
                password_hash: hash.map(str::to_owned),
                active,
            };
            BTreeMap::from([(user.signature.clone(), user)])
        };
        let (without, anna) = (with(None, None, true), with(Some("anna"), None, true));
        let (secret, gone) = (with(None, Some("h"), true), with(Some("bo"), Some("h"), false));
        let system = || Ok("system".to_owned());
        let not_set_up = || Err(NoActor::NotSetUp);
        let unmapped = || Err(NoActor::Unmapped("bo".into()));
        let unmapped_yet = || Err(NoActor::UnmappedYet("bo".into()));
        let cases = [
            (Open, None, Others, &nobody, system()),
            (Os, None, Own, &nobody, system()),
            (Os, None, Others, &nobody, not_set_up()),
            (Os, Some("AE"), Own, &nobody, unmapped_yet()),
            (Os, None, Own, &without, system()),
            (Os, None, Own, &secret, system()),
            (Os, None, Own, &gone, system()),
            (Os, None, Own, &anna, unmapped()),
            (Password, None, Own, &nobody, system()),
            (Password, None, Others, &nobody, not_set_up()),
            (Password, None, Own, &anna, system()),
            (Password, None, Others, &anna, not_set_up()),
            (Password, Some("AE"), Own, &anna, not_set_up()),
            (Password, None, Own, &secret, Err(NoActor::NotSignedIn)),
        ];
        for (at, (login, asked, database, users, expected)) in cases.into_iter().enumerate() {
            let who = resolve_at_console(login, asked, (Some("bo"), database), users);
            assert_eq!(who.map(|actor| actor.signature().to_owned()), expected, "case {at}");
        }
    }

    #[test]
    fn a_clinic_is_read_in_by_whoever_may_write_the_database_as_long_as_it_has_no_users() {
        let (nobody, some) = (BTreeMap::new(), users());
        for login in [Login::None, Login::Os, Login::Password] {
            let who = |asked, users| resolve_at_first_import(login, asked, Some("bo"), users);
            assert_eq!(who(None, &nobody), Ok(Actor::System));
            for (asked, users) in [(None, &some), (Some("AE"), &some), (Some("AE"), &nobody)] {
                assert_eq!(who(asked, users), resolve(login, asked, Some("bo"), users));
            }
        }
    }

    #[test]
    fn nobody_acts_as_itb_or_as_the_owner_by_name() {
        for login in [Login::None, Login::Os, Login::Password] {
            for reserved in ["ITB", "itb", " Itb ", "system"] {
                assert_eq!(who(login, Some(reserved), Some("anna")), Err(NoActor::Reserved));
            }
        }
    }
}
