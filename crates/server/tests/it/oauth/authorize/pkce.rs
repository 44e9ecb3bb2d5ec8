//! PKCE (RFC 7636): S256 only; always for public clients, for confidential ones by their switch.

use crate::flow::{AuthRequest, Callback};
use crate::world::web_draft;

both! {
    async fn it_is_demanded_of_every_client_by_default(world) {
        let tenant = &world.a;
        for app in [&tenant.web, &tenant.spa, &tenant.native] {
            for request in [
                AuthRequest::new(app, "openid").without_pkce(),
                AuthRequest::new(app, "openid").without("code_challenge"),
                AuthRequest::new(app, "openid").set("code_challenge", ""),
                // Without a method RFC 7636 means `plain`.
                AuthRequest::new(app, "openid").without("code_challenge_method"),
                AuthRequest::new(app, "openid").set("code_challenge_method", "plain"),
                AuthRequest::new(app, "openid").set("code_challenge_method", "s256"),
                AuthRequest::new(app, "openid").set("code_challenge_method", "S512"),
                AuthRequest::new(app, "openid").set("code_challenge", "short"),
                AuthRequest::new(app, "openid").set("code_challenge", &"a".repeat(44)),
                AuthRequest::new(app, "openid").set("code_challenge", &"=".repeat(43)),
                AuthRequest::new(app, "openid").set("code_challenge", &"a".repeat(128)),
            ] {
                let answer = world.browser(tenant).get(&request.path()).await;
                let callback = Callback::of(&answer, app.callback());
                callback.expect_error("invalid_request");
                let told = callback.get("error_description").expect("told");
                assert!(told.contains("code_challenge"), "{told}");
            }
        }
        assert!(world.table("authorization_code").await.is_empty());
    }

    async fn a_confidential_client_may_be_let_off(world) {
        let tenant = &world.a;
        let mut draft = web_draft();
        draft.require_pkce = false;
        let app = world.client(tenant, draft).await;
        let request = AuthRequest::new(&app, "openid").without_pkce();
        let answer = world.browser(tenant).authorize(&request.path(), &tenant.alice).await;
        Callback::of(&answer, app.callback()).code();
        // What is sent is still checked.
        let request = AuthRequest::new(&app, "openid").set("code_challenge_method", "plain");
        let answer = world.browser(tenant).get(&request.path()).await;
        Callback::of(&answer, app.callback()).expect_error("invalid_request");
    }

    async fn no_switch_lets_a_public_client_off(world) {
        let tenant = &world.a;
        for mut draft in [crate::world::spa_draft(), crate::world::native_draft()] {
            draft.require_pkce = false;
            let app = world.client(tenant, draft).await;
            let request = AuthRequest::new(&app, "openid").without_pkce();
            let answer = world.browser(tenant).get(&request.path()).await;
            Callback::of(&answer, app.callback()).expect_error("invalid_request");
        }
    }
}
