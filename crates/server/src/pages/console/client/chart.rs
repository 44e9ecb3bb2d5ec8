//! A chart of thirty days, drawn by the server: bars in patterns, so that no colour is needed.

use domain::client::GrantType;

use crate::texts::Texts;

/// Height of the tallest bar, in the picture's units.
const HEIGHT: u64 = 140;
/// Height of the picture.
const FLOOR: u64 = 150;
/// What is so rare that it would vanish is still drawn so high.
const LEAST: u64 = 2;
/// Width that a day has.
const DAY_WIDTH: usize = 20;
/// How many kinds are told apart; the rest are one.
const SERIES_MAX: usize = 4;

/// What is counted, day by day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// `tokens` or `failures`: part of ids and classes.
    pub kind: &'static str,
    /// What is told apart, most frequent first; at most four.
    pub series: Vec<Series>,
    /// The days, oldest first.
    pub days: Vec<Day>,
}

/// One kind of what is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    pub name: String,
    pub total: u64,
}

/// A day with a count for each series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// `YYYY-MM-DD`.
    pub day: String,
    pub counts: Vec<u64>,
}

/// A day's bar: where it stands, what it says, and its pieces (series, y, height).
pub struct Bar {
    pub x: usize,
    pub text: String,
    pub pieces: Vec<(usize, u64, u64)>,
}

/// The key of a grant's name.
pub fn grant_key(grant: GrantType) -> &'static str {
    match grant {
        GrantType::AuthorizationCode => "grant-authorization-code",
        GrantType::RefreshToken => "grant-refresh-token",
        GrantType::ClientCredentials => "grant-client-credentials",
        GrantType::UserImpersonation => "grant-user-impersonation",
    }
}

impl Chart {
    /// A chart of `days` (oldest first), each with its counts by name; the rarest names become
    /// `other`.
    pub fn new(kind: &'static str, days: Vec<(String, Vec<(String, u64)>)>, other: &str) -> Self {
        let mut series: Vec<Series> = Vec::new();
        for (name, count) in days.iter().flat_map(|(_, counts)| counts) {
            match series.iter_mut().find(|known| known.name == *name) {
                Some(known) => known.total += count,
                None => series.push(Series { name: name.clone(), total: *count }),
            }
        }
        series.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.name.cmp(&b.name)));
        if series.len() > SERIES_MAX {
            let rest = series.split_off(SERIES_MAX - 1);
            let total = rest.iter().map(|one| one.total).sum();
            series.push(Series { name: other.to_owned(), total });
        }
        let last = series.len().saturating_sub(1);
        let days = days.into_iter().map(|(day, named)| {
            let mut counts = vec![0; series.len()];
            for (name, count) in named {
                let place = series.iter().position(|one| one.name == name).unwrap_or(last);
                counts[place] += count;
            }
            Day { day, counts }
        });
        Self { kind, days: days.collect(), series }
    }

    /// How much there was in all.
    pub fn total(&self) -> u64 {
        self.series.iter().map(|one| one.total).sum()
    }

    /// How much there was on the busiest day.
    pub fn most(&self) -> u64 {
        self.days.iter().map(Day::total).max().unwrap_or_default()
    }

    /// The first, the middle and the last day.
    pub fn marks(&self) -> Vec<&str> {
        let places = [0, self.days.len() / 2, self.days.len().saturating_sub(1)];
        places.into_iter().filter_map(|at| self.days.get(at)).map(|day| day.day.as_str()).collect()
    }

    /// The bars of days on which there was anything.
    pub fn bars(&self, t: &Texts) -> Vec<Bar> {
        let most = self.most().max(1);
        let bar = |(at, day): (usize, &Day)| {
            let mut floor = FLOOR;
            let mut pieces = Vec::new();
            for (place, count) in day.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                let height = (count * (HEIGHT - 4 * LEAST) / most).max(LEAST);
                floor -= height;
                pieces.push((place, floor, height));
            }
            Bar { x: at * DAY_WIDTH + 3, text: self.words(t, day), pieces }
        };
        let days = self.days.iter().enumerate().filter(|(_, day)| day.total() > 0);
        days.map(bar).collect()
    }

    /// What a day's bar says.
    pub fn words(&self, t: &Texts, day: &Day) -> String {
        let named = self.series.iter().zip(&day.counts).filter(|(_, count)| **count > 0);
        let parts: Vec<String> =
            named.map(|(one, count)| format!("{} {}", t.number(*count), one.name)).collect();
        format!("{}: {}", day.day, parts.join(", "))
    }

    /// Days on which there was anything, newest first.
    pub fn told(&self) -> Vec<&Day> {
        self.days.iter().rev().filter(|day| day.total() > 0).collect()
    }

    pub(super) fn sample(kind: &'static str, names: &[&str], t: Texts) -> Self {
        let day = |at: usize| {
            let name = |(place, name): (usize, &&str)| {
                let count = (at * (7 + place) % 11) as u64 * [40, 9, 3, 1, 1][place.min(4)];
                ((*name).to_owned(), count)
            };
            let counts =
                if at < 4 { Vec::new() } else { names.iter().enumerate().map(name).collect() };
            (format!("2026-11-{:02}", at + 1), counts)
        };
        Self::new(kind, (0..30).map(day).collect(), &t.t("chart-other"))
    }
}

impl Series {
    pub(super) fn shown(&self, t: &Texts) -> String {
        t.number(self.total)
    }
}

impl Day {
    pub(super) fn shown(&self, t: &Texts) -> Vec<String> {
        self.counts.iter().map(|count| t.number(*count)).collect()
    }

    /// How much there was.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(days: &[&[(&str, u64)]]) -> Chart {
        let day = |(at, counts): (usize, &&[(&str, u64)])| {
            let counts = counts.iter().map(|(name, count)| ((*name).to_owned(), *count));
            (format!("2026-11-{:02}", at + 1), counts.collect())
        };
        Chart::new("tokens", days.iter().enumerate().map(day).collect(), "other")
    }

    #[test]
    fn the_rarest_kinds_become_one_and_nothing_is_lost() {
        let days: [&[(&str, u64)]; 2] =
            [&[("a", 9), ("b", 5), ("c", 4), ("d", 2), ("e", 1)], &[("e", 1), ("d", 1)]];
        let chart = chart(&days);
        let names: Vec<_> = chart.series.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c", "other"]);
        assert_eq!(chart.total(), 23);
        assert_eq!(chart.days[0].counts, [9, 5, 4, 3]);
        assert_eq!(chart.days[1].counts, [0, 0, 0, 2]);
        let words = chart.words(&Texts::english(), &chart.days[1]);
        assert_eq!(words, "2026-11-02: 2 other");
    }

    #[test]
    fn bars_stay_in_the_picture_and_rare_things_are_seen() {
        let days: [&[(&str, u64)]; 3] =
            [&[("a", 1), ("b", 1), ("c", 1), ("d", u64::MAX / 2048)], &[], &[("a", 1)]];
        let chart = chart(&days);
        let bars = chart.bars(&Texts::english());
        assert_eq!(bars.len(), 2, "an empty day has no bar");
        for (_, y, height) in bars.iter().flat_map(|bar| &bar.pieces) {
            assert!(*height >= LEAST && y + height <= FLOOR && *y < FLOOR);
        }
        assert_eq!(bars[1].x, 43);
    }

    #[test]
    fn nothing_draws_nothing() {
        let chart = chart(&[&[], &[]]);
        assert_eq!((chart.total(), chart.most()), (0, 0));
        assert!(chart.bars(&Texts::english()).is_empty() && chart.told().is_empty());
    }
}
