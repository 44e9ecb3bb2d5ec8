//! Client credentials in the `Authorization` header (RFC 7617, RFC 6749 section 2.3.1).
//!
//! RFC 6749 wants `client_id` and `client_secret` form-encoded before they are joined and put into base64. Many
//! clients, those of the contract among them (section 0, trap 2), send them raw. Secrets that Countersign makes are
//! hexadecimal, so both readings are the same text; for others (a client id that is a URL, an imported secret) the
//! form-decoded reading comes first and the raw one is kept beside it.
//!
//! Invariant: input is bounded, strictly decoded and free of control characters; a secret never shows in `Debug`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::params::form_decode;
use crate::secret::SecretText;

/// Longest header value read, in bytes.
pub const MAX_HEADER: usize = 4096;

/// Why a Basic header was not accepted. Never repeats any of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BasicAuthError {
    #[error("the Authorization header is longer than {MAX_HEADER} bytes")]
    TooLong,
    #[error("the Basic credentials are not base64")]
    Base64,
    #[error("the Basic credentials are not UTF-8")]
    Utf8,
    #[error("the Basic credentials have a control character")]
    Control,
    #[error("the Basic credentials have no colon between client_id and client_secret")]
    NoColon,
    #[error("the Basic credentials have no client_id")]
    NoClientId,
}

/// A client id and secret from the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasicCredentials {
    /// Form-decoded where that is possible. Not empty.
    pub client_id: String,
    /// Form-decoded where that is possible. May be empty.
    pub client_secret: SecretText,
    /// The secret as it was sent, when decoding it changed it.
    pub raw_client_secret: Option<SecretText>,
}

impl BasicCredentials {
    /// Reads an `Authorization` header. `None` when its scheme is not Basic.
    ///
    /// # Errors
    /// [`BasicAuthError`] when the scheme is Basic and the rest is not as it should be.
    pub fn parse(header: &[u8]) -> Result<Option<Self>, BasicAuthError> {
        let scheme_end = header.iter().position(|byte| *byte == b' ').unwrap_or(header.len());
        let (scheme, rest) = header.split_at(scheme_end);
        if !scheme.eq_ignore_ascii_case(b"Basic") {
            return Ok(None);
        }
        if header.len() > MAX_HEADER {
            return Err(BasicAuthError::TooLong);
        }
        let joined = STANDARD
            .decode(rest.trim_ascii())
            .map(Zeroizing::new)
            .map_err(|_| BasicAuthError::Base64)?;
        let joined = std::str::from_utf8(&joined).map_err(|_| BasicAuthError::Utf8)?;
        Self::split(joined).map(Some)
    }

    fn split(joined: &str) -> Result<Self, BasicAuthError> {
        if joined.chars().any(char::is_control) {
            return Err(BasicAuthError::Control);
        }
        let (client_id, secret) = joined.split_once(':').ok_or(BasicAuthError::NoColon)?;
        if client_id.is_empty() {
            return Err(BasicAuthError::NoClientId);
        }
        let client_id = decoded(client_id).unwrap_or_else(|| client_id.to_owned());
        Ok(match decoded(secret) {
            Some(decoded) if decoded != secret => Self {
                client_id,
                client_secret: SecretText::new(decoded),
                raw_client_secret: Some(SecretText::from(secret)),
            },
            _ => {
                Self { client_id, client_secret: SecretText::from(secret), raw_client_secret: None }
            }
        })
    }

    /// The readings of the secret, the standard's first. Any of them may be the right one.
    pub fn secret_candidates(&self) -> impl Iterator<Item = &SecretText> {
        std::iter::once(&self.client_secret).chain(&self.raw_client_secret)
    }
}

