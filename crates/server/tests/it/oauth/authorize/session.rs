//! Who must prove what, and when: `prompt`, `max_age`, sessions that end (OpenID Connect Core
//! 3.1.2.1; conformance 11, 12).

use domain::user::UserStatus;

use crate::browser::Browser;
use crate::flow::{AuthRequest, Callback, Tokens};
use crate::html;
use crate::world::World;

const HOUR: i64 = 3600;

fn request(world: &World) -> AuthRequest {
    AuthRequest::new(&world.a.web, "openid")
}

/// The ID token's claims after a request that Alice finishes.
async fn id_of(
    world: &World,
    browser: &mut Browser,
    request: &AuthRequest,
) -> serde_json::Map<String, serde_json::Value> {
    let code = world.code_in(browser, request, &world.a.alice).await;
    let tokens = Tokens::of(&world.exchange(&world.a, &world.a.web, &code).await);
    world.verified(&world.a, tokens.id()).await
}

both! {
    async fn prompt_none_shows_nothing(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let silent = request(&world).set("prompt", "none");
        let mut browser = world.browser(tenant);
        let answer = browser.get(&silent.path()).await;
        Callback::of(&answer, app.callback()).expect_error("login_required");
        browser.sign_in(&tenant.alice).await;
        let answer = browser.get(&silent.path()).await;
        Callback::of(&answer, app.callback()).expect_error("consent_required");
        let first = id_of(&world, &mut browser, &request(&world)).await;
        world.clock.advance_seconds(100);
        let answer = browser.get(&silent.path()).await;
        let code = Callback::of(&answer, app.callback()).code();
        let tokens = Tokens::of(&world.exchange(tenant, app, &code).await);
        let second = world.verified(tenant, tokens.id()).await;
        for same in ["sub", "auth_time", "sid"] {
            assert_eq!(first[same], second[same], "{same} (conformance 11)");
        }
        // A scope that was never granted has to be asked for.
        let answer = browser.get(&silent.clone().set("scope", "openid email").path()).await;
        Callback::of(&answer, app.callback()).expect_error("consent_required");
        // Too old a proof, too.
        let answer = browser.get(&silent.set("max_age", "50").path()).await;
        Callback::of(&answer, app.callback()).expect_error("login_required");
    }

    async fn prompt_login_asks_again_and_moves_the_time(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let mut browser = world.browser(tenant);
        let first = id_of(&world, &mut browser, &request(&world)).await;
        let cookie = browser.cookie("session").expect("a session").to_owned();
        world.clock.advance_seconds(100);
        let again = request(&world).set("prompt", "login");
        let page = browser.get(&again.path()).await;
        assert!(html::has_id(page.expect(200).text(), "login-submit"));
        assert_eq!(html::value_of(page.text(), "username").as_deref(), Some(&*tenant.alice.email));
        // A wrong password does not do, and the form cannot be walked around.
        let form = html::form_with(page.text(), "login-submit");
        let wrong = form.clone().with("password", "wrong password");
        let page = browser.submit(&wrong).await;
        page.expect(401);
        let second = browser.submit_sign_in(&page, &tenant.alice).await;
        let code = Callback::of(&second, app.callback()).code();
        let tokens = Tokens::of(&world.exchange(tenant, app, &code).await);
        let second = world.verified(tenant, tokens.id()).await;
        assert_eq!(second["sub"], first["sub"]);
        assert_eq!(second["auth_time"], 1_800_000_100);
        assert_eq!(second["sid"], first["sid"], "it is the same session");
        let renewed = browser.cookie("session").expect("a session").to_owned();
        assert_ne!(renewed, cookie, "with another cookie");
        let mut old = world.browser(tenant);
        old.set_cookie("session", &cookie);
        assert!(old.get("/account").await.location().starts_with("/login"));
        assert_eq!(world.table("session").await.len(), 1);
    }

    async fn another_person_may_sign_in_instead(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let mut browser = world.browser(tenant);
        id_of(&world, &mut browser, &request(&world)).await;
        let page = browser.get(&request(&world).set("prompt", "login").path()).await;
        let answer = browser.submit_sign_in(&page, &tenant.bob).await;
        // Bob is asked for himself.
        assert!(html::has_id(answer.expect(200).text(), "consent-allow"));
        assert!(answer.text().contains(&tenant.bob.name));
        let answer = browser.go_on(answer, &tenant.bob).await;
        let code = Callback::of(&answer, app.callback()).code();
        let tokens = Tokens::of(&world.exchange(tenant, app, &code).await);
        let claims = world.verified(tenant, tokens.id()).await;
        assert_eq!(claims["sub"], tenant.bob.subject.as_str());
        let sessions = world.table("session").await;
        assert_eq!(sessions.len(), 1, "Alice's session has ended: {sessions:?}");
        assert!(sessions[0].contains(tenant.bob.id.as_str()));
    }

    async fn prompt_consent_asks_again(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let mut browser = world.browser(tenant);
        id_of(&world, &mut browser, &request(&world)).await;
        let again = request(&world).set("prompt", "consent");
        let page = browser.get(&again.path()).await;
        assert!(html::has_id(page.expect(200).text(), "consent-allow"));
        let answer = browser.go_on(page, &tenant.alice).await;
        Callback::of(&answer, app.callback()).code();
        // Both at once: the sign-in, then the question.
        let page = browser.get(&request(&world).set("prompt", "login consent").path()).await;
        let page = browser.submit_sign_in(&page, &tenant.alice).await;
        assert!(html::has_id(page.expect(200).text(), "consent-allow"));
        let answer = browser.go_on(page, &tenant.alice).await;
        Callback::of(&answer, app.callback()).code();
    }

    async fn max_age_bounds_the_age_of_the_proof(world) {
        let tenant = &world.a;
        let mut browser = world.browser(tenant);
        let first = id_of(&world, &mut browser, &request(&world)).await;
        world.clock.advance_seconds(2);
        let relaxed = request(&world).set("max_age", "10000");
        let second = id_of(&world, &mut browser, &relaxed).await;
        assert_eq!(second["auth_time"], first["auth_time"]);
        for (age, at) in [("1", 1_800_000_002), ("0", 1_800_000_004)] {
            let strict = request(&world).set("max_age", age);
            let page = browser.get(&strict.path()).await;
            assert!(html::has_id(page.expect(200).text(), "login-submit"), "max_age={age}");
            let id = id_of(&world, &mut browser, &strict).await;
            assert_eq!(id["auth_time"], at, "max_age={age}");
            world.clock.advance_seconds(2);
        }
        // Reading the consent page for a while does not make the proof too old.
        let strict = request(&world).set("max_age", "60").set("scope", "openid email");
        world.clock.advance_seconds(100);
        let page = browser.get(&strict.path()).await;
        let page = browser.submit_sign_in(&page, &tenant.alice).await;
        world.clock.advance_seconds(600);
        let form = html::form_with(page.text(), "consent-allow").press("consent-allow");
        let answer = browser.submit(&form).await;
        Callback::of(&answer, world.a.web.callback()).code();
    }

    async fn a_session_ends_when_it_is_idle_or_old(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let silent = request(&world).set("prompt", "none");
        let mut browser = world.browser(tenant);
        id_of(&world, &mut browser, &request(&world)).await;
        // Used every few hours, it lives a week and no longer.
        for _ in 0..23 {
            world.clock.advance_seconds(7 * HOUR);
            let answer = browser.get(&silent.path()).await;
            Callback::of(&answer, app.callback()).code();
        }
        world.clock.advance_seconds(7 * HOUR);
        let answer = browser.get(&silent.path()).await;
        Callback::of(&answer, app.callback()).expect_error("login_required");
        let mut browser = world.browser(tenant);
        browser.sign_in(&tenant.alice).await;
        world.clock.advance_seconds(8 * HOUR);
        let answer = browser.get(&silent.path()).await;
        Callback::of(&answer, app.callback()).expect_error("login_required");
    }

    async fn a_person_who_is_switched_off_is_signed_out_at_once(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let silent = request(&world).set("prompt", "none");
        let mut browser = world.browser(tenant);
        id_of(&world, &mut browser, &request(&world)).await;
        world.user_status(tenant, &tenant.alice.id, UserStatus::Disabled).await;
        let answer = browser.get(&silent.path()).await;
        Callback::of(&answer, app.callback()).expect_error("login_required");
        let page = browser.get(&request(&world).path()).await;
        browser.submit_sign_in(&page, &tenant.alice).await.expect(401);
        world.user_status(tenant, &tenant.alice.id, UserStatus::Active).await;
        let answer = browser.get(&silent.path()).await;
        Callback::of(&answer, app.callback()).expect_error("login_required");
    }

    async fn the_other_tenants_session_is_nobodys(world) {
        let (mut at_a, mut at_b) = (world.browser(&world.a), world.browser(&world.b));
        at_a.sign_in(&world.a.alice).await;
        for name in ["session", "browser", "device"] {
            let value = at_a.cookie(name).expect("a cookie").to_owned();
            at_b.set_cookie(name, &value);
        }
        assert!(at_b.get("/account").await.location().starts_with("/login"));
        let silent = AuthRequest::new(&world.b.web, "openid").set("prompt", "none");
        let answer = at_b.get(&silent.path()).await;
        Callback::of(&answer, world.b.web.callback()).expect_error("login_required");
    }
}
