//! `POST /oauth/introspect` (RFC 7662): a client learns about its own tokens, a trusted one about
//! all of the tenant's, and nobody why a token is not good.

use serde_json::json;

use crate::call::Answer;
use crate::world::{App, Tenant, World, m2m_draft, web_draft};

async fn ask(world: &World, tenant: &Tenant, app: &App, token: &str) -> Answer {
    let call = world.post(tenant, "/oauth/introspect").basic(app.id(), &app.secret);
    call.form(&[("token", token)]).send().await
}

/// `{"active": false}` and nothing else (RFC 7662 section 2.2).
async fn assert_inactive(world: &World, tenant: &Tenant, app: &App, token: &str) {
    let answer = ask(world, tenant, app, token).await;
    assert_eq!(answer.expect(200).json(), json!({ "active": false }));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

both! {
    async fn a_client_learns_about_its_own_tokens(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let tokens = world.tokens(tenant, app, "openid offline_access").await;
        let found = ask(&world, tenant, app, tokens.access()).await.expect(200).json();
        assert_eq!(found["active"], true);
        assert_eq!(found["client_id"], app.id());
        assert_eq!(found["sub"], tenant.alice.subject.as_str());
        assert_eq!(found["username"], tenant.alice.email.as_str());
        assert_eq!(found["scope"], "openid offline_access");
        assert_eq!(found["token_type"], "Bearer");
        assert_eq!(found["iss"], tenant.issuer.as_str());
        assert_eq!(found["aud"], tenant.issuer.as_str());
        assert_eq!(found["exp"], 1_800_021_600);
        assert_eq!(found["iat"], 1_800_000_000);
        let found = ask(&world, tenant, app, tokens.refresh()).await.expect(200).json();
        assert_eq!(found["active"], true);
        assert_eq!(found["exp"], 1_800_000_000 + 30 * 86_400);
        // By JSON and in the body, with any hint.
        let body = json!({
            "client_id": app.id(), "client_secret": app.secret, "token": tokens.access(),
            "token_type_hint": "refresh_token",
        });
        let answer = world.post(tenant, "/oauth/introspect").json(&body).send().await;
        assert_eq!(answer.expect(200).json()["active"], true);
    }

    async fn others_learn_nothing_unless_they_are_trusted(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let tokens = world.tokens(tenant, app, "openid offline_access").await;
        let other = world.client(tenant, web_draft()).await;
        for token in [tokens.access(), tokens.refresh()] {
            assert_inactive(&world, tenant, &other, token).await;
            let seen = ask(&world, tenant, &tenant.m2m, token).await.expect(200).json();
            assert_eq!(seen["active"], true);
            // The other tenant's trusted client is trusted there.
            assert_inactive(&world, &world.b, &world.b.m2m, token).await;
        }
        assert_inactive(&world, tenant, app, &world.machine_token(tenant).await).await;
    }

    async fn what_is_over_is_inactive(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let tokens = world.tokens(tenant, app, "openid offline_access").await;
        for nonsense in ["x", "x.y.z", tokens.id(), "'", "ü"] {
            assert_inactive(&world, tenant, app, nonsense).await;
        }
        let next = crate::flow::Tokens::of(&world.refresh(tenant, app, tokens.refresh()).await);
        assert_inactive(&world, tenant, app, tokens.refresh()).await;
        let form = [&app.credentials()[..], &[("token", next.refresh())]].concat();
        world.post(tenant, "/oauth/revoke").form(&form).send().await.expect(200);
        for token in [tokens.access(), next.access(), next.refresh()] {
            assert_inactive(&world, tenant, app, token).await;
        }
        let tokens = world.tokens(tenant, app, "openid offline_access").await;
        world.clock.advance_seconds(21_600);
        assert_inactive(&world, tenant, app, tokens.access()).await;
        assert_eq!(ask(&world, tenant, app, tokens.refresh()).await.json()["active"], true);
        let disabled = domain::user::UserStatus::Disabled;
        world.user_status(tenant, &tenant.alice.id, disabled).await;
        assert_inactive(&world, tenant, app, tokens.refresh()).await;
    }

    async fn the_caller_must_be_a_client_that_proves_itself(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let token = world.machine_token(tenant).await;
        let post = || world.post(tenant, "/oauth/introspect");
        let form = [("token", token.as_str())];
        post().form(&form).send().await.expect_error(401, "invalid_client");
        post().bearer(&token).form(&form).send().await.expect_error(401, "invalid_client");
        let wrong = post().basic(app.id(), "wrong").form(&form).send().await;
        wrong.expect_error(401, "invalid_client");
        assert!(wrong.header("www-authenticate").is_some_and(|c| c.starts_with("Basic ")));
        let public = [("client_id", tenant.spa.id()), ("token", &token)];
        post().form(&public).send().await.expect_error(401, "invalid_client");
        let nothing = post().basic(app.id(), &app.secret).form(&[]).send().await;
        nothing.expect_error(400, "invalid_request");
        let twice = [("token", token.as_str()), ("token", token.as_str())];
        let twice = post().basic(app.id(), &app.secret).form(&twice).send().await;
        twice.expect_error(400, "invalid_request");
        let machine = world.client(tenant, m2m_draft()).await;
        let seen = ask(&world, tenant, &machine, &token).await.expect(200).json();
        assert_eq!(seen["active"], true);
    }
}
