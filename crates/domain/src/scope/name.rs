//! One scope token (RFC 6749 section 3.3).
//!
//! Invariant: a name is made of printable ASCII without space, `"` and `\`, so that it can stand in a scope list, a
//! JSON text, a header and a log line as it is.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::said;
use crate::said::Said;

/// Longest name, in characters.
const MAX_NAME: usize = 256;

/// The text is not a scope token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.said())]
pub struct InvalidScopeName;

impl InvalidScopeName {
    /// What is wrong and what would be right, in the reader's language.
    pub fn said(self) -> Said {
        said!(
            "scope-name",
            "a scope has 1 to {max} printable ASCII characters, without space, quote and backslash",
            max = MAX_NAME
        )
    }
}

/// `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`, at most 256 characters.
pub(super) fn check(text: &str) -> Result<&str, InvalidScopeName> {
    let legal = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    if (1..=MAX_NAME).contains(&text.len()) && text.bytes().all(legal) {
        Ok(text)
    } else {
        Err(InvalidScopeName)
    }
}

/// The name of one scope. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ScopeName(Arc<str>);

impl ScopeName {
    /// Longest name, in characters.
    pub const MAX_LENGTH: usize = MAX_NAME;

    /// Checks a name.
    ///
    /// # Errors
    /// [`InvalidScopeName`].
    pub fn parse(text: &str) -> Result<Self, InvalidScopeName> {
        check(text).map(|text| Self(Arc::from(text)))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ScopeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// So that a map by name can be asked with a text.
impl Borrow<str> for ScopeName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<ScopeName> for String {
    fn from(name: ScopeName) -> Self {
        name.0.as_ref().to_owned()
    }
}

impl TryFrom<String> for ScopeName {
    type Error = InvalidScopeName;

    fn try_from(text: String) -> Result<Self, InvalidScopeName> {
        Self::parse(&text)
    }
}
