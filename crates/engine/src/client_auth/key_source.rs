//! The public keys of a client: registered ones, or fetched from its `jwks_uri`.
//!
//! Invariant: a `jwks_uri` is fetched rarely, whatever tokens arrive: at most once a minute for
//! an unknown kid, and otherwise every few minutes.

use std::sync::Arc;

use domain::client::ClientWithCredentials;
use domain::jose::{Jwk, VerifyingKey};
use domain::time::{Timestamp, plus_seconds};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::context::Ctx;

/// How long fetched keys are used without asking again, in seconds.
const FRESH_SECONDS: i64 = 300;
/// How soon an unknown kid may cause another fetch, in seconds.
const RETRY_SECONDS: i64 = 60;
/// Most keys of one set that are looked at.
const KEYS_MAX: usize = 20;

/// One verifying key.
#[derive(Clone)]
pub(crate) struct RegisteredKey {
    /// Its id, if it has one.
    pub(crate) kid: Option<String>,
    /// The key.
    pub(crate) verifier: Arc<VerifyingKey>,
}

impl RegisteredKey {
    fn of(jwk: &Jwk, kid: Option<String>) -> Option<Self> {
        Some(Self { kid, verifier: Arc::new(jwk.verifying_key().ok()?) })
    }
}

struct Fetched {
    at: Timestamp,
    keys: Vec<RegisteredKey>,
}

/// Where a client's keys come from.
pub(crate) struct KeySource {
    registered: Vec<RegisteredKey>,
    uri: Option<String>,
    fetched: Mutex<Option<Fetched>>,
}

impl KeySource {
    pub(crate) fn new(client: &ClientWithCredentials) -> Self {
        let keys = client.keys.iter();
        Self {
            registered: keys
                .filter_map(|k| RegisteredKey::of(&k.jwk, Some(k.kid.clone())))
                .collect(),
            uri: Some(client.client.jwks_uri.clone()).filter(|uri| !uri.is_empty()),
            fetched: Mutex::new(None),
        }
    }

    /// The keys that may verify a token with this kid; without a kid, all of them (the contract's
    /// own sample leaves it out).
    pub(crate) async fn candidates(
        &self,
        ctx: &Ctx<'_>,
        kid: Option<&str>,
    ) -> Result<Vec<RegisteredKey>, String> {
        let registered = select(&self.registered, kid);
        let Some(uri) = self.uri.as_deref().filter(|_| registered.is_empty()) else {
            return Ok(registered);
        };
        let mut fetched = self.fetched.lock().await;
        if let Some(known) = fetched.as_ref() {
            let found = select(&known.keys, kid);
            let fresh = plus_seconds(known.at, FRESH_SECONDS) > ctx.now;
            let too_soon = plus_seconds(known.at, RETRY_SECONDS) > ctx.now;
            if (!found.is_empty() && fresh) || too_soon {
                return Ok(found);
            }
        }
        let set = ctx.engine.fetcher.json(uri).await;
        let keys = match &set {
            Ok(set) => parse_set(set),
            // A failed fetch counts too, so that a dead address is not asked for every token.
            Err(_) => fetched.take().map(|known| known.keys).unwrap_or_default(),
        };
        let found = select(&keys, kid);
        *fetched = Some(Fetched { at: ctx.now, keys });
        match set {
            Err(error) if found.is_empty() => Err(format!("jwks_uri: {error}")),
            _ => Ok(found),
        }
    }
}

fn select(keys: &[RegisteredKey], kid: Option<&str>) -> Vec<RegisteredKey> {
    let fits = |key: &&RegisteredKey| kid.is_none() || key.kid.as_deref() == kid;
    keys.iter().filter(fits).cloned().collect()
}

fn parse_set(set: &Value) -> Vec<RegisteredKey> {
    let keys = set.get("keys").and_then(Value::as_array);
    keys.into_iter()
        .flatten()
        .take(KEYS_MAX)
        .filter_map(|value| {
            let jwk = Jwk::parse_public(value).ok()?;
            RegisteredKey::of(&jwk, jwk.kid().map(str::to_owned))
        })
        .collect()
}
