//! What one tenant can make of users, groups and roles is bounded, however it is put together.

use serde_json::{Value, json};

use super::{patch, post, replace, user_path};
use crate::world::World;

const GROUPS: &str = "/api/v1/groups";

/// Makes roles and groups behind the store's back; each group gives the first roles.
async fn crowd(world: &World, roles: u32, groups: u32, given: u32) {
    let tenant = &world.a.id;
    let numbers = |n: u32| {
        format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n}) INSERT INTO"
        )
    };
    for text in [
        format!(
            "{} role (tenant_id, id, name, kind, level, description, assigned_scopes, created_at, \
                updated_at, name_key) \
             SELECT '{tenant}', 'role-' || i, 'R' || i, 'custom', 'user', '', '', 0, 0, 'r' || i FROM n",
            numbers(roles)
        ),
        format!(
            "{} user_group (tenant_id, id, name, description, provider, status, created_at, \
                updated_at, name_key) \
             SELECT '{tenant}', 'group-' || i, 'G' || i, '', 'custom', 'active', 0, 0, 'g' || i FROM n",
            numbers(groups)
        ),
        format!(
            "{} group_role (tenant_id, group_id, role_id) \
             SELECT '{tenant}', g.id, 'role-' || i FROM n, user_group g \
             WHERE g.tenant_id = '{tenant}' AND g.provider = 'custom' AND {given} > 0",
            numbers(given.max(1))
        ),
    ] {
        world.sql(text).await;
    }
}

/// The first of numbered things, by id, from one number to another.
fn some(noun: &str, from: u32, to: u32) -> Value {
    (from..=to).map(|n| json!({ "id": format!("{noun}-{n}") })).collect()
}

fn add(path: &str, value: Value) -> Value {
    json!({ "op": "add", "path": path, "value": value })
}

both! {
    async fn what_a_user_has_is_bounded_however_it_is_added(world) {
        crowd(&world, 150, 250, 0).await;
        let admin = world.machine_token(&world.a).await;
        let bob = user_path(&world.a.bob);
        let mut facts;
        for (path, noun, max) in [("/assignedRoles", "role", 100), ("/assignedGroups", "group", 200)] {
            let most = max - 40;
            let body = json!([add(path, some(noun, 1, max / 2)), add(path, some(noun, max / 2, most))]);
            patch(&world, &admin, &bob, &body).await.expect(204);
            facts = world.facts().await;
            for (body, pointer) in [
                (json!([add(path, some(noun, most + 1, max + 1))]), "/0/value"),
                (json!([add(path, some(noun, most + 1, max)), add(path, some(noun, 1, max / 2)), add(path, some(noun, max + 1, max + 1))]), "/2/value"),
                (json!([add(path, some(noun, most + 1, max + 1)), replace("/name", json!("B"))[0]]), "/0/value"),
            ] {
                let refused = patch(&world, &admin, &bob, &body).await.expect(400).json();
                assert_eq!(refused["errors"][0]["source"]["pointer"], pointer);
                let detail = refused["errors"][0]["detail"].as_str().expect("a text");
                assert!(detail.contains(&format!("at most {max} values")), "{detail}");
            }
            assert_eq!(world.facts().await, facts);
            // As many as there may be, and in between more than that.
            let remove = json!({"op": "remove-value", "path": path, "value": some(noun, 1, 1)});
            let body = json!([add(path, some(noun, most + 1, max + 1)), remove]);
            patch(&world, &admin, &bob, &body).await.expect(204);
        }
        let body = json!([add("/roles", json!(["R140"]))]);
        let refused = patch(&world, &admin, &bob, &body).await.expect(400).json();
        assert_eq!(refused["errors"][0]["source"]["pointer"], "/0/value");
        // Who has too many loses some, and keeps their name's change.
        world.sql(format!(
            "INSERT INTO user_role (tenant_id, user_id, role_id) SELECT tenant_id, '{}', id FROM role \
             WHERE tenant_id = '{}' AND id IN ('role-1', 'role-140', 'role-141')",
            world.a.bob.id, world.a.id
        )).await;
        let fewer = json!([{"op": "remove-value", "path": "/assignedRoles", "value": some("role", 2, 2)}]);
        patch(&world, &admin, &bob, &fewer).await.expect(204);
        patch(&world, &admin, &bob, &replace("/name", json!("Bob"))).await.expect(204);
    }

    async fn what_groups_give_together_is_bounded(world) {
        crowd(&world, 100, 10, 100).await;
        let admin = world.machine_token(&world.a).await;
        let light = post(&world, &admin, GROUPS, &json!({"name": "Light"})).await.expect(201).member("id");
        let light = format!("{GROUPS}/{light}");
        let facts = world.facts().await;
        let one = some("role", 1, 1);
        let settings = format!("{GROUPS}/settings");
        let everybodys = "/systemGroups/000000000000000000000001/assignedRoles";
        for refused in [
            post(&world, &admin, GROUPS, &json!({"name": "Heavy", "assignedRoles": one})).await,
            patch(&world, &admin, &light, &replace("/assignedRoles", one.clone())).await,
            patch(&world, &admin, &settings, &replace(everybodys, one.clone())).await,
        ] {
            let told = refused.expect(409).json();
            assert_eq!(told["errors"][0]["code"], "GROUPS-5");
            assert!(told["errors"][0]["detail"].as_str().expect("a text").contains("1000"), "{told}");
        }
        assert_eq!(world.facts().await, facts);
        let heavy = format!("{GROUPS}/group-1");
        patch(&world, &admin, &heavy, &replace("/assignedRoles", some("role", 1, 99))).await.expect(204);
        patch(&world, &admin, &light, &replace("/assignedRoles", one)).await.expect(204);
        patch(&world, &admin, &heavy, &replace("/assignedRoles", some("role", 1, 100))).await.expect(409);
        patch(&world, &admin, &heavy, &replace("/name", json!("Still"))).await.expect(204);
    }

    async fn a_list_of_a_patch_is_bounded(world) {
        let admin = world.machine_token(&world.a).await;
        let role = post(&world, &admin, "/api/v1/roles", &json!({"name": "Long"})).await.expect(201).member("id");
        let path = format!("/api/v1/roles/{role}");
        let facts = world.facts().await;
        for op in ["add", "replace", "remove-value"] {
            let body = json!([{"op": op, "path": "/assignedScopes", "value": vec!["x"; 1001]}]);
            let refused = patch(&world, &admin, &path, &body).await.expect(400).json();
            assert_eq!(refused["errors"][0]["source"]["pointer"], "/0/value");
            assert_eq!(refused["errors"][0]["detail"], "A list has at most 1000 values.");
        }
        assert_eq!(world.facts().await, facts);
    }
}
