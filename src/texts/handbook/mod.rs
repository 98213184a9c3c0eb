//! The handbook: a page a subject, in Swedish and English, for screen, command line and man pages.
//!
//! Pages are written in a little of Markdown: `#` headings, lists, and fenced commands, each of which a
//! test runs. A key is written `{key:ACTION}` by its action's id, and shown as it is on the keyboard in
//! question.

use super::Language;

/// What a page is about, in the order in which they are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    FirstDay,
    NoTimes,
    Install,
    DatabaseServer,
    Services,
    EId,
    Backup,
    Upgrade,
    Monitoring,
    PersonalData,
}

/// A page in one language.
struct Page {
    /// What it is called on the command line.
    name: &'static str,
    text: &'static str,
}

macro_rules! page {
    ($language:literal, $name:literal, $file:literal) => {
        Page { name: $name, text: include_str!(concat!($language, "/", $file, ".md")) }
    };
}

macro_rules! pages {
    ($($topic:ident: $swedish:literal, $english:literal;)+) => {
        impl Topic {
            /// Every page there is.
            pub const ALL: &'static [Topic] = &[$(Topic::$topic),+];

            fn page(self, language: Language) -> Page {
                match self {
                    $(Topic::$topic => language.pick(
                        page!("sv", $swedish, $english),
                        page!("en", $english, $english),
                    ),)+
                }
            }
        }
    };
}

pages! {
    FirstDay: "forsta-dagen", "first-day";
    NoTimes: "inga-tider", "no-times";
    Install: "installera", "install";
    DatabaseServer: "databasserver", "database-server";
    Services: "tjanster", "services";
    EId: "e-legitimation", "e-id";
    Backup: "sakerhetskopia", "backup";
    Upgrade: "uppgradera", "upgrade";
    Monitoring: "overvakning", "monitoring";
    PersonalData: "personuppgifter", "personal-data";
}

impl Topic {
    /// The page of this name, in whichever language.
    pub fn named(name: &str) -> Option<Topic> {
        let is = |topic: &Topic| Language::ALL.iter().any(|language| topic.name(*language) == name);
        Topic::ALL.iter().copied().find(is)
    }

    /// What it is called on the command line.
    pub fn name(self, language: Language) -> &'static str {
        self.page(language).name
    }

    /// Its heading.
    pub fn title(self, language: Language) -> &'static str {
        let first = self.page(language).text.lines().next().unwrap_or_default();
        first.trim_start_matches("# ")
    }

    /// The page as it is written, keys as `{key:ACTION}`.
    pub fn source(self, language: Language) -> &'static str {
        self.page(language).text
    }

    /// The page to read, with keys by what `key` tells of an action's id.
    pub fn text(self, language: Language, key: impl Fn(&str) -> String) -> String {
        let mut text = String::new();
        let mut rest = self.source(language);
        while let Some((before, from)) = rest.split_once(KEY) {
            let (action, after) = from.split_once('}').unwrap_or((from, ""));
            text.push_str(before);
            text.push_str(&key(action));
            rest = after;
        }
        text + rest
    }
}

/// What a key begins with in a page.
const KEY: &str = "{key:";

/// One part of a page, for whatever sets it on a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Heading(String),
    /// Runs on over lines.
    Paragraph(String),
    /// An entry of a list: what it is marked with, and its text.
    Item(String, String),
    /// Lines to be kept as they are: commands, parts of files.
    Verbatim(Vec<String>),
}

/// A page in its parts.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    // Whether a line goes on with what the one before began.
    let mut goes_on = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let text = line.trim();
        if text.starts_with("```") {
            let kept = lines.by_ref().take_while(|line| !line.starts_with("```"));
            blocks.push(Block::Verbatim(kept.map(str::to_owned).collect()));
            goes_on = false;
        } else if let Some(heading) = text.strip_prefix('#') {
            blocks.push(Block::Heading(heading.trim_start_matches('#').trim().to_owned()));
            goes_on = false;
        } else if text.is_empty() {
            goes_on = false;
        } else if let Some((mark, entry)) = marked(text) {
            blocks.push(Block::Item(mark.to_owned(), entry.to_owned()));
            goes_on = true;
        } else {
            match blocks.last_mut() {
                Some(Block::Paragraph(begun) | Block::Item(_, begun)) if goes_on => {
                    begun.push(' ');
                    begun.push_str(text);
                }
                _ => blocks.push(Block::Paragraph(text.to_owned())),
            }
            goes_on = true;
        }
    }
    blocks
}

/// A list entry's mark and what follows it.
fn marked(line: &str) -> Option<(&str, &str)> {
    let (mark, entry) = line.split_once(' ')?;
    let number = mark.strip_suffix('.').is_some_and(|number| number.parse::<u8>().is_ok());
    (mark == "-" || number).then_some((mark, entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_in_its_parts() {
        let page = "# Title\n\nRuns on\nover lines.\n\n1. First\n   goes on\n2. Second\n\n```sh\na  b\n```\n- Last";
        let item = |mark: &str, text: &str| Block::Item(mark.to_owned(), text.to_owned());
        let expected = vec![
            Block::Heading("Title".to_owned()),
            Block::Paragraph("Runs on over lines.".to_owned()),
            item("1.", "First goes on"),
            item("2.", "Second"),
            Block::Verbatim(vec!["a  b".to_owned()]),
            item("-", "Last"),
        ];
        assert_eq!(blocks(page), expected);
    }

    #[test]
    fn every_page_has_a_title_and_a_name_of_its_own_in_each_language() {
        for language in Language::ALL {
            let mut names: Vec<&str> = Topic::ALL.iter().map(|it| it.name(language)).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), Topic::ALL.len());
            for topic in Topic::ALL {
                assert!(topic.source(language).starts_with("# "), "{topic:?}");
                assert_eq!(Topic::named(topic.name(language)), Some(*topic));
            }
        }
    }

    #[test]
    fn both_languages_give_the_same_commands_and_keys() {
        for topic in Topic::ALL {
            let [swedish, english] = Language::ALL.map(|language| {
                let source = topic.source(language);
                let verbatim: Vec<Block> = blocks(source)
                    .into_iter()
                    .filter(|block| matches!(block, Block::Verbatim(_)))
                    .collect();
                let mut keys: Vec<&str> =
                    source.split(KEY).skip(1).filter_map(|it| it.split('}').next()).collect();
                keys.sort_unstable();
                keys.dedup();
                (verbatim, keys)
            });
            assert_eq!(swedish, english, "{topic:?}");
        }
    }
}
