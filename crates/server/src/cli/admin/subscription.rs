//! `countersign admin subscription create|list`.

use clap::Subcommand;
use domain::tenant::Subscription;
use engine::Engine;
use engine::admin::directory;

use super::problem::explain;
use crate::cli::output::Column;
use crate::cli::target::Base;

/// Organizations of one read.
const PAGE: u32 = 500;

#[derive(Debug, Subcommand)]
pub(super) enum SubscriptionCommand {
    /// Make a subscription.
    Create {
        /// Whose it is: an organization's id or name.
        #[arg(long)]
        organization: String,
        /// The licence number on the contract.
        #[arg(long, value_name = "NUMBER")]
        licence: String,
        /// How many tenants it may have.
        #[arg(long, value_name = "N", default_value_t = 10)]
        tenant_limit: i64,
    },
    /// List the subscriptions.
    List {
        /// Only those of one organization, by id or name.
        #[arg(long)]
        organization: Option<String>,
    },
}

const COLUMNS: &[Column] = &[
    ("ID", "/id"),
    ("LICENCE", "/licenceNumber"),
    ("TENANT LIMIT", "/tenantLimit"),
    ("ORGANIZATION", "/organizationId"),
];
const LINES: &[Column] = &[
    ("ID", "/id"),
    ("Licence", "/licenceNumber"),
    ("Tenant limit", "/tenantLimit"),
    ("Organization", "/organizationId"),
];

pub(super) fn run(base: Base, command: SubscriptionCommand) -> anyhow::Result<()> {
    let output = base.output;
    base.target.work(async |engine| match command {
        SubscriptionCommand::Create { organization, licence, tenant_limit } => {
            let owner = directory::organization_find(engine, &organization).await;
            let owner = owner.map_err(explain)?.id;
            let made = directory::subscription_create(engine, &owner, &licence, tenant_limit);
            output.record(&made.await.map_err(explain)?, LINES)
        }
        SubscriptionCommand::List { organization } => {
            output.list(&list(engine, organization.as_deref()).await?, COLUMNS, None)
        }
    })
}

async fn list(engine: &Engine, organization: Option<&str>) -> anyhow::Result<Vec<Subscription>> {
    if let Some(named) = organization {
        let owner = directory::organization_find(engine, named).await.map_err(explain)?;
        return directory::subscription_list(engine, &owner.id).await.map_err(explain);
    }
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = directory::organization_list(engine, PAGE, after.as_ref()).await;
        let page = page.map_err(explain)?;
        for owner in &page {
            let of_owner = directory::subscription_list(engine, &owner.id).await;
            all.extend(of_owner.map_err(explain)?);
        }
        match page.last() {
            Some(last) => after = Some(last.id.clone()),
            None => return Ok(all),
        }
    }
}
