//! Every page that the portal can show, in a real browser: by day and by night, on a telephone and a
//! desk, in both languages. `tests/browser/pages.cjs` looks; here the states are made, each with the
//! cookies of a browser that sees it.

use std::path::{Path, PathBuf};
use std::process::Command;

use axum::extract::RawQuery;
use axum::http::Method;
use axum::response::AppendHeaders;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tidbok::portal::Pages;

use super::e_id::site;
use super::provider::Provider;
use super::{
    Browser, NUMBER, OTHER_NUMBER, Site, organization, schedule, service, slot, test_number,
};
use crate::desk::Running;

/// What a browser is sent to, and what it must see.
pub struct Album<'a> {
    pub site: &'a Site,
    pub pages: Vec<Value>,
}

/// The way to undergoing an examination at the first company.
pub const WAY: [(&str, &str); 2] = [("company", "c1"), ("service", "s-us")];

fn cookies(browser: &Browser<'_>) -> Value {
    json!(*browser.cookies.borrow())
}

impl<'a> Album<'a> {
    /// A page by its address.
    pub fn add(&mut self, name: &str, browser: &Browser<'_>, path: &str, heading: &str) {
        self.pages.push(json!({
            "name": name, "path": path, "cookies": cookies(browser), "heading": heading,
        }));
    }

