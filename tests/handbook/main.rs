//! The handbook: what it tells to type is typed, what it tells to press is a key, and its man pages are
//! pages.
#![cfg(unix)]

mod place;

use clap::CommandFactory;
use place::Place;
use tidbok::cli::Cli;
use tidbok::texts::{Language, Topic};
use tidbok::tui::actions::{Context, in_context};
use tidbok::tui::keymap::Keymap;

/// The fences of a page: what kind, and the lines.
fn fences(page: &str) -> Vec<(&str, String)> {
    let mut fences = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let text: Vec<&str> = lines.by_ref().take_while(|it| !it.starts_with("```")).collect();
            fences.push((kind, text.join("\n") + "\n"));
        }
    }
    fences
}

/// Types everything a page says, in order, in a shell; files that it shows are taken into `file`.
fn typed(topic: Topic, place: &Place, file: Option<&str>) {
    let mut script = String::new();
    for (kind, text) in fences(topic.source(Language::Swedish)) {
        match kind {
            "sh" => script += &text,
            "toml" => {
                let file = file.expect("somewhere to put the file that the page shows");
                script += &format!("cat >> {file} <<'END_OF_FILE'\n{text}END_OF_FILE\n");
            }
            _ => panic!("{topic:?}: a fence is sh or toml, not {kind}"),
        }
    }
    place.run(&script);
}

#[test]
fn every_command_for_the_reception_can_be_typed() {
    for topic in [Topic::FirstDay, Topic::NoTimes, Topic::Monitoring] {
        typed(topic, &Place::with_clinic(), None);
    }
}

#[test]
fn an_installation_is_led_from_nothing() {
    let place = Place::empty();
    typed(Topic::Install, &place, None);
    assert!(place.path("etc/tidbok/config.toml").exists());
}

#[test]
fn backup_and_restore_give_the_clinic_back() {
    let place = Place::with_clinic();
    let before = place.tidbok(&["export", "--complete"]);
    typed(Topic::Backup, &place, None);
    assert_eq!(place.tidbok(&["export", "--complete"]), before);
    assert!(place.path("var/lib/tidbok/broken/clinic.db").exists(), "what was broken is kept");
}

/// What one account has opened another can't open anew.
#[test]
fn no_page_hands_a_pipe_from_one_account_to_another() {
    for topic in Topic::ALL {
        for (_, text) in fences(topic.source(Language::Swedish)) {
            let pipe = text.contains("/dev/stdin") && text.contains("-u tidbok install");
            assert!(!pipe, "{topic:?}: {text}");
        }
    }
}

#[test]
fn an_extract_is_written_and_the_person_erased() {
    let place = Place::with_clinic();
    typed(Topic::PersonalData, &place, None);
    let extract = std::fs::read_to_string(place.path("utdrag-p1.json")).expect("it was written");
    assert!(extract.contains("Tolvansson") && extract.contains("b4"), "{extract}");
    let left = place.tidbok(&["export", "--complete"]);
    assert!(!left.contains("Tolvansson") && left.contains("\"b2\""), "{left}");
}

#[test]
fn an_upgrade_can_be_typed() {
    let place = Place::with_clinic();
    typed(Topic::Upgrade, &place, None);
    assert!(place.path("var/backups/tidbok/before-upgrade.db").exists());
}

#[test]
fn agent_and_page_come_up_as_services() {
    let place = Place::with_clinic();
    typed(Topic::Services, &place, None);
    for unit in ["tidbok-portal", "tidbok-sync"] {
        let path = place.path(&format!("etc/systemd/system/{unit}.service"));
        let text = std::fs::read_to_string(path).expect("the unit is there");
        assert!(text.contains("[Service]"), "{text}");
    }
}

#[test]
fn the_page_takes_the_section_on_e_id() {
    let place = Place::with_clinic();
    typed(Topic::Services, &place, None);
    typed(Topic::EId, &place, Some("/etc/tidbok/portal.toml"));
    assert!(place.portal_answers(), "started anew with the section");
}

#[test]
fn what_is_said_of_a_database_server_is_a_configuration() {
    let place = Place::empty();
    let shown: Vec<_> = fences(Topic::DatabaseServer.source(Language::Swedish));
    let (_, file) = shown.iter().find(|(kind, _)| *kind == "toml").expect("a file is shown");
    std::fs::create_dir_all(place.path("config/tidbok")).expect("writes");
    let file = file.lines().filter(|line| !line.starts_with("login")).collect::<Vec<_>>();
    std::fs::write(place.path("config/tidbok/config.toml"), file.join("\n")).expect("writes");
    let told = place.tidbok_alone(&["config"]);
    assert!(told.contains("sqlserver://tidbok_console@db.klinik.example"), "{told}");
}

