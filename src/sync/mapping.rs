//! The clinic's set-up and times as the wire has them, and a wish as the clinic has it. Pure: the
//! mapping itself is written down in [`crate::fhir`].

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::clinic::OnPage;
use crate::domain::{
    BookingTemplate, CivilTime, ClinicZone, Company, Contacts, Identification, Interval,
    OnlineSettings, PatientLanguage, Personnummer, PortalId, Practitioner, PractitionerId, Setup,
    Slot, TemplateId, TypedContacts, hexadecimal,
};
use crate::fhir::{
    self, Address, Appointment, CodeableConcept, ContactPoint, Extension, HealthcareService,
    HumanName, Identifier, Organization, Patient, Reference, Resource, Schedule, SlotStatus,
    contact, extended, identified, names,
};

/// The id of a resource on the wire: made of what it is, so that sending twice is harmless.
pub fn wire_id(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hexadecimal(&hash.finalize()[..16])
}

/// The id of a practitioner's Schedule, and of the Practitioner.
pub fn practitioner_wire_id(id: &PractitionerId) -> String {
    wire_id(&["practitioner", id.as_str()])
}

fn template_wire_id(id: &TemplateId) -> String {
    wire_id(&["template", id.as_str()])
}

fn company_wire_id(company: &Company) -> String {
    wire_id(&["company", company.id.as_str()])
}

/// The id of a slot.
pub fn slot_wire_id(slot: &Slot) -> String {
    let start = slot.interval.start().to_string();
    wire_id(&["slot", slot.practitioner.as_str(), slot.template.as_str(), &start])
}

/// A register's resource, ready to be sent.
#[derive(Clone, PartialEq)]
pub struct Registered {
    pub kind: &'static str,
    pub id: String,
    pub value: serde_json::Value,
}

/// Companies, practitioners, templates and books as patients are to see them, in an order in which
/// each refers to earlier ones only.
///
/// # Errors
/// None of ours: see [`Resource::to_value`].
pub fn registers(setup: &Setup) -> serde_json::Result<Vec<Registered>> {
    let mut all = Vec::new();
    for company in setup.companies.values() {
        let organization = organization(company, &setup.online);
        all.push(registered(company_wire_id(company), &organization)?);
    }
    let active = || setup.practitioners.values().filter(|practitioner| practitioner.active);
    for practitioner in active() {
        let id = practitioner_wire_id(&practitioner.id);
        all.push(registered(id, &practitioner_resource(practitioner))?);
    }
    for template in setup.templates.values().filter(|it| it.active && it.online) {
        let service = service(template, &setup.online);
        all.push(registered(template_wire_id(&template.id), &service)?);
    }
    for practitioner in active() {
        let schedule = schedule(setup, practitioner);
        all.push(registered(practitioner_wire_id(&practitioner.id), &schedule)?);
    }
    Ok(all)
}

fn registered<R: Resource>(id: String, resource: &R) -> serde_json::Result<Registered> {
    let mut value = resource.to_value()?;
    if let Some(object) = value.as_object_mut() {
        object.insert("id".to_owned(), id.clone().into());
    }
    Ok(Registered { kind: R::KIND, id, value })
}

fn organization(company: &Company, online: &OnlineSettings) -> Organization {
    let text = company.portal_text.iter();
    let text = text.map(|text| Extension::string(names::PORTAL_TEXT, text));
    let asks = Extension::boolean(names::ADDRESS_REQUIRED, online.require_address);
    let reached = [("phone", &company.phone), ("email", &company.email)].into_iter();
    let reached = reached.filter_map(|(system, it)| Some(ContactPoint::of(system, it.as_ref()?)));
    let address = company.address.iter();
    let address = address.map(|it| Address { text: Some(it.clone()), ..Address::default() });
    Organization {
        extension: text.chain([asks]).collect(),
        identifier: vec![Identifier::of(names::COMPANY, company.id.as_str())],
        // Where all online booking is paused, each company is (R10).
        active: Some(!company.paused && !online.paused),
        name: Some(company.name.clone()),
        telecom: reached.collect(),
        address: address.collect(),
        ..Organization::default()
    }
}

fn practitioner_resource(practitioner: &Practitioner) -> fhir::Practitioner {
    let name = HumanName { text: Some(practitioner.name.clone()), ..HumanName::default() };
    fhir::Practitioner {
        identifier: vec![Identifier::of(names::PRACTITIONER, practitioner.id.as_str())],
        active: Some(true),
        name: vec![name],
        ..fhir::Practitioner::default()
    }
}

