//! Other times, where one went away: those with the practitioner who was chosen first, each with whose
//! it is.

use chrono::{DateTime, Utc};

use super::super::desk::Desk;
use super::super::refusal::Refusal;
use super::browser::Browser;
use super::offer::{Book, Offer, Service};
use super::times::{Time, nearest};

/// How many are offered, and how many of them at least with others than whom was chosen.
const MOST: usize = 6;
const WITH_OTHERS: usize = 2;

/// A free time, and with whom.
pub struct Near {
    pub time: Time,
    pub practitioner: String,
}

/// Free times near one that went away.
#[derive(Default)]
pub struct Nearest {
    /// The practitioner who was chosen.
    pub chosen: Option<String>,
    /// Theirs, in order.
    pub own: Vec<Near>,
    /// Those of the others, in order.
    pub others: Vec<Near>,
}

impl Nearest {
    /// Those of a treatment at a company, near a moment; `chosen` is the book that was chosen.
    ///
    /// # Errors
    /// The store.
    pub fn find(
        desk: &Desk<'_>,
        (offer, browser): (&Offer, &Browser),
        (company, service, chosen): (&str, &Service, Option<&str>),
        moment: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let books = offer.books_of(company, &service.id);
        let (own, others): (Vec<&Book>, Vec<&Book>) =
            books.into_iter().partition(|book| chosen == Some(book.id.as_str()));
        let look = |books: &[&Book], most| -> Result<Vec<Near>, Refusal> {
            let ids = books.iter().map(|book| book.id.as_str()).collect();
            let times = nearest(desk, Some(browser), (&service.code, ids), moment, most)?;
            let named = times.into_iter().filter_map(|time| {
                let practitioner = offer.book(&time.book)?.practitioner.clone();
                Some(Near { time, practitioner })
            });
            Ok(named.collect())
        };
        let chosen = own.first().map(|book| book.practitioner.clone());
        let own = look(&own, MOST)?;
        let others = look(&others, MOST.saturating_sub(own.len()).max(WITH_OTHERS))?;
        Ok(Self { chosen, own, others })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.others.is_empty()
    }
}
