//! How often one address, and one person, may do what costs the clinic something. Kept in memory, under
//! hashes with a key of this run: nobody can be read out of it.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// How many browsers behind one address may hold times at once: all of a clinic's times are never held
/// by one.
const MOST_HOLDERS: usize = 15;
/// The most that is kept track of at once.
const MOST_KEPT: usize = 20_000;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doing {
    /// Holding a time.
    Hold,
    /// Sending the form.
    Send,
    /// Booking for one personnummer.
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
    /// By address.
    holders: Mutex<HashMap<u64, Vec<Holder>>>,
}

impl Limits {
    /// Counts it; whether it may be done once more. Who has no address is not counted.
    pub fn address_may(&self, doing: Doing, address: Option<IpAddr>, now: DateTime<Utc>) -> bool {
        address.is_none_or(|address| self.may(doing, self.key.hash_one(network(address)), now))
    }

    /// Whether it may be done once more; counts nothing.
    pub fn has_room(&self, doing: Doing, address: Option<IpAddr>, now: DateTime<Utc>) -> bool {
        let Some(address) = address else { return true };
        let (most, period) = doing.allowance();
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let it = counted.get(&(doing, self.key.hash_one(network(address))));
        it.is_none_or(|it| now - it.since >= period || it.times < most)
    }

    /// Whether a browser may hold a time until then, beside the others behind its address that do. Who
    /// has no address is not counted.
    pub fn may_hold(
        &self,
        address: Option<IpAddr>,
        browser: &str,
        (now, until): (DateTime<Utc>, DateTime<Utc>),
    ) -> bool {
        let Some(address) = address else { return true };
        let (address, browser) = (self.key.hash_one(network(address)), self.key.hash_one(browser));
        let mut holders = self.holders.lock().unwrap_or_else(PoisonError::into_inner);
        if holders.len() >= MOST_KEPT {
            holders.retain(|_, all| all.iter().any(|it| it.until > now));
        }
        if holders.len() >= MOST_KEPT {
            holders.clear();
        }
        let all = holders.entry(address).or_default();
        all.retain(|it| it.until > now && it.browser != browser);
        let room = all.len() < MOST_HOLDERS;
        if room {
            all.push(Holder { browser, until });
        }
        room
    }

    /// The same as for an address for a person, by the personnummer.
    pub fn person_may(&self, personnummer: &str, now: DateTime<Utc>) -> bool {
        self.may(Doing::Book, self.key.hash_one(personnummer), now)
    }

    fn may(&self, doing: Doing, who: u64, now: DateTime<Utc>) -> bool {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= MOST_KEPT {
            counted.retain(|(doing, _), it| now - it.since < doing.allowance().1);
        }
        if counted.len() >= MOST_KEPT {
            // So many at once are no patients; those that are come first.
            counted.clear();
        }
        let (most, period) = doing.allowance();
        let it = counted.entry((doing, who)).or_insert(Counted { since: now, times: 0 });
        if now - it.since >= period {
            *it = Counted { since: now, times: 0 };
        }
        it.times = it.times.saturating_add(1);
        it.times <= most
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
        let address = |text: &str| Some(text.parse::<IpAddr>().expect("an address"));
        let (most, period) = Doing::Hold.allowance();
        for n in 0..most {
            let one = format!("2001:db8::{n:x}");
            assert!(limits.address_may(Doing::Hold, address(&one), start), "one network, {n}");
        }
        assert!(!limits.address_may(Doing::Hold, address("2001:db8::ffff"), start));
        assert!(limits.address_may(Doing::Hold, address("2001:db8:1::1"), start), "another");
        assert!(limits.address_may(Doing::Send, address("2001:db8::1"), start), "something else");
        assert!(limits.address_may(Doing::Hold, None, start));
        assert!(limits.address_may(Doing::Hold, address("2001:db8::1"), start + period));
    }

    #[test]
    fn so_many_browsers_behind_one_address_hold_at_once_and_each_goes_on_as_it_likes() {
        let (limits, start) = (Limits::default(), DateTime::UNIX_EPOCH);
        let until = start + TimeDelta::minutes(5);
        let may = |address: &str, browser: &str, now| {
            limits.may_hold(address.parse().ok(), browser, (now, until.max(now)))
        };
        for n in 0..MOST_HOLDERS {
            assert!(may("203.0.113.9", &n.to_string(), start), "{n}");
            assert!(may("203.0.113.9", "0", start), "the same again");
        }
        assert!(!may("203.0.113.9", "another", start));
        assert!(!may("::ffff:203.0.113.9", "another", start), "the same address");
        assert!(may("203.0.113.10", "another", start), "elsewhere");
        assert!(may("203.0.113.9", "another", until), "they have run out");
    }

    #[test]
    fn looking_whether_there_is_room_counts_nothing() {
        let (limits, now) = (Limits::default(), DateTime::UNIX_EPOCH);
        let address = "203.0.113.9".parse().ok();
        let (most, period) = Doing::Ask.allowance();
        for _ in 0..most {
            assert!(limits.has_room(Doing::Ask, address, now));
            assert!(limits.address_may(Doing::Ask, address, now));
        }
        assert!(!limits.has_room(Doing::Ask, address, now));
        assert!(limits.has_room(Doing::Ask, address, now + period));
        assert!(limits.has_room(Doing::Ask, None, now));
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let limits = Limits::default();
        for n in 0..3 * MOST_KEPT {
            assert!(limits.person_may(&n.to_string(), DateTime::UNIX_EPOCH));
        }
        assert!(limits.counted.lock().expect("whole").len() <= MOST_KEPT);
    }
}
