//! Real clients, unmodified from their registries, against a running demo.
//!
//! Each suite is a program in `tests/clients` that reads `COUNTERSIGN_READY` (the demo's line of
//! JSON plus `key_client`), prints one line per check and exits non-zero when one failed.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::postgres::{Cluster, free_port};
use crate::report::{Outcome, Report};
use crate::server::{Server, forget_log};
use crate::setup;
use crate::test::Engine;
use crate::workshop::{Workshop, find_program};

/// The longest that one suite may take; the one with Rust programs builds their crates.
const LIMIT: Duration = Duration::from_secs(600);

/// In this order: the first suites see consent pages that later ones do not.
const SUITES: &[Suite] = &[
    both("@qlik/api", Program::Node, "node/qlik-api.mjs"),
    both("openid-client", Program::Node, "node/openid-client.mjs"),
    both("Authlib", Program::Python, "python/authlib_client.py"),
    both("management", Program::Node, "node/management.mjs"),
    both("qlik-sdk", Program::QlikSdk, "python/qlik_sdk_client.py"),
    both("pages", Program::Node, "node/pages.mjs"),
    both("console", Program::Node, "node/console.mjs"),
    both("console-clients", Program::Node, "node/console-clients.mjs"),
    both("console-rotation", Program::Node, "node/console-rotation.mjs"),
    both("console-audit", Program::Node, "node/console-audit.mjs"),
    // What is shown does not depend on the engine.
    once("console-snippets", Program::Node, "node/console-snippets.mjs"),
    once("console-pages", Program::Node, "node/console-pages.mjs"),
];
/// Against a server whose limits let a tenant have so many.
const MANY: Suite = both("console-many", Program::Node, "node/console-many.mjs");
/// Against a server whose database is away, and comes back.
const AWAY: Suite = both("console-away", Program::Node, "node/console-away.mjs");

/// A program in `tests/clients`.
struct Suite {
    name: &'static str,
    program: Program,
    file: &'static str,
    /// Whether it runs on SQLite alone.
    is_once: bool,
}

const fn both(name: &'static str, program: Program, file: &'static str) -> Suite {
    Suite { name, program, file, is_once: false }
}

const fn once(name: &'static str, program: Program, file: &'static str) -> Suite {
    Suite { name, program, file, is_once: true }
}

/// What a suite said of the checks that did not hold: a line that says so, and those set further in.
#[derive(Default)]
struct Unheld(String);

impl Unheld {
    const MAX: usize = 4_000;

    fn hear(&mut self, line: &str) {
        let is_part =
            line.starts_with("  FAILED ") || !self.0.is_empty() && line.starts_with("         ");
        if is_part && self.0.len() < Self::MAX {
            self.0.push_str(line);
            self.0.push('\n');
        }
    }
}

const PROXIES: [&str; 6] =
    ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

#[derive(Clone, Copy)]
enum Program {
    Node,
    Python,
    /// Python with that cloud's own library.
    QlikSdk,
}

/// Where the suites run: an installation on one engine, whose database may be stopped.
pub struct Place<'a> {
    pub shop: &'a Workshop,
    pub cli: Cli,
    pub engine: Engine,
    pub cluster: Option<&'a mut Cluster>,
    /// Only suites whose name contains this.
    pub filter: Option<&'a str>,
}

/// Starts the demo on one engine and runs every suite that is wanted.
pub fn run(mut place: Place<'_>, report: &mut Report) {
    let Place { shop, engine, .. } = place;
    let (log, engine) = (format!("clients-{}", engine.name()), engine.name());
    let mut demo = None;
    report.step(&format!("{engine}: demo starts"), || {
        forget_log(shop, &log)?;
        let server = Server::start(shop, &place.cli, free_port()?, &log)?;
        let ready = with_key_client(shop, &place.cli, &server)?;
        let url = server.text("/tenant_url")?.to_owned();
        demo = Some((server, ready));
        Ok(Outcome::Passed(url))
    });
    let Some((mut server, ready)) = demo else {
        return;
    };
    for suite in SUITES.iter().filter(|suite| place.wants(suite)) {
        report.step(&format!("{engine}: {}", suite.name), || place.run(suite, &mut server, &ready));
    }
    report.step(&format!("{engine}: demo stops when asked"), || {
        let took = server.stop()?;
        Ok(Outcome::Passed(format!("{} ms", took.as_millis())))
    });
    // Before a tenant has more clients than its server's usual limit.
    if engine == Engine::Postgres.name() && place.wants(&AWAY) {
        report.step(&format!("{engine}: {}", AWAY.name), || place.run_away(&ready, &log));
    }
    if place.wants(&MANY) {
        report.step(&format!("{engine}: {}", MANY.name), || {
            let limits = "[limits]\nclients_per_tenant = 20000\n";
            let mut server = server.start_again_with(shop, &place.cli, limits, &log)?;
            place.run(&MANY, &mut server, &ready)
        });
    }
}

