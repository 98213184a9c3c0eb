//! Logging in, and the times of whoever is logged in.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use crate::domain::OnlineChange;

use super::super::mine::{All, Mine, Standing, TOO_LATE, Wait, WhyNot};
use super::super::offer::Book;
use super::super::times::Time;
use super::super::visit::Visit;
use super::super::way::{Choice, name_of};
use super::choosing::{chosen, own, way_so_far, what_it_is};
use super::layout::{Mood, Sheet, page};

/// A link to the provider.
fn log_in_link(visit: &Visit) -> Markup {
    html! {
        p { a.button.main href=(visit.address("log-in", &[])) rel="nofollow" {
            (visit.language.own_words().log_in)
        } }
    }
}

/// Whoever wants to see their own times logs in first.
pub fn log_in_first(visit: &Visit) -> Markup {
    let words = visit.language.own_words();
    let out = visit.asked("logged") == Some("out");
    let content = html! {
        @if out { p role="status" { (words.logged_out) } }
        p { (words.log_in_why) }
        (log_in_link(visit))
    };
    page(visit, &Sheet { heading: words.my_times, content, ..Sheet::default() })
}

/// A log-in came to nothing: why, and what to do. A code is for whoever is called about it.
pub fn not_logged_in(visit: &Visit, heading: &str, advice: &str, code: Option<&str>) -> Markup {
    let words = visit.language.own_words();
    let content = html! {
        p { (advice) }
        @if let Some(code) = code { p { (words.fault) ": " code { (code) } } }
        (log_in_link(visit))
        p { a href=(visit.address("", &[])) { (visit.language.words().book_a_time) } }
    };
    page(visit, &Sheet { heading, content, ..Sheet::default() })
}

/// Everything that is booked.
pub fn my_times(visit: &Visit, all: &All, now: DateTime<Utc>) -> Markup {
    let words = visit.language.own_words();
    let content = html! {
        @if all.to_come.is_empty() {
            div.notice { h2 { (words.none) } p { (words.none_advice) } }
        } @else {
            h2 { (words.to_come) }
            ul.mine {
                @for it in &all.to_come { li {
                    (summary(visit, it))
                    (what_can_be_done(visit, it, now))
                } }
            }
        }
        p { a.button href=(visit.address("", &[])) { (visit.language.words().book_a_time) } }
        @if !all.been.is_empty() {
            h2 { (words.been) }
            ul.mine { @for it in &all.been { li { (summary(visit, it)) } } }
        }
        form method="post" action=(visit.address("log-out", &[])) {
            (seal(visit))
            button.button { (words.log_out) }
        }
    };
    page(visit, &Sheet { heading: words.my_times, content, ..Sheet::default() })
}

/// What a form of this session carries.
pub(super) fn seal(visit: &Visit) -> Markup {
    html! {
        @if let Some(who) = &visit.who { input type="hidden" name="seal" value=(who.seal); }
    }
}

fn summary(visit: &Visit, it: &Mine) -> Markup {
    let what = (it.service.as_ref(), it.book.as_ref(), it.company.as_ref());
    what_it_is(visit, (it.start, it.end), what)
}

/// Links to what may be done with a booking; why not, and whom to call, where it may not.
fn what_can_be_done(visit: &Visit, it: &Mine, now: DateTime<Utc>) -> Markup {
    let words = visit.language.own_words();
    let (rebook, cancel) = (it.may(OnlineChange::Rebook, now), it.may(OnlineChange::Cancel, now));
    let reasons: Vec<(&str, WhyNot)> = match (rebook, cancel) {
        (Err(one), Err(other)) if one == other => vec![("", one)],
        _ => [(words.rebook, rebook), (words.cancel, cancel)]
            .into_iter()
            .filter_map(|(what, may)| Some((what, may.err()?)))
            .collect(),
    };
    let clock = visit.language.moment(it.start, visit.today);
    html! {
        p.doings {
            @if let (Ok(()), Some(place)) = (rebook, to_rebook(visit, it)) {
                a.button href=(place) { (words.rebook) span.unseen { ": " (clock) } }
            }
            @if cancel.is_ok() {
                a.button href=(visit.address(&format!("my-times/{}/cancel", it.id), &[])) {
                    (words.cancel) span.unseen { ": " (clock) }
                }
            }
        }
        @for (what, why) in &reasons { p.why-not {
            @if !what.is_empty() { (what) ": " }
            (visit.language.why_not(*why, now.date_naive()))
            @if *why != WhyNot::Waiting { " " (words.call_us) (phone(visit, it)) }
        } }
    }
}

