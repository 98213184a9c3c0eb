//! The patient's card, key by key.

use insta::assert_snapshot;
use tidbok::clinic::{
    BookedFor, ClinicError, Command, NothingToDo, Refusal, Revisions, StoreError,
};
use tidbok::domain::{
    Changed, DifferingContact, Fault, Field, Identification, IdentityProtection, OfferedContacts,
    Patient, Permission, Personnummer, Problem, SettingChange, User, parse_date,
};
use tidbok::texts::Language;
use tidbok::tui::{Effect, Message, Palette, Reply, Symbols};

use crate::fixture::{Console, NOW, Start, everything, time, user};

/// Karl Karlsson with all there is to know of him, at the booking of Tuesday 08:00.
fn karl() -> Patient {
    let number = Personnummer::parse("19121212-1212", time(NOW).date());
    let mut karl = crate::fixture::patient("pk", "Karl", "Karlsson", IdentityProtection::None);
    karl.personnummer = number.ok();
    karl.mobile = Some("070-174 06 05".to_owned());
    karl.email = Some("karl@example.se".to_owned());
    karl.address = Some("Storgatan 1, 111 11 Staden".to_owned());
    karl.recall.date = parse_date("2027-01-12");
    karl.recall.template = Some("us30".into());
    karl
}

fn console(start: Start) -> Console {
    let mut console = Console::started(start);
    console.patients.insert("pk".into(), karl());
    let template = console.setup.templates.get_mut(&"us30".into()).expect("a template");
    template.recall = true;
    console.answer();
    console
}

/// With Karl's card open.
fn card() -> Console {
    card_of(Start::default())
}

fn card_of(start: Start) -> Console {
    let mut console = console(start);
    console.press("Left Home o").answer();
    console
}

fn commands(effects: &[Effect]) -> Vec<Command> {
    let command = |effect: &Effect| match effect {
        Effect::Execute { command, .. } => Some(command.clone()),
        _ => None,
    };
    effects.iter().filter_map(command).collect()
}

/// The patient as the only command leaves them.
fn saved(console: &mut Console) -> Patient {
    let sent = commands(&console.take());
    let [Command::ChangeSetting(change)] = sent.as_slice() else { panic!("one change") };
    match &**change {
        SettingChange::Patient(Changed::Altered { before, after }) => {
            assert!(*before == karl(), "held against what was loaded");
            after.clone()
        }
        _ => panic!("a patient"),
    }
}

/// The only command, refused.
fn refuse(console: &mut Console, refusal: Refusal) {
    let sent = console.take();
    let [Effect::Execute { request, .. }] = sent.as_slice() else { panic!("one command") };
    let reply = Reply::Executed(Err(ClinicError::Refused(refusal)));
    console.send(Message::Reply { request: *request, reply });
}

#[test]
fn the_card_at_80_by_24() {
    assert_snapshot!(card().screen());
}

#[test]
fn the_card_at_60_by_16_in_english_without_colour_or_drawing_characters() {
    let start = Start {
        size: (60, 16),
        language: Language::English,
        palette: Palette::Mono,
        symbols: Symbols::Ascii,
        ..Start::default()
    };
    assert_snapshot!(card_of(start).screen());
}

#[test]
fn the_card_being_filled_in_at_120_by_40() {
    let mut console = card_of(Start { size: (120, 40), ..Start::default() });
    console.press("E Shift+Tab");
    assert_snapshot!(console.screen());
}

#[test]
fn enter_on_a_booking_goes_there_in_the_grid() {
    let mut console = card();
    console.press("Down Enter").answer();
    assert!(console.line(21).contains("tis 24 09:40") || console.line(21).contains("tis 24 09:30"));
    assert!(!console.screen().contains("Patientkort"));
}

#[test]
fn whoever_stands_on_a_booking_of_the_card_stays_on_it_when_something_comes_in() {
    let mut console = card();
    console.press("Down");
    console.offered = Some(offered());
    console.send(Message::Polled(Revisions::default())).answer();
    assert!(console.screen().contains("Nygatan 3"), "{}", console.screen());
    console.press("Enter").answer();
    let line = console.line(21);
    assert!(line.contains("tis 24 09:40") || line.contains("tis 24 09:30"), "{line}");
}