impl Place<'_> {
    fn wants(&self, suite: &Suite) -> bool {
        let is_here = !suite.is_once || self.engine == Engine::Sqlite;
        is_here && self.filter.is_none_or(|filter| suite.name.contains(filter))
    }

    fn run(&self, suite: &Suite, server: &mut Server, ready: &Value) -> Result<Outcome> {
        self.hold(suite, server, ready, |_| Ok(()))
    }

    /// Runs a suite, which `hear` listens to; a failure names the checks that did not hold.
    fn hold(
        &self,
        suite: &Suite,
        server: &mut Server,
        ready: &Value,
        mut hear: impl FnMut(&str) -> Result<()>,
    ) -> Result<Outcome> {
        let mut command = self.command(suite, ready)?;
        let mut unheld = Unheld::default();
        let told = self.shop.children.converse(suite.file, &mut command, LIMIT, |line| {
            unheld.hear(line);
            hear(line)
        });
        told.and_then(|()| server.still_runs()).map_err(|error| {
            let what = format!("{} on {}", suite.name, self.engine.name());
            error.context(server.log_tail()).context(unheld.0).context(what)
        })?;
        Ok(Outcome::Passed(String::new()))
    }

    /// The suite says on its standard output when the database is to go and to come back.
    fn run_away(&mut self, ready: &Value, log: &str) -> Result<Outcome> {
        let shop = self.shop;
        let mut server = Server::start(shop, &self.cli, port_of(ready)?, log)?;
        let cluster = self.cluster.take().context("PostgreSQL did not start")?;
        let told = self.hold(&AWAY, &mut server, ready, |line| match line {
            "database: stop" => cluster.stop(),
            "database: start" => cluster.start_again(shop),
            _ => Ok(()),
        });
        // Whatever happened: what comes after needs it.
        let back = cluster.start_again(shop);
        self.cluster = Some(cluster);
        back.and(told)
    }

    fn command(&self, suite: &Suite, ready: &Value) -> Result<Command> {
        let shop = self.shop;
        let mut command = match suite.program {
            Program::Node => Command::new("node"),
            Program::Python => Command::new(setup::python_program(shop)),
            Program::QlikSdk => Command::new(setup::qlik_sdk_program(shop)),
        };
        // Everything stays on this machine, whatever proxy the environment names; but the programs
        // that are shown fetch their crates as anybody's do.
        if suite.name != "console-snippets" {
            for name in PROXIES {
                command.env_remove(name);
            }
        }
        let screenshots = shop.output(&format!("screenshots/{}/x", self.engine.name()))?;
        command
            .arg(shop.path("tests/clients").join(suite.file))
            .env("COUNTERSIGN_READY", ready.to_string())
            .env("COUNTERSIGN_SCREENSHOTS", screenshots.parent().unwrap_or(&screenshots))
            .env("COUNTERSIGN_PYTHON", setup::python_program(shop))
            .env("COUNTERSIGN_SNIPPETS_TARGET", shop.target("xtask/snippets"))
            .env("CHROMIUM", setup::find_chromium().unwrap_or_else(|| PathBuf::from("chromium")))
            .env("PYTHONUNBUFFERED", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1");
        Ok(command)
    }
}

/// The port that the ready line's tenant has.
fn port_of(ready: &Value) -> Result<u16> {
    let url = ready["tenant_url"].as_str().unwrap_or_default();
    let port = url.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
    port.with_context(|| format!("no port in {url}"))
}

/// Registers a client that proves itself with a key, and adds it to the ready line.
fn with_key_client(shop: &Workshop, cli: &Cli, server: &Server) -> Result<Value> {
    let folder = shop.scratch("key-client")?;
    let node = find_program(&["node"]).context("node is missing: run `cargo xtask setup`")?;
    let mut make = Command::new(node);
    make.arg(shop.path("tests/clients/node/make-key.mjs")).arg(&folder);
    shop.children.capture("make-key.mjs", &mut make, LIMIT)?;
    let redirect_uri = server.text("/web/redirect_uri")?;
    let public = folder.join("public.jwk.json");
    let client_id =
        cli.client_create_with_key(&shop.children, "real clients: key", redirect_uri, &public)?;
    let private: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("private.jwk.json"))?)?;
    let mut ready = server.ready.clone();
    let Some(members) = ready.as_object_mut() else { bail!("the ready line is no JSON object") };
    members.insert(
        "key_client".to_owned(),
        json!({ "client_id": client_id, "redirect_uri": redirect_uri, "private_jwk": private }),
    );
    Ok(ready)
}
