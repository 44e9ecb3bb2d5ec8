//! The command line: running the server, and administering the installation that it stands on.
//!
//! Exit codes: 0 done, 1 failed (the reason is on standard error), 2 wrong usage.

mod admin;
mod config;
mod doctor;
mod output;
mod run;
mod secret_input;
mod target;

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
    /// Work on an installation's own databases: organizations, tenants, users, clients, keys.
    Admin(admin::AdminArgs),
}

/// Runs a command to its end.
pub fn run(cli: Cli) -> ExitCode {
    let done = match cli.command {
        Command::Demo(args) => run::demo(args),
        Command::Serve(args) => run::serve(&args),
        Command::Migrate(args) => run::migrate(args),
        Command::Config(args) => config::run(&args),
        Command::Doctor(args) => return ended(doctor::run(args)),
        Command::Admin(args) => admin::run(args),
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
