//! What is typed, and what stands in addresses and cookies.

use axum::http::{Method, StatusCode};
use serde_json::Value;
use tidbok::portal::ClinicPage;

use super::super::e_id::site;
use super::super::{Site, organization, slot, test_number};
use super::ROUTES;

/// Texts that mean something to some reader further on.
const HOSTILE: [&str; 20] = [
    "\"><script>alert(1)</script>",
    "\" onfocus=alert(1) autofocus=\"",
    "'; DROP TABLE hold; --",
    "1) OR 1=1 UNION SELECT 1",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "=cmd|' /C calc'!A0",
    "../../../etc/passwd",
    "//evil.example/%2e%2e",
    "https://evil.example",
    "%0d%0aSet-Cookie: a=b",
    "Hilda\r\nSet-Cookie: evil=1",
    "Hilda\nATTENDEE:mailto:evil@evil.example",
    "hilda@example.se\r\nBcc: evil@evil.example",
    "Hil\0da",
    "\u{1b}]0;evil\u{7}\u{1b}[2J",
    "\u{9b}31mHilda",
    "\u{202e}adliH\u{2066}",
    "Hilda\u{2028}x\u{2029}y\u{85}z",
    "\u{feff}Hil\u{200b}da\u{ad}",
    "Hilda\u{e0041}\u{e0042}",
];

/// Characters that are no text: they steer terminals, turn lines around, or are not seen at all.
fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        Value::Object(all) => all.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn whatever_is_typed_into_a_field_is_shown_and_sent_on_as_text_or_refused() {
    let site = Site::with(ClinicPage { most_open_bookings: 1000, ..ClinicPage::default() }).await;
    site.publish(&organization("c1", "Tandkliniken Storgatan", true)).await;
    let fields = ["first-name", "last-name", "personnummer", "email", "mobile", "address"];
    let (mut taken, mut refused) = (0, 0);
    for (n, (field, text)) in
        fields.iter().flat_map(|field| HOSTILE.map(|text| (*field, text))).enumerate()
    {
        let (id, person) = (format!("x{n}"), test_number(n));
        site.publish(&slot(&id, "ae", "us", 25, "09:00")).await;
        let browser = site.browser();
        browser.hold(&id).await;
        let whole = [("personnummer", person.as_str()), ("address", "Storgatan 4")];
        let form: Vec<_> = whole.into_iter().chain([(field, text)]).collect();
        let page = browser.fill_in(&id, &form).await;
        page.assert_lacks("<script>alert");
        page.assert_lacks("\" onfocus=alert");
        assert!(!page.text.chars().any(|it| steers(it) && it != '\n'), "{field} {text:?}");
        assert!(!format!("{:?}", page.headers).contains("evil"), "{field} {text:?}");
        if page.status == StatusCode::OK {
            page.assert_has("Något behöver rättas");
            refused += 1;
            continue;
        }
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{field} {text:?}");
        taken += 1;
        let wish = site.wishes().await.pop().expect("the wish");
        let actor = wish["participant"][0]["actor"]["reference"].as_str().expect("a patient");
        let patient = site.get(actor).await;
        let odd: Vec<&str> =
            texts(&patient).into_iter().filter(|text| text.chars().any(steers)).collect();
        assert!(odd.is_empty(), "{field} {text:?}: {odd:?}");
        site.decide(None).await;
    }
    assert!(taken > 20 && refused > 60, "{taken} taken, {refused} refused");
}

#[tokio::test]
async fn whatever_stands_in_an_address_or_a_cookie_breaks_nothing_and_leads_nowhere_else() {
    let (provider, site) = site().await;
    let browser = site.browser();
    browser.log_in(&provider).await;
    let parameters = [
        "company",
        "service",
        "with",
        "time",
        "from",
        "lang",
        "instead",
        "why",
        "logged",
        "state",
        "code",
        "iss",
        "error",
        "next",
        "redirect_uri",
        "anew",
        "taken",
    ];
    for text in HOSTILE {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for parameter in parameters {
            query.append_pair(parameter, text);
        }
        let all = query.finish();
        for (path, _) in ROUTES.iter().filter(|(path, _)| *path != "/mitt/log-in") {
            let mut asked = vec![all.clone(), all.replace("instead=", "x=")];
            asked.push(format!("lang=en&{}", asked[1].replace("lang=", "x=")));
            for query in asked {
                let page = browser.get(&format!("{path}?{query}")).await;
                assert!(!page.status.is_server_error(), "{path} {text:?}: {}", page.status);
                let to = page.header("location");
                assert!(to.is_empty() || to.starts_with("/mitt"), "{path} {text:?}: {to}");
                page.assert_lacks("<script>alert");
                for leading in ["href=\"//", "href=\"http", "action=\"//", "action=\"http"] {
                    page.assert_lacks(leading);
                }
                assert_eq!(page.header("set-cookie").matches("evil").count(), 0, "{path}");
            }
        }
    }
    for cookie in [
        "tidbok-browser=\"><script>alert(1)</script>",
        "tidbok-language=//evil.example",
        "tidbok-browser=; tidbok-browser=0123456789abcdef0123456789abcdeg",
        "__Host-tidbok-browser-mitt=\"><script>alert(1)</script>",
        "__Host-tidbok-session-mitt=' OR 1=1 --",
        "=; ;;; a; =b; tidbok-language",
    ] {
        let page = site.browser().saying("cookie", cookie).get("/mitt").await;
        assert_eq!((page.status, page.heading()), (StatusCode::OK, "Vad vill du boka?"));
        page.assert_lacks("evil");
        page.assert_lacks("alert");
    }
}

