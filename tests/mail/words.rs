//! What stands in a message: the time and the clinic, nothing of why, and nothing that a name or an
//! address could add to it.

use mail_parser::{Message, MessageParser, MimeHeaders};
use tidbok::domain::{NoticeFault, PatientLanguage};
use tidbok::mail::{MailSettings, Mailer};
use tidbok::texts::{Language, notice_fault};

use crate::place::{EMAIL, Place, in_minutes, rebooking_in, settings};
use crate::receiver::Receiver;

fn read(text: &str) -> Message<'_> {
    MessageParser::default().parse(text).expect("a message")
}

fn calendar(message: &Message<'_>) -> String {
    let attached = message.attachments().next().expect("an attachment");
    assert_eq!(attached.attachment_name(), Some("tid.ics"));
    String::from_utf8(attached.contents().to_vec()).expect("text")
}

async fn one(place: &Place) -> String {
    let receiver = Receiver::open().await;
    place.mailer(&receiver).round(in_minutes(0)).await.expect("the store answers");
    receiver.taken().pop().expect("a message").text
}

#[tokio::test]
async fn a_confirmation_tells_when_and_where_and_nothing_of_why_or_who() {
    let place = Place::open().await;
    place.book("b1", "09:00", EMAIL).await;
    let text = one(&place).await;
    assert!(text.is_ascii() && text.lines().all(|line| line.len() <= 998));
    let message = read(&text);
    let plain = message.body_text(0).expect("plain text").into_owned();
    let html = message.body_html(0).expect("HTML").into_owned();
    for told in [
        "onsdag",
        "kl. 09:00",
        "Anna Ek",
        "Tandkliniken Storgatan AB",
        "Storgatan 1, 123 45 Åby",
        "08-123 45 67",
        "info@storgatan.example",
        "Wednesday",
        "at 09:00",
    ] {
        assert!(plain.contains(told), "{told} is missing: {plain}");
        assert!(html.contains(told), "{told} is missing: {html}");
    }
    let ics = calendar(&message);
    for told in ["METHOD:PUBLISH", "UID:b1@tidbok", "STATUS:CONFIRMED"] {
        assert!(ics.contains(told), "{told} is missing: {ics}");
    }
    for hidden in ["Undersökning", "US/Röntgen", "Hildegunn", "Hemlighetsson", "18900101"] {
        assert!(![&plain, &html, &ics].iter().any(|part| part.contains(hidden)), "{hidden}");
        assert!(!message.subject().expect("a subject").contains(hidden));
    }
    let reply_to = message.reply_to().and_then(|to| to.first()).and_then(|to| to.address());
    assert_eq!(reply_to, Some("info@storgatan.example"));
    assert_eq!(
        message.from().and_then(|from| from.first()).and_then(|from| from.name()),
        Some("Tandkliniken på Storgatan")
    );
    assert!(text.contains("Auto-Submitted: auto-generated"));
}

#[tokio::test]
async fn a_cancellation_takes_the_booking_out_of_the_calendar() {
    let place = Place::open().await;
    place.book("b1", "09:00", EMAIL).await;
    let booked = calendar(&read(&one(&place).await));
    place.cancel_online("b1").await;
    let text = one(&place).await;
    let ics = calendar(&read(&text));
    for told in ["METHOD:CANCEL", "UID:b1@tidbok", "STATUS:CANCELLED"] {
        assert!(ics.contains(told), "{told} is missing: {ics}");
    }
    let sequence = |ics: &str| -> u32 {
        let line = ics.lines().find_map(|line| line.strip_prefix("SEQUENCE:"));
        line.expect("a sequence").parse().expect("a number")
    };
    assert!(sequence(&ics) > sequence(&booked), "{booked}{ics}");
}

#[tokio::test]
async fn a_message_is_in_the_language_that_was_chosen_on_the_page_and_in_both_where_none_was() {
    let (swedish, english) = ("Din tid är bokad.", "Your appointment is booked.");
    for (language, tag, subject, told, left_out) in [
        (Some(PatientLanguage::Swedish), "sv", "Din tid hos", vec![swedish], vec![english]),
        (Some(PatientLanguage::English), "en", "Your appointment at", vec![english], vec![swedish]),
        (None, "sv", "Din tid hos", vec![swedish, english], vec![]),
    ] {
        let place = Place::open().await;
        place.book_in(language, "b1", "09:00", EMAIL).await;
        let text = one(&place).await;
        let message = read(&text);
        assert!(message.subject().expect("a subject").starts_with(subject), "{language:?}");
        let plain = message.body_text(0).expect("plain text").into_owned();
        let html = message.body_html(0).expect("HTML").into_owned();
        assert!(html.contains(&format!("<html lang=\"{tag}\">")), "{html}");
        for part in [&plain, &html] {
            assert!(told.iter().all(|text| part.contains(text)), "{language:?}: {part}");
            assert!(!left_out.iter().any(|text| part.contains(text)), "{language:?}: {part}");
        }
    }
}

