//! The action registry: one key for one thing, keys that Swedish keyboards have, texts in both
//! languages.

use std::collections::{BTreeSet, HashMap};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tidbok::texts::Language;
use tidbok::tui::actions::{Action, Context, REGISTRY, in_context};
use tidbok::tui::keymap::{Chord, Keymap};

use crate::fixture::{Console, Start};

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

/// The console where the keys of a context apply.
fn standing_in(context: Context, language: Language) -> Console {
    let mut console = Console::open(Start { language, size: (120, 110), ..Start::default() });
    let keys = match context {
        Context::Grid => return console,
        Context::Menu => "p",
        Context::Prompt => "g",
        Context::Form => "b 1",
        Context::Reader => "e",
        Context::Why => "w",
        Context::Settings => "I",
        Context::Card => "I Enter Enter",
        Context::Inbox => "N",
        Context::Log => "H",
        Context::Calls => "D 1",
        Context::Agent => "F8",
        Context::Patient => {
            console.press("Left Home o").answer();
            return console;
        }
    };
    console.press(keys);
    console
}

#[test]
fn every_action_has_a_line_of_help_with_its_key_in_both_languages() {
    for (language, context) in
        Language::ALL.into_iter().flat_map(|it| Context::ALL.map(|context| (it, context)))
    {
        let keymap = Keymap::default();
        let help = keymap.keys(context, Action::Help).next().map(|key| key.to_string());
        let help = help.unwrap_or_else(|| panic!("{context:?} has a key for help"));
        let mut console = standing_in(context, language);
        let before = console.screen();
        let screen = console.press(&help).screen();
        for entry in in_context(context) {
            let key = keymap.keys(context, entry.action).next().expect("a key").to_string();
            let told = |line: &str| {
                line.contains(entry.text(language)) && line.contains(&format!(" {key} "))
            };
            assert!(screen.lines().any(told), "{context:?} {}: {screen}", entry.id);
        }
        console.press("Esc");
        assert_eq!(console.screen(), before, "{context:?}: help goes as it came");
    }
}

#[test]
fn fixed_texts_are_there_in_both_languages() {
    for language in Language::ALL {
        for (name, text) in
            language.texts().fixed().into_iter().chain(language.book_texts().fixed())
        {
            assert!(!text.trim().is_empty(), "{language:?} {name}");
        }
    }
}

fn own(pairs: &[(&str, &[&str])]) -> Result<Keymap, String> {
    let owned: Vec<(&str, Vec<String>)> = pairs
        .iter()
        .map(|(id, keys)| (*id, keys.iter().map(|key| (*key).to_owned()).collect()))
        .collect();
    let pairs = owned.iter().map(|(id, keys)| (*id, keys.as_slice()));
    Keymap::with(pairs).map_err(|error| error.to_string())
}

#[test]
fn keys_of_ones_own_stand_in_place_of_the_registrys() {
    assert_eq!(own(&[]).unwrap().bindings(), Keymap::default().bindings());
    let keymap = own(&[("lay-preblock", &["y", "F6"]), ("redo", &["Shift+z"])]).unwrap();
    let bound = |key: &str| keymap.action(Context::Grid, Chord::parse(key).unwrap());
    assert_eq!(bound("y"), Some(Action::LayPreblock));
    assert_eq!(bound("F6"), Some(Action::LayPreblock));
    assert_eq!(bound("Z"), Some(Action::Redo));
    assert_eq!((bound("p"), bound("U"), bound("Ctrl+Y")), (None, None, None));
    let swapped = own(&[("lay-preblock", &["b"]), ("book", &["p"])]).unwrap();
    let bound = swapped.action(Context::Grid, Chord::parse("b").unwrap());
    assert_eq!(bound, Some(Action::LayPreblock), "two keys may change places");
}

#[test]
fn a_key_of_ones_own_is_the_one_that_a_terminal_sends_for_it() {
    for (written, sent, shown) in [
        ("Shift+Space", (KeyCode::Char(' '), KeyModifiers::NONE), "Space"),
        ("Shift+å", (KeyCode::Char('Å'), KeyModifiers::SHIFT), "Å"),
        ("Shift+ß", (KeyCode::Char('ß'), KeyModifiers::NONE), "ß"),
        (
            "Ctrl+Shift+P",
            (KeyCode::Char('P'), KeyModifiers::CONTROL | KeyModifiers::SHIFT),
            "Ctrl+Shift+P",
        ),
        ("Shift+F5", (KeyCode::F(5), KeyModifiers::SHIFT), "Shift+F5"),
        ("Alt+Space", (KeyCode::Char(' '), KeyModifiers::ALT), "Alt+Space"),
    ] {
        let keymap = own(&[("lay-preblock", &[written])]).unwrap();
        let chord = Chord::of(KeyEvent::new(sent.0, sent.1));
        assert_eq!(keymap.action(Context::Grid, chord), Some(Action::LayPreblock), "{written}");
        assert_eq!(chord.to_string(), shown);
    }
}

#[test]
fn keys_that_cannot_be_are_refused_with_what_to_do() {
    type Pairs = &'static [(&'static str, &'static [&'static str])];
    let cases: [(Pairs, &[&str]); 7] = [
        (&[("lay-preblok", &["x"])], &["lay-preblok", "lay-preblock"]),
        (&[("ångra", &["x"])], &["ångra", "nearest"]),
        (&[("undo", &["Ctrl+Shft+Z"])], &["undo", "Ctrl+Shft+Z", "PgDn"]),
        (&[("undo", &[])], &["undo", "at least one"]),
        (&[("choose", &["x"])], &["choose", "x is typed"]),
        (&[("undo", &["b"])], &["undo: b is already the key of book"]),
        (&[("book", &["u"])], &["book: u is already the key of undo"]),
    ];
    for (pairs, words) in cases {
        let error = own(pairs).unwrap_err();
        assert!(words.iter().all(|word| error.contains(word)), "{pairs:?}: {error}");
    }
}

#[test]
fn every_registered_key_may_be_written_as_ones_own() {
    for entry in REGISTRY {
        assert!(own(&[(entry.id, entry.keys)]).is_ok(), "{}", entry.id);
    }
}

#[test]
fn keys_of_ones_own_work_and_stand_in_footer_help_and_palette() {
    let keymap = own(&[("lay-preblock", &["y"])]).unwrap();
    let mut console = Console::open(Start { keymap, size: (120, 40), ..Start::default() });
    assert!(console.screen().contains(" y Preblock"), "{}", console.screen());
    assert!(console.press("?").screen().contains(" y "), "{}", console.screen());
    console.press("Esc y");
    assert!(console.screen().contains("E-us"), "{}", console.screen());
    let untouched = console.press("Esc").screen();
    assert_eq!(console.press("p").screen(), untouched);
    let menu = console.press("Enter").screen();
    let line = |text: &str| menu.lines().find(|line| line.contains(text)).unwrap_or(&menu);
    assert!(line("Lägg preblock").contains(" y "), "{menu}");
    assert!(menu.contains("Flytta, förläng eller korta bokningen"), "as the grid calls it: {menu}");

    let keymap = own(&[("save", &["F8"]), ("earlier", &["F10"])]).unwrap();
    let mut console = Console::open(Start { keymap, size: (120, 40), ..Start::default() });
    let form = console.press("b 1").answer().screen();
    assert!(form.contains("F8 Spara  Tab Nästa fält  Esc Stäng"), "{form}");
    let why = console.press("Esc w").screen();
    assert!(why.contains("F10/→ en minut  Esc Stäng"), "{why}");
}
