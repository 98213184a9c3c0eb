//! What patients are told by e-mail of their online bookings, and when. Pure.
//!
//! Nothing is queued by the commands: what a booking is now is held against what its patient has been
//! told of it. A change that is taken back before anything was sent thereby tells nobody anything.
//! Patients with protected identity are told as anyone is (R22): silence would disclose it.

use chrono::{DateTime, TimeDelta, Utc};

use super::booking::Booking;
use super::health::Health;
use super::id::{BookingId, PatientId, PractitionerId};
use super::keys::keys;
use super::time::{CivilTime, Interval, Minutes};
use super::zone::ClinicZone;

/// How long a change of the clinic's must have stood before it is told: so long it is taken back, or
/// made anew, in peace.
pub const SETTLING: TimeDelta = TimeDelta::minutes(1);
/// A booking that is older was made before e-mail was sent here: it is not confirmed any more.
const CONFIRMED_WITHIN: TimeDelta = TimeDelta::days(1);
/// The day before, reminders are sent from this time on.
const REMINDING_FROM: Minutes = Minutes(10 * 60);

/// What a message tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Nothing is sent: it was known before e-mail was.
    Known,
    Booked,
    /// By the patient.
    Rebooked,
    /// The patient has cancelled.
    Receipt,
    /// By the clinic.
    Moved,
    /// By the clinic.
    Cancelled,
    /// What had been cancelled holds again.
    Restored,
    Reminder,
}

/// What has become of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeState {
    Waiting,
    /// The mail server has it.
    Sent,
    /// Given up.
    Failed,
    /// It was no longer true before it was sent.
    Dropped,
}

/// What went wrong with sending, or with the last attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeFault {
    /// The mail server is not there.
    Unreachable,
    TimedOut,
    /// Its certificate is not trusted, or it has no TLS.
    NotTrusted,
    /// It does not take user and password.
    Login,
    /// It takes no mail from the clinic, at all or from its address, and will not.
    Rejected,
    /// It asks to be tried later.
    Later,
    /// It said nothing after it had been given the message.
    Unanswered,
    /// It does not take mail to the patient's address.
    Refused,
    /// The address is none.
    Address,
}

keys!(NoticeKind: Known = "known", Booked = "booked", Rebooked = "rebooked", Receipt = "receipt",
    Moved = "moved", Cancelled = "cancelled", Restored = "restored", Reminder = "reminder");
keys!(NoticeState: Waiting = "waiting", Sent = "sent", Failed = "failed", Dropped = "dropped");
keys!(NoticeFault: Unreachable = "unreachable", TimedOut = "timed-out", NotTrusted = "not-trusted",
    Login = "login", Rejected = "rejected", Later = "later", Unanswered = "unanswered",
    Refused = "refused", Address = "address");

impl NoticeFault {
    /// Whether it is the message's own, and no other's.
    pub fn is_of_message(self) -> bool {
        matches!(self, Self::Later | Self::Unanswered | Self::Refused | Self::Address)
    }

    /// Whether trying again is in vain.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Refused | Self::Address)
    }
}

impl NoticeKind {
    /// Whether it tells patients of what they have just done themselves, and been answered.
    fn is_own_deed(self) -> bool {
        matches!(self, Self::Known | Self::Booked | Self::Rebooked | Self::Receipt)
    }

    /// Whether it tells that a time is gone.
    pub fn is_of_cancelling(self) -> bool {
        matches!(self, Self::Receipt | Self::Cancelled)
    }
}

/// One message, sent or to be sent. Holds neither address nor text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub booking: BookingId,
    /// Counts up by booking.
    pub n: u32,
    pub kind: NoticeKind,
    pub practitioner: PractitionerId,
    pub interval: Interval,
    /// Whose booking it was.
    pub patient: Option<PatientId>,
    pub decided_at: DateTime<Utc>,
    pub state: NoticeState,
    pub attempts: u32,
    /// Whether an attempt may have succeeded without an answer.
    pub doubtful: bool,
}

impl Notice {
    fn may_have_arrived(&self) -> bool {
        matches!(self.state, NoticeState::Sent | NoticeState::Failed) || self.doubtful
    }

    /// Whether the patient can be taken to know what it tells.
    fn is_known(&self) -> bool {
        self.kind != NoticeKind::Reminder && (self.may_have_arrived() || self.kind.is_own_deed())
    }

    /// Where the patient has to be, and when; `None` where the time is cancelled.
    fn place(&self) -> Option<(&PractitionerId, CivilTime)> {
        (!self.kind.is_of_cancelling()).then(|| (&self.practitioner, self.interval.start()))
    }

    /// Whether it tells of this booking as it is.
    pub fn is_of(&self, booking: &Booking) -> bool {
        self.place() == place(booking)
    }
}

fn place(booking: &Booking) -> Option<(&PractitionerId, CivilTime)> {
    booking.is_active().then(|| (&booking.practitioner, booking.interval.start()))
}

/// Who changed a booking last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastChange {
    pub by: ChangedBy,
    pub at: DateTime<Utc>,
}

/// Whose change it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangedBy {
    Patient,
    Clinic,
    /// Nobody: a restored database took back what the booking page had. The patient was told of it then.
    Page,
}