    /// A page that a form leads to.
    pub fn sent(
        &mut self,
        (name, browser): (&str, &Browser<'_>),
        (path, form): (&str, &[(&str, &str)]),
        heading: &str,
    ) {
        self.add(name, browser, path, heading);
        self.more("form", json!(form));
    }

    /// Says more of the page that was added last.
    fn more(&mut self, key: &str, value: Value) {
        self.pages.last_mut().expect("a page")[key] = value;
    }
}

/// Has a browser look at the pages of a server, and put pictures of them into a folder if one is named.
fn look(address: &str, pages: &[Value], pictures: Option<&Path>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("pages.json");
    std::fs::write(&file, Value::from(pages).to_string()).expect("a file");
    let browser = std::env::var_os("TIDBOK_TEST_BROWSER").expect("it names a browser");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/pages.cjs");
    let mut command = Command::new(browser);
    command.arg(script).arg(&file).arg(address);
    if let Some(pictures) = pictures {
        command.env("TIDBOK_TEST_PICTURES", pictures);
    }
    let played = command.output().expect("it starts");
    let told = [played.stdout, played.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    assert!(played.status.success(), "{}{}", told[0], told[1]);
}

/// Serves a site; its address.
async fn served(site: &Site) -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    // Only a server can hand out a cookie that is kept from other hosts.
    let given = axum::routing::get(async |RawQuery(query): RawQuery| {
        let pairs = form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes());
        let lines = pairs.map(|(name, value)| {
            let secure = if name.starts_with("__Host-") { "; Secure" } else { "" };
            ("set-cookie", format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}"))
        });
        AppendHeaders(lines.collect::<Vec<_>>())
    });
    let router = site.router.clone().route("/given", given);
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn look_at(site: &Site, pages: Vec<Value>) {
    picture(site, pages, None).await;
}

/// The same, with pictures.
pub async fn picture(site: &Site, pages: Vec<Value>, folder: Option<PathBuf>) {
    let address = served(site).await;
    let looked = tokio::task::spawn_blocking(move || look(&address, &pages, folder.as_deref()));
    looked.await.expect("every page holds");
}

/// Somebody's booking, made and answered; its place.
pub async fn booked(site: &Site, browser: &Browser<'_>, slot: &str, number: &str) -> String {
    browser.hold(slot).await;
    let sent = browser.fill_in(slot, &[("personnummer", number), ("address", "Gatan 1")]).await;
    let place = sent.header("location").to_owned();
    let mut booking = site.get(&format!("Appointment/{}", id_of(&place))).await;
    booking["status"] = "booked".into();
    site.publish(&booking).await;
    place
}

pub fn id_of(place: &str) -> &str {
    place.rsplit('/').next().expect("an id")
}

/// A second company, and more times of the first one.
async fn enlarge(site: &Site) {
    site.publish(&organization("c2", "Tandvården i Mälarstad och Norra Bergslagen AB", true)).await;
    site.publish(&json!({
        "resourceType": "Practitioner", "id": "mx", "name": [{"text": "Maximiliana Åkerström-Öberg"}],
        "identifier": [{"system": "urn:x-tidbok:practitioner", "value": "MÅÖ"}],
    }))
    .await;
    let long = "Implantatbehandlingskonsultation med panoramaröntgen";
    site.publish(&service("s-imp", long, 60)).await;
    site.publish(&schedule("mx", "c2", &["s-imp", "s-us"])).await;
    for n in 0..12 {
        let clock = format!("{:02}:{}", 8 + n / 2, if n % 2 == 0 { "00" } else { "30" });
        site.publish(&slot(&format!("m{n}"), "mx", "imp", 26, &clock)).await;
        site.publish(&slot(&format!("c{n}"), "ae", "us", 27, &clock)).await;
    }
}

/// The steps up to a wish.
async fn add_choosing(album: &mut Album<'_>) {
    let site = album.site;
    let new = site.browser();
    let us = "company=c1&service=s-us";
    album.add("companies", &new, "/mitt", "Vilken klinik vill du besöka?");
    album.add("treatments", &new, "/mitt?company=c1", "Vad vill du boka?");
    album.add("treatments-long", &new, "/mitt?company=c2", "Vad vill du boka?");
    album.add("practitioners", &new, &format!("/mitt/practitioners?{us}"), "Hos vem?");
    album.add("times", &new, &format!("/mitt/times?{us}"), "Välj en tid");
    let none = "/mitt/times?company=c1&service=s-akut";
    album.add("times-none", &new, none, "Välj en tid");
    let link = format!("/mitt/time?{us}&with=ae&time=c3");
    album.add("one-time", &new, &link, "Vill du boka den här tiden?");
    let here = "/mitt/here/%C3%85%20ae/2026-11-25T08:00/4320";
    album.add("here", &new, here, "Välj en tid");
    let here = "/mitt/here/%C3%85%20ae/2026-11-28T08:00/600";
    album.add("here-none", &new, here, "Välj en tid");

    let late = site.browser();
    late.hold("c1").await;
    site.pass(TimeDelta::minutes(6));
    site.heard().await;
    let details = format!("/mitt/details?{us}&with=ae&time=c1");
    album.add("hold-over", &late, &details, "Tiden är inte längre reserverad för dig");

    let holder = site.browser();
    holder.hold("c2").await;
    let details = format!("/mitt/details?{us}&with=ae&time=c2");
    album.add("details", &holder, &details, "Dina uppgifter");
    let faulty = [("time", "c2"), ("email", "x"), ("mobile", "ring"), ("first-name", "Hilda")];
    let faulty: Vec<_> = WAY.into_iter().chain(faulty).collect();
    album.sent(("details-faults", &holder), ("/mitt/details", &faulty), "Dina uppgifter");
    album.more("faults", json!(4));
    let with_address = site.browser();
    let way = [("company", "c2"), ("service", "s-imp"), ("time", "m1")];
    with_address.post("/mitt/hold", &way).await;
    album.sent(("details-address", &with_address), ("/mitt/details", &way), "Dina uppgifter");
    album.more("faults", json!(6));

    let gone: Vec<_> = WAY.into_iter().chain([("time", "c2~1764230400000")]).collect();
    let heading = "Tiden är tyvärr inte längre ledig";
    album.sent(("gone", &new), ("/mitt/hold", &gone), heading);
    let none = [("company", "c1"), ("service", "s-akut"), ("time", "x")];
    album.sent(("gone-none-left", &new), ("/mitt/hold", &none), heading);
}

/// What came of wishes.
async fn add_answers(album: &mut Album<'_>) {
    let site = album.site;
    let happy = site.browser();
    let place = booked(site, &happy, "a1", NUMBER).await;
    album.add("booked", &happy, &place, "Tiden är bokad");
    let unlucky = site.browser();
    let place = unlucky.ask("a2").await;
    site.decide(Some("time-gone")).await;
    album.add("refused", &unlucky, &place, "Tiden kunde inte bokas");
    let moved = site.browser();
    let place = booked(site, &moved, "a3", OTHER_NUMBER).await;
    let mut booking = site.get(&format!("Appointment/{}", id_of(&place))).await;
    booking["status"] = "cancelled".into();
    site.publish(&booking).await;
    album.add("cancelled-by-clinic", &moved, &place, "Tiden är avbokad");
    let patient = site.browser();
    patient.hold("b2").await;
    let sent = patient.fill_in("b2", &[("personnummer", OTHER_NUMBER)]).await;
    site.pass(TimeDelta::seconds(11));
    album.add("overdue", &patient, sent.header("location"), "Kliniken har inte svarat än");
}

/// What can go wrong.
async fn add_errors(album: &mut Album<'_>) {
    let site = album.site;
    let new = site.browser();
    album.add("missing", &new, "/mitt/nothing", "Sidan finns inte");
    album.add("missing-asked", &new, "/mitt/asked/nothing", "Sidan finns inte");
    let long = "x".repeat(40 << 10);
    for (name, path, form, heading) in [
        ("wrong-method", "/mitt/times", ("a", "b"), "Så går det inte att göra här"),
        ("too-large", "/mitt/details", ("a", long.as_str()), "Det blev för mycket text"),
    ] {
        album.sent((name, &new), (path, &[form]), heading);
    }
    let heading = "Formuläret kom inte härifrån";
    album.sent(("foreign-form", &new), ("/mitt/hold", &[("a", "b")]), heading);
    album.more("from", json!("elsewhere"));
    album.sent(("no-form", &new), ("/mitt/hold", &[("a", "b")]), "Så går det inte att göra här");
    album.more("kind", json!("text/plain"));
    let greedy = site.browser();
    let number = test_number(1);
    for slot in ["m2", "m3", "m4", "m5"] {
        booked(site, &greedy, slot, &number).await;
    }
    let whole = [
        ("time", "m6"),
        ("first-name", "Hilda"),
        ("last-name", "Hemlig"),
        ("personnummer", number.as_str()),
        ("email", "hilda@example.se"),
        ("mobile", "070-174 06 05"),
        ("address", "Gatan 1"),
    ];
    let form = [("company", "c2"), ("service", "s-imp")].into_iter().chain(whole);
    let form: Vec<_> = form.collect();
    let heading = "Du har redan så många bokade tider som går att ha på nätet";
    album.sent(("too-many", &greedy), ("/mitt/details", &form), heading);
}

pub async fn logged_in<'a>(site: &'a Site, provider: &Provider) -> Browser<'a> {
    provider.by(site.now());
    let browser = site.browser();
    browser.log_in(provider).await;
    browser
}

