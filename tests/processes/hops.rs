//! How long a time takes from the clinic's book to a patient's browser, a booking back to the book, its
//! answer to the patient, and a cancelled time to others: hop by hop, with the real programs.
//!
//! `TIDBOK_HOPS=100 cargo test --release --test processes hops -- --nocapture` goes the way so often, with
//! an agent at its usual pace, and tells the median and the 99th percentile of each hop;
//! `TIDBOK_HOPS_CROWD=200` has so many patients of another company before the page meanwhile, who book and are
//! followed by others, four seconds between their pages.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use chrono::Utc;
use tidbok::domain::*;
use tidbok::portal::EIdSettings;
use tokio::task::JoinHandle;

use crate::figures::Figures;
use crate::http::{Browser, all_between, encoded, location, test_number};
use crate::kills::number;
use crate::programs::{PATIENCE, Place, stretch};
use crate::provider::Provider;
use crate::visitor::{Visitor, details, log_in};

/// From where to where, in the order of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hop {
    /// From the console's command to its end.
    Laying,
    LaidToPublished,
    PublishedToShown,
    /// From pressing the button to the form for the details.
    Holding,
    /// From sending the form to the page that says that the clinic is asked.
    Sending,
    SentToBooked,
    /// When the browser could have told the patient.
    BookedToAnswered,
    AnsweredToShown,
    /// From pressing the button to the page that says that the clinic is asked.
    Cancelling,
    CancelledToOffTheBook,
    OffTheBookToAnswered,
    OffTheBookToBookable,
    /// Several of those above.
    LayingToShown,
    SendingToShown,
    CancellingToBookable,
}

/// How often it is looked whether something has come about.
const LOOK: Duration = Duration::from_millis(2);

/// Looks until something is there; when it was.
async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> (Instant, T) {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return (Instant::now(), found);
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain: {what}");
        tokio::time::sleep(LOOK).await;
    }
}

/// A patient who is logged in, and the way they go.
struct Patient<'a> {
    place: &'a Place,
    browser: Browser,
    personnummer: String,
    took: Figures<Hop>,
}

/// A time of a practitioner's, and its address on the page.
struct Wanted {
    interval: Interval,
    page: String,
}

