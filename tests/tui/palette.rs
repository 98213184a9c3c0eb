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
        ("vem flyttade den", "Vem ändrade den här tiden?"),
        ("kallelse", "Patientkort"),
        ("ny patient", "Boka "),
        ("avsluta", "Lämna "),
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
    for words in ["lämna", "avsluta"] {
        let mut console = Console::open(large());
        console.press(":").type_text(words).press("Enter");
        assert!(console.take() == [Effect::Quit], "{words}");
    }
    let mut console = Console::open(large());
    let before = console.screen();
    console.press(":").type_text("lämna").press("Esc");
    assert_eq!(console.screen(), before);
    assert!(console.take().is_empty());
}

#[test]
fn a_new_patient_is_found_where_one_is_registered() {
    let mut console = Console::open(large());
    let screen = console.press(":").type_text("registrera patient").press("Enter").screen();
    assert!(screen.contains("Boka · ons 25 10:00"), "{screen}");
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

/// The first line of the palette after typing, the cut-off frame aside.
fn first(console: &mut Console, typed: &str) -> String {
    let screen = found(console, typed);
    let title = screen.lines().position(|line| line.contains("Kommando: ")).expect("the palette");
    screen.lines().nth(title + 1).unwrap_or_default().to_owned()
}

#[test]
fn settings_are_found_by_the_manuals_words_and_menu_paths_the_best_first() {
    let mut console = Console::open(Start::default());
    for (typed, best) in [
        ("Preblockering i tidboken", "Preblockering i tidboken "),
        ("preblockering i tidboken e-us", "E-us · Preblockering i tidboken"),
        (
            "Verktyg > Inställningar - Alla behandlare > Tidbok > Bokningsmallslistor",
            "Bokningsmallslistor ",
        ),
        ("tidbok > verktyg preblocklistor", "Preblocklistor "),
        ("Behörighetssystem", "Behörighetssystem "),
        ("behörighet preblock för internet", "Behörigheter · Behörighetssystem"),
        ("Preblock upphör", "Upphör · Preblockering i tidboken"),
        ("TILLFÄLLIGT STÄNGD", "Tillfälligt stängd · Bokningssidan"),
        ("tillfa\u{308}lligt sta\u{308}ngd", "Tillfälligt stängd · Bokningssidan"),
        ("stängd tillfälligt", "Tillfälligt stängd · Bokningssidan"),
        ("omboka e-tidbok", "Omboka i e-tidbok · Bokningsmallar"),
        ("tidbokstext", "Tidbokstext · Bokningsmallar"),
        ("flytta nästa rev", "Flytta nästa rev · Bokningsmallar"),
        ("pride", "Pride · Bokningsmallar"),
        ("registerkort anna ek", "Anna Ek · Behandlare"),
        ("opus online client", "Bokningssidan "),
        ("ny bokningsmall", "Ny · Bokningsmallar"),
        ("booking templates", "Bokningsmallar "),
        ("2026-11-27", "2026-11-27 · Stängda dagar"),
        ("preblockering i tid", "Preblockering i tidboken "),
    ] {
        let line = first(&mut console, typed);
        assert!(line.contains(best), "{typed}: {line}\n{}", found(&mut console, typed));
    }
}

#[test]
fn every_section_every_entity_and_every_field_is_there() {
    let mut console = Console::open(Start { size: (120, 50), ..Start::default() });
    for typed in [
        "Undersökning 30 min · Bokningsmallar",
        "E-tidbok · Bokningsmallslistor",
        "Akut · Kategorier",
        "Org · Organisation",
        "Tandkliniken Storgatan AB · Företag",
        "Åsa Alm · Behandlare",
        "Eva Karlsson · Behörighetssystem",
        "Visa tider · Bokningssidan",
        "Senast · Bokningssidan",
        "Antal · Resurser",
        "Dag · Stängda dagar",
        "Ägare · Preblocklistor",
        "Org.nummer · Företag",
        "E-tidbokslista · Behandlare",
    ] {
        let line = first(&mut console, typed);
        assert!(line.contains(typed), "{typed}: {line}");
    }
}

#[test]
fn choosing_a_field_opens_its_card_with_the_focus_there() {
    let mut console = Console::open(Start::default());
    console.press(":").type_text("tillfälligt stängd").press("Enter");
    let screen = console.screen();
    assert!(screen.contains("inga tider visas på bokningssidan"), "the field's help: {screen}");
    console.press("Space");
    console.press("Esc");
    assert!(console.screen().contains("Lämna utan att spara?"), "{}", console.screen());
    console.press("Down Enter Esc Esc");
    assert!(console.screen().contains("Anna Ek"), "back in the week");
}

#[test]
fn a_field_of_many_cards_asks_for_which() {
    let mut console = Console::open(Start::default());
    console.press(":").type_text("preblock upphör").press("Enter");
    assert_snapshot!(console.screen());
    console.type_text("akut").press("Enter");
    let screen = console.screen();
    assert!(screen.contains("slutar preblocket gälla"), "the field's help: {screen}");
    assert!(screen.contains("E-akut"), "{screen}");
    console.press("Esc");
    let listed = console.screen();
    console.press("Enter");
    assert!(console.screen().contains("E-akut"), "it is selected in the list below: {listed}");
}

#[test]
fn a_section_opens_its_list_and_something_new_an_empty_card() {
    let mut console = Console::open(Start::default());
    console.press(":").type_text("bokningsmallslistor").press("Enter");
    assert!(console.line(0).contains("Bokningsmallslistor"), "{}", console.screen());
    console.press("Esc Esc :").type_text("bokningsmallar ny").press("Enter");
    assert!(console.screen().contains("namnet ser patienten"), "{}", console.screen());
}

#[test]
fn r17_settings_that_may_not_be_changed_are_grey_with_the_reason() {
    let mut console = Console::open(Start { user: user(&[]), ..large() });
    for (typed, reason) in [
        ("tillfälligt stängd", "behörighet saknas: Online-inställningar"),
        ("preblock upphör", "behörighet saknas: Inställningar"),
        ("behandlare anna ek", "behörighet saknas: Inställningar"),
        ("behörigheter", "behörighet saknas: Användare"),
        ("bokningsmallar ny", "behörighet saknas: Inställningar"),
    ] {
        let line = first(&mut console, typed);
        assert!(line.contains(reason), "{typed}: {line}");
    }
    let internet = [tidbok::domain::Permission::SettingsEdit];
    let mut console = Console::open(Start { user: user(&internet), ..large() });
    let line = first(&mut console, "preblockering e-us");
    assert!(line.contains("behörighet saknas: Preblock för internet"), "{line}");
    assert!(!first(&mut console, "preblockering möte").contains("saknas"));
}
