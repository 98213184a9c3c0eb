//! `tidbok status`, as people and as monitoring systems read it.

use std::net::TcpListener;

use chrono::{DateTime, TimeDelta, Utc};
use tidbok::domain::{
    AgentAt, Interval, Minutes, Notice, NoticeFault, NoticeKind, NoticeState, StrayBooking,
    SyncFault, SyncFaultKind, SyncState,
};
use tidbok::store::{Attempt, DatabaseLocation, OpenMode, Store};

use crate::desk::{Desk, Ended};

/// An agent has told this of itself in the desk's database, and was heard from a while ago.
pub fn told(desk: &Desk, state: &SyncState, silent_for: TimeDelta) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let content = serde_json::to_string(state).unwrap();
    let alive_at = Utc::now() - silent_for;
    runtime.block_on(async {
        let location = DatabaseLocation::Sqlite(desk.database());
        let store = Store::open(&location, OpenMode::Existing).await.unwrap();
        let mut transaction = store.begin().await.unwrap();
        transaction.keep_sync_state(&content).await.unwrap();
        transaction.keep_pulse(alive_at, Some(alive_at)).await.unwrap();
        transaction.commit().await.unwrap();
        store.close().await;
    });
}

pub fn state() -> SyncState {
    let at = AgentAt {
        host: "mottagningen".to_owned(),
        process: 7,
        version: "1".to_owned(),
        since: Utc::now(),
        publishes_to: "https://bokning.example.se/fhir/storgatan".to_owned(),
    };
    let published = [("AE".into(), [("us30".into(), 12)].into())].into();
    SyncState { agent: Some(at), published, ..SyncState::default() }
}

fn ago(minutes: i64) -> DateTime<Utc> {
    Utc::now() - TimeDelta::minutes(minutes)
}

pub fn faulty(minutes: i64) -> SyncState {
    let (kind, text) = (SyncFaultKind::Unauthorized, "token".to_owned());
    SyncState { fault: Some(SyncFault { since: ago(minutes), kind, text }), ..state() }
}

fn run(desk: &Desk, more: &[&str]) -> Ended {
    desk.run(&[&["status", "--timeout", "60"], more].concat())
}

#[test]
fn the_exit_code_tells_how_bad_it_is() {
    let hour = TimeDelta::hours(1);
    let waiting = SyncState { waiting: [("AE".into(), ago(2))].into(), ..state() };
    let cases = [
        (state(), TimeDelta::zero(), 0, "S Synkad"),
        (waiting, TimeDelta::zero(), 1, "V Väntar 1"),
        // For 10 minutes, or 11 where one has begun meanwhile.
        (faulty(10), TimeDelta::zero(), 2, "! Fel 1"),
        (state(), hour, 2, "? Ingen agent sedan"),
    ];
    let desk = Desk::example();
    for (state, silent_for, code, word) in cases {
        told(&desk, &state, silent_for);
        let ended = run(&desk, &[]);
        assert_eq!((ended.code, ended.err.as_str()), (code, ""), "{word}");
        assert!(ended.out.contains(word) && ended.out.contains("12 tider"), "{}", ended.out);
        let json: serde_json::Value =
            serde_json::from_str(&run(&desk, &["--json"]).out).expect("JSON");
        assert_eq!(json["code"], code, "{json}");
    }
    told(&desk, &faulty(10), TimeDelta::zero());
    let ended = run(&desk, &[]);
    assert!(ended.out.contains("samma nyckel (token) eller certifikat"), "{}", ended.out);
}

#[test]
fn bookings_that_no_book_has_are_a_warning_that_names_their_place_and_nobody() {
    let desk = Desk::example();
    let start = "2026-11-27T10:00".parse().expect("a time");
    let interval = Interval::new(start, start + Minutes(30)).expect("half an hour");
    let stray = StrayBooking { interval, practitioner: "AE".into(), in_book: None };
    told(&desk, &SyncState { stray: [stray].into(), ..state() }, TimeDelta::zero());
    let ended = run(&desk, &[]);
    assert_eq!(ended.code, 1, "{}", ended.out);
    assert!(ended.out.contains("Anna Ek fre 27 nov"), "{}", ended.out);
    let json: serde_json::Value = serde_json::from_str(&run(&desk, &["--json"]).out).expect("JSON");
    assert_eq!(json["sync"]["state"]["stray"][0]["practitioner"], "AE");
    let metrics = run(&desk, &["--prometheus"]).out;
    assert!(metrics.contains("\ntidbok_sync_stray_bookings 1\n"), "{metrics}");
}

