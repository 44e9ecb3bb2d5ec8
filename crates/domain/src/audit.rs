//! Audit events: what was changed or decided, by whom, from where.
//!
//! Invariant: an event is written in the transaction of what it tells, and holds no secret.
//!
//! What changed from what to what is in the details, in this shape, made by [`changes`]; other
//! members are free: `{"changes": {"clientName": {"from": "Old", "to": "New"}}, "hint": "a1b2c"}`.

mod chain;
mod changes;
mod seal;

use serde::Serialize;
use serde_json::Value;

use crate::ids::ClientId;
use crate::time::Timestamp;

pub use chain::{ChainCheck, ChainFault, ChainHead, ChainMark, ChainRow};
pub use changes::changes;
pub use seal::{AuditSeal, SEALED_TEXTS, SealedTexts};

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", content = "id", rename_all = "lowercase")]
pub enum Actor {
    /// Someone at the command line of the server itself.
    Operator,
    /// A signed-in or token-bearing user.
    User(String),
    /// A client by itself.
    Client(String),
    /// Nobody known: an unauthenticated caller.
    Anonymous,
    /// The server's own housekeeping.
    System,
}

impl Actor {
    /// The stored kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::User(_) => "user",
            Self::Client(_) => "client",
            Self::Anonymous => "anonymous",
            Self::System => "system",
        }
    }

    /// The stored id; empty when the kind says it all.
    pub fn id(&self) -> &str {
        match self {
            Self::User(id) | Self::Client(id) => id,
            Self::Operator | Self::Anonymous | Self::System => "",
        }
    }
}

/// One event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditEvent {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What, such as `client.created`; dotted lower-case words.
    pub event: &'static str,
    /// The id of what it happened to.
    pub subject: String,
    /// The client through which the actor came, or empty.
    pub client_id: String,
    /// The caller's network address, or empty.
    pub address: String,
    /// The trace id of the request, 32 hex digits, or empty.
    pub trace_id: String,
    /// More, without secrets.
    pub details: Value,
}

/// The id of the event at a place of its owner's chain: 24 hex digits that sort by time and then by
/// place, and tell nothing of other owners.
pub fn event_id(at: Timestamp, link: i64) -> String {
    format!("{:012x}{link:012x}", at.as_millisecond().max(0))
}

impl AuditEvent {
    /// The same event, told of a client through which the actor came.
    #[must_use]
    pub fn through(mut self, client_id: &ClientId) -> Self {
        client_id.as_str().clone_into(&mut self.client_id);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::from_millis;

    #[test]
    fn ids_sort_by_time_and_place() {
        let id = |at, link| event_id(from_millis(at), link);
        assert_eq!(id(1_800_000_000_000, 255), "01a3185c50000000000000ff");
        let ids = [id(-5, 1), id(0, 9), id(9, 3), id(10, 1), id(10, 16), id(1_800_000_000_000, 1)];
        assert!(ids.is_sorted() && ids.iter().all(|id| id.len() == 24), "{ids:?}");
    }
}
