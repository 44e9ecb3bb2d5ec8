//! RFC 7638 and RFC 8037 vectors, and one key for every rule.

use serde_json::json;

use super::*;
use crate::jose::{JwkSet, SigningKey};

const RFC7638_N: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
const EC_X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
const EC_Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
const ED_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

fn rsa() -> Value {
    json!({"kty": "RSA", "n": RFC7638_N, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"})
}

fn ec() -> Value {
    json!({"kty": "EC", "crv": "P-256", "x": EC_X, "y": EC_Y})
}

fn okp() -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "x": ED_X})
}

/// `key` with one member replaced, or removed when `value` is null.
fn altered(mut key: Value, name: &str, value: Value) -> Value {
    let members = key.as_object_mut().unwrap();
    if value.is_null() {
        members.remove(name);
    } else {
        members.insert(name.to_owned(), value);
    }
    key
}

fn refusal(key: Value) -> JwkError {
    Jwk::parse_public(&key).unwrap_err()
}

#[test]
fn thumbprint_of_rfc_7638_section_3_1() {
    let jwk = Jwk::parse_public(&rsa()).unwrap();
    assert_eq!(jwk.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

#[test]
fn thumbprint_of_rfc_8037_appendix_a_3() {
    let jwk = Jwk::parse_public(&okp()).unwrap();
    assert_eq!(jwk.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#[test]
fn ec_thumbprint_hashes_the_canonical_members() {
    let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{EC_X}","y":"{EC_Y}"}}"#);
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, canonical.as_bytes());
    let jwk = Jwk::parse_public(&ec()).unwrap();
    assert_eq!(jwk.thumbprint(), crate::jose::b64_encode(hash.as_ref()));
}

#[test]
fn accepts_and_writes_back_every_type_dropping_what_it_does_not_know() {
    for (key, key_type) in [(rsa(), KeyType::Rsa), (ec(), KeyType::P256), (okp(), KeyType::Ed25519)]
    {
        let mut noisy = altered(key.clone(), "use", json!("sig"));
        noisy["key_ops"] = json!(["verify"]);
        noisy["x5c"] = json!(["MIIB"]);
        noisy["x5t#S256"] = json!("x");
        let jwk = Jwk::parse_public(&noisy).unwrap();
        assert_eq!(jwk.key_type(), key_type);
        let written = serde_json::to_value(&jwk).unwrap();
        assert_eq!(written, altered(key, "use", json!("sig")));
        assert_eq!(serde_json::from_value::<Jwk>(written).unwrap(), jwk);
    }
}

#[test]
fn refuses_every_private_member() {
    for name in PRIVATE_MEMBERS {
        for key in [rsa(), ec(), okp()] {
            let key = altered(key, name, json!("AQAB"));
            assert_eq!(refusal(key.clone()), JwkError::PrivateMember(name));
            assert!(serde_json::from_value::<Jwk>(key).is_err());
        }
    }
    let symmetric = json!({"kty": "oct", "k": "c2VjcmV0"});
    assert_eq!(refusal(symmetric), JwkError::PrivateMember("k"));
    // Even without a value: somebody was about to send it.
    let mut null = ec();
    null["d"] = Value::Null;
    assert_eq!(refusal(null), JwkError::PrivateMember("d"));
}

#[test]
fn refuses_weak_and_malformed_rsa() {
    let with_n = |bytes: Vec<u8>| altered(rsa(), "n", json!(crate::jose::b64_encode(&bytes)));
    let with_e = |text: &str| altered(rsa(), "e", json!(text));
    assert_eq!(refusal(with_n(vec![0xff; 128])), JwkError::RsaSize(1024));
    let mut bits_2047 = vec![0xff; 256];
    bits_2047[0] = 0x7f;
    assert_eq!(refusal(with_n(bits_2047)), JwkError::RsaSize(2047));
    assert_eq!(refusal(with_n(vec![0xff; 1025])), JwkError::RsaSize(8200));
    assert_eq!(refusal(with_n(vec![0xfe; 256])), JwkError::RsaModulus);
    assert_eq!(refusal(with_n([vec![0], vec![0xff; 256]].concat())), JwkError::LeadingZero("n"));
    assert_eq!(refusal(with_n(vec![])), JwkError::Missing("n"));
    // 3, 65536, 65538, 0 and a number of 40 bits
    for e in ["Aw", "AQAA", "AQAC", "AQAAAAE"] {
        assert_eq!(refusal(with_e(e)), JwkError::RsaExponent, "{e}");
    }
    assert_eq!(refusal(with_e("AA")), JwkError::LeadingZero("e"));
    assert_eq!(refusal(with_e("AQAB==")), JwkError::Base64("e"));
    assert_eq!(refusal(altered(rsa(), "e", Value::Null)), JwkError::Missing("e"));
    assert_eq!(refusal(altered(rsa(), "n", json!(5))), JwkError::NotText("n"));
}

#[test]
fn refuses_points_that_are_none() {
    let swapped = json!({"kty": "EC", "crv": "P-256", "x": EC_Y, "y": EC_X});
    assert_eq!(refusal(swapped), JwkError::NotOnCurve);
    let zero = "A".repeat(43);
    let origin = json!({"kty": "EC", "crv": "P-256", "x": zero, "y": zero});
    assert_eq!(refusal(origin), JwkError::NotOnCurve);
    let short = altered(ec(), "x", json!("AQAB"));
    assert_eq!(refusal(short), JwkError::Length { member: "x", expected: 32 });
    let wrong_curve = altered(ec(), "crv", json!("P-384"));
    assert!(matches!(refusal(wrong_curve), JwkError::Length { expected: 48, .. }));
    // The last character carries two bits that encode nothing; only one spelling is accepted.
    let respelt = altered(ec(), "x", json!(EC_X.replace("VEU", "VEV")));
    assert_eq!(refusal(respelt), JwkError::Base64("x"));
}

#[test]
fn refuses_low_order_ed25519_points() {
    for hex in [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ] {
        let bytes: Vec<u8> =
            (0..32).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect();
        let key = altered(okp(), "x", json!(crate::jose::b64_encode(&bytes)));
        assert_eq!(refusal(key), JwkError::NotOnCurve, "{hex}");
    }
}

#[test]
fn refuses_keys_meant_for_something_else() {
    assert_eq!(refusal(altered(rsa(), "use", json!("enc"))), JwkError::WrongUse);
    assert_eq!(refusal(altered(rsa(), "alg", json!("ES256"))), JwkError::AlgMismatch(Alg::ES256));
    assert_eq!(refusal(altered(ec(), "alg", json!("ES384"))), JwkError::AlgMismatch(Alg::ES384));
    for alg in ["none", "HS256", "RSA-OAEP", "RS384"] {
        assert_eq!(refusal(altered(rsa(), "alg", json!(alg))), JwkError::UnsupportedAlg);
    }
    assert_eq!(refusal(altered(ec(), "crv", json!("secp256k1"))), JwkError::UnknownCrv);
    assert_eq!(refusal(altered(okp(), "crv", json!("X25519"))), JwkError::UnknownCrv);
    assert_eq!(refusal(altered(ec(), "kty", json!("AKP"))), JwkError::UnknownKty);
    assert_eq!(refusal(altered(ec(), "kty", Value::Null)), JwkError::Missing("kty"));
    assert_eq!(refusal(altered(ec(), "kid", json!(""))), JwkError::Kid);
    assert_eq!(refusal(altered(ec(), "kid", json!("k".repeat(257)))), JwkError::Kid);
    assert_eq!(refusal(json!([])), JwkError::NotAnObject);
}

#[test]
fn a_registered_set_is_strict_and_a_fetched_one_leaves_out() {
    let encryption = altered(rsa(), "use", json!("enc"));
    let mixed = json!({"keys": [ec(), encryption, {"kty": "oct", "k": "AQ"}, okp()]});
    assert_eq!(JwkSet::parse_public(&mixed), Err(JwkError::WrongUse));
    let (set, left_out) = JwkSet::parse_fetched(&mixed).unwrap();
    assert_eq!(set.keys.len(), 2);
    assert_eq!(left_out, [JwkError::WrongUse, JwkError::PrivateMember("k")]);
    assert_eq!(set.verifying_keys().unwrap().len(), 2);

    let named = altered(ec(), "kid", json!("2011-04-29"));
    let twice = json!({"keys": [rsa(), named]});
    assert_eq!(JwkSet::parse_public(&twice), Err(JwkError::DuplicateKid));
    assert_eq!(JwkSet::parse_public(&json!({"keys": []})), Err(JwkError::EmptySet));
    assert_eq!(JwkSet::parse_public(&json!([ec()])), Err(JwkError::NotASet));
    let many = json!({"keys": vec![ec(); crate::jose::MAX_KEYS + 1]});
    assert_eq!(JwkSet::parse_public(&many), Err(JwkError::TooManyKeys));
    assert_eq!(JwkSet::parse_fetched(&many), Err(JwkError::TooManyKeys));
}

#[test]
fn our_own_keys_are_acceptable_and_named_by_thumbprint() {
    for alg in Alg::ALL {
        let key = SigningKey::generate(alg).unwrap();
        let jwk = key.public_jwk();
        let written = serde_json::to_value(&jwk).unwrap();
        assert_eq!(Jwk::parse_public(&written).unwrap(), jwk);
        assert_eq!(written["use"], "sig");
        assert_eq!(written["alg"], alg.as_str());
        assert_eq!(written["kid"], jwk.thumbprint());
        assert_eq!(key.kid(), jwk.thumbprint());

        let again = SigningKey::from_pkcs8(alg, "named", &key.pkcs8()).unwrap();
        assert_eq!(again.public_jwk(), jwk.with_kid("named"));
        let shown = format!("{key:?}");
        assert!(shown.len() < 120 && shown.contains(key.kid()), "{shown}");
    }
}

#[test]
fn a_stored_key_must_fit_its_algorithm() {
    let key = SigningKey::generate(Alg::ES256).unwrap();
    for alg in [Alg::ES384, Alg::EdDSA, Alg::RS256] {
        assert!(SigningKey::from_pkcs8(alg, "k", &key.pkcs8()).is_err(), "{alg}");
    }
    assert!(SigningKey::from_pkcs8(Alg::ES256, "k", b"").is_err());
    let cut = &key.pkcs8()[..40];
    assert!(SigningKey::from_pkcs8(Alg::ES256, "k", cut).is_err());
}
