//! RFC 7515 and RFC 8037 vectors, forgeries, and properties.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::jose::Jwk;

const RSA_N: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
const A_2: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
const A_3: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

static KEYS: LazyLock<Vec<SigningKey>> =
    LazyLock::new(|| Alg::ALL.iter().map(|alg| SigningKey::generate(*alg).unwrap()).collect());

fn key(alg: Alg) -> &'static SigningKey {
    KEYS.iter().find(|key| key.alg() == alg).unwrap()
}

fn verifying(alg: Alg) -> VerifyingKey {
    key(alg).verifying_key().unwrap()
}

fn jwk(json: Value) -> VerifyingKey {
    Jwk::parse_public(&json).unwrap().verifying_key().unwrap()
}

/// A token of arbitrary parts, so that tests can write what `sign_compact` never would.
fn raw(header: &str, payload: &str, signature: &[u8]) -> String {
    [header.as_bytes(), payload.as_bytes(), signature].map(b64_encode).join(".")
}

#[test]
fn rfc_7515_a_2_and_a_3() {
    let rsa = jwk(json!({"kty": "RSA", "n": RSA_N, "e": "AQAB"}));
    let ec = jwk(json!({"kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}));
    for (token, right, wrong) in [(A_2, &rsa, &ec), (A_3, &ec, &rsa)] {
        let verified = parse(token).unwrap().verify(right).unwrap();
        assert_eq!(verified.claims()["iss"], "joe");
        assert_eq!(verified.claims()["exp"], 1_300_819_380);
        assert!(parse(token).unwrap().verify(wrong).is_err());
    }
}

#[test]
fn rfc_8037_a_4() {
    let key = jwk(json!({"kty": "OKP", "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}));
    let input = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = b64_decode(
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
    )
    .unwrap();
    assert_eq!(key.verify(Alg::EdDSA, input, &signature), Ok(()));
    assert!(key.verify(Alg::EdDSA, b"other", &signature).is_err());
}

#[test]
fn every_algorithm_signs_what_it_verifies() {
    for alg in Alg::ALL {
        let claims = json!({"sub": "alice", "n": 1});
        for typ in ["at+jwt", "JWT", "logout+jwt"] {
            let token = sign_compact(key(alg), typ, &claims).unwrap();
            assert_eq!(token.capacity(), token.len(), "one allocation, {alg}");
            let unverified = parse(&token).unwrap();
            assert_eq!(unverified.alg, alg);
            assert_eq!(unverified.kid.as_deref(), Some(key(alg).kid()));
            assert_eq!(unverified.claims_unverified()["sub"], "alice");
            let verified = unverified.verify(&verifying(alg)).unwrap();
            assert!(verified.is_type(typ));
            assert_eq!(Value::Object(verified.into_claims()), claims);
        }
    }
}

#[test]
fn no_key_verifies_for_another() {
    for signer in Alg::ALL {
        let token = sign_compact(key(signer), "JWT", &json!({})).unwrap();
        for other in Alg::ALL.into_iter().filter(|alg| *alg != signer) {
            let outcome = parse(&token).unwrap().verify(&verifying(other));
            assert!(matches!(outcome, Err(JwsError::Verify(_))), "{signer} {other}");
        }
        let stranger = SigningKey::generate(signer).unwrap();
        let outcome = parse(&token).unwrap().verify(&stranger.verifying_key().unwrap());
        assert_eq!(outcome, Err(JwsError::Verify(VerifyError::BadSignature)));
    }
}

#[test]
fn the_header_cannot_choose_another_algorithm() {
    // An RS256 signature relabelled PS256 and RS512, checked with an unrestricted key of the same numbers.
    let token = sign_compact(key(Alg::RS256), "JWT", &json!({})).unwrap();
    let (_, rest) = token.split_once('.').unwrap();
    let mut numbers = serde_json::to_value(key(Alg::RS256).public_jwk()).unwrap();
    numbers.as_object_mut().unwrap().remove("alg");
    for alg in ["PS256", "RS512"] {
        let header = b64_encode(json!({ "alg": alg }).to_string().as_bytes());
        let swapped = format!("{header}.{rest}");
        let outcome = parse(&swapped).unwrap().verify(&jwk(numbers.clone()));
        assert_eq!(outcome, Err(JwsError::Verify(VerifyError::BadSignature)));
        let restricted = parse(&swapped).unwrap().verify(&verifying(Alg::RS256));
        assert!(matches!(restricted, Err(JwsError::Verify(VerifyError::AlgMismatch(_)))));
    }
}

#[test]
fn refuses_headers_that_open_doors() {
    let refused = |header: &str| parse(&raw(header, "{}", b"s")).unwrap_err();
    for header in [r#"{"alg":"none"}"#, r#"{"alg":"NONE"}"#, r#"{"alg":"HS256"}"#, r#"{"alg":""}"#]
    {
        assert_eq!(refused(header), JwsError::UnsupportedAlg);
    }
    assert_eq!(refused("{}"), JwsError::MissingAlg);
    assert_eq!(refused(r#"{"alg":["ES256"]}"#), JwsError::HeaderType("alg"));
    assert_eq!(refused(r#"{"alg":"ES256","kid":7}"#), JwsError::HeaderType("kid"));
    assert_eq!(refused(r#"{"alg":"ES256","typ":null}"#), JwsError::HeaderType("typ"));
    assert_eq!(refused(r#"{"alg":"ES256","crit":["exp"]}"#), JwsError::Extension("crit"));
    assert_eq!(refused(r#"{"alg":"ES256","crit":[]}"#), JwsError::Extension("crit"));
    assert_eq!(refused(r#"{"alg":"ES256","b64":true}"#), JwsError::Extension("b64"));
    for (header, error) in [
        (r#"{"alg":"ES256","alg":"RS256"}"#, StrictJsonError::Duplicate("alg".into())),
        (r#"["ES256"]"#, StrictJsonError::NotAnObject),
        (r#"{"alg":"ES256"} x"#, StrictJsonError::Syntax { line: 1, column: 17 }),
    ] {
        assert_eq!(refused(header), JwsError::Json { part: "header", error });
    }
}

#[test]
fn refuses_payloads_that_are_not_one_clean_object() {
    let refused = |payload: &str| {
        let token = raw(r#"{"alg":"ES256"}"#, payload, b"s");
        match parse(&token).unwrap_err() {
            JwsError::Json { part: "payload", error } => error,
            other => panic!("{other}"),
        }
    };
    assert_eq!(refused("[]"), StrictJsonError::NotAnObject);
    assert_eq!(refused(r#""x""#), StrictJsonError::NotAnObject);
    assert_eq!(refused(r#"{"a":{"b":1,"b":2}}"#), StrictJsonError::Duplicate("b".into()));
    let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(1000), "]".repeat(1000));
    assert_eq!(refused(&deep), StrictJsonError::TooDeep);
    assert!(matches!(refused(""), StrictJsonError::Syntax { .. }));
}

#[test]
fn refuses_other_shapes() {
    let token = sign_compact(key(Alg::ES256), "JWT", &json!({"a": 1})).unwrap();
    let (input, signature) = token.rsplit_once('.').unwrap();
    let refused = |token: &str| parse(token).unwrap_err();
    assert_eq!(refused(""), JwsError::Parts);
    assert_eq!(refused(input), JwsError::Parts);
    assert_eq!(refused(&format!("{token}.{signature}")), JwsError::Parts);
    assert_eq!(refused(&format!(".{token}")), JwsError::Parts);
    assert_eq!(refused(&format!("{input}.")), JwsError::NoSignature);
    assert_eq!(refused(&format!("{token}=")), JwsError::Base64("signature"));
    assert_eq!(refused(&format!("{token} ")), JwsError::Base64("signature"));
    assert_eq!(refused(&format!("{token}\n")), JwsError::Base64("signature"));
    assert_eq!(refused(&token.replace('.', "=.")), JwsError::Base64("header"));
    assert_eq!(refused(&"a".repeat(MAX_TOKEN + 1)), JwsError::TooLong);
    // 64 bytes are 86 characters; the last one has four spare bits, so only A, Q, g and w can stand there.
    let respelt = format!("{}B", &token[..token.len() - 1]);
    assert_eq!(refused(&respelt), JwsError::Base64("signature"));
    let cut = &token[..token.len() - 4];
    let outcome = parse(cut).and_then(|cut| cut.verify(&verifying(Alg::ES256)));
    assert!(outcome.is_err());
}

#[test]
fn a_set_is_searched_by_name_and_otherwise_within_bounds() {
    let keys: Vec<VerifyingKey> = Alg::ALL.into_iter().map(verifying).collect();
    let token = sign_compact(key(Alg::ES256), "JWT", &json!({})).unwrap();
    let check = |keys: &[VerifyingKey]| parse(&token).unwrap().verify_with_set(keys).err();
    assert_eq!(check(&keys), None);
    assert_eq!(check(&[]), Some(JwsError::NoKey));
    assert_eq!(check(&[verifying(Alg::RS256)]), Some(JwsError::NoKey));

    let input = [r#"{"alg":"ES256"}"#, "{}"].map(|part| b64_encode(part.as_bytes())).join(".");
    let signature = key(Alg::ES256).sign(input.as_bytes()).unwrap();
    let nameless = format!("{input}.{}", b64_encode(&signature));
    let check = |keys: &[VerifyingKey]| parse(&nameless).unwrap().verify_with_set(keys).err();
    assert_eq!(check(&keys), None);
    let others: Vec<VerifyingKey> = (0..MAX_TRIES)
        .map(|_| SigningKey::generate(Alg::ES256).unwrap().verifying_key().unwrap())
        .collect();
    let bad = JwsError::Verify(VerifyError::BadSignature);
    assert_eq!(check(&others), Some(bad));
    assert_eq!(check(&[&others[1..], &keys].concat()), None);
    assert_eq!(check(&[others, keys].concat()), Some(JwsError::TooManyKeys));
}

#[test]
fn a_type_is_a_media_type() {
    assert!(has_type(Some("at+jwt"), "at+jwt"));
    assert!(has_type(Some("application/at+jwt"), "at+jwt"));
    assert!(has_type(Some("APPLICATION/AT+JWT"), "at+jwt"));
    for other in
        [None, Some(""), Some("JWT"), Some("text/at+jwt"), Some("application/"), Some("aplicatioé")]
    {
        assert!(!has_type(other, "at+jwt"), "{other:?}");
    }
}

#[test]
fn a_dpop_proof_shows_its_key_and_claims_decode() {
    let public = serde_json::to_value(key(Alg::ES256).public_jwk()).unwrap();
    let header = json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": public}).to_string();
    let token = raw(&header, r#"{"jti":"1"}"#, b"s");
    assert_eq!(parse(&token).unwrap().jwk_unverified(), Some(&public));

    let token = sign_compact(key(Alg::ES256), "JWT", &json!({"jti": "1"})).unwrap();
    let verified = parse(&token).unwrap().verify(&verifying(Alg::ES256)).unwrap();
    type Claims = std::collections::BTreeMap<String, String>;
    assert_eq!(verified.clone().decode::<Claims>().unwrap()["jti"], "1");
    assert_eq!(verified.decode::<Vec<u8>>(), Err(JwsError::Claims));
}

#[test]
fn left_half_hash_of_oidc_core() {
    // OIDC Core appendix A.3 and A.4: RS256.
    let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    assert_eq!(left_half_hash(Alg::RS256, access_token), "77QmUPtjPfzWtF2AnpK9RQ");
    let code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";
    assert_eq!(left_half_hash(Alg::RS256, code), "LDktKdoQak3Pk0cnXxCltA");
    for (alg, bytes) in [(Alg::ES256, 16), (Alg::ES384, 24), (Alg::RS512, 32), (Alg::EdDSA, 32)] {
        assert_eq!(left_half_hash(alg, "x").len(), encoded_len(bytes));
    }
}

#[test]
fn keys_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<SigningKey>();
    shared::<VerifyingKey>();
}

#[test]
fn claims_that_are_no_json_are_an_error() {
    let no_key = std::collections::BTreeMap::from([((1, 2), 3)]);
    assert_eq!(sign_compact(key(Alg::ES256), "JWT", &no_key), Err(SignError::Claims));
}

proptest! {
    #[test]
    fn parse_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn parse_never_panics_on_almost_tokens(header in ".{0,60}", payload in ".{0,60}", signature in ".{0,9}") {
        let _ = parse(&raw(&header, &payload, signature.as_bytes()));
        let _ = parse(&format!("{header}.{payload}.{signature}"));
    }

    #[test]
    fn what_is_signed_comes_back(name in ".{1,20}", value in ".{0,200}", index in 0_usize..6) {
        let alg = Alg::ALL[index];
        let claims = json!({ name: value });
        let token = sign_compact(key(alg), "at+jwt", &claims).unwrap();
        let verified = parse(&token).unwrap().verify_with_set(&[verifying(alg)]).unwrap();
        prop_assert_eq!(Value::Object(verified.into_claims()), claims);
    }

    #[test]
    fn any_changed_character_fails(at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_.=-]", index in 0_usize..6) {
        let alg = Alg::ALL[index];
        let token = sign_compact(key(alg), "JWT", &json!({"sub": "alice"})).unwrap();
        let at = at.index(token.len());
        prop_assume!(token[at..=at] != *to);
        let changed = format!("{}{to}{}", &token[..at], &token[at + 1..]);
        let outcome = parse(&changed).and_then(|token| token.verify(&verifying(alg)));
        prop_assert!(outcome.is_err());
    }
}
