//! What came of it: sent, booked, refused, gone, and what the page can't do.

use maud::{Markup, html};

use super::super::nearest::{Near, Nearest};
use super::super::offer::{Book, Company, Service};
use super::super::visit::Visit;
use super::super::way::{ANYONE, Choice, Way};
use super::super::wish::{Answer, Answered};
use super::choosing::{times_to_choose, way_so_far, what_it_is};
use super::layout::{Mood, Sheet, Switch, dialled, page, phone_of};

/// The id of the form with other times.
const OTHERS: &str = "others";

/// A wish with everything that is shown of it. What the clinic offers no more is left out.
pub struct Shown<'a> {
    pub asked: &'a Answered,
    pub company: Option<&'a Company>,
    pub service: Option<&'a Service>,
    pub book: Option<&'a Book>,
    /// Free times near it, where it was refused.
    pub nearest: &'a Nearest,
}

/// How it stands with a wish.
pub fn answered(visit: &Visit, it: &Shown<'_>) -> Markup {
    let (heading, again_after, body) = told(visit, it);
    let state = state(&it.asked.answer);
    let place = visit.address(&format!("asked/{}/state", it.asked.id), &[]);
    let content = html! {
        div.outcome.(state) data-state=(state) data-place=(place) role="status" {
            (summary(visit, it))
            (body)
        }
    };
    let (company, mood) = (it.company, mood(&it.asked.answer));
    page(visit, &Sheet { heading, company, mood, again_after, content, ..Sheet::default() })
}

/// The answer in a heading, after how many seconds the page looks again, and what to know or do.
fn told(visit: &Visit, it: &Shown<'_>) -> (&'static str, Option<u8>, Markup) {
    let language = visit.language;
    let words = language.words();
    match &it.asked.answer {
        Answer::Waited => (words.sent, Some(2), html! { p { (words.sent_advice) } }),
        Answer::Overdue => (
            words.overdue,
            Some(10),
            html! {
                p { (words.overdue_advice) }
                p { a.button href=(visit.address(&format!("asked/{}", it.asked.id), &[])) {
                    (words.look_again)
                } }
            },
        ),
        Answer::Booked => (words.booked, None, booked(visit, it)),
        Answer::Refused { code, words: reason } => (
            words.refused,
            None,
            html! {
                p { (language.refusal(code, reason.as_deref())) " " (words.nothing_booked) }
                @let way = it.company.zip(it.service).map(|(company, service)| Way {
                    company: &company.id,
                    service: &service.id,
                    with: Some(ANYONE),
                });
                @if let Some(way) = way { (others(visit, &way, it.nearest, None)) }
            },
        ),
        Answer::Unanswered => (
            words.unanswered,
            None,
            html! {
                p { (words.unanswered_advice) }
                p { a.button href=(visit.address("", &[])) { (words.start_again) } }
            },
        ),
        Answer::Cancelled => (
            words.cancelled,
            None,
            html! {
                p { (words.cancelled_advice) }
                p { a.button href=(visit.address("", &[])) { (words.start_again) } }
            },
        ),
    }
}

fn mood(answer: &Answer) -> Mood {
    match answer {
        Answer::Booked => Mood::Done,
        Answer::Waited | Answer::Overdue => Mood::Plain,
        Answer::Refused { .. } | Answer::Unanswered | Answer::Cancelled => Mood::Failed,
    }
}

/// A word for how it stands, which the script compares.
pub fn state(answer: &Answer) -> &'static str {
    match answer {
        Answer::Waited => "waited",
        Answer::Overdue => "overdue",
        Answer::Booked => "booked",
        Answer::Refused { .. } => "refused",
        Answer::Unanswered => "unanswered",
        Answer::Cancelled => "cancelled",
    }
}

fn summary(visit: &Visit, it: &Shown<'_>) -> Markup {
    let when = (it.asked.start, it.asked.end);
    what_it_is(visit, when, (it.service, it.book, it.company))
}

