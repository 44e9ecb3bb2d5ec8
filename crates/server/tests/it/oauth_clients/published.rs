//! A client that one tenant published, as another one has it: not there until an administrator let
//! it in, then known and usable, and never the other tenant's to change, trust or look into.

use domain::client::{ConnectionConfig, ConsentMethod};
use engine::admin::client;
use engine::authority::Caller;
use serde_json::{Value, json};

use super::reduced::SEEN_BY_ALL;
use super::{Admin, refusal};
use crate::call::{Answer, encode};
use crate::flow::Tokens;
use crate::place::eu;
use crate::world::{App, Tenant, World};

pub async fn publish(world: &World, tenant: &Tenant, app: &App) {
    let ctx = world.admin(tenant).await;
    client::publish(&ctx, &Caller::operator(), &app.id).await.expect("published");
}

/// An administrator of a tenant let a published client in.
pub async fn let_in(world: &World, tenant: &Tenant, app: &App) {
    put(world, tenant, app, ConsentMethod::Required).await;
}

async fn put(world: &World, tenant: &Tenant, app: &App, consent_method: ConsentMethod) {
    let config = ConnectionConfig { consent_method, approved: true };
    let region = world.engine().store().region(&eu()).expect("the region");
    let mut tx = region.autocommit(&tenant.id).await.expect("writes");
    tx.connection_config_put(&app.id, config, world.engine().now()).await.expect("lets in");
}

/// The first tenant published its web client, the second let it in, and somebody there uses it.
async fn used_elsewhere(world: &World) -> (Admin<'_>, Tokens) {
    let app = &world.a.web;
    publish(world, &world.a, app).await;
    let_in(world, &world.b, app).await;
    let tokens = world.tokens(&world.b, app, "openid user_default").await;
    (Admin::of(world, &world.b).await, tokens)
}

async fn ask(world: &World, tenant: &Tenant, app: &App) -> Answer {
    let form = [&app.credentials()[..], &[("grant_type", "client_credentials")]].concat();
    world.token(tenant, &form).await
}

fn trust() -> Value {
    json!([{ "op": "replace", "path": "/consentMethod", "value": "trusted" }])
}

/// The ids of a list, filtered.
async fn listed(admin: &Admin<'_>, filter: &str) -> Vec<String> {
    let query = encode(&[("limit", "100"), ("filter", filter)]);
    let page = admin.get(&format!("?{query}")).await.expect(200).json();
    let data = page["data"].as_array().expect("data");
    data.iter().map(|one| one["clientId"].as_str().expect("an id").to_owned()).collect()
}

/// The addresses of a client, and how each is called.
fn changes(app: &App) -> Vec<(&'static str, String, Value)> {
    let one = format!("/{}", app.id());
    let hint = &app.secret[app.secret.len() - 5..];
    let rename = json!([{ "op": "replace", "path": "/clientName", "value": "Taken over" }]);
    vec![
        ("PATCH", one.clone(), rename),
        ("POST", format!("{one}/client-secrets"), json!({})),
        ("DELETE", format!("{one}/client-secrets/{hint}"), json!({})),
        ("POST", format!("{one}/actions/publish"), json!({})),
        ("DELETE", one, json!({})),
    ]
}

