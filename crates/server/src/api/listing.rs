//! The body of a list: data, absolute links, and the total when it was asked for (contract 0.8).

use axum::http::StatusCode;
use axum::response::Response;
use engine::admin::listing::Listed;
use serde::Serialize;
use utoipa::ToSchema;

use super::ApiRequest;
use super::query::{Cursors, Query};
use crate::http::respond;

/// An address.
#[derive(Debug, Serialize, ToSchema)]
pub struct Link {
    /// The absolute address.
    pub href: String,
}

/// The addresses of a page and its neighbours.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListLinks {
    /// This page.
    #[serde(rename = "self")]
    pub this: Link,
    /// The next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Link>,
    /// The page before, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prev: Option<Link>,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListBody<T> {
    /// The items.
    pub data: Vec<T>,
    /// Where to go from here.
    pub links: ListLinks,
    /// How many there are in all pages, when `totalResults` asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_results: Option<i64>,
}

/// Where an entity is.
#[derive(Debug, Serialize, ToSchema)]
pub struct SelfLink {
    /// This entity.
    #[serde(rename = "self")]
    pub this: Link,
}

impl SelfLink {
    /// The address of an entity.
    pub fn new(api: &ApiRequest, path: &str) -> Self {
        Self { this: Link { href: api.href(path) } }
    }
}

/// Answers a page of the list at `path`.
pub fn answer<T: Serialize>(
    api: &ApiRequest,
    path: &str,
    query: &Query<'_>,
    listed: Listed<T>,
) -> Response {
    answer_by(api, path, (query, &Cursors::USUAL), listed)
}

/// The same for a list whose cursors have other names.
pub fn answer_by<T: Serialize>(
    api: &ApiRequest,
    path: &str,
    (query, cursors): (&Query<'_>, &Cursors),
    listed: Listed<T>,
) -> Response {
    let link = |text: String| {
        let mark = if text.is_empty() { "" } else { "?" };
        Link { href: api.href(&format!("{path}{mark}{text}")) }
    };
    let body = ListBody {
        links: ListLinks {
            this: link(query.as_sent()),
            next: listed.next.map(|cursor| link(query.with_cursor(cursors.next, &cursor))),
            prev: listed.prev.map(|cursor| link(query.with_cursor(cursors.prev, &cursor))),
        },
        data: listed.data,
        total_results: listed.total,
    };
    respond::json(StatusCode::OK, &body)
}
