//! The action registry: one key for one thing, keys that Swedish keyboards have, texts in both
//! languages.

use std::collections::{BTreeSet, HashMap};

use crossterm::event::{KeyCode, KeyModifiers};
use tidbok::texts::Language;
use tidbok::tui::actions::{Context, REGISTRY, in_context};
use tidbok::tui::keymap::{Chord, Keymap};

#[test]
fn every_key_of_the_registry_is_read_and_written_back() {
    for entry in REGISTRY {
        for key in entry.keys {
            assert!(Chord::parse(key).is_some(), "{}: {key}", entry.id);
        }
        assert!(!entry.keys.is_empty(), "{} is reachable by key", entry.id);
    }
}

#[test]
fn no_key_does_two_things_in_one_context() {
    let mut seen = HashMap::new();
    for (context, chord, action) in Keymap::default().bindings() {
        let before = seen.insert((*context, *chord), *action);
        assert_eq!(before, None, "{context:?} {chord}");
    }
}

#[test]
fn no_key_needs_alt_gr_or_ctrl_shift_or_is_taken_by_tmux_or_zellij() {
    let taken = ['b', 'g', 'h', 'n', 'o', 'p', 'q', 's', 't'];
    for (_, chord, _) in Keymap::default().bindings() {
        if let KeyCode::Char(letter) = chord.code {
            assert!(!"[]{}\\|@~$€£".contains(letter), "{chord} needs AltGr");
            let control = chord.modifiers.contains(KeyModifiers::CONTROL);
            assert!(!(control && taken.contains(&letter)), "{chord} is taken");
        }
        let both = KeyModifiers::CONTROL | KeyModifiers::SHIFT;
        assert!(!chord.modifiers.contains(both), "{chord}");
        assert!(!chord.modifiers.contains(KeyModifiers::ALT), "{chord}");
    }
}

#[test]
fn ids_are_unique_and_texts_there_in_both_languages() {
    let ids: BTreeSet<_> = REGISTRY.iter().map(|entry| entry.id).collect();
    assert_eq!(ids.len(), REGISTRY.len());
    for entry in REGISTRY {
        for language in Language::ALL {
            assert!(!entry.text(language).trim().is_empty(), "{}", entry.id);
            assert!(!entry.short(language).trim().is_empty(), "{}", entry.id);
        }
    }
    for context in Context::ALL {
        assert!(in_context(context).count() > 3, "{context:?}");
    }
}

#[test]
fn fixed_texts_are_there_in_both_languages() {
    for language in Language::ALL {
        for (name, text) in language.texts().fixed() {
            assert!(!text.trim().is_empty(), "{language:?} {name}");
        }
    }
}
