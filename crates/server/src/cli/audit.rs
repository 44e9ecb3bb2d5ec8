//! `countersign audit ls|verify`: who changed what, over HTTP; and whether the trails are as they
//! were written, on an installation's own databases.

use clap::Subcommand;
use engine::Engine;
use engine::admin::audit::{TrailReport, verify};
use serde_json::{Value, json};

use super::exit::{Exit, Refusal};
use super::output::{Column, Output};
use super::remote::{self, Filtered, Remote};
use super::target::Base;

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Over HTTP: list the events.
    #[command(visible_alias = "list")]
    Ls {
        #[command(flatten)]
        list: Filtered,
        #[command(flatten)]
        remote: Remote,
    },
    /// On an installation's own databases: find what was changed, moved, put in or taken away.
    Verify {
        #[command(flatten)]
        base: Base,
    },
}

const COLUMNS: &[Column] =
    &[("DATABASE", "/database"), ("WHOSE TRAIL", "/ownerId"), ("WHAT IS WRONG", "/message")];

pub(super) fn run(command: AuditCommand) -> anyhow::Result<()> {
    match command {
        AuditCommand::Ls { list, remote } => {
            remote.work(async |session| remote::audit::ls(session, &list).await)
        }
        AuditCommand::Verify { base } => {
            base.target.work(async |engine| check(engine, &base.output).await)
        }
    }
}

/// Tells every trail that is not as it was written; that there is one makes the command fail.
async fn check(engine: &Engine, output: &Output) -> anyhow::Result<()> {
    let mut broken = Vec::new();
    let report = verify(engine, &mut |trail| broken.extend(finding(&trail))).await?;
    let told = format!(
        "{} events of {} trails are as they were written; of {} older ones nothing can be said.",
        report.checked, report.trails, report.unprotected
    );
    if output.is_json() {
        let mut value = serde_json::to_value(report)?;
        value["intact"] = json!(report.is_intact());
        value["findings"] = json!(broken);
        output.value(&value)?;
    } else if report.is_intact() {
        output.done(&told, &Value::Null)?;
    } else {
        output.table(&broken, COLUMNS)?;
    }
    if report.is_intact() {
        return Ok(());
    }
    let told = format!(
        "{} of {} audit trails are not as they were written: somebody or something changed the databases behind the server's back",
        report.broken, report.trails
    );
    Err(Refusal::new(Exit::Failed, told).into())
}

fn finding(trail: &TrailReport) -> Option<Value> {
    let fault = trail.fault.as_ref()?;
    Some(json!({
        "database": trail.database,
        "ownerId": trail.owner_id,
        "checked": trail.checked,
        "fault": fault,
        "message": fault.to_string(),
    }))
}
