//! Reading clients: all of their own for administrators, less for others (contract, section 1).

use domain::client::{ClientWithCredentials, Owner};
use domain::filter::{Attribute, Kind};
use domain::ids::ClientId;
use domain::list::Sort;

use crate::admin::AdminError;
use crate::admin::listing::{ListParams, Listed, Listing};
use crate::authority::{CLIENTS_MANAGE, CLIENTS_READ, Caller};
use crate::context::Ctx;
use crate::search;

const LAST_USED_AT: &str = "lastUsedAt";

/// What everybody may filter by, and last what only administrators may.
const ATTRIBUTES: &[Attribute] = &[
    Attribute { name: "clientId", kind: Kind::Id },
    Attribute { name: "clientName", kind: Kind::Text },
    Attribute { name: "appType", kind: Kind::Word(&["web", "native", "spa", "anonymous-embed"]) },
    Attribute { name: "tenantId", kind: Kind::Id },
    Attribute { name: "createdByType", kind: Kind::Word(&["user", "service", "dcr"]) },
    Attribute { name: "createdAt", kind: Kind::Time },
    Attribute { name: "updatedAt", kind: Kind::Time },
    Attribute { name: "publishedAt", kind: Kind::Time },
    Attribute { name: "disableTag", kind: Kind::Id },
    Attribute { name: "consentMethod", kind: Kind::Word(&["required", "trusted"]) },
    Attribute { name: LAST_USED_AT, kind: Kind::Time },
];

/// What everybody may sort by, and then what only administrators may.
const SORTS: &[&str] = &[
    "clientId",
    "clientName",
    "appType",
    "tenantId",
    "createdAt",
    "updatedAt",
    "consentMethod",
    LAST_USED_AT,
    "scopeCount",
    "status",
    "secretCount",
];

/// All but the last ones, which are for administrators.
const fn without_last<T>(all: &'static [T], count: usize) -> &'static [T] {
    all.split_at(all.len().saturating_sub(count)).0
}

/// Clients as administrators list them.
pub static CLIENTS: Listing = Listing {
    name: "oauth-clients",
    attributes: ATTRIBUTES,
    sorts: SORTS,
    default_sort: Sort::descending("createdAt"),
};

/// Clients as everybody lists them: who does not see when a client was used, or what it has, can
/// neither filter nor sort by it.
static KNOWN_CLIENTS: Listing = Listing {
    name: CLIENTS.name,
    attributes: without_last(ATTRIBUTES, 1),
    sorts: without_last(SORTS, 4),
    default_sort: CLIENTS.default_sort,
};

/// A client as a caller may see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The client; hints, keys and addresses are for those who see it in full.
    pub found: ClientWithCredentials,
    /// Whether the caller may see all of it: an administrator of the tenant that owns it.
    pub in_full: bool,
}

pub(super) fn is_own(ctx: &Ctx<'_>, found: &ClientWithCredentials) -> bool {
    matches!(&found.client.owner, Owner::Tenant(id) if *id == ctx.tenant.tenant.id)
}

/// Whether a client that the tenant sees is among those that it lists: its own, and published
/// ones that it has met. Region-level clients are not (contract, section 3).
pub(crate) fn is_listed(ctx: &Ctx<'_>, found: &ClientWithCredentials) -> bool {
    let is_published = found.client.published_at.is_some();
    is_own(ctx, found) || (is_published && found.connection.is_some())
}

/// A page of the tenant's clients. When they were last used is for administrators.
///
/// # Errors
/// A caller without the right, a wrong parameter, or a store that is away.
pub async fn list(
    ctx: &Ctx<'_>,
    caller: &Caller,
    params: &ListParams,
) -> Result<Listed<Seen>, AdminError> {
    caller.require(ctx, &CLIENTS_READ)?;
    let manages = caller.may(ctx, &CLIENTS_MANAGE);
    let listing = if manages { &CLIENTS } else { &KNOWN_CLIENTS };
    let query = listing.query(ctx, params)?;
    let page = search::page(ctx, caller, query, |mut read, query| async move {
        read.client_page(&query).await
    })
    .await?;
    let seen = page.map(|found| Seen { in_full: manages && is_own(ctx, &found), found });
    Ok(listing.seal(ctx, params, seen))
}

/// One of the clients that the tenant lists.
///
/// # Errors
/// A caller without the right, an unknown client, or a store that is away.
pub async fn read(ctx: &Ctx<'_>, caller: &Caller, id: &ClientId) -> Result<Seen, AdminError> {
    caller.require(ctx, &CLIENTS_READ)?;
    let found = ctx.read().await?.client_get(id).await?;
    let found = found.filter(|found| is_listed(ctx, found));
    let found = found.ok_or(AdminError::NotFound("client"))?;
    let in_full = caller.may(ctx, &CLIENTS_MANAGE) && is_own(ctx, &found);
    Ok(Seen { found, in_full })
}

/// A client that this tenant sees, for the command line of the server.
///
/// # Errors
/// When the store is away.
pub async fn find(
    ctx: &Ctx<'_>,
    client_id: &ClientId,
) -> Result<Option<ClientWithCredentials>, AdminError> {
    Ok(ctx.read().await?.client_get(client_id).await?)
}

/// Clients that this tenant sees, by id, after one, for the command line of the server.
///
/// # Errors
/// When the store is away.
pub async fn all(
    ctx: &Ctx<'_>,
    limit: u32,
    after: Option<&ClientId>,
) -> Result<Vec<ClientWithCredentials>, AdminError> {
    Ok(ctx.read().await?.client_list(limit, after).await?)
}
