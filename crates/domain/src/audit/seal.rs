//! The seal that links the events of one owner.
//!
//! Each event is hashed, under a key that hangs on the master key, together with the hash of the
//! event before it; the end of the chain is sealed by itself. So nobody who can write to the
//! database, but has no master key, can change, add or remove an event unseen.
//!
//! Invariant: two different rows never have the same hashed bytes: every field is preceded by its
//! length.

use aws_lc_rs::hmac;

use crate::crypto::{base64url, constant_time_eq};

/// The columns of an event that are hashed beside its owner, its link and the hash before it, in
/// this order. Numbers are hashed as decimal text.
pub const SEALED_TEXTS: [&str; 10] = [
    "id",
    "at",
    "actor_type",
    "actor_id",
    "event",
    "subject",
    "client_id",
    "address",
    "trace_id",
    "details",
];

/// The values of [`SEALED_TEXTS`].
pub type SealedTexts = [String; SEALED_TEXTS.len()];

/// Makes the hashes of a chain; see the module. Made by [`crate::crypto::Keyring::audit_seal`].
#[derive(Clone)]
pub struct AuditSeal(hmac::Key);

impl std::fmt::Debug for AuditSeal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuditSeal([secret])")
    }
}

impl AuditSeal {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    fn mac<'t>(&self, label: &'t str, fields: impl IntoIterator<Item = &'t str>) -> String {
        let mut context = hmac::Context::with_key(&self.0);
        for field in std::iter::once(label).chain(fields) {
            context.update(&(field.len() as u64).to_be_bytes());
            context.update(field.as_bytes());
        }
        base64url(context.sign().as_ref())
    }

    /// The hash of the event at `link` of an owner's chain: 43 URL-safe characters (HMAC-SHA-256).
    /// `previous` is the hash of the event before it, empty for the first.
    pub fn event(&self, owner_id: &str, link: i64, previous: &str, texts: &SealedTexts) -> String {
        let link = link.to_string();
        let place = [owner_id, &link, previous];
        self.mac("event", place.into_iter().chain(texts.iter().map(String::as_str)))
    }

    /// The seal of the end of an owner's chain: who has only seen the rows cannot make the one of
    /// an earlier end.
    pub fn head(&self, owner_id: &str, link: i64, hash: &str) -> String {
        self.mac("head", [owner_id, &link.to_string(), hash])
    }

    /// Whether this is the seal of that end, compared in constant time.
    pub fn is_head(&self, owner_id: &str, link: i64, hash: &str, seal: &str) -> bool {
        constant_time_eq(self.head(owner_id, link, hash).as_bytes(), seal.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(first: &str, second: &str) -> SealedTexts {
        let mut texts = SealedTexts::default();
        first.clone_into(&mut texts[0]);
        second.clone_into(&mut texts[1]);
        texts
    }

    #[test]
    fn every_part_of_an_event_is_in_its_hash() {
        let seal = AuditSeal::new(&[1; 32]);
        let base = seal.event("tenant", 7, "before", &texts("ab", "c"));
        assert_eq!(base.len(), 43);
        assert_eq!(base, seal.event("tenant", 7, "before", &texts("ab", "c")));
        let others = [
            AuditSeal::new(&[2; 32]).event("tenant", 7, "before", &texts("ab", "c")),
            seal.event("other", 7, "before", &texts("ab", "c")),
            seal.event("tenant", 8, "before", &texts("ab", "c")),
            seal.event("tenant", 7, "after", &texts("ab", "c")),
            seal.event("tenant", 7, "before", &texts("a", "bc")),
            seal.event("tenant", 7, "before", &texts("abc", "")),
            seal.event("tenan", 7, "tbefore", &texts("ab", "c")),
        ];
        assert!(others.iter().all(|other| *other != base));
        for n in 0..SEALED_TEXTS.len() {
            let mut changed = texts("ab", "c");
            changed[n].push('x');
            assert_ne!(seal.event("tenant", 7, "before", &changed), base, "{}", SEALED_TEXTS[n]);
        }
    }

    #[test]
    fn an_end_has_a_seal_of_its_own() {
        let seal = AuditSeal::new(&[1; 32]);
        let end = seal.head("tenant", 7, "hash");
        assert!(seal.is_head("tenant", 7, "hash", &end));
        assert!(!seal.is_head("tenant", 6, "hash", &end));
        assert!(!seal.is_head("other", 7, "hash", &end));
        assert!(!seal.is_head("tenant", 7, "other", &end));
        assert!(!AuditSeal::new(&[2; 32]).is_head("tenant", 7, "hash", &end));
    }
}
