//! What protects the pages: headers that keep everything foreign out, requests from other sites
//! refused, forms of a bounded size.

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::map_response;
use axum::response::Response;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;

/// The longest form, in bytes.
pub(super) const LONGEST_FORM: usize = 32 << 10;

/// Only what this server sends itself, nothing inline, in no frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The addresses with all of it before them.
pub(super) fn guarded(router: Router) -> Router {
    router
        .layer(RequestBodyLimitLayer::new(LONGEST_FORM))
        .layer(CsrfLayer::new())
        .layer(map_response(protected))
}

/// The headers of every answer. A page that says nothing else is kept nowhere.
async fn protected(mut response: Response) -> Response {
    const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
    const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Browsers then say where a form was sent from, and other sites learn nothing.
        (REFERRER_POLICY, "same-origin"),
        (PERMISSIONS, "camera=(), geolocation=(), microphone=()"),
        (OPENER, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
