//! The address of the client, through the proxies in front.
//!
//! Invariant: an address is believed only if a trusted proxy said it. The attack this stops: a
//! client that writes its own `X-Forwarded-For` to get past throttling, or to put another's address
//! into the audit.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The address of the client behind `peer`. From a peer that is not in `trusted_proxies` no header
/// is read; otherwise it is the rightmost address in `X-Forwarded-For` that is not a trusted proxy
/// itself.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, trusted_proxies: &[IpNet]) -> IpAddr {
    let trusted =
        |address: &IpAddr| trusted_proxies.iter().any(|network| network.contains(address));
    let mut client = peer.to_canonical();
    if trusted_proxies.is_empty() || !trusted(&client) {
        return client;
    }
    for line in headers.get_all("x-forwarded-for").iter().rev() {
        for hop in line.as_bytes().rsplit(|byte| *byte == b',') {
            // What cannot be read ends the chain: left of it nobody vouches for anything.
            let Some(address) = parse_hop(hop) else { return client };
            client = address;
            if !trusted(&client) {
                return client;
            }
        }
    }
    client
}

/// An address as proxies write it: bare, or with a port (`192.0.2.1:80`, `[2001:db8::1]:80`).
fn parse_hop(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    let bracketed = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let bare = bracketed.unwrap_or(text).parse::<IpAddr>().ok();
    bare.or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn address(peer: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        client_address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_stranger_is_not_believed() {
        assert_eq!(address("192.0.2.9", &["198.51.100.1"]), "192.0.2.9");
        let spoofed = HeaderMap::from_iter([(
            "x-forwarded-for".parse().unwrap(),
            "198.51.100.1".parse().unwrap(),
        )]);
        assert_eq!(
            client_address("10.0.0.1".parse().unwrap(), &spoofed, &[]).to_string(),
            "10.0.0.1"
        );
    }

    #[test]
    fn the_rightmost_stranger_is_the_client() {
        assert_eq!(address("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(address("10.0.0.1", &["203.0.113.7, 198.51.100.1 , 10.9.9.9"]), "198.51.100.1");
        assert_eq!(
            address("10.0.0.1", &["203.0.113.7", "198.51.100.1", "10.9.9.9"]),
            "198.51.100.1"
        );
        assert_eq!(address("fd00::1", &["2001:db8::1, [fd00::2]:99"]), "2001:db8::1");
        assert_eq!(address("10.0.0.1", &["192.0.2.1:8080"]), "192.0.2.1");
    }

    #[test]
    fn a_chain_of_proxies_only_gives_its_first() {
        assert_eq!(address("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(address("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
    }

    #[test]
    fn what_cannot_be_read_ends_the_chain() {
        assert_eq!(address("10.0.0.1", &["198.51.100.1, unknown, 10.0.0.2"]), "10.0.0.2");
        assert_eq!(address("10.0.0.1", &["198.51.100.1,"]), "10.0.0.1");
        assert_eq!(address("10.0.0.1", &["\u{fc}"]), "10.0.0.1");
    }

    #[test]
    fn an_address_in_two_families_is_one() {
        assert_eq!(address("::ffff:10.0.0.1", &["::ffff:198.51.100.1"]), "198.51.100.1");
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic_or_lets_a_stranger_choose(value in proptest::collection::vec(32u8..=255, 0..200)) {
            let mut headers = HeaderMap::new();
            if let Ok(value) = axum::http::HeaderValue::from_bytes(&value) {
                headers.append("x-forwarded-for", value);
            }
            let trusted = ["10.0.0.0/8".parse().unwrap()];
            client_address("10.0.0.1".parse().unwrap(), &headers, &trusted);
            let stranger = client_address("192.0.2.1".parse().unwrap(), &headers, &trusted);
            prop_assert_eq!(stranger.to_string(), "192.0.2.1");
        }
    }
}
