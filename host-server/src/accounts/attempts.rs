//! How often somebody at one address may try to sign in, whatever the account: a bucket for each address that empties
//! with time. It holds no more than so many addresses, and forgets those first that are closest to being free again.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Attempts at once.
const BURST: u32 = 10;
/// One more after each of these.
const INTERVAL: Duration = Duration::from_secs(6);
/// Most addresses that are remembered.
const MOST: usize = 8192;

/// Who tries: one IPv4 address, or the 64 bits of an IPv6 address that one customer is given (RFC 6177).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Origin(u64, bool);

impl Origin {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(u64::from(address.to_bits()), false),
            IpAddr::V6(address) => Self(u64::try_from(address.to_bits() >> 64).unwrap_or(u64::MAX), true),
        }
    }
}

/// When each address would be as if it had never tried, as a time since some beginning.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<BTreeMap<Origin, Duration>>);

impl Attempts {
    /// Counts an attempt, or says how long to wait for the next one.
    ///
    /// # Errors
    /// How long to wait; the attempt is not counted.
    pub fn count(&self, address: IpAddr, now: Duration) -> Result<(), Duration> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let origin = Origin::of(address);
        let free = known.get(&origin).copied().unwrap_or_default().max(now);
        let most = now.saturating_add(INTERVAL.saturating_mul(BURST.saturating_sub(1)));
        if let Some(wait) = free.checked_sub(most).filter(|wait| !wait.is_zero()) {
            return Err(wait);
        }
        if known.len() >= MOST && !known.contains_key(&origin) {
            make_room(&mut known, now);
        }
        known.insert(origin, free.saturating_add(INTERVAL));
        Ok(())
    }

    /// An attempt that was right does not count.
    pub fn give_back(&self, address: IpAddr) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(free) = known.get_mut(&Origin::of(address)) {
            *free = free.saturating_sub(INTERVAL);
        }
    }
}

/// Forgets whoever is free again, and at least one.
fn make_room(known: &mut BTreeMap<Origin, Duration>, now: Duration) {
    known.retain(|_, free| *free > now);
    if known.len() >= MOST {
        let soonest = known.iter().min_by_key(|(_, free)| **free).map(|(origin, _)| *origin);
        if let Some(soonest) = soonest {
            known.remove(&soonest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::from_secs(1000);

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn ten_at_once_and_one_more_after_each_interval() {
        let attempts = Attempts::default();
        let one = address("192.0.2.1");
        assert!((0..BURST).all(|_| attempts.count(one, START).is_ok()));
        assert_eq!(attempts.count(one, START), Err(INTERVAL));
        assert_eq!(
            attempts.count(one, START + INTERVAL - Duration::from_nanos(1)),
            Err(Duration::from_nanos(1))
        );
        assert_eq!(attempts.count(one, START + INTERVAL), Ok(()));
        assert_eq!(attempts.count(one, START + INTERVAL), Err(INTERVAL));
        assert_eq!(attempts.count(address("192.0.2.2"), START), Ok(()));
        attempts.give_back(one);
        assert_eq!(attempts.count(one, START + INTERVAL), Ok(()));
    }

    #[test]
    fn one_customer_of_ipv6_is_one_and_a_mapped_address_is_the_ipv4_one() {
        let attempts = Attempts::default();
        for number in 0..BURST {
            assert!(attempts.count(address(&format!("2001:db8:0:1::{number}")), START).is_ok());
        }
        assert!(attempts.count(address("2001:db8:0:1:ffff::1"), START).is_err());
        assert!(attempts.count(address("2001:db8:0:2::1"), START).is_ok());
        assert!((0..BURST).all(|_| attempts.count(address("::ffff:192.0.2.1"), START).is_ok()));
        assert!(attempts.count(address("192.0.2.1"), START).is_err());
    }

    #[test]
    fn memory_is_bounded_and_the_most_limited_is_remembered() {
        let attempts = Attempts::default();
        let limited = address("192.0.2.1");
        assert!((0..BURST).all(|_| attempts.count(limited, START).is_ok()));
        for number in 0..u32::try_from(MOST).unwrap() + 10 {
            let other = IpAddr::from(std::net::Ipv4Addr::from_bits(0x0a00_0000 + number));
            assert!(attempts.count(other, START).is_ok());
        }
        assert_eq!(attempts.0.lock().unwrap().len(), MOST);
        assert!(attempts.count(limited, START).is_err());
    }
}
