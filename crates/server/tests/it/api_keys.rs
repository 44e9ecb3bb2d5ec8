//! `/api/v1/api-keys` (contract, section 6), and keys as bearer credentials.

use domain::crypto::base64url;
use domain::user::UserStatus;
use engine::keys;
use serde_json::{Value, json};

use crate::call::Answer;
use crate::flow::{AuthRequest, Tokens};
use crate::jwt;
use crate::world::{Person, Tenant, World, scopes, web_draft};

const PATH: &str = "/api/v1/api-keys";

/// A token of a person's, for an app with all scopes that a person may have.
async fn person_token(world: &World, tenant: &Tenant, person: &Person, scope: &str) -> String {
    let mut draft = web_draft();
    draft.allowed_scopes = scopes("openid user_default admin_classic");
    let app = world.client(tenant, draft).await;
    let request = AuthRequest::new(&app, scope);
    let code = world.code_in(&mut world.browser(tenant), &request, person).await;
    Tokens::of(&world.exchange(tenant, &app, &code).await).access().to_owned()
}

async fn user_token(world: &World, tenant: &Tenant, person: &Person) -> String {
    person_token(world, tenant, person, "user_default").await
}

async fn admin_token(world: &World, tenant: &Tenant) -> String {
    person_token(world, tenant, &tenant.admin, "user_default admin_classic").await
}

pub async fn post(world: &World, tenant: &Tenant, bearer: &str, body: &Value) -> Answer {
    world.post(tenant, PATH).bearer(bearer).json(body).send().await
}

/// A key of whoever the bearer is.
pub async fn make(world: &World, tenant: &Tenant, bearer: &str) -> Value {
    let made = post(world, tenant, bearer, &json!({ "description": "Nightly export" })).await;
    made.expect(201).json()
}

pub fn token(key: &Value) -> &str {
    key["token"].as_str().expect("a token")
}

fn one(key: &Value) -> String {
    format!("{PATH}/{}", key["id"].as_str().expect("an id"))
}

async fn get(world: &World, tenant: &Tenant, bearer: &str, path: &str) -> Answer {
    world.get(tenant, path).bearer(bearer).send().await
}

async fn call(world: &World, method: &str, bearer: &str, path: &str) -> Answer {
    world.call(method, "a.test", path).bearer(bearer).send().await
}

/// Whether a credential opens the API.
pub async fn works(world: &World, tenant: &Tenant, bearer: &str) -> bool {
    match get(world, tenant, bearer, PATH).await {
        answer if answer.status == 200 => true,
        answer => {
            answer.expect_error(401, "invalid_token");
            false
        }
    }
}

fn ids(list: &Value) -> Vec<String> {
    let data = list["data"].as_array().expect("data");
    data.iter().map(|key| key["id"].as_str().expect("an id").to_owned()).collect()
}

