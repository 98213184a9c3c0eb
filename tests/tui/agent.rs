//! What the console tells of the Online Client.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use insta::assert_snapshot;
use tidbok::clinic::{ClinicError, Command, StoreError, SyncLease, SyncRequest};
use tidbok::domain::{
    AgentAt, AgentPulse, Calendar, ClinicZone, Latency, Liveness, NoticeFault, NoticeReport,
    OnlineSettings, OutThere, Permission, Preblock, RequestDone, RequestsDone, Restored, Round,
    SettingChange, StrayBooking, SyncFault, SyncFaultKind, SyncState, WishesOfDay, WorkSession,
};
use tidbok::texts::Language;
use tidbok::tui::{AgentNews, Effect, Message, Reply, Symbols};

use crate::fixture::{Console, Start, interval, preblock, session, time, user};

/// An instant by the clinic's clock on the day of the tests.
pub fn at(clock: &str) -> DateTime<Utc> {
    ClinicZone::default().first_instant(time(&format!("2026-11-25T{clock}")))
}

/// In step, with times out there.
pub fn in_step() -> SyncState {
    let of = |pairs: &[(&str, usize)]| -> BTreeMap<_, _> {
        pairs.iter().map(|(id, times)| ((*id).into(), *times)).collect()
    };
    SyncState {
        alive_at: Some(at("10:12")),
        in_step_at: Some(at("10:12")),
        published: BTreeMap::from([
            ("AE".into(), of(&[("us30", 9), ("us45", 6)])),
            ("BO".into(), of(&[("akut", 2)])),
        ]),
        ..SyncState::default()
    }
}

fn faulty() -> SyncState {
    let (kind, text) = (SyncFaultKind::Unreachable, "unreachable".to_owned());
    let fault = Some(SyncFault { since: at("10:08"), kind, text });
    SyncState { fault, waiting: [("AE".into(), at("10:07"))].into(), ..in_step() }
}

/// The agent has told this.
pub fn tell(console: &mut Console, number: u64, state: SyncState, liveness: Liveness) {
    let alive_at = state.alive_at;
    console.agent.pulse = AgentPulse { state: number, alive_at, ..console.agent.pulse };
    console.agent.state = Some(state);
    console.send(Message::Agent(AgentNews { state: number, liveness }));
    console.answer();
}

#[test]
fn the_title_tells_how_it_goes_by_a_letter_and_a_word_at_every_width() {
    let silent = Liveness::Silent { since: at("09:14") };
    let waiting: BTreeMap<_, _> =
        (0..12).map(|n| (format!("P{n}").as_str().into(), at("10:12"))).collect();
    let states = [
        (in_step(), Liveness::Alive, "S Synkad", "S Synkad"),
        (SyncState { waiting, ..in_step() }, Liveness::Alive, "V Väntar 12", "V Väntar 12"),
        (faulty(), Liveness::Alive, "! Fel 4 min", "! Fel 4 min"),
        (in_step(), silent, "? Ingen agent sedan 09:14", "? Ingen agent"),
    ];
    for size in [(60, 16), (80, 24), (120, 40), (200, 60)] {
        let mut console = Console::open(Start { size, ..Start::default() });
        for (number, (state, liveness, long, short)) in (1..).zip(states.clone()) {
            tell(&mut console, number, state, liveness);
            let (title, told) = (console.line(0), if size.0 > 60 { long } else { short });
            assert!(title.ends_with(&format!("{told} 10:12")), "{size:?}: {title}");
            assert!(title.contains("Anna Ek") && title.contains("v.48"), "{size:?}: {title}");
        }
    }
}

