//! *Klippbord*: cutting and copying change nothing; pasting says in numbers what it does.

use tidbok::clinic::{Command, Confirmation, OverlapChoice};
use tidbok::domain::{Permission, PractitionerId};
use tidbok::texts::Language;
use tidbok::tui::{Effect, Message, Palette, Reply, RequestId, Symbols};

use crate::fixture::{Console, Start, interval, preview, user};

/// What was asked to be previewed, and to be done.
fn asked(effects: &[Effect]) -> (Vec<(RequestId, Command)>, Vec<Command>) {
    let mut asked = (Vec::new(), Vec::new());
    for effect in effects {
        match effect {
            Effect::Preview { request, command } => asked.0.push((*request, command.clone())),
            Effect::Execute { command, .. } => asked.1.push(command.clone()),
            _ => {}
        }
    }
    asked
}

/// On Tuesday's booking 08:00–08:30.
fn on_booking() -> Console {
    let mut console = Console::open(Start::default());
    console.press("Left Home");
    console
}

#[test]
fn what_is_cut_stands_marked_and_in_the_status_line_until_esc_drops_it() {
    let mut console = on_booking();
    console.press("x");
    assert!(asked(&console.take()).1.is_empty(), "nothing changes");
    let screen = console.screen();
    assert!(screen.contains("x 08:00 Karl"), "{screen}");
    assert!(
        console
            .line(22)
            .contains("Klippt: Bokning 08:00–08:30 Undersökning 30 min · k klistrar in"),
        "{screen}"
    );
    console.press("Esc");
    assert!(!console.screen().contains("Klippt"));
    assert!(!console.screen().contains("x 08:00"));
    console.press("k");
    assert!(console.screen().contains("inget är klippt eller kopierat"));
}

#[test]
fn a_booking_is_pasted_in_another_week_and_book_at_its_own_minute_or_the_rows() {
    let mut console = Console::open(Start::default());
    // 09:10–09:40 begins within the row 09:00.
    console.press("Left Home Down Down x PgDn").answer().press("k");
    let (previews, _) = asked(&console.take());
    let [(_, Command::MoveBooking(moved))] = previews.as_slice() else { panic!("one preview") };
    assert_eq!(moved.interval, interval("2026-12-01", "09:10-09:40"));
    assert_eq!(moved.practitioner, PractitionerId::from("AE"));
    console.press("Esc Down Tab").answer().press("k");
    let (previews, _) = asked(&console.take());
    let [(_, Command::MoveBooking(moved))] = previews.as_slice() else { panic!("one preview") };
    assert_eq!(moved.interval, interval("2026-12-01", "09:30-10:00"), "another row: its start");
    assert_eq!(moved.practitioner, PractitionerId::from("BO"));
    assert!(console.screen().contains("→ Bo Öst"), "{}", console.screen());
    console.press("Esc t").type_text("1412-15").press("Enter k");
    let (previews, _) = asked(&console.take());
    let [(_, Command::MoveBooking(moved))] = previews.as_slice() else { panic!("one preview") };
    assert_eq!(moved.interval, interval("2026-12-01", "14:12-14:42"), "a typed time is exact");
}

#[test]
fn r13_what_must_be_confirmed_is_confirmed_before_a_booking_is_pasted() {
    let mut console = on_booking();
    console.press("x Down Down Down k");
    let (previews, _) = asked(&console.take());
    let mut answer = preview();
    answer.to_confirm = vec![Confirmation::OutsideSchedule];
    let reply = Reply::Preview(Ok(Box::new(answer)));
    console.send(Message::Reply { request: previews[0].0, reply });
    assert!(console.screen().contains("Tiden ligger utanför arbetsschemat"));
    console.press("F2");
    assert!(asked(&console.take()).1.is_empty());
    assert!(console.screen().contains("Bekräfta varningen först"), "{}", console.screen());
    console.press("Space F2");
    let (_, done) = asked(&console.effects);
    let [Command::MoveBooking(moved)] = done.as_slice() else { panic!("one command") };
    assert!(moved.confirmed.contains(&Confirmation::OutsideSchedule));
    console.answer();
    assert!(!console.screen().contains("Klippt"), "it has been pasted");
}

#[test]
fn r12_the_marked_preblocks_keep_their_distances_and_what_lies_in_the_way_is_a_choice() {
    let mut console = Console::open(Start::default());
    // Wednesday's and Thursday's: 13:00–15:00 and, from 13:00 on, nothing; then all of Thursday.
    console.press("Right Home t").type_text("8-12").press("Enter x");
    assert!(console.line(22).contains("Klippt: 2 preblock"), "{}", console.screen());
    console.press("PgDn").answer().press("Down Down k");
    let (previews, _) = asked(&console.take());
    let [(request, Command::PastePreblocks(pasted))] = previews.as_slice() else { panic!("one") };
    let landing: Vec<_> = pasted.pasted.iter().map(|it| it.interval).collect();
    assert_eq!(
        landing,
        [interval("2026-12-03", "09:00-11:00"), interval("2026-12-03", "11:30-13:00")]
    );
    assert_eq!(pasted.cut.as_ref().map(|cut| cut.preblocks.len()), Some(2));
    assert_eq!(pasted.overlap, OverlapChoice::Refuse);
    let screen = console.screen();
    assert!(screen.contains("tor 26 nov 10:30–12:00 → tor 3 dec 11:30–13:00"), "{screen}");
    console.press("F2");
    assert!(asked(&console.take()).1.is_empty(), "not before it is known what it does");
    assert!(console.screen().contains("Räknar ännu"), "and it says so\n{}", console.screen());
    let reply = Reply::Preview(Ok(Box::new(preview())));
    console.send(Message::Reply { request: *request, reply });
    assert!(!console.screen().contains("Räknar ännu"), "{}", console.screen());
    console.press("Space");
    let (previews, _) = asked(&console.take());
    let [(request, Command::PastePreblocks(pasted))] = previews.as_slice() else { panic!("one") };
    assert_eq!(pasted.overlap, OverlapChoice::Replace);
    let reply = Reply::Preview(Ok(Box::new(preview())));
    console.send(Message::Reply { request: *request, reply });
    console.press("Enter Enter");
    assert!(matches!(asked(&console.take()).1.as_slice(), [Command::PastePreblocks(_)]));
}

