//! Every address with a parameter, with what names nothing in this tenant: real ids of another
//! tenant, and bytes that are no text. The router's own table is walked, so that a new address is
//! tried without being told to.

use std::collections::BTreeMap;

use countersign::router::{Access, Endpoint};
use engine::admin::api_key::{self, ApiKeyDraft};
use engine::authority::Caller;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::call::{Answer, encode};
use crate::gate::all;
use crate::html;
use crate::world::{Tenant, World};

/// Addresses with a parameter.
fn with_parameter() -> Vec<Endpoint> {
    all(|_| true).into_iter().filter(|endpoint| endpoint.path.contains('{')).collect()
}

/// What an address is about: `users` of `/api/v1/users/{id}` and of `/admin/users/{id}`.
fn noun(endpoint: &Endpoint) -> &'static str {
    let mut parts = endpoint.path.split('/').skip(1);
    let noun = if parts.next() == Some("admin") { parts.next() } else { parts.nth(1) };
    noun.expect("an address of something")
}

/// Somebody who may do everything in a tenant: by a key that no app made, and in the console.
struct Administrator {
    key: String,
    browser: Browser,
    csrf: String,
}

impl Administrator {
    async fn of(world: &World, tenant: &Tenant) -> Self {
        let draft = ApiKeyDraft {
            description: "Everything".to_owned(),
            sub: Some(tenant.admin.id.to_string()),
            ..ApiKeyDraft::default()
        };
        let ctx = world.admin(tenant).await;
        let key = api_key::create(&ctx, &Caller::operator(), &draft).await.expect("a key");
        let mut browser = world.browser(tenant);
        browser.sign_in(&tenant.admin).await;
        let page = browser.get("/account").await;
        let csrf = html::forms(page.text())[0].field("csrf").expect("a token").to_owned();
        Self { key: key.token.expose().clone(), browser, csrf }
    }

    /// Sends what would change something if the address named something.
    async fn send(&mut self, world: &World, endpoint: &Endpoint, path: &str) -> Answer {
        match endpoint.access {
            Access::Bearer(_) => {
                let call = world.call(endpoint.method, "a.test", path).bearer(&self.key);
                let call = if endpoint.method == "PATCH" { call.json(&patch(path)) } else { call };
                call.send().await
            }
            Access::AdminForm(_) => {
                let user = world.a.alice.id.as_str();
                let hint = path.split('/').rev().nth(1).expect("two parts");
                let fields = encode(&[
                    ("csrf", &self.csrf),
                    ("name", "Taken"),
                    ("clientName", "Taken"),
                    ("status", "disabled"),
                    ("passwordKind", "made"),
                    ("clientId", world.a.web.id()),
                    ("consent", "required"),
                    ("reason", "abuse"),
                    ("scope", "user_default"),
                    ("user", user),
                    ("confirm", hint),
                    ("force", "on"),
                ]);
                let kind = "application/x-www-form-urlencoded";
                let call = self.browser.call("POST", path).header("origin", "https://a.test");
                call.body(kind, fields).send().await
            }
            _ => self.browser.get(path).await,
        }
    }
}

/// A change that each noun takes.
fn patch(path: &str) -> Value {
    let (field, value) = match path {
        _ if path.contains("/configs/") => ("/max_keys_per_user", json!(9)),
        _ if path.contains("/connection-configs/") => ("/consentMethod", json!("required")),
        _ if path.contains("/oauth-clients/") => ("/clientName", json!("Taken")),
        _ if path.contains("/api-keys/") => ("/description", json!("Taken")),
        _ => ("/name", json!("Taken")),
    };
    json!([{ "op": "replace", "path": field, "value": value }])
}

/// One of each thing in a tenant, by the nouns of the addresses.
async fn furnish(world: &World, tenant: &Tenant) -> BTreeMap<&'static str, String> {
    let machine = world.machine_token(tenant).await;
    let mut ids = BTreeMap::from([
        ("tenants", tenant.id.to_string()),
        ("users", tenant.bob.id.to_string()),
        ("oauth-clients", tenant.m2m.id().to_owned()),
        ("clients", tenant.m2m.id().to_owned()),
    ]);
    for (noun, body) in [
        ("roles", json!({ "name": "Own", "assignedScopes": [] })),
        ("groups", json!({ "name": "Own", "providerType": "custom" })),
        ("api-keys", json!({ "description": "Own" })),
    ] {
        let made = world.post(tenant, &format!("/api/v1/{noun}")).bearer(&machine).json(&body);
        ids.insert(noun, made.send().await.expect(201).member("id"));
    }
    world.tokens(tenant, &tenant.web, "user_default offline_access").await;
    for noun in ["oauth-tokens", "audits"] {
        let path = format!("/api/v1/{noun}?limit=1");
        let listed = world.get(tenant, &path).bearer(&machine).send().await.expect(200).json();
        let id = listed["data"][0]["id"].as_str().expect("one").to_owned();
        ids.insert(noun, id);
    }
    ids
}

