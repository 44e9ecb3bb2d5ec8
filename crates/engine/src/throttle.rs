//! Throttling of sign-in attempts by account and by address.
//!
//! Invariant: nobody can be locked out for ever. Buckets refill by themselves; an account has one
//! for each address, so that an attacker elsewhere does not spend its owner's; a larger one over
//! all addresses bounds guessing from many; and a browser that signed in to the account before (a
//! sealed device cookie proves it) does not pass that last one.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use domain::ids::TenantId;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::settings::SignInSettings;

/// Who is trying to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt<'a> {
    /// In which tenant.
    pub tenant: &'a TenantId,
    /// With which login, as typed.
    pub login: &'a str,
    /// From where.
    pub address: IpAddr,
    /// Whether this browser proved that it signed in to this account before.
    pub known_device: bool,
}

/// The buckets.
pub struct Throttle {
    accounts: DefaultKeyedRateLimiter<String>,
    guesses: DefaultKeyedRateLimiter<String>,
    addresses: DefaultKeyedRateLimiter<String>,
    clock: DefaultClock,
}

/// From how many addresses at once an account may be tried before all of them are slowed down.
const GUESSERS: u32 = 10;

fn quota(burst: u32, refill_seconds: u32) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(Duration::from_secs(u64::from(refill_seconds.max(1))))
        .unwrap_or_else(|| Quota::per_second(burst))
        .allow_burst(burst)
}

/// IPv6 callers own at least a /64, so that is what counts as one address.
pub(crate) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let s = v6.segments();
            format!("{:x}:{:x}:{:x}:{:x}", s[0], s[1], s[2], s[3])
        }
    }
}

impl Throttle {
    pub(crate) fn new(settings: &SignInSettings) -> Self {
        Self {
            accounts: RateLimiter::keyed(quota(
                settings.account_burst,
                settings.account_refill_seconds,
            )),
            guesses: RateLimiter::keyed(quota(
                settings.account_burst.saturating_mul(GUESSERS),
                settings.account_refill_seconds / GUESSERS,
            )),
            addresses: RateLimiter::keyed(quota(
                settings.address_burst,
                settings.address_refill_seconds,
            )),
            clock: DefaultClock::default(),
        }
    }

    /// Takes one attempt out of every bucket that it counts against.
    ///
    /// # Errors
    /// The whole seconds to wait, at least one.
    pub fn check(&self, attempt: &Attempt<'_>) -> Result<(), u64> {
        let address = network(attempt.address);
        let login = attempt.login.trim().to_lowercase();
        let tenant = attempt.tenant;
        let wait =
            |until: governor::NotUntil<_>| until.wait_time_from(self.clock.now()).as_secs() + 1;
        self.addresses.check_key(&address).map_err(wait)?;
        self.accounts.check_key(&format!("{tenant}\n{login}\n{address}")).map_err(wait)?;
        if attempt.known_device {
            return Ok(());
        }
        self.guesses.check_key(&format!("{tenant}\n{login}")).map_err(wait)
    }

    /// Forgets full buckets, so that memory stays bounded; a job calls it.
    pub fn forget_idle(&self) {
        self.accounts.retain_recent();
        self.guesses.retain_recent();
        self.addresses.retain_recent();
        self.accounts.shrink_to_fit();
        self.guesses.shrink_to_fit();
        self.addresses.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> SignInSettings {
        SignInSettings {
            account_burst: 2,
            account_refill_seconds: 3600,
            address_burst: 1000,
            address_refill_seconds: 1,
        }
    }

    #[test]
    fn an_attacker_elsewhere_cannot_lock_the_owner_out() {
        let throttle = Throttle::new(&settings());
        let tenant = TenantId::parse("t").expect("id");
        let attacker = Attempt {
            tenant: &tenant,
            login: "Alice@example.com",
            address: "203.0.113.9".parse().expect("address"),
            known_device: false,
        };
        assert_eq!(throttle.check(&attacker), Ok(()));
        assert_eq!(throttle.check(&attacker), Ok(()));
        assert!(throttle.check(&attacker).expect_err("spent") >= 1);
        let other_case = Attempt { login: " alice@EXAMPLE.com ", ..attacker };
        assert!(throttle.check(&other_case).is_err(), "the same account in another spelling");
        let owner = Attempt { address: "198.51.100.7".parse().expect("address"), ..attacker };
        assert_eq!(throttle.check(&owner), Ok(()), "the owner, from elsewhere");
    }

    #[test]
    fn guessing_from_many_addresses_is_bounded_and_known_devices_pass() {
        let throttle = Throttle::new(&settings());
        let tenant = TenantId::parse("t").expect("id");
        let from = |n: u8| Attempt {
            tenant: &tenant,
            login: "alice",
            address: format!("203.0.113.{n}").parse().expect("address"),
            known_device: false,
        };
        let allowed = (0..100).filter(|n| throttle.check(&from(*n)).is_ok()).count();
        assert_eq!(allowed, 20);
        let owner = Attempt { known_device: true, ..from(200) };
        assert_eq!(throttle.check(&owner), Ok(()));
    }

    #[test]
    fn one_address_cannot_try_many_accounts() {
        let settings = SignInSettings {
            account_burst: 100,
            account_refill_seconds: 1,
            address_burst: 3,
            address_refill_seconds: 3600,
        };
        let throttle = Throttle::new(&settings);
        let tenant = TenantId::parse("t").expect("id");
        for n in 0..3 {
            let login = format!("user{n}");
            let address = format!("2001:db8:0:1::{n}").parse().expect("address");
            let attempt = Attempt { tenant: &tenant, login: &login, address, known_device: false };
            assert_eq!(throttle.check(&attempt), Ok(()));
        }
        let address = "2001:db8:0:1:ffff::1".parse().expect("address");
        let attempt = Attempt { tenant: &tenant, login: "user9", address, known_device: false };
        assert!(throttle.check(&attempt).is_err(), "the same /64");
    }
}
