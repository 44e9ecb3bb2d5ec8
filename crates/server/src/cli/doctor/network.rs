//! What the outside sees: listeners, certificate and names.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::time::Duration;

use engine::admin::survey::Survey;
use tokio::net::lookup_host;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Report;
use super::certificate::Leaf;
use crate::config::{Config, Scheme, Tls};
use crate::net::check_tls_files;

/// How long one name may take to be looked up.
const LOOKUP: Duration = Duration::from_secs(3);
/// A certificate that ends sooner is told of.
const RENEW_SECONDS: i64 = 14 * 86_400;

pub(super) async fn examine(config: &Config, survey: &Survey, report: &mut Report) {
    listener("server.listen", config.server.listen, report);
    if let Some(address) = config.metrics.listen {
        listener("metrics.listen", address, report);
    }
    match &config.server.tls {
        Some(files) => certificate(files, config, survey, report),
        None => scheme(config, report),
    }
    names(config, survey, report).await;
}

fn listener(key: &str, address: SocketAddr, report: &mut Report) {
    const CHECK: &str = "listener";
    match TcpListener::bind(address) {
        Ok(_) => report.good(CHECK, format!("{address} ({key}) is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => report.note(
            CHECK,
            format!("{address} ({key}) is in use: the server runs, or another program has it"),
        ),
        Err(error) => report.wrong(
            CHECK,
            format!("{address} ({key}) cannot be listened on: {error}"),
            "use an address of this machine and a port that this user may have",
        ),
    }
}

fn scheme(config: &Config, report: &mut Report) {
    const CHECK: &str = "TLS";
    let server = &config.server;
    if server.external_scheme == Scheme::Https {
        report.note(CHECK, "a proxy in front has to speak TLS: there is no [server.tls]");
    } else if !server.listen.ip().is_loopback() {
        report.note(CHECK, "tokens and passwords travel in the clear: external_scheme is http");
    }
}

fn certificate(files: &Tls, config: &Config, survey: &Survey, report: &mut Report) {
    const CHECK: &str = "TLS";
    if let Err(error) = check_tls_files(files) {
        report.wrong(CHECK, error.to_string(), "the server does not start with these files");
        return;
    }
    let shown = files.certificate.display();
    let Some(leaf) = Leaf::read(&files.certificate) else {
        report.note(CHECK, format!("{shown} and its key fit, but its dates could not be read"));
        return;
    };
    let left = leaf.not_after.duration_since(report.now).as_secs();
    if report.now < leaf.not_before {
        let message = format!("{shown} is good only from {} on", leaf.not_before);
        report.wrong(CHECK, message, "check this machine's clock, or use the old certificate");
    } else if left < 0 {
        let message = format!("{shown} expired {}", leaf.not_after);
        report.wrong(CHECK, message, "renew it; a running server takes the new files by itself");
    } else if left < RENEW_SECONDS {
        report.note(CHECK, format!("{shown} expires soon: {}", leaf.not_after));
    }
    let uncovered = |names: &[String]| -> Vec<String> {
        names.iter().filter(|name| !leaf.covers(name)).cloned().collect()
    };
    let tenants = uncovered(&survey.hostnames);
    if !tenants.is_empty() {
        let message = format!("{shown} does not cover {}", some(&tenants));
        report.wrong(CHECK, message, "use a certificate that covers every tenant's host names");
    }
    let own = uncovered(&own_names(config));
    if !own.is_empty() {
        report.note(CHECK, format!("{shown} does not cover {}", some(&own)));
    }
    if !report.is_wrong(CHECK) {
        report.good(CHECK, format!("{shown} fits its key and is good until {}", leaf.not_after));
    }
}

/// The names of the installation's own sites.
fn own_names(config: &Config) -> Vec<String> {
    let base = &config.server.base_domain;
    let regions = config.database.regions.keys().map(|code| format!("register.{code}.{base}"));
    [format!("console.{base}"), format!("hub.{base}")].into_iter().chain(regions).collect()
}

/// Whether a name means this machine to everybody (RFC 6761 section 6.3), or is none.
fn needs_no_lookup(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok()
}

async fn names(config: &Config, survey: &Survey, report: &mut Report) {
    const CHECK: &str = "DNS";
    let all = own_names(config).into_iter().chain(survey.hostnames.iter().cloned());
    let mut lookups = JoinSet::new();
    for name in all.filter(|name| !needs_no_lookup(name)) {
        lookups.spawn(async move {
            let known = match timeout(LOOKUP, lookup_host((name.as_str(), 443))).await {
                Ok(Ok(_)) => true,
                Ok(Err(_)) | Err(_) => false,
            };
            (!known).then_some(name)
        });
    }
    let mut unknown: Vec<String> = lookups.join_all().await.into_iter().flatten().collect();
    unknown.sort();
    if !unknown.is_empty() {
        let message = format!("from here there is no address for {}", some(&unknown));
        report.note(CHECK, message);
    }
}

/// A few names, and how many more.
fn some(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let first = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}
