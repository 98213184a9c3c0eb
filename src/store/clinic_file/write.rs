//! Writing the clinic file: every key, in the order the format gives, sorted by id.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::week_templates::{self, WeekTemplateOut};
use super::{ClinicFile, Completeness};
use crate::domain::{
    Booking, BookingState, BookingTemplate, Category, Color, Company, Identification,
    IdentityProtection, Interval, ListChoices, ListOwner, OnlineSettings, Organisation, Patient,
    Permission, Practitioner, Preblock, PreblockKind, PreblockType, Resource, Setup, User,
    ValidFor, WorkSession,
};
use crate::store::audit::AuditValue;

/// What stands in place of a protected patient's names.
const MASKED_FIRST_NAME: &str = "Skyddad";
const MASKED_LAST_NAME: &str = "identitet";

impl ClinicFile {
    /// The document, ending in a newline. The same clinic gives the same bytes.
    pub fn to_json(&self, completeness: Completeness) -> String {
        let document = Document::new(self, completeness);
        // Writing plain structs to memory can't fail: no map has keys that are not texts.
        let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.push('\n');
        text
    }

    /// SHA-256 of the complete document.
    pub fn fingerprint(&self) -> AuditValue {
        AuditValue::fingerprint(self.to_json(Completeness::Complete).as_bytes())
    }
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    version: u32,
    time_zone: String,
    organisations: Vec<OrganisationOut<'a>>,
    companies: Vec<CompanyOut<'a>>,
    practitioners: Vec<PractitionerOut<'a>>,
    resources: Vec<&'a Resource>,
    categories: Vec<&'a Category>,
    preblock_types: Vec<PreblockTypeOut<'a>>,
    templates: Vec<&'a BookingTemplate>,
    template_lists: Vec<ListOut<'a>>,
    preblock_lists: Vec<ListOut<'a>>,
    work_sessions: Vec<WorkSessionOut<'a>>,
    preblocks: Vec<PreblockOut<'a>>,
    bookings: Vec<BookingOut<'a>>,
    patients: Vec<PatientOut<'a>>,
    users: Vec<UserOut<'a>>,
    closed_days: &'a BTreeSet<NaiveDate>,
    online: &'a OnlineSettings,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    week_templates: Vec<WeekTemplateOut<'a>>,
}

impl<'a> Document<'a> {
    fn new(file: &'a ClinicFile, completeness: Completeness) -> Self {
        let Setup {
            zone,
            organisations,
            companies,
            practitioners,
            resources,
            categories,
            preblock_types,
            templates,
            template_lists,
            preblock_lists,
            closed_days,
            week_templates,
            online,
        } = &file.setup;
        Document {
            format: super::FORMAT,
            version: super::VERSION,
            time_zone: zone.to_string(),
            organisations: organisations.values().map(OrganisationOut::new).collect(),
            companies: companies.values().map(CompanyOut::new).collect(),
            practitioners: practitioners.values().map(PractitionerOut::new).collect(),
            resources: resources.values().collect(),
            categories: categories.values().collect(),
            preblock_types: preblock_types.values().map(PreblockTypeOut::new).collect(),
            templates: templates.values().collect(),
            template_lists: template_lists
                .values()
                .map(|list| {
                    let items = list.items.iter().map(|item| item.as_str()).collect();
                    ListOut { id: list.id.as_str(), name: &list.name, owner: &list.owner, items }
                })
                .collect(),
            preblock_lists: preblock_lists
                .values()
                .map(|list| {
                    let items = list.items.iter().map(|item| item.as_str()).collect();
                    ListOut { id: list.id.as_str(), name: &list.name, owner: &list.owner, items }
                })
                .collect(),
            work_sessions: work_sessions(file),
            preblocks: preblocks(file),
            bookings: file
                .bookings
                .values()
                .map(|booking| BookingOut::new(booking, hides_patient(file, booking, completeness)))
                .collect(),
            patients: file
                .patients
                .values()
                .map(|patient| PatientOut::new(patient, is_masked(patient, completeness)))
                .collect(),
            users: file.users.values().map(|user| UserOut::new(user, completeness)).collect(),
            closed_days,
            online,
            week_templates: week_templates::written(week_templates),
        }
    }
}

/// Whether a value is written as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Open,
    Masked,
}

