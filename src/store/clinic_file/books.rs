//! Reading what stands in the books: work sessions, preblocks, bookings.

use uuid::Uuid;

use super::checks::{Book, Kind};
use super::fields::Fields;
use super::parse::Reader;
use super::scalars;
use crate::domain::{
    Booking, BookingId, BookingState, Identification, Interval, PractitionerId, Preblock,
    PreblockId, ResourceCodes, WorkSession, WorkSessionId,
};

const STATES: &[(&str, BookingState)] =
    &[("booked", BookingState::Booked), ("cancelled", BookingState::Cancelled)];

fn interval(fields: &mut Fields<'_, '_>) -> Option<Interval> {
    let start = fields.required("start", scalars::time);
    let end = fields.required("end", scalars::time);
    let interval = Interval::new(start?, end?);
    interval.map_err(|_| fields.fault("end", "is not after the start")).ok()
}

/// Work sessions and preblocks have no id in the file: they get one that no earlier one had.
fn fresh_id() -> String {
    Uuid::now_v7().to_string()
}

pub(super) fn work_session<'f>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
) -> Option<WorkSession> {
    let practitioner = reader.reference(fields, "practitioner", Kind::Practitioner);
    let interval = interval(fields);
    Some(WorkSession {
        id: WorkSessionId::new(fresh_id()),
        practitioner: practitioner?,
        interval: interval?,
    })
}

pub(super) fn preblock<'f>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
) -> Option<Preblock> {
    let practitioner: Option<PractitionerId> =
        reader.reference(fields, "practitioner", Kind::Practitioner);
    let preblock_type = reader.reference(fields, "type", Kind::PreblockType);
    let interval = interval(fields);
    if let (Some(practitioner), Some(interval)) = (&practitioner, interval) {
        reader.checks.place(Book::Preblocks, practitioner.as_str(), interval, fields.index());
    }
    Some(Preblock {
        id: PreblockId::new(fresh_id()),
        practitioner: practitioner?,
        preblock_type: preblock_type?,
        interval: interval?,
    })
}

pub(super) fn booking<'f>(
    reader: &mut Reader<'f>,
    fields: &mut Fields<'_, 'f>,
) -> Option<(BookingId, Booking)> {
    let id: Option<BookingId> = reader.own_id(fields, "id", Kind::Booking);
    let practitioner: Option<PractitionerId> =
        reader.reference(fields, "practitioner", Kind::Practitioner);
    let interval = interval(fields);
    let category = reader.reference(fields, "category", Kind::Category);
    let template = reader.optional_reference(fields, "template", Kind::Template);
    let patient = reader.optional_reference(fields, "patient", Kind::Patient);
    let text = fields.or("text", String::new(), scalars::text);
    let resources = fields.or("resources", ResourceCodes::default(), scalars::resource_codes);
    for code in resources.iter().flat_map(ResourceCodes::iter) {
        reader.checks.refer(Kind::Resource, &code.to_string(), fields.path_of("resources"));
    }
    let registered_by = fields.required("registered_by", scalars::text);
    let state = fields.or("state", BookingState::Booked, scalars::word(STATES));
    let portal_id = fields.nullable("portal_id", scalars::text);
    let e_id = fields.or("e_id", false, scalars::flag);
    if let (Some(practitioner), Some(interval), Some(BookingState::Booked)) =
        (&practitioner, interval, state)
    {
        reader.checks.place(Book::ActiveBookings, practitioner.as_str(), interval, fields.index());
    }
    let id = id?;
    let booking = Booking {
        id: id.clone(),
        practitioner: practitioner?,
        interval: interval?,
        category: category?,
        template: template?,
        patient: patient?,
        text: text?,
        resources: resources?,
        registered_by: registered_by?,
        state: state?,
        portal_id: portal_id?,
        identification: if e_id? { Identification::EId } else { Identification::Unverified },
    };
    Some((id, booking))
}
