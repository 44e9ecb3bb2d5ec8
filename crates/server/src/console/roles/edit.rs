//! `/admin/roles/new` and `/admin/roles/{id}`.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::Response;
use domain::user::RoleKind;
use engine::admin::listing::ListParams;
use engine::admin::role::{self, RoleDraft};
use engine::admin::user::{self, Selection};
use engine::admin::{AdminError, group};
use engine::authority::AUDITS_READ;
use serde_json::{Value, json};
use store::Role;

use super::{PATH, SECTION};
use crate::console::fault::{conflicts, fault};
use crate::console::list_view::literal;
use crate::console::stale::{self, Edit, base};
use crate::console::{Admin, AdminForm, panel, refusal};
use crate::http::form::Form;
use crate::pages::console::role::{RoleFacts, RolePage};
use crate::pages::console::{Fault, PanelPage, ScopeTree, When};

/// What the form changes, in the order of the patch's operations.
const FIELDS: [&str; 3] = ["name", "description", "assignedScopes"];

fn blank(admin: &Admin, chosen: &[String]) -> RolePage {
    RolePage {
        shell: admin.shell(SECTION),
        fault: Fault::default(),
        made: None,
        base: None,
        name: String::new(),
        description: String::new(),
        scopes: scopes(admin, chosen),
    }
}

/// The scopes of tenants, of which those are barred that the reader cannot give.
fn scopes(admin: &Admin, chosen: &[String]) -> ScopeTree {
    let ctx = admin.ctx();
    let is_barred = |scope: &str| !admin.caller.may_give(&ctx, scope);
    ScopeTree::of(admin.texts, ctx.engine.catalogue(), chosen, &is_barred)
}

/// The empty form.
pub async fn get_new(admin: Admin) -> Response {
    admin.page(&blank(&admin, &[]))
}

/// The page of a role.
pub async fn get(admin: Admin, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let shell = admin.shell_after(SECTION, query.as_deref());
    match page(&admin, &id).await {
        Ok(page) => admin.page(&RolePage { shell, ..page }),
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}

async fn page(admin: &Admin, id: &str) -> Result<RolePage, AdminError> {
    page_of(admin, role::get(&admin.ctx(), &admin.caller, id).await?).await
}

/// What the form begins with.
fn ground(role: &Role) -> Value {
    json!({
        "name": role.name,
        "description": role.description,
        "assignedScopes": given(role),
    })
}

fn given(role: &Role) -> Vec<String> {
    role.assigned_scopes.iter().map(str::to_owned).collect()
}

async fn page_of(admin: &Admin, role: Role) -> Result<RolePage, AdminError> {
    let ctx = admin.ctx();
    let (users, groups) = members(admin, &role).await?;
    let page = blank(admin, &given(&role));
    Ok(RolePage {
        made: Some(RoleFacts {
            id: role.id.to_string(),
            title: role.name.clone(),
            is_default: role.kind == RoleKind::Default,
            is_all: role.as_member().is_tenant_admin(),
            users,
            groups,
            updated: When::relative(admin.texts, ctx.now, role.updated_at),
            may_read_audit: admin.caller.may(&ctx, &AUDITS_READ),
        }),
        base: Some(ground(&role).to_string()),
        name: role.name,
        description: role.description,
        ..page
    })
}

/// How many users have it, directly or by a group, and how many groups give it.
async fn members(admin: &Admin, role: &Role) -> Result<(usize, usize), AdminError> {
    let ctx = admin.ctx();
    let id = literal(role.id.as_str());
    let asked = |filter: String| ListParams {
        filter: Some(filter),
        limit: Some(1),
        total: true,
        ..ListParams::default()
    };
    let direct = format!("assignedRoles.id eq {id}");
    let any = asked(format!("({direct} or assignedGroupsAssignedRoles.id eq {id})"));
    let users = user::list(&ctx, &admin.caller, &any, &Selection::default()).await?;
    let groups = group::list(&ctx, &admin.caller, &asked(direct), false).await?;
    let count = |total: Option<i64>| total.and_then(|total| usize::try_from(total).ok());
    Ok((count(users.total).unwrap_or_default(), count(groups.total).unwrap_or_default()))
}

fn text<'a>(form: &'a Form, name: &str) -> &'a str {
    form.field(name).unwrap_or_default()
}

