//! The example clinic with two hours that patients can book, and a mailer.

use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use tidbok::clinic::*;
use tidbok::domain::*;
use tidbok::mail::{MailPassword, MailSettings, Mailer, Security};
use tidbok::store::{ClinicFile, ImportMode};

use crate::receiver::{PASSWORD, Receiver, USER};
use crate::support;

pub const EMAIL: &str = "hildegunn@hemlig.example";

/// Test numbers that the tax agency gives out.
pub const NUMBER: &str = "189001019802";

pub struct Place {
    pub clinic: Clinic,
    _support: support::Place,
}

impl Place {
    pub async fn open() -> Self {
        Self::with(|_| ()).await
    }

    /// The example as `change` leaves it.
    pub async fn with(change: impl FnOnce(&mut ClinicFile)) -> Self {
        let support = support::Place::new();
        let clinic = Clinic::new(support.store().await);
        let mut file = support::example();
        file.setup.online.allow_cancel = true;
        file.setup.online.allow_rebook = true;
        let company = file.setup.companies.get_mut(&"storgatan".into()).expect("is there");
        company.phone = Some("08-123 45 67".to_owned());
        company.email = Some("info@storgatan.example".to_owned());
        company.address = Some("Storgatan 1, 123 45 Åby".to_owned());
        change(&mut file);
        let (id, mode) = (new_command_id(), ImportMode::IntoEmpty);
        clinic.import(&Actor::System, id, &file, mode).await.expect("imports");
        let place = Self { clinic, _support: support };
        let practitioner = || PractitionerId::from("AE");
        let intervals = vec![day_at("08:00", "12:00")];
        let sessions = intervals.clone();
        place.run(Command::AddWorkSessions { practitioner: practitioner(), intervals }).await;
        place
            .run(Command::LayPreblocks {
                practitioner: practitioner(),
                preblock_type: "e-us".into(),
                intervals: sessions,
                overlap: OverlapChoice::Refuse,
                code: None,
            })
            .await;
        place
    }

    /// As the database's owner.
    pub async fn run(&self, command: Command) -> Outcome {
        self.tried(command).await.expect("is carried out")
    }

    /// The same, where it may be refused.
    pub async fn tried(&self, command: Command) -> Option<Outcome> {
        self.clinic.execute(&Actor::System, new_command_id(), &command, now()).await.ok()
    }

    /// As the Online Client.
    pub async fn online(&self, command: Command) -> Result<Outcome, ClinicError> {
        self.clinic.execute(&Actor::OnlineClient, new_command_id(), &command, now()).await
    }

    /// A patient books by the portal's id `id`.
    pub async fn book(&self, id: &str, clock: &str, email: &str) {
        self.book_in(None, id, clock, email).await;
    }

    /// The same in a language.
    pub async fn book_in(
        &self,
        language: Option<PatientLanguage>,
        id: &str,
        clock: &str,
        email: &str,
    ) {
        self.online(Command::BookOnline(Box::new(OnlineBooking {
            portal_id: portal(id),
            practitioner: "AE".into(),
            template: "us30".into(),
            start: at(clock),
            personnummer: number(),
            contacts: Contacts {
                first_name: "Hildegunn".to_owned(),
                last_name: "Hemlighetsson".to_owned(),
                email: email.to_owned(),
                mobile: "070-174 06 05".to_owned(),
                address: None,
            },
            identification: Identification::EId,
            language,
        })))
        .await
        .expect("is booked");
    }

    pub async fn rebook(&self, id: &str, clock: &str) {
        self.online(rebooking(id, clock)).await.expect("is rebooked");
    }

    pub async fn cancel_online(&self, id: &str) {
        self.online(cancelling(id)).await.expect("is cancelled");
    }

    pub async fn booking(&self, id: &str) -> Booking {
        let found = self.clinic.online_booking(&portal(id)).await.expect("reads");
        found.expect("is there")
    }

