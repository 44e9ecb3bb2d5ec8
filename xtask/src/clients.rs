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
use crate::postgres::free_port;
use crate::report::{Outcome, Report};
use crate::server::{Server, forget_log};
use crate::setup;
use crate::workshop::{Workshop, find_program};

const LIMIT: Duration = Duration::from_secs(300);

/// In this order: the first suites see consent pages that later ones do not.
const SUITES: &[(&str, Program, &str)] = &[
    ("@qlik/api", Program::Node, "tests/clients/node/qlik-api.mjs"),
    ("openid-client", Program::Node, "tests/clients/node/openid-client.mjs"),
    ("Authlib", Program::Python, "tests/clients/python/authlib_client.py"),
    ("management", Program::Node, "tests/clients/node/management.mjs"),
    ("qlik-sdk", Program::QlikSdk, "tests/clients/python/qlik_sdk_client.py"),
    ("pages", Program::Node, "tests/clients/node/pages.mjs"),
    ("console", Program::Node, "tests/clients/node/console.mjs"),
];

#[derive(Clone, Copy)]
enum Program {
    Node,
    Python,
    /// Python with that cloud's own library.
    QlikSdk,
}

/// Starts the demo on one engine and runs every suite whose name contains `filter`.
pub fn run(shop: &Workshop, cli: &Cli, engine: &str, filter: Option<&str>, report: &mut Report) {
    let log = format!("clients-{engine}");
    let mut demo = None;
    report.step(&format!("{engine}: demo starts"), || {
        forget_log(shop, &log)?;
        let server = Server::start(shop, cli, free_port()?, &log)?;
        let ready = with_key_client(shop, cli, &server)?;
        let url = server.text("/tenant_url")?.to_owned();
        demo = Some((server, ready));
        Ok(Outcome::Passed(url))
    });
    let Some((mut server, ready)) = demo else {
        return;
    };
    for (name, program, file) in SUITES {
        if filter.is_some_and(|filter| !name.contains(filter)) {
            continue;
        }
        report.step(&format!("{engine}: {name}"), || {
            let result = suite(shop, engine, *program, file, &ready);
            let result = result.and_then(|()| server.still_runs());
            result.map_err(|error| {
                error.context(server.log_tail()).context(format!("{name} on {engine}"))
            })?;
            Ok(Outcome::Passed(String::new()))
        });
    }
    report.step(&format!("{engine}: demo stops when asked"), || {
        let took = server.stop()?;
        Ok(Outcome::Passed(format!("{} ms", took.as_millis())))
    });
}

fn suite(shop: &Workshop, engine: &str, program: Program, file: &str, ready: &Value) -> Result<()> {
    let mut command = match program {
        Program::Node => Command::new("node"),
        Program::Python => Command::new(setup::python_program(shop)),
        Program::QlikSdk => Command::new(setup::qlik_sdk_program(shop)),
    };
    // Everything stays on this machine, whatever proxy the environment names.
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
    {
        command.env_remove(name);
    }
    let screenshots = shop.output(&format!("screenshots/{engine}/x"))?;
    command
        .arg(shop.path(file))
        .env("COUNTERSIGN_READY", ready.to_string())
        .env("COUNTERSIGN_SCREENSHOTS", screenshots.parent().unwrap_or(&screenshots))
        .env("CHROMIUM", setup::find_chromium().unwrap_or_else(|| PathBuf::from("chromium")))
        .env("PYTHONUNBUFFERED", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    shop.children.run(file, &mut command, LIMIT)
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
