//! Sets of public keys: JWK Set (RFC 7517 section 5).
//!
//! Invariant: a set holds at most [`MAX_KEYS`] usable keys, however long the text was that it came from.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::jwk::{Jwk, JwkError};
use super::verify::VerifyingKey;

/// Most keys accepted in one set; the cost of a lookup without `kid` stays bounded.
pub const MAX_KEYS: usize = 100;

/// A JWK Set (RFC 7517 section 5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value")]
pub struct JwkSet {
    pub keys: Vec<Jwk>,
}

impl JwkSet {
    /// Reads a set that somebody registers: every key must be acceptable, so that a mistake shows at once.
    ///
    /// # Errors
    /// The first rule broken; also an empty set, too many keys, or two keys with one `kid`.
    pub fn parse_public(json: &Value) -> Result<Self, JwkError> {
        let keys: Vec<Jwk> =
            read_keys(json)?.iter().map(Jwk::parse_public).collect::<Result<_, _>>()?;
        if keys.is_empty() {
            return Err(JwkError::EmptySet);
        }
        let mut kids: Vec<&str> = keys.iter().filter_map(Jwk::kid).collect();
        kids.sort_unstable();
        if kids.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(JwkError::DuplicateKid);
        }
        Ok(Self { keys })
    }

    /// Reads a set fetched from a `jwks_uri`: keys that we can't use are left out, as RFC 7517 section 5 asks,
    /// because others publish keys for other purposes beside them. The second part says why each was left out.
    ///
    /// # Errors
    /// When it is no set, or has too many keys.
    pub fn parse_fetched(json: &Value) -> Result<(Self, Vec<JwkError>), JwkError> {
        let mut keys = Vec::new();
        let mut left_out = Vec::new();
        for key in read_keys(json)? {
            match Jwk::parse_public(key) {
                Ok(key) => keys.push(key),
                Err(error) => left_out.push(error),
            }
        }
        Ok((Self { keys }, left_out))
    }

    /// Parses every key for verification; see [`Jwk::verifying_key`].
    ///
    /// # Errors
    /// As for one key.
    pub fn verifying_keys(&self) -> Result<Vec<VerifyingKey>, JwkError> {
        self.keys.iter().map(Jwk::verifying_key).collect()
    }
}

impl TryFrom<Value> for JwkSet {
    type Error = JwkError;

    fn try_from(json: Value) -> Result<Self, JwkError> {
        Self::parse_public(&json)
    }
}

fn read_keys(json: &Value) -> Result<&[Value], JwkError> {
    let keys = json.get("keys").and_then(Value::as_array).ok_or(JwkError::NotASet)?;
    if keys.len() > MAX_KEYS {
        return Err(JwkError::TooManyKeys);
    }
    Ok(keys)
}
