//! Sent once, whatever happens to the mail server; retried where that may help, given up where not.

use chrono::TimeDelta;
use tidbok::clinic::Attempt;
use tidbok::domain::{Health, NoticeFault, NoticeState};
use tidbok::mail::{BadMailSettings, Mailed, Mailer, Security, check};

use crate::place::{EMAIL, Place, in_minutes, settings};
use crate::receiver::{Ailment, Receiver, Taken, Wants, authority};

/// A clinic with one booking that is to be confirmed.
async fn booked() -> (Place, Receiver) {
    let (place, receiver) = (Place::open().await, Receiver::open().await);
    place.book("b1", "09:00", EMAIL).await;
    (place, receiver)
}

fn id(taken: &Taken) -> &str {
    let line = taken.text.lines().find(|line| line.starts_with("Message-ID: "));
    line.expect("a Message-ID")
}

#[tokio::test]
async fn a_server_that_is_down_for_a_while_gets_each_message_once_when_it_is_back() {
    let (place, mut receiver) = booked().await;
    place.book("b2", "10:00", EMAIL).await;
    let mut mailer = place.mailer(&receiver);
    receiver.down().await;
    for minutes in 0..60 {
        let mailed = mailer.round(in_minutes(minutes)).await.expect("the store answers");
        assert_eq!(mailed.sent, 0);
    }
    let report = place.report().await;
    assert_eq!((report.held_up, report.fault), (2, Some(NoticeFault::Unreachable)));
    receiver.up().await;
    let mut sent = 0;
    for minutes in 60..90 {
        sent += mailer.round(in_minutes(minutes)).await.expect("the store answers").sent;
    }
    assert_eq!((sent, receiver.taken().len()), (2, 2));
    assert_ne!(id(&receiver.taken()[0]), id(&receiver.taken()[1]));
    assert_eq!(place.report().await, Default::default());
}

#[tokio::test]
async fn consoles_hear_that_something_went_wrong_and_that_it_is_over_and_not_of_each_message() {
    for (state, attempts, fault, heard) in [
        (NoticeState::Waiting, 1, None, false),
        (NoticeState::Sent, 1, None, false),
        (NoticeState::Waiting, 1, Some(NoticeFault::Unreachable), true),
        (NoticeState::Failed, 1, Some(NoticeFault::Refused), true),
        // Tried again, and then at last.
        (NoticeState::Waiting, 2, None, false),
        (NoticeState::Sent, 2, None, true),
    ] {
        let (place, _receiver) = booked().await;
        let clinic = &place.clinic;
        clinic.decide_notices(in_minutes(0)).await.expect("the store answers");
        let outgoing = clinic.next_notice(in_minutes(0)).await.expect("the store answers");
        let notice = outgoing.expect("a message").notice;
        let told = async || clinic.poll().await.expect("the store answers").agent;
        let before = told().await;
        let attempt = Attempt { state, attempts, doubtful: false, next_at: in_minutes(1), fault };
        assert!(clinic.keep_attempt(&notice, attempt).await.expect("the store answers"));
        assert_eq!(told().await != before, heard, "{state:?} after {attempts}");
    }
}

#[tokio::test]
async fn a_message_that_somebody_has_claimed_is_nobody_elses_until_the_claim_is_over() {
    let (place, _receiver) = booked().await;
    let clinic = &place.clinic;
    clinic.decide_notices(in_minutes(0)).await.expect("the store answers");
    let next = async |minutes| {
        let outgoing = clinic.next_notice(in_minutes(minutes)).await.expect("the store answers");
        outgoing.map(|outgoing| outgoing.notice)
    };
    let notice = next(0).await.expect("a message");
    let claim = async || clinic.claim_notice(&notice, in_minutes(10)).await;
    let claimed = claim().await.expect("the store answers").expect("the first");
    assert_eq!(claimed.attempts, 1);
    assert!(claim().await.expect("the store answers").is_none(), "somebody was faster");
    assert!(next(9).await.is_none());
    assert!(next(11).await.expect("it may have arrived or not").doubtful);
}

#[tokio::test]
async fn what_is_sent_is_not_sent_again_by_another_agent_or_after_a_restart() {
    let (place, receiver) = booked().await;
    let mut mailers = [place.mailer(&receiver), place.mailer(&receiver)];
    let [one, two] = &mut mailers;
    let (first, second) = tokio::join!(one.round(in_minutes(0)), two.round(in_minutes(0)));
    let sent = [first, second].map(|round| round.expect("the store answers").sent);
    assert_eq!(sent.iter().sum::<usize>(), 1, "one of them has sent it");
    for minutes in 1..20 {
        place.mailer(&receiver).round(in_minutes(minutes)).await.expect("the store answers");
    }
    assert_eq!(receiver.taken().len(), 1);
}

