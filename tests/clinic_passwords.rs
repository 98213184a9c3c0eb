//! Passwords changed on a real store: one's own against the one so far, another's by whoever manages
//! users, and what guessing costs.

mod support;

use chrono::{DateTime, TimeDelta, Utc};
use support::Place;
use tidbok::clinic::*;
use tidbok::domain::*;

const FIRST: &str = "korrekt häst";
const SECOND: &str = "batteri häftklammer";

/// The example clinic, whose AE has a password and whose REC has none; neither manages users.
struct Fixture {
    clinic: Clinic,
    _place: Place,
}

async fn fixture() -> Fixture {
    let place = Place::new();
    let clinic = Clinic::new(place.example().await);
    let fixture = Fixture { clinic, _place: place };
    fixture.change(&Actor::System, "AE", None, FIRST, now()).await.expect("the system may");
    fixture
}

fn now() -> DateTime<Utc> {
    support::now()
}

fn password(text: &str) -> Password {
    Password::new(text.to_owned())
}

impl Fixture {
    async fn actor(&self, signature: &str) -> Actor {
        let mut users = self.clinic.users().await.expect("users");
        Actor::User(users.remove(&signature.into()).expect("a user of the example"))
    }

    async fn change(
        &self,
        actor: &Actor,
        user: &str,
        old: Option<&str>,
        new: &str,
        moment: DateTime<Utc>,
    ) -> Result<(), PasswordError> {
        let change = NewPassword { user: user.into(), old: old.map(password), new: password(new) };
        let at = (ClinicZone::default().civil(moment), moment);
        self.clinic.change_password(actor, new_command_id(), change, at).await.map(drop)
    }

    async fn opens(&self, user: &str, typed: &str, moment: DateTime<Utc>) -> bool {
        self.clinic.sign_in(&user.into(), password(typed), moment).await.is_ok()
    }
}

#[tokio::test]
async fn ones_own_is_changed_only_against_the_one_so_far() {
    let fixture = fixture().await;
    let ae = fixture.actor("AE").await;
    for old in [None, Some(""), Some(SECOND)] {
        let refused = fixture.change(&ae, "AE", old, SECOND, now()).await;
        assert!(matches!(refused, Err(PasswordError::Old(SignInError::Wrong))), "{old:?}");
        assert!(!fixture.opens("AE", SECOND, now()).await);
    }
    let later = now() + TimeDelta::hours(1);
    fixture.change(&ae, "AE", Some(FIRST), SECOND, later).await.expect("it fits");
    assert!(fixture.opens("AE", SECOND, later).await && !fixture.opens("AE", FIRST, later).await);
}

#[tokio::test]
async fn who_has_none_yet_sets_one_without_an_old_one() {
    let fixture = fixture().await;
    let rec = fixture.actor("REC").await;
    fixture.change(&rec, "REC", None, FIRST, now()).await.expect("the first");
    assert!(fixture.opens("REC", FIRST, now()).await);
}

#[tokio::test]
async fn r17_anothers_needs_the_right_to_manage_users_whatever_is_typed_as_the_old_one() {
    let fixture = fixture().await;
    let rec = fixture.actor("REC").await;
    let refused = fixture.change(&rec, "AE", Some(FIRST), SECOND, now()).await;
    let Err(PasswordError::Clinic(ClinicError::Refused(refusal))) = refused else { panic!() };
    let permission = Permission::UsersManage;
    assert_eq!(refusal, Refusal::Permission { user: "REC".to_owned(), permission });
    assert!(fixture.opens("AE", FIRST, now()).await);
}

#[tokio::test]
async fn guessing_the_old_one_counts_and_delays_as_signing_in_does() {
    let fixture = fixture().await;
    let ae = fixture.actor("AE").await;
    for _ in 0..3 {
        let guessed = fixture.change(&ae, "AE", Some("en gissning"), SECOND, now()).await;
        assert!(matches!(guessed, Err(PasswordError::Old(SignInError::Wrong))));
    }
    let locked = fixture.change(&ae, "AE", Some(FIRST), SECOND, now()).await;
    let Err(PasswordError::Old(SignInError::Locked { seconds })) = locked else { panic!() };
    assert_eq!(seconds, 5);
    assert!(!fixture.opens("AE", FIRST, now() + TimeDelta::seconds(4)).await);
    assert!(fixture.opens("AE", FIRST, now() + TimeDelta::seconds(5)).await);
}

#[tokio::test]
async fn a_clock_that_is_set_back_by_an_hour_delays_nobody_for_an_hour() {
    let fixture = fixture().await;
    let ae = fixture.actor("AE").await;
    let ahead = now() + TimeDelta::hours(1);
    for _ in 0..3 {
        let guessed = fixture.change(&ae, "AE", Some(SECOND), SECOND, ahead).await;
        assert!(matches!(guessed, Err(PasswordError::Old(SignInError::Wrong))));
    }
    assert!(!fixture.opens("AE", FIRST, now()).await, "the delay begins anew");
    assert!(!fixture.opens("AE", FIRST, now() + TimeDelta::seconds(4)).await);
    assert!(fixture.opens("AE", FIRST, now() + TimeDelta::seconds(5)).await);
}

#[tokio::test]
async fn what_is_too_short_or_too_long_changes_nothing() {
    let fixture = fixture().await;
    let ae = fixture.actor("AE").await;
    let long = "x".repeat(2000);
    for (new, expected) in [("nio tecke", BadPassword::TooShort), (&long, BadPassword::TooLong)] {
        let refused = fixture.change(&ae, "AE", Some(FIRST), new, now()).await;
        assert!(matches!(refused, Err(PasswordError::Bad(found)) if found == expected));
    }
    assert!(fixture.opens("AE", FIRST, now()).await);
}

on_the_server_too! {
    ones_own_is_changed_only_against_the_one_so_far,
    who_has_none_yet_sets_one_without_an_old_one,
    r17_anothers_needs_the_right_to_manage_users_whatever_is_typed_as_the_old_one,
    guessing_the_old_one_counts_and_delays_as_signing_in_does,
    a_clock_that_is_set_back_by_an_hour_delays_nobody_for_an_hour,
    what_is_too_short_or_too_long_changes_nothing,
}
