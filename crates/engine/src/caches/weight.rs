//! What an entry of a cache costs in memory, about, so that all of them keep to a number of bytes.
//!
//! Invariant: what a tenant decides the size of is weighed by its size: texts, lists and keys. The
//! constants stand for what cannot be asked. An entry is weighed once, when it is put in; revoked
//! tokens are the only ones that grow afterwards, by what the tenant revokes.

use std::collections::HashSet;
use std::sync::Arc;

use domain::api_key::ApiKey;
use domain::client::{Client, ClientKey, ClientSecret};
use domain::jose::Alg;
use domain::tenant::Tenant;
use domain::user::{GroupRef, RoleRef, User};
use serde_json::{Map, Value};

use super::Revocations;
use crate::client_auth::ClientEntry;
use crate::keys::KeySet;
use crate::site::TenantView;
use crate::usage::{ClientUsage, UsageKey};

/// What the cache keeps of each entry beside it: its node, its places in the queues, its key.
const ENTRY: usize = 512;
/// A private key of ours: its parts in the library, its texts and its DER.
const EC_SIGNER: usize = 1792;
const RSA_SIGNER: usize = 8192;
/// A public key: parsed, and as it is published.
const EC_VERIFIER: usize = 1024;
const RSA_VERIFIER: usize = 3072;
/// Fetched keys that are weighed with a client that has a `jwks_uri`: few publish more.
const FETCHED_KEYS: usize = 4;
/// What a client gets later: its bot user's name, what it asked for last, a failure.
const CLIENT_LATER: usize = 512;
/// An entry of a hash table that is half empty.
const SPREAD: usize = 2;

/// What a value holds beside itself.
pub(super) trait Heap {
    fn heap(&self) -> usize;
}

/// What an entry is weighed as.
pub(super) fn weight<K, V: Heap>(_key: &K, value: &V) -> u32 {
    u32::try_from(ENTRY + value.heap()).unwrap_or(u32::MAX)
}

impl Heap for String {
    fn heap(&self) -> usize {
        self.capacity()
    }
}

impl<T: Heap> Heap for Vec<T> {
    fn heap(&self) -> usize {
        self.capacity() * size_of::<T>() + self.iter().map(Heap::heap).sum::<usize>()
    }
}

impl<T: Heap> Heap for Option<T> {
    fn heap(&self) -> usize {
        self.as_ref().map_or(0, Heap::heap)
    }
}

impl<T: Heap> Heap for Arc<T> {
    fn heap(&self) -> usize {
        size_of::<T>() + (**self).heap()
    }
}

impl Heap for HashSet<String> {
    fn heap(&self) -> usize {
        let texts: usize = self.iter().map(Heap::heap).sum();
        self.len() * SPREAD * size_of::<String>() + texts
    }
}

impl Heap for Value {
    fn heap(&self) -> usize {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) => 0,
            Self::String(text) => text.heap(),
            Self::Array(values) => values.heap(),
            Self::Object(members) => members.heap(),
        }
    }
}

impl Heap for Map<String, Value> {
    fn heap(&self) -> usize {
        let member = |(name, value): (&String, &Value)| name.heap() + value.heap();
        let place = size_of::<String>() + size_of::<Value>();
        self.len() * SPREAD * place + self.iter().map(member).sum::<usize>()
    }
}

impl Heap for TenantView {
    fn heap(&self) -> usize {
        let Self { tenant, issuer, token_endpoint } = self;
        tenant.heap() + issuer.heap() + token_endpoint.heap()
    }
}

impl Heap for Tenant {
    fn heap(&self) -> usize {
        let logo = self.brand.logo.as_ref().map_or(0, |logo| logo.digest.heap());
        self.name.heap() + self.hostnames.heap() + logo
    }
}

impl Heap for ClientEntry {
    fn heap(&self) -> usize {
        let client = &self.inner.client;
        let usage = size_of::<ClientUsage>() + SPREAD * size_of::<UsageKey>();
        let fetched = if client.jwks_uri.is_empty() { 0 } else { FETCHED_KEYS * RSA_VERIFIER };
        client.heap()
            + self.inner.secrets.heap()
            + self.inner.keys.heap()
            + self.default_scope.as_str().len()
            + usage
            + fetched
            + CLIENT_LATER
    }
}

