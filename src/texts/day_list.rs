//! A day's list in sentences, times first, with nothing in it that a voice could not read. Pure.

use crate::clinic::{DayEntry, DayItem, DayList, ListedBooking, Origin, Who};
use crate::domain::{Setup, TemplateId};

use super::refusals::begun_large;
use super::{Dates, Language};

/// Whether the list names patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    Named,
    /// Somebody may look over one's shoulder.
    Blanked,
}

/// The lines of some practitioners' days; an empty line stands between two of them.
pub fn day_list(
    language: Language,
    lists: &[DayList],
    setup: &Setup,
    naming: Naming,
) -> Vec<String> {
    let told = Told { language, setup, naming };
    let mut lines = Vec::new();
    if let Some(first) = lists.first() {
        lines.push(told.heading(first));
    }
    for list in lists {
        lines.push(String::new());
        lines.extend(told.practitioner(list));
        lines.extend(list.entries.iter().map(|entry| told.entry(entry)));
    }
    if lists.is_empty() {
        lines.push(language.pick("Ingen aktiv behandlare.", "No active practitioner.").to_owned());
    }
    lines
}

struct Told<'a> {
    language: Language,
    setup: &'a Setup,
    naming: Naming,
}

impl Told<'_> {
    fn heading(&self, list: &DayList) -> String {
        let dates = Dates(self.language);
        let red = self.setup.red_day(list.date).map(|why| format!(", {}", dates.red_day(why)));
        let red = red.unwrap_or_default();
        format!("{}{red}", begun_large(&dates.in_full(list.date)))
    }

    /// Who it is, when they work and how many come.
    fn practitioner(&self, list: &DayList) -> [String; 2] {
        let dates = Dates(self.language);
        let found = self.setup.practitioners.get(&list.practitioner);
        let company = found.and_then(|found| self.setup.company_of(found));
        let name = found.map_or(list.practitioner.as_str(), |found| found.name.as_str());
        let heading = match company {
            Some(company) => format!("{name}, {}", company.name),
            None => name.to_owned(),
        };
        let hours: Vec<String> = list.scheduled.iter().map(|it| dates.hours(*it)).collect();
        let works = match (hours.is_empty(), self.language) {
            (true, Language::Swedish) => "Inget arbetspass".to_owned(),
            (true, Language::English) => "No work session".to_owned(),
            (false, Language::Swedish) => format!("Arbetar {}", hours.join(", ")),
            (false, Language::English) => format!("Works {}", hours.join(", ")),
        };
        let booking = |entry: &&DayEntry| matches!(entry.what, DayItem::Booking(_));
        let count = list.entries.iter().filter(booking).count();
        [heading, format!("{works}. {}.", self.language.texts().bookings(count))]
    }

    fn entry(&self, entry: &DayEntry) -> String {
        let language = self.language;
        let what = match &entry.what {
            DayItem::Booking(booking) => self.booking(booking),
            DayItem::Free => language.pick("Ledigt", "Free").to_owned(),
            DayItem::Bookable(templates) => {
                let names: Vec<&str> = templates.iter().map(|id| self.template(id)).collect();
                let words = language.pick(
                    "Ledigt, kan bokas på bokningssidan",
                    "Free, can be booked on the booking page",
                );
                format!("{words}: {}", names.join(", "))
            }
            DayItem::Internal(id) => {
                let found = self.setup.preblock_types.get(id);
                found.map_or(language.texts().preblock, |found| &found.name).to_owned()
            }
        };
        format!("{} {what}.", Dates(language).hours(entry.interval))
    }

    /// `Karl Karlsson. Undersökning 30 min. Kontroll. Ny patient från bokningssidan`.
    fn booking(&self, booking: &ListedBooking) -> String {
        let template = booking.template.as_ref().map(|id| self.template(id));
        let category = self.setup.categories.get(&booking.category);
        let subject = template.or(category.map(|found| found.name.as_str())).unwrap_or_default();
        let mut parts = vec![self.who(&booking.who), subject.to_owned()];
        if self.naming == Naming::Named && booking.text != subject {
            parts.push(booking.text.clone());
        }
        parts.push(self.origin(booking.origin).to_owned());
        parts.retain(|part| !part.is_empty());
        let whole = |part: String| part.trim_end_matches('.').to_owned();
        parts.into_iter().map(whole).collect::<Vec<_>>().join(". ")
    }

    fn who(&self, who: &Who) -> String {
        let texts = self.language.texts();
        match who {
            Who::Nobody => begun_large(texts.blank_patient),
            Who::Protected => texts.protected_patient.to_owned(),
            Who::Named { first_name, last_name, .. } if self.naming == Naming::Named => {
                format!("{first_name} {last_name}")
            }
            Who::Hidden | Who::Named { .. } => texts.patient_label.to_owned(),
        }
    }

    fn origin(&self, origin: Origin) -> &'static str {
        match origin {
            Origin::Staff => "",
            Origin::BookingPage => {
                self.language.pick("Bokad på bokningssidan", "Booked on the booking page")
            }
            Origin::NewFromBookingPage => {
                self.language.pick("Ny patient från bokningssidan", "New from the booking page")
            }
        }
    }

    fn template<'a>(&'a self, id: &'a TemplateId) -> &'a str {
        self.setup.templates.get(id).map_or(id.as_str(), |found| found.name.as_str())
    }
}
