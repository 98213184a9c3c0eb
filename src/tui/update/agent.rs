//! The Online Client: what its agent tells is read when the poll says that there is something new; what
//! is asked of it, and closing and opening the booking page.

use crate::clinic::{AgentReport, Changed, ClinicError, Command, SyncRequest};
use crate::domain::{OnlineSettings, SettingChange};
use crate::tui::actions::Action;
use crate::tui::agent::{AgentNews, AskedAbout};
use crate::tui::dialogs::{Choice, Entry, Menu, Overlay};
use crate::tui::disabled::agent_disabled;
use crate::tui::message::{Effect, RequestId};
use crate::tui::model::{Model, Status};
use crate::tui::sanitise::clean;
use crate::tui::theme::Role;

use super::{failed, say};

/// The poll tells something new of the agent.
pub(super) fn news(model: &mut Model, news: AgentNews) -> Vec<Effect> {
    model.agent.news = news;
    follow(model)
}

/// Asks for the report, where there is a newer one than is known and none is under way.
pub(super) fn follow(model: &mut Model) -> Vec<Effect> {
    if model.agent.asked.is_some() || model.agent.known() >= model.agent.news.state {
        return Vec::new();
    }
    load(model)
}

fn load(model: &mut Model) -> Vec<Effect> {
    let request = model.requests.next();
    let (practitioners, days) = (model.practitioners_shown(), model.week());
    model.agent.asked = Some(AskedAbout { request, practitioners: practitioners.clone(), days });
    vec![Effect::LoadAgent { request, practitioners, days }]
}

/// The report arrived. What fails behind somebody's back is told of by the poll, which fails too; the
/// next news asks again.
pub(super) fn arrived(
    model: &mut Model,
    request: RequestId,
    result: Result<Box<AgentReport>, ClinicError>,
) -> Vec<Effect> {
    let Some(asked) = model.agent.asked.take_if(|asked| asked.request == request) else {
        return Vec::new();
    };
    match result {
        Ok(mut report) => {
            let mut out_there = std::mem::take(&mut report.out_there);
            // A book or a week that has been turned to since comes with what is out there of its own.
            for (id, open) in &mut model.books {
                if open.book.days == asked.days && asked.practitioners.contains(id) {
                    open.book.out_there = out_there.remove(id).unwrap_or_default();
                }
            }
            model.agent.report = Some(report);
            follow(model)
        }
        Err(_) => Vec::new(),
    }
}

/// Opens the screen, and reads anew what it shows.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    model.overlays.push(Overlay::Agent { scroll: 0 });
    load(model)
}

/// Does an action of the screen, or says why not.
pub(super) fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(reason) = agent_disabled(model, action) {
        return say(model, reason, Role::Warning);
    }
    match action {
        Action::SyncNow => ask(model, SyncRequest::Now),
        Action::Republish => confirm_republishing(model),
        Action::PauseOnline => confirm_pausing(model),
        Action::Diagnostics => keep_diagnostics(model),
        _ => Vec::new(),
    }
}

/// Asks something of the agent.
pub(super) fn ask(model: &mut Model, what: SyncRequest) -> Vec<Effect> {
    let request = model.requests.next();
    let texts = model.language.sync_texts();
    let text = match what {
        SyncRequest::Now => texts.asked_now,
        SyncRequest::Everything => texts.asked_everything,
    };
    model.status = Some(Status { text: text.to_owned(), role: Role::Plain });
    vec![Effect::AskAgent { request, what }]
}

/// It has been asked, or could not be.
pub(super) fn asked(model: &mut Model, result: Result<(), ClinicError>) -> Vec<Effect> {
    if let Err(error) = result {
        failed(model, &error);
    }
    load(model)
}

/// How many times of how many practitioners are out there.
fn out_there(model: &Model) -> (usize, usize) {
    let state = model.agent.state();
    state.map_or((0, 0), |state| (state.published_times(), state.published.len()))
}

fn confirm_republishing(model: &mut Model) -> Vec<Effect> {
    let texts = model.language.sync_texts();
    let (times, practitioners) = out_there(model);
    let notes = texts.republish_notes(times, practitioners);
    let yes = Entry::new(Choice::AskAgent(SyncRequest::Everything), texts.republish_yes);
    confirm(model, texts.republish_title, notes, yes)
}

/// *Tillfälligt stängd* (R10), or open again: says in numbers what comes of it.
fn confirm_pausing(model: &mut Model) -> Vec<Effect> {
    let texts = model.language.sync_texts();
    let before = model.setup.online.clone();
    let after = OnlineSettings { paused: !before.paused, ..before.clone() };
    let (title, notes, yes) = match before.paused {
        false => {
            let (times, practitioners) = out_there(model);
            (texts.pause_title, texts.pause_notes(times, practitioners), texts.pause_yes)
        }
        true => {
            let practitioners = model.count_active();
            (texts.resume_title, texts.resume_notes(practitioners), texts.resume_yes)
        }
    };
    let change = SettingChange::Online(Changed::Altered { before, after });
    let command = Command::ChangeSetting(Box::new(change));
    confirm(model, title, notes, Entry::new(Choice::Run(Box::new(command)), yes))
}

/// Asks, the harmless answer first.
fn confirm(model: &mut Model, title: &'static str, notes: Vec<String>, yes: Entry) -> Vec<Effect> {
    let texts = model.texts();
    let entries = vec![Entry::new(Choice::Close, texts.keep), yes];
    model.overlays.push(Overlay::Menu(Menu::new(title, entries, texts.no_entries).noting(notes)));
    Vec::new()
}

/// What the agent tells of itself holds nothing of patients.
fn keep_diagnostics(model: &mut Model) -> Vec<Effect> {
    let told = model.agent.state().map(serde_json::to_string_pretty);
    match told {
        Some(Ok(text)) => vec![Effect::KeepDiagnostics(text)],
        Some(Err(_)) | None => Vec::new(),
    }
}

/// The diagnostics were written, or not.
pub(super) fn diagnostics_kept(model: &mut Model, kept: Result<String, String>) -> Vec<Effect> {
    let texts = model.language.sync_texts();
    let (text, role) = match kept {
        Ok(path) => (texts.diagnostics_kept(&clean(&path)), Role::Plain),
        Err(reason) => (texts.diagnostics_not_kept(&clean(&reason)), Role::Error),
    };
    say(model, text, role)
}
