//! The before and after of an audit entry, built so that no personal value gets in by accident.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value as Json};

use super::chain::digest;
use crate::domain::{
    Booking, BookingState, Call, CivilTime, GivenContacts, Identification, IdentityProtection,
    Interval, Offer, Patient, Preblock, RecallState, Signature, WorkSession, hexadecimal,
};
use crate::store::error::StoreError;

/// A value in an audit entry. No text gets in by accident: there are ids, times, numbers, words of the
/// program's own, [`AuditValue::title`]s of the clinic's things, and [`AuditValue::personal`] texts,
/// which are kept apart.
///
/// `Debug` shows no personal text.
#[derive(Clone, PartialEq, Eq)]
pub struct AuditValue(Node);

#[derive(Clone, PartialEq, Eq)]
enum Node {
    Nothing,
    Flag(bool),
    Number(i64),
    Plain(Cow<'static, str>),
    Personal(Option<String>),
    List(Vec<AuditValue>),
    Record(Vec<(Cow<'static, str>, AuditValue)>),
}

/// The key that marks a personal value's hash in stored JSON; no record has such a key.
const PERSONAL: &str = "$personal";

/// What an entity looks like in the audit log.
pub trait Audited {
    /// The entity with its personal values marked as such.
    fn audit_view(&self) -> AuditValue;
}

impl AuditValue {
    /// No value.
    pub fn nothing() -> Self {
        Self(Node::Nothing)
    }

    /// A yes or no.
    pub fn flag(flag: bool) -> Self {
        Self(Node::Flag(flag))
    }

    /// A number.
    pub fn number(number: impl Into<i64>) -> Self {
        Self(Node::Number(number.into()))
    }

    /// How many there are of something.
    pub fn count(count: usize) -> Self {
        Self::number(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// A word of the program's own, such as a state.
    pub fn word(word: &'static str) -> Self {
        Self(Node::Plain(Cow::Borrowed(word)))
    }

    /// An id or a time, which its type tells from a text that somebody wrote.
    pub fn plain(value: &impl NotPersonal) -> Self {
        Self(Node::Plain(Cow::Owned(value.to_string())))
    }

    /// What a clinic calls one of its own things: a type, a template, a list.
    pub fn title(text: &str) -> Self {
        Self(Node::Plain(Cow::Owned(text.to_owned())))
    }

    /// A text about a person or written by one: kept apart, erasable.
    pub fn personal(text: impl Into<String>) -> Self {
        Self(Node::Personal(Some(text.into())))
    }

    /// SHA-256 of a document, such as an imported clinic file.
    pub fn fingerprint(document: &[u8]) -> Self {
        use sha2::Digest;
        Self(Node::Plain(Cow::Owned(hexadecimal(&sha2::Sha256::digest(document)))))
    }

    /// Values in order.
    pub fn list(values: impl IntoIterator<Item = AuditValue>) -> Self {
        Self(Node::List(values.into_iter().collect()))
    }

    /// Named values in order; the names are the program's own.
    pub fn record(fields: impl IntoIterator<Item = (&'static str, AuditValue)>) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (Cow::Borrowed(name), value));
        Self(Node::Record(fields.collect()))
    }

    /// The stretch of time that an entity of the books had, if this is one of those.
    pub fn interval(&self) -> Option<Interval> {
        let time = |name: &str| self.plain_field(name)?.parse::<CivilTime>().ok();
        Interval::new(time("start")?, time("end")?).ok()
    }

    /// A word, an id or a time by its name; nothing personal.
    pub fn plain_field(&self, name: &str) -> Option<&str> {
        match self.field(name)? {
            Node::Plain(text) => Some(text),
            _ => None,
        }
    }

    /// A number by its name.
    pub fn number_field(&self, name: &str) -> Option<i64> {
        match self.field(name)? {
            Node::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether a yes or no by its name says yes.
    pub fn is_set(&self, name: &str) -> bool {
        self.field(name) == Some(&Node::Flag(true))
    }

    fn field(&self, wanted: &str) -> Option<&Node> {
        let Node::Record(fields) = &self.0 else { return None };
        fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| &value.0)
    }

    /// A record with one more field.
    #[must_use]
    pub fn and(self, name: &'static str, value: AuditValue) -> Self {
        let Node::Record(mut fields) = self.0 else { return self };
        fields.push((Cow::Borrowed(name), value));
        Self(Node::Record(fields))
    }

    /// As JSON, personal values included, erased ones as `null`: for whoever may read the log.
    pub fn to_json(&self) -> Json {
        self.json(&mut |text| text.map_or(Json::Null, Json::from))
    }

    /// As JSON with a mark in place of every personal value: for lists that leave the screen.
    pub fn to_masked_json(&self) -> Json {
        self.json(&mut |_| Json::from("…"))
    }

    fn json<'a>(&'a self, personal: &mut impl FnMut(Option<&'a str>) -> Json) -> Json {
        match &self.0 {
            Node::Nothing => Json::Null,
            Node::Flag(flag) => Json::from(*flag),
            Node::Number(number) => Json::from(*number),
            Node::Plain(text) => Json::from(text.as_ref()),
            Node::Personal(text) => personal(text.as_deref()),
            Node::List(values) => values.iter().map(|value| value.json(personal)).collect(),
            Node::Record(fields) => {
                let mut object = Map::new();
                for (name, value) in fields {
                    object.insert(name.to_string(), value.json(personal));
                }
                Json::Object(object)
            }
        }
    }
}

impl<T> From<Option<T>> for AuditValue
where
    AuditValue: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or_else(AuditValue::nothing, AuditValue::from)
    }
}

impl<T: NotPersonal> From<&T> for AuditValue {
    fn from(value: &T) -> Self {
        AuditValue::plain(value)
    }
}

impl fmt::Debug for AuditValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_masked_json())
    }
}

/// A value that names or dates something and says nothing about a person.
pub trait NotPersonal: fmt::Display {}

macro_rules! not_personal {
    ($($plain:ident),+ $(,)?) => {$(impl NotPersonal for crate::domain::$plain {})+};
}
not_personal!(
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
    CivilTime,
    ResourceCode,
    ResourceCodes,
);
impl NotPersonal for chrono::NaiveDate {}

fn times(interval: Interval) -> [(&'static str, AuditValue); 2] {
    [("start", (&interval.start()).into()), ("end", (&interval.end()).into())]
}

pub(super) fn personal_or_nothing(text: Option<&String>) -> AuditValue {
    text.map_or_else(AuditValue::nothing, AuditValue::personal)
}

impl Audited for WorkSession {
    fn audit_view(&self) -> AuditValue {
        let [start, end] = times(self.interval);
        AuditValue::record([("practitioner", (&self.practitioner).into()), start, end])
    }
}

impl Audited for Preblock {
    fn audit_view(&self) -> AuditValue {
        let [start, end] = times(self.interval);
        AuditValue::record([
            ("practitioner", (&self.practitioner).into()),
            ("type", (&self.preblock_type).into()),
            start,
            end,
        ])
    }
}

impl Audited for Booking {
    fn audit_view(&self) -> AuditValue {
        let [start, end] = times(self.interval);
        AuditValue::record([
            ("practitioner", (&self.practitioner).into()),
            start,
            end,
            ("category", (&self.category).into()),
            ("template", self.template.as_ref().into()),
            ("patient", self.patient.as_ref().into()),
            ("text", AuditValue::personal(&self.text)),
            ("resources", (&self.resources).into()),
            ("registered_by", (&Signature::new(self.registered_by.as_str())).into()),
            (
                "state",
                AuditValue::word(match self.state {
                    BookingState::Booked => "booked",
                    BookingState::Cancelled => "cancelled",
                }),
            ),
            ("portal_id", personal_or_nothing(self.portal_id.as_ref())),
            ("e_id", AuditValue::flag(self.identification == Identification::EId)),
        ])
    }
}

impl Audited for Call {
    fn audit_view(&self) -> AuditValue {
        let [start, end] = times(self.interval);
        AuditValue::record([
            ("practitioner", (&self.practitioner).into()),
            start,
            end,
            ("by", (&self.by).into()),
            ("at", (&self.at).into()),
        ])
    }
}

impl Audited for Patient {
    fn audit_view(&self) -> AuditValue {
        let number = self.personnummer.as_ref().map(|number| number.as_str().to_owned());
        AuditValue::record([
            ("personnummer", personal_or_nothing(number.as_ref())),
            ("first_name", AuditValue::personal(&self.first_name)),
            ("last_name", AuditValue::personal(&self.last_name)),
            ("email", personal_or_nothing(self.email.as_ref())),
            ("mobile", personal_or_nothing(self.mobile.as_ref())),
            ("address", personal_or_nothing(self.address.as_ref())),
            ("protected", AuditValue::flag(self.protection == IdentityProtection::Protected)),
            ("recall_months", AuditValue::number(self.recall.months)),
            ("recall_date", self.recall.date.as_ref().into()),
            ("recall_template", self.recall.template.as_ref().into()),
        ])
    }
}

impl Audited for GivenContacts {
    fn audit_view(&self) -> AuditValue {
        let contacts = &self.contacts;
        AuditValue::record([
            ("booking", (&self.booking).into()),
            ("given_at", (&self.given_at).into()),
            ("first_name", AuditValue::personal(&contacts.first_name)),
            ("last_name", AuditValue::personal(&contacts.last_name)),
            ("email", AuditValue::personal(&contacts.email)),
            ("mobile", AuditValue::personal(&contacts.mobile)),
            ("address", personal_or_nothing(contacts.address.as_ref())),
            (
                "offer",
                AuditValue::word(match self.offer {
                    Offer::Open => "open",
                    Offer::Settled => "settled",
                }),
            ),
            (
                "language",
                self.language.map_or_else(AuditValue::nothing, |it| AuditValue::word(it.tag())),
            ),
        ])
    }
}

impl Audited for RecallState {
    fn audit_view(&self) -> AuditValue {
        AuditValue::record([("recall_date", self.date.as_ref().into())])
    }
}

/// A personal value as the table of them holds it.
pub(in crate::store) struct Salted {
    pub(in crate::store) hash: String,
    pub(in crate::store) salt: String,
    pub(in crate::store) value: String,
}

impl Salted {
    fn new(value: &str) -> Result<Self, StoreError> {
        let mut salt = [0u8; 32];
        getrandom::fill(&mut salt).map_err(|error| StoreError::Engine {
            code: 0,
            message: format!("the operating system gives no random numbers: {error}"),
        })?;
        let salt = hexadecimal(&salt);
        Ok(Self { hash: Self::hash(&salt, value), salt, value: value.to_owned() })
    }

    /// The hash that stands for a value with this salt.
    pub(in crate::store) fn hash(salt: &str, value: &str) -> String {
        digest(&[salt, value])
    }
}

/// A value as an entry stores it: JSON with hashes, and the personal values they stand for.
pub(in crate::store) struct Stored {
    pub(in crate::store) json: String,
    pub(in crate::store) personal: Vec<Salted>,
}

impl Stored {
    pub(in crate::store) fn new(value: &AuditValue) -> Result<Self, StoreError> {
        let mut personal = Vec::new();
        let mut failed = None;
        let json = value.json(&mut |text| {
            let Some(text) = text else { return Json::Null };
            match Salted::new(text) {
                Ok(salted) => {
                    let reference = serde_json::json!({ PERSONAL: salted.hash });
                    personal.push(salted);
                    reference
                }
                Err(error) => {
                    failed = Some(error);
                    Json::Null
                }
            }
        });
        match failed {
            Some(error) => Err(error),
            None => Ok(Self { json: json.to_string(), personal }),
        }
    }

    /// The hashes of the personal values a stored JSON refers to.
    pub(in crate::store) fn references(json: &Json) -> Vec<&str> {
        match json {
            Json::Array(values) => values.iter().flat_map(Self::references).collect(),
            Json::Object(fields) => match fields.get(PERSONAL) {
                Some(Json::String(hash)) => vec![hash],
                _ => fields.values().flat_map(Self::references).collect(),
            },
            _ => Vec::new(),
        }
    }

    /// Reads stored JSON back, filling in the personal values that are still there.
    pub(in crate::store) fn resolve(json: Json, kept: &BTreeMap<String, String>) -> AuditValue {
        AuditValue(match json {
            Json::Null => Node::Nothing,
            Json::Bool(flag) => Node::Flag(flag),
            Json::Number(number) => number.as_i64().map_or(Node::Nothing, Node::Number),
            Json::String(text) => Node::Plain(Cow::Owned(text)),
            Json::Array(values) => {
                Node::List(values.into_iter().map(|value| Self::resolve(value, kept)).collect())
            }
            Json::Object(fields) => match fields.get(PERSONAL) {
                Some(Json::String(hash)) => Node::Personal(kept.get(hash).cloned()),
                _ => {
                    let field = |(name, value)| (Cow::Owned(name), Self::resolve(value, kept));
                    Node::Record(fields.into_iter().map(field).collect())
                }
            },
        })
    }
}
