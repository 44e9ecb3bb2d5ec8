//! What stands in an address in place of its `{parameters}`.

use axum::RequestExt;
use axum::extract::{RawPathParams, Request};

/// Whether the parameters of an address are text. Escaped bytes that are no UTF-8 name nothing that
/// there could be, so the guards answer them as any other name of nothing.
pub async fn is_text(request: &mut Request) -> bool {
    request.extract_parts::<RawPathParams>().await.is_ok()
}
