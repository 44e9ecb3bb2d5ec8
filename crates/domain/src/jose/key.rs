//! Private keys of ours, for signing.
//!
//! Invariant: a [`SigningKey`] is bound to one algorithm, was parsed once, and can't be printed. It signs with
//! the library's own randomness: an ECDSA nonce is not something for a caller to supply.

use std::borrow::Cow;
use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA512,
    RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use zeroize::Zeroizing;

use super::alg::{Alg, KeyType};
use super::b64_encode;
use super::der;
use super::jwk::{Jwk, JwkError};
use super::material::{EcCurve, Material};
use super::verify::VerifyingKey;

/// Why a private key could not be made, read or used. Says nothing about its content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("the key could not be generated")]
    Generate,
    #[error("this is not a PKCS#8 private key for {0}")]
    Rejected(Alg),
    #[error("the public half of the key is not acceptable: {0}")]
    Public(#[from] JwkError),
    #[error("signing failed")]
    Sign,
}

/// A private key with its algorithm and name.
pub struct SigningKey {
    alg: Alg,
    kid: String,
    pair: Pair,
    pkcs8: Zeroizing<Vec<u8>>,
    public: Jwk,
    at_jwt_header: String,
    jwt_header: String,
}

enum Pair {
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
    Ec(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl SigningKey {
    /// Makes a new key, named by its RFC 7638 thumbprint. RSA keys have 2048 bits (and take a noticeable part of
    /// a second, so do not do it on a thread that serves requests).
    ///
    /// # Errors
    /// [`KeyError::Generate`] when the library has no randomness or memory.
    pub fn generate(alg: Alg) -> Result<Self, KeyError> {
        let pkcs8 = generate_pkcs8(alg).ok_or(KeyError::Generate)?;
        let (pair, material) = Pair::read(alg, &pkcs8).ok_or(KeyError::Rejected(alg))?;
        let public = Jwk::for_signing(material, alg);
        Ok(Self::assemble(alg, pair, pkcs8, public))
    }

    /// Reads a stored key. RSA keys of 2048 to 8192 bits are accepted.
    ///
    /// # Errors
    /// [`KeyError::Rejected`] when `pkcs8` is not an unencrypted PKCS#8 private key that fits `alg`;
    /// [`KeyError::Public`] when its public half breaks a rule of [`Jwk::parse_public`].
    pub fn from_pkcs8(alg: Alg, kid: impl Into<String>, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let (pair, material) = Pair::read(alg, pkcs8).ok_or(KeyError::Rejected(alg))?;
        let public = Jwk::for_signing(material, alg).with_kid(kid);
        public.verifying_key()?;
        let pkcs8 = Zeroizing::new(pkcs8.to_vec());
        Ok(Self::assemble(alg, pair, pkcs8, public))
    }

    fn assemble(alg: Alg, pair: Pair, pkcs8: Zeroizing<Vec<u8>>, public: Jwk) -> Self {
        let kid = public.kid().unwrap_or_default().to_owned();
        Self {
            at_jwt_header: encode_header(alg, &kid, "at+jwt"),
            jwt_header: encode_header(alg, &kid, "JWT"),
            alg,
            kid,
            pair,
            pkcs8,
            public,
        }
    }

    /// The only algorithm that this key signs with.
    pub fn alg(&self) -> Alg {
        self.alg
    }

    /// The name that the headers of its signatures carry.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The private key in PKCS#8 DER, to be encrypted and stored. Not for anything else.
    pub fn pkcs8(&self) -> Zeroizing<Vec<u8>> {
        self.pkcs8.clone()
    }

    /// The public half with `kid`, `use` and `alg`, for `jwks.json`.
    pub fn public_jwk(&self) -> Jwk {
        self.public.clone()
    }

    /// The public half, ready to check what this key signed.
    ///
    /// # Errors
    /// None in practice: the key was accepted when it was made.
    pub fn verifying_key(&self) -> Result<VerifyingKey, JwkError> {
        self.public.verifying_key()
    }

    /// Signs `message` in the JOSE form: `r || s` for ECDSA (RFC 7518 section 3.4).
    ///
    /// # Errors
    /// [`KeyError::Sign`] when the library fails.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &random, message, &mut signature).map(|()| signature)
            }
            Pair::Ec(pair) => {
                pair.sign(&random, message).map(|signature| signature.as_ref().to_vec())
            }
            Pair::Ed25519(pair) => {
                pair.try_sign(message).map(|signature| signature.as_ref().to_vec())
            }
        }
        .map_err(|_| KeyError::Sign)
    }

    /// Length in bytes of what [`SigningKey::sign`] returns.
    pub(super) fn signature_len(&self) -> usize {
        match &self.pair {
            Pair::Rsa(pair, _) => pair.public_modulus_len(),
            Pair::Ec(_) if self.alg == Alg::ES384 => 96,
            Pair::Ec(_) | Pair::Ed25519(_) => 64,
        }
    }

    /// The encoded header for `typ`. Access and ID tokens take it ready-made: it never changes for a key.
    pub(super) fn header(&self, typ: &str) -> Cow<'_, str> {
        match typ {
            "at+jwt" => Cow::Borrowed(&self.at_jwt_header),
            "JWT" => Cow::Borrowed(&self.jwt_header),
            other => Cow::Owned(encode_header(self.alg, &self.kid, other)),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("alg", &self.alg)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

impl Pair {
    fn read(alg: Alg, pkcs8: &[u8]) -> Option<(Self, Material)> {
        match alg.key_type() {
            KeyType::Rsa => {
                let pair = RsaKeyPair::from_pkcs8(pkcs8).ok()?;
                let (n, e) = der::rsa_numbers(pair.public_key().as_ref())?;
                let material = Material::rsa(n, e);
                Some((Pair::Rsa(pair, rsa_encoding(alg)?), material))
            }
            KeyType::P256 => Self::read_ec(&ECDSA_P256_SHA256_FIXED_SIGNING, EcCurve::P256, pkcs8),
            KeyType::P384 => Self::read_ec(&ECDSA_P384_SHA384_FIXED_SIGNING, EcCurve::P384, pkcs8),
            KeyType::Ed25519 => {
                let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8).ok()?;
                let material = Material::ed25519(pair.public_key().as_ref());
                Some((Pair::Ed25519(pair), material))
            }
        }
    }

    fn read_ec(
        algorithm: &'static EcdsaSigningAlgorithm,
        crv: EcCurve,
        pkcs8: &[u8],
    ) -> Option<(Self, Material)> {
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8).ok()?;
        let material = Material::ec(crv, pair.public_key().as_ref())?;
        Some((Pair::Ec(pair), material))
    }
}

