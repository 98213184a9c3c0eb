//! What patients do: book (R14), rebook and cancel (R15). Reads only.

use super::command::BOOKED_ONLINE;
use super::facts::{Facts, Patients, Target, whole_days};
use super::{
    Change, Changed, ClinicError, Command, OnlineBooking, OnlineRebooking, Outcome, Refusal, new_id,
};
use crate::domain::{
    Actor, Booking, BookingId, BookingTemplate, CivilTime, CommandId, EntityKind, Fault, Field,
    GivenContacts, Interval, NotChangeable, NothingToDo, Offer, OnlineChange, PatientId,
    PatientLanguage, Personnummer, PortalId, PractitionerId, Problem, Resolver, SettingChange,
    Setup, Slot, TemplateId, judge_online_change, online_booking, plan_cancelling, within_company,
    without,
};
use crate::store::Session;

/// That a patient's command comes through the Online Client, and nothing else does.
///
/// # Errors
/// [`Refusal::OnlineOnly`].
pub(super) fn by_whom(actor: &Actor, command: &Command) -> Result<(), Refusal> {
    let may = match (actor, command) {
        // Taking back is refused with its own words (R20).
        (_, Command::Undo { .. }) => true,
        (Actor::OnlineClient, _) => command.is_online(),
        (_, Command::Together(commands)) => !commands.iter().any(Command::is_online),
        _ => !command.is_online(),
    };
    if may { Ok(()) } else { Err(Refusal::OnlineOnly) }
}

/// What came of a patient's booking that has been applied already, whatever the command's id (R14).
/// The settings must be locked.
///
/// # Errors
/// The store could not be read.
pub(super) async fn applied(
    session: &mut Session,
    id: &CommandId,
    command: &Command,
) -> Result<Option<Outcome>, ClinicError> {
    let Command::BookOnline(asked) = command else { return Ok(None) };
    let Some(booking) = session.booking_from_portal(&asked.portal_id).await? else {
        return Ok(None);
    };
    let entity = EntityKind::Booking.named(&booking.id);
    if let Some(earlier) = session.command_that(BOOKED_ONLINE, &entity).await?
        && let Some(stored) = session.command(&earlier).await?
    {
        return Ok(Some(Outcome::of_stored(&stored.outcome)?));
    }
    // It came with a clinic file: no command of this database made it.
    let practitioner = Some(booking.practitioner.clone());
    let changes = vec![Change::Booking(Box::new(Changed::Added(booking)))];
    Ok(Some(Outcome { command: id.clone(), practitioner, changes }))
}

/// What a patient's command touches.
///
/// # Errors
/// It names what is not there.
pub(super) async fn target(
    session: &mut Session,
    setup: &Setup,
    command: &Command,
) -> Result<Target, ClinicError> {
    let (practitioner, also, resources, patients, stretch) = match command {
        Command::BookOnline(asked) => {
            let template = known_template(setup, &asked.template)?;
            let stretch = stretch(asked.start, template)?;
            let resources = template.resources.iter().collect();
            (asked.practitioner.clone(), None, resources, Patients::Change, stretch)
        }
        Command::RebookOnline(asked) => {
            let before = from_portal(session, &asked.portal_id).await?;
            // Whether there is one is among R15's conditions, which come in their order.
            let template = template_of(setup, &before).ok();
            let goes_to = template.map(|template| stretch(asked.start, template)).transpose()?;
            let stretch = goes_to.map_or(before.interval, |there| before.interval.hull(there));
            let needed = template.into_iter().flat_map(|template| template.resources.iter());
            let held = before.resources.iter().chain(needed).collect();
            let along = super::recall::moved_along(session, &before.id).await?;
            let told = in_language(session, &before.id, asked.language).await?;
            let patients = Patients::from(told.is_some()).or(along);
            let also = Some(before.practitioner).filter(|id| *id != asked.practitioner);
            (asked.practitioner.clone(), also, held, patients, stretch)
        }
        Command::CancelOnline { portal_id, .. } => {
            let before = from_portal(session, portal_id).await?;
            let patients = super::recall::moved_along(session, &before.id).await?;
            let resources = before.resources.iter().collect();
            (before.practitioner, None, resources, patients, before.interval)
        }
        _ => return Err(Refusal::OnlineOnly.into()),
    };
    if !setup.practitioners.contains_key(&practitioner) {
        return Err(Refusal::UnknownPractitioner(practitioner).into());
    }
    Ok(Target { practitioner, also, resources, patients, within: whole_days(stretch) })
}

