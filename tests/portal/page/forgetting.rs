//! What the portal forgets, and when: in its answers, in its database and in every byte of its files.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tidbok::portal::{ClinicPage, KeepDays};

use super::e_id::site;
use super::{Site, slot};

/// Whatever could tell who somebody was.
const PERSONAL: [&str; 6] =
    ["Hilda", "Hemlig", "hilda@example.se", "189001019802", "18900101-9802", "0701740605"];

impl Site {
    /// What of a person is on disk.
    fn found(&self) -> Vec<&'static str> {
        let bytes = self.on_disk();
        PERSONAL.into_iter().filter(|personal| bytes.contains(personal)).collect()
    }

    /// The hashes that patients are known by.
    async fn hashes(&self) -> Vec<String> {
        let found = self.get("Patient").await;
        let entries = found["entry"].as_array().cloned().unwrap_or_default();
        let hash = |entry: &Value| entry["resource"]["identifier"][0]["value"].clone();
        entries.iter().filter_map(|entry| hash(entry).as_str().map(str::to_owned)).collect()
    }

    async fn appointments(&self) -> usize {
        let found = self.get("Appointment").await;
        found["entry"].as_array().map_or(0, Vec::len)
    }

    /// Time passes, and the agent is at work.
    async fn days(&self, days: i64) {
        self.pass(TimeDelta::days(days));
        self.heard().await;
        self.keep().await;
    }
}

#[tokio::test]
async fn once_the_agent_has_answered_nothing_personal_is_in_any_byte_on_disk_but_a_hash() {
    let site = Site::open().await;
    let (one, other) = (site.browser(), site.browser());
    one.ask("a1").await;
    assert!(site.found().contains(&"189001019802"), "until then it is there");
    site.decide(None).await;
    other.ask("b2").await;
    site.decide(Some("closed")).await;
    site.keep().await;
    assert_eq!(site.found(), [""; 0]);
    let hashes = site.hashes().await;
    assert_eq!((hashes.len(), hashes[0].len()), (2, 64));
    assert!(site.on_disk().contains(&hashes[0]), "the bytes are looked through");
}

#[tokio::test]
async fn whatever_a_page_wrote_on_a_wish_beside_what_is_needed_goes_with_the_answer() {
    let site = Site::open().await;
    site.browser().ask("a1").await;
    let [mut wish]: [Value; 1] = site.wishes().await.try_into().expect("one");
    wish["comment"] = "Hilda ringde".into();
    wish["participant"][0]["actor"]["display"] = "Hilda Hemlig".into();
    wish["status"] = "booked".into();
    site.publish(&wish).await;
    let id = wish["id"].as_str().expect("an id");
    let left = site.get(&format!("Appointment/{id}")).await;
    assert!(left["comment"].is_null() && left["participant"][0]["actor"]["display"].is_null());
    site.keep().await;
    assert_eq!(site.found(), [""; 0]);
}

#[tokio::test]
async fn a_booking_is_forgotten_whole_so_many_days_after_its_time() {
    for (keep, page) in [
        (30, ClinicPage::default()),
        (3, ClinicPage { keep_days: KeepDays::try_from(3).expect("3"), ..Default::default() }),
    ] {
        let site = Site::with(page).await;
        // Tomorrow at nine.
        let place = site.browser().ask("a1").await;
        site.decide(None).await;
        let [hash]: [String; 1] = site.hashes().await.try_into().expect("one");
        site.days(keep).await;
        assert_eq!((site.appointments().await, site.hashes().await.len()), (1, 1), "{keep}");
        site.days(1).await;
        assert_eq!((site.appointments().await, site.hashes().await.len()), (0, 0), "{keep}");
        let bytes = site.on_disk();
        let id = place.rsplit('/').next().expect("an id");
        assert!(!bytes.contains(&hash) && !bytes.contains(id), "{keep}");
    }
}

