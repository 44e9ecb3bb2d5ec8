//! Throttling of sign-in attempts by account and by address.
//!
//! Invariant: nobody can be locked out for ever. Buckets refill by themselves, and a browser that
//! signed in to the account before (a sealed device cookie proves it) has a bucket of its own, so
//! that an attacker who spends the account's bucket does not stop its owner.

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
    addresses: DefaultKeyedRateLimiter<String>,
    clock: DefaultClock,
}

fn quota(burst: u32, refill_seconds: u32) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(Duration::from_secs(u64::from(refill_seconds.max(1))))
        .unwrap_or_else(|| Quota::per_second(burst))
        .allow_burst(burst)
}

/// IPv6 callers own at least a /64, so that is what counts as one address.
fn network(address: IpAddr) -> String {
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
            addresses: RateLimiter::keyed(quota(
                settings.address_burst,
                settings.address_refill_seconds,
            )),
            clock: DefaultClock::default(),
        }
    }

    /// Takes one attempt out of both buckets.
    ///
    /// # Errors
    /// The whole seconds to wait, at least one.
    pub fn check(&self, attempt: &Attempt<'_>) -> Result<(), u64> {
        let address = network(attempt.address);
        let login = attempt.login.trim().to_lowercase();
        let device = if attempt.known_device { address.as_str() } else { "" };
        let account = format!("{}\n{login}\n{device}", attempt.tenant);
        let wait =
            |until: governor::NotUntil<_>| until.wait_time_from(self.clock.now()).as_secs() + 1;
        self.addresses.check_key(&address).map_err(wait)?;
        self.accounts.check_key(&account).map_err(wait)
    }

    /// Forgets full buckets, so that memory stays bounded; a job calls it.
    pub fn forget_idle(&self) {
        self.accounts.retain_recent();
        self.addresses.retain_recent();
        self.accounts.shrink_to_fit();
        self.addresses.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attacker_cannot_lock_the_owner_out() {
        let settings = SignInSettings {
            account_burst: 2,
            account_refill_seconds: 3600,
            address_burst: 100,
            address_refill_seconds: 1,
        };
        let throttle = Throttle::new(&settings);
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
        let owner = Attempt { known_device: true, ..attacker };
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