#[tokio::test]
async fn whoever_rebooks_in_another_language_is_written_to_in_that_from_then_on() {
    use PatientLanguage::{English, Swedish};
    for (booked, rebooked, lang) in [
        (Some(Swedish), Some(English), "en"),
        (Some(English), Some(Swedish), "sv"),
        (None, Some(English), "en"),
        // What is not told changes nothing.
        (Some(English), None, "en"),
    ] {
        let place = Place::open().await;
        place.book_in(booked, "b1", "09:00", EMAIL).await;
        one(&place).await;
        place.online(rebooking_in(rebooked, "b1", "10:00")).await.expect("is rebooked");
        let text = one(&place).await;
        let html = read(&text).body_html(0).expect("HTML").into_owned();
        assert!(
            html.contains(&format!("<html lang=\"{lang}\">")),
            "{booked:?} {rebooked:?}: {html}"
        );
    }
}

#[tokio::test]
async fn a_message_links_to_the_booking_page_where_its_address_is_known() {
    let page = "https://boka.example/storgatan";
    let place = Place::open().await;
    place.book("b1", "09:00", EMAIL).await;
    let receiver = Receiver::open().await;
    let settings = MailSettings { page: Some(page.to_owned()), ..settings(&receiver) };
    let mut mailer = Mailer::new(place.clinic.clone(), &settings).expect("they will do");
    mailer.round(in_minutes(0)).await.expect("the store answers");
    let text = receiver.taken().pop().expect("a message").text;
    let message = read(&text);
    assert!(
        message.body_text(0).expect("plain text").contains(&format!("bokningssida: {page}\r\n"))
    );
    let html = message.body_html(0).expect("HTML").into_owned();
    assert!(html.contains(&format!("<a href=\"{page}\">")), "{html}");
    assert!(!one_of(&place).await.contains("boka.example"), "else there is no link");
}

/// The message about another booking, from a mailer that knows no page.
async fn one_of(place: &Place) -> String {
    place.book("b2", "10:00", EMAIL).await;
    one(place).await
}

#[tokio::test]
async fn names_that_would_add_headers_or_markup_add_none() {
    let evil = "Åsas\r\nBcc: alla@example.se\r\n\r\n<script>alert(1)</script> & Ö\u{202e}";
    let place = Place::with(|file| {
        let company = file.setup.companies.get_mut(&"storgatan".into()).expect("is there");
        (company.name, company.phone) = (evil.to_owned(), Some(evil.to_owned()));
        company.email = Some(evil.to_owned());
        let practitioner = file.setup.practitioners.get_mut(&"AE".into()).expect("is there");
        practitioner.name = evil.to_owned();
    })
    .await;
    place.book("b1", "09:00", EMAIL).await;
    let text = one(&place).await;
    let message = read(&text);
    assert!(message.bcc().is_none() && message.reply_to().is_none());
    let name = "Åsas Bcc: alla@example.se <script>alert(1)</script> & Ö";
    assert_eq!(message.subject(), Some(&*format!("Din tid hos {name} är bokad")));
    assert!(!message.body_html(0).expect("HTML").contains("<script"));
    assert!(calendar(&message).lines().all(|line| !line.starts_with("Bcc")));
}

#[tokio::test]
async fn an_address_that_is_none_is_given_up_and_no_command_of_the_conversation() {
    let place = Place::open().await;
    let receiver = Receiver::open().await;
    place.book("b1", "09:00", "å@example.se").await;
    let mailed = place.mailer(&receiver).round(in_minutes(0)).await.expect("the store answers");
    assert_eq!(mailed.fault, Some(NoticeFault::Address));
    assert_eq!((receiver.taken().len(), place.report().await.given_up), (0, 1));
}

#[test]
fn every_fault_is_told_in_both_languages() {
    use NoticeFault::*;
    for fault in
        [Unreachable, TimedOut, NotTrusted, Login, Rejected, Later, Unanswered, Refused, Address]
    {
        let [swedish, english] = Language::ALL.map(|language| notice_fault(language, fault));
        assert!(swedish != english && !swedish.contains('@') && !english.contains('@'));
        assert_eq!(NoticeFault::from_key(fault.key()), Some(fault));
    }
}
