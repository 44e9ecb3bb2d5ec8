//! `GET /admin/roles`: the table.

use axum::extract::RawQuery;
use axum::response::Response;
use domain::user::{RoleKind, RoleLevel};
use engine::admin::{AdminError, role};
use store::Role;

use super::{PATH, SECTION};
use crate::console::list_view::{self, Asked, List, literal};
use crate::console::{Admin, refusal};
use crate::pages::console::{
    Cell, TableAction, TableFilter, TableHead, TablePage, TableRow, TableWords, When,
};

static LIST: List = List { path: PATH, sort: "+name", filters: &["type"] };

/// The table of roles.
pub async fn get(admin: Admin, RawQuery(query): RawQuery) -> Response {
    let asked = Asked::read(&LIST, query.as_deref());
    match page(&admin, &asked, query.as_deref()).await {
        Ok(response) => response,
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}

async fn page(admin: &Admin, asked: &Asked, query: Option<&str>) -> Result<Response, AdminError> {
    let listed = role::list(&admin.ctx(), &admin.caller, &asked.params(&tests(asked))).await;
    let (listed, status, wrong) = list_view::answered(admin.texts, listed)?;
    let t = admin.texts;
    let total = listed.total.and_then(|total| usize::try_from(total).ok()).unwrap_or_default();
    let head = |word, label: &str, sort| {
        TableHead::new((word, t.t(label)), sort, &asked.sort, |sort| asked.address(sort))
    };
    let types =
        ["default", "custom"].map(|word| (word.to_owned(), t.t(&format!("role-type-{word}"))));
    let page = TablePage {
        shell: admin.shell_after(SECTION, query),
        words: TableWords {
            title: t.t("roles-title"),
            lead: t.t("roles-lead"),
            search: t.t("people-search-name"),
            found: t.count("roles-found", total),
            empty: t.t("roles-none"),
            none: t.t("roles-none"),
        },
        q: asked.q.clone(),
        filters: vec![TableFilter {
            name: "type",
            label: t.t("column-type"),
            any: t.t("clients-any-type"),
            options: types.to_vec(),
            chosen: asked.value("type").to_owned(),
        }],
        sort: asked.sort.clone(),
        is_narrowed: asked.is_narrowed(),
        heads: vec![
            head("name", "column-name", Some("name")),
            head("description", "column-description", None),
            head("status", "column-type", None),
            head("level", "roles-level", None),
            head("created", "column-created", Some("createdAt")),
        ],
        rows: listed.data.iter().map(|role| row(admin, role)).collect(),
        prev: listed.prev.as_deref().map(|cursor| asked.place("prev", cursor)),
        next: listed.next.as_deref().map(|cursor| asked.place("next", cursor)),
        wrong,
        actions: vec![TableAction {
            id: "role-new",
            href: format!("{PATH}/new"),
            label: t.t("roles-new"),
        }],
    };
    Ok(admin.page_with(status, &page))
}

fn tests(asked: &Asked) -> Vec<String> {
    let mut tests = Vec::new();
    if !asked.q.is_empty() {
        tests.push(format!("name co {}", literal(&asked.q)));
    }
    if !asked.value("type").is_empty() {
        tests.push(format!("type eq {}", literal(asked.value("type"))));
    }
    tests
}

fn row(admin: &Admin, role: &Role) -> TableRow {
    let t = admin.texts;
    let (class, level) = match role.level {
        RoleLevel::Admin => ("off", "role-level-admin"),
        RoleLevel::User => ("plain", "role-level-user"),
    };
    let kind = match role.kind {
        RoleKind::Default => "role-type-default",
        RoleKind::Custom => "role-type-custom",
    };
    TableRow {
        href: format!("{PATH}/{}", role.id),
        name: role.name.clone(),
        cells: vec![
            Cell::Text(role.description.clone()),
            Cell::Badge("plain", t.t(kind)),
            Cell::Badge(class, t.t(level)),
            Cell::When(When::relative(t, admin.ctx().now, role.created_at)),
        ],
    }
}