/// The time a booking by the template takes.
fn stretch(start: CivilTime, template: &BookingTemplate) -> Result<Interval, Refusal> {
    Interval::new(start, start + template.minutes.minutes())
        .ok()
        .filter(|interval| interval.end() <= CivilTime::last())
        .ok_or(Refusal::NothingToDo(NothingToDo::NoTime))
}

fn known_template<'a>(setup: &'a Setup, id: &TemplateId) -> Result<&'a BookingTemplate, Refusal> {
    setup.templates.get(id).ok_or_else(|| Refusal::UnknownTemplate(id.clone()))
}

fn template_of<'a>(setup: &'a Setup, booking: &Booking) -> Result<&'a BookingTemplate, Refusal> {
    let template = booking.template.as_ref().and_then(|id| setup.templates.get(id));
    template.ok_or_else(|| NotChangeable::Template.into())
}

async fn from_portal(session: &mut Session, id: &PortalId) -> Result<Booking, ClinicError> {
    let found = session.booking_from_portal(id).await?;
    Ok(found.ok_or(Refusal::NotChangeable(NotChangeable::NotFromPortal))?)
}

/// The slot, if the resolver finds it bookable (R11).
fn bookable(
    facts: &Facts,
    left: Option<&Booking>,
    practitioner: &PractitionerId,
    template: &TemplateId,
    start: CivilTime,
) -> Result<Slot, Refusal> {
    let (calendar, resources) = match left {
        Some(booking) => without(&facts.calendar, &facts.resources, booking),
        None => (facts.calendar.clone(), facts.resources.clone()),
    };
    let resolver = Resolver::new(&facts.setup, &resources, facts.now);
    let judged = resolver.why(practitioner, template, start, &calendar);
    Ok(judged.map_err(Refusal::from)??)
}

/// A patient's booking (R14): the booking, a card where the clinic has none with the personnummer,
/// and the contacts given, which never change a card that there is.
///
/// # Errors
/// A required contact is missing; the resolver's reason.
pub(super) async fn plan_book_online(
    session: &mut Session,
    facts: &Facts,
    asked: &OnlineBooking,
) -> Result<Vec<Change>, ClinicError> {
    let mut faults = asked.contacts.faults();
    if facts.setup.online.require_address && asked.contacts.address.is_none() {
        faults.push(Fault { field: Field::Address, problem: Problem::Empty });
    }
    if !faults.is_empty() {
        return Err(Refusal::Faults(faults).into());
    }
    let slot = bookable(facts, None, &asked.practitioner, &asked.template, asked.start)?;
    let template = known_template(&facts.setup, &asked.template)?;
    let known = session.patient_by_number(&asked.personnummer).await?;
    let differs = known.as_ref().is_some_and(|card| !asked.contacts.differing(card).is_empty());
    let (patient, registered) = match known {
        Some(card) => (card.id, None),
        None => {
            let id = PatientId::new(new_id());
            let card = asked.contacts.registered(id.clone(), asked.personnummer.clone());
            (id, Some(SettingChange::Patient(Changed::Added(card))))
        }
    };
    let id = BookingId::new(new_id());
    let (portal_id, identification) = (&asked.portal_id, asked.identification.clone());
    let booking =
        online_booking(id.clone(), slot, template, Some(patient), portal_id, identification);
    let given = SettingChange::Contacts(Changed::Added(GivenContacts {
        booking: id,
        given_at: facts.now,
        contacts: asked.contacts.clone(),
        offer: if differs { Offer::Open } else { Offer::Settled },
        language: asked.language,
    }));
    let setting = |change| Change::Setting(Box::new(change));
    let booked = Change::Booking(Box::new(Changed::Added(booking)));
    Ok(registered.map(setting).into_iter().chain([booked, setting(given)]).collect())
}

