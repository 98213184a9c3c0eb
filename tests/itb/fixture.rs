//! The example clinic, the Online Client, and a user X.

use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::{ClinicFile, Completeness, verify_audit};

use crate::support::Place;
use crate::support::desk::Desk;
pub use crate::support::desk::{NOW, at, refused as refusal};

/// Test numbers that the tax agency gives out; the example's patient p1 has the first.
pub const TOLVAN: &str = "19121212-1212";
pub const NEW: &str = "19811218-9876";

pub struct Fixture {
    pub clinic: Clinic,
    pub place: Place,
}

impl Fixture {
    /// The example clinic, in which us30 and akut20 may be rebooked and cancelled, as `change` leaves
    /// it; the user X may everything.
    pub async fn with(change: impl FnOnce(&mut ClinicFile)) -> Self {
        let Desk { clinic, place } = Desk::changed(Permission::ALL, |file| {
            for id in ["us30", "us45r", "akut20"] {
                let template = file.setup.templates.get_mut(&id.into()).expect("is there");
                (template.online_rebook, template.online_cancel) = (true, true);
            }
            change(file);
        })
        .await;
        Self { clinic, place }
    }

    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn online(&self, command: &Command) -> Result<Outcome, ClinicError> {
        self.online_at(command, NOW).await
    }

    pub async fn online_at(&self, command: &Command, now: &str) -> Result<Outcome, ClinicError> {
        let actor = Actor::OnlineClient;
        self.clinic.execute(&actor, new_command_id(), command, at(now)).await
    }

    pub async fn user(&self, signature: &str) -> Actor {
        let users = self.clinic.users().await.expect("reads");
        Actor::User(users[&signature.into()].clone())
    }

    /// As user X.
    pub async fn staff(&self, command: &Command) -> Result<Outcome, ClinicError> {
        self.by("X", command).await
    }

    pub async fn by(&self, who: &str, command: &Command) -> Result<Outcome, ClinicError> {
        let actor = self.user(who).await;
        self.clinic.execute(&actor, new_command_id(), command, at(NOW)).await
    }

    pub async fn undo(&self, outcome: &Outcome) -> Result<Outcome, ClinicError> {
        self.staff(&Command::Undo { command: outcome.command.clone() }).await
    }

    pub async fn export(&self) -> String {
        let file = self.clinic.export(&Actor::System, Completeness::Complete).await;
        file.expect("reads").to_json(Completeness::Complete)
    }

    pub async fn patient(&self, id: &str) -> Patient {
        let id = PatientId::from(id);
        let mut reading = self.clinic.store().read().await.expect("reads");
        let mut found = reading.patients(&[id.clone()].into()).await.expect("reads");
        found.remove(&id).expect("is there")
    }

    pub async fn recall_date(&self, id: &str) -> Option<String> {
        self.patient(id).await.recall.date.map(|date| date.to_string())
    }

    pub async fn card(&self, id: &str) -> PatientCard {
        let x = self.user("X").await;
        self.clinic.patient_card(&x, &id.into(), at(NOW)).await.expect("reads")
    }

    pub async fn booked_as(&self, id: &str) -> Booking {
        let mut reading = self.clinic.store().read().await.expect("reads");
        reading.booking_from_portal(&portal(id)).await.expect("reads").expect("is there")
    }

    /// How many bookings there are, cancelled ones too.
    pub async fn bookings(&self) -> usize {
        let file = self.clinic.export(&Actor::System, Completeness::Complete).await;
        file.expect("reads").bookings.len()
    }

    pub async fn log_is_whole(&self) {
        let report = verify_audit(self.clinic.store()).await.expect("reads");
        assert!(report.faults.is_empty() && report.entries > 1);
    }
}

pub fn number(text: &str) -> Personnummer {
    Personnummer::parse(text, at(NOW).date()).expect("a personnummer")
}

pub fn portal(id: &str) -> PortalId {
    PortalId::parse(id).expect("an id")
}

/// What Tolvan Tolvansson's card holds.
pub fn tolvans() -> Contacts {
    Contacts {
        first_name: "Tolvan".to_owned(),
        last_name: "Tolvansson".to_owned(),
        email: "tolvan@example.org".to_owned(),
        mobile: "070-174 06 05".to_owned(),
        address: None,
    }
}

/// What is on nobody's card.
pub fn others() -> Contacts {
    Contacts {
        first_name: "Nya".to_owned(),
        last_name: "Nyberg".to_owned(),
        email: "nya@example.se".to_owned(),
        mobile: "070-174 06 34".to_owned(),
        address: Some("Nygatan 9, 123 45 Nyby".to_owned()),
    }
}

/// A booking of AE's us30 at a time of 25 November by a patient who is new, unverified.
pub fn asked(portal_id: &str, start: &str) -> OnlineBooking {
    OnlineBooking {
        portal_id: portal(portal_id),
        practitioner: "AE".into(),
        template: "us30".into(),
        start: at(&format!("2026-11-25T{start}")),
        personnummer: number(NEW),
        contacts: others(),
        identification: Identification::Unverified,
        language: None,
    }
}

pub fn book(asked: OnlineBooking) -> Command {
    Command::BookOnline(Box::new(asked))
}

/// By Tolvan Tolvansson, with the contacts of the card.
pub fn by_tolvan(asked: OnlineBooking) -> OnlineBooking {
    OnlineBooking { personnummer: number(TOLVAN), contacts: tolvans(), ..asked }
}

pub fn rebook(portal_id: &str, practitioner: &str, start: &str, e_id: &str) -> Command {
    Command::RebookOnline(OnlineRebooking {
        portal_id: portal(portal_id),
        practitioner: practitioner.into(),
        start: at(start),
        e_id: number(e_id),
        language: None,
    })
}

pub fn cancel(portal_id: &str, e_id: &str) -> Command {
    Command::CancelOnline { portal_id: portal(portal_id), e_id: number(e_id) }
}

pub fn staff_booking(template: &str, patient: BookedFor, start: &str) -> Command {
    Command::Book(StaffBooking {
        practitioner: "AE".into(),
        start: at(start),
        what: BookingSubject::Template(template.into()),
        patient,
        text: None,
        confirmed: [Confirmation::OutsideSchedule].into(),
    })
}
