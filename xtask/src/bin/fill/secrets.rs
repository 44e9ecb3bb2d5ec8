//! The secrets of machine clients, and their hashes under the installation's master key.

use std::path::Path;

use anyhow::{Context as _, Result};
use domain::crypto::{HashPurpose, Keyring, MASTER_KEY_BYTES};
use domain::secret::hint;

use crate::numbers::client_id;

/// The secret of a number: 64 hex digits, as real ones; nothing here is worth guessing.
pub fn secret(number: i64) -> String {
    format!("{}{:016x}", "5ec4e7".repeat(8), number.wrapping_mul(0x5DEE_CE66_D123_4567))
}

/// Hashes as the product does.
pub struct Hasher(Keyring);

impl Hasher {
    /// Reads the master key: 64 hex digits.
    pub fn open(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        let text = text.trim();
        let mut key = [0; MASTER_KEY_BYTES];
        for (at, byte) in key.iter_mut().enumerate() {
            let digits = text.get(at * 2..at * 2 + 2).context("the master key is too short")?;
            *byte = u8::from_str_radix(digits, 16).context("the master key")?;
        }
        Ok(Self(Keyring::new(&key)))
    }

    /// The secrets from `first` to `last` as a table `n (id, client_id, hint, hash)`.
    pub fn values(&self, first: i64, last: i64) -> String {
        let rows: Vec<String> = (first..=last)
            .map(|number| {
                let (client, secret) = (client_id(number), secret(number));
                let hash = self.0.hash(HashPurpose::ClientSecret, &[&client, &secret]);
                // Digits and URL-safe letters only: nothing to escape.
                format!("('secret-{number}', '{client}', '{}', '{hash}')", hint(&secret))
            })
            .collect();
        format!("n (id, client_id, hint, hash) AS (VALUES {})", rows.join(", "))
    }
}
