//! What may be registered, what matches, and where responses go.

use proptest::prelude::*;

use super::*;
use RedirectUriError as E;

const POLICIES: [UriPolicy; 3] = [UriPolicy::Web, UriPolicy::SinglePage, UriPolicy::Native];

fn register(text: &str, policy: UriPolicy) -> Result<String, E> {
    RedirectUri::parse_registration(text, policy).map(String::from)
}

#[test]
fn https_and_local_http_are_for_everybody_and_kept_byte_for_byte() {
    for uri in [
        "https://app.example.com",
        "https://app.example.com/",
        "https://App.Example.com/Callback?x=1&y=%2F",
        "https://app.example.com:8443/cb;v=1/../x",
        "https://xn--bcher-kva.example/cb",
        "https://192.0.2.7/cb",
        "https://[2001:db8::1]:8443/cb",
        "http://localhost",
        "http://localhost:3000/cb",
        "http://127.0.0.1/cb?x",
        "http://[::1]:65535/cb",
    ] {
        for policy in POLICIES {
            assert_eq!(register(uri, policy).as_deref(), Ok(uri));
        }
    }
}

#[test]
fn app_schemes_are_for_native_apps() {
    for uri in
        ["exampleapp://", "exampleapp://cb", "com.example.app:/cb?x=1", "com.example.app:///cb"]
    {
        assert_eq!(register(uri, UriPolicy::Native).as_deref(), Ok(uri));
        for policy in [UriPolicy::Web, UriPolicy::SinglePage] {
            assert_eq!(register(uri, policy), Err(E::SchemeNotForApp));
        }
    }
}

const REFUSED: &[(&str, E)] = &[
    ("", E::Empty),
    ("app.example.com/cb", E::NoScheme),
    ("/cb", E::NoScheme),
    ("//app.example.com/cb", E::NoScheme),
    ("://x", E::NoScheme),
    ("1app://cb", E::NoScheme),
    ("http://app.example.com/cb", E::PlainHttp),
    ("http://localhost.example.com/cb", E::PlainHttp),
    ("http://127.0.0.1.example.com/cb", E::PlainHttp),
    ("http://127.0.0.2/cb", E::PlainHttp),
    ("http://LOCALHOST/cb", E::PlainHttp),
    ("http://0x7f.1/cb", E::Host),
    ("http://2130706433/cb", E::Host),
    ("http://[0:0:0:0:0:0:0:1]/cb", E::Host),
    ("https://0x7f.1/cb", E::Host),
    ("https://app.example.com/#x", E::Fragment),
    ("https://app.example.com/cb#", E::Fragment),
    ("https://*.example.com/cb", E::Wildcard),
    ("https://app.example.com/*", E::Wildcard),
    ("https://user@app.example.com/", E::UserInfo),
    ("https://app.example.com:443@evil.example/", E::UserInfo),
    ("https://app.example.com\\@evil.example/", E::Character),
    ("exampleapp://user@cb", E::UserInfo),
    ("https://app.example.com/a b", E::Character),
    ("https://app.example.com/\n", E::Character),
    (" https://app.example.com/", E::Character),
    ("https://bücher.example/", E::Character),
    ("https://app.example.com/\"", E::Character),
    ("https://app.example.com/%", E::Escape),
    ("https://app.example.com/%2", E::Escape),
    ("https://app.example.com/%zz", E::Escape),
    ("https:app.example.com", E::Host),
    ("https:/app.example.com", E::Host),
    ("https:///app.example.com", E::Host),
    ("https://", E::Host),
    ("https://:443/", E::Host),
    ("https://?x", E::Host),
    ("https://app.example.com:/", E::Host),
    ("https://app.example.com:0/", E::Host),
    ("https://app.example.com:65536/", E::Host),
    ("https://app.example.com:+80/", E::Host),
    ("https://a%62c.example/", E::Host),
    ("https://app.example;script-src/", E::Host),
    ("https://app.example,x/", E::Host),
    ("https://'none'/", E::Host),
    ("https://[::1/", E::Host),
    ("https://[::1]x/", E::Host),
    ("HTTPS://app.example.com/", E::SchemeCase),
    ("ExampleApp://cb", E::SchemeCase),
    ("exampleapp:cb", E::SchemeShape),
    ("exampleapp:", E::SchemeShape),
    ("localhost:3000/cb", E::SchemeShape),
    ("localhost:/cb", E::SchemeShape),
    ("javascript:alert(1)", E::ForbiddenScheme),
    ("JavaScript://x/%0aalert(1)", E::ForbiddenScheme),
    ("data:text/html,x", E::ForbiddenScheme),
    ("file:///etc/passwd", E::ForbiddenScheme),
    ("vbscript:x", E::ForbiddenScheme),
    ("about:blank", E::ForbiddenScheme),
    ("blob:https://app.example.com/x", E::ForbiddenScheme),
    ("ftp://app.example.com/", E::ForbiddenScheme),
    ("ws://app.example.com/", E::ForbiddenScheme),
    ("wss://app.example.com/", E::ForbiddenScheme),
    ("mailto:a@example.com", E::ForbiddenScheme),
    ("urn:ietf:wg:oauth:2.0:oob", E::ForbiddenScheme),
];

