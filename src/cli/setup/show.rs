//! What is going to be written, for somebody to look at. Secrets are named and not shown.

use similar::{ChangeTag, TextDiff};

use crate::cli::output;
use crate::texts::Language;

use super::plan::{Plan, Planned, Readers};

/// A line for each file.
pub(super) fn summary(plan: &Plan, language: Language) -> String {
    let line = |what: &str, path: &std::path::Path| format!("{what:<10} {}\n", path.display());
    let mut text: String =
        plan.files.iter().map(|file| line(state(file, language), &file.path)).collect();
    for path in &plan.gone {
        text.push_str(&line(language.pick("tas bort", "removed"), path));
    }
    text
}

fn state(file: &Planned, language: Language) -> &'static str {
    match (file.readers, &file.before) {
        (Readers::OwnerAlone, _) => language.pick("hemlighet", "secret"),
        (Readers::Everyone, None) => language.pick("ny", "new"),
        (Readers::Everyone, Some(_)) if file.is_change() => language.pick("ändras", "changed"),
        (Readers::Everyone, Some(_)) => language.pick("som den är", "as it is"),
    }
}

/// Each file with what is added and taken out.
pub(super) fn whole(plan: &Plan, language: Language) -> String {
    let mut text = summary(plan, language);
    for file in &plan.files {
        if file.readers == Readers::Everyone && file.is_change() {
            text.push_str(&difference(file));
        }
    }
    text.push_str(language.pick("\nInget är skrivet.\n", "\nNothing was written.\n"));
    text
}

fn difference(file: &Planned) -> String {
    let before = file.before.as_deref().unwrap_or_default();
    let mut text = format!("\n== {}\n", file.path.display());
    for change in TextDiff::from_lines(before, &file.text).iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            // Of a new file everything is new: the signs would only be in the way.
            ChangeTag::Equal => ' ',
        };
        text.push(sign);
        text.push_str(&output::plain(change.value().trim_end_matches(['\n', '\r'])));
        text.push('\n');
    }
    text
}