#[test]
fn the_page_on_a_database_server_names_the_logins_that_the_script_has_and_where_their_password_is()
{
    let server = "sqlserver://tidbok_migrate@db.klinik.example/Klinik";
    let script = Place::empty().tidbok_alone(&["--database", server, "migrate", "--grants"]);
    let logins = |text: &str| {
        let words = text.split(|c: char| !(c.is_ascii_lowercase() || c == '_'));
        let logins = words.filter(|word| word.starts_with("tidbok_")).map(str::to_owned);
        logins.collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(logins(&script).len(), 2);
    for language in Language::ALL {
        let page = Topic::DatabaseServer.source(language);
        assert_eq!(logins(page), logins(&script), "{language:?}");
        assert!(page.contains("/etc/tidbok/database-password"), "{language:?}");
    }
    for language in ["sv", "en"] {
        let told =
            Place::empty().out_of_reach(&["--database", server, "--language", language, "slots"]);
        assert!(told.contains("/etc/tidbok/database-password"), "{told}");
    }
}

/// There is no server here: what is typed for one is only read.
#[test]
fn what_is_typed_for_a_database_server_is_understood() {
    let mut read = 0;
    for (kind, text) in fences(Topic::DatabaseServer.source(Language::Swedish)) {
        for line in text.lines().filter(|line| kind == "sh" && line.starts_with("tidbok ")) {
            let line = line.split('>').next().unwrap_or_default().replace('"', "");
            let words = line.split_whitespace().map(Into::into).collect::<Vec<_>>();
            Cli::read(words).unwrap_or_else(|failure| panic!("{line}: {failure}"));
            read += 1;
        }
    }
    assert!(read > 5);
}

#[test]
fn every_key_that_is_told_of_is_one() {
    let keymap = Keymap::default();
    for topic in Topic::ALL {
        for language in Language::ALL {
            topic.text(language, |action| {
                let key = keymap.key_named(action);
                assert!(!key.is_empty(), "{topic:?}: there is no action {action}");
                let grid = in_context(Context::Grid).any(|entry| entry.id == action);
                assert!(grid, "{topic:?}: {action} can't be done at the book");
                key
            });
        }
    }
}

#[test]
fn help_reads_a_page_by_its_name_in_either_language() {
    let place = Place::empty();
    let swedish = place.tidbok_alone(&["help", "inga-tider"]);
    assert!(swedish.starts_with("# Inga tider syns"), "{swedish}");
    assert!(!swedish.contains("{key:") && swedish.contains("tryck `w`"), "{swedish}");
    let english = place.tidbok_alone(&["--language", "en", "help", "inga-tider"]);
    assert!(english.starts_with("# No times show"), "{english}");
}

#[test]
fn a_page_that_is_called_as_a_command_is_tells_how_that_ones_help_is_had() {
    let place = Place::empty();
    let told = place.tidbok_alone(&["--language", "en", "help", "backup"]);
    assert!(told.starts_with("# Backup") && told.ends_with(": tidbok backup --help\n"), "{told}");
    assert!(place.tidbok_alone(&["backup", "--help"]).contains("Usage: tidbok backup"));
    let page = place.tidbok_alone(&["--language", "en", "help", "monitoring"]);
    assert!(!page.contains("--help"), "{page}");
}

#[test]
fn help_alone_lists_commands_and_pages() {
    let told = Place::empty().tidbok_alone(&["help"]);
    for topic in Topic::ALL {
        assert!(told.contains(topic.name(Language::Swedish)), "{topic:?}: {told}");
    }
    for command in Cli::command().get_subcommands() {
        assert!(told.contains(command.get_name()), "{told}");
    }
}

#[test]
fn help_of_a_command_tells_what_it_takes() {
    let place = Place::empty();
    let told = place.tidbok_alone(&["help", "preblock", "add"]);
    assert!(told.contains("Usage: tidbok preblock add"), "{told}");
    let refused = place.refused(&["help", "nonsens"]);
    assert!(refused.contains("nonsens") && refused.contains("tidbok help"), "{refused}");
}

#[test]
fn help_stands_by_those_whose_configuration_is_broken() {
    let place = Place::empty();
    std::fs::create_dir_all(place.path("config/tidbok")).expect("writes");
    std::fs::write(place.path("config/tidbok/config.toml"), "dadabase = 1\n").expect("writes");
    assert!(place.tidbok_alone(&["help", "backup"]).starts_with("# Säkerhetskopiera"));
}

#[test]
fn man_pages_are_written_for_every_command_and_every_page() {
    let place = Place::empty();
    place.tidbok_alone(&["man", place.path("man").to_str().expect("a path")]);
    let text = |name: &str| {
        let path = place.path("man").join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    for command in Cli::command().get_subcommands() {
        assert!(text(&format!("man1/tidbok-{}.1", command.get_name())).contains(".SH"));
    }
    assert!(text("man1/tidbok.1").contains("tidbok"));
    for topic in Topic::ALL {
        let [swedish, english] = Language::ALL.map(|language| topic.name(language));
        assert!(text(&format!("sv/man7/tidbok-{swedish}.7")).contains("NAMN"));
        assert!(text(&format!("man7/tidbok-{english}.7")).contains("NAME"));
    }
}
