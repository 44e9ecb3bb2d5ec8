//! Time as a value.
//!
//! Invariant: below the edge nobody asks what time it is; a [`Clock`] is read once per request.

use std::sync::atomic::{AtomicI64, Ordering};

pub use jiff::{SignedDuration, Timestamp};

/// A source of the current time.
pub trait Clock: Send + Sync {
    /// The current instant.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until a test moves it.
#[derive(Debug)]
pub struct FrozenClock(AtomicI64);

impl FrozenClock {
    /// Stands at `at`, with millisecond resolution.
    pub fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.as_millisecond()))
    }

    /// Moves the clock forward by whole seconds.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> Timestamp {
        from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Milliseconds since 1970 to an instant; values beyond the calendar are clamped, never a panic.
pub fn from_millis(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(if millis < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

/// The first whole second after `at`: instants told in seconds (`iat`) are from it on only when they
/// are later than `at`.
pub fn next_second(at: Timestamp) -> Timestamp {
    let next = at.as_millisecond().div_euclid(1000).saturating_add(1);
    from_millis(next.saturating_mul(1000))
}

/// The day of an instant as `YYYY-MM-DD` in UTC: texts that sort as the days do.
pub fn day_of(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

/// `at` plus whole seconds, clamped to the calendar.
pub fn plus_seconds(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_ten_characters() {
        assert_eq!(day_of(from_millis(1_800_000_000_250)), "2027-01-15");
        assert_eq!(day_of(from_millis(0)), "1970-01-01");
    }

    #[test]
    fn the_next_second_is_later_and_whole() {
        for (at, next) in [(0, 1000), (1, 1000), (999, 1000), (1000, 2000), (-1, 0), (-1000, 0)] {
            assert_eq!(next_second(from_millis(at)), from_millis(next), "{at}");
        }
        assert_eq!(next_second(Timestamp::MAX), Timestamp::MAX);
    }
}
