//! `countersign doctor`: what is wrong with an installation, all of it at once, each with what to
//! do.
//!
//! Invariant: it changes nothing and makes no file, and what it prints holds no secret.

mod certificate;
mod databases;
mod files;
mod network;

use std::process::ExitCode;

use clap::Args;
use domain::time::{Clock, SystemClock, Timestamp};
use serde::Serialize;
use serde_json::json;

use super::output::Column;
use super::target::{Base, block_on};
use crate::config::{Config, ConfigErrors};

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    #[command(flatten)]
    base: Base,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    /// As it should be.
    Good,
    /// Good to know.
    Note,
    /// Something does not work, or is not safe.
    Wrong,
}

#[derive(Debug, Serialize)]
struct Finding {
    status: Status,
    check: &'static str,
    message: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    remedy: String,
}

/// What was found so far.
struct Report {
    now: Timestamp,
    findings: Vec<Finding>,
}

impl Report {
    fn add(&mut self, status: Status, check: &'static str, message: String, remedy: String) {
        self.findings.push(Finding { status, check, message, remedy });
    }

    fn good(&mut self, check: &'static str, message: impl Into<String>) {
        self.add(Status::Good, check, message.into(), String::new());
    }

    fn note(&mut self, check: &'static str, message: impl Into<String>) {
        self.add(Status::Note, check, message.into(), String::new());
    }

    fn wrong(
        &mut self,
        check: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.add(Status::Wrong, check, message.into(), remedy.into());
    }

    /// Whether anything of a check was wrong.
    fn is_wrong(&self, check: &str) -> bool {
        self.findings.iter().any(|one| one.check == check && one.status == Status::Wrong)
    }
}

const COLUMNS: &[Column] = &[
    ("STATUS", "/status"),
    ("CHECK", "/check"),
    ("FINDING", "/message"),
    ("WHAT TO DO", "/remedy"),
];

pub(super) fn run(args: DoctorArgs) -> anyhow::Result<ExitCode> {
    let Base { target, output } = args.base;
    let mut report = Report { now: SystemClock.now(), findings: Vec::new() };
    match target.config() {
        Ok(config) => {
            report.good("configuration", "every key is known and its value in range");
            block_on(async {
                examine(&config, &mut report).await;
                Ok(())
            })?;
        }
        Err(error) => configuration(&error, &mut report),
    }
    let wrong = report.findings.iter().filter(|one| one.status == Status::Wrong).count();
    let rows = serde_json::to_value(&report.findings)?;
    if output.is_json() {
        output.value(&json!({ "healthy": wrong == 0, "findings": rows }))?;
    } else {
        output.table(rows.as_array().map_or(&[][..], Vec::as_slice), COLUMNS)?;
        super::output::note(&match wrong {
            0 => "Nothing is wrong.".to_owned(),
            1 => "One thing is wrong.".to_owned(),
            more => format!("{more} things are wrong."),
        });
    }
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn examine(config: &Config, report: &mut Report) {
    files::examine(config, report);
    let survey = databases::examine(config, report).await;
    network::examine(config, &survey, report).await;
}

fn configuration(error: &anyhow::Error, report: &mut Report) {
    const CHECK: &str = "configuration";
    let Some(errors) = error.downcast_ref::<ConfigErrors>() else {
        report.wrong(CHECK, format!("{error:#}"), "correct it, and run the doctor again");
        return;
    };
    for problem in errors.problems() {
        let key = if problem.key.is_empty() { "" } else { ": " };
        let message = format!("{}{key}{}: {}", problem.place, problem.key, problem.wrong);
        report.wrong(CHECK, message, problem.right.clone());
    }
}
