//! The command line: running the server, and administering the installation that it stands on.
//!
//! Exit codes: 0 done, 1 failed (the reason is on standard error), 2 wrong usage.

mod client;
mod config;
mod doctor;
mod keys;
mod organization;
mod output;
mod problem;
mod region;
mod run;
mod secret_input;
mod subscription;
mod target;
mod tenant;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use target::Target;

/// A multi-tenant OAuth 2.0 and OpenID Connect server with clients at three levels.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, about, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Try it: a server with two tenants, users and clients on http://localhost:8080.
    Demo(run::DemoArgs),
    /// Run the server.
    Serve(run::ServeArgs),
    /// Bring the databases up to date.
    Migrate(run::MigrateArgs),
    /// Check or explain the configuration.
    Config(config::ConfigArgs),
    /// Say what is wrong with an installation, and what to do about it.
    Doctor(doctor::DoctorArgs),
    /// Customer companies.
    Organization(organization::OrganizationArgs),
    /// The contracts of organizations: how many tenants they may have.
    Subscription(subscription::SubscriptionArgs),
    /// Where tenants' data lives.
    Region(region::RegionArgs),
    /// Tenants.
    Tenant(tenant::TenantArgs),
    /// The users of a tenant.
    User(user::UserArgs),
    /// The clients of a tenant, and their secrets.
    Client(client::ClientArgs),
    /// The signing keys of tenants.
    Keys(keys::KeysArgs),
}

/// Runs a command to its end.
pub fn run(cli: Cli) -> ExitCode {
    let done = match cli.command {
        Command::Demo(args) => run::demo(args),
        Command::Serve(args) => run::serve(&args),
        Command::Migrate(args) => run::migrate(args),
        Command::Config(args) => config::run(&args),
        Command::Doctor(args) => return ended(doctor::run(args)),
        Command::Organization(args) => organization::run(args),
        Command::Subscription(args) => subscription::run(args),
        Command::Region(args) => region::run(args),
        Command::Tenant(args) => tenant::run(args),
        Command::User(args) => user::run(args),
        Command::Client(args) => client::run(args),
        Command::Keys(args) => keys::run(args),
    };
    ended(done.map(|()| ExitCode::SUCCESS))
}

fn ended(done: anyhow::Result<ExitCode>) -> ExitCode {
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("countersign: {error:#}");
            ExitCode::FAILURE
        }
    }
}