#[test]
fn r22_who_may_not_see_patients_opens_no_card_and_is_told_why() {
    let user = user(&[Permission::BookingEdit]);
    let mut console = console(Start { user, ..Start::default() });
    console.press("Left Home o");
    assert!(console.take().is_empty());
    assert!(console.screen().contains("behörighet saknas: Se patienter"), "{}", console.screen());
}

#[test]
fn r22_the_privacy_key_hides_who_it_is_on_the_card_and_in_its_form() {
    for keys in ["F9", "E F9"] {
        let mut console = card();
        console.press(keys);
        let screen = console.screen();
        for personal in ["Karl", "1212", "070", "karl@", "Storgatan 1"] {
            assert!(!screen.contains(personal), "{keys}: {personal}\n{screen}");
        }
    }
}

#[test]
fn r17_a_card_that_is_open_shows_nothing_more_once_the_right_to_see_it_is_gone() {
    for keys in ["", "E"] {
        let mut console = card();
        if !keys.is_empty() {
            console.press(keys);
        }
        console.user = user(&[Permission::BookingEdit]);
        let screen = console.send(Message::StoreBack).answer().screen();
        assert!(screen.contains("behörighet saknas: Se patienter"), "{screen}");
        for personal in ["Karl", "1212", "070", "karl@", "Storgatan 1"] {
            assert!(!screen.contains(personal), "{personal}\n{screen}");
        }
    }
}

#[test]
fn r22_a_protected_identity_is_said_first() {
    let mut console = console(Start::default());
    let karl = console.patients.get_mut(&"pk".into()).expect("Karl");
    karl.protection = IdentityProtection::Protected;
    console.press("Left Home o").answer();
    assert!(console.screen().contains("Skyddad identitet"), "{}", console.screen());
}

#[test]
fn r17_who_may_not_book_reads_the_card_and_changes_nothing() {
    let user = user(&[Permission::PatientView]);
    for key in ["E", "b"] {
        let mut console = card_of(Start { user: user.clone(), ..Start::default() });
        assert!(console.screen().contains("070-174 06 05"), "{}", console.screen());
        console.press(key);
        assert!(console.take().is_empty());
        let told = "behörighet saknas: Boka och avboka";
        console.press("Esc");
        assert!(!console.screen().contains("Patientkort"), "{told}");
    }
}

#[test]
fn where_there_is_no_patient_the_key_says_so() {
    let mut console = console(Start::default());
    console.press("Home Right o");
    assert!(console.screen().contains("ingen bokning här"), "{}", console.screen());
}

/// The keys to a field, what is typed there, and what the patient then has in it.
type Filled = (&'static str, &'static str, fn(&Patient) -> String);

#[test]
fn each_field_of_the_card_is_saved() {
    let cases: [Filled; 8] = [
        ("", "811218-9876", |it| it.personnummer.as_ref().map_or("", |n| n.as_str()).to_owned()),
        ("Tab", "Kalle", |it| it.first_name.clone()),
        ("Tab Tab", "Åberg-Öst", |it| it.last_name.clone()),
        ("Tab Tab Tab", "08-12 34 56", |it| it.mobile.clone().unwrap_or_default()),
        ("Tab Tab Tab Tab", "a@b.se", |it| it.email.clone().unwrap_or_default()),
        ("Tab Tab Tab Tab Tab", "Lillgatan 2", |it| it.address.clone().unwrap_or_default()),
        ("Shift+Tab Shift+Tab Shift+Tab", "1/3 2027", |it| format!("{:?}", it.recall.date)),
        ("Shift+Tab Shift+Tab", "6", |it| it.recall.months.to_string()),
    ];
    for (keys, typed, read) in cases {
        let mut console = card();
        console.press("E");
        if !keys.is_empty() {
            console.press(keys);
        }
        console.press("Ctrl+U").type_text(typed).press("F2");
        let after = saved(&mut console);
        let expected = match typed {
            "811218-9876" => "19811218-9876".to_owned(),
            "1/3 2027" => format!("{:?}", parse_date("2027-03-01")),
            typed => typed.to_owned(),
        };
        assert_eq!(read(&after), expected, "{keys}");
    }
    let mut console = card();
    console.press("E Tab Tab Tab Tab Tab Tab").type_text("j").press("F2");
    assert_eq!(saved(&mut console).protection, IdentityProtection::Protected);
    let mut console = card();
    console.press("E Shift+Tab Left F2");
    assert_eq!(saved(&mut console).recall.template, None);
}

