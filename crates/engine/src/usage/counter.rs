//! What is counted, and the sums of a node for its metrics.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::client::GrantType;

use super::Reason;

/// What is counted per client and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    /// A token, or the tokens of one answer, by this grant.
    Token(GrantType),
    /// A refusal.
    Failure(Reason),
}

pub(super) const GRANTS: usize = GrantType::ALL.len();
pub(super) const REASONS: usize = Reason::ALL.len();
const COUNTERS: usize = GRANTS + REASONS;

/// What the stored names of refusals begin with, and those of tokens do not.
pub(crate) const REFUSALS: &str = "failure.";

/// What no client's counter can hold, because the client does not exist.
const UNKNOWN_CLIENT: &str = "failure.unknown_client";

impl Counter {
    fn all() -> impl Iterator<Item = Self> {
        let tokens = GrantType::ALL.iter().map(|grant| Self::Token(*grant));
        tokens.chain(Reason::ALL.iter().map(|reason| Self::Failure(*reason)))
    }

    fn place(self) -> usize {
        match self {
            Self::Token(grant) => grant as usize,
            Self::Failure(reason) => GRANTS + reason as usize,
        }
    }

    /// The stored name.
    pub(crate) fn kind(self) -> String {
        match self {
            Self::Token(grant) => token_kind(grant).to_owned(),
            Self::Failure(reason) => format!("{REFUSALS}{}", reason.word()),
        }
    }

    /// The counter of a stored name; `None` for a name of a newer version.
    pub(crate) fn of_kind(kind: &str) -> Option<Self> {
        match kind.strip_prefix(REFUSALS) {
            Some(word) => Reason::parse(word).map(Self::Failure),
            None => Self::all().take(GRANTS).find(|counter| counter.event() == kind),
        }
    }

    /// The name in the metrics, where reasons that belong together share one.
    fn event(self) -> &'static str {
        match self {
            Self::Token(grant) => token_kind(grant),
            Self::Failure(reason) => reason.event(),
        }
    }
}

fn token_kind(grant: GrantType) -> &'static str {
    match grant {
        GrantType::AuthorizationCode => "token.authorization_code",
        GrantType::RefreshToken => "token.refresh_token",
        GrantType::ClientCredentials => "token.client_credentials",
        GrantType::UserImpersonation => "token.user_impersonation",
    }
}

/// The sums of this node since it started, for its metrics.
#[derive(Debug)]
pub struct Totals {
    counts: [AtomicU64; COUNTERS],
    unknown_clients: AtomicU64,
}

impl Default for Totals {
    fn default() -> Self {
        let counts = std::array::from_fn(|_| AtomicU64::new(0));
        Self { counts, unknown_clients: AtomicU64::new(0) }
    }
}

impl Totals {
    pub(super) fn count(&self, counter: Counter) {
        self.counts[counter.place()].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_unknown_client(&self) {
        self.unknown_clients.fetch_add(1, Ordering::Relaxed);
    }

    /// Every event with its sum.
    pub fn read(&self) -> Vec<(&'static str, u64)> {
        let mut sums: Vec<(&'static str, u64)> = Vec::new();
        for counter in Counter::all() {
            let count = self.counts[counter.place()].load(Ordering::Relaxed);
            match sums.iter_mut().find(|(event, _)| *event == counter.event()) {
                Some((_, sum)) => *sum += count,
                None => sums.push((counter.event(), count)),
            }
        }
        sums.push((UNKNOWN_CLIENT, self.unknown_clients.load(Ordering::Relaxed)));
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_counter_has_its_place_and_its_name() {
        for (place, counter) in Counter::all().enumerate() {
            assert_eq!(counter.place(), place);
            assert_eq!(Counter::of_kind(&counter.kind()), Some(counter));
        }
        assert_eq!(Counter::all().count(), COUNTERS);
        for kind in ["failure.", "token.", "token.of_tomorrow", ""] {
            assert_eq!(Counter::of_kind(kind), None, "{kind}");
        }
    }

    #[test]
    fn reasons_that_belong_together_are_one_event() {
        let totals = Totals::default();
        for reason in [Reason::AssertionKey, Reason::AssertionExpired, Reason::UnknownSecret] {
            totals.count(Counter::Failure(reason));
        }
        totals.count_unknown_client();
        let sums = totals.read();
        for (event, sum) in [
            ("failure.assertion", 2),
            ("failure.unknown_secret", 1),
            ("failure.unknown_client", 1),
            ("failure.disabled", 0),
            ("token.client_credentials", 0),
        ] {
            let found: Vec<_> = sums.iter().filter(|(name, _)| *name == event).collect();
            assert_eq!(found, [&(event, sum)]);
        }
    }
}
