//! What changes, findings and the audit log's entries are about, by the names that the log has for it. Pure.

use std::fmt::Display;

use super::keys::keys;

/// A kind of thing that entries of the audit log are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntityKind {
    Booking,
    Call,
    Category,
    /// Everything at once: an import, or all patients who leave the database.
    Clinic,
    ClosedDay,
    Company,
    Contacts,
    Online,
    Organisation,
    Patient,
    Practitioner,
    Preblock,
    PreblockList,
    PreblockType,
    Resource,
    /// That somebody searched for patients.
    Search,
    Template,
    /// The Online Client.
    Sync,
    TemplateList,
    User,
    WeekTemplate,
    WorkSession,
}

keys!(EntityKind: Booking = "booking", Call = "call", Category = "category", Clinic = "clinic",
    ClosedDay = "closed_day", Company = "company", Contacts = "contacts", Online = "online",
    Organisation = "organisation", Patient = "patient", Practitioner = "practitioner",
    Preblock = "preblock", PreblockList = "preblock_list", PreblockType = "preblock_type",
    Resource = "resource", Search = "search", Template = "booking_template", Sync = "sync",
    TemplateList = "template_list", User = "user", WeekTemplate = "week_template",
    WorkSession = "work_session");

impl EntityKind {
    /// One of the kind, such as `booking_template/us30`.
    pub fn named(self, id: impl Display) -> String {
        format!("{}/{id}", self.key())
    }

    /// The only one of its kind, or all of them, such as `online`.
    pub fn whole(self) -> String {
        self.key().to_owned()
    }
}
