//! What goes to a database and comes back: plain values, rows, and reading a row into the domain.
//!
//! Drivers turn these into their own types; nothing else in the store knows an engine's types.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};

use super::error::StoreError;
use crate::domain::{
    BookingId, CategoryId, CivilTime, CommandId, CompanyId, Interval, ListOwner, OrganisationId,
    PatientId, Personnummer, PractitionerId, PreblockId, PreblockListId, PreblockTypeId,
    ResourceCode, ResourceCodes, Signature, TemplateId, TemplateListId, WeekTemplateId,
    WorkSessionId, parse_date,
};

/// A value as every engine knows it. Never printed: it may be personal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Text(String),
    /// A civil time; only ever sent, read back as text.
    Time(CivilTime),
    /// A date; only ever sent, read back as text.
    Date(NaiveDate),
}

/// One statement with its parameters `@P1`, `@P2`, … in order.
#[derive(Clone)]
pub(crate) struct Statement {
    pub(crate) sql: Cow<'static, str>,
    pub(crate) parameters: Vec<Value>,
}

/// A statement that changes rows.
pub(crate) struct Write {
    pub(crate) statement: Statement,
    /// The entity that must be there: exactly one row is changed.
    pub(crate) entity: Option<String>,
}

impl Write {
    /// Whether it changed what it should have.
    ///
    /// # Errors
    /// [`StoreError::Gone`].
    pub(crate) fn check(&self, changed: u64) -> Result<(), StoreError> {
        match &self.entity {
            Some(entity) if changed != 1 => Err(StoreError::Gone { entity: entity.clone() }),
            _ => Ok(()),
        }
    }
}

/// The most values that are named in one statement: engines limit the number of parameters.
const NAMED_AT_ONCE: usize = 500;

/// The places of so many parameters, from one on: `@P3, @P4`.
pub(crate) fn places(first: usize, count: usize) -> String {
    (first..first + count).map(|place| format!("@P{place}")).collect::<Vec<_>>().join(", ")
}

/// Values to be named one by one, so many at once as a statement takes: for each statement what stands
/// within `IN (…)`, from `@P1` on, and the parameters.
pub(crate) fn named<V: Into<Value>>(
    values: impl IntoIterator<Item = V>,
) -> impl Iterator<Item = (String, Vec<Value>)> {
    let mut values = values.into_iter().map(Into::into).collect::<Vec<Value>>().into_iter();
    std::iter::from_fn(move || {
        let some: Vec<Value> = values.by_ref().take(NAMED_AT_ONCE).collect();
        (!some.is_empty()).then(|| (places(1, some.len()), some))
    })
}

/// The parameters of a statement, each turned into a [`Value`].
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::value::Value::from($value)),*] };
}
pub(crate) use values;

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Value::Text(text.clone())
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Value::Integer(i64::from(flag))
    }
}

macro_rules! from_integers {
    ($($integer:ty),+) => {$(
        impl From<$integer> for Value {
            fn from(number: $integer) -> Self {
                Value::Integer(i64::from(number))
            }
        }
    )+};
}
from_integers!(i64, u32, i32);

macro_rules! from_displayed {
    ($($shown:ty),+ $(,)?) => {$(
        impl From<$shown> for Value {
            fn from(value: $shown) -> Self {
                Value::Text(value.to_string())
            }
        }
    )+};
}
from_displayed!(ResourceCode, &ResourceCodes);

impl From<CivilTime> for Value {
    fn from(time: CivilTime) -> Self {
        Value::Time(time)
    }
}

impl From<NaiveDate> for Value {
    fn from(date: NaiveDate) -> Self {
        Value::Date(date)
    }
}

macro_rules! from_text_like {
    ($($id:ty),+ $(,)?) => {$(
        impl From<&$id> for Value {
            fn from(id: &$id) -> Self {
                Value::Text(id.as_str().to_owned())
            }
        }
    )+};
}
from_text_like!(
    OrganisationId,
    CompanyId,
    PractitionerId,
    CategoryId,
    PreblockTypeId,
    TemplateId,
    TemplateListId,
    PreblockListId,
    WeekTemplateId,
    WorkSessionId,
    PreblockId,
    BookingId,
    PatientId,
    Signature,
    CommandId,
    Personnummer,
);

impl From<DateTime<Utc>> for Value {
    fn from(instant: DateTime<Utc>) -> Self {
        Value::Text(instant_text(instant))
    }
}

