//! Compact signed tokens (RFC 7515 section 7.1), read and written.
//!
//! Invariant: what [`parse`] returns is only a claim about a claim. The single way from [`Unverified`] to
//! [`Verified`] is a signature check with a key that the caller chose, so code that wants trusted claims asks
//! for `Verified` in its signature and the compiler does the rest.
//!
//! Attacks stopped here (RFC 8725): `alg: none` and HMAC confusion (no such [`Alg`]), algorithm swaps (the key
//! decides), `crit` and `b64` extensions that we would have to understand, members given twice, second encodings
//! of one signature, and texts that are too long or too deep. `jku`, `x5u`, `x5c` are never looked at.

use std::ops::Deref;

use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::alg::Alg;
use super::key::{KeyError, SigningKey};
use super::verify::{VerifyError, VerifyingKey};
use super::{b64_decode, b64_encode};
use crate::strict_json::{StrictJsonError, parse_object};

/// Longest token read, in bytes.
pub const MAX_TOKEN: usize = 16 * 1024;
/// Most keys tried for one token.
pub const MAX_TRIES: usize = 8;

/// Why a token was not accepted. Never carries a part of the token except an algorithm's or member's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    #[error("the token is longer than {MAX_TOKEN} bytes")]
    TooLong,
    #[error("the token does not have three parts separated by `.`")]
    Parts,
    #[error("the token's {0} is not base64url without padding")]
    Base64(&'static str),
    #[error("the token's {part} {error}")]
    Json { part: &'static str, error: StrictJsonError },
    #[error("the token's header has no `alg`")]
    MissingAlg,
    #[error("the token's `alg` is not one of RS256, RS512, PS256, ES256, ES384, EdDSA")]
    UnsupportedAlg,
    #[error("the token's header member `{0}` is not a text")]
    HeaderType(&'static str),
    #[error("the token's header has `{0}`, which is not supported")]
    Extension(&'static str),
    #[error("the token has no signature")]
    NoSignature,
    #[error("no key fits the token's `kid` and `alg`")]
    NoKey,
    #[error("more than {MAX_TRIES} keys fit the token's `kid` and `alg`")]
    TooManyKeys,
    #[error(transparent)]
    Verify(#[from] VerifyError),
    #[error("the token's claims do not have the expected types")]
    Claims,
}

/// Why a token was not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    #[error("the claims can't be written as JSON")]
    Claims,
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Signs `claims` as a token of type `typ`.
///
/// One of these runs for every token issued, so beside the signature it does only what it must: the header comes
/// ready-made from the key, the claims are written once, and the token is built in one string.
///
/// # Errors
/// [`SignError::Claims`] when `claims` does not serialise; [`SignError::Key`] when the library fails.
pub fn sign_compact(
    key: &SigningKey,
    typ: &str,
    claims: &impl Serialize,
) -> Result<String, SignError> {
    let header = key.header(typ);
    let mut payload = Vec::with_capacity(768);
    serde_json::to_writer(&mut payload, claims).map_err(|_| SignError::Claims)?;

    let signature_room = 1 + encoded_len(key.signature_len());
    let capacity = header.len() + 1 + encoded_len(payload.len()) + signature_room;
    let mut token = String::with_capacity(capacity);
    token.push_str(&header);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(&payload, &mut token);

    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(&signature, &mut token);
    Ok(token)
}

/// Length of `bytes` bytes in base64url without padding.
const fn encoded_len(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

/// A token that was taken apart and not yet checked.
#[derive(Debug)]
pub struct Unverified<'t> {
    /// What the token says it was signed with.
    pub alg: Alg,
    /// Which key the token says it was signed with.
    pub kid: Option<String>,
    /// The kind of token that it says it is; compare with [`has_type`].
    pub typ: Option<String>,
    jwk: Option<Value>,
    claims: Map<String, Value>,
    signing_input: &'t str,
    signature: Vec<u8>,
}

/// Takes a token apart.
///
/// # Errors
/// [`JwsError`] when it is not a well-formed token of the kinds that we accept. The signature isn't looked at.
pub fn parse(token: &str) -> Result<Unverified<'_>, JwsError> {
    if token.len() > MAX_TOKEN {
        return Err(JwsError::TooLong);
    }
    let (signing_input, signature) = token.rsplit_once('.').ok_or(JwsError::Parts)?;
    let (header, payload) = signing_input.split_once('.').ok_or(JwsError::Parts)?;
    if payload.contains('.') {
        return Err(JwsError::Parts);
    }
    let header = Header::read(object("header", header)?)?;
    let signature = b64_decode(signature).ok_or(JwsError::Base64("signature"))?;
    if signature.is_empty() {
        return Err(JwsError::NoSignature);
    }
    Ok(Unverified {
        alg: header.alg,
        kid: header.kid,
        typ: header.typ,
        jwk: header.jwk,
        claims: object("payload", payload)?,
        signing_input,
        signature,
    })
}

fn object(part: &'static str, text: &str) -> Result<Map<String, Value>, JwsError> {
    let json = b64_decode(text).ok_or(JwsError::Base64(part))?;
    parse_object(&json).map_err(|error| JwsError::Json { part, error })
}

struct Header {
    alg: Alg,
    kid: Option<String>,
    typ: Option<String>,
    jwk: Option<Value>,
}

impl Header {
    fn read(mut members: Map<String, Value>) -> Result<Self, JwsError> {
        for extension in ["crit", "b64"] {
            if members.contains_key(extension) {
                return Err(JwsError::Extension(extension));
            }
        }
        let mut text = |name: &'static str| match members.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(JwsError::HeaderType(name)),
        };
        let alg = text("alg")?.ok_or(JwsError::MissingAlg)?;
        Ok(Self {
            alg: alg.parse().map_err(|_| JwsError::UnsupportedAlg)?,
            kid: text("kid")?,
            typ: text("typ")?,
            jwk: members.remove("jwk"),
        })
    }
}

impl Unverified<'_> {
    /// What the token says, to find out whose it might be. Anybody can have written it.
    pub fn claims_unverified(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// The `jwk` header member, as a DPoP proof carries it (RFC 9449 section 4.2). Anybody can have written it.
    pub fn jwk_unverified(&self) -> Option<&Value> {
        self.jwk.as_ref()
    }

    /// Checks the signature with `key`.
    ///
    /// # Errors
    /// [`JwsError::Verify`].
    pub fn verify(&self, key: &VerifyingKey) -> Result<Verified, JwsError> {
        key.verify(self.alg, self.signing_input.as_bytes(), &self.signature)?;
        Ok(Verified {
            alg: self.alg,
            kid: self.kid.clone(),
            typ: self.typ.clone(),
            claims: self.claims.clone(),
        })
    }

    /// Checks the signature with the keys whose `kid` is the token's. A token without `kid` may be signed with
    /// any key that fits its algorithm, as long as there are at most [`MAX_TRIES`] of them.
    ///
    /// # Errors
    /// [`JwsError::NoKey`] when none fits, [`JwsError::TooManyKeys`], or [`JwsError::Verify`].
    pub fn verify_with_set(&self, keys: &[VerifyingKey]) -> Result<Verified, JwsError> {
        let named = |key: &&VerifyingKey| self.kid.is_none() || self.kid.as_deref() == key.kid();
        let candidates = || keys.iter().filter(named).filter(|key| key.fits(self.alg));
        if candidates().count() > MAX_TRIES {
            return Err(JwsError::TooManyKeys);
        }
        let mut outcome = Err(JwsError::NoKey);
        for key in candidates() {
            outcome = self.verify(key);
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    }
}

/// A token whose signature was checked; dereferences to its claims. Whose it is, for whom, and until when is
/// still for the caller to check.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    alg: Alg,
    kid: Option<String>,
    typ: Option<String>,
    claims: Map<String, Value>,
}

impl Verified {
    /// The algorithm that the signature was checked with.
    pub fn alg(&self) -> Alg {
        self.alg
    }

    /// The header's `kid`.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The header's `typ`.
    pub fn typ(&self) -> Option<&str> {
        self.typ.as_deref()
    }

    /// Whether the header's `typ` is `wanted`; see [`has_type`].
    pub fn is_type(&self, wanted: &str) -> bool {
        has_type(self.typ(), wanted)
    }

    /// The claims, as signed.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// The claims, as signed, by value.
    pub fn into_claims(self) -> Map<String, Value> {
        self.claims
    }

    /// The claims as a type of the caller's.
    ///
    /// # Errors
    /// [`JwsError::Claims`] when a claim is missing or of another type.
    pub fn decode<T: DeserializeOwned>(self) -> Result<T, JwsError> {
        serde_json::from_value(Value::Object(self.claims)).map_err(|_| JwsError::Claims)
    }
}

impl Deref for Verified {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.claims
    }
}

/// Whether a header's `typ` names the media type `wanted`: without regard to case, with or without
/// `application/` in front (RFC 7515 section 4.1.9).
pub fn has_type(typ: Option<&str>, wanted: &str) -> bool {
    const PREFIX: &str = "application/";
    typ.is_some_and(|typ| {
        let short = match typ.split_at_checked(PREFIX.len()) {
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case(PREFIX) => rest,
            _ => typ,
        };
        short.eq_ignore_ascii_case(wanted)
    })
}

/// `at_hash` and `c_hash`: the left half of the hash that belongs to the ID token's algorithm, in base64url
/// (OIDC Core sections 3.1.3.6 and 3.3.2.11). Ed25519 hashes with SHA-512 inside, so that is its hash.
pub fn left_half_hash(alg: Alg, text: &str) -> String {
    let algorithm = match alg {
        Alg::RS256 | Alg::PS256 | Alg::ES256 => &SHA256,
        Alg::ES384 => &SHA384,
        Alg::RS512 | Alg::EdDSA => &SHA512,
    };
    let hash = digest(algorithm, text.as_bytes());
    let half = hash.as_ref().len() / 2;
    b64_encode(&hash.as_ref()[..half])
}

#[cfg(test)]
mod tests;
