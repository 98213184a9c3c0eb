//! How often a database is waited for: what a console asks all day long takes one request or two,
//! whatever is shown. Opening and ending a transaction are counted as well.

mod support;

use std::sync::{Arc, Mutex};

use support::{Place, line};
use tidbok::clinic::{Clinic, Command, OverlapChoice, new_command_id};
use tidbok::domain::{Actor, CivilTime, DateRange, PractitionerId};
use tidbok::store::{DatabaseLocation, OpenMode, Store};

/// The example clinic, whose requests are noted.
struct Counted {
    clinic: Clinic,
    requests: Arc<Mutex<Vec<Vec<String>>>>,
    _place: Place,
}

impl Counted {
    async fn new() -> Self {
        let place = Place::new();
        Self::of(place.example().await, place).await
    }

    /// A console that has been open for a while: the set-up is known.
    async fn of(store: Store, place: Place) -> Self {
        let requests: Arc<Mutex<Vec<Vec<String>>>> = Arc::default();
        let noted = Arc::clone(&requests);
        let watch = move |statements: &[&str]| {
            let statements = statements.iter().map(|&sql| sql.to_owned()).collect();
            noted.lock().unwrap().push(statements);
        };
        let clinic = Clinic::new(store.watched(Arc::new(watch)));
        clinic.setup().await.unwrap();
        requests.lock().unwrap().clear();
        Self { clinic, requests, _place: place }
    }

    fn requests(&self) -> Vec<Vec<String>> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }

    async fn actor(&self, signature: &str) -> Actor {
        let users = self.clinic.users().await.unwrap();
        self.requests();
        Actor::User(users[&signature.into()].clone())
    }

    async fn lay(&self, actor: &Actor, times: &str) {
        let command = Command::LayPreblocks {
            practitioner: "AE".into(),
            preblock_type: "e-us".into(),
            intervals: vec![support::interval(times)],
            overlap: OverlapChoice::Refuse,
            code: None,
        };
        self.clinic.execute(actor, new_command_id(), &command, now()).await.unwrap();
    }
}

fn now() -> CivilTime {
    "2026-11-23T12:00".parse().unwrap()
}

fn week() -> DateRange {
    DateRange::new(support::today(), 7)
}

/// Requests for what is read: on a server the snapshot is opened by one of its own.
fn for_reading(requests: &[Vec<String>]) -> usize {
    let begun = requests.iter().filter(|statements| **statements == ["BEGIN"]).count();
    assert!(begun <= 1, "{requests:#?}");
    requests.len() - begun
}

#[tokio::test]
async fn a_week_takes_one_request_and_a_day_of_everybody_no_more() {
    let counted = Counted::new().await;
    counted.clinic.book(&"AE".into(), week()).await.unwrap();
    let requests = counted.requests();
    assert_eq!(for_reading(&requests), 1, "{requests:#?}");
    assert!(requests.len() <= 2);

    let everybody: Vec<PractitionerId> =
        counted.clinic.setup().await.unwrap().practitioners.keys().cloned().collect();
    assert!(everybody.len() > 2);
    counted.requests();
    let today = DateRange::new(support::today(), 1);
    let books = counted.clinic.books(&everybody, today).await.unwrap();
    assert_eq!(books.len(), everybody.len());
    assert_eq!(for_reading(&counted.requests()), 1);
}

#[tokio::test]
async fn a_week_that_something_reaches_out_of_takes_one_request_more() {
    let counted = Counted::new().await;
    let night = support::interval("2026-11-22T20:00/2026-11-23T02:00");
    let mut change = counted.clinic.store().begin().await.unwrap();
    let block = tidbok::domain::Preblock {
        id: "night".into(),
        practitioner: "AE".into(),
        preblock_type: "e-us".into(),
        interval: night,
    };
    change.insert_preblock(&block).await.unwrap();
    change.commit().await.unwrap();
    counted.requests();
    let book = counted.clinic.book(&"AE".into(), week()).await.unwrap();
    assert_eq!(book.calendar.preblocks()[0].id, block.id);
    assert_eq!(for_reading(&counted.requests()), 2);
}

