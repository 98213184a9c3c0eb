//! What comes with patients' own bookings: the contacts they give, and the recalls that bookings move.

use std::collections::BTreeSet;

use crate::domain::{
    Booking, BookingId, Changed, CivilTime, Contacts, EntityKind, GivenContacts, MovedFrom, Offer,
    Patient, PatientId, PatientLanguage, Personnummer, PortalId, RecallChange, RecallMove,
};
use crate::store::error::StoreError;
use crate::store::session::Session;
use crate::store::value::{Columns, named, values};

const GIVEN: &str = "given_contacts.booking, given_at, first_name, last_name, email, mobile, \
                     address, offered, language";

fn given_contacts(row: &mut Columns) -> Result<GivenContacts, StoreError> {
    Ok(GivenContacts {
        booking: row.id()?,
        given_at: row.read(|text| text.parse().ok())?,
        contacts: Contacts {
            first_name: row.text()?,
            last_name: row.text()?,
            email: row.text()?,
            mobile: row.text()?,
            address: row.optional_text()?,
        },
        offer: if row.flag()? { Offer::Open } else { Offer::Settled },
        language: row.read_optional(PatientLanguage::of_tag)?,
    })
}

impl Session {
    /// The booking that the booking page knows by this id; of several that were imported the first
    /// by id.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn booking_from_portal(
        &mut self,
        id: &PortalId,
    ) -> Result<Option<Booking>, StoreError> {
        let found = self.bookings_where("portal_id = @P1", values![id.as_str()]).await?;
        Ok(found.into_iter().min_by(|a, b| a.id.cmp(&b.id)))
    }

    /// The patient with this personnummer.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn patient_by_number(
        &mut self,
        number: &Personnummer,
    ) -> Result<Option<Patient>, StoreError> {
        Ok(self.patients_where("personnummer = @P1", values![number]).await?.pop())
    }

    /// A patient's bookings that are not over and not cancelled at `now`, the soonest first.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn coming_bookings(
        &mut self,
        patient: &PatientId,
        now: CivilTime,
        limit: u32,
    ) -> Result<Vec<Booking>, StoreError> {
        let condition =
            "patient = @P1 AND active = 1 AND ends_at > @P2 ORDER BY starts_at, practitioner";
        self.first_bookings_where(condition, values![patient, now], limit).await
    }

    /// A patient's other bookings, over or cancelled, the latest first.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn past_bookings(
        &mut self,
        patient: &PatientId,
        now: CivilTime,
        limit: u32,
    ) -> Result<Vec<Booking>, StoreError> {
        let condition = "patient = @P1 AND (active = 0 OR ends_at <= @P2) \
                         ORDER BY starts_at DESC, practitioner";
        self.first_bookings_where(condition, values![patient, now], limit).await
    }

    /// The contacts that came with a booking.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn given_contacts(
        &mut self,
        booking: &BookingId,
    ) -> Result<Option<GivenContacts>, StoreError> {
        let sql = format!("SELECT {GIVEN} FROM given_contacts WHERE booking = @P1");
        let row = self.query(sql, values![booking]).await?.pop();
        row.map(|row| given_contacts(&mut row.columns("given_contacts"))).transpose()
    }

    /// What was given with some bookings, where staff have not yet said what becomes of it.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn open_contacts(
        &mut self,
        bookings: &BTreeSet<BookingId>,
    ) -> Result<Vec<GivenContacts>, StoreError> {
        let mut found = Vec::new();
        for (bookings, parameters) in named(bookings) {
            let sql = format!(
                "SELECT {GIVEN} FROM given_contacts WHERE offered = 1 AND booking IN ({bookings})"
            );
            for row in self.query(sql, parameters).await? {
                found.push(given_contacts(&mut row.columns("given_contacts"))?);
            }
        }
        Ok(found)
    }

    /// The contacts that a patient gave last.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn last_given_contacts(
        &mut self,
        patient: &PatientId,
    ) -> Result<Option<GivenContacts>, StoreError> {
        let sql = format!(
            "SELECT {GIVEN} FROM given_contacts JOIN booking ON booking.id = \
             given_contacts.booking WHERE booking.patient = @P1 \
             ORDER BY given_at DESC, given_contacts.booking DESC"
        );
        let row = self.query_first(sql, values![patient], Some(1)).await?.pop();
        row.map(|row| given_contacts(&mut row.columns("given_contacts"))).transpose()
    }

    pub(super) async fn write_given_contacts(
        &mut self,
        change: &Changed<GivenContacts>,
    ) -> Result<(), StoreError> {
        if let Some(before) = change.before() {
            let sql = "DELETE FROM given_contacts WHERE booking = @P1";
            self.execute(sql, values![&before.booking]).await?;
        }
        let Some(after) = change.after() else { return Ok(()) };
        let contacts = &after.contacts;
        self.execute(
            "INSERT INTO given_contacts (booking, given_at, first_name, last_name, email, mobile, \
             address, offered, language) VALUES (@P1, @P2, @P3, @P4, @P5, @P6, @P7, @P8, @P9)",
            values![
                &after.booking,
                after.given_at,
                &contacts.first_name,
                &contacts.last_name,
                &contacts.email,
                &contacts.mobile,
                contacts.address.as_ref(),
                after.offer == Offer::Open,
                after.language.map(PatientLanguage::tag),
            ],
        )
        .await?;
        Ok(())
    }

    /// What a booking did to its patient's recall (R16).
    ///
    /// # Errors
    /// What the database meets.
    pub async fn recall_move(
        &mut self,
        booking: &BookingId,
    ) -> Result<Option<RecallMove>, StoreError> {
        let sql = "SELECT from_date, to_date FROM recall_move WHERE booking = @P1";
        let row = self.query(sql, values![booking]).await?.pop();
        row.map(|row| {
            let mut row = row.columns("recall_move");
            let from = MovedFrom { date: row.optional_date()? };
            let to = row.read(crate::domain::parse_date)?;
            Ok(RecallMove { from, to })
        })
        .transpose()
    }

    /// Writes a recall date that goes along with a booking, and what it was before.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where the patient is not there; what the database meets.
    pub async fn write_recall(&mut self, change: &RecallChange) -> Result<(), StoreError> {
        let after = &change.after;
        self.execute_one(
            || EntityKind::Patient.named(&change.patient),
            "UPDATE patient SET recall_date = @P2 WHERE id = @P1",
            values![&change.patient, after.date],
        )
        .await?;
        let sql = "DELETE FROM recall_move WHERE booking = @P1";
        self.write(sql, values![&change.booking]).await?;
        if let (Some(moved), Some(date)) = (after.moved, after.date) {
            self.write(
                "INSERT INTO recall_move (booking, from_date, to_date) VALUES (@P1, @P2, @P3)",
                values![&change.booking, moved.date, date],
            )
            .await?;
        }
        Ok(())
    }
}
