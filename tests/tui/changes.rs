//! Laying, removing, booking, undo: from the key to the command and back.

use tidbok::clinic::{
    BookedFor, Change, Changed, ClinicError, Command, Confirmation, Outcome, OverlapChoice,
    Refusal, StoreError,
};
use tidbok::domain::{CommandId, Permission, Preblock, PreblockKind};
use tidbok::tui::{Effect, Message, Reply};

use crate::fixture::{Console, Start, interval, preblock, preview, time, user};

fn commands(effects: &[Effect]) -> Vec<Command> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Execute { command, .. } => Some(command.clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn two_marked_hours_and_a_digit_lay_a_preblock_whose_times_patients_see() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    console.press("v Down Down Down p 3");
    let sent = commands(&console.effects);
    let [Command::LayPreblocks { preblock_type, intervals, overlap, code, .. }] = sent.as_slice()
    else {
        panic!("one command")
    };
    assert_eq!(preblock_type.as_str(), "e-us");
    assert_eq!(intervals, &[interval("2026-11-25", "10:00-12:00")]);
    assert_eq!((overlap, code), (&OverlapChoice::Refuse, &None));
    let pane = "Undersökning m. rtg";
    console.answer();
    assert!(console.screen().contains(pane));
    assert_eq!(console.calendar.preblocks().len(), 6);
    console.press("u").answer();
    assert_eq!(console.calendar.preblocks().len(), 5);
}

#[test]
fn the_menu_follows_the_list_and_is_chosen_by_typing() {
    let mut console = Console::open(Start::default());
    console.press("p").type_text("mö").press("Enter");
    let sent = commands(&console.effects);
    assert!(matches!(sent.as_slice(), [Command::LayPreblocks { preblock_type, .. }]
        if preblock_type.as_str() == "moete"));
}

#[test]
fn r17_without_the_right_the_types_stay_in_place_grey_with_the_reason() {
    let mut console =
        Console::open(Start { user: user(&[Permission::PreblockInternal]), ..Start::default() });
    console.press("p");
    let screen = console.screen();
    assert!(screen.contains("3 ▌ E-us"), "{screen}");
    assert!(screen.contains("behörighet saknas: Preblock för internet"), "{screen}");
    console.press("3");
    assert!(commands(&console.take()).is_empty());
    console.press("5");
    assert_eq!(commands(&console.take()).len(), 1);
}

#[test]
fn r6_a_type_that_is_not_valid_here_can_not_be_chosen() {
    let mut console = Console::open(Start::default());
    console.press("p 1");
    assert!(commands(&console.take()).is_empty());
    assert!(console.screen().contains("gäller inte behandlaren"));
}

#[test]
fn r18_a_type_with_a_code_asks_for_it_and_never_shows_it() {
    let mut console = Console::open(Start::default());
    console.press("p 4").type_text("1234");
    assert!(!console.screen().contains("1234"));
    console.press("Enter");
    assert!(console.screen().contains("Fel kod"));
    assert!(commands(&console.take()).is_empty());
    console.type_text("4711").press("Enter");
    let sent = commands(&console.take());
    assert!(matches!(sent.as_slice(), [Command::LayPreblocks { code: Some(code), .. }]
        if code == "4711"));
}

#[test]
fn what_lies_there_already_is_not_counted_as_what_a_type_would_give() {
    let mut console = Console::open(Start::default());
    // E-us lies 08–10: only the half hour after it is free for the new one.
    console.press("Right t").type_text("8-1030").press("Enter p");
    let screen = console.screen();
    let entry = screen.lines().find(|line| line.contains("E-us") && line.contains("tid"));
    assert!(entry.is_some_and(|line| line.contains(" 1 tid ")), "{screen}");
}

#[test]
fn r12_over_a_preblock_it_is_asked_whether_to_replace_or_fill_with_numbers() {
    let mut console = Console::open(Start::default());
    console.press("t").type_text("12-14").press("Enter p 3");
    let asked = console.take();
    assert_eq!(asked.len(), 2, "a preview for each choice");
    for effect in asked {
        let Effect::Preview { request, .. } = effect else { panic!("a preview") };
        let reply = Reply::Preview(Ok(Box::new(preview())));
        console.send(Message::Reply { request, reply });
    }
    let screen = console.screen();
    assert!(screen.contains("0 tider tillkommer, 0 försvinner"), "{screen}");
    console.press("Enter");
    assert!(commands(&console.take()).is_empty(), "the default is harmless");
    console.press("p 3 3");
    let sent = commands(&console.take());
    assert!(matches!(sent.as_slice(), [Command::LayPreblocks { overlap, .. }]
        if *overlap == OverlapChoice::Fill));
}

