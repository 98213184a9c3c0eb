//! Values to the server and from it: civil times as `DATETIME2(0)`, dates as `DATE`, numbers of every
//! width and bits as integers.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use tiberius::{ColumnData, FromSql, Query};

use super::explain;
use crate::domain::CivilTime;
use crate::store::error::StoreError;
use crate::store::value::{Row, Value};

/// The first and the last date that the server knows.
const YEARS: (i32, i32) = (1, 9999);

/// Binds one parameter. NULL stands in the text of the statement: here is only its place.
pub(super) fn bind(query: &mut Query<'static>, value: &Value) {
    match value {
        Value::Null => query.bind(0i64),
        Value::Integer(number) => query.bind(*number),
        Value::Text(text) => query.bind(text.clone()),
        Value::Time(time) => query.bind(within_reach(*time)),
        Value::Date(date) => query.bind(*date),
    }
}

/// The time, or the nearest that the server can write: the bound of a query may lie beyond.
fn within_reach(time: CivilTime) -> NaiveDateTime {
    let first = NaiveDate::from_ymd_opt(YEARS.0, 1, 1).unwrap_or(NaiveDate::MIN);
    let first = first.and_time(NaiveTime::MIN);
    let last = CivilTime::last().to_chrono();
    time.to_chrono().clamp(first, last)
}

/// A row with its columns in order.
pub(super) fn row(row: tiberius::Row) -> Result<Row, StoreError> {
    let columns: Result<Vec<Value>, StoreError> =
        row.into_token_row().into_iter().map(value).collect();
    columns.map(Row)
}

fn value(data: ColumnData<'static>) -> Result<Value, StoreError> {
    let integer = |number: Option<i64>| number.map_or(Value::Null, Value::Integer);
    Ok(match data {
        ColumnData::U8(number) => integer(number.map(i64::from)),
        ColumnData::I16(number) => integer(number.map(i64::from)),
        ColumnData::I32(number) => integer(number.map(i64::from)),
        ColumnData::I64(number) => integer(number),
        ColumnData::Bit(flag) => integer(flag.map(i64::from)),
        ColumnData::String(text) => text.map_or(Value::Null, |text| Value::Text(text.into_owned())),
        ColumnData::DateTime2(_) => {
            let time = NaiveDateTime::from_sql(&data).map_err(|error| explain::working(&error))?;
            time.map_or(Value::Null, |time| Value::Text(CivilTime::from(time).to_string()))
        }
        ColumnData::Date(_) => {
            let date = NaiveDate::from_sql(&data).map_err(|error| explain::working(&error))?;
            date.map_or(Value::Null, |date| Value::Text(date.to_string()))
        }
        _ => {
            let message = "a column is of a type that is not used".to_owned();
            return Err(StoreError::Engine { code: 0, message });
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Minutes;

    #[test]
    fn numbers_and_bits_of_every_width_are_integers() {
        for data in [
            ColumnData::U8(Some(1)),
            ColumnData::I16(Some(1)),
            ColumnData::I32(Some(1)),
            ColumnData::I64(Some(1)),
            ColumnData::Bit(Some(true)),
        ] {
            assert!(matches!(value(data), Ok(Value::Integer(1))));
        }
        assert!(matches!(value(ColumnData::Bit(None)), Ok(Value::Null)));
        assert!(matches!(value(ColumnData::F64(Some(1.0))), Err(StoreError::Engine { .. })));
    }

    #[test]
    fn a_bound_beyond_the_servers_calendar_is_its_first_or_last_time() {
        let first = CivilTime::start_of(NaiveDate::from_ymd_opt(1, 1, 1).unwrap());
        assert_eq!(CivilTime::from(within_reach(first + Minutes(-1))), first);
        let last = CivilTime::last();
        assert_eq!(CivilTime::from(within_reach(last + Minutes(1))), last);
    }
}
