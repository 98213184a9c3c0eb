//! The pictures in `screenshots/page`: the booking page of a made-up clinic, as a patient meets it. A browser
//! takes them; since each draws in its own way, they are not compared pixel by pixel. A picture says of
//! which page it was taken, by a digest of what the page shows, and is stale once that is another.
//!
//! `TIDBOK_UPDATE_SCREENSHOTS=1 TIDBOK_TEST_BROWSER=target/browser/run cargo test --test portal pictures`
//! takes the stale ones anew; `.ci/run` installs what drives the browser.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::e_id::{seal, site};
use super::looks::{Album, WAY, booked, id_of, logged_in, picture};
use super::picture::Picture;
use super::provider::Provider;
use super::{NUMBER, Page, Site, organization, schedule, service, slot, test_number};

const UPDATE: &str = "TIDBOK_UPDATE_SCREENSHOTS";

/// By which a picture says of what it was taken.
const OF: &str = "Page";

/// How a page is looked at, as the browser names its pictures.
const PHONE: &str = "phone-light";
const ELSEWHERE: [(&str, &str); 3] =
    [("times", "phone-dark"), ("times", "desktop-light"), ("my-times", "desktop-light")];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("screenshots/page")
}

/// The pictures of a page.
fn pictures_of(page: &str) -> Vec<String> {
    let elsewhere = ELSEWHERE.iter().filter(|(name, _)| *name == page).map(|(_, look)| *look);
    std::iter::once(PHONE).chain(elsewhere).map(|look| format!("{page}-{look}")).collect()
}

fn file(picture: &str) -> PathBuf {
    folder().join(format!("{picture}.png"))
}

/// What the clinic offers.
async fn offer(site: &Site) {
    site.publish(&organization("c1", "Tandkliniken Storgatan AB", false)).await;
    for (id, name, minutes) in [
        ("s-us", "Undersökning 30 min", 30),
        ("s-akut", "Akutbesök 20 min", 20),
        ("s-hyg", "Tandhygienist 30 min", 30),
    ] {
        site.publish(&service(id, name, minutes)).await;
    }
    site.publish(&json!({
        "resourceType": "Practitioner", "id": "en", "name": [{"text": "Elin Norberg"}],
        "identifier": [{"system": "urn:x-tidbok:practitioner", "value": "EN"}],
    }))
    .await;
    site.publish(&schedule("en", "c1", &["s-hyg"])).await;
    for (book, treatment, day, clocks) in [
        ("ae", "us", 25, &["10:00", "10:30", "13:00", "13:30"][..]),
        ("ae", "us", 26, &["09:30", "14:00", "14:30"]),
        ("ae", "us", 27, &["08:00", "08:30", "09:00", "09:30", "10:00"]),
        ("ae", "us", 30, &["13:00", "13:30"]),
        ("en", "hyg", 26, &["15:00", "15:30"]),
    ] {
        for clock in clocks {
            let id = format!("{book}-{day}-{}", clock.replace(':', ""));
            site.publish(&slot(&id, book, treatment, day, clock)).await;
        }
    }
}

/// From the first page to what came of it.
async fn add_booking(album: &mut Album<'_>) {
    let site = album.site;
    let us = "company=c1&service=s-us";
    let new = site.browser();
    album.add("treatments", &new, "/mitt", "Vad vill du boka?");
    album.add("practitioners", &new, &format!("/mitt/practitioners?{us}"), "Hos vem?");
    album.add("times", &new, &format!("/mitt/times?{us}&with=ae"), "Välj en tid");
    let holder = site.browser();
    holder.hold("ae-25-1030").await;
    let details = format!("/mitt/details?{us}&with=ae&time=ae-25-1030");
    album.add("details", &holder, &details, "Dina uppgifter");
    let held = [("time", "ae-25-1030~1795599000000"), ("with", "ae")];
    let held: Vec<_> = WAY.into_iter().chain(held).collect();
    let heading = "Tiden är tyvärr inte längre ledig";
    album.sent(("gone", &new), ("/mitt/hold", &held), heading);
    let faulty = site.browser();
    faulty.hold("ae-25-1300").await;
    let typed = [("email", "hilda.example.se"), ("personnummer", "18900101-9803"), ("mobile", "")];
    faulty.send_in("ae-25-1300", &typed).await;
    let details = format!("/mitt/details?{us}&with=ae&time=ae-25-1300");
    album.add("errors", &faulty, &details, "Dina uppgifter");

    let happy = site.browser();
    let place = booked(site, &happy, "a2", &test_number(4)).await;
    album.add("booked", &happy, &place, "Tiden är bokad");
    let waiting = site.browser();
    waiting.hold("b1").await;
    let sent = waiting.fill_in("b1", &[("personnummer", &test_number(3))]).await;
    album.add("waiting", &waiting, sent.header("location"), "Vi frågar kliniken …");
}

/// The times of whoever is logged in.
async fn add_own_times(album: &mut Album<'_>, provider: &Provider) {
    let site = album.site;
    album.add("log-in", &site.browser(), "/mitt/my-times", "Mina tider");
    let own = logged_in(site, provider).await;
    let later = booked(site, &own, "ae-26-1400", NUMBER).await;
    let later = id_of(&later).to_owned();
    album.add("my-times", &own, "/mitt/my-times", "Mina tider");
    album.add("cancel", &own, &format!("/mitt/my-times/{later}/cancel"), "Vill du avboka tiden?");
    let former = booked(site, &own, "ae-30-1300", NUMBER).await;
    let former = format!("/mitt/my-times/{}", id_of(&former));
    let asked = own.get(&format!("{former}/cancel")).await;
    own.post(&format!("{former}/cancel"), &[("seal", &seal(&asked))]).await;
    let mut booking = site.get(&format!("Appointment/{}", id_of(&former))).await;
    booking["status"] = "cancelled".into();
    site.publish(&booking).await;
    album.add("cancelled", &own, &former, "Tiden är avbokad");
    let instead = format!("company=c1&service=s-us&instead={later}&with=ae&time=ae-27-0900");
    let form: Vec<_> = WAY.into_iter().chain([("time", "ae-27-0900"), ("with", "ae")]).collect();
    own.post(&format!("/mitt/hold?instead={later}"), &form).await;
    let heading = "Boka om till den nya tiden?";
    album.add("rebook", &own, &format!("/mitt/details?{instead}"), heading);
}