#[tokio::test]
async fn what_came_to_nothing_is_forgotten_so_many_days_after_that_and_its_browser_in_a_week() {
    let site = Site::open().await;
    let browser = site.browser();
    // On Monday in a week.
    let place = browser.ask("b3").await;
    site.decide(Some("closed")).await;
    site.days(6).await;
    assert_eq!(browser.get(&place).await.status, StatusCode::OK);
    site.days(2).await;
    assert_eq!(browser.get(&place).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.appointments().await, 1);
    site.days(23).await;
    assert_eq!((site.appointments().await, site.hashes().await.len()), (0, 0));
}

#[tokio::test]
async fn a_browser_looks_at_what_is_not_answered_yet_whoever_books_meanwhile() {
    let site = Site::open().await;
    for (id, clock) in [("d1", "09:00"), ("d2", "10:00")] {
        let mut december = slot(id, "ae", "us", 20, clock);
        for key in ["start", "end"] {
            december[key] = december[key].as_str().expect("a time").replace("-11-", "-12-").into();
        }
        site.publish(&december).await;
    }
    let browser = site.browser();
    let place = browser.ask("d1").await;
    site.days(8).await;
    assert_eq!(browser.get(&format!("{place}/state")).await.text, "overdue");
    site.browser().ask("d2").await;
    assert_eq!(browser.get(&format!("{place}/state")).await.text, "overdue");
}

#[tokio::test]
async fn a_wish_that_nobody_answered_ends_when_its_time_comes_and_its_page_says_so() {
    let site = Site::open().await;
    let browser = site.browser();
    let place = browser.ask("a1").await;
    site.pass(TimeDelta::hours(20));
    site.keep().await;
    assert_eq!(browser.get(&format!("{place}/state")).await.text, "overdue");
    assert!(!site.found().is_empty(), "the agent may still take it");
    site.pass(TimeDelta::hours(1));
    site.keep().await;
    assert_eq!(site.found(), [""; 0]);
    assert_eq!(site.hashes().await.len(), 1);
    assert_eq!(browser.get(&format!("{place}/state")).await.text, "unanswered");
    assert_eq!(browser.get(&place).await.heading(), "Kliniken svarade aldrig");
    let english = browser.get(&format!("{place}?lang=en")).await;
    assert_eq!(english.heading(), "The clinic never answered");
    assert!(site.wishes().await.is_empty(), "an agent that comes back finds it ended");
    site.days(31).await;
    assert_eq!((site.appointments().await, site.hashes().await.len()), (0, 0));
}

