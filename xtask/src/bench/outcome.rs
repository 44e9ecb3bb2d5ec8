//! What a run of the benchmark gave: as a table, as a line of JSON, as a page of the documentation.

use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::bench::load::Measure;
use crate::bench::stated;
use crate::workshop::Workshop;

const PAGE: &str = "docs/benchmarks.md";
const COMMAND: &str = "cargo xtask bench --write";

/// SQL statements for one token, where the server tells.
#[derive(Default)]
pub struct Statements {
    pub client_credentials: Option<f64>,
    pub impersonation: Option<f64>,
    pub code: Option<f64>,
    pub code_with_refresh: Option<f64>,
    pub refresh: Option<f64>,
}

#[derive(Default)]
pub struct Outcome {
    pub countersign: Vec<Measure>,
    pub peer: Vec<Measure>,
    pub echo: Option<Measure>,
    pub signatures_per_s: f64,
    pub rss_mib: f64,
    pub peak_rss_mib: f64,
    /// After code exchanges and refreshes, too.
    pub rss_after_mib: f64,
    pub start_ms: f64,
    /// With an empty data folder, which the demo fills.
    pub first_start_ms: f64,
    pub code_exchanges_per_s: f64,
    pub code_exchanges_with_refresh_per_s: f64,
    pub refreshes_per_s: f64,
    pub statements: Statements,
}

impl Outcome {
    fn limit_per_s(&self) -> f64 {
        let echo = self.echo.as_ref().map_or(f64::NAN, |echo| echo.per_s);
        1.0 / (1.0 / echo + 1.0 / self.signatures_per_s)
    }

    /// Whether the servers could use their core; otherwise something else ran, or the load was too weak.
    pub fn had_its_core(&self) -> bool {
        let measures = [stated(&self.countersign), stated(&self.peer), self.echo.as_ref()];
        measures.into_iter().flatten().all(|measure| measure.cpu > 0.85)
    }

    /// The line of JSON.
    pub fn json(&self) -> Value {
        let ours = stated(&self.countersign);
        let peer = stated(&self.peer);
        let tokens = ours.map_or(f64::NAN, |ours| ours.per_s);
        let peer_per_s = peer.map_or(f64::NAN, |peer| peer.per_s);
        json!({
            "tokens_per_s": tokens.round(),
            "limit_per_s": self.limit_per_s().round(),
            "of_limit": rounded(tokens / self.limit_per_s()),
            "peer_per_s": peer_per_s.round(),
            "times_peer": rounded(tokens / peer_per_s),
            "p50_ms": ours.map(|ours| rounded(ours.p50_ms)),
            "p99_ms": ours.map(|ours| rounded(ours.p99_ms)),
            "rss_mib": rounded(self.rss_mib),
            "peak_rss_mib": rounded(self.peak_rss_mib),
            "start_ms": rounded(self.start_ms),
            "first_start_ms": rounded(self.first_start_ms),
            "code_exchanges_per_s": self.code_exchanges_per_s.round(),
            "code_exchanges_with_refresh_per_s": self.code_exchanges_with_refresh_per_s.round(),
            "refreshes_per_s": self.refreshes_per_s.round(),
            "statements_per_token": {
                "client_credentials": self.statements.client_credentials.map(rounded),
                "urn:qlik:oauth:user-impersonation": self.statements.impersonation.map(rounded),
                "authorization_code": self.statements.code.map(rounded),
                "authorization_code with refresh token": self.statements.code_with_refresh.map(rounded),
                "refresh_token": self.statements.refresh.map(rounded),
            },
        })
    }

