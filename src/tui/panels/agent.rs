//! The Online Client, drawn: where its agent runs, how it goes, what waits, what is out there, what came
//! in, and the last rounds.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::symbols::bar;
use ratatui::widgets::{Sparkline, Widget};

use crate::domain::{Liveness, PractitionerId, Round, SyncFault, SyncState, swedish};
use crate::texts::{SyncTexts, sync_fault};
use crate::tui::model::Model;
use crate::tui::sanitise::{clean, fit, width, wrap};
use crate::tui::theme::{Role, Symbols};

use super::panel::{Line, Panel, Place};

/// Columns that the panel takes at most.
const WIDEST: usize = 88;
/// Columns of the labels.
const LABEL: usize = 13;
/// Minutes of the sparkline, one a column.
const MINUTES: u16 = 60;

/// Bars that every terminal has.
const ASCII_BARS: bar::Set<'static> = bar::Set {
    full: "#",
    seven_eighths: "#",
    three_quarters: "*",
    five_eighths: "*",
    half: "+",
    three_eighths: "-",
    one_quarter: "-",
    one_eighth: ".",
    empty: " ",
};

/// The screen as a panel.
pub(super) fn panel(model: &Model) -> Panel {
    let texts = model.language.sync_texts();
    let columns = WIDEST.min(usize::from(model.size.0).saturating_sub(8));
    let status = model.telling().status(&model.sync_status());
    let title = match status {
        Some(status) => format!("{} · {status}", texts.title),
        None => texts.title.to_owned(),
    };
    let lines = match model.agent.state() {
        Some(state) => Told { model, texts, columns, state }.lines(),
        None if model.agent.asked.is_some() => vec![Line::new(model.texts().loading, Role::Dim)],
        None => nobody(texts, columns),
    };
    Panel { keep: (columns, 0), ..Panel::new(title, Place::Centre, lines) }
}

/// How to have an Online Client.
fn nobody(texts: &SyncTexts, columns: usize) -> Vec<Line> {
    let told = [
        (texts.none, Role::Strong),
        (texts.none_what, Role::Plain),
        (texts.none_command, Role::Key),
        (texts.none_unit, Role::Plain),
    ];
    let lines = told.into_iter().flat_map(|(text, role)| {
        let lines = wrap(text, columns).into_iter().map(move |line| Line::new(line, role));
        lines.chain([Line::default()])
    });
    lines.collect()
}

/// What is told of, and how wide.
#[derive(Clone, Copy)]
struct Told<'a> {
    model: &'a Model,
    texts: &'a SyncTexts,
    columns: usize,
    state: &'a SyncState,
}

