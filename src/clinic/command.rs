//! Every change there is, as plain data; nothing here touches the store.

use std::collections::BTreeSet;

use super::shown::ShownCommand;
use super::sign_in::PasswordHash;
use serde::{Deserialize, Serialize};

use crate::domain::{
    Booking, BookingId, CategoryId, ChangeKind, CivilTime, CommandId, Contacts, DateRange,
    Identification, Interval, NewPatient, Patient, PatientId, PatientLanguage, Permission,
    Personnummer, PortalId, PractitionerId, PreblockId, PreblockTypeId, SeenBooking, SettingChange,
    Signature, TemplateId, TemplateMinutes, WantedPreblock, WeekTemplateId,
};
pub use crate::domain::{
    CallMark, Confirmation, OverlapChoice, RedDays, Repeat, RepeatUntil, WeekParity,
};

/// A change that console, command line and others ask for; [`execute`](super::Clinic::execute)
/// carries it out.
#[derive(Clone, PartialEq, Eq)]
pub enum Command {
    /// Lay one type on one or many stretches of a practitioner's book (R12, R18).
    LayPreblocks {
        practitioner: PractitionerId,
        preblock_type: PreblockTypeId,
        intervals: Vec<Interval>,
        overlap: OverlapChoice,
        /// What was typed for a type that asks for a code.
        code: Option<String>,
    },
    /// Remove whole preblocks.
    RemovePreblocks { practitioner: PractitionerId, preblocks: Vec<PreblockId> },
    /// Remove every Internet preblock that touches some days (*behandlaren är sjuk*).
    WithdrawPreblocks { practitioner: PractitionerId, days: DateRange },
    /// *Klistra in*: lay preblocks that were copied, or cut from this book or another (R12, R18).
    PastePreblocks(PastedPreblocks),
    /// Schedule the parts of the intervals that are not scheduled yet.
    AddWorkSessions { practitioner: PractitionerId, intervals: Vec<Interval> },
    /// Take the intervals out of the schedule; sessions that are only partly covered are trimmed.
    RemoveWorkSessions { practitioner: PractitionerId, intervals: Vec<Interval> },
    /// *Repetera arbetsvecka*: copy a week's sessions onto following weeks (R19).
    RepeatWorkSessions { practitioner: PractitionerId, repeat: Repeat },
    /// *Veckomall*: give weeks, that of the span first, the sessions of a week template (R19).
    ApplyWeekTemplate { practitioner: PractitionerId, template: WeekTemplateId, span: Repeat },
    /// Copy a week's preblocks onto following weeks (R19).
    RepeatPreblocks {
        practitioner: PractitionerId,
        repeat: Repeat,
        overlap: OverlapChoice,
        /// Codes typed for the types that ask for one.
        codes: Vec<String>,
    },
    /// A booking by staff (R13).
    Book(StaffBooking),
    /// Put a booking on another time, with another length, or in another practitioner's book (R13).
    MoveBooking(MovedBooking),
    /// Give a booking another template, patient or text (R13).
    EditBooking(EditedBooking),
    /// Cancel a booking; the row stays as history, the reason in the log.
    CancelBooking {
        booking: BookingId,
        /// The booking as the user saw it, where one did: what somebody has moved since stays.
        seen: Option<SeenBooking>,
        reason: Option<String>,
    },
    /// A patient's own booking (R14).
    BookOnline(Box<OnlineBooking>),
    /// A patient's booking put on another time, by whom e-ID says is its patient (R15).
    RebookOnline(OnlineRebooking),
    /// A patient's booking cancelled, by whom e-ID says is its patient (R15).
    CancelOnline { portal_id: PortalId, e_id: Personnummer },
    /// What patients were told on the booking page, and what a database that is an older copy has not:
    /// a booking as the page has it. No rule for patients is asked again; what staff may do unasked is.
    KeepOnline(KeptOnline),
    /// Put the contacts given with a booking on the patient's card (R14). `card` is the card as the
    /// user saw it: what somebody changed since is not overwritten unseen.
    TakeOverContacts { booking: BookingId, card: Box<Patient> },
    /// Offer the contacts given with a booking no longer.
    DismissContacts { booking: BookingId },
    /// Note that the patient of a booking has been called, or take the note back.
    MarkCalled { booking: BookingId, mark: CallMark },
    /// A change of a register, a type, a template, a list, the online settings, a user or a patient.
    ChangeSetting(Box<SettingChange>),
    /// Set a user's password: one's own, or with `users.manage` anybody's.
    SetPassword { user: Signature, hash: PasswordHash },
    /// The same on several books, all of it or nothing, undone as one. Each command is about the book
    /// of a practitioner of its own; what has nothing to do there is left out.
    Together(Vec<Command>),
    /// Take back one's own earlier command, or take back an undo (R20).
    Undo { command: CommandId },
    /// Another of these, as its preview was shown: see [`Command::as_shown`].
    AsShown(Box<ShownCommand>),
}

