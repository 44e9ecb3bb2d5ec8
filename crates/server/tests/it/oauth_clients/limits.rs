//! Each limit from both sides: what is just short enough is taken, one more is refused with its
//! code and the place.

use domain::time::plus_seconds;
use serde_json::{Value, json};

use super::{Admin, refusal};
use crate::call::{Answer, encode};
use crate::world::t0;

/// Everything that a refusal of the API says, whatever it is about.
#[track_caller]
fn in_shape(answer: &Answer) {
    let body = answer.json();
    assert!(body["traceId"].as_str().is_some_and(|id| !id.is_empty()), "{body}");
    let error = &body["errors"][0];
    assert!(error["title"].is_string() && error["detail"].is_string(), "{body}");
}

fn address(length: usize) -> String {
    let start = "https://app.example/";
    format!("{start}{}", "a".repeat(length - start.len()))
}

fn many(count: usize, of: impl Fn(usize) -> String) -> Value {
    (0..count).map(of).collect()
}

fn web(field: &str, value: &Value) -> Value {
    let mut body = json!({ "appType": "web", "clientName": "x" });
    body[field] = value.clone();
    body
}

fn spa(field: &str, value: &Value) -> Value {
    let mut body = web(field, value);
    body["appType"] = json!("spa");
    body
}

/// What fits exactly, what is one too long, and where the refusal points.
fn fields() -> Vec<(Value, Value, &'static str)> {
    let text = |field, most| {
        // Two bytes each: characters are counted, not bytes.
        (web(field, &json!("ä".repeat(most))), web(field, &json!("ä".repeat(most + 1))))
    };
    let link = |field| (web(field, &json!(address(2048))), web(field, &json!(address(2049))));
    let uris = |field| {
        let of = |n| format!("https://app.example/{n}");
        (web(field, &many(5, of)), web(field, &many(6, of)))
    };
    let uri = |field| (web(field, &json!([address(256)])), web(field, &json!([address(257)])));
    let origin = |n| format!("https://{n}.app.example");
    let with = |(fits, over): (Value, Value), place| (fits, over, place);
    vec![
        with(text("clientName", 512), "/clientName"),
        with(text("description", 4096), "/description"),
        with(link("clientUri"), "/clientUri"),
        with(link("logoUri"), "/logoUri"),
        with(link("policyUri"), "/policyUri"),
        with(link("tosUri"), "/tosUri"),
        with(uris("redirectUris"), "/redirectUris"),
        with(uris("postLogoutRedirectUris"), "/postLogoutRedirectUris"),
        with(uri("redirectUris"), "/redirectUris/0"),
        with(uri("postLogoutRedirectUris"), "/postLogoutRedirectUris/0"),
        (
            spa("allowedOrigins", &many(5, origin)),
            spa("allowedOrigins", &many(6, origin)),
            "/allowedOrigins",
        ),
    ]
}

fn renames(count: usize) -> Value {
    let one = json!({ "op": "replace", "path": "/description", "value": "again" });
    Value::Array(vec![one; count])
}

/// A filter that is `length` bytes long.
fn long_filter(length: usize) -> String {
    let (start, end) = ("clientName eq \"", "\"");
    format!("{start}{}{end}", "a".repeat(length - start.len() - end.len()))
}

fn deep_filter(depth: usize) -> String {
    format!("{}clientName pr{}", "(".repeat(depth), ")".repeat(depth))
}

async fn filtered(admin: &Admin<'_>, filter: &str) -> Answer {
    let query = encode(&[("filter", filter)]);
    admin.get(&format!("?{query}")).await
}