#[tokio::test]
async fn what_the_server_puts_off_is_sent_later() {
    for ailment in [
        Ailment::ToRecipient("450 4.2.1 greylisted"),
        Ailment::ToMessage("451 4.3.0 later"),
        Ailment::ToSender("451 4.3.0 later"),
    ] {
        let (place, receiver) = booked().await;
        receiver.ails(ailment);
        let mut mailer = place.mailer(&receiver);
        let mailed = mailer.round(in_minutes(0)).await.expect("the store answers");
        assert_eq!(mailed, Mailed { sent: 0, fault: Some(NoticeFault::Later) }, "{ailment:?}");
        assert_eq!(place.report().await.fault, Some(NoticeFault::Later));
        let mailed = mailer.round(in_minutes(3)).await.expect("the store answers");
        assert_eq!((mailed.sent, receiver.taken().len()), (1, 1), "{ailment:?}");
    }
}

#[tokio::test]
async fn an_address_that_is_refused_is_given_up_and_holds_nobody_else_up() {
    for ailment in
        [Ailment::ToRecipient("550 5.1.1 no such user"), Ailment::ToMessage("554 5.7.1 spam")]
    {
        let (place, receiver) = booked().await;
        place.book("b2", "10:00", EMAIL).await;
        receiver.ails(ailment);
        let mut mailer = place.mailer(&receiver);
        let mailed = mailer.round(in_minutes(0)).await.expect("the store answers");
        assert_eq!(mailed, Mailed { sent: 1, fault: Some(NoticeFault::Refused) });
        for minutes in 1..30 {
            mailer.round(in_minutes(minutes)).await.expect("the store answers");
        }
        assert_eq!(receiver.taken().len(), 1);
        let report = place.report().await;
        assert_eq!((report.held_up, report.given_up), (0, 1));
        assert_eq!(report.given_up_for, Some(NoticeFault::Refused));
    }
}

#[tokio::test]
async fn a_message_that_could_not_be_sent_for_a_day_is_given_up() {
    let (place, mut receiver) = booked().await;
    receiver.down().await;
    let mut mailer = place.mailer(&receiver);
    for hours in 0..26 {
        mailer.round(in_minutes(hours * 60)).await.expect("the store answers");
    }
    let report = place.report().await;
    assert_eq!((report.held_up, report.given_up), (0, 1));
    receiver.up().await;
    let mailed = mailer.round(in_minutes(27 * 60)).await.expect("the store answers");
    assert_eq!(mailed.sent, 0);
}

#[tokio::test]
async fn a_line_cut_before_the_answer_gives_at_most_a_copy_with_the_same_message_id() {
    let (place, receiver) = booked().await;
    receiver.ails(Ailment::Cut);
    let mut mailer = place.mailer(&receiver);
    let mailed = mailer.round(in_minutes(0)).await.expect("the store answers");
    assert_eq!(mailed.fault, Some(NoticeFault::Unanswered));
    // By an agent that was started since.
    let mailed = place.mailer(&receiver).round(in_minutes(3)).await.expect("the store answers");
    assert_eq!(mailed.sent, 1);
    let taken = receiver.taken();
    assert_eq!((taken.len(), id(&taken[0])), (2, id(&taken[1])));
}

#[tokio::test]
async fn a_sender_or_a_login_that_is_refused_is_no_patients_fault_and_tried_again() {
    let (place, receiver) = booked().await;
    receiver.ails(Ailment::ToSender("550 5.7.1 not you"));
    let mut mailer = place.mailer(&receiver);
    let mailed = mailer.round(in_minutes(0)).await.expect("the store answers");
    assert_eq!(mailed.fault, Some(NoticeFault::Rejected));
    receiver.wants_login();
    let mut without = settings(&receiver);
    without.login = None;
    let mut stranger = Mailer::new(place.clinic.clone(), &without).expect("they will do");
    let mailed = stranger.round(in_minutes(3)).await.expect("the store answers");
    assert_eq!(mailed.fault, Some(NoticeFault::Login));
    let mailed = mailer.round(in_minutes(9)).await.expect("the store answers");
    assert_eq!((mailed.sent, receiver.taken().len()), (1, 1));
}

#[tokio::test]
async fn a_line_cut_at_signing_in_says_nothing_of_the_password() {
    let (place, receiver) = booked().await;
    receiver.wants_login();
    receiver.ails(Ailment::CutAtLogin);
    let mut mailer = place.mailer(&receiver);
    let mailed = mailer.round(in_minutes(0)).await.expect("the store answers");
    assert_eq!(mailed.fault, Some(NoticeFault::Unreachable));
    let mailed = mailer.round(in_minutes(1)).await.expect("the store answers");
    assert_eq!(mailed, Mailed { sent: 1, fault: None });
}

