//! `/api/v1/*` and `/resources/*` (contract 0.5, 0.6, 5, 6).

mod access;
mod bounds;
mod might;
mod names;
mod roles;
mod unchanged;
mod users;

use serde_json::{Value, json};

use crate::call::Answer;
use crate::flow::{AuthRequest, Tokens};
use crate::world::{Person, Setup, Tenant, World, web_draft};

/// A token of a person for the web client.
async fn token(world: &World, tenant: &Tenant, person: &Person, scope: &str) -> String {
    let request = AuthRequest::new(&tenant.web, scope);
    let code = world.code_in(&mut world.browser(tenant), &request, person).await;
    world.exchange(tenant, &tenant.web, &code).await.access_token()
}

async fn get(world: &World, token: &str, path: &str) -> Answer {
    world.get(&world.a, path).bearer(token).send().await
}

async fn post(world: &World, token: &str, path: &str, body: &Value) -> Answer {
    world.post(&world.a, path).bearer(token).json(body).send().await
}

async fn patch(world: &World, token: &str, path: &str, body: &Value) -> Answer {
    world.call("PATCH", &world.a.host, path).bearer(token).json(body).send().await
}

async fn delete(world: &World, token: &str, path: &str) -> Answer {
    world.call("DELETE", &world.a.host, path).bearer(token).send().await
}

/// A patch of one replacement.
fn replace(path: &str, value: Value) -> Value {
    json!([{"op": "replace", "path": path, "value": value}])
}

/// A token of a person with a scope, for an app that may have it.
async fn token_for(world: &World, tenant: &Tenant, person: &Person, scope: &str) -> String {
    let mut draft = web_draft();
    draft.allowed_scopes = crate::world::scopes(&format!("openid {scope}"));
    let app = world.client(tenant, draft).await;
    let request = AuthRequest::new(&app, scope);
    let code = world.code_in(&mut world.browser(tenant), &request, person).await;
    world.exchange(tenant, &app, &code).await.access_token()
}

/// Lets a person manage users by a role of the tenant's own; gives a token for all they may do.
async fn manager(world: &World, tenant: &Tenant, person: &Person) -> String {
    let machine = world.machine_token(tenant).await;
    let role = json!({"name": "User manager", "assignedScopes": ["admin.users"]});
    post(world, &machine, "/api/v1/roles", &role).await.expect(201);
    let roles = replace("/assignedRoles", json!([{"name": "User manager"}]));
    patch(world, &machine, &user_path(person), &roles).await.expect(204);
    token_for(world, tenant, person, "admin_classic user_default").await
}

fn user_path(person: &Person) -> String {
    format!("/api/v1/users/{}", person.id)
}

