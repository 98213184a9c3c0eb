//! The example clinic in a database of its own, and a user X who acts in it.

use tidbok::clinic::{Clinic, ClinicError, Command, Outcome, Preview, Refusal, new_command_id};
use tidbok::domain::{Actor, CivilTime, Interval, Permission, User};
use tidbok::store::{ClinicFile, Completeness, ImportMode};

use super::Place;

/// When everything happens.
pub const NOW: &str = "2026-11-23T12:00";

pub struct Desk {
    pub clinic: Clinic,
    pub place: Place,
}

impl Desk {
    /// X may everything.
    pub async fn open() -> Self {
        Self::with(Permission::ALL).await
    }

    /// X has these permissions.
    pub async fn with(permissions: &[Permission]) -> Self {
        Self::changed(permissions, |_| {}).await
    }

    /// The clinic as `change` leaves it.
    pub async fn changed(permissions: &[Permission], change: impl FnOnce(&mut ClinicFile)) -> Self {
        let place = Place::new();
        let clinic = Clinic::new(place.store().await);
        let mut file = super::example();
        let x = x_with(permissions);
        file.users.insert(x.signature.clone(), x);
        change(&mut file);
        let (id, mode) = (new_command_id(), ImportMode::IntoEmpty);
        clinic.import(&Actor::System, id, &file, mode).await.expect("imports");
        Self { clinic, place }
    }

    pub async fn actor(&self, signature: &str) -> Actor {
        let users = self.clinic.users().await.expect("reads");
        Actor::User(users[&signature.into()].clone())
    }

    pub async fn run_by(&self, actor: &Actor, command: &Command) -> Result<Outcome, ClinicError> {
        self.clinic.execute(actor, new_command_id(), command, at(NOW)).await
    }

    /// As X.
    pub async fn run(&self, command: &Command) -> Result<Outcome, ClinicError> {
        self.run_by(&self.actor("X").await, command).await
    }

    pub async fn undo_by(&self, actor: &Actor, outcome: &Outcome) -> Result<Outcome, ClinicError> {
        self.run_by(actor, &Command::Undo { command: outcome.command.clone() }).await
    }

    /// As X.
    pub async fn undo(&self, outcome: &Outcome) -> Result<Outcome, ClinicError> {
        self.undo_by(&self.actor("X").await, outcome).await
    }

    pub async fn preview(&self, command: &Command) -> Preview {
        let x = self.actor("X").await;
        self.clinic.preview(&x, command, at(NOW)).await.expect("previews")
    }

    pub async fn export(&self) -> String {
        // Through the store: by the clinic it would stand in the log.
        let file = tidbok::store::export(self.clinic.store()).await;
        file.expect("reads").to_json(Completeness::Complete)
    }
}

pub fn x_with(permissions: &[Permission]) -> User {
    User {
        signature: "X".into(),
        name: "X".to_owned(),
        permissions: Some(permissions.iter().copied().collect()),
        os_account: None,
        password_hash: None,
        active: true,
    }
}

pub fn at(text: &str) -> CivilTime {
    text.parse().expect("a time")
}

/// `"09:00-11:00"` on 25 November 2026.
pub fn stretch(text: &str) -> Interval {
    let (start, end) = text.split_once('-').expect("from-to");
    let on_the_day = |clock: &str| at(&format!("2026-11-25T{clock}"));
    Interval::new(on_the_day(start), on_the_day(end)).expect("an interval")
}

pub fn refused(result: Result<Outcome, ClinicError>) -> Refusal {
    match result {
        Err(ClinicError::Refused(refusal)) => refusal,
        Err(other) => panic!("not a refusal: {other}"),
        Ok(_) => panic!("was carried out"),
    }
}
