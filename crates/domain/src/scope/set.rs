//! A set of scopes as it travels: names joined by spaces (RFC 6749 section 3.3).
//!
//! Invariant: the text inside holds each name once, joined by single spaces, in the order in which they came. Two sets
//! are equal when they hold the same names, in whatever order.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::said;
use crate::said::Said;

use super::name::{InvalidScopeName, check};

/// Longest text read, in bytes.
const MAX_TEXT: usize = 8 * 1024;
/// Most names read, repetitions included.
const MAX_NAMES: usize = 200;

/// Why a scope list was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.said())]
pub enum ScopeSetError {
    TooLong,
    TooMany,
    Name(#[from] InvalidScopeName),
}

impl ScopeSetError {
    /// What is wrong and what would be right, in the reader's language.
    pub fn said(self) -> Said {
        match self {
            Self::TooLong => {
                said!("scopes-long", "the scope list is longer than {max} bytes", max = MAX_TEXT)
            }
            Self::TooMany => {
                said!("scopes-many", "the scope list has more than {max} scopes", max = MAX_NAMES)
            }
            Self::Name(error) => error.said(),
        }
    }
}

/// An ordered set of scope names. One shared text: cloning is free, and writing it into a token is a copy. Looking a
/// name up reads the text, which is what a sensible set (a few names, some hundred bytes) does fastest.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ScopeSet(Arc<str>);

impl ScopeSet {
    /// Most names in a list that is read, repetitions included.
    pub const MAX_LENGTH: usize = MAX_NAMES;

    /// Reads a scope list. Repeated spaces and repeated names are tolerated; an empty text is the empty set.
    ///
    /// # Errors
    /// [`ScopeSetError`].
    pub fn parse(text: &str) -> Result<Self, ScopeSetError> {
        if text.len() > MAX_TEXT {
            return Err(ScopeSetError::TooLong);
        }
        let mut names = Vec::new();
        for name in text.split(' ').filter(|name| !name.is_empty()) {
            if names.len() == MAX_NAMES {
                return Err(ScopeSetError::TooMany);
            }
            names.push(check(name)?);
        }
        Ok(Self::join(names))
    }

    /// The same from a list, as JSON bodies carry it.
    ///
    /// # Errors
    /// [`ScopeSetError`].
    pub fn from_names<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, ScopeSetError> {
        let mut checked = Vec::new();
        let mut length = 0;
        for name in names {
            checked.push(check(name)?);
            length += name.len() + 1;
            if checked.len() > MAX_NAMES {
                return Err(ScopeSetError::TooMany);
            }
            if length > MAX_TEXT {
                return Err(ScopeSetError::TooLong);
            }
        }
        Ok(Self::join(checked))
    }

    /// Joins checked names, each at its first place.
    pub(super) fn join<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut kept: Vec<&str> = Vec::new();
        for name in names {
            if !kept.contains(&name) {
                kept.push(name);
            }
        }
        Self(Arc::from(kept.join(" ")))
    }

    /// The names joined by spaces, as the `scope` parameter and claim carry them.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|name| !name.is_empty())
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there is no name at all: a client with such a set reaches nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the name itself is in the set. What it includes is the catalogue's business.
    pub fn contains(&self, name: &str) -> bool {
        self.iter().any(|each| each == name)
    }

    /// Whether every name is in `other` too.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|name| other.contains(name))
    }

    /// The names of both: these first, then what `other` adds.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::join(self.iter().chain(other.iter()))
    }

    /// The names of many sets, each at its first place: as [`union`](Self::union) one after the other, in time that
    /// grows with their texts alone.
    pub fn all_of<'s>(sets: impl IntoIterator<Item = &'s Self>) -> Self {
        let mut seen = HashSet::new();
        let names = sets.into_iter().flat_map(Self::iter);
        let kept: Vec<&str> = names.filter(|name| seen.insert(*name)).collect();
        Self(Arc::from(kept.join(" ")))
    }

    /// The names that are in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self::join(self.iter().filter(|name| other.contains(name)))
    }

    /// The names for which `keep` says yes.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&str) -> bool) -> Self {
        Self::join(self.iter().filter(|name| keep(name)))
    }

    /// The set without one name.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        if self.contains(name) { self.filtered(|each| each != name) } else { self.clone() }
    }

    /// The names that are not in `other`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self::join(self.iter().filter(|name| !other.contains(name)))
    }
}

impl PartialEq for ScopeSet {
    fn eq(&self, other: &Self) -> bool {
        // Without repetitions, equal length and every name found is equality.
        self.0 == other.0 || (self.0.len() == other.0.len() && self.is_subset(other))
    }
}

impl Eq for ScopeSet {}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl From<ScopeSet> for String {
    fn from(set: ScopeSet) -> Self {
        set.0.as_ref().to_owned()
    }
}

impl TryFrom<String> for ScopeSet {
    type Error = ScopeSetError;

    fn try_from(text: String) -> Result<Self, ScopeSetError> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests;
