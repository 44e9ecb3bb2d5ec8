//! A patch that changes nothing writes nothing, and a change makes nodes forget what it is about.

use serde_json::{Value, json};

use super::{get, patch, post, replace, token, user_path};
use crate::world::{Tenant, World};

/// Statements that a call of somebody known costs.
async fn cost(world: &World, tenant: &Tenant, host: &str, token: &str) -> u64 {
    let before = world.engine().store().statements();
    let me = world.call("GET", host, "/api/v1/users/me").bearer(token).send().await;
    me.expect(301);
    assert!(host.starts_with(tenant.host.trim_end_matches(".test")));
    world.engine().store().statements() - before
}

/// Patches that leave everything as it is.
async fn patches(world: &World, machine: &str) -> Vec<(String, Value)> {
    let id = |answer: &Value, name: &str| answer[name].as_str().expect("an id").to_owned();
    let group = post(world, machine, "/api/v1/groups", &json!({"name": "Staff"})).await;
    let role = json!({"name": "Helper", "assignedScopes": ["spaces.data"]});
    let role = post(world, machine, "/api/v1/roles", &role).await.expect(201).json();
    let key = post(world, machine, "/api/v1/api-keys", &json!({"description": "Nightly"})).await;
    let config = format!("/api/v1/api-keys/configs/{}", world.a.id);
    let limits = get(world, machine, &config).await.expect(200).json();
    let settings = get(world, machine, "/api/v1/groups/settings").await.expect(200).json();
    let client = format!("/api/v1/oauth-clients/{}", world.a.m2m.id());
    let same = |path: &str, value: &Value| replace(path, value.clone());
    let everyone = "/systemGroups/000000000000000000000001";
    vec![
        (
            format!("/api/v1/groups/{}", id(&group.expect(201).json(), "id")),
            same("/name", &json!("Staff")),
        ),
        (format!("/api/v1/roles/{}", id(&role, "id")), same("/name", &json!("Helper"))),
        (
            format!("/api/v1/api-keys/{}", id(&key.expect(201).json(), "id")),
            same("/description", &json!("Nightly")),
        ),
        (config, same("/max_keys_per_user", &limits["max_keys_per_user"])),
        (
            "/api/v1/groups/settings".to_owned(),
            json!([
                {"op": "replace", "path": "/autoCreateGroups", "value": settings["autoCreateGroups"]},
                {"op": "replace", "path": "/syncIdpGroups", "value": settings["syncIdpGroups"]},
                {"op": "replace", "path": format!("{everyone}/enabled"), "value": true},
                {"op": "replace", "path": format!("{everyone}/assignedRoles"), "value": []},
            ]),
        ),
        (format!("/api/v1/tenants/{}", world.a.id), same("/name", &json!("Tenant A"))),
        (client.clone(), same("/clientName", &json!("Nightly"))),
        (format!("{client}/connection-configs/me"), same("/consentMethod", &json!("trusted"))),
        (user_path(&world.a.bob), same("/name", &json!(world.a.bob.name))),
    ]
}

both! {
    async fn a_patch_that_changes_nothing_writes_nothing(world) {
        let machine = world.machine_token(&world.a).await;
        let alice = token(&world, &world.a, &world.a.alice, "user_default").await;
        let patches = patches(&world, &machine).await;
        cost(&world, &world.a, "a.test", &alice).await;
        world.clock.advance_seconds(60);
        let rows = world.rows().await;
        for (path, body) in &patches {
            patch(&world, &machine, path, body).await.expect(204);
            assert_eq!(world.rows().await, rows, "{path}");
            assert_eq!(cost(&world, &world.a, "a.test", &alice).await, 0, "{path}: nothing is forgotten");
        }
        // The same with another value does write: it is the value that counts.
        for (path, body) in patches {
            let mut body = body;
            let first = &mut body[0]["value"];
            *first = match first {
                Value::Bool(on) => json!(!*on),
                Value::Number(_) => json!(3),
                _ if path.ends_with("/me") => json!("required"),
                _ => json!("Another"),
            };
            let before = world.rows().await;
            patch(&world, &machine, &path, &body).await.expect(204);
            assert_ne!(world.rows().await, before, "{path}");
        }
    }

    async fn a_change_of_a_tenant_is_no_matter_of_the_others(world) {
        let (two, mut feed) = world.second_node().await;
        let machine = world.machine_token(&world.a).await;
        let stranger = world.machine_token(&world.b).await;
        let warm = async |node: &World| {
            for (tenant, host, token) in [
                (&world.a, "a.test", &machine), (&world.a, "a.alias.test", &machine),
                (&world.b, "b.test", &stranger), (&world.b, "b.alias.test", &stranger),
            ] {
                cost(node, tenant, host, token).await;
                assert_eq!(cost(node, tenant, host, token).await, 0, "{host}");
            }
        };
        feed.poll().await.expect("polls");
        warm(&world).await;
        warm(&two).await;
        let path = format!("/api/v1/tenants/{}", world.a.id);
        patch(&world, &machine, &path, &replace("/name", json!("Renamed"))).await.expect(204);
        let settings = replace("/autoCreateGroups", json!(true));
        patch(&world, &machine, "/api/v1/groups/settings", &settings).await.expect(204);
        feed.poll().await.expect("polls");
        for node in [&world, &two] {
            assert_eq!(cost(node, &world.b, "b.test", &stranger).await, 0);
            assert_eq!(cost(node, &world.b, "b.alias.test", &stranger).await, 0);
            for host in ["a.test", "a.alias.test"] {
                let read = node.call("GET", host, &path).bearer(&machine).send().await;
                assert_eq!(read.expect(200).json()["name"], "Renamed", "{host}");
            }
        }
    }
}
