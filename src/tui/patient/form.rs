//! The personal details of a patient as fields, and back. Pure.

use unicode_normalization::UnicodeNormalization;

use crate::clinic::Command;
use crate::domain::{
    Changed, IdentityProtection, NewPatient, Patient, PatientId, Personnummer, Recall,
    SettingChange, swedish,
};
use crate::texts::bad_personnummer;
use crate::tui::form::{Control, Item, OneOf};
use crate::tui::goto::{From, parse_coming};
use crate::tui::model::Model;
use crate::tui::settings::{CardField, CardForm, Faults, Key, Value, WordedFaults, fault_texts};

/// A form for somebody new, begun with what was typed to search: a number, or names.
pub fn registering(model: &Model, typed: &str) -> CardForm {
    let mut personal = NewPatient {
        personnummer: None,
        first_name: String::new(),
        last_name: String::new(),
        email: None,
        mobile: None,
        address: None,
        protection: IdentityProtection::None,
    };
    let typed: String = typed.nfc().collect();
    let of_number = |word: &&str| word.starts_with(|letter: char| letter.is_ascii_digit());
    let (number, names): (Vec<&str>, Vec<&str>) = typed.split_whitespace().partition(of_number);
    let (first, last) = split_name(&names);
    personal.first_name = capitalised(&first);
    personal.last_name = capitalised_last_name(&last);
    CardForm::new(fields(model, &personal, number.join(" ")))
}

/// First and last name as patients are listed, `Ek, Anna`, or as they are called.
fn split_name(names: &[&str]) -> (String, String) {
    let whole = names.join(" ");
    if let Some((last, first)) = whole.split_once(',') {
        return (first.trim().to_owned(), last.trim().to_owned());
    }
    // `Von` may be a first name where it comes first; `von` is none.
    let joins = |(at, word): (usize, &&str)| {
        is_particle(&word.to_lowercase()) && (at > 0 || is_particle(word))
    };
    let begins = names.iter().enumerate().position(joins);
    let (first, last) = names.split_at(begins.unwrap_or(names.len().saturating_sub(1)));
    (first.join(" "), last.join(" "))
}

/// Whether a word belongs to the name after it: `von Otter`, `de la Gardie`.
fn is_particle(word: &str) -> bool {
    const PARTICLES: [&str; 19] = [
        "af", "av", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "la", "le", "ten",
        "ter", "van", "von", "zu", "zur",
    ];
    PARTICLES.contains(&word)
}

/// A last name, its particles as they were typed.
fn capitalised_last_name(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let named = words.iter().position(|word| !is_particle(word));
    let (particles, own) = words.split_at(named.unwrap_or(words.len().saturating_sub(1)));
    let own = own.iter().map(|word| capitalised(word));
    particles.iter().map(|word| (*word).to_owned()).chain(own).collect::<Vec<_>>().join(" ")
}

/// As names are written: the search is often typed in small letters.
fn capitalised(name: &str) -> String {
    let mut begins = true;
    let mut written = String::new();
    for letter in name.chars() {
        if begins {
            written.extend(letter.to_uppercase());
        } else {
            written.push(letter);
        }
        begins = letter == ' ' || letter == '-';
    }
    written
}

/// The fields of the personal details, with the number as it is written.
pub fn fields(model: &Model, of: &NewPatient, number: String) -> Vec<CardField> {
    let texts = model.language.patient_texts();
    let optional = |text: &Option<String>| Control::text(text.clone().unwrap_or_default());
    let own = |key, label, help, control| CardField::new(key, label, help, control).personal();
    let (first, last) = (Control::text(&of.first_name), Control::text(&of.last_name));
    let number = Control::text(number);
    let protected = Control::YesNo(of.protection == IdentityProtection::Protected);
    vec![
        own(Key::Personnummer, texts.personnummer, texts.personnummer_help, number),
        own(Key::FirstName, texts.first_name, texts.first_name_help, first),
        own(Key::LastName, texts.last_name, texts.last_name_help, last),
        own(Key::Mobile, texts.mobile, texts.mobile_help, optional(&of.mobile)),
        own(Key::Email, texts.email, texts.email_help, optional(&of.email)),
        own(Key::Address, texts.address, texts.address_help, optional(&of.address)),
        CardField::new(Key::Protected, texts.protected, texts.protected_help, protected),
    ]
}

