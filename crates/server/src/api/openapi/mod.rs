//! `GET /api/openapi.json`: the API's own description (OpenAPI 3.1), from the code and the tables;
//! and `/api/docs`, the same for people.
//!
//! Handlers and their bodies are described where they stand (`#[utoipa::path]`, `ToSchema`); what
//! the tables know is written into that: rights from the router's table, parameters of lists from
//! the engine's listings, limits from the engine's constants and settings, errors from
//! `domain::api_error`. Nothing of it is written twice.
//!
//! Invariant: the document names every address of the API in the router's table and no other; the
//! tests compare. It is the same for all tenants and built once: its server is the host that it
//! was read from. Limits that the operator sets are this node's in what programs read; the pages
//! for people show what they are unless set.

mod access;
mod errors;
mod example;
mod limits;
mod links;
mod lists;
mod nouns;
mod operations;
pub mod pages;
mod patches;
mod protocol;
mod reader;
mod schemas;

use std::sync::LazyLock;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use engine::Settings;
use engine::settings::Limits;
use serde_json::{Value, json};
use utoipa::OpenApi as _;

pub use access::{role_text, scopes_text};
pub use lists::{LISTS, filter_text};
pub use nouns::{NOUNS, NounTag};
pub use reader::parts;

use crate::http::{TenantRequest, respond};
use crate::pages::static_files::entity_tag;

/// The document, as it is served and as it is read here.
#[derive(Debug)]
pub struct Document {
    /// The whole document.
    pub value: Value,
    text: Bytes,
    etag: String,
}

impl Document {
    /// The document of a server with such limits.
    pub fn of(limits: &Limits) -> Self {
        let value = build(limits);
        let text = serde_json::to_vec(&value).unwrap_or_default();
        let etag = entity_tag(&text);
        Self { value, text: text.into(), etag }
    }
}

/// The document of a server whose operator set no limits.
pub fn document() -> &'static Document {
    static DOCUMENT: LazyLock<Document> =
        LazyLock::new(|| Document::of(&Settings::default().limits));
    &DOCUMENT
}

fn build(limits: &Limits) -> Value {
    let described = serde_json::to_value(operations::Operations::openapi());
    let mut document = described.unwrap_or_else(|_| json!({}));
    document["info"] = json!({
        "title": "Countersign",
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "OAuth clients, users, groups, roles and API keys of a tenant.",
        "description": nouns::INTRODUCTION,
        "license": { "name": "Apache License 2.0", "identifier": "Apache-2.0" },
    });
    document["servers"] =
        json!([{ "url": "/", "description": "The tenant that this was read from" }]);
    document["tags"] = nouns::tags();
    schemas::tidy(&mut document);
    protocol::add(&mut document);
    lists::add(&mut document);
    patches::add(&mut document);
    limits::add(&mut document, limits);
    links::add(&mut document);
    errors::add(&mut document);
    access::add(&mut document);
    document
}

/// Gives the document to everybody, also to programs of other origins.
pub async fn get(request: TenantRequest, headers: HeaderMap) -> Response {
    let limits = &request.engine().settings().limits;
    let document = request.app.openapi.get_or_init(|| Document::of(limits));
    let mut response =
        if headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag == &*document.etag) {
            respond::empty(StatusCode::NOT_MODIFIED)
        } else {
            let mut whole = Response::new(Body::from(document.text.clone()));
            let json = HeaderValue::from_static("application/json");
            whole.headers_mut().insert(header::CONTENT_TYPE, json);
            whole
        };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if let Ok(tag) = HeaderValue::from_str(&document.etag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// Calls `change` with the path, the method and the operation, for each operation.
fn each_operation(document: &mut Value, mut change: impl FnMut(&str, &str, &mut Value)) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for (path, methods) in paths {
        let Some(methods) = methods.as_object_mut() else { continue };
        for (method, operation) in methods {
            change(path, method, operation);
        }
    }
}
