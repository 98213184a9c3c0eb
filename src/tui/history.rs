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

/// A command that has been carried out and can be taken back.
#[derive(Clone, PartialEq, Eq)]
pub struct Done {
    id: CommandId,
    /// What it did and where, in words.
    what: String,
}

/// What a sent command was, with the command that it takes back.
#[derive(Clone, PartialEq, Eq)]
pub enum Kind {
    Run,
    Undo(Done),
    Redo(Done),
}

/// Which way through what was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Undo,
    Redo,
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
    done: Vec<Done>,
    undone: Vec<Done>,
    /// On which way a rule has just said no, or the store has failed: what comes next there lies elsewhere,
    /// maybe.
    unclear: Option<Way>,
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

    /// How many changes wait for those before them.
    pub fn unsent(&self) -> usize {
        self.outbox.len()
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
                    Some(of) => (Command::Undo { command: of.id.clone() }, Kind::Undo(of)),
                    None => continue,
                },
                Outgoing::Redo => match self.undone.pop() {
                    Some(of) => (Command::Undo { command: of.id.clone() }, Kind::Redo(of)),
                    None => continue,
                },
            };
            let id = new_id();
            self.flight = Some(Flight { request, id: id.clone(), kind });
            return Some(Effect::Execute { request, id, command });
        }
    }

    /// What comes next on a way, where that is to be told before it is taken back: once after a refusal or a
    /// failure, so that nobody takes it for what was refused or failed.
    pub fn tell_first(&mut self, way: Way) -> Option<&str> {
        if self.is_busy() || self.unsent() > 0 {
            return None;
        }
        self.unclear.take_if(|unclear| *unclear == way)?;
        let next = match way {
            Way::Undo => self.done.last(),
            Way::Redo => self.undone.last(),
        };
        next.map(|done| done.what.as_str())
    }

    /// Takes note of an answer, with what was done in words; `None` if it answers nothing that is on its
    /// way.
    pub fn arrived(&mut self, request: RequestId, ending: Ending, what: String) -> Option<Kind> {
        let flight = self.flight.take_if(|flight| flight.request == request)?;
        if ending != Ending::Done {
            // What was queued was meant for a book in which this had happened.
            self.outbox.clear();
        }
        let done = Done { id: flight.id, what };
        self.unclear = match (&flight.kind, ending) {
            (Kind::Undo(_), Ending::Refused) => Some(Way::Undo),
            (Kind::Redo(_), Ending::Refused) => Some(Way::Redo),
            // It may have been done all the same: whoever takes it for the last one would undo another.
            (Kind::Run, Ending::Failed) => Some(Way::Undo),
            (_, Ending::Done) => None,
            _ => self.unclear,
        };
        match (&flight.kind, ending) {
            (Kind::Run, Ending::Done) => {
                self.done.push(done);
                self.undone.clear();
            }
            (Kind::Undo(_), Ending::Done) => self.undone.push(done),
            (Kind::Redo(_), Ending::Done) => self.done.push(done),
            (Kind::Undo(of), Ending::Failed) => self.done.push(of.clone()),
            (Kind::Redo(of), Ending::Failed) => self.undone.push(of.clone()),
            (_, Ending::Refused) | (Kind::Run, Ending::Failed) => {}
        }
        Some(flight.kind)
    }
}
