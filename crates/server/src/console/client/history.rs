//! What was changed about a client, out of the audit trail.

use engine::admin::AdminError;
use engine::admin::audit::{self, CLIENT_CHANGES};
use engine::admin::listing::{ListParams, Listed};
use serde_json::{Map, Value};
use store::AuditEntry;

use super::names::Names;
use super::{Admin, ago};
use crate::pages::console::EventKind;
use crate::pages::console::client::{ChangeLine, HistoryEntry};

/// Changes on one page.
const LENGTH: u32 = 10;

/// A page of a client's changes, newest first, and the cursor of the next.
pub(super) async fn read(
    admin: &Admin,
    names: &mut Names<'_>,
    (client_id, cursor): (&str, Option<String>),
) -> Result<(Vec<HistoryEntry>, Option<String>), AdminError> {
    let params = ListParams {
        filter: Some(CLIENT_CHANGES.to_owned()),
        limit: Some(LENGTH),
        next: cursor,
        ..ListParams::default()
    };
    let listed: Listed<AuditEntry> =
        audit::history(&admin.ctx(), &admin.caller, client_id, &params).await?;
    let mut entries = Vec::with_capacity(listed.data.len());
    for entry in listed.data {
        entries.push(HistoryEntry {
            when: ago(admin, entry.at),
            who: names.of_actor(&entry.actor).await,
            what: EventKind::in_words(admin.texts, &entry.event),
            changes: ChangeLine::of(admin.texts, &changes(&entry)),
        });
    }
    Ok((entries, listed.next))
}

/// What an event changed. Events of secrets tell which secret instead.
fn changes(entry: &AuditEntry) -> Map<String, Value> {
    if let Some(changes) = entry.details["changes"].as_object() {
        return changes.clone();
    }
    let side = if entry.event.ends_with(".deleted") { "from" } else { "to" };
    let told = ["hint", "label"].into_iter().filter_map(|name| {
        let value = entry.details.get(name)?;
        Some((name.to_owned(), serde_json::json!({ side: value })))
    });
    told.collect()
}
