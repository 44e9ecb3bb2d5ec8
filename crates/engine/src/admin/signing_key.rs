//! A tenant's signing keys, for its administrators: which there are, and a new one on demand.

use domain::jose::Alg;
use domain::said;
use domain::time::Timestamp;
use store::StoredSigningKey;

use super::AdminError;
use super::once::Mark;
use crate::authority::{Caller, TENANT_MANAGE};
use crate::context::Ctx;
use crate::keys::{self, Rotation};

/// Keys of an algorithm that may be published at the same time.
pub const PUBLISHED_MAX: usize = 8;

/// What a key is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Published, not signing yet.
    Next,
    /// Signs.
    Active,
    /// Signs no more; what it signed is still good.
    Retiring,
    /// Signs and verifies no more.
    Retired,
}

/// A key: everything but its private half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyView {
    /// Its id, as in `/.well-known/jwks.json`.
    pub kid: String,
    /// What it signs with.
    pub alg: Alg,
    /// What it is doing now.
    pub state: KeyState,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it signs.
    pub activates_at: Timestamp,
    /// Until when it is published, once another signs.
    pub retires_at: Option<Timestamp>,
}

/// The tenant's keys, newest first.
///
/// # Errors
/// A caller without the right, or a store that is away.
pub async fn list(ctx: &Ctx<'_>, caller: &Caller) -> Result<Vec<KeyView>, AdminError> {
    caller.require(ctx, &TENANT_MANAGE)?;
    keys::published(ctx).await?;
    let stored = ctx.read().await?.signing_key_list().await?;
    let mut views: Vec<KeyView> = stored.iter().map(|key| view(ctx, &stored, key)).collect();
    views.sort_by_key(|view| std::cmp::Reverse((view.activates_at, view.created_at)));
    Ok(views)
}

fn view(ctx: &Ctx<'_>, all: &[StoredSigningKey], key: &StoredSigningKey) -> KeyView {
    let has_begun = |one: &StoredSigningKey| one.activates_at <= ctx.now;
    let of_alg = || all.iter().filter(|one| one.alg == key.alg);
    let signs = of_alg().filter(|one| has_begun(one)).max_by_key(|one| one.activates_at);
    let state = if key.is_retired(ctx.now) {
        KeyState::Retired
    } else if signs.is_some_and(|one| one.kid == key.kid) {
        KeyState::Active
    } else if has_begun(key) {
        KeyState::Retiring
    } else {
        KeyState::Next
    };
    KeyView {
        kid: key.kid.clone(),
        alg: key.alg,
        state,
        created_at: key.created_at,
        activates_at: key.activates_at,
        retires_at: key.retires_at,
    }
}

/// Makes a new key for every algorithm in use: see [`keys::rotate`]. Tokens that were given before
/// stay good until they expire; with `at_once` they are refused from now on, sessions and refresh
/// tokens stay, so that apps get new ones without asking anybody.
///
/// # Errors
/// A caller without the right, as many published keys as there may be (but not with `at_once`,
/// which withdraws them), or a store that is away.
pub async fn rotate(
    ctx: &Ctx<'_>,
    caller: &Caller,
    at_once: bool,
) -> Result<Vec<Rotation>, AdminError> {
    rotate_once(ctx, caller, at_once, None).await
}

/// The same, once for each mark of a form.
///
/// # Errors
/// As for [`rotate`]; [`AdminError::Repeated`].
pub async fn rotate_once(
    ctx: &Ctx<'_>,
    caller: &Caller,
    at_once: bool,
    mark: Option<&Mark>,
) -> Result<Vec<Rotation>, AdminError> {
    caller.require(ctx, &TENANT_MANAGE)?;
    let stored = keys::stored(ctx).await?;
    if !at_once {
        check_room(ctx, &stored)?;
    }
    let next = keys::successors(ctx, &stored, at_once).await?;
    let mut tx = ctx.begin().await?;
    Mark::spend(mark, ctx, caller, &mut tx).await?;
    Ok(keys::rotate_in(ctx, tx, &next, caller.actor()).await?)
}

/// Clients fetch all published keys at once, and every node holds them.
fn check_room(ctx: &Ctx<'_>, stored: &[StoredSigningKey]) -> Result<(), AdminError> {
    let published =
        |alg: Alg| stored.iter().filter(|key| key.alg == alg && !key.is_retired(ctx.now)).count();
    if keys::ID_TOKEN_ALGS.iter().any(|alg| published(*alg) >= PUBLISHED_MAX) {
        return Err(AdminError::Limit(said!(
            "signing-keys-max",
            "There are {max} keys that tokens of the last day may be signed with. Wait \
             until the oldest retires, or replace all at once.",
            max = PUBLISHED_MAX
        )));
    }
    Ok(())
}