fn service(template: &BookingTemplate, online: &OnlineSettings) -> HealthcareService {
    let may_rebook = template.online_rebook && online.allow_rebook;
    let may_cancel = template.online_cancel && online.allow_cancel;
    HealthcareService {
        extension: vec![
            Extension::integer(names::MINUTES, template.minutes.minutes().0.into()),
            Extension::boolean(names::MAY_REBOOK, may_rebook),
            Extension::boolean(names::MAY_CANCEL, may_cancel),
            Extension::integer(names::CHANGE_HOURS, online.change_deadline_hours.into()),
        ],
        identifier: vec![Identifier::of(names::TEMPLATE, template.id.as_str())],
        active: Some(true),
        name: Some(template.name.clone()),
        appointment_required: Some(true),
        ..HealthcareService::default()
    }
}

fn schedule(setup: &Setup, practitioner: &Practitioner) -> Schedule {
    let offered = setup.online_templates(practitioner).items.into_iter();
    let offered = offered.filter_map(|id| setup.templates.get(&id));
    let offers = offered.filter(|it| it.active && it.online).map(|template| {
        let service = Reference::to(HealthcareService::KIND, &template_wire_id(&template.id));
        let url = names::OFFERS.to_owned();
        Extension { url, value_reference: Some(service), ..Extension::default() }
    });
    let id = practitioner_wire_id(&practitioner.id);
    let company = setup.company_of(practitioner).map(company_wire_id);
    // A Schedule's actors are people, places and services: no Organization is among them.
    let company = company.map(|id| Extension {
        url: names::OF_COMPANY.to_owned(),
        value_reference: Some(Reference::to(Organization::KIND, &id)),
        ..Extension::default()
    });
    Schedule {
        extension: company.into_iter().chain(offers).collect(),
        active: Some(true),
        actor: vec![Reference::to(fhir::Practitioner::KIND, &id)],
        ..Schedule::default()
    }
}

/// A bookable time on the wire; `None` where a start or an end has no one UTC offset, which the
/// resolver does not offer.
pub fn slot_resource(slot: &Slot, zone: ClinicZone) -> Option<fhir::Slot> {
    let template = slot.template.as_str();
    Some(fhir::Slot {
        id: Some(slot_wire_id(slot)),
        service_type: vec![CodeableConcept::of(names::TEMPLATE, template, "")],
        schedule: Reference::to(Schedule::KIND, &practitioner_wire_id(&slot.practitioner)),
        status: SlotStatus::Free,
        start: instant(slot.interval.start(), zone)?,
        end: instant(slot.interval.end(), zone)?,
        ..fhir::Slot::default()
    })
}

/// A civil time on the wire, `2026-11-25T09:00:00+01:00`; `None` where it has no one UTC offset.
pub fn instant(time: CivilTime, zone: ClinicZone) -> Option<String> {
    let offset = FixedOffset::east_opt(zone.offset(time)?)?;
    let instant = time.to_chrono().and_local_timezone(offset).single()?;
    Some(instant.to_rfc3339())
}

/// The civil time of an instant on the wire, to the minute.
fn civil(text: &str, zone: ClinicZone) -> Option<CivilTime> {
    let instant = DateTime::parse_from_rfc3339(text).ok()?;
    let whole = instant.second() == 0 && instant.nanosecond() == 0 && instant.year() > 0;
    whole.then(|| zone.civil(instant.to_utc()))
}

/// The clinic's own slot of one on the wire; `None` where it is of nobody here, or not whole.
pub fn read_slot(slot: &fhir::Slot, setup: &Setup) -> Option<Slot> {
    let schedule = slot.schedule.id_of(Schedule::KIND)?;
    let practitioner = practitioner_of(schedule, setup)?;
    let template = slot.service_type.iter().find_map(|it| it.code(names::TEMPLATE))?;
    let (start, end) = (civil(&slot.start, setup.zone)?, civil(&slot.end, setup.zone)?);
    Some(Slot {
        practitioner,
        template: TemplateId::new(template),
        interval: Interval::new(start, end).ok()?,
    })
}

/// Where a booked appointment stands: with whom it names, else with `known`, else with whom its slot is; `None` where it is of
/// nobody here, or not whole.
pub fn read_on_page(
    appointment: &Appointment,
    slot: &fhir::Slot,
    known: Option<&PractitionerId>,
    setup: &Setup,
) -> Option<OnPage> {
    let slot = read_slot(slot, setup)?;
    let named = actors(appointment).find_map(|actor| actor.id_of(fhir::Practitioner::KIND));
    let practitioner = match named {
        Some(named) => practitioner_of(named, setup)?,
        None => known.cloned().unwrap_or(slot.practitioner),
    };
    let interval = match (&appointment.start, &appointment.end) {
        (Some(start), Some(end)) => {
            Interval::new(civil(start, setup.zone)?, civil(end, setup.zone)?).ok()?
        }
        _ => slot.interval,
    };
    let identification = identification(appointment);
    Some(OnPage { practitioner, template: slot.template, interval, identification })
}

fn practitioner_of(wire_id: &str, setup: &Setup) -> Option<PractitionerId> {
    setup.practitioners.keys().find(|id| practitioner_wire_id(id) == wire_id).cloned()
}