#[test]
fn a_database_that_was_restored_is_told_of_for_a_week_and_what_does_not_fit_until_its_time() {
    let restored = |noticed_at| {
        let settled_at = Some(noticed_at);
        Some(Restored { noticed_at, settled_at, brought_back: 3, moved: 1, cancelled: 2 })
    };
    let in_book = Some(("BO".into(), interval("2026-11-30", "09:00-09:30")));
    let practitioner = "AE".into();
    let stray =
        StrayBooking { interval: interval("2026-11-27", "10:00-10:30"), practitioner, in_book };
    let state = SyncState { restored: restored(at("08:15")), stray: [stray].into(), ..in_step() };
    let mut console = Console::open(Start::plain());
    tell(&mut console, 1, state.clone(), Liveness::Alive);
    assert_snapshot!("restored_120_by_40", console.press("F8").answer().screen());

    let old = at("08:15") - TimeDelta::days(7);
    let state = SyncState { restored: restored(old), stray: Default::default(), ..state };
    tell(&mut console, 2, state, Liveness::Alive);
    let screen = console.screen();
    assert!(!screen.contains("äldre kopia") && !screen.contains("Ryms inte"), "{screen}");
}

#[test]
fn a_pause_is_told_of_in_the_title_and_in_ascii_with_a_plain_dash() {
    let mut console = Console::started(Start { symbols: Symbols::Ascii, ..Start::default() });
    console.setup.online = OnlineSettings { paused: true, ..OnlineSettings::default() };
    console.answer();
    tell(&mut console, 1, SyncState { published: BTreeMap::new(), ..in_step() }, Liveness::Alive);
    assert!(console.line(0).ends_with("- Pausad 10:12"), "{}", console.line(0));
}

#[test]
fn a_clinic_without_online_client_is_told_nothing_of_it() {
    let mut console = Console::open(Start::default());
    let before = console.screen();
    console.send(Message::Agent(AgentNews::default())).answer();
    assert_eq!(console.screen(), before);
}

#[test]
fn the_report_is_asked_for_once_for_each_number_and_not_because_time_passes() {
    let mut console = Console::open(Start::default());
    let asked = |console: &mut Console, state, liveness| {
        console.send(Message::Agent(AgentNews { state, liveness }));
        let effects = console.take();
        let load = |it: &&Effect| matches!(it, Effect::LoadAgent { .. });
        let count = effects.iter().filter(load).count();
        console.effects = effects;
        console.answer();
        count
    };
    console.agent.pulse.state = 3;
    console.agent.state = Some(in_step());
    assert_eq!(asked(&mut console, 3, Liveness::Alive), 1);
    let silent = Liveness::Silent { since: at("10:10") };
    assert_eq!(asked(&mut console, 3, silent), 0);
    assert!(console.line(0).contains("? Ingen agent sedan 10:10"), "{}", console.line(0));
    assert_eq!(asked(&mut console, 3, Liveness::Alive), 0);
}

#[test]
fn the_age_of_a_fault_grows_with_the_clocks_minutes() {
    let english = Start { language: Language::English, ..Start::default() };
    let mut console = Console::open(english);
    tell(&mut console, 1, faulty(), Liveness::Alive);
    for (now, told) in [("10:13", "! Fault 5 min"), ("12:20", "! Fault 2 h")] {
        console.send(Message::Minute(time(&format!("2026-11-25T{now}"))));
        assert!(console.line(0).contains(told), "{}", console.line(0));
    }
}

/// With everything that an agent tells.
fn full() -> SyncState {
    let second = |clock: &str, seconds| at(clock) + TimeDelta::seconds(seconds);
    let rounds = [
        Round { published: 17, milliseconds: 412, ..Round::begun(second("09:14", 3)) },
        Round {
            booked: 1,
            refused: 1,
            withdrawn: 2,
            milliseconds: 231,
            ..Round::begun(second("10:11", 58))
        },
    ];
    let latency = [(50, 40), (30, 200), (12, 90), (1, 412), (0, 231)];
    let latency = latency.map(|(back, milliseconds)| Latency {
        at: at("10:12") - TimeDelta::minutes(back),
        milliseconds,
    });
    let timed_out = SyncFault {
        since: at("08:40"),
        kind: SyncFaultKind::TimedOut,
        text: "timed out".to_owned(),
    };
    SyncState {
        agent: Some(AgentAt {
            host: "mottagningen".to_owned(),
            process: 4711,
            version: "0.1.0".to_owned(),
            since: at("09:14"),
            publishes_to: "https://bokning.example.se/fhir/storgatan".to_owned(),
        }),
        rounds: rounds.into(),
        latency: latency.into(),
        last_fault: Some((timed_out, at("08:52"))),
        today: Some(WishesOfDay {
            date: time("2026-11-25T00:00").date(),
            booked: 3,
            rebooked: 1,
            cancelled: 0,
            refused: [("time-gone".to_owned(), 2), ("details".to_owned(), 1)].into(),
        }),
        ..in_step()
    }
}

