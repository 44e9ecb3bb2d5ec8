//! Fills an installation with tenants and clients, for `cargo xtask bench --million`.
//!
//! A template tenant with one client was made by the product itself; its rows are copied inside
//! the database, so that what the product writes and what is copied cannot drift apart: columns
//! that are not named in [`rows`] are copied as they are, and a named one that is gone is an error.
//! One SQL text serves both engines.

mod database;
mod numbers;
mod rows;
mod secrets;

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};

use crate::database::Database;
use crate::numbers::Numbers;
use crate::rows::Copy;
use crate::secrets::Hasher;

/// Numbers of one statement and transaction.
const CHUNK: i64 = 10_000;
/// Secrets of one statement.
const SECRETS: i64 = 1_000;

#[derive(Parser)]
#[command(name = "fill", about = "Copies a template tenant and its client many times")]
struct Arguments {
    /// Directory database
    #[arg(long)]
    directory: String,
    /// Region database
    #[arg(long)]
    region: String,
    /// The installation's master key
    #[arg(long)]
    master_key: PathBuf,
    /// The template's tenant
    #[arg(long)]
    tenant: String,
    /// The template's client: trusted, with one secret
    #[arg(long)]
    client: String,
    #[command(flatten)]
    numbers: Numbers,
    /// Where host, client id and secret of each tenant's machine client are written
    #[arg(long)]
    machines: PathBuf,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(fill(&arguments))
}

async fn fill(arguments: &Arguments) -> Result<()> {
    let numbers = &arguments.numbers;
    let hasher = Hasher::open(&arguments.master_key)?;
    let mut region = Database::open(&arguments.region).await?;
    let bar = progress(2 * numbers.tenants + numbers.clients)?;
    bar.set_message("tenants");
    for copy in rows::of_tenants(&arguments.tenant) {
        copy_all(&mut region, &copy, numbers, numbers.tenants, None).await?;
    }
    bar.inc(u64::try_from(numbers.tenants)?);
    bar.set_message("clients");
    let clients = rows::clients(&arguments.client, numbers);
    copy_all(&mut region, &clients, numbers, numbers.clients, Some(&bar)).await?;
    bar.set_message("secrets");
    let configs = rows::connection_configs(&arguments.client);
    copy_all(&mut region, &configs, numbers, numbers.tenants, None).await?;
    secrets(arguments, &mut region, &hasher, &bar).await?;
    bar.set_message("indexes");
    region.check("client", numbers.clients + 1).await?;
    region.check("client_secret", numbers.tenants + 1).await?;
    region.close().await?;
    let mut directory = Database::open(&arguments.directory).await?;
    for copy in rows::of_directory(&arguments.tenant) {
        copy_all(&mut directory, &copy, numbers, numbers.tenants, None).await?;
    }
    directory.check("hostname", numbers.tenants + 1).await?;
    directory.close().await?;
    machines(arguments)?;
    bar.finish_with_message("filled");
    Ok(())
}

/// Copies a template's rows for the numbers from 1 to `last`.
async fn copy_all(
    database: &mut Database,
    copy: &Copy,
    numbers: &Numbers,
    last: i64,
    bar: Option<&ProgressBar>,
) -> Result<()> {
    let columns = database.columns(copy.table).await?;
    let mut first = 1;
    while first <= last {
        let end = last.min(first + CHUNK - 1);
        let statement = copy.statement(&columns, &numbers.between(first, end))?;
        database.run(statement).await.with_context(|| format!("copying {}", copy.table))?;
        if let Some(bar) = bar {
            bar.inc(u64::try_from(end - first + 1)?);
        }
        first = end + 1;
    }
    Ok(())
}

/// One real secret for each tenant's machine client: its hash hangs on the installation's key.
async fn secrets(
    arguments: &Arguments,
    region: &mut Database,
    hasher: &Hasher,
    bar: &ProgressBar,
) -> Result<()> {
    let copy = rows::client_secrets(&arguments.client);
    let columns = region.columns(copy.table).await?;
    let mut first = 1;
    while first <= arguments.numbers.tenants {
        let end = arguments.numbers.tenants.min(first + SECRETS - 1);
        let statement = copy.statement(&columns, &hasher.values(first, end))?;
        region.run(statement).await.context("copying client_secret")?;
        bar.inc(u64::try_from(end - first + 1)?);
        first = end + 1;
    }
    Ok(())
}

/// What the load needs to be these clients.
fn machines(arguments: &Arguments) -> Result<()> {
    let file = std::fs::File::create(&arguments.machines)
        .with_context(|| format!("cannot write {}", arguments.machines.display()))?;
    let mut file = std::io::BufWriter::new(file);
    for number in 1..=arguments.numbers.tenants {
        let (host, client) = (numbers::host(number), numbers::client_id(number));
        writeln!(file, "{host}\t{client}\t{}", secrets::secret(number))?;
    }
    file.flush().context("cannot write the machine clients")
}

fn progress(rows: i64) -> Result<ProgressBar> {
    let style = ProgressStyle::with_template("  {msg:9} [{wide_bar}] {pos}/{len} {eta}")?;
    Ok(ProgressBar::new(u64::try_from(rows)?).with_style(style.progress_chars("=> ")))
}
