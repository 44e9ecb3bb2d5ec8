//! `countersign admin keys rotate`.

use clap::{Args, Subcommand};
use domain::audit::Actor;
use domain::oauth_error::OauthError;
use engine::Engine;
use engine::admin::tenant;
use engine::keys::rotate;
use serde_json::Value;

use super::problem::explain;
use super::tenant::context;
use crate::cli::output::{Column, note};
use crate::cli::target::Base;

/// Tenants of one read.
const PAGE: u32 = 100;

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Make a new signing key for every algorithm in use. It signs ten minutes later, when clients
    /// have fetched it; the old ones verify until all that they signed has expired.
    Rotate {
        #[command(flatten)]
        which: Which,
        /// For a key that leaked: sign with the new keys at once, and refuse all that the old ones
        /// signed.
        #[arg(long)]
        now: bool,
    },
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Which {
    /// The tenant, by host name, id or name.
    #[arg(long)]
    tenant: Option<String>,
    /// All tenants of the regions that this installation serves.
    #[arg(long)]
    all_tenants: bool,
}

const COLUMNS: &[Column] = &[
    ("TENANT", "/tenantName"),
    ("ALGORITHM", "/alg"),
    ("NEW KEY", "/kid"),
    ("SIGNS FROM", "/activatesAt"),
    ("OLD KEYS UNTIL", "/previousRetireAt"),
];

pub(super) fn run(base: Base, command: KeysCommand) -> anyhow::Result<()> {
    let output = base.output;
    let KeysCommand::Rotate { which, now } = command;
    base.target.work(async |engine| {
        let mut rows = Vec::new();
        match &which.tenant {
            Some(one) => rotate_one(engine, one, now, &mut rows).await?,
            None => rotate_all(engine, now, &mut rows).await?,
        }
        output.list(&rows, COLUMNS, None)
    })
}

async fn rotate_all(engine: &Engine, now: bool, rows: &mut Vec<Value>) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let page = tenant::list(engine, PAGE, after.as_ref()).await.map_err(explain)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.location.tenant_id.clone());
        for entry in &page {
            let id = entry.location.tenant_id.as_str();
            if entry.tenant.is_none() {
                note(&format!("tenant {id}: its region is not served here, so it was left out"));
                continue;
            }
            rotate_one(engine, id, now, rows).await?;
        }
    }
}

async fn rotate_one(
    engine: &Engine,
    tenant: &str,
    now: bool,
    rows: &mut Vec<Value>,
) -> anyhow::Result<()> {
    let ctx = context(engine, tenant).await?;
    for rotation in rotate(&ctx, now, &Actor::Operator).await.map_err(failed)? {
        let mut row = serde_json::to_value(rotation)?;
        row["tenantId"] = ctx.tenant.tenant.id.as_str().into();
        row["tenantName"] = ctx.tenant.tenant.name.as_str().into();
        rows.push(row);
    }
    Ok(())
}

/// At the command line the operator reads the private detail, too.
fn failed(error: OauthError) -> anyhow::Error {
    let detail = error.private().unwrap_or_default();
    anyhow::anyhow!("{} {detail}", error.description())
}