#[test]
fn each_wrong_value_is_told_of_at_its_field_and_kept() {
    let table = [
        ("", "191212121213", "Kontrollsiffran stämmer inte"),
        ("Tab", "", "Måste fyllas i"),
        ("Tab Tab", " ", "Måste fyllas i"),
        ("Tab Tab Tab", "mammas", "skriv det som"),
        ("Tab Tab Tab Tab", "karl", "skriv den som"),
        ("Shift+Tab Shift+Tab Shift+Tab", "snart", "Skriv ett datum"),
        ("Shift+Tab Shift+Tab", "ofta", "Skriv antalet månader"),
        ("Shift+Tab Shift+Tab", "0", "Ska vara mellan 1 och 120"),
        ("Shift+Tab Shift+Tab", "121", "Ska vara mellan 1 och 120"),
    ];
    for (keys, typed, told) in table {
        let mut console = card();
        console.press("E");
        if !keys.is_empty() {
            console.press(keys);
        }
        console.press("Ctrl+U").type_text(typed).press("F2");
        assert!(commands(&console.take()).is_empty(), "{typed}");
        let screen = console.screen();
        assert!(screen.contains(told) && screen.contains(typed), "{typed}\n{screen}");
    }
}

#[test]
fn a_personnummer_that_is_anothers_is_told_of_at_the_field() {
    let mut console = card();
    console.press("E Ctrl+U").type_text("811218-9876").press("F2");
    let fault = Fault { field: Field::Personnummer, problem: Problem::Taken };
    refuse(&mut console, Refusal::Faults(vec![fault]));
    let screen = console.screen();
    assert!(
        screen.contains("Finns redan på en annan patient") && screen.contains("811218-9876"),
        "{screen}"
    );
}

#[test]
fn leaving_the_form_asks_only_where_something_was_edited() {
    let mut console = card();
    console.press("E Esc");
    assert!(console.screen().contains("Inga kommande bokningar"), "{}", console.screen());
    console.press("E").type_text("1").press("Esc");
    assert!(console.screen().contains("Lämna utan att spara?"));
    console.press("Enter Esc 2");
    assert!(console.screen().contains("Inga kommande bokningar"), "{}", console.screen());
}

#[test]
fn who_is_second_to_save_sees_what_differs_and_keeps_both_or_theirs() {
    let conflict = || {
        let mut console = card();
        console.press("E Tab Tab Tab Ctrl+U").type_text("08-465 004 21").press("F2");
        let karl = console.patients.get_mut(&"pk".into()).expect("Karl");
        karl.mobile = Some("08-465 004 22".to_owned());
        karl.email = Some("ny@example.se".to_owned());
        let (who, when) = ("REC".to_owned(), time("2026-11-25T10:11"));
        refuse(&mut console, Refusal::ChangedMeanwhile { who, when });
        console.answer();
        console
    };
    let mut console = conflict();
    assert_snapshot!(console.screen());
    let hidden = console.press("F9").screen();
    assert!(!hidden.contains("08-465 004 21") && !hidden.contains("karl@"), "R22: {hidden}");
    console.press("F9 Enter");
    assert!(console.screen().contains("08-465 004 21"), "back, nothing saved");
    let mut console = conflict();
    console.press("2 F2");
    let sent = commands(&console.take());
    let [Command::ChangeSetting(change)] = sent.as_slice() else { panic!("a change") };
    let SettingChange::Patient(Changed::Altered { before, after }) = &**change else { panic!() };
    assert_eq!(before.mobile.as_deref(), Some("08-465 004 22"), "held against what is stored now");
    assert_eq!(after.mobile.as_deref(), Some("08-465 004 21"));
    assert_eq!(after.email.as_deref(), Some("ny@example.se"), "theirs stays");
    let mut console = conflict();
    console.press("3");
    assert!(console.screen().contains("08-465 004 22"), "{}", console.screen());
}

