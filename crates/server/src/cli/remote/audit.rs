//! `countersign audit` (contract, section 6): who changed what.

use clap::Subcommand;

use super::Session;
use super::list::Filtered;
use super::noun::Noun;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum AuditCommand {
    /// List the events.
    #[command(visible_alias = "list")]
    Ls(Filtered),
}

const AUDIT: Noun = Noun {
    name: "event",
    path: "audits",
    id: "/id",
    label: "/eventType",
    columns: &[
        ("TIME", "/eventTime"),
        ("EVENT", "/eventType"),
        ("USER", "/userId"),
        ("CLIENT", "/clientId"),
        ("ADDRESS", "/address"),
        ("TRACE ID", "/traceId"),
    ],
    lines: &[],
    loss: "",
    confirmation: None,
};

pub(in crate::cli) async fn run(session: &Session, command: AuditCommand) -> anyhow::Result<()> {
    let AuditCommand::Ls(list) = command;
    AUDIT.ls(session, &list).await
}
