//! What is a clinic's own of a service, as systemd reads it beside the unit file: variables, and the
//! secrets that the service gets.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A service's own settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DropIn {
    pub(super) variables: Vec<(&'static str, String)>,
    /// By name; a name stands once.
    pub(super) credentials: Vec<(String, PathBuf)>,
    /// Other lines of the section.
    pub(super) lines: Vec<String>,
}

const HEAD: &str = "\
# Written by `tidbok setup`, which writes it anew: run it again to change what stands here, and put what
# else you want in a file of your own beside this one, whose name comes after it in the alphabet.
[Service]
";

impl DropIn {
    /// Adds a credential under the name of its file; says whether the name was free.
    pub(super) fn give(&mut self, file: PathBuf) -> bool {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
        self.give_as(name.unwrap_or_default(), file)
    }

    /// The same under another name.
    pub(super) fn give_as(&mut self, name: String, file: PathBuf) -> bool {
        match self.credentials.iter().find(|(taken, _)| *taken == name) {
            Some((_, other)) => *other == file,
            None => {
                self.credentials.push((name, file));
                true
            }
        }
    }

    /// As it is written.
    pub(super) fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        for (name, value) in &self.variables {
            // A text takes whatever is written.
            let _ = writeln!(text, "Environment=\"{name}={}\"", escaped(value));
        }
        // The unit's own list is replaced by this one.
        text.push_str("LoadCredential=\n");
        for (name, file) in &self.credentials {
            let file = file.display().to_string().replace('%', "%%");
            let _ = writeln!(text, "LoadCredential={}:{file}", name.replace('%', "%%"));
        }
        for line in &self.lines {
            let _ = writeln!(text, "{line}");
        }
        text
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%")
}

/// The value of a variable in such a file.
pub(super) fn variable(text: &str, name: &str) -> Option<String> {
    let begin = format!("Environment=\"{name}=");
    let value = text.lines().find_map(|line| line.strip_prefix(&begin)?.strip_suffix('"'))?;
    Some(value.replace("%%", "%").replace("\\\"", "\"").replace("\\\\", "\\"))
}

/// The file of a credential.
pub(super) fn credential(text: &str, name: &str) -> Option<PathBuf> {
    let begin = format!("LoadCredential={name}:");
    let file = text.lines().find_map(|line| line.strip_prefix(&begin))?;
    Some(Path::new(&file.replace("%%", "%")).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut it = DropIn::default();
        it.variables.push(("TIDBOK_PORTAL", "https://a.example/fhir/a%20\"b\"".to_owned()));
        assert!(it.give(PathBuf::from("/etc/tidbok/hash-key")));
        assert!(it.give(PathBuf::from("/etc/tidbok/hash-key")));
        assert!(!it.give(PathBuf::from("/etc/other/hash-key")));
        let text = it.text();
        assert_eq!(
            variable(&text, "TIDBOK_PORTAL").as_deref(),
            Some("https://a.example/fhir/a%20\"b\"")
        );
        assert_eq!(credential(&text, "hash-key"), Some(PathBuf::from("/etc/tidbok/hash-key")));
        assert_eq!(variable(&text, "TIDBOK_MAIL"), None);
        assert!(text.contains("LoadCredential=\nLoadCredential=hash-key:"), "{text}");
    }
}