#[test]
fn r16_booking_from_the_recall_goes_to_its_day_and_starts_with_its_template_and_patient() {
    let mut console = card();
    console.press("b").answer();
    let screen = console.screen();
    assert!(screen.contains("v.2  11–15 jan 2027"), "{screen}");
    let told = "Revision: Karl Karlsson · Undersökning 30 min. b bokar vid markören";
    assert!(screen.contains(told), "{screen}");
    console.press("b").answer().press("F2");
    let sent = commands(&console.take());
    let [Command::Book(booking)] = sent.as_slice() else { panic!("a booking") };
    assert!(matches!(&booking.patient, BookedFor::Patient(id) if id.as_str() == "pk"));
    assert!(
        matches!(&booking.what, tidbok::clinic::BookingSubject::Template(id) if id.as_str() == "us30")
    );
    console.press("Esc");
}

#[test]
fn r16_the_next_free_times_are_searched_with_the_recalls_template_and_the_recall_goes_on_waiting() {
    let mut console = card();
    console.press("b").answer().press("n");
    let asked = console.take();
    let asks = asked.iter().any(|effect| {
        matches!(effect, Effect::FindFree { question, .. } if question.template.as_str() == "us30")
    });
    assert!(asks, "its template, without a question");
    console.press("Esc b").answer();
    assert!(console.screen().contains("Karlsson, Karl"), "{}", console.screen());
}

#[test]
fn r16_a_recall_goes_on_waiting_after_a_taken_time_and_until_it_is_booked() {
    let mut console = card();
    console.press("b").answer().press("b").answer().press("F2");
    refuse(&mut console, Refusal::NothingToDo(NothingToDo::Unchanged));
    console.press("Esc Down b").answer();
    assert!(console.screen().contains("Karlsson, Karl"), "{}", console.screen());
    console.press("F2").answer();
    let screen = console.screen();
    assert!(!screen.contains("Revision: Karl"), "it has been booked\n{screen}");
    console.press("b").answer();
    assert!(!console.screen().contains("Karlsson, Karl"), "{}", console.screen());
}

#[test]
fn r16_a_recall_is_dropped_with_esc_and_masked_like_everything() {
    let mut console = card();
    console.press("b").answer().press("F9");
    assert!(!console.screen().contains("Karlsson"), "{}", console.screen());
    console.press("Esc b");
    assert!(console.screen().contains("Boka ·"), "the ordinary menu: {}", console.screen());
}

#[test]
fn r16_a_recall_goes_on_waiting_where_somebody_else_is_booked_meanwhile() {
    let mut console = card();
    console.press("b").answer().press("b").answer();
    console.press("Shift+Tab Backspace").type_text("ek").answer().press("Enter").answer();
    console.press("F2").answer();
    let screen = console.screen();
    assert!(screen.contains("Klart"), "{screen}");
    console.press("Down");
    assert!(console.screen().contains("Revision: Karl Karlsson"), "{}", console.screen());
}

#[test]
fn r16_a_recall_waits_no_more_once_its_form_is_left_while_it_is_saved() {
    let mut console = card();
    console.press("b").answer().press("b").answer().press("F2 Esc 2");
    assert!(!console.screen().contains("Revision: Karl"), "{}", console.screen());
    console.answer();
    assert!(console.screen().contains("Klart"), "{}", console.screen());
}

#[test]
fn r16_esc_drops_a_marking_before_it_drops_the_recall() {
    let mut console = card();
    console.press("b").answer().press("v Down Esc");
    let screen = console.screen();
    assert!(screen.contains("Revision: Karl Karlsson") && !screen.contains("× 60 min"), "{screen}");
    console.press("Esc");
    assert!(!console.screen().contains("Revision: Karl"), "{}", console.screen());
}

#[test]
fn what_another_saved_first_is_shown_once_it_is_loaded_and_whatever_lies_above() {
    let mut console = card();
    console.press("E Tab Tab Tab Ctrl+U").type_text("08-465 004 21").press("F2");
    let karl = console.patients.get_mut(&"pk".into()).expect("Karl");
    karl.mobile = Some("08-465 004 22".to_owned());
    let (who, when) = ("REC".to_owned(), time("2026-11-25T10:11"));
    refuse(&mut console, Refusal::ChangedMeanwhile { who, when });
    for effect in console.take() {
        if let Effect::LoadPatient { request, .. } = effect {
            let lost = ClinicError::Store(StoreError::ConnectionLost);
            console.send(Message::Reply { request, reply: Reply::Patient(Err(lost)) });
        }
    }
    let screen = console.screen();
    assert!(screen.contains("REC har ändrat samma sak"), "{screen}");
    assert!(!screen.contains("Någon annan hann före"), "what it is now is not known\n{screen}");
    console.press("F1").send(Message::StoreBack).answer();
    let screen = console.screen();
    let told = ["Någon annan hann före", "08-465 004 22"];
    assert!(told.iter().all(|it| screen.contains(it)), "{screen}");
    console.press("2 Esc F2");
    let sent = commands(&console.take());
    let [Command::ChangeSetting(change)] = sent.as_slice() else { panic!("a change") };
    let SettingChange::Patient(Changed::Altered { before, after }) = &**change else { panic!() };
    assert_eq!(before.mobile.as_deref(), Some("08-465 004 22"));
    assert_eq!(after.mobile.as_deref(), Some("08-465 004 21"));
}

