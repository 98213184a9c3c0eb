//! A practitioner's free times of a while.

use maud::{Markup, html};

use super::super::offer::{Book, Company, Service};
use super::super::times::Time;
use super::super::visit::Visit;
use super::choosing::{chosen, none_now, own};
use super::layout::{Sheet, page};

/// What is shown.
pub struct Here<'a> {
    pub company: &'a Company,
    pub book: &'a Book,
    /// With the treatment and a link.
    pub times: Vec<(&'a Time, &'a Service, String)>,
}

/// The times, each with its treatment.
pub fn here(visit: &Visit, it: &Here<'_>) -> Markup {
    let words = visit.language.words();
    let content = html! {
        (chosen(&[(words.practitioner, own(&it.book.practitioner))]))
        @if it.times.is_empty() { (none_now(visit)) } @else {
            ul.choices {
                @for (time, service, link) in &it.times {
                    li { a.choice href=(link) {
                        span.name { (visit.language.moment(time.start, visit.today)) }
                        span.under { (own(&service.name)) }
                    } }
                }
            }
        }
        p { a href=(visit.address("", &[("company", &it.company.id)])) { (words.all_treatments) } }
    };
    page(
        visit,
        &Sheet {
            heading: words.choose_time,
            company: Some(it.company),
            content,
            ..Sheet::default()
        },
    )
}
