//! Patients before the booking page: one after the other books, and some cancel again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::ground::COMPANY;
use super::seen::What;
use super::world::{Stands, World, locked};
use crate::dice::Dice;
use crate::http::Trouble;
use crate::provider::Provider;
use crate::visitor::{Ended, Visitor};

/// How long a page is looked at, on average.
const PAUSE: Duration = Duration::from_millis(600);
/// How often somebody looks again who is not answered, and how often at most.
const AGAIN: Duration = Duration::from_secs(2);
const TIMES: u32 = 90;

/// What patients share.
pub struct Waiting {
    pub world: Arc<World>,
    pub page: String,
    /// One at a time identifies themselves.
    pub provider: tokio::sync::Mutex<Provider>,
    /// How many have come.
    pub come: AtomicU32,
}

fn what(trouble: &Trouble) -> What {
    match trouble.what.as_str() {
        status if status.starts_with('5') || status.starts_with("408") => What::PageFails,
        // To where one logs in.
        status if status.starts_with("303") => What::LogIn,
        status if status.starts_with(|first: char| first.is_ascii_digit()) => What::Other,
        "nobody answers" | "no form" => What::Other,
        _ => What::Unreachable,
    }
}

impl Waiting {
    /// One place before the page: whoever leaves is followed by somebody new.
    pub async fn place(self: Arc<Self>, seed: u64) {
        let mut dice = Dice(seed);
        while !self.world.is_over() {
            let n = self.come.fetch_add(1, Ordering::SeqCst);
            self.patient(n, &mut dice).await;
        }
    }

    fn see(&self, n: u32, trouble: &Trouble) {
        let text = format!("{}: {}", trouble.path, trouble.what);
        self.world.see(&format!("patient {n}"), what(trouble), text);
    }

    async fn patient(&self, n: u32, dice: &mut Dice) {
        let mut patient = Visitor::new(&self.page, n, PAUSE).at_company(COMPANY);
        let mut ended = patient.visit().await;
        for _ in 0..TIMES {
            let Err(trouble) = &ended else { break };
            self.see(n, trouble);
            tokio::time::sleep(AGAIN).await;
            if patient.wished().is_none() {
                return;
            }
            // The wish was sent: the page stays open until it is answered.
            ended = patient.wait_for_answer().await;
        }
        match ended {
            Ok(Ended::Booked) => self.world.did("booked by patients"),
            Ok(Ended::Gone) => return self.world.did("others were faster than a patient"),
            Ok(how @ (Ended::Refused | Ended::NothingFree)) => {
                return self.world.see(&format!("patient {n}"), What::Other, format!("{how:?}"));
            }
            Err(_) => return,
        }
        let id = patient.wished().expect("a wish was sent").to_owned();
        locked(&self.world.booked).insert(id.clone(), Stands::There);
        if dice.roll(10) < 4 {
            self.cancel(n, patient, &id).await;
        }
    }

    /// Logs in and cancels; tries a second time where that goes wrong.
    async fn cancel(&self, n: u32, mut patient: Visitor, id: &str) {
        for _ in 0..2 {
            let logged_in = {
                let provider = self.provider.lock().await;
                patient.log_in(&provider).await
            };
            if let Err(trouble) = logged_in {
                let what = match what(&trouble) {
                    What::Unreachable => What::Unreachable,
                    _ => What::LogIn,
                };
                let text = format!("{}: {}", trouble.path, trouble.what);
                self.world.see(&format!("patient {n}"), what, text);
                tokio::time::sleep(AGAIN).await;
                continue;
            }
            self.world.did("logged in by patients");
            locked(&self.world.booked).insert(id.to_owned(), Stands::Unknown);
            match patient.cancel().await {
                Ok(_) => {
                    self.world.did("cancelled by patients");
                    locked(&self.world.booked).insert(id.to_owned(), Stands::Not);
                    return;
                }
                Err(trouble) => self.see(n, &trouble),
            }
            tokio::time::sleep(AGAIN).await;
        }
    }
}