impl<T> From<Option<T>> for Value
where
    Value: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Value::from)
    }
}

/// An instant as the store writes it: UTC to the second, `YYYY-MM-DDTHH:MM:SSZ`.
pub(crate) fn instant_text(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// One row of an answer, its columns in the order of the SELECT.
pub(crate) struct Row(pub(crate) Vec<Value>);

impl Row {
    /// Reads the columns one after the other. `table` names the source where a value makes no sense.
    pub(crate) fn columns(self, table: &'static str) -> Columns {
        Columns { table, place: 0, values: self.0.into_iter() }
    }
}

/// Reads a row's columns in order; every fault names table and column, never the value.
pub(crate) struct Columns {
    table: &'static str,
    place: usize,
    values: std::vec::IntoIter<Value>,
}

impl Columns {
    fn fault(&self) -> StoreError {
        StoreError::Unreadable { table: self.table, column: self.place }
    }

    fn next(&mut self) -> Result<Value, StoreError> {
        self.place += 1;
        self.values.next().ok_or_else(|| self.fault())
    }

    pub(crate) fn text(&mut self) -> Result<String, StoreError> {
        match self.next()? {
            Value::Text(text) => Ok(text),
            _ => Err(self.fault()),
        }
    }

    pub(crate) fn optional_text(&mut self) -> Result<Option<String>, StoreError> {
        match self.next()? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            _ => Err(self.fault()),
        }
    }

    pub(crate) fn number<T: TryFrom<i64>>(&mut self) -> Result<T, StoreError> {
        self.optional_number()?.ok_or_else(|| self.fault())
    }

    pub(crate) fn optional_number<T: TryFrom<i64>>(&mut self) -> Result<Option<T>, StoreError> {
        match self.next()? {
            Value::Null => Ok(None),
            Value::Integer(number) => T::try_from(number).map(Some).map_err(|_| self.fault()),
            _ => Err(self.fault()),
        }
    }

    pub(crate) fn flag(&mut self) -> Result<bool, StoreError> {
        match self.number::<i64>()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.fault()),
        }
    }

    /// A text read further; `None` from `read` is a fault.
    pub(crate) fn read<T>(
        &mut self,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        let text = self.text()?;
        read(&text).ok_or_else(|| self.fault())
    }

    /// Like [`Self::read`], NULL allowed.
    pub(crate) fn read_optional<T>(
        &mut self,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        match self.optional_text()? {
            None => Ok(None),
            Some(text) => read(&text).map(Some).ok_or_else(|| self.fault()),
        }
    }

    /// An id.
    pub(crate) fn id<T: for<'a> From<&'a str>>(&mut self) -> Result<T, StoreError> {
        Ok(T::from(self.text()?.as_str()))
    }

    /// An id or NULL.
    pub(crate) fn optional_id<T: for<'a> From<&'a str>>(
        &mut self,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.optional_text()?.map(|text| T::from(text.as_str())))
    }

    /// A start and an end.
    pub(crate) fn interval(&mut self) -> Result<Interval, StoreError> {
        let start = self.read(|text| text.parse().ok())?;
        let end = self.read(|text| text.parse().ok())?;
        Interval::new(start, end).map_err(|_| self.fault())
    }

    pub(crate) fn optional_date(&mut self) -> Result<Option<NaiveDate>, StoreError> {
        self.read_optional(parse_date)
    }

    pub(crate) fn instant(&mut self) -> Result<DateTime<Utc>, StoreError> {
        self.read(|text| DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc)))
    }

    /// The owner of a list: its kind and, for all but `all`, its id.
    pub(crate) fn list_owner(&mut self) -> Result<ListOwner, StoreError> {
        let kind = self.text()?;
        match (kind.as_str(), self.optional_text()?.as_deref()) {
            ("all", None) => Ok(ListOwner::All),
            ("organisation", Some(id)) => Ok(ListOwner::Organisation(id.into())),
            ("company", Some(id)) => Ok(ListOwner::Company(id.into())),
            ("practitioner", Some(id)) => Ok(ListOwner::Practitioner(id.into())),
            _ => Err(self.fault()),
        }
    }

    pub(crate) fn resources(&mut self) -> Result<ResourceCodes, StoreError> {
        self.read(|text| ResourceCodes::parse(text).ok())
    }
}
