//! Where a finding of the settings check is mended: the section, the card in it, the field on that.
//! Pure.

use std::collections::BTreeSet;

use crate::domain::{
    AnyList, Finding, PreblockKind, PreblockTypeId, Remark, Setup, Subject, TemplateListId,
};

use super::{EntityId, Key, Section};

/// A place in the settings. Without a card, somebody has to choose one in the section.
pub struct Place {
    pub section: Section,
    pub card: Option<EntityId>,
    pub field: Option<Key>,
}

/// Where the finding is mended first, as the check itself says, down to the field.
pub fn place(setup: &Setup, finding: &Finding) -> Place {
    match &finding.remark {
        Remark::InNoOnlineList | Remark::MatchesInNoList { .. } => Place {
            section: Section::TemplateLists,
            card: only_online_list(setup).map(EntityId::TemplateList),
            field: Some(Key::Items),
        },
        Remark::NoTypeAllows { nearly, .. } => {
            let only = nearly.first().filter(|_| nearly.len() == 1);
            Place {
                section: Section::PreblockTypes,
                card: only.cloned().map(EntityId::PreblockType),
                field: only.map(|id| what_keeps(setup, id)),
            }
        }
        Remark::TypesElsewhere { types } => Place {
            section: Section::PreblockTypes,
            card: types.first().cloned().map(EntityId::PreblockType),
            field: Some(Key::ValidPractitioners),
        },
        remark => {
            let (section, card) = own(&finding.subject);
            Place { section, card, field: field(remark) }
        }
    }
}

/// The e-tidbok list of all active practitioners, where there is but one.
fn only_online_list(setup: &Setup) -> Option<TemplateListId> {
    let active = setup.practitioners.values().filter(|practitioner| practitioner.active);
    let lists = active.filter_map(|practitioner| setup.online_templates(practitioner).list);
    let lists: BTreeSet<TemplateListId> = lists.collect();
    lists.first().filter(|_| lists.len() == 1).cloned()
}

/// What keeps a type that has the category from publishing (R3, R6).
fn what_keeps(setup: &Setup, id: &PreblockTypeId) -> Key {
    match setup.preblock_types.get(id) {
        Some(found) if !found.active => Key::Active,
        Some(found) if found.kind == PreblockKind::Internal => Key::Kind,
        _ => Key::Allow,
    }
}

/// Section and card of what a finding is about.
fn own(subject: &Subject) -> (Section, Option<EntityId>) {
    let section = match subject {
        Subject::PreblockType(_) => Section::PreblockTypes,
        Subject::Template(_) => Section::Templates,
        Subject::TemplateList(_) => Section::TemplateLists,
        Subject::PreblockList(_) => Section::PreblockLists,
        Subject::Organisation(_) => Section::Organisations,
        Subject::Company(_) => Section::Companies,
        Subject::Practitioner(_) => Section::Practitioners,
        Subject::ClosedDays => Section::ClosedDays,
        Subject::Online => Section::Online,
        Subject::Users | Subject::User(_) => Section::Users,
    };
    (section, entity(subject))
}

/// The entity that a finding is about; `None` where it is about several.
pub fn entity(subject: &Subject) -> Option<EntityId> {
    Some(match subject.clone() {
        Subject::PreblockType(id) => EntityId::PreblockType(id),
        Subject::Template(id) => EntityId::Template(id),
        Subject::TemplateList(id) => EntityId::TemplateList(id),
        Subject::PreblockList(id) => EntityId::PreblockList(id),
        Subject::Organisation(id) => EntityId::Organisation(id),
        Subject::Company(id) => EntityId::Company(id),
        Subject::Practitioner(id) => EntityId::Practitioner(id),
        Subject::Online => EntityId::Online,
        Subject::User(signature) => EntityId::User(signature),
        Subject::ClosedDays | Subject::Users => return None,
    })
}

/// The field on the card of what a finding is about.
fn field(remark: &Remark) -> Option<Key> {
    Some(match remark {
        Remark::AllowUnset => Key::Allow,
        Remark::NoCategory | Remark::MatchesNoTemplate { .. } => Key::Categories,
        Remark::ValidForNobody | Remark::TypesElsewhere { .. } => Key::ValidPractitioners,
        Remark::ExpiresBeforeHorizon { .. } => Key::Expires,
        Remark::HasCode => Key::Code,
        Remark::UnknownResource(_) => Key::Resources,
        Remark::NoTypeAllows { .. } => Key::Category,
        Remark::InNoOnlineList
        | Remark::MatchesInNoList { .. }
        | Remark::EmptyList { .. }
        | Remark::NothingOnline
        | Remark::NothingActive => Key::Items,
        Remark::OutOfReach(AnyList::Templates(_)) => Key::TemplateList,
        Remark::OutOfReach(AnyList::Preblocks(_)) => Key::PreblockList,
        Remark::NoOnlineListChosen => Key::OnlineTemplateList,
        Remark::Paused => Key::Paused,
        Remark::NoticeBeyondHorizon => Key::Notice,
        Remark::RebookingOff { .. } => Key::AllowRebook,
        Remark::CancellingOff { .. } => Key::AllowCancel,
        Remark::NoAdministrator | Remark::NoPermission => Key::Permissions,
        Remark::ClosedDaysPassed => return None,
    })
}
