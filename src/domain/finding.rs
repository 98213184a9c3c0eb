//! What a check of the set-up can find: on what, by which rule, how grave, and where to mend it. Pure.

use std::collections::BTreeSet;

use super::entity::EntityKind;
use super::id::*;
use super::resource::ResourceCode;

/// How grave a finding is; the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something does not work: patients are not shown what somebody meant to show them.
    Fault,
    /// It works, but is advised against.
    Advice,
    /// As somebody has chosen, and easily forgotten.
    Notice,
}

impl Severity {
    /// Stable name, for programs that read findings.
    pub fn key(self) -> &'static str {
        match self {
            Severity::Fault => "fault",
            Severity::Advice => "advice",
            Severity::Notice => "notice",
        }
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    PreblockType(PreblockTypeId),
    Template(TemplateId),
    TemplateList(TemplateListId),
    PreblockList(PreblockListId),
    Organisation(OrganisationId),
    Company(CompanyId),
    Practitioner(PractitionerId),
    ClosedDays,
    Online,
    /// All users together.
    Users,
    User(Signature),
}

impl Subject {
    /// The entity as the audit log names entities, such as `preblock_type/e-us`; of several, in the same manner.
    pub fn entity(&self) -> String {
        match self {
            Subject::PreblockType(id) => EntityKind::PreblockType.named(id),
            Subject::Template(id) => EntityKind::Template.named(id),
            Subject::TemplateList(id) => EntityKind::TemplateList.named(id),
            Subject::PreblockList(id) => EntityKind::PreblockList.named(id),
            Subject::Organisation(id) => EntityKind::Organisation.named(id),
            Subject::Company(id) => EntityKind::Company.named(id),
            Subject::Practitioner(id) => EntityKind::Practitioner.named(id),
            Subject::ClosedDays => "closed_days".to_owned(),
            Subject::Online => EntityKind::Online.whole(),
            Subject::Users => "users".to_owned(),
            Subject::User(signature) => EntityKind::User.named(signature),
        }
    }
}

/// Who has chosen a list (R5).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chooser {
    Organisation(OrganisationId),
    Company(CompanyId),
    Practitioner(PractitionerId),
}

impl From<Chooser> for Subject {
    fn from(chooser: Chooser) -> Self {
        match chooser {
            Chooser::Organisation(id) => Subject::Organisation(id),
            Chooser::Company(id) => Subject::Company(id),
            Chooser::Practitioner(id) => Subject::Practitioner(id),
        }
    }
}

/// A list of either sort.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AnyList {
    Templates(TemplateListId),
    Preblocks(PreblockListId),
}

impl From<AnyList> for Subject {
    fn from(list: AnyList) -> Self {
        match list {
            AnyList::Templates(id) => Subject::TemplateList(id),
            AnyList::Preblocks(id) => Subject::PreblockList(id),
        }
    }
}

/// What is remarked on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remark {
    /// An Internet type without *Tillåt* (R3).
    AllowUnset,
    /// An Internet type with *Tillåt* and no category (R3).
    NoCategory,
    /// No active online template has one of the type's categories (R3).
    MatchesNoTemplate {
        /// The categories that online templates do have.
        would_match: BTreeSet<CategoryId>,
        /// Templates with the type's categories that are not online, or not active.
        not_online: Vec<TemplateId>,
    },
    /// Online templates have the type's categories, but none of them is in the e-tidbok list of a
    /// practitioner for whom the type is valid (R4, R6).
    MatchesInNoList { templates: Vec<TemplateId> },
    /// A type is valid for no active practitioner (R6).
    ValidForNobody,
    /// A type expires before its times come within the horizon (R7, R8).
    ExpiresBeforeHorizon { days_before: u32, horizon_days: u32 },
    /// An Internet type needs a code (R18); the manual recommends none.
    HasCode,
    /// A template names a character that no resource has (R9).
    UnknownResource(ResourceCode),
    /// An online template is in the e-tidbok list of no active practitioner (R4).
    InNoOnlineList,
    /// No active Internet type with *Tillåt* has the online template's category (R3).
    NoTypeAllows {
        category: CategoryId,
        /// Types that have the category, but are not active, not for the internet or without
        /// *Tillåt*.
        nearly: Vec<PreblockTypeId>,
    },
    /// Types that allow the online template are valid only for practitioners in whose e-tidbok list
    /// it is not (R4, R6).
    TypesElsewhere { types: Vec<PreblockTypeId> },
    /// A chosen list is empty, so nothing shows (R5).
    EmptyList { chosen_by: BTreeSet<Chooser> },
    /// An e-tidbok list in effect has no active online template (R4).
    NothingOnline,
    /// A chosen staff list or preblock list has nothing active in it (R5).
    NothingActive,
    /// A chosen list whose owner does not cover the chooser (R5).
    OutOfReach(AnyList),
    /// Others have chosen an e-tidbok list; this practitioner shows every online template (R5).
    NoOnlineListChosen,
    /// Publishes nothing while paused (R10).
    Paused,
    /// The shortest notice is longer than the horizon (R8).
    NoticeBeyondHorizon,
    /// Templates can be rebooked online, but the setting is off (R15).
    RebookingOff { templates: Vec<TemplateId> },
    /// Templates can be cancelled online, but the setting is off (R15).
    CancellingOff { templates: Vec<TemplateId> },
    /// Every closed day lies in the past (R19).
    ClosedDaysPassed,
    /// No active user manages users (R17).
    NoAdministrator,
    /// An active user without any permission (R17).
    NoPermission,
}

