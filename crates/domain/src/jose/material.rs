//! The numbers of a public key and the rules that they must keep (RFC 7518 section 6, RFC 8037 section 2).
//!
//! Invariant: a [`Material`] from [`Material::read`] is a key of an accepted type, size and curve; its texts are
//! canonical base64url, so equal keys have equal texts and one thumbprint.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RsaParameters, RsaPublicKeyComponents,
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::alg::{Alg, KeyType};
use super::jwk::{JwkError, required};
use super::{b64_decode, b64_encode};

/// A public key by type, as the members of a JWK.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kty")]
pub(super) enum Material {
    #[serde(rename = "RSA")]
    Rsa { n: String, e: String },
    #[serde(rename = "EC")]
    Ec { crv: EcCurve, x: String, y: String },
    #[serde(rename = "OKP")]
    Okp { crv: OkpCurve, x: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum EcCurve {
    #[serde(rename = "P-256")]
    P256,
    #[serde(rename = "P-384")]
    P384,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum OkpCurve {
    Ed25519,
}

impl Material {
    /// Takes the members that the key type requires. [`Material::parse`] then checks what they say.
    pub(super) fn read(members: &Map<String, Value>) -> Result<Self, JwkError> {
        match required(members, "kty")?.as_str() {
            "RSA" => Ok(Material::Rsa { n: required(members, "n")?, e: required(members, "e")? }),
            "EC" => Ok(Material::Ec {
                crv: match required(members, "crv")?.as_str() {
                    "P-256" => EcCurve::P256,
                    "P-384" => EcCurve::P384,
                    _ => return Err(JwkError::UnknownCrv),
                },
                x: required(members, "x")?,
                y: required(members, "y")?,
            }),
            "OKP" => match required(members, "crv")?.as_str() {
                "Ed25519" => {
                    Ok(Material::Okp { crv: OkpCurve::Ed25519, x: required(members, "x")? })
                }
                _ => Err(JwkError::UnknownCrv),
            },
            _ => Err(JwkError::UnknownKty),
        }
    }

    pub(super) fn rsa(n: &[u8], e: &[u8]) -> Self {
        Material::Rsa { n: b64_encode(n), e: b64_encode(e) }
    }

    /// From an uncompressed point, `04 || x || y`. `None` when it has another shape.
    pub(super) fn ec(crv: EcCurve, point: &[u8]) -> Option<Self> {
        let (x, y) = point.strip_prefix(&[4])?.split_at_checked(crv.bytes())?;
        Some(Material::Ec { crv, x: b64_encode(x), y: b64_encode(y) })
    }

    pub(super) fn ed25519(x: &[u8]) -> Self {
        Material::Okp { crv: OkpCurve::Ed25519, x: b64_encode(x) }
    }

    pub(super) fn key_type(&self) -> KeyType {
        match self {
            Material::Rsa { .. } => KeyType::Rsa,
            Material::Ec { crv, .. } => crv.key_type(),
            Material::Okp { .. } => KeyType::Ed25519,
        }
    }

    pub(super) fn rsa_bits(&self) -> Option<usize> {
        match self {
            Material::Rsa { n, .. } => Some(bits(&b64_decode(n)?)),
            Material::Ec { .. } | Material::Okp { .. } => None,
        }
    }

    /// RFC 7638: the required members only, in lexicographic order, without white space. The values are
    /// base64url or fixed names, so nothing needs escaping.
    pub(super) fn thumbprint(&self) -> String {
        let canonical = match self {
            Material::Rsa { n, e } => format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#),
            Material::Ec { crv, x, y } => {
                let crv = crv.name();
                format!(r#"{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}"#)
            }
            Material::Okp { x, .. } => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#),
        };
        b64_encode(digest(&SHA256, canonical.as_bytes()).as_ref())
    }

    /// One parsed key for each algorithm that the key may carry; only for `alg` when it is given.
    pub(super) fn parse(&self, alg: Option<Alg>) -> Result<Vec<(Alg, ParsedPublicKey)>, JwkError> {
        match self {
            Material::Rsa { n, e } => parse_rsa(&rsa_modulus(n)?, &rsa_exponent(e)?, alg),
            Material::Ec { crv, x, y } => {
                let x = coordinate("x", x, crv.bytes())?;
                let y = coordinate("y", y, crv.bytes())?;
                parse_point(crv.alg(), &[&[4], x.as_slice(), &y].concat())
            }
            Material::Okp { x, .. } => {
                let point = coordinate("x", x, 32)?;
                if low_order_ed25519(&point) {
                    return Err(JwkError::NotOnCurve);
                }
                parse_point(Alg::EdDSA, &point)
            }
        }
    }
}

impl EcCurve {
    const fn name(self) -> &'static str {
        match self {
            EcCurve::P256 => "P-256",
            EcCurve::P384 => "P-384",
        }
    }

    /// Length of one coordinate.
    const fn bytes(self) -> usize {
        match self {
            EcCurve::P256 => 32,
            EcCurve::P384 => 48,
        }
    }

    const fn key_type(self) -> KeyType {
        match self {
            EcCurve::P256 => KeyType::P256,
            EcCurve::P384 => KeyType::P384,
        }
    }

    const fn alg(self) -> Alg {
        match self {
            EcCurve::P256 => Alg::ES256,
            EcCurve::P384 => Alg::ES384,
        }
    }
}

/// The library checks that an EC point lies on its curve. It can't tell for Ed25519; there, nothing verifies
/// under a key that is no point, so such a key fails closed.
fn parse_point(alg: Alg, point: &[u8]) -> Result<Vec<(Alg, ParsedPublicKey)>, JwkError> {
    let parsed = match alg {
        Alg::ES256 => ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point),
        Alg::ES384 => ParsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point),
        Alg::EdDSA => ParsedPublicKey::new(&ED25519, point),
        Alg::RS256 | Alg::RS512 | Alg::PS256 => return Err(JwkError::AlgMismatch(alg)),
    };
    match parsed {
        Ok(key) => Ok(vec![(alg, key)]),
        Err(_) => Err(JwkError::NotOnCurve),
    }
}

fn parse_rsa(
    n: &[u8],
    e: &[u8],
    alg: Option<Alg>,
) -> Result<Vec<(Alg, ParsedPublicKey)>, JwkError> {
    let all: [(Alg, &'static RsaParameters); 3] = [
        (Alg::RS256, &RSA_PKCS1_2048_8192_SHA256),
        (Alg::RS512, &RSA_PKCS1_2048_8192_SHA512),
        (Alg::PS256, &RSA_PSS_2048_8192_SHA256),
    ];
    all.into_iter()
        .filter(|(each, _)| alg.is_none_or(|wanted| wanted == *each))
        .map(|(each, parameters)| {
            RsaPublicKeyComponents { n, e }
                .to_parsed_public_key(parameters)
                .map(|key| (each, key))
                .map_err(|_| JwkError::RsaModulus)
        })
        .collect()
}

fn coordinate(member: &'static str, text: &str, expected: usize) -> Result<Vec<u8>, JwkError> {
    let bytes = b64_decode(text).ok_or(JwkError::Base64(member))?;
    if bytes.len() != expected {
        return Err(JwkError::Length { member, expected });
    }
    Ok(bytes)
}

/// A number without leading zero bytes. They are refused rather than dropped because the thumbprint, which may
/// be the key's name, is taken over the text.
fn number(member: &'static str, text: &str) -> Result<Vec<u8>, JwkError> {
    let bytes = b64_decode(text).ok_or(JwkError::Base64(member))?;
    match bytes.first() {
        None => Err(JwkError::Missing(member)),
        Some(0) => Err(JwkError::LeadingZero(member)),
        Some(_) => Ok(bytes),
    }
}

/// How many bits a number without leading zero bytes has.
fn bits(number: &[u8]) -> usize {
    let unused = number.first().map_or(0, |byte| byte.leading_zeros() as usize);
    number.len() * 8 - unused
}

/// At least 2048 bits (RFC 7518 section 3.3); at most 8192, so that one check costs a bounded time.
fn rsa_modulus(text: &str) -> Result<Vec<u8>, JwkError> {
    let n = number("n", text)?;
    let bits = bits(&n);
    if !(2048..=8192).contains(&bits) {
        return Err(JwkError::RsaSize(bits));
    }
    if n.last().is_some_and(|byte| byte % 2 == 0) {
        return Err(JwkError::RsaModulus);
    }
    Ok(n)
}

/// Odd and above 2^16 (FIPS 186-5 section 5.1); below 2^32, so that one check costs a bounded time.
fn rsa_exponent(text: &str) -> Result<Vec<u8>, JwkError> {
    let e = number("e", text)?;
    if e.len() > 4 {
        return Err(JwkError::RsaExponent);
    }
    let value = e.iter().fold(0_u32, |value, byte| value << 8 | u32::from(*byte));
    if value < 65_537 || value % 2 == 0 {
        return Err(JwkError::RsaExponent);
    }
    Ok(e)
}

/// The encodings of the points of order 1, 2, 4 and 8, sign bit cleared, in hexadecimal. Under such a "key"
/// signatures can be made without any private key: anybody could act as the client that registered it.
const LOW_ORDER_ED25519: [&str; 7] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

fn low_order_ed25519(point: &[u8]) -> bool {
    let Some((last, rest)) = point.split_last() else {
        return true;
    };
    let hex: String = rest.iter().chain(&[last & 0x7f]).map(|byte| format!("{byte:02x}")).collect();
    LOW_ORDER_ED25519.contains(&hex.as_str())
}