/// `POST /admin/roles/new`.
pub async fn create(AdminForm { admin, form }: AdminForm) -> Response {
    let draft = RoleDraft {
        name: text(&form, "name").to_owned(),
        description: text(&form, "description").to_owned(),
        assigned_scopes: form.all("assignedScopes").map(str::to_owned).collect(),
    };
    let error = match role::create(&admin.ctx(), &admin.caller, draft).await {
        Ok(role) => return admin.done(&format!("{PATH}/{}", role.id), "role-created"),
        Err(error) => error,
    };
    match fault(&admin, error, &[]) {
        Ok((status, fault)) => {
            let chosen: Vec<String> = form.all("assignedScopes").map(str::to_owned).collect();
            let (name, description) = (text(&form, "name"), text(&form, "description"));
            let (name, description) = (name.to_owned(), description.to_owned());
            let page = RolePage { fault, name, description, ..blank(&admin, &chosen) };
            admin.page_with(status, &page)
        }
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}

/// `POST /admin/roles/{id}`: what was changed.
pub async fn save(Path(id): Path<String>, AdminForm { admin, form }: AdminForm) -> Response {
    let (ctx, caller) = (admin.ctx(), &admin.caller);
    let found = match role::get(&ctx, caller, &id).await {
        Ok(found) => found,
        Err(error) => return refusal::page(&admin, SECTION, &error),
    };
    let base = base(&form).unwrap_or_else(|| ground(&found));
    let before = base["description"].as_str().unwrap_or_default();
    let wanted = json!({
        "name": text(&form, "name"),
        "description": stale::text(&form, "description", before),
        "assignedScopes": form.all("assignedScopes").collect::<Vec<_>>(),
    });
    let edit = Edit::new(&form, wanted, ground(&found));
    let scopes = edit.set("assignedScopes");
    let body = json!([
        { "op": "replace", "path": "/name", "value": edit.text("name") },
        { "op": "replace", "path": "/description", "value": edit.text("description") },
        { "op": "replace", "path": "/assignedScopes", "value": scopes },
    ]);
    let refused = match conflicts(&admin, &edit, &FIELDS[..2]) {
        Some(theirs) => Ok((StatusCode::CONFLICT, theirs)),
        None => match role::patch(&ctx, caller, (&id, Some(&found)), body).await {
            Ok(()) => return admin.done(&format!("{PATH}/{id}"), "role-saved"),
            Err(error) => fault(&admin, error, &FIELDS),
        },
    };
    let shown: Result<(StatusCode, RolePage), AdminError> = async {
        let (status, fault) = refused?;
        let page = page_of(&admin, found).await?;
        let (name, description) = (edit.text("name"), edit.text("description"));
        let scopes = self::scopes(&admin, &scopes);
        Ok((status, RolePage { fault, name, description, scopes, ..page }))
    }
    .await;
    match shown {
        Ok((status, page)) => admin.page_with(status, &page),
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}

/// `GET /admin/roles/{id}/delete`: who loses what it gave.
pub async fn ask_delete(admin: Admin, Path(id): Path<String>) -> Response {
    panel::ask(&admin, SECTION, delete_panel(&admin, &id).await)
}

async fn delete_panel(admin: &Admin, id: &str) -> Result<PanelPage, AdminError> {
    let role = role::get(&admin.ctx(), &admin.caller, id).await?;
    let (users, groups) = members(admin, &role).await?;
    let t = admin.texts;
    let back = format!("{PATH}/{}", role.id);
    Ok(PanelPage {
        shell: admin.shell(SECTION),
        title: t.of("role-delete-title", &role.name),
        says: vec![
            t.count("role-delete-users", users),
            t.count("role-delete-groups", groups),
            t.t("role-delete-what"),
        ],
        action: format!("{back}/delete"),
        fields: Vec::new(),
        submit: ("role-delete", t.t("role-delete")),
        is_danger: true,
        back,
        wrong: None,
    })
}

/// `POST /admin/roles/{id}/delete`.
pub async fn delete(Path(id): Path<String>, AdminForm { admin, .. }: AdminForm) -> Response {
    let Err(error) = role::delete(&admin.ctx(), &admin.caller, &id).await else {
        return admin.done(PATH, "role-deleted");
    };
    match delete_panel(&admin, &id).await {
        Ok(panel) => panel::again(&admin, SECTION, panel, error),
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}