/// The clinic's number, where it is known.
fn phone(visit: &Visit, it: &Mine) -> Markup {
    let phone = visit.page.phone.as_deref();
    let phone = phone.or(it.company.as_ref().and_then(|company| company.phone.as_deref()));
    html! {
        @if let Some(phone) = phone { " " a href={ "tel:" (super::layout::dialled(phone)) } { (phone) } }
    }
}

/// Where rebooking begins: with whom, for the same treatment at the same company.
fn to_rebook(visit: &Visit, it: &Mine) -> Option<String> {
    let (company, service) = (it.company.as_ref()?, it.service.as_ref()?);
    let way = [("company", company.id.as_str()), ("service", &service.id), ("instead", &it.id)];
    // Not along the way so far: that may be one of another booking, which this one is instead of.
    Some(visit.address("practitioners", &way))
}

/// A word for how it stands, which the script compares.
pub fn standing(standing: &Standing) -> &'static str {
    match standing {
        Standing::Asked(Wait::Short) | Standing::ToBeCancelled(Wait::Short) => "waited",
        Standing::Asked(Wait::Long) | Standing::ToBeCancelled(Wait::Long) => "overdue",
        Standing::Booked => "booked",
        Standing::Rebooked => "rebooked",
        Standing::Kept(_) => "kept",
        Standing::Cancelled => "cancelled",
        Standing::Replaced(_) => "replaced",
        Standing::Refused { .. } => "refused",
    }
}

/// One booking, with how it stands.
pub fn my_time(visit: &Visit, it: &Mine, now: DateTime<Utc>) -> Markup {
    let words = visit.language.own_words();
    let old = visit.instead.as_ref();
    let (heading, advice) = told(visit, &it.standing);
    let state = standing(&it.standing);
    let again_after = match state {
        "waited" => Some(2),
        "overdue" => Some(10),
        _ => None,
    };
    let own_place = format!("my-times/{}", it.id);
    let instead = old.map(|old| ("instead", old.id()));
    let place = visit.address(&format!("{own_place}/state"), &[]);
    let content = html! {
        div.outcome.(state) data-state=(state) data-place=(place) role="status" {
            (summary(visit, it))
            (advice)
            @if let (Some(old), Standing::Refused { .. }) = (old, &it.standing) {
                (summary(visit, old.booking()))
            }
        }
        @if again_after == Some(10) {
            p { a.button href=(visit.address(&own_place, instead.as_slice())) {
                (words.look_again)
            } }
        }
        @if matches!(it.standing, Standing::Booked | Standing::Rebooked | Standing::Kept(_))
            && it.standing != Standing::Kept(TOO_LATE.to_owned()) {
            (what_can_be_done(visit, it, now))
        }
        p { a href=(visit.address("my-times", &[])) { (words.my_times) } }
    };
    let (company, mood) = (it.company.as_ref(), mood(&it.standing));
    page(visit, &Sheet { heading, company, mood, again_after, content, ..Sheet::default() })
}

/// How it stands in a heading, and what to know or do.
fn told(visit: &Visit, standing: &Standing) -> (&'static str, Markup) {
    let (language, words) = (visit.language, visit.language.own_words());
    let said = |text: &str| html! { p { (text) } };
    match standing {
        Standing::Asked(Wait::Short) | Standing::ToBeCancelled(Wait::Short) => {
            (words.asked, said(words.asked_advice))
        }
        Standing::Asked(Wait::Long) | Standing::ToBeCancelled(Wait::Long) => {
            (words.overdue, said(words.overdue_advice))
        }
        Standing::Booked => (words.my_time, html! {}),
        Standing::Rebooked => (words.rebooked, said(words.rebooked_advice)),
        Standing::Kept(code) => (
            words.not_cancelled,
            html! { p {
                (language.change_refusal(code)) " " (words.still_stands) " " (words.call_us)
            } },
        ),
        Standing::Cancelled => (words.is_cancelled, said(words.is_cancelled_advice)),
        Standing::Replaced(to) => (words.rebooked, said(&language.replaced(*to, visit.today))),
        Standing::Refused { code, .. } if visit.instead.is_some() => (
            words.not_rebooked,
            html! { p { (language.change_refusal(code)) " " strong { (words.old_stands) } } },
        ),
        Standing::Refused { code, words: reason } => {
            (words.not_booked, said(&language.refusal(code, reason.as_deref())))
        }
    }
}