/// The form of a patient's card: the personal details, then the recall (R16).
pub fn of_patient(model: &Model, of: &Patient) -> CardForm {
    let texts = model.language.patient_texts();
    let number = of.personnummer.as_ref().map_or("", |number| number.as_str()).to_owned();
    let mut fields = fields(model, &personal(of), number);
    let months = Control::number(Some(of.recall.months), texts.recall_months_unit);
    let template = of.recall.template.clone().map_or(Value::NoTemplate, Value::Template);
    let templates = OneOf::new(recall_templates(model, of), Some(&template));
    fields.extend([
        CardField::new(
            Key::RecallDate,
            texts.recall_date,
            texts.recall_date_help,
            Control::date(of.recall.date),
        ),
        CardField::new(Key::RecallMonths, texts.recall_months, texts.recall_months_help, months),
        CardField::new(
            Key::RecallTemplate,
            texts.recall_template,
            texts.recall_template_help,
            Control::One(templates),
        ),
    ]);
    CardForm::new(fields)
}

/// No template, the active ones that are usable for recall by name, and the one that the patient has.
fn recall_templates(model: &Model, of: &Patient) -> Vec<Item<Value>> {
    let own = of.recall.template.as_ref();
    let mut usable: Vec<_> = model
        .setup
        .templates
        .values()
        .filter(|template| template.active && template.recall || own == Some(&template.id))
        .collect();
    usable.sort_by(|a, b| swedish::compare(&a.name, &b.name));
    let none = Item::new(Value::NoTemplate, model.language.patient_texts().no_template);
    let items = usable
        .into_iter()
        .map(|template| Item::new(Value::Template(template.id.clone()), template.name.clone()));
    std::iter::once(none).chain(items).collect()
}

/// The patient as the form stands, and what of it can't be read.
pub fn read_patient(model: &Model, form: &CardForm, before: &Patient) -> (Patient, Faults) {
    let texts = model.language.patient_texts();
    let mut faults = Faults::new();
    let personal = read(model, form, &mut faults);
    let today = model.now.date();
    let typed = form.optional_text(Key::RecallDate);
    let date = typed.as_deref().map(|typed| parse_coming(typed, From { today, shown: today }));
    if date == Some(None) {
        faults.push((Key::RecallDate, texts.recall_date_bad.to_owned()));
    }
    let months = form.text(Key::RecallMonths).parse().ok();
    if months.is_none() {
        faults.push((Key::RecallMonths, texts.recall_months_bad.to_owned()));
    }
    let template = match form.one(Key::RecallTemplate) {
        Some(Value::Template(id)) => Some(id),
        _ => None,
    };
    let recall =
        Recall { months: months.unwrap_or(before.recall.months), date: date.flatten(), template };
    (Patient { recall, ..personal.registered(before.id.clone()) }, faults)
}

/// The personal details of a patient.
fn personal(of: &Patient) -> NewPatient {
    NewPatient {
        personnummer: of.personnummer.clone(),
        first_name: of.first_name.clone(),
        last_name: of.last_name.clone(),
        email: of.email.clone(),
        mobile: of.mobile.clone(),
        address: of.address.clone(),
        protection: of.protection,
    }
}

/// The number in the form as it is typed; `None` where the field is empty.
///
/// # Errors
/// It is none (R21).
pub fn number(
    model: &Model,
    form: &CardForm,
) -> Result<Option<Personnummer>, crate::domain::BadPersonnummer> {
    // Copied numbers have other dashes, and spaces in them.
    let dash = |letter| if "‐‑–−".contains(letter) { '-' } else { letter };
    let typed: String = form.text(Key::Personnummer).split_whitespace().collect();
    let typed: String = typed.chars().map(dash).collect();
    if typed.is_empty() {
        return Ok(None);
    }
    Personnummer::parse(&typed, model.now.date()).map(Some)
}

/// The personal details as they stand in the form, and what of them can't be read.
pub fn read(model: &Model, form: &CardForm, faults: &mut Faults) -> NewPatient {
    let personnummer = number(model, form).unwrap_or_else(|fault| {
        faults.push((Key::Personnummer, bad_personnummer(model.language, fault).to_owned()));
        None
    });
    NewPatient {
        personnummer,
        first_name: form.text(Key::FirstName),
        last_name: form.text(Key::LastName),
        email: form.optional_text(Key::Email),
        mobile: form.optional_text(Key::Mobile),
        address: form.optional_text(Key::Address),
        protection: match form.yes(Key::Protected) {
            true => IdentityProtection::Protected,
            false => IdentityProtection::None,
        },
    }
}

/// Somebody new as the form stands.
///
/// # Errors
/// What is wrong with it, at its fields.
pub fn read_new(model: &Model, form: &CardForm) -> Result<NewPatient, WordedFaults> {
    let mut unreadable = Faults::new();
    let new = read(model, form, &mut unreadable);
    let patient = new.clone().registered(PatientId::new(""));
    let added = SettingChange::Patient(Changed::Added(patient));
    let mut faults = fault_texts(model, &Command::ChangeSetting(Box::new(added)));
    faults.at_fields.splice(0..0, unreadable);
    if faults.is_empty() { Ok(new) } else { Err(faults) }
}
