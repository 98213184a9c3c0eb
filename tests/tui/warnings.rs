//! After a save: what patients will not see of it stands there at once, and Enter leads to what mends
//! it. The save itself is never stopped.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use tidbok::domain::*;
use tidbok::tui::{Palette, Symbols};

use crate::fixture::{Console, Start, user};

const WARNED: &str = "Sparat, men patienter ser inte allt";

/// The list of types or templates in the settings.
fn section(start: Start, steps: &str, change: fn(&mut Setup)) -> Console {
    let mut console = Console::started(start);
    change(&mut console.setup);
    console.answer().press(steps).answer();
    console
}

/// The entity is opened, edited at the end of its name, and saved.
fn save(console: &mut Console, row: &str) {
    console.press(row).press("Enter").type_text("x");
    console.press("F2").answer();
}

fn is_valid_for_nobody(setup: &mut Setup) {
    setup.practitioners.values_mut().filter(|it| it.id == "BO".into()).for_each(|it| {
        it.active = false;
    });
}

fn forbids(setup: &mut Setup) {
    setup.preblock_types.values_mut().for_each(|found| found.allow = false);
}

fn matches_nothing(setup: &mut Setup) {
    setup.preblock_types.values_mut().for_each(|found| {
        found.categories = BTreeSet::from(["rtg".into()]);
    });
    let rtg = Category { id: "rtg".into(), name: "Röntgen".into() };
    setup.categories.insert("rtg".into(), rtg);
}

fn names_an_unknown_resource(setup: &mut Setup) {
    setup.templates.values_mut().for_each(|template| {
        template.resources = ResourceCodes::parse("Z").expect("a character");
    });
}

fn changes_nothing(_: &mut Setup) {}

#[test]
fn what_a_save_leaves_for_nobody_to_see_is_told_and_enter_goes_to_the_card_and_field() {
    type Case = (fn(&mut Setup), &'static str, &'static str, &'static [&'static str], &'static str);
    let types = "I Enter";
    let templates = "I Down Enter";
    let cases: [Case; 7] = [
        (forbids, types, "Down", &["R3", "Tillåt"], "Tillåt"),
        (matches_nothing, types, "Down", &["R3", "Undersökning"], "Behandling"),
        (is_valid_for_nobody, types, "Home", &["R6", "Bara Bo"], "▶ Resurser"),
        (names_an_unknown_resource, templates, "Down", &["R9", "Z"], "Pride"),
        (changes_nothing, templates, "Down", &["R4", "Blekning"], "E-tidbok"),
        (changes_nothing, templates, "Home", &["R3", "Akut"], "Preblockering i tidboken"),
        (forbids, templates, "End", &["R3", "E-us"], "Preblockering i tidboken"),
    ];
    for (change, steps, row, told, leads_to) in cases {
        let mut console = section(Start { size: (120, 40), ..Start::default() }, steps, change);
        save(&mut console, row);
        let screen = console.screen();
        assert!(screen.contains(WARNED), "{row} {told:?}\n{screen}");
        assert!(told.iter().all(|word| screen.contains(word)), "{told:?}\n{screen}");
        console.press("Enter");
        let screen = console.screen();
        assert!(!screen.contains(WARNED), "{screen}");
        let field = screen.lines().find(|line| line.contains('▶')).unwrap_or_default();
        let menu = screen.lines().find(|line| line.contains('┌')).unwrap_or_default();
        let at = format!("{}{field}{menu}", console.line(0));
        assert!(at.contains(leads_to), "{leads_to}: {at}\n{screen}");
    }
}

#[test]
fn a_save_that_leaves_nothing_amiss_says_only_that_it_was_saved() {
    let mut console = section(Start::default(), "I Down Enter", changes_nothing);
    save(&mut console, "End");
    assert!(!console.screen().contains(WARNED), "{}", console.screen());
}

#[test]
fn the_warning_at_80_by_24_and_on_the_smallest_screen() {
    let mut console = section(Start::default(), "I Enter", matches_nothing);
    save(&mut console, "Down");
    assert_snapshot!("warned_at_80_by_24", console.screen());
    let (palette, symbols) = (Palette::Mono, Symbols::Ascii);
    let small = Start { size: (60, 16), palette, symbols, ..Start::default() };
    let mut console = section(small, "I Enter", matches_nothing);
    save(&mut console, "Down");
    assert_snapshot!("warned_at_60_by_16_in_ascii", console.screen());
    console.press("Esc");
    assert!(!console.screen().contains(WARNED), "{}", console.screen());
}

#[test]
fn whoever_has_begun_on_another_card_is_not_interrupted() {
    let mut console = section(Start::default(), "I Enter", forbids);
    console.press("Down Enter").type_text("x");
    console.press("F2");
    // The save is answered; before what it has changed is loaded, a new card is begun.
    console.answer_once().press("n").type_text("Ny");
    console.answer();
    let screen = console.screen();
    assert!(screen.contains("Namn               [Ny"), "{screen}");
    assert!(console.line(22).contains(WARNED), "{screen}");
}

#[test]
fn r17_what_one_may_not_mend_stands_grey_with_the_reason() {
    let may = user(&[Permission::SettingsEdit]);
    let start = Start { user: may, size: (120, 40), ..Start::default() };
    let mut console = section(start, "I Down Enter", |setup| {
        let akut = setup.preblock_types.get_mut(&"e-akut".into()).expect("the type");
        akut.allow = false;
        akut.categories = BTreeSet::from(["akut".into()]);
    });
    save(&mut console, "Home");
    let screen = console.screen();
    assert!(screen.contains("behörighet saknas: Preblock för internet"), "{screen}");
}
