//! The example clinic with somebody at the booking page and a receptionist.

use std::collections::BTreeSet;

use tempfile::TempDir;
use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::store::*;

pub const NOW: &str = "2026-11-23T12:00";
/// The example's patient p1.
pub const TOLVAN: &str = "19121212-1212";
/// Nobody's in the example.
pub const NEW: &str = "19350318-9049";

pub struct Fixture {
    pub clinic: Clinic,
    folder: TempDir,
}

pub async fn fixture() -> Fixture {
    fixture_with(|_| ()).await
}

/// The example clinic, altered, with a user X who may everything.
pub async fn fixture_with(alter: impl FnOnce(&mut ClinicFile)) -> Fixture {
    let folder = tempfile::tempdir().expect("a folder");
    let location = DatabaseLocation::Sqlite(folder.path().join("clinic.db"));
    let clinic = Clinic::new(Store::open(&location, OpenMode::Create).await.expect("opens"));
    let text = include_str!("../data/clinic-example.json");
    let mut file = ClinicFile::parse(text, at(NOW).date()).expect("a good file");
    alter(&mut file);
    let x = user(Permission::ALL);
    // Somebody else who may give and take permissions.
    let administrator = User { signature: "ADM".into(), ..x.clone() };
    for user in [x, administrator] {
        file.users.insert(user.signature.clone(), user);
    }
    let id = new_command_id();
    clinic.import(&Actor::System, id, &file, ImportMode::IntoEmpty).await.expect("imports");
    Fixture { clinic, folder }
}

pub fn template<'f>(file: &'f mut ClinicFile, id: &str) -> &'f mut BookingTemplate {
    file.setup.templates.get_mut(&id.into()).expect("a template")
}

pub fn user(permissions: &[Permission]) -> User {
    User {
        signature: "X".into(),
        name: "Xerxes".to_owned(),
        permissions: Some(permissions.iter().copied().collect()),
        os_account: None,
        password_hash: None,
        active: true,
    }
}

pub fn at(text: &str) -> CivilTime {
    text.parse().expect("a time")
}

pub fn number(text: &str) -> Personnummer {
    Personnummer::parse(text, at(NOW).date()).expect("a personnummer")
}

pub fn portal(text: &str) -> PortalId {
    PortalId::parse(text).expect("an id")
}

/// What p1 would give who has not moved.
pub fn as_on_card() -> Contacts {
    Contacts {
        first_name: "Tolvan".to_owned(),
        last_name: "Tolvansson".to_owned(),
        email: "tolvan@example.org".to_owned(),
        mobile: "070-174 06 05".to_owned(),
        address: None,
    }
}

pub fn others_contacts() -> Contacts {
    Contacts { mobile: "+46701740699".to_owned(), ..as_on_card() }
}

/// `us30` with AE at a time of 25 November.
pub fn asked(
    portal_id: &str,
    clock: &str,
    personnummer: &str,
    contacts: Contacts,
) -> OnlineBooking {
    OnlineBooking {
        portal_id: portal(portal_id),
        practitioner: "AE".into(),
        template: "us30".into(),
        start: at(&format!("2026-11-25T{clock}")),
        personnummer: number(personnummer),
        contacts,
        identification: Identification::Unverified,
    }
}

impl Fixture {
    pub fn x(&self) -> Actor {
        Actor::User(user(Permission::ALL))
    }

    pub async fn run(&self, actor: &Actor, command: &Command) -> Result<Outcome, ClinicError> {
        self.clinic.execute(actor, new_command_id(), command, at(NOW)).await
    }

    pub async fn as_x(&self, command: &Command) -> Result<Outcome, ClinicError> {
        self.run(&self.x(), command).await
    }

    pub async fn online(&self, command: &Command) -> Result<Outcome, ClinicError> {
        self.run(&Actor::OnlineClient, command).await
    }

    pub async fn book(&self, asked: OnlineBooking) -> Result<Outcome, ClinicError> {
        self.online(&Command::BookOnline(Box::new(asked))).await
    }

    pub async fn undo(&self, outcome: &Outcome) -> Result<Outcome, ClinicError> {
        self.as_x(&Command::Undo { command: outcome.command.clone() }).await
    }

    pub async fn card(&self, patient: &str) -> PatientCard {
        let card = self.clinic.patient_card(&self.x(), &patient.into(), at(NOW)).await;
        card.unwrap_or_else(|error| panic!("{error}"))
    }

    pub async fn booking(&self, portal_id: &str) -> Booking {
        let mut reading = self.clinic.store().read().await.expect("reads");
        let found = reading.booking_from_portal(&portal(portal_id)).await.expect("reads");
        found.expect("a booking")
    }

    pub async fn starts(&self, practitioner: &str, template: &str) -> Vec<String> {
        let days = DateRange::new(at("2026-11-25T00:00").date(), 1);
        let slots = self.clinic.slots(Some(&practitioner.into()), days, at(NOW)).await;
        let slots = slots.expect("reads").into_iter();
        let own = slots.filter(|slot| slot.template.as_str() == template);
        own.map(|slot| slot.interval.start().clock()).collect()
    }

    pub async fn export(&self) -> String {
        let file = self.clinic.export(&Actor::System, Completeness::Complete).await;
        file.expect("reads").to_json(Completeness::Complete)
    }

    /// What the audit entries hold, as it lies in the file.
    pub fn stored_log(&self) -> String {
        let file = rusqlite::Connection::open(self.folder.path().join("clinic.db")).expect("opens");
        let mut rows = file
            .prepare("SELECT entity || COALESCE(before_value, '') || COALESCE(after_value, '') FROM audit_entry")
            .expect("a statement");
        let rows = rows.query_map((), |row| row.get::<_, String>(0)).expect("rows");
        rows.map(|row| row.expect("a text")).collect()
    }

    pub async fn whole_log(&self) {
        let report = verify_audit(self.clinic.store()).await.expect("reads");
        assert!(report.faults.is_empty(), "{:?}", report.faults);
    }

    /// Gives X these permissions only.
    pub async fn restrict_x(&self, permissions: &BTreeSet<Permission>) {
        let own: Vec<Permission> = permissions.iter().copied().collect();
        let change = Changed::Altered { before: user(Permission::ALL), after: user(&own) };
        let command = Command::ChangeSetting(Box::new(SettingChange::User(change)));
        self.run(&Actor::System, &command).await.unwrap_or_else(|error| panic!("{error}"));
    }
}

pub fn done(result: Result<Outcome, ClinicError>) -> Outcome {
    result.unwrap_or_else(|error| panic!("{error}"))
}

pub fn refusal(result: Result<Outcome, ClinicError>) -> Refusal {
    match result {
        Err(ClinicError::Refused(refusal)) => refusal,
        Err(other) => panic!("not a refusal: {other}"),
        Ok(_) => panic!("was not refused"),
    }
}
