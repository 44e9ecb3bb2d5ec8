//! The audit trail: written in the transaction of what it tells, read newest first.
//!
//! Invariant: every event is linked to the one before it of the same owner ([`AuditSeal`]), by
//! whoever holds the lock on the chain's end, so that a chain has no gap and no fork.

mod trails;

use domain::audit::{Actor, AuditEvent, AuditSeal, SealedTexts, event_id};
use domain::list::{ListQuery, Page};
use domain::time::Timestamp;
use serde_json::Value;

use crate::database::Conn;
use crate::error::{Result, StoreError};
use crate::list::{self, Column, Shape};
use crate::statement::{Cells, each, only, sql};

pub use trails::{AuditTrails, UnlinkedEvents};

/// An event as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Its id; sorts by time, and then by place in the trail.
    pub id: String,
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
    let mut scope = conn.scope().await?;
    if add(&mut scope, &seal, owner_id, event).await? == 1 {
        let begun = AuditEvent {
            event: "audit_chain.begun",
            subject: owner_id.to_owned(),
            details: Value::Object(serde_json::Map::new()),
            ..event.clone()
        };
        add(&mut scope, &seal, REGISTER, &begun).await?;
    }
    scope.commit().await
}

/// Moves the end of a chain and stores the event there; returns its link.
async fn add(conn: &mut Conn, seal: &AuditSeal, owner_id: &str, event: &AuditEvent) -> Result<i64> {
    let (link, previous) = next_link(conn, owner_id).await?;
    let texts = sealed_texts(event, link)?;
    let hash = seal.event(owner_id, link, &previous, &texts);
    let mut insert = sql("INSERT INTO audit_event \
            (owner_id, link, hash, id, at, actor_type, actor_id, event, subject, client_id, \
             address, trace_id, details) \
         VALUES ($1, $2, $3, $4, CAST($5 AS BIGINT), $6, $7, $8, $9, $10, $11, $12, $13)")
    .text(owner_id)
    .int(link)
    .text(&hash);
    for text in &texts {
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

/// The event as it is hashed and stored, in the order of [`domain::audit::SEALED_TEXTS`].
fn sealed_texts(event: &AuditEvent, link: i64) -> Result<SealedTexts> {
    Ok([
        event_id(event.at, link),
        event.at.as_millisecond().to_string(),
        event.actor.kind().to_owned(),
        event.actor.id().to_owned(),
        event.event.to_owned(),
        event.subject.clone(),
        event.client_id.clone(),
        event.address.clone(),
        event.trace_id.clone(),
        serde_json::to_string(&event.details)
            .map_err(|_| StoreError::Invalid { what: "value as JSON" })?,
    ])
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

/// Events as they are listed and filtered.
const SHAPE: Shape = Shape {
    sources: &["FROM audit_event e WHERE e.owner_id = $1"],
    id: "e.id",
    attributes: &[
        ("eventType", Column::Always("e.event")),
        ("eventTime", Column::Always("e.at")),
        ("actorId", Column::Always("e.actor_id")),
        ("actorType", Column::Always("e.actor_type")),
        ("clientId", Column::Always("e.client_id")),
        ("subjectId", Column::Always("e.subject")),
        ("traceId", Column::Always("e.trace_id")),
    ],
    sorts: &[("eventTime", "e.at")],
};

const OF_IDS: (&str, &str) = (
    "SELECT id, at, actor_type, actor_id, event, subject, client_id, address, trace_id, details \
     FROM audit_event WHERE owner_id = $1 AND id IN ",
    "",
);

pub(crate) async fn page(
    conn: &mut Conn,
    owner_id: &str,
    query: &ListQuery,
) -> Result<Page<AuditEntry>> {
    let page = list::page(conn, owner_id, &SHAPE, query).await?;
    let Some(statement) = list::of_ids(OF_IDS, owner_id, &page) else {
        return Ok(page.with(Vec::new()));
    };
    let rows = each(&conn.rows(statement).await?, entry_from_row)?;
    Ok(list::in_order(page, rows, |entry| &entry.id))
}

pub(crate) async fn get(conn: &mut Conn, owner_id: &str, id: &str) -> Result<Option<AuditEntry>> {
    let statement =
        sql("SELECT id, at, actor_type, actor_id, event, subject, client_id, address, \
                trace_id, details \
             FROM audit_event WHERE owner_id = $1 AND id = $2 LIMIT 1")
        .text(owner_id)
        .text(id);
    only(conn.row(statement).await?, entry_from_row)
}

fn entry_from_row(cells: Cells<'_>) -> Result<AuditEntry> {
    let actor_id = cells.string("actor_id")?;
    let actor = match cells.text("actor_type")? {
        "operator" => Actor::Operator,
        "user" => Actor::User(actor_id),
        "client" => Actor::Client(actor_id),
        "anonymous" => Actor::Anonymous,
        "system" => Actor::System,
        _ => return Err(StoreError::Corrupt { what: "actor_type" }),
    };
    Ok(AuditEntry {
        id: cells.string("id")?,
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
