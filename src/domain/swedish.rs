//! Swedish order and the normalised form in which names are searched and compared.

use unicode_normalization::UnicodeNormalization;

/// NFC, lower case, trimmed: equal names have equal keys.
pub fn search_key(text: &str) -> String {
    text.trim().nfc().flat_map(char::to_lowercase).nfc().collect()
}

/// A key as [`search_key`], in which other accents than those of å ä ö count for nothing, and the Danish
/// æ ø are those: `kovac` finds Kovač, `jörgensen` Jørgensen.
pub fn loose_key(text: &str) -> String {
    let plain = |letter| match letter {
        'å' | 'ä' | 'ö' => letter,
        'æ' => 'ä',
        'ø' => 'ö',
        other => base(other),
    };
    search_key(text).chars().map(plain).collect()
}

/// A letter without its accents, or the stroke through it.
fn base(letter: char) -> char {
    match letter {
        'đ' | 'ð' => 'd',
        'ħ' => 'h',
        'ı' => 'i',
        'ł' => 'l',
        'ŧ' => 't',
        other => std::iter::once(other).nfd().next().unwrap_or(other),
    }
}

/// A key that sorts in Swedish order: case aside, å ä ö last, ü with y, other accents with their
/// letter.
pub fn sort_key(text: &str) -> Vec<u32> {
    search_key(text).chars().map(rank).collect()
}

fn rank(letter: char) -> u32 {
    // Two steps per code point leave room after z for the three Swedish letters.
    let after_z = u32::from('z') * 2;
    match letter {
        'å' => after_z + 1,
        'ä' | 'æ' => after_z + 2,
        'ö' | 'ø' => after_z + 3,
        'ü' => rank('y'),
        other => {
            let base = base(other);
            let step = u32::from(base) * 2;
            if base > 'z' { step + 4 } else { step }
        }
    }
}

/// Compares two texts in Swedish order, by code point where that leaves them equal.
pub fn compare(left: &str, right: &str) -> std::cmp::Ordering {
    sort_key(left).cmp(&sort_key(right)).then_with(|| left.cmp(right))
}
