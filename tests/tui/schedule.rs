//! The working schedule: its mode of the grid, repeating onto odd and even weeks, week templates.

use chrono::Weekday;
use tidbok::clinic::{Change, Changed, Command, Outcome, WeekParity};
use tidbok::domain::{
    Minutes, Permission, SettingChange, WeekSession, WeekTemplate, WorkSession, WorkSessionId,
};
use tidbok::texts::Language;
use tidbok::tui::{Effect, Message, Palette, Reply, Symbols};

use crate::fixture::{Console, Start, interval, preview, user};

fn commands(effects: &[Effect]) -> Vec<Command> {
    let run = |effect: &Effect| match effect {
        Effect::Execute { command, .. } => Some(command.clone()),
        _ => None,
    };
    effects.iter().filter_map(run).collect()
}

fn last_previewed(console: &mut Console) -> Command {
    let asked = console.take().into_iter().filter_map(|effect| match effect {
        Effect::Preview { command, .. } => Some(command),
        _ => None,
    });
    asked.last().expect("a preview")
}

/// A console whose clinic has the template "Udda vecka".
fn with_template(start: Start) -> Console {
    let mut console = Console::started(start);
    let session = |day| WeekSession::new(day, Minutes(480), Minutes(240)).expect("a session");
    let template = WeekTemplate {
        id: "udda".into(),
        name: "Udda vecka".into(),
        sessions: vec![session(Weekday::Mon), session(Weekday::Wed)],
    };
    console.setup.week_templates.insert("udda".into(), template);
    console.answer();
    console
}

#[test]
fn the_mode_shows_the_sessions_foremost_with_their_own_keys_until_esc() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    console.press("A");
    let screen = console.screen();
    assert!(console.line(0).contains("ARBETSSCHEMA"), "{screen}");
    assert!(screen.contains("08:00–12:00") && screen.contains("13:00–17:00"), "{screen}");
    assert!(console.line(39).contains("s Pass  S Ta bort pass  r Repetera  M Veckomallar"));
    console.press("v Down Esc");
    assert!(console.line(0).contains("ARBETSSCHEMA"), "Esc drops the marking first");
    console.press("Esc");
    assert!(!console.screen().contains("ARBETSSCHEMA"));
}

#[test]
fn sessions_are_marked_added_and_removed_in_the_mode() {
    let mut console = Console::open(Start::default());
    console.press("A Right Right t").type_text("8-12").press("Enter s");
    assert!(matches!(commands(&console.take()).as_slice(),
        [Command::AddWorkSessions { intervals, .. }] if intervals == &[interval("2026-11-27", "08:00-12:00")]));
    let mut console = Console::open(Start::default());
    console.press("A Left Left t").type_text("8-9").press("Enter Del");
    assert!(matches!(commands(&console.take()).as_slice(),
        [Command::RemoveWorkSessions { intervals, .. }] if intervals == &[interval("2026-11-23", "08:00-09:00")]));
    console.press("Enter");
    let screen = console.screen();
    assert!(
        screen.contains("Arbetsschema · ") && screen.contains("Repetera arbetsvecka"),
        "{screen}"
    );
}

#[test]
fn without_a_marking_all_of_the_work_session_under_the_cursor_is_taken_out() {
    let removed = |keys: &str| {
        let mut console = Console::open(Start::default());
        console.press("Left Left").press(keys);
        let sent = commands(&console.take());
        let [Command::RemoveWorkSessions { intervals, .. }] = sent.as_slice() else {
            panic!("one command of {keys}")
        };
        intervals.clone()
    };
    assert_eq!(removed("S"), [interval("2026-11-23", "08:00-12:00")]);
    assert_eq!(removed("A Del"), [interval("2026-11-23", "08:00-12:00")]);
    assert_eq!(removed("End S"), [interval("2026-11-23", "13:00-17:00")]);
    assert_eq!(removed("v S"), [interval("2026-11-23", "10:00-10:30")], "what is marked");
}

