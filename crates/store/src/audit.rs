//! The audit trail: written in the transaction of what it tells, read newest first.
//!
//! Invariant: every event is linked to the one before it of the same owner ([`AuditSeal`]), by
//! whoever holds the lock on the chain's end, so that a chain has no gap and no fork.

mod trails;

use domain::audit::{Actor, AuditEvent, AuditSeal, SEALED_TEXTS, SealedTexts};
use domain::time::Timestamp;
use serde_json::Value;

use crate::database::Conn;
use crate::error::{Result, StoreError};
use crate::statement::{Cells, each, sql};

pub use trails::{AuditTrails, UnlinkedEvents};

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
    /// The client through which the actor came, or empty.
    pub client_id: String,
    /// The caller's network address, or empty.
    pub address: String,
    /// The trace id of the request, or empty.
    pub trace_id: String,
    /// More, without secrets.
    pub details: Value,
}

/// The owner of the register: the trail that names every owner whose chain has begun, so that a
/// trail cannot vanish as a whole.
pub(crate) const REGISTER: &str = "register:trails";

/// Appends an event to the end of its owner's chain. The end's row is locked until the commit, so
/// that the transactions of one owner line up: let it come after all other writes.
pub(crate) async fn append(conn: &mut Conn, owner_id: &str, event: &AuditEvent) -> Result<()> {
    let seal = conn.database().audit_seal()?;
    let details = serde_json::to_string(&event.details)
        .map_err(|_| StoreError::Invalid { what: "value as JSON" })?;
    let texts: SealedTexts = [
        event.at.as_millisecond().to_string(),
        event.actor.kind().to_owned(),
        event.actor.id().to_owned(),
        event.event.to_owned(),
        event.subject.clone(),
        event.client_id.clone(),
        event.address.clone(),
        event.trace_id.clone(),
        details,
    ];
    let mut scope = conn.scope().await?;
    if add(&mut scope, &seal, owner_id, &texts).await? == 1 {
        let mut begun = texts;
        for (column, text) in SEALED_TEXTS.iter().zip(&mut begun) {
            match *column {
                "event" => "audit_chain.begun".clone_into(text),
                "subject" => owner_id.clone_into(text),
                "details" => "{}".clone_into(text),
                _ => {}
            }
        }
        add(&mut scope, &seal, REGISTER, &begun).await?;
    }
    scope.commit().await
}

/// Moves the end of a chain and stores the event there; returns its link.
async fn add(
    conn: &mut Conn,
    seal: &AuditSeal,
    owner_id: &str,
    texts: &SealedTexts,
) -> Result<i64> {
    let (link, previous) = next_link(conn, owner_id).await?;
    let hash = seal.event(owner_id, link, &previous, texts);
    let mut insert = sql("INSERT INTO audit_event \
            (owner_id, link, hash, at, actor_type, actor_id, event, subject, client_id, address, \
             trace_id, details) \
         VALUES ($1, $2, $3, CAST($4 AS BIGINT), $5, $6, $7, $8, $9, $10, $11, $12)")
    .text(owner_id)
    .int(link)
    .text(&hash);
    for text in texts {
        insert = insert.text(text);
    }
    conn.execute(insert).await?;
    let end = sql("UPDATE audit_chain SET hash = $1, seal = $2 WHERE owner_id = $3")
        .text(&hash)
        .text(seal.head(owner_id, link, &hash))
        .text(owner_id);
    conn.execute(end).await?;
    Ok(link)
}

/// Locks the end of a chain, which is made when it is not there, and moves it by one: the new
/// link, and the hash of the event before it.
async fn next_link(conn: &mut Conn, owner_id: &str) -> Result<(i64, String)> {
    const MOVE: &str = "UPDATE audit_chain SET link = link + 1 WHERE owner_id = $1 \
                        RETURNING link, hash";
    let mut end = conn.row(sql(MOVE).text(owner_id)).await?;
    if end.is_none() {
        let make = sql("INSERT INTO audit_chain (owner_id, link, hash, seal) \
             VALUES ($1, 0, '', '') ON CONFLICT (owner_id) DO NOTHING")
        .text(owner_id);
        conn.execute(make).await?;
        end = conn.row(sql(MOVE).text(owner_id)).await?;
    }
    let end = end.as_ref().map(Cells).ok_or(StoreError::Corrupt { what: "audit_chain" })?;
    Ok((end.int("link")?, end.string("hash")?))
}

pub(crate) async fn list(
    conn: &mut Conn,
    owner_id: &str,
    limit: u32,
    before_seq: Option<i64>,
) -> Result<Vec<AuditEntry>> {
    let statement = sql("SELECT seq, at, actor_type, actor_id, event, subject, client_id, \
                address, trace_id, details \
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
        client_id: cells.string("client_id")?,
        address: cells.string("address")?,
        trace_id: cells.string("trace_id")?,
        details: cells.json("details")?,
    })
}
