//! What the operator sees of the running process: logs, trace ids and metrics.
//!
//! Invariant: logs go to standard error and metrics to a listener of their own; neither holds a
//! secret (design, "What must never happen", 5), and neither can stop a request.

mod logs;
mod metrics;
mod process;
mod trace;

pub use logs::{LogError, log_init};
pub use metrics::{MetricsEndpoint, MetricsError};
pub use trace::{TraceId, trace_id};
