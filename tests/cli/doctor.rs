//! `tidbok doctor`: a sound clinic passes, each thing spoilt is named with where to mend it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use std::path::PathBuf;

use chrono::TimeDelta;

use crate::desk::{Desk, Ended};
use crate::status;

fn told(ended: &Ended) -> serde_json::Value {
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {}", ended.out))
}

/// The state of one check in the JSON report.
fn state(ended: &Ended, check: &str) -> String {
    let report = told(ended);
    let all = report["checks"].as_array().unwrap();
    let found = all.iter().find(|it| it["check"] == check).unwrap_or_else(|| panic!("{report}"));
    found["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_sound_clinic_passes_with_advice_only() {
    let desk = Desk::example();
    let ended = desk.run(&["doctor", "--json"]);
    for check in ["configuration", "database", "permissions", "schema", "integrity", "audit"] {
        assert_eq!(state(&ended, check), "ok", "{check}: {}", ended.out);
    }
    let report = told(&ended);
    assert_eq!(report["findings"][0]["remark"], "no-administrator");
    assert_eq!(report["findings"][0]["severity"], "advice");
    assert_eq!((ended.code, report["faults"].as_u64()), (0, Some(0)));

    let text = desk.run(&["doctor"]).done();
    for said in ["Bra     Databas: sqlite:", "Bra     Logg: hel", "Råd     R17 Användarna: Ingen"]
    {
        assert!(text.contains(said), "{said}\n{text}");
    }
    let english = desk.run(&["doctor", "--language", "en"]).done();
    assert!(english.contains("Good    Audit log: whole"), "{english}");
}

#[test]
fn with_an_administrator_there_is_nothing_to_remark_on() {
    let desk = Desk::empty();
    let users = r#""permissions": ["booking.edit"]"#;
    let file = desk.clinic_file(users, r#""permissions": ["users.manage"]"#);
    desk.run(&["import", file.to_str().unwrap()]).done();
    assert!(desk.run(&["doctor"]).done().ends_with("Bra     Inställningar: Inget att anmärka\n"));
}

#[test]
fn a_faulty_setting_is_told_with_rule_and_place_and_ends_with_1() {
    let desk = Desk::empty();
    let file = desk.clinic_file(r#""resources": "R", "calendar"#, r#""resources": "X", "calendar"#);
    desk.run(&["import", file.to_str().unwrap()]).done();
    let ended = desk.run(&["doctor"]);
    assert_eq!(ended.code, 1, "{}", ended.out);
    for said in [
        "Fel     R9 Bokningsmallen Undersökning med röntgen: Ingen resurs har tecknet X",
        "Rättas i Inställningar › Bokningsmallar (Verktyg > Inställningar - Alla behandlare > Tidbok > Bokningsmallar)",
    ] {
        assert!(ended.out.contains(said), "{said}\n{}", ended.out);
    }
    assert!(ended.err.contains("1 fel"), "{}", ended.err);
}

#[test]
fn a_database_that_is_missing_damaged_or_open_to_all_is_told_of() {
    let desk = Desk::empty();
    let ended = desk.run(&["doctor", "--json"]);
    assert_eq!((ended.code, state(&ended, "database").as_str()), (1, "fault"));

    let desk = Desk::example();
    fs::set_permissions(desk.database(), fs::Permissions::from_mode(0o664)).unwrap();
    let ended = desk.run(&["doctor", "--json"]);
    assert_eq!((ended.code, state(&ended, "permissions").as_str()), (1, "fault"));

    // An index that opening the database and reading the set-up have no use for.
    let connection = rusqlite::Connection::open(desk.database()).unwrap();
    let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'booking_by_length'";
    let root: u32 = connection.query_row(root, (), |row| row.get(0)).unwrap();
    let size: u32 = connection.query_row("PRAGMA page_size", (), |row| row.get(0)).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(())).unwrap();
    drop(connection);
    let mut bytes = fs::read(desk.database()).unwrap();
    bytes[((root - 1) * size) as usize..(root * size) as usize].fill(0xa5);
    fs::write(desk.database(), &bytes).unwrap();
    let ended = desk.run(&["doctor", "--json"]);
    assert_eq!((ended.code, state(&ended, "integrity").as_str()), (1, "fault"), "{}", ended.out);
}

#[test]
fn an_altered_audit_log_is_told_of() {
    let desk = Desk::example();
    let connection = rusqlite::Connection::open(desk.database()).unwrap();
    connection.execute_batch("UPDATE audit_entry SET actor = 'X'").unwrap();
    drop(connection);
    let ended = desk.run(&["doctor", "--json"]);
    assert_eq!((ended.code, state(&ended, "audit").as_str()), (1, "fault"));
}

#[test]
fn a_wrong_configuration_file_is_a_finding() {
    let desk = Desk::example();
    desk.configure("languge = \"en\"\n");
    let ended = desk.run(&["doctor"]);
    assert_eq!(ended.code, 1);
    assert!(ended.out.contains("config.toml:1") && ended.out.contains("languge"), "{}", ended.out);
}

#[test]
fn r17_the_audit_log_is_not_looked_at_for_those_who_may_not_read_it() {
    let desk = Desk::example();
    let ended = desk.run(&["doctor", "--json", "--user", "REC"]);
    assert_eq!((ended.code, state(&ended, "audit").as_str()), (0, "notice"));
    let ended = desk.run(&["doctor", "--json", "--user", "NOBODY"]);
    assert_eq!((ended.code, state(&ended, "user").as_str()), (1, "fault"));
    assert!(told(&ended)["findings"].is_null(), "{}", ended.out);
}

/// An installation below a folder of the desk, with a portal's file and what that names.
fn installed(desk: &Desk) -> PathBuf {
    let etc = desk.path("root/etc/tidbok");
    fs::create_dir_all(&etc).unwrap();
    let portal = "database = \"portal.db\"\nhash_key_file = \"hash-key\"\n[clinics.mitt]\n\
                  agent_token_file = \"agent-token\"\npage_token_file = \"page-token\"\n";
    fs::write(etc.join("portal.toml"), portal).unwrap();
    for name in ["hash-key", "agent-token", "page-token"] {
        fs::write(etc.join(name), format!("a-secret-that-nobody-is-told-{name}\n")).unwrap();
        fs::set_permissions(etc.join(name), fs::Permissions::from_mode(0o600)).unwrap();
    }
    etc
}

fn look_at_root(desk: &Desk) -> Ended {
    desk.run(&["doctor", "--json", "--root", desk.path("root").to_str().unwrap()])
}

#[test]
fn the_services_files_and_their_secrets_are_looked_at() {
    let desk = Desk::example();
    let etc = installed(&desk);
    let ended = look_at_root(&desk);
    for check in ["portal-file", "secrets", "portal"] {
        assert_eq!(state(&ended, check), "ok", "{check}: {}", ended.out);
    }
    assert_eq!(ended.code, 0, "{}", ended.out);

    let set = |name: &str, mode| {
        fs::set_permissions(etc.join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    // A group may read what it is given to read, as consoles do the password of a server.
    for (mode, expected) in [(0o644, "fault"), (0o660, "fault"), (0o640, "ok"), (0o400, "ok")] {
        set("page-token", mode);
        assert_eq!(state(&look_at_root(&desk), "secrets"), expected, "{mode:o}");
    }
    fs::remove_file(etc.join("page-token")).unwrap();
    let ended = look_at_root(&desk);
    assert_eq!((ended.code, state(&ended, "secrets").as_str()), (1, "fault"));
    assert!(ended.out.contains("page-token") && ended.out.contains("tidbok setup"));
    assert!(!ended.out.contains("nobody-is-told"), "{}", ended.out);

    fs::write(etc.join("portal.toml"), "listen = 5\n").unwrap();
    fs::write(etc.join("mail.toml"), "host = \"a\"\nfrom = \"b\"\nhots = \"c\"\n").unwrap();
    let ended = look_at_root(&desk);
    for check in ["portal-file", "mail-file"] {
        assert_eq!(state(&ended, check), "fault", "{check}: {}", ended.out);
    }
}

#[test]
fn what_the_portal_would_end_with_is_told_before_it_is_started() {
    let desk = Desk::example();
    let etc = installed(&desk);
    let file = etc.join("portal.toml");
    let whole = fs::read_to_string(&file).unwrap();
    let same = fs::read_to_string(etc.join("agent-token")).unwrap();
    let tls = "[tls]\ncertificate_file = \"page.pem\"\nkey_file = \"hash-key\"\n";
    let e_id = "[clinics.mitt.e_id]\nprovider = \"signicat\"\nissuer = \"https://id.example/auth\"\n\
                client_id = \"tidbok\"\nclient_secret_file = \"empty\"\n\
                public_url = \"https://boka.example\"\n";
    fs::write(etc.join("empty"), "\n").unwrap();
    fs::set_permissions(etc.join("empty"), fs::Permissions::from_mode(0o600)).unwrap();
    for (page_token, more, word) in [
        ("too-short\n", "", "page-token: the first line has fewer than 24 characters"),
        (same.as_str(), "", "the same token"),
        ("another-secret-that-nobody-is-told\n", tls, "page.pem"),
        ("another-secret-that-nobody-is-told\n", e_id, "empty: the first line is empty"),
    ] {
        fs::write(etc.join("page-token"), page_token).unwrap();
        fs::write(&file, format!("{whole}{more}")).unwrap();
        let ended = look_at_root(&desk);
        assert_eq!((ended.code, state(&ended, "portal").as_str()), (1, "fault"), "{word}");
        assert!(ended.out.contains(word), "{word}: {}", ended.out);
        assert!(!ended.out.contains("nobody-is-told") && !ended.out.contains("too-short"));
        let path = file.display().to_string();
        let portal = ["portal", "--listen", "127.0.0.1:0", "--config", &path];
        desk.run_unnamed(&portal).failed(2, &[word]);
    }
}

#[test]
fn a_service_is_the_one_that_this_version_prints() {
    let desk = Desk::example();
    let system = desk.path("root/etc/systemd/system");
    let drop_in = system.join("tidbok-sync.service.d");
    fs::create_dir_all(&drop_in).unwrap();
    let ended = look_at_root(&desk);
    assert!(!ended.out.contains("service-"), "{}", ended.out);
    fs::write(drop_in.join("00-setup.conf"), "[Service]\n").unwrap();
    let look = || state(&look_at_root(&desk), "service-sync");
    assert_eq!(look(), "fault");

    let printed = desk.run_unnamed(&["sync", "--print-unit"]).done();
    let packaged = desk.path("root/usr/lib/systemd/system");
    fs::create_dir_all(&packaged).unwrap();
    fs::write(packaged.join("tidbok-sync.service"), &printed).unwrap();
    assert_eq!(look(), "ok");
    // An administrator's own goes before the package's, and may be older.
    fs::write(system.join("tidbok-sync.service"), printed.replace("RestartSec=5", "")).unwrap();
    let ended = look_at_root(&desk);
    assert_eq!((ended.code, state(&ended, "service-sync").as_str()), (0, "notice"));
    assert!(ended.out.contains("tidbok sync --print-unit > "), "{}", ended.out);
}

#[test]
fn it_is_told_whether_the_agent_is_at_work_and_when_it_was_last() {
    let desk = Desk::example();
    assert_eq!(state(&desk.run(&["doctor", "--json"]), "agent"), "ok");
    let drop_in = desk.path("root/etc/systemd/system/tidbok-sync.service.d");
    fs::create_dir_all(&drop_in).unwrap();
    fs::write(drop_in.join("00-setup.conf"), "[Service]\n").unwrap();
    let ended = look_at_root(&desk);
    assert_eq!(state(&ended, "agent"), "notice");
    assert!(ended.out.contains("systemctl enable --now tidbok-sync"), "{}", ended.out);
    // Where that has been done, to do it again is no help.
    let started = desk.path("root/etc/systemd/system/multi-user.target.wants");
    fs::create_dir_all(&started).unwrap();
    std::os::unix::fs::symlink("../tidbok-sync.service", started.join("tidbok-sync.service"))
        .unwrap();
    let ended = look_at_root(&desk);
    assert_eq!(state(&ended, "agent"), "notice");
    assert!(!ended.out.contains("enable --now"), "{}", ended.out);
    assert!(ended.out.contains("journalctl -u tidbok-sync"), "{}", ended.out);

    for (told_of, silent_for, code, expected, word) in [
        (status::state(), TimeDelta::zero(), 0, "ok", "senast hörd"),
        (status::faulty(10), TimeDelta::zero(), 1, "fault", "token"),
        (status::state(), TimeDelta::hours(1), 1, "fault", "journalctl -u tidbok-sync"),
    ] {
        status::told(&desk, &told_of, silent_for);
        let ended = desk.run(&["doctor", "--json"]);
        assert_eq!(
            (ended.code, state(&ended, "agent").as_str()),
            (code, expected),
            "{}",
            ended.out
        );
        assert!(ended.out.contains(word), "{word}: {}", ended.out);
    }
}

#[test]
fn the_machine_is_looked_at_and_what_it_lacks_is_told_with_what_to_do() {
    let desk = Desk::example();
    let ended = desk.run(&["doctor", "--json"]);
    for check in ["clock", "time-zone", "terminal"] {
        assert!(["ok", "notice"].contains(&state(&ended, check).as_str()), "{check}");
    }
    assert_eq!(state(&ended, "write-ahead-log"), "ok");
    assert_eq!(state(&ended, "terminal"), "notice");
    assert!(ended.out.contains("export LANG=C.UTF-8"), "{}", ended.out);
    let mut command = desk.program(&["doctor", "--json"]);
    let url = format!("sqlite:{}", desk.database().display());
    command.env("TIDBOK_DATABASE", url).env("TERM", "xterm").env("LANG", "sv_SE.UTF-8");
    assert_eq!(state(&Ended::of(command.output().unwrap()), "terminal"), "ok");
}

#[test]
fn the_clock_is_compared_with_that_of_the_booking_pages_server() {
    use std::io::{Read, Write};
    let desk = Desk::example();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/fhir/mitt", listener.local_addr().unwrap());
    let look = || {
        let mut command = desk.program(&["doctor", "--json"]);
        let database = format!("sqlite:{}", desk.database().display());
        command.env("TIDBOK_DATABASE", database).env("TIDBOK_PORTAL", &url);
        state(&Ended::of(command.output().unwrap()), "portal-clock")
    };
    let apart = [(0, "ok"), (-30, "notice"), (3600, "fault")];
    let answering = std::thread::spawn(move || {
        for (seconds, _) in apart {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            let at = chrono::Utc::now() + TimeDelta::seconds(seconds);
            let date = at.format("%a, %d %b %Y %H:%M:%S GMT");
            let head = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close";
            write!(stream, "{head}\r\nDate: {date}\r\n\r\n").unwrap();
        }
    });
    for (seconds, expected) in apart {
        assert_eq!(look(), expected, "{seconds} s");
    }
    answering.join().unwrap();
    // Nobody answers there any more.
    assert_eq!(look(), "notice");
}

#[test]
fn a_machine_with_the_booking_page_alone_has_no_database_to_miss() {
    let desk = Desk::empty();
    installed(&desk);
    let root = desk.path("root");
    let ended = desk.run_unnamed(&["doctor", "--json", "--root", root.to_str().unwrap()]);
    assert_eq!((ended.code, state(&ended, "database").as_str()), (0, "notice"), "{}", ended.out);
}

#[test]
fn that_nobody_has_signed_in_is_no_fault() {
    let desk = Desk::empty();
    let user = r#"{"signature": "REC", "#;
    let file = desk.clinic_file(user, &format!(r#"{user}"os_account": "another-account", "#));
    desk.run(&["import", file.to_str().unwrap()]).done();
    desk.configure("login = \"os\"\n");
    let ended = desk.run(&["doctor", "--json"]);
    assert_eq!((ended.code, state(&ended, "user").as_str()), (0, "notice"), "{}", ended.out);
    assert!(told(&ended)["findings"].is_null(), "{}", ended.out);
}
