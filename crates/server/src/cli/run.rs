//! `countersign demo|serve|migrate`.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use serde_json::json;

use super::target::{Base, block_on, database};
use crate::config::{Config, load, process_environment};
use crate::net::Server;
use crate::{demo, installation, serve, telemetry};

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Where to listen: a loopback address and a port.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the demo keeps its data; made when it is not there.
    #[arg(long, value_name = "DIR", default_value = "countersign-demo")]
    data: PathBuf,
    /// A PostgreSQL database to use instead of SQLite files. An address with a password is better
    /// set as COUNTERSIGN_DEMO_DATABASE, where other users of the machine do not see it.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Where to answer Prometheus.
    #[arg(long, value_name = "ADDRESS")]
    metrics: Option<SocketAddr>,
}

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// The configuration file; without it, defaults and environment.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct MigrateArgs {
    #[command(flatten)]
    base: Base,
}

fn runtime(config: &Config) -> anyhow::Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if let Some(threads) = config.server.worker_threads {
        builder.worker_threads(threads);
    }
    Ok(builder.enable_all().build()?)
}

pub(super) fn demo(args: DemoArgs) -> anyhow::Result<()> {
    if !args.listen.ip().is_loopback() {
        bail!(
            "the demo's passwords and secrets are printed in clear, so it listens on loopback addresses only: 127.0.0.1 or [::1]"
        );
    }
    let mut config = demo::config(&args.data, database(args.database.as_deref())?.as_ref())?;
    config.server.listen = args.listen;
    config.metrics.listen = args.metrics;
    telemetry::log_init(&config.log)?;
    runtime(&config)?.block_on(async {
        let servers = listen(&mut config)?;
        let store = installation::open_store(&config).await?;
        store.migrate().await?;
        let engine = installation::open(&config, store).await?;
        let made = demo::seed(&engine).await?;
        serve::run(&config, engine, servers, || demo::announce(&made)).await
    })
}

/// Listens; on 127.0.0.1 also on [::1] when it is free, since `localhost` may be either.
fn listen(config: &mut Config) -> anyhow::Result<Vec<Server>> {
    let first = Server::bind(&config.server)?;
    let port = first.local_addr().port();
    config.server.external_port = Some(port);
    let mut servers = vec![first];
    if config.server.listen.is_ipv4() {
        config.server.listen = SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), port);
        servers.extend(Server::bind(&config.server));
    }
    Ok(servers)
}

pub(super) fn serve(args: &ServeArgs) -> anyhow::Result<()> {
    let config = load(args.config.as_deref(), process_environment())?;
    telemetry::log_init(&config.log)?;
    runtime(&config)?.block_on(async {
        let server = Server::bind(&config.server)?;
        let store = installation::open_store(&config).await?;
        let engine = installation::open(&config, store).await?;
        let address = server.local_addr();
        let ready = || {
            tracing::info!(%address, "listening");
            Ok(())
        };
        serve::run(&config, engine, vec![server], ready).await
    })
}

pub(super) fn migrate(args: MigrateArgs) -> anyhow::Result<()> {
    let Base { target, output } = args.base;
    let config = target.config()?;
    block_on(async {
        let store = installation::open_store(&config).await?;
        let report = store.migrate().await.context("the databases could not be migrated")?;
        store.close().await;
        let told = match report.applied.as_slice() {
            [] => "The databases are up to date.".to_owned(),
            applied => {
                applied.iter().map(|name| format!("applied {name}")).collect::<Vec<_>>().join("\n")
            }
        };
        output.done(&told, &json!({ "applied": report.applied }))
    })
}
