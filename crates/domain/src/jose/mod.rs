//! JOSE on `aws-lc-rs`: keys (RFC 7517), algorithms (RFC 7518, RFC 8037) and compact signed tokens (RFC 7515).
//!
//! - [`Alg`]: what may sign. No `none`, no HMAC.
//! - [`Jwk`], [`JwkSet`]: public keys as JSON, checked before they exist.
//! - [`SigningKey`], [`VerifyingKey`]: parsed once, used many times.
//! - [`jws`]: the compact form.
//!
//! Invariant: claims that a caller may believe come out of [`jws::Unverified::verify`] and nowhere else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub mod alg;
mod der;
pub mod jwk;
mod jwk_set;
pub mod jws;
pub mod key;
mod key_text;
mod material;
mod verify;

pub use alg::{Alg, KeyType};
pub use jwk::{Jwk, JwkError};
pub use jwk_set::{JwkSet, MAX_KEYS};
pub use jws::{JwsError, SignError, Unverified, Verified};
pub use key::{KeyError, SigningKey};
pub use key_text::{KeyTextError, read_keys};
pub use verify::{VerifyError, VerifyingKey};

/// Base64url without padding (RFC 7515 section 2).
fn b64_encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Strict base64url: no padding, no white space, no bits beyond the last byte. Two texts never decode to the
/// same bytes, so a token cannot be altered and still verify.
fn b64_decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