#[tokio::test]
async fn a_booking_whose_cancelling_nobody_answered_is_kept_as_it_was_without_the_number() {
    let (provider, site) = site().await;
    let place = site.browser().ask("a1").await;
    site.decide(None).await;
    let id = place.rsplit('/').next().expect("an id");
    provider.by(site.now());
    let browser = site.browser();
    browser.log_in(&provider).await;
    let asked = browser.get(&format!("/mitt/my-times/{id}/cancel")).await;
    let seal = super::e_id::seal(&asked);
    let sent = browser.post(&format!("/mitt/my-times/{id}/cancel"), &[("seal", &seal)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    site.keep().await;
    assert!(site.found().contains(&"189001019802"));
    site.pass(TimeDelta::hours(21));
    site.keep().await;
    assert_eq!(site.found(), [""; 0]);
    provider.by(site.now());
    let later = site.browser();
    later.log_in(&provider).await;
    let it = later.get(&format!("/mitt/my-times/{id}")).await;
    assert_eq!(it.heading(), "Tiden kunde inte avbokas");
    it.assert_has("Kliniken svarade aldrig.");
    // Who made the booking, and who wished it away, are one; the first is named no more.
    site.days(2).await;
    assert_eq!(site.hashes().await.len(), 1);
}

#[tokio::test]
async fn details_that_no_wish_names_are_gone_in_a_day() {
    let site = Site::open().await;
    let patient = json!({
        "resourceType": "Patient",
        "identifier": [{
            "system": "http://electronichealth.se/identifier/personnummer", "value": "189001019802",
        }],
        "name": [{"family": "Hemlig", "given": ["Hilda"]}],
    });
    let made = site.endpoint(crate::desk::PAGE, "POST".parse().expect("POST"), "Patient", &patient);
    assert_eq!(made.await.status, StatusCode::CREATED);
    site.pass(TimeDelta::hours(23));
    site.keep().await;
    assert!(!site.found().is_empty());
    site.pass(TimeDelta::hours(1));
    site.keep().await;
    assert_eq!(site.found(), [""; 0]);
}

#[tokio::test]
async fn what_browsers_held_is_forgotten_when_it_has_run_out() {
    let site = Site::open().await;
    site.browser().hold("a1").await;
    let holds = |database: &rusqlite::Connection| -> i64 {
        database.query_row("SELECT COUNT(*) FROM hold", (), |row| row.get(0)).expect("a number")
    };
    site.keep().await;
    site.pass(TimeDelta::minutes(5));
    let site = site.restarted(|database| assert_eq!(holds(database), 1));
    site.keep().await;
    site.restarted(|database| assert_eq!(holds(database), 0));
}

#[tokio::test]
async fn a_clinic_that_has_no_page_here_any_more_is_forgotten_as_well() {
    let site = Site::open().await;
    site.browser().ask("a1").await;
    let site = site.restarted(|database| {
        for table in ["resource", "term", "moment", "asked"] {
            let sql = format!("UPDATE {table} SET clinic = 'gone'");
            database.execute(&sql, ()).expect("renamed");
        }
    });
    site.pass(TimeDelta::days(40));
    site.keep().await;
    site.pass(TimeDelta::days(2));
    site.keep().await;
    assert_eq!(site.found(), [""; 0]);
    site.restarted(|database| {
        let left = "SELECT COUNT(*) FROM resource WHERE kind IN ('Appointment', 'Patient')";
        let left: i64 = database.query_row(left, (), |row| row.get(0)).expect("a number");
        assert_eq!(left, 0);
    });
}

#[tokio::test]
async fn what_can_not_be_forgotten_of_one_clinic_keeps_nothing_of_another() {
    let site = Site::open().await;
    site.browser().ask("a1").await;
    let site = site.restarted(|database| {
        database
            .execute_batch(
                "INSERT INTO resource VALUES ('first', 'Appointment', 'x', 1, 0, 'torn'); \
                 INSERT INTO term VALUES ('first', 'Appointment', 'status', 'proposed', 'x'); \
                 INSERT INTO moment VALUES ('first', 'Appointment', 'date', 0, 'x')",
            )
            .expect("what nobody can read");
    });
    site.pass(TimeDelta::hours(22));
    site.keep().await;
    assert!(site.said().iter().any(|line| line.contains("could not be erased")));
    assert_eq!(site.found(), [""; 0]);
}

#[tokio::test]
async fn a_portals_file_of_before_it_forgot_is_written_anew_without_what_was_erased() {
    let site = Site::open().await;
    site.browser().ask("a1").await;
    let site = site.restarted(|database| {
        // As a portal did it that did not overwrite.
        let before = "PRAGMA secure_delete = OFF; DELETE FROM resource WHERE kind = 'Patient'; \
                      DELETE FROM term WHERE kind = 'Patient'; PRAGMA user_version = 3; \
                      PRAGMA wal_checkpoint(TRUNCATE);";
        database.execute_batch(before).expect("as it was");
        let bytes = std::fs::read(database.path().expect("a file")).expect("what it holds");
        assert!(String::from_utf8_lossy(&bytes).contains("189001019802"), "it is there still");
    });
    assert_eq!(site.found(), [""; 0], "opening it was enough");
    let site = site.restarted(|database| {
        let schema = database.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0));
        assert_eq!(schema, Ok(4));
    });
    assert_eq!(site.appointments().await, 1, "everything else is there");
}
