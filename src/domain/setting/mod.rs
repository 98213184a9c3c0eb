//! Changes of the settings: registers, types, templates, lists, online settings, users and patients,
//! each with its before and after, what permission it needs (R17), and what is wrong with it. Pure.

mod check;
mod fault;
mod onto;
mod people;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::change::{ChangeKind, Changed};
use super::contacts::GivenContacts;
use super::entity::EntityKind;
use super::list::{PreblockList, TemplateList};
use super::online::OnlineSettings;
use super::organisation::{Company, Organisation, Practitioner};
use super::patient::Patient;
use super::preblock::{PreblockKind, PreblockType};
use super::resource::Resource;
use super::template::{BookingTemplate, Category};
use super::user::{Permission, User};
use super::week_template::WeekTemplate;

pub use check::{LONGEST_NAME, LONGEST_TEXT, Others, PersonnummerIs};
pub use fault::{Fault, Field, Problem};
pub(in crate::domain) use people::contact_faults;

/// One entity of the settings before and after. What a form loaded stands as before, what it was
/// filled in to as after: nothing is overwritten unseen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SettingChange {
    Organisation(Changed<Organisation>),
    Company(Changed<Company>),
    Practitioner(Changed<Practitioner>),
    Resource(Changed<Resource>),
    Category(Changed<Category>),
    PreblockType(Changed<PreblockType>),
    Template(Changed<BookingTemplate>),
    TemplateList(Changed<TemplateList>),
    PreblockList(Changed<PreblockList>),
    ClosedDay(Changed<NaiveDate>),
    WeekTemplate(Changed<WeekTemplate>),
    Online(Changed<OnlineSettings>),
    User(Changed<User>),
    Patient(Changed<Patient>),
    /// Made by patients' bookings; staff only settle what becomes of the offer.
    Contacts(Changed<GivenContacts>),
}

/// Does the same to whichever entity a change is of.
macro_rules! each {
    ($of:expr, $change:ident => $body:expr) => {
        match $of {
            SettingChange::Organisation($change) => $body,
            SettingChange::Company($change) => $body,
            SettingChange::Practitioner($change) => $body,
            SettingChange::Resource($change) => $body,
            SettingChange::Category($change) => $body,
            SettingChange::PreblockType($change) => $body,
            SettingChange::Template($change) => $body,
            SettingChange::TemplateList($change) => $body,
            SettingChange::PreblockList($change) => $body,
            SettingChange::ClosedDay($change) => $body,
            SettingChange::WeekTemplate($change) => $body,
            SettingChange::Online($change) => $body,
            SettingChange::User($change) => $body,
            SettingChange::Patient($change) => $body,
            SettingChange::Contacts($change) => $body,
        }
    };
}

impl SettingChange {
    /// The change that takes this one back.
    pub fn reversed(self) -> Self {
        match self {
            Self::Organisation(change) => Self::Organisation(change.reversed()),
            Self::Company(change) => Self::Company(change.reversed()),
            Self::Practitioner(change) => Self::Practitioner(change.reversed()),
            Self::Resource(change) => Self::Resource(change.reversed()),
            Self::Category(change) => Self::Category(change.reversed()),
            Self::PreblockType(change) => Self::PreblockType(change.reversed()),
            Self::Template(change) => Self::Template(change.reversed()),
            Self::TemplateList(change) => Self::TemplateList(change.reversed()),
            Self::PreblockList(change) => Self::PreblockList(change.reversed()),
            Self::ClosedDay(change) => Self::ClosedDay(change.reversed()),
            Self::WeekTemplate(change) => Self::WeekTemplate(change.reversed()),
            Self::Online(change) => Self::Online(change.reversed()),
            Self::User(change) => Self::User(change.reversed()),
            Self::Patient(change) => Self::Patient(change.reversed()),
            Self::Contacts(change) => Self::Contacts(change.reversed()),
        }
    }

    /// Whether the entity is added, altered or removed.
    pub fn kind(&self) -> ChangeKind {
        each!(self, change => change.kind())
    }

    /// Whether before and after are the same.
    pub fn changes_nothing(&self) -> bool {
        fn same<T: PartialEq>(change: &Changed<T>) -> bool {
            change.before() == change.after()
        }
        each!(self, change => same(change))
    }

