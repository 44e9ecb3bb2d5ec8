//! How a client may authenticate: only web clients do, by secret, by key, or both (requirement
//! S2.3).

use std::collections::HashSet;
use std::ops::RangeInclusive;

use domain::client::{AppType, AuthMethod};
use domain::jose::{Jwk, JwkError};
use domain::said;
use domain::said::Said;
use domain::secret::SecretText;
use serde_json::Value;

use super::super::ClientDraft;
use super::super::limits::{KEY_MEMBERS, KEYS_MAX};
use super::unique;
use crate::admin::AdminError;

/// Length of a secret that comes from outside, in bytes.
const SECRET_LENGTH: RangeInclusive<usize> = 32..=256;
/// Different characters that a random secret of that length has at least.
const SECRET_DISTINCT: usize = 8;

/// Checks methods, keys and a secret that comes from outside; gives the keys.
pub(super) fn check(draft: &ClientDraft) -> Result<Vec<Jwk>, AdminError> {
    methods(draft)?;
    if let Some(secret) = &draft.secret {
        imported_secret(draft, secret)?;
    }
    keys(&draft.public_keys)
}

fn methods(draft: &ClientDraft) -> Result<(), AdminError> {
    const FIELD: &str = "allowedAuthMethods";
    unique(FIELD, &draft.auth_methods, AuthMethod::ALL.len())?;
    if draft.app_type != AppType::Web {
        let all = [
            (FIELD, draft.auth_methods.is_empty()),
            ("publicKeys", draft.public_keys.is_empty()),
            ("jwksUri", draft.jwks_uri.is_empty()),
            ("clientSecret", draft.secret.is_none()),
        ];
        let first = all.into_iter().find(|(_, is_empty)| !is_empty);
        return first.map_or(Ok(()), |(field, _)| {
            Err(AdminError::invalid(
                field,
                said!("web-only", "is for web clients only: others are public"),
            ))
        });
    }
    if draft.auth_methods.is_empty() {
        return Err(AdminError::invalid(
            FIELD,
            said!("auth-none", "has client_secret, private_key_jwt or both"),
        ));
    }
    let by_key = draft.auth_methods.contains(&AuthMethod::PrivateKeyJwt);
    match (by_key, draft.public_keys.is_empty(), draft.jwks_uri.is_empty()) {
        (true, true, true) => Err(AdminError::invalid(
            "publicKeys",
            said!("keys-none", "go with private_key_jwt: register a key, or jwksUri"),
        )),
        (false, false, _) => Err(AdminError::invalid(
            "publicKeys",
            said!("keys-unused", "go with private_key_jwt: allow it, or leave the keys out"),
        )),
        (false, true, false) => Err(AdminError::invalid(
            "jwksUri",
            said!("jwks-unused", "goes with private_key_jwt: allow it, or leave the address out"),
        )),
        _ => Ok(()),
    }
}

/// A secret that comes from a file is hashed fast like those that we draw, so it has to be as
/// strong as they are, and of characters that every way of sending it leaves alone.
fn imported_secret(draft: &ClientDraft, secret: &SecretText) -> Result<(), AdminError> {
    const FIELD: &str = "clientSecret";
    if !draft.auth_methods.contains(&AuthMethod::ClientSecret) {
        return Err(AdminError::invalid(FIELD, "goes with client_secret"));
    }
    let text = secret.expose();
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    let fits = SECRET_LENGTH.contains(&text.len()) && text.bytes().all(unreserved);
    if fits && text.bytes().collect::<HashSet<_>>().len() >= SECRET_DISTINCT {
        return Ok(());
    }
    let (least, most) = (SECRET_LENGTH.start(), SECRET_LENGTH.end());
    let message = format!("has {least} to {most} random characters out of A-Z a-z 0-9 - . _ ~");
    Err(AdminError::invalid(FIELD, message))
}

fn keys(values: &[Value]) -> Result<Vec<Jwk>, AdminError> {
    const FIELD: &str = "publicKeys";
    if values.len() > KEYS_MAX {
        return Err(AdminError::invalid(
            FIELD,
            said!("keys-max", "has at most {max} keys", max = KEYS_MAX),
        ));
    }
    let mut kids = HashSet::new();
    let mut keys = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let invalid = |message: Said| AdminError::invalid_at(FIELD, index, message);
        let jwk = Jwk::parse_public(value).map_err(|error| invalid(error.said()))?;
        if let Some(member) = KEY_MEMBERS.iter().find(|member| value.get(**member).is_none()) {
            return Err(invalid(JwkError::Missing(member).said()));
        }
        let kid = jwk.kid().unwrap_or_default();
        if kid.chars().any(char::is_control) {
            return Err(invalid(said!("kid-control", "`kid` has control characters")));
        }
        if !kids.insert(kid.to_owned()) {
            return Err(invalid(said!("kid-taken", "another key has the `kid` `{kid}`", kid)));
        }
        keys.push(jwk);
    }
    Ok(keys)
}