fn is_masked(patient: &Patient, completeness: Completeness) -> Shown {
    match (completeness, patient.protection) {
        (Completeness::Masked, IdentityProtection::Protected) => Shown::Masked,
        _ => Shown::Open,
    }
}

/// A booking's text may name its patient.
fn hides_patient(file: &ClinicFile, booking: &Booking, completeness: Completeness) -> Shown {
    let patient = booking.patient.as_ref().and_then(|id| file.patients.get(id));
    patient.map_or(Shown::Open, |patient| is_masked(patient, completeness))
}

fn work_sessions(file: &ClinicFile) -> Vec<WorkSessionOut<'_>> {
    let mut sessions: Vec<&WorkSession> = file.work_sessions.iter().collect();
    sessions.sort_by_key(|session| (&session.practitioner, session.interval));
    sessions
        .into_iter()
        .map(|session| WorkSessionOut {
            practitioner: session.practitioner.as_str(),
            times: Times::of(session.interval),
        })
        .collect()
}

fn preblocks(file: &ClinicFile) -> Vec<PreblockOut<'_>> {
    let mut preblocks: Vec<&Preblock> = file.preblocks.iter().collect();
    preblocks.sort_by_key(|preblock| (&preblock.practitioner, preblock.interval));
    preblocks
        .into_iter()
        .map(|preblock| PreblockOut {
            practitioner: preblock.practitioner.as_str(),
            preblock_type: preblock.preblock_type.as_str(),
            times: Times::of(preblock.interval),
        })
        .collect()
}

#[derive(Serialize)]
struct Times {
    start: String,
    end: String,
}

impl Times {
    fn of(interval: Interval) -> Self {
        Self { start: interval.start().to_string(), end: interval.end().to_string() }
    }
}

#[derive(Serialize)]
struct OrganisationOut<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(flatten)]
    lists: &'a ListChoices,
}

impl<'a> OrganisationOut<'a> {
    fn new(organisation: &'a Organisation) -> Self {
        let Organisation { id, name, lists } = organisation;
        Self { id: id.as_str(), name, lists }
    }
}

#[derive(Serialize)]
struct CompanyOut<'a> {
    id: &'a str,
    organisation: &'a str,
    name: &'a str,
    org_number: Option<&'a str>,
    address: Option<&'a str>,
    phone: Option<&'a str>,
    email: Option<&'a str>,
    portal_text: Option<&'a str>,
    paused: bool,
    #[serde(flatten)]
    lists: &'a ListChoices,
}

impl<'a> CompanyOut<'a> {
    fn new(company: &'a Company) -> Self {
        Self {
            id: company.id.as_str(),
            organisation: company.organisation.as_str(),
            name: &company.name,
            org_number: company.org_number.as_deref(),
            address: company.address.as_deref(),
            phone: company.phone.as_deref(),
            email: company.email.as_deref(),
            portal_text: company.portal_text.as_deref(),
            paused: company.paused,
            lists: &company.lists,
        }
    }
}

#[derive(Serialize)]
struct PractitionerOut<'a> {
    id: &'a str,
    company: &'a str,
    signature: &'a str,
    name: &'a str,
    title: &'a str,
    active: bool,
    #[serde(flatten)]
    lists: &'a ListChoices,
}

impl<'a> PractitionerOut<'a> {
    fn new(practitioner: &'a Practitioner) -> Self {
        let Practitioner { id, company, signature, name, title, active, lists } = practitioner;
        Self {
            id: id.as_str(),
            company: company.as_str(),
            signature,
            name,
            title,
            active: *active,
            lists,
        }
    }
}

#[derive(Serialize)]
struct PreblockTypeOut<'a> {
    id: &'a str,
    name: &'a str,
    text: &'a str,
    color: Color,
    kind: PreblockKind,
    practitioners: Option<Vec<&'a str>>,
    may_bypass: bool,
    allow: bool,
    categories: Vec<&'a str>,
    expires_days_before: Option<u32>,
    code: Option<&'a str>,
    active: bool,
}