    /// How the audit log names the entity, such as `booking_template/us30`.
    pub fn entity(&self) -> String {
        match self {
            Self::Organisation(change) => EntityKind::Organisation.named(&change.latest().id),
            Self::Company(change) => EntityKind::Company.named(&change.latest().id),
            Self::Practitioner(change) => EntityKind::Practitioner.named(&change.latest().id),
            Self::Resource(change) => EntityKind::Resource.named(change.latest().code),
            Self::Category(change) => EntityKind::Category.named(&change.latest().id),
            Self::PreblockType(change) => EntityKind::PreblockType.named(&change.latest().id),
            Self::Template(change) => EntityKind::Template.named(&change.latest().id),
            Self::TemplateList(change) => EntityKind::TemplateList.named(&change.latest().id),
            Self::PreblockList(change) => EntityKind::PreblockList.named(&change.latest().id),
            Self::WeekTemplate(change) => EntityKind::WeekTemplate.named(&change.latest().id),
            Self::ClosedDay(change) => EntityKind::ClosedDay.named(change.latest()),
            Self::Online(_) => EntityKind::Online.whole(),
            Self::User(change) => EntityKind::User.named(&change.latest().signature),
            Self::Patient(change) => EntityKind::Patient.named(&change.latest().id),
            Self::Contacts(change) => EntityKind::Contacts.named(&change.latest().booking),
        }
    }

    /// The permissions it needs, all of them (R17): an Internet type, before or after, also
    /// `preblock.internet`; a company's pause `online.edit`.
    pub fn permissions(&self) -> BTreeSet<Permission> {
        match self {
            Self::PreblockType(change) => {
                let internet = |of: Option<&PreblockType>| {
                    of.is_some_and(|found| found.kind == PreblockKind::Internet)
                };
                let mut needed = BTreeSet::from([Permission::SettingsEdit]);
                if internet(change.before()) || internet(change.after()) {
                    needed.insert(Permission::PreblockInternet);
                }
                needed
            }
            Self::Company(change) => company_permissions(change),
            Self::WeekTemplate(_) => BTreeSet::from([Permission::ScheduleEdit]),
            Self::Online(_) => BTreeSet::from([Permission::OnlineEdit]),
            Self::User(_) => BTreeSet::from([Permission::UsersManage]),
            Self::Patient(_) | Self::Contacts(_) => {
                BTreeSet::from([Permission::BookingEdit, Permission::PatientView])
            }
            Self::Organisation(_)
            | Self::Practitioner(_)
            | Self::Resource(_)
            | Self::Category(_)
            | Self::Template(_)
            | Self::TemplateList(_)
            | Self::PreblockList(_)
            | Self::ClosedDay(_) => BTreeSet::from([Permission::SettingsEdit]),
        }
    }

    /// Whether it may have to do with which times patients can book (R11).
    pub fn concerns_times(&self) -> bool {
        match self {
            Self::Organisation(_)
            | Self::Company(_)
            | Self::Practitioner(_)
            | Self::Resource(_)
            | Self::PreblockType(_)
            | Self::Template(_)
            | Self::TemplateList(_)
            | Self::Online(_) => true,
            Self::Category(_)
            | Self::PreblockList(_)
            | Self::ClosedDay(_)
            | Self::WeekTemplate(_)
            | Self::User(_)
            | Self::Patient(_)
            | Self::Contacts(_) => false,
        }
    }

    /// Whether things of this kind are only ever deactivated: what is laid out, booked or logged
    /// refers to them. Taking back that one was added still removes it.
    pub fn is_deactivated_instead(&self) -> bool {
        matches!(
            self,
            Self::PreblockType(_) | Self::Template(_) | Self::Practitioner(_) | Self::User(_)
        )
    }
}

/// Who pauses a company may not be who edits its card, and the other way about.
fn company_permissions(change: &Changed<Company>) -> BTreeSet<Permission> {
    let Changed::Altered { before, after } = change else {
        let pauses = change.after().is_some_and(|after| after.paused);
        let online = pauses.then_some(Permission::OnlineEdit);
        return online.into_iter().chain([Permission::SettingsEdit]).collect();
    };
    let pause = before.paused != after.paused;
    let rest = Company { paused: before.paused, ..after.clone() } != *before;
    let online = pause.then_some(Permission::OnlineEdit);
    let settings = (rest || !pause).then_some(Permission::SettingsEdit);
    online.into_iter().chain(settings).collect()
}
