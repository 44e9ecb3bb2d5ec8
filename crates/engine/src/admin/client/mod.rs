//! Clients, their secrets and keys, and how the tenant treats them (contract, section 1;
//! requirements S2.2 to S2.9).
//!
//! Invariants: a tenant changes only its own clients; whoever changes one holds its row's lock
//! from before reading it, so that of two changes at once neither is lost; a secret is told once,
//! by the function that made it.

mod connection;
mod consequences;
mod create;
mod delete;
mod draft;
mod fields;
pub mod limits;
mod list;
mod overview;
mod publish;
mod rules;
mod secrets;
mod update;
mod users;

use domain::client::{Client, ClientWithCredentials};
use domain::ids::ClientId;
use domain::said;
use store::{ChangeKind, TenantTx};

pub use connection::{CONNECTION_PATCH, connection_delete, connection_get, connection_update};
pub use consequences::{
    Consequences, MAX_CLIENTS, SecretConsequences, consequences, scope_consequences,
    secret_consequences,
};
pub use create::{Created, create, create_once};
pub use delete::delete;
pub use draft::ClientDraft;
pub use fields::{Fields as ClientFields, PATCH};
pub(crate) use list::is_listed;
pub use list::{CLIENTS, Seen, all, find, list, read};
pub use overview::{LastUse, OVERVIEW_DAYS, Row, SecretsInBrief, overview};
pub use publish::publish;
pub use rules::scope_set;
pub use secrets::{NewSecret, SecretRequest, secret_create, secret_create_once, secret_delete};
pub use update::{set_disabled, update};
pub use users::{client_user_remove, client_users};

use super::AdminError;
use crate::context::Ctx;

/// A client of this tenant's own, locked until the commit.
async fn own_for_update(
    ctx: &Ctx<'_>,
    tx: &mut TenantTx,
    id: &ClientId,
) -> Result<ClientWithCredentials, AdminError> {
    let is_own = tx.client_lock(id, ctx.now).await?;
    match tx.client_get(id).await? {
        Some(found) if is_own => Ok(found),
        Some(found) if list::is_listed(ctx, &found) => Err(AdminError::Conflict(said!(
            "client-not-own",
            "This client is not this tenant's own: change it where it is owned."
        ))),
        _ => Err(AdminError::NotFound("client")),
    }
}

/// What other nodes must hear of a change of a client: a published one is in the caches of other
/// tenants, too.
fn change_of(client: &Client) -> ChangeKind {
    match client.published_at {
        Some(_) => ChangeKind::SharedClient,
        None => ChangeKind::Client,
    }
}
