//! The audit trail: written in the transaction of what it tells, read newest first.

use domain::audit::{Actor, AuditEvent};
use domain::time::Timestamp;
use serde_json::Value;

use crate::database::Conn;
use crate::error::{Result, StoreError};
use crate::statement::{Cells, each, sql};

/// An event as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Its place in the trail; grows.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What, such as `client.created`.
    pub event: String,
    /// The id of what it happened to.
    pub subject: String,
    /// The caller's network address, or empty.
    pub address: String,
    /// The trace id of the request, or empty.
    pub trace_id: String,
    /// More, without secrets.
    pub details: Value,
}

pub(crate) async fn append(conn: &mut Conn, owner_id: &str, event: &AuditEvent) -> Result<()> {
    conn.execute(
        sql("INSERT INTO audit_event \
                (owner_id, at, actor_type, actor_id, event, subject, address, trace_id, details) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .text(owner_id)
        .time(event.at)
        .text(event.actor.kind())
        .text(event.actor.id())
        .text(event.event)
        .text(&event.subject)
        .text(&event.address)
        .text(&event.trace_id)
        .json(&event.details),
    )
    .await?;
    Ok(())
}

pub(crate) async fn list(
    conn: &mut Conn,
    owner_id: &str,
    limit: u32,
    before_seq: Option<i64>,
) -> Result<Vec<AuditEntry>> {
    let statement = sql("SELECT seq, at, actor_type, actor_id, event, subject, address, \
                trace_id, details \
             FROM audit_event WHERE owner_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3")
    .text(owner_id)
    .int(before_seq.unwrap_or(i64::MAX))
    .int(i64::from(limit));
    each(&conn.rows(statement).await?, entry_from_row)
}

fn entry_from_row(cells: Cells<'_>) -> Result<AuditEntry> {
    let id = cells.string("actor_id")?;
    let actor = match cells.text("actor_type")? {
        "operator" => Actor::Operator,
        "user" => Actor::User(id),
        "client" => Actor::Client(id),
        "anonymous" => Actor::Anonymous,
        "system" => Actor::System,
        _ => return Err(StoreError::Corrupt { what: "actor_type" }),
    };
    Ok(AuditEntry {
        seq: cells.int("seq")?,
        at: cells.time("at")?,
        actor,
        event: cells.string("event")?,
        subject: cells.string("subject")?,
        address: cells.string("address")?,
        trace_id: cells.string("trace_id")?,
        details: cells.json("details")?,
    })
}
