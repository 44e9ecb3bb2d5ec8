//! `/admin/groups/new` and `/admin/groups/{id}`.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::Response;
use domain::user::{GroupProvider, GroupStatus};
use engine::admin::AdminError;
use engine::admin::group::{self, GroupDraft};
use engine::admin::listing::ListParams;
use engine::admin::user::{self, Selection};
use engine::authority::AUDITS_READ;
use serde_json::{Value, json};
use store::Group;

use super::{PATH, SECTION};
use crate::console::fault::{conflicts, fault};
use crate::console::list_view::literal;
use crate::console::stale::{self, Edit, base};
use crate::console::{Admin, AdminForm, own, panel, picks, refusal};
use crate::http::form::Form;
use crate::pages::console::group::{GroupFacts, GroupPage};
use crate::pages::console::{Fault, PanelPage, When};

/// What the form changes, in the order of the patch's operations.
const FIELDS: [&str; 3] = ["name", "description", "assignedRoles"];
/// The same for the group that everybody is in.
const SYSTEM_FIELDS: [&str; 2] = ["enabled", "assignedRoles"];

/// The empty form.
pub async fn get_new(admin: Admin) -> Response {
    show(&admin, blank(&admin).await)
}

fn show(admin: &Admin, page: Result<GroupPage, AdminError>) -> Response {
    match page {
        Ok(page) => admin.page(&page),
        Err(error) => refusal::page(admin, SECTION, &error),
    }
}

async fn blank(admin: &Admin) -> Result<GroupPage, AdminError> {
    Ok(GroupPage {
        shell: admin.shell(SECTION),
        fault: Fault::default(),
        made: None,
        base: None,
        name: String::new(),
        description: String::new(),
        is_enabled: true,
        roles: picks::roles(admin, &[]).await?,
    })
}

/// The page of a group.
pub async fn get(admin: Admin, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let shell = admin.shell_after(SECTION, query.as_deref());
    show(&admin, page(&admin, &id).await.map(|page| GroupPage { shell, ..page }))
}

async fn page(admin: &Admin, id: &str) -> Result<GroupPage, AdminError> {
    page_of(admin, group::get(&admin.ctx(), &admin.caller, id).await?).await
}

/// What the form begins with.
fn ground(group: &Group) -> Value {
    let roles: Vec<&str> = group.roles.iter().map(|role| role.id.as_str()).collect();
    json!({
        "name": group.name,
        "description": group.description,
        "enabled": group.status == GroupStatus::Active,
        "assignedRoles": roles,
    })
}

async fn page_of(admin: &Admin, group: Group) -> Result<GroupPage, AdminError> {
    let ctx = admin.ctx();
    let members = match group.provider {
        GroupProvider::System => None,
        _ => Some(members(admin, &group).await?),
    };
    let when = |at| When::relative(admin.texts, ctx.now, at);
    let roles: Vec<_> =
        group.roles.iter().map(|role| (role.id.to_string(), role.name.clone())).collect();
    Ok(GroupPage {
        made: Some(GroupFacts {
            id: group.id.to_string(),
            title: group.name.clone(),
            provider: group.provider.as_str(),
            members,
            created: when(group.created_at),
            updated: when(group.updated_at),
            may_read_audit: admin.caller.may(&ctx, &AUDITS_READ),
        }),
        base: Some(ground(&group).to_string()),
        name: group.name,
        description: group.description,
        is_enabled: group.status == GroupStatus::Active,
        roles: picks::roles(admin, &roles).await?,
        ..blank(admin).await?
    })
}

async fn members(admin: &Admin, group: &Group) -> Result<usize, AdminError> {
    let filter = Some(format!("assignedGroups.id eq {}", literal(group.id.as_str())));
    let params = ListParams { filter, limit: Some(1), total: true, ..ListParams::default() };
    let listed = user::list(&admin.ctx(), &admin.caller, &params, &Selection::default()).await?;
    Ok(listed.total.and_then(|total| usize::try_from(total).ok()).unwrap_or_default())
}

fn text<'a>(form: &'a Form, name: &str) -> &'a str {
    form.field(name).unwrap_or_default()
}

/// The form of a new group as it was sent, with what is wrong with it.
fn again(
    admin: &Admin,
    form: &Form,
    page: Result<GroupPage, AdminError>,
    error: AdminError,
) -> Response {
    let shown = fault(admin, error, &[]).and_then(|shown| page.map(|page| (shown, page)));
    let ((status, fault), page) = match shown {
        Ok(shown) => shown,
        Err(error) => return refusal::page(admin, SECTION, &error),
    };
    let page = GroupPage {
        fault,
        name: text(form, "name").to_owned(),
        description: text(form, "description").to_owned(),
        roles: picks::again(page.roles, form, "assignedRoles"),
        ..page
    };
    admin.page_with(status, &page)
}

/// `POST /admin/groups/new`.
pub async fn create(AdminForm { admin, form }: AdminForm) -> Response {
    let draft = GroupDraft {
        name: text(&form, "name").to_owned(),
        description: text(&form, "description").to_owned(),
        provider: GroupProvider::Custom,
        roles: picks::chosen(&form, "assignedRoles"),
    };
    match group::create(&admin.ctx(), &admin.caller, &draft).await {
        Ok(group) => admin.done(&format!("{PATH}/{}", group.id), "group-created"),
        Err(error) => again(&admin, &form, blank(&admin).await, error),
    }
}

