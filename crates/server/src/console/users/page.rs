//! `/admin/users/{id}`: a user, and changing name, roles and groups.

use std::sync::Arc;

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::Response;
use domain::user::{EVERYONE, GroupRef, User, UserKind};
use engine::admin::{AdminError, user};
use engine::authority::AUDITS_READ;
use serde_json::{Value, json};

use super::SECTION;
use crate::account::device;
use crate::console::fault::{conflicts, fault};
use crate::console::stale::Edit;
use crate::console::{Admin, AdminForm, own, picks, refusal};
use crate::pages::console::users::{UserApp, UserPage, UserSession};
use crate::pages::console::{Fault, Shell, When};

/// What the form changes, in the order of the patch's operations.
const FIELDS: [&str; 3] = ["name", "assignedRoles", "assignedGroups"];

/// The page.
pub async fn get(admin: Admin, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let shell = admin.shell_after(SECTION, query.as_deref());
    match page(&admin, shell, &id).await {
        Ok(page) => admin.page(&page),
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}

/// The page with what was refused on it.
pub(super) async fn refused(admin: &Admin, id: &str, error: AdminError) -> Response {
    let shown = match fault(admin, error, &FIELDS) {
        Ok((status, fault)) => page(admin, admin.shell(SECTION), id)
            .await
            .map(|page| (status, UserPage { fault, ..page })),
        Err(error) => Err(error),
    };
    match shown {
        Ok((status, page)) => admin.page_with(status, &page),
        Err(error) => refusal::page(admin, SECTION, &error),
    }
}

async fn page(admin: &Admin, shell: Shell, id: &str) -> Result<UserPage, AdminError> {
    let user = user::get(&admin.ctx(), &admin.caller, id).await?.user;
    page_of(admin, shell, &user).await
}

/// What the form begins with.
fn ground(user: &User) -> Value {
    let roles: Vec<&str> = user.roles.iter().map(|role| role.id.as_str()).collect();
    let groups: Vec<&str> = own_groups(user).map(|group| group.id.as_str()).collect();
    json!({ "name": user.name, "assignedRoles": roles, "assignedGroups": groups })
}

/// Without the group that everybody is in.
fn own_groups(user: &User) -> impl Iterator<Item = &GroupRef> {
    user.groups.iter().map(AsRef::as_ref).filter(|group| group.id.as_str() != EVERYONE)
}

async fn page_of(admin: &Admin, shell: Shell, user: &User) -> Result<UserPage, AdminError> {
    let ctx = admin.ctx();
    let access = user::access(&ctx, &admin.caller, &user.id).await?;
    let when = |at| When::relative(admin.texts, ctx.now, at);
    let roles: Vec<_> =
        user.roles.iter().map(|role| (role.id.to_string(), role.name.clone())).collect();
    let groups: Vec<_> =
        own_groups(user).map(|group| (group.id.to_string(), group.name.clone())).collect();
    let session = |session: &domain::grant::Session| UserSession {
        id: session.id.to_string(),
        is_own: session.id == admin.signed_in.session.id,
        device: device::describe(admin.texts, &session.user_agent),
        address: session.address.clone(),
        started: when(session.created_at),
        seen: when(session.last_seen_at),
    };
    let app = |app: &domain::grant::AuthorizedApp| UserApp {
        client_id: app.consent.client_id.to_string(),
        name: app.client_name.clone(),
        scopes: app.consent.scope.len(),
        granted: when(app.consent.granted_at),
        used: app.last_used_at.map(when),
    };
    Ok(UserPage {
        shell,
        fault: Fault::default(),
        id: user.id.to_string(),
        subject: user.subject.clone(),
        email: user.email.clone(),
        is_email_verified: user.email_verified,
        status: user.status.as_str(),
        client: match &user.kind {
            UserKind::Bot(client_id) => Some(client_id.to_string()),
            UserKind::Person => None,
        },
        created: when(user.created_at),
        updated: when(user.updated_at),
        invited_until: user.invite_expires_at.map(when),
        is_self: own::is_self(admin, user),
        title: user.name.clone(),
        name: user.name.clone(),
        base: ground(user).to_string(),
        roles: picks::roles(admin, &roles).await?,
        groups: picks::groups(admin, &groups).await?,
        inherited: inherited(user),
        sessions: access.sessions.iter().map(session).collect(),
        apps: access.apps.iter().map(app).collect(),
        may_read_audit: admin.caller.may(&ctx, &AUDITS_READ),
    })
}

/// Each role that a group gives, with the group.
fn inherited(user: &User) -> Vec<(String, String)> {
    let of = |group: &Arc<GroupRef>| {
        let roles = group.roles.iter().map(|role| (group.name.clone(), role.name.clone()));
        roles.collect::<Vec<_>>()
    };
    user.groups.iter().flat_map(of).collect()
}

/// `POST /admin/users/{id}`: name, roles and groups, as far as they were changed.
pub async fn post(Path(id): Path<String>, AdminForm { admin, form }: AdminForm) -> Response {
    let (ctx, caller) = (admin.ctx(), &admin.caller);
    let user = match user::get(&ctx, caller, &id).await {
        Ok(seen) => seen.user,
        Err(error) => return refusal::page(&admin, SECTION, &error),
    };
    let wanted = json!({
        "name": form.field("name").unwrap_or_default(),
        "assignedRoles": picks::ids(&form, FIELDS[1]),
        "assignedGroups": picks::ids(&form, FIELDS[2]),
    });
    let edit = Edit::new(&form, wanted, ground(&user));
    let list = |field| picks::value(&edit.set(field), (&form, field));
    let body = json!([
        { "op": "replace", "path": "/name", "value": edit.text("name") },
        { "op": "replace", "path": "/assignedRoles", "value": list(FIELDS[1]) },
        { "op": "replace", "path": "/assignedGroups", "value": list(FIELDS[2]) },
    ]);
    let refused = match conflicts(&admin, &edit, &FIELDS[..1]) {
        Some(theirs) => Ok((StatusCode::CONFLICT, theirs)),
        None => match user::patch(&ctx, caller, (&id, Some(&*user)), body).await {
            Ok(()) => return admin.done(&super::path(&id), "user-saved"),
            Err(AdminError::OwnLoss { is_all }) => {
                let path = super::path(&id);
                return own::question(&admin, SECTION, &form, (&path, &path), is_all);
            }
            Err(error) => fault(&admin, error, &FIELDS),
        },
    };
    let shown: Result<(StatusCode, UserPage), AdminError> = async {
        let (status, fault) = refused?;
        let page = page_of(&admin, admin.shell(SECTION), &user).await?;
        let picks = |picks, field| picks::ticked(picks, &edit.set(field), (&form, field));
        let (roles, groups) = (picks(page.roles, FIELDS[1]), picks(page.groups, FIELDS[2]));
        Ok((status, UserPage { fault, name: edit.text("name"), roles, groups, ..page }))
    }
    .await;
    match shown {
        Ok((status, page)) => admin.page_with(status, &page),
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}