#[tokio::test]
async fn what_is_longer_than_was_known_is_found_by_asking_once_more_and_is_known_then() {
    let counted = Counted::new().await;
    let year = support::interval("2026-01-01T00:00/2027-01-01T00:00");
    let mut change = counted.clinic.store().begin().await.unwrap();
    let session = tidbok::domain::WorkSession {
        id: "year".into(),
        practitioner: "AE".into(),
        interval: year,
    };
    change.insert_work_session(&session).await.unwrap();
    change.commit().await.unwrap();
    counted.requests();
    let mut needed = Vec::new();
    for _ in 0..2 {
        let book = counted.clinic.book(&"AE".into(), week()).await.unwrap();
        assert!(book.calendar.sessions().contains(&session));
        needed.push(for_reading(&counted.requests()));
    }
    assert_eq!(needed, [2, 1]);
}

#[tokio::test]
async fn the_question_of_every_second_takes_one_request() {
    let counted = Counted::new().await;
    counted.clinic.revisions().await.unwrap();
    assert_eq!(counted.requests().len(), 1);
}

#[tokio::test]
async fn laying_a_preblock_takes_three_requests_between_beginning_and_commit() {
    let counted = Counted::new().await;
    let actor = counted.actor("AE").await;
    // The first change of a book gives it its revision.
    counted.lay(&actor, "2026-12-01T08:00/2026-12-01T10:00").await;
    counted.requests();
    counted.lay(&actor, "2026-12-02T08:00/2026-12-02T10:00").await;
    let requests = counted.requests();
    let [begin, between @ .., commit] = &requests[..] else { panic!("{requests:#?}") };
    assert_eq!((&begin[..], &commit[..]), (&["BEGIN".to_owned()][..], &["COMMIT".to_owned()][..]));
    assert_eq!(between.len(), 3, "{requests:#?}");
}

on_the_server_too!(
    a_week_takes_one_request_and_a_day_of_everybody_no_more,
    a_week_that_something_reaches_out_of_takes_one_request_more,
    what_is_longer_than_was_known_is_found_by_asking_once_more_and_is_known_then,
    the_question_of_every_second_takes_one_request,
    laying_a_preblock_takes_three_requests_between_beginning_and_commit,
);

/// What is noted is what passes on the line: the turns at which the one end speaks after the other.
#[test]
#[cfg_attr(not(tidbok_test_sqlserver), ignore = "TIDBOK_TEST_SQLSERVER names no server")]
fn on_the_line_to_a_server_there_pass_as_many_requests() {
    support::engine::on_server(on_the_line);
}

#[tokio::main(flavor = "current_thread")]
async fn on_the_line() {
    let place = Place::new();
    place.example().await.close().await;
    let DatabaseLocation::SqlServer(server) = place.location() else { panic!("a server") };
    let (behind, turns) = line::counted(&server).await;
    let there = DatabaseLocation::SqlServer(Box::new(behind));
    let store = Store::open(&there, OpenMode::Existing).await.unwrap();
    let counted = Counted::of(store, place).await;
    let actor = counted.actor("AE").await;
    counted.lay(&actor, "2026-12-01T08:00/2026-12-01T10:00").await;

    turns.take().await;
    counted.clinic.revisions().await.unwrap();
    assert_eq!(turns.take().await, 1);
    counted.clinic.book(&"AE".into(), week()).await.unwrap();
    // What ends a snapshot is sent, too; nobody waits for it.
    assert!((1..=3).contains(&turns.take().await));
    counted.lay(&actor, "2026-12-02T08:00/2026-12-02T10:00").await;
    assert_eq!(turns.take().await, 5);
}
