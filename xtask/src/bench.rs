//! `cargo xtask bench`: tokens per second beside a peer and beside the physical limit, in one run;
//! with `--million`, lists and creation over a million clients; with `--pages`, the first paint of
//! the console's pages.
//!
//! Each server has one core and the load generator the other. The limit is
//! `1 / (1/echo + 1/sign)`: an axum server that only reads and answers as many bytes, and one ES256
//! signature. Numbers are of this machine and this run; only their ratios travel.

mod grants;
mod load;
mod million;
mod outcome;
mod pages;
mod peer;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::bench::grants::Grants;
use crate::bench::load::{Load, Measure, Subject};
use crate::bench::outcome::Outcome;
use crate::cli::Cli;
use crate::http::Client;
use crate::postgres::free_port;
use crate::process::Running;
use crate::server::{Server, forget_log};
use crate::setup::{self, Need};
use crate::test::build_server;
use crate::workshop::Workshop;

const CONNECTIONS: [u32; 3] = [1, 16, 64];
/// The connections at which the targets are stated.
const STATED: u32 = 16;
const SERVER_CORE: u8 = 0;
const LOAD_CORE: u8 = 1;

#[derive(Args)]
pub struct Options {
    /// Seconds of each measurement
    #[arg(long, default_value_t = 10)]
    seconds: u32,
    /// Seconds before each measurement that do not count
    #[arg(long, default_value_t = 3)]
    warm_up: u32,
    /// Write the result, with machine and date, into docs/benchmarks.md
    #[arg(long)]
    write: bool,
    /// Measure this built program instead of building one
    #[arg(long)]
    server: Option<PathBuf>,
    /// Measure how soon the console's pages are seen in a browser instead
    #[arg(long, conflicts_with = "million")]
    pages: bool,
    #[command(flatten)]
    million: million::Options,
}

/// Measures tokens, or pages, or lists and creation over a million clients; false when a target is missed.
pub fn run(shop: &Workshop, options: &Options) -> Result<bool> {
    if std::thread::available_parallelism().map_or(1, usize::from) < 2 {
        bail!("the benchmark needs two cores: one for the server, one for the load");
    }
    let server = match &options.server {
        Some(given) => {
            given.canonicalize().with_context(|| format!("there is no {}", given.display()))?
        }
        None => build_server(shop)?,
    };
    if options.pages {
        return pages::run(shop, server, options.write);
    }
    if !options.million.million {
        return tokens(shop, options, server).map(|()| true);
    }
    let fill = million::fill_program(shop, &options.million)?;
    let plan = million::Plan { server, fill, seconds: options.seconds, warm_up: options.warm_up };
    million::run(shop, &options.million, &plan, options.write)
}

/// Tokens per second; prints a table and one line of JSON.
fn tokens(shop: &Workshop, options: &Options, program: PathBuf) -> Result<()> {
    setup::ensure(shop, &[Need::Bench])?;
    let limit = build_limit(shop)?;
    let load = Load { seconds: options.seconds, warm_up: options.warm_up, core: LOAD_CORE };
    let cli = Cli { program, data: shop.scratch("bench-data")?, database: None };
    forget_log(shop, "bench")?;

    let mut outcome = Outcome::default();
    let answer_bytes = countersign(shop, &cli, &load, &mut outcome)?;
    println!("echo: axum, a POST body of the same size, an answer of {answer_bytes} bytes");
    outcome.echo = Some(echo(shop, &limit, &load, answer_bytes)?);
    let mut sign = pinned(&limit);
    sign.args(["sign", "5"]);
    let signatures = shop.children.capture("limit sign", &mut sign, Duration::from_secs(60))?;
    outcome.signatures_per_s = signatures.trim().parse().context("limit sign")?;
    println!("sign: {:.0} ES256 signatures/s on one core", outcome.signatures_per_s);
    outcome.peer = peer::measure(shop, &load, &CONNECTIONS)?;

    if !outcome.had_its_core() {
        println!(
            "\nwarning: the server's core was not busy with the server alone; repeat this on a quiet machine"
        );
    }
    let table = outcome.table(shop);
    println!("\n{table}\n{}", outcome.json());
    if options.write {
        outcome.write(shop, &table)?;
    }
    Ok(())
}

/// The HTTP half of the limit, with credentials as long as the real ones.
fn echo(shop: &Workshop, limit: &Path, load: &Load, answer_bytes: usize) -> Result<Measure> {
    let port = free_port()?;
    let mut command = pinned(limit);
    command.args(["echo", &format!("127.0.0.1:{port}"), &answer_bytes.to_string()]);
    let server = start(shop, "echo", &mut command, port)?;
    let subject = Subject { port, pid: server.pid(), id: &"i".repeat(32), secret: &"s".repeat(64) };
    load.measure(shop, &subject, STATED)
}

