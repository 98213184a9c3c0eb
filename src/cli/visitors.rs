//! What patients of the demo did on the booking page just before it opened, by the commands that their
//! wishes become: inbox and log have something to tell.

use chrono::{Days, NaiveDate};

use crate::clinic::{Clinic, ClinicError, Command, OnlineBooking, OnlineRebooking, new_command_id};
use crate::domain::*;
use crate::store::ClinicFile;

/// Days ahead from which they choose: the nearest ones are left as they are.
const FROM: u64 = 8;
const DAYS: u32 = 28;

/// One patient books, one moves a booking and one cancels theirs, as far as the clinic has such.
pub(super) async fn act(
    clinic: &Clinic,
    file: &ClinicFile,
    now: CivilTime,
) -> Result<(), ClinicError> {
    let first = now.date().checked_add_days(Days::new(FROM)).unwrap_or(now.date());
    let slots = clinic.slots(None, DateRange::new(first, DAYS), now).await?;
    let mut theirs = changeable(file, first).into_iter();
    let cancelled =
        theirs.next().map(|(portal_id, e_id, _)| Command::CancelOnline { portal_id, e_id });
    let moved =
        theirs.find_map(|(portal_id, e_id, booking)| moved(file, &slots, portal_id, e_id, booking));
    for command in [booked(file, &slots), moved, cancelled].into_iter().flatten() {
        match clinic.execute(&Actor::OnlineClient, new_command_id(), &command, now).await {
            // What a rule refuses is left undone: the demo opens all the same.
            Ok(_) | Err(ClinicError::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Coming bookings that R15 lets their patients change, the earliest first.
fn changeable(file: &ClinicFile, first: NaiveDate) -> Vec<(PortalId, Personnummer, &Booking)> {
    let flags = |booking: &Booking| {
        let template = file.setup.templates.get(booking.template.as_ref()?)?;
        (template.online_rebook && template.online_cancel).then_some(())
    };
    let mut found: Vec<_> = file
        .bookings
        .values()
        .filter(|it| it.is_online() && it.is_active() && it.identification == Identification::EId)
        .filter(|it| it.interval.start().date() >= first)
        .filter_map(|booking| {
            flags(booking)?;
            let portal_id = PortalId::parse(booking.portal_id.as_deref()?).ok()?;
            let patient = shown(file.patients.get(booking.patient.as_ref()?)?)?;
            Some((portal_id, patient.personnummer.clone()?, booking))
        })
        .collect();
    found.sort_by_key(|(_, _, booking)| (booking.interval.start(), &booking.practitioner));
    found
}

/// Onto the first time on another day that the same template has in the same company.
fn moved(
    file: &ClinicFile,
    slots: &[Slot],
    portal_id: PortalId,
    e_id: Personnummer,
    booking: &Booking,
) -> Option<Command> {
    let company = |id: &PractitionerId| file.setup.practitioners.get(id).map(|it| &it.company);
    let other = |slot: &&Slot| slot.interval.start().date() != booking.interval.start().date();
    let to = slots.iter().filter(other).find(|slot| {
        booking.template.as_ref() == Some(&slot.template)
            && company(&slot.practitioner) == company(&booking.practitioner)
    })?;
    let (practitioner, start) = (to.practitioner.clone(), to.interval.start());
    let language = None;
    Some(Command::RebookOnline(OnlineRebooking { portal_id, practitioner, start, e_id, language }))
}

/// The last time there is, booked by a patient that the clinic knows, who says what the card says.
fn booked(file: &ClinicFile, slots: &[Slot]) -> Option<Command> {
    let slot = slots.last()?;
    let (personnummer, contacts) = file.patients.values().filter_map(shown).find_map(|card| {
        let contacts = Contacts {
            first_name: card.first_name.clone(),
            last_name: card.last_name.clone(),
            email: card.email.clone()?,
            mobile: card.mobile.clone()?,
            address: card.address.clone(),
        };
        Some((card.personnummer.clone()?, contacts))
    })?;
    Some(Command::BookOnline(Box::new(OnlineBooking {
        portal_id: PortalId::parse("demo-inbox").ok()?,
        practitioner: slot.practitioner.clone(),
        template: slot.template.clone(),
        start: slot.interval.start(),
        personnummer,
        contacts,
        identification: Identification::Unverified,
        language: Some(PatientLanguage::Swedish),
    })))
}

/// A patient whose name may stand in an inbox that is shown around (R22).
fn shown(patient: &Patient) -> Option<&Patient> {
    (patient.protection == IdentityProtection::None).then_some(patient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clinic::Online;
    use crate::demo;
    use crate::store::{DatabaseLocation, ImportMode, OpenMode, Store};

    #[tokio::test]
    async fn on_any_day_the_demos_inbox_tells_of_a_booking_a_move_and_a_cancellation() {
        for today in ["2026-11-23", "2026-12-30", "2027-03-26", "2028-02-29"] {
            let folder = tempfile::tempdir().expect("a folder");
            let location = DatabaseLocation::Sqlite(folder.path().join("demo.db"));
            let store = Store::open(&location, OpenMode::Create).await.expect("opens");
            let clinic = Clinic::new(store);
            let now = CivilTime::at(parse_date(today).expect("a date"), Minutes(12 * 60));
            let file = demo::clinic(now.date());
            let (id, mode) = (new_command_id(), ImportMode::IntoEmpty);
            clinic.import(&Actor::System, id, &file, mode).await.expect("imports");

            act(&clinic, &file, now).await.expect("acts");

            let inbox = clinic.inbox(&Actor::System, 9).await.expect("reads");
            let mut did: Vec<_> = inbox.arrivals.iter().map(|it| it.what).collect();
            did.sort_by_key(|what| format!("{what:?}"));
            assert_eq!(did, [Online::Booked, Online::Cancelled, Online::Rebooked], "{today}");
            assert_eq!(inbox.new_ones(), 3);
        }
    }
}
