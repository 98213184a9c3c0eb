//! Bookings. What they hold of resources is counted as they are written.

use std::collections::{BTreeMap, BTreeSet};

use super::resource_steps::Steps;
use crate::domain::{
    Booking, BookingId, BookingState, CivilTime, EntityKind, Identification, Interval, PatientId,
};
use crate::store::error::StoreError;
use crate::store::question::Question;
use crate::store::session::Session;
use crate::store::value::{Columns, Value, named, values};

pub(super) const BOOKING: &str = "id, practitioner, starts_at, ends_at, category, template, patient, text, \
                       resources, registered_by, active, portal_id, e_id";

pub(super) fn booking(row: &mut Columns) -> Result<Booking, StoreError> {
    Ok(Booking {
        id: row.id()?,
        practitioner: row.id()?,
        interval: row.interval()?,
        category: row.id()?,
        template: row.optional_id()?,
        patient: row.optional_id()?,
        text: row.text()?,
        resources: row.resources()?,
        registered_by: row.text()?,
        state: if row.flag()? { BookingState::Booked } else { BookingState::Cancelled },
        portal_id: row.optional_text()?,
        identification: match row.flag()? {
            true => Identification::EId,
            false => Identification::Unverified,
        },
    })
}

/// The bookings that a condition is true of.
pub(super) fn booking_question(condition: &str, parameters: Vec<Value>) -> Question<Vec<Booking>> {
    let sql = format!("SELECT {BOOKING} FROM booking WHERE {condition}");
    Question::rows(sql, parameters, "booking", booking)
}

fn all_columns(booking: &Booking) -> Vec<Value> {
    let interval = booking.interval;
    values![
        &booking.id,
        &booking.practitioner,
        interval.start(),
        interval.end(),
        interval.length().0,
        &booking.category,
        booking.template.as_ref(),
        booking.patient.as_ref(),
        &booking.text,
        &booking.resources,
        &booking.registered_by,
        booking.is_active(),
        booking.portal_id.as_ref(),
        booking.identification == Identification::EId,
    ]
}

impl Session {
    pub(super) async fn bookings_where(
        &mut self,
        condition: &str,
        parameters: Vec<Value>,
    ) -> Result<Vec<Booking>, StoreError> {
        self.ask(booking_question(condition, parameters)).await
    }

    /// The first `limit` of them; the condition says in which order.
    pub(super) async fn first_bookings_where(
        &mut self,
        condition: &str,
        parameters: Vec<Value>,
        limit: u32,
    ) -> Result<Vec<Booking>, StoreError> {
        let sql = format!("SELECT {BOOKING} FROM booking WHERE {condition}");
        let rows = self.query_first(sql, parameters, Some(limit)).await?;
        rows.into_iter().map(|row| booking(&mut row.columns("booking"))).collect()
    }

    /// One booking, cancelled or not.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn booking(&mut self, id: &BookingId) -> Result<Option<Booking>, StoreError> {
        Ok(self.bookings_where("id = @P1", values![id]).await?.pop())
    }

    /// The active bookings of a patient that overlap an interval, in order.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn bookings_of_at(
        &mut self,
        patient: &PatientId,
        interval: Interval,
    ) -> Result<Vec<Booking>, StoreError> {
        let condition = "patient = @P1 AND active = 1 AND starts_at < @P2 AND ends_at > @P3 \
                         ORDER BY starts_at, id";
        self.bookings_where(condition, values![patient, interval.end(), interval.start()]).await
    }

    /// Every booking there is, in no order.
    pub(crate) async fn all_bookings(&mut self) -> Result<Vec<Booking>, StoreError> {
        let sql = format!("SELECT {BOOKING} FROM booking");
        self.ask(Question::rows(sql, values![], "booking", booking)).await
    }

    /// When each of these patients has the first booking that still stands.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn first_bookings(
        &mut self,
        patients: &BTreeSet<PatientId>,
    ) -> Result<BTreeMap<PatientId, CivilTime>, StoreError> {
        let mut first = BTreeMap::new();
        for (patients, parameters) in named(patients) {
            let sql = format!(
                "SELECT patient, MIN(starts_at) FROM booking WHERE active = 1 \
                 AND patient IN ({patients}) GROUP BY patient"
            );
            for row in self.query(sql, parameters).await? {
                let mut row = row.columns("booking");
                first.insert(row.id()?, row.read(|text| text.parse::<CivilTime>().ok())?);
            }
        }
        Ok(first)
    }

    /// Adds a booking. Whether it may stand there is the caller's to decide, under the
    /// practitioner's revision (R12).
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] for a repeated id or two active ones of one practitioner starting
    /// together, [`StoreError::BrokenReference`].
    pub async fn insert_booking(&mut self, booking: &Booking) -> Result<(), StoreError> {
        self.insert_bookings([booking]).await
    }

    /// Adds bookings, as [`Self::insert_booking`] does.
    ///
    /// # Errors
    /// As there.
    pub(crate) async fn insert_bookings(
        &mut self,
        bookings: impl IntoIterator<Item = &Booking>,
    ) -> Result<(), StoreError> {
        let mut steps = Steps::default();
        for booking in bookings {
            steps.add(booking, 1);
            self.write(
                "INSERT INTO booking (id, practitioner, starts_at, ends_at, minutes, category, \
                 template, patient, text, resources, registered_by, active, portal_id, e_id) \
                 VALUES (@P1, @P2, @P3, @P4, @P5, @P6, @P7, @P8, @P9, @P10, @P11, @P12, @P13, @P14)",
                all_columns(booking),
            )
            .await?;
        }
        self.count_resources(steps).await
    }

    /// Writes everything of a booking anew; its id stays. `before` is how it stands.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where it is not there; otherwise as [`Self::insert_booking`].
    pub async fn update_booking(
        &mut self,
        before: &Booking,
        after: &Booking,
    ) -> Result<(), StoreError> {
        self.execute_one(
            || EntityKind::Booking.named(&after.id),
            "UPDATE booking SET practitioner = @P2, starts_at = @P3, ends_at = @P4, minutes = @P5, \
             category = @P6, template = @P7, patient = @P8, text = @P9, resources = @P10, \
             registered_by = @P11, active = @P12, portal_id = @P13, e_id = @P14 WHERE id = @P1",
            all_columns(after),
        )
        .await?;
        self.count_resources(Steps::default().and(before, -1).and(after, 1)).await
    }

    /// Removes a booking without trace in the book, and with it that somebody called: the undoing of
    /// its making. Patients' and staff's cancelling is an update. It is given as it stands.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where it is not there.
    pub async fn delete_booking(&mut self, booking: &Booking) -> Result<(), StoreError> {
        let id = &booking.id;
        self.write("DELETE FROM recall_move WHERE booking = @P1", values![id]).await?;
        let entity = || EntityKind::Booking.named(id);
        self.write("DELETE FROM booking_call WHERE booking = @P1", values![id]).await?;
        self.execute_one(entity, "DELETE FROM booking WHERE id = @P1", values![id]).await?;
        self.count_resources(Steps::default().and(booking, -1)).await
    }
}