#[test]
fn refuses_what_leads_elsewhere() {
    for (uri, error) in REFUSED {
        assert_eq!(register(uri, UriPolicy::Native), Err(*error), "{uri}");
    }
    let longest = format!("https://app.example.com/{}", "a".repeat(MAX_URI - 24));
    assert!(register(&longest, UriPolicy::Web).is_ok());
    assert_eq!(register(&format!("{longest}a"), UriPolicy::Web), Err(E::TooLong));
}

#[test]
fn every_app_type_has_a_policy() {
    assert_eq!(UriPolicy::from(AppType::Web), UriPolicy::Web);
    assert_eq!(UriPolicy::from(AppType::Spa), UriPolicy::SinglePage);
    assert_eq!(UriPolicy::from(AppType::AnonymousEmbed), UriPolicy::SinglePage);
    assert_eq!(UriPolicy::from(AppType::Native), UriPolicy::Native);
}

#[test]
fn matching_is_exact() {
    let registered = "https://app.example.com/cb";
    assert!(matches(registered, registered));
    for other in [
        "https://app.example.com/cb/",
        "https://app.example.com/cb?",
        "https://app.example.com/CB",
        "https://APP.example.com/cb",
        "https://app.example.com:443/cb",
        "https://app.example.com/%63b",
        "https://app.example.com/x/../cb",
        "https://app.example.com/cb/evil",
        "https://app.example.com",
        "",
    ] {
        assert!(!matches(registered, other), "{other}");
        assert!(!matches_loopback(registered, other), "{other}");
    }
}

#[test]
fn only_the_port_of_a_loopback_address_may_differ() {
    for registered in ["http://127.0.0.1/cb", "http://127.0.0.1:8080/cb"] {
        for presented in
            ["http://127.0.0.1/cb", "http://127.0.0.1:1/cb", "http://127.0.0.1:65535/cb"]
        {
            assert!(matches_loopback(registered, presented), "{registered} {presented}");
        }
        for presented in [
            "http://127.0.0.1:8080/cb/",
            "http://127.0.0.1:8080/cb?x",
            "http://127.0.0.1:8080",
            "http://127.0.0.1:0/cb",
            "http://127.0.0.1:65536/cb",
            "http://127.0.0.1:/cb",
            "http://127.0.0.1:80a/cb",
            "http://127.0.0.1:80@evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.11/cb",
            "http://[::1]:8080/cb",
            "http://localhost:8080/cb",
            "https://127.0.0.1:8080/cb",
        ] {
            assert!(!matches_loopback(registered, presented), "{registered} {presented}");
        }
    }
    assert!(matches_loopback("http://[::1]/?x", "http://[::1]:9/?x"));
    assert!(matches_loopback("http://127.0.0.1", "http://127.0.0.1:9"));
    assert!(!matches_loopback("http://localhost/cb", "http://localhost:1/cb"));
}

#[test]
fn parameters_are_appended_to_any_uri() {
    let params = [("code", "a b&c"), ("state", "é+/=#?")];
    let query = "code=a%20b%26c&state=%C3%A9%2B%2F%3D%23%3F";
    for (uri, separator) in [
        ("https://app.example.com", "?"),
        ("https://app.example.com/cb", "?"),
        ("https://app.example.com/cb?", ""),
        ("https://app.example.com/cb?x=1", "&"),
        ("https://app.example.com/cb?x=1&", ""),
        ("exampleapp://", "?"),
    ] {
        assert_eq!(with_params(uri, &params), format!("{uri}{separator}{query}"));
    }
    assert_eq!(with_params("https://app.example.com/cb", &[]), "https://app.example.com/cb");
}

#[test]
fn origins_for_the_content_security_policy() {
    let origin = |uri: &str| super::origin(uri);
    assert_eq!(origin("https://app.example.com/cb?x").as_deref(), Some("https://app.example.com"));
    assert_eq!(origin("http://localhost:3000").as_deref(), Some("http://localhost:3000"));
    assert_eq!(origin("http://[::1]:1?x").as_deref(), Some("http://[::1]:1"));
    assert_eq!(origin("com.example.app:/cb").as_deref(), Some("com.example.app:"));
    assert_eq!(origin("exampleapp://cb").as_deref(), Some("exampleapp:"));
    for bad in [
        "",
        "cb",
        "https:",
        "https://",
        "javascript:alert(1)",
        "https://a;script-src",
        "https://a, b",
        "https://a@b",
        "https://a\nb",
        "https://'none'",
    ] {
        assert_eq!(origin(bad), None, "{bad}");
    }
}

