//! One SQL statement with its parameters, and the cells of the rows it returns.
//!
//! Invariant: the text of a statement never holds an outside value. A constant text is a
//! `&'static str`; the few texts made at run time repeat placeholders ([`Statement::repeated`])
//! and nothing else.

use std::str::FromStr;

use domain::time::{Timestamp, from_millis};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{Arguments, AssertSqlSafe, Row, SqlSafeStr, SqlStr};

use crate::error::{Result, StoreError};

/// A statement that is ready to run.
pub(crate) struct Statement {
    pub(crate) text: SqlStr,
    pub(crate) arguments: AnyArguments,
    pub(crate) invalid: Option<&'static str>,
}

/// A statement of a constant text; parameters follow in the order of `$1`, `$2`, …
pub(crate) fn sql(text: &'static str) -> Statement {
    Statement { text: text.into_sql_str(), arguments: AnyArguments::default(), invalid: None }
}

impl Statement {
    /// `head`, then `rows` groups of `width` placeholders `($1, $2), ($3, $4)…`, then `tail`.
    pub(crate) fn repeated(
        head: &'static str,
        rows: usize,
        width: usize,
        tail: &'static str,
    ) -> Self {
        let mut text = String::from(head);
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 1..=width {
                if column > 1 {
                    text.push_str(", ");
                }
                text.push('$');
                text.push_str(&(row * width + column).to_string());
            }
            text.push(')');
        }
        text.push_str(tail);
        Self {
            text: AssertSqlSafe(text).into_sql_str(),
            arguments: AnyArguments::default(),
            invalid: None,
        }
    }

    /// A text that has no parameters and was written by us: a migration or a setting.
    pub(crate) fn written(text: String) -> Self {
        Self {
            text: AssertSqlSafe(text).into_sql_str(),
            arguments: AnyArguments::default(),
            invalid: None,
        }
    }

    fn bind<'t, T>(mut self, value: T) -> Self
    where
        T: sqlx::Encode<'t, sqlx::Any> + sqlx::Type<sqlx::Any>,
    {
        if self.arguments.add(value).is_err() {
            self.invalid = Some("parameter");
        }
        self
    }

    /// Binds a text. PostgreSQL cannot store NUL characters, so they are refused for both.
    pub(crate) fn text(mut self, value: impl AsRef<str>) -> Self {
        let value = value.as_ref();
        if value.contains('\0') {
            self.invalid = Some("text with a NUL character");
        }
        self.bind(value)
    }

    /// Binds a text or null.
    pub(crate) fn text_or_null<T: AsRef<str>>(self, value: Option<T>) -> Self {
        match value {
            Some(value) => self.text(value),
            None => self.bind(None::<String>),
        }
    }

    /// Binds a whole number.
    pub(crate) fn int(self, value: i64) -> Self {
        self.bind(value)
    }

    /// Binds a yes or no as 1 or 0.
    pub(crate) fn flag(self, value: bool) -> Self {
        self.int(i64::from(value))
    }

    /// Binds an instant as milliseconds since 1970.
    pub(crate) fn time(self, value: Timestamp) -> Self {
        self.int(value.as_millisecond())
    }

    /// Binds an instant or null.
    pub(crate) fn time_or_null(self, value: Option<Timestamp>) -> Self {
        self.bind(value.map(Timestamp::as_millisecond))
    }

    /// Binds a value as JSON text.
    pub(crate) fn json(mut self, value: &impl Serialize) -> Self {
        match serde_json::to_string(value) {
            Ok(text) => self.text(text),
            Err(_) => {
                self.invalid = Some("value as JSON");
                self
            }
        }
    }

    /// Binds names as space-separated text.
    pub(crate) fn words(self, words: impl IntoIterator<Item = &'static str>) -> Self {
        let words: Vec<_> = words.into_iter().collect();
        self.text(words.join(" "))
    }
}

/// The cells of one row, read by column name. A cell that does not hold what this program writes
/// is [`StoreError::Corrupt`], never a panic.
#[derive(Clone, Copy)]
pub(crate) struct Cells<'r>(pub(crate) &'r AnyRow);

impl<'r> Cells<'r> {
    pub(crate) fn text(self, what: &'static str) -> Result<&'r str> {
        self.0.try_get::<&str, _>(what).map_err(|_| StoreError::Corrupt { what })
    }

    pub(crate) fn string(self, what: &'static str) -> Result<String> {
        self.text(what).map(str::to_owned)
    }

    pub(crate) fn text_or_null(self, what: &'static str) -> Result<Option<&'r str>> {
        self.0.try_get::<Option<&str>, _>(what).map_err(|_| StoreError::Corrupt { what })
    }

    pub(crate) fn string_or_null(self, what: &'static str) -> Result<Option<String>> {
        Ok(self.text_or_null(what)?.map(str::to_owned))
    }

    pub(crate) fn int(self, what: &'static str) -> Result<i64> {
        self.0.try_get::<i64, _>(what).map_err(|_| StoreError::Corrupt { what })
    }

    pub(crate) fn int_or_null(self, what: &'static str) -> Result<Option<i64>> {
        self.0.try_get::<Option<i64>, _>(what).map_err(|_| StoreError::Corrupt { what })
    }

    pub(crate) fn flag(self, what: &'static str) -> Result<bool> {
        match self.int(what)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(StoreError::Corrupt { what }),
        }
    }

    pub(crate) fn time(self, what: &'static str) -> Result<Timestamp> {
        self.int(what).map(from_millis)
    }

    pub(crate) fn time_or_null(self, what: &'static str) -> Result<Option<Timestamp>> {
        Ok(self.int_or_null(what)?.map(from_millis))
    }

    /// A value that has a text form, such as an id.
    pub(crate) fn parsed<T: FromStr>(self, what: &'static str) -> Result<T> {
        self.text(what)?.parse().map_err(|_| StoreError::Corrupt { what })
    }

    /// A value of a closed list of names.
    pub(crate) fn named<T>(
        self,
        what: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T> {
        parse(self.text(what)?).ok_or(StoreError::Corrupt { what })
    }

    /// Space-separated names of a closed list.
    pub(crate) fn words<T>(
        self,
        what: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>> {
        self.text(what)?
            .split_ascii_whitespace()
            .map(|word| parse(word).ok_or(StoreError::Corrupt { what }))
            .collect()
    }

    /// A value stored as JSON.
    pub(crate) fn json<T: DeserializeOwned>(self, what: &'static str) -> Result<T> {
        serde_json::from_str(self.text(what)?).map_err(|_| StoreError::Corrupt { what })
    }
}

/// The form in which names and addresses are compared, whatever their case.
pub(crate) fn text_key(text: &str) -> String {
    text.to_lowercase()
}

/// Maps every row.
pub(crate) fn each<T>(
    rows: &[AnyRow],
    from_row: impl Fn(Cells<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    rows.iter().map(|row| from_row(Cells(row))).collect()
}

/// Maps the only row, if there is one.
pub(crate) fn only<T>(
    row: Option<AnyRow>,
    from_row: impl Fn(Cells<'_>) -> Result<T>,
) -> Result<Option<T>> {
    row.as_ref().map(|row| from_row(Cells(row))).transpose()
}
