//! Which installation a command works on.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use engine::Engine;

use super::output::Output;
use crate::config::{Config, DatabaseUrl, load, process_environment, process_variable};
use crate::{demo, installation};

/// The variable that names a demo's database in place of `--database`: its address may hold a
/// password, and every user of a machine can read the arguments of its programs.
const DATABASE: &str = "COUNTERSIGN_DEMO_DATABASE";

/// What every command on an installation takes.
#[derive(Debug, Clone, Args)]
pub(super) struct Base {
    #[command(flatten)]
    pub target: Target,
    #[command(flatten)]
    pub output: Output,
}

/// Which installation a command works on: a configuration file, or a demo's data directory.
#[derive(Debug, Clone, Args)]
pub struct Target {
    /// The configuration file.
    #[arg(
        long,
        value_name = "FILE",
        global = true,
        conflicts_with = "data",
        help_heading = "Installation"
    )]
    pub config: Option<PathBuf>,
    /// The data directory of a demo.
    #[arg(long, value_name = "DIR", global = true, help_heading = "Installation")]
    pub data: Option<PathBuf>,
    /// The PostgreSQL database of a demo. An address with a password is better set as
    /// COUNTERSIGN_DEMO_DATABASE, where other users of the machine do not see it.
    #[arg(
        long,
        value_name = "URL",
        global = true,
        requires = "data",
        help_heading = "Installation"
    )]
    pub database: Option<String>,
}

impl Target {
    /// The configuration.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn config(&self) -> anyhow::Result<Config> {
        match &self.data {
            None => Ok(load(self.config.as_deref(), process_environment())?),
            Some(data) => demo::config(data, database(self.database.as_deref())?.as_ref()),
        }
    }

    /// The engine of the installation.
    ///
    /// # Errors
    /// What stops the installation from being opened.
    pub async fn engine(&self) -> anyhow::Result<Arc<Engine>> {
        let config = self.config()?;
        self.check_files(&config)?;
        let store = installation::open_store(&config).await?;
        installation::open(&config, store).await
    }
}

impl Target {
    /// A mistyped directory must not become an empty installation.
    fn check_files(&self, config: &Config) -> anyhow::Result<()> {
        let missing = installation::missing_files(config);
        let Some((name, file)) = missing.first() else { return Ok(()) };
        let file = file.display();
        match (&self.data, &self.config) {
            (Some(data), _) => bail!(
                "there is no demo in {}: {file} is missing; start one with `countersign demo --data {}`",
                data.display(),
                data.display()
            ),
            (None, Some(config)) => bail!(
                "the {name} database {file} is missing; make it with `countersign migrate --config {}`",
                config.display()
            ),
            (None, None) => bail!(
                "the {name} database {file} is missing; name the installation with --config or --data"
            ),
        }
    }
}

/// The address of a demo's database, from the command line or else the environment. It is not read
/// by clap, which would want `--data` of every command as soon as the variable is set.
///
/// # Errors
/// When it is not one that we can use.
pub fn database(url: Option<&str>) -> anyhow::Result<Option<DatabaseUrl>> {
    let set = process_variable(DATABASE).filter(|_| url.is_none());
    let (from, url) = match &set {
        Some(set) => (DATABASE, Some(set.to_string_lossy())),
        None => ("--database", url.map(Cow::Borrowed)),
    };
    let parsed = url.as_deref().map(DatabaseUrl::parse).transpose();
    parsed.map_err(|wrong| anyhow::anyhow!("{wrong}")).context(from)
}

impl Target {
    /// Runs a command on the installation, and closes its databases in order.
    ///
    /// # Errors
    /// What stops the installation from being opened, and the command's own.
    pub(super) fn work(
        &self,
        command: impl AsyncFnOnce(&Engine) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        block_on(async {
            let engine = self.engine().await?;
            let done = command(&engine).await;
            engine.store().close().await;
            done
        })
    }
}

/// Runs a command on a small runtime.
///
/// # Errors
/// The command's own.
pub fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
