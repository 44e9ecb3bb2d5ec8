//! `countersign config check|schema|example`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::output::print;
use crate::config::{example, load, process_environment, schema};

#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Say whether a configuration is good, or everything that is wrong with it.
    Check {
        /// The configuration file; without it, defaults and environment.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Print the JSON schema.
    Schema,
    /// Print a documented example with all defaults.
    Example,
}

pub(super) fn run(args: &ConfigArgs) -> anyhow::Result<()> {
    match &args.command {
        ConfigCommand::Check { config } => {
            load(config.as_deref(), process_environment())?;
            print("The configuration is good.\n")
        }
        ConfigCommand::Schema => print(&format!("{}\n", serde_json::to_string_pretty(&schema())?)),
        ConfigCommand::Example => print(example()),
    }
}
