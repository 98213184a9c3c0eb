//! *Nästa lediga*: from the key to the booking form at the time found.

use tidbok::clinic::{Among, FreeQuestion, FreeTime, FreeTimes};
use tidbok::domain::{DateRange, PartOfDay, PractitionerId, parse_date};
use tidbok::tui::{Effect, Message, Palette, Reply, RequestId, Symbols};

use crate::fixture::{Console, Start, interval, user};

fn questions(effects: &[Effect]) -> Vec<(RequestId, FreeQuestion)> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::FindFree { request, question } => Some((*request, question.clone())),
            _ => None,
        })
        .collect()
}

fn times() -> Vec<FreeTime> {
    let time = |who: &str, date: &str, hours: &str| FreeTime {
        practitioner: who.into(),
        interval: interval(date, hours),
    };
    vec![
        time("AE", "2026-11-26", "12:10-12:40"),
        time("BO", "2026-12-02", "08:00-08:30"),
        time("BO", "2027-01-06", "08:30-09:00"),
    ]
}

fn answer(console: &mut Console, request: RequestId, times: Vec<FreeTime>) {
    let searched = DateRange::new(parse_date("2026-11-25").expect("a date"), 91);
    let reply = Reply::Free(Ok(FreeTimes { times, searched }));
    console.send(Message::Reply { request, reply });
}

/// The form for "Undersökning 30 min", its first search answered.
fn searched(start: Start) -> Console {
    let mut console = Console::open(start);
    console.press("n 3");
    let asked = questions(&console.take());
    answer(&mut console, asked[0].0, times());
    console
}

#[test]
fn the_template_comes_first_then_the_shown_practitioners_times_from_today() {
    let mut console = Console::open(Start::default());
    console.press("n 3");
    let asked = questions(&console.take());
    let [(_, question)] = asked.as_slice() else { panic!("one question") };
    assert_eq!(question.template.as_str(), "us30");
    assert_eq!(question.among, Among::Practitioner("AE".into()));
    assert_eq!(Some(question.from), parse_date("2026-11-25"));
    let mut later = Console::open(Start::default());
    later.press("PgDn").answer().press("n 1").answer();
    assert!(later.screen().contains("2026-12-02"), "{}", later.screen());
}

#[test]
fn what_is_typed_and_switched_asks_anew_and_what_cant_be_read_says_so() {
    let mut console = searched(Start::default());
    console.press("Right");
    assert_eq!(questions(&console.take())[0].1.among, Among::Company("c".into()));
    console.press("Right Right");
    let asked = questions(&console.take());
    assert_eq!(asked[1].1.among, Among::Practitioner(PractitionerId::from("BO")));
    console.press("Tab").type_text("mån-");
    assert!(questions(&console.take()).len() < 4, "an unfinished range asks nothing");
    assert!(console.screen().contains("Inga veckodagar"), "{}", console.screen());
    console.type_text("ons").press("Tab").type_text("em");
    let last = questions(&console.take()).pop().expect("a question").1;
    assert_eq!(last.suiting.part, PartOfDay::AFTERNOON);
    assert_eq!(last.suiting.weekdays.len(), 3);
    console.press("Tab").type_text("v50");
    let last = questions(&console.take()).pop().expect("a question").1;
    assert_eq!(Some(last.from), parse_date("2026-12-07"));
}

#[test]
fn an_answer_to_an_earlier_question_is_dropped() {
    let mut console = searched(Start::default());
    console.press("Right");
    let first = questions(&console.take())[0].0;
    console.press("Right");
    let second = questions(&console.take())[0].0;
    answer(&mut console, first, Vec::new());
    assert!(console.screen().contains("söker…"));
    answer(&mut console, second, times());
    assert!(console.screen().contains("3 lediga tider t.o.m. tis 23 feb"), "{}", console.screen());
}

#[test]
fn enter_goes_to_the_time_marks_it_exactly_and_opens_the_booking_form() {
    let mut console = searched(Start::default());
    console.press("Enter Enter");
    let effects = console.take();
    assert!(effects.iter().any(|it| matches!(it, Effect::LoadBooks { .. })));
    console.effects = effects;
    console.answer();
    let screen = console.screen();
    assert!(screen.contains("Undersökning 30 min · tor 26 nov 12:10–12:40"), "{screen}");
    // Esc leads back to the list: the next time may suit better.
    console.press("Esc Down Enter");
    let loads: Vec<_> = console
        .take()
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::LoadBooks { practitioners, days, .. } => {
                Some((practitioners.first().cloned()?, days.first()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(loads, [("BO".into(), parse_date("2026-11-30").expect("a date"))]);
    assert!(console.screen().contains("ons 2 dec 08:00–08:30"));
    console.press("Esc Esc");
    assert!(console.line(21).contains("30 min"), "the time stays marked: {}", console.screen());
}

#[test]
fn a_saved_booking_closes_the_search_that_led_to_it() {
    let mut console = searched(Start::default());
    console.press("Enter Enter").answer().press("F2").answer();
    let screen = console.screen();
    assert!(!screen.contains("Nästa lediga") && screen.contains("Klart"), "{screen}");
}

#[test]
fn r17_without_the_right_to_book_the_time_is_shown_and_marked() {
    let mut console = searched(Start { user: user(&[]), ..Start::default() });
    console.press("Enter Enter").answer();
    let screen = console.screen();
    assert!(!screen.contains("Nästa lediga") && screen.contains("12:10–12:40"), "{screen}");
}

#[test]
fn nothing_found_says_how_far_and_what_to_do() {
    let mut console = Console::open(Start::default());
    console.press("n 1");
    let request = questions(&console.take())[0].0;
    answer(&mut console, request, Vec::new());
    let screen = console.screen();
    assert!(screen.contains("Inget ledigt till och med tis 23 feb"), "{screen}");
    assert!(screen.contains("senare datum"), "{screen}");
    console.press("Enter Down Down Down Down Down Down");
    assert!(console.screen().contains("Nästa lediga"), "an empty list is passed over");
}

#[test]
fn the_list_of_free_times() {
    insta::assert_snapshot!(searched(Start::default()).screen());
    let start = Start {
        size: (120, 40),
        palette: Palette::Mono,
        symbols: Symbols::Ascii,
        language: tidbok::texts::Language::English,
        ..Start::default()
    };
    let mut console = searched(start);
    console.press("Enter Down");
    insta::assert_snapshot!(console.screen());
    let mut small = searched(Start { size: (60, 16), ..Start::default() });
    insta::assert_snapshot!(small.press("Enter Down Down").screen());
}

#[test]
fn the_footer_says_what_enter_does_and_how_far_was_searched_is_told_with_its_year() {
    let mut console = searched(Start::default());
    let screen = console.screen();
    assert!(console.line(23).contains("Enter Till tiderna"), "{screen}");
    assert!(!console.line(23).contains("Spara"), "{screen}");
    assert!(screen.contains("tis 23 feb 2027"), "the last day searched\n{screen}");
    console.press("Enter");
    assert!(console.line(23).contains("Enter Gå dit och boka"), "{}", console.screen());
}
