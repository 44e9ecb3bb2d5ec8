//! What the schema cannot say: settings that contradict each other.
//!
//! Invariant: each check names the key to change and points at the place where it was set.

use std::collections::BTreeMap;

use super::Config;
use super::problem::{Fault, Problem};
use super::server::Scheme;
use super::tree::{Table, place_of};

/// All contradictions of a configuration whose values are well formed one by one.
pub(super) fn contradictions(config: &Config, table: &Table) -> Vec<Problem> {
    let checks = [tls_and_scheme, listeners, timeouts, password_memory, databases_apart];
    checks.iter().flat_map(|check| check(config, table)).collect()
}

fn tls_and_scheme(config: &Config, table: &Table) -> Vec<Problem> {
    if config.server.tls.is_none() || config.server.external_scheme == Scheme::Https {
        return Vec::new();
    }
    let fault = Fault::new(
        "\"http\" contradicts [server.tls]: every URL that the server makes would be refused by itself",
        "set it to \"https\", or leave [server.tls] out",
    );
    let place = place_of(table, &["server.external_scheme"]);
    vec![fault.at(&place, "server.external_scheme")]
}

fn listeners(config: &Config, table: &Table) -> Vec<Problem> {
    let Some(metrics) = config.metrics.listen else { return Vec::new() };
    let server = config.server.listen;
    let same_address = metrics.ip() == server.ip()
        || metrics.ip().is_unspecified()
        || server.ip().is_unspecified();
    if metrics.port() != server.port() || metrics.port() == 0 || !same_address {
        return Vec::new();
    }
    let fault =
        Fault::new(format!("{metrics} collides with server.listen, {server}"), "use another port");
    vec![fault.at(&place_of(table, &["metrics.listen"]), "metrics.listen")]
}

fn timeouts(config: &Config, table: &Table) -> Vec<Problem> {
    let limits = &config.server.limits;
    if limits.body_timeout_seconds <= limits.request_timeout_seconds {
        return Vec::new();
    }
    let keys = ["server.limits.body_timeout_seconds", "server.limits.request_timeout_seconds"];
    let fault = Fault::new(
        format!("{} is more than request_timeout_seconds", limits.body_timeout_seconds),
        format!("use at most {}, or raise request_timeout_seconds", limits.request_timeout_seconds),
    );
    vec![fault.at(&place_of(table, &keys), keys[0])]
}

/// Argon2 needs 8 KiB for each lane (RFC 9106, section 3.1).
fn password_memory(config: &Config, table: &Table) -> Vec<Problem> {
    let passwords = &config.passwords;
    let least = passwords.parallelism.saturating_mul(8);
    if passwords.memory_kib >= least {
        return Vec::new();
    }
    let keys = ["passwords.memory_kib", "passwords.parallelism"];
    let wrong =
        format!("{} KiB are too few for {} lanes", passwords.memory_kib, passwords.parallelism);
    vec![Fault::new(wrong, format!("use at least {least}")).at(&place_of(table, &keys), keys[0])]
}

/// Data of a region stays in its region, so no two regions share a database. A directory and a
/// region may, on one server; a SQLite file has one writer only and is not shared.
fn databases_apart(config: &Config, table: &Table) -> Vec<Problem> {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let directory = config.directory_url();
    if directory.is_sqlite() {
        seen.insert(directory.expose().to_owned(), "the directory".to_owned());
    }
    let mut problems = Vec::new();
    for (code, url) in &config.database.regions {
        if let Some(other) = seen.insert(url.expose().to_owned(), format!("region {code}")) {
            let key = format!("database.regions.{code}");
            let wrong = format!("{other} has the same database");
            let fault = Fault::new(wrong, "give each a database of its own");
            problems.push(fault.at(&place_of(table, &[&key]), key));
        }
    }
    problems
}
