//! *Veckomallar* on a real store: kept, laid on weeks, undone; and in the clinic file.

mod support;

use chrono::Weekday;
use support::{EXAMPLE, Place};
use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::{ClinicFile, Completeness, ImportMode};

const NOW: &str = "2026-11-23T12:00";

/// The example with two week templates.
const WEEKS: &str = r#"
  "week_templates": [
    {"id": "jamn", "name": "Jämn vecka", "sessions": [
      {"weekday": "tue", "start": "08:00", "minutes": 240},
      {"weekday": "mon", "start": "22:00", "minutes": 480}
    ]},
    {"id": "tom", "name": "Tom vecka", "sessions": []}
  ]
}
"#;

fn with_weeks(weeks: &str) -> String {
    let rest = EXAMPLE.trim_end().strip_suffix('}').expect("an object").trim_end();
    format!("{rest},{weeks}")
}

async fn clinic(place: &Place) -> Clinic {
    let clinic = Clinic::new(place.store().await);
    let file = ClinicFile::parse(&with_weeks(WEEKS), support::today()).expect("a good file");
    let (id, mode) = (new_command_id(), ImportMode::IntoEmpty);
    clinic.import(&Actor::System, id, &file, mode).await.expect("imports");
    clinic
}

async fn export(clinic: &Clinic) -> String {
    let file = clinic.export(&Actor::System, Completeness::Complete).await.expect("reads");
    file.to_json(Completeness::Complete)
}

async fn run(clinic: &Clinic, actor: &Actor, command: &Command) -> Result<Outcome, ClinicError> {
    clinic.execute(actor, new_command_id(), command, NOW.parse().expect("a time")).await
}

fn lay(template: &str, weeks: WeekParity) -> Command {
    Command::ApplyWeekTemplate {
        practitioner: "AE".into(),
        template: template.into(),
        span: Repeat {
            week: parse_date("2026-12-16").expect("a date"),
            until: RepeatUntil::Weeks(3),
            weeks,
            red_days: RedDays::Skip,
        },
    }
}

async fn sessions(clinic: &Clinic, weeks: u32) -> Vec<String> {
    let days = DateRange::new(parse_date("2026-12-14").expect("a date"), weeks * 7);
    let book = clinic.book(&"AE".into(), days).await.expect("reads");
    book.calendar.sessions().iter().map(|session| session.interval.to_string()).collect()
}

#[tokio::test]
async fn a_file_with_week_templates_comes_back_in_order_and_one_without_has_no_such_key() {
    let place = Place::new();
    let clinic = clinic(&place).await;
    let written = export(&clinic).await;
    let again = ClinicFile::parse(&written, support::today()).expect("a good file");
    assert_eq!(again.to_json(Completeness::Complete), written);
    assert!(written.contains("\"weekday\": \"mon\",\n          \"start\": \"22:00\""), "{written}");
    let without = support::example().to_json(Completeness::Complete);
    assert!(!without.contains("week_templates"));
}

