//! `POST /oauth/revoke` (RFC 7009; contract 4.4).

use serde_json::json;

use crate::call::Answer;
use crate::world::{App, Tenant, World, web_draft};

async fn revoke(world: &World, tenant: &Tenant, app: &App, token: &str) -> Answer {
    let form = [&app.credentials()[..], &[("token", token)]].concat();
    world.post(tenant, "/oauth/revoke").form(&form).send().await
}

#[track_caller]
fn assert_done(answer: &Answer) {
    assert!(answer.expect(200).bytes.is_empty());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

both! {
    async fn an_access_token_alone_is_revoked(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let tokens = world.tokens(tenant, app, "openid offline_access").await;
        assert_done(&revoke(&world, tenant, app, tokens.access()).await);
        world.userinfo(tenant, tokens.access()).await.expect_error(401, "invalid_token");
        let next = world.refresh(tenant, app, tokens.refresh()).await.access_token();
        world.userinfo(tenant, &next).await.expect(200);
        assert_eq!(world.audit(tenant, "access_token.revoked").await.len(), 1);
        // Twice is no error, and writes nothing more.
        let before = world.rows().await;
        assert_done(&revoke(&world, tenant, app, tokens.access()).await);
        assert_eq!(world.rows().await, before);
    }

    async fn a_refresh_token_takes_its_access_tokens_along(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let tokens = world.tokens(tenant, app, "openid offline_access").await;
        let next = crate::flow::Tokens::of(&world.refresh(tenant, app, tokens.refresh()).await);
        let other = world.tokens(tenant, app, "openid offline_access").await;
        assert_done(&revoke(&world, tenant, app, next.refresh()).await);
        for token in [tokens.access(), next.access()] {
            world.userinfo(tenant, token).await.expect_error(401, "invalid_token");
        }
        for token in [tokens.refresh(), next.refresh()] {
            world.refresh(tenant, app, token).await.expect_error(400, "invalid_grant");
        }
        world.userinfo(tenant, other.access()).await.expect(200);
        world.refresh(tenant, app, other.refresh()).await.access_token();
    }

    async fn a_spent_refresh_token_ends_its_family_too(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let tokens = world.tokens(tenant, app, "openid offline_access").await;
        let next = crate::flow::Tokens::of(&world.refresh(tenant, app, tokens.refresh()).await);
        assert_done(&revoke(&world, tenant, app, tokens.refresh()).await);
        world.refresh(tenant, app, next.refresh()).await.expect_error(400, "invalid_grant");
    }

    async fn whoever_holds_a_token_can_revoke_it_with_itself(world) {
        // qlik-sdk (py): Bearer of that token, JSON (contract 4.4).
        let tenant = &world.a;
        let tokens = world.tokens(tenant, &tenant.spa, "openid").await;
        let other = world.tokens(tenant, &tenant.spa, "openid").await;
        let body = json!({ "token": tokens.access(), "token_type_hint": "access_token" });
        let post = || world.post(tenant, "/oauth/revoke");
        let foreign = post().bearer(other.access()).json(&body).send().await;
        foreign.expect_error(401, "invalid_token");
        world.userinfo(tenant, tokens.access()).await.expect(200);
        assert_done(&post().bearer(tokens.access()).json(&body).send().await);
        world.userinfo(tenant, tokens.access()).await.expect_error(401, "invalid_token");
        world.userinfo(tenant, other.access()).await.expect(200);
    }

    async fn a_client_revokes_only_its_own(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let tokens = world.tokens(tenant, app, "openid offline_access").await;
        let other = world.client(tenant, web_draft()).await;
        let before = world.facts().await;
        for thief in [&other, &tenant.m2m, &tenant.spa] {
            for token in [tokens.access(), tokens.refresh()] {
                assert_done(&revoke(&world, tenant, thief, token).await);
            }
        }
        for token in [tokens.access(), tokens.refresh()] {
            assert_done(&revoke(&world, &world.b, &world.b.web, token).await);
            let call = world.post(&world.b, "/oauth/revoke").bearer(token);
            assert_done(&call.form(&[("token", token)]).send().await);
        }
        assert_eq!(world.facts().await, before);
        world.userinfo(tenant, tokens.access()).await.expect(200);
        world.refresh(tenant, app, tokens.refresh()).await.access_token();
    }

    async fn an_unknown_token_is_no_error_and_a_missing_one_is(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let before = world.rows().await;
        for token in ["unknown", "x.y.z", "ü", &"t".repeat(10_000)] {
            assert_done(&revoke(&world, tenant, app, token).await);
        }
        assert_eq!(world.rows().await, before);
        let call = world.post(tenant, "/oauth/revoke").form(&app.credentials());
        call.send().await.expect_error(400, "invalid_request");
        let wrong = App { secret: "wrong".to_owned(), ..app.clone() };
        revoke(&world, tenant, &wrong, "x").await.expect_error(401, "invalid_client");
        let nobody = world.post(tenant, "/oauth/revoke").form(&[("token", "x")]);
        nobody.send().await.expect_error(401, "invalid_client");
    }

    async fn revocations_are_forgotten_when_the_token_would_have_expired(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let tokens = world.tokens(tenant, app, "openid").await;
        assert_done(&revoke(&world, tenant, app, tokens.access()).await);
        assert_eq!(world.table("revoked_token").await.len(), 1);
        world.clock.advance_seconds(21_601);
        engine::jobs::purge(world.engine()).await.expect("purged");
        assert!(world.table("revoked_token").await.is_empty());
        world.userinfo(tenant, tokens.access()).await.expect_error(401, "invalid_token");
    }
}
