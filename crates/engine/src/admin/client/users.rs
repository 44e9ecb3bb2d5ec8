//! The users of a client, and taking its access to one of them away.

use domain::filter::Attribute;
use domain::ids::{ClientId, UserId};
use domain::list::Sort;
use store::ClientUser;

use super::list::read;
use crate::account;
use crate::admin::AdminError;
use crate::admin::listing::{ListParams, Listed, Listing};
use crate::admin::role_giving::check_target;
use crate::authority::{CLIENTS_MANAGE, Caller};
use crate::context::Ctx;

const NO_FILTER: &[Attribute] = &[];

/// The list of one client: its cursors open nothing of another's.
static CLIENT_USERS: Listing = Listing {
    name: "users of a client",
    attributes: NO_FILTER,
    sorts: &["userId"],
    default_sort: Sort::ascending("userId"),
};

/// A page of the users who let a client in, or of whom it has a refresh token, by their ids. The
/// filter of `params` is not looked at.
///
/// # Errors
/// A caller who may not manage clients, an unknown client, a wrong parameter, or a store that is
/// away.
pub async fn client_users(
    ctx: &Ctx<'_>,
    caller: &Caller,
    client_id: &ClientId,
    params: &ListParams,
) -> Result<Listed<ClientUser>, AdminError> {
    caller.require(ctx, &CLIENTS_MANAGE)?;
    read(ctx, caller, client_id).await?;
    let params = ListParams { filter: Some(client_id.to_string()), ..params.clone() };
    let query = CLIENT_USERS.query_filtered(ctx, &params, None)?;
    let page = ctx.read().await?.client_user_page(client_id, &query, ctx.now).await?;
    Ok(CLIENT_USERS.seal(ctx, &params, page))
}

/// Takes a client's access to one user away: consent, refresh tokens and access tokens, at once, as
/// the user could. `false` when it had none.
///
/// # Errors
/// A caller who may not manage clients, an unknown client or user, an administrator whom the caller
/// could not make, or a store that is away.
pub async fn client_user_remove(
    ctx: &Ctx<'_>,
    caller: &Caller,
    client_id: &ClientId,
    user_id: &UserId,
) -> Result<bool, AdminError> {
    caller.require(ctx, &CLIENTS_MANAGE)?;
    read(ctx, caller, client_id).await?;
    let user = ctx.read().await?.user_get(user_id).await?;
    check_target(ctx, caller, &user.ok_or(AdminError::NotFound("user"))?)?;
    Ok(account::end_access(ctx, (user_id, client_id), caller).await?)
}