#[test]
fn what_is_wrong_with_a_week_template_is_told_by_its_path() {
    let session = |session: &str| {
        format!(
            "\"week_templates\": [{{\"id\": \"w\", \"name\": \"W\", \"sessions\": [{session}]}}]}}"
        )
    };
    let cases = [
        (session(r#"{"weekday": "mån", "start": "08:00", "minutes": 60}"#), "[0].weekday"),
        (session(r#"{"weekday": "mon", "start": "24:00", "minutes": 60}"#), "[0].start"),
        (session(r#"{"weekday": "mon", "start": "8:00", "minutes": 60}"#), "[0].start"),
        (session(r#"{"weekday": "mon", "start": "08:00", "minutes": 0}"#), "[0].minutes"),
        (session(r#"{"weekday": "mon", "start": "08:00", "minutes": 1441}"#), "[0].minutes"),
        (session(r#"{"weekday": "mon", "start": "08:00"}"#), "[0].minutes"),
        (session(r#"{"weekday": "mon", "start": "08:00", "minutes": 60, "end": 1}"#), "[0].end"),
        (session("7"), "[0]"),
    ];
    for (weeks, path) in cases {
        let faults = ClinicFile::parse(&with_weeks(&weeks), support::today()).expect_err(path);
        let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, [format!("week_templates[0].sessions{path}")], "{weeks}");
    }
    let twice = "\"week_templates\": [{\"id\": \"w\", \"name\": \"A\", \"sessions\": []}, \
                 {\"id\": \"w\", \"name\": \"B\", \"sessions\": []}]}";
    let faults = ClinicFile::parse(&with_weeks(twice), support::today()).expect_err("twice");
    assert_eq!(faults[0].path, "week_templates[1].id");
}

#[tokio::test]
async fn r19_a_template_goes_onto_its_own_week_and_those_after_red_days_skipped_and_undo_takes_it_back()
 {
    let place = Place::new();
    let clinic = clinic(&place).await;
    let before = export(&clinic).await;
    let even = lay("jamn", WeekParity::Even);
    let preview = clinic.preview(&Actor::System, &even, NOW.parse().expect("a time")).await;
    assert_eq!(preview.expect("previews").changes.len(), 2, "only week 52 of the three is even");
    let done = run(&clinic, &Actor::System, &lay("jamn", WeekParity::Every)).await.expect("lays");
    assert_eq!(
        sessions(&clinic, 3).await,
        [
            "2026-12-14T22:00/2026-12-15T06:00",
            "2026-12-15T08:00/2026-12-15T12:00",
            "2026-12-21T22:00/2026-12-22T06:00",
            "2026-12-22T08:00/2026-12-22T12:00",
            "2026-12-28T22:00/2026-12-29T06:00",
            "2026-12-29T08:00/2026-12-29T12:00",
        ]
    );
    let again = run(&clinic, &Actor::System, &lay("jamn", WeekParity::Every)).await;
    assert!(matches!(again, Err(ClinicError::Refused(Refusal::NothingToDo(_)))));
    let undo = Command::Undo { command: done.command };
    run(&clinic, &Actor::System, &undo).await.expect("undoes");
    assert_eq!(export(&clinic).await, before);
    for (template, refusal) in
        [("tom", Refusal::NothingToDo(NothingToDo::EmptyScheduleWeek)), ("borta", Refusal::Gone)]
    {
        match run(&clinic, &Actor::System, &lay(template, WeekParity::Every)).await {
            Err(ClinicError::Refused(found)) => assert_eq!(found, refusal),
            _ => panic!("{template} is refused"),
        }
    }
}

#[tokio::test]
async fn r19_a_template_may_end_within_its_own_week_and_the_last_day_counts() {
    let place = Place::new();
    let clinic = clinic(&place).await;
    // Monday evening into Tuesday, and Tuesday.
    let (monday, tuesday) =
        ("2026-12-14T22:00/2026-12-15T06:00", "2026-12-15T08:00/2026-12-15T12:00");
    for (last, expected) in [("2026-12-14", &[monday][..]), ("2026-12-15", &[monday, tuesday])] {
        let Command::ApplyWeekTemplate { practitioner, template, span } =
            lay("jamn", WeekParity::Every)
        else {
            panic!("lays a template")
        };
        let until = RepeatUntil::Date(parse_date(last).expect("a date"));
        let span = Repeat { until, ..span };
        let command = Command::ApplyWeekTemplate { practitioner, template, span };
        let done = run(&clinic, &Actor::System, &command).await.expect("lays");
        assert_eq!(sessions(&clinic, 1).await, expected, "{last}");
        let undo = Command::Undo { command: done.command };
        run(&clinic, &Actor::System, &undo).await.expect("undoes");
    }
}

#[tokio::test]
async fn r17_week_templates_are_kept_changed_and_removed_by_who_may_change_schedules() {
    let place = Place::new();
    let clinic = clinic(&place).await;
    let monday = WeekSession::new(Weekday::Mon, Minutes(480), Minutes(60)).expect("a session");
    let template = |name: &str| WeekTemplate {
        id: "ny".into(),
        name: name.to_owned(),
        sessions: vec![monday],
    };
    let change = |change| Command::ChangeSetting(Box::new(SettingChange::WeekTemplate(change)));
    let users = clinic.users().await.expect("reads");
    let reception = Actor::User(users[&"REC".into()].clone());
    let add = change(Changed::Added(template("Ny")));
    let refused = run(&clinic, &reception, &add).await;
    assert!(matches!(refused, Err(ClinicError::Refused(Refusal::Permission { permission, .. }))
        if permission == Permission::ScheduleEdit));
    let refused = run(&clinic, &reception, &lay("jamn", WeekParity::Every)).await;
    assert!(matches!(refused, Err(ClinicError::Refused(Refusal::Permission { .. }))));

    let before = export(&clinic).await;
    let added = run(&clinic, &Actor::System, &add).await.expect("adds");
    let renamed = change(Changed::Altered { before: template("Ny"), after: template("Sommar") });
    run(&clinic, &Actor::System, &renamed).await.expect("renames");
    let stale = change(Changed::Altered { before: template("Ny"), after: template("Höst") });
    let refused = run(&clinic, &Actor::System, &stale).await;
    assert!(matches!(refused, Err(ClinicError::Refused(Refusal::ChangedMeanwhile { .. }))));
    let taken = template("jämn VECKA");
    let taken = change(Changed::Altered { before: template("Sommar"), after: taken });
    let refused = run(&clinic, &Actor::System, &taken).await;
    assert!(matches!(refused, Err(ClinicError::Refused(Refusal::Faults(_)))));
    let undo = Command::Undo { command: added.command.clone() };
    let refused = run(&clinic, &Actor::System, &undo).await;
    assert!(matches!(refused, Err(ClinicError::Refused(Refusal::TouchedSince { .. }))));
    let remove = change(Changed::Removed(template("Sommar")));
    let removed = run(&clinic, &Actor::System, &remove).await.expect("removes");
    assert_eq!(export(&clinic).await, before);
    let undo = Command::Undo { command: removed.command };
    run(&clinic, &Actor::System, &undo).await.expect("undoes");
    let setup = clinic.setup().await.expect("reads");
    assert_eq!(setup.week_templates.get(&"ny".into()), Some(&template("Sommar")));
}

on_the_server_too! {
    a_file_with_week_templates_comes_back_in_order_and_one_without_has_no_such_key,
    r19_a_template_goes_onto_its_own_week_and_those_after_red_days_skipped_and_undo_takes_it_back,
    r19_a_template_may_end_within_its_own_week_and_the_last_day_counts,
    r17_week_templates_are_kept_changed_and_removed_by_who_may_change_schedules,
}