/// `POST /admin/groups/{id}`: what was changed.
pub async fn save(Path(id): Path<String>, AdminForm { admin, form }: AdminForm) -> Response {
    let found = match group::get(&admin.ctx(), &admin.caller, &id).await {
        Ok(found) => found,
        Err(error) => return refusal::page(&admin, SECTION, &error),
    };
    let edit = edit(&form, &found);
    let fields = match found.provider {
        GroupProvider::System => SYSTEM_FIELDS.as_slice(),
        _ => FIELDS.as_slice(),
    };
    let refused = match conflicts(&admin, &edit, &fields[..fields.len() - 1]) {
        Some(theirs) => Ok((StatusCode::CONFLICT, theirs)),
        None => match store(&admin, &found, &edit, &form).await {
            Ok(()) => return admin.done(&format!("{PATH}/{id}"), "group-saved"),
            Err(AdminError::OwnLoss { is_all }) => {
                let path = format!("{PATH}/{id}");
                return own::question(&admin, SECTION, &form, (&path, &path), is_all);
            }
            Err(error) => fault(&admin, error, fields),
        },
    };
    let shown: Result<(StatusCode, GroupPage), AdminError> = async {
        let (status, fault) = refused?;
        let page = page_of(&admin, found).await?;
        let roles = edit.set("assignedRoles");
        let roles = picks::ticked(page.roles, &roles, (&form, "assignedRoles"));
        let (name, description) = (edit.text("name"), edit.text("description"));
        let is_enabled = *edit.merged("enabled") == json!(true);
        Ok((status, GroupPage { fault, name, description, is_enabled, roles, ..page }))
    }
    .await;
    match shown {
        Ok((status, page)) => admin.page_with(status, &page),
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}

/// What a form says about a group; the form of the group that everybody is in has other fields.
fn edit(form: &Form, group: &Group) -> Edit {
    let mut wanted = ground(group);
    match group.provider {
        GroupProvider::System => wanted["enabled"] = form.has("enabled").into(),
        _ => {
            let base = base(form).unwrap_or_else(|| wanted.clone());
            let before = base["description"].as_str().unwrap_or_default();
            wanted["description"] = stale::text(form, "description", before).into();
            wanted["name"] = text(form, "name").into();
        }
    }
    wanted["assignedRoles"] = picks::ids(form, "assignedRoles").into();
    Edit::new(form, wanted, ground(group))
}

async fn store(admin: &Admin, group: &Group, edit: &Edit, form: &Form) -> Result<(), AdminError> {
    let (ctx, caller) = (admin.ctx(), &admin.caller);
    let roles = picks::value(&edit.set("assignedRoles"), (form, "assignedRoles"));
    let replace =
        |path: &str, value: &Value| json!({ "op": "replace", "path": path, "value": value });
    if group.provider == GroupProvider::System {
        let at = format!("/systemGroups/{}", group.id);
        let body = json!([
            replace(&format!("{at}/enabled"), edit.merged("enabled")),
            replace(&format!("{at}/assignedRoles"), &roles),
        ]);
        return group::patch_settings(&ctx, caller, Some(group), body).await;
    }
    let body = json!([
        replace("/name", edit.merged("name")),
        replace("/description", edit.merged("description")),
        replace("/assignedRoles", &roles),
    ]);
    group::patch(&ctx, caller, (group.id.as_str(), Some(group)), body).await
}

/// `GET /admin/groups/{id}/delete`: what its members lose.
pub async fn ask_delete(admin: Admin, Path(id): Path<String>) -> Response {
    panel::ask(&admin, SECTION, delete_panel(&admin, &id).await)
}

async fn delete_panel(admin: &Admin, id: &str) -> Result<PanelPage, AdminError> {
    let group = group::get(&admin.ctx(), &admin.caller, id).await?;
    let members = members(admin, &group).await?;
    let t = admin.texts;
    let back = format!("{PATH}/{}", group.id);
    Ok(PanelPage {
        shell: admin.shell(SECTION),
        title: t.of("group-delete-title", &group.name),
        says: vec![t.count("group-delete-members", members), t.t("group-delete-what")],
        action: format!("{back}/delete"),
        fields: Vec::new(),
        submit: ("group-delete", t.t("group-delete")),
        is_danger: true,
        back,
        wrong: None,
    })
}

/// `POST /admin/groups/{id}/delete`.
pub async fn delete(Path(id): Path<String>, AdminForm { admin, form }: AdminForm) -> Response {
    let error = match group::delete(&admin.ctx(), &admin.caller, &id).await {
        Ok(()) => return admin.done(PATH, "group-deleted"),
        Err(AdminError::OwnLoss { is_all }) => {
            let back = format!("{PATH}/{id}");
            let places = (&*format!("{back}/delete"), &*back);
            return own::question(&admin, SECTION, &form, places, is_all);
        }
        Err(error) => error,
    };
    match delete_panel(&admin, &id).await {
        Ok(panel) => panel::again(&admin, SECTION, panel, error),
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}
