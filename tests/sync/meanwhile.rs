//! A patient is faster than an agent that starts anew: whenever in its round the wish is made, what is
//! wished is offered to nobody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Bytes;
use axum::http::Request;
use chrono::Utc;
use tidbok::sync::{BearerToken, Http, Reply, Sending, Transport, Wire, WireError};

use crate::place::{AGENT, Place};

/// Carries requests; before one of them somebody wishes a time.
struct Meanwhile {
    http: Http,
    place: Arc<Place>,
    slot: String,
    before: usize,
    sent: Arc<AtomicUsize>,
}

impl Meanwhile {
    async fn carry(&self, request: Request<Bytes>) -> Result<Reply, WireError> {
        if self.sent.fetch_add(1, Ordering::Relaxed) == self.before {
            self.place.wish(&self.slot, |_, _| ()).await;
        }
        self.http.send(request).await
    }
}

impl Transport for Meanwhile {
    fn send(&self, request: Request<Bytes>) -> Sending<'_> {
        Box::pin(self.carry(request))
    }
}

#[tokio::test]
async fn a_wish_made_at_any_moment_of_a_round_is_not_offered_again_and_is_booked_in_the_next() {
    let mut before = 0;
    loop {
        let place = Arc::new(Place::open().await);
        place.lay("09:00", "10:30").await;
        let mut first = place.agent("first");
        first.round(Utc::now()).await.expect("a round");
        first.stop(Utc::now()).await.expect("it lets others work");
        let slot = place.slot_id("09:00", "us30").await;
        let sent = Arc::<AtomicUsize>::default();
        let transport = Meanwhile {
            http: Http::new().expect("a client"),
            place: Arc::clone(&place),
            slot,
            before,
            sent: Arc::clone(&sent),
        };
        let address = place.address().parse().expect("an address");
        let token = BearerToken::new(AGENT).expect("a token");
        let wire = Wire::new(Box::new(transport), &address, token);
        // It knows nothing of what is out there.
        let mut agent = place.agent_by("second", wire, place.address());
        agent.round(Utc::now()).await.expect("a round");
        let offered = |free: &[(String, String)]| {
            free.iter().any(|(clock, template)| clock == "09:00" && template == "us30")
        };
        let wished = sent.load(Ordering::Relaxed) > before;
        let free = place.free().await;
        assert_eq!(offered(&free), !wished, "before request {before}: {free:?}");
        if !wished {
            assert!(before > 2, "the round asks of more than one thing");
            return;
        }
        agent.round(Utc::now()).await.expect("a round");
        assert_eq!(place.booked().await.len(), 1, "before request {before}");
        assert_eq!(place.free().await, place.bookable().await, "before request {before}");
        before += 1;
    }
}
