//! `GET /admin/groups`: the table.

use axum::extract::RawQuery;
use axum::response::Response;
use domain::user::{EVERYONE, GroupStatus};
use engine::admin::{AdminError, group};
use store::Group;

use super::{PATH, SECTION};
use crate::console::list_view::{self, Asked, List, literal};
use crate::console::{Admin, refusal};
use crate::pages::console::{
    Cell, TableAction, TableFilter, TableHead, TablePage, TableRow, TableWords, When,
};

static LIST: List = List { path: PATH, sort: "+name", filters: &["provider"] };

/// The table of groups; the one that everybody is in comes first.
pub async fn get(admin: Admin, RawQuery(query): RawQuery) -> Response {
    let asked = Asked::read(&LIST, query.as_deref());
    match page(&admin, &asked, query.as_deref()).await {
        Ok(response) => response,
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}

async fn page(admin: &Admin, asked: &Asked, query: Option<&str>) -> Result<Response, AdminError> {
    let ctx = admin.ctx();
    let listed = group::list(&ctx, &admin.caller, &asked.params(&tests(asked)), false).await;
    let (listed, status, wrong) = list_view::answered(admin.texts, listed)?;
    let everyone = match asked.is_start() {
        true => Some(group::get(&ctx, &admin.caller, EVERYONE).await?),
        false => None,
    };
    let t = admin.texts;
    // The group that everybody is in stands in the table, and is none of those that are counted.
    let found = if everyone.is_some() { "groups-found-everybody" } else { "groups-found" };
    let total = listed.total.and_then(|total| usize::try_from(total).ok()).unwrap_or_default();
    let head = |word, label: &str, sort| {
        TableHead::new((word, t.t(label)), sort, &asked.sort, |sort| asked.address(sort))
    };
    let providers =
        ["custom", "idp"].map(|word| (word.to_owned(), t.t(&format!("group-provider-{word}"))));
    let page = TablePage {
        shell: admin.shell_after(SECTION, query),
        words: TableWords {
            title: t.t("groups-title"),
            lead: t.t("groups-lead"),
            search: t.t("people-search-name"),
            found: t.count(found, total),
            empty: t.t("groups-empty"),
            none: t.t("groups-none"),
        },
        q: asked.q.clone(),
        filters: vec![TableFilter {
            name: "provider",
            label: t.t("groups-provider"),
            any: t.t("groups-any-provider"),
            options: providers.to_vec(),
            chosen: asked.value("provider").to_owned(),
        }],
        sort: asked.sort.clone(),
        is_narrowed: asked.is_narrowed(),
        heads: vec![
            head("name", "column-name", Some("name")),
            head("provider", "groups-provider", None),
            head("roles", "column-roles", None),
            head("status", "column-status", None),
            head("created", "column-created", Some("createdAt")),
        ],
        rows: everyone.iter().chain(&listed.data).map(|group| row(admin, group)).collect(),
        prev: listed.prev.as_deref().map(|cursor| asked.place("prev", cursor)),
        next: listed.next.as_deref().map(|cursor| asked.place("next", cursor)),
        wrong,
        actions: vec![TableAction {
            id: "group-new",
            href: format!("{PATH}/new"),
            label: t.t("groups-new"),
        }],
    };
    Ok(admin.page_with(status, &page))
}

fn tests(asked: &Asked) -> Vec<String> {
    let mut tests = Vec::new();
    if !asked.q.is_empty() {
        tests.push(format!("name co {}", literal(&asked.q)));
    }
    if !asked.value("provider").is_empty() {
        tests.push(format!("providerType eq {}", literal(asked.value("provider"))));
    }
    tests
}

fn row(admin: &Admin, group: &Group) -> TableRow {
    let t = admin.texts;
    let (class, status) = match group.status {
        GroupStatus::Active => ("good", "status-enabled"),
        GroupStatus::Disabled => ("off", "status-disabled"),
    };
    TableRow {
        href: format!("{PATH}/{}", group.id),
        name: group.name.clone(),
        cells: vec![
            Cell::Badge("plain", t.t(&format!("group-provider-{}", group.provider.as_str()))),
            Cell::Names(group.roles.iter().map(|role| role.name.clone()).collect()),
            Cell::Badge(class, t.t(status)),
            Cell::When(When::relative(t, admin.ctx().now, group.created_at)),
        ],
    }
}
