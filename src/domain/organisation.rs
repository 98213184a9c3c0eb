//! Who runs the clinic: organisations, their companies and practitioners, and the lists each has chosen.

use serde::{Deserialize, Serialize};

use super::id::{CompanyId, OrganisationId, PractitionerId, PreblockListId, TemplateListId};

/// The lists that an organisation, a company or a practitioner has chosen; `None` leaves the choice
/// to the level above (R5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListChoices {
    /// Templates that staff choose from.
    pub template_list: Option<TemplateListId>,
    /// Templates that patients are shown (*E-tidbok bokningsmallslista*).
    pub online_template_list: Option<TemplateListId>,
    /// Preblock types that staff choose from.
    pub preblock_list: Option<PreblockListId>,
}

/// An organisation (*organisation*): one or more companies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    pub id: OrganisationId,
    pub name: String,
    pub lists: ListChoices,
}

/// A company (*företag*), what patients know as the clinic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    pub id: CompanyId,
    pub organisation: OrganisationId,
    pub name: String,
    /// Organisation number as registered, free text.
    pub org_number: Option<String>,
    pub address: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    /// Text for the booking page.
    pub portal_text: Option<String>,
    /// A paused company publishes nothing of its practitioners (R10).
    pub paused: bool,
    pub lists: ListChoices,
}

/// A practitioner (*behandlare*), who has one appointment book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practitioner {
    pub id: PractitionerId,
    pub company: CompanyId,
    /// Short signature, such as `AE`.
    pub signature: String,
    pub name: String,
    pub title: String,
    pub active: bool,
    pub lists: ListChoices,
}
