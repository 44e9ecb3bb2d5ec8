//! Request parameters: from a query string, a form body or a JSON body, as one bounded list.
//!
//! The token endpoint takes forms (RFC 6749 section 4) and JSON (contract section 0, trap 1); everything behind
//! this module sees no difference.
//!
//! Invariants: sizes and counts are bounded before anything is decoded; names and values are valid UTF-8 without
//! NUL, which no database would store; a parameter sent twice is never read as one of the two (RFC 6749
//! section 3.1), because a proxy in front of us may have read the other; values never show in `Debug` or in errors.

use std::fmt;

use serde_json::Value;
use zeroize::Zeroizing;

use crate::strict_json::{StrictJsonError, parse_object};

mod form;
mod user_lookup;

pub use form::{FormDecodeError, form_decode};
pub use user_lookup::UserLookupError;

/// What one request may send. Lengths are in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The whole query string or body, encoded.
    pub total: usize,
    /// Number of parameters, empty ones included.
    pub count: usize,
    /// One decoded name.
    pub name: usize,
    /// One decoded value.
    pub value: usize,
}

impl Default for Limits {
    /// 64 KiB, 100 parameters, names up to 128 bytes, values up to 16 KiB.
    fn default() -> Self {
        Self { total: 64 * 1024, count: 100, name: 128, value: 16 * 1024 }
    }
}

/// Why parameters could not be read. Names a parameter only after its name was found to be acceptable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParamsError {
    #[error("the request is longer than {0} bytes")]
    TooLarge(usize),
    #[error("the request has more than {0} parameters")]
    TooMany(usize),
    #[error("the name of parameter number {number} is longer than {limit} bytes")]
    NameTooLong { number: usize, limit: usize },
    #[error("the parameter `{name}` is longer than {limit} bytes")]
    ValueTooLong { name: String, limit: usize },
    #[error("the name of parameter number {number} {error}")]
    Name { number: usize, error: FormDecodeError },
    #[error("the parameter `{name}` {error}")]
    Value { name: String, error: FormDecodeError },
    #[error("the request body {0}")]
    Json(#[from] StrictJsonError),
}

/// The same parameter was sent more than once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the parameter `{0}` appears more than once")]
pub struct DuplicateParam(pub String);

/// The parameters of one request.
#[derive(Clone, Default)]
pub struct Params {
    /// In the order sent; without empty values, which count as not sent (RFC 6749 section 3.1).
    pairs: Vec<(String, Zeroizing<String>)>,
}

impl Params {
    /// Reads `application/x-www-form-urlencoded`: a body, or a query string without its `?`.
    ///
    /// # Errors
    /// [`ParamsError`] when a limit is exceeded or an encoding is not valid.
    pub fn from_form(body: &[u8], limits: Limits) -> Result<Self, ParamsError> {
        if body.len() > limits.total {
            return Err(ParamsError::TooLarge(limits.total));
        }
        let mut reader = Reader::new(limits);
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let equals = pair.iter().position(|byte| *byte == b'=');
            let (name, value) = match equals {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &b""[..]),
            };
            let name = reader.name(form_decode(name))?;
            reader.push(name, form_decode(value))?;
        }
        Ok(reader.params)
    }

    /// Reads a JSON object. Numbers and booleans become text, `null` counts as not sent, and an object or array
    /// stays JSON text.
    ///
    /// # Errors
    /// [`ParamsError`] when a limit is exceeded or the body is not one JSON object without repeated names.
    pub fn from_json(body: &[u8], limits: Limits) -> Result<Self, ParamsError> {
        if body.len() > limits.total {
            return Err(ParamsError::TooLarge(limits.total));
        }
        let mut reader = Reader::new(limits);
        for (name, value) in parse_object(body)? {
            let name = reader.name(form::without_nul(name))?;
            let text = match value {
                Value::Null => String::new(),
                Value::String(text) => text,
                other => other.to_string(),
            };
            reader.push(name, form::without_nul(text))?;
        }
        Ok(reader.params)
    }

    /// A parameter's value; `None` when it was not sent, or sent empty.
    ///
    /// # Errors
    /// [`DuplicateParam`] when it was sent more than once.
    pub fn get(&self, name: &str) -> Result<Option<&str>, DuplicateParam> {
        let mut values = self.all(name);
        let first = values.next();
        match values.next() {
            None => Ok(first),
            Some(_) => Err(DuplicateParam(name.to_owned())),
        }
    }

    /// Every value of a parameter that may be repeated, such as `resource` (RFC 8707 section 2).
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(move |(each, _)| each == name).map(|(_, value)| value.as_str())
    }

    /// Everything that was sent, in order, but for empty values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The names sent, in order, repeated ones as often as they were sent.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().map(|(name, _)| name.as_str())
    }

    /// Whom to act as, for the grant `urn:qlik:oauth:user-impersonation` (contract section 4.2): `field` and
    /// `value`. As one parameter `user_lookup` with a JSON object, or, since the contract does not say how a form
    /// nests them, as `user_lookup[field]`, `user_lookup.field` or `user_lookup_field` and the same for `value`.
    ///
    /// # Errors
    /// [`UserLookupError`] when it is given in several ways, by halves, or is no object of two texts.
    pub fn user_lookup(&self) -> Result<Option<(String, String)>, UserLookupError> {
        user_lookup::read(self)
    }
}

/// Shows the names only.
impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Params ")?;
        f.debug_list().entries(self.names()).finish()
    }
}

/// Counts and bounds parameters while they are read.
struct Reader {
    limits: Limits,
    number: usize,
    params: Params,
}

impl Reader {
    fn new(limits: Limits) -> Self {
        Self { limits, number: 0, params: Params::default() }
    }

    fn name(&mut self, name: Result<String, FormDecodeError>) -> Result<String, ParamsError> {
        self.number += 1;
        let number = self.number;
        if number > self.limits.count {
            return Err(ParamsError::TooMany(self.limits.count));
        }
        let name = name.map_err(|error| ParamsError::Name { number, error })?;
        let limit = self.limits.name;
        if name.len() > limit {
            return Err(ParamsError::NameTooLong { number, limit });
        }
        Ok(name)
    }

    fn push(
        &mut self,
        name: String,
        value: Result<String, FormDecodeError>,
    ) -> Result<(), ParamsError> {
        let value = match value {
            Ok(value) => Zeroizing::new(value),
            Err(error) => return Err(ParamsError::Value { name, error }),
        };
        let limit = self.limits.value;
        if value.len() > limit {
            return Err(ParamsError::ValueTooLong { name, limit });
        }
        if !value.is_empty() {
            self.params.pairs.push((name, value));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
