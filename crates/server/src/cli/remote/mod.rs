//! Commands over HTTP: for any Countersign, or server that speaks the same contract
//! (sections 0, 1 and 6).
//!
//! Invariant: a command is a request or a few, and what it prints is what the server answered; what
//! is allowed, and what is valid, the server decides.

mod answer;
pub(super) mod api_key;
pub(super) mod audit;
mod confirm;
pub(super) mod group;
mod list;
mod login;
mod noun;
pub(super) mod oauth_client;
pub(super) mod oauth_token;
mod ops;
mod origin;
mod proof;
pub(super) mod role;
mod secret_out;
mod server;
pub(super) mod tenant;
pub(super) mod user;

use clap::{Args, Subcommand};

pub(super) use self::answer::Answer;
pub(super) use self::list::Filtered;
use self::login::Login;
pub(super) use self::origin::Origin;
pub(super) use self::proof::Proof;
use self::server::Server;
use super::show::Show;
use super::target::block_on;

/// What every command over HTTP takes.
#[derive(Debug, Args)]
pub(super) struct Remote {
    /// The context to use; the current one without it.
    #[arg(long, value_name = "NAME", global = true, help_heading = "Server")]
    context: Option<String>,
    /// Tell each request and its status on standard error; no secret is told.
    #[arg(long, global = true, help_heading = "Server")]
    debug: bool,
    #[command(flatten)]
    show: Show,
}

/// A command over HTTP.
#[derive(Debug, Args)]
pub(super) struct Over<C: Subcommand> {
    #[command(flatten)]
    remote: Remote,
    #[command(subcommand)]
    command: C,
}

/// A server, and how its answers are printed.
pub(super) struct Session {
    server: Server,
    show: Show,
}

impl<C: Subcommand> Over<C> {
    /// Does a command.
    ///
    /// # Errors
    /// When there is no login, and the command's own.
    pub fn run(
        self,
        work: impl AsyncFnOnce(&Session, C) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.remote.work(async |session| work(session, self.command).await)
    }
}

impl Remote {
    /// Does something with a server.
    ///
    /// # Errors
    /// When there is no login, and the work's own.
    pub fn work(
        self,
        work: impl AsyncFnOnce(&Session) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let login = Login::find(self.context.as_deref())?;
        let server = Server::new(login, self.debug)?;
        let session = Session { server, show: self.show };
        block_on(work(&session))
    }
}