/// What a patient books (R14).
#[derive(Clone, PartialEq, Eq)]
pub struct OnlineBooking {
    /// Applied twice it makes one booking.
    pub portal_id: PortalId,
    pub practitioner: PractitionerId,
    pub template: TemplateId,
    pub start: CivilTime,
    pub personnummer: Personnummer,
    pub contacts: Contacts,
    pub identification: Identification,
    /// The language that the patient chose, where it is known.
    pub language: Option<PatientLanguage>,
}

/// Where a patient puts a booking (R15).
#[derive(Clone, PartialEq, Eq)]
pub struct OnlineRebooking {
    pub portal_id: PortalId,
    pub practitioner: PractitionerId,
    pub start: CivilTime,
    /// As e-ID tells it.
    pub e_id: Personnummer,
    /// The language that the patient chose now, where it is known.
    pub language: Option<PatientLanguage>,
}

/// A booking as the booking page has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptOnline {
    pub portal_id: PortalId,
    pub standing: Standing,
}

/// Whether the booking page has a booking as booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    Booked(OnPage),
    Cancelled,
}

/// Where the booking page has a booking. Whose it is, the page has forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnPage {
    pub practitioner: PractitionerId,
    pub template: TemplateId,
    pub interval: Interval,
    pub identification: Identification,
}

/// Preblocks on their way from one place to another.
#[derive(Clone, PartialEq, Eq)]
pub struct PastedPreblocks {
    /// Whose book they go to.
    pub practitioner: PractitionerId,
    pub pasted: Vec<WantedPreblock>,
    /// What disappears where it was cut; `None` where it was copied.
    pub cut: Option<CutPreblocks>,
    pub overlap: OverlapChoice,
    /// Codes typed for the types that ask for one.
    pub codes: Vec<String>,
}

/// Preblocks of one book that are taken away when they are laid elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutPreblocks {
    pub practitioner: PractitionerId,
    pub preblocks: Vec<PreblockId>,
}

/// What staff book (R13).
#[derive(Clone, PartialEq, Eq)]
pub struct StaffBooking {
    pub practitioner: PractitionerId,
    pub start: CivilTime,
    pub what: BookingSubject,
    pub patient: BookedFor,
    /// Replaces the template's calendar text where given.
    pub text: Option<String>,
    /// What the user has confirmed of that which R13 asks about.
    pub confirmed: BTreeSet<Confirmation>,
}

/// Whom a booking is for.
#[derive(Clone, PartialEq, Eq)]
pub enum BookedFor {
    Nobody,
    Patient(PatientId),
    /// Registered along with the booking.
    New(Box<NewPatient>),
}

impl From<Option<PatientId>> for BookedFor {
    fn from(patient: Option<PatientId>) -> Self {
        patient.map_or(BookedFor::Nobody, BookedFor::Patient)
    }
}

/// What staff change of a booking that stays where it is (R13).
#[derive(Clone, PartialEq, Eq)]
pub struct EditedBooking {
    /// The booking as the user saw it: what somebody changed since is not overwritten unseen.
    pub seen: Box<Booking>,
    /// Takes the place of what it was booked by; the length stays.
    pub template: Option<TemplateId>,
    pub patient: BookedFor,
    pub text: String,
    /// What the user has confirmed of that which R13 asks about.
    pub confirmed: BTreeSet<Confirmation>,
}

/// Where staff put a booking (R13). All else of it stays.
#[derive(Clone, PartialEq, Eq)]
pub struct MovedBooking {
    pub booking: BookingId,
    /// The booking as the user saw it, where one did: what somebody has moved since stays.
    pub seen: Option<SeenBooking>,
    pub practitioner: PractitionerId,
    /// 1 to 600 minutes.
    pub interval: Interval,
    /// What the user has confirmed of that which R13 asks about.
    pub confirmed: BTreeSet<Confirmation>,
}

