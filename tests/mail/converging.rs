//! Whatever clinic, patient, mail server and chance do: in the end the patient knows how it is, and has
//! not been told the same twice in a row.

use mail_parser::MessageParser;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tidbok::clinic::{Command, Outcome};
use tidbok::mail::Mailer;

use crate::place::{EMAIL, Place, cancelling, in_minutes, rebooking};
use crate::receiver::{Ailment, Receiver};

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    Move(usize),
    Cancel,
    Undo,
    Rebook(usize),
    CancelOnline,
    /// The clock moves on by so many minutes, and the agent works.
    Pass(i64),
    Restart,
    Down,
    Up,
    Ail(Ailment),
}

const CLOCKS: [(&str, &str); 4] =
    [("09:00", "09:30"), ("10:00", "10:30"), ("10:30", "11:00"), ("11:30", "12:00")];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..CLOCKS.len()).prop_map(Step::Move),
        2 => Just(Step::Cancel),
        2 => Just(Step::Undo),
        1 => (0..CLOCKS.len()).prop_map(Step::Rebook),
        1 => Just(Step::CancelOnline),
        6 => (0i64..4).prop_map(Step::Pass),
        1 => Just(Step::Restart),
        1 => Just(Step::Down),
        1 => Just(Step::Up),
        1 => Just(Step::Ail(Ailment::Cut)),
        1 => Just(Step::Ail(Ailment::ToMessage("451 later"))),
    ];
    prop::collection::vec(step, 1..16)
}

/// What a message tells: the time, or that there is none.
fn told(text: &str) -> (String, Option<String>) {
    let message = MessageParser::default().parse(text).expect("a message");
    let id = message.message_id().expect("an id").to_owned();
    let plain = message.body_text(0).expect("a text");
    let time = plain.lines().find_map(|line| line.strip_prefix("Tid: ")).map(str::to_owned);
    (id, time.map(|time| time[time.len() - 5..].to_owned()))
}

async fn carry_out(place: &Place, step: &Step, last: &mut Option<Outcome>) {
    match step {
        Step::Move(to) => {
            let command = place.moving("b1", CLOCKS[*to].0, CLOCKS[*to].1).await;
            *last = place.tried(command).await.or(last.take());
        }
        Step::Cancel => {
            let booking = place.booking("b1").await.id;
            let command = Command::CancelBooking { booking, seen: None, reason: None };
            *last = place.tried(command).await.or(last.take());
        }
        Step::Undo => {
            if let Some(outcome) = last.take() {
                place.tried(Command::Undo { command: outcome.command }).await;
            }
        }
        // What makes no sense is refused.
        Step::Rebook(to) => drop(place.online(rebooking("b1", CLOCKS[*to].0)).await),
        Step::CancelOnline => drop(place.online(cancelling("b1")).await),
        Step::Pass(_) | Step::Restart | Step::Down | Step::Up | Step::Ail(_) => {}
    }
}

async fn converges(steps: Vec<Step>) {
    let (place, mut receiver) = (Place::open().await, Receiver::open().await);
    place.book("b1", "09:00", EMAIL).await;
    let (mut mailer, mut minutes, mut last): (Mailer, _, _) = (place.mailer(&receiver), 2, None);
    let mut listens = true;
    for step in &steps {
        carry_out(&place, step, &mut last).await;
        match step {
            Step::Pass(more) => {
                minutes += more;
                mailer.round(in_minutes(minutes)).await.expect("the store answers");
            }
            Step::Restart => mailer = place.mailer(&receiver),
            Step::Down => {
                receiver.down().await;
                listens = false;
            }
            Step::Up if !listens => {
                receiver.up().await;
                listens = true;
            }
            Step::Ail(ailment) => receiver.ails(*ailment),
            _ => {}
        }
    }
    if !listens {
        receiver.up().await;
    }
    // However often the server still puts something off.
    for _ in 0..60 {
        minutes += 10;
        mailer.round(in_minutes(minutes)).await.expect("the store answers");
    }
    let mut told: Vec<_> = receiver.taken().iter().map(|taken| told(&taken.text)).collect();
    told.dedup_by(|one, other| one.0 == other.0);
    let booking = place.booking("b1").await;
    let is = booking.is_active().then(|| booking.interval.start().clock());
    assert_eq!(told.last().map(|(_, time)| time), Some(&is), "{told:?}");
    // What patients do themselves they know without having been told.
    let own = steps.iter().any(|step| matches!(step, Step::Rebook(_) | Step::CancelOnline));
    let twice = told.windows(2).find(|pair| pair[0].1 == pair[1].1);
    assert!(own || twice.is_none(), "{told:?}");
    assert_eq!(place.report().await, Default::default());
}

#[test]
fn the_patient_knows_in_the_end_and_is_told_nothing_twice() {
    let mut runner = TestRunner::new(Config { cases: 32, ..Config::default() });
    let run = runner.run(&steps(), |steps| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(converges(steps));
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{error}"));
}
