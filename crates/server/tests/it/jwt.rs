//! Looking into tokens, and checking them against the published keys.

use domain::crypto::base64url_decode;
use domain::jose::{Jwk, jws};
use serde_json::{Map, Value};

use crate::world::{Tenant, World};

fn part(token: &str, n: usize) -> Value {
    let part = token.split('.').nth(n).expect("three parts");
    let bytes = base64url_decode(part).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}

pub fn header(token: &str) -> Value {
    part(token, 0)
}

/// The claims, unverified.
pub fn claims(token: &str) -> Map<String, Value> {
    part(token, 1).as_object().expect("an object").clone()
}

impl World {
    /// The claims of a token that a key of the tenant's `jwks.json` verifies.
    pub async fn verified(&self, tenant: &Tenant, token: &str) -> Map<String, Value> {
        let set = self.get(tenant, "/.well-known/jwks.json").send().await;
        let set = set.expect(200).json();
        let kid = header(token)["kid"].clone();
        let mut fitting = set["keys"].as_array().expect("keys").iter().filter(|k| k["kid"] == kid);
        let key = fitting.next().expect("the key is published");
        assert!(fitting.next().is_none(), "two keys with one kid");
        assert_eq!(key["alg"], header(token)["alg"]);
        let key = Jwk::parse_public(key).expect("a key").verifying_key().expect("a key");
        let parsed = jws::parse(token).expect("a token");
        let verified = parsed.verify(&key).expect("a good signature");
        (*verified).clone()
    }
}
