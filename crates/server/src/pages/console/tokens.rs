//! Sign-in & tokens: how long things live, and the keys that sign.

use askama::Template;

use super::{Section, Shell, When};

/// `GET /admin/tokens`; `POST /admin/tokens/lifetimes`.
#[derive(Debug, Clone, Template)]
#[template(path = "console/tokens.html")]
pub struct TokensPage {
    pub shell: Shell,
    pub lifetimes: Vec<LifetimeField>,
    /// What the form began with, in JSON.
    pub base: String,
    /// Why nothing was saved, when it is about no field.
    pub alert: Option<String>,
    pub keys: Vec<KeyLine>,
}

/// `GET /admin/tokens/rotate`, a panel; `POST` there (`atOnce`).
#[derive(Debug, Clone, Template)]
#[template(path = "console/rotate_keys.html")]
pub struct RotateKeysPage {
    pub shell: Shell,
    /// The marks of its two forms, so that each is carried out once.
    pub once: [String; 2],
}

/// A lifetime, as a number and a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifetimeField {
    /// The field's name on the wire.
    pub field: &'static str,
    /// The number as it was typed or stands.
    pub number: String,
    pub unit: Unit,
    /// The least and the most, in words.
    pub least: Duration,
    pub most: Duration,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

/// A number of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duration {
    pub number: i64,
    pub unit: Unit,
}

/// What a lifetime is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Seconds,
    Minutes,
    Hours,
    Days,
}

impl Unit {
    /// From the smallest.
    pub const ALL: [Self; 4] = [Self::Seconds, Self::Minutes, Self::Hours, Self::Days];

    /// Its stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
        }
    }

    /// The unit of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.word() == word)
    }

    /// How many seconds it has.
    pub fn seconds(self) -> i64 {
        match self {
            Self::Seconds => 1,
            Self::Minutes => 60,
            Self::Hours => 3600,
            Self::Days => 86_400,
        }
    }
}

impl Duration {
    /// Seconds in the greatest unit that leaves no rest.
    pub fn of_seconds(seconds: i64) -> Self {
        let fits = |unit: &Unit| seconds != 0 && seconds % unit.seconds() == 0;
        let unit = Unit::ALL.into_iter().rev().find(fits).unwrap_or(Unit::Seconds);
        Self { number: seconds / unit.seconds(), unit }
    }

    pub fn in_words(self, t: &crate::texts::Texts) -> String {
        let count = usize::try_from(self.number).unwrap_or_default();
        let unit = self.unit.word();
        t.count(&format!("duration-{unit}"), count)
    }
}

/// A signing key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLine {
    pub kid: String,
    pub alg: String,
    /// `next`, `active`, `retiring`, `retired`.
    pub state: &'static str,
    pub activates: When,
    pub retires: Option<When>,
}

impl TokensPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let shell = Shell { section: Section::Tokens, ..Shell::sample() };
        let field = |field, seconds, wrong| {
            let Duration { number, unit } = Duration::of_seconds(seconds);
            LifetimeField {
                field,
                number: number.to_string(),
                unit,
                least: Duration::of_seconds(300),
                most: Duration::of_seconds(86_400),
                wrong,
            }
        };
        let key = |kid: &str, state, retires| KeyLine {
            kid: kid.to_owned(),
            alg: "ES256".to_owned(),
            state,
            activates: When::exact(jiff::Timestamp::UNIX_EPOCH),
            retires,
        };
        let retires = When::exact(jiff::Timestamp::UNIX_EPOCH);
        let base = Self {
            shell,
            lifetimes: vec![
                field("accessToken", 21_600, None),
                field("refreshToken", 30 * 86_400, None),
            ],
            base: "{}".to_owned(),
            alert: None,
            keys: vec![key("k2", "active", None), key("k1", "retiring", Some(retires))],
        };
        let mut wrong = Self { alert: Some(base.shell.t.t("refusal-stale")), ..base.clone() };
        wrong.lifetimes[0] = LifetimeField {
            number: "\"many\"".to_owned(),
            ..field("accessToken", 1, Some("is 300 to 86400 seconds".to_owned()))
        };
        vec![("usual", base), ("wrong", wrong)]
    }
}

impl RotateKeysPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let shell = Shell { section: Section::Tokens, ..Shell::sample() };
        let once = ["AAAAAAAAAAAAAAAAAAAAAA".to_owned(), "BBBBBBBBBBBBBBBBBBBBBB".to_owned()];
        vec![("usual", Self { shell, once })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_told_in_the_greatest_unit_that_fits() {
        for (seconds, number, unit) in [
            (60, 1, Unit::Minutes),
            (90, 90, Unit::Seconds),
            (21_600, 6, Unit::Hours),
            (30 * 86_400, 30, Unit::Days),
            (0, 0, Unit::Seconds),
        ] {
            assert_eq!(Duration::of_seconds(seconds), Duration { number, unit });
        }
    }
}