    /// The clinic cancels.
    pub async fn cancel(&self, id: &str) -> Outcome {
        let booking = self.booking(id).await.id;
        self.run(Command::CancelBooking { booking, seen: None, reason: None }).await
    }

    /// The patient of a booking is erased.
    pub async fn erase(&self, id: &str, unsent: UnsentMail) -> Erasure {
        let patient = self.booking(id).await.patient.expect("a patient");
        let erased = self.clinic.erase_patient(&Actor::System, &patient, unsent, now()).await;
        erased.expect("the store answers")
    }

    /// The clinic moves.
    pub async fn move_to(&self, id: &str, from: &str, to: &str) -> Outcome {
        let command = self.moving(id, from, to).await;
        self.run(command).await
    }

    /// What moves a booking.
    pub async fn moving(&self, id: &str, from: &str, to: &str) -> Command {
        let Booking { id: booking, practitioner, .. } = self.booking(id).await;
        let confirmed = [Confirmation::OutsideSchedule].into();
        let interval = day_at(from, to);
        Command::MoveBooking(MovedBooking {
            booking,
            seen: None,
            practitioner,
            interval,
            confirmed,
        })
    }

    pub async fn undo(&self, outcome: Outcome) {
        self.run(Command::Undo { command: outcome.command }).await;
    }

    pub fn mailer(&self, receiver: &Receiver) -> Mailer {
        Mailer::new(self.clinic.clone(), &settings(receiver)).expect("they will do")
    }

    pub async fn report(&self) -> NoticeReport {
        let report = self.clinic.agent_report(&[], DateRange::new(now().date(), 1)).await;
        report.expect("reads").notices
    }
}

/// To a server without TLS.
pub fn settings(receiver: &Receiver) -> MailSettings {
    MailSettings {
        host: "127.0.0.1".to_owned(),
        port: receiver.address.port(),
        security: Security::None,
        ca: None,
        login: Some((USER.to_owned(), MailPassword(PASSWORD.to_owned()))),
        from: "Tandkliniken på Storgatan <bokning@storgatan.example>".to_owned(),
        reply_to: None,
        page: None,
        this_host: "mottagningen".to_owned(),
    }
}

/// A patient rebooks.
pub fn rebooking(id: &str, clock: &str) -> Command {
    rebooking_in(None, id, clock)
}

/// The same in a language.
pub fn rebooking_in(language: Option<PatientLanguage>, id: &str, clock: &str) -> Command {
    let (portal_id, practitioner) = (portal(id), "AE".into());
    Command::RebookOnline(OnlineRebooking {
        portal_id,
        practitioner,
        start: at(clock),
        e_id: number(),
        language,
    })
}

/// A patient cancels.
pub fn cancelling(id: &str) -> Command {
    Command::CancelOnline { portal_id: portal(id), e_id: number() }
}

pub fn portal(id: &str) -> PortalId {
    PortalId::parse(id).expect("an id")
}

fn number() -> Personnummer {
    Personnummer::parse(NUMBER, now().date()).expect("a personnummer")
}

pub fn now() -> CivilTime {
    ClinicZone::default().civil(Utc::now())
}

/// Now, and so many minutes on: what the clinic changes by then has settled.
pub fn in_minutes(minutes: i64) -> DateTime<Utc> {
    Utc::now() + TimeDelta::minutes(minutes)
}

/// A Wednesday three weeks ahead; in none of them does the clock change at these hours.
pub fn day() -> chrono::NaiveDate {
    let mut day = now().plus_days(21).date();
    while day.weekday() != Weekday::Wed {
        day = day.succ_opt().expect("a day");
    }
    day
}

pub fn at(clock: &str) -> CivilTime {
    format!("{}T{clock}", day()).parse().expect("a time")
}

/// That time on the day before, as an instant.
pub fn day_before(clock: &str) -> DateTime<Utc> {
    ClinicZone::default().first_instant(at(clock).plus_days(-1))
}

pub fn day_at(from: &str, to: &str) -> Interval {
    Interval::new(at(from), at(to)).expect("from before to")
}
