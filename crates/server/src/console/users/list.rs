//! `GET /admin/users`: the table.

use axum::extract::RawQuery;
use axum::response::Response;
use domain::user::{User, UserKind};
use engine::admin::AdminError;
use engine::admin::listing::Listed;
use engine::admin::user::{self, Seen, Selection};

use super::SECTION;
use crate::console::list_view::{self, Asked, List, literal};
use crate::console::{Admin, picks, refusal};
use crate::pages::console::{
    Cell, TableAction, TableFilter, TableHead, TablePage, TableRow, TableWords, When,
};

static LIST: List =
    List { path: super::PATH, sort: "+name", filters: &["status", "kind", "role", "group"] };

/// The table of users.
pub async fn get(admin: Admin, RawQuery(query): RawQuery) -> Response {
    let asked = Asked::read(&LIST, query.as_deref());
    match page(&admin, &asked, query.as_deref()).await {
        Ok(response) => response,
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}

async fn page(admin: &Admin, asked: &Asked, query: Option<&str>) -> Result<Response, AdminError> {
    let params = asked.params(&tests(asked));
    let listed = user::list(&admin.ctx(), &admin.caller, &params, &Selection::default()).await;
    let (listed, status, wrong) = list_view::answered(admin.texts, listed)?;
    let roles = picks::roles(admin, &[]).await?;
    let roles = roles.offered.into_iter().map(|role| (role.id, role.name)).collect();
    let groups = picks::groups(admin, &[]).await?;
    let groups = groups.offered.into_iter().map(|group| (group.id, group.name)).collect();
    let t = admin.texts;
    let action = |id, path: &str, label: &str| TableAction {
        id,
        href: format!("{}/{path}", super::PATH),
        label: t.t(label),
    };
    let page = TablePage {
        shell: admin.shell_after(SECTION, query),
        words: words(admin, &listed),
        q: asked.q.clone(),
        filters: filters(admin, asked, roles, groups),
        sort: asked.sort.clone(),
        is_narrowed: asked.is_narrowed(),
        heads: heads(admin, asked),
        rows: listed.data.iter().map(|seen| row(admin, &seen.user)).collect(),
        prev: listed.prev.as_deref().map(|cursor| asked.place("prev", cursor)),
        next: listed.next.as_deref().map(|cursor| asked.place("next", cursor)),
        wrong,
        actions: vec![
            action("user-invite", "invite", "users-invite"),
            action("user-new", "new", "users-new"),
        ],
    };
    Ok(admin.page_with(status, &page))
}

fn words(admin: &Admin, listed: &Listed<Seen>) -> TableWords {
    let t = admin.texts;
    let total = listed.total.and_then(|total| usize::try_from(total).ok()).unwrap_or_default();
    TableWords {
        title: t.t("users-title"),
        lead: t.t("users-lead"),
        search: t.t("users-search"),
        found: t.count("users-found", total),
        empty: t.t("users-empty"),
        none: t.t("users-none"),
    }
}

/// The filter of a view; what is asked about the status stands by itself.
fn tests(asked: &Asked) -> Vec<String> {
    let mut tests = Vec::new();
    if !asked.q.is_empty() {
        let q = literal(&asked.q);
        tests.push(format!("(name co {q} or email co {q} or subject co {q})"));
    }
    match asked.value("kind") {
        "bot" => tests.push("clientId pr".to_owned()),
        "person" => tests.push("not (clientId pr)".to_owned()),
        _ => {}
    }
    for (name, direct, by_group) in [
        ("role", "assignedRoles.id", Some("assignedGroupsAssignedRoles.id")),
        ("group", "assignedGroups.id", None),
    ] {
        let id = literal(asked.value(name));
        match by_group {
            _ if asked.value(name).is_empty() => {}
            Some(by_group) => tests.push(format!("({direct} eq {id} or {by_group} eq {id})")),
            None => tests.push(format!("{direct} eq {id}")),
        }
    }
    if !asked.value("status").is_empty() {
        tests.push(format!("status eq {}", literal(asked.value("status"))));
    }
    tests
}

fn filters(
    admin: &Admin,
    asked: &Asked,
    roles: Vec<(String, String)>,
    groups: Vec<(String, String)>,
) -> Vec<TableFilter> {
    let t = admin.texts;
    let filter = |name, label: &str, any: &str, options| TableFilter {
        name,
        label: t.t(label),
        any: t.t(any),
        options,
        chosen: asked.value(name).to_owned(),
    };
    let words = ["active", "invited", "disabled"];
    let status = words.map(|word| (word.to_owned(), t.t(&format!("user-status-{word}"))));
    let kinds = ["person", "bot"].map(|word| (word.to_owned(), t.t(&format!("user-kind-{word}"))));
    vec![
        filter("status", "column-status", "clients-any-status", status.to_vec()),
        filter("kind", "users-kind", "users-any-kind", kinds.to_vec()),
        filter("role", "users-role", "users-any-role", roles),
        filter("group", "users-group", "users-any-group", groups),
    ]
}

fn heads(admin: &Admin, asked: &Asked) -> Vec<TableHead> {
    let head = |word, label: &str, sort| {
        let label = admin.texts.t(label);
        TableHead::new((word, label), sort, &asked.sort, |sort| asked.address(sort))
    };
    vec![
        head("name", "column-name", Some("name")),
        head("email", "column-email", Some("email")),
        head("status", "column-status", Some("status")),
        head("roles", "column-roles", None),
        head("groups", "column-groups", None),
        head("created", "column-created", Some("createdAt")),
    ]
}

fn row(admin: &Admin, user: &User) -> TableRow {
    let t = admin.texts;
    let class = match user.status.as_str() {
        "active" => "good",
        "disabled" => "off",
        _ => "plain",
    };
    let status = t.t(&format!("user-status-{}", user.status.as_str()));
    let mut roles: Vec<String> = user.all_roles().map(|role| role.name.clone()).collect();
    roles.sort();
    roles.dedup();
    let second = match &user.kind {
        UserKind::Bot(_) => t.t("user-kind-bot"),
        UserKind::Person => user.email.clone().unwrap_or_default(),
    };
    TableRow {
        href: super::path(user.id.as_str()),
        name: user.name.clone(),
        cells: vec![
            Cell::Text(second),
            Cell::Badge(class, status),
            Cell::Names(roles),
            Cell::Names(user.groups.iter().map(|group| group.name.clone()).collect()),
            Cell::When(When::relative(t, admin.ctx().now, user.created_at)),
        ],
    }
}
