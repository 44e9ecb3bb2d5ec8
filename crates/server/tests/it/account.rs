//! `/account`: the apps that a person has let in, and the person's sessions.

use crate::browser::Browser;
use crate::flow::{AuthRequest, Callback, Tokens};
use crate::html;
use crate::world::{App, World};

async fn signed_in(world: &World) -> Browser {
    let mut browser = world.browser(&world.a);
    browser.sign_in(&world.a.alice).await;
    browser
}

async fn remove(browser: &mut Browser, app: &App) -> String {
    let page = browser.get("/account").await;
    let form = html::form_to(page.text(), "/account/apps/remove", &[("client_id", app.id())]);
    browser.submit(&form).await.location().to_owned()
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.get("/account").await.status == 200
}

both! {
    async fn strangers_are_sent_to_sign_in(world) {
        let answer = world.browser(&world.a).get("/account").await;
        assert_eq!(answer.location(), "/login?returnto=/account");
        let home = world.browser(&world.a).get("/").await;
        assert!(home.expect(200).text().contains("You are not signed in"));
        let mut browser = signed_in(&world).await;
        assert!(browser.get("/").await.expect(200).text().contains(&world.a.alice.name));
    }

    async fn removing_access_ends_every_token_at_once(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let mut browser = signed_in(&world).await;
        let request = AuthRequest::new(app, "openid offline_access");
        let code = world.code_in(&mut browser, &request, &tenant.alice).await;
        let first = Tokens::of(&world.exchange(tenant, app, &code).await);
        let second = Tokens::of(&world.refresh(tenant, app, first.refresh()).await);
        // Without a refresh token, and a code that is still on its way.
        let code = world.code_in(&mut browser, &AuthRequest::new(app, "openid"), &tenant.alice).await;
        let third = Tokens::of(&world.exchange(tenant, app, &code).await);
        let pending = world.code_in(&mut browser, &request, &tenant.alice).await;
        // What must stay: another app's, and Bob's.
        let other = world.tokens(tenant, &tenant.native, "openid offline_access").await;
        let mut bobs = world.browser(tenant);
        let code = world.code_in(&mut bobs, &request, &tenant.bob).await;
        let bobs = Tokens::of(&world.exchange(tenant, app, &code).await);
        let page = browser.get("/account").await;
        assert!(page.text().contains("Reports") && page.text().contains("Charts"));
        assert_eq!(remove(&mut browser, app).await, "/account?done=removed");
        for token in [first.access(), second.access(), third.access()] {
            world.userinfo(tenant, token).await.expect_error(401, "invalid_token");
        }
        for token in [first.refresh(), second.refresh()] {
            world.refresh(tenant, app, token).await.expect_error(400, "invalid_grant");
        }
        world.exchange(tenant, app, &pending).await.expect_error(400, "invalid_grant");
        world.userinfo(tenant, other.access()).await.expect(200);
        world.refresh(tenant, &tenant.native, other.refresh()).await.access_token();
        world.userinfo(tenant, bobs.access()).await.expect(200);
        world.refresh(tenant, app, bobs.refresh()).await.access_token();
        let page = browser.get("/account?done=removed").await;
        assert!(page.text().contains("The app has no access any more."));
        assert!(!page.text().contains("Reports"));
        assert_eq!(world.audit(tenant, "consent.removed").await.len(), 1);
        // It has to ask again.
        let page = browser.get(&request.path()).await;
        assert!(html::has_id(page.text(), "consent-allow"));
        let answer = browser.go_on(page, &tenant.alice).await;
        let code = Callback::of(&answer, app.callback()).code();
        Tokens::of(&world.exchange(tenant, app, &code).await);
    }

    async fn removing_what_is_not_there_does_nothing(world) {
        let mut browser = signed_in(&world).await;
        world.tokens(&world.a, &world.a.web, "openid").await;
        world.tokens(&world.b, &world.b.web, "openid").await;
        let page = browser.get("/account").await;
        let form = html::form_to(page.text(), "/account/apps/remove", &[]);
        let before = world.facts().await;
        for id in [world.a.native.id(), world.b.web.id(), "unknown", "", "<script>", "a b"] {
            let answer = browser.submit(&form.clone().forged("client_id", id)).await;
            assert_eq!(answer.location(), "/account?done=nothing", "{id}");
        }
        assert_eq!(world.facts().await, before);
        // Only known words are repeated.
        for query in ["done=%3Cscript%3E", "done=removed&x", "x", "done=%ff"] {
            let page = browser.get(&format!("/account?{query}")).await;
            assert!(!page.expect(200).text().contains("alert-success"), "{query}");
        }
    }

    async fn sessions_can_be_ended_from_afar(world) {
        let (mut here, mut there, mut bob) =
            (signed_in(&world).await, signed_in(&world).await, world.browser(&world.a));
        bob.sign_in(&world.a.bob).await;
        let page = here.get("/account").await;
        let sessions: Vec<_> = html::forms(page.text())
            .into_iter()
            .filter(|form| form.action == "/account/sessions/end")
            .collect();
        assert_eq!(sessions.len(), 1, "not this one, and not Bob's");
        assert_eq!(here.submit(&sessions[0]).await.location(), "/account?done=ended");
        assert!(!is_signed_in(&mut there).await);
        assert!(is_signed_in(&mut here).await && is_signed_in(&mut bob).await);
        assert_eq!(here.submit(&sessions[0]).await.location(), "/account?done=nothing");
        assert_eq!(world.audit(&world.a, "session.ended").await.len(), 1);
        // Bob's session, and one of the other tenant.
        let mut at_b = world.browser(&world.b);
        at_b.sign_in(&world.b.alice).await;
        for row in world.table("session").await {
            let id = row.split(", ").find_map(|cell| cell.strip_prefix("id=")).expect("an id");
            if row.contains(world.a.alice.id.as_str()) {
                continue;
            }
            let form = sessions[0].clone().forged("session_id", id);
            assert_eq!(here.submit(&form).await.location(), "/account?done=nothing");
        }
        assert!(is_signed_in(&mut bob).await && is_signed_in(&mut at_b).await);
    }

    async fn all_other_sessions_can_be_ended(world) {
        let mut all = Vec::new();
        for _ in 0..3 {
            all.push(signed_in(&world).await);
        }
        let mut bob = world.browser(&world.a);
        bob.sign_in(&world.a.bob).await;
        let page = all[0].get("/account").await;
        let form = html::form_to(page.text(), "/account/sessions/end-others", &[]);
        assert_eq!(all[0].submit(&form).await.location(), "/account?done=others");
        assert!(is_signed_in(&mut all[0]).await && is_signed_in(&mut bob).await);
        assert!(!is_signed_in(&mut all[1]).await && !is_signed_in(&mut all[2]).await);
        assert_eq!(all[0].submit(&form).await.location(), "/account?done=nothing");
    }

    async fn signing_out_ends_the_session_in_the_database(world) {
        let mut browser = signed_in(&world).await;
        let cookie = browser.cookie("session").expect("signed in").to_owned();
        let page = browser.get("/account").await;
        let form = html::form_to(page.text(), "/logout", &[]);
        browser.submit(&form.clone().forged("csrf", "wrong")).await.error_page(400);
        assert!(is_signed_in(&mut browser).await);
        let answer = browser.submit(&form).await;
        assert!(answer.expect(200).text().contains("You are signed out"));
        assert_eq!(browser.cookie("session"), None);
        browser.set_cookie("session", &cookie);
        assert!(!is_signed_in(&mut browser).await);
        assert!(world.table("session").await.is_empty());
        assert_eq!(world.audit(&world.a, "sign_out").await.len(), 1);
    }

    async fn names_on_the_page_are_text(world) {
        let mut draft = crate::world::web_draft();
        draft.name = "<script>alert(1)</script>\"'".to_owned();
        draft.description = "<img src=x onerror=alert(1)>".to_owned();
        let app = world.client(&world.a, draft).await;
        let mut browser = signed_in(&world).await;
        let page = browser.get(&AuthRequest::new(&app, "openid").path()).await;
        assert!(!page.text().contains("<script") && !page.text().contains("<img src=x"));
        browser.go_on(page, &world.a.alice).await.location();
        let page = browser.get("/account").await;
        assert!(page.text().contains("&#60;script&#62;") || page.text().contains("&lt;script&gt;"));
    }
}