    /// The table, in Markdown.
    pub fn table(&self, shop: &Workshop) -> String {
        let mut text = format!("Measured on {}: {}.\n\n", date(shop), machine());
        text.push_str("`client_credentials`, Basic, form body, ES256 JWT; server and load on one core each:\n\n");
        text.push_str("| | connections | per second | p50 ms | p99 ms | server's core |\n|---|--:|--:|--:|--:|--:|\n");
        let mut rows = |name: &str, measures: &[Measure]| {
            for it in measures {
                text.push_str(&format!(
                    "| {name} | {} | {:.0} | {:.3} | {:.3} | {:.0} % |\n",
                    it.connections,
                    it.per_s,
                    it.p50_ms,
                    it.p99_ms,
                    it.cpu * 100.0
                ));
            }
        };
        rows("countersign", &self.countersign);
        rows("npm oidc-provider", &self.peer);
        rows("axum echo of the same size", self.echo.as_slice());
        text.push_str("\n| measured | result | target |\n|---|--:|--:|\n");
        let line = self.json();
        for (name, value, target) in [
            ("ES256 signatures per second, one core", format!("{:.0}", self.signatures_per_s), ""),
            ("limit, 1 / (1/echo + 1/sign), per second", show(&line["limit_per_s"]), ""),
            (
                "tokens per second at 16 connections, of the limit",
                show(&line["of_limit"]),
                "≥ 0.75",
            ),
            ("times the peer at 16 connections", show(&line["times_peer"]), "≥ 5"),
            ("p99 at 16 connections, ms", show(&line["p99_ms"]), "< 5"),
            ("resident after that load, MiB", show(&line["rss_mib"]), "≤ 60"),
            (
                "resident after the code exchanges and refreshes too, MiB",
                show(&json!(rounded(self.rss_after_mib))),
                "",
            ),
            ("start to first token, ms", show(&line["start_ms"]), "< 150"),
            ("the same with an empty data folder, ms", show(&line["first_start_ms"]), ""),
            (
                "code exchanges per second, SQLite, synchronous=FULL",
                show(&line["code_exchanges_per_s"]),
                "",
            ),
            (
                "the same with a refresh token each",
                show(&line["code_exchanges_with_refresh_per_s"]),
                "",
            ),
            ("refreshes per second, SQLite, synchronous=FULL", show(&line["refreshes_per_s"]), ""),
            (
                "SQL statements for a client_credentials token",
                statements(self.statements.client_credentials),
                "0",
            ),
            ("for an impersonation", statements(self.statements.impersonation), ""),
            ("for a code exchange", statements(self.statements.code), "≤ 3"),
            (
                "for a code exchange with a refresh token",
                statements(self.statements.code_with_refresh),
                "",
            ),
            ("for a refresh", statements(self.statements.refresh), ""),
        ] {
            text.push_str(&format!("| {name} | {value} | {target} |\n"));
        }
        text
    }

    /// Puts the table between the marks of the documentation's page.
    pub fn write(&self, shop: &Workshop, table: &str) -> Result<()> {
        write_between(shop, COMMAND, &format!("{table}\n```json\n{}\n```\n", self.json()))
    }
}

/// Puts a text between the marks that name a command in the documentation's page.
pub fn write_between(shop: &Workshop, command: &str, text: &str) -> Result<()> {
    let file = shop.path(PAGE);
    let old = fs::read_to_string(&file).with_context(|| format!("cannot read {PAGE}"))?;
    let (begin, end) = (format!("<!-- {command}: begin -->"), format!("<!-- {command}: end -->"));
    let lacks = |mark: &str| format!("{PAGE} lacks the mark {mark}");
    let (before, rest) = old.split_once(&begin).with_context(|| lacks(&begin))?;
    let (_, after) = rest.split_once(&end).with_context(|| lacks(&end))?;
    fs::write(&file, format!("{before}{begin}\n{text}{end}{after}"))
        .with_context(|| format!("cannot write {PAGE}"))?;
    println!("written into {PAGE}");
    Ok(())
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn show(value: &Value) -> String {
    value.as_f64().map_or_else(
        || "–".to_owned(),
        |number| {
            if number >= 100.0 { format!("{number:.0}") } else { format!("{number:.2}") }
        },
    )
}

fn statements(value: Option<f64>) -> String {
    value.map_or_else(|| "not told by the server".to_owned(), |value| format!("{value:.2}"))
}

/// The machine: cores, processor, memory.
pub fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = info
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": ").map(|(_, name)| name));
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib: f64 = memory
        .lines()
        .next()
        .and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .unwrap_or(0.0);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{cores} cores of {}, {:.0} GiB, Linux",
        cpu.unwrap_or("an unknown processor").trim(),
        kib / 1_048_576.0
    )
}

/// Today.
pub fn date(shop: &Workshop) -> String {
    let mut command = Command::new("date");
    command.arg("+%Y-%m-%d");
    let today = shop.children.capture("date", &mut command, Duration::from_secs(5));
    today.map_or_else(|_| "an unknown day".to_owned(), |day| day.trim().to_owned())
}
