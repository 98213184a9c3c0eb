//! The elements that resources are made of. What a server sends beside what is used here is kept, so
//! that what is read and written back loses nothing.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Whatever else an element holds.
pub type Others = Map<String, Value>;

/// Version and time of a stored resource; a server's to set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// An instant, as text: servers differ in how finely they write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_updated: Option<String>,
    #[serde(flatten)]
    pub others: Others,
}

/// A code of a code system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coding {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    #[serde(flatten)]
    pub others: Others,
}

/// A concept by its codes, and in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeableConcept {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coding: Vec<Coding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(flatten)]
    pub others: Others,
}

impl CodeableConcept {
    /// The concept of one code.
    pub fn of(system: &str, code: impl Into<String>, display: impl Into<String>) -> Self {
        let display = Some(display.into()).filter(|text| !text.is_empty());
        let coding = Coding {
            system: Some(system.to_owned()),
            code: Some(code.into()),
            display,
            others: Others::new(),
        };
        Self { coding: vec![coding], text: None, others: Others::new() }
    }

    /// Its code in a system.
    pub fn code(&self, system: &str) -> Option<&str> {
        let found = self.coding.iter().find(|coding| coding.system.as_deref() == Some(system));
        found.and_then(|coding| coding.code.as_deref())
    }
}

/// What a resource is known by elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    #[serde(flatten)]
    pub others: Others,
}

impl Identifier {
    /// The identifier with a value in a system.
    pub fn of(system: &str, value: impl Into<String>) -> Self {
        Self { system: Some(system.to_owned()), value: Some(value.into()), others: Others::new() }
    }
}

/// The value among identifiers in a system.
pub fn identified<'a>(identifiers: &'a [Identifier], system: &str) -> Option<&'a str> {
    let found = identifiers.iter().find(|it| it.system.as_deref() == Some(system));
    found.and_then(|it| it.value.as_deref())
}

/// Whether a text can be a resource's id: letters, digits, `-` and `.`, but none that an address takes for
/// a folder.
pub fn is_id(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(is_letter) && !matches!(text, "." | "..")
}

/// A reference to another resource, such as `Slot/0a1b`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    #[serde(flatten)]
    pub others: Others,
}

impl Reference {
    /// To a resource of a kind by its id.
    pub fn to(kind: &str, id: &str) -> Self {
        let reference = Some(format!("{kind}/{id}"));
        Self { reference, display: None, others: Others::new() }
    }

    /// The id of the resource of a kind that it points at; `None` where it points at another kind, or
    /// by what can be no id. An absolute address is taken by its end: the origin is the client's to check.
    pub fn id_of(&self, kind: &str) -> Option<&str> {
        let reference = self.reference.as_deref()?;
        let mut parts = reference.rsplit('/');
        let (id, found) = (parts.next()?, parts.next()?);
        (found == kind && is_id(id)).then_some(id)
    }
}

/// Something that FHIR has no element for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Extension {
    pub url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_boolean: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_integer: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_string: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_reference: Option<Reference>,
    #[serde(flatten)]
    pub others: Others,
}

impl Extension {
    /// One that says yes or no.
    pub fn boolean(url: &str, value: bool) -> Self {
        Self { url: url.to_owned(), value_boolean: Some(value), ..Self::default() }
    }

    /// One that holds a whole number.
    pub fn integer(url: &str, value: i64) -> Self {
        Self { url: url.to_owned(), value_integer: Some(value), ..Self::default() }
    }

    /// One that holds a text.
    pub fn string(url: &str, value: impl Into<String>) -> Self {
        Self { url: url.to_owned(), value_string: Some(value.into()), ..Self::default() }
    }

    /// One that holds a code.
    pub fn code(url: &str, value: impl Into<String>) -> Self {
        Self { url: url.to_owned(), value_code: Some(value.into()), ..Self::default() }
    }
}

/// The extension of that address.
pub fn extended<'a>(extensions: &'a [Extension], url: &str) -> Option<&'a Extension> {
    extensions.iter().find(|extension| extension.url == url)
}

/// A person's name.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HumanName {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<String>,
    #[serde(flatten)]
    pub others: Others,
}

/// A telephone number or an e-mail address.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPoint {
    /// `phone` or `email`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// `mobile` for a mobile number.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub used_as: Option<String>,
    #[serde(flatten)]
    pub others: Others,
}

impl ContactPoint {
    /// A contact of a kind.
    pub fn of(system: &str, value: impl Into<String>) -> Self {
        let system = Some(system.to_owned());
        Self { system, value: Some(value.into()), ..Self::default() }
    }
}

/// The first contact of a kind.
pub fn contact<'a>(contacts: &'a [ContactPoint], system: &str) -> Option<&'a str> {
    let found = contacts.iter().find(|it| it.system.as_deref() == Some(system));
    found.and_then(|it| it.value.as_deref())
}

/// A postal address, as text.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(flatten)]
    pub others: Others,
}

/// A language that somebody can be written to in.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Communication {
    /// By its tag (BCP 47).
    pub language: CodeableConcept,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred: Option<bool>,
    #[serde(flatten)]
    pub others: Others,
}
