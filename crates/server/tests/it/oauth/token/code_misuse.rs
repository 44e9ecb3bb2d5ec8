//! Codes in the wrong hands, twice, too late, or with something that does not fit
//! (RFC 6749 section 4.1.2, RFC 7636 section 4.6, RFC 9700 section 2.1.1).

use crate::flow::{AuthRequest, Tokens, VERIFIER};
use crate::world::{App, Tenant, World, web_draft};

const EVERYTHING: &str = "openid offline_access";

/// The form of an exchange with one member replaced, or left out when `value` is empty.
fn altered<'a>(
    app: &'a App,
    code: &'a str,
    name: &'a str,
    value: &'a str,
) -> Vec<(&'a str, &'a str)> {
    let mut form = World::exchange_form(app, code);
    form.retain(|(known, _)| *known != name);
    if !value.is_empty() {
        form.push((name, value));
    }
    form
}

/// All that came of a code is dead.
async fn assert_dead(world: &World, tenant: &Tenant, app: &App, tokens: &Tokens) {
    let told = world.userinfo(tenant, tokens.access()).await;
    told.expect_error(401, "invalid_token");
    let told = world.refresh(tenant, app, tokens.refresh()).await;
    told.expect_error(400, "invalid_grant");
}

both! {
    async fn a_second_use_is_refused_and_takes_everything_back(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let code = world.code(tenant, app, EVERYTHING).await;
        let tokens = Tokens::of(&world.exchange(tenant, app, &code).await);
        world.userinfo(tenant, tokens.access()).await.expect(200);
        world.clock.advance_seconds(30);
        world.exchange(tenant, app, &code).await.expect_error(400, "invalid_grant");
        assert_dead(&world, tenant, app, &tokens).await;
        let revoked = world.audit(tenant, "grant.revoked").await;
        assert_eq!(revoked.len(), 1);
        assert_eq!(revoked[0].details["reason"], "code replayed");
        // Still known as used after it has expired.
        world.clock.advance_seconds(300);
        world.exchange(tenant, app, &code).await.expect_error(400, "invalid_grant");
    }

    async fn a_refreshed_family_goes_with_its_code(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let code = world.code(tenant, app, EVERYTHING).await;
        let first = Tokens::of(&world.exchange(tenant, app, &code).await);
        let second = Tokens::of(&world.refresh(tenant, app, first.refresh()).await);
        world.exchange(tenant, app, &code).await.expect_error(400, "invalid_grant");
        assert_dead(&world, tenant, app, &second).await;
        world.userinfo(tenant, first.access()).await.expect_error(401, "invalid_token");
    }

    async fn of_many_uses_at_once_one_succeeds(world) {
        for app in [&world.a.web, &world.a.spa] {
            let scope = if app.id == world.a.web.id { EVERYTHING } else { "openid" };
            let code = world.code(&world.a, app, scope).await;
            let uses: Vec<_> = (0..8)
                .map(|_| {
                    let (world, app, code) = (world.clone(), app.clone(), code.clone());
                    tokio::spawn(async move { world.exchange(&world.a, &app, &code).await })
                })
                .collect();
            let mut winners = Vec::new();
            for one in uses {
                let answer = one.await.expect("no panic");
                if answer.status == 200 {
                    winners.push(Tokens::of(&answer));
                } else {
                    answer.expect_error(400, "invalid_grant");
                }
            }
            assert_eq!(winners.len(), 1);
            let token = winners[0].access();
            world.userinfo(&world.a, token).await.expect_error(401, "invalid_token");
            if scope == EVERYTHING {
                assert_dead(&world, &world.a, app, &winners[0]).await;
            }
        }
    }

    async fn a_code_lives_sixty_seconds(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let code = world.code(tenant, app, "openid").await;
        world.clock.advance_seconds(59);
        Tokens::of(&world.exchange(tenant, app, &code).await);
        for seconds in [60, 61] {
            let code = world.code(tenant, app, "openid").await;
            world.clock.advance_seconds(seconds);
            let told = world.exchange(tenant, app, &code).await.expect_error(400, "invalid_grant");
            assert!(told.contains("expired"), "{told}");
        }
    }

    async fn another_client_gets_nothing(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let other = world.client(tenant, web_draft()).await;
        for thief in [&other, &tenant.spa, &tenant.native] {
            let code = world.code(tenant, app, "openid").await;
            let mut form = World::exchange_form(thief, &code);
            form.retain(|(name, _)| *name != "redirect_uri");
            form.push(("redirect_uri", app.callback()));
            world.token(tenant, &form).await.expect_error(400, "invalid_grant");
            // Whoever sent it knew it without being its client: it is spent.
            world.exchange(tenant, app, &code).await.expect_error(400, "invalid_grant");
        }
    }

    async fn a_strangers_replay_takes_nothing_from_the_owner(world) {
        // Old codes are in the histories of browsers: only their own client's replay is a sign.
        let (tenant, app) = (&world.a, &world.a.web);
        let code = world.code(tenant, app, EVERYTHING).await;
        let tokens = Tokens::of(&world.exchange(tenant, app, &code).await);
        for stranger in [&tenant.spa, &tenant.native, &world.client(tenant, web_draft()).await] {
            world.exchange(tenant, stranger, &code).await.expect_error(400, "invalid_grant");
        }
        world.userinfo(tenant, tokens.access()).await.expect(200);
        Tokens::of(&world.refresh(tenant, app, tokens.refresh()).await);
    }

    async fn the_other_tenant_knows_nothing_of_it(world) {
        let code = world.code(&world.a, &world.a.web, "openid").await;
        let before = world.facts().await;
        world.exchange(&world.b, &world.b.web, &code).await.expect_error(400, "invalid_grant");
        world.exchange(&world.b, &world.a.web, &code).await.expect_error(401, "invalid_client");
        assert_eq!(world.facts().await, before);
        Tokens::of(&world.exchange(&world.a, &world.a.web, &code).await);
    }

    async fn the_verifier_must_fit_the_challenge(world) {
        let (tenant, app) = (&world.a, &world.a.native);
        let (longer, long, mut other) =
            (format!("{VERIFIER}x"), "v".repeat(129), VERIFIER.to_owned());
        other.replace_range(..1, "V");
        for verifier in ["", &other, &longer, &long, "too-short", &VERIFIER[..43], "ä".repeat(43).as_str()]
        {
            let code = world.code(tenant, app, "openid").await;
            let form = altered(app, &code, "code_verifier", verifier);
            let told = world.token(tenant, &form).await.expect_error(400, "invalid_grant");
            assert!(told.contains("code_verifier"), "{told}");
            // One guess each.
            world.exchange(tenant, app, &code).await.expect_error(400, "invalid_grant");
        }
    }

    async fn a_verifier_without_a_challenge_is_a_downgrade(world) {
        let tenant = &world.a;
        let mut draft = web_draft();
        draft.require_pkce = false;
        let app = world.client(tenant, draft).await;
        let request = AuthRequest::new(&app, "openid").without_pkce();
        let mut browser = world.browser(tenant);
        let code = world.code_in(&mut browser, &request, &tenant.alice).await;
        world.exchange(tenant, &app, &code).await.expect_error(400, "invalid_grant");
        let code = world.code_in(&mut browser, &request, &tenant.alice).await;
        let form = altered(&app, &code, "code_verifier", "");
        Tokens::of(&world.token(tenant, &form).await);
        // With a challenge the verifier is needed, switch or no switch.
        let request = AuthRequest::new(&app, "openid");
        let code = world.code_in(&mut browser, &request, &tenant.alice).await;
        let form = altered(&app, &code, "code_verifier", "");
        world.token(tenant, &form).await.expect_error(400, "invalid_grant");
    }

    async fn the_redirect_uri_is_repeated_exactly(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let mut browser = world.browser(tenant);
        let near = [
            "",
            "https://web.example/callbac",
            "https://web.example/callbackk",
            "https://web.example/callback/",
            "https://web.example:443/callback",
            "https://web.example/Callback",
            "https://WEB.example/callback",
            "https://web.example/callback?",
            "https://web.example/%63allback",
            // Registered too, and not the one of the request.
            "https://web.example/cb?tenant=1",
        ];
        for uri in near {
            let request = AuthRequest::new(app, "openid");
            let code = world.code_in(&mut browser, &request, &tenant.alice).await;
            let form = altered(app, &code, "redirect_uri", uri);
            let told = world.token(tenant, &form).await.expect_error(400, "invalid_grant");
            assert!(told.contains("redirect_uri"), "{told}");
        }
    }

    async fn what_is_no_code_is_refused_without_a_trace(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let tokens = world.tokens(tenant, app, EVERYTHING).await;
        let before = world.rows().await;
        let long = "c".repeat(5000);
        for wrong in ["x", &long, tokens.refresh(), tokens.access(), "' OR 1=1 --", "ü"] {
            world.exchange(tenant, app, wrong).await.expect_error(400, "invalid_grant");
        }
        let form = altered(app, "x", "code", "");
        world.token(tenant, &form).await.expect_error(400, "invalid_request");
        assert_eq!(world.rows().await, before);
    }

    async fn a_person_who_was_switched_off_meanwhile_gets_nothing(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let code = world.code(tenant, app, EVERYTHING).await;
        let disabled = domain::user::UserStatus::Disabled;
        world.user_status(tenant, &tenant.alice.id, disabled).await;
        let told = world.exchange(tenant, app, &code).await;
        assert!(matches!(told.status, 400 | 403), "{}", told.text());
        told.expect_error(told.status, "invalid_grant");
        world.user_status(tenant, &tenant.alice.id, domain::user::UserStatus::Active).await;
        world.exchange(tenant, app, &code).await.expect_error(400, "invalid_grant");
    }
}