/// `None` when the text is not form-encoded, or hides a control character.
fn decoded(text: &str) -> Option<String> {
    let decoded = form_decode(text.as_bytes()).ok()?;
    (!decoded.chars().any(char::is_control)).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn header(scheme: &str, joined: &[u8]) -> Vec<u8> {
        format!("{scheme} {}", STANDARD.encode(joined)).into_bytes()
    }

    fn read(joined: &str) -> Result<BasicCredentials, BasicAuthError> {
        BasicCredentials::parse(&header("Basic", joined.as_bytes())).map(Option::unwrap)
    }

    fn secrets(credentials: &BasicCredentials) -> Vec<&str> {
        credentials.secret_candidates().map(|secret| secret.expose().as_str()).collect()
    }

    #[test]
    fn rfc_6749_section_2_3_1() {
        let header = b"Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3";
        let credentials = BasicCredentials::parse(header).unwrap().unwrap();
        assert_eq!(credentials.client_id, "s6BhdRkqt3");
        assert_eq!(secrets(&credentials), ["7Fjfp0ZBr1KtDRbnfVdmIw"]);
        assert!(!format!("{credentials:?}").contains("7Fjfp"));
    }

    #[test]
    fn the_scheme_has_no_case_and_others_are_not_ours() {
        for scheme in ["basic", "BASIC", "Basic ", "basic  "] {
            assert!(BasicCredentials::parse(&header(scheme, b"a:b")).unwrap().is_some());
        }
        for other in ["Bearer", "Basi", "Basicc", ""] {
            assert_eq!(BasicCredentials::parse(&header(other, b"a:b")), Ok(None));
        }
        assert_eq!(BasicCredentials::parse(b"Basic"), Err(BasicAuthError::NoColon));
    }

    #[test]
    fn both_readings_of_the_secret_are_kept() {
        let encoded = read("https%3A%2F%2Fapp.example%2Fid:a%2Bb+c").unwrap();
        assert_eq!(encoded.client_id, "https://app.example/id");
        assert_eq!(secrets(&encoded), ["a+b c", "a%2Bb+c"]);
        // No valid encoding, so there is only the raw reading.
        assert_eq!(secrets(&read("id:100%").unwrap()), ["100%"]);
        assert_eq!(secrets(&read("id:a%ff").unwrap()), ["a%ff"]);
        assert_eq!(secrets(&read("id:a%00").unwrap()), ["a%00"]);
        // The first colon splits.
        assert_eq!(secrets(&read("id:a:b").unwrap()), ["a:b"]);
        assert_eq!(secrets(&read("id:").unwrap()), [""]);
    }

    #[test]
    fn refuses_malformed_headers() {
        assert_eq!(read("no colon"), Err(BasicAuthError::NoColon));
        assert_eq!(read(":secret"), Err(BasicAuthError::NoClientId));
        assert_eq!(read("id:a\0"), Err(BasicAuthError::Control));
        assert_eq!(read("id\n:a"), Err(BasicAuthError::Control));
        let parse = |value: &[u8]| BasicCredentials::parse(value).unwrap_err();
        assert_eq!(parse(&header("Basic", b"\xff:\xff")), BasicAuthError::Utf8);
        for bad in
            [&b"Basic YTpi="[..], b"Basic YTpiYw", b"Basic YT pi", b"Basic a:b", b"Basic YTpi\xff"]
        {
            assert_eq!(parse(bad), BasicAuthError::Base64);
        }
        assert_eq!(parse(&header("Basic", &[b'a'; MAX_HEADER])), BasicAuthError::TooLong);
    }

    proptest! {
        #[test]
        fn encoded_credentials_come_back(id in "[^\\p{Cc}]{1,40}", secret in "[^\\p{Cc}]{0,80}") {
            let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let credentials = read(&format!("{}:{}", encode(&id), encode(&secret))).unwrap();
            prop_assert_eq!(&credentials.client_id, &id);
            prop_assert_eq!(credentials.client_secret.expose(), &secret);
        }

        #[test]
        fn raw_secrets_are_among_the_candidates(secret in "[!-~]{0,80}") {
            let credentials = read(&format!("id:{secret}")).unwrap();
            prop_assert!(secrets(&credentials).contains(&secret.as_str()));
        }

        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = BasicCredentials::parse(&bytes);
            let _ = BasicCredentials::parse(&header("Basic", &bytes));
        }
    }
}