impl Told<'_> {
    fn lines(self) -> Vec<Line> {
        let mut lines = self.agent();
        lines.extend(self.faults());
        lines.extend(self.mail());
        lines.extend(self.waiting());
        lines.extend(self.restored());
        lines.extend(self.wishes());
        lines.extend(self.latency());
        lines.extend(self.asked());
        let all = self.texts.out_there(self.state.published_times(), self.state.published.len());
        lines.extend(self.row(self.texts.out, &all, Role::Plain));
        lines.push(Line::default());
        lines.extend(self.rounds());
        lines.push(Line::default());
        lines.extend(self.out_there());
        lines
    }

    /// A label and what there is to say, on as many lines as it takes.
    fn row(self, label: &str, text: &str, role: Role) -> Vec<Line> {
        let gap = |label: &str| " ".repeat(LABEL.saturating_sub(width(label)));
        let rows = wrap(&clean(text), self.columns.saturating_sub(LABEL)).into_iter();
        rows.enumerate()
            .map(|(at, text)| {
                let label = if at == 0 { label } else { "" };
                Line::new(format!("{label}{}", gap(label)), Role::Dim).and(text, role)
            })
            .collect()
    }

    fn agent(self) -> Vec<Line> {
        let (model, texts, telling) = (self.model, self.texts, self.model.telling());
        let mut lines = Vec::new();
        let alive = model.agent.news.liveness == Liveness::Alive;
        if let Some(agent) = &self.state.agent {
            let mut runs = texts.runs(agent, &telling.at(agent.since));
            let lease = model.agent.report.as_ref().and_then(|report| report.lease.as_ref());
            match lease {
                _ if alive => runs.push_str(&format!(" · {}", texts.works)),
                Some(lease) => {
                    let until = telling.at(lease.held_until);
                    runs.push_str(&format!(" · {} {until}", texts.lapsed));
                }
                None => {}
            }
            lines.extend(self.row(texts.agent, &runs, Role::Plain));
            lines.extend(self.row(texts.to, &agent.publishes_to, Role::Plain));
        }
        let well = alive && self.state.fault.is_none() && self.state.waiting.is_empty();
        let step = match self.state.in_step_at {
            _ if well => texts.now.to_owned(),
            Some(at) => format!("{} {}", texts.last, telling.at(at)),
            None => texts.not_yet.to_owned(),
        };
        lines.extend(self.row(texts.step, &step, Role::Plain));
        lines
    }

    /// What is wrong with the e-mail to patients.
    fn mail(self) -> Vec<Line> {
        let report = self.model.agent.report.as_ref().map(|report| &report.notices);
        let told = report.and_then(|report| self.model.telling().notices(report));
        told.map_or_else(Vec::new, |told| self.row(self.texts.mail, &told, Role::Warning))
    }

    fn faults(self) -> Vec<Line> {
        let (texts, telling) = (self.texts, self.model.telling());
        let told = |fault: &SyncFault| sync_fault(self.model.language, fault.kind);
        if let Liveness::Silent { since } = self.model.agent.news.liveness {
            let text =
                format!("{} {}: {}", texts.silent_since, telling.at(since), texts.silent_what);
            return self.row(texts.wrong, &text, Role::Error);
        }
        if let Some(fault) = &self.state.fault {
            let since = telling.at(fault.since);
            let text = format!("{} {since}: {}", texts.silent_since, told(fault));
            return self.row(texts.wrong, &text, Role::Error);
        }
        let Some((fault, over)) = &self.state.last_fault else { return Vec::new() };
        let (from, to) = (telling.at(fault.since), telling.at(*over));
        let text = format!("{from}, {} {to}: {}", texts.over, told(fault));
        self.row(texts.wrong_before, &text, Role::Dim)
    }

    fn waiting(self) -> Vec<Line> {
        let (texts, telling) = (self.texts, self.model.telling());
        let names = |waiting: &BTreeMap<PractitionerId, _>| {
            let mut oldest: Vec<_> = waiting.iter().map(|(id, since)| (*since, id)).collect();
            oldest.sort();
            let told = oldest.into_iter().map(|(since, id)| {
                let age = telling.age(since).unwrap_or_else(|| texts.just_now.to_owned());
                format!("{} {age}", self.name(id))
            });
            told.collect::<Vec<_>>().join(", ")
        };
        let mut lines = match self.state.waiting.is_empty() {
            true => self.row(texts.waits, texts.nothing, Role::Plain),
            false => self.row(texts.waits, &names(&self.state.waiting), Role::Warning),
        };
        if !self.state.refused.is_empty() {
            lines.extend(self.row(texts.refused, &names(&self.state.refused), Role::Error));
        }
        if self.state.set_aside > 0 {
            let count = self.state.set_aside.to_string();
            lines.extend(self.row(texts.set_aside, &count, Role::Warning));
        }
        lines
    }

    /// That the database was restored lately, and which bookings do not fit into it.
    fn restored(self) -> Vec<Line> {
        let (model, texts, telling) = (self.model, self.texts, self.model.telling());
        let now = model.setup.zone.first_instant(model.now);
        let restored = self.state.lately_restored(now);
        let mut lines = restored.map_or_else(Vec::new, |restored| {
            self.row(texts.restored, &telling.restored(restored), Role::Warning)
        });
        let stray = telling.stray(&self.state.stray, &model.setup);
        lines
            .extend(stray.into_iter().flat_map(|told| self.row(texts.stray, &told, Role::Warning)));
        lines
    }

    fn name(self, id: &PractitionerId) -> String {
        let found = self.model.setup.practitioners.get(id);
        found.map_or_else(|| id.to_string(), |found| found.name.clone())
    }

    fn wishes(self) -> Vec<Line> {
        let texts = self.texts;
        let today = self.state.today.as_ref();
        let Some(today) = today.filter(|today| today.date == self.model.now.date()) else {
            return self.row(texts.today, texts.no_wishes, Role::Plain);
        };
        let mut told = texts.wishes(today.booked, today.rebooked, today.cancelled);
        let refused: usize = today.refused.values().sum();
        if refused > 0 {
            let why = today.refused.iter().map(|(code, n)| format!("{} {n}", texts.refusal(code)));
            let why = why.collect::<Vec<_>>().join(", ");
            told.push(format!("{} ({why})", texts.wishes_refused(refused)));
        }
        self.row(texts.today, &told.join(", "), Role::Plain)
    }

    /// The slowest of each minute of the last hour, the newest to the right.
    fn latency(self) -> Vec<Line> {
        let texts = self.texts;
        let room = u16::try_from(self.columns.saturating_sub(LABEL)).unwrap_or(MINUTES);
        let columns = room.min(MINUTES);
        let zone = self.model.setup.zone;
        let now = zone.first_instant(self.model.now);
        let mut slowest = vec![0; usize::from(columns)];
        for each in &self.state.latency {
            // A clock that runs ahead of this one is of this minute.
            let back = now.signed_duration_since(each.at).num_minutes().max(0);
            let back = usize::try_from(back).unwrap_or(usize::MAX);
            let place = slowest.len().checked_sub(back.saturating_add(1));
            if let Some(minute) = place.and_then(|place| slowest.get_mut(place)) {
                *minute = each.milliseconds.max(1).max(*minute);
            }
        }
        let Some(longest) = slowest.iter().max().copied().filter(|longest| *longest > 0) else {
            return self.row(texts.latency, texts.no_latency, Role::Plain);
        };
        let bars = sparkline(&slowest, self.model.symbols);
        let mut lines = self.row(texts.latency, &texts.longest(longest), Role::Plain);
        lines.push(Line::new(" ".repeat(LABEL), Role::Dim).and(bars, Role::Slot));
        lines
    }

    /// What has been asked of the agent, the newest first, and whether it is done.
    fn asked(self) -> Vec<Line> {
        let (texts, telling) = (self.texts, self.model.telling());
        let Some(report) = self.model.agent.report.as_ref() else { return Vec::new() };
        let mut asked: Vec<_> = report.asked.iter().collect();
        asked.sort_by_key(|asked| std::cmp::Reverse(asked.at));
        let lines = asked.into_iter().flat_map(|asked| {
            let done = self.state.done.of(asked.request).filter(|done| done.n >= asked.n);
            let (done, role) = match done {
                Some(done) => (texts.done_at(&telling.at(done.at)), Role::Plain),
                None => (texts.waits_for_agent.to_owned(), Role::Warning),
            };
            let what = texts.asked_by(asked.request, &telling.at(asked.at), &asked.by);
            self.row(texts.asked, &format!("{what} · {done}"), role)
        });
        lines.collect()
    }

    /// Each practitioner's times that are out there, by template.
    fn out_there(self) -> Vec<Line> {
        let (state, texts) = (self.state, self.texts);
        let mut lines = vec![Line::new(texts.by_practitioner, Role::Strong)];
        let mut published: Vec<_> =
            state.published.iter().map(|(id, times)| (self.name(id), times)).collect();
        published.sort_by(|a, b| swedish::compare(&a.0, &b.0));
        for (name, times) in published {
            let of = |id| self.model.setup.templates.get(id).map_or("?", |found| &found.name);
            let told: Vec<_> = times.iter().map(|(id, n)| format!("{} {n}", of(id))).collect();
            let total: usize = times.values().sum();
            let rows = wrap(&clean(&format!("{name} {total}: {}", told.join(", "))), self.columns);
            lines.extend(rows.into_iter().map(|row| Line::new(row, Role::Plain)));
        }
        lines
    }

    fn rounds(self) -> Vec<Line> {
        let texts = self.texts;
        let mut lines = vec![Line::new(texts.rounds, Role::Strong)];
        if self.state.rounds.is_empty() {
            lines.push(Line::new(texts.no_rounds, Role::Dim));
        }
        let told = |round: &Round| {
            let mut parts = vec![format!("+{} −{}", round.published, round.withdrawn)];
            parts.extend(texts.wishes(round.booked, round.rebooked, round.cancelled));
            if round.refused > 0 {
                parts.push(texts.wishes_refused(round.refused));
            }
            parts.push(format!("{} ms", round.milliseconds));
            parts.join(" · ")
        };
        let telling = self.model.telling();
        let today = self.model.now.date();
        lines.extend(self.state.rounds.iter().rev().flat_map(|round| {
            let at = match telling.zone.civil(round.at).date() == today {
                true => telling.to_the_second(round.at),
                false => telling.at(round.at),
            };
            self.row(&fit(&at, LABEL - 1), &told(round), Role::Plain)
        }));
        lines
    }
}

/// The bars of a sparkline on one row.
fn sparkline(data: &[u64], symbols: Symbols) -> String {
    let columns = u16::try_from(data.len()).unwrap_or(MINUTES);
    let area = Rect::new(0, 0, columns, 1);
    let mut buffer = Buffer::empty(area);
    let set = match symbols {
        Symbols::Ascii => ASCII_BARS,
        Symbols::Unicode => bar::NINE_LEVELS,
    };
    Sparkline::default().data(data).bar_set(set).render(area, &mut buffer);
    let cells = (0..columns).filter_map(|x| buffer.cell(Position::new(x, 0)));
    cells.map(|cell| cell.symbol()).collect()
}