both! {
    async fn until_it_is_let_in_a_published_client_is_not_there(world) {
        let (a, b) = (&world.a, &world.b);
        let there = Admin::of(&world, b).await;
        let app = &a.web;
        let (one, config) = (format!("/{}", app.id()), format!("/{}/connection-configs/me", app.id()));
        for is_published in [false, true] {
            if is_published {
                publish(&world, a, app).await;
            }
            let before = world.facts().await;
            there.get(&one).await.expect(404);
            there.get(&format!("{one}/activity")).await.expect(404);
            there.get(&config).await.expect(404);
            there.patch(&config, &trust()).await.expect(404);
            there.delete(&config).await.expect(404);
            for (method, path, body) in changes(app) {
                there.call(method, &path).json(&body).send().await.expect(404);
            }
            assert!(listed(&there, "publishedAt pr").await.is_empty());
            ask(&world, b, app).await.expect_error(401, "invalid_client");
            assert_eq!(world.facts().await, before, "nothing was changed");
        }
    }

    async fn one_that_was_let_in_is_known_and_not_ones_own(world) {
        let (a, b) = (&world.a, &world.b);
        let app = &a.web;
        publish(&world, a, app).await;
        let_in(&world, b, app).await;
        let there = Admin::of(&world, b).await;
        let one = format!("/{}", app.id());
        let read = there.get(&one).await.expect(200).json();
        let mut fields: Vec<&str> = SEEN_BY_ALL.to_vec();
        fields.push("publishedAt");
        fields.sort_unstable();
        let seen: Vec<&String> = read.as_object().expect("a client").keys().collect();
        assert_eq!(seen, fields, "no addresses, secrets or keys, to an administrator either");
        assert_eq!(read["ownerId"], a.id.as_str());
        assert_eq!(read["connectionConfig"], json!({ "consentMethod": "required", "status": "approved" }));
        let of_owner = format!("tenantId eq \"{}\"", a.id);
        assert_eq!(listed(&there, &of_owner).await, [app.id()]);
        let page = there.get(&format!("?{}", encode(&[("filter", of_owner.as_str())]))).await;
        assert_eq!(page.expect(200).json()["data"][0], read, "the list says the same");
        // The owner sees all of it, and nothing of the other tenant.
        let whole = Admin::of(&world, a).await.get(&one).await.expect(200).json();
        assert_eq!(whole["redirectUris"], json!(app.client.redirect_uris));
        let before = world.facts().await;
        for (method, path, body) in changes(app) {
            there.call(method, &path).json(&body).send().await.expect(409);
        }
        assert_eq!(world.facts().await, before, "only its owner changes it");
        let told = there.get(&format!("{one}/activity")).await.expect(200).json();
        assert_eq!((&told["secrets"], &told["keys"]), (&json!([]), &json!([])));
    }

    async fn its_people_are_asked_and_a_machine_waits(world) {
        let (a, b) = (&world.a, &world.b);
        for app in [&a.web, &a.m2m] {
            publish(&world, a, app).await;
            let_in(&world, b, app).await;
        }
        // A token of the tenant in which it was asked for, and of no other.
        let tokens: Tokens = world.tokens(b, &a.web, "openid user_default").await;
        world.userinfo(b, tokens.access()).await.expect(200);
        world.userinfo(a, tokens.access()).await.expect_error(401, "invalid_token");
        let refused = ask(&world, b, &a.m2m).await;
        refused.expect_error(400, "unauthorized_client");
        // Nor can trust be had, whatever a row says.
        let config = format!("/{}/connection-configs/me", a.m2m.id());
        for tenant in [a, b] {
            let admin = Admin::of_person(&world, tenant).await;
            assert_eq!(refusal(&admin.patch(&config, &trust()).await, 400).1, "/0/value");
            assert_eq!(admin.get(&config).await.expect(200).json()["consentMethod"], "required");
        }
        put(&world, b, &a.m2m, ConsentMethod::Trusted).await;
        let (two, _) = world.second_node().await;
        ask(&two, b, &a.m2m).await.expect_error(400, "unauthorized_client");
    }

    async fn what_a_tenant_forgets_is_out_again(world) {
        let (a, b, app) = (&world.a, &world.b, &world.a.web);
        let (there, tokens) = used_elsewhere(&world).await;
        there.delete(&format!("/{}/connection-configs/me", app.id())).await.expect(204);
        there.get(&format!("/{}", app.id())).await.expect(404);
        assert!(listed(&there, "publishedAt pr").await.is_empty());
        world.userinfo(b, tokens.access()).await.expect_error(401, "invalid_token");
        ask(&world, b, app).await.expect_error(401, "invalid_client");
        // The owner's own people go on.
        world.tokens(a, app, "openid").await;
    }

    async fn a_published_client_that_its_owner_deletes_is_gone_elsewhere(world) {
        let (a, b, app) = (&world.a, &world.b, &world.a.web);
        let (there, tokens) = used_elsewhere(&world).await;
        Admin::of(&world, a).await.delete(&format!("/{}", app.id())).await.expect(204);
        there.get(&format!("/{}", app.id())).await.expect(404);
        assert!(listed(&there, "publishedAt pr").await.is_empty());
        world.userinfo(b, tokens.access()).await.expect_error(401, "invalid_token");
    }
}
