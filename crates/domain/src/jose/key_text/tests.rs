//! Keys that `openssl` writes are read; what is no usable public key is refused with its reason.

use serde_json::json;

use super::*;
use crate::jose::{Alg, KeyType, SigningKey};

const RSA: &str = "-----BEGIN PUBLIC KEY-----\n\
     MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0vjisCjFH/nk8mQrropn\n\
     iri0NcKsgaEuA4NdFOGqqrGg5e3iF75EVLkr35HO9bP8PYq6wHm3VdhZAR1Sip3H\n\
     qdrFWilIAmrQ0Yu0lHzPR5ZX4ynkfs/AwrMTePR1QWYhMGTEPFDunWRj94it1iAw\n\
     xja0lysuhWfF8O5vZd4uYq29A5blzCaeqcu7/f+GCJjjdo8sECerxzKNoh8QnGF2\n\
     Dz85Vde2mEQ0radQyxoB21upMjLmtaz1hnW0MdoVx+U+eX2muIep8xyVL6AXCZx2\n\
     Ct/BuL2qYT/w2cL0fytROcLGZgnUt19Sdp6H7fojDsC2A+dd+kIXdXKxrxqxvX2x\n\
     zQIDAQAB\n\
     -----END PUBLIC KEY-----";
const RSA_PKCS1: &str = "-----BEGIN RSA PUBLIC KEY-----\n\
     MIIBCgKCAQEA0vjisCjFH/nk8mQrropniri0NcKsgaEuA4NdFOGqqrGg5e3iF75E\n\
     VLkr35HO9bP8PYq6wHm3VdhZAR1Sip3HqdrFWilIAmrQ0Yu0lHzPR5ZX4ynkfs/A\n\
     wrMTePR1QWYhMGTEPFDunWRj94it1iAwxja0lysuhWfF8O5vZd4uYq29A5blzCae\n\
     qcu7/f+GCJjjdo8sECerxzKNoh8QnGF2Dz85Vde2mEQ0radQyxoB21upMjLmtaz1\n\
     hnW0MdoVx+U+eX2muIep8xyVL6AXCZx2Ct/BuL2qYT/w2cL0fytROcLGZgnUt19S\n\
     dp6H7fojDsC2A+dd+kIXdXKxrxqxvX2xzQIDAQAB\n\
     -----END RSA PUBLIC KEY-----";
const P256: &str = "-----BEGIN PUBLIC KEY-----\n\
     MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAErmLrhqWFqWHz1xSuXpVQzhzvCS1b\n\
     9W7t0f9iwNQQCSjdIOmJI2wHzwCUpUtcAHktbe8CaO7/Po9FrPjYlBWa0Q==\n\
     -----END PUBLIC KEY-----";
const P384: &str = "-----BEGIN PUBLIC KEY-----\n\
     MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEDP6ThJFm54RvU0QtCnGnO1yxRVHj/p2U\n\
     Fvm8DEotawe5zZgmMMXg383oHe9+g45Ms9m4JRs7VUFbs8v4QjdUFPchFQsSewmq\n\
     cnYFUQiCRvsPop7n4VwGdbLSGgQmaaKB\n\
     -----END PUBLIC KEY-----";
const P521: &str = "-----BEGIN PUBLIC KEY-----\n\
     MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQApl9V6VDI67ABSHHf+rLFv+WRPV65\n\
     mXxd4VmMHIac7tVPEDFZmb6G+03yV5HtoooCo/w2MBaqJ7oOOzZZJ41nf6MAmkbj\n\
     t2fABpBWjFI+tgVhpArPXim+pnCe/4feFRgjEfM2FCafkhaYftJPmtiuoFVg2qnT\n\
     Vpfx2Z4Yzz6lhs2Hz8E=\n\
     -----END PUBLIC KEY-----";
const ED25519: &str = "-----BEGIN PUBLIC KEY-----\n\
     MCowBQYDK2VwAyEABeV70f/JhfMpXLy/dwSs0Yum27ufQqSSIjdW6BXRfsE=\n\
     -----END PUBLIC KEY-----";
const WEAK: &str = "-----BEGIN PUBLIC KEY-----\n\
     MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDKIMFpFj9P0UiHKalQ2BRBZLEA\n\
     gJKcukBSh3sospjo31LBE1N9zC10YOlWNP/iYryEUsPsDOLoyQtldeGANO3V90np\n\
     mzQemK3LAHiP5gUDWinnz8oVH5D4l/2Q/2MbR9hg60r/8z7t0BYg5e+NonoDa6EC\n\
     Zx5DdrMmghCKH86HCwIDAQAB\n\
     -----END PUBLIC KEY-----";
const COMPRESSED: &str = "-----BEGIN PUBLIC KEY-----\n\
     MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADrmLrhqWFqWHz1xSuXpVQzhzvCS1b\n\
     9W7t0f9iwNQQCSg=\n\
     -----END PUBLIC KEY-----";

fn one(text: &str) -> Jwk {
    let mut keys = read_keys(text).expect("a key");
    assert_eq!(keys.len(), 1);
    keys.remove(0)
}