#[tokio::test]
async fn the_clinics_own_texts_add_no_lines_to_a_calendar_file_and_no_markup_to_a_page() {
    let site = Site::open().await;
    let evil = "Kliniken <script>alert(1)</script>\r\nATTENDEE:mailto:evil@evil.example";
    let mut company = organization("c1", evil, false);
    company["address"][0]["text"] = "Gatan 1\nEND:VEVENT\nBEGIN:VEVENT; \\,".into();
    site.publish(&company).await;
    let browser = site.browser();
    browser.get("/mitt").await.assert_lacks("<script>alert");
    let place = browser.ask("a1").await;
    site.decide(None).await;
    browser.get(&place).await.assert_lacks("<script>alert");
    let file = browser.get(&format!("{place}/booking.ics")).await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"booking.ics\"");
    for line in file.text.split("\r\n") {
        assert!(!line.contains(['\r', '\n']), "{line:?}");
        assert!(!line.starts_with("ATTENDEE"), "{line:?}");
    }
    assert_eq!(file.text.matches("\r\nBEGIN:VEVENT\r\n").count(), 1);
    assert_eq!(file.text.matches("\r\nEND:VEVENT\r\n").count(), 1);
}

#[tokio::test]
async fn what_is_too_large_is_refused_as_a_page() {
    let site = Site::open().await;
    let browser = site.browser();
    let long = "a".repeat(40 << 10);
    let page = browser.fill_in("a1", &[("first-name", &long)]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(page.heading(), "Det blev för mycket text");
    page.assert_proper("sv", "a body");

    let page = browser.get(&format!("/mitt?company={}", &long[..5000])).await;
    assert_eq!(page.status, StatusCode::URI_TOO_LONG);
    page.assert_proper("sv", "an address");
    page.assert_lacks("aaaa");

    // Of very many fields and parameters the first are looked at; none is shown.
    let many = "z=1&".repeat(1000);
    let page = browser.get(&format!("/mitt?{many}company=nothing")).await;
    assert_eq!((page.status, page.heading()), (StatusCode::OK, "Vad vill du boka?"));
    assert!(page.text.matches("z=1").count() <= 40, "{}", page.text.matches("z=1").count());
    let page = browser.send(Method::POST, "/mitt/hold", &format!("{many}time=a1")).await;
    assert_eq!(page.header("location"), "/mitt");
    let long = "å".repeat(5000);
    let page = browser.fill_in("a1", &[("first-name", &long), ("mobile", "")]).await;
    page.assert_has("Något behöver rättas");
    assert!(page.text.matches('å').count() < 700, "what is shown again is cut");
}

#[tokio::test]
async fn paths_lead_nowhere_but_to_the_pages() {
    let site = Site::open().await;
    for path in [
        "/assets/../Cargo.toml",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..%2f..%2fetc%2fpasswd",
        "/mitt/open/..%2f..%2fportal.db",
        "/mitt/asked/%2e%2e%2f%2e%2e",
        "/mitt/asked/%ff%fe",
        "/mitt/asked/%00",
        "/mitt/my-times/%2e%2e/cancel",
        "/mitt/here/%ff/x/y",
        "/%6ditt/nothing",
        "/%ff",
        "//evil.example/mitt",
        "/mitt//evil.example",
        "/mitt/..;/fhir",
        "/MITT",
        "/.git/config",
        "/mitt/nothing/at/all",
    ] {
        let page = site.browser().get(path).await;
        let known = [StatusCode::NOT_FOUND, StatusCode::BAD_REQUEST];
        assert!(known.contains(&page.status), "{path}: {}", page.status);
        if !super::is_for_programs(path) {
            page.assert_proper("sv", path);
        }
        for leading in ["href=\"//", "action=\"//", "root:"] {
            page.assert_lacks(leading);
        }
    }
}
