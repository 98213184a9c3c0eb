use super::*;

fn path(text: &str) -> DatabaseLocation {
    DatabaseLocation::Sqlite(text.into())
}

fn file(text: &str) -> ConfigFile {
    ConfigFile::parse(text, Path::new("/etc/tidbok/config.toml")).unwrap()
}

fn resolve(asked: Asked<'_>, machine: &ConfigFile, user: &ConfigFile) -> Settings {
    Settings::resolve(asked, machine, user, Some(Path::new("/home/a/tidbok.db"))).unwrap()
}

#[test]
fn each_source_of_the_database_gives_way_to_the_one_before() {
    let machine = file("database = 'sqlite:/m'");
    let user = file("database = 'sqlite:/u'");
    let silent = ConfigFile::default();
    let option = Asked { database: Some("sqlite:/o"), variable: Some("sqlite:/v"), language: None };
    let variable = Asked { database: None, ..option };
    let nothing = Asked { variable: Some(""), ..variable };
    let cases = [
        (option, &machine, &user, ChosenBy::Option, "/o"),
        (variable, &machine, &user, ChosenBy::Variable, "/v"),
        (nothing, &machine, &user, ChosenBy::MachineConfig, "/m"),
        (nothing, &silent, &user, ChosenBy::UserConfig, "/u"),
        (nothing, &silent, &silent, ChosenBy::Default, "/home/a/tidbok.db"),
    ];
    for (asked, machine, user, chosen_by, database) in cases {
        let settings = resolve(asked, machine, user);
        assert_eq!((settings.chosen_by, settings.database), (chosen_by, path(database)));
    }
}

#[test]
fn what_the_machine_says_of_login_cannot_be_lowered() {
    let asked = Asked { database: Some("sqlite:/own"), ..Asked::default() };
    let says = |text| file(text);
    let cases = [
        ("login = 'os'", "login = 'none'", Login::Os),
        ("login = 'none'", "login = 'os'", Login::None),
        ("", "login = 'os'", Login::Os),
        ("", "", Login::None),
    ];
    for (machine, user, login) in cases {
        assert_eq!(resolve(asked, &says(machine), &says(user)).login, login, "{machine} {user}");
    }
}

#[test]
fn the_language_is_the_users_own_choice() {
    let (machine, user) = (file("language = 'sv'"), file("language = 'en'"));
    let asked = Asked { language: Some(LanguageCode::Sv), ..Asked::default() };
    let silent = ConfigFile::default();
    assert_eq!(resolve(asked, &machine, &user).language, Some(LanguageCode::Sv));
    assert_eq!(resolve(Asked::default(), &machine, &user).language, Some(LanguageCode::En));
    assert_eq!(resolve(Asked::default(), &machine, &silent).language, Some(LanguageCode::Sv));
    assert_eq!(resolve(Asked::default(), &silent, &silent).language, None);
}

#[test]
fn a_wrong_file_is_told_by_file_line_and_name() {
    let cases = [
        ("language = 'sv'\ndatabse = 'sqlite:/x'", ":2: ", "databse"),
        ("login = 'maybe'", ":1: ", "maybe"),
        ("\n\nlanguage = 7", ":3: ", "string"),
        ("login = 'os'\nlogin = 'os'", ":2: ", "duplicate"),
    ];
    for (text, line, name) in cases {
        let error = ConfigFile::parse(text, Path::new("/c/config.toml")).unwrap_err().to_string();
        assert!(error.contains(&format!("/c/config.toml{line}")), "{error}");
        assert!(error.contains(name), "{error}");
    }
}

#[test]
fn a_relative_database_is_counted_from_the_file_that_names_it() {
    let said = file("database = 'sqlite:clinic.db'").database;
    assert_eq!(said.as_deref(), Some("sqlite:/etc/tidbok/clinic.db"));
}

#[test]
fn a_database_server_is_refused_by_this_build() {
    let asked = Asked { database: Some("sqlserver://host/clinic"), ..Asked::default() };
    let silent = ConfigFile::default();
    let error = Settings::resolve(asked, &silent, &silent, None).unwrap_err();
    assert!(matches!(error, ConfigError::SqlServer));
}

#[test]
fn nothing_is_read_where_there_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places { user_config: Some(folder.path().join("no.toml")), ..Places::default() };
    let (machine, user) = read_files(&places).unwrap();
    assert_eq!((machine, user), (ConfigFile::default(), ConfigFile::default()));
}
