//! How often one address, and one person, may do what costs the clinic something. Kept in memory, under
//! hashes with a key of this run: nobody can be read out of it.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

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
            Self::LogIn => (30, TimeDelta::minutes(10)),
        }
    }
}

struct Counted {
    since: DateTime<Utc>,
    times: u32,
}

/// The counts.
#[derive(Default)]
pub struct Limits {
    key: RandomState,
    counted: Mutex<HashMap<(Doing, u64), Counted>>,
}

impl Limits {
    /// Counts it; whether it may be done once more. Who has no address is not counted.
    pub fn address_may(&self, doing: Doing, address: Option<IpAddr>, now: DateTime<Utc>) -> bool {
        address.is_none_or(|address| self.may(doing, self.key.hash_one(network(address)), now))
    }

    /// The same for a person, by the personnummer.
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
    fn what_is_kept_is_bounded() {
        let limits = Limits::default();
        for n in 0..3 * MOST_KEPT {
            assert!(limits.person_may(&n.to_string(), DateTime::UNIX_EPOCH));
        }
        assert!(limits.counted.lock().expect("whole").len() <= MOST_KEPT);
    }
}
