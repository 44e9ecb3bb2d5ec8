//! The formats that a text value may have to follow, by the name that the JSON schema gives them.
//!
//! Invariant: what is refused here is explained without repeating a value that may hold a secret.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use tracing_subscriber::EnvFilter;

use super::problem::Fault;

/// Checks a text against a format of the schema; formats that are not ours are not checked.
pub(super) fn check(format: &str, text: &str) -> Result<(), Fault> {
    match format {
        "socket-address" => socket_address(text),
        "dns-name" => dns_name(text),
        "dns-label" => dns_label(text),
        "cidr" => cidr(text),
        "log-filter" => log_filter(text),
        "database-url" => database_url(text),
        _ => Ok(()),
    }
}

fn socket_address(text: &str) -> Result<(), Fault> {
    if text.parse::<SocketAddr>().is_ok() {
        return Ok(());
    }
    let right = match text.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => format!("add a port: \"{address}:8080\""),
        Ok(IpAddr::V6(address)) => format!("add brackets and a port: \"[{address}]:8080\""),
        Err(_) if text.starts_with(':') => {
            format!("add an address: \"127.0.0.1{text}\" or \"[::]{text}\"")
        }
        Err(_) => {
            "write an IP address and a port, such as \"127.0.0.1:8080\" or \"[::]:8080\"".to_owned()
        }
    };
    Err(Fault::new(format!("{text:?} is not an address with a port"), right))
}

fn cidr(text: &str) -> Result<(), Fault> {
    if text.parse::<IpNet>().is_ok() {
        return Ok(());
    }
    let right = match text.parse::<IpAddr>() {
        Ok(address) => format!("for this one address write {:?}", IpNet::from(address).to_string()),
        Err(_) => "write an address and a prefix length, such as \"10.0.0.0/8\"".to_owned(),
    };
    Err(Fault::new(format!("{text:?} is not a network"), right))
}

/// One label of a DNS name: 1 to 63 lower-case letters, digits and inner hyphens (RFC 1123, section
/// 2.1).
pub(super) fn dns_label(text: &str) -> Result<(), Fault> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let wrong = if text.is_empty() {
        "an empty label".to_owned()
    } else if text.len() > 63 {
        format!("a label of {} characters", text.len())
    } else if text.starts_with('-') || text.ends_with('-') {
        format!("{text:?} starts or ends with a hyphen")
    } else if !text.bytes().all(allowed) {
        format!("{text:?} has characters that a host name cannot have")
    } else {
        return Ok(());
    };
    Err(Fault::new(
        wrong,
        "use 1 to 63 lower-case letters, digits and inner hyphens, such as \"eu\"",
    ))
}

fn dns_name(text: &str) -> Result<(), Fault> {
    let example = "write a lower-case name such as \"example.com\"";
    let not_a_name = || format!("{text:?} is not a host name");
    if text.contains("://") || text.contains('/') {
        return Err(Fault::new(
            not_a_name(),
            "write the name only, without scheme and path: \"example.com\"",
        ));
    }
    if text.parse::<IpAddr>().is_ok() || text.parse::<SocketAddr>().is_ok() {
        let right = "an IP address has no subdomains; use a name, or \"localhost\" on one machine";
        return Err(Fault::new(not_a_name(), right));
    }
    if text.contains(':') {
        return Err(Fault::new(not_a_name(), "leave the port to server.external_port"));
    }
    // 253 is the most of a name (RFC 1035, section 2.3.4); a region and a tenant come in front of
    // it.
    if text.len() > 125 {
        return Err(Fault::new(
            format!("the name has {} characters", text.len()),
            "use at most 125",
        ));
    }
    text.split('.').try_for_each(dns_label).map_err(|_| Fault::new(not_a_name(), example))
}

fn log_filter(text: &str) -> Result<(), Fault> {
    let right =
        "write a level (error, warn, info, debug, trace), or \"info,countersign::net=debug\"";
    if text.is_empty() {
        return Err(Fault::new("the level is empty", right));
    }
    match EnvFilter::builder().parse(text) {
        // A word that is no level would be taken for a module, and everything else would fall
        // silent.
        Ok(_)
            if !text.contains([',', '=', '['])
                && text.parse::<tracing::level_filters::LevelFilter>().is_err() =>
        {
            Err(Fault::new(format!("{text:?} is not a log level"), right))
        }
        Ok(_) => Ok(()),
        Err(_) => Err(Fault::new(format!("{text:?} is not a log filter"), right)),
    }
}

