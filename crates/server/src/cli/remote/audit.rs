//! `countersign audit ls`: who changed what.

use super::Session;
use super::list::Filtered;
use super::noun::Noun;

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
        ("CLIENT", "/clientId"),
        ("ADDRESS", "/address"),
        ("TRACE ID", "/traceId"),
    ],
    lines: &[],
    loss: "",
    confirmation: None,
};

pub(in crate::cli) async fn ls(session: &Session, list: &Filtered) -> anyhow::Result<()> {
    AUDIT.ls(session, list).await
}
