//! Calls to patients about their bookings.

use super::books::{OVERLAPPING, overlapping};
use crate::domain::{BookingId, Call, CivilTime, Interval, PractitionerId};
use crate::store::error::StoreError;
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

impl Session {
    async fn calls_where(
        &mut self,
        condition: &str,
        parameters: Vec<Value>,
    ) -> Result<Vec<Call>, StoreError> {
        let rows = self.query(format!("{CALL}{condition}"), parameters).await?;
        rows.into_iter().map(|row| call(&mut row.columns("booking_call"))).collect()
    }

    /// The call about a booking, if somebody has called.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn call(&mut self, booking: &BookingId) -> Result<Option<Call>, StoreError> {
        Ok(self.calls_where("booking.id = @P1", values![booking]).await?.pop())
    }

    /// The calls about a practitioner's bookings that overlap an interval, in no order.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn calls_within(
        &mut self,
        practitioner: &PractitionerId,
        within: Interval,
    ) -> Result<Vec<Call>, StoreError> {
        let longest = self.longest().await?;
        let mut parameters = overlapping(within, longest.booking);
        parameters.push(Value::from(practitioner));
        let condition = format!("{OVERLAPPING} AND practitioner = @P4");
        self.calls_where(&condition, parameters).await
    }

    /// Notes a call.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] where one is noted already, [`StoreError::BrokenReference`].
    pub async fn insert_call(&mut self, call: &Call) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO booking_call (booking, called_by, called_at) VALUES (@P1, @P2, @P3)",
            values![&call.booking, &call.by, call.at],
        )
        .await?;
        Ok(())
    }

    /// Forgets a call.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where none is noted.
    pub async fn delete_call(&mut self, booking: &BookingId) -> Result<(), StoreError> {
        let entity = || format!("call/{booking}");
        let sql = "DELETE FROM booking_call WHERE booking = @P1";
        self.execute_one(entity, sql, values![booking]).await
    }
}