#[test]
fn what_patients_see_says_where_the_booking_page_shows_the_day_or_the_marked_times() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    console.press("e").answer();
    assert!(!console.screen().contains("Bokningssidan här"), "no agent has worked here");
    console.press("Esc");
    tell(&mut console, 1, full(), Liveness::Alive);
    // An address that is longer than a line goes on in the next.
    let link = |screen: String| -> String {
        let from_there =
            screen.split("Bokningssidan här:").nth(1).unwrap_or_else(|| panic!("{screen}"));
        from_there.split('│').map(str::trim).filter(|part| !part.contains('"')).take(4).collect()
    };
    let page = "https://bokning.example.se/storgatan/here/AE/";
    console.press("e").answer();
    assert_eq!(link(console.screen()), format!("{page}2026-11-25T00:00/1440"));
    console.press("Esc t").type_text("1000-1130").press("Enter e").answer();
    assert_eq!(link(console.screen()), format!("{page}2026-11-25T10:00/90"));
}

/// Thursday's preblock in the example has two times of 45 minutes and four of 30.
const THURSDAYS: [(&str, &str); 6] = [
    ("08:00", "us30"),
    ("08:30", "us30"),
    ("09:00", "us30"),
    ("09:30", "us30"),
    ("08:00", "us45"),
    ("08:45", "us45"),
];

fn out_there(clocks: &[(&str, &str)]) -> OutThere {
    let at = |(clock, id): &(&str, &str)| (time(&format!("2026-11-26T{clock}")), (*id).into());
    clocks.iter().map(at).collect()
}

#[test]
fn each_preblock_tells_what_of_it_is_out_there_and_badges_only_what_is_not_well() {
    let refused = SyncState { refused: [("AE".into(), at("10:07"))].into(), ..in_step() };
    let cases = [
        (&THURSDAYS[..], in_step(), "publicerat, 6 ute", ""),
        (&THURSDAYS[..2], in_step(), "väntar på synk, 2 ute", "V2"),
        (&THURSDAYS[..2], refused, "avvisas av bokningssidan, 2 ute", "!2"),
    ];
    for (clocks, state, told, badge) in cases {
        let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
        console.agent.out_there = [("AE".into(), out_there(clocks))].into();
        tell(&mut console, 1, state, Liveness::Alive);
        console.press("Right Home").answer();
        let line = console.line(37);
        assert!(line.contains("6 tider") && line.contains(told), "{told}: {line}");
        let first = console.line(5);
        assert!(first.contains(badge), "{badge}: {first}");
        assert!(!badge.is_empty() || !first.contains(['V', '!']), "{first}");
    }
}

#[test]
fn a_report_about_one_book_leaves_what_is_known_of_another_that_was_turned_to_meanwhile() {
    let mut console = Console::open(Start { size: (120, 40), ..Start::default() });
    let thursday = interval("2026-11-26", "08:00-10:00");
    let of_bo = Calendar::new(
        vec![WorkSession { practitioner: "BO".into(), ..session("sb", thursday) }],
        vec![Preblock { practitioner: "BO".into(), ..preblock("pb", "e-us", thursday) }],
        Vec::new(),
    );
    console.others.insert("BO".into(), of_bo);
    tell(&mut console, 1, in_step(), Liveness::Alive);
    console.agent.pulse.state = 2;
    console.send(Message::Agent(AgentNews { state: 2, liveness: Liveness::Alive }));
    let about_anna = console.take();
    console.press("Tab");
    for effect in console.take() {
        let Effect::LoadBooks { request, practitioners, days } = effect else { continue };
        let Reply::Books(Ok(mut books)) = console.reply_books(practitioners, days) else {
            continue;
        };
        books.iter_mut().for_each(|book| book.out_there = out_there(&THURSDAYS));
        console.send(Message::Reply { request, reply: Reply::Books(Ok(books)) });
    }
    console.press("Right Home");
    assert!(console.line(37).contains("publicerat, 6 ute"), "{}", console.line(37));
    console.effects = about_anna;
    console.answer();
    assert!(console.line(37).contains("publicerat, 6 ute"), "{}", console.line(37));
}

