//! What a client did lately: for administrators who want to know which secret is still in use, why
//! an application does not work, and which scopes it does not need.
//!
//! Invariants: the answer is bounded, whatever happened; it holds no secret and nothing that a
//! caller sent but the trace id. It tells what happened in the asking tenant only; secrets and keys
//! are told to the tenant that owns the client.
//!
//! What this node has counted is in the answer; what other nodes have counted is in it after their
//! next flush, within five seconds.

use std::collections::BTreeMap;

use domain::client::GrantType;
use domain::ids::ClientId;
use domain::time::{Timestamp, day_of, plus_seconds};
use serde::Serialize;
use store::{ClientFailure, ScopeDay, ScopeWay, TenantRead, UsageCount};
use utoipa::ToSchema;

use super::AdminError;
use super::client::is_listed;
use crate::authority::{CLIENTS_MANAGE, Caller};
use crate::client_auth::usage_key;
use crate::context::Ctx;
use crate::jobs;
use crate::usage::{Counter, Reason};

const DAY: i64 = 86_400;
/// Days that are told, today included.
pub(super) const DAYS: i64 = 30;
/// Counters that are read: more than there are kinds in so many days.
const COUNTERS_MAX: u32 = 2000;
/// Refusals that are told.
const FAILURES_MAX: u32 = 50;
/// Days for which it is known when a scope was last requested or used.
const SCOPE_DAYS: i64 = 400;

/// What a client did lately.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    /// The client's secrets, oldest first; none when another tenant owns the client.
    pub secrets: Vec<SecretUse>,
    /// Its registered public keys, oldest first; none when another tenant owns the client. Keys
    /// behind a `jwks_uri` are not registered here.
    pub keys: Vec<KeyUse>,
    /// The days of the last 30 on which anything happened, newest first.
    pub days: Vec<Day>,
    /// The newest refusals, at most 50, newest first: of each reason about the last ten, at most
    /// 30 days old.
    pub failures: Vec<Refusal>,
    /// Each scope of the client's list, in its order.
    pub scopes: Vec<ScopeUse>,
    /// The scopes of the list that were neither requested by name nor used since
    /// `scopes_counted_since`. A scope that only another product checks, without introspection, is
    /// among them although it may be needed.
    pub unused_scopes: Vec<String>,
    /// Since when `scopes` and `unused_scopes` are known: 400 days ago, or when the client was made.
    #[schema(value_type = String, format = DateTime)]
    pub scopes_counted_since: Timestamp,
}

/// A client secret: everything but the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecretUse {
    /// The secret's last five characters.
    pub hint: String,
    /// What its creator calls it.
    pub label: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// When it stops working; `null` for never.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// When it last worked; `null` when it never did.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    /// The address from which it last worked; `null` when it never did.
    pub last_used_from: Option<String>,
}

/// A registered public key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyUse {
    /// Its id, unique in the client.
    pub kid: String,
    /// When it was registered.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Who registered it.
    pub created_by: String,
    /// When it last verified an assertion; `null` when it never did.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    /// The address from which it was last used; `null` when it never was.
    pub last_used_from: Option<String>,
}

/// One day in UTC. Around midnight the counts of a few seconds are the next day's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Day {
    /// `YYYY-MM-DD`.
    pub day: String,
    /// Answers with tokens, by grant type.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub tokens: BTreeMap<GrantType, u64>,
    /// Refusals, by the word of their reason.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub failures: BTreeMap<&'static str, u64>,
}

/// One refusal. The caller was told less: see the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Why, as a stable word.
    #[schema(value_type = String)]
    pub reason: Reason,
    /// What happened, in a few words.
    pub title: &'static str,
    /// What happened, and what to do about it.
    pub explanation: &'static str,
    /// The caller's address.
    pub address: String,
    /// The request's trace id, as the caller was told it.
    pub trace_id: String,
}

/// When a scope was last asked for and used, as days in UTC (`YYYY-MM-DD`); `null` for not in the
/// days that are kept. What *requested* and *used* mean: `engine::usage`, `scope_days`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScopeUse {
    /// The scope, as it is on the client's list.
    pub scope: String,
    /// The last day on which a request named it, or a scope that it includes.
    pub last_requested: Option<String>,
    /// The last day on which a token passed a check by it.
    pub last_used: Option<String>,
}

