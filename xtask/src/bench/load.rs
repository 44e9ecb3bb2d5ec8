//! One measurement with `oha`, and how much of its core the server used meanwhile.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::setup;
use crate::workshop::Workshop;

/// The request that is measured.
pub const FORM: &[(&str, &str)] = &[("grant_type", "client_credentials")];

/// Linux counts CPU time in hundredths of a second (`USER_HZ`).
const TICKS_PER_S: f64 = 100.0;

/// How long, and on which core.
pub struct Load {
    pub seconds: u32,
    pub warm_up: u32,
    pub core: u8,
}

/// Who is asked, as whom.
pub struct Subject<'a> {
    pub port: u16,
    pub pid: i32,
    pub id: &'a str,
    pub secret: &'a str,
}

/// What one measurement gave.
#[derive(Clone)]
pub struct Measure {
    pub connections: u32,
    pub per_s: f64,
    pub requests: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// The share of its core that the server used.
    pub cpu: f64,
}

impl Load {
    /// Warms up, then measures token requests with Basic authentication.
    pub fn measure(
        &self,
        shop: &Workshop,
        subject: &Subject<'_>,
        connections: u32,
    ) -> Result<Measure> {
        if self.warm_up > 0 {
            self.oha(shop, subject, connections, self.warm_up)?;
        }
        let before = cpu_seconds(subject.pid)?;
        let result = self.oha(shop, subject, connections, self.seconds)?;
        let cpu = cpu_seconds(subject.pid)? - before;
        let number = |pointer: &str| {
            result
                .pointer(pointer)
                .and_then(Value::as_f64)
                .with_context(|| format!("oha's answer has no {pointer}"))
        };
        let requests = only_successes(&result)?;
        let measure = Measure {
            connections,
            per_s: number("/summary/requestsPerSec")?,
            requests,
            p50_ms: number("/latencyPercentiles/p50")? * 1000.0,
            p99_ms: number("/latencyPercentiles/p99")? * 1000.0,
            cpu: cpu / number("/summary/total")?,
        };
        println!(
            "  {connections:>2} connections: {:>8.0}/s  p50 {:.3} ms  p99 {:.3} ms  server's core {:.0} %",
            measure.per_s,
            measure.p50_ms,
            measure.p99_ms,
            measure.cpu * 100.0
        );
        Ok(measure)
    }

    fn oha(
        &self,
        shop: &Workshop,
        subject: &Subject<'_>,
        connections: u32,
        seconds: u32,
    ) -> Result<Value> {
        let Subject { port, id, secret, .. } = subject;
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(FORM).finish();
        let mut command = Command::new("taskset");
        command
            .args(["-c", &self.core.to_string()])
            .arg(setup::tool_program(shop, "oha"))
            .args([
                "--no-tui",
                "--output-format",
                "json",
                "-z",
                &format!("{seconds}s"),
                "-c",
                &connections.to_string(),
            ])
            .args([
                "-m",
                "POST",
                "-T",
                "application/x-www-form-urlencoded",
                "-a",
                &format!("{id}:{secret}"),
                "-d",
                &body,
            ])
            // The demo's first tenant answers to this host; it is found without DNS.
            .args(["--host", &format!("localhost:{port}"), "-A", "*/*"])
            .arg(format!("http://127.0.0.1:{port}/oauth/token"));
        let out = shop.children.capture(
            "oha",
            &mut command,
            Duration::from_secs(u64::from(seconds) + 60),
        )?;
        serde_json::from_str(&out).with_context(|| format!("oha printed no JSON: {out}"))
    }
}

/// The number of answers, all of which must be 200; only the end of the time may cut one off.
fn only_successes(result: &Value) -> Result<f64> {
    let statuses =
        result["statusCodeDistribution"].as_object().context("oha counted no answers")?;
    let errors = result["errorDistribution"].as_object();
    let cut_off =
        errors.is_none_or(|errors| errors.keys().all(|kind| kind == "aborted due to deadline"));
    match (statuses.len(), statuses.get("200").and_then(Value::as_f64)) {
        (1, Some(count)) if cut_off => Ok(count),
        _ => bail!("not every answer was 200: {statuses:?}, errors {errors:?}"),
    }
}

/// CPU time of a process with all its threads.
pub fn cpu_seconds(pid: i32) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name, in parentheses, may hold anything; fields 14 and 15 are utime and stime.
    let fields: Vec<&str> =
        stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| {
        fields.get(at).and_then(|field| field.parse::<f64>().ok()).context("/proc/PID/stat")
    };
    Ok((ticks(11)? + ticks(12)?) / TICKS_PER_S)
}

/// Puts this program, which makes the load for the other grants, on the load's core.
pub fn pin_ourselves(shop: &Workshop, core: u8) -> Result<()> {
    affinity(shop, &core.to_string())
}

/// Lets this program, and what it starts from now on, run anywhere again.
pub fn unpin_ourselves(shop: &Workshop) -> Result<()> {
    affinity(shop, "0-1")
}

fn affinity(shop: &Workshop, cores: &str) -> Result<()> {
    let mut command = Command::new("taskset");
    command.args(["-a", "-c", "-p", cores, &std::process::id().to_string()]);
    shop.children.capture("taskset", &mut command, Duration::from_secs(10)).map(drop)
}
