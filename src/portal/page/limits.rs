//! How often one address, and one person, may do what costs the clinic something. Kept in memory, under
//! hashes with a key of this run: nobody can be read out of it.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::super::{MOMENT, still_lasts};

/// How many browsers behind one address may hold times of a clinic at once: fewer than the times of a
/// day, so that nobody hoards them, and more than a household or a waiting room fills in forms at once. A
/// time that is booked is not held any more, and a hold ends after minutes: whoever shares an address
/// with many waits no longer than that.
const MOST_HOLDERS: usize = 6;
/// The most that is kept track of at once.
const MOST_KEPT: usize = 20_000;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doing {
    /// Holding a time.
    Hold,
    /// Sending the form.
    Send,
    /// Asking for a time in one person's name.
    Book,
    /// Asking the clinic for a time: what came of a form.
    Ask,
    /// Going to log in.
    LogIn,
}

impl Doing {
    /// How often, and in which time. Whole neighbourhoods can share one address.
    fn allowance(self) -> (u32, TimeDelta) {
        match self {
            Self::Hold => (60, TimeDelta::minutes(5)),
            Self::Send => (40, TimeDelta::minutes(10)),
            Self::Book => (12, TimeDelta::hours(1)),
            Self::Ask => (20, TimeDelta::hours(1)),
            Self::LogIn => (30, TimeDelta::minutes(10)),
        }
    }
}

struct Counted {
    since: DateTime<Utc>,
    times: u32,
}

/// A browser that holds a time, and until when it may.
struct Holder {
    browser: u64,
    until: DateTime<Utc>,
}

/// The counts.
#[derive(Default)]
pub struct Limits {
    key: RandomState,
    counted: Mutex<HashMap<(Doing, u64), Counted>>,
    /// By clinic and address.
    holders: Mutex<HashMap<u64, Vec<Holder>>>,
}

/// It may not be done now, but after so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(pub TimeDelta);

