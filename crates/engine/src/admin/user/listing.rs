//! Reading users: who sees what.
//!
//! Invariant: who does not administer users sees of others only their names, and can neither
//! filter nor sort by what they do not see.

use std::sync::Arc;

use domain::filter::{Attribute, Kind};
use domain::ids::UserId;
use domain::list::Sort;
use domain::user::User;

use super::selection::{Selection, check_status};
use crate::admin::AdminError;
use crate::admin::listing::{ListParams, Listed, Listing};
use crate::authority::{Caller, USERS_READ, USERS_READ_ALL};
use crate::context::Ctx;
use crate::search;
use crate::users;

const STATUS: Attribute = Attribute {
    name: "status",
    kind: Kind::Word(&["active", "invited", "disabled", "deleted", "provisioned"]),
};
const ID: Attribute = Attribute { name: "id", kind: Kind::Id };
const NAME: Attribute = Attribute { name: "name", kind: Kind::Text };

/// Users as administrators list them.
pub static USERS: Listing = Listing {
    name: "users",
    attributes: &[
        ID,
        NAME,
        STATUS,
        Attribute { name: "subject", kind: Kind::Text },
        Attribute { name: "email", kind: Kind::Text },
        Attribute { name: "clientId", kind: Kind::Id },
        Attribute { name: "createdAt", kind: Kind::Time },
        Attribute { name: "assignedScopes", kind: Kind::Name },
        Attribute { name: "assignedRoles.id", kind: Kind::Id },
        Attribute { name: "assignedRoles.name", kind: Kind::Text },
        Attribute { name: "assignedGroups.id", kind: Kind::Id },
        Attribute { name: "assignedGroups.name", kind: Kind::Text },
        Attribute { name: "assignedGroupsAssignedRoles.id", kind: Kind::Id },
        Attribute { name: "assignedGroupsAssignedRoles.name", kind: Kind::Text },
    ],
    sorts: &[
        "name",
        "id",
        "_id",
        "tenantId",
        "clientId",
        "status",
        "subject",
        "email",
        "inviteExpiry",
        "createdAt",
    ],
    default_sort: Sort::ascending("name"),
};

/// Users as everybody lists them.
static NAMES: Listing = Listing {
    name: "users by name",
    attributes: &[ID, NAME, STATUS],
    sorts: &["name", "id", "_id"],
    default_sort: Sort::ascending("name"),
};

/// How much of a user a caller sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Everything.
    All,
    /// Some of it; the id, the tenant and the status always.
    Some(Parts),
}

/// What of a user is told, beside id, tenant and status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// The full name.
    pub name: bool,
    /// The stable identifier.
    pub subject: bool,
    /// The email address.
    pub email: bool,
    /// The picture.
    pub picture: bool,
    /// Language and time zone.
    pub preferences: bool,
}

impl Parts {
    /// Who somebody else is.
    const BRIEF: Self =
        Self { name: true, subject: false, email: false, picture: false, preferences: false };
}

/// A user, and how much of it the caller sees.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The user.
    pub user: Arc<User>,
    /// How much of it.
    pub sight: Sight,
}

/// Scopes that show a caller all of its own user.
const OWN_PROFILE: &[&str] = &["user_default", "admin_classic", "users:read"];

fn sight_of_others(ctx: &Ctx<'_>, caller: &Caller) -> Sight {
    if caller.may(ctx, &USERS_READ_ALL) { Sight::All } else { Sight::Some(Parts::BRIEF) }
}

/// An app sees of the user who is there what the user lets it: with `openid` alone, who it is to
/// this tenant (its id) and nothing more (contract, section 5: `identity.*:read`).
fn sight_of_oneself(ctx: &Ctx<'_>, caller: &Caller) -> Sight {
    if caller.holds(ctx, OWN_PROFILE) || caller.may(ctx, &USERS_READ_ALL) {
        return Sight::All;
    }
    // The scopes of the contract, and those by which userinfo tells the same.
    let shows = |scopes: &[&str]| caller.holds(ctx, scopes);
    let named = shows(&["identity.name:read", "profile"]);
    Sight::Some(Parts {
        // Who may list users sees everybody's name.
        name: named || caller.may(ctx, &USERS_READ),
        subject: shows(&["identity.subject:read"]),
        email: shows(&["identity.email:read", "email"]),
        picture: shows(&["identity.picture:read", "profile"]),
        preferences: named,
    })
}

fn is_caller(caller: &Caller, id: &str) -> bool {
    caller.user().is_some_and(|user| user.id.as_str() == id)
}

/// One user: oneself always, others with the right to read users.
///
/// # Errors
/// A caller without the right, an unknown user.
pub async fn get(ctx: &Ctx<'_>, caller: &Caller, id: &str) -> Result<Seen, AdminError> {
    let unknown = || AdminError::NotFound("user");
    if is_caller(caller, id) {
        let id = UserId::parse(id).map_err(|_| unknown())?;
        let found = users::find(ctx, &id).await;
        let found = found.map_err(|error| AdminError::Unavailable(error.to_string()))?;
        let sight = sight_of_oneself(ctx, caller);
        return Ok(Seen { user: found.ok_or_else(unknown)?, sight });
    }
    caller.require(ctx, &USERS_READ)?;
    let id = UserId::parse(id).map_err(|_| unknown())?;
    let user = ctx.read().await?.user_get(&id).await?.ok_or_else(unknown)?;
    Ok(Seen { user: Arc::new(user), sight: sight_of_others(ctx, caller) })
}

/// A page of the tenant's users: people and bot users, of every status unless the filter says.
///
/// # Errors
/// A caller without the right, a wrong parameter, or a store that is away.
pub async fn list(
    ctx: &Ctx<'_>,
    caller: &Caller,
    params: &ListParams,
    selection: &Selection,
) -> Result<Listed<Seen>, AdminError> {
    caller.require(ctx, &USERS_READ)?;
    let others = sight_of_others(ctx, caller);
    let listing = if others == Sight::All { &USERS } else { &NAMES };
    let params = selection.merge(ctx, params)?;
    let query = listing.query(ctx, &params)?;
    if let Some(filter) = &query.filter {
        check_status(filter)?;
    }
    let page =
        search::page(
            ctx,
            caller,
            query,
            |mut read, query| async move { read.user_page(&query).await },
        )
        .await?;
    let listed = listing.seal(ctx, &params, page);
    Ok(listed.map(|user| {
        let own = is_caller(caller, user.id.as_str());
        let sight = if own { sight_of_oneself(ctx, caller) } else { others };
        Seen { user: Arc::new(user), sight }
    }))
}

/// How many users there are: people and bot users, of every status.
///
/// # Errors
/// A caller without the right, or a store that is away.
pub async fn count(ctx: &Ctx<'_>, caller: &Caller) -> Result<i64, AdminError> {
    caller.require(ctx, &USERS_READ)?;
    let mut read = ctx.read().await?;
    search::search(ctx, caller, async move { read.user_count(None).await }).await
}