/// Logging in, and one's own times.
async fn add_own_times(album: &mut Album<'_>, provider: &Provider) {
    let site = album.site;
    let new = site.browser();
    album.add("log-in", &new, "/mitt/my-times", "Mina tider");
    album.add("logged-out", &new, "/mitt/my-times?logged=out", "Mina tider");
    for (why, heading) in [
        ("cancelled", "Inloggningen avbröts"),
        ("stale", "Inloggningen gäller inte längre"),
        ("busy", "Det går inte att logga in just nu"),
        ("untrusted", "Inloggningen fungerade inte"),
    ] {
        let path = format!("/mitt/not-logged-in?why={why}");
        album.add(&format!("log-in-{why}"), &new, &path, heading);
    }
    let heading = "Inloggningen gäller inte längre";
    album.add("log-in-used", &new, "/mitt/logged-in?state=x&code=y", heading);

    provider.identifies(&test_number(2));
    let nobody = logged_in(site, provider).await;
    album.add("my-times-none", &nobody, "/mitt/my-times", "Mina tider");
    provider.identifies(NUMBER);
    let own = logged_in(site, provider).await;
    let cancellable = booked(site, &own, "c6", NUMBER).await;
    let cancellable = format!("/mitt/my-times/{}", id_of(&cancellable));
    let asked = site.browser();
    let asked = booked(site, &asked, "c7", NUMBER).await;
    let asked = format!("/mitt/my-times/{}", id_of(&asked));
    let page = own.get(&format!("{asked}/cancel")).await;
    own.post(&format!("{asked}/cancel"), &[("seal", &super::e_id::seal(&page))]).await;

    album.add("my-times", &own, "/mitt/my-times", "Mina tider");
    album.add("my-time", &own, &cancellable, "Din tid");
    album.add("cancel", &own, &format!("{cancellable}/cancel"), "Vill du avboka tiden?");
    album.add("not-here", &own, &format!("{asked}/cancel"), "Tiden kan inte ändras här");
    album.add("cancel-waiting", &own, &asked, "Vi frågar kliniken …");
    let instead = format!("company=c1&service=s-us&instead={}", id_of(&cancellable));
    album.add("rebook", &own, &format!("/mitt/practitioners?{instead}"), "Hos vem?");
    album.add("rebook-times", &own, &format!("/mitt/times?{instead}&with=ae"), "Välj en tid");
    let form: Vec<_> = WAY.into_iter().chain([("time", "c8"), ("with", "ae")]).collect();
    own.post(&format!("/mitt/hold?instead={}", id_of(&cancellable)), &form).await;
    let ask = format!("/mitt/details?{instead}&with=ae&time=c8");
    album.add("rebook-ask", &own, &ask, "Boka om till den nya tiden?");
    let unsealed = [("seal", "of another session")];
    let path = format!("{cancellable}/cancel");
    album.sent(("expired", &own), (&path, &unsealed), "Sidan är för gammal");
    let way = "company=c1&service=s-us&with=ae&time=c9";
    let booking = logged_in(site, provider).await;
    booking.hold("c9").await;
    album.add("details-e-id", &booking, &format!("/mitt/details?{way}"), "Dina uppgifter");

    add_changed(album, provider).await;

    let patient = site.browser();
    patient.hold("b1").await;
    let sent = patient.fill_in("b1", &[("personnummer", &test_number(3))]).await;
    album.add("waiting", &patient, sent.header("location"), "Vi frågar kliniken …");
    let leaving = logged_in(site, provider).await;
    album.add("leaving", &leaving, "/mitt/my-times", "Mina tider");
    album.more("leaves", json!(true));
}

