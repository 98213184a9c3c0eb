//! What can only be checked once the whole file has been read: ids used twice, references to
//! nothing, lists chosen out of reach, overlaps. Collects while reading, so that an entity with one
//! fault still has its others found.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::Faults;
use crate::domain::{Interval, ListOwner, Personnummer};

/// What an id names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Organisation,
    Company,
    Practitioner,
    Resource,
    Category,
    PreblockType,
    Template,
    TemplateList,
    PreblockList,
    Booking,
    Patient,
    User,
    WeekTemplate,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Organisation => "organisation",
            Kind::Company => "company",
            Kind::Practitioner => "practitioner",
            Kind::Resource => "resource",
            Kind::Category => "category",
            Kind::PreblockType => "preblock type",
            Kind::Template => "template",
            Kind::TemplateList => "template list",
            Kind::PreblockList => "preblock list",
            Kind::Booking => "booking",
            Kind::Patient => "patient",
            Kind::User => "user",
            Kind::WeekTemplate => "week template",
        }
    }
}

/// Where something stands in the register of organisations, companies and practitioners, as far as
/// the file told.
#[derive(Clone, Default)]
pub(super) struct Standing {
    pub(super) organisation: Option<String>,
    pub(super) company: Option<String>,
    pub(super) practitioner: Option<String>,
}

struct Reference {
    kind: Kind,
    id: String,
    path: String,
}

struct Choice {
    kind: Kind,
    list: String,
    chooser: Standing,
    path: String,
}

/// Something in a practitioner's book that must not overlap its like.
struct Placed {
    practitioner: String,
    interval: Interval,
    index: usize,
}

/// What must not overlap its like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Book {
    ActiveBookings,
    Preblocks,
}

impl Book {
    fn array(self) -> &'static str {
        match self {
            Book::ActiveBookings => "bookings",
            Book::Preblocks => "preblocks",
        }
    }
}

/// What the file's parts say of each other.
#[derive(Default)]
pub(super) struct Checks {
    ids: BTreeMap<(Kind, String), String>,
    numbers: BTreeMap<Personnummer, String>,
    references: Vec<Reference>,
    owners: BTreeMap<(Kind, String), ListOwner>,
    choices: Vec<Choice>,
    organisation_of: BTreeMap<String, String>,
    not_for_recall: BTreeSet<String>,
    recalls: Vec<(String, String)>,
    bookings: Vec<Placed>,
    preblocks: Vec<Placed>,
}

