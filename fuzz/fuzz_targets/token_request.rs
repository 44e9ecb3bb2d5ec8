//! What the token endpoint reads before it knows who is there: parameters, the Basic header, scopes, `user_lookup`.
//!
//! Promises checked: nothing panics; limits hold; a scope list comes back from its own text; what was read from a form
//! reads the same after it is written as JSON.

#![no_main]

mod fragments;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::basic_auth::BasicCredentials;
use domain::params::{Limits, Params};
use domain::pkce::{CodeChallenge, CodeVerifier};
use domain::redirect_uri::{AllowedOrigin, RedirectUri, UriPolicy, origin, with_params};
use domain::scope::ScopeSet;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

const FRAGMENTS: [&str; 32] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "&",
    "=",
    "%",
    "+",
    "%22",
    "%00",
    "user_lookup",
    "[field]",
    "[value]",
    ".field",
    ".value",
    "_field",
    "_value",
    r#""field":"subject""#,
    r#""value":"alice""#,
    r#""user_lookup":{"#,
    "scope=",
    "client_secret",
    "apps:read ",
    "https://",
    "http://127.0.0.1",
    "http://localhost",
    "app.example",
    ":8080",
    "com.example.app:/",
];

fuzz_target!(|data: &[u8]| {
    everything(data);
    everything(&fragments::expand(data, &FRAGMENTS));
});

fn everything(data: &[u8]) {
    let limits = Limits::default();
    if let Ok(params) = Params::from_form(data, limits) {
        params_hold(&params, limits);
        same_as_json(&params, limits);
    }
    if let Ok(params) = Params::from_json(data, limits) {
        params_hold(&params, limits);
    }
    let _ = BasicCredentials::parse(data);
    let _ = BasicCredentials::parse(&[b"Basic ", data].concat());
    let _ = BasicCredentials::parse(format!("Basic {}", STANDARD.encode(data)).as_bytes());
    if let Ok(text) = std::str::from_utf8(data) {
        texts(text);
    }
}

fn params_hold(params: &Params, limits: Limits) {
    assert!(params.names().count() <= limits.count);
    for name in params.names() {
        assert!(name.len() <= limits.name);
        assert!(params.all(name).all(|value| !value.is_empty() && value.len() <= limits.value));
        assert_eq!(params.get(name).is_ok(), params.all(name).count() == 1);
        for value in params.all(name) {
            texts(value);
        }
    }
    let _ = params.user_lookup();
    let _ = format!("{params:?}");
}

fn same_as_json(params: &Params, limits: Limits) {
    let pairs = params
        .names()
        .filter_map(|name| Some((name.to_owned(), Value::from(params.get(name).ok()??))));
    let object: Map<String, Value> = pairs.collect();
    let body = Value::Object(object.clone()).to_string();
    let Ok(again) = Params::from_json(body.as_bytes(), limits) else {
        // Escapes can make the JSON longer than the form was; nothing else may go wrong.
        assert!(body.len() > limits.total);
        return;
    };
    for (name, value) in &object {
        assert_eq!(again.get(name), Ok(value.as_str()));
    }
}

fn texts(text: &str) {
    if let Ok(scopes) = ScopeSet::parse(text) {
        assert_eq!(ScopeSet::parse(scopes.as_str()).as_ref(), Ok(&scopes));
        assert!(scopes.len() <= 200 && scopes.is_subset(&scopes));
    }
    if let Ok(challenge) = CodeChallenge::parse(text) {
        assert_eq!(challenge.to_string(), text);
    }
    if let Ok(verifier) = CodeVerifier::parse(text) {
        assert!(verifier.challenge().matches(&verifier));
    }
    if let Ok(uri) = RedirectUri::parse_registration(text, UriPolicy::Native) {
        assert_eq!(uri.as_str(), text);
        assert!(origin(text).is_some());
        assert!(with_params(text, &[("code", "x")]).starts_with(text));
    }
    let _ = AllowedOrigin::parse(text);
}
