//! `cargo xtask test`: everything that must hold before a change lands.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};

use crate::cli::Cli;
use crate::postgres::{Cluster, free_port};
use crate::report::{Outcome, Report};
use crate::server::forget_log;
use crate::setup::{self, Need};
use crate::workshop::{Workshop, find_program};
use crate::{clients, fuzz, kill, nodes, rotation, schema};

const BUILD_LIMIT: Duration = Duration::from_secs(40 * 60);

#[derive(Args)]
pub struct Options {
    /// Only these parts
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Only this database engine
    #[arg(long, value_enum)]
    engine: Option<Engine>,
    /// Only the real clients whose name contains this
    #[arg(long)]
    client: Option<String>,
    /// Crashes in the crash drill
    #[arg(long, default_value_t = 20)]
    rounds: u32,
    /// Seconds in which schemathesis tries the API, on each engine
    #[arg(long, default_value_t = 150)]
    schema_seconds: u64,
    /// Seconds for each fuzz target
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Test this built program instead of building one
    #[arg(long)]
    server: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// `cargo nextest run` (or `cargo test`) and the documentation's examples
    Rust,
    /// Real clients against the demo
    Clients,
    /// schemathesis against the OpenAPI document
    Schema,
    /// SIGKILL under load
    Kill,
    /// Two nodes on one PostgreSQL
    Nodes,
    /// A secret is replaced under load
    Rotation,
    /// The fuzz targets
    Fuzz,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// As the command line says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// As people say it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    fn engines(&self) -> Vec<Engine> {
        self.engine.map_or_else(|| vec![Engine::Sqlite, Engine::Postgres], |engine| vec![engine])
    }

    fn needs_postgres(&self) -> bool {
        let clients = (self.wants(Part::Clients) || self.wants(Part::Schema))
            && self.engines().contains(&Engine::Postgres);
        let drills = (self.wants(Part::Kill) || self.wants(Part::Rotation))
            && self.engine == Some(Engine::Postgres);
        self.wants(Part::Rust) || self.wants(Part::Nodes) || clients || drills
    }

    fn needs(&self) -> Vec<Need> {
        let mut needs = Vec::new();
        if self.needs_postgres() {
            needs.push(Need::Postgres);
        }
        if self.wants(Part::Clients) {
            needs.push(Need::NodeClients);
        }
        if self.wants(Part::Clients) || self.wants(Part::Schema) {
            needs.push(Need::PythonClients);
        }
        if self.wants(Part::Fuzz) {
            needs.push(Need::Fuzz);
        }
        needs
    }
}

/// Runs the parts that were asked for; false when a step failed.
pub fn run(shop: &Workshop, options: &Options) -> Result<bool> {
    let mut report = Report::default();
    report.step("setup", || {
        setup::ensure(shop, &options.needs()).map(|()| Outcome::Passed(String::new()))
    });
    let mut cluster = None;
    if options.needs_postgres() {
        report.step("postgres starts", || {
            cluster = Some(Cluster::start(shop)?);
            Ok(Outcome::Passed(String::new()))
        });
    }
    if options.wants(Part::Rust) {
        rust(shop, cluster.as_ref(), &mut report);
    }
    let with_a_server = [Part::Clients, Part::Schema, Part::Kill, Part::Nodes, Part::Rotation];
    if with_a_server.into_iter().any(|part| options.wants(part)) {
        with_server(shop, options, cluster.as_mut(), &mut report);
    }
    drop(cluster);
    if options.wants(Part::Fuzz) {
        fuzz::run(shop, options.seconds, None, &mut report);
    }
    Ok(report.close())
}

