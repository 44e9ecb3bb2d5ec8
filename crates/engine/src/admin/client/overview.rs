//! The table of clients: each with how much it is used and how old its secrets are.
//!
//! Invariant: a page costs the same few statements however many clients are on it. What nodes have
//! counted is in it after their next flush, within five seconds.

use domain::client::ClientSecret;
use domain::time::Timestamp;
use store::ClientOverview;

use super::list::{Seen, list};
use crate::admin::AdminError;
use crate::admin::activity::{DAYS, day_before};
use crate::admin::listing::{ListParams, Listed};
use crate::authority::{CLIENTS_MANAGE, Caller};
use crate::context::Ctx;
use crate::usage::REFUSALS;

/// Days of [`Row::tokens`].
pub const OVERVIEW_DAYS: usize = DAYS as usize;

/// A client in the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The client.
    pub seen: Seen,
    /// Its secrets; `None` when another tenant owns the client.
    pub secrets: Option<SecretsInBrief>,
    /// When a credential of it last worked in this tenant, or it got a token; `None` for never.
    pub last_used: Option<LastUse>,
    /// Tokens of each of the last 30 days in UTC, oldest first; the last is today.
    pub tokens: [u64; OVERVIEW_DAYS],
}

/// The secrets of a client, those that expired among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretsInBrief {
    /// How many, 0 to 5.
    pub count: usize,
    /// When the oldest was made.
    pub oldest_at: Option<Timestamp>,
}

/// When and from where something was last used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastUse {
    /// When.
    pub at: Timestamp,
    /// The caller's address; `None` when it is not known.
    pub from: Option<String>,
}

impl LastUse {
    pub(super) fn new(at: Option<Timestamp>, from: Option<String>) -> Option<Self> {
        at.map(|at| Self { at, from })
    }
}

impl SecretsInBrief {
    fn of(secrets: &[ClientSecret]) -> Self {
        Self { count: secrets.len(), oldest_at: secrets.iter().map(|one| one.created_at).min() }
    }
}

/// The last days, oldest first.
pub(super) fn last_days(now: Timestamp) -> [String; OVERVIEW_DAYS] {
    let mut days = [const { String::new() }; OVERVIEW_DAYS];
    for (back, day) in (0..).zip(days.iter_mut().rev()) {
        *day = day_before(now, back);
    }
    days
}

/// The tokens of each of `days`.
pub(super) fn tokens_of(
    found: &ClientOverview,
    days: &[String; OVERVIEW_DAYS],
) -> [u64; OVERVIEW_DAYS] {
    let mut tokens = [0; OVERVIEW_DAYS];
    for (day, count) in &found.days {
        if let Some(place) = days.iter().position(|known| known == day) {
            tokens[place] = u64::try_from(*count).unwrap_or_default();
        }
    }
    tokens
}

/// A page of the tenant's clients, as [`list`] gives it, with how much each is used.
///
/// # Errors
/// A caller who may not manage clients, a wrong parameter, or a store that is away.
pub async fn overview(
    ctx: &Ctx<'_>,
    caller: &Caller,
    params: &ListParams,
) -> Result<Listed<Row>, AdminError> {
    caller.require(ctx, &CLIENTS_MANAGE)?;
    let listed = list(ctx, caller, params).await?;
    let ids: Vec<_> = listed.data.iter().map(|seen| &seen.found.client.id).collect();
    let days = last_days(ctx.now);
    let mut uses = ctx.read().await?.client_overview(&ids, &days[0], REFUSALS).await?;
    Ok(listed.map(|seen| {
        let found = uses.remove(&seen.found.client.id).unwrap_or_default();
        Row {
            secrets: seen.in_full.then(|| SecretsInBrief::of(&seen.found.secrets)),
            tokens: tokens_of(&found, &days),
            last_used: LastUse::new(found.last_used_at, found.last_used_from),
            seen,
        }
    }))
}
