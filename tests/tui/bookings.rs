//! Bookings by staff, key by key: a new patient in the form, editing, moving, cancelling.

use insta::assert_snapshot;
use tidbok::clinic::{BookedFor, ClinicError, Command, Confirmation, Preview, Refusal};
use tidbok::domain::{
    Booking, CivilTime, Fault, Field, IdentityProtection, Meanwhile, Permission, Problem, Slot,
    TemplateId,
};
use tidbok::texts::Language;
use tidbok::tui::{Effect, Message, Palette, Reply, Symbols};

use crate::fixture::{Console, Start, interval, patient, preview, time, user};

fn commands(effects: &[Effect]) -> Vec<Command> {
    let command = |effect: &Effect| match effect {
        Effect::Execute { command, .. } => Some(command.clone()),
        _ => None,
    };
    effects.iter().filter_map(command).collect()
}

/// The booking form on a free time, with nobody found.
fn booking() -> Console {
    booking_on(Start::default())
}

fn booking_on(start: Start) -> Console {
    let mut console = Console::open(start);
    console.press("b 3").answer();
    console
}

/// Types a search that finds nobody, and goes on to register.
fn register(console: &mut Console, typed: &str) {
    console.type_text(typed);
    nobody(console);
    console.press("Enter");
}

/// Answers every search with nobody, everything else as usual.
fn nobody(console: &mut Console) {
    answer_searches(console, Vec::new);
}

fn answer_searches(console: &mut Console, found: impl Fn() -> Vec<tidbok::domain::Patient>) {
    for effect in console.take() {
        match effect {
            Effect::FindPatients { request, .. } => {
                let reply = Reply::Patients(Ok(found()));
                console.send(Message::Reply { request, reply });
            }
            other => console.effects.push(other),
        }
    }
}

/// Answers the preview that was asked for last.
fn answer_preview(console: &mut Console, answer: impl FnOnce(&mut Preview)) {
    let asked = console.take().into_iter().filter_map(|effect| match effect {
        Effect::Preview { request, .. } => Some(request),
        _ => None,
    });
    let request = asked.last();
    let mut told = preview();
    answer(&mut told);
    let reply = Reply::Preview(Ok(Box::new(told)));
    console.send(Message::Reply { request: request.expect("a preview"), reply });
}

