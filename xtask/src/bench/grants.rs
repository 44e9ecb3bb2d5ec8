//! Code exchanges and refreshes per second, and SQL statements per token of each grant.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};

use crate::bench::outcome::Outcome;
use crate::flow::{self, App};
use crate::http::{Client, Target};
use crate::server::Server;

/// The server's counter of SQL statements, over all its labels.
const STATEMENTS: &str = "countersign_sql_statements_total";
const THREADS: usize = 16;
/// Codes that are got before any is exchanged. They live 60 s, so getting them has its time, too.
const CODES: usize = 3000;
const CODES_TIME: Duration = Duration::from_secs(15);
const REFRESH_TIME: Duration = Duration::from_secs(10);
const IDLE_TIME: Duration = Duration::from_secs(4);
const WITHOUT_REFRESH: &str = "openid";
const WITH_REFRESH: &str = "openid offline_access";

/// A look at the server's counter.
#[derive(Clone, Copy)]
pub struct Look {
    statements: f64,
    at: Instant,
}

/// The demo's web client, and the place where the server counts.
pub struct Grants {
    app: App,
    target: Target,
    metrics: Client,
    /// Statements per second of a server that nobody asks: it looks at the change feed.
    idle: f64,
    impersonation: Option<(String, String, String)>,
}

impl Grants {
    pub fn new(server: &Server, metrics_port: u16) -> Result<Self> {
        let text = |pointer: &str| server.text(pointer).map(str::to_owned);
        let impersonation =
            (text("/m2m/client_id")?, text("/m2m/client_secret")?, text("/user/subject")?);
        let mut grants = Self {
            app: App::of_demo(server)?,
            target: server.target()?,
            metrics: Client::new(Target::new(
                metrics_port,
                &format!("http://127.0.0.1:{metrics_port}"),
            )),
            idle: 0.0,
            impersonation: Some(impersonation),
        };
        let before = grants.statements();
        thread::sleep(IDLE_TIME);
        grants.idle = grants.statements_since(before, IDLE_TIME.as_secs_f64()).unwrap_or(0.0);
        Ok(grants)
    }

    /// SQL statements that the server has run so far, if it tells.
    pub fn statements(&mut self) -> Option<Look> {
        // The server brings its metrics up to date once a second.
        std::thread::sleep(std::time::Duration::from_millis(1500));
        let page = self.metrics.get("/metrics").ok().filter(|page| page.status == 200)?;
        let lines = page.body.lines().filter(|line| line.starts_with(STATEMENTS));
        let values: Vec<f64> =
            lines.filter_map(|line| line.rsplit(' ').next()?.parse().ok()).collect();
        (!values.is_empty()).then(|| Look { statements: values.iter().sum(), at: Instant::now() })
    }

    /// Statements for each of `requests` since a first look, beyond those of an idle server.
    pub fn statements_since(&mut self, before: Option<Look>, requests: f64) -> Option<f64> {
        let (before, now) = (before?, self.statements()?);
        let idle = self.idle * (now.at - before.at).as_secs_f64();
        Some((now.statements - before.statements - idle).max(0.0) / requests)
    }

    /// Measures all grants that touch the database.
    pub fn measure(&mut self, outcome: &mut Outcome) -> Result<()> {
        self.impersonate(outcome)?;
        let (per_s, statements, _) = self.exchange(WITHOUT_REFRESH)?;
        outcome.code_exchanges_per_s = per_s;
        outcome.statements.code = statements;
        let (per_s, statements, tokens) = self.exchange(WITH_REFRESH)?;
        outcome.code_exchanges_with_refresh_per_s = per_s;
        outcome.statements.code_with_refresh = statements;
        self.refresh(tokens, outcome)
    }

    fn impersonate(&mut self, outcome: &mut Outcome) -> Result<()> {
        let (id, secret, subject) = self.impersonation.take().context("measured already")?;
        let mut client = Client::new(self.target.clone());
        let form = [
            ("grant_type", "urn:qlik:oauth:user-impersonation"),
            ("user_lookup[field]", "subject"),
            ("user_lookup[value]", &subject),
        ];
        let mut once = || -> Result<()> {
            let answer = client.post("/oauth/token", &form, Some((&id, &secret)))?;
            if answer.status != 200 {
                bail!("impersonation answered {}: {}", answer.status, answer.body);
            }
            Ok(())
        };
        if let Err(error) = once() {
            println!("impersonation is not measured: {error:#}");
            return Ok(());
        }
        let before = self.statements();
        for _ in 0..500 {
            once()?;
        }
        outcome.statements.impersonation = self.statements_since(before, 500.0);
        Ok(())
    }

