//! What a clinic offers, as its agent has published it: companies, treatments in the order of the
//! e-tidbok lists, and whose books they are booked in.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use crate::domain::swedish;
use crate::fhir::{
    Extension, HealthcareService, Organization, Practitioner, Resource, Schedule, contact,
    extended, identified, names,
};

use super::super::desk::Desk;
use super::super::refusal::Refusal;
use super::super::search::{Handling, Search};
use super::times::{Time, Towards, Wanted};

/// Everything that is offered at a clinic.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// By name; none that is paused (R10).
    pub companies: Vec<Company>,
    /// Those that are, by name.
    pub closed: Vec<Company>,
    /// By their id.
    pub services: BTreeMap<String, Service>,
    /// By the practitioner's name.
    pub books: Vec<Book>,
}

/// A company, what patients know as the clinic.
#[derive(Clone, Debug)]
pub struct Company {
    pub id: String,
    pub name: String,
    pub text: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    /// Whether patients must give their address (R14).
    pub asks_address: bool,
    /// Whether it takes no bookings for now (R10).
    pub paused: bool,
}

/// A treatment that can be booked.
#[derive(Clone, Debug)]
pub struct Service {
    pub id: String,
    /// What slots call it.
    pub code: String,
    pub name: String,
    pub minutes: Option<i64>,
    pub may_rebook: bool,
    pub may_cancel: bool,
    /// How many hours before the start that ends.
    pub change_hours: Option<i64>,
}

/// A practitioner's book.
#[derive(Clone, Debug)]
pub struct Book {
    pub id: String,
    /// The practitioner, as the clinic's own books call them.
    pub code: Option<String>,
    /// Their name.
    pub practitioner: String,
    pub company: String,
    /// Treatments, in order.
    pub offers: Vec<String>,
}

/// What clinics offer, as it was when it was last looked at: the same for every request until the agent
/// publishes another company, practitioner, treatment or book.
#[derive(Default)]
pub struct Offers(Mutex<HashMap<String, Known>>);

/// What a clinic offers at a version of its registers.
struct Known {
    version: i64,
    offer: Arc<Offer>,
}

impl Offers {
    fn known(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        // An entry is put in whole, or not at all.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, clinic: &str, version: i64) -> Option<Arc<Offer>> {
        let known = self.known();
        let found = known.get(clinic).filter(|known| known.version == version);
        found.map(|known| Arc::clone(&known.offer))
    }

    fn keep(&self, clinic: &str, version: i64, offer: &Arc<Offer>) {
        let mut known = self.known();
        // Whoever began to look earlier may be done later.
        if known.get(clinic).is_none_or(|known| known.version < version) {
            known.insert(clinic.to_owned(), Known { version, offer: Arc::clone(offer) });
        }
    }
}

impl Offer {
    /// What is offered at the desk's clinic.
    ///
    /// # Errors
    /// The store.
    pub fn of(desk: &Desk<'_>) -> Result<Arc<Self>, Refusal> {
        let (offers, clinic) = (desk.offers(), desk.shelf().clinic);
        let version = desk.shelf().registers_version()?;
        if let Some(known) = offers.of(clinic, version) {
            return Ok(known);
        }
        let offer = Arc::new(Self::read(desk)?);
        if desk.sees_committed() {
            offers.keep(clinic, version, &offer);
        }
        Ok(offer)
    }

    fn read(desk: &Desk<'_>) -> Result<Self, Refusal> {
        let (companies, closed) = companies(desk)?;
        let services = all::<HealthcareService>(desk)?.into_iter().filter_map(service).collect();
        let practitioners = all::<Practitioner>(desk)?.into_iter().collect();
        let schedules = all::<Schedule>(desk)?.into_iter();
        let mut books: Vec<Book> =
            schedules.filter_map(|(id, it)| book(id, &it, &practitioners)).collect();
        books.sort_by(|one, other| swedish::compare(&one.practitioner, &other.practitioner));
        Ok(Self { companies, closed, services, books })
    }

