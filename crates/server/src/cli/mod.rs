//! The command line: running the server, administering the installation that it stands on, and
//! administering any server over HTTP.
//!
//! Exit codes are told once, in `exit`.

mod admin;
mod audit;
mod config;
mod context;
mod doctor;
mod exit;
mod json_file;
mod output;
mod reference;
mod remote;
mod run;
mod secret_input;
mod show;
mod target;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

pub use reference::reference;
use remote::Over;
pub use target::Target;

/// A multi-tenant OAuth 2.0 and OpenID Connect server with clients at three levels.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, about, propagate_version = true, after_long_help = exit::AFTER_HELP)]
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
    /// The servers that the commands over HTTP speak to, and with whose credentials.
    Context(context::ContextArgs),
    /// Over HTTP: the clients of a tenant.
    OauthClient(Over<remote::oauth_client::OauthClientCommand>),
    /// Over HTTP: the users of a tenant.
    User(Over<remote::user::UserCommand>),
    /// Over HTTP: the groups of a tenant.
    Group(Over<remote::group::GroupCommand>),
    /// Over HTTP: the roles of a tenant.
    Role(Over<remote::role::RoleCommand>),
    /// Over HTTP: the tenant itself.
    Tenant(Over<remote::tenant::TenantCommand>),
    /// Over HTTP: keys with which programs act as a user.
    ApiKey(Over<remote::api_key::ApiKeyCommand>),
    /// Over HTTP: what apps were given access to.
    OauthToken(Over<remote::oauth_token::OauthTokenCommand>),
    /// Who changed what, and whether the trail of it is as it was written.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Print a script that completes these commands in a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
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
        Command::Context(args) => context::run(args),
        Command::OauthClient(over) => over.run(remote::oauth_client::run),
        Command::User(over) => over.run(remote::user::run),
        Command::Group(over) => over.run(remote::group::run),
        Command::Role(over) => over.run(remote::role::run),
        Command::Tenant(over) => over.run(remote::tenant::run),
        Command::ApiKey(over) => over.run(remote::api_key::run),
        Command::OauthToken(over) => over.run(remote::oauth_token::run),
        Command::Audit(command) => audit::run(command),
        Command::Completions { shell } => completions(shell),
    };
    ended(done.map(|()| ExitCode::SUCCESS))
}

fn ended(done: anyhow::Result<ExitCode>) -> ExitCode {
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("countersign: {error:#}");
            exit::code(&error)
        }
    }
}

fn completions(shell: Shell) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "countersign", &mut script);
    output::print(&String::from_utf8(script)?)
}