#[test]
fn removing_what_withdraws_times_says_so_in_numbers_first() {
    let mut console = Console::open(Start::default());
    console.press("Right Home Del");
    assert!(commands(&console.take()).is_empty());
    let screen = console.screen();
    assert!(screen.contains("Tar bort 1 preblock tor 26 08:00–10:00."), "{screen}");
    assert!(screen.contains("6 tider försvinner från bokningssidan."), "{screen}");
    assert!(!screen.contains("påverkas inte"), "no booking lies there\n{screen}");
    console.press("Enter");
    assert!(commands(&console.take()).is_empty(), "the default is harmless");
    console.press("Del Down Enter");
    assert!(matches!(commands(&console.take()).as_slice(), [Command::RemovePreblocks { .. }]));
}

#[test]
fn removing_what_withdraws_nothing_needs_no_question() {
    let mut console = Console::open(Start::default());
    console.press("t").type_text("11-12").press("Enter Esc Right Del");
    let sent = commands(&console.take());
    assert!(matches!(sent.as_slice(), [Command::RemovePreblocks { preblocks, .. }]
        if preblocks.len() == 1));
}

#[test]
fn a_booking_is_cancelled_after_a_question() {
    let mut console = Console::open(Start::default());
    console.press("Left Home a");
    assert!(console.screen().contains("Karl Karlsson"));
    console.press("Down Enter");
    let sent = commands(&console.take());
    assert!(matches!(sent.as_slice(), [Command::CancelBooking { booking, .. }]
        if booking.as_str() == "b1"));
}

#[test]
fn r13_a_booking_asks_for_its_preview_and_waits_for_the_confirmation() {
    let mut console = Console::open(Start::default());
    console.press("b 3");
    let asked = console.take();
    let [Effect::Preview { request, .. }] = asked.as_slice() else { panic!("a preview") };
    let mut answer = preview();
    answer.to_confirm = vec![Confirmation::OutsideSchedule];
    console.send(Message::Reply { request: *request, reply: Reply::Preview(Ok(Box::new(answer))) });
    assert!(console.screen().contains("Tiden ligger utanför arbetsschemat"));
    console.type_text("ka").answer();
    console.press("Enter").type_text("Tand 36");
    // Typing went to the text: the patient was chosen with Enter.
    console.press("F2");
    assert!(commands(&console.take()).is_empty());
    assert!(console.screen().contains("Bekräfta varningen först"));
    console.type_text(" ").press("F2");
    let sent = commands(&console.take());
    let [Command::Book(booking)] = sent.as_slice() else { panic!("a booking") };
    assert!(matches!(booking.patient, BookedFor::Patient(_)));
    assert_eq!(booking.text.as_deref(), Some("Tand 36"));
    assert_eq!(booking.confirmed.len(), 1);
}

#[test]
fn a_refused_booking_keeps_its_form_and_says_why() {
    let mut console = Console::open(Start::default());
    console.press("b 3").answer().press("F2");
    let sent = console.take();
    let [Effect::Execute { request, .. }] = sent.as_slice() else { panic!("a booking") };
    let refusal = Refusal::BookingInTheWay(interval("2026-11-25", "10:00-10:30"));
    let reply = Reply::Executed(Err(ClinicError::Refused(refusal)));
    console.send(Message::Reply { request: *request, reply });
    let screen = console.screen();
    assert!(screen.contains("En bokning tar redan"), "{screen}");
    assert!(screen.contains("[ Spara ]"), "{screen}");
}

#[test]
fn a_booking_is_not_saved_while_a_patient_is_searched_for_and_not_chosen() {
    let mut console = Console::open(Start::default());
    console.press("b 3").answer();
    console.type_text("ka").answer();
    console.press("F2");
    assert!(commands(&console.take()).is_empty());
    assert!(console.screen().contains("Välj patienten i listan"), "{}", console.screen());
    console.press("Ctrl+U F2");
    assert_eq!(commands(&console.take()).len(), 1, "without a patient, as the empty field says");
}

#[test]
fn a_booking_that_was_refused_beforehand_is_asked_about_anew_when_it_is_saved() {
    let mut console = Console::open(Start::default());
    console.press("b 3");
    let sent = console.take();
    let [Effect::Preview { request, .. }] = sent.as_slice() else { panic!("a preview") };
    let refusal = Refusal::BookingInTheWay(interval("2026-11-25", "10:00-10:30"));
    let reply = Reply::Preview(Err(ClinicError::Refused(refusal)));
    console.send(Message::Reply { request: *request, reply });
    console.press("F2");
    assert!(matches!(console.effects.as_slice(), [Effect::Preview { .. }]));
    assert_eq!(console.screen().matches("En bokning tar redan").count(), 0);
}

