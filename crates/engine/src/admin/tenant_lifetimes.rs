//! How long the tokens and sessions of a tenant live, as its administrators set it.
//!
//! Invariants: an access token lives at most as long as its revocation is remembered; a code lives
//! at most a minute (RFC 6749 section 4.1.2 says ten, the conformance suite tries at 62 seconds).
//! What was given before a change keeps the life that it was given with, but for sessions without
//! use, which end by the new rule at once.

use domain::said;
use domain::said::Arg;
use domain::tenant::{Lifetimes, Tenant};
use serde_json::json;
use store::ChangeKind;

use super::AdminError;
use crate::authority::{Caller, TENANT_MANAGE};
use crate::caches::MAX_TOKEN_SECONDS;
use crate::context::Ctx;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A lifetime that can be set: its name on the wire, and its least and greatest value in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    /// The name of the field.
    pub field: &'static str,
    /// Seconds.
    pub least: i64,
    /// Seconds.
    pub most: i64,
    of: fn(&Lifetimes) -> i64,
}

impl Bound {
    /// The value in a tenant's lifetimes, in seconds.
    pub fn value(&self, lifetimes: &Lifetimes) -> i64 {
        (self.of)(lifetimes)
    }
}

/// All lifetimes, with what they may be.
pub const BOUNDS: [Bound; 7] = [
    Bound {
        field: "accessToken",
        least: 5 * MINUTE,
        most: MAX_TOKEN_SECONDS,
        of: |l| l.access_token,
    },
    Bound { field: "idToken", least: MINUTE, most: DAY, of: |l| l.id_token },
    Bound { field: "refreshToken", least: HOUR, most: 365 * DAY, of: |l| l.refresh_token },
    Bound { field: "refreshGrace", least: 0, most: 10 * MINUTE, of: |l| l.refresh_grace },
    Bound { field: "authorizationCode", least: 10, most: MINUTE, of: |l| l.authorization_code },
    Bound { field: "sessionIdle", least: 5 * MINUTE, most: 30 * DAY, of: |l| l.session_idle },
    Bound {
        field: "sessionMaximum",
        least: 10 * MINUTE,
        most: 365 * DAY,
        of: |l| l.session_maximum,
    },
];

/// Checks lifetimes against their bounds and each other.
///
/// # Errors
/// The field that does not fit, and what would.
fn check(wanted: &Lifetimes) -> Result<(), AdminError> {
    for bound in BOUNDS {
        if !(bound.least..=bound.most).contains(&bound.value(wanted)) {
            let message = said!(
                "lifetime-bounds",
                "is {least} to {most}",
                least = Arg::Seconds(bound.least),
                most = Arg::Seconds(bound.most)
            );
            return Err(AdminError::invalid(bound.field, message));
        }
    }
    if wanted.session_idle > wanted.session_maximum {
        let message = said!(
            "session-idle",
            "is at most {field}: a session ends then in any case",
            field = Arg::Field("sessionMaximum")
        );
        return Err(AdminError::invalid("sessionIdle", message));
    }
    Ok(())
}

/// The lifetimes as they are in the database now.
///
/// # Errors
/// A caller without the right, or a store that is away.
pub async fn lifetimes(ctx: &Ctx<'_>, caller: &Caller) -> Result<Lifetimes, AdminError> {
    caller.require(ctx, &TENANT_MANAGE)?;
    let tenant = ctx.read().await?.tenant_get().await?;
    Ok(tenant.ok_or(AdminError::NotFound("tenant"))?.lifetimes)
}

/// Sets the lifetimes, if they are still those that the caller saw; every node uses them within two
/// seconds. Nothing is written when nothing changes. What is given from then on has them. What was
/// given before:
///
/// - access tokens, ID tokens and codes keep the expiry that stands in them;
/// - a refresh token keeps its own until it is used, its successor has the new one;
/// - the grace counts at once, also for refresh tokens that were used a moment ago;
/// - a session ends by the new time without use at once, and at its own maximum until the user
///   signs in again.
///
/// # Errors
/// A caller without the right, a lifetime outside of its bounds, [`AdminError::Stale`], or a store
/// that is away.
pub async fn set_lifetimes(
    ctx: &Ctx<'_>,
    caller: &Caller,
    seen: &Lifetimes,
    wanted: Lifetimes,
) -> Result<(), AdminError> {
    caller.require(ctx, &TENANT_MANAGE)?;
    check(&wanted)?;
    let mut tx = ctx.begin().await?;
    tx.tenant_hold().await?;
    let before = tx.tenant_get().await?.ok_or(AdminError::NotFound("tenant"))?;
    if before.lifetimes != *seen {
        return Err(AdminError::Stale);
    }
    let changes = domain::audit::changes(&told(&before.lifetimes), &told(&wanted));
    if changes == json!({}) {
        return Ok(());
    }
    let after = Tenant { lifetimes: wanted, updated_at: ctx.now, ..before };
    tx.tenant_update(&after).await?;
    let details = json!({ "changes": changes });
    tx.audit_append(&caller.event(ctx, "tenant.updated", after.id.as_str(), details)).await?;
    ctx.commit_change(tx, ChangeKind::Tenant, after.id.as_str()).await?;
    Ok(())
}

/// The lifetimes for the audit trail, where a name that ends in `Token` is kept from: it might be
/// one.
fn told(lifetimes: &Lifetimes) -> serde_json::Value {
    let pair = |bound: &Bound| (format!("{}Seconds", bound.field), json!(bound.value(lifetimes)));
    BOUNDS.iter().map(pair).collect::<serde_json::Map<_, _>>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_hold_at_both_ends_and_the_defaults_fit() {
        assert!(check(&Lifetimes::default()).is_ok());
        let set = |bound: &Bound, value: i64| {
            let mut fields = serde_json::to_value(Lifetimes::default()).expect("json");
            fields[bound.field] = json!(value);
            serde_json::from_value::<Lifetimes>(fields).expect("a field of that name")
        };
        for bound in &BOUNDS {
            for wrong in [bound.least - 1, bound.most + 1, i64::MAX, i64::MIN] {
                let error = check(&set(bound, wrong)).expect_err("out of bounds");
                assert!(matches!(error, AdminError::Invalid { field, .. } if field == bound.field));
            }
            let fits = |lifetimes: &Lifetimes| lifetimes.session_idle <= lifetimes.session_maximum;
            for right in [bound.least, bound.most] {
                let lifetimes = set(bound, right);
                assert_eq!(check(&lifetimes).is_ok(), fits(&lifetimes), "{}", bound.field);
            }
        }
    }
}