#[test]
fn a_clinic_without_online_client_is_well_and_told_how_to_have_one() {
    let ended = run(&Desk::example(), &["--counts"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    for word in ["tidbok sync", "Databas", "clinic.db", "Bokningar"] {
        assert!(ended.out.contains(word), "{word}: {}", ended.out);
    }
    assert!(!run(&Desk::example(), &[]).out.contains("Bokningar"), "counts are asked for");
}

/// A metric's name: letters, digits, `_` and `:`.
fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|it| it.is_ascii_alphabetic() || it == '_')
        && letters.all(|it| it.is_ascii_alphanumeric() || it == '_' || it == ':')
}

/// Reads the text format as Prometheus does: each metric has its help and its type before it, once.
fn samples(text: &str) -> Vec<(String, f64)> {
    let mut described = Vec::new();
    let mut samples = Vec::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').expect("a name and a help");
            assert!(is_name(name) && !help.is_empty() && !described.contains(&name), "{line}");
            described.push(name);
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let name = rest.strip_suffix(" gauge").expect("a type");
            assert_eq!(described.last(), Some(&name), "{line}");
        } else {
            let (series, value) = line.rsplit_once(' ').expect("a value");
            let name = series.split('{').next().unwrap();
            assert_eq!(described.last(), Some(&name), "{line}");
            if let Some(labels) = series.strip_prefix(name).filter(|labels| !labels.is_empty()) {
                let (label, value) = labels[1..labels.len() - 1].split_once('=').expect("a label");
                assert!(is_name(label) && value.starts_with('"') && value.ends_with('"'), "{line}");
            }
            samples.push((series.to_owned(), value.parse().expect("a number")));
        }
    }
    assert!(text.ends_with('\n'));
    samples
}

#[test]
fn the_metrics_are_in_prometheus_format_and_tell_of_nobody() {
    let desk = Desk::example();
    told(&desk, &faulty(10), TimeDelta::zero());
    let ended = run(&desk, &["--prometheus"]);
    assert_eq!((ended.code, ended.err.as_str()), (2, ""));
    let samples = samples(&ended.out);
    let value = |name: &str| samples.iter().find(|(series, _)| series == name).map(|(_, n)| *n);
    assert_eq!(value("tidbok_up"), Some(1.0));
    assert_eq!(value("tidbok_status"), Some(2.0));
    assert_eq!(value("tidbok_sync_state{state=\"fault\"}"), Some(1.0));
    assert_eq!(value("tidbok_sync_published_slots"), Some(12.0));
    assert!(value("tidbok_sync_fault_since_timestamp_seconds").is_some());
    assert!(!ended.out.contains("AE") && !ended.out.contains("Anna"), "{}", ended.out);
}

#[test]
fn a_server_that_says_nothing_and_a_file_that_is_locked_are_not_waited_for() {
    let desk = Desk::example();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let url = format!("sqlserver://tidbok@127.0.0.1:{port}/d");
    let server = |more: &[&str]| {
        let asked = [&["--database", url.as_str(), "status", "--timeout", "1"], more].concat();
        let mut program = desk.program(&asked);
        Ended::of(program.env("TIDBOK_DATABASE_PASSWORD", "hemligt").output().unwrap())
    };
    server(&[]).failed(3, &["har inte svarat inom 1 s"]);
    let ended = server(&["--prometheus"]);
    assert_eq!(ended.code, 3);
    assert_eq!(samples(&ended.out), [("tidbok_up".into(), 0.0), ("tidbok_status".into(), 3.0)]);
    let json: serde_json::Value = serde_json::from_str(&server(&["--json"]).out).expect("JSON");
    assert_eq!((&json["status"], &json["code"]), (&"unknown".into(), &3.into()));

    let other = rusqlite::Connection::open(desk.database()).unwrap();
    other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
    desk.run(&["status", "--timeout", "1"]).failed(3, &["har inte svarat inom 1 s"]);
}

#[test]
fn what_is_asked_wrongly_of_status_is_unknown_and_not_a_warning() {
    let desk = Desk::example();
    for asked in [
        &["status", "--colour"][..],
        &["status", "--timeout", "0"],
        &["status", "--json", "--prometheus"],
        &["status", "--language", "fi"],
    ] {
        let ended = desk.run(asked);
        assert_eq!((ended.code, ended.out.as_str()), (3, ""), "{asked:?} {}", ended.err);
        assert!(!ended.err.is_empty());
    }
    for url in ["clinic.db", "sqlite:", "postgres://x/y", ""] {
        desk.run_on(url, &["status"]).failed(3, &["sqlite:"]);
    }
    desk.run_on("sqlserver://u:hemligt@host/d", &["status"])
        .failed(3, &["TIDBOK_DATABASE_PASSWORD"]);
    assert_eq!(desk.run(&["status", "--help"]).code, 0);
}

