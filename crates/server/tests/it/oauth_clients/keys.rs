//! Public keys and addresses that must not be taken.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::jose::{Alg, SigningKey};
use serde_json::{Value, json};

use super::{Admin, refusal};

pub fn key(kid: &str) -> Value {
    let key = SigningKey::generate(Alg::ES256).expect("a key");
    let mut key = serde_json::to_value(key.public_jwk()).expect("JSON");
    key["kid"] = json!(kid);
    key
}

fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut key = key("one");
    change(&mut key);
    key
}

fn without(member: &str) -> Value {
    with(|key| drop(key.as_object_mut().expect("an object").remove(member)))
}

fn body(keys: &Value) -> Value {
    json!({
        "appType": "web", "clientName": "By key", "allowedAuthMethods": ["private_key_jwt"],
        "publicKeys": keys,
    })
}

fn weak_rsa() -> Value {
    let modulus = BASE64.encode([0xff; 128]);
    json!({ "kty": "RSA", "n": modulus, "e": "AQAB", "use": "sig", "alg": "RS256", "kid": "one" })
}

/// Each key that is refused, and a word of why.
fn bad_keys() -> Vec<(Value, &'static str)> {
    vec![
        (with(|key| key["d"] = key["x"].clone()), "private member"),
        (json!({ "kty": "oct", "k": "AAAA", "use": "sig", "alg": "HS256", "kid": "one" }), ""),
        (weak_rsa(), "1024 bits"),
        (with(|key| key["crv"] = json!("secp256k1")), "crv"),
        (with(|key| key["crv"] = json!("P-384")), ""),
        (with(|key| key["x"] = key["y"].clone()), "curve"),
        (with(|key| key["use"] = json!("enc")), "use"),
        (with(|key| key["alg"] = json!("RS256")), "RS256"),
        (with(|key| key["alg"] = json!("none")), "alg"),
        (with(|key| key["kid"] = json!("")), "kid"),
        (with(|key| key["kid"] = json!(7)), "kid"),
        (with(|key| key["kid"] = json!("a\u{7}")), "kid"),
        (without("kid"), "kid"),
        (without("use"), "use"),
        (without("alg"), "alg"),
        (without("kty"), "kty"),
        (json!("-----BEGIN PUBLIC KEY-----\nMFkwEwYH\n-----END PUBLIC KEY-----"), "JSON object"),
    ]
}

both! {
    async fn each_bad_key_is_pointed_at_and_told_why(world) {
        let admin = Admin::of(&world, &world.a).await;
        let before = world.facts().await;
        for (bad, word) in bad_keys() {
            let refused = admin.post("", &body(&json!([key("good"), bad]))).await;
            let (code, place) = refusal(&refused, 400);
            assert_eq!((&*code, &*place), ("OAUTH-CLIENTS-1", "/publicKeys/1"), "{bad}");
            assert!(refused.text().contains(word), "{bad}: {}", refused.text());
        }
        // What a private member holds is not sent back.
        let private = with(|key| key["d"] = json!("c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I"));
        let refused = admin.post("", &body(&json!([private]))).await;
        assert!(!refused.text().contains("c2VjcmV0"), "{}", refused.text());
        let twins = json!([key("twin"), key("twin")]);
        assert_eq!(refusal(&admin.post("", &body(&twins)).await, 400).1, "/publicKeys/1");
        assert_eq!(world.facts().await, before);
    }

    async fn a_client_has_at_most_ten_keys(world) {
        let admin = Admin::of(&world, &world.a).await;
        let keys = |count: usize| -> Value { (0..count).map(|n| key(&n.to_string())).collect() };
        assert_eq!(refusal(&admin.post("", &body(&keys(11))).await, 400).1, "/publicKeys");
        let made = admin.post("", &body(&keys(10))).await.expect(201).json();
        let one = format!("/{}", made["clientId"].as_str().expect("an id"));
        // An eleventh does not come in by a patch, and a bad one does not replace a good one.
        let add = json!([{ "op": "add", "path": "/publicKeys/-", "value": key("more") }]);
        let refused = admin.patch(&one, &add).await;
        assert_eq!(refusal(&refused, 400).1, "/0/value");
        let bad = with(|key| key["use"] = json!("enc"));
        let replace = json!([{ "op": "replace", "path": "/publicKeys", "value": [bad] }]);
        assert_eq!(refusal(&admin.patch(&one, &replace).await, 400).1, "/0/value/0");
        let read = admin.get(&one).await.expect(200).json();
        assert_eq!(read["publicKeys"], made["publicKeys"]);
    }

    async fn addresses_of_private_networks_are_refused(world) {
        let admin = Admin::of(&world, &world.a).await;
        let before = world.facts().await;
        for address in [
            "https://127.0.0.1/x", "https://localhost/x", "https://10.0.0.1/x",
            "https://192.168.1.1/x", "https://172.16.0.1/x", "https://169.254.169.254/x",
            "https://[::1]/x", "https://[::ffff:127.0.0.1]/x", "https://[fd00::1]/x",
            "https://[fe80::1]/x", "https://0.0.0.0/x", "https://2130706433/x",
            "https://0x7f.1/x", "https://user@example.com/x", "file:///etc/passwd",
            "javascript:alert(1)", "https://intranet/", "https://intranet./x",
            "https://wiki.internal/x", "https://printer.LOCAL/x", "https://local/x",
            "https://app.localhost/x", "https://nas.home.arpa/x", "https://home.arpa/x",
            "https://a.b.internal./x",
        ] {
            let picture = json!({ "appType": "spa", "clientName": "x", "logoUri": address });
            assert_eq!(refusal(&admin.post("", &picture).await, 400).1, "/logoUri", "{address}");
            let mut keys = body(&json!([]));
            keys["jwksUri"] = json!(address);
            assert_eq!(refusal(&admin.post("", &keys).await, 400).1, "/jwksUri", "{address}");
        }
        assert_eq!(world.facts().await, before);
        for address in [
            "https://pictures.example/x", "https://local.example/x", "https://internal.example./x",
            "https://my-internal.example.com:8443/x", "https://notlocal.example/x", "https://1.1.1.1/x",
            "https://mylocalhost.com/", "https://xinternal.com/", "https://away-from-home.com/",
        ] {
            let picture = json!({ "appType": "spa", "clientName": "x", "logoUri": address });
            admin.post("", &picture).await.expect(201);
        }
    }
}
