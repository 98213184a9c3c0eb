//! Reading one JSON object key by key, with a fault for everything missing, unknown, repeated or
//! of the wrong type, each by its path.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::Fault;
use super::json::Json;

/// The faults found so far. Shared, since many readers add to it in turn.
#[derive(Default)]
pub(super) struct Faults(RefCell<Vec<Fault>>);

impl Faults {
    pub(super) fn add(&self, path: impl Into<String>, message: impl Into<String>) {
        self.0.borrow_mut().push(Fault { path: path.into(), message: message.into() });
    }

    pub(super) fn into_inner(self) -> Vec<Fault> {
        self.0.into_inner()
    }
}

/// Reads a value, or says what it should have been.
pub(super) trait Read<'j, T>: Fn(&'j Json) -> Result<T, String> {}
impl<'j, T, F: Fn(&'j Json) -> Result<T, String>> Read<'j, T> for F {}

/// An object being read. Every key must be asked for before [`Self::end`], which names the rest.
pub(super) struct Fields<'j, 'f> {
    path: String,
    index: usize,
    entries: &'j [(String, Json)],
    asked: BTreeSet<&'static str>,
    faults: &'f Faults,
}

impl<'j, 'f> Fields<'j, 'f> {
    /// `None`, and a fault, where the value is no object.
    pub(super) fn open(json: &'j Json, path: String, faults: &'f Faults) -> Option<Self> {
        let Json::Object(entries) = json else {
            faults.add(path, format!("must be an object, not {}", json.kind()));
            return None;
        };
        Some(Self { path, index: 0, entries, asked: BTreeSet::new(), faults })
    }

    /// Opens a member of the array under a key of the document.
    pub(super) fn member(
        array: &str,
        index: usize,
        json: &'j Json,
        faults: &'f Faults,
    ) -> Option<Self> {
        let fields = Self::open(json, format!("{array}[{index}]"), faults)?;
        Some(Self { index, ..fields })
    }

    /// The place in the array that the object is a member of.
    pub(super) fn index(&self) -> usize {
        self.index
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The path of a key; at the top the key alone.
    pub(super) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn fault(&self, key: &str, message: impl Into<String>) {
        self.faults.add(self.path_of(key), message);
    }

    /// The value of a key, if it is there.
    pub(super) fn get(&mut self, key: &'static str) -> Option<&'j Json> {
        self.asked.insert(key);
        self.entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// A key that must be there.
    pub(super) fn required<T>(&mut self, key: &'static str, read: impl Read<'j, T>) -> Option<T> {
        match self.get(key) {
            Some(json) => self.read(key, json, read),
            None => {
                self.fault(key, "is missing");
                None
            }
        }
    }

    /// A key with a default.
    pub(super) fn or<T>(
        &mut self,
        key: &'static str,
        default: T,
        read: impl Read<'j, T>,
    ) -> Option<T> {
        match self.get(key) {
            Some(json) => self.read(key, json, read),
            None => Some(default),
        }
    }

    /// A key that may be missing or null.
    pub(super) fn nullable<T>(
        &mut self,
        key: &'static str,
        read: impl Read<'j, T>,
    ) -> Option<Option<T>> {
        match self.get(key) {
            None | Some(Json::Null) => Some(None),
            Some(json) => self.read(key, json, read).map(Some),
        }
    }

    fn read<T>(&self, key: &str, json: &'j Json, read: impl Read<'j, T>) -> Option<T> {
        read(json).map_err(|message| self.fault(key, message)).ok()
    }

    /// Names keys that nobody asked for and keys that stand twice.
    pub(super) fn end(self) {
        let mut seen = BTreeSet::new();
        for (key, _) in self.entries {
            if !self.asked.contains(key.as_str()) {
                self.fault(key, "is not a key of the clinic file");
            } else if !seen.insert(key) {
                self.fault(key, "stands twice in one object");
            }
        }
    }
}
