//! The day: the company's practitioners side by side, and what is done to several books at once.

use crossterm::event::{MouseButton, MouseEventKind as Kind};
use insta::assert_snapshot;
use tidbok::clinic::Command;
use tidbok::domain::{
    Booking, Calendar, Company, Interval, Permission, Practitioner, Preblock, WorkSession,
};
use tidbok::tui::{Effect, Message, Palette, Reply, Symbols};

use crate::fixture::{
    Console, Start, booking, interval, practitioner, preblock, session, time, user,
};

fn on(hours: &str) -> Interval {
    interval("2026-11-25", hours)
}

/// Bo Öst's Wednesday: a session, a preblock at Anna Ek's 13:00, a booking.
fn of_bo() -> Calendar {
    let practitioner = || "BO".into();
    let own = |id, hours| WorkSession { practitioner: practitioner(), ..session(id, on(hours)) };
    let laid =
        Preblock { practitioner: practitioner(), ..preblock("pb", "e-us", on("13:00-14:00")) };
    let booked =
        Booking { practitioner: practitioner(), ..booking("bb", on("09:00-09:30"), "ps", "EK") };
    Calendar::new(vec![own("sb", "07:30-16:00")], vec![laid], vec![booked])
}

/// Wednesday with Anna, Bo and Åsa side by side, the cursor on Anna's 10:00.
fn day(start: Start) -> Console {
    let mut console = Console::started(start);
    console.others.insert("BO".into(), of_bo());
    console.answer();
    console.press("d").answer();
    console
}

/// The same with so many more practitioners in the company.
fn crowded(start: Start, more: usize) -> Console {
    let mut console = Console::started(start);
    for at in 0..more {
        let (id, found) = practitioner(&format!("B{at}"), &format!("Berit {at}"));
        console.setup.practitioners.insert(id, found);
    }
    console.answer();
    console.press("d").answer();
    console
}

fn loaded(effects: &[Effect]) -> Vec<Vec<String>> {
    let asked = effects.iter().filter_map(|effect| match effect {
        Effect::LoadBooks { practitioners, .. } => Some(practitioners),
        _ => None,
    });
    asked.map(|ids| ids.iter().map(ToString::to_string).collect()).collect()
}

fn sent(console: &mut Console) -> Vec<Command> {
    let commands = console.take().into_iter().filter_map(|effect| match effect {
        Effect::Execute { command, .. } => Some(command),
        _ => None,
    });
    commands.collect()
}

#[test]
fn the_companys_practitioners_stand_side_by_side_in_swedish_order() {
    assert_snapshot!(day(Start::default()).screen());
}

#[test]
fn the_day_beside_what_patients_see() {
    assert_snapshot!(
        day(Start { size: (120, 40), ..Start::default() }).press("Right").answer().screen()
    );
}

#[test]
fn the_day_in_ascii_without_colour_on_the_smallest_screen() {
    let small = Start {
        size: (60, 16),
        palette: Palette::Mono,
        symbols: Symbols::Ascii,
        ..Start::default()
    };
    assert_snapshot!(crowded(small, 4).press("Right Right Right Right Right").screen());
}

#[test]
fn d_asks_for_the_books_that_are_not_there_in_one_go_and_goes_back_to_the_week() {
    let mut console = Console::open(Start::default());
    let week = console.screen();
    console.press("d");
    assert_eq!(loaded(&console.effects), [["BO", "AA"]], "Anna's is there");
    console.answer().press("d");
    assert_eq!(loaded(&console.take()), [] as [Vec<String>; 0]);
    assert_eq!(console.screen(), week, "the week is what it was");
}

#[test]
fn others_companies_and_those_who_have_left_are_not_on_the_day() {
    let mut console = Console::started(Start::default());
    let elsewhere = Company { id: "d".into(), ..console.setup.companies[&"c".into()].clone() };
    console.setup.companies.insert("d".into(), elsewhere);
    let (id, found) = practitioner("X", "Xerxes");
    console.setup.practitioners.insert(id, Practitioner { company: "d".into(), ..found });
    let (id, found) = practitioner("Y", "Yngve");
    console.setup.practitioners.insert(id, Practitioner { active: false, ..found });
    console.answer();
    let screen = console.press("d").answer().screen();
    assert!(screen.contains("Åsa Alm") && !screen.contains("Xerxes"), "{screen}");
    assert!(!screen.contains("Yngve"), "{screen}");
    console.press("Tab Tab");
    assert_eq!(loaded(&console.take()), [["X"]], "Tab goes on to the other company");
}

