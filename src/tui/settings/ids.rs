//! Ids of new entities, made from what people call them so that they can be read in the clinic file.
//! Pure.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

/// Longest id made from a name, in characters.
const LONGEST: usize = 40;

/// The id that an entity has; a new one, whose id is empty, gets one from its name that none of the
/// others has: `undersokning-30-min`, `undersokning-30-min-2`.
pub fn id_from_name<I, T>(id: &I, name: &str, others: &BTreeMap<I, T>) -> I
where
    I: Clone + Ord + ToString + for<'a> From<&'a str>,
{
    kept_or(id, &name.to_lowercase(), others)
}

/// The same from a signature, which keeps its capitals: `AE`.
pub fn id_from_signature<I, T>(id: &I, signature: &str, others: &BTreeMap<I, T>) -> I
where
    I: Clone + Ord + ToString + for<'a> From<&'a str>,
{
    kept_or(id, signature, others)
}

fn kept_or<I, T>(id: &I, name: &str, others: &BTreeMap<I, T>) -> I
where
    I: Clone + Ord + ToString + for<'a> From<&'a str>,
{
    if !id.to_string().is_empty() {
        return id.clone();
    }
    let plain = slug(name);
    let numbered = (2u64..).map(|number| format!("{plain}-{number}"));
    std::iter::once(plain.clone())
        .chain(numbered)
        .map(|text| I::from(text.as_str()))
        .find(|id| !others.contains_key(id))
        .unwrap_or_else(|| id.clone())
}

fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.nfd() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if (letter.is_whitespace() || letter.is_ascii_punctuation())
            && !slug.is_empty()
            && !slug.ends_with('-')
        {
            slug.push('-');
        }
    }
    slug.truncate(LONGEST);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "ny".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TemplateId;

    #[test]
    fn ids_are_made_from_names_and_never_twice() {
        for (name, taken, id) in [
            ("Undersökning 30 min", &[][..], "undersokning-30-min"),
            ("E-us", &["e-us"], "e-us-2"),
            ("E-us", &["e-us", "e-us-2"], "e-us-3"),
            ("  Åsa/Östen (kopia) ", &[], "asa-osten-kopia"),
            ("日本", &[], "ny"),
        ] {
            let others: BTreeMap<TemplateId, ()> =
                taken.iter().map(|id| (TemplateId::from(*id), ())).collect();
            assert_eq!(id_from_name(&"".into(), name, &others), id.into());
            assert_eq!(id_from_name(&"kept".into(), name, &others), "kept".into());
        }
        let none: BTreeMap<TemplateId, ()> = BTreeMap::new();
        assert_eq!(id_from_signature(&"".into(), "AE", &none), "AE".into());
    }
}
