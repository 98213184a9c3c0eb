//! What the console tells of the Online Client.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use tidbok::clinic::AgentReport;
use tidbok::domain::{
    AgentPulse, ClinicZone, Liveness, OnlineSettings, SyncFault, SyncFaultKind, SyncState,
};
use tidbok::texts::Language;
use tidbok::tui::{AgentNews, Effect, Message, Symbols};

use crate::fixture::{Console, Start, time};

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
    let pulse = AgentPulse { state: number, alive_at: state.alive_at, in_step_at: None };
    console.agent = AgentReport { pulse, state: Some(state) };
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