fn mood(standing: &Standing) -> Mood {
    match standing {
        Standing::Rebooked => Mood::Done,
        Standing::Cancelled | Standing::Kept(_) | Standing::Refused { .. } => Mood::Failed,
        Standing::Asked(_)
        | Standing::ToBeCancelled(_)
        | Standing::Booked
        | Standing::Replaced(_) => Mood::Plain,
    }
}

/// Asks before cancelling; to keep it comes first.
pub fn ask_to_cancel(visit: &Visit, it: &Mine) -> Markup {
    let words = visit.language.own_words();
    let content = html! {
        (summary(visit, it))
        p { (words.ask_cancel_advice) }
        p { a.button.main href=(visit.address("my-times", &[])) { (words.keep) } }
        form method="post" action=(visit.address(&format!("my-times/{}/cancel", it.id), &[])) {
            (seal(visit))
            button.button { (words.do_cancel) }
        }
    };
    let company = it.company.as_ref();
    page(visit, &Sheet { heading: words.ask_cancel, company, content, ..Sheet::default() })
}

/// The last question before rebooking: the old time and the new one.
pub fn ask_to_rebook(
    visit: &Visit,
    before: &Mine,
    (time, book): (&Time, Option<&Book>),
    choice: &Choice,
) -> Markup {
    let (words, plain) = (visit.language.own_words(), visit.language.words());
    let back = choice.way().times(visit, Some(time.start.date_naive()));
    let moment = |start| visit.language.moment(start, visit.today);
    let mut choices = vec![
        (words.old_time, html! { (moment(before.start)) "–" (before.end.format("%H:%M")) }),
        (words.new_time, html! { (moment(time.start)) "–" (time.end.format("%H:%M")) }),
    ];
    choices.extend(before.service.as_ref().map(|it| (plain.treatment, own(&it.name))));
    choices.extend(book.map(|book| (plain.practitioner, own(&book.practitioner))));
    let content = html! {
        (chosen(&choices))
        p { (words.ask_rebook_advice) }
        form method="post" action=(visit.address(&format!("my-times/{}/rebook", before.id), &[])) {
            (seal(visit))
            (way_so_far(&choice.way()))
            input type="hidden" name="time" value=(name_of(time));
            button.main { (words.do_rebook) }
        }
        p { a href=(back) { (plain.change_time) } }
        p { a href=(visit.address("my-times", &[])) { (words.keep_old) } }
    };
    page(
        visit,
        &Sheet {
            heading: words.ask_rebook,
            back: Some(back.clone()),
            company: before.company.as_ref(),
            content,
            ..Sheet::default()
        },
    )
}

/// On the way to another time: which booking it is instead of.
pub fn instead_of(visit: &Visit, before: &Mine) -> Markup {
    let words = visit.language.own_words();
    html! {
        div.notice.instead {
            p { (words.you_rebook) }
            (summary(visit, before))
            p { a href=(visit.address("my-times", &[])) { (words.keep_old) } }
        }
    }
}

/// Why a booking can't be changed here, and whom to call.
pub fn not_here(visit: &Visit, it: &Mine, why: WhyNot) -> Markup {
    let words = visit.language.own_words();
    let content = html! {
        (summary(visit, it))
        p { (visit.language.why_not(why, visit.today)) " " (words.call_us) (phone(visit, it)) }
        p { a href=(visit.address("my-times", &[])) { (words.my_times) } }
    };
    let company = it.company.as_ref();
    page(visit, &Sheet { heading: words.not_here, company, content, ..Sheet::default() })
}