both! {
    async fn a_key_is_shown_once_and_opens_the_api(world) {
        let a = &world.a;
        let alice = user_token(&world, a, &a.alice).await;
        let made = make(&world, a, &alice).await;
        assert_eq!(made["sub"], a.alice.id.as_str());
        assert_eq!(made["subType"], "user");
        assert_eq!(made["tenantId"], a.id.as_str());
        assert_eq!(made["status"], "active");
        assert_eq!(made["description"], "Nightly export");
        assert_eq!(made["createdByUser"], a.alice.id.as_str());
        assert_eq!(made["created"], "2027-01-15T08:00:00.25Z");
        assert_eq!(made["expiry"], "2027-01-16T08:00:00.25Z", "a day when nobody says");
        let claims = world.verified(a, token(&made)).await;
        assert_eq!(jwt::header(token(&made))["typ"], "apikey+jwt");
        assert_eq!(claims["jti"], made["id"]);
        assert_eq!((&claims["iss"], &claims["aud"]), (&json!(a.issuer), &json!(a.issuer)));
        assert_eq!(claims["sub"], made["sub"]);
        let read = get(&world, a, token(&made), &one(&made)).await.expect(200).json();
        let mut same = made.clone();
        same.as_object_mut().expect("an object").remove("token");
        assert_eq!(read, same);
        let listed = get(&world, a, token(&made), PATH).await.expect(200).json();
        assert_eq!(listed["data"], json!([same]));
    }

    async fn a_key_makes_no_keys(world) {
        let a = &world.a;
        let admin = admin_token(&world, a).await;
        let machine = world.machine_token(a).await;
        let before = world.table("api_key").await.len();
        for (n, bearer) in [&user_token(&world, a, &a.alice).await, &admin, &machine].into_iter().enumerate() {
            let key = make(&world, a, bearer).await;
            for body in [
                json!({ "description": "To outlive the first" }),
                json!({ "description": "x", "expiry": "P300D" }),
                json!({ "description": "x", "sub": a.bob.id.as_str() }),
                json!({ "description": "x", "sub": key["sub"], "subType": "user" }),
            ] {
                let refused = post(&world, a, token(&key), &body).await.expect(403).json();
                assert_eq!(refused["errors"][0]["code"], "API-KEYS-6", "{body}");
            }
            assert_eq!(world.table("api_key").await.len(), before + n + 1, "only the first");
        }
    }

    async fn the_token_is_kept_nowhere(world) {
        let a = &world.a;
        let made = make(&world, a, &user_token(&world, a, &a.alice).await).await;
        get(&world, a, token(&made), PATH).await.expect(200);
        let signature = token(&made).rsplit('.').next().expect("three parts");
        let rows = world.rows().await;
        assert!(!rows.iter().any(|row| row.contains(signature)));
        let event = world.audit(a, "api_key.created").await;
        assert_eq!(event.len(), 1);
        assert_eq!(event[0].subject, made["id"].as_str().expect("an id"));
        assert_eq!(event[0].details["changes"]["description"]["to"], "Nightly export");
        assert!(!event[0].details.to_string().contains("hash"));
    }

    async fn bad_requests_are_told_where(world) {
        let a = &world.a;
        let alice = user_token(&world, a, &a.alice).await;
        let before = world.table("api_key").await;
        for (body, status, pointer) in [
            (json!({}), 400, "/description"),
            (json!([]), 400, ""),
            (json!({ "description": 7 }), 400, "/description"),
            (json!({ "description": " " }), 400, "/description"),
            (json!({ "description": "x".repeat(513) }), 400, "/description"),
            (json!({ "description": "x\u{0}" }), 400, "/description"),
            (json!({ "description": "x", "scope": "admin_classic" }), 400, "/scope"),
            (json!({ "description": "x", "expiry": "1 day" }), 400, "/expiry"),
            (json!({ "description": "x", "expiry": "P366D" }), 400, "/expiry"),
            (json!({ "description": "x", "expiry": "PT0S" }), 400, "/expiry"),
            (json!({ "description": "x", "subType": "externalClient" }), 400, "/subType"),
            (json!({ "description": "x", "subType": "tenant" }), 400, "/subType"),
        ] {
            let refused = post(&world, a, &alice, &body).await.expect(status).json();
            let error = &refused["errors"][0];
            assert!(error["code"].as_str().expect("a code").starts_with("API-KEYS-"), "{refused}");
            assert_eq!(error["source"]["pointer"], pointer, "{body}");
        }
        assert_eq!(world.table("api_key").await, before);
    }

    async fn nobody_makes_a_key_for_somebody_else_but_an_administrator(world) {
        let a = &world.a;
        let alice = user_token(&world, a, &a.alice).await;
        let for_user = |id: &str| json!({ "description": "x", "sub": id });
        post(&world, a, &alice, &for_user(a.alice.id.as_str())).await.expect(201);
        post(&world, a, &alice, &for_user(a.admin.id.as_str())).await.expect(403);
        // An app that an administrator gave little to is no administrator.
        let little = user_token(&world, a, &a.admin).await;
        post(&world, a, &little, &for_user(a.bob.id.as_str())).await.expect(403);
        let admin = admin_token(&world, a).await;
        let bobs = post(&world, a, &admin, &for_user(a.bob.id.as_str())).await.expect(201).json();
        assert_eq!(bobs["sub"], a.bob.id.as_str());
        assert_eq!(bobs["createdByUser"], a.admin.id.as_str());
        for id in [world.b.bob.id.as_str(), "65f0c0ffee65f0c0ffee65f0", "' OR 1=1", ""] {
            let refused = post(&world, a, &admin, &for_user(id)).await.expect(400).json();
            assert_eq!(refused["errors"][0]["source"]["pointer"], "/sub");
        }
        world.user_status(a, &a.alice.id, UserStatus::Disabled).await;
        post(&world, a, &admin, &for_user(a.alice.id.as_str())).await.expect(400);
    }

    async fn a_key_never_does_more_than_its_user_or_its_maker(world) {
        let a = &world.a;
        let config = format!("{PATH}/configs/{}", a.id);
        let patch = json!([{ "op": "replace", "path": "/max_keys_per_user", "value": 9 }]);
        let change = async |bearer: &str| {
            let call = world.call("PATCH", "a.test", &config).bearer(bearer).json(&patch);
            call.send().await
        };
        let alice = make(&world, a, &user_token(&world, a, &a.alice).await).await;
        change(token(&alice)).await.expect(403);
        get(&world, a, token(&alice), &config).await.expect(200);
        // An app without admin_classic cannot make itself an administrator by way of a key.
        let narrow = make(&world, a, &user_token(&world, a, &a.admin).await).await;
        assert_eq!(narrow["scope"], "user_default");
        change(token(&narrow)).await.expect_error(403, "insufficient_scope");
        let wide = make(&world, a, &admin_token(&world, a).await).await;
        change(token(&wide)).await.expect(204);
    }

    async fn other_tokens_are_no_keys_and_keys_are_no_tokens(world) {
        let (a, b) = (&world.a, &world.b);
        let tokens = world.tokens(a, &a.web, "openid user_default").await;
        let made = make(&world, a, tokens.access()).await;
        let key = token(&made);
        // A key is nothing to the protocol.
        world.userinfo(a, key).await.expect_error(401, "invalid_token");
        let told = world.post(a, "/oauth/introspect").basic(a.m2m.id(), &a.m2m.secret);
        let told = told.form(&[("token", key)]).send().await.expect(200).json();
        assert_eq!(told["active"], false);
        let revoke = world.post(a, "/oauth/revoke").basic(a.m2m.id(), &a.m2m.secret);
        revoke.form(&[("token", key)]).send().await.expect(200);
        assert!(works(&world, a, key).await, "revocation of tokens does not know keys");
        assert!(!works(&world, b, key).await, "another tenant's");
        assert!(!works(&world, a, tokens.id()).await, "an ID token");
        // Other header, other claims, or no signature.
        let parts: Vec<&str> = key.split('.').collect();
        let access: Vec<&str> = tokens.access().split('.').collect();
        let encode = |value: &Value| base64url(value.to_string().as_bytes());
        let mut header = jwt::header(key);
        let mut forged = vec![
            format!("{}.{}.{}", access[0], parts[1], parts[2]),
            format!("{}.{}.{}", parts[0], access[1], access[2]),
            format!("{}.{}.{}", parts[0], parts[1], access[2]),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{key}x"),
            key[..key.len() - 2].to_owned(),
        ];
        for (name, value) in [
            ("alg", json!("none")), ("alg", json!("HS256")), ("alg", json!("RS256")),
            ("kid", json!("other")), ("kid", json!(7)), ("typ", json!("at+jwt")), ("typ", json!("JWT")),
            ("typ", Value::Null),
        ] {
            let good = header[name].clone();
            header[name] = value;
            forged.push(format!("{}.{}.{}", encode(&header), parts[1], parts[2]));
            header[name] = good;
        }
        let mut claims = Value::Object(jwt::claims(key));
        claims["sub"] = json!(a.admin.id.as_str());
        forged.push(format!("{}.{}.{}", parts[0], encode(&claims), parts[2]));
        for token in forged {
            assert!(!works(&world, a, &token).await, "{token}");
        }
        // Even our own signature makes no key of what was not handed out.
        let ctx = world.admin(a).await;
        let signer = keys::signer(&ctx, keys::ACCESS_TOKEN_ALG).await.expect("a key");
        let mut copy = Value::Object(jwt::claims(key));
        copy["exp"] = json!(4_000_000_000_i64);
        let sign = |typ: &str, claims: &Value| {
            domain::jose::jws::sign_compact(&signer, typ, claims).expect("signed")
        };
        assert!(!works(&world, a, &sign("apikey+jwt", &copy)).await);
        copy["jti"] = json!("0123456789abcdef0123456789abcdef");
        assert!(!works(&world, a, &sign("apikey+jwt", &copy)).await);
        let as_key = Value::Object(jwt::claims(tokens.access()));
        assert!(!works(&world, a, &sign("apikey+jwt", &as_key)).await);
        assert!(!works(&world, a, &sign("at+jwt", &Value::Object(jwt::claims(key)))).await);
    }

    async fn a_key_ends_with_its_time(world) {
        let a = &world.a;
        let alice = user_token(&world, a, &a.alice).await;
        let body = json!({ "description": "x", "expiry": "PT1H" });
        let key = post(&world, a, &alice, &body).await.expect(201).json();
        world.clock.advance_seconds(3599);
        assert!(works(&world, a, token(&key)).await);
        world.clock.advance_seconds(1);
        assert!(!works(&world, a, token(&key)).await);
        let seen = get(&world, a, &alice, &one(&key)).await.expect(200).json();
        assert_eq!(seen["status"], "expired");
    }

    async fn a_key_outlives_the_key_that_signed_it(world) {
        let a = &world.a;
        let alice = user_token(&world, a, &a.alice).await;
        let body = json!({ "description": "x", "expiry": "P30D" });
        let key = post(&world, a, &alice, &body).await.expect(201).json();
        let actor = domain::audit::Actor::Operator;
        keys::rotate(&world.admin(a).await, false, &actor).await.expect("rotated");
        world.clock.advance_seconds(5 * 86_400);
        assert!(works(&world, a, token(&key)).await);
        assert!(!works(&world, a, &alice).await);
        keys::rotate(&world.admin(a).await, true, &actor).await.expect("rotated");
        assert!(works(&world, a, token(&key)).await);
    }

    async fn the_owner_deletes_and_an_administrator_revokes(world) {
        let a = &world.a;
        let (alice, bob) =
            (user_token(&world, a, &a.alice).await, user_token(&world, a, &a.bob).await);
        let admin = admin_token(&world, a).await;
        let (first, second) = (make(&world, a, &alice).await, make(&world, a, &alice).await);
        for method in ["GET", "DELETE"] {
            call(&world, method, &bob, &one(&first)).await.expect(404);
        }
        assert!(works(&world, a, token(&first)).await);
        call(&world, "DELETE", &alice, &one(&first)).await.expect(204);
        assert!(!works(&world, a, token(&first)).await);
        call(&world, "GET", &alice, &one(&first)).await.expect(404);
        call(&world, "DELETE", &alice, &one(&first)).await.expect(404);
        call(&world, "DELETE", &admin, &one(&second)).await.expect(204);
        assert!(!works(&world, a, token(&second)).await);
        let seen = call(&world, "GET", &alice, &one(&second)).await.expect(200).json();
        assert_eq!(seen["status"], "revoked");
        call(&world, "DELETE", &admin, &one(&second)).await.expect(204);
        assert_eq!(world.audit(a, "api_key.revoked").await.len(), 1);
        call(&world, "DELETE", &alice, &one(&second)).await.expect(204);
        // A key may end itself.
        let third = make(&world, a, &alice).await;
        call(&world, "DELETE", token(&third), &one(&third)).await.expect(204);
        assert!(!works(&world, a, token(&third)).await);
    }

    async fn other_nodes_hear_of_it(world) {
        let a = &world.a;
        let alice = user_token(&world, a, &a.alice).await;
        let key = make(&world, a, &alice).await;
        let (other, mut feed) = world.second_node().await;
        assert!(works(&other, a, token(&key)).await);
        call(&world, "DELETE", &alice, &one(&key)).await.expect(204);
        feed.poll().await.expect("reads");
        assert!(!works(&other, a, token(&key)).await);
        other.engine().store().close().await;
    }

    async fn a_key_dies_with_its_user_and_stays_dead(world) {
        let a = &world.a;
        let key = make(&world, a, &user_token(&world, a, &a.alice).await).await;
        assert!(works(&world, a, token(&key)).await);
        world.user_status(a, &a.alice.id, UserStatus::Disabled).await;
        assert!(!works(&world, a, token(&key)).await);
        world.user_status(a, &a.alice.id, UserStatus::Active).await;
        assert!(!works(&world, a, token(&key)).await);
        let admin = admin_token(&world, a).await;
        let seen = get(&world, a, &admin, &one(&key)).await.expect(200).json();
        assert_eq!(seen["status"], "revoked");
        let fresh = make(&world, a, &user_token(&world, a, &a.alice).await).await;
        assert!(works(&world, a, token(&fresh)).await);
    }

    async fn a_machines_key_dies_with_the_machine(world) {
        let a = &world.a;
        let key = make(&world, a, &world.machine_token(a).await).await;
        assert!(works(&world, a, token(&key)).await);
        let ctx = world.admin(a).await;
        let operator = engine::authority::Caller::operator();
        // One that its client did not make.
        let draft = engine::admin::api_key::ApiKeyDraft {
            description: "By hand".to_owned(),
            sub: key["sub"].as_str().map(str::to_owned),
            ..Default::default()
        };
        let given = engine::admin::api_key::create(&ctx, &operator, &draft).await.expect("a key");
        assert!(works(&world, a, given.token.expose()).await);
        engine::admin::client::delete(&ctx, &operator, &a.m2m.id).await.expect("deleted");
        assert!(!works(&world, a, token(&key)).await);
        assert!(!works(&world, a, given.token.expose()).await);
        let admin = admin_token(&world, a).await;
        let left = format!("{PATH}?status=active&sub={}", draft.sub.expect("a user"));
        assert!(ids(&get(&world, a, &admin, &left).await.expect(200).json()).is_empty());
    }

    async fn keys_of_a_deleted_app_are_revoked_and_make_room(world) {
        let a = &world.a;
        let mut draft = web_draft();
        draft.allowed_scopes = scopes("openid user_default");
        let app = world.client(a, draft).await;
        let request = AuthRequest::new(&app, "user_default");
        let code = world.code_in(&mut world.browser(a), &request, &a.alice).await;
        let through = world.exchange(a, &app, &code).await.access_token();
        for _ in 0..5 {
            make(&world, a, &through).await;
        }
        let alice = user_token(&world, a, &a.alice).await;
        let (ctx, operator) = (world.admin(a).await, engine::authority::Caller::operator());
        // Switched off, the app's keys rest: they work again when it does, so they keep their places.
        let set = async |reason| {
            engine::admin::client::set_disabled(&ctx, &operator, &app.id, reason).await.expect("set");
        };
        set(Some("abuse")).await;
        let body = json!({ "description": "one too many" });
        post(&world, a, &alice, &body).await.expect(409);
        set(None).await;
        engine::admin::client::delete(&ctx, &operator, &app.id).await.expect("deleted");
        for (status, count) in [("active", 0), ("revoked", 5)] {
            let listed = get(&world, a, &alice, &format!("{PATH}?status={status}")).await;
            assert_eq!(ids(&listed.expect(200).json()).len(), count, "{status}");
        }
        for _ in 0..5 {
            make(&world, a, &alice).await;
        }
        post(&world, a, &alice, &body).await.expect(409);
    }

    async fn a_key_says_what_its_app_needs(world) {
        let a = &world.a;
        let mut draft = web_draft();
        draft.allowed_scopes = scopes("openid user_default admin.users:read");
        let app = world.client(a, draft).await;
        let request = AuthRequest::new(&app, "user_default admin.users:read");
        let code = world.code_in(&mut world.browser(a), &request, &a.admin).await;
        let through = world.exchange(a, &app, &code).await.access_token();
        let key = make(&world, a, &through).await;
        let last_used = async || {
            let (ctx, operator) = (world.admin(a).await, engine::authority::Caller::operator());
            let told = engine::admin::activity::activity(&ctx, &operator, &app.id).await;
            let scopes = told.expect("an activity").scopes.into_iter();
            let mut one = scopes.filter(|scope| scope.scope == "admin.users:read");
            one.next().expect("a scope of the list").last_used
        };
        assert_eq!(last_used().await, None, "asked for, and not used yet");
        world.clock.advance_seconds(3600);
        get(&world, a, token(&key), "/api/v1/groups/settings").await.expect(200);
        assert_eq!(last_used().await.as_deref(), Some("2027-01-15"));
    }

    async fn a_user_has_so_many_keys(world) {
        let a = &world.a;
        let alice = user_token(&world, a, &a.alice).await;
        let first = make(&world, a, &alice).await;
        for _ in 0..4 {
            make(&world, a, &alice).await;
        }
        let body = json!({ "description": "one too many" });
        let full = post(&world, a, &alice, &body).await.expect(409).json();
        assert_eq!(full["errors"][0]["code"], "API-KEYS-5");
        make(&world, a, &user_token(&world, a, &a.bob).await).await;
        call(&world, "DELETE", &alice, &one(&first)).await.expect(204);
        make(&world, a, &alice).await;
        post(&world, a, &alice, &body).await.expect(409);
        world.clock.advance_seconds(86_400);
        make(&world, a, &user_token(&world, a, &a.alice).await).await;
    }

    async fn a_description_is_patched(world) {
        let a = &world.a;
        let alice = user_token(&world, a, &a.alice).await;
        let key = make(&world, a, &alice).await;
        let patch = async |bearer: &str, body: Value| {
            world.call("PATCH", "a.test", &one(&key)).bearer(bearer).json(&body).send().await
        };
        let good = json!([{ "op": "replace", "path": "/description", "value": "Weekly" }]);
        patch(&user_token(&world, a, &a.bob).await, good.clone()).await.expect(404);
        patch(&alice, good).await.expect(204);
        for (body, pointer) in [
            (json!({}), ""),
            (json!([]), ""),
            (json!([{ "op": "remove", "path": "/description" }]), "/0/op"),
            (json!([{ "op": "replace", "path": "/sub", "value": a.admin.id.as_str() }]), "/0/path"),
            (json!([{ "op": "replace", "path": "/description", "value": 7 }]), "/0/value"),
            (json!([{ "op": "replace", "path": "/description", "value": "" }]), "/0/value"),
        ] {
            let refused = patch(&alice, body.clone()).await.expect(400).json();
            assert_eq!(refused["errors"][0]["source"]["pointer"], pointer, "{body}");
        }
        let seen = get(&world, a, &alice, &one(&key)).await.expect(200).json();
        assert_eq!(seen["description"], "Weekly");
        let told = world.audit(a, "api_key.updated").await;
        assert_eq!(told[0].details["changes"]["description"]["from"], "Nightly export");
    }

    async fn the_tenant_says_how_long_and_how_many(world) {
        let (a, b) = (&world.a, &world.b);
        let config = format!("{PATH}/configs/{}", a.id);
        let (alice, admin) =
            (user_token(&world, a, &a.alice).await, admin_token(&world, a).await);
        let told = get(&world, a, &alice, &config).await.expect(200).json();
        let expected = json!({
            "max_api_key_expiry": "P365D", "max_keys_per_user": 5, "scim_externalClient_expiry": "P365D",
        });
        assert_eq!(told, expected);
        let patch = async |path: &str, body: &Value| {
            world.call("PATCH", "a.test", path).bearer(&admin).json(body).send().await
        };
        let change = json!([
            { "op": "replace", "path": "/max_api_key_expiry", "value": "PT1H" },
            { "op": "replace", "path": "/max_keys_per_user", "value": 1 },
        ]);
        let foreign = format!("{PATH}/configs/{}", b.id);
        get(&world, a, &admin, &foreign).await.expect(404);
        patch(&foreign, &change).await.expect(404);
        patch(&config, &change).await.expect(204);
        let key = make(&world, a, &alice).await;
        assert_eq!(key["expiry"], "2027-01-15T09:00:00.25Z", "no longer than the tenant allows");
        let body = json!({ "description": "x", "expiry": "PT2H" });
        let long = post(&world, a, &alice, &body).await.expect(400).json();
        assert_eq!(long["errors"][0]["source"]["pointer"], "/expiry");
        let full = post(&world, a, &alice, &json!({ "description": "x" })).await;
        full.expect(409);
        for (path, value) in [
            ("/max_keys_per_user", json!(-1)), ("/max_keys_per_user", json!(1001)),
            ("/max_keys_per_user", json!("5")), ("/max_api_key_expiry", json!("x")),
            ("/max_api_key_expiry", json!(7)), ("/scim_externalClient_expiry", Value::Null),
        ] {
            let body = json!([{ "op": "replace", "path": path, "value": value }]);
            let refused = patch(&config, &body).await.expect(400).json();
            assert_eq!(refused["errors"][0]["source"]["pointer"], "/0/value", "{body}");
        }
        let told = world.audit(a, "api_key.settings_updated").await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].details["changes"]["max_keys_per_user"], json!({ "from": 5, "to": 1 }));
        let others = world.get(b, &format!("{PATH}/configs/{}", b.id));
        let others = others.bearer(&user_token(&world, b, &b.alice).await).send().await;
        assert_eq!(others.expect(200).json(), expected, "another tenant's stay");
    }
}

