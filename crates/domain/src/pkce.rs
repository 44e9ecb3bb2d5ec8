//! Proof key for code exchange (RFC 7636), method S256 only.
//!
//! Invariant: a [`CodeChallenge`] is the 32 bytes of a SHA-256 and a [`CodeVerifier`] has the length and alphabet
//! of RFC 7636 section 4.1. `plain` does not exist here: it protects nothing once the authorization request is
//! seen (RFC 9700 section 2.1.1). A stolen code is worthless without the verifier.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::secret::SecretText;

/// The only `code_challenge_method`, as it stands in requests and metadata.
pub const METHOD: &str = "S256";
/// Shortest and longest verifier, in characters (RFC 7636 section 4.1).
const VERIFIER_LENGTH: std::ops::RangeInclusive<usize> = 43..=128;

/// Why a challenge or verifier was not accepted. Never repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PkceError {
    #[error("code_challenge_method must be S256")]
    Method,
    #[error("code_challenge must be 43 base64url characters: the SHA-256 of the code_verifier")]
    Challenge,
    #[error("code_verifier must be 43 to 128 characters from A-Z a-z 0-9 - . _ ~")]
    Verifier,
}

/// What the authorization request carries and the code remembers. Serialised as its 43 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodeChallenge([u8; 32]);

impl CodeChallenge {
    /// Reads `code_challenge`.
    ///
    /// # Errors
    /// [`PkceError::Challenge`].
    pub fn parse(text: &str) -> Result<Self, PkceError> {
        // The length comes first: a long text is not decoded.
        if text.len() != 43 {
            return Err(PkceError::Challenge);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| PkceError::Challenge)?;
        bytes.try_into().map(Self).map_err(|_| PkceError::Challenge)
    }

    /// Reads `code_challenge` with its `code_challenge_method`. A missing method means `plain`
    /// (RFC 7636 section 4.3), so it is refused too.
    ///
    /// # Errors
    /// [`PkceError`].
    pub fn parse_request(challenge: &str, method: Option<&str>) -> Result<Self, PkceError> {
        if method != Some(METHOD) {
            return Err(PkceError::Method);
        }
        Self::parse(challenge)
    }

    /// Whether this is the challenge of `verifier`. Takes the same time wherever they differ.
    pub fn matches(&self, verifier: &CodeVerifier) -> bool {
        verify_slices_are_equal(&self.0, &verifier.challenge().0).is_ok()
    }
}

impl fmt::Display for CodeChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl From<CodeChallenge> for String {
    fn from(challenge: CodeChallenge) -> Self {
        challenge.to_string()
    }
}

impl TryFrom<String> for CodeChallenge {
    type Error = PkceError;

    fn try_from(text: String) -> Result<Self, PkceError> {
        Self::parse(&text)
    }
}

/// What the token request proves itself with. Secret until the code is spent.
#[derive(Clone, Debug)]
pub struct CodeVerifier(SecretText);

impl CodeVerifier {
    /// Reads `code_verifier`.
    ///
    /// # Errors
    /// [`PkceError::Verifier`].
    pub fn parse(text: &str) -> Result<Self, PkceError> {
        let unreserved =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        if VERIFIER_LENGTH.contains(&text.len()) && text.bytes().all(unreserved) {
            Ok(Self(SecretText::from(text)))
        } else {
            Err(PkceError::Verifier)
        }
    }

    /// Its S256 challenge (RFC 7636 section 4.2).
    pub fn challenge(&self) -> CodeChallenge {
        let hash = digest(&SHA256, self.0.expose().as_bytes());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hash.as_ref());
        CodeChallenge(bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn rfc_7636_appendix_b() {
        let challenge = CodeChallenge::parse_request(CHALLENGE, Some("S256")).unwrap();
        let verifier = CodeVerifier::parse(VERIFIER).unwrap();
        assert!(challenge.matches(&verifier));
        assert_eq!(challenge.to_string(), CHALLENGE);
        let stored = serde_json::to_string(&challenge).unwrap();
        assert_eq!(serde_json::from_str::<CodeChallenge>(&stored).unwrap(), challenge);
    }

    #[test]
    fn plain_is_refused_by_name_and_by_omission() {
        for method in [None, Some("plain"), Some("s256"), Some("")] {
            assert_eq!(CodeChallenge::parse_request(CHALLENGE, method), Err(PkceError::Method));
        }
        // A verifier sent as its own challenge decodes, and matches nothing.
        let verifier = CodeVerifier::parse(VERIFIER).unwrap();
        assert!(!CodeChallenge::parse(VERIFIER).unwrap().matches(&verifier));
    }

    #[test]
    fn challenges_have_one_spelling() {
        let cut = &CHALLENGE[..42];
        let padded = format!("{CHALLENGE}=");
        let respelt = format!("{cut}N");
        let standard = CHALLENGE.replace('-', "+");
        for text in
            ["", cut, &padded, &respelt, &standard, &format!("{cut} "), &format!("{}é", &cut[..41])]
        {
            assert_eq!(CodeChallenge::parse(text), Err(PkceError::Challenge), "{text}");
        }
    }

    #[test]
    fn verifiers_keep_length_and_alphabet() {
        assert!(CodeVerifier::parse(&"~".repeat(43)).is_ok());
        assert!(CodeVerifier::parse(&"a".repeat(128)).is_ok());
        let bad = [
            "a".repeat(42),
            "a".repeat(129),
            "é".repeat(30),
            format!("{VERIFIER}+"),
            format!("{VERIFIER} "),
        ];
        for text in bad {
            assert_eq!(CodeVerifier::parse(&text).err(), Some(PkceError::Verifier));
        }
        assert!(!format!("{:?}", CodeVerifier::parse(VERIFIER)).contains(VERIFIER));
    }

    proptest! {
        #[test]
        fn only_the_verifier_itself_matches(verifier in "[A-Za-z0-9._~-]{43,128}", other in "[A-Za-z0-9._~-]{43,128}") {
            let parsed = CodeVerifier::parse(&verifier).unwrap();
            let challenge = CodeChallenge::parse(&parsed.challenge().to_string()).unwrap();
            prop_assert!(challenge.matches(&parsed));
            let matches = challenge.matches(&CodeVerifier::parse(&other).unwrap());
            prop_assert_eq!(matches, verifier == other);
        }

        #[test]
        fn never_panics(text in ".{0,140}") {
            let _ = CodeChallenge::parse(&text);
            let _ = CodeVerifier::parse(&text);
        }
    }
}
