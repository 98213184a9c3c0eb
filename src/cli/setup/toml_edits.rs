//! A configuration file in TOML that is changed key by key: comments, order and whatever else stands in it
//! are kept.

use std::path::{Path, PathBuf};
use std::{fs, io};

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use crate::cli::{Failure, toml_file};

/// A file, as it is and as it is to be.
pub(super) struct TomlFile {
    pub(super) path: PathBuf,
    /// `None` where there is none yet.
    before: Option<String>,
    document: DocumentMut,
}

impl TomlFile {
    /// Reads a file; `beginning` is what a new one begins from.
    pub(super) fn read(path: &Path, beginning: &str) -> Result<Self, Failure> {
        let before = text_of(path)?;
        let text = before.as_deref().unwrap_or(beginning);
        let document = text.parse::<DocumentMut>();
        let document = document
            .map_err(|error| toml_file::wrong(text, path, error.span(), error.message()))?;
        Ok(Self { path: path.to_owned(), before, document })
    }

    pub(super) fn is_there(&self) -> bool {
        self.before.is_some()
    }

    /// The file as it is to be.
    pub(super) fn text(&self) -> String {
        self.document.to_string()
    }

    fn item(&self, keys: &[&str]) -> Option<&Item> {
        let mut item = self.document.as_item();
        for key in keys {
            item = item.as_table_like()?.get(key)?;
        }
        Some(item)
    }

    /// The names in a section.
    pub(super) fn names(&self, keys: &[&str]) -> Vec<String> {
        let section = self.item(keys).and_then(Item::as_table_like);
        let names = section.map(|it| it.iter().map(|(name, _)| name.to_owned()).collect());
        names.unwrap_or_default()
    }

    pub(super) fn has(&self, keys: &[&str]) -> bool {
        self.item(keys).is_some()
    }

    /// A text.
    pub(super) fn said(&self, keys: &[&str]) -> Option<&str> {
        self.item(keys)?.as_str()
    }

    pub(super) fn number(&self, keys: &[&str]) -> Option<i64> {
        self.item(keys)?.as_integer()
    }

    /// Sets the value of a key; one that says the same is left as it is written.
    pub(super) fn set(&mut self, keys: &[&str], value: impl Into<Value>) {
        let Some((key, sections)) = keys.split_last() else { return };
        let mut value: Value = value.into();
        let Some(section) = section(&mut self.document, sections) else { return };
        match section.get_mut(key).and_then(Item::as_value_mut) {
            Some(old) if is_same(old, &value) => {}
            Some(old) => {
                *value.decor_mut() = old.decor().clone();
                *old = value;
            }
            None => {
                section.insert(key, Item::Value(value));
            }
        }
    }

    /// Sets a key, or takes it out.
    pub(super) fn put(&mut self, keys: &[&str], value: Option<impl Into<Value>>) {
        match value {
            Some(value) => self.set(keys, value),
            None => self.remove(keys),
        }
    }

    /// Takes a key or a section out.
    pub(super) fn remove(&mut self, keys: &[&str]) {
        let Some((key, sections)) = keys.split_last() else { return };
        let mut item = self.document.as_item_mut();
        for name in sections {
            match item.as_table_like_mut().and_then(|table| table.get_mut(name)) {
                Some(inner) => item = inner,
                None => return,
            }
        }
        if let Some(table) = item.as_table_like_mut() {
            table.remove(key);
        }
    }
}

/// What a file holds; `None` where there is none.
pub(super) fn text_of(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::Usage(format!("{}: {error}", path.display()))),
    }
}

/// The section with these names, made where it is missing.
fn section<'a>(document: &'a mut DocumentMut, names: &[&str]) -> Option<&'a mut dyn TableLike> {
    let mut item = document.as_item_mut();
    for (depth, name) in names.iter().enumerate() {
        let table = item.as_table_like_mut()?;
        if table.get(name).is_none() {
            let mut new = Table::new();
            // Without a heading of its own where it only holds other sections.
            new.set_implicit(depth + 1 < names.len());
            table.insert(name, Item::Table(new));
        }
        item = table.get_mut(name)?;
    }
    item.as_table_like_mut()
}

fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) => one.value() == other.value(),
        (Value::Integer(one), Value::Integer(other)) => one.value() == other.value(),
        (Value::Boolean(one), Value::Boolean(other)) => one.value() == other.value(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> (tempfile::TempDir, TomlFile) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.toml");
        fs::write(&path, text).expect("a file");
        let file = TomlFile::read(&path, "").expect("TOML");
        (folder, file)
    }

    #[test]
    fn only_what_is_changed_is_written_otherwise() {
        let text = "# top\nlogin = 'os'   # why\nunknown = [1,  2]\n\n[keys] # own\nundo = \"z\"\n";
        let (_folder, mut it) = file(text);
        it.set(&["login"], "os");
        it.set(&["keys", "undo"], "z");
        it.remove(&["nothing"]);
        it.remove(&["no", "section"]);
        assert_eq!(it.text(), text);
        it.set(&["login"], "password");
        it.set(&["lock_minutes"], 10);
        it.set(&["a", "b", "c"], true);
        let expected = "# top\nlogin = \"password\"   # why\nunknown = [1,  2]\nlock_minutes = 10\n\n\
                        [keys] # own\nundo = \"z\"\n\n[a.b]\nc = true\n";
        assert_eq!(it.text(), expected);
        it.remove(&["lock_minutes"]);
        it.remove(&["a"]);
        assert_eq!(it.text(), text.replace("'os'", "\"password\""));
    }

    #[test]
    fn what_stands_there_is_read() {
        let (_folder, it) = file("a = \"x\"\nn = 5\n[s.one]\n[s.two]\nt = \"y\"\n");
        assert_eq!((it.said(&["a"]), it.number(&["n"])), (Some("x"), Some(5)));
        assert_eq!(it.names(&["s"]), ["one", "two"]);
        assert_eq!((it.said(&["s", "two", "t"]), it.said(&["s", "one", "t"])), (Some("y"), None));
        assert!(it.has(&["s", "one"]) && !it.has(&["s", "three"]) && it.is_there());
    }
}