impl Checks {
    /// Notes the id of the entity at `entity`; a repeated one is a fault at `path`.
    pub(super) fn id(&mut self, kind: Kind, id: &str, path: String, entity: &str, faults: &Faults) {
        match self.ids.entry((kind, id.to_owned())) {
            std::collections::btree_map::Entry::Occupied(first) => {
                faults.add(path, format!("is used already, by {}", first.get()));
            }
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(entity.to_owned());
            }
        }
    }

    /// Notes a patient's number; a repeated one is a fault.
    pub(super) fn number(
        &mut self,
        number: &Personnummer,
        path: String,
        entity: &str,
        faults: &Faults,
    ) {
        match self.numbers.get(number) {
            Some(first) => faults.add(path, format!("is the number of {first} already")),
            None => {
                self.numbers.insert(number.clone(), entity.to_owned());
            }
        }
    }

    pub(super) fn refer(&mut self, kind: Kind, id: &str, path: String) {
        self.references.push(Reference { kind, id: id.to_owned(), path });
    }

    pub(super) fn company_in(&mut self, company: &str, organisation: &str) {
        self.organisation_of.insert(company.to_owned(), organisation.to_owned());
    }

    pub(super) fn owner(&mut self, kind: Kind, list: &str, owner: &ListOwner) {
        self.owners.insert((kind, list.to_owned()), owner.clone());
    }

    pub(super) fn choose(&mut self, kind: Kind, list: &str, chooser: &Standing, path: String) {
        self.refer(kind, list, path.clone());
        let (list, chooser) = (list.to_owned(), chooser.clone());
        self.choices.push(Choice { kind, list, chooser, path });
    }

    pub(super) fn not_for_recall(&mut self, template: &str) {
        self.not_for_recall.insert(template.to_owned());
    }

    pub(super) fn recall(&mut self, template: &str, path: String) {
        self.refer(Kind::Template, template, path.clone());
        self.recalls.push((template.to_owned(), path));
    }

    pub(super) fn place(
        &mut self,
        book: Book,
        practitioner: &str,
        interval: Interval,
        index: usize,
    ) {
        let placed = Placed { practitioner: practitioner.to_owned(), interval, index };
        match book {
            Book::ActiveBookings => self.bookings.push(placed),
            Book::Preblocks => self.preblocks.push(placed),
        }
    }

    /// Looks at everything that was noted.
    pub(super) fn finish(self, faults: &Faults) {
        for Reference { kind, id, path } in &self.references {
            if !self.ids.contains_key(&(*kind, id.clone())) {
                faults.add(path, format!("names a {} that is not in the file", kind.name()));
            }
        }
        for (template, path) in &self.recalls {
            if self.not_for_recall.contains(template) {
                faults.add(path, "names a template that is not usable for recall");
            }
        }
        for choice in &self.choices {
            let owner = self.owners.get(&(choice.kind, choice.list.clone()));
            if owner.is_some_and(|owner| self.reaches(owner, &choice.chooser) == Some(false)) {
                faults.add(&choice.path, "names a list whose owner does not reach here (R5)");
            }
        }
        name_overlaps(Book::ActiveBookings, self.bookings, faults);
        name_overlaps(Book::Preblocks, self.preblocks, faults);
    }

    /// Whether a list of this owner can be chosen there (R5); `None` where the file does not tell
    /// enough, which is a fault of its own.
    fn reaches(&self, owner: &ListOwner, chooser: &Standing) -> Option<bool> {
        match owner {
            ListOwner::All => Some(true),
            ListOwner::Practitioner(id) => {
                Some(chooser.practitioner.as_deref() == Some(id.as_str()))
            }
            ListOwner::Company(id) => match (&chooser.organisation, &chooser.company) {
                // An organisation chooses.
                (Some(_), None) => Some(false),
                (_, company) => Some(company.as_deref()? == id.as_str()),
            },
            ListOwner::Organisation(id) => {
                let by_company = || self.organisation_of.get(chooser.company.as_ref()?);
                let organisation = chooser.organisation.as_ref().or_else(by_company)?;
                Some(organisation == id.as_str())
            }
        }
    }
}

/// A fault for each thing that overlaps one that stands earlier in the file.
fn name_overlaps(book: Book, mut placed: Vec<Placed>, faults: &Faults) {
    placed.sort_by(|a, b| {
        (&a.practitioner, a.interval.start()).cmp(&(&b.practitioner, b.interval.start()))
    });
    let places = placed.iter().map(|each| each.index + 1).max().unwrap_or(0);
    // By place in the file: the earliest that it overlaps and that stands before it.
    let mut overlapped: Vec<Option<usize>> = vec![None; places];
    let mut running: Vec<&Placed> = Vec::new();
    for next in &placed {
        running.retain(|earlier| {
            earlier.practitioner == next.practitioner && earlier.interval.overlaps(next.interval)
        });
        for earlier in &running {
            let (first, second) = (earlier.index.min(next.index), earlier.index.max(next.index));
            let known = &mut overlapped[second];
            *known = Some(known.map_or(first, |known| known.min(first)));
        }
        running.push(next);
    }
    let array = book.array();
    for (second, first) in overlapped.into_iter().enumerate() {
        let Some(first) = first else { continue };
        faults.add(format!("{array}[{second}]"), format!("overlaps {array}[{first}]"));
    }
}

/// A fault for every item of an array of ids that stands in it already.
pub(super) fn repeated<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let mut seen = BTreeSet::new();
    ids.enumerate().filter(|(_, id)| !seen.insert(*id)).map(|(index, _)| index).collect()
}
