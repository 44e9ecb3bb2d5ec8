//! What will break: for an administrator who is about to delete or switch off clients, to remove a
//! secret, or to take scopes away.
//!
//! Invariant: it tells what happened in the asking tenant only; of others, how many there are.
//! What this node has counted is in the answer; what other nodes have counted is in it after their
//! next flush, within five seconds.

use domain::ids::ClientId;
use domain::said;
use domain::time::{Timestamp, plus_seconds};
use store::StoreError;

use super::list::{is_listed, is_own};
use super::overview::{LastUse, last_days, tokens_of};
use super::secrets::is_last;
use crate::admin::AdminError;
use crate::admin::activity::{ScopeUse, scope_uses};
use crate::authority::{CLIENTS_MANAGE, Caller};
use crate::client_auth::usage_key;
use crate::context::Ctx;
use crate::jobs;
use crate::usage::REFUSALS;

/// Most clients of one question.
pub const MAX_CLIENTS: usize = 100;
const DAY: i64 = 86_400;
const MONTH: i64 = 30 * DAY;

/// What stops when a client goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consequences {
    /// The client.
    pub client_id: ClientId,
    /// What people call it.
    pub client_name: String,
    /// Tokens of the last 30 days in UTC, today included.
    pub tokens_last_month: u64,
    /// Tokens of today and yesterday in UTC: of at least the last 24 hours. Access tokens of the
    /// client that still work are among them.
    pub tokens_last_day: u64,
    /// When and from where it was last used; `None` for never.
    pub last_used: Option<LastUse>,
    /// Whether that is less than 24 hours ago.
    pub used_within_day: bool,
    /// Users who let it in, or of whom it has a refresh token that works. Their sessions go on.
    pub users: u64,
    /// Refresh token families that work.
    pub refresh_families: u64,
    /// API keys of its bot user that work.
    pub api_keys: u64,
    /// In how many other tenants a published client of this tenant is let in; 0 for all others.
    pub other_tenants: u64,
}

/// What stops when a secret goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretConsequences {
    /// The secret's last five characters.
    pub hint: String,
    /// What its creator calls it.
    pub label: String,
    /// When and from where it last worked; `None` for never.
    pub last_used: Option<LastUse>,
    /// Whether that is less than 24 hours ago.
    pub used_within_day: bool,
    /// Whether that is less than 30 days ago.
    pub used_within_month: bool,
    /// Whether it is the only credential of the client that works.
    pub is_last: bool,
}

fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

fn is_within(ctx: &Ctx<'_>, last: Option<Timestamp>, seconds: i64) -> bool {
    last.is_some_and(|at| plus_seconds(at, seconds) > ctx.now)
}

