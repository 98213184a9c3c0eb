//! The published times as open data, and the links in it.

use axum::http::StatusCode;
use serde_json::Value;
use tidbok::portal::ClinicPage;

use super::{Site, organization};
use crate::valid::faults;

const ADDRESS: &str = "https://bokning.example.se";

async fn open() -> Site {
    Site::with(ClinicPage { address: Some(ADDRESS.to_owned()), ..ClinicPage::default() }).await
}

/// The resources of a file, one a line, each valid by HL7's schema as far as that is cut for us: it has
/// no Location.
async fn lines(site: &Site, file: &str) -> Vec<Value> {
    let page = site.browser().get(&format!("/mitt/open/{file}.ndjson")).await;
    assert_eq!(page.status, StatusCode::OK, "{file}");
    assert!(page.header("content-type").starts_with("application/fhir+ndjson"));
    let lines = page.text.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    let lines: Vec<Value> = lines.collect();
    for line in lines.iter().filter(|line| line["resourceType"] != "Location") {
        assert_eq!(faults(line), [""; 0], "{line:#}");
    }
    lines
}

fn texts<'a>(lines: &'a [Value], pointer: &str) -> Vec<&'a str> {
    lines.iter().filter_map(|line| line.pointer(pointer)?.as_str()).collect()
}

#[tokio::test]
async fn the_manifest_names_every_file_by_the_address_that_the_portal_was_given() {
    let site = open().await;
    let page = site.browser().get("/mitt/$bulk-publish").await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "application/json"));
    let manifest: Value = serde_json::from_str(&page.text).expect("JSON");
    assert_eq!(manifest["request"], format!("{ADDRESS}/mitt/$bulk-publish"));
    assert_eq!(manifest["transactionTime"], "2026-11-24T11:00:00.000Z");
    let output = manifest["output"].as_array().expect("a list");
    assert_eq!(texts(output, "/type"), ["Location", "Schedule", "Slot", "Slot"]);
    for url in texts(output, "/url") {
        let path = url.strip_prefix(ADDRESS).expect("the portal's address");
        assert_eq!(site.browser().get(path).await.status, StatusCode::OK, "{url}");
    }
}

#[tokio::test]
async fn each_free_time_of_the_treatments_that_are_offered_has_a_link_that_leads_to_booking_it() {
    let site = open().await;
    assert_eq!(texts(&lines(&site, "locations").await, "/name"), ["Tandkliniken Storgatan"]);
    let schedules = lines(&site, "schedules").await;
    assert_eq!(texts(&schedules, "/actor/0/reference"), ["Location/c1", "Location/c1"]);
    assert_eq!(texts(&schedules, "/actor/1/display"), ["Anna Ek", "Bo Berg"]);
    let slots = lines(&site, "slots-ae").await;
    assert_eq!(texts(&slots, "/id"), ["a1", "a2", "a3"]);
    assert_eq!(texts(&slots, "/start")[0], "2026-11-25T09:00:00+01:00");
    let link = texts(&slots, "/extension/0/valueUrl")[0];
    let browser = site.browser();
    let page = browser.get(link.strip_prefix(ADDRESS).expect("the portal's address")).await;
    assert_eq!(page.heading(), "Vill du boka den här tiden?");
    page.assert_has("onsdag 25 november kl. 09:00–09:30");
    assert_eq!(page.slots(), ["a1"]);
    assert_eq!(browser.ask("a1").await.split('/').nth(2), Some("asked"));
    assert_eq!(texts(&lines(&site, "slots-ae").await, "/id"), ["a2", "a3"], "it is taken");
}

#[tokio::test]
async fn looking_at_a_linked_time_holds_nothing_and_one_that_is_gone_offers_the_nearest() {
    let site = open().await;
    let slots = lines(&site, "slots-ae").await;
    let link = texts(&slots, "/extension/0/valueUrl")[0].strip_prefix(ADDRESS).expect("ours");
    site.browser().get(link).await;
    let other = site.browser();
    assert_eq!(other.hold("a1").await.status, StatusCode::SEE_OTHER);
    let gone = site.browser().get(link).await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    assert!(gone.slots().contains(&"a2"), "{:?}", gone.slots());
    let own = other.get(link).await;
    assert_eq!(own.status, StatusCode::OK, "its own hold blocks nobody");
    let nothing = site.browser().get("/mitt/time?time=nothing").await;
    assert_eq!(nothing.status, StatusCode::CONFLICT);
    assert_eq!(site.browser().get("/mitt/time").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn r10_a_paused_company_publishes_nothing() {
    let site = open().await;
    let mut paused = organization("c1", "Tandkliniken Storgatan", false);
    paused["active"] = false.into();
    site.publish(&paused).await;
    assert!(
        lines(&site, "locations").await.is_empty() && lines(&site, "schedules").await.is_empty()
    );
    let page = site.browser().get("/mitt/open/slots-ae.ndjson").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn scripts_of_any_site_may_read_it_and_a_file_that_is_known_is_not_sent_again() {
    let site = open().await;
    let manifest = site.browser().get("/mitt/$bulk-publish").await;
    assert_eq!(manifest.header("access-control-allow-origin"), "*");
    assert_eq!(manifest.header("etag"), "", "it tells when it was made");
    let path = "/mitt/open/slots-ae.ndjson";
    let ask = async |known: &str| site.browser().saying("if-none-match", known).get(path).await;
    let first = site.browser().get(path).await;
    let tag = first.header("etag");
    assert!(tag.len() > 20 && tag.starts_with('"'), "{tag}");
    for known in [tag.to_owned(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let again = ask(&known).await;
        assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""), "{known}");
        assert_eq!(again.header("etag"), tag);
        assert_eq!(again.header("access-control-allow-origin"), "*");
    }
    assert_eq!(ask("\"other\"").await.text, first.text);
    site.browser().ask("a1").await;
    let later = ask(tag).await;
    assert_eq!(later.status, StatusCode::OK, "a time is taken");
    assert_ne!(later.header("etag"), tag);
}

#[tokio::test]
async fn without_an_address_of_its_own_a_portal_publishes_no_open_data() {
    let site = Site::open().await;
    for path in ["/mitt/$bulk-publish", "/mitt/open/locations.ndjson", "/mitt/open/slots-ae.ndjson"]
    {
        assert_eq!(site.browser().get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