fn slot(template: &str, date: &str, hours: &str) -> Slot {
    Slot {
        practitioner: "AE".into(),
        template: TemplateId::from(template),
        interval: interval(date, hours),
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
fn r13_the_form_counts_the_times_that_vanish_by_template_and_names_what_is_bypassed() {
    let mut console = Console::open(Start::default());
    console.press("b 3");
    answer_preview(&mut console, |told| {
        told.to_confirm = vec![Confirmation::BypassPreblock("moete".into())];
        told.lost = vec![
            slot("us30", "2026-11-25", "10:00-10:30"),
            slot("us45", "2026-11-25", "10:00-10:45"),
            slot("us30", "2026-11-25", "10:30-11:00"),
            Slot { practitioner: "BO".into(), ..slot("us45", "2026-11-25", "10:15-11:00") },
        ];
    });
    assert_snapshot!(console.screen());
}

#[test]
fn a_long_name_does_not_push_out_when_the_booking_is() {
    for size in [(80, 24), (60, 16)] {
        let mut console = Console::open(Start { size, ..Start::default() });
        let template = console.setup.templates.get_mut(&"us30".into()).expect("is there");
        template.name = "Undersökning med utlåtande ".repeat(3).trim_end().to_owned();
        let screen = console.press("F5").answer().press("b 4").screen();
        assert!(screen.contains("10:00–10:30"), "{screen}");
    }
}

#[test]
fn r13_who_confirms_nothing_saves_nothing() {
    let mut console = Console::open(Start::default());
    console.press("b 3");
    answer_preview(&mut console, |told| told.to_confirm = vec![Confirmation::OutsideSchedule]);
    for keys in ["F2", "F2", "Tab F2"] {
        console.press(keys);
        assert!(commands(&console.take()).is_empty(), "{keys}");
    }
    assert!(console.screen().contains("Bekräfta varningen först"), "{}", console.screen());
    console.press("Enter");
    let screen = console.screen();
    assert!(screen.contains("[x] ja, boka ändå"), "{screen}");
    assert!(!screen.contains("Bekräfta varningen först"), "it has been confirmed\n{screen}");
}

#[test]
fn nobody_found_a_new_patient_is_registered_in_the_form() {
    let mut console = booking();
    register(&mut console, "nya åberg-ek");
    assert_snapshot!(console.screen());
    console.type_text("811218-9876");
    nobody(&mut console);
    console.press("Tab Tab Tab").type_text("070-174 06 05").press("F2");
    let sent = commands(&console.take());
    let [Command::Book(booking)] = sent.as_slice() else { panic!("a booking") };
    let BookedFor::New(new) = &booking.patient else { panic!("somebody new") };
    assert_eq!((new.first_name.as_str(), new.last_name.as_str()), ("Nya", "Åberg-Ek"));
    assert_eq!(new.personnummer.as_ref().map(|it| it.as_str()), Some("19811218-9876"));
    assert_eq!(new.mobile.as_deref(), Some("070-174 06 05"));
    assert_eq!((new.email.as_ref(), new.address.as_ref()), (None, None));
    assert_eq!(new.protection, IdentityProtection::None);
}

#[test]
fn a_new_patient_typed_as_patients_are_listed_gets_the_names_the_right_way_round() {
    let mut console = booking();
    register(&mut console, "åberg-ek, nya");
    console.press("F2");
    let sent = commands(&console.take());
    let [Command::Book(booking)] = sent.as_slice() else { panic!("a booking") };
    let BookedFor::New(new) = &booking.patient else { panic!("somebody new") };
    assert_eq!((new.first_name.as_str(), new.last_name.as_str()), ("Nya", "Åberg-Ek"));
}

#[test]
fn r21_every_spelling_of_a_personnummer_is_understood_and_the_rest_told_of_at_the_field() {
    let good = [
        "19811218-9876",
        "198112189876",
        "811218-9876",
        " 1981 1218 9876 ",
        "811218\u{2013}9876",
        "",
    ];
    for typed in good {
        let mut console = booking();
        register(&mut console, "nya nyberg");
        console.send(Message::Paste(typed.to_owned()));
        nobody(&mut console);
        console.press("F2");
        let sent = commands(&console.take());
        let [Command::Book(booking)] = sent.as_slice() else { panic!("{typed}") };
        let BookedFor::New(new) = &booking.patient else { panic!("{typed}") };
        let number = new.personnummer.as_ref().map_or("", |it| it.as_str());
        let expected = if typed.is_empty() { "" } else { "19811218-9876" };
        assert_eq!(number, expected, "{typed}");
    }
    let bad = [
        ("811218-9877", "Kontrollsiffran stämmer inte"),
        ("811318-9876", "Det datumet finns inte"),
        ("20991212-1212", "ligger i framtiden"),
        ("8112189876", "Skriv ÅÅÅÅMMDD-XXXX"),
        ("nummer", "Skriv ÅÅÅÅMMDD-XXXX"),
    ];
    for (typed, told) in bad {
        let mut console = booking();
        register(&mut console, "nya nyberg");
        console.type_text(typed);
        nobody(&mut console);
        console.press("F2");
        assert!(commands(&console.take()).is_empty(), "{typed}");
        let screen = console.screen();
        assert!(screen.contains(told), "{typed}\n{screen}");
        assert!(screen.contains(typed), "what was typed is kept: {typed}\n{screen}");
    }
}

#[test]
fn each_wrong_value_of_a_new_patient_is_told_of_at_its_field_and_kept() {
    let table = [
        ("Tab Ctrl+U", "", "Förnamn", "Måste fyllas i"),
        ("Tab Tab Ctrl+U", "", "Efternamn", "Måste fyllas i"),
        ("Tab Tab Tab Tab", "nya", "E-post", "Har inte rätt form"),
        ("Tab Tab Tab Tab", "nya@x y.se", "E-post", "Har inte rätt form"),
        ("Tab Tab Tab", "abc", "Mobil", "Har inte rätt form"),
    ];
    for (keys, typed, label, told) in table {
        let mut console = booking();
        register(&mut console, "nya nyberg");
        console.press(keys).type_text(typed).press("F2");
        assert!(commands(&console.take()).is_empty(), "{label} {typed}");
        let screen = console.screen();
        let at = screen.lines().position(|line| line.contains(label)).expect("the field");
        assert!(screen.lines().nth(at + 1).expect("below").contains(told), "{label}\n{screen}");
        assert!(screen.contains(typed));
    }
    let mut console = booking();
    register(&mut console, "nya nyberg");
    console.press("Tab Tab Tab");
    console.send(Message::Paste("7".repeat(300)));
    console.press("F2");
    assert!(console.screen().contains("Får ha högst 100 tecken"), "{}", console.screen());
}

#[test]
fn a_number_that_is_somebodys_already_offers_that_patient() {
    let mut console = booking();
    register(&mut console, "811218-9876");
    answer_searches(&mut console, || {
        vec![patient("pk", "Karl", "Karlsson", IdentityProtection::None)]
    });
    let screen = console.screen();
    assert!(
        screen.contains("Finns redan: Karlsson, Karl. Enter väljer den patienten."),
        "{screen}"
    );
    console.press("Enter F2");
    let sent = commands(&console.take());
    let [Command::Book(booking)] = sent.as_slice() else { panic!("a booking") };
    assert!(matches!(&booking.patient, BookedFor::Patient(id) if id.as_str() == "pk"));
}

#[test]
fn a_number_taken_meanwhile_is_told_of_at_the_field_and_the_patient_offered() {
    let mut console = booking();
    register(&mut console, "nya nyberg");
    console.type_text("811218-9876");
    nobody(&mut console);
    console.press("F2");
    let fault = Fault { field: Field::Personnummer, problem: Problem::Taken };
    refuse(&mut console, Refusal::Faults(vec![fault]));
    assert!(console.screen().contains("Finns redan på en annan patient"), "{}", console.screen());
    answer_searches(&mut console, || {
        vec![patient("pk", "Karl", "Karlsson", IdentityProtection::None)]
    });
    assert!(console.screen().contains("Finns redan: Karlsson, Karl."), "{}", console.screen());
}

#[test]
fn leaving_asks_before_a_half_registered_patient_is_dropped_and_goes_back_to_the_search() {
    let mut console = booking();
    register(&mut console, "nya nyberg");
    console.press("Tab").type_text("!").press("Esc");
    assert!(console.screen().contains("Lämna utan att spara?"));
    console.press("Enter");
    assert!(console.screen().contains("Nya!"), "the harmless answer comes first");
    console.press("Esc 2");
    assert!(!console.screen().contains("[ Spara ]"), "the whole form is dropped");
    let mut console = booking();
    register(&mut console, "nya nyberg");
    console.press("Esc");
    assert!(console.screen().contains("nya nyberg"), "with nothing filled in the search is back");
    console.press("Esc");
    assert!(!console.screen().contains("[ Spara ]"));
}

#[test]
fn a_new_patients_names_and_number_go_where_they_belong() {
    for (typed, number, first, last) in [
        ("eva von otter", "", "Eva", "von Otter"),
        ("Eva Von Otter", "", "Eva", "Von Otter"),
        ("von otter, eva", "", "Eva", "von Otter"),
        ("von otter", "", "", "von Otter"),
        ("jan van der berg", "", "Jan", "van der Berg"),
        ("magnus gabriel de la gardie", "", "Magnus Gabriel", "de la Gardie"),
        ("Van Nguyen", "", "Van", "Nguyen"),
        ("anna maria ek", "", "Anna Maria", "Ek"),
        ("åberg-ek", "", "", "Åberg-Ek"),
        ("eva von", "", "Eva", "Von"),
        ("Åsa Öberg 189001019802", "189001019802", "Åsa", "Öberg"),
        ("öberg, åsa 18900101 9802", "18900101 9802", "Åsa", "Öberg"),
        ("a\u{30a}sa o\u{308}berg", "", "Åsa", "Öberg"),
        ("811218-9876 karl karlsson", "811218-9876", "Karl", "Karlsson"),
    ] {
        let mut console = booking();
        register(&mut console, typed);
        let screen = console.screen();
        let fields = [("Personnummer", number), ("Förnamn", first), ("Efternamn", last)];
        for (label, value) in fields {
            let line = screen.lines().find(|line| line.contains(&format!("{label} ")));
            let line = line.expect("the field");
            let written = line.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
            assert_eq!(written.map(|(value, _)| value.trim()), Some(value), "{typed}\n{screen}");
        }
    }
}

/// When the only booking is to begin that is asked for.
fn booked_at(console: &mut Console) -> CivilTime {
    let sent = commands(&console.take());
    let [Command::Book(booking)] = sent.as_slice() else { panic!("a booking") };
    booking.start
}

#[test]
fn r12_where_the_time_is_taken_another_is_typed_and_who_was_filled_in_stays() {
    let mut console = booking();
    register(&mut console, "nya nyberg");
    console.press("Shift+Tab").answer();
    console.press("+ +");
    answer_preview(&mut console, |_| {});
    assert!(console.screen().contains("ons 25 nov 10:10–10:40"), "{}", console.screen());
    console.type_text("1330");
    answer_preview(&mut console, |_| {});
    console.press("Shift+Tab").type_text("27/11");
    answer_preview(&mut console, |told| told.to_confirm = vec![Confirmation::OutsideSchedule]);
    let screen = console.screen();
    assert!(screen.contains("fre 27 nov 13:30–14:00"), "{screen}");
    assert!(screen.contains("Nyberg"), "{screen}");
    console.press("F2 Enter F2");
    let sent = commands(&console.take());
    let [Command::Book(booking)] = sent.as_slice() else { panic!("a booking\n{screen}") };
    assert_eq!(booking.start, time("2026-11-27T13:30"));
    assert!(matches!(&booking.patient, BookedFor::New(new) if new.last_name == "Nyberg"));
}

#[test]
fn a_day_or_time_of_a_booking_that_cannot_be_read_is_told_of_and_nothing_is_booked() {
    for (keys, told) in [("Shift+Tab x", "Skriv en tid"), ("Shift+Tab Shift+Tab x", "Skriv en dag")]
    {
        let mut console = booking();
        console.press(keys);
        assert!(!console.take().iter().any(|it| matches!(it, Effect::Preview { .. })), "{keys}");
        console.press("F2");
        assert!(commands(&console.take()).is_empty(), "{keys}");
        assert!(console.screen().contains(told), "{keys}\n{}", console.screen());
    }
    let mut console = booking();
    console.press("Shift+Tab Shift+Tab");
    console.send(Message::Paste("+1v".to_owned()));
    console.answer().press("F2");
    assert_eq!(booked_at(&mut console), time("2026-12-02T10:00"));
}

#[test]
fn a_patient_who_is_booked_with_somebody_else_then_is_told_of_and_booked_all_the_same() {
    let mut console = booking();
    console.type_text("karl").answer();
    console.press("Enter");
    answer_preview(&mut console, |it| {
        let with = tidbok::domain::PractitionerId::from("BO");
        let own = crate::fixture::booking("b9", interval("2026-11-25", "10:00-10:30"), "pk", "EK");
        it.elsewhere = vec![Booking { practitioner: with, ..own }];
    });
    for told in ["Patienten har redan en bokning ons 25 nov 10:00–10:30", "hos Bo"] {
        assert!(console.screen().contains(told), "{}", console.screen());
    }
    console.press("Shift+Tab Backspace");
    answer_preview(&mut console, |_| {});
    assert!(!console.screen().contains("Patienten har redan"), "{}", console.screen());
    console.type_text("karl").answer().press("Enter").answer().press("F2");
    assert_eq!(booked_at(&mut console), time("2026-11-25T10:00"));
}

#[test]
fn a_day_that_is_none_leaves_no_time_in_the_heading() {
    let mut console = Console::open(Start::default());
    console.press("b 1").answer();
    assert!(console.screen().contains("Akutbesök 20 min · ons 25 nov"), "{}", console.screen());
    console.press("Shift+Tab Shift+Tab").type_text("31/11");
    assert!(console.screen().contains("Akutbesök 20 min · – "), "{}", console.screen());
}

#[test]
fn what_must_be_confirmed_stands_while_it_is_asked_anew_for_another_patient() {
    let mut console = Console::open(Start::default());
    console.press("b 3");
    answer_preview(&mut console, |told| told.to_confirm = vec![Confirmation::OutsideSchedule]);
    console.type_text("karl").answer().press("Enter");
    assert!(console.screen().contains("utanför arbetsschemat"), "{}", console.screen());
    console.press("F2");
    assert!(commands(&console.take()).is_empty(), "it is not confirmed");
}

#[test]
fn r13_what_is_asked_besides_what_was_confirmed_is_confirmed_anew() {
    let bypass = || Confirmation::BypassPreblock("moete".into());
    for (more, sent) in [(vec![], 1), (vec![bypass()], 0)] {
        let mut console = Console::open(Start::default());
        console.press("b 3");
        answer_preview(&mut console, |told| told.to_confirm = vec![Confirmation::OutsideSchedule]);
        console.press("F2 Space Shift+Tab Shift+Tab").type_text("karl").answer_once();
        // Choosing the patient asks anew for what it would do.
        console.press("Enter");
        answer_preview(&mut console, |told| {
            told.to_confirm = [vec![Confirmation::OutsideSchedule], more].concat();
        });
        console.press("F2");
        assert_eq!(commands(&console.take()).len(), sent, "{}", console.screen());
    }
}

#[test]
fn r17_who_may_not_see_patients_books_without_searching_or_registering() {
    let user = user(&[Permission::BookingEdit]);
    let mut console = booking_on(Start { user, ..Start::default() });
    console.type_text("nya");
    assert!(console.take().is_empty());
    assert!(console.screen().contains("behörighet saknas: Se patienter"), "{}", console.screen());
    console.press("F2");
    let sent = commands(&console.take());
    let [Command::Book(booking)] = sent.as_slice() else { panic!("a booking") };
    assert!(matches!(booking.patient, BookedFor::Nobody));
}

#[test]
fn r22_the_privacy_key_hides_what_is_being_registered() {
    let mut console = booking();
    register(&mut console, "nya nyberg");
    console.press("Tab Tab Tab").type_text("070-1740605").press("F9");
    let screen = console.screen();
    for personal in ["Nya", "Nyberg", "070"] {
        assert!(!screen.contains(personal), "{personal}\n{screen}");
    }
    console.press("F9");
    assert!(console.screen().contains("Nyberg"));
}

#[test]
fn a_booking_is_edited_from_the_grid_and_only_what_changed_is_another() {
    let mut console = Console::open(Start::default());
    console.press("Left Home E");
    assert_snapshot!(console.screen());
    console.press("Ctrl+U").type_text("Ringer").press("F2");
    let sent = commands(&console.take());
    let [Command::EditBooking(edited)] = sent.as_slice() else { panic!("an edit") };
    assert_eq!(edited.seen.id.as_str(), "b1");
    assert_eq!(edited.text, "Ringer");
    assert_eq!(edited.template, None);
    assert!(matches!(&edited.patient, BookedFor::Patient(id) if id.as_str() == "pk"));
}

#[test]
fn an_edit_that_changes_nothing_is_not_sent() {
    let mut console = Console::open(Start::default());
    console.press("Left Home E F2");
    assert!(commands(&console.take()).is_empty());
    assert!(console.screen().contains("Inget är ändrat."));
    console.press("Esc");
    assert!(!console.screen().contains("[ Spara ]"), "nothing to ask about");
}

#[test]
fn backspace_drops_the_patient_of_an_edited_booking_so_that_another_can_be_found() {
    let mut console = Console::open(Start::default());
    console.press("Left Home E Shift+Tab Backspace");
    assert!(!console.screen().contains("Karlsson, Karl"), "{}", console.screen());
    console.press("F2");
    let sent = commands(&console.take());
    let [Command::EditBooking(edited)] = sent.as_slice() else { panic!("an edit") };
    assert!(matches!(edited.patient, BookedFor::Nobody));
}

#[test]
fn r13_another_template_is_previewed_its_text_follows_and_the_length_stays() {
    let mut console = Console::open(Start::default());
    console.press("Left Home E Ctrl+U").type_text("E-tid");
    console.press("Shift+Tab Shift+Tab Right");
    answer_preview(&mut console, |told| {
        told.to_confirm = vec![Confirmation::BypassPreblock("e-us".into())];
    });
    let screen = console.screen();
    for told in ["< Akutbesök 20 min >", "Längden är kvar", "kringgås", "E-tid"] {
        assert!(screen.contains(told), "{told}\n{screen}");
    }
    console.press("F2").type_text(" ").press("F2");
    let sent = commands(&console.take());
    let [Command::EditBooking(edited)] = sent.as_slice() else { panic!("an edit") };
    assert_eq!(edited.template, Some("akut".into()));
    assert_eq!(edited.confirmed.len(), 1);
}

#[test]
fn who_is_second_to_edit_a_booking_sees_what_is_stored_and_saves_only_knowingly() {
    let mut console = Console::open(Start::default());
    console.press("Left Home E Ctrl+U").type_text("mitt").press("F2");
    let mut calendar = console.calendar.bookings().to_vec();
    calendar[0].text = "deras".to_owned();
    console.calendar = tidbok::domain::Calendar::new(
        console.calendar.sessions().to_vec(),
        console.calendar.preblocks().to_vec(),
        calendar,
    );
    let (who, when) = ("REC".to_owned(), time("2026-11-25T10:11"));
    refuse(&mut console, Refusal::ChangedMeanwhile { who, when });
    console.answer();
    let screen = console.screen();
    for told in ["REC har ändrat samma sak", "Sparat nu: Text \"deras\"", "mitt"] {
        assert!(screen.contains(told), "{told}\n{screen}");
    }
    console.press("F2");
    let sent = commands(&console.take());
    let [Command::EditBooking(edited)] = sent.as_slice() else { panic!("an edit") };
    assert_eq!((edited.seen.text.as_str(), edited.text.as_str()), ("deras", "mitt"));
}

#[test]
fn r17_who_may_not_see_patients_edits_the_template_and_never_reads_the_text() {
    let user = user(&[Permission::BookingEdit]);
    let mut console = Console::open(Start { user, ..Start::default() });
    console.press("Left Home E");
    assert!(!console.screen().contains("Kontroll"), "{}", console.screen());
    console.press("Right").answer().press("F2");
    let sent = commands(&console.take());
    let [Command::EditBooking(edited)] = sent.as_slice() else { panic!("an edit") };
    assert_eq!(edited.text, "Kontroll");
    assert!(matches!(&edited.patient, BookedFor::Patient(id) if id.as_str() == "pk"));
}

/// Tuesday's first booking as somebody else has left it since.
fn changed_by_another(console: &mut Console, change: impl FnOnce(&mut Booking)) {
    let mut bookings = console.calendar.bookings().to_vec();
    change(&mut bookings[0]);
    console.calendar = tidbok::domain::Calendar::new(
        console.calendar.sessions().to_vec(),
        console.calendar.preblocks().to_vec(),
        bookings,
    );
}

#[test]
fn what_the_second_to_edit_a_booking_has_not_edited_follows_what_the_first_saved() {
    let mut console = Console::open(Start::default());
    console.press("Left Home E Shift+Tab Shift+Tab Right").answer().press("F2");
    changed_by_another(&mut console, |booking| {
        (booking.patient, booking.text) = (Some("pe".into()), "allergisk mot latex".to_owned());
    });
    let (who, when) = ("REC".to_owned(), time("2026-11-25T10:11"));
    refuse(&mut console, Refusal::ChangedMeanwhile { who, when });
    let screen = console.answer().screen();
    assert!(screen.contains("Sparat nu: "), "{screen}");
    console.press("F2");
    let sent = commands(&console.take());
    let [Command::EditBooking(edited)] = sent.as_slice() else { panic!("an edit\n{screen}") };
    assert_eq!(edited.text, "allergisk mot latex");
    assert!(matches!(&edited.patient, BookedFor::Patient(id) if id.as_str() == "pe"));
    assert_eq!(edited.template, Some("akut".into()), "one's own edit stays");
}

#[test]
fn whose_template_another_has_changed_meanwhile_is_told_so_by_saving_and_can_save() {
    let mut console = Console::open(Start::default());
    console.press("Left Home E Shift+Tab Shift+Tab Right");
    let (who, when) = ("REC".to_owned(), time("2026-11-25T10:11"));
    let changed = || Refusal::ChangedMeanwhile { who: who.clone(), when };
    for effect in console.take() {
        if let Effect::Preview { request, .. } = effect {
            let reply = Reply::Preview(Err(ClinicError::Refused(changed())));
            console.send(Message::Reply { request, reply });
        }
    }
    console.press("F2");
    changed_by_another(&mut console, |booking| booking.text = "deras".to_owned());
    refuse(&mut console, changed());
    let screen = console.answer().screen();
    assert!(screen.contains("Sparat nu: Text \"deras\""), "{screen}");
    console.press("F2");
    assert_eq!(commands(&console.take()).len(), 1, "{}", console.screen());
}

#[test]
fn a_long_text_is_kept_whole_or_told_to_be_too_long() {
    for length in [239, 1001] {
        let mut console = Console::open(Start::default());
        console.press("Left Home E Ctrl+U");
        console.send(Message::Paste("x".repeat(length))).press("F2");
        let sent = commands(&console.take());
        let [Command::EditBooking(edited)] = sent.as_slice() else { panic!("an edit") };
        // Of more than a thousand it is said that they are too many.
        assert_eq!(edited.text.len(), length);
    }
}

#[test]
fn r17_who_may_not_see_patients_does_not_undo_what_another_did_to_patient_and_text() {
    let user = user(&[Permission::BookingEdit]);
    let mut console = Console::open(Start { user, ..Start::default() });
    console.press("Left Home E Right").answer().press("F2");
    changed_by_another(&mut console, |booking| {
        (booking.patient, booking.text) = (Some("pe".into()), "deras".to_owned());
    });
    let (who, when) = ("REC".to_owned(), time("2026-11-25T10:11"));
    refuse(&mut console, Refusal::ChangedMeanwhile { who, when });
    console.answer().press("F2");
    let sent = commands(&console.take());
    let [Command::EditBooking(edited)] = sent.as_slice() else { panic!("an edit") };
    assert!(matches!(&edited.patient, BookedFor::Patient(id) if id.as_str() == "pe"));
    assert_eq!(edited.text, "deras");
    assert!(!console.screen().contains("deras"), "{}", console.screen());
}

#[test]
fn r22_that_another_changed_the_patient_is_told_also_where_names_are_hidden() {
    let mut console = Console::open(Start::default());
    console.press("F9 Left Home E Ctrl+U").type_text("mitt").press("F2");
    changed_by_another(&mut console, |booking| booking.patient = Some("pe".into()));
    let (who, when) = ("REC".to_owned(), time("2026-11-25T10:11"));
    refuse(&mut console, Refusal::ChangedMeanwhile { who, when });
    let screen = console.answer().screen();
    assert!(screen.contains("Sparat nu: Patient"), "{screen}");
    assert!(!screen.contains("Sparat nu: Mall"), "{screen}");
}

fn moved_to(console: &mut Console) -> (String, CivilTime, i32) {
    let sent = commands(&console.take());
    let [Command::MoveBooking(moved)] = sent.as_slice() else { panic!("a move") };
    let interval = moved.interval;
    (moved.practitioner.to_string(), interval.start(), interval.length().0)
}

#[test]
fn a_booking_is_moved_by_typing_or_by_steps_of_five_minutes() {
    let table = [
        ("+ + +", ("AE", "2026-11-24T08:15", 30)),
        ("Ctrl+U 9", ("AE", "2026-11-24T09:00", 30)),
        // What is typed first takes the place of what stands there, unless the cursor was moved.
        ("9", ("AE", "2026-11-24T09:00", 30)),
        ("End Backspace 5", ("AE", "2026-11-24T08:05", 30)),
        ("9 Tab 4 5 Shift+Tab 1 0", ("AE", "2026-11-24T10:00", 45)),
        ("Shift+Tab 1 4 / 1 2", ("AE", "2026-12-14T08:00", 30)),
        ("Shift+Tab End Backspace 7", ("AE", "2026-11-27T08:00", 30)),
        ("Ctrl+U 1 3 3 0", ("AE", "2026-11-24T13:30", 30)),
        ("Tab + + +", ("AE", "2026-11-24T08:00", 45)),
        ("Tab - -", ("AE", "2026-11-24T08:00", 20)),
        ("Tab Tab Right", ("BO", "2026-11-24T08:00", 30)),
        ("Shift+Tab Ctrl+U + 1 v", ("AE", "2026-12-01T08:00", 30)),
        ("Shift+Tab Ctrl+U t o", ("AE", "2026-11-26T08:00", 30)),
    ];
    for (keys, (practitioner, start, minutes)) in table {
        let mut console = Console::open(Start::default());
        console.press("Left Home m").press(keys).answer().press("F2");
        let expected = (practitioner.to_owned(), time(start), minutes);
        assert_eq!(moved_to(&mut console), expected, "{keys}");
    }
}

#[test]
fn what_cannot_be_read_is_told_of_and_nothing_is_moved() {
    let table = [
        ("Ctrl+U 2 5", "Skriv en tid"),
        ("Ctrl+U", "Skriv en tid"),
        ("Shift+Tab Ctrl+U x", "Skriv en dag"),
        ("Tab Ctrl+U 0", "Skriv antalet minuter"),
        ("Tab Ctrl+U 6 0 1", "Skriv antalet minuter"),
        ("Tab", "Inget är ändrat."),
    ];
    for (keys, told) in table {
        let mut console = Console::open(Start::default());
        console.press("Left Home m").press(keys).answer().press("F2");
        assert!(commands(&console.take()).is_empty(), "{keys}");
        assert!(console.screen().contains(told), "{keys}\n{}", console.screen());
    }
}

#[test]
fn r13_a_move_says_what_vanishes_and_what_comes_back_and_asks_before_a_rule_is_bypassed() {
    for (symbols, palette, name) in
        [(Symbols::Unicode, Palette::TrueColor, "colour"), (Symbols::Ascii, Palette::Mono, "ascii")]
    {
        let mut console = Console::open(Start { symbols, palette, ..Start::default() });
        console.press("Left Home m Ctrl+U 1 7");
        answer_preview(&mut console, |told| {
            told.to_confirm = vec![Confirmation::OutsideSchedule];
            told.gained = vec![slot("us30", "2026-11-24", "08:00-08:30")];
            told.lost = vec![slot("akut", "2026-11-24", "17:00-17:20")];
        });
        assert_snapshot!(format!("a_move_{name}"), console.screen());
        console.press("F2");
        assert!(commands(&console.take()).is_empty());
        console.type_text(" ").press("F2");
        assert_eq!(moved_to(&mut console).1, time("2026-11-24T17:00"));
    }
}

#[test]
fn a_move_that_is_refused_keeps_its_form_and_says_why() {
    let mut console = Console::open(Start::default());
    console.press("Left Home m + +").answer().press("F2");
    refuse(&mut console, Refusal::BookingInTheWay(interval("2026-11-24", "08:10-08:40")));
    let screen = console.screen();
    assert!(screen.contains("En bokning tar redan") && screen.contains("[ Spara ]"), "{screen}");
    console.press("F2").answer();
    assert!(!console.screen().contains("[ Spara ]"), "saved and closed");
}

#[test]
fn cancelling_says_in_numbers_what_becomes_bookable_and_does_nothing_by_default() {
    let mut console = Console::open(Start::default());
    console.press("Left Home a");
    answer_preview(&mut console, |told| {
        told.gained = vec![
            slot("us30", "2026-11-24", "08:00-08:30"),
            slot("us45", "2026-11-24", "08:00-08:45"),
        ];
    });
    assert_snapshot!(console.screen());
    console.press("Enter");
    assert!(commands(&console.take()).is_empty());
}

#[test]
fn a_reason_of_ones_own_goes_along_and_an_empty_one_is_none() {
    for (typed, expected) in [("ringde återbud", Some("ringde återbud")), ("  ", None)] {
        let mut console = Console::open(Start::default());
        console.press("Left Home a").answer().press("5").type_text(typed).press("Enter");
        let sent = commands(&console.take());
        let [Command::CancelBooking { booking, seen, reason }] = sent.as_slice() else {
            panic!("a cancellation")
        };
        assert_eq!(
            seen.as_ref().map(|it| it.interval),
            Some(interval("2026-11-24", "08:00-08:30"))
        );
        assert_eq!((booking.as_str(), reason.as_deref()), ("b1", expected));
    }
}

#[test]
fn a_reason_that_was_written_is_not_dropped_without_a_word() {
    let mut console = Console::open(Start::default());
    console.press("Left Home a").answer().press("5").type_text("ringde återbud").press("Esc");
    assert!(console.screen().contains("Lämna utan att spara?"), "{}", console.screen());
    console.press("Enter");
    assert!(console.screen().contains("> ringde återbud"), "the harmless answer comes first");
    let screen = console.press("Esc 2").screen();
    assert!(!screen.contains("ringde återbud") && !screen.contains("Lämna"), "{screen}");
    console.press("a").answer().press("5 Esc");
    assert!(!console.screen().contains("Lämna"), "nothing was written\n{}", console.screen());
    assert!(commands(&console.take()).is_empty());
}

/// Presses keys on Tuesday's first booking; then the book arrives as somebody else left it. What is asked
/// anew is answered so.
fn another_changes(
    keys: &str,
    change: impl FnOnce(&mut Vec<Booking>),
    answer: &Refusal,
) -> (Console, Vec<Command>) {
    let mut console = Console::open(Start::default());
    console.press("Left Home F5");
    let mut loading = None;
    for effect in console.take() {
        match effect {
            Effect::LoadBooks { request, practitioners, days } => {
                loading = Some((request, practitioners, days));
            }
            other => console.effects.push(other),
        }
    }
    console.press(keys).answer();
    let mut bookings = console.calendar.bookings().to_vec();
    change(&mut bookings);
    console.calendar = tidbok::domain::Calendar::new(
        console.calendar.sessions().to_vec(),
        console.calendar.preblocks().to_vec(),
        bookings,
    );
    let (request, practitioners, days) = loading.expect("the book is asked for");
    let reply = console.reply_books(practitioners, days);
    console.send(Message::Reply { request, reply });
    let mut asked = Vec::new();
    for effect in console.take() {
        if let Effect::Preview { request, command } = effect {
            asked.push(command);
            let reply = Reply::Preview(Err(ClinicError::Refused(answer.clone())));
            console.send(Message::Reply { request, reply });
        }
    }
    (console, asked)
}

fn by_another(how: Meanwhile) -> Refusal {
    Refusal::BookingMeanwhile { how, who: "ADM".to_owned(), when: time("2026-11-25T10:11") }
}

#[test]
fn r13_what_is_asked_about_a_booking_tells_at_once_that_somebody_cancelled_it() {
    for keys in ["a", "m", "m +", "x k", "E"] {
        let cancel = |bookings: &mut Vec<Booking>| bookings.retain(|it| it.id.as_str() != "b1");
        let answer = by_another(Meanwhile::Cancelled);
        let (console, asked) = another_changes(keys, cancel, &answer);
        assert_eq!(asked.len(), 1, "{keys}");
        let screen = console.screen();
        assert!(screen.contains("Bokningen är avbokad av ADM"), "{keys}\n{screen}");
    }
}

#[test]
fn r13_a_move_asks_anew_once_where_the_booking_or_another_has_been_moved() {
    let moved_to = interval("2026-11-24", "13:00-13:30");
    let how = Meanwhile::Moved { practitioner: "AE".into(), interval: moved_to };
    for id in ["b1", "b3"] {
        let change = |bookings: &mut Vec<Booking>| {
            let booking = bookings.iter_mut().find(|booking| booking.id.as_str() == id);
            booking.expect("is there").interval = moved_to;
        };
        let (console, commands) = another_changes("m +", change, &by_another(how.clone()));
        assert_eq!(commands.len(), 1, "{id}");
        for command in commands {
            let Command::MoveBooking(moved) = command else { panic!("a move") };
            let seen = moved.seen.map(|seen| seen.interval);
            assert_eq!(seen, Some(interval("2026-11-24", "08:00-08:30")), "as the user saw it");
            let screen = console.screen();
            assert!(screen.contains("Bokningen står nu tis 24 nov 13:00–13:30"), "{screen}");
        }
    }
}

#[test]
fn r17_without_the_right_to_book_the_keys_are_grey_and_say_why() {
    let user = user(&[Permission::PatientView]);
    for key in ["m", "E", "a"] {
        let mut console = Console::open(Start { user: user.clone(), ..Start::default() });
        console.press("Left Home").press(key);
        assert!(console.screen().contains("behörighet saknas: Boka och avboka"), "{key}");
        assert!(console.take().is_empty());
        console.press("Right").press(key);
        assert!(console.screen().contains("ingen bokning här"), "{key}");
    }
}

#[test]
fn the_fields_of_a_new_patient_keep_within_the_smallest_window() {
    let mut console = booking_on(Start { size: (60, 16), ..Start::default() });
    register(&mut console, "nya nyberg");
    let line = console.screen().lines().find(|line| line.contains("Efternamn")).map(str::to_owned);
    assert!(line.as_ref().is_some_and(|line| line.contains("] ")), "{line:?}");
}

#[test]
fn the_forms_fit_the_smallest_window_in_either_language() {
    for language in [Language::Swedish, Language::English] {
        for keys in ["m", "E", "a"] {
            let size = (60, 16);
            let mut console = Console::open(Start { size, language, ..Start::default() });
            console.press("Left Home").press(keys).answer();
            let cursor = console.cursor();
            assert!(cursor.x < 60 && cursor.y < 16, "{keys}");
        }
    }
}
