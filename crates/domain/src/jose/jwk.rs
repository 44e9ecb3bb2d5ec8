//! One public key as JSON: JWK (RFC 7517 section 4).
//!
//! Invariant: a [`Jwk`] that exists holds a public signature key that we can use. Private members, weak RSA
//! keys, points that are not on their curve and keys meant for something else are refused where they enter
//! (registration, a fetched `jwks_uri`, a DPoP header), not where a signature happens to be checked.
//! Serialising a `Jwk` can't reveal a private key because the type has no place for one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::alg::{Alg, KeyType};
use super::jwk_set::MAX_KEYS;
use super::material::Material;
use super::verify::VerifyingKey;
use crate::said;
use crate::said::Said;

/// Longest `kid` accepted, in bytes.
const MAX_KID: usize = 256;
/// RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1: none of these belongs in a public key.
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "k", "oth"];

/// Why a JWK or a set was not accepted. Names members, never repeats their values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.said())]
pub enum JwkError {
    NotAnObject,
    PrivateMember(&'static str),
    Missing(&'static str),
    NotText(&'static str),
    UnknownKty,
    UnknownCrv,
    Base64(&'static str),
    LeadingZero(&'static str),
    RsaSize(usize),
    RsaModulus,
    RsaExponent,
    Length { member: &'static str, expected: usize },
    NotOnCurve,
    WrongUse,
    UnsupportedAlg,
    AlgMismatch(Alg),
    Kid,
    NotASet,
    EmptySet,
    TooManyKeys,
    DuplicateKid,
}

impl JwkError {
    /// What is wrong and what would be right, in the reader's language.
    pub fn said(&self) -> Said {
        match self {
            Self::NotAnObject => said!("jwk-not-an-object", "the key is not a JSON object"),
            Self::PrivateMember(member) => said!(
                "jwk-private-member",
                "the key has the private member `{member}`; send only the public key",
                member = *member
            ),
            Self::Missing(member) => {
                said!("jwk-missing", "the key has no `{member}`", member = *member)
            }
            Self::NotText(member) => {
                said!("jwk-not-text", "`{member}` is not a text", member = *member)
            }
            Self::UnknownKty => said!("jwk-unknown-kty", "`kty` is not one of RSA, EC, OKP"),
            Self::UnknownCrv => {
                said!("jwk-unknown-crv", "`crv` is not one of P-256, P-384 (EC), Ed25519 (OKP)")
            }
            Self::Base64(member) => {
                said!("jwk-base64", "`{member}` is not base64url without padding", member = *member)
            }
            Self::LeadingZero(member) => said!(
                "jwk-leading-zero",
                "`{member}` begins with a zero byte (RFC 7518 section 6.3.1)",
                member = *member
            ),
            Self::RsaSize(bits) => said!(
                "jwk-rsa-size",
                "the RSA modulus has {bits} bits; 2048 to 8192 are accepted",
                bits = *bits
            ),
            Self::RsaModulus => {
                said!("jwk-rsa-modulus", "the RSA modulus is not a product of odd primes")
            }
            Self::RsaExponent => said!(
                "jwk-rsa-exponent",
                "the RSA exponent is not an odd number between 65537 and 2^32"
            ),
            Self::Length { member, expected } => said!(
                "jwk-length",
                "`{member}` is not {expected} bytes long",
                member = *member,
                expected = *expected
            ),
            Self::NotOnCurve => {
                said!("jwk-not-on-curve", "the key is not an acceptable point of its curve")
            }
            Self::WrongUse => said!("jwk-wrong-use", "`use` is not `sig`"),
            Self::UnsupportedAlg => said!(
                "jwk-unsupported-alg",
                "`alg` is not one of RS256, RS512, PS256, ES256, ES384, EdDSA"
            ),
            Self::AlgMismatch(alg) => said!(
                "jwk-alg-mismatch",
                "`alg` is {alg}, which this type of key cannot do",
                alg = alg.as_str()
            ),
            Self::Kid => {
                said!("jwk-kid", "`kid` is empty or longer than {max} bytes", max = MAX_KID)
            }
            Self::NotASet => {
                said!("jwk-not-a-set", "the key set is not an object with an array `keys`")
            }
            Self::EmptySet => said!("jwk-empty-set", "the key set is empty"),
            Self::TooManyKeys => {
                said!("jwk-too-many-keys", "the key set has more than {max} keys", max = MAX_KEYS)
            }
            Self::DuplicateKid => {
                said!("jwk-duplicate-kid", "two keys of the set have the same `kid`")
            }
        }
    }
}

/// One public signature key. JSON shape: RFC 7517; `key_ops`, `x5c` and unknown members are dropped on reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value")]
pub struct Jwk {
    #[serde(flatten)]
    material: Material,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    usage: Option<Usage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alg: Option<Alg>,
}

/// RFC 7517 section 4.2. A key for encryption is not a `Jwk` here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Usage {
    #[serde(rename = "sig")]
    Sig,
}

impl Jwk {
    /// Reads and checks a public key.
    ///
    /// # Errors
    /// [`JwkError`] says which rule the key breaks.
    pub fn parse_public(json: &Value) -> Result<Self, JwkError> {
        let members = json.as_object().ok_or(JwkError::NotAnObject)?;
        if let Some(name) = PRIVATE_MEMBERS.into_iter().find(|name| members.contains_key(*name)) {
            return Err(JwkError::PrivateMember(name));
        }
        let jwk = Self {
            material: Material::read(members)?,
            kid: read_kid(members)?,
            usage: read_use(members)?,
            alg: read_alg(members)?,
        };
        if let Some(alg) = jwk.alg.filter(|alg| alg.key_type() != jwk.key_type()) {
            return Err(JwkError::AlgMismatch(alg));
        }
        jwk.verifying_key()?;
        Ok(jwk)
    }

    /// A key of ours, named by its thumbprint, as `jwks.json` publishes it.
    pub(super) fn for_signing(material: Material, alg: Alg) -> Self {
        Self { kid: Some(material.thumbprint()), material, usage: Some(Usage::Sig), alg: Some(alg) }
    }

    /// The same key under another name.
    #[must_use]
    pub fn with_kid(self, kid: impl Into<String>) -> Self {
        Self { kid: Some(kid.into()), ..self }
    }

    /// The name that a JWS header uses for this key (RFC 7517 section 4.5).
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The one algorithm that the key is restricted to, if its owner restricted it.
    pub fn alg(&self) -> Option<Alg> {
        self.alg
    }

    /// What the key is.
    pub fn key_type(&self) -> KeyType {
        self.material.key_type()
    }

    /// The bits of an RSA modulus; nothing for other types, whose curve says it all.
    pub fn rsa_bits(&self) -> Option<usize> {
        self.material.rsa_bits()
    }

    /// The same key with everything said that a client's key says of itself: what it is for, its
    /// algorithm and its name, where its owner left them out.
    #[must_use]
    pub fn complete(self) -> Self {
        let alg = self.alg.unwrap_or(match self.key_type() {
            KeyType::Rsa => Alg::RS256,
            KeyType::P256 => Alg::ES256,
            KeyType::P384 => Alg::ES384,
            KeyType::Ed25519 => Alg::EdDSA,
        });
        let kid = self.kid.unwrap_or_else(|| self.material.thumbprint());
        Self { material: self.material, kid: Some(kid), usage: Some(Usage::Sig), alg: Some(alg) }
    }

    /// A key out of its numbers, checked as [`Jwk::parse_public`] checks.
    pub(super) fn of_material(material: Material) -> Result<Self, JwkError> {
        let jwk = Self { material, kid: None, usage: None, alg: None };
        jwk.verifying_key()?;
        Ok(jwk)
    }

    /// SHA-256 thumbprint, 43 base64url characters (RFC 7638; RFC 8037 section 2 for Ed25519).
    pub fn thumbprint(&self) -> String {
        self.material.thumbprint()
    }

    /// Parses the key for verification. Keep the result: parsing costs more than looking it up.
    ///
    /// # Errors
    /// [`JwkError`] when the numbers are not those of an acceptable key.
    pub fn verifying_key(&self) -> Result<VerifyingKey, JwkError> {
        let keys = self.material.parse(self.alg)?;
        Ok(VerifyingKey::new(self.kid.clone(), keys))
    }
}

impl TryFrom<Value> for Jwk {
    type Error = JwkError;

    fn try_from(json: Value) -> Result<Self, JwkError> {
        Self::parse_public(&json)
    }
}

fn optional(members: &Map<String, Value>, name: &'static str) -> Result<Option<String>, JwkError> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(JwkError::NotText(name)),
    }
}

pub(super) fn required(
    members: &Map<String, Value>,
    name: &'static str,
) -> Result<String, JwkError> {
    optional(members, name)?.ok_or(JwkError::Missing(name))
}

fn read_kid(members: &Map<String, Value>) -> Result<Option<String>, JwkError> {
    let kid = optional(members, "kid")?;
    match &kid {
        Some(text) if text.is_empty() || text.len() > MAX_KID => Err(JwkError::Kid),
        _ => Ok(kid),
    }
}

fn read_use(members: &Map<String, Value>) -> Result<Option<Usage>, JwkError> {
    match optional(members, "use")?.as_deref() {
        None => Ok(None),
        Some("sig") => Ok(Some(Usage::Sig)),
        Some(_) => Err(JwkError::WrongUse),
    }
}

fn read_alg(members: &Map<String, Value>) -> Result<Option<Alg>, JwkError> {
    optional(members, "alg")?
        .map(|name| name.parse().map_err(|_| JwkError::UnsupportedAlg))
        .transpose()
}

#[cfg(test)]
mod tests;
