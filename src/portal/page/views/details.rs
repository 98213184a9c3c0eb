//! The form for the patient's details, and what stands in its way.

use maud::{Markup, html};

use crate::domain::{CivilTime, Fault, Field};

use super::super::e_id::Who;
use super::super::form::{AddressIs, Typed};
use super::super::offer::{Book, Company, Service};
use super::super::times::Time;
use super::super::visit::Visit;
use super::super::way::{Choice, name_of};
use super::choosing::{chosen, own, way_so_far};
use super::layout::{Sheet, Switch, page};
use super::mine::seal;

/// The id of the form.
const FORM: &str = "details";

/// The form's time and what is known of the person.
pub struct Details<'a> {
    pub company: &'a Company,
    /// How many companies there are to book at.
    pub companies: usize,
    pub service: &'a Service,
    pub book: &'a Book,
    pub time: &'a Time,
    pub choice: &'a Choice,
    /// How long the time is held, where it is.
    pub held: Option<Held>,
    pub typed: &'a Typed,
    pub faults: &'a [Fault],
}

/// For how long a time is held.
pub struct Held {
    /// On the clinic's clock.
    pub until: String,
    pub seconds: i64,
}

impl Details<'_> {
    /// The step before this one: the week of the time.
    fn back(&self, visit: &Visit) -> String {
        self.choice.way().times(visit, Some(self.time.start.date_naive()))
    }

    fn address_is(&self) -> AddressIs {
        if self.company.asks_address { AddressIs::Required } else { AddressIs::NotAsked }
    }
}

/// What is to be booked.
fn choice(visit: &Visit, it: &Details<'_>) -> Markup {
    let language = visit.language;
    let words = language.words();
    let when = language.moment(it.time.start, visit.today);
    let mut choices = vec![
        (words.treatment, own(&it.service.name)),
        (words.practitioner, own(&it.book.practitioner)),
        (words.time, html! { (when) "–" (it.time.end.format("%H:%M")) }),
    ];
    if it.companies > 1 {
        choices.push((words.place, own(&it.company.name)));
    }
    chosen(&choices)
}

/// What is told above the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The time that was held before this one is held no more; when that begins.
    LetGo(CivilTime),
    /// The form had been shown for somebody else.
    Anew,
    /// The form had been shown to somebody who is logged in no more.
    LogInEnded,
}

/// The form.
pub fn details(visit: &Visit, it: &Details<'_>, told: Option<Told>) -> Markup {
    let language = visit.language;
    let words = language.words();
    let content = html! {
        @if !it.faults.is_empty() { (summary(visit, it.faults)) }
        (choice(visit, it))
        @match told {
            Some(Told::LetGo(time)) => {
                p.notice role="status" { (language.let_go(time, visit.today)) }
            }
            Some(Told::Anew) => { p.notice role="status" { (language.own_words().anew) } }
            Some(Told::LogInEnded) => {
                p.notice role="status" { (language.own_words().log_in_ended) }
            }
            None => {}
        }
        @if let Some(held) = &it.held {
            p.held {
                // The script says so when it is over.
                span role="status" data-held-for=(held.seconds) data-over=(words.held_no_more) {
                    (language.held_until(&held.until))
                }
                " " a href=(it.back(visit)) { (words.change_time) }
            }
        }
        form #(FORM) method="post" action=(visit.address("details", &[])) novalidate {
            (seal(visit))
            (way_so_far(&it.choice.way()))
            input type="hidden" name="time" value=(name_of(it.time));
            @if visit.e_id.is_some() && visit.who.is_none() {
                div.notice {
                    p { (visit.language.own_words().log_in_to_book) }
                    p { a href=(it.choice.log_in(visit)) rel="nofollow" {
                        (visit.language.own_words().log_in)
                    } }
                }
            }
            p { (words.all_required) }
            @for (name, field) in Typed::NAMES {
                @if let (Field::Personnummer, Some(who)) = (field, &visit.who) {
                    (from_e_id(visit, who))
                } @else if field != Field::Address || it.address_is() == AddressIs::Required {
                    (input(visit, it, name, field))
                }
            }
            p.privacy { (words.privacy) }
            button.main type="submit" { (words.ask) }
        }
    };
    page(
        visit,
        &Sheet {
            heading: words.your_details,
            notice: Some(words.error_prefix).filter(|_| !it.faults.is_empty()),
            back: Some(it.back(visit)),
            step: Some((4, 4)),
            company: Some(it.company),
            switch: Switch::Form(FORM),
            content,
            ..Sheet::default()
        },
    )
}

