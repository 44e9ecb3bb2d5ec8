//! The question before something is deleted.

use std::io::{BufRead, IsTerminal};

use anyhow::{Context, bail};

use crate::cli::exit::{Exit, Refusal};

/// Whether to ask before deleting.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(in crate::cli) struct Yes {
    /// Do not ask.
    #[arg(long, short)]
    pub yes: bool,
}

/// Says what will be gone, and asks.
///
/// # Errors
/// When there is nobody to ask, or the answer is not yes.
pub(super) fn ask(what: &str) -> anyhow::Result<()> {
    eprint!("Delete {what}? Type yes: ");
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed).context("the answer cannot be read")?;
    if typed.trim() != "yes" {
        bail!("nothing was deleted");
    }
    Ok(())
}

/// Fails at once when there is nobody to ask.
///
/// # Errors
/// When standard input is no terminal.
pub(super) fn can_ask() -> anyhow::Result<()> {
    if !std::io::stdin().is_terminal() {
        let told = "there is no terminal to ask at: say --yes to delete it";
        return Err(Refusal::new(Exit::Usage, told).into());
    }
    Ok(())
}