/// What a client did in this tenant lately. Writes what this node has counted of it first.
///
/// # Errors
/// A caller who may not manage clients; a client that this tenant does not see; a store that is
/// away.
pub async fn activity(
    ctx: &Ctx<'_>,
    caller: &Caller,
    id: &ClientId,
) -> Result<Activity, AdminError> {
    caller.require(ctx, &CLIENTS_MANAGE)?;
    let mut read = ctx.read().await?;
    let found = read.client_get(id).await?.filter(|found| is_listed(ctx, found));
    let client = found.ok_or(AdminError::NotFound("client"))?.client;
    jobs::flush_client(ctx.engine, usage_key(ctx, id)).await?;
    let first_day = day_before(ctx.now, DAYS - 1);
    let kept_since = plus_seconds(ctx.now, -SCOPE_DAYS * DAY);
    let scopes = scope_uses(&mut read, id, client.allowed_scopes.iter()).await?;
    let is_unused = |one: &&ScopeUse| one.last_requested.is_none() && one.last_used.is_none();
    Ok(Activity {
        secrets: read.secret_activity(id).await?.into_iter().map(SecretUse::from).collect(),
        keys: read.key_activity(id).await?.into_iter().map(KeyUse::from).collect(),
        days: days(read.usage_list(id, &first_day, COUNTERS_MAX).await?),
        failures: failures(read.failure_list(id, FAILURES_MAX).await?),
        unused_scopes: scopes.iter().filter(is_unused).map(|one| one.scope.clone()).collect(),
        scopes,
        scopes_counted_since: kept_since.max(client.created_at),
    })
}

impl From<store::SecretActivity> for SecretUse {
    fn from(stored: store::SecretActivity) -> Self {
        Self {
            hint: stored.hint,
            label: stored.label,
            created_at: stored.created_at,
            created_by: stored.created_by,
            expires_at: stored.expires_at,
            last_used_at: stored.last_used_at,
            last_used_from: stored.last_used_from,
        }
    }
}

impl From<store::KeyActivity> for KeyUse {
    fn from(stored: store::KeyActivity) -> Self {
        Self {
            kid: stored.kid,
            created_at: stored.created_at,
            created_by: stored.created_by,
            last_used_at: stored.last_used_at,
            last_used_from: stored.last_used_from,
        }
    }
}

/// Counters, newest day first, by days. Kinds of a newer version are left out.
fn days(counts: Vec<UsageCount>) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for UsageCount { day, kind, count } in counts {
        let Some(counter) = Counter::of_kind(&kind) else { continue };
        let count = u64::try_from(count).unwrap_or_default();
        if days.last().is_none_or(|last| last.day != day) {
            days.push(Day { day, tokens: BTreeMap::new(), failures: BTreeMap::new() });
        }
        let Some(last) = days.last_mut() else { continue };
        match counter {
            Counter::Token(grant) => last.tokens.insert(grant, count),
            Counter::Failure(reason) => last.failures.insert(reason.word(), count),
        };
    }
    days
}

/// Refusals in words. Reasons of a newer version are left out.
fn failures(stored: Vec<ClientFailure>) -> Vec<Refusal> {
    let in_words = |one: ClientFailure| {
        let reason = Reason::parse(&one.reason)?;
        Some(Refusal {
            at: one.at,
            reason,
            title: reason.title(),
            explanation: reason.explanation(),
            address: one.address,
            trace_id: one.trace_id,
        })
    };
    stored.into_iter().filter_map(in_words).collect()
}

/// A day (`YYYY-MM-DD`, UTC) so many days before that of an instant.
pub(super) fn day_before(now: Timestamp, days: i64) -> String {
    day_of(plus_seconds(now, -days * DAY))
}

/// When a client last asked for scopes and used them.
pub(super) async fn scope_uses<'n>(
    read: &mut TenantRead,
    id: &ClientId,
    scopes: impl IntoIterator<Item = &'n str>,
) -> Result<Vec<ScopeUse>, AdminError> {
    let marks = read.scope_day_list(id).await?;
    Ok(scopes.into_iter().map(|scope| scope_use(scope, &marks)).collect())
}

fn scope_use(scope: &str, marks: &[ScopeDay]) -> ScopeUse {
    let last = |way| {
        let found = marks.iter().find(|mark| mark.scope == scope && mark.way == way);
        found.map(|mark| mark.day.clone())
    };
    ScopeUse {
        scope: scope.to_owned(),
        last_requested: last(ScopeWay::Requested),
        last_used: last(ScopeWay::Used),
    }
}
