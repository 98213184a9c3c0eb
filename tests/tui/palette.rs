//! The palette and the settings check: lists that are typed into, and what Enter does in them.

use insta::assert_snapshot;
use tidbok::domain::{PreblockType, Setup};
use tidbok::texts::Language;
use tidbok::tui::actions::{Action, Context, in_context};
use tidbok::tui::{Effect, Symbols};

use crate::fixture::{Console, Start, user};

fn large() -> Start {
    Start { size: (120, 40), row_minutes: 15, ..Start::default() }
}

/// What stands in the palette after typing.
fn found(console: &mut Console, typed: &str) -> String {
    let screen = console.press(":").type_text(typed).screen();
    console.press("Esc");
    screen
}

#[test]
fn every_action_is_found_by_both_its_texts_its_id_and_the_manuals_words() {
    for shown in Language::ALL {
        let start = Start { language: shown, size: (90, 50), ..Start::default() };
        let mut console = Console::open(start);
        let entries = in_context(Context::Grid).filter(|entry| entry.action != Action::Palette);
        for entry in entries {
            let text = entry.text(shown);
            let typed = Language::ALL.map(|language| entry.text(language));
            let more = [entry.id, entry.words].into_iter().filter(|words| !words.is_empty());
            for typed in typed.into_iter().chain(more) {
                let screen = found(&mut console, typed);
                assert!(screen.contains(text), "{typed:?} does not find {text:?}\n{screen}");
            }
        }
    }
}

#[test]
fn the_manuals_own_words_lead_to_what_does_it() {
    for (typed, text) in [
        ("Arbetsschema", "Lägg arbetspass"),
        ("repetera arbetsvecka", "Repetera arbetsvecka"),
        ("publicera e-tider", "Lägg preblock"),
        ("BOKNINGSPORTAL", "Vad patienten ser"),
        ("lagg preblock", "inget passar"),
        ("xyzzy", "inget passar"),
    ] {
        let screen = found(&mut Console::open(Start::default()), typed);
        assert!(screen.contains(text), "{typed}: {screen}");
    }
}

#[test]
fn enter_does_what_is_selected_and_esc_nothing() {
    let mut console = Console::open(large());
    console.press(":").type_text("go to").press("Enter");
    assert!(console.screen().contains("Gå till datum"));
    let mut console = Console::open(large());
    console.press(":").type_text("lämna").press("Enter");
    assert!(console.take() == [Effect::Quit]);
    let mut console = Console::open(large());
    let before = console.screen();
    console.press(":").type_text("lämna").press("Esc");
    assert_eq!(console.screen(), before);
    assert!(console.take().is_empty());
}

#[test]
fn what_cannot_be_done_is_grey_with_the_reason_and_is_not_done() {
    let mut console = Console::open(Start { user: user(&[]), ..large() });
    console.press(":").type_text("boka").press("Enter");
    let screen = console.screen();
    assert!(screen.contains("behörighet saknas: Boka och avboka"), "{screen}");
    assert!(console.take().is_empty());
}

#[test]
fn the_palette_as_it_opens() {
    assert_snapshot!(Console::open(Start::default()).press(":").screen());
}

/// The fixture's clinic with faults and advice.
fn with_faults() -> Console {
    let mut console = Console::open(large());
    console.press("K");
    console
}

#[test]
fn the_settings_check_lists_what_is_found() {
    assert_snapshot!(with_faults().screen());
}

#[test]
fn enter_on_a_finding_tells_where_to_mend_it_and_esc_goes_back_to_the_list() {
    let mut console = with_faults();
    let list = console.screen();
    console.press("Enter");
    assert_snapshot!(console.screen());
    console.press("Esc");
    assert_eq!(console.screen(), list);
    console.press("Esc");
    assert!(!console.screen().contains("Inställningskontroll"));
}

#[test]
fn where_nothing_is_wrong_the_check_says_so() {
    let mut console = Console::started(large());
    console.setup = sound(console.setup.clone());
    console.answer();
    let screen = console.press("K").screen();
    assert!(screen.contains("Inget att anmärka"), "{screen}");
    let mut console = Console::started(Start { language: Language::English, ..large() });
    console.setup = sound(console.setup.clone());
    console.answer();
    assert!(console.press("K").screen().contains("Nothing to remark on"));
}

/// The clinic without what the check remarks on.
fn sound(mut setup: Setup) -> Setup {
    setup.preblock_types.retain(|_, found| found.code.is_none());
    for found in setup.preblock_types.values_mut() {
        let PreblockType { categories, .. } = found;
        categories.insert("akut".into());
    }
    setup.online.allow_rebook = true;
    setup.online.allow_cancel = true;
    setup.templates.remove(&"vit".into());
    setup
}

#[test]
fn the_settings_check_at_80_by_24_in_ascii_and_english() {
    let language = Language::English;
    let start = Start { symbols: Symbols::Ascii, language, ..Start::default() };
    let mut console = Console::open(start);
    assert_snapshot!("check_80_by_24_list", console.press("K").screen());
    assert_snapshot!("check_80_by_24_finding", console.press("Enter").screen());
}

#[test]
fn nothing_of_a_finding_is_lost_on_the_smallest_screen() {
    let mut console = Console::open(Start { size: (60, 16), ..Start::default() });
    console.press("K Enter");
    let first = console.screen();
    let last = console.press("End").screen();
    assert!(first.contains("Akutbesök 20 min") && last.contains("i tidboken"), "{first}{last}");
}
