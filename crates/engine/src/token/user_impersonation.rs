//! `urn:qlik:oauth:user-impersonation` (contract 4.2): a trusted machine client acts as a named
//! user. The scopes are the client's, and only narrow what that user may do.

use domain::audit::Actor;
use domain::client::GrantType;
use domain::oauth_error::OauthError;
use domain::scope::ScopeSet;
use domain::token_request::UserLookup;
use domain::user::{User, UserKind};
use serde_json::json;

use super::steps::{Subject, TokenResponse, disabled_user, grant_scope, mint, require_trust};
use crate::client_auth::ClientEntry;
use crate::context::Ctx;
use crate::error::OrUnavailable;
use crate::usage::Reason;
use crate::users;

pub(super) async fn exchange(
    ctx: &Ctx<'_>,
    client: &ClientEntry,
    lookup: &UserLookup,
    requested: &ScopeSet,
) -> Result<TokenResponse, OauthError> {
    require_trust(ctx, client)?;
    let scope = grant_scope(ctx, client, &requested.without("offline_access"))?;
    let user = find(ctx, client, lookup).await?;
    if !user.is_active() {
        return Err(disabled_user(ctx, client));
    }
    audit(ctx, client, &user).await?;
    let response =
        mint(ctx, Subject { client, user: &user, scope, delegation: None }, None).await?;
    client.usage.issued(GrantType::UserImpersonation, ctx.now, ctx.address);
    Ok(response)
}

/// Acting as somebody else is a decision that must leave a trace, so this grant does write.
async fn audit(ctx: &Ctx<'_>, client: &ClientEntry, user: &User) -> Result<(), OauthError> {
    let actor = Actor::Client(client.inner.client.id.to_string());
    let event = ctx.event(actor, "user.impersonated", user.id.as_str(), json!({}));
    let mut tx = ctx.autocommit().await.or_unavailable()?;
    tx.audit_append(&event).await.or_unavailable()?;
    tx.commit().await.or_unavailable()
}

async fn find(
    ctx: &Ctx<'_>,
    client: &ClientEntry,
    lookup: &UserLookup,
) -> Result<std::sync::Arc<User>, OauthError> {
    let unknown = || {
        client.note_refusal(ctx, Reason::UserUnknown);
        OauthError::invalid_grant("No user of this tenant fits user_lookup.")
    };
    let user = match lookup {
        UserLookup::UserId(id) => {
            let id = domain::ids::UserId::parse(id).map_err(|_| unknown())?;
            users::find(ctx, &id).await?
        }
        UserLookup::Subject(subject) => {
            let mut read = ctx.read().await.or_unavailable()?;
            let found = read.user_find_by_subject(subject).await.or_unavailable()?;
            found.map(std::sync::Arc::new)
        }
    };
    // A bot is another client: acting as it would borrow that client's rights.
    user.filter(|user| user.kind == UserKind::Person).ok_or_else(unknown)
}