impl Patient<'_> {
    async fn get(&mut self, path: &str) -> String {
        let (parts, text) = self.browser.ask(path, None).await;
        assert!(parts.status.is_success(), "{path}: {}", parts.status);
        text
    }

    async fn post(&mut self, path: &str, fields: &BTreeMap<&str, String>) -> String {
        let (parts, text) = self.browser.ask(path, Some(&encoded(fields))).await;
        assert_eq!(parts.status, StatusCode::SEE_OTHER, "{path}: {text}");
        location(&parts)
    }

    async fn log_in(&mut self, provider: &Provider) {
        let logged_in = log_in(&mut self.browser, provider, &self.personnummer).await;
        logged_in.expect("the patient is logged in");
    }

    /// The time as the page has it, if it does.
    async fn shown(&mut self, wanted: &Wanted) -> Option<String> {
        let page = self.get(&wanted.page).await;
        let times = all_between(&page, "<button class=\"time\" name=\"time\" value=\"", "\"");
        let at = ClinicZone::default().first_instant(wanted.interval.start()).timestamp_millis();
        times.into_iter().find(|time| time.ends_with(&format!("~{at}"))).map(str::to_owned)
    }

    /// From the book to the page; the time as the page has it.
    async fn publish(&mut self, wanted: &Wanted) -> String {
        let begun = Instant::now();
        assert!(self.place.lay("AE", wanted.interval).await);
        let laid = Instant::now();
        let at = ClinicZone::default().first_instant(wanted.interval.start());
        let at = at.to_rfc3339().replace('+', "%2B");
        let query = format!("Slot?status=free&start=ge{at}&start=le{at}");
        let (published, ()) = until("published", async || {
            let found = self.place.all(&query).await;
            (!found.is_empty()).then_some(())
        })
        .await;
        let time = self.shown(wanted).await.expect("what is published is shown");
        let shown = Instant::now();
        self.took.note(Hop::Laying, laid - begun);
        self.took.note(Hop::LaidToPublished, published - laid);
        self.took.note(Hop::PublishedToShown, shown - published);
        self.took.note(Hop::LayingToShown, shown - begun);
        time
    }

    /// From the page to the book, and the answer back; the appointment's id.
    async fn book(&mut self, wanted: &Wanted, time: String) -> String {
        let mut fields = BTreeMap::from([("time", time)]);
        let begun = Instant::now();
        let form = self.post("/mitt/hold", &fields).await;
        self.get(&form).await;
        self.took.note(Hop::Holding, begun.elapsed());
        fields.extend(details(&self.personnummer));
        let begun = Instant::now();
        let place = self.post("/mitt/details", &fields).await;
        self.get(&place).await;
        let sent = Instant::now();
        let (clinic, browser) = (self.place, &mut self.browser);
        let state = format!("{place}/state");
        let ((booked, ()), (answered, ())) = tokio::join!(
            until("booked", async || is_booked(clinic, wanted.interval).await.then_some(())),
            until("answered", async || {
                (browser.ask(&state, None).await.1 == "booked").then_some(())
            })
        );
        self.get(&place).await;
        let shown = Instant::now();
        self.took.note(Hop::Sending, sent - begun);
        self.took.note(Hop::SentToBooked, booked - sent);
        self.took.note(Hop::BookedToAnswered, answered.saturating_duration_since(booked));
        self.took.note(Hop::AnsweredToShown, shown - answered);
        self.took.note(Hop::SendingToShown, shown - begun);
        place.rsplit('/').next().expect("an id").to_owned()
    }

    /// From the page to the book, and back to whoever wants it next.
    async fn cancel(&mut self, wanted: &Wanted, id: &str) {
        let cancel = format!("/mitt/my-times/{id}/cancel");
        let asks = self.get(&cancel).await;
        let seal = all_between(&asks, "name=\"seal\" value=\"", "\"")[0].to_owned();
        let begun = Instant::now();
        let place = self.post(&cancel, &BTreeMap::from([("seal", seal)])).await;
        self.get(&place).await;
        let sent = Instant::now();
        let clinic = self.place;
        let mut next = Patient {
            place: clinic,
            browser: Browser::new(&clinic.page_address(), u32::MAX),
            personnummer: String::new(),
            took: Figures::default(),
        };
        let (browser, state) = (&mut self.browser, format!("{place}/state"));
        let ((off, ()), (answered, ()), (bookable, _)) = tokio::join!(
            until("off", async || (!is_booked(clinic, wanted.interval).await).then_some(())),
            until("answered", async || {
                (browser.ask(&state, None).await.1 == "cancelled").then_some(())
            }),
            until("bookable", async || next.shown(wanted).await)
        );
        self.took.note(Hop::Cancelling, sent - begun);
        self.took.note(Hop::CancelledToOffTheBook, off.saturating_duration_since(sent));
        self.took.note(Hop::OffTheBookToAnswered, answered.saturating_duration_since(off));
        self.took.note(Hop::OffTheBookToBookable, bookable.saturating_duration_since(off));
        self.took.note(Hop::CancellingToBookable, bookable - begun);
    }
}

/// Whether a booking stands in the book then.
async fn is_booked(place: &Place, at: Interval) -> bool {
    let day = DateRange::new(at.start().date(), 1);
    let book = place.clinic.book(&"AE".into(), day).await.expect("the store answers");
    book.calendar.bookings().iter().any(|it| it.is_active() && it.interval.start() == at.start())
}

/// What the portal's file says of a provider, and the client's secret.
pub fn e_id(provider: &Provider) -> (String, &'static str) {
    let (settings, secret) = provider.settings();
    let EIdSettings { issuer, client_id, public_url, .. } = settings;
    let more = format!(
        "[clinics.mitt.e_id]\nissuer = \"{issuer}\"\nclient_id = \"{client_id}\"\n\
         client_secret_file = \"secret\"\npublic_url = \"{public_url}\"\nscopes = [\"nin\"]\n\
         claim = \"nin\"\n"
    );
    (more, secret)
}