#[test]
fn left_and_right_go_to_the_practitioner_beside_and_page_keys_to_another_day() {
    let table = [
        ("Right", "Bo Öst 10:00"),
        ("Right Right Right Right", "Åsa Alm 10:00"),
        ("Right Left Left", "Anna Ek 10:00"),
        ("PgDn Right Home", "Bo Öst 08:00"),
    ];
    for (keys, told) in table {
        let mut console = day(Start::default());
        console.press(keys);
        assert!(loaded(&console.effects).is_empty(), "{keys}: the week is there");
        assert!(console.line(21).contains(told), "{keys}: {}", console.line(21));
    }
    let mut console = day(Start::default());
    console.press("PgDn PgDn PgDn PgDn PgDn");
    assert!(console.line(0).contains("mån 30 nov 2026"), "{}", console.line(0));
    assert_eq!(loaded(&console.take()).pop().unwrap(), ["AE", "BO", "AA"], "another week");
    console.press("g").type_text("v50 to").press("Enter");
    assert!(console.line(0).contains("tor 10 dec 2026"), "{}", console.line(0));
}

#[test]
fn where_not_all_fit_the_columns_follow_the_cursor_and_say_how_many_are_outside() {
    let mut console = crowded(Start::default(), 6);
    assert!(console.line(1).ends_with("3 →"), "{}", console.line(1));
    console.press("Right Right Right Right Right Right");
    let line = console.line(1);
    assert!(line.contains("← 1") && line.ends_with("2 →"), "{line}");
    console.press("Right Right Right");
    let line = console.line(1);
    assert!(line.contains("← 3") && !line.contains('→') && line.contains("Åsa Alm"), "{line}");
    console.size = (200, 60);
    console.send(Message::Resize { width: 200, height: 60 });
    assert!(!console.line(1).contains('←'), "{}", console.line(1));
}

#[test]
fn a_marking_over_several_columns_is_told_in_practitioners_and_minutes() {
    let table = [
        ("v Right Down", "Anna Ek–Bo Öst 10:00–11:00 · 2 behandlare × 60 min"),
        ("Shift+Right Shift+Right", "Anna Ek–Åsa Alm 10:00–10:30 · 3 behandlare × 30 min"),
        ("Right v Left", "Anna Ek–Bo Öst 10:00–10:30 · 2 behandlare × 30 min"),
        ("v Down", "Anna Ek 10:00–11:00 · 1 behandlare × 60 min"),
    ];
    for (keys, told) in table {
        let mut console = day(Start::default());
        console.press(keys);
        assert!(console.line(21).contains(told), "{keys}: {}", console.line(21));
    }
    let mut console = day(Start::default());
    console.press("v Right t").type_text("1015-1145").press("Enter");
    assert!(
        console.line(21).contains("10:15–11:45 · 2 behandlare × 90 min"),
        "{}",
        console.line(21)
    );
    console.press("PgDn");
    assert!(
        console.line(21).contains("Bo Öst 10:00"),
        "another day drops it: {}",
        console.line(21)
    );
}

#[test]
fn a_marking_whose_end_has_left_the_day_touches_nobody_but_who_the_cursor_is_on() {
    let mut console = day(Start::default());
    console.press("v Right");
    console.setup.practitioners.get_mut(&"AE".into()).expect("Anna Ek").active = false;
    console.send(Message::StoreBack).answer();
    console.press("s");
    let commands = sent(&mut console);
    let [Command::AddWorkSessions { practitioner, .. }] = commands.as_slice() else {
        panic!("{} commands, or one about several books", commands.len())
    };
    assert_eq!(practitioner.as_str(), "BO");
}

#[test]
fn what_is_done_to_a_marking_over_several_columns_is_one_command() {
    let mut console = day(Start::default());
    console.press("v Right Down s");
    let commands = sent(&mut console);
    let [Command::Together(parts)] = commands.as_slice() else { panic!("one command") };
    for (part, id) in parts.iter().zip(["AE", "BO"]) {
        let Command::AddWorkSessions { practitioner, intervals } = part else { panic!("sessions") };
        assert_eq!((practitioner.as_str(), intervals.as_slice()), (id, &[on("10:00-11:00")][..]));
    }
    let mut console = day(Start::default());
    console.press("v Right p 3");
    let commands = sent(&mut console);
    assert!(matches!(commands.as_slice(), [Command::Together(parts)] if parts.len() == 2));
    let mut console = day(Start::default());
    console.press("v p 3");
    let commands = sent(&mut console);
    assert!(
        matches!(commands.as_slice(), [Command::LayPreblocks { .. }]),
        "one column, as the week"
    );
    let mut console = day(Start::default());
    console.press("v Right r").answer().press("F2");
    let commands = sent(&mut console);
    assert!(matches!(commands.as_slice(), [Command::Together(parts)]
        if parts.iter().all(|part| matches!(part, Command::RepeatWorkSessions { .. }))));
}

