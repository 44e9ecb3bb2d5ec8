//! Trace ids: what ties a request's answer to its log lines.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::entropy::Entropy;

/// Length of a trace id, in hex digits (W3C Trace Context).
const DIGITS: usize = 32;

/// The trace id of a request: 32 hex digits, or empty where no request is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TraceId {
    digits: [u8; DIGITS],
    length: usize,
}

impl TraceId {
    /// From 32 hex digits; anything else gives the empty id.
    pub fn new(hex: &str) -> Self {
        match <[u8; DIGITS]>::try_from(hex.as_bytes()) {
            Ok(digits) if digits.iter().all(u8::is_ascii_hexdigit) => {
                Self { digits, length: DIGITS }
            }
            _ => Self { digits: [b'0'; DIGITS], length: 0 },
        }
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        // Only hex digits were ever put in.
        std::str::from_utf8(&self.digits[..self.length]).unwrap_or_default()
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Makes trace ids: a random start and a counter, mixed. They must be unique and need not be
/// secret, so no request asks the system for randomness just to have a name.
#[derive(Debug)]
pub(crate) struct TraceIds {
    start: [u64; 2],
    count: AtomicU64,
}

impl TraceIds {
    pub(crate) fn new(entropy: &dyn Entropy) -> Self {
        let draw = || u64::from_be_bytes(entropy.bytes::<8>());
        Self { start: [draw(), draw()], count: AtomicU64::new(0) }
    }

    pub(crate) fn draw(&self) -> [u8; 16] {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let mut id = [0; 16];
        for (half, start) in id.chunks_exact_mut(8).zip(self.start) {
            half.copy_from_slice(&mix(start.wrapping_add(count)).to_be_bytes());
        }
        id
    }
}

/// The finalizer of splitmix64: a bijection, so different counts give different ids.
fn mix(count: u64) -> u64 {
    let mut z = count.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use domain::entropy::SeededEntropy;

    use super::*;

    #[test]
    fn ids_differ_and_only_hex_is_taken() {
        let ids = TraceIds::new(&SeededEntropy::new(1));
        let drawn: HashSet<_> = (0..1000).map(|_| ids.draw()).collect();
        assert_eq!(drawn.len(), 1000);
        assert_eq!(TraceId::new(&"a1".repeat(16)).as_str(), "a1".repeat(16));
        for bad in ["", "a1", &"g".repeat(32), &"a".repeat(33)] {
            assert_eq!(TraceId::new(bad).as_str(), "");
        }
    }
}