    /// Exchanges prepared codes as fast as they go; gives the rate, the statements and the refresh tokens.
    fn exchange(&mut self, scope: &str) -> Result<(f64, Option<f64>, Vec<String>)> {
        let codes = self.codes(scope)?;
        let before = self.statements();
        let count = codes.len() as f64;
        let start = Instant::now();
        let tokens = spread(codes, |codes| {
            let mut client = Client::new(self.target.clone());
            let mut refresh_tokens = Vec::new();
            while let Some(code) = next(codes) {
                refresh_tokens.extend(tokens(self.app.exchange(&mut client, &code)?)?);
            }
            Ok(refresh_tokens)
        })?;
        let per_s = count / start.elapsed().as_secs_f64();
        let statements = self.statements_since(before, count);
        println!("  code exchanges ({scope}): {per_s:.0}/s");
        Ok((per_s, statements, tokens))
    }

    fn codes(&self, scope: &str) -> Result<Vec<String>> {
        // Signed in one after the other: sign-ins are throttled, and are not what is measured.
        let first = self.app.sign_in(&self.target, scope)?;
        let left = Mutex::new(vec![(); CODES]);
        let made = Mutex::new(Vec::with_capacity(CODES));
        let start = Instant::now();
        thread::scope(|scope_of_threads| {
            let workers: Vec<_> = (0..THREADS)
                .map(|_| {
                    scope_of_threads.spawn(|| -> Result<()> {
                        let mut browser = Client::new(self.target.clone());
                        browser.cookies.clone_from(&first.cookies);
                        while start.elapsed() < CODES_TIME && next(&left).is_some() {
                            let code = self.app.authorize_silently(&mut browser, scope)?;
                            made.lock().map_err(|_| anyhow!("a worker panicked"))?.push(code);
                        }
                        Ok(())
                    })
                })
                .collect();
            workers
                .into_iter()
                .try_for_each(|worker| worker.join().map_err(|_| anyhow!("a worker panicked"))?)
        })?;
        let made = made.into_inner().map_err(|_| anyhow!("a worker panicked"))?;
        println!("  codes ({scope}): {:.0}/s", made.len() as f64 / start.elapsed().as_secs_f64());
        Ok(made)
    }

    /// Each thread refreshes families of its own, over and over.
    fn refresh(&mut self, tokens_: Vec<String>, outcome: &mut Outcome) -> Result<()> {
        let before = self.statements();
        let done = AtomicU64::new(0);
        let start = Instant::now();
        spread(tokens_, |families| {
            let mut client = Client::new(self.target.clone());
            let mut token = next(families).context("fewer families than threads")?;
            while start.elapsed() < REFRESH_TIME {
                token = tokens(self.app.refresh(&mut client, &token)?)?
                    .context("a refresh without a refresh token")?;
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok(Vec::new())
        })?;
        let count = done.into_inner() as f64;
        outcome.refreshes_per_s = count / start.elapsed().as_secs_f64();
        outcome.statements.refresh = self.statements_since(before, count);
        println!("  refreshes: {:.0}/s", outcome.refreshes_per_s);
        Ok(())
    }
}

/// Runs one worker on each thread over a common heap of work; gives what all of them gave.
fn spread(
    work: Vec<String>,
    worker: impl Fn(&Mutex<Vec<String>>) -> Result<Vec<String>> + Sync,
) -> Result<Vec<String>> {
    let heap = Mutex::new(work);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS).map(|_| scope.spawn(|| worker(&heap))).collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.join().map_err(|_| anyhow!("a worker panicked"))??);
        }
        Ok(all)
    })
}

fn next<T>(heap: &Mutex<Vec<T>>) -> Option<T> {
    heap.lock().ok()?.pop()
}

/// The refresh token of a success, if it has one.
fn tokens(outcome: flow::Outcome) -> Result<Option<String>> {
    match outcome {
        flow::Outcome::Tokens { refresh, .. } => Ok(refresh),
        flow::Outcome::Refused(error) => bail!("refused: {error}"),
        flow::Outcome::Broken(what) => bail!("the token endpoint answered {what}"),
    }
}
