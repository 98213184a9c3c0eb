//! What a round costs: nothing to do costs one question to the store and one request, and a change costs
//! by what it touches.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::http::Request;
use chrono::{DateTime, TimeDelta, Utc};
use tidbok::clinic::Clinic;
use tidbok::sync::{Agent, BearerToken, Http, Sending, Transport, Wire, Worked};

use crate::place::{AGENT, Place, runs_at};

type Noted = Arc<Mutex<Vec<String>>>;

/// Carries requests and notes them.
struct Noting {
    http: Http,
    noted: Noted,
}

impl Transport for Noting {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        let path = request.uri().path().trim_start_matches("/fhir/mitt");
        self.noted.lock().unwrap().push(format!("{} {path}", request.method()));
        self.http.send(request)
    }
}

/// An agent that has published everything, and what it asks of the store and of the other end.
struct Watched {
    agent: Agent,
    asked: Noted,
    sent: Noted,
    now: DateTime<Utc>,
}

impl Watched {
    async fn of(place: &Place) -> Self {
        let (asked, sent) = (Noted::default(), Noted::default());
        let noted = Arc::clone(&asked);
        let watch = move |statements: &[&str]| noted.lock().unwrap().push(statements.join(";\n"));
        let clinic = Clinic::new(place.clinic.store().watched(Arc::new(watch)));
        let http = Http::new().expect("a client");
        let transport = Noting { http, noted: Arc::clone(&sent) };
        let address = place.address().parse().expect("an address");
        let token = BearerToken::new(AGENT).expect("a token");
        let wire = Wire::new(Box::new(transport), &address, token);
        let agent = Agent::new(clinic, wire, runs_at("one", place.address()));
        let mut watched = Self { agent, asked, sent, now: Utc::now() };
        watched.round().await;
        watched.round().await;
        watched
    }

    /// One round a third of a second after the one before: what was asked of the store, and what of the
    /// other end.
    async fn round(&mut self) -> (Vec<String>, Vec<String>) {
        self.asked.lock().unwrap().clear();
        self.sent.lock().unwrap().clear();
        self.now += TimeDelta::milliseconds(300);
        let worked = self.agent.round(self.now).await.expect("a round");
        assert_eq!(worked, Worked::InStep);
        let taken = |noted: &Noted| std::mem::take(&mut *noted.lock().unwrap());
        (taken(&self.asked), taken(&self.sent))
    }
}

#[tokio::test]
async fn with_nothing_changed_a_round_is_one_question_and_one_request() {
    let place = Place::open().await;
    place.lay("09:00", "10:30").await;
    let mut watched = Watched::of(&place).await;
    let (asked, sent) = watched.round().await;
    assert_eq!(asked.len(), 1, "{asked:#?}");
    assert_eq!(sent, ["GET /Appointment"]);
}

#[tokio::test]
async fn a_change_reads_the_book_it_is_in_and_sends_what_differs_at_once() {
    let place = Place::open().await;
    let mut watched = Watched::of(&place).await;
    place.lay("09:00", "10:30").await;
    let (asked, sent) = watched.round().await;
    let of_books: Vec<_> = asked.iter().filter(|sql| sql.contains("FROM preblock ")).collect();
    assert_eq!(of_books.len(), 1, "one practitioner's: {asked:#?}");
    assert_eq!(sent, ["GET /Appointment", "POST "], "one transaction");
    let (asked, sent) = watched.round().await;
    assert_eq!((asked.len(), sent.len()), (1, 1), "and it is quiet again");
}
