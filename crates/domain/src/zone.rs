//! Days as a place has them: between which instants one of them lies.
//!
//! Invariant: a day ends where the next begins, also where clocks are put forward or back in it;
//! the rules are those of the database that is built in, the same on every machine.

use jiff::civil::Date;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;

use crate::time::Timestamp;

/// Longest name of a zone, in bytes.
const NAME_MAX: usize = 64;

/// A time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Universal time.
    pub const UTC: Self = Self(TimeZone::UTC);

    /// A zone by its name in the database of the IANA, without regard to case, or by an offset such
    /// as `+05:30`, which some browsers have instead.
    pub fn parse(name: &str) -> Option<Self> {
        if name.len() > NAME_MAX {
            return None;
        }
        if name.starts_with(['+', '-']) {
            return DateTimeParser::new().parse_time_zone(name).ok().map(Self);
        }
        TimeZone::get(name).ok().map(Self)
    }

    /// The instants at which a day, told as `YYYY-MM-DD`, and the one after it begin.
    pub fn day(&self, text: &str) -> Option<(Timestamp, Timestamp)> {
        let is_plain = text.len() == 10 && text.starts_with(|c: char| c.is_ascii_digit());
        let day: Date = text.parse().ok().filter(|_| is_plain)?;
        let begin = |day: Date| day.to_zoned(self.0.clone()).ok()?.start_of_day().ok();
        Some((begin(day)?.timestamp(), begin(day.tomorrow().ok()?)?.timestamp()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(zone: &str, day: &str) -> Option<(String, String)> {
        let (begin, end) = Zone::parse(zone).expect("a zone").day(day)?;
        Some((begin.to_string(), end.to_string()))
    }

    fn told(begin: &str, end: &str) -> Option<(String, String)> {
        Some((begin.to_owned(), end.to_owned()))
    }

    #[test]
    fn a_day_is_that_of_its_place() {
        let utc = told("2027-01-15T00:00:00Z", "2027-01-16T00:00:00Z");
        assert_eq!(day("UTC", "2027-01-15"), utc);
        let berlin = told("2027-01-14T23:00:00Z", "2027-01-15T23:00:00Z");
        assert_eq!(day("Europe/Berlin", "2027-01-15"), berlin);
        assert_eq!(day("europe/berlin", "2027-01-15"), berlin);
        let west = told("2027-01-15T08:00:00Z", "2027-01-16T08:00:00Z");
        assert_eq!(day("America/Los_Angeles", "2027-01-15"), west);
        let india = told("2027-01-14T18:30:00Z", "2027-01-15T18:30:00Z");
        assert_eq!(day("Asia/Calcutta", "2027-01-15"), india, "a name from before");
        assert_eq!(day("+05:30", "2027-01-15"), india);
    }

    #[test]
    fn clocks_that_are_put_forward_and_back_move_no_day() {
        let short = told("2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z");
        assert_eq!(day("Europe/Berlin", "2027-03-28"), short);
        let long = told("2027-10-30T22:00:00Z", "2027-10-31T23:00:00Z");
        assert_eq!(day("Europe/Berlin", "2027-10-31"), long);
        // Beirut puts its clocks forward at midnight: the day begins at one.
        let gap = told("2027-03-27T22:00:00Z", "2027-03-28T21:00:00Z");
        assert_eq!(day("Asia/Beirut", "2027-03-28"), gap);
        // Havana puts them back to midnight: the day has it twice, and begins at the first.
        let twice = told("2027-11-07T04:00:00Z", "2027-11-08T05:00:00Z");
        assert_eq!(day("America/Havana", "2027-11-07"), twice);
    }

    #[test]
    fn what_is_no_zone_or_no_day_is_told_so() {
        let long = "Europe/".repeat(20);
        for name in
            ["", "Mars/Olympus", "../etc/passwd", "EST5EDT,M3.2.0,M11.1.0", "+99:00", "+", &long]
        {
            assert_eq!(Zone::parse(name), None, "{name}");
        }
        let texts =
            ["", "today", "2027-02-29", "2027-1-5", "20270115", "+002027-01-15", "-999-01-01"];
        for text in texts.into_iter().chain(["9999-12-31", "2027-01-15T00:00Z", "２027-01-5"]) {
            assert_eq!(Zone::UTC.day(text), None, "{text}");
        }
        assert!(Zone::UTC.day("0001-01-01").is_some());
    }
}
