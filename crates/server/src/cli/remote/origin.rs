//! Which server a command speaks to, and where secrets may go.
//!
//! Invariant: a secret or token leaves over TLS, or over plain HTTP to this machine only, unless a
//! person has said otherwise; and it goes to no other origin, whatever the server answers.

use anyhow::{Context as _, bail};
use url::{Host, Url};

use crate::cli::exit::{Exit, Refusal};
use crate::cli::output::printable;

/// The origin of a server: scheme, host and port.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Origin(Url);

impl Origin {
    /// Parses an address such as `https://acme.eu.example.com`.
    ///
    /// # Errors
    /// When it is no origin, or plain HTTP to another machine.
    pub fn parse(text: &str, insecure_http: bool) -> anyhow::Result<Self> {
        let url = Url::parse(text)
            .with_context(|| format!("`{text}` is no address: write https://HOST"))?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            bail!("only scheme, host and port belong into the address: write https://HOST");
        }
        match url.scheme() {
            "https" => {}
            "http" if insecure_http || is_loopback(&url) => {}
            "http" => bail!(
                "plain HTTP would show the secret to everybody on the way: write https://, or say --insecure-http when you know the way"
            ),
            other => bail!("`{other}` is not spoken here: write https://HOST"),
        }
        Ok(Self(url))
    }

    /// The address of something there; each segment is one, whatever is in it.
    pub fn at(&self, segments: &[&str]) -> Url {
        let mut url = self.0.clone();
        // An http or https address always has segments.
        if let Ok(mut path) = url.path_segments_mut() {
            path.clear().extend(segments);
        }
        url
    }

    /// An address that the server names: a next page, a redirect.
    ///
    /// # Errors
    /// When it is elsewhere: the token must not go there.
    pub fn follow(&self, from: &Url, named: &str) -> Result<Url, Refusal> {
        let to = from.join(named).ok().filter(|to| to.origin() == self.0.origin());
        to.ok_or_else(|| {
            let told = format!(
                "the server sends us to another place ({}), where our token must not go",
                printable(named)
            );
            Refusal::new(Exit::Failed, told)
        })
    }

    /// The host when it is a name of this machine, which needs no look-up (RFC 6761 section 6.3).
    pub fn local_name(&self) -> Option<&str> {
        self.0
            .host_str()
            .filter(|_| matches!(self.0.host(), Some(Host::Domain(_)) if is_loopback(&self.0)))
    }

    /// Whether it is this machine.
    pub fn is_local(&self) -> bool {
        is_loopback(&self.0)
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.origin().ascii_serialization())
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_travel_over_tls_or_stay_here() {
        for good in [
            "https://acme.example",
            "https://acme.example:8443/",
            "http://localhost:8080",
            "http://demo.eu.localhost",
            "http://127.0.0.1:1",
            "http://[::1]:1",
        ] {
            assert!(Origin::parse(good, false).is_ok(), "{good}");
        }
        for bad in [
            "http://acme.example",
            "http://localhost.example",
            "http://127.0.0.1.example",
            "http://10.0.0.1",
            "ftp://acme.example",
            "acme.example",
            "localhost:8080",
            "https://acme.example/api",
            "https://acme.example?x",
            "https://user@acme.example",
            "https://u:p@acme.example",
            "",
        ] {
            assert!(Origin::parse(bad, false).is_err(), "{bad}");
        }
        assert!(Origin::parse("http://10.0.0.1", true).is_ok());
    }

    #[test]
    fn only_the_own_origin_is_followed() {
        let origin = Origin::parse("https://acme.example:8443", false).expect("an origin");
        let from = origin.at(&["api", "v1", "users"]);
        let next = "https://acme.example:8443/api/v1/users?next=x";
        assert_eq!(origin.follow(&from, next).expect("the same").as_str(), next);
        assert!(origin.follow(&from, "/api/v1/users/1").is_ok());
        for other in [
            "https://acme.example/api/v1/users",
            "http://acme.example:8443/",
            "https://evil.example:8443/",
            "//evil.example/",
            "https://acme.example:8443@evil.example/",
            "javascript:alert(1)",
        ] {
            assert!(origin.follow(&from, other).is_err(), "{other}");
        }
    }

    #[test]
    fn an_id_stays_one_segment() {
        let origin = Origin::parse("https://acme.example", false).expect("an origin");
        let url = origin.at(&["users", "../a b?c#d/e"]);
        assert_eq!(url.path(), "/users/..%2Fa%20b%3Fc%23d%2Fe");
        assert_eq!((url.query(), url.fragment()), (None, None));
    }
}
