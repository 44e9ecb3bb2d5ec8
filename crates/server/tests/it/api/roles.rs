//! `/api/v1/roles`, `/api/v1/groups` and `/api/v1/tenants` (contract, section 6).

use serde_json::{Value, json};

use super::{delete, get, manager, patch, post, replace, token, token_for, user_path};

const ROLES: &str = "/api/v1/roles";
const GROUPS: &str = "/api/v1/groups";
const SETTINGS: &str = "/api/v1/groups/settings";
const EVERYONE: &str = "000000000000000000000001";

both! {
    async fn a_role_is_made_changed_and_deleted(world) {
        let admin = world.machine_token(&world.a).await;
        let body = json!({"name": "Helper", "assignedScopes": ["spaces.data"]});
        let made = post(&world, &admin, ROLES, &body).await;
        let made = made.expect(201).json();
        assert_eq!((&made["type"], &made["level"], &made["canEdit"]), (&json!("custom"), &json!("user"), &json!(true)));
        post(&world, &admin, ROLES, &body).await.expect(409);
        let path = format!("{ROLES}/{}", made["id"].as_str().expect("an id"));
        patch(&world, &admin, &path, &json!([
            {"op": "add", "path": "/assignedScopes/-", "value": "admin.users"},
            {"op": "remove-value", "path": "/assignedScopes", "value": "spaces.data"},
            {"op": "replace", "path": "/description", "value": "Helps"},
        ])).await.expect(204);
        let read = get(&world, &admin, &path).await.expect(200).json();
        assert_eq!((&read["assignedScopes"], &read["level"]), (&json!(["admin.users"]), &json!("admin")));
        let facts = world.facts().await;
        for (operation, pointer) in [
            (replace("/assignedScopes", json!(["nothing"])), "/0/value/0"),
            (replace("/assignedScopes", json!("admin.users")), "/0/value"),
            (replace("/name", json!("")), "/0/value"),
            (replace("/name", json!(null)), "/0/value"),
            (replace("/type", json!("default")), "/0/path"),
            (json!([{"op": "remove", "path": "/name"}]), "/0/op"),
        ] {
            let refused = patch(&world, &admin, &path, &operation).await.expect(400).json();
            assert_eq!(refused["errors"][0]["source"]["pointer"], pointer, "{operation}");
        }
        for body in [json!({}), json!({"name": "x", "assignedScopes": ["nothing"]}), json!({"name": "x", "level": "admin"})] {
            post(&world, &admin, ROLES, &body).await.expect(400);
        }
        let found = get(&world, &admin, &format!("{ROLES}?filter=name%20eq%20%22TenantAdmin%22")).await.json();
        let default = format!("{ROLES}/{}", found["data"][0]["id"].as_str().expect("an id"));
        patch(&world, &admin, &default, &replace("/name", json!("Mine"))).await.expect(403);
        delete(&world, &admin, &default).await.expect(403);
        assert_eq!(world.facts().await, facts);
        // Another tenant has no such role.
        let other = world.machine_token(&world.b).await;
        let elsewhere = world.call("GET", &world.b.host, &path).bearer(&other).send().await;
        elsewhere.expect(404);
        delete(&world, &admin, &path).await.expect(204);
        get(&world, &admin, &path).await.expect(404);
    }

    async fn changes_of_roles_reach_their_holders_on_every_node(one) {
        let (two, mut feed) = one.second_node().await;
        let tenant = &one.a;
        let bob = manager(&one, tenant, &tenant.bob).await;
        let alice = user_path(&tenant.alice);
        let rename = replace("/name", json!("Renamed"));
        patch(&two, &bob, &alice, &rename).await.expect(204);
        let admin = one.machine_token(tenant).await;
        let found = get(&one, &admin, &format!("{ROLES}?filter=type%20eq%20%22custom%22")).await.json();
        let path = format!("{ROLES}/{}", found["data"][0]["id"].as_str().expect("an id"));
        let set = async |scopes: Value| {
            patch(&one, &admin, &path, &replace("/assignedScopes", scopes)).await.expect(204);
        };
        set(json!(["spaces.data"])).await;
        feed.poll().await.expect("polls");
        patch(&one, &bob, &alice, &rename).await.expect(403);
        patch(&two, &bob, &alice, &rename).await.expect(403);
        set(json!(["admin.users"])).await;
        feed.poll().await.expect("polls");
        patch(&two, &bob, &alice, &rename).await.expect(204);
        delete(&one, &admin, &path).await.expect(204);
        feed.poll().await.expect("polls");
        patch(&two, &bob, &alice, &rename).await.expect(403);
        assert_eq!(one.audit(tenant, "role.deleted").await[0].details["users"], 1);
    }

    async fn groups_are_made_changed_and_deleted(world) {
        let admin = world.machine_token(&world.a).await;
        let body = json!({"name": "Team", "assignedRoles": [{"name": "DataAdmin"}]});
        let made = post(&world, &admin, GROUPS, &body).await.expect(201).json();
        assert_eq!((&made["providerType"], &made["status"]), (&json!("idp"), &json!("active")));
        post(&world, &admin, GROUPS, &body).await.expect(409);
        let path = format!("{GROUPS}/{}", made["id"].as_str().expect("an id"));
        let join = replace("/assignedGroups", json!([{"id": made["id"]}]));
        patch(&world, &admin, &user_path(&world.a.bob), &join).await.expect(204);
        let bob = get(&world, &admin, &user_path(&world.a.bob)).await.json();
        assert_eq!(bob["assignedGroups"][0]["assignedRoles"][0]["name"], "DataAdmin");
        let by_role = "filter=assignedGroupsAssignedRoles.name%20eq%20%22DataAdmin%22";
        let found = get(&world, &admin, &format!("/api/v1/users?{by_role}")).await.json();
        assert_eq!(found["data"].as_array().expect("data").len(), 1);
        // With and without the leading slash.
        for name in ["/name", "name"] {
            patch(&world, &admin, &path, &replace(name, json!(format!("Team{}", name.len())))).await.expect(204);
        }
        let facts = world.facts().await;
        for body in [
            json!({}), json!({"name": "x".repeat(257)}), json!({"name": "x", "providerType": "system"}),
            json!({"name": "x", "status": "disabled"}), json!({"name": "x", "members": []}),
            json!({"name": "x", "assignedRoles": vec![json!({"name": "DataAdmin"}); 101]}),
        ] {
            post(&world, &admin, GROUPS, &body).await.expect(400);
        }
        for operation in [replace("/status", json!("disabled")), replace("/assignedRoles", json!([{"id": "x"}])), json!([])] {
            patch(&world, &admin, &path, &operation).await.expect(400);
        }
        let everyone = format!("{GROUPS}/{EVERYONE}");
        patch(&world, &admin, &everyone, &replace("/name", json!("All"))).await.expect(403);
        delete(&world, &admin, &everyone).await.expect(403);
        assert_eq!(world.facts().await, facts);
        for (system, names) in [("False", json!(["Team4"])), ("True", json!(["com.qlik.Everyone"]))] {
            let page = get(&world, &admin, &format!("{GROUPS}?systemGroups={system}&totalResults=true")).await.json();
            let found: Vec<_> = page["data"].as_array().expect("data").iter().map(|one| one["name"].clone()).collect();
            assert_eq!(json!(found), names);
            assert_eq!(page["totalResults"], 1);
        }
        let body = json!({"filter": "assignedRoles.name eq \"dataadmin\""});
        let page = post(&world, &admin, &format!("{GROUPS}/actions/filter"), &body).await.expect(200).json();
        assert_eq!(page["data"].as_array().expect("data").len(), 1);
        delete(&world, &admin, &path).await.expect(204);
        get(&world, &admin, &path).await.expect(404);
        assert_eq!(world.audit(&world.a, "group.deleted").await[0].details["users"], 1);
    }

    async fn what_everybody_gets_counts_on_every_node(one) {
        let (two, mut feed) = one.second_node().await;
        let tenant = &one.a;
        let admin = one.machine_token(tenant).await;
        let settings = get(&one, &admin, SETTINGS).await.expect(200).json();
        assert_eq!(settings["systemGroups"][EVERYONE]["enabled"], true);
        assert_eq!(settings["autoCreateGroups"], false);
        let role = json!({"name": "People", "assignedScopes": ["admin.users"]});
        let role = post(&one, &admin, ROLES, &role).await.expect(201).member("id");
        let bob = token_for(&two, tenant, &tenant.bob, "admin.users").await;
        let rename = replace("/name", json!("Renamed"));
        let alice = user_path(&tenant.alice);
        patch(&two, &bob, &alice, &rename).await.expect(403);
        let at = |rest: &str| format!("/systemGroups/{EVERYONE}/{rest}");
        let give = json!([
            {"op": "replace", "path": at("assignedRoles"), "value": [{"id": role}]},
            {"op": "replace", "path": "/autoCreateGroups", "value": true},
        ]);
        patch(&one, &admin, SETTINGS, &give).await.expect(204);
        feed.poll().await.expect("polls");
        patch(&two, &bob, &alice, &rename).await.expect(204);
        assert_eq!(get(&two, &admin, SETTINGS).await.json()["autoCreateGroups"], true);
        patch(&one, &admin, SETTINGS, &replace(&at("enabled"), json!(false))).await.expect(204);
        feed.poll().await.expect("polls");
        patch(&two, &bob, &alice, &rename).await.expect(403);
        let alices = token(&one, tenant, &tenant.alice, "user_default").await;
        let facts = one.facts().await;
        for operation in [
            replace(&at("assignedRoles"), json!([{"name": "TenantAdmin"}])),
            replace(&at("enabled"), json!("yes")),
            replace("/systemGroups/other/enabled", json!(true)),
            replace("/autoCreateGroups", json!(1)),
            replace("/tenantId", json!("x")),
        ] {
            patch(&one, &admin, SETTINGS, &operation).await.expect(400);
        }
        get(&one, &alices, SETTINGS).await.expect(403);
        assert_eq!(one.facts().await, facts);
    }

    async fn nobody_gives_full_administration_to_everybody(world) {
        let admin = world.machine_token(&world.a).await;
        let role = async |name: &str, scopes: Value| {
            let body = json!({"name": name, "assignedScopes": scopes});
            post(&world, &admin, ROLES, &body).await.expect(201).member("id")
        };
        let mighty = role("Mighty", json!(["user_default", "admin_classic"])).await;
        let people = role("People", json!(["user_default"])).await;
        let at = format!("/systemGroups/{EVERYONE}/assignedRoles");
        let give = |roles: &[&str]| replace(&at, roles.iter().map(|id| json!({"id": id})).collect());
        patch(&world, &admin, SETTINGS, &give(&[&people])).await.expect(204);
        let facts = world.facts().await;
        let scopes = replace("/assignedScopes", json!(["user_default", "admin_classic"]));
        let role = |id: &str| format!("{ROLES}/{id}");
        for (path, body) in [
            (SETTINGS, give(&[&people, &mighty])),
            (SETTINGS, json!([give(&[])[0], give(&[&mighty])[0]])),
            (role(&people).as_str(), scopes.clone()),
            (role(&people).as_str(), json!([{"op": "add", "path": "/assignedScopes/-", "value": "admin_classic"}])),
        ] {
            let refused = patch(&world, &admin, path, &body).await.expect(400).json();
            let told = &refused["errors"][0];
            let last = body.as_array().expect("operations").len() - 1;
            assert_eq!(told["source"]["pointer"], format!("/{last}/value"), "{body}");
            assert!(told["detail"].as_str().expect("a text").contains("admin_classic"), "{told}");
        }
        assert_eq!(world.facts().await, facts);
        // What not everybody has may have it, and what everybody has may have less.
        patch(&world, &admin, SETTINGS, &give(&[])).await.expect(204);
        patch(&world, &admin, &role(&people), &scopes).await.expect(204);
    }

    async fn each_change_is_in_the_feed(world) {
        let tenant = &world.a;
        let (admin, ctx) = (world.machine_token(tenant).await, world.admin(tenant).await);
        let mut before = world.table("change").await.len();
        let mut is_told = async |what: &str| {
            let after = world.table("change").await.len();
            assert_eq!(after, before + 1, "{what}");
            before = after;
        };
        post(&world, &admin, ROLES, &json!({"name": "One"})).await.expect(201);
        is_told("a role").await;
        post(&world, &admin, GROUPS, &json!({"name": "One"})).await.expect(201);
        is_told("a group").await;
        let operator = engine::authority::Caller::operator();
        engine::admin::user::sessions_end(&ctx, &operator, &tenant.alice.id).await.expect("ends");
        is_told("the end of all sessions").await;
    }

    async fn a_directory_that_is_away_changes_no_name(world) {
        let admin = world.machine_token(&world.a).await;
        let path = format!("/api/v1/tenants/{}", world.a.id);
        get(&world, &admin, &path).await.expect(200);
        let facts = world.rows().await;
        let directory = |text: &str| {
            crate::place::execute(&world.options.directory_url, text.to_owned())
        };
        directory("ALTER TABLE tenant_location RENAME TO hidden").await;
        let rename = replace("/name", json!("Renamed"));
        patch(&world, &admin, &path, &rename).await.expect(503);
        // What the directory does not know changes without it.
        patch(&world, &admin, &path, &replace("/enableAnalyticCreation", json!(true))).await.expect(204);
        directory("ALTER TABLE hidden RENAME TO tenant_location").await;
        let is_name = |row: &&String| row.starts_with("tenant") && row.contains("name=Tenant A");
        assert_eq!(facts.iter().filter(is_name).count(), 2, "in the directory and in the region");
        assert_eq!(world.rows().await.iter().filter(is_name).count(), 2);
        assert_eq!(world.audit(&world.a, "tenant.updated").await.len(), 1);
        patch(&world, &admin, &path, &rename).await.expect(204);
        assert_eq!(world.rows().await.iter().filter(is_name).count(), 0);
    }

    async fn a_tenant_changes_its_name_and_flags_on_every_node(one) {
        let (two, mut feed) = one.second_node().await;
        let admin = one.machine_token(&one.a).await;
        let path = format!("/api/v1/tenants/{}", one.a.id);
        get(&two, &admin, &path).await.expect(200);
        let change = json!([
            {"op": "replace", "path": "/name", "value": "Renamed"},
            {"op": "replace", "path": "/enableAnalyticCreation", "value": true},
        ]);
        patch(&one, &admin, &path, &change).await.expect(204);
        feed.poll().await.expect("polls");
        for node in [&one, &two] {
            let tenant = get(node, &admin, &path).await.expect(200).json();
            assert_eq!((&tenant["name"], &tenant["enableAnalyticCreation"]), (&json!("Renamed"), &json!(true)));
            assert_eq!(tenant["enableAppOpeningFeedback"], false);
        }
        assert_eq!(one.audit(&one.a, "tenant.updated").await.len(), 1);
        assert!(engine::admin::tenant::context_of(one.engine(), "Renamed").await.is_ok(), "the directory knows");
        let facts = one.facts().await;
        patch(&one, &admin, &path, &replace("/hostnames/1", json!("evil.test"))).await.expect(403);
        for operation in [
            replace("/name", json!("")), replace("/name", json!(1)), replace("/status", json!("disabled")),
            replace("/enableAnalyticCreation", json!("yes")), json!([{"op": "add", "path": "/name", "value": "x"}]),
        ] {
            patch(&one, &admin, &path, &operation).await.expect(400);
        }
        patch(&one, &admin, &format!("/api/v1/tenants/{}", one.b.id), &replace("/name", json!("x"))).await.expect(404);
        assert_eq!(one.facts().await, facts);
    }
}
