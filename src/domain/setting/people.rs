//! What is wrong with a patient's card, and with the contacts that patients give online (R14). Pure.

use super::check::{Found, LONGEST_NAME, LONGEST_TEXT, Others, PersonnummerIs};
use super::{Fault, Field, Problem};
use crate::domain::change::Changed;
use crate::domain::contacts::{Contacts, GivenContacts};
use crate::domain::patient::Patient;

/// The most months between check-ups.
const MOST_MONTHS: u32 = 120;

pub(super) fn patient(found: &mut Found, change: &Changed<Patient>, others: &Others<'_>) {
    let Some(after) = change.after() else { return };
    found.required(Field::FirstName, &after.first_name, LONGEST_NAME);
    found.required(Field::LastName, &after.last_name, LONGEST_NAME);
    found.email(after.email.as_ref());
    found.optional(Field::Mobile, after.mobile.as_ref(), LONGEST_NAME);
    found.optional(Field::Address, after.address.as_ref(), LONGEST_TEXT);
    found.range(Field::RecallMonths, after.recall.months, 1, MOST_MONTHS);
    if let Some(id) = &after.recall.template {
        match others.setup.templates.get(id) {
            None => found.add(Field::RecallTemplate, Problem::Unknown),
            Some(template) if !template.recall => {
                found.add(Field::RecallTemplate, Problem::NotForRecall);
            }
            Some(_) => {}
        }
    }
    let taken = others.personnummer == PersonnummerIs::AnothersAlready;
    found.if_so(taken.into(), Field::Personnummer, Problem::Taken);
}

/// Staff settle an offer and open it again; what patients wrote is theirs.
pub(super) fn given_contacts(found: &mut Found, change: &Changed<GivenContacts>) {
    let settled = match change {
        Changed::Altered { before, after } => {
            GivenContacts { offer: after.offer, ..before.clone() } == *after
        }
        Changed::Added(_) | Changed::Removed(_) => false,
    };
    found.if_so((!settled).into(), Field::Whole, Problem::Reserved);
}

/// What is wrong with the contacts that a patient gives (R14); an address may be missing here.
pub(in crate::domain) fn contact_faults(given: &Contacts) -> Vec<Fault> {
    let mut found = Found(Vec::new());
    let lines = [
        (Field::FirstName, &given.first_name),
        (Field::LastName, &given.last_name),
        (Field::Email, &given.email),
        (Field::Mobile, &given.mobile),
    ];
    let empty = |text: &String| text.trim().is_empty();
    for (field, text) in lines {
        found.if_so(empty(text).into(), field, Problem::Empty);
        found.if_so(text.contains('\n').into(), field, Problem::ControlCharacters);
    }
    found.text(Field::FirstName, &given.first_name, LONGEST_NAME);
    found.text(Field::LastName, &given.last_name, LONGEST_NAME);
    found.email(Some(&given.email).filter(|text| !empty(text)));
    found.text(Field::Mobile, &given.mobile, LONGEST_NAME);
    let wrong = !empty(&given.mobile) && !is_number(&given.mobile);
    found.if_so(wrong.into(), Field::Mobile, Problem::Malformed);
    found.optional(Field::Address, given.address.as_ref(), LONGEST_TEXT);
    found.0
}

/// Whether somebody can be rung on it: enough digits, and what stands between digits.
fn is_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let known = |letter: char| letter.is_ascii_digit() || " +-()/".contains(letter);
    (5..=20).contains(&digits) && text.chars().all(known)
}
