//! schemathesis against `/api/openapi.json`: every operation of the API, with data that fits its
//! description and data that does not, alone and one after the other.
//!
//! What it looks for (see `tests/clients/python/schemathesis.toml`): a 500, an answer that the
//! document does not name or that does not fit its schema, bad data that is accepted, a call
//! without a token that works. The seed is fixed; what differs between two runs is the time.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::cli::Cli;
use crate::http::Client;
use crate::postgres::free_port;
use crate::server::{Server, forget_log};
use crate::setup;
use crate::workshop::Workshop;

/// What the run gets beyond its own time, to start and to shrink what it found.
const GRACE: Duration = Duration::from_secs(240);

/// Starts the demo on one engine, tries its API for so many seconds, and says for how long.
pub fn run(shop: &Workshop, cli: &Cli, engine: &str, seconds: u64) -> Result<String> {
    let log = format!("schema-{engine}");
    forget_log(shop, &log)?;
    let mut server = Server::start(shop, cli, free_port()?, &log)?;
    let result = tried(shop, &server, engine, seconds).and_then(|()| server.still_runs());
    result.map_err(|error| error.context(server.log_tail()))?;
    server.stop()?;
    Ok(format!("{seconds} s"))
}

fn tried(shop: &Workshop, server: &Server, engine: &str, seconds: u64) -> Result<()> {
    let administrator = Administrator::of_demo(server)?;
    let document = format!("{}/api/openapi.json", server.text("/tenant_url")?);
    let python = |program: &str| {
        let mut command = Command::new(setup::python_program(shop));
        command.arg(program).env("PYTHONDONTWRITEBYTECODE", "1").env("NO_PROXY", "*");
        command
    };
    let check = shop.path("tests/clients/python/openapi_document.py");
    let mut valid = python(&check.to_string_lossy());
    valid.arg(&document);
    shop.children.run("openapi_document.py", &mut valid, Duration::from_secs(60))?;

    let found = shop.output(&format!("logs/schemathesis-{engine}.xml"))?;
    let mut run = python("-m");
    run.arg("schemathesis.cli")
        .arg("--config-file")
        .arg(shop.path("tests/clients/python/schemathesis.toml"))
        .args(["--no-color", "run", &document, "--include-path-regex", "^/api/v1/"])
        .args(["--max-time", &seconds.to_string(), "--report-junit-path"])
        .arg(found)
        .env("COUNTERSIGN_HOOKS", shop.path("tests/clients/python/schemathesis_hooks.py"))
        .env("COUNTERSIGN_TOKEN", &administrator.token)
        .env("COUNTERSIGN_PROTECTED", administrator.protected.join(" "));
    // A cache of earlier findings would make two runs of one seed differ.
    run.current_dir(shop.scratch(&format!("schemathesis-{engine}"))?);
    shop.children.run("schemathesis", &mut run, Duration::from_secs(seconds) + GRACE)?;
    administrator.still_may(server)
}

/// A machine client with every scope, whose user has every role.
struct Administrator {
    token: String,
    /// Ids that the run must leave alone: its client and its user.
    protected: Vec<String>,
}

impl Administrator {
    fn of_demo(server: &Server) -> Result<Self> {
        let (id, secret) = (server.text("/m2m/client_id")?, server.text("/m2m/client_secret")?);
        let mut client = Client::new(server.target()?);
        let form = [("grant_type", "client_credentials")];
        let answer = client.post("/oauth/token", &form, Some((id, secret)))?;
        let token = answer.json()?["access_token"].as_str().context("no token")?.to_owned();
        let me = client.get_as("/api/v1/users/me", &token)?;
        let me = me.header("location").and_then(|place| place.rsplit('/').next());
        let user = me.context("no location")?.to_owned();
        Ok(Self { token, protected: vec![id.to_owned(), user] })
    }

    /// A run whose token died on the way has only seen refusals.
    fn still_may(&self, server: &Server) -> Result<()> {
        let mut client = Client::new(server.target()?);
        let answer = client.get_as("/api/v1/audits?limit=1", &self.token)?;
        if answer.status != 200 {
            bail!("the run ended its own token ({}): it has seen refusals only", answer.status);
        }
        Ok(())
    }
}
