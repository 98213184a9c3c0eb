//! *Mina tider*: the handlers for whoever is logged in. A booking is rebooked by walking the ordinary
//! way to a time with the booking along, and cancelled after a question.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::domain::OnlineChange;

use super::super::refusal::Refusal;
use super::booking::{Scene, gone};
use super::browser::Browser;
use super::change_wish::{self, Changed};
use super::e_id::{self, Who};
use super::holds::Standing;
use super::mine::{self, All, Mine, WhyNot};
use super::posted::Posted;
use super::times::Time;
use super::views;
use super::visit::Visit;
use super::way::Choice;
use super::{Front, html, onward, refused};

type Office = State<Arc<Front>>;

/// The addresses. Where a clinic has no e-ID, none of them is there.
pub(super) fn router() -> Router<Arc<Front>> {
    Router::new()
        .route("/{clinic}/log-in", get(e_id::log_in))
        .route("/{clinic}/logged-in", get(e_id::logged_in))
        .route("/{clinic}/not-logged-in", get(e_id::not_logged_in))
        .route("/{clinic}/log-out", post(e_id::log_out))
        .route("/{clinic}/my-times", get(my_times))
        .route("/{clinic}/my-times/{id}", get(my_time))
        .route("/{clinic}/my-times/{id}/state", get(state))
        .route("/{clinic}/my-times/{id}/cancel", get(ask_to_cancel).post(cancel))
        .route("/{clinic}/my-times/{id}/rebook", post(rebook))
}

/// A booking that is being rebooked, as every page on the way shows it.
#[derive(Clone)]
pub struct Instead(Box<Mine>);

impl Instead {
    /// The booking that a request names as the one to be rebooked.
    ///
    /// # Errors
    /// The page that is answered instead: whoever asks is not logged in, or has no such booking.
    pub async fn asked(front: &Front, visit: &Visit) -> Result<Option<Self>, Response> {
        let Some(id) = visit.asked("instead") else { return Ok(None) };
        let found = one(front, visit, id).await?;
        Ok(Some(Self(Box::new(found))))
    }

    /// The appointment's id.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The booking.
    pub fn booking(&self) -> &Mine {
        &self.0
    }
}

/// One of the bookings of whoever is logged in.
///
/// # Errors
/// The page that is answered instead.
async fn one(front: &Front, visit: &Visit, id: &str) -> Result<Mine, Response> {
    let who = logged_in(visit).map_err(|page| *page)?;
    let id = id.to_owned();
    let found = front.look(visit, move |desk| mine::one(desk, &who, &id)).await;
    found.map_err(|refusal| refused(visit, &refusal))
}

/// Who is logged in.
///
/// # Errors
/// The page that is answered instead.
fn logged_in(visit: &Visit) -> Result<Who, Box<Response>> {
    if visit.e_id.is_none() {
        return Err(Box::new(refused(visit, &Refusal::NotFound)));
    }
    let asks = || Box::new(onward(visit, &visit.address("my-times", &[])));
    visit.who.clone().ok_or_else(asks)
}

/// Does something with one of the bookings of whoever is logged in.
///
/// # Errors
/// The page that is answered instead.
async fn with<T: Send + 'static>(
    front: &Front,
    visit: &Visit,
    id: &str,
    work: impl FnOnce(&mut super::super::desk::Desk<'_>, &Who, &str) -> Result<T, Refusal>
    + Send
    + 'static,
) -> Result<T, Response> {
    let who = logged_in(visit).map_err(|page| *page)?;
    let id = id.to_owned();
    let done = front.at_desk(visit, move |desk| work(desk, &who, &id)).await;
    done.map_err(|refusal| refused(visit, &refusal))
}

/// Everything that is booked; whoever is not logged in is asked to.
async fn my_times(State(front): Office, visit: Visit) -> Response {
    if visit.e_id.is_none() {
        return refused(&visit, &Refusal::NotFound);
    }
    let Some(who) = visit.who.clone() else {
        return html(&visit, StatusCode::OK, views::log_in_first(&visit));
    };
    match front.look(&visit, move |desk| All::read(desk, &who)).await {
        Ok(all) => {
            let page = views::my_times(&visit, &all, front.now());
            html(&visit, StatusCode::OK, page)
        }
        Err(refusal) => refused(&visit, &refusal),
    }
}

