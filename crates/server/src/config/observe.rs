//! `[log]` and `[metrics]`: what the operator sees of the process.
//!
//! Invariant: metrics have a listener of their own, so that no setting puts them on the public one.

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is logged, and how. Logs go to standard error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// `text` for people, `json` for programs.
    pub format: LogFormat,
    /// The least severe level that is logged (`error`, `warn`, `info`, `debug`, `trace`), by module
    /// if wanted: `info,countersign::net=debug`.
    #[schemars(extend("format" = "log-filter"))]
    pub level: String,
    /// Which requests get a line.
    pub requests: LogRequests,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".to_owned(), requests: LogRequests::Errors }
    }
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One readable line.
    Text,
    /// One JSON object.
    Json,
}

/// Which requests get a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogRequests {
    /// Those that were refused or failed.
    Errors,
    /// All of them.
    All,
    /// None of them.
    None,
}

/// The Prometheus metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Metrics {
    /// Address and port that answer `/metrics`; none when left out. Not for the public.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "socket-address"))]
    pub listen: Option<SocketAddr>,
}