impl<'a> PreblockTypeOut<'a> {
    fn new(kind: &'a PreblockType) -> Self {
        Self {
            id: kind.id.as_str(),
            name: &kind.name,
            text: &kind.text,
            color: kind.color,
            kind: kind.kind,
            practitioners: match &kind.valid_for {
                ValidFor::Everyone => None,
                ValidFor::Only(chosen) => Some(chosen.iter().map(|id| id.as_str()).collect()),
            },
            may_bypass: kind.may_bypass,
            allow: kind.allow,
            categories: kind.categories.iter().map(|id| id.as_str()).collect(),
            expires_days_before: kind.expires_days_before,
            code: kind.code.as_deref(),
            active: kind.active,
        }
    }
}

#[derive(Serialize)]
struct ListOut<'a> {
    id: &'a str,
    name: &'a str,
    owner: &'a ListOwner,
    items: Vec<&'a str>,
}

#[derive(Serialize)]
struct WorkSessionOut<'a> {
    practitioner: &'a str,
    #[serde(flatten)]
    times: Times,
}

#[derive(Serialize)]
struct PreblockOut<'a> {
    practitioner: &'a str,
    #[serde(rename = "type")]
    preblock_type: &'a str,
    #[serde(flatten)]
    times: Times,
}

#[derive(Serialize)]
struct BookingOut<'a> {
    id: &'a str,
    practitioner: &'a str,
    #[serde(flatten)]
    times: Times,
    category: &'a str,
    template: Option<&'a str>,
    patient: Option<&'a str>,
    text: &'a str,
    resources: String,
    registered_by: &'a str,
    state: BookingState,
    portal_id: Option<&'a str>,
    e_id: bool,
}

impl<'a> BookingOut<'a> {
    fn new(booking: &'a Booking, shown: Shown) -> Self {
        Self {
            id: booking.id.as_str(),
            practitioner: booking.practitioner.as_str(),
            times: Times::of(booking.interval),
            category: booking.category.as_str(),
            template: booking.template.as_ref().map(|id| id.as_str()),
            patient: booking.patient.as_ref().map(|id| id.as_str()),
            text: if shown == Shown::Open { &booking.text } else { "" },
            resources: booking.resources.to_string(),
            registered_by: &booking.registered_by,
            state: booking.state,
            portal_id: booking.portal_id.as_deref(),
            e_id: booking.identification == Identification::EId,
        }
    }
}

#[derive(Serialize)]
struct PatientOut<'a> {
    id: &'a str,
    personnummer: Option<&'a str>,
    first_name: &'a str,
    last_name: &'a str,
    email: Option<&'a str>,
    mobile: Option<&'a str>,
    address: Option<&'a str>,
    protected: bool,
    recall_months: u32,
    recall_date: Option<NaiveDate>,
    recall_template: Option<&'a str>,
}

impl<'a> PatientOut<'a> {
    fn new(patient: &'a Patient, shown: Shown) -> Self {
        let open = |text: Option<&'a str>| text.filter(|_| shown == Shown::Open);
        let name = |open: &'a str, masked| if shown == Shown::Open { open } else { masked };
        Self {
            id: patient.id.as_str(),
            personnummer: open(patient.personnummer.as_ref().map(|number| number.as_str())),
            first_name: name(&patient.first_name, MASKED_FIRST_NAME),
            last_name: name(&patient.last_name, MASKED_LAST_NAME),
            email: open(patient.email.as_deref()),
            mobile: open(patient.mobile.as_deref()),
            address: open(patient.address.as_deref()),
            protected: patient.protection == IdentityProtection::Protected,
            recall_months: patient.recall.months,
            recall_date: patient.recall.date,
            recall_template: patient.recall.template.as_ref().map(|id| id.as_str()),
        }
    }
}

#[derive(Serialize)]
struct UserOut<'a> {
    signature: &'a str,
    name: &'a str,
    permissions: Option<&'a BTreeSet<Permission>>,
    os_account: Option<&'a str>,
    password_hash: Option<&'a str>,
    active: bool,
}

impl<'a> UserOut<'a> {
    fn new(user: &'a User, completeness: Completeness) -> Self {
        let complete = completeness == Completeness::Complete;
        Self {
            signature: user.signature.as_str(),
            name: &user.name,
            permissions: user.permissions.as_ref(),
            os_account: user.os_account.as_deref(),
            password_hash: user.password_hash.as_deref().filter(|_| complete),
            active: user.active,
        }
    }
}