#[test]
fn r1_taking_out_a_whole_session_with_times_or_bookings_says_which_hours_and_asks() {
    let mut console = Console::open(Start::default());
    console.press("Left S");
    assert!(commands(&console.take()).is_empty());
    let screen = console.screen();
    assert!(screen.contains("08:00–12:00"), "{screen}");
}

#[test]
fn a_session_that_became_longer_or_shorter_has_been_changed() {
    let told = |gone: &[&str], new: &[&str]| {
        let mut console = Console::open(Start::default());
        console.press("Left Left s");
        let sent = console.take();
        let [Effect::Execute { request, id, .. }] = sent.as_slice() else { panic!("one command") };
        let session = |hours: &&str| WorkSession {
            id: WorkSessionId::new(*hours),
            practitioner: "AE".into(),
            interval: interval("2026-11-23", hours),
        };
        let gone = gone.iter().map(session).map(Changed::Removed);
        let new = new.iter().map(session).map(Changed::Added);
        let changes = gone.chain(new).map(Change::WorkSession).collect();
        let outcome = Outcome { command: id.clone(), practitioner: Some("AE".into()), changes };
        let reply = Reply::Executed(Ok(Box::new(outcome)));
        console.send(Message::Reply { request: *request, reply });
        console.line(22)
    };
    for (gone, new, said) in [
        (&["08:00-12:00"][..], &["08:00-12:30"][..], "Klart: ändrade 1 arbetspass."),
        (&["08:00-12:00"], &["08:00-10:00", "10:15-12:00"], "Klart: ändrade 1 arbetspass."),
        (
            &["08:00-09:00"],
            &["10:00-12:00"],
            "Klart: lade till 1 arbetspass, tog bort 1 arbetspass.",
        ),
        (&["08:00-12:00"], &[], "Klart: tog bort 1 arbetspass."),
    ] {
        assert!(told(gone, new).contains(said), "{gone:?} {new:?}: {}", told(gone, new));
    }
}

#[test]
fn r1_removing_a_session_under_bookings_says_so_though_no_time_is_withdrawn() {
    let mut console = Console::open(Start::default());
    console.press("Left t").type_text("8-9").press("Enter S");
    assert!(commands(&console.take()).is_empty());
    let screen = console.screen();
    assert!(screen.contains("1 bokning"), "{screen}");
    console.press("Down Enter");
    assert_eq!(commands(&console.take()).len(), 1);
}

#[test]
fn r19_the_week_is_repeated_onto_odd_or_even_weeks_and_the_preview_tells_what_is_replaced() {
    let mut console = Console::open(Start::default());
    console.press("r Tab Space");
    let Command::RepeatWorkSessions { repeat, .. } = last_previewed(&mut console) else {
        panic!("a repeat")
    };
    assert_eq!(repeat.weeks, WeekParity::Odd);
    assert!(console.screen().contains("udda"));
    console.press("Space");
    let effects = console.take();
    let Some(Effect::Preview { request, .. }) = effects.last() else { panic!("a preview") };
    let session = |id: &str, date: &str| WorkSession {
        id: WorkSessionId::new(id),
        practitioner: "AE".into(),
        interval: interval(date, "08:00-12:00"),
    };
    let mut answer = preview();
    answer.changes = vec![
        Change::WorkSession(Changed::Removed(session("a", "2026-12-08"))),
        Change::WorkSession(Changed::Added(session("b", "2026-12-08"))),
        Change::WorkSession(Changed::Added(session("c", "2026-12-09"))),
    ];
    let reply = Reply::Preview(Ok(Box::new(answer)));
    console.send(Message::Reply { request: *request, reply });
    let screen = console.screen();
    assert!(screen.contains("2 arbetspass läggs till, 1 som ligger där ersätts"), "{screen}");
}

