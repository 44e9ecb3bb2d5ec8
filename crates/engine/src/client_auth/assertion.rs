//! Signed client assertions: `private_key_jwt` (RFC 7523 section 3, contract 4.3).
//!
//! Invariants: signature, issuer, subject, audience, times and single use are all checked, in
//! this order, and the `jti` is spent by one guarded insert, so that two concurrent replays give
//! one success.

use std::fmt::Display;

use domain::crypto::sha256_base64url;
use domain::ids::ClientId;
use domain::jose::jws;
use domain::oauth_error::OauthError;
use domain::secret::SecretText;
use domain::time::{from_millis, plus_seconds};
use serde_json::{Map, Value};

use super::ClientEntry;
use crate::context::Ctx;
use crate::discovery::ASSERTION_ALGS;
use crate::error::OrUnavailable;
use crate::usage::{CredentialKey, Reason};

/// How far ahead a clock may be (conformance, item 20: 8 s pass, 60 s do not).
const AHEAD_SECONDS: i64 = 30;
/// How far behind: an assertion that expired this long ago is still taken.
const BEHIND_SECONDS: i64 = 10;
/// Longest life of an assertion, from now (contract 4.3: five minutes from `iat`).
const LIFE_SECONDS: i64 = 3600;
/// Longest `jti`, in bytes; longer ones are not stored.
const JTI_MAX: usize = 255;

/// The client that an assertion says it is from; nothing is verified yet.
pub(super) fn claimed_client(token: &str) -> Option<ClientId> {
    let parsed = jws::parse(token).ok()?;
    ClientId::parse(parsed.claims_unverified().get("sub")?.as_str()?).ok()
}

pub(super) async fn verify(
    ctx: &Ctx<'_>,
    entry: &ClientEntry,
    token: &SecretText,
) -> Result<(), OauthError> {
    let refuse = |reason: Reason, why: &dyn Display| {
        let error = entry.refuse(ctx, reason);
        error.with_private(format!("client {}: assertion: {why}", entry.inner.client.id))
    };
    let unverified =
        jws::parse(token.expose()).map_err(|error| refuse(Reason::AssertionMalformed, &error))?;
    if !ASSERTION_ALGS.contains(&unverified.alg) {
        let why = format!("{} is not for assertions", unverified.alg);
        return Err(refuse(Reason::AssertionAlgorithm, &why));
    }
    let candidates = entry.keys.candidates(ctx, unverified.kid.as_deref()).await;
    let candidates = candidates.map_err(|why| refuse(Reason::AssertionKeysUnreachable, &why))?;
    let verified = candidates.iter().find_map(|key| {
        let claims = unverified.verify(&key.verifier).ok()?;
        Some((key.kid.clone(), claims))
    });
    let Some((kid, claims)) = verified else {
        return Err(refuse(Reason::AssertionKey, &"no key of the client verifies it"));
    };
    let use_once =
        check_claims(ctx, entry, &claims).map_err(|(reason, why)| refuse(reason, &why))?;
    let mut tx = ctx.autocommit().await.or_unavailable()?;
    let expires_at = plus_seconds(use_once.expires_at, BEHIND_SECONDS);
    let id = &entry.inner.client.id;
    let fresh = tx.assertion_spend(id, &use_once.jti, expires_at).await.or_unavailable()?;
    tx.commit().await.or_unavailable()?;
    if !fresh {
        return Err(refuse(Reason::AssertionReplayed, &"its jti was used before"));
    }
    if let Some(kid) = kid {
        entry.usage.used(&CredentialKey::Key(kid), ctx.now, ctx.address);
    }
    Ok(())
}

struct UseOnce {
    jti: String,
    expires_at: domain::time::Timestamp,
}

fn check_claims(
    ctx: &Ctx<'_>,
    entry: &ClientEntry,
    claims: &Map<String, Value>,
) -> Result<UseOnce, (Reason, &'static str)> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let id = entry.inner.client.id.as_str();
    if text("iss") != Some(id) || text("sub") != Some(id) {
        return Err((Reason::AssertionIssuer, "iss and sub must be the client_id"));
    }
    if !audience_fits(ctx, claims.get("aud")) {
        return Err((Reason::AssertionAudience, "aud must be the token endpoint or the issuer"));
    }
    let now = ctx.now.as_second();
    let exp = seconds(claims.get("exp"))
        .ok_or((Reason::AssertionMalformed, "exp is missing or not a number"))?;
    if exp + BEHIND_SECONDS <= now {
        return Err((Reason::AssertionExpired, "it has expired"));
    }
    if exp > now + LIFE_SECONDS {
        return Err((Reason::AssertionTooLong, "exp is too far away"));
    }
    for name in ["iat", "nbf"] {
        match claims.get(name) {
            None => {}
            Some(value) => match seconds(Some(value)) {
                Some(at) if at <= now + AHEAD_SECONDS => {}
                Some(_) => return Err((Reason::AssertionFuture, "iat or nbf is in the future")),
                None => return Err((Reason::AssertionMalformed, "iat or nbf is not a number")),
            },
        }
    }
    let jti = text("jti").ok_or((Reason::AssertionId, "jti is missing"))?;
    if jti.is_empty() || jti.len() > JTI_MAX {
        return Err((Reason::AssertionId, "jti must have 1 to 255 bytes"));
    }
    // The hash bounds what is stored and keeps odd characters out of the table.
    Ok(UseOnce { jti: sha256_base64url(jti.as_bytes()), expires_at: from_millis(exp * 1000) })
}

fn seconds(value: Option<&Value>) -> Option<i64> {
    const CALENDAR_END: f64 = 253_402_300_799.0;
    let number = value?.as_f64()?;
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked before")]
    (0.0..=CALENDAR_END).contains(&number).then_some(number as i64)
}

fn audience_fits(ctx: &Ctx<'_>, aud: Option<&Value>) -> bool {
    let ours = |value: &str| value == ctx.tenant.token_endpoint || value == ctx.tenant.issuer;
    match aud {
        Some(Value::String(one)) => ours(one),
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).any(ours),
        _ => false,
    }
}
