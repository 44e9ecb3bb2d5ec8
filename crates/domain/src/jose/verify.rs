//! Checking signatures (RFC 7515 section 5.2).
//!
//! Invariant: a key verifies only with an algorithm that fits its type and, when its owner named one, only with
//! that one (RFC 8725 section 3.1). The algorithm in a token's header selects among those; it never adds any.

use std::fmt;

use aws_lc_rs::signature::ParsedPublicKey;

use super::alg::Alg;

/// A public key parsed for use. Cheap to clone next to parsing; hold it in a cache.
#[derive(Clone)]
pub struct VerifyingKey {
    kid: Option<String>,
    /// One entry for each algorithm that the key may be used with.
    keys: Vec<(Alg, ParsedPublicKey)>,
}

/// Why a signature does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The key is of another type, or restricted to another algorithm.
    #[error("the key may not be used with {0}")]
    AlgMismatch(Alg),
    /// Made with another key, over another message, or damaged.
    #[error("the signature is not valid")]
    BadSignature,
}

impl VerifyingKey {
    pub(super) fn new(kid: Option<String>, keys: Vec<(Alg, ParsedPublicKey)>) -> Self {
        Self { kid, keys }
    }

    /// The name of the key, where it has one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Whether [`VerifyingKey::verify`] can succeed with `alg`.
    pub fn fits(&self, alg: Alg) -> bool {
        self.keys.iter().any(|(each, _)| *each == alg)
    }

    /// Checks a JOSE signature: `r || s` for ECDSA, the raw bytes otherwise.
    ///
    /// # Errors
    /// [`VerifyError`].
    pub fn verify(&self, alg: Alg, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
        let (_, key) =
            self.keys.iter().find(|(each, _)| *each == alg).ok_or(VerifyError::AlgMismatch(alg))?;
        key.verify_sig(message, signature).map_err(|_| VerifyError::BadSignature)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let algs: Vec<Alg> = self.keys.iter().map(|(alg, _)| *alg).collect();
        f.debug_struct("VerifyingKey").field("kid", &self.kid).field("algs", &algs).finish()
    }
}
