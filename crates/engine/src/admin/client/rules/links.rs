//! Addresses that people or we follow: pages, pictures, key sets.
//!
//! Invariant: none leads to this machine or a private network, so that neither a browser of an
//! administrator nor the server itself can be sent there, unless the operator allows it. A name
//! that resolves to such an address is refused when it is fetched (`client_auth`).

use domain::said;
use url::{Host, Url};

use super::super::ClientDraft;
use super::super::limits::LINK_MAX;
use crate::admin::AdminError;
use crate::client_auth::is_public;

/// Checks all links of a draft.
pub(super) fn check(draft: &ClientDraft, allow_private: bool) -> Result<(), AdminError> {
    let pages = [
        ("clientUri", &draft.client_uri),
        ("logoUri", &draft.logo_uri),
        ("policyUri", &draft.policy_uri),
        ("tosUri", &draft.tos_uri),
    ];
    for (field, link) in pages {
        one(field, link, &["https", "http"], allow_private)?;
    }
    let schemes: &[&str] = if allow_private { &["https", "http"] } else { &["https"] };
    one("jwksUri", &draft.jwks_uri, schemes, allow_private)
}

fn one(
    field: &'static str,
    link: &str,
    schemes: &[&str],
    allow_private: bool,
) -> Result<(), AdminError> {
    if link.is_empty() {
        return Ok(());
    }
    if link.chars().count() > LINK_MAX {
        return Err(AdminError::invalid(
            field,
            said!("link-max", "has at most {max} characters", max = LINK_MAX),
        ));
    }
    let odd = |c: char| c.is_control() || c.is_whitespace();
    let url = Url::parse(link).ok().filter(|url| schemes.contains(&url.scheme()));
    let Some(url) = url.filter(|_| !link.chars().any(odd)) else {
        let message = match schemes {
            ["https"] => said!("link-https", "is an address that begins with https://"),
            _ => said!("link-web", "is an address that begins with https:// or http://"),
        };
        return Err(AdminError::invalid(field, message));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AdminError::invalid(
            field,
            said!("link-user-info", "has no user name or password before the host"),
        ));
    }
    if !allow_private && !leads_outside(&url) {
        return Err(AdminError::invalid(
            field,
            said!("link-private", "leads to a private address: use a public one"),
        ));
    }
    Ok(())
}

/// Last labels of names that mean something in a private network only (RFC 6761, RFC 6762, RFC 8375,
/// and `internal`, which the root zone keeps free for it).
const PRIVATE: [&str; 4] = ["localhost", "local", "internal", "home.arpa"];

/// Whether the host is neither this machine nor in a private network, as far as its text tells. A
/// name without a dot is looked up in the network that asks.
fn leads_outside(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            let within = |zone: &&str| {
                let rest = name.strip_suffix(*zone);
                rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            };
            name.contains('.') && !PRIVATE.iter().any(within)
        }
        Some(Host::Ipv4(v4)) => is_public(v4.into()),
        Some(Host::Ipv6(v6)) => is_public(v6.into()),
        None => false,
    }
}