impl Remark {
    /// Stable name, for programs that read findings.
    pub fn key(&self) -> &'static str {
        match self {
            Remark::AllowUnset => "allow-unset",
            Remark::NoCategory => "no-category",
            Remark::MatchesNoTemplate { .. } => "matches-no-template",
            Remark::MatchesInNoList { .. } => "matches-in-no-list",
            Remark::ValidForNobody => "valid-for-nobody",
            Remark::ExpiresBeforeHorizon { .. } => "expires-before-horizon",
            Remark::HasCode => "has-code",
            Remark::UnknownResource(_) => "unknown-resource",
            Remark::InNoOnlineList => "in-no-online-list",
            Remark::NoTypeAllows { .. } => "no-type-allows",
            Remark::TypesElsewhere { .. } => "types-elsewhere",
            Remark::EmptyList { .. } => "empty-list",
            Remark::NothingOnline => "nothing-online",
            Remark::NothingActive => "nothing-active",
            Remark::OutOfReach(_) => "out-of-reach",
            Remark::NoOnlineListChosen => "no-online-list-chosen",
            Remark::Paused => "paused",
            Remark::NoticeBeyondHorizon => "notice-beyond-horizon",
            Remark::RebookingOff { .. } => "rebooking-off",
            Remark::CancellingOff { .. } => "cancelling-off",
            Remark::ClosedDaysPassed => "closed-days-passed",
            Remark::NoAdministrator => "no-administrator",
            Remark::NoPermission => "no-permission",
        }
    }
}

/// Where something is mended, in the manual's words on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MendIn {
    PreblockTypes,
    Templates,
    TemplateLists,
    PreblockLists,
    Organisations,
    Companies,
    Practitioners,
    ClosedDays,
    Online,
    Users,
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub subject: Subject,
    pub remark: Remark,
}

impl Finding {
    /// How grave it is.
    pub fn severity(&self) -> Severity {
        match self.remark {
            Remark::HasCode
            | Remark::NoOnlineListChosen
            | Remark::NoAdministrator
            | Remark::NoPermission => Severity::Advice,
            Remark::Paused
            | Remark::RebookingOff { .. }
            | Remark::CancellingOff { .. }
            | Remark::ClosedDaysPassed => Severity::Notice,
            _ => Severity::Fault,
        }
    }

    /// The rule that makes it one, such as `R3`.
    pub fn rule(&self) -> &'static str {
        match self.remark {
            Remark::AllowUnset
            | Remark::NoCategory
            | Remark::MatchesNoTemplate { .. }
            | Remark::NoTypeAllows { .. } => "R3",
            Remark::MatchesInNoList { .. } | Remark::InNoOnlineList | Remark::NothingOnline => "R4",
            Remark::EmptyList { .. }
            | Remark::NothingActive
            | Remark::OutOfReach(_)
            | Remark::NoOnlineListChosen => "R5",
            Remark::ValidForNobody | Remark::TypesElsewhere { .. } => "R6",
            Remark::ExpiresBeforeHorizon { .. } => "R7",
            Remark::NoticeBeyondHorizon => "R8",
            Remark::UnknownResource(_) => "R9",
            Remark::Paused => "R10",
            Remark::RebookingOff { .. } | Remark::CancellingOff { .. } => "R15",
            Remark::NoAdministrator | Remark::NoPermission => "R17",
            Remark::HasCode => "R18",
            Remark::ClosedDaysPassed => "R19",
        }
    }

    /// Where it is mended first.
    pub fn mend_in(&self) -> MendIn {
        match (&self.subject, &self.remark) {
            (_, Remark::InNoOnlineList | Remark::MatchesInNoList { .. }) => MendIn::TemplateLists,
            (_, Remark::NoTypeAllows { .. } | Remark::TypesElsewhere { .. }) => {
                MendIn::PreblockTypes
            }
            (Subject::PreblockType(_), _) => MendIn::PreblockTypes,
            (Subject::Template(_), _) => MendIn::Templates,
            (Subject::TemplateList(_), _) => MendIn::TemplateLists,
            (Subject::PreblockList(_), _) => MendIn::PreblockLists,
            (Subject::Organisation(_), _) => MendIn::Organisations,
            (Subject::Company(_), _) => MendIn::Companies,
            (Subject::Practitioner(_), _) => MendIn::Practitioners,
            (Subject::ClosedDays, _) => MendIn::ClosedDays,
            (Subject::Online, _) => MendIn::Online,
            (Subject::Users | Subject::User(_), _) => MendIn::Users,
        }
    }
}
