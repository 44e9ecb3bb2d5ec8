//! The newest refusals of one client, until they are flushed.
//!
//! Invariant: at most [`KEPT`] in memory and per flush, however fast a client is refused; the rest
//! is counted and not kept.

use std::collections::VecDeque;
use std::net::IpAddr;

use domain::time::Timestamp;

use super::Reason;
use crate::trace::TraceId;

/// Refusals that wait for the next flush, per client.
const KEPT: usize = 10;

/// One refusal. Nothing of it is the caller's to choose, except the trace id: 32 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    /// Why.
    pub reason: Reason,
    /// When.
    pub at: Timestamp,
    /// The caller's address.
    pub address: IpAddr,
    /// The request.
    pub trace_id: TraceId,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Recent(VecDeque<Failure>);

impl Recent {
    /// Takes one in. When all places are taken, the oldest of the same reason goes, so that a flood
    /// of one kind does not wash away the others.
    pub(super) fn push(&mut self, failure: Failure) {
        if self.0.len() >= KEPT {
            let same = self.0.iter().position(|kept| kept.reason == failure.reason);
            self.0.remove(same.unwrap_or(0));
        }
        self.0.push_back(failure);
    }

    /// Takes back what could not be written, as far as there is room.
    pub(super) fn give_back(&mut self, failures: &[Failure]) {
        for failure in failures.iter().rev().take(KEPT.saturating_sub(self.0.len())) {
            self.0.push_front(*failure);
        }
    }

    pub(super) fn take(&mut self) -> Vec<Failure> {
        self.0.drain(..).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use domain::time::from_millis;

    use super::*;

    fn failure(reason: Reason, n: i64) -> Failure {
        let address = Ipv4Addr::LOCALHOST.into();
        Failure { reason, at: from_millis(n), address, trace_id: TraceId::new("") }
    }

    #[test]
    fn a_flood_takes_its_places_and_no_more() {
        let mut recent = Recent::default();
        recent.push(failure(Reason::Disabled, 0));
        for n in 1..=10_000 {
            recent.push(failure(Reason::WrongSecret, n));
        }
        recent.push(failure(Reason::ExpiredSecret, 10_001));
        let kept = recent.take();
        assert_eq!(kept.len(), KEPT);
        assert_eq!(kept[KEPT - 1], failure(Reason::ExpiredSecret, 10_001));
        assert_eq!(kept[KEPT - 2], failure(Reason::WrongSecret, 10_000));
        assert!(recent.take().is_empty());
    }

    #[test]
    fn the_newest_of_each_reason_stay() {
        let mut recent = Recent::default();
        recent.push(failure(Reason::Disabled, 0));
        for n in 1..=100 {
            recent.push(failure(Reason::WrongSecret, n));
        }
        let kept = recent.take();
        assert_eq!(kept[0], failure(Reason::Disabled, 0));
        let rest: Vec<_> = (92..=100).map(|n| failure(Reason::WrongSecret, n)).collect();
        assert_eq!(kept[1..], rest);
    }

    #[test]
    fn what_could_not_be_written_comes_back_before_what_is_new() {
        let mut recent = Recent::default();
        for n in 0..8 {
            recent.push(failure(Reason::WrongSecret, n));
        }
        let unwritten = recent.take();
        for n in 8..11 {
            recent.push(failure(Reason::WrongSecret, n));
        }
        recent.give_back(&unwritten);
        let times: Vec<_> = recent.take().iter().map(|one| one.at.as_millisecond()).collect();
        assert_eq!(times, (1..11).collect::<Vec<_>>());
    }
}
