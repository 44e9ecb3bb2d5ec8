//! Fetching a client's documents from outside.
//!
//! Invariants: only `https` (or what an operator allowed), never to a private, loopback,
//! link-local or otherwise internal address, also not by way of a name that resolves to one
//! (the resolver itself filters, so that there is no gap between check and use); no redirects;
//! bounded time and size. This is what stops server-side request forgery through `jwks_uri`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Url};
use serde_json::Value;

use crate::settings::OutboundSettings;

/// Why a document could not be had; for the log and the client's administrator.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address is not one that we call.
    #[error("the address must be https and public")]
    Forbidden,
    /// It did not answer as it should.
    #[error("fetching failed: {0}")]
    Failed(String),
    /// The answer is too large.
    #[error("the document is too large")]
    TooLarge,
    /// The answer is not JSON.
    #[error("the document is not JSON")]
    NotJson,
}

/// Fetches JSON documents.
pub struct Fetcher {
    /// Built on first use: loading the system's certificates takes time and memory that a server
    /// without `jwks_uri` clients need not spend.
    client: OnceLock<Option<Client>>,
    settings: OutboundSettings,
}

/// Whether an address is out in the world (the IANA special-purpose registries).
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let special = v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_broadcast()
        || v4.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b));
    !special
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    let s = v6.segments();
    // Only global unicast 2000::/3, and out of it not documentation, Teredo, ORCHID or 6to4,
    // which can carry a private IPv4 address.
    (s[0] & 0xe000) == 0x2000
        && !(s[0] == 0x2001 && s[1] < 0x0200)
        && !(s[0] == 0x2001 && s[1] == 0x0db8)
        && s[0] != 0x2002
        && s[0] != 0x3fff
}

struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|addr| is_public(addr.ip())).collect();
            if public.is_empty() {
                return Err(FetchError::Forbidden.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

fn build(settings: &OutboundSettings) -> Option<Client> {
    let mut builder = Client::builder()
        .redirect(Policy::none())
        .timeout(settings.timeout)
        .no_proxy()
        .user_agent("countersign");
    if !settings.allow_private_addresses {
        builder = builder.dns_resolver(Arc::new(PublicOnly)).https_only(true);
    }
    if let Some(pem) = &settings.extra_ca {
        for certificate in Certificate::from_pem_bundle(pem).unwrap_or_default() {
            builder = builder.add_root_certificate(certificate);
        }
    }
    builder.build().ok()
}

impl Fetcher {
    pub(crate) fn new(settings: &OutboundSettings) -> Self {
        Self { client: OnceLock::new(), settings: settings.clone() }
    }

    fn allowed(&self, url: &Url) -> bool {
        if self.settings.allow_private_addresses {
            return matches!(url.scheme(), "https" | "http");
        }
        // A literal address does not pass the resolver, so it is checked here.
        let public_host = match url.host() {
            Some(url::Host::Domain(_)) => true,
            Some(url::Host::Ipv4(v4)) => is_public_v4(v4),
            Some(url::Host::Ipv6(v6)) => is_public(IpAddr::V6(v6)),
            None => false,
        };
        url.scheme() == "https" && public_host
    }

    /// The JSON document at an address.
    ///
    /// # Errors
    /// [`FetchError`] when the address is forbidden or does not answer well.
    pub async fn json(&self, address: &str) -> Result<Value, FetchError> {
        let url = Url::parse(address).map_err(|_| FetchError::Forbidden)?;
        if !self.allowed(&url) {
            return Err(FetchError::Forbidden);
        }
        let failed = |error: reqwest::Error| FetchError::Failed(error.without_url().to_string());
        let client = self.client.get_or_init(|| build(&self.settings));
        let client = client.as_ref().ok_or(FetchError::Failed("no TLS".to_owned()))?;
        let mut response = client.get(url).send().await.map_err(failed)?;
        if !response.status().is_success() {
            return Err(FetchError::Failed(format!("status {}", response.status().as_u16())));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > self.settings.max_bytes {
                return Err(FetchError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&body).map_err(|_| FetchError::NotJson)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_addresses_are_not_public() {
        for internal in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "2002:7f00:1::",
            "2001:db8::1",
            "64:ff9b::7f00:1",
            "ff02::1",
        ] {
            assert!(!is_public(internal.parse().expect("address")), "{internal}");
        }
        for public in ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111"] {
            assert!(is_public(public.parse().expect("address")), "{public}");
        }
    }

    #[tokio::test]
    async fn forbidden_addresses_are_not_called() {
        let fetcher = Fetcher::new(&crate::Settings::default().outbound);
        for address in [
            "http://example.com/jwks",
            "https://127.0.0.1/jwks",
            "https://2130706433/jwks",
            "https://[::1]/jwks",
            "https://localhost:1/jwks",
            "file:///etc/passwd",
            "not an address",
        ] {
            let error = fetcher.json(address).await.expect_err(address);
            let told = error.to_string();
            assert!(matches!(error, FetchError::Forbidden | FetchError::Failed(_)), "{told}");
        }
    }
}