#[test]
fn several_marked_days_are_pasted_by_their_own_corner() {
    let mut console = Console::open(Start::default());
    // From Tuesday 08:00 on, where nothing lies until the afternoon.
    console.press("Left Home v Right Right t").type_text("8-16").press("Enter c");
    assert!(console.screen().contains("Kopierat: 4 preblock"), "{}", console.screen());
    console
        .press("PgDn")
        .answer()
        .press("g")
        .type_text("ti")
        .press("Enter")
        .answer()
        .press("Home k");
    let (previews, _) = asked(&console.take());
    let [(_, Command::PastePreblocks(pasted))] = previews.as_slice() else {
        panic!("one preview\n{}", console.screen())
    };
    let mut landing: Vec<_> = pasted.pasted.iter().map(|it| it.interval).collect();
    landing.sort_unstable();
    let week_on = [
        interval("2026-12-01", "15:10-16:00"),
        interval("2026-12-02", "13:00-15:00"),
        interval("2026-12-03", "08:00-10:00"),
        interval("2026-12-03", "10:30-12:00"),
    ];
    assert_eq!(landing, week_on, "{}", console.screen());
}

#[test]
fn r18_copied_preblocks_stay_and_a_type_with_a_code_asks_for_it() {
    let mut console = Console::open(Start::default());
    console.calendar = tidbok::domain::Calendar::new(
        console.calendar.sessions().to_vec(),
        vec![crate::fixture::preblock("p9", "kod", interval("2026-11-25", "10:00-11:00"))],
        Vec::new(),
    );
    console.press("F5").answer().press("c");
    assert!(console.line(22).contains("Kopierat: 1 preblock"), "{}", console.screen());
    assert!(!console.screen().contains("x E Kodat"), "a copy marks nothing");
    console.press("Right k Down").type_text("4711");
    let (previews, _) = asked(&console.take());
    let Some((_, Command::PastePreblocks(last))) = previews.last() else { panic!("a preview") };
    assert_eq!((last.codes.as_slice(), &last.cut), (["4711".to_owned()].as_slice(), &None));
    let request = previews.last().expect("a preview").0;
    let reply = Reply::Preview(Ok(Box::new(preview())));
    console.send(Message::Reply { request, reply });
    console.press("F2").answer();
    assert!(console.screen().contains("Klart"));
    console.press("Down");
    assert!(console.screen().contains("Kopierat"), "a copy can be pasted again");
}

#[test]
fn r17_without_the_right_nothing_is_cut_copied_or_pasted() {
    let mut console =
        Console::open(Start { user: user(&[Permission::PreblockInternal]), ..Start::default() });
    console.press("Left Home x");
    assert!(console.screen().contains("behörighet saknas: Boka och avboka"));
    console.press("Right Right x");
    assert!(console.screen().contains("behörighet saknas: Preblock för internet"));
    console.press("c");
    assert!(console.screen().contains("behörighet saknas: Preblock för internet"));
    console.press("Right x");
    assert!(console.screen().contains("ingen bokning och inget preblock här"));
    console.press("c");
    assert!(console.screen().contains("inget preblock här"));
}

#[test]
fn what_is_refused_when_it_is_pasted_stays_on_the_clipboard() {
    let mut console = on_booking();
    console.press("x Down k").answer();
    console.press("F2");
    let effects = console.take();
    let request = effects.iter().find_map(|effect| match effect {
        Effect::Execute { request, .. } => Some(*request),
        _ => None,
    });
    let refused = tidbok::clinic::ClinicError::Refused(tidbok::clinic::Refusal::Gone);
    let reply = Reply::Executed(Err(refused));
    console.send(Message::Reply { request: request.expect("sent"), reply });
    console.press("Enter Esc");
    assert!(console.line(22).contains("Klippt"), "{}", console.screen());
}

#[test]
fn pasting_looks_like_this() {
    let mut console = on_booking();
    console.press("x Down Down Down k").answer();
    insta::assert_snapshot!(console.screen());
    let start = Start {
        size: (120, 40),
        palette: Palette::Mono,
        symbols: Symbols::Ascii,
        language: Language::English,
        ..Start::default()
    };
    let mut console = Console::open(start);
    console.press("Right Home t").type_text("8-19").press("Enter x");
    insta::assert_snapshot!(console.screen());
    console.press("Left k").answer();
    insta::assert_snapshot!(console.screen());
}
