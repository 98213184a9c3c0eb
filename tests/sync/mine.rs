//! From the booking page to the book and back: whoever logs in rebooks and cancels (R15), with the agent
//! at work between the two.

use std::cell::RefCell;
use std::collections::BTreeMap;

use chrono::Utc;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use tidbok::domain::PatientLanguage;
use tidbok::portal::{EId, Pages};

use crate::place::Place;
use crate::provider::Provider;

/// A browser: its cookies, and what it is sent to is told rather than followed.
struct Browser<'a> {
    place: &'a Place,
    client: Client,
    cookies: RefCell<BTreeMap<String, String>>,
}

/// Where it is sent, and what it is shown.
struct Shown {
    to: String,
    text: String,
}

impl Shown {
    /// What follows a text, up to a quotation mark.
    fn after(&self, text: &str) -> String {
        let (_, rest) = self.text.split_once(text).unwrap_or_else(|| panic!("{}", self.text));
        rest.split('"').next().unwrap_or_default().replace("&amp;", "&")
    }
}

impl Browser<'_> {
    async fn send(&self, request: reqwest::RequestBuilder) -> Shown {
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header("cookie", cookies.join("; ")).send().await.expect("an answer");
        assert!(answer.status() < StatusCode::BAD_REQUEST, "{}", answer.status());
        for line in answer.headers().get_all("set-cookie") {
            let line = line.to_str().expect("text");
            let pair = line.split(';').next().and_then(|it| it.split_once('='));
            let (name, value) = pair.expect("a cookie");
            self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
        }
        let to = answer.headers().get("location").and_then(|it| it.to_str().ok());
        let to = to.unwrap_or_default().to_owned();
        Shown { to, text: answer.text().await.expect("text") }
    }

    async fn get(&self, path: &str) -> Shown {
        self.send(self.client.get(format!("{}{path}", self.place.site()))).await
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Shown {
        let mut body = form_urlencoded::Serializer::new(String::new());
        let body = body.extend_pairs(form).finish();
        let request = self.client.post(format!("{}{path}", self.place.site())).body(body);
        self.send(request).await
    }
}

async fn clocks(place: &Place) -> Vec<String> {
    place.booked().await.iter().map(|it| it.interval.start().clock()).collect()
}

#[tokio::test]
async fn the_language_of_the_page_comes_to_the_clinic_with_the_booking() {
    let place = Place::open().await;
    place.lay("09:00", "11:00").await;
    let mut agent = place.agent("one");
    agent.round(Utc::now()).await.expect("a round");
    let client = Client::builder().redirect(Policy::none()).build().expect("a client");
    let browser = Browser { place: &place, client, cookies: RefCell::default() };
    browser.get("/mitt?lang=en").await;
    let slot = place.slot_id("09:30", "us30").await;
    browser.post("/mitt/hold", &[("time", &slot)]).await;
    let form = [
        ("time", slot.as_str()),
        ("first-name", "Hilda"),
        ("last-name", "Hemlig"),
        ("personnummer", "18900101-9802"),
        ("email", "hilda@example.se"),
        ("mobile", "070-174 06 05"),
    ];
    let asked = browser.post("/mitt/details", &form).await;
    assert!(asked.to.contains("/mitt/asked/"), "{}", asked.text);
    agent.round(Utc::now()).await.expect("a round");
    place.clinic.decide_notices(Utc::now()).await.expect("the store answers");
    let next = place.clinic.next_notice(Utc::now()).await.expect("the store answers");
    assert_eq!(next.expect("a message").language, Some(PatientLanguage::English));
}

#[tokio::test]
async fn r15_a_booking_made_without_e_id_is_rebooked_and_cancelled_by_its_patient_on_the_page() {
    let provider = Provider::start(Utc::now(), "18900101-9802").await;
    let (settings, secret) = provider.settings();
    let e_id = EId::new(&settings, secret).expect("settings");
    let e_id = [("mitt".to_owned(), e_id)].into();
    let place = Place::with(Pages { e_id, ..Pages::default() }).await;
    place.lay("09:00", "11:00").await;
    let mut agent = place.agent("one");
    agent.round(Utc::now()).await.expect("a round");
    place.wish(&place.slot_id("09:30", "us30").await, |_, _| ()).await;
    agent.round(Utc::now()).await.expect("a round");
    let new = place.slot_id("10:30", "us30").await;

    let client = Client::builder().redirect(Policy::none()).build().expect("a client");
    let browser = Browser { place: &place, client, cookies: RefCell::default() };
    let sent = browser.get("/mitt/log-in").await.to;
    let back = browser.get(&provider.agree(&sent)).await;
    assert_eq!(back.to, "/mitt/my-times");
    let mine = browser.get("/mitt/my-times").await;
    let way = mine.after("href=\"/mitt/practitioners");
    let (_, id) = way.rsplit_once('=').expect("a booking");
    let times = browser.get(&format!("/mitt/practitioners{way}")).await;
    assert!(times.text.contains("09:30"), "the old time is shown: {}", times.text);

    let seal = mine.after("name=\"seal\" value=\"");
    let form = [("seal", seal.as_str()), ("time", new.as_str())];
    let waited = browser.post(&format!("/mitt/my-times/{id}/rebook"), &form).await.to;
    assert!(browser.get(&waited).await.text.contains("Vi frågar kliniken"));
    assert_eq!(clocks(&place).await, ["09:30"]);
    agent.round(Utc::now()).await.expect("a round");
    assert_eq!(clocks(&place).await, ["10:30"]);
    let done = browser.get(&waited).await;
    assert!(done.text.contains("Tiden är ombokad"), "{}", done.text);
    agent.round(Utc::now()).await.expect("a round");
    assert_eq!(place.free().await, place.bookable().await);

    let (own, _) = waited.split_once('?').expect("which booking it is instead of");
    let cancel = format!("{own}/cancel");
    assert!(done.text.contains(&format!("href=\"{cancel}\"")), "{}", done.text);
    let asked = browser.get(&cancel).await;
    let seal = asked.after("name=\"seal\" value=\"");
    let waited = browser.post(&cancel, &[("seal", &seal)]).await.to;
    agent.round(Utc::now()).await.expect("a round");
    assert_eq!(clocks(&place).await, [""; 0]);
    let done = browser.get(&waited).await;
    assert!(done.text.contains("Tiden är avbokad"), "{}", done.text);
    agent.round(Utc::now()).await.expect("a round");
    assert_eq!(place.free().await, place.bookable().await);
    assert!(place.free().await.iter().any(|(clock, _)| clock == "10:30"), "bookable again");
}
