//! `countersign oauth-client activity`: which credential is still in use, why the client was
//! refused, and what it does not need.

use reqwest::Method;
use serde_json::{Value, json};

use super::{CLIENT, Session};
use crate::cli::output::{Column, cell, print, table};
use crate::cli::remote::server::Call;

/// A part of the answer: its title, where it is, and the columns that it is shown in.
type Part = (&'static str, &'static str, &'static [Column]);

const PARTS: &[Part] = &[
    (
        "Secrets",
        "/secrets",
        &[
            ("HINT", "/hint"),
            ("LABEL", "/label"),
            ("CREATED", "/createdAt"),
            ("EXPIRES", "/expiresAt"),
            ("LAST USED", "/lastUsedAt"),
            ("FROM", "/lastUsedFrom"),
        ],
    ),
    (
        "Keys",
        "/keys",
        &[("KEY ID", "/kid"), ("LAST USED", "/lastUsedAt"), ("FROM", "/lastUsedFrom")],
    ),
    ("Days", "/days", &[("DAY", "/day"), ("TOKENS", "/tokens"), ("FAILURES", "/failures")]),
    (
        "Failures",
        "/failures",
        &[
            ("TIME", "/at"),
            ("REASON", "/title"),
            ("WHAT TO DO", "/explanation"),
            ("ADDRESS", "/address"),
            ("TRACE ID", "/traceId"),
        ],
    ),
    (
        "Scopes",
        "/scopes",
        &[("SCOPE", "/scope"), ("LAST REQUESTED", "/lastRequested"), ("LAST USED", "/lastUsed")],
    ),
];

pub(super) async fn run(session: &Session, client_id: &str) -> anyhow::Result<()> {
    let url = session.server.api(&[CLIENT.path, client_id, "activity"]);
    let answer = session.server.call(&Call::new(Method::GET, url)).await?;
    if session.show.is_json() {
        return session.show.answer(&answer);
    }
    let mut activity = answer.value()?;
    if session.show.is_quiet() {
        let unused = activity["unusedScopes"].as_array().map_or(&[][..], Vec::as_slice);
        return session.show.list(unused, &[], "");
    }
    let unused = cell(activity.pointer("/unusedScopes"));
    if let Some(days) = activity["days"].as_array_mut() {
        days.iter_mut().for_each(count);
    }
    for (title, place, columns) in PARTS {
        let rows = activity.pointer(place).and_then(Value::as_array);
        let rows = rows.map_or(&[][..], Vec::as_slice);
        if !rows.is_empty() {
            print(&format!("{title}\n{}\n\n", table(rows, columns)))?;
        }
    }
    let unused = if unused.is_empty() { "none".to_owned() } else { unused };
    let since = cell(activity.pointer("/scopesCountedSince"));
    print(&format!("Scopes that were not used since {since}: {unused}\n"))
}

/// Shows the counters of a day as `name 3`.
fn count(day: &mut Value) {
    for field in ["tokens", "failures"] {
        let Some(counters) = day[field].as_object() else { continue };
        let shown: Vec<String> =
            counters.iter().map(|(name, number)| format!("{name} {number}")).collect();
        day[field] = json!(shown.join(", "));
    }
}