#[tokio::test]
async fn tls_is_kept_to_and_only_a_known_authority_is_trusted() {
    let folder = tempfile::tempdir().expect("a folder");
    for (wants, security) in [(Wants::StartTls, Security::StartTls), (Wants::Tls, Security::Tls)] {
        let (ca, tls) = authority(folder.path());
        let receiver = Receiver::with(wants, Some(tls)).await;
        receiver.wants_login();
        let place = Place::open().await;
        place.book("b1", "09:00", EMAIL).await;
        let mut settings = settings(&receiver);
        (settings.host, settings.security) = ("localhost".to_owned(), security);
        let mut stranger = Mailer::new(place.clinic.clone(), &settings).expect("they will do");
        let mailed = stranger.round(in_minutes(0)).await.expect("the store answers");
        assert_eq!(mailed.fault, Some(NoticeFault::NotTrusted), "{security:?}");
        settings.ca = Some(std::fs::read(ca).expect("a file"));
        assert_eq!(check(&settings).await, Ok(Ok(())));
        assert_eq!(receiver.taken().len(), 0, "trying it out sends nothing");
        let mut mailer = Mailer::new(place.clinic.clone(), &settings).expect("they will do");
        let mailed = mailer.round(in_minutes(1)).await.expect("the store answers");
        assert_eq!(mailed, Mailed { sent: 1, fault: None }, "{security:?}");
        assert!(receiver.taken()[0].secured);
    }
}

#[tokio::test]
async fn what_comes_in_the_clear_with_the_consent_to_tls_is_not_trusted() {
    let folder = tempfile::tempdir().expect("a folder");
    let (ca, tls) = authority(folder.path());
    let receiver = Receiver::with(Wants::StartTls, Some(tls)).await;
    let (place, mut settings) = (Place::open().await, settings(&receiver));
    place.book("b1", "09:00", EMAIL).await;
    (settings.host, settings.security) = ("localhost".to_owned(), Security::StartTls);
    settings.ca = Some(std::fs::read(ca).expect("a file"));
    let mut mailer = Mailer::new(place.clinic.clone(), &settings).expect("they will do");
    receiver.ails(Ailment::WithConsent("250-localhost\r\n250 AUTH PLAIN"));
    let mailed = mailer.round(in_minutes(0)).await.expect("the store answers");
    assert_eq!(mailed.fault, Some(NoticeFault::NotTrusted));
    assert_eq!(receiver.taken().len(), 0);
    let mailed = mailer.round(in_minutes(1)).await.expect("the store answers");
    assert_eq!(mailed, Mailed { sent: 1, fault: None });
}

#[tokio::test]
async fn a_server_that_rejects_the_clinic_is_warned_of_at_once_and_holds_everything_up() {
    for ailment in
        [Ailment::Greeting("554 5.7.1 not from there"), Ailment::ToSender("553 5.7.1 not you")]
    {
        let (place, receiver) = booked().await;
        place.book("b2", "10:00", EMAIL).await;
        let mut mailer = place.mailer(&receiver);
        for minutes in [0, 6, 12] {
            receiver.ails(ailment);
            let mailed = mailer.round(in_minutes(minutes)).await.expect("the store answers");
            assert_eq!(mailed.fault, Some(NoticeFault::Rejected), "{ailment:?}");
        }
        let report = place.report().await;
        assert_eq!((report.held_up, report.given_up), (2, 0), "no message is given up for it");
        assert_eq!(report.fault, Some(NoticeFault::Rejected));
        assert_eq!(report.health(in_minutes(0)), Health::Warning);
        let mailed = mailer.round(in_minutes(20)).await.expect("the store answers");
        assert_eq!((mailed.sent, place.report().await), (2, Default::default()));
    }
}

#[tokio::test]
async fn a_server_without_tls_is_refused_and_none_is_for_this_machine_alone() {
    let receiver = Receiver::open().await;
    let mut settings = settings(&receiver);
    (settings.host, settings.security) = ("localhost".to_owned(), Security::StartTls);
    assert_eq!(check(&settings).await, Ok(Err(NoticeFault::NotTrusted)));
    (settings.host, settings.security) = ("smtp.example.se".to_owned(), Security::None);
    assert_eq!(check(&settings).await, Err(BadMailSettings::Unencrypted));
    settings.security = Security::StartTls;
    for page in ["http://boka.example", "boka.example", "https://a:b@boka.example", "javascript:x"]
    {
        settings.page = Some(page.to_owned());
        assert_eq!(check(&settings).await, Err(BadMailSettings::Page), "{page}");
    }
}

#[tokio::test]
async fn a_server_that_fails_is_left_in_peace_for_longer_and_longer() {
    let (place, mut receiver) = booked().await;
    receiver.down().await;
    let mut mailer = place.mailer(&receiver);
    let begin = in_minutes(0);
    let mut tried = Vec::new();
    for second in 0..1200 {
        let mailed = mailer.round(begin + TimeDelta::seconds(second)).await;
        if mailed.expect("the store answers").fault.is_some() {
            tried.push(second);
        }
    }
    assert_eq!(tried, [0, 5, 15, 35, 75, 155, 315, 615, 915]);
}