/// Follows the links of a list.
async fn pages(world: &World, bearer: &str, path: &str, link: &str) -> Vec<Vec<String>> {
    let (mut path, mut all) = (path.to_owned(), Vec::new());
    loop {
        let page = get(world, &world.a, bearer, &path).await.expect(200).json();
        all.push(ids(&page));
        match page["links"][link]["href"].as_str() {
            Some(href) => path = href.strip_prefix("https://a.test").expect("ours").to_owned(),
            None => return all,
        }
    }
}

both! {
    async fn a_list_has_ones_own_and_an_administrator_sees_all(world) {
        let (a, b) = (&world.a, &world.b);
        let (alice, bob) =
            (user_token(&world, a, &a.alice).await, user_token(&world, a, &a.bob).await);
        let admin = admin_token(&world, a).await;
        let mut made = Vec::new();
        for bearer in [&alice, &alice, &alice, &bob, &bob] {
            world.clock.advance_seconds(1);
            made.push(make(&world, a, bearer).await);
        }
        let foreign = make(&world, b, &user_token(&world, b, &b.alice).await).await;
        let id = |n: usize| made[n]["id"].as_str().expect("an id").to_owned();
        let all = ids(&get(&world, a, &admin, PATH).await.expect(200).json());
        assert_eq!(all, [id(4), id(3), id(2), id(1), id(0)], "the newest first");
        let own = ids(&get(&world, a, &alice, PATH).await.expect(200).json());
        assert_eq!(own, [id(2), id(1), id(0)]);
        let bobs = format!("{PATH}?sub={}", a.bob.id);
        assert_eq!(ids(&get(&world, a, &admin, &bobs).await.json()), [id(4), id(3)]);
        assert!(ids(&get(&world, a, &alice, &bobs).await.expect(200).json()).is_empty());
        let by = format!("{PATH}?createdByUser={}&sort=%2Bcreated", a.alice.id);
        assert_eq!(ids(&get(&world, a, &admin, &by).await.json()), [id(0), id(1), id(2)]);
        // Pages, there and back, by the links and by ids as the contract has them.
        let path = format!("{PATH}?limit=2");
        let there = pages(&world, &admin, &path, "next").await;
        assert_eq!(there, [vec![id(4), id(3)], vec![id(2), id(1)], vec![id(0)]]);
        let second = format!("{path}&startingAfter={}", id(3));
        assert_eq!(pages(&world, &admin, &second, "next").await, there[1..]);
        assert_eq!(pages(&world, &admin, &second, "prev").await, [&there[1][..], &there[0]]);
        let back = format!("{path}&endingBefore={}", id(1));
        assert_eq!(pages(&world, &admin, &back, "prev").await, [vec![id(3), id(2)], vec![id(4)]]);
        let link = get(&world, a, &admin, &path).await.json();
        let link = link["links"]["next"]["href"].as_str().expect("a link").to_owned();
        assert!(link.contains("startingAfter="), "{link}");
        for bad in [
            "limit=0", "limit=101", "sort=token_hash", "status=x", "sub=%27", "createdByUser=%20",
            "startingAfter=x", "startingAfter=%00",
            &format!("startingAfter={}", foreign["id"].as_str().expect("an id")),
            &format!("startingAfter={}&endingBefore={}", id(1), id(2)),
            &format!("sort=%2Bcreated&{}", link.split_once('?').expect("a query").1),
            &format!("sub={}&{}", a.bob.id, link.split_once('?').expect("a query").1),
        ] {
            let refused = get(&world, a, &admin, &format!("{PATH}?{bad}")).await;
            let refused = refused.expect(400).json();
            assert!(refused["errors"][0]["source"]["parameter"].is_string(), "{bad}");
        }
        // A cursor of an administrator's shows nothing more to somebody else.
        let seen = get(&world, a, &alice, link.strip_prefix("https://a.test").expect("ours")).await;
        assert_eq!(ids(&seen.expect(200).json()), [id(2), id(1)]);
        let not_mine = format!("{PATH}?startingAfter={}", id(3));
        get(&world, a, &alice, &not_mine).await.expect(400);
    }

    async fn a_list_tells_active_expired_and_revoked_keys_apart(world) {
        let a = &world.a;
        let (alice, admin) =
            (user_token(&world, a, &a.alice).await, admin_token(&world, a).await);
        let short = json!({ "description": "b", "expiry": "PT1M" });
        let expired = post(&world, a, &alice, &short).await.expect(201).json();
        let revoked = post(&world, a, &alice, &short).await.expect(201).json();
        call(&world, "DELETE", &admin, &one(&revoked)).await.expect(204);
        let active = make(&world, a, &alice).await;
        world.clock.advance_seconds(60);
        for (status, key) in [("active", &active), ("expired", &expired), ("revoked", &revoked)] {
            let listed = get(&world, a, &alice, &format!("{PATH}?status={status}")).await.json();
            assert_eq!(ids(&listed), [key["id"].as_str().expect("an id")], "{status}");
            assert_eq!(listed["data"][0]["status"], status);
        }
        let sorted = get(&world, a, &alice, &format!("{PATH}?sort=status")).await.json();
        let words: Vec<_> = sorted["data"].as_array().expect("data").iter().map(|k| &k["status"]).collect();
        assert_eq!(words, ["active", "expired", "revoked"]);
        let counted = get(&world, a, &alice, &format!("{PATH}?limit=1&totalResults=true")).await;
        assert_eq!(counted.json()["totalResults"], 3);
    }
}