#[test]
fn removing_preblocks_of_several_practitioners_counts_them_all_and_asks() {
    let mut console = day(Start::default());
    console.press("Down Down Down Down Down Down v Right Right Del");
    let screen = console.screen();
    // Anna's 13–15 with a booking in it, Bo's 13–14.
    assert!(screen.contains("Tar bort 2 preblock."), "{screen}");
    assert!(screen.contains("1 bokning påverkas inte."), "{screen}");
    assert!(sent(&mut console).is_empty());
    console.press("Down Enter");
    let commands = sent(&mut console);
    let [Command::Together(parts)] = commands.as_slice() else { panic!("one command") };
    assert_eq!(parts.len(), 2, "Åsa has none: nothing is asked of her book");
}

#[test]
fn preblocks_of_several_practitioners_are_not_cut_or_copied_and_it_says_why() {
    let reason = "markera preblock hos en behandlare i taget";
    for key in ["x", "c"] {
        let mut console = day(Start::default());
        console.press("Down Down Down Down Down Down v Right Right").press(key);
        assert!(console.screen().contains(reason), "{key}: {}", console.screen());
        console.press("Esc v").press(key);
        assert!(!console.screen().contains(reason), "{key}: {}", console.screen());
    }
}

#[test]
fn r6_a_type_that_is_not_valid_for_one_of_them_stands_grey_with_whom() {
    let mut console = day(Start::default());
    console.press("v Right p");
    let screen = console.screen();
    assert!(screen.contains("gäller inte Anna Ek"), "{screen}");
    let mut console = day(Start::default());
    console.press("Right p");
    assert!(!console.screen().contains("gäller inte"), "{}", console.screen());
}

#[test]
fn a_booking_is_made_with_the_practitioner_that_the_cursor_is_on() {
    let mut console = day(Start::default());
    console.press("Right b");
    assert!(console.screen().contains("Boka · Bo Öst ons 25 10:00"), "{}", console.screen());
    console.press("1").answer().press("F2");
    let commands = sent(&mut console);
    assert!(
        matches!(commands.as_slice(), [Command::Book(asked)] if asked.practitioner.as_str() == "BO")
    );
}

#[test]
fn after_a_change_only_the_books_that_it_touched_are_loaded_again() {
    let mut console = day(Start::default());
    console.press("Right p").type_text("e-us").press("Enter");
    let Some(Effect::Execute { request, id, .. }) = console.take().pop() else { panic!("sent") };
    let outcome = tidbok::clinic::Outcome {
        command: id,
        practitioner: Some("BO".into()),
        changes: vec![tidbok::clinic::Change::WorkSession(tidbok::clinic::Changed::Added(
            WorkSession { practitioner: "BO".into(), ..session("new", on("17:00-18:00")) },
        ))],
    };
    console.send(Message::Reply { request, reply: Reply::Executed(Ok(Box::new(outcome))) });
    assert_eq!(loaded(&console.take()), [["BO"]]);
}

#[test]
fn the_mouse_marks_over_columns() {
    let mut console = day(Start::default());
    console.mouse(Kind::Down, MouseButton::Left, (10, 6));
    console.mouse(Kind::Drag, MouseButton::Left, (40, 8));
    console.mouse(Kind::Up, MouseButton::Left, (40, 8));
    assert!(console.line(21).contains("Anna Ek–Bo Öst"), "{}", console.line(21));
    assert!(console.line(21).contains("2 behandlare × 90 min"), "{}", console.line(21));
}

#[test]
fn r22_names_are_masked_on_the_day_as_in_the_week() {
    let console = day(Start::default());
    let screen = console.screen();
    assert!(screen.contains("09:00 Skyddad") && !screen.contains("Hemlig"), "{screen}");
    let mut console = day(Start { user: user(&[Permission::BookingEdit]), ..Start::default() });
    assert!(!console.screen().contains("Karlsson"));
    console.press("F9 Left");
    assert!(!console.screen().contains("Karlsson"));
}

#[test]
fn the_weekends_key_says_why_it_does_nothing_on_the_day() {
    let mut console = day(Start::default());
    console.press("l");
    assert!(console.screen().contains("en dag visas; d visar veckan"), "{}", console.screen());
}

#[test]
fn the_current_time_is_marked_on_today_only() {
    let mut console = day(Start::default());
    assert!(console.screen().contains(">10:00"));
    console.press("PgDn");
    assert!(!console.screen().contains(">10:00"));
    console.press("i").send(Message::Minute(time("2026-11-25T10:30")));
    assert!(console.screen().contains(">10:30"));
}

#[test]
fn where_one_end_of_the_marking_has_left_it_is_the_column_that_the_cursor_is_on() {
    let mut console = day(Start::default());
    console.press("v Right");
    let anna = console.setup.practitioners.get_mut(&"AE".into()).expect("Anna");
    anna.active = false;
    console.press("F5").answer().press("s");
    let commands = sent(&mut console);
    let [Command::AddWorkSessions { practitioner, .. }] = commands.as_slice() else {
        panic!("in one book, not in everybody's")
    };
    assert_eq!(practitioner.as_str(), "BO");
}
