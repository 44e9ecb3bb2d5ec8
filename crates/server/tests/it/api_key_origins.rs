//! What an API key hangs on: the client and the grant that made it, and what that client may now.

use std::sync::Arc;

use domain::ids::{ClientId, UserId};
use engine::admin::AdminError;
use engine::admin::api_key::{self, ApiKeyDraft};
use engine::admin::client::{self, ClientDraft};
use engine::admin::user;
use engine::authority::Caller;
use engine::feed::Feed;
use serde_json::{Value, json};

use crate::api_keys::{post, token, works};
use crate::flow::AuthRequest;
use crate::jwt;
use crate::world::{App, Tenant, World, scopes, web_draft};

const MONTH: &str = "P30D";

/// A key that a bearer makes for whom it may, for a month.
async fn month(world: &World, tenant: &Tenant, bearer: &str, sub: Option<&UserId>) -> String {
    let mut body = json!({ "description": "For a month", "expiry": MONTH });
    if let Some(sub) = sub {
        body["sub"] = json!(sub.as_str());
    }
    let made = post(world, tenant, bearer, &body).await.expect(201).json();
    token(&made).to_owned()
}

/// A key that nobody's token made.
async fn by(world: &World, tenant: &Tenant, caller: &Caller, sub: &str) -> String {
    let draft = ApiKeyDraft {
        description: "By hand".to_owned(),
        expiry: Some(MONTH.to_owned()),
        sub: Some(sub.to_owned()),
        sub_type: None,
    };
    let made = api_key::create(&world.admin(tenant).await, caller, &draft).await.expect("a key");
    made.token.expose().clone()
}

async fn status(world: &World, tenant: &Tenant, key: &str) -> Value {
    let path = format!("/api/v1/api-keys/{}", jwt::claims(key)["jti"].as_str().expect("an id"));
    let admin = world.machine_token(tenant).await;
    let seen = world.get(tenant, &path).bearer(&admin).send().await.expect(200).json();
    seen["status"].clone()
}

async fn set_scopes(world: &World, tenant: &Tenant, id: &ClientId, names: &[&str]) {
    let patch = json!([{ "op": "replace", "path": "/allowedScopes", "value": names }]);
    let ctx = world.admin(tenant).await;
    client::update(&ctx, &Caller::operator(), id, patch).await.expect("changed");
}

/// What only scopes of administration and the role together open.
async fn raise_limit(world: &World, tenant: &Tenant, bearer: &str) -> crate::call::Answer {
    let path = format!("/api/v1/api-keys/configs/{}", tenant.id);
    let patch = json!([{ "op": "replace", "path": "/max_keys_per_user", "value": 9 }]);
    world.call("PATCH", &tenant.host, &path).bearer(bearer).json(&patch).send().await
}

/// An administrator's app, and a token of the administrator's for it.
async fn console(world: &World, tenant: &Tenant) -> (App, String) {
    const SCOPE: &str = "user_default admin_classic";
    let draft = ClientDraft { allowed_scopes: scopes(SCOPE), ..web_draft() };
    let app = world.client(tenant, draft).await;
    let request = AuthRequest::new(&app, SCOPE);
    let code = world.code_in(&mut world.browser(tenant), &request, &tenant.admin).await;
    let token = world.exchange(tenant, &app, &code).await.access_token();
    (app, token)
}

