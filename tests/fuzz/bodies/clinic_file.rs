//! The clinic file: as text, or as changes to an example.

use std::sync::LazyLock;

use serde_json::Value;
use tidbok::store::{ClinicFile, Completeness};

use super::today;

static EXAMPLE: LazyLock<Value> = LazyLock::new(|| {
    let example = include_str!("../../data/clinic-example.json");
    serde_json::from_str(example).expect("JSON")
});

pub fn run(bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.trim_start().starts_with(['{', '[', '\u{feff}']) => read(text),
        _ => read(&changed(bytes).to_string()),
    }
}

/// Refused with faults that tell nothing of a patient; or taken, and then written as it was read,
/// masked as well, which can be read again.
fn read(text: &str) {
    let file = match ClinicFile::parse(text, today()) {
        Ok(file) => file,
        Err(faults) => {
            assert!(!faults.is_empty());
            let messages: String = faults.iter().map(|fault| fault.message.as_str()).collect();
            assert!(!messages.contains("19121212-1212") && !messages.contains("Tolvansson"));
            return;
        }
    };
    for completeness in [Completeness::Complete, Completeness::Masked] {
        let written = file.to_json(completeness);
        let again = ClinicFile::parse(&written, today()).expect("what is written can be read");
        assert_eq!(again.to_json(completeness), written);
        assert_eq!((again.setup, again.users.len()), (file.setup.clone(), file.users.len()));
    }
}

/// The example with changes: four bytes each: which value, what is done with it, and with what.
fn changed(bytes: &[u8]) -> Value {
    let mut document = EXAMPLE.clone();
    for change in bytes.chunks_exact(4).take(24) {
        let [high, low, what, with] = change else { continue };
        let place = usize::from(u16::from_be_bytes([*high, *low]));
        let count = count(&document);
        let other = nth(&mut document, &mut (usize::from(*with) * 7 % count)).map(|it| it.clone());
        let Some(value) = nth(&mut document, &mut (place % count)) else { continue };
        alter(value, *what, *with, other.unwrap_or_default());
    }
    document
}

/// The values of a document, itself among them.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// The value with that number, in order of the document.
fn nth<'v>(value: &'v mut Value, place: &mut usize) -> Option<&'v mut Value> {
    if *place == 0 {
        return Some(value);
    }
    *place -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, place)),
        Value::Object(members) => members.values_mut().find_map(|item| nth(item, place)),
        _ => None,
    }
}

/// Texts and numbers at which something turns.
const TEXTS: [&str; 16] = [
    "",
    " ",
    "a",
    "\u{1b}[31m",
    "Å\u{30a}\u{202e}",
    "2026-02-29",
    "2026-03-29T02:30",
    "9999-12-31T23:59",
    "1000-01-01T00:00",
    "2026-11-25T09:00",
    "#ABCDEF",
    "RR",
    "ITB",
    "Etc/UTC",
    "19121212-1212",
    "201212121212",
];
const NUMBERS: [i64; 8] = [-1, 0, 1, 600, 601, u32::MAX as i64, u32::MAX as i64 + 1, i64::MAX];

fn alter(value: &mut Value, what: u8, with: u8, other: Value) {
    let with = usize::from(with);
    match (what % 8, value) {
        (0, value) => *value = other,
        (1, value) => *value = TEXTS[with % TEXTS.len()].into(),
        (2, value) => *value = NUMBERS[with % NUMBERS.len()].into(),
        (3, value) => {
            *value = [Value::Null, true.into(), false.into(), 1.5.into()][with % 4].clone()
        }
        (4, Value::Array(items)) if !items.is_empty() => {
            let at = with % items.len();
            items.push(items[at].clone());
        }
        (5, Value::Array(items)) if !items.is_empty() => {
            items.remove(with % items.len());
        }
        (5, Value::Object(members)) if !members.is_empty() => {
            let key = members.keys().nth(with % members.len()).cloned().expect("a key");
            members.remove(&key);
        }
        (6, Value::Object(members)) => {
            members.insert(KEYS[with % KEYS.len()].to_owned(), other);
        }
        (7, Value::String(text)) => text.push_str(TEXTS[with % TEXTS.len()]),
        _ => {}
    }
}

/// Keys that members may have, those among them that the example leaves out.
const KEYS: [&str; 24] = [
    "active",
    "address",
    "closed_days",
    "code",
    "e_id",
    "expires_days_before",
    "id",
    "may_bypass",
    "os_account",
    "password_hash",
    "patient",
    "paused",
    "permissions",
    "phone",
    "portal_id",
    "portal_text",
    "practitioners",
    "protected",
    "recall_date",
    "recall_template",
    "state",
    "template",
    "week_templates",
    "sessions",
];
