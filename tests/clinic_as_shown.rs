//! A command does what its user was shown, though somebody has changed the book or the settings since: on a
//! real store.

mod support;

use std::collections::BTreeSet;

use support::desk::{Desk, at, refused};
use support::interval;
use tidbok::clinic::*;
use tidbok::domain::*;

/// Lays Internet preblocks in Anna's book.
fn lay(times: &str, overlap: OverlapChoice) -> Command {
    Command::LayPreblocks {
        practitioner: "AE".into(),
        preblock_type: "e-us".into(),
        intervals: vec![interval(times)],
        overlap,
        code: None,
    }
}

/// Half an hour of Thursday morning.
fn book() -> Command {
    Command::Book(StaffBooking {
        practitioner: "AE".into(),
        start: at("2026-11-26T10:00"),
        what: BookingSubject::Template("us30".into()),
        patient: BookedFor::Nobody,
        text: None,
        confirmed: BTreeSet::new(),
    })
}

/// The preblocks of Anna's Thursday.
async fn thursday(desk: &Desk) -> Vec<String> {
    let day = DateRange::new(at("2026-11-26T00:00").date(), 1);
    let book = desk.clinic.book(&"AE".into(), day).await.expect("reads");
    book.calendar.preblocks().iter().map(|it| it.interval.to_string()).collect()
}

/// What one's own click does after somebody else's, if it is as its preview was shown before that.
async fn after(desk: &Desk, mine: &Command, theirs: &Command) -> Result<Outcome, ClinicError> {
    let shown = desk.preview(mine).await;
    desk.run(theirs).await.expect("done by another");
    desk.run(&mine.clone().as_shown(&shown)).await
}

#[tokio::test]
async fn r12_what_a_colleague_laid_meanwhile_is_not_replaced_unseen() {
    let desk = Desk::open().await;
    let mine = lay("2026-11-26T08:00/2026-11-26T12:00", OverlapChoice::Replace);
    let theirs = lay("2026-11-26T10:00/2026-11-26T11:00", OverlapChoice::Refuse);
    assert_eq!(refused(after(&desk, &mine, &theirs).await), Refusal::NotAsShown);
    let stand = ["2026-11-26T08:00/2026-11-26T09:30", "2026-11-26T10:00/2026-11-26T11:00"];
    assert_eq!(thursday(&desk).await, stand);
    // Once it has been shown, it is done.
    let shown = desk.preview(&mine).await;
    desk.run(&mine.as_shown(&shown)).await.expect("as shown");
    assert_eq!(thursday(&desk).await, ["2026-11-26T08:00/2026-11-26T12:00"]);
}

#[tokio::test]
async fn what_a_colleague_published_meanwhile_is_not_withdrawn_unseen() {
    let desk = Desk::open().await;
    let days = DateRange::new(at("2026-11-26T00:00").date(), 1);
    let mine = Command::WithdrawPreblocks { practitioner: "AE".into(), days };
    let theirs = lay("2026-11-26T10:00/2026-11-26T11:00", OverlapChoice::Refuse);
    assert_eq!(refused(after(&desk, &mine, &theirs).await), Refusal::NotAsShown);
    assert_eq!(thursday(&desk).await.len(), 2);
}

#[tokio::test]
async fn r13_a_time_that_was_published_meanwhile_is_not_booked_away_unseen() {
    let desk = Desk::open().await;
    let mine = book();
    let theirs = lay("2026-11-26T10:00/2026-11-26T11:00", OverlapChoice::Refuse);
    assert_eq!(refused(after(&desk, &mine, &theirs).await), Refusal::NotAsShown);
    let shown = desk.preview(&mine).await;
    assert!(!shown.lost.is_empty());
    desk.run(&mine.as_shown(&shown)).await.expect("as shown");
}

#[tokio::test]
async fn a_template_that_has_become_longer_books_no_more_than_was_shown() {
    let desk = Desk::open().await;
    let before = desk.clinic.setup().await.expect("reads").templates[&"us30".into()].clone();
    let minutes = TemplateMinutes::new(60).expect("minutes");
    let after_it = BookingTemplate { minutes, ..before.clone() };
    let change = SettingChange::Template(Changed::Altered { before, after: after_it });
    let theirs = Command::ChangeSetting(Box::new(change));
    assert_eq!(refused(after(&desk, &book(), &theirs).await), Refusal::NotAsShown);
}

