//! Tokens and keys from strangers: [`jws::parse`], [`Jwk::parse_public`] and [`JwkSet`].
//!
//! Promises checked: nothing panics; no token verifies under a key that nobody signed with; an accepted key comes
//! back from its own JSON, and can be parsed for use.

#![no_main]

mod fragments;

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::jose::{Alg, Jwk, JwkSet, SigningKey, VerifyingKey, jws};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// Keys made for this run only: a token that verifies under one of them is a forgery.
static STRANGERS: LazyLock<Vec<VerifyingKey>> = LazyLock::new(|| {
    let key = |alg| SigningKey::generate(alg).expect("a key").verifying_key();
    Alg::ALL.iter().map(|alg| key(*alg).expect("its public half")).collect()
});

const FRAGMENTS: [&str; 33] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    "\n",
    "\"",
    ":",
    r#""alg":"ES256""#,
    r#""alg":"ES384""#,
    r#""alg":"RS256""#,
    r#""alg":"EdDSA""#,
    r#""alg":"none""#,
    r#""kid":"k""#,
    r#""typ":"dpop+jwt""#,
    r#""crit":["#,
    r#""b64":false"#,
    r#""jwk":{"#,
    r#""keys":["#,
    r#""sub":"s""#,
    r#""use":"sig""#,
    r#""use":"enc""#,
    r#""d":"AQ""#,
    r#""kty":"EC""#,
    r#""crv":"P-256""#,
    r#""x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU""#,
    r#""y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0""#,
    r#""kty":"OKP""#,
    r#""crv":"Ed25519""#,
    r#""x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#,
    r#""kty":"RSA""#,
    r#""e":"AQAB""#,
    // RFC 7638 section 3.1.
    r#""n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw""#,
];

fuzz_target!(|data: &[u8]| {
    everything(data);
    everything(&fragments::expand(data, &FRAGMENTS));
});

fn everything(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        token(text);
    }
    // The same bytes as the parts of a token, so that the fuzzer gets past base64 and works on the JSON.
    let parts = data.splitn(3, |byte| *byte == b'\n');
    let parts: Vec<String> = parts.map(|part| URL_SAFE_NO_PAD.encode(part)).collect();
    token(&parts.join("."));
    if let Ok(json) = serde_json::from_slice::<Value>(data) {
        key(&json);
        let _ = JwkSet::parse_public(&json);
        let _ = JwkSet::parse_fetched(&json);
    }
}

fn token(text: &str) {
    let Ok(token) = jws::parse(text) else { return };
    for key in STRANGERS.iter() {
        assert!(token.verify(key).is_err(), "forged {}", token.alg);
    }
    assert!(token.verify_with_set(&STRANGERS).is_err());
    if let Some(jwk) = token.jwk_unverified() {
        key(jwk);
    }
}

fn key(json: &Value) {
    let Ok(jwk) = Jwk::parse_public(json) else {
        return;
    };
    let written = serde_json::to_value(&jwk).expect("a JWK is JSON");
    assert_eq!(Jwk::parse_public(&written).as_ref(), Ok(&jwk));
    assert_eq!(jwk.thumbprint().len(), 43);
    assert!(jwk.verifying_key().is_ok());
}
