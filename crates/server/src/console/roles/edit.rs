//! `/admin/roles/new` and `/admin/roles/{id}`.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use domain::user::RoleKind;
use engine::admin::listing::ListParams;
use engine::admin::role::{self, RoleDraft};
use engine::admin::user::{self, Selection};
use engine::admin::{AdminError, group};
use engine::authority::AUDITS_READ;
use serde_json::json;
use store::Role;

use super::{PATH, SECTION};
use crate::console::fault::fault;
use crate::console::list_view::literal;
use crate::console::{Admin, AdminForm, panel, refusal};
use crate::http::form::Form;
use crate::pages::console::role::{RoleFacts, RolePage, RoleScope};
use crate::pages::console::{Fault, PanelPage, When};

/// What the form changes, in the order of the patch's operations.
const FIELDS: [&str; 3] = ["name", "description", "assignedScopes"];

fn blank(admin: &Admin, is_chosen: &dyn Fn(&str) -> bool) -> RolePage {
    let ctx = admin.ctx();
    let may_give = |scope: &str| admin.caller.may_give(&ctx, scope);
    RolePage {
        shell: admin.shell(SECTION),
        fault: Fault::default(),
        made: None,
        name: String::new(),
        description: String::new(),
        scopes: RoleScope::tree(ctx.engine.catalogue(), is_chosen, &may_give),
    }
}

/// The empty form.
pub async fn get_new(admin: Admin) -> Response {
    admin.page(&blank(&admin, &|_| false))
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
    let ctx = admin.ctx();
    let role = role::get(&ctx, &admin.caller, id).await?;
    let (users, groups) = members(admin, &role).await?;
    let page = blank(admin, &|scope| role.assigned_scopes.contains(scope));
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

/// The form as it was sent, with what is wrong with it.
fn again(
    admin: &Admin,
    form: &Form,
    made: Result<Option<RoleFacts>, AdminError>,
    error: AdminError,
) -> Response {
    let shown = fault(admin, error, &FIELDS).and_then(|shown| made.map(|made| (shown, made)));
    let ((status, fault), made) = match shown {
        Ok(shown) => shown,
        Err(error) => return refusal::page(admin, SECTION, &error),
    };
    let page = RolePage {
        fault,
        made,
        name: text(form, "name").to_owned(),
        description: text(form, "description").to_owned(),
        ..blank(admin, &|scope| form.all("assignedScopes").any(|one| one == scope))
    };
    admin.page_with(status, &page)
}

/// `POST /admin/roles/new`.
pub async fn create(AdminForm { admin, form }: AdminForm) -> Response {
    let draft = RoleDraft {
        name: text(&form, "name").to_owned(),
        description: text(&form, "description").to_owned(),
        assigned_scopes: form.all("assignedScopes").map(str::to_owned).collect(),
    };
    match role::create(&admin.ctx(), &admin.caller, draft).await {
        Ok(role) => admin.done(&format!("{PATH}/{}", role.id), "role-created"),
        Err(error) => again(&admin, &form, Ok(None), error),
    }
}

/// `POST /admin/roles/{id}`.
pub async fn save(Path(id): Path<String>, AdminForm { admin, form }: AdminForm) -> Response {
    let scopes: Vec<&str> = form.all("assignedScopes").collect();
    let body = json!([
        { "op": "replace", "path": "/name", "value": text(&form, "name") },
        { "op": "replace", "path": "/description", "value": text(&form, "description") },
        { "op": "replace", "path": "/assignedScopes", "value": scopes },
    ]);
    match role::patch(&admin.ctx(), &admin.caller, &id, body).await {
        Ok(()) => admin.done(&format!("{PATH}/{id}"), "role-saved"),
        Err(error) => {
            let made = page(&admin, &id).await.map(|page| page.made);
            again(&admin, &form, made, error)
        }
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
