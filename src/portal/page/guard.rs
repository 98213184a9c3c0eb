//! What protects the pages: headers that keep everything foreign out, requests from other sites and of
//! other kinds refused, forms and addresses of a bounded size, and a proper page for whatever was
//! refused before a page could say so.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use super::super::LONGEST_REQUEST;
use super::super::refusal::Refusal;
use super::visit::{Visit, language_of};
use super::{Front, html, views};

/// The longest form, in bytes.
pub(super) const LONGEST_FORM: usize = 32 << 10;
/// The longest address, in bytes.
const LONGEST_ADDRESS: usize = 4 << 10;

/// Only what this server sends itself, nothing inline, in no frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The addresses with all of it before them.
pub(super) fn guarded(router: Router, front: Arc<Front>) -> Router {
    router
        .layer(RequestBodyLimitLayer::new(LONGEST_FORM))
        .layer(CsrfLayer::new())
        .layer(from_fn(of_its_kind))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONGEST_REQUEST))
        .layer(from_fn_with_state(front, told))
        .layer(map_response(protected))
}

/// What is at no address of ours.
pub(super) async fn nowhere(uri: Uri) -> Response {
    if uri.path().starts_with("/fhir/") {
        return Refusal::NotFound.into_response();
    }
    StatusCode::NOT_FOUND.into_response()
}

/// Lets through what a browser sends: forms, and addresses that one of our own links may have.
async fn of_its_kind(request: Request, next: Next) -> Response {
    if request.uri().to_string().len() > LONGEST_ADDRESS {
        return StatusCode::URI_TOO_LONG.into_response();
    }
    let kind = request.headers().get(CONTENT_TYPE).map(|kind| kind.to_str().unwrap_or_default());
    let form = kind.is_none_or(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    });
    if request.method() == Method::POST && !form {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    next.run(request).await
}

/// Tells in the clinic's own layout what was refused without a page.
async fn told(State(front): State<Arc<Front>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let status = response.status();
    let refused = status.is_client_error() || status.is_server_error();
    if !refused || is_whole(response.headers()) || is_for_programs(asked.uri.path()) {
        return response;
    }
    let visit = Visit::named(&asked, &front).or_else(|| Visit::of_the_only_one(&asked, &front));
    let mut page = match visit {
        Some(mut visit) => {
            visit.contact = front.contact(&visit.clinic).await;
            // What is too long is not said again.
            let too_long = status == StatusCode::URI_TOO_LONG;
            let visit = if too_long { visit.shown_at("", &[]) } else { visit };
            let (heading, advice) = visit.language.refused(status);
            html(&visit, status, views::plain(&visit, None, heading, advice))
        }
        None => {
            let language = language_of(&asked.headers);
            let kind = [(CONTENT_TYPE, "text/html; charset=utf-8")];
            (status, kind, views::nowhere(language, status).into_string()).into_response()
        }
    };
    if let Some(methods) = response.headers().get(ALLOW) {
        page.headers_mut().insert(ALLOW, methods.clone());
    }
    page
}

/// Whether an answer is one that whoever asked can read: a page, or an outcome in FHIR's words.
fn is_whole(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    ["text/html", "application/fhir+json"].iter().any(|whole| kind.starts_with(whole))
}

/// Whether programs ask there, not people.
fn is_for_programs(path: &str) -> bool {
    path.ends_with("/state") || path.contains("/open/") || path.contains("/$bulk-publish")
}

/// The headers of every answer. A page that says nothing else is kept nowhere.
async fn protected(mut response: Response) -> Response {
    const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
    const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
    const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Browsers then say where a form was sent from, and other sites learn nothing.
        (REFERRER_POLICY, "same-origin"),
        (PERMISSIONS, "camera=(), geolocation=(), microphone=()"),
        (OPENER, "same-origin"),
        (RESOURCE, "same-origin"),
        // Without TLS browsers let it be.
        (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