fn actors(appointment: &Appointment) -> impl Iterator<Item = &Reference> {
    appointment.participant.iter().filter_map(|it| it.actor.as_ref())
}

fn identification(appointment: &Appointment) -> Identification {
    let e_id = extended(&appointment.extension, names::E_ID).and_then(|it| it.value_boolean);
    if e_id == Some(true) { Identification::EId } else { Identification::Unverified }
}

/// The booking that an appointment is of, by the id that the clinic knows it by.
pub fn read_portal_id(appointment: &Appointment) -> Option<PortalId> {
    let named = identified(&appointment.identifier, names::BOOKING);
    PortalId::parse(named.or(appointment.id.as_deref())?).ok()
}

/// What a patient asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asks {
    Book,
    /// The booking that it replaces, by the portal's id.
    Rebook(PortalId),
    Cancel,
}

/// A wish as the clinic understands it, without the slot and the patient it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    pub portal_id: PortalId,
    pub asks: Asks,
    pub identification: Identification,
    pub slot: String,
    pub patient: String,
}

/// Why a wish can't be understood: it is set aside. Says nothing of what it held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotUnderstood {
    #[error("the wish has no id that can be used")]
    Id,
    #[error("the wish names no slot, or several")]
    Slot,
    #[error("the wish names no patient")]
    Patient,
    #[error("what the wish asks for is not known")]
    Kind,
}

impl Wish {
    /// Reads a wish: `None` where an appointment asks for nothing.
    ///
    /// # Errors
    /// [`NotUnderstood`].
    pub fn read(appointment: &Appointment) -> Result<Option<Self>, NotUnderstood> {
        let asked = extended(&appointment.extension, names::WISH);
        let asked = asked.and_then(|extension| extension.value_code.as_deref());
        let proposed = appointment.status == fhir::AppointmentStatus::Proposed;
        if !proposed && asked != Some("cancel") {
            return Ok(None);
        }
        let portal_id = read_portal_id(appointment).ok_or(NotUnderstood::Id)?;
        let asks = match asked {
            None | Some("book") => Asks::Book,
            Some("cancel") => Asks::Cancel,
            Some("rebook") => {
                let replaced = extended(&appointment.extension, names::REPLACES);
                let replaced = replaced.and_then(|it| it.value_string.as_deref());
                let replaced = replaced.and_then(|text| PortalId::parse(text).ok());
                Asks::Rebook(replaced.ok_or(NotUnderstood::Id)?)
            }
            Some(_) => return Err(NotUnderstood::Kind),
        };
        let [slot] = appointment.slot.as_slice() else { return Err(NotUnderstood::Slot) };
        let slot = slot.id_of(fhir::Slot::KIND).ok_or(NotUnderstood::Slot)?.to_owned();
        let patient = actors(appointment).find_map(|actor| actor.id_of(Patient::KIND));
        let patient = patient.ok_or(NotUnderstood::Patient)?.to_owned();
        let identification = identification(appointment);
        Ok(Some(Self { portal_id, asks, identification, slot, patient }))
    }

    /// Whether whoever wishes was identified with e-ID.
    pub fn is_identified(&self) -> bool {
        self.identification == Identification::EId
    }
}

/// The personnummer of a patient on the wire, as it was sent.
fn number(patient: &Patient) -> &str {
    let known = [names::PERSONNUMMER, names::SAMORDNINGSNUMMER];
    known.iter().find_map(|system| identified(&patient.identifier, system)).unwrap_or_default()
}

/// Who is asked for and how they are reached (R14); `None` where something required is lacking.
pub fn read_patient(patient: &Patient, today: NaiveDate) -> Option<(Personnummer, Contacts)> {
    let name = patient.name.first()?;
    let given = name.given.join(" ");
    let address = patient.address.first().and_then(|it| it.text.as_deref());
    TypedContacts {
        personnummer: number(patient),
        first_name: &given,
        last_name: name.family.as_deref().unwrap_or_default(),
        email: contact(&patient.telecom, "email").unwrap_or_default(),
        mobile: contact(&patient.telecom, "phone").unwrap_or_default(),
        address: address.unwrap_or_default(),
    }
    .read(today)
    .ok()
}

/// The language that the patient is to be written to in, where one of ours is named.
pub fn read_language(patient: &Patient) -> Option<PatientLanguage> {
    let preferred = patient.communication.iter().find(|it| it.preferred == Some(true));
    let named = preferred.or(patient.communication.first())?;
    named.language.code(names::LANGUAGE).and_then(PatientLanguage::of_tag)
}

/// The personnummer alone: what e-ID told of who wants to rebook or cancel (R15).
pub fn read_number(patient: &Patient, today: NaiveDate) -> Option<Personnummer> {
    Personnummer::parse(number(patient), today).ok()
}
