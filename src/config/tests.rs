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
    let option =
        Asked { database: Some("sqlite:/o"), variable: Some("sqlite:/v"), ..Asked::default() };
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
        let settings = resolve(asked, &says(machine), &says(user));
        assert_eq!(settings.login.value, login, "{machine} {user}");
    }
}

#[test]
fn what_the_machine_says_of_locking_and_restriction_holds() {
    let asked = Asked::default();
    let cases = [
        ("lock_minutes = 5", "lock_minutes = 240", Some(5)),
        ("", "lock_minutes = 1", Some(1)),
        ("", "", None),
    ];
    for (machine, user, minutes) in cases {
        let settings = resolve(asked, &file(machine), &file(user));
        assert_eq!(settings.lock_minutes.value.map(LockMinutes::minutes), minutes, "{machine}");
    }
    let lowered = resolve(asked, &file("restricted = false"), &file("restricted = true"));
    assert!(!lowered.restricted.value);
}

#[test]
fn restricted_only_the_machines_database_is_opened_and_signing_in_is_asked_for() {
    let nothing = Asked::default();
    let option = Asked { database: Some("sqlite:/o"), ..nothing };
    let variable = Asked { variable: Some("sqlite:/v"), ..nothing };
    let same = Asked { database: Some("sqlite:/m"), variable: Some("sqlite:/m"), ..nothing };
    let shell = Asked { started: Started::AsLoginShell, ..nothing };
    let whole = "restricted = true\ndatabase = 'sqlite:/m'\nlogin = 'os'";
    let open = "database = 'sqlite:/m'\nlogin = 'password'";
    let user = file("database = 'sqlite:/u'\nlogin = 'none'");
    let cases = [
        (nothing, whole, Ok("/m")),
        (same, whole, Ok("/m")),
        (shell, open, Ok("/m")),
        (option, open, Ok("/o")),
        (option, whole, Err("leave out --database")),
        (variable, whole, Err("leave out TIDBOK_DATABASE")),
        (Asked { started: Started::AsLoginShell, ..variable }, open, Err("TIDBOK_DATABASE")),
        (nothing, "restricted = true\nlogin = 'os'", Err("must name `database`")),
        (nothing, "restricted = true\ndatabase = 'sqlite:/m'", Err("`login`")),
        (shell, "database = 'sqlite:/m'\nlogin = 'none'", Err("`login`")),
        (shell, "", Err("`database`")),
    ];
    for (asked, machine, expected) in cases {
        let own = Some(Path::new("/home/a/tidbok.db"));
        match (Settings::resolve(asked, &file(machine), &user, own), expected) {
            (Ok(settings), Ok(database)) => assert_eq!(settings.database, path(database)),
            (Err(error), Err(told)) => assert!(error.to_string().contains(told), "{error}"),
            (settings, expected) => panic!("{machine}: {settings:?}, {expected:?}"),
        }
    }
}

#[test]
fn the_language_is_the_users_own_choice() {
    let (machine, user) = (file("language = 'sv'"), file("language = 'en'"));
    let asked = Asked { language: Some(LanguageCode::Sv), ..Asked::default() };
    let silent = ConfigFile::default();
    let none = Asked::default();
    for (settings, code, by) in [
        (resolve(asked, &machine, &user), LanguageCode::Sv, ChosenBy::Option),
        (resolve(none, &machine, &user), LanguageCode::En, ChosenBy::UserConfig),
        (resolve(none, &machine, &silent), LanguageCode::Sv, ChosenBy::MachineConfig),
        (resolve(none, &silent, &silent), LanguageCode::Sv, ChosenBy::Default),
    ] {
        assert_eq!(settings.language, Chosen { value: code, by });
    }
}

#[test]
fn a_theme_that_a_user_chooses_goes_before_no_color_and_that_before_the_machines() {
    let (machine, user) = (file("theme = '16'"), file("theme = 'light'"));
    let silent = ConfigFile::default();
    let no_color = Asked { no_color: Some("1"), ..Asked::default() };
    let asked = Asked { theme: Some(ThemeName::Dark), ..no_color };
    let unset = Asked { no_color: Some(""), ..no_color };
    for (asked, machine, user, theme, by) in [
        (asked, &machine, &user, Some(ThemeName::Dark), ChosenBy::Option),
        (no_color, &machine, &user, Some(ThemeName::Light), ChosenBy::UserConfig),
        (no_color, &machine, &silent, Some(ThemeName::Mono), ChosenBy::Variable),
        (unset, &machine, &silent, Some(ThemeName::Sixteen), ChosenBy::MachineConfig),
        (unset, &silent, &silent, None, ChosenBy::Default),
    ] {
        assert_eq!(resolve(asked, machine, user).theme, Chosen { value: theme, by });
    }
}

