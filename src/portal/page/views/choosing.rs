//! The steps of choosing: company, treatment, practitioner, time.

use chrono::{DateTime, FixedOffset, NaiveDate};
use maud::{Markup, html};

use super::super::nearest::Near;
use super::super::offer::{Book, Company, Service};
use super::super::times::Time;
use super::super::visit::Visit;
use super::super::way::{ANYONE, Way, name_of};
use super::layout::{Sheet, clinics_text, page};

/// A choice among several: a big link with a name and a line under it.
fn choice(address: &str, name: &str, under: &str) -> Markup {
    html! {
        li { a.choice href=(address) {
            span.name lang="sv" { (name) }
            @if !under.is_empty() { span.under { (under) } }
        } }
    }
}

/// Which company.
pub fn companies(visit: &Visit, companies: &[Company]) -> Markup {
    let words = visit.language.words();
    let content = html! {
        @if let Some(text) = &visit.page.text { (clinics_text(text)) }
        ul.choices {
            @for company in companies {
                (choice(
                    &visit.address("", &[("company", &company.id)]),
                    &company.name,
                    company.address.as_deref().unwrap_or_default(),
                ))
            }
        }
    };
    page(visit, &Sheet { heading: words.choose_company, content, ..Sheet::default() })
}

/// The treatments of a company, each with its first free time.
pub struct Services<'a> {
    pub company: &'a Company,
    pub services: Vec<(&'a Service, Option<Time>)>,
    /// The only practitioner of each treatment that has only one.
    pub only: Vec<Option<&'a Book>>,
    /// Whether there were companies to choose from.
    pub chosen: bool,
}

/// Which treatment.
pub fn services(visit: &Visit, offered: &Services<'_>) -> Markup {
    let language = visit.language;
    let words = language.words();
    let company = offered.company;
    let text = visit.page.text.as_ref().filter(|_| !offered.chosen).or(company.text.as_ref());
    let any = offered.services.iter().any(|(_, first)| first.is_some());
    let content = html! {
        @if let Some(text) = text { (clinics_text(text)) }
        @if !any {
            div.notice {
                h2 { (words.no_times_now) }
                p { (words.no_times_advice) }
            }
        }
        ul.choices {
            @for ((service, first), only) in offered.services.iter().zip(&offered.only) {
                @let minutes = service.minutes.map(|it| language.minutes(it)).unwrap_or_default();
                @if let Some(first) = first {
                    @let way = Way {
                        company: &company.id,
                        service: &service.id,
                        with: only.map(|book| book.id.as_str()),
                    };
                    @let free = language.first_free(&language.moment(first.start, visit.today));
                    li { a.choice href=(way.next(visit)) {
                        span.name lang="sv" { (service.name) }
                        span.under { (minutes) }
                        span.under { (free) }
                    } }
                } @else {
                    li { div.choice.none {
                        span.name lang="sv" { (service.name) }
                        span.under { (minutes) }
                        span.under { (words.no_times_now) }
                    } }
                }
            }
        }
    };
    page(
        visit,
        &Sheet {
            heading: words.choose_service,
            back: offered.chosen.then(|| visit.address("", &[])),
            step: Some((1, 4)),
            company: Some(company),
            content,
            ..Sheet::default()
        },
    )
}

/// The practitioners of a treatment, each with the first free time.
pub struct Practitioners<'a> {
    pub company: &'a Company,
    pub service: &'a Service,
    pub books: Vec<(&'a Book, Option<Time>)>,
}

/// With whom.
pub fn practitioners(visit: &Visit, offered: &Practitioners<'_>) -> Markup {
    let language = visit.language;
    let words = language.words();
    let (company, service) = (offered.company, offered.service);
    let way = |with| Way { company: &company.id, service: &service.id, with: Some(with) };
    let moment = |time: &Time| language.moment(time.start, visit.today);
    let first = offered.books.iter().filter_map(|(_, first)| first.as_ref());
    let first = first.min_by_key(|first| first.start);
    let content = html! {
        (chosen(&[(words.treatment, own(&service.name))]))
        @if first.is_none() { (none_now(visit)) }
        ul.choices {
            @if let Some(first) = first {
                li { a.choice.first href=(way(ANYONE).times(visit, None)) {
                    span.name { (words.anyone) }
                    span.under { (words.anyone_hint) ": " (moment(first)) }
                } }
            }
            @for (book, first) in &offered.books {
                @if let Some(first) = first {
                    (choice(
                        &way(&book.id).times(visit, None),
                        &book.practitioner,
                        &language.first_free(&moment(first)),
                    ))
                } @else {
                    li { div.choice.none {
                        span.name lang="sv" { (book.practitioner) }
                        span.under { (words.no_times_now) }
                    } }
                }
            }
        }
    };
    page(
        visit,
        &Sheet {
            heading: words.choose_practitioner,
            back: Some(before_choosing(visit, company)),
            step: Some((2, 4)),
            company: Some(company),
            content,
            ..Sheet::default()
        },
    )
}

/// Where one comes from to choose with whom, and when.
pub fn before_choosing(visit: &Visit, company: &Company) -> String {
    match &visit.instead {
        Some(instead) => visit.address(&format!("my-times/{}", instead.id()), &[]),
        None => visit.address("", &[("company", &company.id)]),
    }
}

