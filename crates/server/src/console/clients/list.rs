//! `GET /admin/clients`: the table.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use engine::admin::AdminError;
use engine::admin::client::{self, Row};
use engine::admin::listing::Listed;

use super::SECTION;
use super::columns::chosen;
use super::view::{self, Asked};
use crate::console::{Admin, refusal};
use crate::pages::console::columns::Column;
use crate::pages::console::{ClientListPage, ClientRow, When, next_sort};

/// The table of clients.
pub async fn get(admin: Admin, RawQuery(query): RawQuery) -> Response {
    let asked = Asked::read(query.as_deref());
    let ctx = admin.ctx();
    let listed = client::overview(&ctx, &admin.caller, &asked.params(ctx.now)).await;
    let (listed, wrong) = match listed {
        Ok(listed) => (listed, None),
        // An address that was mistyped or is too old: the page says so, beside what was asked.
        Err(error @ (AdminError::Parameter { .. } | AdminError::Invalid { .. })) => {
            let nothing = Listed { data: Vec::new(), next: None, prev: None, total: Some(0) };
            (nothing, Some(refusal::explained(admin.texts, &error).1))
        }
        Err(error) => return refusal::page(&admin, SECTION, &error),
    };
    let status = if wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let view = asked.view;
    let chosen = chosen(&admin).await;
    let columns = chosen.as_deref().unwrap_or(Column::ALL);
    let (sorted, by_name) = next_sort("clientName", &view.sort);
    let page = ClientListPage {
        shell: admin.shell_after(SECTION, query.as_deref()),
        heads: Column::heads(columns, &view.sort, &|sort| view::address(&view, sort)),
        is_chosen: chosen.is_some(),
        choices: Column::choices(columns),
        rows: listed.data.iter().map(|one| row(&admin, one)).collect(),
        total: listed.total.and_then(|total| usize::try_from(total).ok()).unwrap_or_default(),
        prev: listed.prev.as_deref().map(|cursor| view::place(&view, "prev", cursor)),
        next: listed.next.as_deref().map(|cursor| view::place(&view, "next", cursor)),
        name_sort: (sorted, view::address(&view, &by_name)),
        view,
        wrong,
    };
    admin.page_with(status, &page)
}

fn row(admin: &Admin, one: &Row) -> ClientRow {
    let (found, client) = (&one.seen.found, &one.seen.found.client);
    let now = admin.ctx().now;
    let ago = |at| When::relative(admin.texts, now, at);
    ClientRow {
        client_id: client.id.to_string(),
        name: client.name.clone(),
        app_type: client.app_type,
        scopes: client.allowed_scopes.iter().map(str::to_owned).collect(),
        consent: found.consent_method(),
        is_published: client.published_at.is_some(),
        is_disabled: client.disable_tag.is_some(),
        is_own: one.seen.in_full,
        secrets: one.secrets.map_or(0, |secrets| secrets.count),
        oldest_secret: one.secrets.and_then(|secrets| secrets.oldest_at).map(ago),
        last_used: one.last_used.as_ref().map(|used| ago(used.at)),
        days: one.tokens.to_vec(),
        created: ago(client.created_at),
        updated: ago(client.updated_at),
    }
}
