//! What reaches the console's `update`, and what it asks the runtime to do: plain data only.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use crossterm::event::{KeyEvent, MouseEvent};

use crate::clinic::{
    AgentReport, AuditEntry, Book, CallList, ClinicError, Command, DayList, Found, FreeQuestion,
    FreeTimes, Inbox, LogQuestion, NewPassword, Outcome, Password, PasswordError, PatientCard,
    Preview, Revisions, Seen, SignInError, SyncRequest,
};
use crate::domain::{
    CivilTime, CommandId, DateRange, Patient, PatientId, PractitionerId, Setup, Signature, User,
};

use super::agent::AgentNews;

/// Numbers a request, so that a reply to one that no longer matters is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// Something that happened.
pub enum Message {
    /// A key was pressed (or repeats); releases never get here.
    Key(KeyEvent),
    Mouse(MouseEvent),
    /// Text pasted into the terminal, as it came: hostile until parsed.
    Paste(String),
    /// The terminal's new size in columns and rows.
    Resize {
        width: u16,
        height: u16,
    },
    /// The minute on the clinic's clock, sent at start and whenever it changes.
    Minute(CivilTime),
    /// The revisions as polled; sent only when they differ from those last sent.
    Polled(Revisions),
    /// What the poll tells of the Online Client's agent; sent only when it differs from what was last
    /// sent.
    Agent(AgentNews),
    /// Polling or a request failed for want of the store; sent once until it is back.
    StoreLost(CivilTime),
    /// The store answers again.
    StoreBack,
    /// Something has been asked for and not been answered for a second or more; sent every second.
    Slow,
    Reply {
        request: RequestId,
        reply: Reply,
    },
    /// Where diagnostics were written, or why they were not.
    DiagnosticsKept(Result<String, String>),
    /// Preferences could not be kept, for the reason given; nothing else comes of it.
    PreferencesNotKept(String),
}

/// The answer to an [`Effect`] that carries a request id.
pub enum Reply {
    Setup(Result<(Arc<Setup>, BTreeMap<Signature, User>), ClinicError>),
    Books(Result<Vec<Book>, ClinicError>),
    Preview(Result<Box<Preview>, ClinicError>),
    Executed(Result<Box<Outcome>, ClinicError>),
    Patients(Result<Vec<Patient>, ClinicError>),
    Patient(Result<Box<PatientCard>, ClinicError>),
    Log(Result<Vec<AuditEntry>, ClinicError>),
    Calls(Result<Box<CallList>, ClinicError>),
    DayList(Result<Vec<DayList>, ClinicError>),
    Found(Result<Box<Found>, ClinicError>),
    Inbox(Result<Box<Inbox>, ClinicError>),
    SeenKept(Result<(), ClinicError>),
    Agent(Result<Box<AgentReport>, ClinicError>),
    /// Something was asked of the agent, or could not be.
    AgentAsked(Result<(), ClinicError>),
    /// A password was set, or not.
    PasswordSet(Result<Box<Outcome>, PasswordError>),
    /// The password opened the locked screen, or did not.
    Unlocked(Result<(), SignInError>),
    Free(Result<FreeTimes, ClinicError>),
    /// The time of an [`Effect::Rest`] has passed.
    Rested,
}

/// Something for the runtime to do; never waited for by `update`.
#[derive(Clone, PartialEq, Eq)]
pub enum Effect {
    LoadSetup {
        request: RequestId,
    },
    LoadBooks {
        request: RequestId,
        practitioners: Vec<PractitionerId>,
        days: DateRange,
    },
    Preview {
        request: RequestId,
        command: Command,
    },
    /// A retry has the same `id`; it comes from [`CommandIds`](super::CommandIds).
    Execute {
        request: RequestId,
        id: CommandId,
        command: Command,
    },
    FindPatients {
        request: RequestId,
        text: String,
    },
    FindFree {
        request: RequestId,
        question: FreeQuestion,
    },
    LoadDayList {
        request: RequestId,
        practitioners: Vec<PractitionerId>,
        date: NaiveDate,
    },
    LoadCalls {
        request: RequestId,
        practitioner: PractitionerId,
        days: DateRange,
    },
    LoadPatient {
        request: RequestId,
        patient: PatientId,
    },
    LoadLog {
        request: RequestId,
        question: LogQuestion,
    },
    /// Look for patients and bookings.
    Find {
        request: RequestId,
        text: String,
    },
    LoadInbox {
        request: RequestId,
    },
    /// Read what the Online Client's agent tells of itself.
    LoadAgent {
        request: RequestId,
        /// Those whose published times are wanted, too, and of which days.
        practitioners: Vec<PractitionerId>,
        days: DateRange,
    },
    /// Ask something of the Online Client's agent.
    AskAgent {
        request: RequestId,
        what: SyncRequest,
    },
    /// Write a text without anything of patients where the user finds it.
    KeepDiagnostics(String),
    /// Keep how far the user has looked through the inbox.
    KeepSeen {
        request: RequestId,
        seen: Seen,
    },
    /// Set a password.
    SetPassword {
        request: RequestId,
        id: CommandId,
        change: NewPassword,
    },
    /// Try a password on the locked screen.
    Unlock {
        request: RequestId,
        signature: Signature,
        password: Password,
    },
    /// Answer with [`Reply::Rested`] once the cursor has rested for a moment: what stands beside the
    /// grid follows then, so that a move sends little.
    Rest {
        request: RequestId,
    },
    /// Keep a preference (row scale and the like) for this user.
    SavePreferences(Preferences),
    /// Forget what the terminal shows and draw everything anew.
    Redraw,
    /// Stop the process as Ctrl+Z does, terminal restored, until it is continued.
    Suspend,
    /// Leave; the terminal is restored.
    Quit,
}

/// What the console remembers for a user between runs.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Preferences {
    /// Minutes a row: 5, 10, 15 or 30.
    pub row_minutes: u8,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { row_minutes: 15 }
    }
}
