//! Two consoles edit the same template: who saves second is shown what differs and chooses; nothing is
//! overwritten unseen.

use tidbok::domain::{BookingTemplate, Minutes, TemplateId};

use crate::desk::{Desk, TEMPLATES};

/// Both have the card of the same template open; the first has saved another length and text, which takes
/// and gives times, the second typed another length and name and tried to save.
fn two_editors() -> (Desk, Desk) {
    let mut first = Desk::open();
    let mut second = first.beside();
    for desk in [&mut first, &mut second] {
        desk.section(TEMPLATES);
        desk.console.keys("/30 min<Enter><Enter>");
        assert!(desk.said_at("Namn").contains("[Undersökning 30 min"), "{}", desk.console.screen());
    }
    first.console.keys("<Tab><C-u>35<Tab><Tab><Tab><Tab><Tab><Tab><C-u>Ny e-tid<F2>2");
    assert!(first.console.screen().contains("Klart: ändrade 1 inställning"));
    second.console.keys(" kort<Tab><C-u>20<F2>");
    (first, second)
}

fn stored(desk: &Desk) -> BookingTemplate {
    desk.setup().templates[&TemplateId::from("us30")].clone()
}

#[test]
fn the_second_to_save_sees_what_differs_and_overwrites_nothing_by_it() {
    let (first, second) = two_editors();
    let screen = second.console.screen();
    assert!(screen.contains("Någon annan hann före"), "{screen}");
    assert!(screen.contains("20 min") && screen.contains("35 min"), "both lengths: {screen}");
    assert!(screen.contains("Ny e-tid"), "what only the other changed: {screen}");
    let kept = stored(&first);
    assert_eq!((kept.minutes.minutes(), kept.calendar_text.as_str()), (Minutes(35), "Ny e-tid"));
    assert_eq!(kept.name, "Undersökning 30 min");
}

#[test]
fn the_second_may_put_what_was_typed_on_top_of_what_the_first_saved() {
    let (first, mut second) = two_editors();
    second.console.keys("2");
    assert!(second.console.screen().contains("[Ny e-tid"), "{}", second.console.screen());
    second.console.keys("<F2>2");
    let merged = stored(&first);
    assert_eq!(merged.name, "Undersökning 30 min kort");
    assert_eq!(
        (merged.minutes.minutes(), merged.calendar_text.as_str()),
        (Minutes(20), "Ny e-tid")
    );
}

#[test]
fn the_second_may_take_what_the_first_saved_and_drop_the_rest() {
    let (first, mut second) = two_editors();
    second.console.keys("3");
    let screen = second.console.screen();
    assert!(screen.contains("[Undersökning 30 min  ") && screen.contains("[35 "), "{screen}");
    second.console.keys("<Esc><Esc>");
    assert!(!second.console.screen().contains("Lämna utan att spara?"), "nothing is unsaved");
    assert_eq!(stored(&first).minutes.minutes(), Minutes(35));
    assert_eq!(stored(&first).name, "Undersökning 30 min");
}

#[test]
fn a_console_that_only_looks_shows_what_the_other_saved() {
    let mut first = Desk::open();
    let mut second = first.beside();
    second.section(TEMPLATES);
    first.section(TEMPLATES);
    first.console.keys("/30 min<Enter><Enter><Tab><C-u>35<F2>2");
    assert!(!second.console.screen().contains("35 min"));
    second.console.poll();
    assert!(second.console.screen().contains("35 min"), "{}", second.console.screen());
}

crate::on_the_server_too! {
    the_second_to_save_sees_what_differs_and_overwrites_nothing_by_it,
    the_second_may_put_what_was_typed_on_top_of_what_the_first_saved,
    the_second_may_take_what_the_first_saved_and_drop_the_rest,
    a_console_that_only_looks_shows_what_the_other_saved,
}
