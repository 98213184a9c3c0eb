//! How well what has been typed fits an entry: the case of letters, the way in which å ä ö are
//! written and the order of words don't matter. Pure.

use crate::domain::swedish;

/// Shortest part that is also found inside a word.
const INSIDE_FROM: usize = 3;

/// Stands before and after every word, so that looking for a word is looking for a text.
const EDGE: char = '\u{1}';

/// What an entry is found by: its text, and more words.
#[derive(Clone, Default)]
pub struct SearchKey {
    whole: String,
    text: String,
    more: String,
}

/// What has been typed, word by word.
pub struct Typed {
    whole: String,
    words: Vec<Word>,
}

/// A word as it is looked for.
struct Word {
    own: String,
    beginning: String,
    inside: String,
}

impl Word {
    fn new(word: &str) -> Self {
        let own = format!("{EDGE}{word}{EDGE}");
        Self { own, beginning: format!("{EDGE}{word}"), inside: word.to_owned() }
    }
}

/// How well an entry fits; less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    text: u8,
    words: usize,
}

impl Typed {
    /// From a field. Signs between words, as in a menu path, count for nothing beside words.
    pub fn new(text: &str) -> Self {
        let whole = swedish::loose_key(text);
        let mut words: Vec<Word> = words(&whole).map(Word::new).collect();
        if words.is_empty() {
            words.extend(whole.split_whitespace().map(Word::new));
        }
        Self { whole, words }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The words of a text, each between edges; signs alone are kept as they are.
fn edged(text: &str) -> String {
    let mut edged = String::from(EDGE);
    for word in text.split_whitespace() {
        let before = edged.len();
        for part in words(word) {
            edged.push_str(part);
            edged.push(EDGE);
        }
        if edged.len() == before {
            edged.push_str(word);
            edged.push(EDGE);
        }
    }
    edged
}

impl SearchKey {
    /// Of an entry with this text.
    pub fn new(text: &str) -> Self {
        let whole = swedish::loose_key(text);
        Self { text: edged(&whole), whole, more: String::new() }
    }

    /// Found by more words.
    pub fn and(self, more: &str) -> Self {
        Self { more: edged(&swedish::loose_key(more)), ..self }
    }

    /// `None` where a typed word is nowhere in it: it must begin a word, or be some letters long.
    pub fn rank(&self, typed: &Typed) -> Option<Rank> {
        let text = match &self.whole {
            whole if *whole == typed.whole => 0,
            whole if whole.starts_with(&typed.whole) => 1,
            _ => 2,
        };
        let each = typed.words.iter().map(|word| {
            place(&self.text, word).or_else(|| place(&self.more, word).map(|place| place + PLACES))
        });
        let words = each.sum::<Option<usize>>()?;
        Some(Rank { text, words: if text < 2 { 0 } else { words } })
    }
}

/// How many places there are for a word in a text.
const PLACES: usize = 3;

/// Where a word is in a text: a word of its own, the beginning of one, or inside.
fn place(text: &str, typed: &Word) -> Option<usize> {
    if !text.contains(&typed.inside) {
        return None;
    }
    if text.contains(&typed.own) {
        return Some(0);
    }
    if text.contains(&typed.beginning) {
        return Some(1);
    }
    (typed.inside.chars().count() >= INSIDE_FROM).then_some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best<'a>(typed: &str, entries: &[(&'a str, &str)]) -> Vec<&'a str> {
        let typed = Typed::new(typed);
        let mut found: Vec<_> = entries
            .iter()
            .filter_map(|(text, more)| Some((SearchKey::new(text).and(more).rank(&typed)?, *text)))
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn the_best_comes_first_and_case_order_and_spelling_do_not_matter() {
        let entries = [
            ("Boka", "Bokning, bokningsmall"),
            ("Ny · Bokningsmallar", ""),
            ("Bokningsmallar", "Verktyg > Inställningar"),
            ("Möte", "bokas aldrig"),
            ("Ändra André", ""),
        ];
        for (typed, found) in [
            ("bokningsmallar", &["Bokningsmallar", "Ny · Bokningsmallar"][..]),
            ("ny", &["Ny · Bokningsmallar"]),
            ("BOKA", &["Boka", "Möte"]),
            ("ny bokningsmall", &["Ny · Bokningsmallar"]),
            ("inställningar > verktyg", &["Bokningsmallar"]),
            ("insta\u{308}llningar", &["Bokningsmallar"]),
            ("mo\u{308}te", &["Möte"]),
            ("mote", &[]),
            ("andre", &["Ändra André"]),
            ("lar", &["Ny · Bokningsmallar", "Bokningsmallar"]),
            ("\u{1}", &[]),
            ("ar", &[]),
            (">", &["Bokningsmallar"]),
        ] {
            assert_eq!(best(typed, &entries), found, "{typed}");
        }
        assert_eq!(best(" ", &entries).len(), entries.len(), "nothing typed leaves everything");
    }
}
