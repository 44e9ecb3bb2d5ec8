//! Signature algorithms (RFC 7518 section 3.1, RFC 8037 section 3.1).
//!
//! Invariant: the type has no value for `none` and none for HMAC, so neither an unsigned token nor the
//! "public key used as an HMAC secret" confusion (RFC 8725 sections 2.1 and 3.1) can be written down.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A JWS `alg` value that Countersign signs or verifies with. Serialised by its registered name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Alg {
    /// RSASSA-PKCS1-v1_5 with SHA-256; the default for ID tokens (OIDC Core section 2).
    RS256,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RS512,
    /// RSASSA-PSS with SHA-256 and a 32-byte salt.
    PS256,
    /// ECDSA on P-256 with SHA-256; the default for access tokens.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
    /// Ed25519 (RFC 8037); Ed448 is not supported.
    EdDSA,
}

/// What a key must be to carry an algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// `kty` RSA, 2048 to 8192 bits.
    Rsa,
    /// `kty` EC, `crv` P-256.
    P256,
    /// `kty` EC, `crv` P-384.
    P384,
    /// `kty` OKP, `crv` Ed25519.
    Ed25519,
}

/// The text is not the name of a supported algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the algorithm is not one of RS256, RS512, PS256, ES256, ES384, EdDSA")]
pub struct UnsupportedAlg;

impl Alg {
    /// Every algorithm, in the order in which metadata lists them.
    pub const ALL: [Alg; 6] =
        [Alg::RS256, Alg::RS512, Alg::PS256, Alg::ES256, Alg::ES384, Alg::EdDSA];

    /// The registered name, as it stands in a JOSE header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Alg::RS256 => "RS256",
            Alg::RS512 => "RS512",
            Alg::PS256 => "PS256",
            Alg::ES256 => "ES256",
            Alg::ES384 => "ES384",
            Alg::EdDSA => "EdDSA",
        }
    }

    /// The only type of key that this algorithm works with.
    pub const fn key_type(self) -> KeyType {
        match self {
            Alg::RS256 | Alg::RS512 | Alg::PS256 => KeyType::Rsa,
            Alg::ES256 => KeyType::P256,
            Alg::ES384 => KeyType::P384,
            Alg::EdDSA => KeyType::Ed25519,
        }
    }
}

/// The type as people know it, with its curve.
impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            KeyType::Rsa => "RSA",
            KeyType::P256 => "EC P-256",
            KeyType::P384 => "EC P-384",
            KeyType::Ed25519 => "Ed25519",
        })
    }
}

impl fmt::Display for Alg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Alg {
    type Err = UnsupportedAlg;

    fn from_str(name: &str) -> Result<Self, UnsupportedAlg> {
        Alg::ALL.into_iter().find(|alg| alg.as_str() == name).ok_or(UnsupportedAlg)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_registered_ones_everywhere() {
        for alg in Alg::ALL {
            assert_eq!(alg.as_str().parse(), Ok(alg));
            assert_eq!(alg.to_string(), alg.as_str());
            assert_eq!(serde_json::to_value(alg).unwrap(), alg.as_str());
            assert_eq!(serde_json::from_value::<Alg>(alg.as_str().into()).unwrap(), alg);
        }
    }

    #[test]
    fn none_hmac_and_other_spellings_are_not_algorithms() {
        for name in
            ["none", "None", "", "HS256", "HS512", "rs256", "ES256K", "ES512", "RS1", "Ed448"]
        {
            assert_eq!(name.parse::<Alg>(), Err(UnsupportedAlg), "{name}");
        }
    }
}
