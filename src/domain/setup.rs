//! The clinic's set-up as a whole: everything but books, bookings, patients and users.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::choice::RedDay;
use super::holiday::public_holiday;
use super::id::*;
use super::list::{EffectiveList, ListLevel, ListOwner, PreblockList, TemplateList};
use super::online::OnlineSettings;
use super::organisation::{Company, ListChoices, Organisation, Practitioner};
use super::preblock::PreblockType;
use super::resource::{Resource, ResourceCode};
use super::swedish;
use super::template::{BookingTemplate, Category};
use super::week_template::WeekTemplate;
use super::zone::ClinicZone;

/// Registers, types, templates, lists and settings, by id (so in code-point order).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    pub zone: ClinicZone,
    pub organisations: BTreeMap<OrganisationId, Organisation>,
    pub companies: BTreeMap<CompanyId, Company>,
    pub practitioners: BTreeMap<PractitionerId, Practitioner>,
    pub resources: BTreeMap<ResourceCode, Resource>,
    pub categories: BTreeMap<CategoryId, Category>,
    pub preblock_types: BTreeMap<PreblockTypeId, PreblockType>,
    pub templates: BTreeMap<TemplateId, BookingTemplate>,
    pub template_lists: BTreeMap<TemplateListId, TemplateList>,
    pub preblock_lists: BTreeMap<PreblockListId, PreblockList>,
    pub closed_days: BTreeSet<NaiveDate>,
    pub week_templates: BTreeMap<WeekTemplateId, WeekTemplate>,
    pub online: OnlineSettings,
}

impl Setup {
    /// The practitioner's company.
    pub fn company_of(&self, practitioner: &Practitioner) -> Option<&Company> {
        self.companies.get(&practitioner.company)
    }

    /// The e-tidbok template list in effect (R4, R5). A chosen list that is gone counts as empty:
    /// it must not publish what nobody chose.
    pub fn online_templates(
        &self,
        practitioner: &Practitioner,
    ) -> EffectiveList<TemplateListId, TemplateId> {
        self.effective_templates(practitioner, |lists| lists.online_template_list.as_ref())
    }

    /// The template list for staff in effect (R5).
    pub fn staff_templates(
        &self,
        practitioner: &Practitioner,
    ) -> EffectiveList<TemplateListId, TemplateId> {
        self.effective_templates(practitioner, |lists| lists.template_list.as_ref())
    }

    /// The preblock list in effect (R5).
    pub fn preblock_menu(
        &self,
        practitioner: &Practitioner,
    ) -> EffectiveList<PreblockListId, PreblockTypeId> {
        let (level, list) = self.winning(practitioner, |lists| lists.preblock_list.as_ref());
        let items = match list {
            Some(id) => {
                self.preblock_lists.get(id).map(|list| list.items.clone()).unwrap_or_default()
            }
            None => by_name(&self.preblock_types, |preblock_type| &preblock_type.name),
        };
        EffectiveList { level, list: list.cloned(), items }
    }

    fn effective_templates(
        &self,
        practitioner: &Practitioner,
        choice: impl Fn(&ListChoices) -> Option<&TemplateListId>,
    ) -> EffectiveList<TemplateListId, TemplateId> {
        let (level, list) = self.winning(practitioner, choice);
        let items = match list {
            Some(id) => {
                self.template_lists.get(id).map(|list| list.items.clone()).unwrap_or_default()
            }
            None => by_name(&self.templates, |template| &template.name),
        };
        EffectiveList { level, list: list.cloned(), items }
    }

    fn winning<'a, L>(
        &'a self,
        practitioner: &'a Practitioner,
        choice: impl Fn(&'a ListChoices) -> Option<&'a L>,
    ) -> (ListLevel, Option<&'a L>) {
        if let Some(list) = choice(&practitioner.lists) {
            return (ListLevel::Practitioner, Some(list));
        }
        let company = self.company_of(practitioner);
        if let Some(list) = company.and_then(|company| choice(&company.lists)) {
            return (ListLevel::Company, Some(list));
        }
        let organisation =
            company.and_then(|company| self.organisations.get(&company.organisation));
        if let Some(list) = organisation.and_then(|organisation| choice(&organisation.lists)) {
            return (ListLevel::Organisation, Some(list));
        }
        (ListLevel::Nowhere, None)
    }

    /// Whether an organisation may choose a list with this owner (R5).
    pub fn organisation_reaches(organisation: &OrganisationId, owner: &ListOwner) -> bool {
        match owner {
            ListOwner::All => true,
            ListOwner::Organisation(id) => id == organisation,
            ListOwner::Company(_) | ListOwner::Practitioner(_) => false,
        }
    }

    /// Whether a company may choose a list with this owner (R5).
    pub fn company_reaches(company: &Company, owner: &ListOwner) -> bool {
        match owner {
            ListOwner::Company(id) => *id == company.id,
            _ => Self::organisation_reaches(&company.organisation, owner),
        }
    }

    /// Whether a practitioner may choose a list with this owner (R5).
    pub fn practitioner_reaches(&self, practitioner: &Practitioner, owner: &ListOwner) -> bool {
        match owner {
            ListOwner::Practitioner(id) => *id == practitioner.id,
            _ => self
                .company_of(practitioner)
                .is_some_and(|company| Self::company_reaches(company, owner)),
        }
    }

    /// Why a day is red, if it is: a public holiday or one of the clinic's closed days.
    pub fn red_day(&self, date: NaiveDate) -> Option<RedDay> {
        public_holiday(date)
            .map(RedDay::Holiday)
            .or_else(|| self.closed_days.contains(&date).then_some(RedDay::Closed))
    }

    /// Practitioners in Swedish order of name.
    pub fn practitioners_by_name(&self) -> Vec<&Practitioner> {
        let mut all: Vec<_> = self.practitioners.values().collect();
        all.sort_by_cached_key(|practitioner| {
            (swedish::sort_key(&practitioner.name), practitioner.id.clone())
        });
        all
    }
}

fn by_name<I: Clone + Ord, T>(items: &BTreeMap<I, T>, name: impl Fn(&T) -> &String) -> Vec<I> {
    let mut all: Vec<_> = items.iter().collect();
    all.sort_by_cached_key(|(id, item)| (swedish::sort_key(name(item)), (*id).clone()));
    all.into_iter().map(|(id, _)| id.clone()).collect()
}
