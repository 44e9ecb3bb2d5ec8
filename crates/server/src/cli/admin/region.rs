//! `countersign admin region create|list`.

use anyhow::Context;
use clap::Subcommand;
use domain::ids::RegionCode;
use engine::admin::directory;
use serde_json::{Value, json};

use super::problem::explain;
use crate::cli::output::Column;
use crate::cli::target::Base;

#[derive(Debug, Subcommand)]
pub(super) enum RegionCommand {
    /// Make a region whose database is in the configuration.
    Create {
        /// Its code, part of host names, such as `eu`.
        #[arg(long)]
        code: String,
        /// What people call it.
        #[arg(long)]
        name: String,
    },
    /// List the regions.
    List,
}

const COLUMNS: &[Column] =
    &[("CODE", "/code"), ("NAME", "/name"), ("SERVED HERE", "/served"), ("CREATED", "/createdAt")];
const LINES: &[Column] = &[("Code", "/code"), ("Name", "/name")];

pub(super) fn run(base: Base, command: RegionCommand) -> anyhow::Result<()> {
    let output = base.output;
    base.target.work(async |engine| match command {
        RegionCommand::Create { code, name } => {
            let code = RegionCode::parse(&code).context("--code")?;
            let made = directory::region_create(engine, &code, &name).await;
            output.record(&made.map_err(explain)?, LINES)
        }
        RegionCommand::List => {
            let regions = directory::region_list(engine).await.map_err(explain)?;
            let served = |region: domain::tenant::Region| -> anyhow::Result<Value> {
                let served = engine.store().region(&region.code).is_some();
                let mut row = serde_json::to_value(region)?;
                row["served"] = json!(served);
                Ok(row)
            };
            let rows: Vec<Value> =
                regions.into_iter().map(served).collect::<anyhow::Result<_>>()?;
            output.list(&rows, COLUMNS, None)
        }
    })
}