#[tokio::test]
async fn less_than_what_was_shown_is_done_and_told_and_taken_back_like_anything() {
    let desk = Desk::open().await;
    let mine = lay("2026-11-26T08:00/2026-11-26T12:00", OverlapChoice::Replace);
    let days = DateRange::new(at("2026-11-26T00:00").date(), 1);
    let theirs = Command::WithdrawPreblocks { practitioner: "AE".into(), days };
    let done = after(&desk, &mine, &theirs).await.expect("less is done");
    assert_eq!(done.changes.len(), 1, "nothing is left to be replaced");
    desk.undo(&done).await.expect("is taken back");
    assert_eq!(thursday(&desk).await, [""; 0]);
}

#[tokio::test]
async fn r9_a_booking_that_takes_a_resource_is_held_against_the_times_of_its_own_book() {
    // Others' times that need the resource are told of in the preview; who publishes there meanwhile is
    // not in the way.
    let desk = Desk::changed(Permission::ALL, |file| {
        let bjorn = file.setup.practitioners.get_mut(&"BL".into()).expect("Björn");
        bjorn.lists.online_template_list = Some("web".into());
    })
    .await;
    let Command::Book(asked) = book() else { unreachable!("a booking") };
    let what = BookingSubject::Template("us45r".into());
    let mine = Command::Book(StaffBooking { what, ..asked });
    let bjorns = "2026-11-26T08:00/2026-11-26T12:00";
    let sessions =
        Command::AddWorkSessions { practitioner: "BL".into(), intervals: vec![interval(bjorns)] };
    desk.run(&sessions).await.expect("schedules");
    let theirs = Command::LayPreblocks {
        practitioner: "BL".into(),
        preblock_type: "e-alla".into(),
        intervals: vec![interval(bjorns)],
        overlap: OverlapChoice::Refuse,
        code: None,
    };
    after(&desk, &mine, &theirs).await.expect("books");
}

#[tokio::test]
async fn r11_a_setting_takes_and_gives_no_more_times_than_were_shown() {
    let desk = Desk::open().await;
    let theirs = lay("2026-11-26T10:00/2026-11-26T11:00", OverlapChoice::Refuse);
    let setup = desk.clinic.setup().await.expect("reads");
    let before = setup.practitioners[&"AE".into()].clone();
    let gone = Practitioner { active: false, ..before.clone() };
    let change = |before: &Practitioner, after: &Practitioner| {
        let changed = Changed::Altered { before: before.clone(), after: after.clone() };
        Command::ChangeSetting(Box::new(SettingChange::Practitioner(changed)))
    };
    let mine = change(&before, &gone);
    assert_eq!(refused(after(&desk, &mine, &theirs).await), Refusal::NotAsShown);
    let shown = desk.preview(&mine).await;
    desk.run(&mine.as_shown(&shown)).await.expect("as shown");

    // What comes back with her is shown, too; fewer of them may.
    let back = change(&gone, &before);
    let shown = desk.preview(&back).await;
    assert!(shown.lost.is_empty() && !shown.gained.is_empty());
    let fewer = Preview { gained: shown.gained[1..].to_vec(), ..shown.clone() };
    let none = refused(desk.run(&back.clone().as_shown(&fewer)).await);
    assert_eq!(none, Refusal::NotAsShown);
    desk.run(&back.as_shown(&shown)).await.expect("as shown");
}

on_the_server_too! {
    r11_a_setting_takes_and_gives_no_more_times_than_were_shown,
    r12_what_a_colleague_laid_meanwhile_is_not_replaced_unseen,
    what_a_colleague_published_meanwhile_is_not_withdrawn_unseen,
    r13_a_time_that_was_published_meanwhile_is_not_booked_away_unseen,
    a_template_that_has_become_longer_books_no_more_than_was_shown,
    less_than_what_was_shown_is_done_and_told_and_taken_back_like_anything,
    r9_a_booking_that_takes_a_resource_is_held_against_the_times_of_its_own_book,
}
