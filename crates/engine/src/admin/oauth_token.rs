//! What users let clients do over time (contract, section 6: oauth-tokens): one entry for each
//! refresh token family. Everybody sees and revokes their own, an administrator all.

use domain::filter::{Attribute, Filter, Kind, Op, Operand, Test};
use domain::ids::{GrantId, UserId};
use domain::list::Sort;
use serde_json::json;
use store::OauthToken;

use super::AdminError;
use super::listing::{ListParams, Listed, Listing};
use crate::authority::{Caller, TOKENS, TOKENS_MANAGE};
use crate::context::Ctx;
use crate::grants;
use crate::search;

const USER: Attribute = Attribute { name: "userId", kind: Kind::Id };
const EXPIRY: Attribute = Attribute { name: "expiresAt", kind: Kind::Time };

/// OAuth tokens as they are listed.
pub static OAUTH_TOKENS: Listing = Listing {
    name: "oauth-tokens",
    attributes: &[],
    sorts: &["userId"],
    default_sort: Sort::ascending("userId"),
};

/// A page of what has neither ended nor been revoked.
///
/// # Errors
/// A caller without the right, a wrong parameter, or a store that is away.
pub async fn list(
    ctx: &Ctx<'_>,
    caller: &Caller,
    user_id: Option<&str>,
    params: &ListParams,
) -> Result<Listed<OauthToken>, AdminError> {
    caller.require(ctx, &TOKENS)?;
    let test = |attribute, op, operand| Filter::Test(Test { attribute, op, operand });
    let of = |id: &UserId| test(USER, Op::Eq, Operand::Text(id.as_str().to_owned()));
    let mut all = vec![test(EXPIRY, Op::Gt, Operand::Time(ctx.now))];
    if let Some(id) = user_id {
        let id = UserId::parse(id);
        all.push(of(&id.map_err(|_| AdminError::parameter("userId", "is a user's id"))?));
    }
    if let Some(own) = caller.user().filter(|_| !caller.may(ctx, &TOKENS_MANAGE)) {
        all.push(of(&own.id));
    }
    let filter = if all.len() == 1 { all.pop() } else { Some(Filter::And(all)) };
    let params = ListParams { filter: user_id.map(str::to_owned), ..params.clone() };
    let query = OAUTH_TOKENS.query_filtered(ctx, &params, filter)?;
    let page = search::page(ctx, caller, query, |mut read, query| async move {
        read.oauth_token_page(&query).await
    })
    .await?;
    Ok(OAUTH_TOKENS.seal(ctx, &params, page))
}

/// Revokes a family with all its refresh and access tokens: at once here, within two seconds on
/// other nodes.
///
/// # Errors
/// A caller without the right, `NotFound` also for other people's.
pub async fn remove(ctx: &Ctx<'_>, caller: &Caller, id: &str) -> Result<(), AdminError> {
    caller.require(ctx, &TOKENS)?;
    let missing = || AdminError::NotFound("OAuth token");
    let id = GrantId::parse(id).map_err(|_| missing())?;
    let mut tx = ctx.begin().await?;
    let owner = tx.oauth_token_owner(&id, ctx.now).await?;
    let (user_id, client_id) = owner.ok_or_else(missing)?;
    let own = caller.user().is_some_and(|user| user.id == user_id);
    if !own && !caller.may(ctx, &TOKENS_MANAGE) {
        return Err(missing());
    }
    let ended = [id];
    grants::revoke_in(ctx, &mut tx, &ended).await?;
    let details = json!({ "reason": "revoked by hand", "userId": user_id, "clientId": client_id });
    tx.audit_append(&caller.event(ctx, "grant.revoked", ended[0].as_str(), details)).await?;
    tx.commit().await?;
    grants::forget(ctx, &ended);
    Ok(())
}