#[test]
fn characters_rows_and_keys_are_the_users_own_choice() {
    let machine = file("ascii = true\nrow_minutes = 30\n[keys]\nundo = 'z'\nbook = 'x'");
    let user = file("ascii = false\nrow_minutes = 5\n[keys]\nundo = ['y', 'F9']");
    let asked = Asked { ascii: Some(true), ..Asked::default() };
    let both = resolve(Asked::default(), &machine, &user);
    assert_eq!(both.ascii, Chosen { value: Some(false), by: ChosenBy::UserConfig });
    assert_eq!(resolve(asked, &machine, &user).ascii.by, ChosenBy::Option);
    assert_eq!((both.row_minutes.value.minutes(), both.row_minutes.by), (5, ChosenBy::UserConfig));
    let keys: Vec<_> =
        both.keys.iter().map(|(id, own)| (id.as_str(), own.value.0.join(" "), own.by)).collect();
    let expected = [
        ("book", "x".to_owned(), ChosenBy::MachineConfig),
        ("undo", "y F9".to_owned(), ChosenBy::UserConfig),
    ];
    assert_eq!(keys, expected);
    let silent = ConfigFile::default();
    assert_eq!(resolve(Asked::default(), &silent, &silent).row_minutes.value.minutes(), 15);
}

#[test]
fn every_key_is_documented_with_an_example_that_is_taken() {
    let documented: Vec<&str> = KEYS.iter().map(|doc| doc.key).collect();
    let path = Path::new("/c/config.toml");
    let refused = ConfigFile::parse("no_such_key = 1", path).unwrap_err().to_string();
    let (_, expected) = refused.split_once("expected one of ").unwrap();
    let taken: Vec<&str> = expected.split(", ").map(|key| key.trim_matches('`')).collect();
    assert_eq!(documented, taken, "the table of keys and the file's are the same");
    for doc in KEYS {
        let said = ConfigFile::parse(doc.example, path).unwrap();
        assert_ne!(said, ConfigFile::default(), "{}", doc.key);
        assert!(doc.example.starts_with(doc.key) && !doc.about.is_empty(), "{}", doc.key);
    }
}

#[test]
fn a_wrong_file_is_told_by_file_line_and_name() {
    let cases = [
        ("language = 'sv'\ndatabse = 'sqlite:/x'", ":2: ", "databse"),
        ("login = 'maybe'", ":1: ", "maybe"),
        ("\n\nlanguage = 7", ":3: ", "string"),
        ("login = 'os'\nlogin = 'os'", ":2: ", "duplicate"),
        ("theme = 'pink'", ":1: theme: ", "pink"),
        ("theme = 3", ":1: theme: ", "string"),
        ("row_minutes = 7", ":1: ", "5, 10, 15 or 30"),
        ("ascii = 1", ":1: ", "boolean"),
        ("lock_minutes = 0", ":1: ", "1 to 240"),
        ("[keys]\nundo = 7", ":2: undo: ", "a list of keys"),
    ];
    for (text, line, name) in cases {
        let error = ConfigFile::parse(text, Path::new("/c/config.toml")).unwrap_err().to_string();
        assert!(error.contains(&format!("/c/config.toml{line}")), "{error}");
        assert!(error.contains(name), "{error}");
    }
}

#[test]
fn a_file_that_is_no_text_is_not_taken_for_one_that_may_not_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, b"# k\xf6r\n").unwrap();
    let told = ConfigFile::read(&path).unwrap_err().to_string();
    assert!(told.contains("UTF-8") && !told.contains("permissions"), "{told}");
}

#[test]
fn a_relative_database_is_counted_from_the_file_that_names_it() {
    let said = file("database = 'sqlite:clinic.db'").database;
    assert_eq!(said.as_deref(), Some("sqlite:/etc/tidbok/clinic.db"));
}

#[test]
fn a_database_server_is_named_by_a_url() {
    let asked = Asked { database: Some("sqlserver://tidbok@host/clinic"), ..Asked::default() };
    let silent = ConfigFile::default();
    let settings = Settings::resolve(asked, &silent, &silent, None).unwrap();
    let told = settings.database.to_string();
    assert_eq!(told, "sqlserver://tidbok@host:1433/clinic?encrypt=on");
}

#[test]
fn nothing_is_read_where_there_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let places = Places { user_config: Some(folder.path().join("no.toml")), ..Places::default() };
    let (machine, user) = read_files(&places).unwrap();
    assert_eq!((machine, user), (ConfigFile::default(), ConfigFile::default()));
}
