//! What all handlers share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use engine::Engine;
use ipnet::IpNet;

use crate::api::openapi::Document;

/// What all handlers share.
#[derive(Debug)]
pub struct AppState {
    /// The engine.
    pub engine: Arc<Engine>,
    /// Largest request body, in bytes.
    pub max_body_bytes: usize,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Longest time for one request.
    pub request_timeout: Duration,
    /// Answers since the start, by hundreds of their status.
    pub answers: [AtomicU64; 6],
    /// Which requests are written to the log.
    pub request_log: RequestLog,
    /// The API's description, once somebody has asked for it.
    pub openapi: OnceLock<Document>,
}

impl AppState {
    /// Counts an answer.
    pub fn count(&self, status: u16) {
        if let Some(counter) = self.answers.get(usize::from(status / 100)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Which requests are written to the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestLog {
    /// None.
    None,
    /// Those that were refused or failed.
    Errors,
    /// All.
    All,
}

/// A handle on the state.
pub type App = Arc<AppState>;
