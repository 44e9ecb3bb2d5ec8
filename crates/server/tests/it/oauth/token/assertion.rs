//! `private_key_jwt` (RFC 7523, contract 4.3): assertions that prove a client, once.

use domain::client::AuthMethod;
use domain::crypto::base64url;
use domain::jose::{Alg, SigningKey, jws};
use domain::token_request::JWT_BEARER;
use engine::admin::client::ClientDraft;
use serde_json::{Map, Value, json};

use crate::call::Answer;
use crate::world::{App, Tenant, World, m2m_draft, t0};

/// A client that proves itself with keys.
pub async fn keyed(world: &World, tenant: &Tenant, keys: &[&SigningKey]) -> App {
    let public = keys.iter().map(|key| serde_json::to_value(key.public_jwk()).expect("JSON"));
    let draft = ClientDraft {
        auth_methods: vec![AuthMethod::PrivateKeyJwt],
        public_keys: public.collect(),
        ..m2m_draft()
    };
    world.client(tenant, draft).await
}

/// The claims of an assertion that is right in every way.
pub fn right(tenant: &Tenant, app: &App, jti: &str) -> Map<String, Value> {
    let now = t0().as_second();
    let claims = json!({
        "iss": app.id(), "sub": app.id(), "aud": format!("{}/oauth/token", tenant.issuer),
        "iat": now, "exp": now + 300, "jti": jti,
    });
    claims.as_object().expect("an object").clone()
}

pub fn sign(key: &SigningKey, claims: &Map<String, Value>) -> String {
    jws::sign_compact(key, "JWT", claims).expect("signed")
}

/// A token with any header, signed or not.
fn odd(header: &Value, claims: &Map<String, Value>, key: Option<&SigningKey>) -> String {
    let claims = Value::Object(claims.clone()).to_string();
    let input =
        format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(claims.as_bytes()));
    let signature = key.map(|key| key.sign(input.as_bytes()).expect("signed")).unwrap_or_default();
    format!("{input}.{}", base64url(&signature))
}

pub async fn send(world: &World, tenant: &Tenant, assertion: &str) -> Answer {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", JWT_BEARER),
        ("client_assertion", assertion),
    ];
    world.token(tenant, &form).await
}

fn key(alg: Alg) -> SigningKey {
    SigningKey::generate(alg).expect("a key")
}

