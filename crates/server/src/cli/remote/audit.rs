//! `countersign audit ls|get`: who changed what.

use reqwest::Method;
use serde_json::Value;

use super::Session;
use super::list::Filtered;
use super::noun::Noun;
use super::server::Call;
use crate::cli::output::{Column, cell};

const LINES: &[Column] = &[
    ("ID", "/id"),
    ("Time", "/eventTime"),
    ("Event", "/eventType"),
    ("Actor", "/actor/type"),
    ("Actor ID", "/actor/id"),
    ("Client", "/clientId"),
    ("Subject", "/subjectId"),
    ("Address", "/address"),
    ("Trace id", "/traceId"),
    ("Changes", "/changes"),
];

const AUDIT: Noun = Noun {
    name: "event",
    path: "audits",
    id: "/id",
    label: "/eventType",
    columns: &[
        ("TIME", "/eventTime"),
        ("EVENT", "/eventType"),
        ("ACTOR", "/actor/type"),
        ("ACTOR ID", "/actor/id"),
        ("SUBJECT", "/subjectId"),
        ("ADDRESS", "/address"),
        ("ID", "/id"),
    ],
    lines: LINES,
    loss: "",
    confirmation: None,
};

pub(in crate::cli) async fn ls(session: &Session, list: &Filtered) -> anyhow::Result<()> {
    AUDIT.ls(session, list).await
}

pub(in crate::cli) async fn get(session: &Session, id: &str) -> anyhow::Result<()> {
    let url = session.server.api(&[AUDIT.path, id]);
    let answer = session.server.call(&Call::new(Method::GET, url)).await?;
    if session.show.is_json() {
        return session.show.answer(&answer);
    }
    let mut event = answer.value()?;
    if let Some(changes) = event["changes"].as_object() {
        let told = changes.iter().map(|(field, change)| {
            let side = |side: &str| match cell(change.get(side)) {
                empty if empty.is_empty() => "nothing".to_owned(),
                value => value,
            };
            Value::String(format!("{field} from {} to {};", side("from"), side("to")))
        });
        event["changes"] = told.collect();
    }
    session.show.record(&event, LINES, AUDIT.id)
}
