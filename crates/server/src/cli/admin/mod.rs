//! `countersign admin`: what is done on an installation's own databases, beside a running server or
//! without one.
//!
//! Invariant: whoever may read the installation's configuration and files may do all of this, so it
//! is for operators; everything here goes through `engine::admin`, which audits it.

mod client;
mod keys;
mod organization;
mod problem;
mod region;
mod subscription;
mod tenant;
mod user;

use clap::{Args, Subcommand};

use super::target::Base;

#[derive(Debug, Args)]
pub(super) struct AdminArgs {
    #[command(flatten)]
    base: Base,
    #[command(subcommand)]
    command: AdminCommand,
}

#[derive(Debug, Subcommand)]
enum AdminCommand {
    /// Customer companies.
    #[command(subcommand)]
    Organization(organization::OrganizationCommand),
    /// The contracts of organizations: how many tenants they may have.
    #[command(subcommand)]
    Subscription(subscription::SubscriptionCommand),
    /// Where tenants' data lives.
    #[command(subcommand)]
    Region(region::RegionCommand),
    /// Tenants.
    #[command(subcommand)]
    Tenant(tenant::TenantCommand),
    /// The users of a tenant.
    #[command(subcommand)]
    User(user::UserCommand),
    /// The clients of a tenant, and their secrets.
    #[command(subcommand)]
    Client(client::ClientCommand),
    /// The signing keys of tenants.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
}

pub(super) fn run(args: AdminArgs) -> anyhow::Result<()> {
    let base = args.base;
    match args.command {
        AdminCommand::Organization(command) => organization::run(base, command),
        AdminCommand::Subscription(command) => subscription::run(base, command),
        AdminCommand::Region(command) => region::run(base, command),
        AdminCommand::Tenant(command) => tenant::run(base, command),
        AdminCommand::User(command) => user::run(base, command),
        AdminCommand::Client(command) => client::run(base, command),
        AdminCommand::Keys(command) => keys::run(base, command),
    }
}