both! {
    async fn me_is_a_relative_redirect_to_oneself(world) {
        let tenant = &world.a;
        let token = token(&world, tenant, &tenant.alice, "user_default").await;
        let me = get(&world, &token, "/api/v1/users/me").await;
        assert_eq!(me.expect(301).location(), user_path(&tenant.alice));
        let me = get(&world, &token, me.location()).await.expect(200).json();
        let alice = &tenant.alice;
        assert_eq!(me["id"], alice.id.as_str());
        assert_eq!(me["subject"], alice.subject.as_str());
        assert_eq!(me["name"], alice.name.as_str());
        assert_eq!(me["email"], alice.email.as_str());
        assert_eq!(me["tenantId"], tenant.id.as_str());
        assert_eq!(me["status"], "active");
        assert_eq!(me["locale"], "en-GB");
        assert_eq!(me["zoneinfo"], "Europe/Stockholm");
        assert_eq!(me["picture"], "https://people.example/alice.png");
        assert_eq!(me["assignedRoles"], json!([]));
        assert_eq!(me["createdAt"], "2027-01-15T08:00:00.25Z");
        let href = format!("https://a.test{}", user_path(alice));
        assert_eq!(me["links"]["self"]["href"], href.as_str());
    }

    async fn a_machine_is_its_bot_user(world) {
        let token = world.machine_token(&world.a).await;
        let me = get(&world, &token, "/api/v1/users/me").await;
        let me = get(&world, &token, me.expect(301).location()).await.expect(200).json();
        assert_eq!(me["subject"], world.a.m2m.id());
        assert_eq!(me["name"], "Nightly");
        assert_eq!(me["assignedRoles"][0]["name"], "TenantAdmin");
        assert_eq!(me["assignedRoles"][0]["level"], "admin");
        assert!(me.get("email").is_none());
    }

    async fn scopes_decide_what_is_shown(world) {
        let alice = &world.a.alice;
        let mut draft = web_draft();
        draft.allowed_scopes = crate::world::scopes(
            "openid profile email users:read identity.email:read identity.name:read \
             identity.picture:read identity.subject:read",
        );
        let app = world.client(&world.a, draft).await;
        let locale = ["locale", "preferredLocale", "preferredZoneinfo", "zoneinfo"];
        for (scope, shown) in [
            ("openid", vec![]),
            ("identity.email:read", vec!["email"]),
            ("identity.picture:read", vec!["picture"]),
            ("identity.subject:read", vec!["subject"]),
            ("identity.name:read", [&locale[..], &["name"]].concat()),
            ("openid email", vec!["email"]),
            ("openid profile", [&locale[..], &["name", "picture"]].concat()),
        ] {
            let request = AuthRequest::new(&app, scope);
            let code = world.code_in(&mut world.browser(&world.a), &request, alice).await;
            let tokens = Tokens::of(&world.exchange(&world.a, &app, &code).await);
            let me = get(&world, tokens.access(), &user_path(alice)).await.expect(200).json();
            let mut members = [&["id", "links", "status", "tenantId"][..], &shown].concat();
            members.sort_unstable();
            let seen: Vec<&String> = me.as_object().expect("a user").keys().collect();
            assert_eq!(seen, members, "{scope}");
            // `fields` picks out of that, and adds nothing.
            let path = format!("{}?fields=subject,name,email,roles,status", user_path(alice));
            let cut = get(&world, tokens.access(), &path).await.expect(200).json();
            let seen: Vec<&String> = cut.as_object().expect("a user").keys().collect();
            members.retain(|name| ["id", "subject", "name", "email", "status"].contains(name));
            assert_eq!(seen, members, "{scope}");
        }
        // Who may read users sees of oneself what others see, and more.
        let request = AuthRequest::new(&app, "users:read");
        let code = world.code_in(&mut world.browser(&world.a), &request, alice).await;
        let tokens = Tokens::of(&world.exchange(&world.a, &app, &code).await);
        let me = get(&world, tokens.access(), &user_path(alice)).await.expect(200).json();
        assert_eq!(me["name"], alice.name.as_str());
    }

    async fn others_are_names_but_for_administrators(world) {
        let tenant = &world.a;
        let bob = user_path(&tenant.bob);
        let alices = token(&world, tenant, &tenant.alice, "user_default").await;
        let seen = get(&world, &alices, &bob).await.expect(200).json();
        let members: Vec<&str> = seen.as_object().expect("a user").keys().map(String::as_str).collect();
        assert_eq!(members, ["id", "links", "name", "status", "tenantId"]);
        assert_eq!(seen["name"], tenant.bob.name.as_str());
        let admins = token(&world, tenant, &tenant.admin, "openid").await;
        let refused = get(&world, &admins, &bob).await;
        refused.expect_error(403, "insufficient_scope");
        // Whether somebody exists is not said either.
        let nobody = get(&world, &admins, "/api/v1/users/0123456789abcdef01234567").await;
        assert_eq!(nobody.expect(403).json()["errors"], refused.json()["errors"]);
        // An administrator through an app that may not administer.
        let admins = token(&world, tenant, &tenant.admin, "user_default").await;
        assert!(get(&world, &admins, &bob).await.expect(200).json().get("email").is_none());
        let machine = world.machine_token(tenant).await;
        let seen = get(&world, &machine, &bob).await.expect(200).json();
        assert_eq!(seen["email"], tenant.bob.email.as_str());
        for missing in [
            "/api/v1/users/0123456789abcdef01234567".to_owned(),
            user_path(&world.b.bob),
            "/api/v1/users/a%20b".to_owned(),
            "/api/v1/users/%27%20OR%201=1".to_owned(),
            format!("/api/v1/users/{}", "x".repeat(300)),
            "/api/v1/users/%ff".to_owned(),
        ] {
            let refused = get(&world, &machine, &missing).await.expect(404).json();
            assert_eq!(refused["errors"][0]["code"], "USERS-7", "{missing}");
            assert_eq!(refused["errors"][0]["status"], 404);
        }
    }

    async fn a_tenant_tells_about_itself_only(world) {
        let tenant = &world.a;
        let token = token(&world, tenant, &tenant.alice, "user_default").await;
        let me = get(&world, &token, "/api/v1/tenants/me").await;
        assert_eq!(me.expect(302).location(), format!("/api/v1/tenants/{}", tenant.id));
        let me = get(&world, &token, me.location()).await.expect(200).json();
        assert_eq!(me["id"], tenant.id.as_str());
        assert_eq!(me["name"], "Tenant A");
        assert_eq!(me["hostnames"], json!(["a.test", "a.alias.test"]));
        assert_eq!(me["datacenter"], "eu");
        assert_eq!(me["status"], "active");
        let href = format!("https://a.test/api/v1/tenants/{}", tenant.id);
        assert_eq!(me["links"]["self"]["href"], href.as_str());
        for other in [world.b.id.as_str(), "unknown", "a%20b", &"x".repeat(500)] {
            let refused = get(&world, &token, &format!("/api/v1/tenants/{other}")).await;
            let refused = refused.expect(404).json();
            assert_eq!(refused["errors"][0]["code"], "TENANTS-8");
            assert_eq!(refused["errors"][0]["status"], "404");
        }
    }

    async fn the_product_info_is_what_real_clients_expect(world) {
        let path = "/resources/autogenerated/product-info.json";
        let answer = world.get(&world.a, path).send().await;
        let expected = json!({
            "composition": { "deploymentType": "qlikcloudservices" }, "externalUrls": {},
        });
        assert_eq!(answer.expect(200).json(), expected);
        // No authentication, and none needed: even a bad token is no reason for a 401.
        let answer = world.get(&world.a, path).bearer("bad").send().await;
        assert_eq!(answer.expect(200).json(), expected);
    }

    async fn what_is_not_there_is_404(world) {
        let token = world.machine_token(&world.a).await;
        for path in ["/api/v1/", "/api/v1/apps", "/api/v2/users/me", "/nothing"] {
            let answer = get(&world, &token, path).await.expect(404).json();
            assert_eq!(answer["errors"][0]["code"], "HTTP-404", "{path}");
        }
        let page = world.browser(&world.a).get("/nothing").await;
        assert!(page.expect(404).is_html());
        let answer = world.call("DELETE", "a.test", "/api/v1/users/me").bearer(&token).send().await;
        let answer: Value = answer.expect(405).json();
        assert_eq!(answer["errors"][0]["code"], "HTTP-405");
    }

    async fn a_slash_too_many_is_left_away_from_a_page_and_nothing_else(world) {
        let mut browser = world.browser(&world.a);
        for (path, place) in [
            ("/admin/", "/admin"),
            ("/account/", "/account"),
            ("/admin/clients/?q=a%22&sort=name", "/admin/clients?q=a%22&sort=name"),
        ] {
            assert_eq!(browser.get(path).await.expect(301).location(), place);
        }
        for path in ["//", "/admin//", "//admin/", "/admin/nothing/", "/api/v1/users/", "/admin/?q=ä"]
        {
            browser.get(path).await.expect(404);
        }
    }
}

both! {
    Setup::http();

    async fn addresses_have_the_port_that_the_outside_sees(world) {
        let token = world.machine_token(&world.a).await;
        assert_eq!(crate::jwt::claims(&token)["iss"], "http://a.test:8080");
        let me = world.call("GET", "a.test:8080", "/api/v1/users/me").bearer(&token).send().await;
        let path = me.location().to_owned();
        assert!(path.starts_with("/api/v1/users/"), "no other origin: clients drop the token there");
        let me = world.call("GET", "a.test:8080", &path).bearer(&token).send().await.json();
        assert_eq!(me["links"]["self"]["href"], format!("http://a.test:8080{path}"));
    }
}