/// What is booked: by a template, or freely.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BookingSubject {
    Template(TemplateId),
    Free { minutes: TemplateMinutes, category: CategoryId },
}

/// What the audit log calls a patient's booking.
pub(super) const BOOKED_ONLINE: &str = "booking.online";
/// What the audit log calls a booking that was taken back from the booking page.
pub(super) const KEPT_ONLINE: &str = "booking.keep-online";

impl Command {
    /// One command, or several as one; `None` where there is none.
    pub fn all_of(mut commands: Vec<Command>) -> Option<Command> {
        match commands.len() {
            0 => None,
            1 => commands.pop(),
            _ => Some(Command::Together(commands)),
        }
    }

    /// What the audit log calls it.
    pub fn action(&self) -> &'static str {
        match self {
            Command::LayPreblocks { .. } => "preblock.lay",
            Command::RemovePreblocks { .. } => "preblock.remove",
            Command::WithdrawPreblocks { .. } => "preblock.withdraw",
            Command::PastePreblocks(_) => "preblock.paste",
            Command::AddWorkSessions { .. } => "schedule.add",
            Command::RemoveWorkSessions { .. } => "schedule.remove",
            Command::RepeatWorkSessions { .. } => "schedule.repeat",
            Command::ApplyWeekTemplate { .. } => "schedule.template",
            Command::RepeatPreblocks { .. } => "preblock.repeat",
            Command::Book(_) => "booking.add",
            Command::MoveBooking(_) => "booking.move",
            Command::EditBooking(_) => "booking.edit",
            Command::CancelBooking { .. } => "booking.cancel",
            Command::BookOnline(_) => BOOKED_ONLINE,
            Command::RebookOnline(_) => "booking.rebook-online",
            Command::CancelOnline { .. } => "booking.cancel-online",
            Command::KeepOnline(_) => KEPT_ONLINE,
            Command::TakeOverContacts { .. } => "contacts.take-over",
            Command::DismissContacts { .. } => "contacts.dismiss",
            Command::MarkCalled { .. } => "booking.call",
            Command::ChangeSetting(change) => match change.kind() {
                ChangeKind::Added => "setting.add",
                ChangeKind::Altered => "setting.change",
                ChangeKind::Removed => "setting.remove",
            },
            Command::SetPassword { .. } => "user.password",
            // The log tells of each command in its own book.
            Command::Together(_) => "together",
            Command::Undo { .. } => "undo",
            Command::AsShown(shown) => shown.command.action(),
        }
    }

    /// Whether it is a patient's, which comes through the Online Client (R14, R15).
    pub fn is_online(&self) -> bool {
        matches!(
            self.bare(),
            Command::BookOnline(_)
                | Command::RebookOnline(_)
                | Command::CancelOnline { .. }
                | Command::KeepOnline(_)
        )
    }

    /// The permission that is needed whatever the data (R17); those that depend on what is touched
    /// (Internet or internal preblocks, what an undo changes) are checked on the planned changes.
    pub fn permission(&self) -> Option<Permission> {
        match self {
            Command::LayPreblocks { .. }
            | Command::RemovePreblocks { .. }
            | Command::PastePreblocks(_)
            | Command::RepeatPreblocks { .. }
            | Command::BookOnline(_)
            | Command::RebookOnline(_)
            | Command::CancelOnline { .. }
            | Command::KeepOnline(_)
            | Command::TakeOverContacts { .. }
            | Command::DismissContacts { .. }
            | Command::WithdrawPreblocks { .. }
            | Command::ChangeSetting(_)
            | Command::SetPassword { .. }
            | Command::Together(_)
            | Command::Undo { .. } => None,
            Command::AddWorkSessions { .. }
            | Command::RemoveWorkSessions { .. }
            | Command::ApplyWeekTemplate { .. }
            | Command::RepeatWorkSessions { .. } => Some(Permission::ScheduleEdit),
            Command::Book(_)
            | Command::MoveBooking(_)
            | Command::EditBooking(_)
            | Command::CancelBooking { .. }
            | Command::MarkCalled { .. } => Some(Permission::BookingEdit),
            Command::AsShown(shown) => shown.command.permission(),
        }
    }
}
