//! Why a request is refused: in the words and numbers of HTTP and FHIR. Says nothing of what was sent,
//! which may be personal.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use thiserror::Error;

use crate::fhir::{NotThat, OperationOutcome, Resource};

/// Content type of everything that is answered.
pub(super) const FHIR_JSON: &str = "application/fhir+json; charset=utf-8";

/// Why a request is refused, and what to do.
#[derive(Debug, Error)]
pub enum Refusal {
    #[error("a bearer token of this clinic is needed")]
    Unauthorized,
    #[error("this token may not do that")]
    Forbidden,
    #[error("there is no such resource")]
    NotFound,
    #[error("resources of this type are not kept here")]
    UnknownKind,
    #[error("{0}")]
    Invalid(&'static str),
    #[error(transparent)]
    NotThat(#[from] NotThat),
    #[error("a search parameter is not known here: leave it out, or Prefer: handling=lenient")]
    UnknownParameter,
    #[error("what is stored has another version: read it again, then decide")]
    Stale,
    #[error("more than one resource fits the condition")]
    Ambiguous,
    #[error("the time is no longer free: choose another")]
    SlotTaken,
    #[error("the clinic cannot be reached now: try again in a while")]
    ClinicSilent,
    #[error("the store does not answer: try again in a while")]
    Store(#[source] rusqlite::Error),
    #[error("the work was broken off: try again")]
    BrokenOff,
}

impl Refusal {
    /// HTTP's number for it.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound | Self::UnknownKind => StatusCode::NOT_FOUND,
            Self::Invalid(_) | Self::NotThat(_) | Self::UnknownParameter => StatusCode::BAD_REQUEST,
            Self::Stale | Self::Ambiguous => StatusCode::PRECONDITION_FAILED,
            Self::SlotTaken => StatusCode::CONFLICT,
            Self::ClinicSilent => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_) | Self::BrokenOff => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Puts on an answer what was wrong on our side.
    pub(super) fn explain(&self, response: &mut Response) {
        if let Some(cause) = self.cause() {
            response.extensions_mut().insert(Cause(cause));
        }
    }

    /// What is wrong on our side, in words of a closed list; `None` where nothing is.
    pub(super) fn cause(&self) -> Option<&'static str> {
        use rusqlite::ErrorCode;
        match self {
            Self::ClinicSilent => Some("the clinic's agent is silent"),
            Self::BrokenOff => Some("the work was broken off"),
            Self::Store(error) => Some(match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                    "the database is locked"
                }
                Some(ErrorCode::DiskFull) => "the disk is full",
                Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                    "the database can't be written"
                }
                Some(ErrorCode::CannotOpen | ErrorCode::SystemIoFailure) => {
                    "the database's disk does not answer"
                }
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                    "the database is damaged: stop the portal, move the file aside with those beside it \
                     that end in -wal and -shm, and start anew: the agents publish everything again"
                }
                _ => "the database can't do what it was asked",
            }),
            _ => None,
        }
    }

    /// FHIR's word for it (`http://hl7.org/fhir/issue-type`).
    fn code(&self) -> &'static str {
        match self {
            Self::Unauthorized => "login",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::UnknownKind | Self::UnknownParameter => "not-supported",
            Self::Invalid(_) | Self::NotThat(_) => "invalid",
            Self::Stale | Self::SlotTaken => "conflict",
            Self::Ambiguous => "multiple-matches",
            Self::ClinicSilent | Self::Store(_) | Self::BrokenOff => "transient",
        }
    }
}

/// Goes along with an answer, unseen: what was wrong on our side, for the journal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cause(pub &'static str);

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let outcome = OperationOutcome::error(self.code(), self.to_string());
        // Four texts in known places: there is nothing in it that can't be written.
        let body = outcome.to_value().map(|value| value.to_string()).unwrap_or_default();
        let mut response = (self.status(), [(CONTENT_TYPE, FHIR_JSON)], body).into_response();
        self.explain(&mut response);
        if matches!(self, Self::Unauthorized) {
            let challenge = axum::http::HeaderValue::from_static("Bearer");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
