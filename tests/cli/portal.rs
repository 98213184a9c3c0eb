//! The portal's file: what it may say of booking pages.

use std::process::Command;

use crate::desk::{Desk, Ended};

/// Starts the portal with a file.
fn started(desk: &Desk, sections: &str) -> Ended {
    for (name, text) in [
        ("key", "a key of sixteen bytes or more"),
        ("agent", "agent-token-agent-token-1"),
        ("page", "page-token-page-token-page"),
    ] {
        std::fs::write(desk.path(name), text).unwrap();
    }
    let text = format!(
        "listen = \"127.0.0.1:0\"\ndatabase = \"nowhere/portal.db\"\nhash_key_file = \"key\"\n{sections}"
    );
    std::fs::write(desk.path("portal.toml"), text).unwrap();
    let file = desk.path("portal.toml").display().to_string();
    Ended::of(desk.program(&["portal", "--config", &file]).output().unwrap())
}

#[test]
fn a_pages_section_takes_what_it_knows_and_tells_where_it_does_not() {
    let desk = Desk::empty();
    let clinic = |name: &str, page: &str| {
        format!(
            "[clinics.{name}]\nagent_token_file = \"agent\"\npage_token_file = \"page\"\n\
             [clinics.{name}.page]\n{page}\n"
        )
    };
    for (sections, code, told) in [
        (clinic("mitt", "colour = \"red\""), 2, "unknown field"),
        (clinic("mitt", "accent = \"red\""), 2, "#rrggbb"),
        (clinic("mitt", "most_open_bookings = -1"), 2, "portal.toml: 8"),
        (clinic("mitt", "keep_days = 0"), 2, "from 1 to 365"),
        (clinic("mitt", "keep_days = 366"), 2, "from 1 to 365"),
        (clinic("mitt", "keep_days = \"30\""), 2, "portal.toml: 8"),
        (clinic("mitt", "keep_days = 365"), 3, "nowhere"),
        (clinic("assets", "title = \"A\""), 2, "can't be called assets"),
        (clinic("mitt", "address = \"bokning.example.se\""), 2, "https://bokning.example.se"),
        (clinic("mitt", "address = \"https://bokning.example.se/mitt\""), 2, "without a path"),
        (clinic("mitt", "title = \"Mitt\"\naccent = \"#336699\""), 3, "nowhere"),
    ] {
        started(&desk, &sections).failed(code, &[told]);
    }
}

#[test]
fn what_would_let_nobody_in_or_the_wrong_ones_is_refused() {
    let desk = Desk::empty();
    let clinic = |page: &str| {
        format!("[clinics.mitt]\nagent_token_file = \"agent\"\npage_token_file = \"{page}\"\n")
    };
    started(&desk, &clinic("agent")).failed(2, &["[clinics.mitt]", "make another"]);
    started(&desk, &clinic("not-there")).failed(2, &["not-there", "no such file", "base64"]);
    let silent = format!("silence_minutes = 0\n{}", clinic("page"));
    started(&desk, &silent).failed(2, &["silence_minutes", "from 1 to 1440"]);
}

#[test]
fn the_file_to_begin_from_has_a_pages_section() {
    let desk = Desk::empty();
    let printed = Ended::of(desk.program(&["portal", "--print-config"]).output().unwrap()).done();
    let file: toml::Table = printed.parse().unwrap();
    let page = &file["clinics"]["storgatan"]["page"];
    assert_eq!(page["accent"].as_str(), Some("#0b5d66"));
    assert_eq!(page["keep_days"].as_integer(), Some(30));
}

#[test]
fn a_services_credential_goes_before_the_file_of_its_name() {
    let desk = Desk::empty();
    let sections = "[clinics.mitt]\nagent_token_file = \"agent\"\npage_token_file = \"page\"\n";
    started(&desk, sections).failed(3, &["nowhere"]);
    let given = desk.path("credentials");
    std::fs::create_dir(&given).unwrap();
    std::fs::rename(desk.path("key"), given.join("key")).unwrap();
    let file = desk.path("portal.toml").display().to_string();
    let start = |with: &dyn Fn(&mut Command)| {
        let mut command = desk.program(&["portal", "--config", &file]);
        with(&mut command);
        Ended::of(command.output().unwrap())
    };
    start(&|_| ()).failed(2, &["key"]);
    let credentials = |command: &mut Command| {
        command.env("CREDENTIALS_DIRECTORY", &given);
    };
    start(&credentials).failed(3, &["nowhere"]);
    std::fs::write(given.join("agent"), "short").unwrap();
    start(&credentials).failed(2, &["agent", "fewer than 24"]);
    std::fs::write(given.join("agent"), "agent-token agent-token-1").unwrap();
    start(&credentials).failed(2, &["agent", "a blank in it"]);
    // No request could carry it.
    std::fs::write(given.join("agent"), "agent-token-ågent-token-1").unwrap();
    start(&credentials).failed(2, &["agent", "ASCII"]);
}