/// What stops when clients go, in the order of `ids`; clients that the tenant does not list are
/// left out.
///
/// # Errors
/// A caller who may not manage clients, more than 100 clients, or a store that is away.
pub async fn consequences(
    ctx: &Ctx<'_>,
    caller: &Caller,
    ids: &[ClientId],
) -> Result<Vec<Consequences>, AdminError> {
    caller.require(ctx, &CLIENTS_MANAGE)?;
    if ids.len() > MAX_CLIENTS {
        return Err(AdminError::invalid(
            "ids",
            said!("chosen-max", "has at most {max} clients", max = MAX_CLIENTS),
        ));
    }
    let mut read = ctx.read().await?;
    let mut clients = Vec::with_capacity(ids.len());
    for found in read.clients_get(&ids.iter().collect::<Vec<_>>()).await? {
        if is_listed(ctx, &found) {
            jobs::flush_client(ctx.engine, usage_key(ctx, &found.client.id)).await?;
            clients.push(found);
        }
    }
    clients.sort_by_key(|found| ids.iter().position(|id| *id == found.client.id));
    let listed: Vec<&ClientId> = clients.iter().map(|found| &found.client.id).collect();
    let published: Vec<&ClientId> = clients
        .iter()
        .filter(|found| found.client.published_at.is_some() && is_own(ctx, found))
        .map(|found| &found.client.id)
        .collect();
    let days = last_days(ctx.now);
    let mut uses = read.client_overview(&listed, &days[0], REFUSALS).await?;
    let holds = read.client_consequences(&listed, ctx.now).await?;
    let elsewhere = connections(ctx, &published).await?;
    let told = clients.iter().map(|found| {
        let id = &found.client.id;
        let used = uses.remove(id).unwrap_or_default();
        let (hold, tokens) = (holds.get(id).copied().unwrap_or_default(), tokens_of(&used, &days));
        Consequences {
            client_id: id.clone(),
            client_name: found.client.name.clone(),
            tokens_last_month: tokens.iter().sum(),
            tokens_last_day: tokens.iter().rev().take(2).sum(),
            used_within_day: is_within(ctx, used.last_used_at, DAY),
            last_used: LastUse::new(used.last_used_at, used.last_used_from),
            users: number(hold.users),
            refresh_families: number(hold.families),
            api_keys: number(hold.api_keys),
            other_tenants: elsewhere.get(id).copied().map(number).unwrap_or_default(),
        }
    });
    Ok(told.collect())
}

/// In how many other tenants each of the tenant's own published clients is let in.
async fn connections(
    ctx: &Ctx<'_>,
    published: &[&ClientId],
) -> Result<std::collections::HashMap<ClientId, i64>, StoreError> {
    ctx.wide()?.client_connections(published, &ctx.tenant.tenant.id).await
}

/// What stops when a secret of one of the tenant's own clients goes.
///
/// # Errors
/// A caller who may not manage clients, an unknown client or hint, or a store that is away.
pub async fn secret_consequences(
    ctx: &Ctx<'_>,
    caller: &Caller,
    (client_id, hint): (&ClientId, &str),
) -> Result<SecretConsequences, AdminError> {
    caller.require(ctx, &CLIENTS_MANAGE)?;
    let mut read = ctx.read().await?;
    let found = read.client_get(client_id).await?.filter(|found| is_own(ctx, found));
    let found = found.ok_or(AdminError::NotFound("client"))?;
    let unknown = || AdminError::NotFound("client secret");
    let secret = found.secrets.iter().find(|one| one.hint == hint).ok_or_else(unknown)?;
    jobs::flush_client(ctx.engine, usage_key(ctx, client_id)).await?;
    let uses = read.secret_activity(client_id).await?;
    let used = uses.into_iter().find(|one| one.hint == hint).ok_or_else(unknown)?;
    Ok(SecretConsequences {
        is_last: is_last(ctx, &found, secret),
        hint: used.hint,
        label: used.label,
        used_within_day: is_within(ctx, used.last_used_at, DAY),
        used_within_month: is_within(ctx, used.last_used_at, MONTH),
        last_used: LastUse::new(used.last_used_at, used.last_used_from),
    })
}

/// When a client that the tenant lists last asked for scopes of its list and used them, in the
/// order of its list; other scopes are left out.
///
/// # Errors
/// A caller who may not manage clients, an unknown client, or a store that is away.
pub async fn scope_consequences(
    ctx: &Ctx<'_>,
    caller: &Caller,
    client_id: &ClientId,
    scopes: &[&str],
) -> Result<Vec<ScopeUse>, AdminError> {
    caller.require(ctx, &CLIENTS_MANAGE)?;
    let mut read = ctx.read().await?;
    let found = read.client_get(client_id).await?.filter(|found| is_listed(ctx, found));
    let client = found.ok_or(AdminError::NotFound("client"))?.client;
    jobs::flush_client(ctx.engine, usage_key(ctx, client_id)).await?;
    let asked = client.allowed_scopes.iter().filter(|scope| scopes.contains(scope));
    scope_uses(&mut read, client_id, asked).await
}