/// What a browser is shown at a page.
async fn met(site: &Site, page: &Value) -> Page {
    let browser = site.browser();
    *browser.cookies.borrow_mut() =
        serde_json::from_value(page["cookies"].clone()).expect("cookies");
    let path = page["path"].as_str().expect("a path");
    let form: Vec<(String, String)> =
        serde_json::from_value(page["form"].clone()).unwrap_or_default();
    let form: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer =
        if form.is_empty() { browser.get(path).await } else { browser.post(path, &form).await };
    match answer.status {
        StatusCode::SEE_OTHER => browser.get(answer.header("location")).await,
        _ => answer,
    }
}

/// What of a page shows: addresses, ids and seals are others each time.
fn shown(html: &str) -> String {
    let mut shown = String::new();
    let (mut attribute, mut hidden) = ("", false);
    // Quotation marks stand around values only; in texts they are written as entities.
    for (at, part) in html.split('"').enumerate() {
        if at % 2 == 0 {
            hidden &= !part.contains('<');
            attribute = part.rsplit(' ').next().unwrap_or_default();
            shown.push_str(part);
            continue;
        }
        hidden |= attribute == "type=" && part == "hidden";
        let unseen = ["href=", "src=", "action=", "data-place="].contains(&attribute)
            || hidden && attribute == "value=";
        shown.push_str(if unseen { "" } else { part });
    }
    shown
}

/// The digest of what a page shows, and of how.
async fn digest(site: &Site, page: &Value) -> String {
    let met = met(site, page).await;
    let heading = page["heading"].as_str().expect("a heading");
    assert_eq!(met.heading(), heading, "{}", page["name"]);
    let browser = site.browser();
    let mut digest = Sha256::new();
    digest.update(shown(&met.text));
    for styles in ["/assets/page.css", "/mitt/colours.css"] {
        digest.update(browser.get(styles).await.text);
    }
    let digest = digest.finalize();
    digest.iter().take(16).fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("written");
        text
    })
}

/// Has pictures taken of pages, each with its digest.
async fn take(site: &Site, stale: Vec<(Value, String)>) {
    let taken = tempfile::tempdir().expect("a temporary folder");
    let pages = stale.iter().map(|(page, _)| page.clone()).collect();
    picture(site, pages, Some(taken.path().to_owned())).await;
    std::fs::create_dir_all(folder()).expect("a folder for the pictures");
    for (page, digest) in stale {
        for name in pictures_of(page["name"].as_str().expect("a name")) {
            let picture = Picture::read(&taken.path().join(format!("{name}-sv.png")));
            let picture = picture.expect("the browser has taken it").reduced();
            picture.write(&file(&name), &[(OF, &digest)]);
        }
    }
}

/// Looks whether the pictures of pages are of what they show now. Takes the others, where that is asked for;
/// else answers with their names.
async fn look_through(album: Album<'_>, known: &mut BTreeSet<PathBuf>) -> Vec<String> {
    let mut stale = Vec::new();
    for page in album.pages {
        let digest = digest(album.site, &page).await;
        let pictures = pictures_of(page["name"].as_str().expect("a name"));
        known.extend(pictures.iter().map(|name| file(name)));
        let current = |name: &String| Picture::said(&file(name), OF).as_ref() == Some(&digest);
        if !pictures.iter().all(current) {
            stale.push((page, digest));
        }
    }
    if stale.is_empty() || std::env::var_os(UPDATE).is_none() {
        return stale.iter().map(|(page, _)| page["name"].to_string()).collect();
    }
    take(album.site, stale).await;
    Vec::new()
}

#[tokio::test]
async fn the_pictures_of_the_booking_page_are_of_what_it_shows() {
    let mut known = BTreeSet::new();
    let (provider, site) = site().await;
    offer(&site).await;
    let mut album = Album { site: &site, pages: Vec::new() };
    add_booking(&mut album).await;
    add_own_times(&mut album, &provider).await;
    let mut stale = look_through(album, &mut known).await;

    let site = Site::open().await;
    offer(&site).await;
    site.pass(TimeDelta::hours(1));
    let mut album = Album { site: &site, pages: Vec::new() };
    album.add("closed", &site.browser(), "/mitt", "Bokningen är tillfälligt stängd");
    stale.extend(look_through(album, &mut known).await);

    assert!(
        stale.is_empty(),
        "the booking page shows something else than the pictures in screenshots/page of it: {}\nhave a \
         browser take them anew, and look at them: {UPDATE}=1 TIDBOK_TEST_BROWSER=target/browser/run cargo \
         test --test portal pictures",
        stale.join(", ")
    );
    let kept = std::fs::read_dir(folder()).expect("the folder of pictures");
    let kept = kept.map(|it| it.expect("a file").path());
    let left: Vec<PathBuf> = kept.filter(|path| !known.contains(path)).collect();
    assert!(left.is_empty(), "no page is called so: {left:?}");
}
