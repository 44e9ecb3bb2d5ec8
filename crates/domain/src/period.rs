//! Periods such as `PT24H` or `P30D` (ISO 8601-1 section 5.5.2), as lengths of time.
//!
//! Invariant: 1 second to [`Period::MAX_SECONDS`]. A day has 24 hours, a month 30 days and a year
//! 365, so that two periods can be compared whatever the date.

use std::fmt;

use serde::{Deserialize, Serialize};

const DAY: i64 = 86_400;

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period(i64);

/// Why a text is no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is an ISO 8601 duration in whole numbers, from PT1S to P3650D, such as PT24H or P30D")]
pub struct InvalidPeriod;

impl Period {
    /// The notation as a regular expression. What does not match is no period; what matches can
    /// still be out of range, or empty.
    pub const PATTERN: &str =
        "^P([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+S)?)?$";

    /// Ten years.
    pub const MAX_SECONDS: i64 = 3650 * DAY;

    /// So many days, at most [`Period::MAX_SECONDS`].
    pub const fn days(days: u16) -> Self {
        let seconds = days as i64 * DAY;
        Self(if seconds > Self::MAX_SECONDS { Self::MAX_SECONDS } else { seconds })
    }

    /// Reads a period.
    ///
    /// # Errors
    /// [`InvalidPeriod`] for another notation, fractions, signs, and lengths out of range.
    pub fn parse(text: &str) -> Result<Self, InvalidPeriod> {
        let rest = text.strip_prefix('P').ok_or(InvalidPeriod)?;
        let (date, time) = match rest.split_once('T') {
            Some((_, "")) => return Err(InvalidPeriod),
            Some((date, time)) => (date, time),
            None => (rest, ""),
        };
        let date = sum(date, &[('Y', 365 * DAY), ('M', 30 * DAY), ('W', 7 * DAY), ('D', DAY)])?;
        let time = sum(time, &[('H', 3600), ('M', 60), ('S', 1)])?;
        let seconds = date.checked_add(time).ok_or(InvalidPeriod)?;
        let fits = (1..=Self::MAX_SECONDS).contains(&seconds);
        if fits { Ok(Self(seconds)) } else { Err(InvalidPeriod) }
    }

    /// Its length in seconds.
    pub fn seconds(self) -> i64 {
        self.0
    }
}

/// Numbers with units, each unit at most once and in this order.
fn sum(text: &str, units: &[(char, i64)]) -> Result<i64, InvalidPeriod> {
    let mut units = units.iter();
    let (mut rest, mut total) = (text, 0_i64);
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).ok_or(InvalidPeriod)?;
        let number: i64 = rest[..end].parse().map_err(|_| InvalidPeriod)?;
        let unit = rest[end..].chars().next().ok_or(InvalidPeriod)?;
        let (_, seconds) = units.find(|(known, _)| *known == unit).ok_or(InvalidPeriod)?;
        let part = number.checked_mul(*seconds).ok_or(InvalidPeriod)?;
        total = total.checked_add(part).ok_or(InvalidPeriod)?;
        rest = &rest[end + unit.len_utf8()..];
    }
    Ok(total)
}

impl fmt::Display for Period {
    /// Days where they are whole and more than one, and hours, minutes and seconds otherwise.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 > DAY && self.0 % DAY == 0 {
            return write!(f, "P{}D", self.0 / DAY);
        }
        f.write_str("PT")?;
        for (length, unit) in [(self.0 / 3600, 'H'), (self.0 / 60 % 60, 'M'), (self.0 % 60, 'S')] {
            if length > 0 {
                write!(f, "{length}{unit}")?;
            }
        }
        Ok(())
    }
}

impl std::str::FromStr for Period {
    type Err = InvalidPeriod;
    fn from_str(text: &str) -> Result<Self, InvalidPeriod> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Period {
    type Error = InvalidPeriod;
    fn try_from(text: String) -> Result<Self, InvalidPeriod> {
        Self::parse(&text)
    }
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        period.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_and_written() {
        for (text, seconds, written) in [
            ("PT24H", DAY, "PT24H"),
            ("P1D", DAY, "PT24H"),
            ("P365D", 365 * DAY, "P365D"),
            ("P1Y", 365 * DAY, "P365D"),
            ("P1M", 30 * DAY, "P30D"),
            ("PT1M", 60, "PT1M"),
            ("P2W", 14 * DAY, "P14D"),
            ("P1DT1H1M1S", DAY + 3661, "PT25H1M1S"),
            ("PT0H1S", 1, "PT1S"),
            ("P3650D", Period::MAX_SECONDS, "P3650D"),
        ] {
            let period = Period::parse(text).expect(text);
            assert_eq!(period.seconds(), seconds, "{text}");
            assert_eq!(period.to_string(), written, "{text}");
            assert_eq!(Period::parse(written), Ok(period), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "P",
            "PT",
            "P1DT",
            "24h",
            "1 day",
            "p1d",
            "P-1D",
            "+P1D",
            "P1.5D",
            "PT0S",
            "P1H",
            "PT1D",
            "PT1S1H",
            "PT1H1H",
            "P1",
            "P1D ",
            "P3651D",
            "P99999999999999999999D",
            "P1ä",
            "P9223372036854775807Y",
            "PT9223372036854775807S",
        ] {
            assert_eq!(Period::parse(text), Err(InvalidPeriod), "{text:?}");
        }
    }
}
