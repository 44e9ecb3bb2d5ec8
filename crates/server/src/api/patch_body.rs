//! Patches as the API's documents describe them; `domain::patch` reads them.

use serde_json::Value;
use utoipa::ToSchema;

/// One change (RFC 6902, as far as the contract uses it).
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes what domain::patch reads")]
pub struct PatchOperation {
    /// What it does.
    op: String,
    /// The field, as a JSON pointer such as `/name`.
    path: String,
    /// With what; not with operations that take something away.
    value: Option<Value>,
}