/// The addresses that a thing of another tenant has on the host of this one: with its own secret's
/// hint, and that hint at a client of this tenant.
fn attacks(endpoint: &Endpoint, world: &World, ids: &BTreeMap<&str, String>) -> Vec<String> {
    let id = &ids[noun(endpoint)];
    let hint = &world.b.m2m.secret[world.b.m2m.secret.len() - 5..];
    let path = endpoint.path.replace("{id}", id).replace("{tenantId}", world.b.id.as_ref());
    let mut paths = vec![path.replace("{hint}", hint)];
    if endpoint.path.contains("{hint}") {
        paths.push(endpoint.path.replace("{id}", world.a.m2m.id()).replace("{hint}", hint));
    }
    assert!(!paths[0].contains('{'), "{}: tell the gate what to put there", paths[0]);
    paths
}

/// A refusal that says that nothing of this name is there.
fn names_nothing(endpoint: &Endpoint, path: &str, answer: &Answer) {
    let what = format!("{} {path}", endpoint.method);
    assert_eq!(answer.status, 404, "{what}: {}", answer.text());
    if matches!(endpoint.access, Access::Bearer(_)) {
        let noun = noun(endpoint);
        let number = if noun == "tenants" { 8 } else { 7 };
        let code = format!("{}-{number}", noun.to_uppercase());
        assert_eq!(answer.json()["errors"][0]["code"], code, "{what}");
    } else {
        assert!(answer.is_html() || endpoint.path.starts_with("/static/"), "{what}");
    }
}

both! {
    async fn nothing_of_another_tenant_has_an_address_here(world) {
        let (a, b) = (&world.a, &world.b);
        let ids = furnish(&world, b).await;
        let mut administrator = Administrator::of(&world, a).await;
        engine::jobs::flush(world.engine()).await.expect("flushed");
        let before = world.rows().await;
        let mut tried = 0;
        for endpoint in with_parameter() {
            if endpoint.access == Access::Public {
                continue;
            }
            for path in attacks(&endpoint, &world, &ids) {
                let answer = administrator.send(&world, &endpoint, &path).await;
                names_nothing(&endpoint, &path, &answer);
                tried += 1;
            }
        }
        assert!(tried > 50, "{tried}");
        assert_eq!(world.rows().await, before, "none of them did anything");
        // The ids are good ones: their own administrator finds what they name.
        let machine = world.machine_token(b).await;
        for (noun, id) in ids.iter().filter(|(noun, _)| !["clients", "oauth-tokens"].contains(*noun)) {
            let path = format!("/api/v1/{noun}/{id}");
            world.get(b, &path).bearer(&machine).send().await.expect(200);
        }
        let path = format!("/api/v1/oauth-tokens/{}", ids["oauth-tokens"]);
        world.call("DELETE", &b.host, &path).bearer(&machine).send().await.expect(204);
    }

    async fn bytes_that_are_no_text_name_nothing(world) {
        let mut administrator = Administrator::of(&world, &world.a).await;
        engine::jobs::flush(world.engine()).await.expect("flushed");
        let before = world.rows().await;
        for endpoint in with_parameter() {
            let parameters = ["{id}", "{tenantId}", "{hint}", "{name}", "{noun}"];
            for broken in ["%ff", "%c3%28", "a%ed%a0%80"] {
                let path = parameters.iter().fold(endpoint.path.to_owned(), |path, one| path.replace(one, broken));
                assert!(!path.contains('{'), "{path}: tell the gate what to put there");
                let answer = administrator.send(&world, &endpoint, &path).await;
                names_nothing(&endpoint, &path, &answer);
            }
        }
        assert_eq!(world.rows().await, before, "none of them did anything");
        // Who may not ask is told that first.
        let bare = world.get(&world.a, "/api/v1/users/%ff").send().await;
        bare.expect_error(401, "invalid_token");
    }
}