/// The booking that a patient wants to change, if R15 lets it.
async fn own_booking(
    session: &mut Session,
    facts: &Facts,
    change: OnlineChange,
    portal_id: &PortalId,
    e_id: &Personnummer,
) -> Result<Booking, ClinicError> {
    let booking = from_portal(session, portal_id).await?;
    let patients = session.patients(&booking.patient.iter().cloned().collect()).await?;
    let number = patients.into_values().next().and_then(|patient| patient.personnummer);
    // Of what was taken back from the page only the page knows whose it is: it lets nobody else ask.
    let is_taken_back =
        booking.patient.is_none() && session.given_contacts(&booking.id).await?.is_none();
    let number = number.or_else(|| is_taken_back.then(|| e_id.clone()));
    judge_online_change(change, &facts.setup, &booking, number.as_ref(), e_id, facts.now)
        .map_err(Refusal::from)?;
    Ok(booking)
}

/// What is kept of a patient's contacts, in the language that the patient chose now; `None` where that is
/// the one that is known, or none was chosen.
async fn in_language(
    session: &mut Session,
    booking: &BookingId,
    language: Option<PatientLanguage>,
) -> Result<Option<SettingChange>, ClinicError> {
    if language.is_none() {
        return Ok(None);
    }
    let known = session.given_contacts(booking).await?.filter(|known| known.language != language);
    Ok(known.map(|before| {
        let after = GivenContacts { language, ..before.clone() };
        SettingChange::Contacts(Changed::Altered { before, after })
    }))
}

/// A patient's booking on another time (R15): by the same template, within the company; the time
/// that it leaves counts as free. From now on the patient is written to in the language chosen now.
///
/// # Errors
/// R15's first condition that does not hold; the resolver's reason.
pub(super) async fn plan_rebook_online(
    session: &mut Session,
    facts: &Facts,
    asked: &OnlineRebooking,
) -> Result<Vec<Change>, ClinicError> {
    let before =
        own_booking(session, facts, OnlineChange::Rebook, &asked.portal_id, &asked.e_id).await?;
    let template = template_of(&facts.setup, &before)?;
    within_company(&facts.setup, &before.practitioner, &asked.practitioner)
        .map_err(Refusal::from)?;
    let slot = bookable(facts, Some(&before), &asked.practitioner, &template.id, asked.start)?;
    let resources = template.resources.clone();
    let (practitioner, interval) = (slot.practitioner, slot.interval);
    let after = Booking { practitioner, interval, resources, ..before.clone() };
    if after == before {
        return Err(Refusal::NothingToDo(NothingToDo::Unchanged).into());
    }
    let told = in_language(session, &before.id, asked.language).await?;
    let told = told.map(|change| Change::Setting(Box::new(change)));
    let moved = Change::Booking(Box::new(Changed::Altered { before, after }));
    Ok([moved].into_iter().chain(told).collect())
}

/// A patient's booking cancelled (R15).
///
/// # Errors
/// R15's first condition that does not hold.
pub(super) async fn plan_cancel_online(
    session: &mut Session,
    facts: &Facts,
    portal_id: &PortalId,
    e_id: &Personnummer,
) -> Result<Vec<Change>, ClinicError> {
    let booking = own_booking(session, facts, OnlineChange::Cancel, portal_id, e_id).await?;
    Ok(vec![plan_cancelling(booking)?])
}
