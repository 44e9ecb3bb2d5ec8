//! `countersign audit ls|get|verify`: who changed what, over HTTP; and whether the trails are as
//! they were written, on an installation's own databases.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Subcommand;
use domain::audit::ChainMark;
use engine::Engine;
use engine::admin::audit::{Marks, TrailReport, verify};
use serde::Deserialize;
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
    /// Over HTTP: show an event, and what changed from what to what.
    Get {
        /// The event's id.
        event_id: String,
        #[command(flatten)]
        remote: Remote,
    },
    /// On an installation's own databases: find what was changed, moved, put in or taken away.
    Verify {
        /// Tell of every trail how many of its events are in order, not only of those that are not
        /// as they were written.
        #[arg(long)]
        all: bool,
        /// What an earlier `--json --all` printed, kept where nobody who can write to the
        /// databases can change it: finds trails that were put back to an older state.
        #[arg(long, value_name = "FILE")]
        since: Option<PathBuf>,
        #[command(flatten)]
        base: Base,
    },
}

const COLUMNS: &[Column] = &[
    ("DATABASE", "/database"),
    ("WHOSE TRAIL", "/ownerId"),
    ("EVENTS IN ORDER", "/checked"),
    ("WHAT IS WRONG", "/message"),
];

pub(super) fn run(command: AuditCommand) -> anyhow::Result<()> {
    match command {
        AuditCommand::Ls { list, remote } => {
            remote.work(async |session| remote::audit::ls(session, &list).await)
        }
        AuditCommand::Get { event_id, remote } => {
            remote.work(async |session| remote::audit::get(session, &event_id).await)
        }
        AuditCommand::Verify { all, since, base } => {
            let known = since.as_deref().map_or_else(|| Ok(Marks::new()), marks)?;
            base.target.work(async |engine| check(engine, &known, all, &base.output).await)
        }
    }
}

/// Tells every trail that is not as it was written; that there is one makes the command fail.
async fn check(engine: &Engine, known: &Marks, all: bool, output: &Output) -> anyhow::Result<()> {
    let mut findings = Vec::new();
    let mut found = |trail: TrailReport| {
        if all || trail.fault.is_some() {
            findings.push(finding(&trail));
        }
    };
    let report = verify(engine, known, &mut found).await?;
    let told = format!(
        "{} events of {} trails are as they were written; of {} older ones nothing can be said.",
        report.checked, report.trails, report.unprotected
    );
    if output.is_json() {
        let mut value = serde_json::to_value(report)?;
        value["intact"] = json!(report.is_intact());
        value["findings"] = json!(findings);
        output.value(&value)?;
    } else {
        if !findings.is_empty() {
            output.table(&findings, COLUMNS)?;
        }
        if report.is_intact() {
            output.done(&told, &Value::Null)?;
        }
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

/// One trail of what an earlier check printed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Known {
    database: String,
    owner_id: String,
    checked: i64,
    hash: String,
}

#[derive(Deserialize)]
struct KnownTrails {
    findings: Vec<Known>,
}

fn marks(file: &Path) -> anyhow::Result<Marks> {
    let shown = file.display();
    let text = fs::read_to_string(file).with_context(|| format!("{shown} cannot be read"))?;
    let known: KnownTrails = serde_json::from_str(&text).with_context(|| {
        format!("{shown} is not what `countersign audit verify --json --all` prints")
    })?;
    let linked = known.findings.into_iter().filter(|one| one.checked > 0);
    Ok(linked
        .map(|one| {
            let mark = ChainMark { link: one.checked, hash: one.hash };
            ((one.database, one.owner_id), mark)
        })
        .collect())
}

fn finding(trail: &TrailReport) -> Value {
    json!({
        "database": trail.database,
        "ownerId": trail.owner_id,
        "checked": trail.checked,
        "hash": trail.hash,
        "unprotected": trail.unprotected,
        "fault": trail.fault,
        "message": trail.fault.as_ref().map(ToString::to_string),
    })
}