/// How a changed booking stands, once the clinic has answered.
async fn add_changed(album: &mut Album<'_>, provider: &Provider) {
    let site = album.site;
    provider.identifies(OTHER_NUMBER);
    let own = logged_in(site, provider).await;
    for (slot, name, heading) in [
        ("c10", "cancelled", "Tiden är avbokad"),
        ("c11", "kept", "Tiden kunde inte avbokas"),
        ("c0", "rebooked", "Tiden är ombokad"),
    ] {
        let place = booked(site, &site.browser(), slot, OTHER_NUMBER).await;
        let mut booking = site.get(&format!("Appointment/{}", id_of(&place))).await;
        match name {
            "cancelled" => booking["status"] = "cancelled".into(),
            "kept" => {
                booking["extension"] =
                    json!([{"url": "urn:x-tidbok:refusal", "valueCode": "too-late"}]);
            }
            _ => {
                booking["identifier"] =
                    json!([{"system": "urn:x-tidbok:booking", "value": "an-older-one"}]);
            }
        }
        site.agent(Method::PUT, &format!("Appointment/{}", id_of(&place)), &booking).await;
        album.add(
            &format!("my-time-{name}"),
            &own,
            &format!("/mitt/my-times/{}", id_of(&place)),
            heading,
        );
    }
    provider.identifies(NUMBER);
}

#[tokio::test]
#[cfg_attr(not(tidbok_test_browser), ignore = "TIDBOK_TEST_BROWSER names no browser")]
async fn every_page_of_the_portal_holds_in_a_browser() {
    let (provider, site) = site().await;
    enlarge(&site).await;
    let mut album = Album { site: &site, pages: Vec::new() };
    add_choosing(&mut album).await;
    add_answers(&mut album).await;
    add_errors(&mut album).await;
    add_own_times(&mut album, &provider).await;
    let pages = album.pages;
    look_at(&site, pages).await;
}

#[tokio::test]
#[cfg_attr(not(tidbok_test_browser), ignore = "TIDBOK_TEST_BROWSER names no browser")]
async fn the_pages_of_a_clinic_that_offers_nothing_or_is_silent_hold_in_a_browser() {
    let site = Site::empty(Default::default());
    site.heard().await;
    let mut album = Album { site: &site, pages: Vec::new() };
    album.add("nothing", &site.browser(), "/mitt", "Just nu går det inte att boka här");
    look_at(&site, album.pages).await;
    let site = Site::open().await;
    let mut paused = organization("c1", "Tandkliniken Storgatan", false);
    paused["active"] = false.into();
    site.publish(&paused).await;
    let mut album = Album { site: &site, pages: Vec::new() };
    album.add("closed", &site.browser(), "/mitt", "Bokningen är tillfälligt stängd");
    look_at(&site, album.pages).await;
    site.pass(TimeDelta::hours(1));
    let mut album = Album { site: &site, pages: Vec::new() };
    album.add("silent", &site.browser(), "/mitt", "Bokningen är tillfälligt stängd");
    look_at(&site, album.pages).await;
}

#[tokio::test]
#[cfg_attr(not(tidbok_test_browser), ignore = "TIDBOK_TEST_BROWSER names no browser")]
async fn a_page_at_no_clinic_holds_in_a_browser() {
    let running = Running::with_pages(TimeDelta::minutes(5), Pages::default()).await;
    let page = json!({
        "name": "nowhere", "path": "/nothing", "cookies": {}, "heading": "Sidan finns inte",
        "lonely": true,
    });
    let address = running.address().to_owned();
    let looked = tokio::task::spawn_blocking(move || look(&address, &[page], None));
    looked.await.expect("the page holds");
}
