//! `refresh_token` (RFC 6749 section 6): rotation, scopes, lifetimes.

use domain::user::UserStatus;
use serde_json::json;

use crate::flow::{AuthRequest, Tokens};
use crate::jwt;
use crate::world::{App, Tenant, World, web_draft};

const DAY: i64 = 86_400;

async fn with_scope(world: &World, app: &App, token: &str, scope: &str) -> crate::call::Answer {
    let mut form = app.credentials();
    form.extend([("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)]);
    world.token(&world.a, &form).await
}

async fn first(world: &World, tenant: &Tenant, app: &App) -> Tokens {
    world.tokens(tenant, app, "openid user_default offline_access").await
}

both! {
    async fn a_refresh_gives_new_tokens_and_a_new_refresh_token(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let request = AuthRequest::new(app, "openid offline_access").set("nonce", "n-7");
        let code = world.code_in(&mut world.browser(tenant), &request, &tenant.alice).await;
        let old = Tokens::of(&world.exchange(tenant, app, &code).await);
        world.clock.advance_seconds(3000);
        let answer = world.refresh(tenant, app, old.refresh()).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let new = Tokens::of(&answer);
        assert_ne!(new.refresh(), old.refresh());
        assert_ne!(new.access(), old.access());
        assert_eq!(new.0["scope"], old.0["scope"]);
        assert_eq!(new.0["token_type"], "Bearer");
        let (before, after) = (jwt::claims(old.id()), world.verified(tenant, new.id()).await);
        for same in ["iss", "sub", "aud", "auth_time", "nonce", "sid"] {
            assert_eq!(before[same], after[same], "{same} (OpenID Connect Core 12.2)");
        }
        assert_eq!(after["iat"], 1_800_003_000);
        assert_ne!(before["at_hash"], after["at_hash"]);
        for tokens in [&old, &new] {
            world.userinfo(tenant, tokens.access()).await.expect(200);
        }
        Tokens::of(&world.refresh(tenant, app, new.refresh()).await);
    }

    async fn only_offline_access_gives_one(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        // An empty scope means all but offline_access.
        let request = AuthRequest::new(app, "x").without("scope");
        let code = world.code_in(&mut world.browser(tenant), &request, &tenant.alice).await;
        let tokens = Tokens::of(&world.exchange(tenant, app, &code).await);
        assert!(tokens.0.get("refresh_token").is_none());
        assert!(!tokens.0["scope"].as_str().expect("a scope").contains("offline_access"));
        assert!(world.table("refresh_token").await.is_empty());
        assert_eq!(first(&world, tenant, app).await.refresh().len(), 43);
        assert_eq!(world.table("refresh_token").await.len(), 1);
    }

    async fn a_public_client_refreshes_by_its_id(world) {
        let (tenant, app) = (&world.a, &world.a.native);
        let tokens = first(&world, tenant, app).await;
        let tokens = Tokens::of(&world.refresh(tenant, app, tokens.refresh()).await);
        assert_eq!(tokens.0["scope"], "openid user_default offline_access");
    }

    async fn the_client_may_be_found_by_the_token(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let tokens = first(&world, tenant, app).await;
        // @qlik/api's body, to the letter (contract 0.3).
        let body = |token: &str, secret: &str| {
            json!({ "grant_type": "refresh_token", "refresh_token": token, "client_secret": secret })
        };
        let post = async |body| world.post(tenant, "/oauth/token").json(&body).send().await;
        let refused = post(body(tokens.refresh(), &tenant.m2m.secret)).await;
        refused.expect_error(401, "invalid_client");
        let refused = post(json!({
            "grant_type": "refresh_token", "refresh_token": tokens.refresh(),
        }));
        refused.await.expect_error(401, "invalid_client");
        // Without a token that is known there is nobody to ask for a secret.
        let refused = post(body("unknown", &app.secret)).await;
        refused.expect_error(400, "invalid_grant");
        let next = Tokens::of(&post(body(tokens.refresh(), &app.secret)).await);
        // qlik-sdk (py): Basic, and a body without client_id.
        let call = world.post(tenant, "/oauth/token").basic(app.id(), &app.secret).json(&json!({
            "grant_type": "refresh_token", "refresh_token": next.refresh(),
        }));
        Tokens::of(&call.send().await);
    }

    async fn scopes_may_be_narrowed_and_never_widened(world) {
        let app = &world.a.web;
        let tokens = first(&world, &world.a, app).await;
        let narrow = Tokens::of(&with_scope(&world, app, tokens.refresh(), "user_default").await);
        assert_eq!(narrow.0["scope"], "user_default");
        assert!(narrow.0.get("id_token").is_none());
        // The family keeps what was granted (RFC 6749 section 6).
        let again = Tokens::of(&world.refresh(&world.a, app, narrow.refresh()).await);
        assert_eq!(again.0["scope"], "openid user_default offline_access");
        let before = world.facts().await;
        for wider in ["openid profile", "email", "admin_classic", "nonsense"] {
            let refused = with_scope(&world, app, again.refresh(), wider).await;
            refused.expect_error(400, "invalid_scope");
        }
        assert_eq!(world.facts().await, before, "the token is not spent");
        Tokens::of(&world.refresh(&world.a, app, again.refresh()).await);
    }

    async fn what_the_client_may_no_longer_have_is_left_out(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let tokens = first(&world, tenant, app).await;
        let fewer = "UPDATE client SET allowed_scopes = 'openid offline_access'";
        world.sql(format!("{fewer} WHERE id = '{}'", app.id)).await;
        let (fresh, _) = world.second_node().await;
        let tokens = Tokens::of(&fresh.refresh(tenant, app, tokens.refresh()).await);
        assert_eq!(tokens.0["scope"], "openid offline_access");
        let none = "UPDATE client SET allowed_scopes = 'apps'";
        world.sql(format!("{none} WHERE id = '{}'", app.id)).await;
        let (fresh, _) = world.second_node().await;
        let tokens = Tokens::of(&fresh.refresh(tenant, app, tokens.refresh()).await);
        assert_eq!(tokens.0["scope"], "");
        assert!(tokens.0.get("id_token").is_none());
    }

    async fn each_use_gives_thirty_more_days(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let mut tokens = first(&world, tenant, app).await;
        for _ in 0..3 {
            world.clock.advance_seconds(30 * DAY - 1);
            engine::jobs::purge(world.engine()).await.expect("purged");
            tokens = Tokens::of(&world.refresh(tenant, app, tokens.refresh()).await);
        }
        world.clock.advance_seconds(30 * DAY);
        let refused = world.refresh(tenant, app, tokens.refresh()).await;
        refused.expect_error(400, "invalid_grant");
        world.clock.advance_seconds(1);
        engine::jobs::purge(world.engine()).await.expect("purged");
        assert!(world.table("refresh_token").await.is_empty());
        let refused = world.refresh(tenant, app, tokens.refresh()).await;
        refused.expect_error(400, "invalid_grant");
    }

    async fn a_person_who_is_switched_off_loses_everything_for_good(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let tokens = first(&world, tenant, app).await;
        world.user_status(tenant, &tenant.alice.id, UserStatus::Disabled).await;
        let refused = world.refresh(tenant, app, tokens.refresh()).await;
        refused.expect_error(400, "invalid_grant");
        world.userinfo(tenant, tokens.access()).await.expect_error(401, "invalid_token");
        world.user_status(tenant, &tenant.alice.id, UserStatus::Active).await;
        world.userinfo(tenant, tokens.access()).await.expect_error(401, "invalid_token");
        let refused = world.refresh(tenant, app, tokens.refresh()).await;
        refused.expect_error(400, "invalid_grant");
    }

    async fn a_client_that_is_switched_off_or_deleted_gets_nothing(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let tokens = first(&world, tenant, app).await;
        let (ctx, operator) = (world.admin(tenant).await, engine::authority::Caller::operator());
        let set = |reason| engine::admin::client::set_disabled(&ctx, &operator, &app.id, reason);
        set(Some("abuse")).await.expect("off");
        let refused = world.refresh(tenant, app, tokens.refresh()).await;
        refused.expect_error(401, "invalid_client");
        set(None).await.expect("on");
        let tokens = Tokens::of(&world.refresh(tenant, app, tokens.refresh()).await);
        engine::admin::client::delete(&ctx, &operator, &app.id).await.expect("deleted");
        let refused = world.refresh(tenant, app, tokens.refresh()).await;
        refused.expect_error(401, "invalid_client");
        assert!(world.table("refresh_token").await.is_empty());
    }

    async fn another_client_or_tenant_cannot_use_it(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let tokens = first(&world, tenant, app).await;
        let other = world.client(tenant, web_draft()).await;
        let before = world.facts().await;
        for thief in [&other, &tenant.native, &tenant.spa] {
            let refused = world.refresh(tenant, thief, tokens.refresh()).await;
            refused.expect_error(400, "invalid_grant");
        }
        let refused = world.refresh(&world.b, &world.b.web, tokens.refresh()).await;
        refused.expect_error(400, "invalid_grant");
        assert_eq!(world.facts().await, before);
        Tokens::of(&world.refresh(tenant, app, tokens.refresh()).await);
    }
}
