//! Any clinic that can be imported comes out again as it went in.

mod support;

use std::collections::BTreeSet;

use proptest::prelude::*;
use support::{Place, example, take_in, today};
use tidbok::domain::{
    Booking, BookingState, CivilTime, Identification, IdentityProtection, Interval, Minutes,
    Patient, Permission, Preblock, Recall, ResourceCodes, User, WorkSession,
};
use tidbok::store::{ClinicFile, Completeness, ImportMode, export};

/// Texts as people and programs write them: quotes, accents, control characters, emoji.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-zåäöÅÄÖ '\"\\\\%_]{1,12}",
        proptest::collection::vec(any::<char>(), 1..6).prop_map(String::from_iter),
    ]
}

fn practitioner() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["AE", "BL", "CÅ"])
}

fn time() -> impl Strategy<Value = CivilTime> {
    let from: CivilTime = "2027-01-01T00:00".parse().unwrap();
    (0..60 * 24 * 400).prop_map(move |minute| from + Minutes(minute))
}

fn interval() -> impl Strategy<Value = Interval> {
    (time(), 1..2000)
        .prop_map(|(start, length)| Interval::new(start, start + Minutes(length)).unwrap())
}

fn booking() -> impl Strategy<Value = Booking> {
    let who = (practitioner(), prop::option::of(Just("p1")), text(), prop::option::of(text()));
    (text(), who, interval(), any::<bool>(), any::<bool>()).prop_map(
        |(id, (practitioner, patient, text, portal_id), interval, active, e_id)| Booking {
            id: id.as_str().into(),
            practitioner: practitioner.into(),
            interval,
            category: "us".into(),
            template: None,
            patient: patient.map(Into::into),
            registered_by: text.clone(),
            text,
            resources: ResourceCodes::parse(if e_id { "R" } else { "" }).unwrap(),
            state: if active { BookingState::Booked } else { BookingState::Cancelled },
            portal_id,
            identification: if e_id { Identification::EId } else { Identification::Unverified },
        },
    )
}

fn patient() -> impl Strategy<Value = Patient> {
    let names = (text(), text(), text(), prop::option::of(text()));
    (names, any::<bool>(), any::<u32>()).prop_map(
        |((id, first, last, email), protected, months)| Patient {
            id: format!("x{id}").as_str().into(),
            personnummer: None,
            first_name: first,
            last_name: last,
            email,
            mobile: None,
            address: None,
            protection: match protected {
                true => IdentityProtection::Protected,
                false => IdentityProtection::None,
            },
            recall: Recall { months, date: Some(today()), template: None },
        },
    )
}

fn user() -> impl Strategy<Value = User> {
    let permissions = prop::option::of(prop::sample::subsequence(Permission::ALL, 0..=5));
    (text(), permissions, any::<bool>()).prop_map(|(name, permissions, active)| User {
        signature: format!("u{name}").as_str().into(),
        name,
        permissions: permissions.map(BTreeSet::from_iter),
        os_account: None,
        password_hash: Some("hash".to_owned()),
        active,
    })
}

prop_compose! {
    fn clinic()(
        sessions in prop::collection::vec((practitioner(), interval()), 0..12),
        blocks in prop::collection::vec((practitioner(), interval()), 0..8),
        bookings in prop::collection::vec(booking(), 0..8),
        patients in prop::collection::vec(patient(), 0..4),
        users in prop::collection::vec(user(), 0..4),
        name in text(),
    ) -> ClinicFile {
        let mut file = example();
        for category in file.setup.categories.values_mut() {
            category.name.clone_from(&name);
        }
        file.work_sessions.extend(sessions.into_iter().enumerate().map(|(n, (who, interval))| {
            WorkSession { id: format!("s{n}").as_str().into(), practitioner: who.into(), interval }
        }));
        for (n, (who, interval)) in blocks.into_iter().enumerate() {
            let id = format!("b{n}").as_str().into();
            let next = Preblock { id, practitioner: who.into(), preblock_type: "e-us".into(), interval };
            let free = |other: &Preblock| {
                other.practitioner != next.practitioner || !other.interval.overlaps(next.interval)
            };
            if file.preblocks.iter().all(free) {
                file.preblocks.push(next);
            }
        }
        for booking in bookings {
            let free = |other: &Booking| {
                !(other.is_active() && booking.is_active())
                    || other.practitioner != booking.practitioner
                    || !other.interval.overlaps(booking.interval)
            };
            if file.bookings.values().all(free) {
                file.bookings.entry(booking.id.clone()).or_insert(booking);
            }
        }
        file.patients.extend(patients.into_iter().map(|patient| (patient.id.clone(), patient)));
        file.users.extend(users.into_iter().map(|user| (user.signature.clone(), user)));
        file
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn export_import_export_gives_the_same_bytes(file in clinic()) {
        let written = file.to_json(Completeness::Complete);
        let read = ClinicFile::parse(&written, today());
        prop_assert!(read.is_ok(), "{:?}", read.err());
        let read = read.unwrap_or_default();
        prop_assert_eq!(read.to_json(Completeness::Complete), written.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let stored = runtime.block_on(async {
            let place = Place::new();
            let store = place.store().await;
            take_in(&store, &read, ImportMode::IntoEmpty).await.unwrap();
            export(&store).await.unwrap().to_json(Completeness::Complete)
        });
        prop_assert_eq!(stored, written);
        let masked = file.to_json(Completeness::Masked);
        prop_assert!(ClinicFile::parse(&masked, today()).is_ok());
    }
}
