//! The audit log on the command line: the same filters as on screen.

use std::collections::BTreeSet;

use tidbok::clinic::{Clinic, Command, OnlineBooking, new_command_id};
use tidbok::domain::*;
use tidbok::store::{DatabaseLocation, OpenMode, Store};

use crate::desk::Desk;

#[test]
fn the_filters_of_the_log_combine() {
    let desk = Desk::example();
    desk.run(&["booking", "cancel", "b1", "--user", "REC"]).done();
    desk.run(&["session", "add", "AE", "2026-11-27T08:00/12:00"]).done();
    let list = |more: &[&str]| {
        let all = [&["audit", "list", "--json"][..], more].concat();
        let rows = desk.run(&all).done();
        let rows: Vec<serde_json::Value> = serde_json::from_str(&rows).expect("JSON");
        let actions = rows.iter().map(|row| row["action"].as_str().expect("text").to_owned());
        // Within one second, the chains' names decide.
        actions.collect::<BTreeSet<_>>()
    };
    for (filters, actions) in [
        (&[][..], &["clinic.import", "booking.cancel", "schedule.add"][..]),
        (&["--by", "REC"], &["booking.cancel"]),
        (&["--practitioner", "AE", "--by", "system"], &["schedule.add"]),
        (&["--kind", "work_session"], &["schedule.add"]),
        (&["--kind", "booking", "--action", "booking.move"], &[]),
        (&["--action", "booking.cancel", "--from", "2020-01-01"], &["booking.cancel"]),
        (&["--action", "booking.cancel", "--to", "2020-01-01"], &[]),
        (&["--from", "2020-01-01", "--to", "2100-01-01", "--by", "REC"], &["booking.cancel"]),
    ] {
        let actions = actions.iter().map(|action| (*action).to_owned()).collect();
        assert_eq!(list(filters), actions, "{filters:?}");
    }
    desk.run(&["audit", "list", "--from", "i morgon"]).failed(2, &["i morgon"]);
    desk.run(&["audit", "list", "--kind", "booking", "--entity", "booking/b1"])
        .failed(2, &["--kind"]);
}

#[test]
fn whoever_takes_all_patients_along_is_told_of_and_how_complete() {
    let desk = Desk::example();
    let to = |name: &str| desk.path(name).display().to_string();
    let (database, copy) =
        (format!("sqlite:{}", to("clinic.db")), format!("sqlite:{}", to("copy.db")));
    desk.run(&["export"]).done();
    desk.run(&["export", "--complete", &to("file.json")]).done();
    desk.run(&["backup", &to("backup.db")]).done();
    desk.run_unnamed(&["copy", &database, &copy, "--dry-run"]).done();
    desk.run_unnamed(&["copy", &database, &copy]).done();
    for refused in [&["export"][..], &["export", "--complete"], &["backup", &to("none.db")]] {
        desk.run(&[refused, &["--user", "ELEV"]].concat()).failed(1, &["R17"]);
    }
    let told = |database: &str| {
        let rows = desk.run_on(database, &["audit", "list", "--json", "--kind", "clinic"]).done();
        for path in ["file.json", "backup.db", "copy.db"] {
            assert!(!rows.contains(path), "{rows}");
        }
        let rows: Vec<serde_json::Value> = serde_json::from_str(&rows).expect("JSON");
        let taken = rows.iter().filter(|row| row["chain"] == "reading");
        taken.map(|row| format!("{} {}", row["actor"], row["action"])).collect::<Vec<_>>()
    };
    let all = ["export", "export-complete", "backup", "copy"];
    let all = all.map(|what| format!("\"system\" \"clinic.{what}\""));
    assert_eq!(told(&database), all);
    assert_eq!(told(&copy), all, "and the copy holds it");
    assert_eq!(told(&format!("sqlite:{}", to("backup.db"))), all[..3]);
    desk.run(&["audit", "verify"]).done();
}

/// The example's patient books online and gives another address.
async fn book_online(desk: &Desk) {
    let location = DatabaseLocation::Sqlite(desk.database());
    let clinic = Clinic::new(Store::open(&location, OpenMode::Existing).await.expect("opens"));
    let now: CivilTime = "2026-11-23T12:00".parse().expect("a time");
    let typed = TypedContacts {
        personnummer: "19121212-1212",
        first_name: "Tolvan",
        last_name: "Tolvansson",
        email: "ny@example.org",
        mobile: "070-174 06 34",
        address: "",
    };
    let (personnummer, contacts) = typed.read(now.date()).expect("good contacts");
    let booking = Command::BookOnline(Box::new(OnlineBooking {
        portal_id: PortalId::parse("w1").expect("an id"),
        practitioner: "AE".into(),
        template: "us30".into(),
        start: "2026-11-25T10:00".parse().expect("a time"),
        personnummer,
        contacts,
        identification: Identification::EId,
        language: None,
    }));
    let done = clinic.execute(&Actor::OnlineClient, new_command_id(), &booking, now).await;
    done.expect("books");
}

#[tokio::test]
async fn r22_the_contacts_that_a_patient_gave_are_never_told_in_clear() {
    let desk = Desk::example();
    book_online(&desk).await;
    for more in [&[][..], &["--personal"]] {
        let all = [&["audit", "list", "--json", "--kind", "contacts"][..], more].concat();
        let told = desk.run(&all).done();
        assert!(told.contains("booking.online"), "{told}");
        assert!(!told.contains("ny@example.org") && !told.contains("06 34"), "{told}");
    }
}