#[test]
fn the_shown_week_is_kept_under_a_name_that_is_free() {
    let mut console = with_template(Start::default());
    console.press("M 1").type_text("UDDA VECKA").press("Enter");
    assert!(commands(&console.take()).is_empty());
    assert!(console.screen().contains("Namn"), "{}", console.screen());
    console.press("Ctrl+U").type_text("Vår").press("Enter");
    let sent = commands(&console.take());
    let [Command::ChangeSetting(change)] = sent.as_slice() else { panic!("one command") };
    let SettingChange::WeekTemplate(Changed::Added(kept)) = &**change else { panic!("added") };
    assert_eq!((kept.id.as_str(), kept.name.as_str(), kept.sessions.len()), ("var", "Vår", 8));
    let mut empty = with_template(Start::default());
    empty.press("PgDn Tab").answer().press("M 1");
    assert!(empty.screen().contains("veckan har inga arbetspass"), "{}", empty.screen());
}

#[test]
fn a_template_is_laid_on_every_second_week_from_the_shown_one() {
    let mut console = with_template(Start::default());
    console.press("M 2 1 Tab Space");
    let Command::ApplyWeekTemplate { template, span, .. } = last_previewed(&mut console) else {
        panic!("a template")
    };
    assert_eq!((template.as_str(), span.weeks), ("udda", WeekParity::Odd));
    assert_eq!(span.week.to_string(), "2026-11-23");
    let screen = console.screen();
    assert!(screen.contains("antal veckor från den visade"), "{screen}");
}

#[test]
fn a_template_is_overwritten_renamed_and_removed_after_a_word() {
    let mut console = with_template(Start::default());
    console.press("M 2 2");
    assert!(console.screen().contains("2 arbetspass i mallen blir 8"), "{}", console.screen());
    console.press("Enter");
    assert!(commands(&console.take()).is_empty(), "the default is harmless");
    console.press("M 2 2 2");
    assert_eq!(commands(&console.effects).len(), 1);
    console.answer();
    console.press("M 2 3").type_text("Jämn").press("Enter");
    let sent = commands(&console.effects);
    assert!(matches!(sent.as_slice(), [Command::ChangeSetting(change)]
        if matches!(&**change, SettingChange::WeekTemplate(Changed::Altered { after, .. })
            if after.name == "Jämn")));
    console.answer();
    console.press("M 2 4 2");
    let sent = commands(&console.take());
    assert!(matches!(sent.as_slice(), [Command::ChangeSetting(change)]
        if matches!(&**change, SettingChange::WeekTemplate(Changed::Removed(_)))));
}

#[test]
fn r17_without_the_right_week_templates_stand_grey() {
    let mut console =
        with_template(Start { user: user(&[Permission::PreblockInternet]), ..Start::default() });
    console.press("M");
    assert!(console.screen().contains("behörighet saknas: Ändra arbetsschema"));
    console.press("2 1");
    assert!(commands(&console.take()).is_empty());
    assert!(console.screen().contains("behörighet saknas: Ändra arbetsschema"));
}

#[test]
fn the_working_schedule_and_its_templates_look_like_this() {
    let mut console = with_template(Start::default());
    console.press("A");
    insta::assert_snapshot!(console.screen());
    console.press("M 2");
    insta::assert_snapshot!(console.screen());
    console.press("1").answer();
    insta::assert_snapshot!(console.screen());
    let start = Start {
        size: (120, 40),
        palette: Palette::Mono,
        symbols: Symbols::Ascii,
        language: Language::English,
        ..Start::default()
    };
    let mut console = with_template(start);
    console.press("A v Down");
    insta::assert_snapshot!(console.screen());
}

#[test]
fn r19_whose_weeks_are_repeated_is_told_where_they_are_several() {
    let mut console = Console::open(Start::default());
    assert!(console.press("r").answer().screen().contains("│ v.48   "), "{}", console.screen());
    console.press("Esc d").answer().press("v Right r").answer();
    assert!(console.screen().contains("v.48 · Anna Ek, Bo Öst"), "{}", console.screen());
}