    /// A company's treatments: each book's in its order, those of several books once.
    pub fn services_of(&self, company: &str) -> Vec<&Service> {
        let mut found: Vec<&Service> = Vec::new();
        let offered = self.books.iter().filter(|book| book.company == company);
        for id in offered.flat_map(|book| &book.offers) {
            if let Some(service) = self.services.get(id)
                && found.iter().all(|known| known.id != service.id)
            {
                found.push(service);
            }
        }
        found
    }

    /// The books of a company in which a treatment is booked.
    pub fn books_of(&self, company: &str, service: &str) -> Vec<&Book> {
        let fits = |book: &&Book| {
            book.company == company && book.offers.iter().any(|offered| offered == service)
        };
        self.books.iter().filter(fits).collect()
    }

    /// A book's free times of every treatment in it, in order, at most `most` of each.
    ///
    /// # Errors
    /// The store.
    pub fn free_times(
        &self,
        desk: &Desk<'_>,
        book: &Book,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
        most: usize,
    ) -> Result<Vec<(Time, &Service)>, Refusal> {
        let mut times = Vec::new();
        for service in book.offers.iter().filter_map(|id| self.services.get(id)) {
            let books = vec![book.id.as_str()];
            let (service_code, towards) = (service.code.as_str(), Towards::Later);
            let wanted = Wanted { service: service_code, books, from, until, towards, most };
            times.extend(wanted.find(desk, None)?.into_iter().map(|time| (time, service)));
        }
        times.sort_by(|(one, _), (other, _)| {
            (one.start, &one.slot).cmp(&(other.start, &other.slot))
        });
        Ok(times)
    }

    /// A company by its id, where it can be booked at.
    pub fn company(&self, id: &str) -> Option<&Company> {
        self.companies.iter().find(|company| company.id == id)
    }

    /// The company of a book, also one that is paused: whoever has booked there finds it, and calls it.
    pub fn company_of(&self, book: &Book) -> Option<&Company> {
        self.companies.iter().chain(&self.closed).find(|company| company.id == book.company)
    }

    /// A company that is paused: that of a time, or one by its id; where all are, the only one there is.
    pub fn paused(&self, time: Option<&Time>, company: &str) -> Option<&Company> {
        let of_time = time.and_then(|time| self.book(&time.book)).map(|book| book.company.as_str());
        let id = of_time.unwrap_or(company);
        let only =
            self.closed.first().filter(|_| self.companies.is_empty() && self.closed.len() == 1);
        self.closed.iter().find(|company| company.id == id).or(only)
    }

    /// A book by its id.
    pub fn book(&self, id: &str) -> Option<&Book> {
        self.books.iter().find(|book| book.id == id)
    }

    /// A book by what the clinic calls its practitioner.
    pub fn book_called(&self, code: &str) -> Option<&Book> {
        self.books.iter().find(|book| book.code.as_deref() == Some(code))
    }

    /// A treatment by what slots call it.
    pub fn service_called(&self, code: &str) -> Option<&Service> {
        self.services.values().find(|service| service.code == code)
    }
}

/// How a clinic is reached while no company is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// Of the only company there is.
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
}

impl Contact {
    /// How a company is reached.
    pub fn of(company: &Company) -> Self {
        let Company { name, phone, email, address, .. } = company.clone();
        Self { name: Some(name), phone, email, address }
    }

    /// What all companies of the desk's clinic have in common.
    ///
    /// # Errors
    /// The store.
    pub fn read(desk: &Desk<'_>) -> Result<Self, Refusal> {
        let (open, closed) = companies(desk)?;
        // Of a clinic that takes no bookings now, too, it is said whom to call.
        let companies = if open.is_empty() { closed } else { open };
        let common = |what: fn(&Company) -> Option<&String>| {
            let (first, others) = companies.split_first()?;
            let found = what(first)?;
            others.iter().all(|other| what(other) == Some(found)).then(|| found.clone())
        };
        Ok(Self {
            name: common(|it| Some(&it.name)),
            phone: common(|it| it.phone.as_ref()),
            email: common(|it| it.email.as_ref()),
            address: common(|it| it.address.as_ref()),
        })
    }
}