/// One booking, with how it stands.
async fn my_time(
    State(front): Office,
    visit: Visit,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    match one(&front, &visit, &id).await {
        Ok(it) => {
            let page = views::my_time(&visit, &it, front.now());
            html(&visit, StatusCode::OK, page)
        }
        Err(page) => page,
    }
}

/// The same in a word, for the script.
async fn state(
    State(front): Office,
    visit: Visit,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    match one(&front, &visit, &id).await {
        Ok(it) => views::standing(&it.standing).into_response(),
        Err(page) => page,
    }
}

/// Asks before cancelling.
async fn ask_to_cancel(
    State(front): Office,
    visit: Visit,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    match one(&front, &visit, &id).await {
        Ok(it) => match it.may(OnlineChange::Cancel, front.now()) {
            Ok(()) => html(&visit, StatusCode::OK, views::ask_to_cancel(&visit, &it)),
            Err(why) => not_here(&visit, &it, why),
        },
        Err(page) => page,
    }
}

/// Asks the clinic to cancel.
async fn cancel(
    State(front): Office,
    visit: Visit,
    Path((_, id)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    if let Some(page) = unsealed(&visit, &Posted::read(&body)) {
        return page;
    }
    match with(&front, &visit, &id, change_wish::cancel).await {
        Ok(Changed::Asked(id)) => onward(&visit, &visit.address(&format!("my-times/{id}"), &[])),
        Ok(Changed::No(it, why)) => not_here(&visit, &it, why),
        Ok(Changed::Gone) => refused(&visit, &Refusal::NotFound),
        Err(page) => page,
    }
}

/// Asks the clinic for the time that was chosen instead.
async fn rebook(
    State(front): Office,
    mut visit: Visit,
    Path((_, id)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let form = Posted::read(&body);
    if let Some(page) = unsealed(&visit, &form) {
        return page;
    }
    let choice = Choice::read(|name| form.of(name));
    let browser = visit.browser.clone().or_else(Browser::new);
    let (Some(choice), Some(browser)) = (choice, browser) else {
        return refused(&visit, &Refusal::NotFound);
    };
    let asked = {
        let (browser, language) = (browser.clone(), visit.language.of_patient());
        with(&front, &visit, &id, move |desk, who, id| {
            let wanted = (choice.slot.as_str(), language);
            let changed = change_wish::rebook(desk, &browser, who, id, wanted)?;
            let gone = matches!(changed, Changed::Gone);
            let asks = (&browser, Some(who));
            let scene = gone.then(|| Scene::set(desk, asks, choice, Standing::Gone));
            Ok((changed, scene.transpose()?, mine::one(desk, who, id)?))
        })
        .await
    };
    let response = match asked {
        Ok((Changed::Asked(new), ..)) => {
            onward(&visit, &visit.address(&format!("my-times/{new}"), &[("instead", &id)]))
        }
        Ok((Changed::No(it, why), ..)) => not_here(&visit, &it, why),
        Ok((Changed::Gone, Some(scene), before)) => {
            // The next choice is for the same booking.
            visit.instead = Some(Instead(Box::new(before)));
            gone(&visit, &scene)
        }
        Ok((Changed::Gone, None, _)) => refused(&visit, &Refusal::NotFound),
        Err(page) => page,
    };
    visit.keep_browser(&browser, response)
}

/// The last step of rebooking: the old time and the new one, and a button.
pub(super) fn confirm(
    front: &Front,
    visit: &Visit,
    instead: &Instead,
    time: &Time,
    scene: &Scene,
) -> Response {
    let before = instead.booking();
    if let Err(why) = before.may(OnlineChange::Rebook, front.now()) {
        return not_here(visit, before, why);
    }
    let book = scene.about(time).map(|(_, _, book)| book);
    let page = views::ask_to_rebook(visit, before, (time, book), &scene.choice);
    html(visit, StatusCode::OK, page)
}

/// Why a booking can't be changed here, and whom to call.
fn not_here(visit: &Visit, it: &Mine, why: WhyNot) -> Response {
    html(visit, StatusCode::CONFLICT, views::not_here(visit, it, why))
}

/// The page that is answered where a form was not made for this session.
fn unsealed(visit: &Visit, form: &Posted) -> Option<Response> {
    let who = visit.who.as_ref()?;
    (!who.sealed(form.of("seal"))).then(|| refused(visit, &Refusal::Forbidden))
}