impl Heap for Client {
    fn heap(&self) -> usize {
        let texts =
            [&self.name, &self.description, &self.client_uri, &self.logo_uri, &self.policy_uri];
        let lists = [&self.redirect_uris, &self.post_logout_redirect_uris, &self.allowed_origins];
        texts.into_iter().map(Heap::heap).sum::<usize>()
            + lists.into_iter().map(Heap::heap).sum::<usize>()
            + self.tos_uri.heap()
            // Once here and once as the address that keys are fetched from.
            + 2 * self.jwks_uri.heap()
            + self.disable_tag.heap()
            + self.allowed_scopes.as_str().len()
    }
}

impl Heap for ClientSecret {
    fn heap(&self) -> usize {
        let Self { id, hint, hash, label, created_by, .. } = self;
        id.len() + [hint, hash, label, created_by].map(Heap::heap).iter().sum::<usize>()
    }
}

impl Heap for ClientKey {
    /// Its name is kept twice, with the parsed key, too.
    fn heap(&self) -> usize {
        2 * self.kid.heap() + RSA_VERIFIER
    }
}

impl Heap for User {
    fn heap(&self) -> usize {
        self.subject.heap()
            + self.name.heap()
            + self.email.heap()
            + self.claims.heap()
            + self.roles.capacity() * size_of::<Arc<RoleRef>>()
            + self.groups.heap()
            + held_once(self.all_roles())
    }
}

/// What roles hold, each once, however many ways it comes in.
fn held_once<'r>(roles: impl Iterator<Item = &'r RoleRef>) -> usize {
    let mut seen = HashSet::new();
    let distinct = roles.filter(|role| seen.insert(std::ptr::from_ref(*role)));
    distinct.map(|role| size_of::<RoleRef>() + role.heap()).sum()
}

impl Heap for RoleRef {
    fn heap(&self) -> usize {
        self.id.as_str().len() + self.name.heap() + self.scopes.as_str().len()
    }
}

impl Heap for GroupRef {
    /// Without its roles, which groups share.
    fn heap(&self) -> usize {
        let places = self.roles.capacity() * size_of::<Arc<RoleRef>>();
        self.id.as_str().len() + self.name.heap() + places
    }
}

impl Heap for ApiKey {
    fn heap(&self) -> usize {
        let scope = self.scope.as_ref().map_or(0, |scope| scope.as_str().len());
        self.description.heap() + self.token_hash.heap() + self.created_by.heap() + scope
    }
}

impl Heap for KeySet {
    fn heap(&self) -> usize {
        let is_rsa = |alg: &Alg| matches!(alg, Alg::RS256 | Alg::PS256);
        let signer = |alg| if is_rsa(&alg) { RSA_SIGNER } else { EC_SIGNER };
        let verifier = |alg| if is_rsa(&alg) { RSA_VERIFIER } else { EC_VERIFIER };
        let signers: usize = self.signer_algs().map(signer).sum();
        signers + self.verifier_algs().map(verifier).sum::<usize>()
    }
}

impl Heap for Revocations {
    fn heap(&self) -> usize {
        self.heap_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_lists_count_with_what_they_hold() {
        let long = vec!["x".repeat(1000), "y".repeat(500)];
        assert!(long.heap() >= 1500 + 2 * size_of::<String>());
        assert_eq!(weight(&(), &None::<Arc<String>>) as usize, ENTRY);
        let claims = serde_json::json!({ "a": ["x".repeat(300), { "b": "y".repeat(200) }] });
        assert!((500..2000).contains(&claims.heap()), "{}", claims.heap());
    }

    #[test]
    fn a_weight_that_no_number_holds_is_the_greatest() {
        struct Huge;
        impl Heap for Huge {
            fn heap(&self) -> usize {
                usize::MAX - ENTRY
            }
        }
        assert_eq!(weight(&(), &Huge), u32::MAX);
    }
}
