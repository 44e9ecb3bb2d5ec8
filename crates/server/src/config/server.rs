//! `[server]`: where the process listens, what it is called from outside, and what it takes at
//! most.
//!
//! Invariant: every bound on a request's size, count and time is here, and each has a finite
//! default (design, "What must never happen", 8).

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the process listens, and the names under which it is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address and port to listen on.
    #[schemars(extend("format" = "socket-address"))]
    pub listen: SocketAddr,
    /// Scheme in every URL that the server makes, its issuers among them.
    pub external_scheme: Scheme,
    /// Port in every URL that the server makes; left out of them when it is the scheme's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 65535))]
    pub external_port: Option<u16>,
    /// Domain of the organization console (`console.<base>`), the hub (`hub.<base>`) and the
    /// regions (`register.<region>.<base>`).
    #[schemars(extend("format" = "dns-name"))]
    pub base_domain: String,
    /// Networks of the proxies in front. Only their `X-Forwarded-For` is believed, and only for the
    /// client's address; scheme and host come from this file and the `Host` header.
    #[schemars(with = "Vec<String>", extend("items" = { "type": "string", "format": "cidr" }))]
    pub trusted_proxies: Vec<IpNet>,
    /// Directory for the databases and the master key, when these have no place of their own.
    #[schemars(length(min = 1))]
    pub data_dir: PathBuf,
    /// Seconds that requests under way have to finish when the process is told to stop.
    #[schemars(range(min = 0, max = 3600))]
    pub shutdown_grace_seconds: u64,
    /// Threads that answer requests; as many as there are processors when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1024))]
    pub worker_threads: Option<usize>,
    /// Certificate and key, to speak TLS without a proxy. Both files are read again when they
    /// change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// What one request and one connection may take.
    pub limits: RequestLimits,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            external_scheme: Scheme::Https,
            external_port: None,
            base_domain: "localhost".to_owned(),
            trusted_proxies: Vec::new(),
            data_dir: PathBuf::from("./data"),
            shutdown_grace_seconds: 20,
            worker_threads: None,
            tls: None,
            limits: RequestLimits::default(),
        }
    }
}

impl Server {
    /// Where data is kept, as an absolute path: database addresses need one.
    pub fn absolute_data_dir(&self) -> PathBuf {
        std::path::absolute(&self.data_dir).unwrap_or_else(|_| self.data_dir.clone())
    }

    /// The origin of a host as the outside sees it, without a trailing slash:
    /// `https://host[:port]`. It is a tenant's issuer, so its form never changes (design, "Words").
    pub fn origin(&self, host: &str) -> String {
        let scheme = self.external_scheme.as_str();
        match self.external_port {
            Some(port) if port != self.external_scheme.default_port() => {
                format!("{scheme}://{host}:{port}")
            }
            _ => format!("{scheme}://{host}"),
        }
    }

    /// How long requests under way have to finish when the process is told to stop.
    pub fn shutdown_grace(&self) -> Duration {
        Duration::from_secs(self.shutdown_grace_seconds)
    }
}

/// The scheme of the server's URLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// For a demonstration on the same machine only: tokens travel in the clear.
    Http,
    /// TLS, here or at a proxy in front.
    Https,
}

impl Scheme {
    /// `http` or `https`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port that URLs with this scheme leave out.
    pub fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// The files of the TLS certificate, in PEM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// File with the certificate, followed by its intermediate certificates.
    #[schemars(length(min = 1))]
    pub certificate: PathBuf,
    /// File with the certificate's private key.
    #[schemars(length(min = 1))]
    pub key: PathBuf,
}

/// What one request and one connection may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RequestLimits {
    /// Bytes of a request's body; more gets 413.
    #[schemars(range(min = 1024, max = 16_777_216))]
    pub max_body_bytes: usize,
    /// Bytes of a request's line and headers together; more gets 431.
    #[schemars(range(min = 8192, max = 1_048_576))]
    pub max_header_bytes: usize,
    /// Seconds for a TLS handshake, and again for a request's headers to arrive.
    #[schemars(range(min = 1, max = 300))]
    pub header_timeout_seconds: u64,
    /// Seconds for a request's body to arrive.
    #[schemars(range(min = 1, max = 300))]
    pub body_timeout_seconds: u64,
    /// Seconds for a whole request, its body included, and for the client to take the answer.
    #[schemars(range(min = 1, max = 3600))]
    pub request_timeout_seconds: u64,
    /// Connections open at the same time; more wait to be accepted.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_connections: usize,
    /// Seconds that a connection may stay open without a request.
    #[schemars(range(min = 1, max = 3600))]
    pub keep_alive_seconds: u64,
}

impl Default for RequestLimits {
    fn default() -> Self {
        Self {
            max_body_bytes: 65_536,
            max_header_bytes: 32_768,
            header_timeout_seconds: 10,
            body_timeout_seconds: 15,
            request_timeout_seconds: 30,
            max_connections: 10_000,
            keep_alive_seconds: 75,
        }
    }
}

impl RequestLimits {
    /// For a TLS handshake, and again for a request's headers to arrive.
    pub fn header_timeout(&self) -> Duration {
        Duration::from_secs(self.header_timeout_seconds)
    }

    /// For a request's body to arrive.
    pub fn body_timeout(&self) -> Duration {
        Duration::from_secs(self.body_timeout_seconds)
    }

    /// For a whole request, and for the client to take the answer.
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_seconds)
    }

    /// How long a connection may stay open without a request.
    pub fn keep_alive(&self) -> Duration {
        Duration::from_secs(self.keep_alive_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_a_port_only_when_it_is_not_the_default() {
        let mut server = Server { external_port: Some(443), ..Server::default() };
        assert_eq!(server.origin("a.eu.example.com"), "https://a.eu.example.com");
        server.external_port = Some(8443);
        assert_eq!(server.origin("a.eu.example.com"), "https://a.eu.example.com:8443");
        server.external_scheme = Scheme::Http;
        server.external_port = Some(80);
        assert_eq!(server.origin("localhost"), "http://localhost");
    }
}