both! {
    async fn every_advertised_algorithm_works(world) {
        let tenant = &world.a;
        let keys = [Alg::RS256, Alg::RS512, Alg::ES256, Alg::ES384].map(key);
        let app = keyed(&world, tenant, &keys.each_ref()[..]).await;
        let advertised = world.get(tenant, "/.well-known/openid-configuration").send().await.json();
        let advertised = &advertised["token_endpoint_auth_signing_alg_values_supported"];
        assert_eq!(*advertised, json!(keys.each_ref().map(|key| key.alg().as_str())));
        for (n, key) in keys.iter().enumerate() {
            let assertion = sign(key, &right(tenant, &app, &format!("a-{n}")));
            send(&world, tenant, &assertion).await.access_token();
            // In JSON, with the client's id beside.
            let body = json!({
                "grant_type": "client_credentials", "client_id": app.id(),
                "client_assertion_type": JWT_BEARER,
                "client_assertion": sign(key, &right(tenant, &app, &format!("b-{n}"))),
            });
            world.post(tenant, "/oauth/token").json(&body).send().await.access_token();
        }
    }

    async fn what_is_not_advertised_does_not_work(world) {
        let tenant = &world.a;
        let keys = [Alg::PS256, Alg::EdDSA].map(key);
        let app = keyed(&world, tenant, &keys.each_ref()[..]).await;
        for (n, key) in keys.iter().enumerate() {
            let assertion = sign(key, &right(tenant, &app, &format!("a-{n}")));
            send(&world, tenant, &assertion).await.expect_error(401, "invalid_client");
        }
    }

    async fn audience_and_times_that_are_good_enough(world) {
        let (tenant, key) = (&world.a, key(Alg::ES256));
        let app = keyed(&world, tenant, &[&key]).await;
        let now = t0().as_second();
        let good = [
            ("aud", json!(tenant.issuer)),
            ("aud", json!([format!("{}/oauth/token", tenant.issuer)])),
            ("aud", json!(["https://else.example", tenant.issuer])),
            // Conformance 20: eight seconds ahead are taken.
            ("iat", json!(now + 8)),
            ("nbf", json!(now + 8)),
            ("exp", json!(now + 3600)),
            ("exp", json!(now as f64 + 0.5)),
            ("extra", json!({ "deep": [1, 2] })),
        ];
        for (n, (name, value)) in good.into_iter().enumerate() {
            let mut claims = right(tenant, &app, &n.to_string());
            claims.insert(name.to_owned(), value.clone());
            let answer = send(&world, tenant, &sign(&key, &claims)).await;
            assert_eq!(answer.status, 200, "{name} {value}: {}", answer.text());
        }
        // The contract's own sample has no kid and no typ.
        let claims = right(tenant, &app, "no kid");
        let assertion = odd(&json!({ "alg": "ES256" }), &claims, Some(&key));
        send(&world, tenant, &assertion).await.access_token();
    }

    async fn claims_that_are_not_good_are_refused_alike(world) {
        let (tenant, key) = (&world.a, key(Alg::ES256));
        let app = keyed(&world, tenant, &[&key]).await;
        let other = keyed(&world, tenant, &[&self::key(Alg::ES256)]).await;
        let now = t0().as_second();
        let bad = [
            ("iss", json!(other.id())),
            ("sub", json!(other.id())),
            ("iss", json!("someone")),
            ("aud", json!(world.b.issuer)),
            ("aud", json!(format!("{}/oauth/token", world.b.issuer))),
            ("aud", json!(format!("{}/", tenant.issuer))),
            ("aud", json!(format!("{}/oauth/token/", tenant.issuer))),
            ("aud", json!(tenant.host)),
            ("aud", json!([])),
            ("aud", Value::Null),
            ("exp", json!(now - 11)),
            ("exp", json!(now - 3600)),
            ("exp", json!(now + 3601)),
            ("exp", json!(-1)),
            ("exp", json!(1e300)),
            ("exp", json!((now + 300).to_string())),
            ("exp", Value::Null),
            ("iat", json!(now + 61)),
            ("iat", json!("now")),
            ("nbf", json!(now + 61)),
            ("jti", Value::Null),
            ("jti", json!("")),
            ("jti", json!(7)),
            ("jti", json!("j".repeat(300))),
        ];
        let mut bodies = std::collections::BTreeSet::new();
        for (name, value) in bad {
            let mut claims = right(tenant, &app, "used once");
            if value.is_null() {
                claims.remove(name);
            } else {
                claims.insert(name.to_owned(), value.clone());
            }
            let answer = send(&world, tenant, &sign(&key, &claims)).await;
            assert_eq!(answer.status, 401, "{name} {value}: {}", answer.text());
            bodies.insert(answer.expect_error(401, "invalid_client"));
        }
        assert_eq!(bodies.len(), 1, "{bodies:?}");
        assert!(world.table("assertion_use").await.is_empty(), "none counts as used");
        let good = sign(&key, &right(tenant, &app, "used once"));
        send(&world, tenant, &good).await.access_token();
    }

    async fn signatures_that_are_not_good_are_refused(world) {
        let (tenant, key, stranger) = (&world.a, key(Alg::ES256), key(Alg::ES256));
        let app = keyed(&world, tenant, &[&key]).await;
        let claims = right(tenant, &app, "x");
        let good = sign(&key, &claims);
        let (input, signature) = good.rsplit_once('.').expect("parts");
        let kid = key.kid();
        let public = serde_json::to_value(stranger.public_jwk()).expect("JSON");
        let long = "a".repeat(15_000);
        let bad = [
            sign(&stranger, &claims),
            odd(&json!({ "alg": "ES256", "kid": kid }), &claims, Some(&stranger)),
            // The key in the header is the attacker's.
            odd(&json!({ "alg": "ES256", "kid": kid, "jwk": public }), &claims, Some(&stranger)),
            odd(&json!({ "alg": "ES256" }), &claims, Some(&stranger)),
            odd(&json!({ "alg": "none", "kid": kid }), &claims, None),
            odd(&json!({ "alg": "none" }), &claims, Some(&key)),
            odd(&json!({ "alg": "NONE", "kid": kid }), &claims, None),
            odd(&json!({ "alg": "HS256", "kid": kid }), &claims, Some(&key)),
            odd(&json!({ "alg": "RS256", "kid": kid }), &claims, Some(&key)),
            odd(&json!({ "alg": "ES384", "kid": kid }), &claims, Some(&key)),
            odd(&json!({ "alg": "ES256", "kid": "unknown" }), &claims, Some(&key)),
            odd(&json!({ "alg": "ES256", "kid": kid, "crit": ["x"], "x": 1 }), &claims, Some(&key)),
            odd(&json!({ "kid": kid }), &claims, Some(&key)),
            format!("{input}."),
            input.to_owned(),
            format!("{input}.{}", &signature[..signature.len() - 4]),
            format!("{good}="),
            format!("{good}.x"),
            "..".to_owned(),
            "not a token".to_owned(),
            long,
        ];
        for assertion in bad {
            let answer = send(&world, tenant, &assertion).await;
            assert_eq!(answer.status, 401, "{}: {}", &assertion[..40.min(assertion.len())], answer.text());
            answer.expect_error(401, "invalid_client");
            // The client's id beside helps nobody.
            let form = [
                ("grant_type", "client_credentials"),
                ("client_id", app.id()),
                ("client_assertion_type", JWT_BEARER),
                ("client_assertion", assertion.as_str()),
            ];
            world.token(tenant, &form).await.expect_error(401, "invalid_client");
        }
        send(&world, tenant, &good).await.access_token();
    }

    async fn an_assertion_works_once(world) {
        let (tenant, key) = (&world.a, key(Alg::ES256));
        let app = keyed(&world, tenant, &[&key]).await;
        let assertion = sign(&key, &right(tenant, &app, "one"));
        send(&world, tenant, &assertion).await.access_token();
        send(&world, tenant, &assertion).await.expect_error(401, "invalid_client");
        // Another assertion with the same jti, and the same one at another endpoint.
        let mut claims = right(tenant, &app, "one");
        claims.insert("exp".to_owned(), json!(t0().as_second() + 299));
        send(&world, tenant, &sign(&key, &claims)).await.expect_error(401, "invalid_client");
        let form = [("token", "x"), ("client_assertion_type", JWT_BEARER), ("client_assertion", &assertion)];
        let elsewhere = world.post(tenant, "/oauth/introspect").form(&form).send().await;
        elsewhere.expect_error(401, "invalid_client");
        // Another client's jti is another one.
        let second = self::key(Alg::ES256);
        let other = keyed(&world, tenant, &[&second]).await;
        send(&world, tenant, &sign(&second, &right(tenant, &other, "one"))).await.access_token();
        // Purging keeps it as long as the assertion could be taken.
        world.clock.advance_seconds(309);
        engine::jobs::purge(world.engine()).await.expect("purged");
        send(&world, tenant, &assertion).await.expect_error(401, "invalid_client");
        world.clock.advance_seconds(1000);
        engine::jobs::purge(world.engine()).await.expect("purged");
        assert!(world.table("assertion_use").await.is_empty());
        send(&world, tenant, &assertion).await.expect_error(401, "invalid_client");
    }

    async fn of_many_uses_at_once_one_succeeds(world) {
        let (tenant, key) = (&world.a, key(Alg::ES256));
        let app = keyed(&world, tenant, &[&key]).await;
        send(&world, tenant, &sign(&key, &right(tenant, &app, "warm"))).await.access_token();
        let assertion = sign(&key, &right(tenant, &app, "raced"));
        let uses: Vec<_> = (0..8)
            .map(|_| {
                let (world, assertion) = (world.clone(), assertion.clone());
                tokio::spawn(async move { send(&world, &world.a, &assertion).await.status })
            })
            .collect();
        let mut statuses = Vec::new();
        for one in uses {
            statuses.push(one.await.expect("no panic"));
        }
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 7, "{statuses:?}");
    }

    async fn a_client_uses_the_ways_it_registered(world) {
        let (tenant, key) = (&world.a, key(Alg::ES256));
        let app = keyed(&world, tenant, &[&key]).await;
        let grant = ("grant_type", "client_credentials");
        let guess = [grant, ("client_id", app.id()), ("client_secret", "guess")];
        world.token(tenant, &guess).await.expect_error(401, "invalid_client");
        world.token(tenant, &guess[..2]).await.expect_error(401, "invalid_client");
        let mut claims = right(tenant, &tenant.m2m, "x");
        send(&world, tenant, &sign(&key, &claims)).await.expect_error(401, "invalid_client");
        // The client named beside is not the one that signed.
        claims = right(tenant, &app, "y");
        let assertion = sign(&key, &claims);
        let mut form = vec![grant, ("client_assertion_type", JWT_BEARER), ("client_assertion", &assertion)];
        form.push(("client_id", tenant.m2m.id()));
        world.token(tenant, &form).await.expect_error(401, "invalid_client");
        let wrong_type = [grant, ("client_assertion_type", "jwt"), ("client_assertion", &assertion)];
        world.token(tenant, &wrong_type).await.expect_error(400, "invalid_request");
        world.token(tenant, &wrong_type[..2]).await.expect_error(400, "invalid_request");
        let without_type = [grant, ("client_assertion", &assertion)];
        world.token(tenant, &without_type).await.expect_error(400, "invalid_request");
        // At the other tenant nobody knows the client.
        send(&world, &world.b, &assertion).await.expect_error(401, "invalid_client");
        send(&world, tenant, &assertion).await.access_token();
    }
}