both! {
    async fn a_field_is_taken_up_to_its_limit_and_pointed_at_above(world) {
        let admin = Admin::of(&world, &world.a).await;
        for (fits, over, place) in fields() {
            let before = world.facts().await;
            let refused = admin.post("", &over).await;
            assert_eq!(refusal(&refused, 400), ("OAUTH-CLIENTS-1".into(), place.into()));
            in_shape(&refused);
            assert_eq!(world.facts().await, before, "{place}");
            admin.post("", &fits).await.expect(201);
        }
    }

    async fn a_patch_has_at_most_fifty_operations(world) {
        let admin = Admin::of(&world, &world.a).await;
        let one = format!("/{}", world.a.web.id());
        admin.patch(&one, &renames(50)).await.expect(204);
        let before = world.facts().await;
        let refused = admin.patch(&one, &renames(51)).await;
        assert_eq!(refusal(&refused, 400).0, "OAUTH-CLIENTS-1");
        in_shape(&refused);
        assert_eq!(world.facts().await, before);
    }

    async fn a_body_is_read_up_to_its_limit(world) {
        let admin = Admin::of(&world, &world.a).await;
        let body = web("description", &json!("")).to_string();
        let padded = |bytes: usize| format!("{body}{}", " ".repeat(bytes - body.len()));
        let json = "application/json";
        let most = 500 * 1024;
        admin.call("POST", "").body(json, padded(most)).send().await.expect(201);
        let refused = admin.call("POST", "").body(json, padded(most + 1)).send().await;
        assert_eq!(refusal(&refused, 413).0, "OAUTH-CLIENTS-9");
        in_shape(&refused);
    }

    async fn filters_and_pages_are_bounded(world) {
        let admin = Admin::of(&world, &world.a).await;
        filtered(&admin, &long_filter(8192)).await.expect(200);
        filtered(&admin, &deep_filter(10)).await.expect(200);
        for filter in [long_filter(8193), deep_filter(17)] {
            let refused = filtered(&admin, &filter).await;
            assert_eq!(refusal(&refused, 400), ("OAUTH-CLIENTS-3".into(), "filter".into()));
            in_shape(&refused);
        }
        for limit in ["1", "100"] {
            admin.get(&format!("?limit={limit}")).await.expect(200);
        }
        for limit in ["0", "101", "-1", "x", "99999999999999999999"] {
            let refused = admin.get(&format!("?limit={limit}")).await;
            assert_eq!(refusal(&refused, 400), ("OAUTH-CLIENTS-3".into(), "limit".into()));
            in_shape(&refused);
        }
    }

    async fn a_tenant_has_room_for_as_many_clients_as_the_operator_says(world) {
        let there = Admin::of(&world, &world.a).await;
        let list = there.get("?limit=1&totalResults=true").await.expect(200).json();
        let count = list["totalResults"].as_u64().expect("a number");
        let most = usize::try_from(count).expect("few") + 1;
        let node = world.node_with(|settings| settings.limits.clients_per_tenant = most).await;
        let admin = Admin::of(&node, &node.a).await;
        let body = json!({ "appType": "spa", "clientName": "x" });
        let last = admin.post("", &body).await.expect(201).json();
        let refused = admin.post("", &body).await;
        assert_eq!(refusal(&refused, 409).0, "OAUTH-CLIENTS-5");
        in_shape(&refused);
        assert!(refused.text().contains(&most.to_string()), "{}", refused.text());
        // The other tenant's clients are not counted; and who deletes one may make one.
        Admin::of(&node, &node.b).await.post("", &body).await.expect(201);
        let last = format!("/{}", last["clientId"].as_str().expect("an id"));
        admin.delete(&last).await.expect(204);
        admin.post("", &body).await.expect(201);
    }

    async fn a_client_has_as_many_secrets_as_the_operator_says(world) {
        let most = 7;
        let node = world.node_with(|settings| settings.limits.client_secrets = most).await;
        let admin = Admin::of(&node, &node.a).await;
        let body = json!({ "appType": "web", "clientName": "x" });
        let made = admin.post("", &body).await.expect(201).json();
        let secrets = format!("/{}/client-secrets", made["clientId"].as_str().expect("an id"));
        for _ in 1..most {
            admin.post(&secrets, &json!({})).await.expect(201);
        }
        let refused = admin.post(&secrets, &json!({})).await;
        assert_eq!(refusal(&refused, 409).0, "OAUTH-CLIENTS-5");
        in_shape(&refused);
        assert!(refused.text().contains(&format!("is {most}")), "{}", refused.text());
    }

    async fn a_secret_has_a_short_label_an_expiry_ahead_and_an_end(world) {
        let admin = Admin::of(&world, &world.a).await;
        let body = json!({
            "appType": "web", "clientName": "x", "allowedScopes": ["user_default"],
            "allowedGrantTypes": ["client_credentials"],
            "connectionConfig": { "consentMethod": "trusted" },
        });
        let made = admin.post("", &body).await.expect(201).json();
        let id = made["clientId"].as_str().expect("an id");
        let secrets = format!("/{id}/client-secrets");
        let now = t0();
        for (body, place) in [
            (json!({ "label": "ä".repeat(101) }), "/label"),
            (json!({ "label": "a\nb" }), "/label"),
            (json!({ "expiresAt": now }), "/expiresAt"),
            (json!({ "expiresAt": "tomorrow" }), "/expiresAt"),
            (json!({ "colour": 1 }), "/colour"),
        ] {
            let refused = admin.post(&secrets, &body).await;
            assert_eq!(refusal(&refused, 400).1, place, "{body}");
            in_shape(&refused);
        }
        let expiry = json!({ "label": "ä".repeat(100), "expiresAt": plus_seconds(now, 60) });
        let second = admin.post(&secrets, &expiry).await.expect(201).json();
        let secret = second["clientSecret"].as_str().expect("a secret");
        let form = [
            ("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret),
        ];
        world.clock.advance_seconds(59);
        world.token(&world.a, &form).await.access_token();
        world.clock.advance_seconds(1);
        world.token(&world.a, &form).await.expect_error(401, "invalid_client");
        // Without its last secret the client could do nothing.
        let admin = Admin::of(&world, &world.a).await;
        let hint = second["hint"].as_str().expect("a hint");
        admin.delete(&format!("{secrets}/{hint}")).await.expect(204);
        let first = format!("{secrets}/{}", made["clientSecretHint"].as_str().expect("a hint"));
        let refused = admin.delete(&first).await;
        assert_eq!(refusal(&refused, 409).0, "OAUTH-CLIENTS-4");
        assert!(refused.text().contains("force"), "{}", refused.text());
        assert_eq!(refusal(&admin.delete(&format!("{first}?force=perhaps")).await, 400).1, "force");
        admin.delete(&format!("{first}?force=true")).await.expect(204);
    }
}
