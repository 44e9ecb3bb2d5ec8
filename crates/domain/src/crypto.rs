//! Keyed hashes and sealing under the installation's master key.
//!
//! Client secrets, codes, refresh tokens and session cookies are 256-bit random values, so a fast
//! keyed hash is the right one for them: there is nothing to guess, and the key (not in the
//! database) makes a stolen table useless. Passwords are people's, and get argon2id elsewhere.
//! Private keys and hub credentials are sealed with AES-256-GCM. Every use has its own derived key.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{constant_time, digest, hkdf, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::audit::AuditSeal;
use crate::entropy::Entropy;
use crate::secret::Secret;

/// URL-safe base64 without padding (RFC 4648 section 5).
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of URL-safe base64 without padding; `None` when it is anything else.
pub fn base64url_decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// SHA-256 as URL-safe base64: for values that are public or of high entropy.
pub fn sha256_base64url(bytes: &[u8]) -> String {
    base64url(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// Compares without telling by time where the difference is.
pub fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// What a keyed hash is for; hashes of different purposes never compare equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashPurpose {
    /// A client secret.
    ClientSecret,
    /// An authorization code.
    AuthorizationCode,
    /// A refresh token.
    RefreshToken,
    /// The successor that a refresh token rotates to.
    RefreshSuccessor,
    /// An API key.
    ApiKey,
    /// A session cookie's value.
    Session,
    /// A CSRF token.
    Csrf,
    /// A derived secret.
    Derived,
    /// Proof that a database belongs to this key.
    KeyCheck,
}

impl HashPurpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::ClientSecret => b"client-secret\0",
            Self::AuthorizationCode => b"authorization-code\0",
            Self::RefreshToken => b"refresh-token\0",
            Self::RefreshSuccessor => b"refresh-successor\0",
            Self::ApiKey => b"api-key\0",
            Self::Session => b"session\0",
            Self::Csrf => b"csrf\0",
            Self::Derived => b"derived\0",
            Self::KeyCheck => b"key-check\0",
        }
    }
}

/// Length of the master key in bytes.
pub const MASTER_KEY_BYTES: usize = 32;

/// The keys that everything secret at rest hangs on, derived from one master key.
pub struct Keyring {
    hash: hmac::Key,
    seal: LessSafeKey,
    audit: AuditSeal,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring([secret])")
    }
}

/// A sealed value could not be opened: other key, other purpose, or changed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed value does not open with this key")]
pub struct OpenError;

