//! A server is tried out before anything is published there; one that fails is refused with the reason.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Bytes;
use axum::http::{Method, Request, Response};
use chrono::{TimeDelta, Utc};
use serde_json::Value;
use tidbok::sync::{
    BearerToken, Flaw, Http, Sending, SyncError, Transport, Wire, WireError, Worked, probe,
};

use crate::place::{AGENT, PAGE, Place};

/// How a server differs from one that does what it must.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quirk {
    None,
    OtherVersion,
    /// Passes by what it does not know in a search.
    Lenient,
    /// Takes no notice of `If-Match`.
    IgnoresIfMatch,
    /// Takes no notice of `ifMatch` in a transaction.
    IgnoresIfMatchWithin,
    /// Stores one entry of a transaction after the other, until one fails.
    Piecemeal,
    /// Takes no notice of `If-None-Exist`.
    Duplicates,
}

/// Our own portal, made to look like another server.
struct Quirky {
    http: Http,
    quirk: Quirk,
    requests: Arc<AtomicU32>,
}

impl Quirky {
    fn alter(&self, mut request: Request<Bytes>) -> Request<Bytes> {
        match self.quirk {
            Quirk::Lenient => {
                let lenient = "handling=lenient".parse().expect("a header");
                request.headers_mut().insert("Prefer", lenient);
            }
            Quirk::IgnoresIfMatch => {
                request.headers_mut().remove("If-Match");
            }
            Quirk::Duplicates => {
                request.headers_mut().remove("If-None-Exist");
            }
            Quirk::IgnoresIfMatchWithin => {
                let text = String::from_utf8(request.body().to_vec()).expect("text");
                if let Ok(mut bundle) = serde_json::from_str::<Value>(&text)
                    && let Some(entries) = bundle["entry"].as_array_mut()
                {
                    for entry in entries {
                        entry["request"].as_object_mut().expect("a request").remove("ifMatch");
                    }
                    *request.body_mut() = bundle.to_string().into();
                }
            }
            Quirk::None | Quirk::OtherVersion | Quirk::Piecemeal => {}
        }
        request
    }

    async fn carry(&self, request: Request<Bytes>) -> Result<Response<Bytes>, WireError> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        if self.quirk == Quirk::Piecemeal
            && request.method() == Method::POST
            && let Ok(bundle) = serde_json::from_slice::<Value>(request.body())
            && bundle["type"] == "transaction"
        {
            let first = bundle["entry"][0]["resource"].clone();
            let address = format!(
                "{}/{}",
                request.uri(),
                bundle["entry"][0]["request"]["url"].as_str().expect("an address")
            );
            let mut put = Request::builder().method(Method::PUT).uri(address);
            *put.headers_mut().expect("headers") = request.headers().clone();
            let put = put.body(first.to_string().into()).expect("a request");
            self.http.send(put).await?;
        }
        let is_metadata = request.uri().path().ends_with("/metadata");
        let answer = self.http.send(self.alter(request)).await?;
        if self.quirk == Quirk::OtherVersion && is_metadata {
            let body = String::from_utf8(answer.body().to_vec()).expect("text");
            return Ok(answer.map(|_| body.replace("4.0.1", "5.0.0").into()));
        }
        Ok(answer)
    }
}

impl Transport for Quirky {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        Box::pin(self.carry(request))
    }
}

fn wire(place: &Place, quirk: Quirk, token: &str) -> (Wire, Arc<AtomicU32>) {
    let requests = Arc::<AtomicU32>::default();
    let http = Http::new().expect("a client");
    let quirky = Quirky { http, quirk, requests: Arc::clone(&requests) };
    let base = place.address().parse().expect("an address");
    (Wire::new(Box::new(quirky), &base, BearerToken::new(token).expect("a token")), requests)
}

#[tokio::test]
async fn a_server_that_fails_the_probe_is_named_for_what_it_gets_wrong() {
    let place = Place::open().await;
    for (quirk, expected) in [
        (Quirk::None, Ok(())),
        (Quirk::OtherVersion, Err(Flaw::Version)),
        (Quirk::Lenient, Err(Flaw::LenientSearch)),
        (Quirk::IgnoresIfMatch, Err(Flaw::StaleTaken)),
        (Quirk::IgnoresIfMatchWithin, Err(Flaw::StaleTransactionTaken)),
        (Quirk::Piecemeal, Err(Flaw::NotRolledBack)),
        (Quirk::Duplicates, Err(Flaw::Duplicated)),
        (Quirk::None, Ok(())),
    ] {
        let (wire, _) = wire(&place, quirk, AGENT);
        assert_eq!(probe(&wire).await, expected.map_err(WireError::Unfit), "{quirk:?}");
        let left = place.get("HealthcareService?_count=1000").await;
        assert!(!left.to_string().contains("tidbok-probe"), "{quirk:?} leaves nothing behind");
    }
    let (wire, _) = wire(&place, Quirk::None, PAGE);
    assert_eq!(probe(&wire).await, Err(WireError::Unauthorized), "not the agent's token");
}

#[tokio::test]
async fn nothing_is_published_at_a_server_that_fails_and_a_good_one_is_tried_once() {
    let place = Place::open().await;
    place.lay("09:00", "11:00").await;
    let (unfit, requests) = wire(&place, Quirk::IgnoresIfMatch, AGENT);
    let mut agent = place.agent_by("one", unfit, "unfit");
    let now = Utc::now();
    for _ in 0..3 {
        let refused = agent.round(now).await;
        let flaw = WireError::Unfit(Flaw::StaleTaken);
        assert!(matches!(&refused, Err(SyncError::Wire(error)) if *error == flaw), "{refused:?}");
    }
    let asked = requests.load(Ordering::SeqCst);
    assert_eq!(place.free().await, []);
    let told = agent.state().fault.clone().expect("a fault").text;
    assert!(told.contains("fails the probe") && told.contains("If-Match"), "{told}");
    assert!(agent.round(now + TimeDelta::minutes(2)).await.is_err());
    assert!(requests.load(Ordering::SeqCst) > asked, "it may have been mended: tried again");
    agent.stop(now + TimeDelta::minutes(2)).await.expect("the store answers");

    let (fit, requests) = wire(&place, Quirk::None, AGENT);
    let mut agent = place.agent_by("two", fit, "fit");
    let later = now + TimeDelta::minutes(3);
    assert_eq!(agent.round(later).await.expect("a round"), Worked::InStep);
    assert_eq!(place.free().await, place.bookable().await);
    let asked = requests.load(Ordering::SeqCst);
    agent.round(later).await.expect("a round");
    let after = requests.load(Ordering::SeqCst) - asked;
    assert_eq!(after, 1, "a round with nothing to do asks once");
}
