//! `GET /api/docs` and `GET /api/docs/{noun}`: the description, for people.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::response::Response;

use super::parts;
use crate::http::TenantRequest;
use crate::http::page::{self, Needs, brand};
use crate::pages::ApiDocsPage;
use crate::pages::api_docs::PartDocs;

/// The overview.
pub async fn overview(request: TenantRequest) -> Response {
    show(&request, None)
}

/// One part of the API.
pub async fn part(request: TenantRequest, noun: Result<Path<String>, PathRejection>) -> Response {
    let named = noun.ok().and_then(|Path(noun)| parts().iter().find(|part| part.slug == noun));
    match named {
        Some(part) => show(&request, Some(part)),
        None => page::not_found(&request),
    }
}

fn show(request: &TenantRequest, current: Option<&'static PartDocs>) -> Response {
    let issuer = request.tenant.issuer.clone();
    let template = ApiDocsPage { brand: brand(request), issuer, parts: parts(), current };
    page::page(StatusCode::OK, &template, &Needs::default())
}