impl Limits {
    /// Counts it. Who has no address is not counted.
    ///
    /// # Errors
    /// [`Wait`] where it may not be done once more.
    pub fn address_may(
        &self,
        doing: Doing,
        address: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<(), Wait> {
        let Some(address) = address else { return Ok(()) };
        self.may(doing, self.key.hash_one(network(address)), now)
    }

    /// Whether an address may do it once more; counts nothing.
    ///
    /// # Errors
    /// [`Wait`] where it may not.
    pub fn address_has_room(
        &self,
        doing: Doing,
        address: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<(), Wait> {
        let Some(address) = address else { return Ok(()) };
        self.has_room(doing, self.key.hash_one(network(address)), now)
    }

    fn has_room(&self, doing: Doing, who: u64, now: DateTime<Utc>) -> Result<(), Wait> {
        let (most, period) = doing.allowance();
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        match counted.get(&(doing, who)) {
            Some(it) if still_lasts(it.since, now, period) && it.times >= most => {
                Err(Wait(it.since + period - now))
            }
            _ => Ok(()),
        }
    }

    /// A browser is to hold a time of a clinic until then, beside the others behind its address that
    /// do. Who has no address is not counted.
    ///
    /// # Errors
    /// [`Wait`] until another's hold ends.
    pub fn may_hold(
        &self,
        (clinic, address): (&str, Option<IpAddr>),
        browser: &str,
        (now, until): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<(), Wait> {
        let Some(address) = address else { return Ok(()) };
        let address = self.key.hash_one((clinic, network(address)));
        let browser = self.key.hash_one(browser);
        let mut holders = self.holders.lock().unwrap_or_else(PoisonError::into_inner);
        if holders.len() >= MOST_KEPT {
            holders.retain(|_, all| all.iter().any(|it| it.until > now));
        }
        if holders.len() >= MOST_KEPT {
            holders.clear();
        }
        let all = holders.entry(address).or_default();
        // One that ends later than this one would was timed by a clock that has been set back since.
        all.retain(|it| it.until > now && it.until <= until + MOMENT && it.browser != browser);
        if all.len() >= MOST_HOLDERS {
            let first = all.iter().map(|it| it.until).min().unwrap_or(now);
            return Err(Wait(first - now));
        }
        all.push(Holder { browser, until });
        Ok(())
    }

    /// A browser holds no time any more: it has booked it.
    pub fn let_go(&self, (clinic, address): (&str, Option<IpAddr>), browser: &str) {
        let Some(address) = address else { return };
        let address = self.key.hash_one((clinic, network(address)));
        let browser = self.key.hash_one(browser);
        let mut holders = self.holders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(all) = holders.get_mut(&address) {
            all.retain(|it| it.browser != browser);
        }
    }

    /// Whether another time may be asked for in a person's name, by the personnummer; counts nothing.
    ///
    /// # Errors
    /// [`Wait`] where it may not.
    pub fn person_has_room(&self, personnummer: &str, now: DateTime<Utc>) -> Result<(), Wait> {
        self.has_room(Doing::Book, self.key.hash_one(personnummer), now)
    }

    /// A time was asked for in a person's name. Only that is counted: whoever knows a number and sends
    /// forms that come to nothing keeps nobody from booking.
    pub fn person_did(&self, personnummer: &str, now: DateTime<Utc>) {
        // Whether there was room has been asked before.
        let _ = self.may(Doing::Book, self.key.hash_one(personnummer), now);
    }

    fn may(&self, doing: Doing, who: u64, now: DateTime<Utc>) -> Result<(), Wait> {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= MOST_KEPT {
            counted.retain(|(doing, _), it| still_lasts(it.since, now, doing.allowance().1));
        }
        if counted.len() >= MOST_KEPT {
            // So many at once are no patients; those that are come first.
            counted.clear();
        }
        let (most, period) = doing.allowance();
        let it = counted.entry((doing, who)).or_insert(Counted { since: now, times: 0 });
        if !still_lasts(it.since, now, period) {
            *it = Counted { since: now, times: 0 };
        }
        it.times = it.times.saturating_add(1);
        if it.times <= most { Ok(()) } else { Err(Wait(it.since + period - now)) }
    }
}

/// What one subscriber has: an IPv4 address, or an IPv6 network of 64 bits.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_so_often_and_again_when_time_has_passed() {
        let (limits, start) = (Limits::default(), DateTime::UNIX_EPOCH);
        let may = |doing, address: Option<&str>, now| {
            limits.address_may(doing, address.map(|it| it.parse().expect("an address")), now)
        };
        let (most, period) = Doing::Hold.allowance();
        for n in 0..most {
            let one = format!("2001:db8::{n:x}");
            assert_eq!(may(Doing::Hold, Some(&one), start), Ok(()), "one network, {n}");
        }
        assert_eq!(may(Doing::Hold, Some("2001:db8::ffff"), start), Err(Wait(period)));
        let later = start + TimeDelta::minutes(1);
        let left = period - TimeDelta::minutes(1);
        assert_eq!(may(Doing::Hold, Some("2001:db8::ffff"), later), Err(Wait(left)));
        assert_eq!(may(Doing::Hold, Some("2001:db8:1::1"), start), Ok(()), "another");
        assert_eq!(may(Doing::Send, Some("2001:db8::1"), start), Ok(()), "something else");
        assert_eq!(may(Doing::Hold, None, start), Ok(()));
        assert_eq!(may(Doing::Hold, Some("2001:db8::1"), start + period), Ok(()));
    }

    #[test]
    fn so_many_browsers_behind_one_address_hold_at_once_and_each_goes_on_as_it_likes() {
        let (limits, start) = (Limits::default(), DateTime::UNIX_EPOCH);
        let until = start + TimeDelta::minutes(5);
        let may = |address: &str, browser: &str, now| {
            limits.may_hold(("mitt", address.parse().ok()), browser, (now, until.max(now)))
        };
        for n in 0..MOST_HOLDERS {
            assert_eq!(may("203.0.113.9", &n.to_string(), start), Ok(()), "{n}");
            assert_eq!(may("203.0.113.9", "0", start), Ok(()), "the same again");
        }
        let wait = Err(Wait(TimeDelta::minutes(5)));
        assert_eq!(may("203.0.113.9", "another", start), wait);
        assert_eq!(may("::ffff:203.0.113.9", "another", start), wait, "the same address");
        assert_eq!(may("203.0.113.10", "another", start), Ok(()), "elsewhere");
        let address = "203.0.113.9".parse().ok();
        let there = limits.may_hold(("nord", address), "another", (start, until));
        assert_eq!(there, Ok(()), "at another clinic");
        limits.let_go(("mitt", address), "3");
        assert_eq!(may("203.0.113.9", "another", start), Ok(()), "one has booked");
        assert_eq!(may("203.0.113.9", "a third", start), wait);
        assert_eq!(may("203.0.113.9", "a third", until), Ok(()), "they have run out");
    }

    #[test]
    fn looking_whether_there_is_room_counts_nothing() {
        let (limits, now) = (Limits::default(), DateTime::UNIX_EPOCH);
        let address = "203.0.113.9".parse().ok();
        let (most, period) = Doing::Ask.allowance();
        for _ in 0..most {
            assert_eq!(limits.address_has_room(Doing::Ask, address, now), Ok(()));
            assert_eq!(limits.address_may(Doing::Ask, address, now), Ok(()));
        }
        assert_eq!(limits.address_has_room(Doing::Ask, address, now), Err(Wait(period)));
        assert_eq!(limits.address_has_room(Doing::Ask, address, now + period), Ok(()));
        assert_eq!(limits.address_has_room(Doing::Ask, None, now), Ok(()));
    }

    #[test]
    fn what_was_asked_for_in_a_persons_name_is_counted_and_nothing_else() {
        let (limits, now) = (Limits::default(), DateTime::UNIX_EPOCH);
        let (most, period) = Doing::Book.allowance();
        for _ in 0..most {
            assert_eq!(limits.person_has_room("one", now), Ok(()));
            limits.person_did("one", now);
        }
        assert_eq!(limits.person_has_room("one", now), Err(Wait(period)));
        assert_eq!(limits.person_has_room("another", now), Ok(()));
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let limits = Limits::default();
        for n in 0..3 * MOST_KEPT {
            limits.person_did(&n.to_string(), DateTime::UNIX_EPOCH);
        }
        assert!(limits.counted.lock().expect("whole").len() <= MOST_KEPT);
    }
}
