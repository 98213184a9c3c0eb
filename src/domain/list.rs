//! Template lists and preblock lists, who owns them, and which one is in effect (R5).

use serde::{Deserialize, Serialize};

use super::id::{
    CompanyId, OrganisationId, PractitionerId, PreblockListId, PreblockTypeId, TemplateId,
    TemplateListId,
};

/// For whom a list is available (*Ägare*).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "lowercase")]
pub enum ListOwner {
    All,
    Organisation(OrganisationId),
    Company(CompanyId),
    Practitioner(PractitionerId),
}

/// An ordered selection, without repeats: `L` names the list, `T` what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List<L, T> {
    pub id: L,
    pub name: String,
    pub owner: ListOwner,
    pub items: Vec<T>,
}

/// A selection of booking templates.
pub type TemplateList = List<TemplateListId, TemplateId>;

/// A selection of preblock types.
pub type PreblockList = List<PreblockListId, PreblockTypeId>;

/// Which level's choice of list won (R5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListLevel {
    Practitioner,
    Company,
    Organisation,
    /// No level has chosen: everything of the kind, by name.
    Nowhere,
}

/// What is in effect for one practitioner and one kind of list, in the order on screen (R5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveList<L, T> {
    pub level: ListLevel,
    /// The list that won; `None` where no level has chosen.
    pub list: Option<L>,
    pub items: Vec<T>,
}
