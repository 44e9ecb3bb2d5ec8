//! The rotation drill: an administrator replaces a client's secret while the client works.
//!
//! Two secrets live, a load runs with both, then with the new one alone; `activity` tells which one
//! nobody uses any more, and that one is removed. No request of the load may fail.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::http::{Client, Target};
use crate::postgres::free_port;
use crate::server::Server;
use crate::workshop::Workshop;

const CLIENTS: &str = "/api/v1/oauth-clients";
const FORM: &[(&str, &str)] = &[("grant_type", "client_credentials")];
const WORKERS: usize = 4;
/// How long the load runs before, between and after what the administrator does.
const PHASE: Duration = Duration::from_secs(3);
/// Design, "what must never happen", 4.
const ALLOWED: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(2);

/// Runs the drill and tells what it saw.
pub fn run(shop: &Workshop, cli: &Cli) -> Result<String> {
    let server = Server::start(shop, cli, free_port()?, "rotation")?;
    drill(&server).map_err(|error| error.context(server.log_tail()))
}

fn drill(server: &Server) -> Result<String> {
    let target = server.target()?;
    let mut admin = Administrator::sign_in(server, &target)?;
    let (id, old) = admin.client_create()?;
    let new = admin.secret_create(&id)?;
    let load = Load {
        target,
        id,
        old,
        new,
        only_new: AtomicBool::new(false),
        stop: AtomicBool::new(false),
        requests: Default::default(),
    };
    thread::scope(|scope| {
        let work = |at| load.work(at);
        let workers: Vec<_> = (0..WORKERS).map(|at| scope.spawn(move || work(at))).collect();
        let done = rotate(&mut admin, &load);
        load.stop.store(true, Ordering::SeqCst);
        for worker in workers {
            worker.join().map_err(|_| anyhow!("a worker panicked"))?.context("in the load")?;
        }
        done
    })
}

/// What the administrator does while the load runs.
fn rotate(admin: &mut Administrator, load: &Load) -> Result<String> {
    thread::sleep(PHASE);
    for last_use in admin.last_uses(load)? {
        ensure!(last_use.is_some(), "a secret that is in use was never used, says activity");
    }
    load.only_new.store(true, Ordering::SeqCst);
    // What is under way with the old secret ends.
    thread::sleep(PHASE / 3);
    let before = admin.last_uses(load)?;
    thread::sleep(PHASE);
    let after = admin.last_uses(load)?;
    let still_used = [before[0] != after[0], before[1] != after[1]];
    ensure!(
        still_used == [false, true],
        "activity cannot tell the secrets apart: old {:?} and {:?}, new {:?} and {:?}",
        before[0],
        after[0],
        before[1],
        after[1]
    );
    let with_old = load.requests[0].load(Ordering::SeqCst);
    admin.secret_remove(&load.id, hint(&load.old)?)?;
    let removed = Instant::now();
    let mut stranger = Client::new(load.target.clone());
    while stranger.post("/oauth/token", FORM, Some((&load.id, &load.old)))?.status == 200 {
        ensure!(removed.elapsed() < ALLOWED, "the removed secret still works after {ALLOWED:?}");
        thread::sleep(PAUSE);
    }
    let refused = removed.elapsed();
    thread::sleep(PHASE);
    let with_new = load.requests[1].load(Ordering::SeqCst);
    ensure!(with_old > 100 && with_new > with_old, "too little load: {with_old}, {with_new}");
    Ok(format!(
        "{with_old} requests with the old secret, {with_new} with the new one, none failed; the old one was refused {} ms after its removal",
        refused.as_millis()
    ))
}

/// The client at work.
struct Load {
    target: Target,
    id: String,
    old: String,
    new: String,
    only_new: AtomicBool,
    stop: AtomicBool,
    /// Answers with the old secret, and with the new one.
    requests: [AtomicU64; 2],
}

impl Load {
    /// Half of the workers begin with the old secret, half with the new one.
    fn work(&self, at: usize) -> Result<()> {
        let mut client = Client::new(self.target.clone());
        while !self.stop.load(Ordering::SeqCst) {
            let with_new = at % 2 == 1 || self.only_new.load(Ordering::SeqCst);
            let secret = if with_new { &self.new } else { &self.old };
            let answer = client.post("/oauth/token", FORM, Some((&self.id, secret)))?;
            if answer.status != 200 {
                let which = if with_new { "new" } else { "old" };
                bail!("the {which} secret was answered {}: {}", answer.status, answer.body);
            }
            self.requests[usize::from(with_new)].fetch_add(1, Ordering::SeqCst);
            thread::sleep(PAUSE);
        }
        Ok(())
    }
}

/// The administrator, over the API.
struct Administrator {
    client: Client,
    token: String,
}

impl Administrator {
    fn sign_in(server: &Server, target: &Target) -> Result<Self> {
        let mut client = Client::new(target.clone());
        let credentials = (server.text("/m2m/client_id")?, server.text("/m2m/client_secret")?);
        let answer = client.post("/oauth/token", FORM, Some(credentials))?;
        let token = answer.json()?["access_token"].as_str().map(str::to_owned);
        Ok(Self { client, token: token.context("the administrator got no token")? })
    }

    /// A trusted machine client with its first secret.
    fn client_create(&mut self) -> Result<(String, String)> {
        let draft = json!({
            "appType": "web",
            "clientName": "Replaces its secret",
            "allowedGrantTypes": ["client_credentials"],
            "allowedScopes": ["user_default"],
            "connectionConfig": { "consentMethod": "trusted" },
        });
        let made = self.call("POST", CLIENTS, Some(&draft))?;
        Ok((text(&made, "clientId")?, text(&made, "clientSecret")?))
    }

    fn secret_create(&mut self, id: &str) -> Result<String> {
        text(&self.call("POST", &format!("{CLIENTS}/{id}/client-secrets"), None)?, "clientSecret")
    }

    fn secret_remove(&mut self, id: &str, hint: &str) -> Result<()> {
        self.call("DELETE", &format!("{CLIENTS}/{id}/client-secrets/{hint}"), None).map(drop)
    }

    /// When the old and the new secret were last used, as `activity` tells.
    fn last_uses(&mut self, load: &Load) -> Result<[Option<String>; 2]> {
        let activity = self.call("GET", &format!("{CLIENTS}/{}/activity", load.id), None)?;
        let secrets = activity["secrets"].as_array().context("activity tells of no secrets")?;
        let last_use = |secret: &str| {
            let hint = hint(secret)?;
            let found = secrets.iter().find(|one| one["hint"] == hint);
            let found = found.with_context(|| format!("activity does not tell of {hint}"))?;
            anyhow::Ok(found["lastUsedAt"].as_str().map(str::to_owned))
        };
        Ok([last_use(&load.old)?, last_use(&load.new)?])
    }

    fn call(&mut self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let answer = self.client.call(method, path, &self.token, body)?;
        match answer.status {
            204 => Ok(Value::Null),
            200..300 => answer.json(),
            status => bail!("{method} {path} answered {status}: {}", answer.body),
        }
    }
}

/// What a secret is known by (contract, section 1): its last five characters.
fn hint(secret: &str) -> Result<&str> {
    let start = secret.len().checked_sub(5).context("a secret of less than five characters")?;
    secret.get(start..).context("a secret that is not ASCII")
}

fn text(answer: &Value, name: &str) -> Result<String> {
    let found = answer[name].as_str().map(str::to_owned);
    found.with_context(|| format!("no `{name}` in the answer {answer}"))
}