/// Our server: start, client_credentials at each number of connections, memory, then the other grants.
fn countersign(shop: &Workshop, cli: &Cli, load: &Load, outcome: &mut Outcome) -> Result<usize> {
    let ports = (free_port()?, free_port()?);
    let (first, took) = start_to_token(shop, cli, ports)?;
    outcome.first_start_ms = took;
    drop(first);
    let mut starts = Vec::new();
    let mut server = None;
    for _ in 0..5 {
        drop(server.take());
        let (next, took) = start_to_token(shop, cli, ports)?;
        starts.push(took);
        server = Some(next);
    }
    starts.sort_by(f64::total_cmp);
    outcome.start_ms = starts[starts.len() / 2];
    let server = server.context("no server")?;
    println!("countersign: first token {:.0} ms after the start", outcome.start_ms);

    let (id, secret) =
        (server.text("/m2m/client_id")?.to_owned(), server.text("/m2m/client_secret")?.to_owned());
    let mut client = Client::new(server.target()?);
    let answer = client.post("/oauth/token", load::FORM, Some((&id, &secret)))?;
    if answer.status != 200 {
        bail!("client_credentials answered {}: {}", answer.status, answer.body);
    }
    let mut grants = Grants::new(&server, ports.1)?;
    let subject = Subject { port: ports.0, pid: server.pid(), id: &id, secret: &secret };
    for connections in CONNECTIONS {
        let before = grants.statements();
        let measure = load.measure(shop, &subject, connections)?;
        if connections == STATED {
            outcome.statements.client_credentials =
                grants.statements_since(before, measure.requests);
        }
        outcome.countersign.push(measure);
    }
    outcome.rss_mib = memory(server.pid(), "VmRSS")?;
    outcome.peak_rss_mib = memory(server.pid(), "VmHWM")?;
    load::pin_ourselves(shop, LOAD_CORE)?;
    grants.measure(outcome)?;
    outcome.rss_after_mib = memory(server.pid(), "VmRSS")?;
    load::unpin_ourselves(shop)?;
    Ok(answer.body.len())
}

fn start_to_token(shop: &Workshop, cli: &Cli, ports: (u16, u16)) -> Result<(Server, f64)> {
    let start = Instant::now();
    let server = Server::start_pinned(shop, cli, SERVER_CORE, ports)?;
    let credentials =
        (server.text("/m2m/client_id")?.to_owned(), server.text("/m2m/client_secret")?.to_owned());
    let answer = Client::new(server.target()?).post(
        "/oauth/token",
        load::FORM,
        Some((&credentials.0, &credentials.1)),
    )?;
    if answer.status != 200 {
        bail!("the first token request was answered {}: {}", answer.status, answer.body);
    }
    Ok((server, start.elapsed().as_secs_f64() * 1000.0))
}

fn build_limit(shop: &Workshop) -> Result<PathBuf> {
    let mut command = shop.cargo();
    command.args([
        "build",
        "--release",
        "--package",
        "xtask",
        "--features",
        "bench",
        "--bin",
        "limit",
    ]);
    shop.children.run("cargo build (limit)", &mut command, Duration::from_secs(1800))?;
    Ok(shop.target("release/limit"))
}

/// A program on the server's core.
fn pinned(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", &SERVER_CORE.to_string()]).arg(program);
    command
}

/// Starts a server and waits until it accepts connections.
fn start(shop: &Workshop, name: &str, command: &mut Command, port: u16) -> Result<Running> {
    command
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(shop.output(&format!("logs/bench-{name}.log"))?)?);
    let mut server = shop.children.spawn(name, command)?;
    let begun = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        if let Some(status) = server.ended() {
            bail!("{name} ended at its start ({status}): see target/xtask/logs/bench-{name}.log");
        }
        if begun.elapsed() > Duration::from_secs(30) {
            bail!("{name} does not listen");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(server)
}

/// A line of /proc/PID/status in MiB.
fn memory(pid: i32, name: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line =
        status.lines().find(|line| line.starts_with(name)).with_context(|| format!("no {name}"))?;
    let kib: f64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
    Ok(kib / 1024.0)
}

/// Requests per second at the connections for which the targets are stated.
fn stated(measures: &[Measure]) -> Option<&Measure> {
    measures.iter().find(|measure| measure.connections == STATED)
}