/// A database URL. The message never holds the text, which may hold a password.
pub(super) fn database_url(text: &str) -> Result<(), Fault> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", ""));
    match scheme {
        "sqlite" => sqlite_path(rest),
        "postgres" | "postgresql" => postgres(text),
        _ => Err(Fault::new(
            "the value is not the URL of a database that is supported",
            "write \"sqlite:///var/lib/countersign/eu.db\" or \"postgres://user:password@host/database\"",
        )),
    }
}

fn sqlite_path(rest: &str) -> Result<(), Fault> {
    let (path, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    if path.is_empty() {
        return Err(Fault::new(
            "the URL names no file",
            "write \"sqlite:///var/lib/countersign/eu.db\"",
        ));
    }
    if path.contains(":memory:") || parameters.contains("mode=memory") {
        return Err(Fault::new(
            "a database in memory loses everything when the process ends",
            "name a file",
        ));
    }
    Ok(())
}

fn postgres(text: &str) -> Result<(), Fault> {
    let right =
        "write \"postgres://user:password@host/database\"; escape special characters as %XX";
    let Ok(url) = url::Url::parse(text) else {
        return Err(Fault::new("the value is not a URL", right));
    };
    if url.host_str().is_none_or(str::is_empty) {
        return Err(Fault::new("the URL names no host", right));
    }
    if url.path().trim_matches('/').is_empty() {
        return Err(Fault::new("the URL names no database", right));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(format: &str, texts: &[&str]) {
        for text in texts {
            assert_eq!(check(format, text), Ok(()), "{format} {text}");
        }
    }

    fn refuses(format: &str, texts: &[&str]) {
        for text in texts {
            assert!(check(format, text).is_err(), "{format} accepts {text}");
        }
    }

    #[test]
    fn addresses() {
        accepts("socket-address", &["127.0.0.1:8080", "[::1]:0", "0.0.0.0:65535"]);
        refuses(
            "socket-address",
            &["", "8080", ":8080", "localhost:8080", "127.0.0.1", "::1:8080", "1.2.3.4:65536"],
        );
        let fault = check("socket-address", ":8080").unwrap_err();
        assert!(fault.right.contains("\"127.0.0.1:8080\""), "{fault}");
    }

    #[test]
    fn names() {
        let long = format!("{}.com", "a".repeat(64));
        accepts(
            "dns-name",
            &["localhost", "example.com", "auth-1.example.co.uk", "xn--bcher-kva.example"],
        );
        refuses(
            "dns-name",
            &["", ".", "example.com.", "Example.com", "a..b", "-a.com", "a_b.com", &long],
        );
        refuses(
            "dns-name",
            &["https://example.com", "example.com:443", "127.0.0.1", "::1", "bücher.example"],
        );
        accepts("dns-label", &["eu", "us-east-1", "0"]);
        refuses("dns-label", &["", "EU", "eu.west", "eu_west", "-eu", "eu-"]);
    }

    #[test]
    fn networks_and_filters() {
        accepts("cidr", &["10.0.0.0/8", "fd00::/8", "192.0.2.1/32"]);
        refuses("cidr", &["", "10.0.0.0", "10.0.0.0/33", "proxy"]);
        accepts(
            "log-filter",
            &["info", "off", "WARN", "info,countersign::net=debug", "countersign=trace"],
        );
        refuses("log-filter", &["", "verbose", "info,a=b=c", "countersign=loud"]);
    }

    #[test]
    fn databases() {
        accepts(
            "database-url",
            &[
                "sqlite:///a/b.db",
                "sqlite://relative.db",
                "postgres://db/eu",
                "postgresql://u:p@db:5432/eu",
            ],
        );
        refuses(
            "database-url",
            &["", "sqlite:", "sqlite://", "sqlite::memory:", "sqlite://:memory:", "mysql://db/eu"],
        );
        refuses(
            "database-url",
            &["postgres://", "postgres://db", "postgres://db/", "postgres:///eu", "/a/b.db"],
        );
    }
}