fn rsa_encoding(alg: Alg) -> Option<&'static dyn RsaEncoding> {
    match alg {
        Alg::RS256 => Some(&RSA_PKCS1_SHA256),
        Alg::RS512 => Some(&RSA_PKCS1_SHA512),
        Alg::PS256 => Some(&RSA_PSS_SHA256),
        Alg::ES256 | Alg::ES384 | Alg::EdDSA => None,
    }
}

fn generate_pkcs8(alg: Alg) -> Option<Zeroizing<Vec<u8>>> {
    let random = SystemRandom::new();
    let bytes = match alg.key_type() {
        KeyType::Rsa => {
            let pair = RsaKeyPair::generate(KeySize::Rsa2048).ok()?;
            let der: Pkcs8V1Der<'_> = pair.as_der().ok()?;
            der.as_ref().to_vec()
        }
        KeyType::P256 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
            .ok()?
            .as_ref()
            .to_vec(),
        KeyType::P384 => EcdsaKeyPair::generate_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &random)
            .ok()?
            .as_ref()
            .to_vec(),
        KeyType::Ed25519 => Ed25519KeyPair::generate_pkcs8v1(&random).ok()?.as_ref().to_vec(),
    };
    Some(Zeroizing::new(bytes))
}

/// `{"alg":…,"kid":…,"typ":…}` in base64url. `kid` may hold any character, so JSON is left to the library.
fn encode_header(alg: Alg, kid: &str, typ: &str) -> String {
    let header = serde_json::json!({ "alg": alg.as_str(), "kid": kid, "typ": typ });
    b64_encode(header.to_string().as_bytes())
}