/// A week's free times.
pub struct Week<'a> {
    pub company: &'a Company,
    pub service: &'a Service,
    /// The practitioner, where one was chosen.
    pub book: Option<&'a Book>,
    /// The step before this one.
    pub back: String,
    pub monday: NaiveDate,
    /// In order.
    pub times: Vec<Time>,
    /// A day of the nearest weeks that have free times.
    pub earlier: Option<NaiveDate>,
    pub later: Option<NaiveDate>,
}

/// Which day and time.
pub fn times(visit: &Visit, week: &Week<'_>) -> Markup {
    let language = visit.language;
    let words = language.words();
    let with = week.book.map_or(ANYONE, |book| book.id.as_str());
    let way = Way { company: &week.company.id, service: &week.service.id, with: Some(with) };
    let who = match week.book {
        Some(book) => own(&book.practitioner),
        None => html! { (words.anyone_hint) },
    };
    let pager = html! {
        nav.weeks aria-label=(words.more_weeks) {
            @if let Some(day) = week.earlier {
                a.earlier href=(way.times(visit, Some(day))) { "← " (words.earlier) }
            }
            @if let Some(day) = week.later {
                a.later href=(way.times(visit, Some(day))) { (words.later) " →" }
            }
        }
    };
    let content = html! {
        (chosen(&[(words.treatment, own(&week.service.name)), (words.practitioner, who)]))
        @if week.times.is_empty() { (none_now(visit)) } @else {
            p.week { (language.week(week.monday)) }
            form.times method="post" action=(visit.along("hold", &[])) {
                (way_so_far(&way))
                @for day in week.times.chunk_by(|one, other| one.start.date_naive() == other.start.date_naive()) {
                    (times_of_day(visit, day))
                }
            }
        }
        (pager)
    };
    page(
        visit,
        &Sheet {
            heading: words.choose_time,
            back: Some(week.back.clone()),
            step: Some((3, 4)),
            company: Some(week.company),
            content,
            ..Sheet::default()
        },
    )
}

/// The way so far, for a form to send along.
pub fn way_so_far(way: &Way<'_>) -> Markup {
    html! {
        input type="hidden" name="company" value=(way.company);
        input type="hidden" name="service" value=(way.service);
        @if let Some(with) = way.with { input type="hidden" name="with" value=(with); }
    }
}

/// A day's times, each a button of the form around it.
fn times_of_day(visit: &Visit, times: &[Time]) -> Markup {
    let Some(first) = times.first() else { return html! {} };
    let day = visit.language.day(first.start.date_naive(), visit.today);
    html! {
        section.day {
            h2 { (day) }
            ul {
                @for time in times {
                    li { button.time name="time" value=(name_of(time))
                        aria-label=(visit.language.moment(time.start, visit.today)) {
                        (time.start.format("%H:%M"))
                    } }
                }
            }
        }
    }
}

/// Times of several days as buttons of the form around them, each with whose it is.
pub fn times_to_choose(visit: &Visit, times: &[Near]) -> Markup {
    let day = |near: &Near| near.time.start.date_naive();
    html! {
        @for times in times.chunk_by(|one, other| day(one) == day(other)) {
            @if let Some(first) = times.first() {
                section.day {
                    h3 { (visit.language.day(day(first), visit.today)) }
                    ul.named { @for near in times { li { (named_time(visit, near)) } } }
                }
            }
        }
    }
}

fn named_time(visit: &Visit, near: &Near) -> Markup {
    let time = &near.time;
    // What is seen stands in it as it is: whoever speaks to the browser says that.
    let label = format!("{} {}", visit.language.moment(time.start, visit.today), near.practitioner);
    html! {
        button.time name="time" value=(name_of(time)) aria-label=(label) {
            (time.start.format("%H:%M")) " "
            span.with lang="sv" { (near.practitioner) }
        }
    }
}

/// What has been chosen so far.
pub fn chosen(choices: &[(&str, Markup)]) -> Markup {
    html! {
        dl.chosen {
            @for (what, choice) in choices { div { dt { (what) } dd { (choice) } } }
        }
    }
}

/// When a booking is, what, with whom and where; what is not known is left out.
pub fn what_it_is(
    visit: &Visit,
    (start, end): (DateTime<FixedOffset>, DateTime<FixedOffset>),
    (service, book, company): (Option<&Service>, Option<&Book>, Option<&Company>),
) -> Markup {
    let words = visit.language.words();
    let when = visit.language.moment(start, visit.today);
    let mut choices = vec![(words.time, html! { (when) "–" (end.format("%H:%M")) })];
    choices.extend(service.map(|service| (words.treatment, own(&service.name))));
    choices.extend(book.map(|book| (words.practitioner, own(&book.practitioner))));
    let place = company.map(|company| match &company.address {
        Some(address) => own(&format!("{}, {address}", company.name)),
        None => own(&company.name),
    });
    choices.extend(place.map(|place| (words.place, place)));
    chosen(&choices)
}

/// A name that the clinic gave, which is in Swedish.
pub fn own(name: &str) -> Markup {
    html! { span lang="sv" { (name) } }
}

/// There is no time now, and what to do.
pub fn none_now(visit: &Visit) -> Markup {
    let words = visit.language.words();
    html! {
        div.notice {
            h2 { (words.no_times_now) }
            p { (words.no_times_advice) }
        }
    }
}