impl Keyring {
    /// Derives all keys (HKDF-SHA-256, RFC 5869) from the master key.
    ///
    /// # Panics
    /// Never with the fixed lengths used here.
    pub fn new(master: &[u8; MASTER_KEY_BYTES]) -> Self {
        let derive = |info: &[u8]| {
            let mut okm = Zeroizing::new([0u8; 32]);
            let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, b"countersign/v1").extract(master);
            prk.expand(&[info], hkdf::HKDF_SHA256)
                .and_then(|expanded| expanded.fill(okm.as_mut_slice()))
                .expect("32 bytes are within HKDF-SHA-256's limit");
            okm
        };
        let seal = UnboundKey::new(&AES_256_GCM, derive(b"seal").as_slice())
            .expect("AES-256 takes a key of 32 bytes");
        Self {
            hash: hmac::Key::new(hmac::HMAC_SHA256, derive(b"hash").as_slice()),
            seal: LessSafeKey::new(seal),
            audit: AuditSeal::new(&derive(b"audit")),
        }
    }

    /// What links the events of the audit trail. It has a key of its own, so that whoever writes
    /// the trail can compute no other hash.
    pub fn audit_seal(&self) -> AuditSeal {
        self.audit.clone()
    }

    fn mac(&self, purpose: HashPurpose, parts: &[&[u8]]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.hash);
        context.update(purpose.label());
        for part in parts {
            context.update(part);
            context.update(b"\0");
        }
        context.sign()
    }

    /// The keyed hash of `parts` for `purpose`: 43 URL-safe characters (HMAC-SHA-256).
    pub fn hash(&self, purpose: HashPurpose, parts: &[&str]) -> String {
        let mut bytes: [&[u8]; 4] = [&[]; 4];
        assert!(parts.len() <= bytes.len(), "a hash has at most four parts");
        for (slot, part) in bytes.iter_mut().zip(parts) {
            *slot = part.as_bytes();
        }
        base64url(self.mac(purpose, &bytes[..parts.len()]).as_ref())
    }

    /// A secret of 64 hex digits that this master key always derives for `label`, so that it need
    /// not be stored to be shown again (the demo's credentials).
    pub fn derived_secret(&self, label: &str) -> Secret<String> {
        Secret::new(hex(self.mac(HashPurpose::Derived, &[label.as_bytes()]).as_ref()))
    }

    /// Whether `parts` hash to `expected`, compared in constant time.
    pub fn hash_matches(&self, purpose: HashPurpose, parts: &[&str], expected: &str) -> bool {
        constant_time_eq(self.hash(purpose, parts).as_bytes(), expected.as_bytes())
    }

    /// Seals `plain` so that only this key with the same `context` opens it. The result is
    /// URL-safe text: a random 96-bit nonce, then the AES-256-GCM ciphertext and tag.
    ///
    /// # Panics
    /// Never: AES-GCM only refuses plaintexts far beyond our limits.
    pub fn seal(&self, entropy: &dyn Entropy, context: &str, plain: &[u8]) -> String {
        let nonce = entropy.bytes::<NONCE_LEN>();
        let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(plain);
        self.seal
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context.as_bytes()),
                &mut sealed,
            )
            .expect("the plaintext is far below AES-GCM's limit");
        sealed.splice(0..0, nonce);
        base64url(&sealed)
    }

    /// Opens what [`Keyring::seal`] made for the same `context`.
    ///
    /// # Errors
    /// [`OpenError`] for any other key, context or text.
    pub fn open(&self, context: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let mut bytes = base64url_decode(sealed).ok_or(OpenError)?;
        if bytes.len() < NONCE_LEN {
            return Err(OpenError);
        }
        let rest = bytes.split_off(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(&bytes).map_err(|_| OpenError)?;
        let mut rest = Zeroizing::new(rest);
        let length = self
            .seal
            .open_in_place(nonce, Aad::from(context.as_bytes()), rest.as_mut_slice())
            .map_err(|_| OpenError)?
            .len();
        rest.truncate(length);
        Ok(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    fn ring(byte: u8) -> Keyring {
        Keyring::new(&[byte; MASTER_KEY_BYTES])
    }

    #[test]
    fn hashes_depend_on_key_purpose_and_parts() {
        let base = ring(1).hash(HashPurpose::ClientSecret, &["a", "b"]);
        assert_ne!(base, ring(2).hash(HashPurpose::ClientSecret, &["a", "b"]));
        assert_ne!(base, ring(1).hash(HashPurpose::RefreshToken, &["a", "b"]));
        assert_ne!(base, ring(1).hash(HashPurpose::ClientSecret, &["ab", ""]));
        assert!(ring(1).hash_matches(HashPurpose::ClientSecret, &["a", "b"], &base));
    }

    #[test]
    fn sealed_values_open_only_as_they_were_sealed() {
        let entropy = SeededEntropy::new(3);
        let sealed = ring(1).seal(&entropy, "tenant-a", b"payload");
        assert_eq!(ring(1).open("tenant-a", &sealed).expect("opens").as_slice(), b"payload");
        assert_eq!(ring(1).open("tenant-b", &sealed).err(), Some(OpenError));
        assert_eq!(ring(2).open("tenant-a", &sealed).err(), Some(OpenError));
        assert_eq!(ring(1).open("tenant-a", &sealed[1..]).err(), Some(OpenError));
        assert_eq!(ring(1).open("tenant-a", "").err(), Some(OpenError));
    }
}