both! {
    async fn an_apps_keys_stop_with_the_app(world) {
        let a = &world.a;
        let (ctx, operator) = (world.admin(a).await, Caller::operator());
        let web = world.tokens(a, &a.web, "user_default").await;
        let key = month(&world, a, web.access(), None).await;
        let second = month(&world, a, web.access(), None).await;
        let others = world.tokens(a, &a.native, "user_default").await;
        let others = month(&world, a, others.access(), None).await;
        for key in [&key, &second, &others] {
            assert!(works(&world, a, key).await);
        }
        client::set_disabled(&ctx, &operator, &a.web.id, Some("abuse")).await.expect("off");
        for key in [&key, &second] {
            assert!(!works(&world, a, key).await, "the app is switched off");
        }
        client::set_disabled(&ctx, &operator, &a.web.id, None).await.expect("on");
        client::delete(&ctx, &operator, &a.web.id).await.expect("deleted");
        for key in [&key, &second] {
            assert!(!works(&world, a, key).await, "the app is gone");
        }
        assert!(works(&world, a, &others).await, "another app's");
    }

    async fn a_grants_keys_stop_with_the_grant_and_stay_stopped(world) {
        let a = &world.a;
        let mut feed = Feed::start(Arc::clone(&world.node.engine)).await.expect("a feed");
        let tokens = world.tokens(a, &a.web, "user_default offline_access").await;
        let key = month(&world, a, tokens.access(), None).await;
        let second = month(&world, a, tokens.access(), None).await;
        let other = world.tokens(a, &a.web, "user_default offline_access").await;
        let other = month(&world, a, other.access(), None).await;
        assert!(works(&world, a, &key).await && works(&world, a, &second).await);
        let form = [&a.web.credentials()[..], &[("token", tokens.refresh())]].concat();
        world.post(a, "/oauth/revoke").form(&form).send().await.expect(200);
        assert!(!works(&world, a, &key).await && !works(&world, a, &second).await);
        assert!(works(&world, a, &other).await, "another grant's");
        // The revocation of tokens is forgotten once they have all expired; keys live longer.
        feed.poll().await.expect("reads");
        world.clock.advance_seconds(3 * 86_400);
        let (fresh, _) = world.second_node().await;
        for node in [&world, &fresh] {
            assert!(!works(node, a, &key).await && !works(node, a, &second).await);
            assert!(works(node, a, &other).await);
        }
        assert_eq!(status(&world, a, &key).await, "revoked");
        fresh.engine().store().close().await;
    }

    async fn no_key_comes_of_a_grant_that_ends_meanwhile(world) {
        let a = &world.a;
        let tokens = world.tokens(a, &a.web, "user_default offline_access").await;
        let ctx = world.admin(a).await;
        // The token is good when the request comes in, and revoked before the key is written.
        let caller = engine::api_key::caller(&ctx, tokens.access()).await.expect("a good token");
        let form = [&a.web.credentials()[..], &[("token", tokens.refresh())]].concat();
        world.post(a, "/oauth/revoke").form(&form).send().await.expect(200);
        let draft = ApiKeyDraft { description: "Late".to_owned(), ..ApiKeyDraft::default() };
        let refused = api_key::create(&ctx, &caller, &draft).await;
        assert!(matches!(refused, Err(AdminError::Conflict(_))), "{refused:?}");
        assert!(world.table("api_key").await.is_empty());
    }

    async fn an_app_that_is_removed_long_after_loses_its_keys(world) {
        let a = &world.a;
        let web = world.tokens(a, &a.web, "user_default").await;
        let key = month(&world, a, web.access(), None).await;
        // An administrator's app makes keys for Bob.
        let (console, admin) = console(&world, a).await;
        let bobs = month(&world, a, &admin, Some(&a.bob.id)).await;
        let second = month(&world, a, &admin, Some(&a.bob.id)).await;
        let other = world.tokens(a, &a.native, "user_default").await;
        let other = month(&world, a, other.access(), None).await;
        world.clock.advance_seconds(2 * 86_400);
        for key in [&key, &bobs, &second, &other] {
            assert!(works(&world, a, key).await);
        }
        let (ctx, operator) = (world.admin(a).await, Caller::operator());
        let gone = user::app_remove(&ctx, &operator, &a.alice.id, &a.web.id).await;
        assert!(gone.expect("removed"));
        assert!(!works(&world, a, &key).await);
        let gone = user::app_remove(&ctx, &operator, &a.admin.id, &console.id).await;
        assert!(gone.expect("removed"));
        assert!(!works(&world, a, &bobs).await && !works(&world, a, &second).await);
        assert!(works(&world, a, &other).await, "another app's");
    }

    async fn a_bots_key_does_what_its_client_may_now(world) {
        let a = &world.a;
        let machine = world.machine_token(a).await;
        let bot = jwt::claims(&machine)["userId"].as_str().expect("an id").to_owned();
        let own = month(&world, a, &machine, None).await;
        // Nothing narrowed the second when it was made.
        let given = by(&world, a, &Caller::operator(), &bot).await;
        for key in [&own, &given] {
            raise_limit(&world, a, key).await.expect(204);
        }
        // The bot keeps its role, so that only the scopes are in the way.
        set_scopes(&world, a, &a.m2m.id, &["admin.users:read", "user_default"]).await;
        let bob = format!("/api/v1/users/{}", a.bob.id);
        for key in [&own, &given] {
            raise_limit(&world, a, key).await.expect_error(403, "insufficient_scope");
            let seen = world.get(a, &bob).bearer(key).send().await.expect(200).json();
            assert!(seen.get("email").is_some(), "what is left of a broad scope: {seen}");
        }
        set_scopes(&world, a, &a.m2m.id, &["user_default"]).await;
        for key in [&own, &given] {
            let seen = world.get(a, &bob).bearer(key).send().await.expect(200).json();
            assert!(seen.get("email").is_none(), "{seen}");
        }
        // A key does not grow beyond what made it.
        let narrow = month(&world, a, &world.machine_token(a).await, None).await;
        set_scopes(&world, a, &a.m2m.id, &["admin_classic", "user_default"]).await;
        raise_limit(&world, a, &narrow).await.expect_error(403, "insufficient_scope");
        raise_limit(&world, a, &own).await.expect(204);
    }

    async fn a_persons_key_does_what_its_app_may_now(world) {
        let a = &world.a;
        let (app, admin) = console(&world, a).await;
        let key = month(&world, a, &admin, None).await;
        raise_limit(&world, a, &key).await.expect(204);
        set_scopes(&world, a, &app.id, &["user_default"]).await;
        raise_limit(&world, a, &key).await.expect_error(403, "insufficient_scope");
        assert!(works(&world, a, &key).await, "what is left of it");
        set_scopes(&world, a, &app.id, &["user_default", "admin_classic"]).await;
        raise_limit(&world, a, &key).await.expect(204);
        // Part of a broad scope is left of it, and nothing of an app that may nothing.
        set_scopes(&world, a, &app.id, &["admin.users:read"]).await;
        let bob = format!("/api/v1/users/{}", a.bob.id);
        let seen = world.get(a, &bob).bearer(&key).send().await.expect(200).json();
        assert!(seen.get("email").is_some(), "{seen}");
        set_scopes(&world, a, &app.id, &[]).await;
        world.get(a, &bob).bearer(&key).send().await.expect_error(403, "insufficient_scope");
    }

    async fn keys_that_no_app_made_go_on(world) {
        let a = &world.a;
        world.tokens(a, &a.web, "user_default offline_access").await;
        let alice = world.caller(a, &a.alice).await;
        let own = by(&world, a, &alice, a.alice.id.as_str()).await;
        let given = by(&world, a, &Caller::operator(), a.alice.id.as_str()).await;
        let (ctx, operator) = (world.admin(a).await, Caller::operator());
        user::app_remove(&ctx, &operator, &a.alice.id, &a.web.id).await.expect("removed");
        for id in [&a.web.id, &a.m2m.id, &a.native.id, &a.spa.id] {
            client::delete(&ctx, &operator, id).await.expect("deleted");
        }
        world.clock.advance_seconds(2 * 86_400);
        for key in [&own, &given] {
            assert!(works(&world, a, key).await);
        }
    }
}
