//! What the things of the set-up are called, in either language alike. Pure.

use std::collections::BTreeSet;

use crate::domain::{
    AnyList, CategoryId, Chooser, PractitionerId, PreblockTypeId, Setup, TemplateId, TemplateListId,
};

/// Names as they stand in the set-up, or the id where there is none.
pub(super) struct Names<'a> {
    pub setup: &'a Setup,
}

impl Names<'_> {
    pub fn of_category(&self, id: &CategoryId) -> String {
        self.setup.categories.get(id).map_or_else(|| id.to_string(), |it| it.name.clone())
    }

    pub fn of_type(&self, id: &PreblockTypeId) -> String {
        self.setup.preblock_types.get(id).map_or_else(|| id.to_string(), |it| it.name.clone())
    }

    pub fn of_template(&self, id: &TemplateId) -> String {
        self.setup.templates.get(id).map_or_else(|| id.to_string(), |it| it.name.clone())
    }

    pub fn of_practitioner(&self, id: &PractitionerId) -> String {
        self.setup.practitioners.get(id).map_or_else(|| id.to_string(), |it| it.name.clone())
    }

    pub fn of_template_list(&self, id: &TemplateListId) -> String {
        self.setup.template_lists.get(id).map_or_else(|| id.to_string(), |it| it.name.clone())
    }

    pub fn of_list(&self, list: &AnyList) -> String {
        match list {
            AnyList::Templates(id) => self.of_template_list(id),
            AnyList::Preblocks(id) => {
                let found = self.setup.preblock_lists.get(id);
                found.map_or_else(|| id.to_string(), |it| it.name.clone())
            }
        }
    }

    pub fn of_chooser(&self, chooser: &Chooser) -> String {
        match chooser {
            Chooser::Organisation(id) => {
                let found = self.setup.organisations.get(id);
                found.map_or_else(|| id.to_string(), |it| it.name.clone())
            }
            Chooser::Company(id) => {
                let found = self.setup.companies.get(id);
                found.map_or_else(|| id.to_string(), |it| it.name.clone())
            }
            Chooser::Practitioner(id) => self.of_practitioner(id),
        }
    }

    pub fn of_categories(&self, ids: &BTreeSet<CategoryId>) -> Option<String> {
        joined(ids.iter().map(|id| self.of_category(id)))
    }

    pub fn of_templates(&self, ids: &[TemplateId]) -> Option<String> {
        joined(ids.iter().map(|id| self.of_template(id)))
    }

    pub fn of_types(&self, ids: &[PreblockTypeId]) -> Option<String> {
        joined(ids.iter().map(|id| self.of_type(id)))
    }

    pub fn of_choosers(&self, choosers: &BTreeSet<Chooser>) -> String {
        joined(choosers.iter().map(|chooser| self.of_chooser(chooser))).unwrap_or_default()
    }
}

/// `a, b, c`; `None` where there is nothing.
fn joined(names: impl Iterator<Item = String>) -> Option<String> {
    let names: Vec<_> = names.collect();
    (!names.is_empty()).then(|| names.join(", "))
}
