//! `cargo xtask bench --million`: lists, creation, memory and tokens over a region with 100,000
//! tenants and 1,000,000 clients.
//!
//! Everything that is compared is measured in the same run: tokens against a small database, page
//! 1,000 against page 1, durable creations against what the disk syncs. The server has one core and
//! the load the other, as in the benchmark of tokens.

mod creations;
mod drive;
mod ground;
mod lists;
mod outcome;
mod tokens;
mod touch;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use clap::Args;

use crate::bench::million::ground::{Ground, Size};
use crate::bench::million::outcome::Outcome;
use crate::bench::{LOAD_CORE, load};
use crate::postgres::Cluster;
use crate::setup::{self, Need};
use crate::test::Engine;
use crate::workshop::Workshop;

/// Clients of the tenant whose list is measured: 1,000 pages of 20.
const LARGEST: i64 = 20_000;
/// The database that the large one is compared with.
const SMALL: Size = Size { tenants: 100, clients: 1_000, largest: 100 };

#[derive(Args)]
// `bench`'s own options are a group of the same name.
#[group(skip)]
pub struct Options {
    /// Measure lists, creation, memory and tokens over a million clients instead
    #[arg(long)]
    pub million: bool,
    /// The database engine
    #[arg(long, value_enum, default_value = "sqlite", requires = "million")]
    engine: Engine,
    /// Tenants
    #[arg(long, default_value_t = 100_000, requires = "million",
        value_parser = clap::value_parser!(i64).range(2..=1_000_000))]
    tenants: i64,
    /// Clients of all tenants together
    #[arg(long, default_value_t = 1_000_000, requires = "million",
        value_parser = clap::value_parser!(i64).range(100..=100_000_000))]
    clients: i64,
    /// Seconds after which the load that touches all tenants ends, done or not
    #[arg(long, default_value_t = 900, requires = "million")]
    touch_seconds: u64,
    /// Measure the memory alone
    #[arg(long, requires = "million", conflicts_with = "write")]
    memory_only: bool,
    /// Fill with this built program instead of building one
    #[arg(long, requires = "million")]
    fill: Option<PathBuf>,
}

/// What is measured, how long, and by which programs.
pub struct Plan {
    pub server: PathBuf,
    pub fill: PathBuf,
    pub seconds: u32,
    pub warm_up: u32,
}

/// Measures everything; false when a target is missed.
pub fn run(shop: &Workshop, options: &Options, plan: &Plan, write: bool) -> Result<bool> {
    let size = size(options)?;
    let cluster = match options.engine {
        Engine::Sqlite => None,
        Engine::Postgres => {
            setup::ensure(shop, &[Need::Postgres])?;
            Some(Cluster::start_kept(shop, "million-postgres")?)
        }
    };
    let large = Ground::open(shop, plan, cluster.as_ref(), size)?;
    let small = Ground::open(shop, plan, cluster.as_ref(), SMALL)?;
    let mut outcome = Outcome::new(shop, options.engine, size);
    load::pin_ourselves(shop, LOAD_CORE)?;
    if !options.memory_only {
        let server = large.serve(shop)?;
        lists::measure(&large, &mut outcome)?;
        let other = small.serve(shop)?;
        let pids = (server.pid(), other.pid());
        tokens::measure(plan, (&large, &small), pids, &mut outcome)?;
        drop(other);
        let seconds = Duration::from_secs(plan.seconds.into());
        creations::measure(&large, seconds, &mut outcome)?;
    }
    // A new process: its memory is that of this load alone.
    let server = large.serve(shop)?;
    let limit = Duration::from_secs(options.touch_seconds);
    touch::measure(&large, server.pid(), limit, &mut outcome)?;
    load::unpin_ourselves(shop)?;
    let table = outcome.table();
    println!("\n{table}");
    if write {
        outcome.write(shop, &table)?;
    }
    Ok(outcome.is_met())
}

fn size(options: &Options) -> Result<Size> {
    let Options { tenants, clients, .. } = *options;
    ensure!(clients >= 2 * tenants, "each tenant has two clients at least: raise --clients");
    // At a small scale a fifth, so that the others have some, too.
    Ok(Size { tenants, clients, largest: LARGEST.min(clients / 5) })
}

/// The program that fills a database: the given one, or a new one.
pub fn fill_program(shop: &Workshop, options: &Options) -> Result<PathBuf> {
    if let Some(given) = &options.fill {
        return given.canonicalize().with_context(|| format!("there is no {}", given.display()));
    }
    let mut command = shop.cargo();
    command.args(["build", "--release", "--package", "xtask"]);
    command.args(["--features", "bench", "--bin", "fill"]);
    shop.children.run("cargo build (fill)", &mut command, Duration::from_secs(1800))?;
    Ok(shop.target("release/fill"))
}