fn booked(visit: &Visit, it: &Shown<'_>) -> Markup {
    let words = visit.language.words();
    html! {
        p { (words.booked_advice) }
        p { a.button.main href=(visit.address(&format!("asked/{}/booking.ics", it.asked.id), &[])) {
            (words.save_calendar)
        } }
        @if visit.e_id.is_some() {
            p {
                (visit.language.own_words().change_booking) " "
                a href=(visit.address("my-times", &[])) { (visit.language.own_words().my_times) }
            }
        } @else { p { (words.change_booking) } }
        p { a href=(visit.address("", &[])) { (words.book_another) } }
    }
}

/// A time that went away before it was booked; `own` is where it is told how it stands with it, where
/// this browser had asked for it for another person.
pub fn gone(
    visit: &Visit,
    company: Option<&Company>,
    (choice, own): (&Choice, Option<&str>),
    nearest: &Nearest,
) -> Markup {
    let words = visit.language.words();
    let content = html! {
        @if let Some(own) = own {
            p { (words.taken_first) }
            p { a href=(own) { (words.see_first) } }
        } @else { p { (words.gone_advice) } }
        (others(visit, &choice.way(), nearest, Some(choice)))
    };
    // The page may be the answer to a form: sent again, it comes in the other language.
    let answers_form = own.is_none() && !nearest.is_empty();
    let switch = if answers_form { Switch::Form(OTHERS) } else { Switch::Link };
    let mood = Mood::Failed;
    page(visit, &Sheet { heading: words.gone, company, switch, mood, content, ..Sheet::default() })
}

/// Other times to choose, instead of one that went away; where there are none, what to do.
fn others(visit: &Visit, way: &Way<'_>, nearest: &Nearest, instead: Option<&Choice>) -> Markup {
    let (language, words) = (visit.language, visit.language.words());
    let times = |heading: &str, times: &[Near]| {
        html! {
            @if !times.is_empty() {
                h2.nearest { (heading) }
                (times_to_choose(visit, times))
            }
        }
    };
    html! {
        @if nearest.is_empty() { p { (words.no_times_advice) } } @else {
            form.times #(OTHERS) method="post" action=(visit.along("hold", &[])) {
                (way_so_far(way))
                @if let Some(name) = &nearest.chosen {
                    @if nearest.own.is_empty() { p { (language.none_with(name)) } }
                    (times(&language.nearest_with(name), &nearest.own))
                    (times(words.nearest_with_others, &nearest.others))
                } @else { (times(words.nearest, &nearest.others)) }
                // After the times: whichever of them is pressed comes first.
                @if let Some(choice) = instead {
                    input type="hidden" name="time" value=(choice.name());
                }
            }
        }
        p { a href=(visit.address("", &[])) { (words.start_again) } }
    }
}

/// A page that says what a patient can't do here, and whom to call.
pub fn call(
    visit: &Visit,
    company: Option<&Company>,
    (heading, advice): (&str, &str),
    button: &str,
) -> Markup {
    let content = html! {
        p { (advice) }
        @if let Some(phone) = phone_of(visit, company) {
            p { a.button href={ "tel:" (dialled(&phone)) } { (visit.language.words().call) " " (phone) } }
        }
        p { a.button href=(visit.address("", &[])) { (button) } }
    };
    let mood = Mood::Failed;
    page(visit, &Sheet { heading, company, mood, content, ..Sheet::default() })
}

/// A page that only says something.
pub fn plain(visit: &Visit, company: Option<&Company>, heading: &str, advice: &str) -> Markup {
    plain_with(visit, company, (heading, advice), visit.language.words().start_again)
}

/// The same with a button to the start that is called otherwise.
pub fn plain_with(
    visit: &Visit,
    company: Option<&Company>,
    (heading, advice): (&str, &str),
    button: &str,
) -> Markup {
    let content = html! {
        p { (advice) }
        p { a.button href=(visit.address("", &[])) { (button) } }
    };
    page(visit, &Sheet { heading, company, content, ..Sheet::default() })
}
