//! The fields of the settings cards, and what can be chosen in them. Pure.

use crate::domain::{
    CategoryId, Color, CompanyId, ListOwner, OrganisationId, Permission, PractitionerId,
    PreblockKind, PreblockListId, PreblockTypeId, TemplateId, TemplateListId,
};

/// A field of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Name,
    Text,
    Color,
    ValidFor,
    ValidPractitioners,
    MayBypass,
    Kind,
    Allow,
    Categories,
    Expires,
    Code,
    Active,
    Minutes,
    Category,
    Online,
    OnlineRebook,
    OnlineCancel,
    Recall,
    CalendarText,
    Resources,
    MovesRecall,
    Owner,
    Items,
    ResourceCode,
    Capacity,
    ClosedDay,
    Horizon,
    Notice,
    RequireAddress,
    AllowRebook,
    AllowCancel,
    Deadline,
    Paused,
    OrgNumber,
    Address,
    Phone,
    Email,
    PortalText,
    Organisation,
    Company,
    Signature,
    Title,
    TemplateList,
    OnlineTemplateList,
    PreblockList,
    OsAccount,
    Permissions,
}

/// Something that can be chosen in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing of one's own: the level above decides (R5).
    Inherited,
    Everyone,
    OnlyChosen,
    Color(Color),
    Kind(PreblockKind),
    Category(CategoryId),
    Owner(ListOwner),
    Organisation(OrganisationId),
    Company(CompanyId),
    Practitioner(PractitionerId),
    Template(TemplateId),
    PreblockType(PreblockTypeId),
    TemplateList(TemplateListId),
    PreblockList(PreblockListId),
    Permission(Permission),
}
