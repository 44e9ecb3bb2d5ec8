//! `countersign admin tenant create|list`.

use anyhow::Context;
use clap::{Args, Subcommand};
use domain::ids::{RegionCode, TenantId};
use engine::admin::directory;
use engine::admin::tenant::{self, TenantDraft, TenantEntry};
use engine::{Ctx, Engine};
use serde_json::{Value, json};

use super::problem::explain;
use crate::cli::output::{Column, Page};
use crate::cli::target::Base;

#[derive(Debug, Subcommand)]
pub(super) enum TenantCommand {
    /// Make a tenant with its default roles.
    Create {
        /// What people call it.
        #[arg(long)]
        name: String,
        /// The subscription that it counts against: id or licence number.
        #[arg(long)]
        subscription: String,
        /// Where its data will live, for ever.
        #[arg(long, value_name = "CODE")]
        region: String,
        /// A host name; the first makes its issuer, for ever. Without any: NAME.REGION.BASE.
        #[arg(long, value_name = "HOST")]
        hostname: Vec<String>,
    },
    /// List the tenants.
    List {
        #[command(flatten)]
        page: Page,
    },
}

const COLUMNS: &[Column] = &[
    ("ID", "/id"),
    ("NAME", "/name"),
    ("REGION", "/regionCode"),
    ("STATUS", "/status"),
    ("HOST NAMES", "/hostnames"),
];
const LINES: &[Column] = &[
    ("ID", "/id"),
    ("Name", "/name"),
    ("Issuer", "/issuer"),
    ("Host names", "/hostnames"),
    ("Region", "/regionCode"),
    ("Subscription", "/subscriptionId"),
];

pub(super) fn run(base: Base, command: TenantCommand) -> anyhow::Result<()> {
    let output = base.output;
    base.target.work(async |engine| match command {
        TenantCommand::Create { name, subscription, region, hostname } => {
            let owner = directory::subscription_find(engine, &subscription).await;
            let draft = TenantDraft {
                name,
                subscription_id: owner.map_err(explain)?.id,
                region: RegionCode::parse(&region).context("--region")?,
                hostnames: hostname,
            };
            let made = tenant::create(engine, &draft).await.map_err(explain)?;
            output.record(&view(engine, &made.tenant), LINES)
        }
        TenantCommand::List { page } => {
            let after: Option<TenantId> = page.after()?;
            let rows = tenant::list(engine, page.fetch(), after.as_ref()).await;
            let mut rows = rows.map_err(explain)?;
            let next = page.cut(&mut rows, |row| row.location.tenant_id.to_string());
            let rows: Vec<Value> = rows.iter().map(|row| entry(engine, row)).collect();
            output.list(&rows, COLUMNS, next.as_deref())
        }
    })
}

/// A tenant with the field names of the contract, section 2.
fn view(engine: &Engine, tenant: &domain::tenant::Tenant) -> Value {
    json!({
        "id": tenant.id,
        "name": tenant.name,
        "organizationId": tenant.organization_id,
        "subscriptionId": tenant.subscription_id,
        "regionCode": tenant.region,
        "hostnames": tenant.hostnames,
        "issuer": engine.settings().origin_of(tenant.primary_hostname()),
        "status": tenant.status,
        "lifetimes": tenant.lifetimes,
        "createdAt": tenant.created_at,
        "updatedAt": tenant.updated_at,
    })
}

fn entry(engine: &Engine, entry: &TenantEntry) -> Value {
    if let Some(tenant) = &entry.tenant {
        return view(engine, tenant);
    }
    let location = &entry.location;
    json!({
        "id": location.tenant_id,
        "name": location.name,
        "organizationId": location.organization_id,
        "subscriptionId": location.subscription_id,
        "regionCode": location.region,
        "createdAt": location.created_at,
    })
}

/// Which tenant a command works in.
#[derive(Debug, Args)]
pub(super) struct InTenant {
    /// The tenant, by host name, id or name.
    #[arg(long)]
    tenant: String,
}

impl InTenant {
    /// The context of the tenant.
    ///
    /// # Errors
    /// When no tenant, or more than one, is called so.
    pub async fn ctx<'e>(&self, engine: &'e Engine) -> anyhow::Result<Ctx<'e>> {
        context(engine, &self.tenant).await
    }
}

/// The context of a tenant that the command line names.
///
/// # Errors
/// When no tenant, or more than one, is called so.
pub(super) async fn context<'e>(engine: &'e Engine, tenant: &str) -> anyhow::Result<Ctx<'e>> {
    let found = tenant::context_of(engine, tenant).await;
    found.map_err(|error| explain(error).context(format!("--tenant {tenant}")))
}
