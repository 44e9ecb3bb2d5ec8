//! The id that a request has in logs and error bodies (W3C Trace Context, level 1, section 3.2).
//!
//! Invariant: it is always 32 lower-case hex digits, whatever the client sends, so it can be
//! written into a log line or a page as it is.

use std::fmt;
use std::ops::Deref;

use axum::http::HeaderMap;
use serde::{Serialize, Serializer};

/// The id of a request: 32 lower-case hex digits, as text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceId([u8; 32]);

/// The trace id of the request's `traceparent` header, so that our lines are found together with
/// those of the caller; otherwise, and if that header is not valid, the random bytes given.
pub fn trace_id(headers: &HeaderMap, random: impl FnOnce() -> [u8; 16]) -> TraceId {
    let mut values = headers.get_all("traceparent").iter();
    let only = values.next().filter(|_| values.next().is_none());
    let given = only.and_then(|value| from_traceparent(value.as_bytes()));
    TraceId::new(given.unwrap_or_else(random))
}

/// The id in a `traceparent`: `<version>-<trace id>-<parent id>-<flags>`. A later version may have
/// more after that; version `ff` and ids of zeros are not valid.
fn from_traceparent(value: &[u8]) -> Option<[u8; 16]> {
    let (known, rest) = value.split_at_checked(55)?;
    let dashes = known[2] == b'-' && known[35] == b'-' && known[52] == b'-';
    let version: [u8; 1] = from_hex(&known[..2])?;
    let trace: [u8; 16] = from_hex(&known[3..35])?;
    let parent: [u8; 8] = from_hex(&known[36..52])?;
    let _flags: [u8; 1] = from_hex(&known[53..])?;
    let length = rest.is_empty() || (version != [0] && rest[0] == b'-');
    let valid = dashes && length && version != [0xff] && trace != [0; 16] && parent != [0; 8];
    valid.then_some(trace)
}

/// Lower-case hex only: the standard refuses the rest.
fn from_hex<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Some(bytes)
}

impl TraceId {
    fn new(bytes: [u8; 16]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [b'0'; 32];
        for (pair, byte) in text.chunks_exact_mut(2).zip(bytes) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        Self(text)
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        // Only digits are ever put in.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Deref for TraceId {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for TraceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EXAMPLE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const RANDOM: &str = "00000000000000000000000000000007";

    fn traced(values: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("traceparent", value.parse().unwrap());
        }
        trace_id(&headers, || 7u128.to_be_bytes()).to_string()
    }

    #[test]
    fn the_callers_id_is_taken() {
        assert_eq!(traced(&[EXAMPLE]), "4bf92f3577b34da6a3ce929d0e0e4736");
        let later = format!("{}-extra", EXAMPLE.replacen("00", "01", 1));
        assert_eq!(traced(&[&later]), "4bf92f3577b34da6a3ce929d0e0e4736");
    }

    #[test]
    fn what_is_not_valid_is_not_taken() {
        assert_eq!(traced(&[]), RANDOM);
        assert_eq!(traced(&[EXAMPLE, EXAMPLE]), RANDOM);
        for bad in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01extra",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
        ] {
            assert_eq!(traced(&[bad]), RANDOM, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_id_is_32_hex_digits(value in "[0-9a-f\\-]{50,60}|.{0,60}") {
            let id = TraceId::new(from_traceparent(value.as_bytes()).unwrap_or([0xaf; 16])).to_string();
            prop_assert_eq!(id.len(), 32);
            prop_assert!(id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)));
        }
    }
}
