//! The handbook in the console: a list of pages, and one to read.

use tidbok::texts::{Language, Topic};
use tidbok::tui::keymap::Keymap;

use crate::fixture::{Console, Start, user};

#[test]
fn the_list_leads_to_a_page_and_esc_leads_back() {
    let mut console = Console::open(Start::default());
    console.press("B");
    for topic in Topic::ALL {
        let title = topic.title(Language::Swedish);
        assert!(console.screen().contains(title), "{title}: {}", console.screen());
    }
    console.press("2");
    assert!(console.screen().contains("Gå uppifrån och ned"), "{}", console.screen());
    console.press("Esc");
    assert!(console.screen().contains("Handbok"), "{}", console.screen());
}

#[test]
fn a_page_is_scrolled_to_its_end_on_the_smallest_screen_and_no_further() {
    for language in Language::ALL {
        let mut console = Console::open(Start { size: (60, 16), language, ..Start::default() });
        for (at, topic) in Topic::ALL.iter().enumerate() {
            console.press(&format!("B {}Enter End", "Down ".repeat(at)));
            let end = console.screen();
            let source = topic.source(language);
            let last = source.lines().rfind(|it| !it.starts_with("```")).unwrap_or_default();
            let word = last.split_whitespace().next_back().unwrap_or_default();
            assert!(end.contains(word), "{topic:?}: {word} in {end}");
            assert_eq!(console.press("Down").screen(), end, "{topic:?}");
            console.press("Esc Esc");
        }
    }
}

#[test]
fn keys_of_ones_own_are_those_that_a_page_tells() {
    let own = [("why", ["F12".to_owned()].as_slice().to_vec())];
    let keymap = Keymap::with(own.iter().map(|(id, keys)| (*id, keys.as_slice())));
    let keymap = keymap.expect("keys that are free");
    let mut console = Console::open(Start { keymap, ..Start::default() });
    let screen = console.press("B 2").screen();
    assert!(screen.contains("tryck F12"), "{screen}");
}

#[test]
fn the_palette_finds_a_page_by_its_title_in_either_language() {
    for typed in ["inga tider", "no times show: what now"] {
        let mut console = Console::open(Start::default());
        let screen = console.press(":").type_text(typed).press("Enter").screen();
        assert!(screen.contains("Gå uppifrån och ned"), "{screen}");
    }
}

#[test]
fn whoever_may_nothing_may_read() {
    let mut console = Console::open(Start { user: user(&[]), ..Start::default() });
    assert!(console.press("B 1").screen().contains("Första dagen"));
}