#[test]
fn allowed_origins_are_spelt_as_browsers_spell_them() {
    for text in [
        "https://app.example.com",
        "https://app.example.com:8443",
        "http://localhost",
        "http://localhost:3000",
        "http://127.0.0.1:1",
        "http://[::1]:1",
    ] {
        assert_eq!(AllowedOrigin::parse(text).unwrap().as_str(), text);
    }
    for (text, error) in [
        ("", AllowedOriginError::Length),
        ("null", AllowedOriginError::Scheme),
        ("app.example.com", AllowedOriginError::Scheme),
        ("http://app.example.com", AllowedOriginError::Scheme),
        ("ftp://app.example.com", AllowedOriginError::Scheme),
        ("exampleapp://cb", AllowedOriginError::Scheme),
        ("*", AllowedOriginError::Wildcard),
        ("https://*.example.com", AllowedOriginError::Wildcard),
        ("https://app.example.com/", AllowedOriginError::Path),
        ("https://app.example.com/x", AllowedOriginError::Path),
        ("https://app.example.com?x", AllowedOriginError::Path),
        ("https://app.example.com#", AllowedOriginError::Path),
        ("https://App.example.com", AllowedOriginError::Case),
        ("https://app.example.com:443", AllowedOriginError::DefaultPort(443)),
        ("http://localhost:80", AllowedOriginError::DefaultPort(80)),
        ("https://user@app.example.com", AllowedOriginError::Host),
        ("https://app.example.com:", AllowedOriginError::Host),
        ("https://app.example.com:99999", AllowedOriginError::Host),
        ("https://", AllowedOriginError::Host),
        ("https://a b", AllowedOriginError::Host),
        ("https://bücher.example", AllowedOriginError::Host),
        ("https://0x7f.1", AllowedOriginError::Host),
        ("https://\tapp.example.com", AllowedOriginError::Host),
    ] {
        assert_eq!(AllowedOrigin::parse(text), Err(error), "{text}");
    }
}

proptest! {
    #[test]
    fn a_registered_uri_matches_itself_and_no_changed_byte_does(
        uri in "(https://[a-z]{1,9}\\.example|http://127\\.0\\.0\\.1:[1-9][0-9]{0,3}|[a-z]{3,9}app:)/[a-z0-9?=&/.]{0,30}",
        at in any::<prop::sample::Index>(),
        to in 0x20_u8..0x7f,
    ) {
        let registered = register(&uri, UriPolicy::Native).unwrap();
        prop_assert_eq!(&registered, &uri);
        prop_assert!(matches(&registered, &uri));
        let mut bytes = uri.clone().into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        let changed = String::from_utf8(bytes).unwrap();
        prop_assert!(!matches(&registered, &changed));
        // Even where ports are free, nothing but the port is.
        if matches_loopback(&registered, &changed) {
            let port = 17..uri[17..].find('/').unwrap() + 17;
            prop_assert!(port.contains(&at));
        }
    }

    #[test]
    fn what_is_registered_reads_back_as_a_url_with_the_same_host(text in "https?://[ -~]{0,30}") {
        if let Ok(uri) = register(&text, UriPolicy::Native) {
            let url = url::Url::parse(&uri).unwrap();
            prop_assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
            let origin = super::origin(&uri).unwrap();
            prop_assert!(origin.to_ascii_lowercase().contains(url.host_str().unwrap()));
        }
    }

    #[test]
    fn parameters_read_back(value in ".{0,40}", base in "https://a\\.example/(\\?([a-z]=[0-9]&?)?)?") {
        let uri = with_params(&base, &[("state", &value), ("iss", "x")]);
        let url = url::Url::parse(&uri).unwrap();
        let read = url.query_pairs().find(|(name, _)| name == "state").unwrap().1;
        prop_assert_eq!(read, value);
        prop_assert_eq!(url.fragment(), None);
    }

    #[test]
    fn never_panics(text in ".{0,60}", other in ".{0,60}") {
        for policy in POLICIES {
            let _ = register(&text, policy);
        }
        let _ = AllowedOrigin::parse(&text);
        let _ = super::origin(&text);
        let _ = matches_loopback(&text, &other);
        let _ = with_params(&text, &[(&other, &text)]);
    }
}
