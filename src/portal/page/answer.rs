//! What the clinic answered: shown to the browser that asked, and to no other.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::domain::{
    CalendarEvent, CalendarMethod, calendar_file, calendar_sequence, calendar_uid,
};

use super::super::desk::Desk;
use super::super::refusal::Refusal;
use super::booking::about;
use super::nearest::Nearest;
use super::offer::{Book, Company, Offer, Service};
use super::visit::Visit;
use super::wish::{self, Answer, Answered};
use super::{Front, holds, html, refused, views};

type Office = State<Arc<Front>>;

/// What a browser has asked for, as it stands.
///
/// # Errors
/// [`Refusal::NotFound`] where it has asked for no such thing; the store.
fn answered(desk: &Desk<'_>, visit: &Visit, id: &str) -> Result<Answered, Refusal> {
    let browser = visit.browser.as_ref().ok_or(Refusal::NotFound)?;
    let asked = holds::asked(desk, browser, id)?.ok_or(Refusal::NotFound)?;
    wish::answered(desk, asked)?.ok_or(Refusal::NotFound)
}

/// A wish with everything that is shown of it.
struct Story {
    asked: Answered,
    offer: Arc<Offer>,
    nearest: Nearest,
}

impl Story {
    async fn read(front: &Front, visit: &Visit, id: String) -> Result<Self, Refusal> {
        let who = visit.clone();
        let work = move |desk: &Desk<'_>| {
            let asked = answered(desk, &who, &id)?;
            let offer = Offer::of(desk)?;
            let mut nearest = Nearest::default();
            if let (Answer::Refused { .. }, Some(browser), Some((company, service, _))) =
                (&asked.answer, &who.browser, about(&offer, &asked.service, &asked.book))
                && !company.paused
            {
                let treatment = (company.id.as_str(), service, Some(asked.book.as_str()));
                let at = asked.start.to_utc();
                nearest = Nearest::find(desk, (&offer, browser), treatment, at)?;
            }
            Ok(Self { asked, offer, nearest })
        };
        front.look(visit, work).await
    }

    fn about(&self) -> Option<(&Company, &Service, &Book)> {
        about(&self.offer, &self.asked.service, &self.asked.book)
    }
}

/// How it stands with what was asked for.
pub(super) async fn asked(
    State(front): Office,
    visit: Visit,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    let story = match Story::read(&front, &visit, id).await {
        Ok(story) => story,
        Err(refusal) => return refused(&visit, &refusal),
    };
    if story.asked.answer == Answer::Booked {
        front.drafts.forget(&visit);
    }
    let about = story.about();
    let shown = views::Shown {
        asked: &story.asked,
        company: about.map(|(company, _, _)| company),
        service: about.map(|(_, service, _)| service),
        book: about.map(|(_, _, book)| book),
        nearest: &story.nearest,
    };
    html(&visit, StatusCode::OK, views::answered(&visit, &shown))
}

/// The same in a word, for the script.
pub(super) async fn state(
    State(front): Office,
    visit: Visit,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    let who = visit.clone();
    match front.look(&visit, move |desk| answered(desk, &who, &id)).await {
        Ok(asked) => views::state(&asked.answer).into_response(),
        Err(refusal) => refusal.status().into_response(),
    }
}

/// The booked time as a file for calendars.
pub(super) async fn calendar(
    State(front): Office,
    visit: Visit,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    let story = match Story::read(&front, &visit, id).await {
        Ok(story) if story.asked.answer == Answer::Booked => story,
        Ok(_) => return refused(&visit, &Refusal::NotFound),
        Err(refusal) => return refused(&visit, &refusal),
    };
    let company = story.about().map(|(company, _, _)| company);
    let name = visit.page.title.as_deref().or(company.map(|company| company.name.as_str()));
    let file = calendar_file(&CalendarEvent {
        method: CalendarMethod::Publish,
        // Saving it again replaces it, and so does what the clinic sends.
        uid: &calendar_uid(&story.asked.portal_id),
        sequence: calendar_sequence(story.asked.updated_at),
        made_at: front.now(),
        start: story.asked.start.to_utc(),
        end: story.asked.end.to_utc(),
        summary: name.unwrap_or(visit.language.words().book_a_time),
        place: company.and_then(|company| company.address.as_deref()),
        organizer: None,
    });
    let kind = (CONTENT_TYPE, "text/calendar; charset=utf-8");
    let kept = (CONTENT_DISPOSITION, "attachment; filename=\"booking.ics\"");
    ([kind, kept], file).into_response()
}
