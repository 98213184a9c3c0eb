//! Methods, kinds, origins and headers.

use axum::http::{Method, StatusCode};

use super::super::e_id::site;
use super::{ROUTES, is_for_programs};

#[tokio::test]
async fn every_route_takes_its_methods_only_and_says_so_as_a_page() {
    let (_, site) = site().await;
    let odd = Method::from_bytes(b"DEBUG").expect("a method");
    for (path, methods) in ROUTES {
        for method in [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
            Method::TRACE,
            Method::CONNECT,
            odd.clone(),
        ] {
            if methods.contains(&method) {
                continue;
            }
            let page = site.browser().send(method.clone(), path, "<secret>").await;
            let what = format!("{method} {path}");
            assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED, "{what}");
            assert!(page.header("allow").contains(methods[0].as_str()), "{what}");
            assert_eq!(page.header("access-control-allow-origin"), "", "{what}");
            page.assert_lacks("secret");
            if !is_for_programs(path) {
                page.assert_proper("sv", &what);
                assert_eq!(page.heading(), "Så går det inte att göra här", "{what}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_form_is_refused() {
    let (_, site) = site().await;
    for kind in [
        "application/json",
        "text/plain",
        "text/xml",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded-not",
        "",
    ] {
        for (path, _) in ROUTES.iter().filter(|(_, methods)| methods.contains(&Method::POST)) {
            let browser = site.browser().saying("content-type", kind);
            let page = browser.send(Method::POST, path, "time=a1").await;
            assert_eq!(page.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind} {path}");
            page.assert_proper("sv", kind);
        }
    }
    let own = "application/x-www-form-urlencoded; charset=UTF-8";
    let held = site.browser().saying("content-type", own).hold("a1").await;
    assert_eq!(held.status, StatusCode::SEE_OTHER);
    let raw = site.browser().send(Method::POST, "/mitt/hold", "\u{0}%%%&&&==;time[]=a1").await;
    assert_eq!(raw.header("location"), "/mitt", "what is no form in spite of its name");
}

#[tokio::test]
async fn forms_of_every_route_are_taken_from_this_site_only() {
    let (_, site) = site().await;
    let from = |name: &'static str, value: &str| {
        site.browser().saying("host", "boka.example").saying(name, value)
    };
    for (path, _) in ROUTES.iter().filter(|(_, methods)| methods.contains(&Method::POST)) {
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "https://boka.example.evil.example"),
            ("origin", "https://evil.example/boka.example"),
            ("origin", "https://boka.example:8443"),
            ("origin", "null"),
        ] {
            let page = from(name, value).send(Method::POST, path, "time=a1").await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path} {name}: {value}");
            assert_eq!(page.heading(), "Formuläret kom inte härifrån");
            page.assert_proper("sv", value);
            page.assert_lacks("evil");
        }
        for (name, value) in [("sec-fetch-site", "same-origin"), ("origin", "https://boka.example")]
        {
            let page = from(name, value).send(Method::POST, path, "").await;
            assert_ne!(page.status, StatusCode::FORBIDDEN, "{path} {name}: {value}");
        }
    }
    assert!(site.wishes().await.is_empty());
}

#[tokio::test]
async fn headers_that_proxies_and_frameworks_know_change_nothing() {
    let (_, site) = site().await;
    let plain = site.browser();
    for (name, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "evil"),
        ("x-forwarded-prefix", "/evil"),
        ("forwarded", "for=evil;host=evil.example"),
        ("x-original-url", "/evil"),
        ("x-rewrite-url", "/evil"),
        ("x-http-method-override", "DELETE"),
        ("x-method-override", "PUT"),
        ("referer", "https://evil.example/"),
        ("range", "bytes=0-1"),
        ("accept", "application/evil"),
        ("accept-language", "evil;q=x"),
        ("te", "trailers"),
        ("upgrade", "evil"),
    ] {
        for (path, methods) in ROUTES.iter().filter(|(path, _)| !path.ends_with("/log-in")) {
            for method in *methods {
                let odd = site.browser().saying(name, value);
                let page = odd.send(method.clone(), path, "").await;
                let same = plain.send(method.clone(), path, "").await;
                let what = format!("{name}: {value} on {method} {path}");
                assert_eq!((page.status, &page.text), (same.status, &same.text), "{what}");
                assert_eq!(page.header("location"), same.header("location"), "{what}");
                assert!(!format!("{:?}", page.headers).contains("evil"), "{what}");
            }
        }
    }
}

#[tokio::test]
async fn every_answer_has_its_headers_whatever_it_is() {
    let (provider, site) = site().await;
    let browser = site.browser();
    browser.log_in(&provider).await;
    let more = ["/nothing", "/mitt/nothing", "/mitt/my-times?lang=en", "/a/b/c"];
    let routes = ROUTES.iter().map(|(path, _)| *path).chain(more);
    for path in routes {
        for method in [Method::GET, Method::HEAD, Method::POST, Method::PUT] {
            let page = browser.send(method.clone(), path, "").await;
            let what = format!("{method} {path}: {}", page.status);
            let policy = page.header("content-security-policy");
            for rule in [
                "default-src 'none'",
                "frame-ancestors 'none'",
                "form-action 'self'",
                "base-uri 'none'",
            ] {
                assert!(policy.contains(rule), "{what}: {policy}");
            }
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("strict-transport-security", "max-age=31536000"),
            ] {
                assert_eq!(page.header(name), value, "{what}");
            }
            assert!(page.header("permissions-policy").contains("camera=()"), "{what}");
            assert_eq!(page.header("server"), "", "{what}");
            assert_eq!(page.header("x-powered-by"), "", "{what}");
            let shared = path.starts_with("/assets") || path.ends_with(".css");
            let kept = page.header("cache-control");
            let same_for_all = shared && page.status.is_success();
            let wanted = if same_for_all { "public, max-age=3600" } else { "no-store" };
            assert_eq!(kept, wanted, "{what}");
        }
    }
}

#[tokio::test]
async fn whatever_is_refused_is_a_page_in_the_browsers_language() {
    let (_, site) = site().await;
    for (accepted, language) in [("sv", "sv"), ("en", "en")] {
        let browser = || site.browser().saying("accept-language", accepted);
        let foreign = || browser().saying("origin", "https://evil.example");
        let odd = || browser().saying("content-type", "text/plain");
        let long = "a".repeat(40 << 10);
        for (what, page) in [
            ("404", browser().get("/mitt/nothing").await),
            ("404 of the only clinic", browser().get("/nothing").await),
            ("405", browser().send(Method::PUT, "/mitt", "").await),
            ("403", foreign().send(Method::POST, "/mitt/hold", "").await),
            ("413", browser().send(Method::POST, "/mitt/hold", &long).await),
            ("414", browser().get(&format!("/mitt?{}", &long[..5000])).await),
            ("415", odd().send(Method::POST, "/mitt/hold", "").await),
            ("400", browser().get("/mitt/logged-in?state=x").await),
            ("asked", browser().get("/mitt/asked/x").await),
        ] {
            assert!(page.status.is_client_error(), "{what}: {}", page.status);
            page.assert_proper(language, what);
            let other = if language == "sv" { "en" } else { "sv" };
            let (_, after) = page.text.split_once("class=\"language\" href=\"").expect(what);
            let link = after.split('"').next().expect("a link").replace("&amp;", "&");
            let turned = browser().get(&link).await;
            assert!(!turned.status.is_server_error(), "{what}: {link}");
            turned.assert_has(&format!("<html lang=\"{other}\">"));
        }
    }
}
