//! `countersign admin organization create|list`.

use clap::Subcommand;
use engine::admin::directory;

use super::problem::explain;
use crate::cli::output::{Column, Page};
use crate::cli::target::Base;

#[derive(Debug, Subcommand)]
pub(super) enum OrganizationCommand {
    /// Make an organization.
    Create {
        /// What people call it.
        #[arg(long)]
        name: String,
    },
    /// List the organizations.
    List {
        #[command(flatten)]
        page: Page,
    },
}

const COLUMNS: &[Column] = &[("ID", "/id"), ("NAME", "/name"), ("CREATED", "/createdAt")];
const LINES: &[Column] = &[("ID", "/id"), ("Name", "/name")];

pub(super) fn run(base: Base, command: OrganizationCommand) -> anyhow::Result<()> {
    let output = base.output;
    base.target.work(async |engine| match command {
        OrganizationCommand::Create { name } => {
            let made = directory::organization_create(engine, &name).await;
            output.record(&made.map_err(explain)?, LINES)
        }
        OrganizationCommand::List { page } => {
            let after = page.after()?;
            let rows = directory::organization_list(engine, page.fetch(), after.as_ref());
            let mut rows = rows.await.map_err(explain)?;
            let next = page.cut(&mut rows, |row| row.id.to_string());
            output.list(&rows, COLUMNS, next.as_deref())
        }
    })
}
