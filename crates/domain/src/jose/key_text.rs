//! Public keys as people paste them: JWK, a set of them, or PEM (RFC 7468).
//!
//! Invariants: what is read are public signature keys that [`Jwk::parse_public`] would take, each
//! with all that a client's key says of itself; a private key is refused before anything of it is
//! looked at, and no error repeats what was pasted.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::der::{self, BIT_STRING, OBJECT_IDENTIFIER, SEQUENCE};
use super::jwk::{Jwk, JwkError};
use super::material::{EcCurve, Material};
use crate::said;
use crate::said::Said;

/// Why a text holds no public keys. The text is for the person who pasted it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.said())]
pub enum KeyTextError {
    NoKey,
    NotJson,
    Private,
    Certificate,
    Pem,
    Kind,
    Jwk(#[from] JwkError),
}

impl KeyTextError {
    /// What is wrong and what would be right, in the reader's language.
    pub fn said(&self) -> Said {
        match self {
            Self::NoKey => said!(
                "key-text-no-key",
                "paste a public key: a JWK in JSON, or PEM that begins with -----BEGIN PUBLIC KEY-----"
            ),
            Self::NotJson => said!(
                "key-text-not-json",
                "this is not JSON: a JWK begins with {{ and ends with }}"
            ),
            Self::Private => said!(
                "key-text-private",
                "this is a private key: keep it where your app runs and paste only its public half, \
         which `openssl pkey -in key.pem -pubout` prints"
            ),
            Self::Certificate => said!(
                "key-text-certificate",
                "this is a certificate: paste only its public key, \
         which `openssl x509 -in certificate.pem -pubkey -noout` prints"
            ),
            Self::Pem => {
                said!("key-text-pem", "this PEM does not hold a public key that can be read")
            }
            Self::Kind => said!(
                "key-text-kind",
                "keys of this kind cannot be used: RSA, EC P-256, EC P-384 and Ed25519 can"
            ),
            Self::Jwk(error) => error.said(),
        }
    }
}

/// Reads one or several public keys.
///
/// # Errors
/// [`KeyTextError`] says why there are none.
pub fn read_keys(text: &str) -> Result<Vec<Jwk>, KeyTextError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(KeyTextError::NoKey);
    }
    let keys = match text.contains("-----BEGIN") {
        true => pem_keys(text)?,
        false => json_keys(text)?,
    };
    Ok(keys.into_iter().map(Jwk::complete).collect())
}

fn json_keys(text: &str) -> Result<Vec<Jwk>, KeyTextError> {
    let read: Value = serde_json::from_str(text).map_err(|_| KeyTextError::NotJson)?;
    let keys = match &read {
        Value::Object(members) => match members.get("keys") {
            Some(Value::Array(keys)) => keys.as_slice(),
            Some(_) => return Err(JwkError::NotASet.into()),
            None => std::slice::from_ref(&read),
        },
        Value::Array(keys) => keys.as_slice(),
        _ => return Err(KeyTextError::NoKey),
    };
    if keys.is_empty() {
        return Err(KeyTextError::NoKey);
    }
    keys.iter()
        .map(|key| match Jwk::parse_public(key) {
            Err(JwkError::PrivateMember(_)) => Err(KeyTextError::Private),
            read => Ok(read?),
        })
        .collect()
}

fn pem_keys(text: &str) -> Result<Vec<Jwk>, KeyTextError> {
    if text.contains("PRIVATE KEY-----") {
        return Err(KeyTextError::Private);
    }
    let mut keys = Vec::new();
    for section in text.split("-----BEGIN ").skip(1) {
        let (label, rest) = section.split_once("-----").ok_or(KeyTextError::Pem)?;
        let body = rest.split("-----END ").next().unwrap_or_default();
        let body: String = body.split_ascii_whitespace().collect();
        let der = STANDARD.decode(body).map_err(|_| KeyTextError::Pem)?;
        let material = match label {
            "PUBLIC KEY" => public_key_info(&der)?,
            "RSA PUBLIC KEY" => rsa(&der)?,
            "CERTIFICATE" => return Err(KeyTextError::Certificate),
            _ => return Err(KeyTextError::Pem),
        };
        keys.push(Jwk::of_material(material)?);
    }
    if keys.is_empty() { Err(KeyTextError::Pem) } else { Ok(keys) }
}

fn rsa(der: &[u8]) -> Result<Material, KeyTextError> {
    let (n, e) = der::rsa_numbers(der).ok_or(KeyTextError::Pem)?;
    Ok(Material::rsa(n, e))
}

/// A `SubjectPublicKeyInfo` (RFC 5280 section 4.1): which algorithm, then the key in its own form.
fn public_key_info(der: &[u8]) -> Result<Material, KeyTextError> {
    // The identifiers of RFC 3279 section 2.3.1, RFC 5480 section 2.1 and RFC 8410 section 3.
    const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
    const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

    let parts = || {
        let (info, _) = der::element(SEQUENCE, der)?;
        let (algorithm, rest) = der::element(SEQUENCE, info)?;
        let (identifier, parameters) = der::element(OBJECT_IDENTIFIER, algorithm)?;
        let (bits, _) = der::element(BIT_STRING, rest)?;
        // The first byte says how many bits of the last one do not count: none, for keys.
        Some((identifier, parameters, bits.strip_prefix(&[0])?))
    };
    let (identifier, parameters, key) = parts().ok_or(KeyTextError::Pem)?;
    match identifier {
        RSA => rsa(key),
        ED25519 => Ok(Material::ed25519(key)),
        EC => {
            let curve = match der::element(OBJECT_IDENTIFIER, parameters) {
                Some((P256, _)) => EcCurve::P256,
                Some((P384, _)) => EcCurve::P384,
                _ => return Err(KeyTextError::Kind),
            };
            Material::ec(curve, key).ok_or(KeyTextError::Pem)
        }
        _ => Err(KeyTextError::Kind),
    }
}

#[cfg(test)]
mod tests;