/// The companies of the desk's clinic, by name: those that are open, and those that are paused (R10).
fn companies(desk: &Desk<'_>) -> Result<(Vec<Company>, Vec<Company>), Refusal> {
    let all = all::<Organization>(desk)?.into_iter();
    let mut all: Vec<Company> = all.map(|(id, it)| company(id, it)).collect();
    all.sort_by(|one, other| swedish::compare(&one.name, &other.name));
    Ok(all.into_iter().partition(|company| !company.paused))
}

/// Every resource of a type, with its id. One that is not as it must be is left out.
fn all<R: Resource>(desk: &Desk<'_>) -> Result<Vec<(String, R)>, Refusal> {
    let mut found = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let place = after.as_deref().map(|place| ("_after", place));
        let asked = [("_count", "1000")].into_iter().chain(place);
        let page = desk.search(R::KIND, Search::parse(R::KIND, asked, Handling::Strict)?)?;
        let read = |stored: super::super::shelf::Stored| {
            Some((stored.id, R::from_value(stored.value).ok()?))
        };
        found.extend(page.found.into_iter().filter_map(read));
        after = page.next;
        if after.is_none() {
            return Ok(found);
        }
    }
}

fn company(id: String, it: Organization) -> Company {
    let text = extended(&it.extension, names::PORTAL_TEXT);
    let asks = extended(&it.extension, names::ADDRESS_REQUIRED).and_then(|it| it.value_boolean);
    let reached = |system| contact(&it.telecom, system).map(str::to_owned);
    Company {
        id,
        text: text.and_then(|text| text.value_string.clone()),
        phone: reached("phone"),
        email: reached("email"),
        address: it.address.first().and_then(|address| address.text.clone()),
        asks_address: asks == Some(true),
        paused: it.active == Some(false),
        name: it.name.unwrap_or_default(),
    }
}

fn service((id, it): (String, HealthcareService)) -> Option<(String, Service)> {
    let code = identified(&it.identifier, names::TEMPLATE)?.to_owned();
    let number = |url| extended(&it.extension, url).and_then(|it| it.value_integer);
    let flag = |url| extended(&it.extension, url).and_then(|it| it.value_boolean) == Some(true);
    let service = Service {
        code,
        name: it.name.clone()?,
        minutes: number(names::MINUTES),
        may_rebook: flag(names::MAY_REBOOK),
        may_cancel: flag(names::MAY_CANCEL),
        change_hours: number(names::CHANGE_HOURS),
        id: id.clone(),
    };
    Some((id, service))
}

fn book(id: String, it: &Schedule, practitioners: &BTreeMap<String, Practitioner>) -> Option<Book> {
    let actors = it.actor.iter();
    let practitioner = actors.filter_map(|actor| actor.id_of(Practitioner::KIND)).next()?;
    let practitioner = practitioners.get(practitioner)?;
    let code = identified(&practitioner.identifier, names::PRACTITIONER).map(str::to_owned);
    let name = practitioner.name.first()?.text.clone()?;
    let referred = |extension: &Extension, kind| {
        extension.value_reference.as_ref()?.id_of(kind).map(str::to_owned)
    };
    let company = referred(extended(&it.extension, names::OF_COMPANY)?, Organization::KIND)?;
    let offers = it.extension.iter().filter(|extension| extension.url == names::OFFERS);
    let offers = offers.filter_map(|it| referred(it, HealthcareService::KIND)).collect();
    Some(Book { id, code, practitioner: name, company, offers })
}
