//! What some of the demo's patients wrote on the booking page: not what their cards say.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use crate::domain::*;
use crate::store::ClinicFile;

/// Of the coming bookings that patients made, one in so many brings something new.
const ONE_IN: usize = 5;

/// The contacts that patients gave with coming bookings, before `today`; one offer a patient.
pub fn contacts(file: &ClinicFile, today: NaiveDate) -> Vec<GivenContacts> {
    let mut coming: Vec<&Booking> = file.bookings.values().collect();
    coming.retain(|it| it.is_online() && it.is_active() && it.interval.start().date() > today);
    coming.sort_by_key(|it| (it.interval.start(), &it.practitioner));
    let mut seen = BTreeSet::new();
    let cards = coming.into_iter().filter_map(|booking| {
        let card = file.patients.get(booking.patient.as_ref()?)?;
        let shown = card.protection == IdentityProtection::None && card.personnummer.is_some();
        (shown && seen.insert(&card.id)).then_some((booking, card))
    });
    let chosen = cards.step_by(ONE_IN).enumerate();
    chosen.filter_map(|(turn, (booking, card))| given(turn, booking, card, today)).collect()
}

/// What the patient wrote a few evenings ago; by turns another number, address, name or both.
fn given(
    turn: usize,
    booking: &Booking,
    card: &Patient,
    today: NaiveDate,
) -> Option<GivenContacts> {
    let evening = today.checked_sub_days(Days::new(1 + turn as u64 % 3))?;
    // Numbers that PTS sets aside for fiction.
    let mut others =
        [31, 62].map(|step| format!("+46701740{:03}", 605 + (turn + step) % 95)).into_iter();
    let mobile = others.find(|number| card.mobile.as_ref() != Some(number))?;
    let email = format!("{}.ny@example.org", card.id);
    let mut contacts = Contacts {
        first_name: card.first_name.clone(),
        last_name: card.last_name.clone(),
        email: card.email.clone().unwrap_or_else(|| email.clone()),
        mobile: card.mobile.clone().unwrap_or_else(|| mobile.clone()),
        address: card.address.clone(),
    };
    match turn % 4 {
        0 => contacts.mobile = mobile,
        1 => contacts.address = Some(format!("Nygatan {}, 721 30 Mälarstad", turn + 2)),
        2 => contacts.email = email,
        _ => {
            contacts.last_name = format!("{}-Ek", card.last_name);
            contacts.email = email;
        }
    }
    let given_at = CivilTime::start_of(evening) + Minutes(20 * 60 + 15);
    let (booking, offer, language) = (booking.id.clone(), Offer::Open, None);
    Some(GivenContacts { booking, given_at, contacts, offer, language })
}