#[test]
fn pem_becomes_jwk() {
    for (pem, key_type, alg, bits) in [
        (RSA, KeyType::Rsa, Alg::RS256, Some(2048)),
        (RSA_PKCS1, KeyType::Rsa, Alg::RS256, Some(2048)),
        (P256, KeyType::P256, Alg::ES256, None),
        (P384, KeyType::P384, Alg::ES384, None),
        (ED25519, KeyType::Ed25519, Alg::EdDSA, None),
    ] {
        let key = one(&format!("\r\n  {}\n", pem.replace('\n', "\r\n")));
        assert_eq!((key.key_type(), key.alg(), key.rsa_bits()), (key_type, Some(alg), bits));
        assert_eq!(key.kid(), Some(key.thumbprint().as_str()));
        let json = json!(key);
        assert_eq!(json["use"], "sig");
        // What was found is a whole JWK, which is read back as the same key.
        assert_eq!(one(&json.to_string()), key);
    }
    assert_eq!(one(RSA), one(RSA_PKCS1), "two ways of writing one key");
    assert_eq!(read_keys(&format!("{P256}\n{ED25519}")).map(|keys| keys.len()), Ok(2));
}

#[test]
fn pem_holds_the_key_that_signed() {
    let own = SigningKey::generate(Alg::ES256).expect("a key");
    let point = json!(own.public_jwk());
    let part = |name: &str| {
        crate::crypto::base64url_decode(point[name].as_str().expect("a text")).expect("base64url")
    };
    let head = STANDARD.decode(P256.lines().nth(1).expect("a line")).expect("base64");
    // The same head as another P-256 key, then its own point.
    let der = [&head[..26], &[4], &part("x"), &part("y")].concat();
    let pem =
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", STANDARD.encode(der));
    assert_eq!(one(&pem), own.public_jwk());
}

#[test]
fn json_is_one_key_several_or_a_set() {
    let (first, second) = (json!(one(P256)), json!(one(RSA)));
    let bare = json!({ "kty": "EC", "crv": "P-256", "x": first["x"], "y": first["y"] });
    assert_eq!(json!(one(&bare.to_string())), first, "what it left out is filled in");
    let named =
        json!({ "kty": "EC", "crv": "P-256", "x": first["x"], "y": first["y"], "kid": "2026" });
    assert_eq!(one(&named.to_string()).kid(), Some("2026"), "its own name stays");
    for several in [json!([first, second]), json!({ "keys": [first, second] })] {
        assert_eq!(read_keys(&several.to_string()).map(|keys| keys.len()), Ok(2));
    }
}

#[test]
fn a_private_key_is_refused_in_every_form() {
    let private = json!({ "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "d": "AA" });
    let pem = |label: &str| format!("-----BEGIN {label}-----\nAAAA\n-----END {label}-----");
    for text in [
        private.to_string(),
        json!([private]).to_string(),
        json!({ "keys": [one_json(), private] }).to_string(),
        pem("PRIVATE KEY"),
        pem("RSA PRIVATE KEY"),
        pem("EC PRIVATE KEY"),
        pem("ENCRYPTED PRIVATE KEY"),
        format!("{P256}\n{}", pem("PRIVATE KEY")),
        json!({ "kty": "oct", "k": "c2VjcmV0" }).to_string(),
    ] {
        assert_eq!(read_keys(&text), Err(KeyTextError::Private), "{text}");
    }
}

fn one_json() -> Value {
    json!(one(P256))
}

#[test]
fn what_is_no_usable_key_says_why() {
    let garbled = P256.replace("MFkw", "MF!w");
    let cut = format!("-----BEGIN PUBLIC KEY-----\n{}", &RSA[27..100]);
    for (text, why) in [
        ("", KeyTextError::NoKey),
        (" \n ", KeyTextError::NoKey),
        ("[]", KeyTextError::NoKey),
        ("1", KeyTextError::NoKey),
        ("hello", KeyTextError::NotJson),
        ("{\"kty\":", KeyTextError::NotJson),
        ("{\"keys\":1}", KeyTextError::Jwk(JwkError::NotASet)),
        ("{}", KeyTextError::Jwk(JwkError::Missing("kty"))),
        (garbled.as_str(), KeyTextError::Pem),
        (cut.as_str(), KeyTextError::Pem),
        (COMPRESSED, KeyTextError::Pem),
        (P521, KeyTextError::Kind),
        (WEAK, KeyTextError::Jwk(JwkError::RsaSize(1024))),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", KeyTextError::Certificate),
        ("-----BEGIN", KeyTextError::Pem),
        ("-----BEGIN PUBLIC KEY-----", KeyTextError::Pem),
    ] {
        let told = read_keys(text).expect_err("refused");
        assert_eq!(told, why, "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn reading_never_panics(text in ".{0,200}", der in proptest::collection::vec(proptest::num::u8::ANY, 0..80)) {
        let _ = read_keys(&text);
        let _ = read_keys(&format!("-----BEGIN PUBLIC KEY-----{}", STANDARD.encode(&der)));
        let _ = read_keys(&format!("-----BEGIN RSA PUBLIC KEY-----{}", STANDARD.encode(&der)));
    }
}
