//! Values that must never be printed.
//!
//! Invariant: a secret's `Debug` is redacted and its memory is wiped, so that it cannot reach a
//! log line or an error by accident (design, "What must never happen", 5).

use std::fmt;

use zeroize::Zeroize;

use crate::entropy::Entropy;

/// A secret value; only [`Secret::expose`] shows it, so that `expose` can be searched for.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself: for hashing it, comparing it, or showing it once to its owner.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// A secret text.
pub type SecretText = Secret<String>;

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}

/// Length of a client secret's hint, in characters (contract, section 1).
pub const HINT_LENGTH: usize = 5;

/// A new client secret: 64 hex digits, 256 random bits (contract, section 1).
pub fn new_client_secret(entropy: &dyn Entropy) -> SecretText {
    Secret::new(crate::crypto::hex(&entropy.bytes::<32>()))
}

/// A new opaque token (code, refresh token, session cookie): 43 URL-safe characters, 256 bits.
pub fn new_opaque_token(entropy: &dyn Entropy) -> SecretText {
    Secret::new(crate::crypto::base64url(&entropy.bytes::<32>()))
}

/// What a new password is made of: nothing that looks like something else.
const PASSWORD_LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A new password that people read to each other: four groups of five characters, 100 bits.
pub fn new_password(entropy: &dyn Entropy) -> SecretText {
    let mut password = String::with_capacity(23);
    for (place, byte) in entropy.bytes::<20>().into_iter().enumerate() {
        if place > 0 && place % 5 == 0 {
            password.push('-');
        }
        password.push(char::from(PASSWORD_LETTERS[usize::from(byte % 32)]));
    }
    Secret::new(password)
}

/// The hint by which people tell their secrets apart: its last five characters. It gives away
/// 20 of 256 bits, and finds the one stored hash to compare with.
pub fn hint(secret: &str) -> &str {
    let start = secret.len().saturating_sub(HINT_LENGTH);
    secret.get(start..).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn debug_does_not_show_the_value() {
        assert_eq!(format!("{:?}", SecretText::from("hunter2")), "[secret]");
    }

    #[test]
    fn passwords_are_readable_and_not_guessable() {
        let entropy = SeededEntropy::new(7);
        let mut seen = std::collections::BTreeSet::new();
        let mut letters = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let password = new_password(&entropy);
            let groups: Vec<&str> = password.expose().split('-').collect();
            assert!(groups.len() == 4 && groups.iter().all(|group| group.len() == 5), "{groups:?}");
            letters.extend(groups.concat().bytes());
            assert!(seen.insert(password.expose().clone()));
        }
        assert_eq!(letters, PASSWORD_LETTERS.iter().copied().collect());
    }

    #[test]
    fn hints_are_the_tail_and_never_panic() {
        let secret = new_client_secret(&SeededEntropy::new(7));
        assert_eq!(secret.expose().len(), 64);
        assert!(secret.expose().ends_with(hint(secret.expose())));
        assert_eq!(hint("abc"), "abc");
        assert_eq!(hint("ääää"), "");
    }
}