/// The treatment that is booked, as the page's addresses name it.
async fn page_of(place: &Place) -> String {
    let mut browser = Browser::new(&place.page_address(), 0);
    let start = browser.ask("/mitt", None).await.1;
    let company = all_between(&start, "href=\"/mitt?company=", "\"");
    for company in company {
        let page = browser.ask(&format!("/mitt?company={company}"), None).await.1;
        let links = all_between(&page, "href=\"/mitt/times?", "\"");
        if let Some(link) = links.first() {
            return format!("/mitt/times?{}", link.replace("&amp;", "&"));
        }
    }
    panic!("nothing is offered");
}

/// How long each of the others looks at a page.
const LOOKED_AT: Duration = Duration::from_secs(4);
/// The others are none of those whose way is timed, and go elsewhere.
const OTHERS: u32 = 10_000;
const ELSEWHERE: &str = "Hamnens Tandvård AB";

/// Has so many patients of another company book meanwhile, until it is over; each tells how many came in turn.
async fn let_in(place: &Place, so_many: u32, over: &Arc<AtomicBool>) -> Vec<JoinHandle<u32>> {
    for day in 0..if so_many > 0 { 60 } else { 0 } {
        // At other minutes than those that are waited for.
        assert!(place.lay("BL", stretch(day, 8 * 60 + 5, 8 * 60)).await);
    }
    place.wait_in_step().await;
    let come = |n| {
        let (page, over) = (place.page_address(), Arc::clone(over));
        tokio::spawn(async move {
            tokio::time::sleep(LOOKED_AT * 8 * n / so_many).await;
            let mut come = 0;
            while !over.load(Ordering::Relaxed) {
                let visitor = Visitor::new(&page, OTHERS + come * so_many + n, LOOKED_AT);
                let ended = visitor.at_company(ELSEWHERE).visit().await;
                ended.expect("nobody is turned away");
                come += 1;
            }
            come
        })
    };
    (0..so_many).map(come).collect()
}

#[tokio::test]
async fn a_time_goes_to_the_page_a_booking_to_the_book_its_answer_back_and_cancelled_it_goes_out_again()
 {
    let asked = number("TIDBOK_HOPS");
    let rounds = u32::try_from(asked.unwrap_or(2)).expect("a number of rounds");
    let provider = Provider::start(Utc::now(), "").await;
    let (more, secret) = e_id(&provider);
    let place = Place::with_portal(&more, &[("secret", secret)]).await;
    // Treatments that have no time lead nowhere.
    assert!(place.lay("AE", stretch(-7, 8 * 60, 30)).await);
    let _agent =
        if asked.is_some() { place.agent_with("agent", &[]) } else { place.agent("agent") };
    place.wait_in_step().await;
    let page = page_of(&place).await;
    let crowd = u32::try_from(number("TIDBOK_HOPS_CROWD").unwrap_or(0)).expect("a crowd");
    let over = Arc::new(AtomicBool::new(false));
    let others = let_in(&place, crowd, &over).await;
    if crowd > 0 {
        // Until they are spread over all the pages.
        tokio::time::sleep(LOOKED_AT * 8).await;
    }
    let mut took = Figures::default();
    for n in 0..rounds {
        let (day, hour) =
            (i32::try_from(n / 8).expect("a day"), i32::try_from(n % 8).expect("few"));
        let interval = stretch(day, (8 + hour) * 60, 30);
        let wanted = Wanted { interval, page: format!("{page}&from={}", interval.start().date()) };
        let (browser, personnummer) = (Browser::new(&place.page_address(), n), test_number(n));
        let mut patient =
            Patient { place: &place, browser, personnummer, took: Figures::default() };
        patient.log_in(&provider).await;
        let time = patient.publish(&wanted).await;
        let id = patient.book(&wanted, time).await;
        patient.cancel(&wanted, &id).await;
        took.join(patient.took);
    }
    println!("{rounds} times laid, booked and cancelled\n{took}");
    over.store(true, Ordering::Relaxed);
    let mut come = 0;
    for other in others {
        come += other.await.expect("it ends");
    }
    println!("{crowd} others at a time, {come} in all");
    place.wait_in_step().await;
}