/// Everything that is wrong, each with a link to its field.
fn summary(visit: &Visit, faults: &[Fault]) -> Markup {
    html! {
        div.errors role="alert" tabindex="-1" autofocus aria-labelledby="errors" {
            h2 #errors { (visit.language.words().errors) }
            ul {
                @for (name, field) in Typed::NAMES {
                    @for fault in faults.iter().filter(|fault| fault.field == field) {
                        li { a href={ "#" (name) } { (visit.language.fault(field, fault.problem)) } }
                    }
                }
            }
        }
    }
}

/// The personnummer of whoever is logged in: nobody else can be booked for.
fn from_e_id(visit: &Visit, who: &Who) -> Markup {
    html! {
        dl.field.told {
            dt { (visit.language.words().personnummer) }
            dd { (who.personnummer.as_str()) }
            dd.hint { (visit.language.own_words().from_e_id) }
        }
    }
}

/// What stands in a field: what was typed; before that, what e-ID tells of whoever is logged in.
fn written(visit: &Visit, it: &Details<'_>, field: Field) -> String {
    match (&visit.who, field) {
        (Some(who), Field::FirstName) if it.typed.is_empty() => who.first_name.clone(),
        (Some(who), Field::LastName) if it.typed.is_empty() => who.last_name.clone(),
        _ => it.typed.shown(field),
    }
}

fn input(visit: &Visit, it: &Details<'_>, name: &str, field: Field) -> Markup {
    let words = visit.language.words();
    let fault = it.faults.iter().find(|fault| fault.field == field);
    let hint = match field {
        Field::Personnummer => Some(words.personnummer_hint),
        Field::Address => Some(words.address_hint),
        _ => None,
    };
    // How keyboards and the browser's own memory of its owner help.
    let (kind, mode, memory) = match field {
        Field::FirstName => ("text", "text", "given-name"),
        Field::LastName => ("text", "text", "family-name"),
        Field::Email => ("email", "email", "email"),
        Field::Mobile => ("tel", "tel", "tel"),
        Field::Address => ("text", "text", "street-address"),
        _ => ("text", "numeric", "off"),
    };
    let described = [hint.map(|_| format!("{name}-hint")), fault.map(|_| format!("{name}-error"))];
    let described = described.into_iter().flatten().collect::<Vec<_>>().join(" ");
    html! {
        div.field.wrong[fault.is_some()] {
            label for=(name) { (visit.language.label(field)) }
            @if let Some(hint) = hint { p.hint #{ (name) "-hint" } { (hint) } }
            @if let Some(fault) = fault {
                p.error #{ (name) "-error" } {
                    span.unseen { (words.error_prefix) " " }
                    (visit.language.fault(field, fault.problem))
                }
            }
            input #(name) name=(name) type=(kind) inputmode=(mode) autocomplete=(memory)
                value=(written(visit, it, field)) required
                aria-invalid=[fault.map(|_| "true")]
                aria-describedby=[Some(described).filter(|it| !it.is_empty())];
        }
    }
}

/// Why a free time is not held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unheld {
    /// The hold has run out.
    RunOut,
    /// It was not chosen yet: a link from elsewhere leads to it.
    NotYet,
}

/// A free time that is not held, with a button to hold it.
pub fn to_hold(visit: &Visit, it: &Details<'_>, why: Unheld) -> Markup {
    let words = visit.language.words();
    let (heading, advice, button) = match why {
        Unheld::RunOut => (words.hold_over, words.hold_over_advice, words.hold_again),
        Unheld::NotYet => (words.one_time, words.one_time_advice, words.choose_it),
    };
    let content = html! {
        (choice(visit, it))
        p { (advice) }
        form method="post" action=(visit.along("hold", &[])) {
            (way_so_far(&it.choice.way()))
            button.main name="time" value=(name_of(it.time)) { (button) }
        }
        p { a href=(it.back(visit)) { (words.change_time) } }
    };
    let back = Some(it.back(visit));
    page(visit, &Sheet { heading, back, company: Some(it.company), content, ..Sheet::default() })
}
