//! Roles and the scopes they give (contract, section 6).

use domain::filter::{Attribute, Kind};
use domain::list::Sort;
use store::Role;

use super::AdminError;
use super::listing::{ListParams, Listed, Listing};
use crate::authority::{Caller, GROUPS_READ};
use crate::context::Ctx;

/// Roles as they are listed.
pub static ROLES: Listing = Listing {
    name: "roles",
    attributes: &[
        Attribute { name: "id", kind: Kind::Id },
        Attribute { name: "name", kind: Kind::Text },
        Attribute { name: "type", kind: Kind::Word(&["default", "custom"]) },
        Attribute { name: "level", kind: Kind::Word(&["admin", "user"]) },
        Attribute { name: "createdAt", kind: Kind::Time },
    ],
    sorts: &["name", "createdAt"],
    default_sort: Sort::ascending("name"),
};

/// A page of the tenant's roles.
///
/// # Errors
/// A caller without the right, a wrong parameter, or a store that is away.
pub async fn list(
    ctx: &Ctx<'_>,
    caller: &Caller,
    params: &ListParams,
) -> Result<Listed<Role>, AdminError> {
    caller.require(ctx, &GROUPS_READ)?;
    let query = ROLES.query(ctx, params)?;
    let page = ctx.read().await?.role_page(&query).await?;
    Ok(ROLES.seal(ctx, params, page))
}
