//! `/api/v1/users` (contract, sections 0.6, 5 and 6): so far reading oneself and, for
//! administrators, one other user.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::api_error::{ApiProblem, Fault, Noun};
use engine::access_token::AccessToken;
use engine::users::{UserView, read};

use super::guard::access_token as caller;
use super::problem;
use crate::http::{TenantRequest, respond};

/// Leads to the caller's own user.
///
/// A redirect to its own address, relative so that clients keep their token.
#[utoipa::path(
    get, path = "/api/v1/users/me", tag = "users",
    responses((
        status = 301, description = "The user's address is in `location`.",
        headers(("location" = String, description = "A path on this host."))
    ))
)]
pub async fn me(request: TenantRequest, headers: HeaderMap) -> Response {
    match caller(&request, &headers).await {
        Err(response) => response,
        Ok(token) => {
            let location = format!("/api/v1/users/{}", token.user.id);
            respond::redirect(StatusCode::MOVED_PERMANENTLY, &location)
        }
    }
}

/// Reads a user.
#[utoipa::path(
    get, path = "/api/v1/users/{id}", tag = "users",
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 200, description = "The user.", body = serde_json::Value))
)]
pub async fn get(request: TenantRequest, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let token: AccessToken = match caller(&request, &headers).await {
        Ok(token) => token,
        Err(response) => return response,
    };
    match read(&request.ctx(), &token, &id).await {
        Ok(UserView::Found(user)) => respond::json(StatusCode::OK, &user),
        Ok(UserView::NotFound) => {
            let detail = "There is no such user in this tenant.";
            problem::answer(
                &ApiProblem::new(Noun::User, Fault::NotFound, detail),
                &request.trace_id,
            )
        }
        Ok(UserView::Forbidden) => {
            let detail =
                "Reading other users needs the role TenantAdmin and the scope admin.users:read.";
            problem::answer(
                &ApiProblem::new(Noun::User, Fault::Forbidden, detail),
                &request.trace_id,
            )
        }
        Err(error) => respond::oauth_error(&error, &request.trace_id),
    }
}
