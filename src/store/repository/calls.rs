//! Calls to patients about their bookings.

use super::books::{Longest, OVERLAPPING, overlapping};
use crate::domain::{BookingId, Call, CivilTime, EntityKind, Interval, PractitionerId};
use crate::store::error::StoreError;
use crate::store::question::Question;
use crate::store::session::Session;
use crate::store::value::{Columns, Value, values};

const CALL: &str = "SELECT booking.id, booking.practitioner, booking.starts_at, booking.ends_at, \
                    booking_call.called_by, booking_call.called_at \
                    FROM booking_call JOIN booking ON booking.id = booking_call.booking WHERE ";

fn call(row: &mut Columns) -> Result<Call, StoreError> {
    Ok(Call {
        booking: row.id()?,
        practitioner: row.id()?,
        interval: row.interval()?,
        by: row.id()?,
        at: row.read(|text| text.parse::<CivilTime>().ok())?,
    })
}

fn call_question(condition: &str, parameters: Vec<Value>) -> Question<Vec<Call>> {
    Question::rows(format!("{CALL}{condition}"), parameters, "booking_call", call)
}

impl Session {
    /// The call about a booking, if somebody has called.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn call(&mut self, booking: &BookingId) -> Result<Option<Call>, StoreError> {
        Ok(self.ask(call_question("booking.id = @P1", values![booking])).await?.pop())
    }

    /// The calls about a practitioner's active bookings that overlap an interval, in no order.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn calls_within(
        &mut self,
        practitioner: &PractitionerId,
        within: Interval,
    ) -> Result<Vec<Call>, StoreError> {
        let calls = |longest: Longest| {
            let mut parameters = overlapping(within, longest.booking);
            parameters.push(Value::from(practitioner));
            call_question(
                &format!("active = 1 AND {OVERLAPPING} AND practitioner = @P4"),
                parameters,
            )
        };
        self.ask_reaching(calls).await
    }

    /// Notes a call.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] where one is noted already, [`StoreError::BrokenReference`].
    pub async fn insert_call(&mut self, call: &Call) -> Result<(), StoreError> {
        self.write(
            "INSERT INTO booking_call (booking, called_by, called_at) VALUES (@P1, @P2, @P3)",
            values![&call.booking, &call.by, call.at],
        )
        .await
    }

    /// Forgets a call.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where none is noted.
    pub async fn delete_call(&mut self, booking: &BookingId) -> Result<(), StoreError> {
        let entity = || EntityKind::Call.named(booking);
        let sql = "DELETE FROM booking_call WHERE booking = @P1";
        self.execute_one(entity, sql, values![booking]).await
    }
}