fn rust(shop: &Workshop, cluster: Option<&Cluster>, report: &mut Report) {
    let test = |name: &str, arguments: &[&str]| {
        let url = database(shop, cluster, "countersign_test")?;
        let mut command = shop.cargo();
        command
            .args(arguments)
            .env("COUNTERSIGN_TEST_POSTGRES", url)
            .env("COUNTERSIGN_TEST_REQUIRE_POSTGRES", "1");
        shop.children.run(name, &mut command, BUILD_LIMIT)?;
        Ok(Outcome::Passed(String::new()))
    };
    if find_program(&["cargo-nextest"]).is_some() {
        report.step("cargo nextest run", || {
            test(
                "cargo nextest run",
                &["nextest", "run", "--workspace", "--no-fail-fast", "--status-level", "slow"],
            )
        });
        // nextest does not run them.
        report.step("cargo test --doc", || {
            test("cargo test --doc", &["test", "--workspace", "--doc", "--no-fail-fast"])
        });
    } else {
        report
            .step("cargo test", || test("cargo test", &["test", "--workspace", "--no-fail-fast"]));
    }
}

fn with_server(
    shop: &Workshop,
    options: &Options,
    mut cluster: Option<&mut Cluster>,
    report: &mut Report,
) {
    let mut program = None;
    report.step("release server", || {
        program = Some(match &options.server {
            Some(given) => {
                given.canonicalize().with_context(|| format!("there is no {}", given.display()))?
            }
            None => build_server(shop)?,
        });
        Ok(Outcome::Passed(String::new()))
    });
    let Some(program) = program else { return };
    let cli = |cluster: Option<&Cluster>, name: &str, engine: Engine| -> Result<Cli> {
        let data = shop.scratch(&format!("data-{name}-{}", engine.name()))?;
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(database(shop, cluster, &format!("countersign_{name}"))?),
        };
        Ok(Cli { program: program.clone(), data, database })
    };
    if options.wants(Part::Clients) {
        for engine in options.engines() {
            match cli(cluster.as_deref(), "clients", engine) {
                Ok(cli) => {
                    let (cluster, filter) = (cluster.as_deref_mut(), options.client.as_deref());
                    clients::run(clients::Place { shop, cli, engine, cluster, filter }, report);
                }
                Err(error) => {
                    report.step(&format!("{}: demo starts", engine.name()), || Err(error));
                }
            }
        }
    }
    let cli = |name: &str, engine| cli(cluster.as_deref(), name, engine);
    if options.wants(Part::Schema) {
        for engine in options.engines() {
            let seconds = options.schema_seconds;
            report.step(&format!("{}: schemathesis, {seconds} s", engine.name()), || {
                let cli = cli("schema", engine)?;
                schema::run(shop, &cli, engine.name(), seconds).map(Outcome::Passed)
            });
        }
    }
    drills(shop, options, &cli, report);
}

/// What must go on while something breaks or is changed.
fn drills(
    shop: &Workshop,
    options: &Options,
    cli: &dyn Fn(&str, Engine) -> Result<Cli>,
    report: &mut Report,
) {
    if options.wants(Part::Kill) {
        let engine = options.engine.unwrap_or(Engine::Sqlite);
        report.step(&format!("{}: kill -9 under load", engine.name()), || {
            forget_log(shop, "kill")?;
            kill::run(shop, &cli("kill", engine)?, free_port()?, options.rounds)
                .map(Outcome::Passed)
        });
    }
    if options.wants(Part::Rotation) {
        let engine = options.engine.unwrap_or(Engine::Sqlite);
        report.step(&format!("{}: a secret is replaced under load", engine.name()), || {
            forget_log(shop, "rotation")?;
            rotation::run(shop, &cli("rotation", engine)?).map(Outcome::Passed)
        });
    }
    if options.wants(Part::Nodes) {
        report.step("postgres: two nodes", || {
            forget_log(shop, "node-1")?;
            forget_log(shop, "node-2")?;
            nodes::run(shop, &cli("nodes", Engine::Postgres)?).map(Outcome::Passed)
        });
    }
}

/// `cargo build --release`; gives the program.
pub fn build_server(shop: &Workshop) -> Result<PathBuf> {
    let mut command = shop.cargo();
    command.args(["build", "--release", "--package", "countersign"]);
    shop.children.run("cargo build --release", &mut command, BUILD_LIMIT)?;
    let program = shop.target("release/countersign");
    if !program.is_file() {
        bail!("cargo built no {}", program.display());
    }
    Ok(program)
}

fn database(shop: &Workshop, cluster: Option<&Cluster>, name: &str) -> Result<String> {
    cluster.context("PostgreSQL did not start")?.create_database(shop, name)
}
