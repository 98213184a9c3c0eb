//! The patient's details (R14): what was typed, what is wrong with it, and the person it makes. What was
//! typed is personal: it has no `Debug`.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

use crate::domain::{
    ClinicZone, Contacts, Fault, Field, Identification, PatientLanguage, Personnummer, Problem,
    TypedContacts,
};
use crate::fhir::{Patient, Resource, names};

/// The longest that is kept of what was typed into a field, in characters: more is cut before it is
/// shown again.
const LONGEST: usize = 500;

/// Whether patients must give their address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressIs {
    Required,
    NotAsked,
}

/// The form as it was typed.
#[derive(Clone, Default)]
pub struct Typed {
    pub first_name: String,
    pub last_name: String,
    pub personnummer: String,
    pub email: String,
    pub mobile: String,
    pub address: String,
}

/// Who wants to book, as R14 requires.
pub struct Person {
    pub personnummer: Personnummer,
    pub identification: Identification,
    pub contacts: Contacts,
    /// In which the person is written to.
    pub language: PatientLanguage,
}

impl Typed {
    /// The fields of the form, in order, by the names that forms give them.
    pub const NAMES: [(&str, Field); 6] = [
        ("first-name", Field::FirstName),
        ("last-name", Field::LastName),
        ("personnummer", Field::Personnummer),
        ("email", Field::Email),
        ("mobile", Field::Mobile),
        ("address", Field::Address),
    ];

    /// Reads what a form sent.
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in pairs {
            let known = Self::NAMES.iter().find(|(known, _)| *known == name);
            if let Some(place) = known.and_then(|(_, field)| typed.place(*field)) {
                let seen = value.chars().filter(|letter| !is_unseen(*letter));
                *place = seen.take(LONGEST).collect();
            }
        }
        typed
    }

    fn place(&mut self, field: Field) -> Option<&mut String> {
        Some(match field {
            Field::FirstName => &mut self.first_name,
            Field::LastName => &mut self.last_name,
            Field::Personnummer => &mut self.personnummer,
            Field::Email => &mut self.email,
            Field::Mobile => &mut self.mobile,
            Field::Address => &mut self.address,
            _ => return None,
        })
    }

    /// What was typed into a field.
    pub fn of(&self, field: Field) -> &str {
        match field {
            Field::FirstName => &self.first_name,
            Field::LastName => &self.last_name,
            Field::Personnummer => &self.personnummer,
            Field::Email => &self.email,
            Field::Mobile => &self.mobile,
            Field::Address => &self.address,
            _ => "",
        }
    }

    /// The same as a page shows it again: what steers a screen is left out.
    pub fn shown(&self, field: Field) -> String {
        self.of(field).chars().filter(|letter| !letter.is_control()).collect()
    }

    /// The personnummer as R21 has it written: without the spaces, and with the digits and dashes, that
    /// telephones and word processors put in.
    pub fn number(&self) -> String {
        let plain = |letter| match letter {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => '-',
            _ => letter,
        };
        self.personnummer.nfkc().filter(|letter| !letter.is_whitespace()).map(plain).collect()
    }

    /// Whether nothing was typed at all.
    pub fn is_empty(&self) -> bool {
        Self::NAMES.iter().all(|(_, field)| self.of(*field).is_empty())
    }

    /// The person that it makes.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the form, one fault a field.
    pub fn person(
        &self,
        address: AddressIs,
        language: PatientLanguage,
        now: DateTime<Utc>,
    ) -> Result<Person, Vec<Fault>> {
        let read = TypedContacts {
            personnummer: &self.number(),
            first_name: &self.first_name,
            last_name: &self.last_name,
            email: &self.email,
            mobile: &self.mobile,
            address: if address == AddressIs::Required { &self.address } else { "" },
        }
        .read(ClinicZone::default().civil(now).date());
        let lacks_address = address == AddressIs::Required && self.address.trim().is_empty();
        let lacking = Fault { field: Field::Address, problem: Problem::Empty };
        let mut faults = match read {
            Ok((personnummer, contacts)) if !lacks_address => {
                let identification = Identification::Unverified;
                return Ok(Person { personnummer, identification, contacts, language });
            }
            Ok(_) => Vec::new(),
            Err(faults) => faults,
        };
        faults.extend(lacks_address.then_some(lacking));
        let in_order = Self::NAMES.iter();
        Err(in_order
            .filter_map(|(_, field)| faults.iter().find(|fault| fault.field == *field).copied())
            .collect())
    }
}

/// Marks that come along unseen when something is pasted, and turn around what stands beside them.
fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// The system that a number is of, and its twelve digits.
pub fn number_of(personnummer: &Personnummer) -> (&'static str, String) {
    let system = if personnummer.is_coordination_number() {
        names::SAMORDNINGSNUMMER
    } else {
        names::PERSONNUMMER
    };
    (system, personnummer.as_str().replace('-', ""))
}

/// The language that a patient is to be written to in, on the wire.
pub fn written_to_in(language: PatientLanguage) -> Value {
    let coding = json!([{"system": names::LANGUAGE, "code": language.tag()}]);
    json!([{"language": {"coding": coding}, "preferred": true}])
}

impl Person {
    /// The person on the wire.
    pub fn patient(&self) -> Value {
        let (system, number) = number_of(&self.personnummer);
        let contacts = &self.contacts;
        let mut patient = json!({
            "resourceType": Patient::KIND,
            "identifier": [{"system": system, "value": number}],
            "name": [{"family": contacts.last_name, "given": [contacts.first_name]}],
            "telecom": [
                {"system": "email", "value": contacts.email},
                {"system": "phone", "value": contacts.mobile, "use": "mobile"},
            ],
            "communication": written_to_in(self.language),
        });
        if let (Some(object), Some(address)) = (patient.as_object_mut(), &contacts.address) {
            object.insert("address".to_owned(), json!([{"text": address}]));
        }
        patient
    }
}
