//! `/api/v1/users` (contract, sections 0.9, 5 and 6).

use domain::user::TENANT_ADMIN;
use serde_json::{Value, json};

use super::{delete, get, manager, patch, post, replace, token, token_for, user_path};
use crate::world::{Tenant, World};

const USERS: &str = "/api/v1/users";

/// Makes a user through a token; gives its path.
async fn made(world: &World, token: &str, body: Value) -> String {
    let answer = post(world, token, USERS, &body).await;
    let id = answer.expect(201).member("id");
    assert_eq!(answer.header("location"), Some(format!("{USERS}/{id}").as_str()));
    format!("{USERS}/{id}")
}

fn names(list: &Value) -> Vec<&str> {
    let data = list["data"].as_array().expect("data");
    data.iter().map(|one| one["name"].as_str().expect("a name")).collect()
}

async fn refused_parameter(world: &World, token: &str, query: &str, name: &str) {
    let answer = get(world, token, &format!("{USERS}?{query}")).await.expect(400).json();
    assert_eq!(answer["errors"][0]["source"]["parameter"], name, "{query}: {answer}");
}

both! {
    async fn a_user_is_made_read_changed_and_deleted(world) {
        let admin = world.machine_token(&world.a).await;
        let body = json!({"subject": "idp|new", "name": "Nina New", "email": "nina@a.test",
            "picture": "https://people.example/nina.png", "assignedRoles": [{"name": "DataAdmin"}]});
        let path = made(&world, &admin, body.clone()).await;
        let nina = get(&world, &admin, &path).await.expect(200).json();
        assert_eq!(nina["assignedRoles"][0]["name"], "DataAdmin");
        assert_eq!(nina["status"], "active");
        let scopes = nina["assignedScopes"].as_array().expect("scopes");
        assert!(scopes.contains(&json!("admin.dataquality")));
        // Taken, without regard to the address's case.
        for (member, value) in [("email", "NINA@a.test"), ("subject", "idp|new")] {
            let mut other = json!({"subject": "idp|other", "name": "Other"});
            other[member] = json!(value);
            let refused = post(&world, &admin, USERS, &other).await.expect(409).json();
            assert_eq!(refused["errors"][0]["code"], "USERS-4", "{member}");
        }
        patch(&world, &admin, &path, &json!([
            {"op": "replace", "path": "/name", "value": "Nina Newer"},
            {"op": "add", "path": "/assignedRoles/-", "value": {"name": "SharedSpaceCreator"}},
            {"op": "remove-value", "path": "/assignedRoles", "value": [{"name": "DataAdmin"}]},
            {"op": "set", "path": "/preferredLocale", "value": "de-CH"},
            {"op": "replace", "path": "/preferredZoneinfo", "value": "Europe/Zurich"},
        ])).await.expect(204);
        let nina = get(&world, &admin, &path).await.expect(200).json();
        assert_eq!(nina["name"], "Nina Newer");
        assert_eq!(nina["roles"], json!(["SharedSpaceCreator"]));
        assert_eq!((&nina["locale"], &nina["preferredZoneinfo"]), (&json!("de-CH"), &json!("Europe/Zurich")));
        let event = &world.audit(&world.a, "user.updated").await[0];
        assert_eq!(event.details["changes"]["name"], json!({"from": "Nina New", "to": "Nina Newer"}));
        assert_eq!(event.client_id, world.a.m2m.id());
        patch(&world, &admin, &path, &json!([{"op": "unset", "path": "/preferredLocale"}])).await.expect(204);
        let only = get(&world, &admin, &format!("{path}?fields=name,locale,nothing")).await.expect(200).json();
        assert_eq!(only, json!({"id": nina["id"], "name": "Nina Newer"}));
        delete(&world, &admin, &path).await.expect(204);
        get(&world, &admin, &path).await.expect(404);
        delete(&world, &admin, &path).await.expect(404);
        assert_eq!(world.audit(&world.a, "user.deleted").await.len(), 1);
    }

    async fn wrong_values_are_pointed_at_and_change_nothing(world) {
        let admin = world.machine_token(&world.a).await;
        let facts = world.facts().await;
        let with = |member: &str, value: Value| {
            let mut body = json!({"subject": "idp|x"});
            body[member] = value;
            body
        };
        for (body, pointer) in [
            (json!({"name": "No subject"}), "/subject"),
            (with("subject", json!("")), "/subject"),
            (with("subject", json!("x".repeat(256))), "/subject"),
            (with("subject", json!("a b")), "/subject"),
            (with("subject", json!(7)), "/subject"),
            (with("name", json!("x".repeat(257))), "/name"),
            (with("name", json!("a\u{0}b")), "/name"),
            (with("email", json!("nobody")), "/email"),
            (with("status", json!("invited")), "/email"),
            (with("status", json!("disabled")), "/status"),
            (with("picture", json!("http://a.test/x")), "/picture"),
            (with("picture", json!("javascript:alert(1)")), "/picture"),
            (with("assignedRoles", json!([{"name": "Nothing"}])), "/assignedRoles/0"),
            (with("assignedRoles", json!([{"name": "a\u{0}"}])), "/assignedRoles/0"),
            (with("assignedRoles", json!([{}])), "/assignedRoles/0"),
            (with("tenantId", json!(world.b.id)), "/tenantId"),
            (with("password", json!("secret")), "/password"),
        ] {
            let refused = post(&world, &admin, USERS, &body).await.expect(400).json();
            assert_eq!(refused["errors"][0]["source"]["pointer"], pointer, "{body}: {refused}");
        }
        let path = user_path(&world.a.bob);
        let op = |op: &str, path: &str, value: Value| json!({"op": op, "path": path, "value": value});
        for (operation, pointer) in [
            (op("replace", "/name", json!("")), "/0/value"),
            (op("replace", "/name", json!(1)), "/0/value"),
            (op("replace", "/status", json!("invited")), "/0/value"),
            (op("replace", "/email", json!("x@a.test")), "/0/path"),
            (op("move", "/name", json!("x")), "/0/op"),
            (op("replace", "/assignedRoles", json!([{"id": "nothing"}])), "/0/value"),
            (op("replace", "/assignedRoles", json!(7)), "/0/value"),
            (op("replace", "/assignedGroups", json!([{"id": "000000000000000000000001"}])), "/0/value"),
            (op("replace", "/inviteExpiry", json!(1)), "/0/value"),
            (op("replace", "/preferredLocale", json!("<b>")), "/0/value"),
        ] {
            let body = json!([operation]);
            let refused = patch(&world, &admin, &path, &body).await.expect(400).json();
            assert_eq!(refused["errors"][0]["source"]["pointer"], pointer, "{body}: {refused}");
        }
        // The first operation is right, the second is not: neither happens.
        let half = json!([op("replace", "/name", json!("Half")), op("replace", "/status", json!("x"))]);
        patch(&world, &admin, &path, &half).await.expect(400);
        assert_eq!(world.facts().await, facts);
    }

    async fn lists_filter_sort_and_page(world) {
        let admin = world.machine_token(&world.a).await;
        for n in 0..25 {
            let body = json!({"subject": format!("list|{n:02}"), "name": format!("Lister {n:02}")});
            made(&world, &admin, body).await;
        }
        let mut path = format!("{USERS}?limit=10&totalResults=true&filter=name%20sw%20%22lister%22");
        let mut seen = Vec::new();
        loop {
            let page = get(&world, &admin, &path).await.expect(200).json();
            assert_eq!(page["totalResults"], 25);
            seen.extend(names(&page).into_iter().map(str::to_owned));
            let Some(next) = page["links"]["next"]["href"].as_str() else { break };
            path = next.strip_prefix("https://a.test").expect("absolute").to_owned();
        }
        assert_eq!(seen, (0..25).map(|n| format!("Lister {n:02}")).collect::<Vec<_>>());
        // What the Python client always sends, with a filter and without.
        let always = "sort=%2Bname&sortBy=name&sortOrder=asc&status=active&limit=100";
        let page = get(&world, &admin, &format!("{USERS}?{always}")).await.expect(200).json();
        assert!(names(&page).contains(&world.a.alice.name.as_str()));
        let filter = "filter=email%20eq%20%22ALICE@a.test%22";
        let page = get(&world, &admin, &format!("{USERS}?{always}&{filter}")).await.expect(200).json();
        assert_eq!(names(&page), [world.a.alice.name.as_str()]);
        let page = get(&world, &admin, &format!("{USERS}?email=bob@a.test")).await.expect(200).json();
        assert_eq!(names(&page), [world.a.bob.name.as_str()]);
        let page = get(&world, &admin, &format!("{USERS}?role={TENANT_ADMIN}&sortBy=name&sortOrder=desc")).await;
        assert_eq!(names(&page.expect(200).json()), ["Nightly", world.a.admin.name.as_str()]);
        for (filter, count) in [
            ("assignedScopes eq \"admin_classic\"", 2),
            ("assignedScopes eq \"admin\"", 0),
            ("not (assignedScopes pr) and name sw \"full\"", 2),
            ("(name eq \"full alice\" or name eq \"full bob\") and (status eq \"active\" or status eq \"disabled\")", 2),
            ("status eq \"deleted\"", 0),
            ("clientId pr", 1),
        ] {
            let body = json!({"filter": filter});
            let page = post(&world, &admin, &format!("{USERS}/actions/filter?limit=100"), &body).await;
            assert_eq!(page.expect(200).json()["data"].as_array().expect("data").len(), count, "{filter}");
        }
        for sort in ["email", "-status", "clientId", "inviteExpiry", "-createdAt", "tenantId", "_id"] {
            let page = get(&world, &admin, &format!("{USERS}?limit=2&sort={sort}")).await.expect(200).json();
            let next = page["links"]["next"]["href"].as_str().expect("more");
            get(&world, &admin, next.strip_prefix("https://a.test").expect("absolute")).await.expect(200);
        }
        for (query, name) in [
            ("filter=name%20eq%20%22x%22%20or%20status%20eq%20%22active%22", "filter"),
            ("filter=not%20(name%20eq%20%22x%22%20and%20status%20eq%20%22active%22)", "filter"),
            ("filter=password%20eq%20%22x%22", "filter"),
            ("filter=assignedScopes%20co%20%22x%22", "filter"),
            ("filter=name%20eq%20%22x%22&email=x@y.z", "email"),
            ("filter=name%20eq%20%22x%22&status=disabled", "status"),
            ("sort=password", "sort"),
            ("sortBy=name&sortOrder=up", "sortOrder"),
            ("tenantId=other", "tenantId"),
            ("limit=101", "limit"),
            ("next=forged", "next"),
            ("startingAfter=forged", "next"),
        ] {
            refused_parameter(&world, &admin, query, name).await;
        }
        let total = get(&world, &admin, &format!("{USERS}/actions/count")).await.expect(200).json();
        assert_eq!(total, json!({"total": 29}));
    }

    async fn who_does_not_administer_sees_names_only(world) {
        let alice = token(&world, &world.a, &world.a.alice, "user_default").await;
        let page = get(&world, &alice, &format!("{USERS}?status=active&limit=100")).await.expect(200).json();
        for one in page["data"].as_array().expect("data") {
            let own = one["id"] == world.a.alice.id.as_str();
            assert_eq!(one.get("email").is_some(), own, "{one}");
        }
        // What is not seen is not found out by asking, either.
        refused_parameter(&world, &alice, "filter=email%20sw%20%22b%22", "filter").await;
        refused_parameter(&world, &alice, "email=bob@a.test", "filter").await;
        refused_parameter(&world, &alice, "role=TenantAdmin", "filter").await;
        refused_parameter(&world, &alice, "sort=email", "sort").await;
        // Their own preferences, and nothing else, and nobody else's.
        let (own, bob) = (user_path(&world.a.alice), user_path(&world.a.bob));
        let locale = replace("/preferredLocale", json!("sv-SE"));
        patch(&world, &alice, &own, &locale).await.expect(204);
        patch(&world, &alice, &bob, &locale).await.expect(403);
        let facts = world.facts().await;
        for (path, value) in [
            ("/name", json!("Root")),
            ("/assignedRoles", json!([{"name": TENANT_ADMIN}])),
            ("/status", json!("disabled")),
        ] {
            patch(&world, &alice, &own, &replace(path, value)).await.expect(403);
        }
        delete(&world, &alice, &bob).await.expect(403);
        assert_eq!(world.facts().await, facts);
    }

    async fn nobody_gives_or_takes_more_than_they_have(world) {
        let tenant = &world.a;
        let carl = manager(&world, tenant, &tenant.bob).await;
        let path = user_path(&tenant.alice);
        // Managing users works, clients and the tenant do not.
        patch(&world, &carl, &path, &replace("/name", json!("Alice A"))).await.expect(204);
        patch(&world, &carl, &format!("/api/v1/tenants/{}", tenant.id), &replace("/name", json!("Mine"))).await.expect(403);
        let facts = world.facts().await;
        let admin = user_path(&tenant.admin);
        for (who, operation) in [
            (&path, replace("/assignedRoles", json!([{"name": TENANT_ADMIN}]))),
            (&path, replace("/roles", json!([TENANT_ADMIN]))),
            (&path, replace("/assignedRoles", json!([{"name": "DataAdmin"}]))),
            (&user_path(&tenant.bob), json!([{"op": "add", "path": "/assignedRoles/-", "value": {"name": TENANT_ADMIN}}])),
            (&admin, replace("/status", json!("disabled"))),
            (&admin, replace("/assignedRoles", json!([]))),
            (&admin, replace("/name", json!("Mallory"))),
        ] {
            patch(&world, &carl, who, &operation).await.expect(403);
        }
        delete(&world, &carl, &admin).await.expect(403);
        let new = json!({"subject": "idp|evil", "assignedRoles": [{"name": TENANT_ADMIN}]});
        post(&world, &carl, USERS, &new).await.expect(403);
        let role = json!({"name": "Evil", "assignedScopes": ["admin_classic"]});
        post(&world, &carl, "/api/v1/roles", &role).await.expect(403);
        let group = json!({"name": "Evil", "assignedRoles": [{"name": TENANT_ADMIN}]});
        post(&world, &carl, "/api/v1/groups", &group).await.expect(403);
        assert_eq!(world.facts().await, facts);
        // An administrator through an app that may only manage users gives no administration.
        let narrow = token_for(&world, tenant, &tenant.admin, "admin.users").await;
        patch(&world, &narrow, &path, &replace("/assignedRoles", json!([{"name": TENANT_ADMIN}]))).await.expect(403);
        // Another tenant's people are not there.
        let admin = world.machine_token(tenant).await;
        for answer in [
            patch(&world, &admin, &user_path(&world.b.bob), &replace("/name", json!("X"))).await,
            delete(&world, &admin, &user_path(&world.b.bob)).await,
        ] {
            answer.expect(404);
        }
    }

    async fn the_last_administrator_stays(world) {
        let tenant = &world.a;
        let machine = world.machine_token(tenant).await;
        let admin = user_path(&tenant.admin);
        let facts = world.facts().await;
        for operation in [replace("/status", json!("disabled")), replace("/assignedRoles", json!([]))] {
            let refused = patch(&world, &machine, &admin, &operation).await.expect(409).json();
            let told = refused["errors"][0]["detail"].as_str().expect("a detail");
            assert!(told.contains("somebody else first"), "{told}");
        }
        delete(&world, &machine, &admin).await.expect(409);
        assert_eq!(world.facts().await, facts);
        // With a second one, who has the role through a group, the first can go; then not the group.
        let group = json!({"name": "Chiefs", "assignedRoles": [{"name": TENANT_ADMIN}]});
        let group = post(&world, &machine, "/api/v1/groups", &group).await.expect(201).member("id");
        let chiefs = replace("/assignedGroups", json!([{"id": group}]));
        patch(&world, &machine, &user_path(&tenant.bob), &chiefs).await.expect(204);
        delete(&world, &machine, &admin).await.expect(204);
        let path = format!("/api/v1/groups/{group}");
        delete(&world, &machine, &path).await.expect(409);
        patch(&world, &machine, &path, &replace("assignedRoles", json!([]))).await.expect(409);
        patch(&world, &machine, &user_path(&tenant.bob), &replace("/assignedGroups", json!([]))).await.expect(409);
    }

    async fn whoever_cannot_sign_in_is_no_administrator_who_remains(world) {
        let tenant = &world.a;
        let machine = world.machine_token(tenant).await;
        let admin = user_path(&tenant.admin);
        let chief = json!([{"name": TENANT_ADMIN}]);
        let group = json!({"name": "Chiefs", "assignedRoles": chief});
        let group = post(&world, &machine, "/api/v1/groups", &group).await.expect(201).member("id");
        // Active, and without a password: one has the role, one is in a group that gives it.
        let direct = json!({"subject": "idp|direct", "assignedRoles": chief});
        let direct = made(&world, &machine, direct).await;
        let member = json!({"subject": "idp|member", "assignedGroups": [{"id": group}]});
        let member = made(&world, &machine, member).await;
        for path in [&direct, &member] {
            assert_eq!(get(&world, &machine, path).await.expect(200).json()["status"], "active");
        }
        let facts = world.facts().await;
        for operation in [replace("/status", json!("disabled")), replace("/assignedRoles", json!([]))] {
            let refused = patch(&world, &machine, &admin, &operation).await.expect(409).json();
            let told = refused["errors"][0]["detail"].as_str().expect("a detail");
            assert!(told.contains("with a password"), "{told}");
        }
        delete(&world, &machine, &admin).await.expect(409);
        assert_eq!(world.facts().await, facts);
        // They themselves may go: whoever can sign in is left.
        patch(&world, &machine, &direct, &replace("/status", json!("disabled"))).await.expect(204);
        patch(&world, &machine, &direct, &replace("/status", json!("active"))).await.expect(204);
        // Somebody who has the role and a password, but is off, does not count either.
        let bob = user_path(&tenant.bob);
        patch(&world, &machine, &bob, &replace("/assignedRoles", chief)).await.expect(204);
        patch(&world, &machine, &bob, &replace("/status", json!("disabled"))).await.expect(204);
        delete(&world, &machine, &admin).await.expect(409);
        patch(&world, &machine, &bob, &replace("/status", json!("active"))).await.expect(204);
        delete(&world, &machine, &admin).await.expect(204);
        // Now that one is the last, and the others help no more than before.
        delete(&world, &machine, &bob).await.expect(409);
    }

    async fn machines_users_go_with_their_clients(world) {
        let machine = world.machine_token(&world.a).await;
        let me = get(&world, &machine, "/api/v1/users/me").await.location().to_owned();
        let refused = delete(&world, &machine, &me).await.expect(409).json();
        assert!(refused["errors"][0]["detail"].as_str().expect("a detail").contains(world.a.m2m.id()));
    }

    async fn invitations_say_what_came_of_each(world) {
        let machine = world.machine_token(&world.a).await;
        let path = format!("{USERS}/actions/invite");
        world.user_status(&world.a, &world.a.bob.id, domain::user::UserStatus::Disabled).await;
        let body = json!({"invitees": [
            {"email": "new@a.test", "name": "New", "language": "de"}, {"email": "NEW@a.test"},
            {"email": "alice@a.test"}, {"email": "bob@a.test"},
            {"email": "new@a.test", "resend": true},
        ]});
        let answer = post(&world, &machine, &path, &body).await.expect(207).json();
        let told: Vec<_> = answer["data"].as_array().expect("data").iter()
            .map(|one| (one["status"].as_str().expect("a status"), one["code"].as_str().unwrap_or(""))).collect();
        assert_eq!(told, [("ok", ""), ("exists", ""), ("error", "1001"), ("error", "1002"), ("ok", "")]);
        let id = answer["data"][0]["userId"].as_str().expect("an id");
        let user = get(&world, &machine, &format!("{USERS}/{id}")).await.expect(200).json();
        assert_eq!((&user["status"], &user["locale"]), (&json!("invited"), &json!("de")));
        assert!(user["inviteExpiry"].as_i64().expect("a time") > 0);
        patch(&world, &machine, &format!("{USERS}/{id}"), &json!([{"op": "renew", "path": "/inviteExpiry"}])).await.expect(204);
        let facts = world.facts().await;
        let many: Vec<Value> = (0..101).map(|n| json!({"email": format!("m{n}@a.test")})).collect();
        for (body, pointer) in [
            (json!({"invitees": []}), "/invitees"),
            (json!({"invitees": many}), "/invitees"),
            (json!({"invitees": [{"email": "good@a.test", "role": "x"}]}), "/invitees/0/role"),
        ] {
            let refused = post(&world, &machine, &path, &body).await.expect(400).json();
            assert_eq!(refused["errors"][0]["source"]["pointer"], pointer, "{refused}");
        }
        assert_eq!(world.facts().await, facts);
    }

    async fn one_bad_invitation_keeps_none_of_the_others_back(world) {
        let machine = world.machine_token(&world.a).await;
        let path = format!("{USERS}/actions/invite");
        let bad = [
            json!({"email": "bad"}), json!({"email": ""}), json!({"email": "a\u{0}@a.test"}),
            json!({"email": "x@a.test", "name": "x".repeat(257)}),
            json!({"email": "x@a.test", "name": "a\u{7}b"}),
            json!({"email": "x@a.test", "language": "<b>"}),
        ];
        let facts = world.facts().await;
        let answer = post(&world, &machine, &path, &json!({"invitees": bad})).await.expect(207).json();
        for (one, sent) in answer["data"].as_array().expect("data").iter().zip(&bad) {
            assert_eq!((&one["status"], &one["code"]), (&json!("error"), &json!("1004")), "{one}");
            assert_eq!(one["email"], sent["email"]);
            assert!(one["title"].as_str().is_some_and(|title| title.contains(": ")), "{one}");
            assert!(one.get("userId").is_none());
        }
        assert_eq!(world.facts().await, facts);
        let mixed = json!({"invitees": [{"email": "one@a.test"}, bad[0], {"email": "two@a.test"}]});
        let answer = post(&world, &machine, &path, &mixed).await.expect(207).json();
        let told: Vec<_> = answer["data"].as_array().expect("data").iter().map(|one| &one["status"]).collect();
        assert_eq!(told, ["ok", "error", "ok"]);
        assert_eq!(world.audit(&world.a, "user.invited").await.len(), 2);
        // A document that is none is refused as a whole.
        for (body, pointer) in [
            (json!({"invitees": [{"email": "three@a.test"}, {"email": 7}]}), "/invitees/1/email"),
            (json!({"invitees": [{"email": "three@a.test"}, {"name": "x"}]}), "/invitees/1/email"),
        ] {
            let refused = post(&world, &machine, &path, &body).await.expect(400).json();
            assert_eq!(refused["errors"][0]["source"]["pointer"], pointer, "{refused}");
        }
        assert_eq!(world.audit(&world.a, "user.invited").await.len(), 2);
    }

    async fn who_is_switched_off_or_deleted_is_out_on_every_node(one) {
        let (two, mut feed) = one.second_node().await;
        let tenant: &Tenant = &one.a;
        let machine = one.machine_token(tenant).await;
        let tokens = two.tokens(tenant, &tenant.web, "openid offline_access").await;
        two.userinfo(tenant, tokens.access()).await.expect(200);
        let alice = user_path(&tenant.alice);
        patch(&one, &machine, &alice, &replace("/status", json!("disabled"))).await.expect(204);
        feed.poll().await.expect("polls");
        for node in [&one, &two] {
            node.userinfo(tenant, tokens.access()).await.expect_error(401, "invalid_token");
            node.refresh(tenant, &tenant.web, tokens.refresh()).await.expect_error(400, "invalid_grant");
        }
        assert!(one.table("session").await.is_empty());
        // Switched on again, nothing of before comes back.
        patch(&one, &machine, &alice, &replace("/status", json!("active"))).await.expect(204);
        feed.poll().await.expect("polls");
        two.userinfo(tenant, tokens.access()).await.expect_error(401, "invalid_token");
        one.clock.advance_seconds(2);
        let tokens = two.tokens(tenant, &tenant.web, "openid offline_access").await;
        delete(&one, &machine, &alice).await.expect(204);
        feed.poll().await.expect("polls");
        for node in [&one, &two] {
            node.userinfo(tenant, tokens.access()).await.expect_error(401, "invalid_token");
        }
        for table in ["session", "refresh_family", "refresh_token", "consent", "authorization_code"] {
            assert!(one.table(table).await.is_empty(), "{table}");
        }
    }
}
