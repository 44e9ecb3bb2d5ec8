//! `countersign tenant`: the tenant that the server is (contract, section 6).

use anyhow::Context;
use clap::{Args, Subcommand};

use super::Session;
use super::noun::Noun;
use super::ops::{Ops, OpsFile};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum TenantCommand {
    /// Show the tenant.
    Me,
    /// Change the tenant.
    Patch(PatchArgs),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct PatchArgs {
    #[command(flatten)]
    file: OpsFile,
    #[command(flatten)]
    changes: Changes,
}

#[derive(Debug, Args)]
#[group(id = "changes", multiple = true)]
pub(in crate::cli) struct Changes {
    /// What people call it.
    #[arg(long, value_name = "NAME")]
    set_name: Option<String>,
    /// Its second host name; the first is its issuer, for ever.
    #[arg(long, value_name = "HOST")]
    set_hostname: Option<String>,
}

const TENANT: Noun = Noun {
    name: "tenant",
    path: "tenants",
    id: "/id",
    label: "/name",
    columns: &[],
    lines: &[
        ("ID", "/id"),
        ("Name", "/name"),
        ("Host names", "/hostnames"),
        ("Region", "/region"),
        ("Data center", "/datacenter"),
        ("Status", "/status"),
        ("Created", "/created"),
    ],
    loss: "",
    confirmation: None,
};

pub(in crate::cli) async fn run(session: &Session, command: TenantCommand) -> anyhow::Result<()> {
    match command {
        TenantCommand::Me => TENANT.get(session, "me").await,
        TenantCommand::Patch(PatchArgs { file, changes }) => {
            let mut ops = Ops::default();
            ops.replace("/name", changes.set_name);
            ops.replace("/hostnames/1", changes.set_hostname);
            let ops = ops.or_file(&file)?;
            let tenant = TENANT.read(session, "me").await?;
            let id = tenant["id"].as_str().context("the server does not tell the tenant's id")?;
            TENANT.patch(session, id, ops).await
        }
    }
}
