//! What the agent tells of itself: read when the poll says that there is something new.

use crate::clinic::{AgentReport, ClinicError};
use crate::tui::agent::AgentNews;
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::Model;

/// The poll tells something new of the agent.
pub(super) fn news(model: &mut Model, news: AgentNews) -> Vec<Effect> {
    model.agent.news = news;
    follow(model)
}

/// Asks for the report, where there is a newer one than is known and none is under way.
fn follow(model: &mut Model) -> Vec<Effect> {
    if model.agent.request.is_some() || model.agent.known() >= model.agent.news.state {
        return Vec::new();
    }
    let request = model.requests.next();
    model.agent.request = Some(request);
    vec![Effect::LoadAgent { request }]
}

/// The report arrived. What fails behind somebody's back is told of by the poll, which fails too; the
/// next news asks again.
pub(super) fn arrived(
    model: &mut Model,
    request: RequestId,
    result: Result<Box<AgentReport>, ClinicError>,
) -> Vec<Effect> {
    if model.agent.request != Some(request) {
        return Vec::new();
    }
    model.agent.request = None;
    match result {
        Ok(report) => {
            model.agent.report = Some(report);
            follow(model)
        }
        Err(_) => Vec::new(),
    }
}
