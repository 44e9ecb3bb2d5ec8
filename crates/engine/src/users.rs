//! Users, as tokens and pages need them: from the cache, with their roles.

use std::sync::Arc;

use domain::ids::{TenantId, UserId};
use domain::oauth_error::{ErrorKind, OauthError};
use domain::user::{GroupRef, RoleRef, TENANT_ADMIN, User};
use serde_json::{Value, json};

use crate::access_token::AccessToken;
use crate::context::Ctx;
use crate::error::OrUnavailable;

/// A user of this tenant.
///
/// # Errors
/// When the store is away.
pub async fn find(ctx: &Ctx<'_>, id: &UserId) -> Result<Option<Arc<User>>, OauthError> {
    let key = (ctx.tenant.tenant.id.clone(), id.clone());
    if let Some(found) = ctx.engine.caches.user(&key) {
        return Ok(found);
    }
    Box::pin(load(ctx, key)).await
}

async fn load(ctx: &Ctx<'_>, key: (TenantId, UserId)) -> Result<Option<Arc<User>>, OauthError> {
    let version = ctx.engine.caches.version();
    let found = ctx.read().await.or_unavailable()?.user_get(&key.1).await.or_unavailable()?;
    let found = found.map(Arc::new);
    ctx.engine.caches.put_user(version, key, found.clone());
    Ok(found)
}

pub(crate) fn disabled() -> OauthError {
    OauthError::new(ErrorKind::UserDisabled, "The user is disabled or no longer exists.")
}

/// What a caller gets to see of a user.
pub enum UserView {
    /// The user, as the contract shows one (section 5).
    Found(Value),
    /// There is no such user here.
    NotFound,
    /// There may be, but not for this caller.
    Forbidden,
}

/// Scopes that show a caller its own address, name and picture.
const OWN_PROFILE: &[&str] = &["user_default", "admin_classic", "users:read"];
/// Scopes that show an administrator everybody.
const OTHERS: &[&str] = &["admin.users:read"];

/// One user, for a caller with a token: oneself always, others for administrators with the scope.
/// Roles and scopes decide together; a scope never gives what the role lacks.
///
/// # Errors
/// When the store is away.
pub async fn read(ctx: &Ctx<'_>, caller: &AccessToken, id: &str) -> Result<UserView, OauthError> {
    let is_self = caller.user.id.as_str() == id;
    let holds = |scopes: &[&str]| scopes.iter().any(|scope| caller.allows(ctx, scope));
    let administers = caller.user.has_role(TENANT_ADMIN) && holds(OTHERS);
    if !is_self && !administers {
        return Ok(UserView::Forbidden);
    }
    let Ok(id) = UserId::parse(id) else { return Ok(UserView::NotFound) };
    let Some(user) = find(ctx, &id).await? else { return Ok(UserView::NotFound) };
    let all = !is_self || holds(OWN_PROFILE);
    let may = |scope: &str| all || caller.allows(ctx, scope);
    let mut view = json!({
        "id": user.id,
        "tenantId": user.tenant_id,
        "subject": user.subject,
        "name": user.name,
        "status": user.status,
        "createdAt": user.created_at,
        "lastUpdatedAt": user.updated_at,
        "assignedRoles": user.roles.iter().map(role).collect::<Vec<_>>(),
        "assignedGroups": user.groups.iter().map(group).collect::<Vec<_>>(),
        "links": { "self": { "href": format!("{}/api/v1/users/{}", ctx.tenant.issuer, user.id) } },
    });
    if let Some(email) = user.email.as_ref().filter(|_| may("identity.email:read")) {
        view["email"] = json!(email);
    }
    for (claim, field, scope) in [
        ("picture", "picture", "identity.picture:read"),
        ("locale", "locale", "identity.name:read"),
        ("zoneinfo", "zoneinfo", "identity.name:read"),
    ] {
        if let Some(value) = user.claims.get(claim).filter(|_| may(scope)) {
            view[field] = value.clone();
        }
    }
    Ok(UserView::Found(view))
}

fn role(role: &RoleRef) -> Value {
    json!({ "id": role.id, "name": role.name, "type": role.kind, "level": role.level })
}

fn group(group: &GroupRef) -> Value {
    json!({ "id": group.id, "name": group.name })
}
