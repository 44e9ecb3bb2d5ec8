//! `/healthz` and `/readyz`: for load balancers, on every host name.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::app::App;
use crate::http::respond;

/// The process answers.
pub async fn healthz() -> Response {
    respond::json(StatusCode::OK, &json!({ "status": "ok" }))
}

/// The databases answer, too.
pub async fn readyz(State(app): State<App>) -> Response {
    match app.engine.store().ping().await {
        Ok(()) => respond::json(StatusCode::OK, &json!({ "status": "ready" })),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            respond::json(
                StatusCode::SERVICE_UNAVAILABLE,
                &json!({ "status": "database unreachable" }),
            )
        }
    }
}