#[test]
fn r16_without_a_template_usable_for_recall_there_is_nothing_to_book_from() {
    let mut console = console(Start::default());
    let karl = console.patients.get_mut(&"pk".into()).expect("Karl");
    karl.recall.template = Some("us45".into());
    console.press("Left Home o").answer().press("b");
    assert!(console.screen().contains("Patientkort"));
    assert!(console.take().is_empty());
}

#[test]
fn a_card_that_can_no_longer_be_loaded_says_why() {
    let mut console = console(Start::default());
    console.press("Left Home o");
    let asked = console.take();
    let [Effect::LoadPatient { request, .. }] = asked.as_slice() else { panic!("a card") };
    let reply = Reply::Patient(Err(ClinicError::Refused(Refusal::UnknownPatient)));
    console.send(Message::Reply { request: *request, reply });
    assert!(console.screen().contains("Patienten finns inte"), "{}", console.screen());
    console.press("E Esc");
}

/// What Karl told when he booked online.
fn offered() -> OfferedContacts {
    let differing = |field, on_card: Option<&str>, given: &str| DifferingContact {
        field,
        on_card: on_card.map(str::to_owned),
        given: given.to_owned(),
    };
    OfferedContacts {
        booking: "b4".into(),
        given_at: time("2026-11-23T20:15"),
        identification: Identification::EId,
        differing: vec![
            differing(Field::Mobile, Some("070-174 06 05"), "073-99 88 77"),
            differing(Field::Address, None, "Nygatan 3"),
        ],
    }
}

fn offering(user: User) -> Console {
    let mut console = console(Start { user, ..Start::default() });
    console.offered = Some(offered());
    console.press("Left Home o").answer();
    console
}

#[test]
fn r14_what_the_patient_told_online_stands_first_field_by_field_and_is_taken_over_or_dismissed() {
    let mut console = offering(everything());
    assert_snapshot!(console.screen());
    console.press("Enter");
    assert_snapshot!(console.screen());
    console.press("Enter");
    assert!(commands(&console.take()).is_empty(), "nothing by default");
    console.press("Enter 2");
    let sent = commands(&console.take());
    let [Command::TakeOverContacts { booking, card }] = sent.as_slice() else { panic!("taken") };
    assert_eq!(booking.as_str(), "b4");
    assert!(**card == karl(), "held against the card that was shown");
    let mut console = offering(everything());
    console.press("Enter 3");
    let sent = commands(&console.take());
    assert!(
        matches!(sent.as_slice(), [Command::DismissContacts { booking }] if booking.as_str() == "b4")
    );
}

#[test]
fn r14_the_card_is_loaded_anew_once_the_offer_is_settled() {
    let mut console = offering(everything());
    console.press("Enter 2");
    console.offered = None;
    console.answer();
    assert!(!console.screen().contains("Nygatan"), "{}", console.screen());
}

#[test]
fn r17_who_may_not_book_sees_what_was_told_and_settles_nothing() {
    let mut console = offering(user(&[Permission::PatientView]));
    console.press("Enter 2");
    assert!(commands(&console.take()).is_empty());
    assert!(console.screen().contains("behörighet saknas"), "{}", console.screen());
}

#[test]
fn r22_what_was_told_is_hidden_with_the_names() {
    let mut console = offering(everything());
    for keys in ["F9", "Enter", "F9 F9"] {
        console.press(keys);
        let screen = console.screen();
        assert!(!screen.contains("073") && !screen.contains("Nygatan"), "{screen}");
    }
}
