//! Client secrets (RFC 6749 section 2.3.1).
//!
//! Invariant: a secret is found by its public hint and compared in constant time, as a keyed
//! hash. The keyed hash is fast on purpose: the secret is 256 random bits, so there is nothing
//! to guess, and slow hashing would only make the token endpoint slow.

use domain::crypto::HashPurpose;
use domain::ids::ClientId;
use domain::oauth_error::OauthError;
use domain::secret::{SecretText, hint};
use domain::token_request::Credentials;

use super::ClientEntry;
use crate::context::{Ctx, Engine};
use crate::usage::{CredentialKey, Reason};

/// The stored form of a client's secret.
pub(crate) fn stored_hash(engine: &Engine, client: &ClientId, secret: &SecretText) -> String {
    engine.keyring.hash(HashPurpose::ClientSecret, &[client.as_str(), secret.expose()])
}

/// Checks a presented secret against the client's secrets.
pub(super) fn verify(
    ctx: &Ctx<'_>,
    entry: &ClientEntry,
    presented: &SecretText,
) -> Result<(), OauthError> {
    let client_id = &entry.inner.client.id;
    let hash = stored_hash(ctx.engine, client_id, presented);
    let presented_hint = hint(presented.expose());
    let Some(stored) = entry.inner.secrets.iter().find(|secret| secret.hint == presented_hint)
    else {
        return Err(entry.refuse(ctx, Reason::UnknownSecret));
    };
    if !domain::crypto::constant_time_eq(hash.as_bytes(), stored.hash.as_bytes()) {
        return Err(entry.refuse(ctx, Reason::WrongSecret));
    }
    if stored.expires_at.is_some_and(|at| at <= ctx.now) {
        return Err(entry.refuse(ctx, Reason::ExpiredSecret));
    }
    entry.usage.used(&CredentialKey::Secret(stored.id.clone()), ctx.now, ctx.address);
    Ok(())
}

/// Does the work of a comparison for a client that does not exist.
pub(super) fn compare_with_nothing(ctx: &Ctx<'_>, credentials: &Credentials) {
    if let Credentials::Secret(secret) = credentials {
        let hash = ctx.engine.keyring.hash(HashPurpose::ClientSecret, &["", secret.expose()]);
        std::hint::black_box(domain::crypto::constant_time_eq(hash.as_bytes(), b""));
    }
}
