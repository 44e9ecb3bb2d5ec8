//! What pages load: our own files, and a tenant's logo and colours. All of it is for everybody.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::http::asset::{self, Asset};
use crate::http::edge::Traced;
use crate::http::{TenantRequest, respond};
use crate::pages::{static_file, theme};

/// `GET /static/{name}`.
pub async fn file(
    name: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    Traced(trace_id): Traced,
    headers: HeaderMap,
) -> Response {
    let file = name.ok().and_then(|Path(name)| static_file(&name));
    let Some(file) = file else { return respond::not_found(&trace_id) };
    let (content_type, version) = (file.content_type, file.version());
    asset::answer(&headers, query.as_deref(), Asset { body: file.bytes, content_type, version })
}

/// `GET /brand/theme.css`: the tenant's colours, over those of `app.css`. The policy of our pages
/// allows no inline style, so they stand in a file of their own.
pub async fn theme(
    request: TenantRequest,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(accent) = request.tenant.tenant.brand.accent else {
        return respond::not_found(&request.trace_id);
    };
    let body = theme::css(accent);
    let version = theme::version(&body);
    let asset = Asset { body, content_type: "text/css; charset=utf-8", version: &version };
    asset::answer(&headers, query.as_deref(), asset)
}

/// `GET /brand/logo`: a picture that somebody uploaded. It is no document: its type is one of
/// three kinds of pictures, browsers may not guess another, and its policy allows nothing.
pub async fn logo(
    request: TenantRequest,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    // Whoever has the picture costs no statement.
    let known = request.tenant.tenant.brand.logo.as_ref();
    if let Some(known) = known.filter(|logo| asset::is_known(&headers, &logo.digest)) {
        let content_type = known.format.media_type();
        let asset = Asset { body: "", content_type, version: &known.digest };
        return asset::answer(&headers, query.as_deref(), asset);
    }
    match engine::brand::logo(&request.ctx()).await {
        Ok(Some(logo)) => {
            let (content_type, version) = (logo.media_type.as_str(), logo.digest.as_str());
            let asset = Asset { body: logo.bytes, content_type, version };
            asset::answer(&headers, query.as_deref(), asset)
        }
        Ok(None) => respond::not_found(&request.trace_id),
        Err(error) => respond::oauth_error(&error, &request.trace_id),
    }
}
