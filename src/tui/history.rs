//! The console's own commands: what is on its way, what can be undone and redone (R20). Pure.

use std::collections::VecDeque;

use crate::clinic::Command;
use crate::domain::CommandId;

use super::message::{Effect, RequestId};

/// A change that waits for the one before it.
pub enum Outgoing {
    Run(Box<Command>),
    Undo,
    Redo,
}

/// What is on its way.
struct Flight {
    request: RequestId,
    id: CommandId,
    kind: Kind,
}

/// What a sent command was, with the command that it takes back.
#[derive(Clone, PartialEq, Eq)]
pub enum Kind {
    Run,
    Undo(CommandId),
    Redo(CommandId),
}

/// How a sent command ended, as far as undo goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Done,
    /// A rule says no: trying again makes no sense.
    Refused,
    /// The store failed: it may be tried again.
    Failed,
}

/// Commands done and undone, newest last, and those on their way, one at a time.
#[derive(Default)]
pub struct History {
    done: Vec<CommandId>,
    undone: Vec<CommandId>,
    /// What waits, each with the request that will send it.
    outbox: VecDeque<(RequestId, Outgoing)>,
    flight: Option<Flight>,
}

impl History {
    /// Queues a change behind those on their way; `request` will send it.
    pub fn push(&mut self, request: RequestId, outgoing: Outgoing) {
        self.outbox.push_back((request, outgoing));
    }

    /// Whether the request is on its way, or waits for those before it.
    pub fn holds(&self, request: RequestId) -> bool {
        let in_flight = self.flight.as_ref().is_some_and(|flight| flight.request == request);
        in_flight || self.outbox.iter().any(|(waiting, _)| *waiting == request)
    }

    /// Whether a command is on its way.
    pub fn is_busy(&self) -> bool {
        self.flight.is_some()
    }

    /// Whether there will be something to undo once what is on its way has arrived.
    pub fn can_undo(&self) -> bool {
        self.outlook().0 > 0
    }

    /// Whether there will be something to redo once what is on its way has arrived.
    pub fn can_redo(&self) -> bool {
        self.outlook().1 > 0
    }

    fn outlook(&self) -> (usize, usize) {
        let (mut done, mut undone) = (self.done.len(), self.undone.len());
        match self.flight.as_ref().map(|flight| &flight.kind) {
            Some(Kind::Run) => (done, undone) = (done + 1, 0),
            // What is being taken back has left its stack already.
            Some(Kind::Undo(_)) => undone += 1,
            Some(Kind::Redo(_)) => done += 1,
            None => {}
        }
        for (_, outgoing) in &self.outbox {
            match outgoing {
                Outgoing::Run(_) => (done, undone) = (done + 1, 0),
                Outgoing::Undo => (done, undone) = (done.saturating_sub(1), undone + 1),
                Outgoing::Redo => (done, undone) = (done + 1, undone.saturating_sub(1)),
            }
        }
        (done, undone)
    }

    /// Sends the next change if none is on its way.
    pub fn advance(&mut self, new_id: &mut dyn FnMut() -> CommandId) -> Option<Effect> {
        if self.flight.is_some() {
            return None;
        }
        loop {
            let (request, outgoing) = self.outbox.pop_front()?;
            let (command, kind) = match outgoing {
                Outgoing::Run(command) => (*command, Kind::Run),
                Outgoing::Undo => match self.done.pop() {
                    Some(id) => (Command::Undo { command: id.clone() }, Kind::Undo(id)),
                    None => continue,
                },
                Outgoing::Redo => match self.undone.pop() {
                    Some(id) => (Command::Undo { command: id.clone() }, Kind::Redo(id)),
                    None => continue,
                },
            };
            let id = new_id();
            self.flight = Some(Flight { request, id: id.clone(), kind });
            return Some(Effect::Execute { request, id, command });
        }
    }

    /// Takes note of an answer; `None` if it answers nothing that is on its way.
    pub fn arrived(&mut self, request: RequestId, ending: Ending) -> Option<Kind> {
        let flight = self.flight.take_if(|flight| flight.request == request)?;
        if ending != Ending::Done {
            // What was queued was meant for a book in which this had happened.
            self.outbox.clear();
        }
        match (&flight.kind, ending) {
            (Kind::Run, Ending::Done) => {
                self.done.push(flight.id);
                self.undone.clear();
            }
            (Kind::Undo(_), Ending::Done) => self.undone.push(flight.id),
            (Kind::Redo(_), Ending::Done) => self.done.push(flight.id),
            (Kind::Undo(id), Ending::Failed) => self.done.push(id.clone()),
            (Kind::Redo(id), Ending::Failed) => self.undone.push(id.clone()),
            (_, Ending::Refused) | (Kind::Run, Ending::Failed) => {}
        }
        Some(flight.kind)
    }
}