/// A message that could not be sent; whether it is tried again.
fn not_sent(desk: &Desk, notice: &Notice, (state, fault): (NoticeState, NoticeFault)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let location = DatabaseLocation::Sqlite(desk.database());
        let store = Store::open(&location, OpenMode::Existing).await.unwrap();
        let mut transaction = store.begin().await.unwrap();
        transaction.insert_notice(notice).await.unwrap();
        let attempt = Attempt {
            state,
            attempts: 1,
            doubtful: false,
            next_at: Utc::now(),
            fault: Some(fault),
        };
        assert!(transaction.keep_attempt(notice, attempt).await.unwrap());
        transaction.commit().await.unwrap();
        store.close().await;
    });
}

#[test]
fn what_is_held_up_of_the_mail_to_patients_is_told_with_what_to_do() {
    let desk = Desk::example();
    told(&desk, &state(), TimeDelta::zero());
    assert!(!run(&desk, &[]).out.contains("E-post"));
    let at = |clock: &str| format!("2026-11-25T{clock}").parse().unwrap();
    for (booking, waited) in [("b1", 2), ("b2", 20)] {
        let notice = Notice {
            booking: booking.into(),
            n: 0,
            kind: NoticeKind::Moved,
            practitioner: "AE".into(),
            interval: Interval::new(at("09:00"), at("09:30")).unwrap(),
            patient: None,
            decided_at: ago(waited),
            state: NoticeState::Waiting,
            attempts: 0,
            doubtful: false,
        };
        not_sent(&desk, &notice, (NoticeState::Waiting, NoticeFault::Unreachable));
        let ended = run(&desk, &["--language", "sv"]);
        assert!(ended.out.contains("väntar sedan") && ended.out.contains("e-postservern nås inte"));
        assert_eq!(ended.code, i32::from(waited > 15), "{}", ended.out);
    }
    // What the server refuses for good is given up at once, and not after a day.
    let notice = Notice {
        booking: "b4".into(),
        n: 0,
        kind: NoticeKind::Moved,
        practitioner: "AE".into(),
        interval: Interval::new(at("10:00"), at("10:30")).unwrap(),
        patient: None,
        decided_at: ago(1),
        state: NoticeState::Waiting,
        attempts: 0,
        doubtful: false,
    };
    not_sent(&desk, &notice, (NoticeState::Failed, NoticeFault::Refused));
    let english = run(&desk, &["--language", "en"]).out;
    assert!(english.contains("1 given up in the last 24 hours"), "{english}");
    assert!(run(&desk, &[]).out.contains("1 kunde inte levereras det senaste dygnet"));
    let json = run(&desk, &["--json"]).out;
    let told: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (&told["mail"]["held_up"], &told["mail"]["fault"]),
        (&2.into(), &"unreachable".into())
    );
    assert!(run(&desk, &["--prometheus"]).out.contains("tidbok_mail_held_up 2\n"));
}

#[cfg(unix)]
#[test]
fn a_watch_that_is_told_to_stop_while_the_database_is_asked_stops() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;
    use std::time::{Duration, Instant};

    let desk = Desk::empty();
    // A server that takes connections and never answers.
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("sqlserver://tidbok@{}/d", server.local_addr().unwrap());
    let mut watch = desk.program(&["--database", &url, "status", "--watch", "1", "--timeout", "2"]);
    let watch = watch.env("TIDBOK_DATABASE_PASSWORD", "hemligt").stdout(Stdio::piped());
    let mut watch = watch.spawn().unwrap();
    let mut told = String::new();
    let mut reader = BufReader::new(watch.stdout.take().unwrap());
    reader.read_line(&mut told).unwrap();
    assert!(told.starts_with("? "), "{told}");
    // It asks for the second time.
    std::thread::sleep(Duration::from_secs(2));
    let process = nix::unistd::Pid::from_raw(i32::try_from(watch.id()).unwrap());
    nix::sys::signal::kill(process, nix::sys::signal::Signal::SIGTERM).unwrap();
    let since = Instant::now();
    while watch.try_wait().unwrap().is_none() {
        if since.elapsed() > Duration::from_secs(20) {
            watch.kill().unwrap();
            panic!("it goes on");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(watch.wait().unwrap().success());
}
