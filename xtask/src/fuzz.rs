//! The fuzz targets of `fuzz/`, each for a while, with whatever toolchain the machine has.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::process::tail;
use crate::report::{Outcome, Report, chain};
use crate::setup::{self, Need};
use crate::workshop::Workshop;

/// Building the targets is the slow part on a small machine.
const BUILD_LIMIT: Duration = Duration::from_secs(30 * 60);

#[derive(Args)]
pub struct Options {
    /// How long each target runs
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Only this target
    target: Option<String>,
}

/// `cargo xtask fuzz`.
pub fn run_alone(shop: &Workshop, options: &Options) -> Result<bool> {
    setup::ensure(shop, &[Need::Fuzz])?;
    let mut report = Report::default();
    run(shop, options.seconds, options.target.as_deref(), &mut report);
    Ok(report.close())
}

/// Builds all targets, then runs each; one step per target.
pub fn run(shop: &Workshop, seconds: u64, only: Option<&str>, report: &mut Report) {
    let mut ready = None;
    report.step("fuzz: build", || {
        if !shop.path("fuzz/Cargo.toml").exists() {
            return Ok(Outcome::Skipped("cannot run: there is no folder fuzz/".to_owned()));
        }
        let targets = list(shop)?;
        let targets: Vec<String> =
            targets.into_iter().filter(|target| only.is_none_or(|only| only == target)).collect();
        if targets.is_empty() {
            bail!("there is no such fuzz target");
        }
        let sanitizer = build(shop)?;
        let note = format!("{}, sanitizer: {sanitizer}", targets.join(", "));
        ready = Some((targets, sanitizer));
        Ok(Outcome::Passed(note))
    });
    let Some((targets, sanitizer)) = ready else {
        return;
    };
    for target in targets {
        report.step(&format!("fuzz: {target}"), || {
            let runs = one(shop, &target, sanitizer, seconds)?;
            Ok(Outcome::Passed(format!("{seconds} s, {runs} inputs, no finding")))
        });
    }
}

/// Builds with the address sanitizer if the toolchain has its runtime, else without any.
fn build(shop: &Workshop) -> Result<&'static str> {
    let log = shop.output("logs/fuzz-build.log")?;
    let attempt = |sanitizer| {
        let mut command = cargo_fuzz(shop, "build", Some(sanitizer));
        shop.children.run_quiet("cargo fuzz build", &mut command, BUILD_LIMIT, &log)
    };
    match attempt("address") {
        Ok(()) => Ok("address"),
        Err(error) => {
            println!(
                "fuzz: this toolchain cannot build with the address sanitizer:{}",
                chain(&error)
            );
            attempt("none").map(|()| "none")
        }
    }
}

/// Runs one target and gives the number of inputs that it tried.
fn one(shop: &Workshop, target: &str, sanitizer: &str, seconds: u64) -> Result<u64> {
    let mut command = cargo_fuzz(shop, "run", Some(sanitizer));
    command.args([
        target,
        "--",
        &format!("-max_total_time={seconds}"),
        "-timeout=10",
        "-rss_limit_mb=2048",
    ]);
    command.arg("-print_final_stats=1");
    let log = shop.output(&format!("logs/fuzz-{target}.log"))?;
    let limit = BUILD_LIMIT + Duration::from_secs(2 * seconds);
    shop.children.run_quiet("cargo fuzz run", &mut command, limit, &log).with_context(|| {
        format!(
            "fuzz target {target}: if it found something, the input is in fuzz/artifacts/{target}"
        )
    })?;
    let stats = tail(&log, 20);
    stats
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:")?.trim().parse().ok())
        .with_context(|| format!("fuzz target {target} did not say how much it tried:\n{stats}"))
}

fn list(shop: &Workshop) -> Result<Vec<String>> {
    let mut command = cargo_fuzz(shop, "list", None);
    let names = shop.children.capture("cargo fuzz list", &mut command, Duration::from_secs(60))?;
    Ok(names.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect())
}

/// libFuzzer's instrumentation is reached with unstable flags; `RUSTC_BOOTSTRAP` lets the stable compiler take them.
fn cargo_fuzz(shop: &Workshop, word: &str, sanitizer: Option<&str>) -> Command {
    let mut command = Command::new(setup::tool_program(shop, "cargo-fuzz"));
    command.current_dir(shop.path("")).arg(word).env("RUSTC_BOOTSTRAP", "1");
    if let Some(sanitizer) = sanitizer {
        command.args(["--sanitizer", sanitizer, "--target-dir"]).arg(shop.target("fuzz"));
    }
    command
}
