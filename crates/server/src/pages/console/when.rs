//! Times: how long ago in words, and the exact instant beside it.

use jiff::Timestamp;

use crate::texts::Texts;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// An instant, as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// In words, or the instant itself in UTC until the reader's browser says it in their zone.
    pub text: String,
    /// The instant for `datetime`.
    pub iso: String,
    /// Whether `text` is relative to now.
    pub is_relative: bool,
}

impl When {
    /// The instant itself.
    pub fn exact(at: Timestamp) -> Self {
        let text = at.strftime("%Y-%m-%d %H:%M UTC").to_string();
        Self { text, iso: crate::pages::show::time_iso(&at), is_relative: false }
    }

    /// How long ago, or in how long.
    pub fn relative(t: Texts, now: Timestamp, at: Timestamp) -> Self {
        let seconds = now.as_second() - at.as_second();
        let (unit, count) = match seconds.abs() {
            s if s < MINUTE => ("moment", 0),
            s if s < HOUR => ("minutes", s / MINUTE),
            s if s < DAY => ("hours", s / HOUR),
            s if s < 60 * DAY => ("days", s / DAY),
            s if s < 730 * DAY => ("months", s / (30 * DAY)),
            s => ("years", s / (365 * DAY)),
        };
        let count = usize::try_from(count).unwrap_or_default();
        let key = if seconds < 0 { format!("in-{unit}") } else { format!("ago-{unit}") };
        let text = t.count(&key, count);
        Self { text, iso: crate::pages::show::time_iso(&at), is_relative: true }
    }

    pub(super) fn sample(t: Texts, days: i64) -> Self {
        let now = Timestamp::from_second(1_795_269_900).unwrap_or_default();
        Self::relative(t, now, now - jiff::SignedDuration::from_hours(24 * days))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_words() {
        let now: Timestamp = "2026-11-21T14:05:00Z".parse().expect("a time");
        let ago = |seconds| {
            When::relative(Texts::english(), now, now - jiff::Span::new().seconds(seconds)).text
        };
        assert_eq!(ago(5), "just now");
        assert_eq!(ago(60), "1 minute ago");
        assert_eq!(ago(3 * 3600 + 100), "3 hours ago");
        assert_eq!(ago(40 * 86_400), "40 days ago");
        assert_eq!(ago(100 * 86_400), "3 months ago");
        assert_eq!(ago(800 * 86_400), "2 years ago");
        assert_eq!(ago(-7200), "in 2 hours");
        assert_eq!(When::exact(now).text, "2026-11-21 14:05 UTC");
    }
}