#[test]
fn a_booking_saved_behind_another_change_keeps_its_form_until_its_own_answer() {
    let refused = || Reply::Executed(Err(ClinicError::Refused(Refusal::Gone)));
    let start = || {
        let mut console = Console::open(Start::default());
        console.press("p 3");
        let sent = console.take();
        let [Effect::Execute { request, .. }] = sent.as_slice() else { panic!("a command") };
        let first = *request;
        console.press("b 3").answer().press("Tab Tab").type_text(" ").press("F2");
        assert!(commands(&console.take()).is_empty(), "one at a time");
        assert!(console.screen().contains("[ Spara ]"), "{}", console.screen());
        (console, first)
    };
    let (mut console, first) = start();
    console.send(Message::Reply { request: first, reply: refused() });
    assert!(console.screen().contains("Inte sparat: ändringen före"), "{}", console.screen());
    console.press("F2");
    assert_eq!(commands(&console.take()).len(), 1, "it can be saved again");

    let (mut console, request) = start();
    let done = Outcome {
        command: CommandId::new("command-1"),
        practitioner: Some("AE".into()),
        changes: Vec::new(),
    };
    console.send(Message::Reply { request, reply: Reply::Executed(Ok(Box::new(done))) });
    assert_eq!(commands(&console.effects).len(), 1, "now it is sent");
    assert!(console.screen().contains("[ Spara ]"));
    console.answer();
    assert!(!console.screen().contains("[ Spara ]"));
}

/// Answers the command that is on its way: it did this.
fn did(console: &mut Console, changes: Vec<Change>) {
    let sent = console.take().into_iter().find_map(|effect| match effect {
        Effect::Execute { request, id, .. } => Some((request, id)),
        _ => None,
    });
    let (request, command) = sent.expect("a command");
    let outcome = Outcome { command, practitioner: Some("AE".into()), changes };
    console.send(Message::Reply { request, reply: Reply::Executed(Ok(Box::new(outcome))) });
}

fn refuse(console: &mut Console) {
    let sent = console.take().into_iter().find_map(|effect| match effect {
        Effect::Execute { request, .. } => Some(request),
        _ => None,
    });
    let refusal = Refusal::TouchedSince { who: "ADM".to_owned(), when: time("2026-11-25T10:11") };
    let reply = Reply::Executed(Err(ClinicError::Refused(refusal)));
    console.send(Message::Reply { request: sent.expect("a command"), reply });
}

fn laid(date: &str, change: fn(Preblock) -> Changed<Preblock>) -> Vec<Change> {
    let change = change(preblock("new", "e-us", interval(date, "10:00-11:00")));
    vec![Change::Preblock { kind: PreblockKind::Internet, change }]
}

#[test]
fn r20_what_is_undone_in_another_week_is_said_with_its_place_and_shown() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    console.press("p 3");
    did(&mut console, laid("2026-11-25", Changed::Added));
    console.answer().press("PgDn").answer().press("u");
    assert!(console.screen().contains("v.49"), "{}", console.screen());
    did(&mut console, laid("2026-11-25", Changed::Removed));
    console.answer();
    let screen = console.screen();
    assert!(screen.contains("v.48"), "the week of what was undone\n{screen}");
    let told = "Ångrat. Klart: tog bort 1 preblock · ons 25 nov 10:00–11:00 E-us hos AE.";
    assert!(screen.contains(told), "{screen}");
}

#[test]
fn r20_after_a_refused_undo_the_next_one_is_named_before_it_is_undone() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    for date in ["2026-12-22", "2026-11-25"] {
        console.press("p 3");
        did(&mut console, laid(date, Changed::Added));
        console.answer();
    }
    console.press("u");
    refuse(&mut console);
    console.answer();
    assert!(console.screen().contains("ADM har ändrat samma sak"), "{}", console.screen());
    console.press("u");
    assert!(commands(&console.take()).is_empty(), "nothing older is undone unseen");
    let told = "Näst att ångra: lade till 1 preblock · tis 22 dec 10:00–11:00 E-us hos AE.";
    assert!(console.screen().contains(told), "{}", console.screen());
    console.press("u");
    let sent = commands(&console.effects);
    assert!(
        matches!(sent.as_slice(), [Command::Undo { command }] if command.as_str() == "command-1")
    );
    did(&mut console, laid("2026-12-22", Changed::Removed));
    console.answer();
    assert!(console.screen().contains("v.52"), "{}", console.screen());
    console.press("u");
    assert!(console.screen().contains("inget att ångra"), "what was refused is not tried again");
}

