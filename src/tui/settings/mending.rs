//! Where a finding of the settings check is mended: the section, the card in it, the field on that.
//! Pure.

use std::collections::BTreeSet;

use crate::domain::{
    AnyList, Finding, PreblockKind, PreblockTypeId, Remark, Setup, Subject, TemplateListId,
};

use super::{Destination, EntityId, Key, Section};

/// Where the finding is mended first, as the check itself says, down to the field.
pub fn mended_at(setup: &Setup, finding: &Finding) -> Destination {
    let (lists, types) = (Section::TemplateLists, Section::PreblockTypes);
    match &finding.remark {
        Remark::InNoOnlineList | Remark::MatchesInNoList { .. } => match only_online_list(setup) {
            Some(id) => Destination::Card(lists, EntityId::TemplateList(id), Some(Key::Items)),
            None => Destination::Field(lists, Key::Items),
        },
        Remark::NoTypeAllows { nearly, .. } => match nearly.as_slice() {
            [only] => {
                let field = what_keeps(setup, only);
                Destination::Card(types, EntityId::PreblockType(only.clone()), Some(field))
            }
            _ => Destination::Field(types, Key::Categories),
        },
        Remark::TypesElsewhere { .. } => Destination::Field(types, Key::ValidPractitioners),
        remark => {
            let section = own_section(&finding.subject);
            match entity(&finding.subject) {
                Some(id) => Destination::Card(section, id, field(remark)),
                None => Destination::Section(section),
            }
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

/// The section of what a finding is about.
fn own_section(subject: &Subject) -> Section {
    match subject {
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
    }
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
