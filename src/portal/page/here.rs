//! One practitioner's free times of a while, whatever the treatment: where the console's link leads.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::domain::{CivilTime, ClinicZone, Minutes};

use super::super::refusal::Refusal;
use super::offer::Offer;
use super::stopped::closed;
use super::times::Time;
use super::visit::Visit;
use super::way::Choice;
use super::{Front, html, refused, views};

type Office = State<Arc<Front>>;

/// The most times of one treatment that are shown.
const MOST: usize = 200;

/// The times, each a link to itself.
pub(super) async fn here(
    State(front): Office,
    visit: Visit,
    Path((_, practitioner, from, minutes)): Path<(String, String, String, String)>,
) -> Response {
    let start = from.parse::<CivilTime>().ok();
    let (Some(start), Ok(minutes)) = (start, minutes.parse::<u16>()) else {
        return refused(&visit, &Refusal::NotFound);
    };
    let instant = |time| ClinicZone::default().first_instant(time);
    let window = (instant(start), instant(start + Minutes(minutes.into())));
    let read = front.look(&visit, move |desk| {
        let offer = Offer::of(desk)?;
        let book = offer.book_called(&practitioner).ok_or(Refusal::NotFound)?.clone();
        desk.refuse_silent()?;
        let times = offer.free_times(desk, &book, window, MOST)?;
        let times = times.into_iter().map(|(time, service)| (time, service.id.clone()));
        let times: Vec<(Time, String)> = times.collect();
        Ok((offer, book, times))
    });
    let (offer, book, times) = match read.await {
        Ok(read) => read,
        Err(refusal) => return refused(&visit, &refusal),
    };
    if let Some(company) = offer.paused(None, &book.company) {
        return closed(&visit, Some(company), StatusCode::OK);
    }
    let Some(company) = offer.company(&book.company) else {
        return refused(&visit, &Refusal::NotFound);
    };
    let shown = times.iter().filter_map(|(time, service)| {
        let service = offer.services.get(service)?;
        Some((time, service, Choice::of(time, company, service).look(&visit)))
    });
    let here = views::Here { company, book: &book, times: shown.collect() };
    html(&visit, StatusCode::OK, views::here(&visit, &here))
}
