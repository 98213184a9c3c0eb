//! The form by its keys.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Name,
    Minutes,
    Allow,
    Categories,
    Items,
}

fn items() -> Vec<Item<u8>> {
    vec![Item::new(1, "Akut"), Item::new(2, "Undersökning"), Item::new(3, "Åtgärd")]
}

fn form() -> Form<Key, u8> {
    let many = Control::Many(ManyOf::new(items(), |value| *value == 2));
    Form::new(vec![
        FormField::new(Key::Name, "Namn", "", Control::text("E-us")),
        FormField::new(Key::Minutes, "Minuter", "", Control::number(Some(30), "min")),
        FormField::new(Key::Allow, "Tillåt", "", Control::YesNo(false)),
        FormField::new(Key::Categories, "Kategorier", "", many).needing(
            Key::Allow,
            Answer::YesNo(true),
            "bocka först i Tillåt",
        ),
        FormField::new(Key::Items, "Mallar", "", Control::Picks(PickList::new(items(), &[3]))),
    ])
}

fn key(code: KeyCode) -> KeyEvent {
    KeyEvent::new(code, KeyModifiers::NONE)
}

fn shift(code: KeyCode) -> KeyEvent {
    KeyEvent::new(code, KeyModifiers::SHIFT)
}

fn at(wanted: Key) -> Form<Key, u8> {
    let mut form = form();
    while form.focused().is_some_and(|field| field.key != wanted) {
        form.step(1);
    }
    form
}

#[test]
fn a_form_is_edited_once_an_answer_differs_and_no_longer_when_it_is_put_back() {
    let mut form = form();
    assert!(!form.is_edited());
    form.press(key(KeyCode::Char('!'))).unwrap();
    assert!(form.is_edited());
    form.press(key(KeyCode::Backspace)).unwrap();
    assert!(!form.is_edited());
}

#[test]
fn a_text_is_trimmed_and_composed_where_it_was_edited_and_else_left_as_it_was() {
    let stored = " Undersokning \n";
    let field = FormField::new(Key::Name, "Namn", "", Control::text(stored));
    let mut form: Form<Key, u8> = Form::new(vec![field]);
    assert_eq!(form.text(Key::Name), stored);
    form.paste(" o\u{308}vrigt ").unwrap();
    assert_eq!(form.text(Key::Name), "Undersokning \növrigt");
}

#[test]
fn a_field_that_needs_another_says_so_and_keeps_what_it_holds() {
    let mut form = at(Key::Categories);
    assert_eq!(form.press(key(KeyCode::Char(' '))), Err("bocka först i Tillåt".to_owned()));
    assert_eq!(form.many(Key::Categories), [2]);
    form.step(-1);
    form.press(key(KeyCode::Char('j'))).unwrap();
    form.step(1);
    form.press(key(KeyCode::Char(' '))).unwrap();
    assert_eq!(form.many(Key::Categories), [1, 2]);
}

#[test]
fn faults_stand_at_their_fields_and_the_first_gets_the_focus() {
    let mut form = at(Key::Items);
    let faults = vec![(Key::Minutes, "1–600".to_owned()), (Key::Allow, "saknas".to_owned())];
    assert!(form.show_faults(faults).is_empty());
    assert_eq!(form.focused().map(|field| field.key), Some(Key::Minutes));
    form.press(key(KeyCode::Char('1'))).unwrap();
    let faulty: Vec<Key> =
        form.fields().iter().filter(|f| f.fault.is_some()).map(|f| f.key).collect();
    assert_eq!(faulty, [Key::Allow]);
    assert_eq!(form.text(Key::Minutes), "1", "typed anew");
}

#[test]
fn arrows_move_within_a_list_and_leave_it_at_its_ends() {
    let mut form = at(Key::Allow);
    form.press(key(KeyCode::Char(' '))).unwrap();
    form.step_within(1);
    for _ in 0..2 {
        form.step_within(1);
        assert_eq!(form.focused().map(|field| field.key), Some(Key::Categories));
    }
    form.step_within(1);
    assert_eq!(form.focused().map(|field| field.key), Some(Key::Items));
}

#[test]
fn a_list_to_tick_is_searched_by_typing_and_keeps_what_is_ticked_out_of_sight() {
    let mut many = ManyOf::new(items(), |value| *value == 2);
    for letter in "åtg".chars() {
        assert_eq!(many.press(key(KeyCode::Char(letter))), Edited::No);
    }
    assert_eq!(many.matching().len(), 1);
    assert_eq!(many.press(key(KeyCode::Char(' '))), Edited::Yes);
    let chosen: Vec<u8> = many.chosen().map(|item| item.value).collect();
    assert_eq!(chosen, [2, 3]);
}

#[test]
fn in_a_pick_list_arrows_go_and_shift_moves_along() {
    let mut picks = PickList::new(items(), &[3]);
    let order = |picks: &PickList<u8>| picks.chosen().map(|item| item.value).collect::<Vec<_>>();
    picks.press(shift(KeyCode::Left));
    assert_eq!(order(&picks), [3, 1], "picked from the right");
    picks.press(key(KeyCode::Left));
    assert_eq!(picks.pane(), Pane::Chosen);
    picks.move_by(1);
    picks.press(shift(KeyCode::Up));
    assert_eq!(order(&picks), [1, 3]);
    assert_eq!(picks.press(shift(KeyCode::Up)), Edited::No, "already first");
    picks.press(key(KeyCode::Char('-')));
    assert_eq!(order(&picks), [3, 1]);
    picks.press(key(KeyCode::Char(' ')));
    assert_eq!(order(&picks), [3]);
    assert_eq!(picks.available().len(), 2);
}

#[test]
fn one_of_several_is_found_by_its_first_letter() {
    let mut one = OneOf::new(items(), None);
    assert!(one.chosen().is_none());
    one.press(key(KeyCode::Char('å')));
    assert_eq!(one.chosen().map(|item| item.value), Some(3));
    one.press(key(KeyCode::Right));
    assert_eq!(one.chosen().map(|item| item.value), Some(1));
}

#[test]
fn mine_on_top_of_theirs_keeps_what_only_they_changed() {
    let mut mine = form();
    mine.press(key(KeyCode::Char('!'))).unwrap();
    let mut theirs = form();
    theirs.step(1);
    theirs.press(key(KeyCode::End)).unwrap();
    theirs.press(key(KeyCode::Char('0'))).unwrap();
    let differing: Vec<Key> = mine.differences(&theirs).map(|(own, _)| own.key).collect();
    assert_eq!(differing, [Key::Name, Key::Minutes]);
    theirs.take_edits_of(&mine);
    assert_eq!(
        (theirs.text(Key::Name).as_str(), theirs.text(Key::Minutes).as_str()),
        ("E-us!", "300")
    );
}
