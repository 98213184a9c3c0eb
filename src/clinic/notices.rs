//! What patients are told by e-mail of their online bookings: decided level-triggered, by holding what
//! the books say against what has been told. Who sends it needs no lease: a message is claimed before
//! it is sent, and has one number, so that two agents can neither decide nor send it twice.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::command::KEPT_ONLINE;
use super::{Clinic, ClinicError};
use crate::domain::{
    Booking, ChangedBy, CivilTime, Due, EntityKind, ITB, LastChange, Moment, Notice, NoticeKind,
    NoticeState, PatientLanguage, Setup, Told,
};
use crate::store::{Attempt, Session, StoreError};

/// How often is looked, whether or not anything has changed: what the clock calls for.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(30);

/// A message that is to be sent now, and all that it is made of.
#[derive(Clone, Debug)]
pub struct Outgoing {
    pub notice: Notice,
    pub booking: Booking,
    /// Where the patient had to be before, where that is known and another time.
    pub before: Option<CivilTime>,
    pub setup: Arc<Setup>,
    /// As it was given with the booking: never that of the patient's card, which whoever booked may not
    /// have known. Sensitive.
    pub email: Address,
    /// The one that the patient chose on the booking page, where it is known.
    pub language: Option<PatientLanguage>,
}

/// An address; `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(pub String);

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address(…)")
    }
}

/// What is to be written of a booking's messages.
#[derive(Default)]
struct Decision {
    dropped: Vec<Notice>,
    added: Option<Notice>,
}

impl Decision {
    fn is_empty(&self) -> bool {
        self.dropped.is_empty() && self.added.is_none()
    }

    /// Of what waits, only what is still due stays.
    fn of(told: &Told<'_>, due: Due, at: DateTime<Utc>) -> Self {
        let due = match due {
            Due::Tell(kind) => Some(kind),
            Due::Nothing | Due::Later(_) | Due::AskWho => None,
        };
        let waits = |notice: &&Notice| notice.state == NoticeState::Waiting;
        let stays = |notice: &Notice| due == Some(notice.kind) && notice.is_of(told.booking);
        let (kept, dropped): (Vec<&Notice>, Vec<&Notice>) =
            told.history.iter().filter(waits).partition(|notice| stays(notice));
        let dropped = dropped.into_iter().cloned().collect();
        let kind = due.filter(|_| kept.is_empty());
        Self { dropped, added: kind.map(|kind| decided(told, kind, at)) }
    }
}

fn decided(told: &Told<'_>, kind: NoticeKind, at: DateTime<Utc>) -> Notice {
    let Booking { id, practitioner, interval, patient, .. } = told.booking;
    Notice {
        booking: id.clone(),
        n: told.history.last().map_or(0, |last| last.n.saturating_add(1)),
        kind,
        practitioner: practitioner.clone(),
        interval: *interval,
        patient: patient.clone(),
        decided_at: at,
        state: match kind {
            NoticeKind::Known => NoticeState::Sent,
            _ => NoticeState::Waiting,
        },
        attempts: 0,
        doubtful: false,
    }
}

/// What is due, with who changed the booking last where that matters.
async fn judged(session: &mut Session, told: &Told<'_>, now: Moment) -> Result<Due, StoreError> {
    match told.due(None, now) {
        Due::AskWho => {
            let entry = session.last_audit_of(&EntityKind::Booking.named(&told.booking.id)).await?;
            let change = entry.map_or(
                // A booking that no entry tells of came with a clinic file.
                LastChange { by: ChangedBy::Clinic, at: DateTime::<Utc>::MIN_UTC },
                |entry| LastChange {
                    by: match entry.actor.as_str() {
                        ITB if entry.action == KEPT_ONLINE => ChangedBy::Page,
                        ITB => ChangedBy::Patient,
                        _ => ChangedBy::Clinic,
                    },
                    at: entry.at,
                },
            );
            Ok(told.due(Some(change), now))
        }
        due => Ok(due),
    }
}

impl Clinic {
    /// Decides what patients are to be told, and takes back what waits and is no longer so. When it is
    /// to be looked at again, if nothing changes.
    ///
    /// # Errors
    /// The store could not be read or written.
    pub async fn decide_notices(&self, at: DateTime<Utc>) -> Result<DateTime<Utc>, ClinicError> {
        let mut reading = self.store().read().await?;
        let zone = self.setup_in(&mut reading).await?.zone;
        let now = Moment { at, zone };
        let found = reading.coming_online_bookings(zone.civil(at)).await?;
        let (mut again, mut decisions) = (at + LOOK_AGAIN, Vec::new());
        for (booking, booked_at) in &found.bookings {
            let history = found.notices.get(&booking.id).map_or(&[][..], Vec::as_slice);
            let told = Told { booking, booked_at: *booked_at, history };
            let due = judged(&mut reading, &told, now).await?;
            if let Due::Later(then) = due {
                again = again.min(then);
            }
            decisions.push(Decision::of(&told, due, at));
        }
        drop(reading);
        decisions.retain(|decision| !decision.is_empty());
        if decisions.is_empty() {
            return Ok(again);
        }
        match self.keep_decisions(&decisions, at).await {
            // Another agent has decided the same meanwhile.
            Err(ClinicError::Store(StoreError::Duplicate { .. })) => Ok(at),
            kept => kept.map(|()| again),
        }
    }