#[test]
fn r20_after_a_change_that_may_or_may_not_have_been_made_the_next_undo_is_named_first() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    console.press("p 3");
    did(&mut console, laid("2026-12-22", Changed::Added));
    console.answer().press("p 3");
    let sent = console.take().into_iter().find_map(|effect| match effect {
        Effect::Execute { request, .. } => Some(request),
        _ => None,
    });
    let lost = Reply::Executed(Err(ClinicError::Store(StoreError::ConnectionLost)));
    console.send(Message::Reply { request: sent.expect("a command"), reply: lost });
    console.answer().press("u");
    assert!(commands(&console.take()).is_empty(), "the last that is known of is another");
    let told = "Näst att ångra: lade till 1 preblock · tis 22 dec 10:00–11:00 E-us hos AE.";
    assert!(console.screen().contains(told), "{}", console.screen());
    console.press("u");
    assert_eq!(commands(&console.take()).len(), 1);
}

#[test]
fn r20_whoever_does_something_new_after_a_refused_undo_undoes_that_at_once() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    for refused in [true, false] {
        console.press("p 3");
        did(&mut console, laid("2026-11-25", Changed::Added));
        console.answer();
        if refused {
            console.press("u");
            refuse(&mut console);
            console.answer();
        }
    }
    console.press("u");
    assert_eq!(commands(&console.take()).len(), 1);
}

#[test]
fn r20_undo_and_redo_name_the_command_they_take_back() {
    let mut console = Console::open(Start::default());
    console.press("p 3").answer();
    let id = |number: u32| CommandId::new(format!("command-{number}"));
    for (key, takes_back) in [("u", 1), ("U", 2), ("u", 3), ("Ctrl+Y", 4)] {
        console.press(key);
        let sent = commands(&console.effects);
        assert!(
            matches!(sent.as_slice(), [Command::Undo { command }] if *command == id(takes_back)),
            "{key}"
        );
        console.answer();
    }
    console.press("U");
    assert!(commands(&console.effects).is_empty());
    assert!(console.screen().contains("inget att göra om"));
}

#[test]
fn keys_pressed_ahead_of_the_answer_wait_for_it() {
    let mut console = Console::open(Start::default());
    console.press("p 3 u");
    assert_eq!(commands(&console.effects).len(), 1, "one at a time");
    console.answer();
    assert_eq!(console.calendar.preblocks().len(), 5);
}

#[test]
fn what_waited_behind_a_change_that_was_refused_is_told_of() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    console.press("p 3 Down Down p 3 Down p 3");
    assert_eq!(commands(&console.effects).len(), 1, "one at a time");
    refuse(&mut console);
    let screen = console.screen();
    let told = "ändra för hand. Inte heller gjort: 2 ändringar som väntade;";
    assert!(screen.contains("ADM har ändrat samma sak") && screen.contains(told), "{screen}");
}

#[test]
fn r20_what_is_undone_in_another_year_is_said_with_its_year() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    console.press("p 3");
    did(&mut console, laid("2027-01-05", Changed::Added));
    console.answer().press("u");
    did(&mut console, laid("2027-01-05", Changed::Removed));
    let told = "Ångrat. Klart: tog bort 1 preblock · tis 5 jan 2027 10:00–11:00 E-us hos AE.";
    assert!(console.screen().contains(told), "{}", console.screen());
}

#[test]
fn r19_repeating_previews_each_change_and_runs_what_was_previewed() {
    let mut console = Console::open(Start::default());
    console.press("r").answer();
    console.type_text("v50");
    assert!(console.effects.iter().any(|effect| matches!(effect, Effect::Preview { .. })));
    console.answer().press("F2");
    let sent = commands(&console.take());
    assert!(matches!(sent.as_slice(), [Command::RepeatWorkSessions { .. }]));
}

#[test]
fn r19_saving_before_the_preview_says_to_wait_and_after_a_refusal_asks_again() {
    let mut console = Console::open(Start::default());
    console.press("r F2");
    assert!(commands(&console.effects).is_empty(), "not before it is known what it does");
    assert!(console.screen().contains("Räknar ännu"), "{}", console.screen());
    console.answer();
    assert!(!console.screen().contains("Räknar ännu"), "{}", console.screen());
    console.press("Tab Ctrl+U Shift+Tab Ctrl+U").type_text("31/2").press("Tab F2");
    assert!(commands(&console.take()).is_empty());
    let screen = console.screen();
    assert!(screen.contains("Skriv antal veckor eller ett datum."), "{screen}");
    console.press("Ctrl+U").type_text("2");
    assert!(console.screen().contains("Till         2"), "the cursor is on what is wrong");
    let asked = console.take();
    let Some(Effect::Preview { request, .. }) = asked.last() else { panic!("a preview") };
    let reply = Reply::Preview(Err(ClinicError::Refused(Refusal::Gone)));
    console.send(Message::Reply { request: *request, reply });
    console.press("F2");
    let effects = console.take();
    assert!(matches!(effects.as_slice(), [Effect::Preview { .. }]), "it may be gone by now");
}