#[test]
fn a_report_that_could_not_be_read_is_asked_for_again_once_the_database_is_back() {
    let mut console = Console::open(Start::default());
    console.agent.pulse.state = 1;
    console.agent.state = Some(in_step());
    console.send(Message::Agent(AgentNews { state: 1, liveness: Liveness::Alive }));
    for effect in console.take() {
        if let Effect::LoadAgent { request, .. } = effect {
            let lost = ClinicError::Store(StoreError::ConnectionLost);
            console.send(Message::Reply { request, reply: Reply::Agent(Err(lost)) });
        }
    }
    assert!(!console.line(0).contains("S Synkad"), "{}", console.line(0));
    console.send(Message::StoreBack).answer();
    assert!(console.line(0).contains("S Synkad"), "{}", console.line(0));
}

/// Opens the screen of the Online Client.
fn opened(start: Start, state: Option<SyncState>, liveness: Liveness) -> Console {
    let mut console = Console::open(start);
    if let Some(state) = state {
        tell(&mut console, 1, state, liveness);
        let held_until = at("10:12") + TimeDelta::seconds(11);
        console.agent.lease = Some(SyncLease { holder: "mottagningen".to_owned(), held_until });
    }
    console.press("F8").answer();
    console
}

#[test]
fn the_screen_tells_everything_at_80_by_24() {
    let console = opened(Start::default(), Some(full()), Liveness::Alive);
    assert_snapshot!(console.screen());
}

#[test]
fn the_screen_at_120_by_40() {
    let start = Start { size: (120, 40), ..Start::default() };
    assert_snapshot!(opened(start, Some(full()), Liveness::Alive).screen());
}

#[test]
fn the_screen_of_what_goes_wrong() {
    let waiting = [("AE".into(), at("10:07")), ("BO".into(), at("10:12"))].into();
    let refused = [("AE".into(), at("10:07"))].into();
    let state = SyncState { fault: faulty().fault, waiting, refused, set_aside: 2, ..full() };
    let start = Start { size: (120, 40), ..Start::default() };
    assert_snapshot!(opened(start, Some(state), Liveness::Alive).screen());
}

#[test]
fn the_screen_without_colours_and_drawing_characters() {
    let silent = Liveness::Silent { since: at("09:58") };
    let screen = opened(Start::plain(), Some(full()), silent).screen();
    assert_eq!(screen.chars().find(|c| !c.is_ascii() && !"åäöÅÄÖ".contains(*c)), None);
    assert_snapshot!(screen);
}

#[test]
fn without_an_agent_the_screen_tells_how_to_start_one() {
    assert_snapshot!(opened(Start::default(), None, Liveness::Never).screen());
}

#[test]
fn at_60_by_16_the_screen_scrolls_to_its_end() {
    let start = Start { size: (60, 16), ..Start::default() };
    let mut console = opened(start, Some(full()), Liveness::Alive);
    assert!(console.screen().contains("Agent"));
    console.press("End");
    assert!(console.screen().contains("09:14:03"), "{}", console.screen());
    console.press("Home Esc");
    assert!(!console.screen().contains("mottagningen"));
}

#[test]
fn what_is_asked_of_the_agent_waits_until_it_has_done_it() {
    let mut console = opened(Start::default(), Some(full()), Liveness::Alive);
    console.press("s").answer();
    let told = "synka nu, 10:12 av EK · väntar på agenten";
    assert!(console.screen().contains(told), "{}", console.screen());
    let done = RequestsDone { now: Some(RequestDone { n: 1, at: at("10:12") }), everything: None };
    let asked = console.agent.asked.clone();
    console.agent.state = Some(SyncState { done, ..full() });
    console.agent.pulse.state = 2;
    console.send(Message::Agent(AgentNews { state: 2, liveness: Liveness::Alive })).answer();
    assert_eq!(console.agent.asked, asked);
    assert!(console.screen().contains("av EK · utfört 10:12"), "{}", console.screen());
}