    /// Whether a patient who has been told of one of these bookings is now to be told something else of it.
    /// Where nothing was ever told of any, no e-mail is sent.
    pub(super) async fn is_to_be_told(
        &self,
        session: &mut Session,
        bookings: &[Booking],
    ) -> Result<bool, ClinicError> {
        let now = Moment { at: Utc::now(), zone: self.setup_in(session).await?.zone };
        for booking in bookings {
            let found = session.one_online_booking(&booking.id).await?;
            let Some(history) = found.notices.get(&booking.id) else { continue };
            for (booking, booked_at) in &found.bookings {
                let told = Told { booking, booked_at: *booked_at, history };
                if matches!(judged(session, &told, now).await?, Due::Tell(_) | Due::Later(_)) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    async fn keep_decisions(
        &self,
        decisions: &[Decision],
        at: DateTime<Utc>,
    ) -> Result<(), ClinicError> {
        let mut transaction = self.store().begin().await?;
        transaction.gather();
        for decision in decisions {
            for notice in &decision.dropped {
                transaction.drop_notice((&notice.booking, notice.n), at).await?;
            }
            if let Some(notice) = &decision.added {
                transaction.insert_notice(notice).await?;
            }
        }
        Ok(transaction.commit().await?)
    }

    /// The next message that is to be sent, made of the booking as it is now; what is no longer so is
    /// taken back.
    ///
    /// # Errors
    /// The store could not be read or written.
    pub async fn next_notice(&self, at: DateTime<Utc>) -> Result<Option<Outgoing>, ClinicError> {
        loop {
            let mut reading = self.store().read().await?;
            let Some((id, n)) = reading.next_notice(at).await? else { return Ok(None) };
            let setup = self.setup_in(&mut reading).await?;
            let found = reading.one_online_booking(&id).await?;
            let contacts = reading.given_contacts(&id).await?;
            let history = found.notices.get(&id).map_or(&[][..], Vec::as_slice);
            let notice = history.iter().find(|notice| notice.n == n);
            if let (Some((booking, booked_at)), Some(notice), Some(given)) =
                (found.bookings.into_iter().next(), notice, contacts)
            {
                let told = Told { booking: &booking, booked_at, history };
                let due = judged(&mut reading, &told, Moment { at, zone: setup.zone }).await?;
                if due == Due::Tell(notice.kind) && notice.is_of(&booking) {
                    let earlier = history.iter().take_while(|earlier| earlier.n < n).count();
                    let then = Told { history: &history[..earlier], ..told };
                    let before = then.known().map(|known| known.interval.start());
                    let before = before.filter(|then| *then != booking.interval.start());
                    let (notice, email) = (notice.clone(), Address(given.contacts.email));
                    let language = given.language;
                    return Ok(Some(Outgoing { notice, before, setup, email, language, booking }));
                }
            }
            drop(reading);
            let mut transaction = self.store().begin().await?;
            transaction.drop_notice((&id, n), at).await?;
            transaction.commit().await?;
        }
    }

    /// Claims a message for one attempt: until then nobody else makes one. `None` where somebody was
    /// faster. As long as no answer is kept, it may have arrived.
    ///
    /// # Errors
    /// The store could not be written.
    pub async fn claim_notice(
        &self,
        notice: &Notice,
        until: DateTime<Utc>,
    ) -> Result<Option<Notice>, ClinicError> {
        let attempts = notice.attempts.saturating_add(1);
        let attempt = Attempt {
            state: NoticeState::Waiting,
            attempts,
            doubtful: true,
            next_at: until,
            fault: None,
        };
        let claimed = self.keep_attempt(notice, attempt).await?;
        Ok(claimed.then(|| Notice { attempts, ..notice.clone() }))
    }

    /// Keeps what became of a message; whether nobody else has made an attempt meanwhile.
    ///
    /// # Errors
    /// The store could not be written.
    pub async fn keep_attempt(
        &self,
        notice: &Notice,
        attempt: Attempt,
    ) -> Result<bool, ClinicError> {
        let mut transaction = self.store().begin().await?;
        let kept = transaction.keep_attempt(notice, attempt).await?;
        let is_over = attempt.state == NoticeState::Sent && attempt.attempts > 1;
        if attempt.fault.is_some() || is_over {
            transaction.tell_pollers().await?;
        }
        transaction.commit().await?;
        Ok(kept)
    }
}