/// An instant, and where.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub at: DateTime<Utc>,
    pub zone: ClinicZone,
}

/// An online booking, and what its patient has been told of it, the oldest first.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub booking: &'a Booking,
    pub booked_at: CivilTime,
    pub history: &'a [Notice],
}

/// What a patient is to be told now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Nothing,
    /// Perhaps something, once it has stood for so long.
    Later(DateTime<Utc>),
    /// It depends on who changed the booking last.
    AskWho,
    Tell(NoticeKind),
}

impl Told<'_> {
    /// What the patient is to be told at a moment. Who changed the booking last is asked for where it
    /// matters.
    pub fn due(&self, change: Option<LastChange>, now: Moment) -> Due {
        let Told { booking, history, .. } = self;
        let others = |notice: &Notice| notice.patient != booking.patient;
        // What staff have given to another patient is theirs to tell of.
        if booking.interval.start() <= now.zone.civil(now.at) || history.iter().any(others) {
            return Due::Nothing;
        }
        let Some(known) = self.known() else { return self.unheard(change, now) };
        let is_yet_to_be_sent = !known.may_have_arrived() || known.state == NoticeState::Waiting;
        match (known.place(), place(booking)) {
            (then, is) if then == is && is_yet_to_be_sent => Due::Tell(known.kind),
            (then, is) if then == is => self.reminder(known, now),
            (Some(_), Some(_)) if by_page(change) => Due::Tell(NoticeKind::Known),
            (Some(_), Some(_)) => told(change, now, NoticeKind::Rebooked, NoticeKind::Moved),
            (Some(_), None) => told(change, now, NoticeKind::Receipt, NoticeKind::Cancelled),
            (None, _) => told(change, now, NoticeKind::Restored, NoticeKind::Restored),
        }
    }

    /// What the patient knows of the booking: told last, or done last.
    pub fn known(&self) -> Option<&Notice> {
        self.history.iter().rev().find(|notice| notice.is_known())
    }

    /// What is due where the patient has not been told anything yet.
    fn unheard(&self, change: Option<LastChange>, now: Moment) -> Due {
        let recent = self.booked_at > now.zone.civil(now.at - CONFIRMED_WITHIN);
        match (self.booking.is_active(), recent) {
            (true, true) => Due::Tell(NoticeKind::Booked),
            (true, false) => Due::Tell(NoticeKind::Known),
            (false, true) => told(change, now, NoticeKind::Receipt, NoticeKind::Cancelled),
            (false, false) => Due::Nothing,
        }
    }

    /// The day before, unless it was told of that same day.
    fn reminder(&self, known: &Notice, now: Moment) -> Due {
        let Some(day_before) = self.booking.interval.start().date().pred_opt() else {
            return Due::Nothing;
        };
        let civil = now.zone.civil(now.at);
        let is_time = civil.date() == day_before && civil.minute_of_day() >= REMINDING_FROM;
        let fresh = known.kind != NoticeKind::Known
            && now.zone.civil(known.decided_at).date() >= day_before;
        let reminded = self.history.iter().any(|notice| {
            notice.kind == NoticeKind::Reminder
                && notice.is_of(self.booking)
                && matches!(notice.state, NoticeState::Sent | NoticeState::Failed)
        });
        let is_due = is_time
            && !fresh
            && !reminded
            && self.booking.is_active()
            && known.state == NoticeState::Sent;
        if is_due { Due::Tell(NoticeKind::Reminder) } else { Due::Nothing }
    }
}

fn by_page(change: Option<LastChange>) -> bool {
    change.is_some_and(|change| change.by == ChangedBy::Page)
}

/// The patient's own deeds are told at once, the clinic's once they have settled.
fn told(
    change: Option<LastChange>,
    now: Moment,
    by_patient: NoticeKind,
    by_clinic: NoticeKind,
) -> Due {
    let settled = |change: LastChange| change.at + SETTLING;
    match change {
        None => Due::AskWho,
        Some(LastChange { by: ChangedBy::Patient, .. }) => Due::Tell(by_patient),
        Some(_) if by_page(change) => Due::Nothing,
        Some(change) if settled(change) > now.at => Due::Later(settled(change)),
        Some(_) => Due::Tell(by_clinic),
    }
}

/// How messages go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeReport {
    /// Messages that could not be sent yet.
    pub held_up: usize,
    /// Since when the oldest of them waits.
    pub since: Option<DateTime<Utc>>,
    /// What is wrong with it.
    pub fault: Option<NoticeFault>,
    /// Messages that were given up within a day.
    pub given_up: usize,
    /// What was wrong with those, or with some of them.
    pub given_up_for: Option<NoticeFault>,
}

/// What has been held up for so long is no passing thing any more.
const LONG: TimeDelta = TimeDelta::minutes(15);

impl NoticeReport {
    /// How bad it is: patients do not hear of what concerns them, but nobody books wrong.
    pub fn health(&self, now: DateTime<Utc>) -> Health {
        let long = self.since.is_some_and(|since| now.signed_duration_since(since) > LONG);
        // That does not pass by itself, however many messages are given up meanwhile.
        let rejected = [self.fault, self.given_up_for].contains(&Some(NoticeFault::Rejected));
        if long || rejected { Health::Warning } else { Health::Well }
    }
}