#[test]
fn republishing_and_closing_say_what_comes_of_it_and_ask_the_harmless_first() {
    let asks = |it: &Effect| match it {
        Effect::AskAgent { what, .. } => Some(*what),
        _ => None,
    };
    let mut console = opened(Start::default(), Some(full()), Liveness::Alive);
    console.press("r");
    assert!(console.screen().contains("Ute nu: 17 tider hos 2 behandlare"), "{}", console.screen());
    console.press("Enter");
    assert_eq!(console.take().iter().filter_map(asks).collect::<Vec<_>>(), []);
    console.press("r Down Enter");
    let asked: Vec<_> = console.effects.iter().filter_map(asks).collect();
    assert_eq!(asked, [SyncRequest::Everything]);
    console.answer();

    console.press("p");
    let told = "Tar bort 17 tider hos 2 behandlare från bokningssidan.";
    assert!(console.screen().contains(told), "{}", console.screen());
    console.press("Enter");
    assert!(console.take().is_empty(), "the harmless answer is the first");
    console.press("p Down Enter");
    let pauses = |it: &Effect| match it {
        Effect::Execute { command: Command::ChangeSetting(change), .. } => match &**change {
            SettingChange::Online(change) => change.after().map(|after| after.paused),
            _ => None,
        },
        _ => None,
    };
    assert_eq!(console.effects.iter().filter_map(pauses).collect::<Vec<_>>(), [true]);
    console.answer().press("p");
    assert!(console.screen().contains("Öppna bokningssidan igen"), "{}", console.screen());
    console.press("Down Enter");
    assert_eq!(console.effects.iter().filter_map(pauses).collect::<Vec<_>>(), [false]);
}

#[test]
fn what_is_held_up_of_the_mail_to_patients_is_told_with_what_to_do() {
    let mut console = opened(Start::default(), Some(in_step()), Liveness::Alive);
    assert!(!console.screen().contains("E-post"));
    let fault = Some(NoticeFault::Login);
    let (since, given_up_for) = (Some(at("10:01")), Some(NoticeFault::Refused));
    let report = NoticeReport { held_up: 3, since, fault, given_up: 1, given_up_for };
    console.agent.notices = report;
    tell(&mut console, 9, in_step(), Liveness::Alive);
    let screen = console.screen();
    for told in ["E-post", "3 väntar sedan 10:01", "lösenord", "1 kunde inte levereras"] {
        assert!(screen.contains(told), "{told}: {screen}");
    }
}

#[test]
fn r17_without_online_edit_the_actions_stand_grey_with_the_reason() {
    let nobody = user(&[Permission::BookingEdit]);
    let mut console =
        opened(Start { user: nobody, ..Start::default() }, Some(full()), Liveness::Alive);
    for key in ["s", "r", "p"] {
        console.press(key);
        assert!(console.take().is_empty(), "{key}");
        assert!(console.screen().contains("Online-inställningar"), "{key}: {}", console.screen());
    }
    let mut console = opened(Start::default(), None, Liveness::Never);
    for key in ["s", "r", "c"] {
        console.press(key);
        assert!(console.take().is_empty(), "{key}");
        assert!(console.screen().contains("ingen Online Client"), "{key}: {}", console.screen());
    }
}

#[test]
fn diagnostics_are_written_without_anything_of_patients_and_told_where() {
    let mut console = opened(Start::default(), Some(full()), Liveness::Alive);
    console.press("c").answer();
    let written = console.diagnostics.pop().expect("written");
    assert!(written.contains("timed-out") && written.contains("time-gone"), "{written}");
    assert!(!written.contains("Karlsson") && !written.contains("Hemlig"));
    console.send(Message::DiagnosticsKept(Ok("/home/ek/online-client.json".to_owned())));
    assert!(console.screen().contains("/home/ek/online-client.json"), "{}", console.screen());
}
