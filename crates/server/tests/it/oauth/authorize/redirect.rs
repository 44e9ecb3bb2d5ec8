//! Where a browser is sent: only to a URI that is registered for that very client, compared
//! exactly; everything else is told to the person, on a page (conformance 9).

use domain::client::AppType;
use engine::admin::client::ClientDraft;

use crate::flow::{AuthRequest, Callback, Tokens};
use crate::world::{App, Tenant, World, m2m_draft, scopes};

/// Demands a page, for a visitor, for somebody signed in, and for `prompt=none`.
async fn assert_page(world: &World, tenant: &Tenant, request: &AuthRequest) {
    let mut signed_in = world.browser(tenant);
    signed_in.sign_in(&tenant.alice).await;
    for request in [request.clone(), request.clone().set("prompt", "none")] {
        for browser in [&mut world.browser(tenant), &mut signed_in] {
            let answer = browser.get(&request.path()).await;
            let page = answer.error_page(400);
            assert!(page.contains("OAUTH-"), "{page}");
            assert!(!page.contains("http-equiv"), "{page}");
        }
    }
}

fn request(app: &App) -> AuthRequest {
    AuthRequest::new(app, "openid")
}

both! {
    async fn an_unknown_client_is_shown_a_page(world) {
        let (tenant, right) = (&world.a, request(&world.a.web));
        let ctx = world.admin(tenant).await;
        let operator = engine::authority::Caller::operator();
        let machine = world.client(tenant, m2m_draft()).await;
        let off = world.client(tenant, crate::world::web_draft()).await;
        let reason = Some("abuse");
        engine::admin::client::set_disabled(&ctx, &operator, &off.id, reason).await.expect("off");
        let long = "c".repeat(2000);
        let before = world.facts().await;
        let mut refused = vec![
            right.clone().without("client_id"),
            right.clone().and("client_id", world.a.web.id()),
            // A client that has no redirect URI at all.
            right.clone().set("client_id", machine.id()),
            request(&off),
        ];
        for id in [
            "unknown", "", " ", "a b", "<script>", &long, world.b.web.id(),
            &world.a.web.id().to_uppercase(),
        ] {
            refused.push(right.clone().set("client_id", id));
        }
        for request in &refused {
            let answer = world.browser(tenant).get(&request.path()).await;
            answer.error_page(400);
        }
        assert_eq!(world.facts().await, before);
        for request in &refused[..3] {
            assert_page(&world, tenant, request).await;
        }
    }

    async fn a_redirect_uri_is_compared_exactly(world) {
        let near = [
            "https://web.example/callbac", "https://web.example/callbackk",
            "https://web.example/callback/", "https://web.example/Callback",
            "https://web.example/callback?", "https://web.example/callback?a=1",
            "https://web.example/callback#", "https://web.example/callback#x",
            "https://web.example:443/callback", "https://web.example:8443/callback",
            "http://web.example/callback", "HTTPS://web.example/callback",
            "https://WEB.example/callback", "https://web.example./callback",
            "https://web.example/%63allback", "https://web.example//callback",
            "https://web.example/./callback", "https://web.example/x/../callback",
            "https://web.example/callback%00", "https://web.example/callback\n",
            " https://web.example/callback", "https://web.example/callback ",
            "https://web.example.evil.example/callback", "https://evil.example/callback",
            "https://web.example@evil.example/callback", "https://evil.example#web.example/callback",
            "https://evil.example\\@web.example/callback", "//web.example/callback", "/callback",
            "callback", "https:/web.example/callback", "javascript:alert(1)", "data:text/html,x",
            "*", "https://web.example/*",
            // The registered query is a part of it.
            "https://web.example/cb", "https://web.example/cb?tenant=2",
            "https://web.example/cb?tenant=1&x=2", "https://web.example/cb?x=2&tenant=1",
            "https://web.example/cb?tenant=1&", "https://web.example/cb?Tenant=1",
            "https://web.example/cb?tenant=%31",
            // Registered for others.
            "https://spa.example/callback", "com.example.charts:/callback",
        ];
        let (tenant, right) = (&world.a, request(&world.a.web));
        let mut browser = world.browser(tenant);
        browser.sign_in(&tenant.alice).await;
        let before = world.facts().await;
        for uri in near {
            let answer = browser.get(&right.clone().set("redirect_uri", uri).path()).await;
            assert!(answer.status == 400, "{uri}: {} {:?}", answer.status, answer.headers);
            answer.error_page(400);
        }
        let missing = right.clone().without("redirect_uri");
        browser.get(&missing.path()).await.error_page(400);
        let twice = right.clone().and("redirect_uri", world.a.web.callback());
        browser.get(&twice.path()).await.error_page(400);
        assert_eq!(world.facts().await, before);
        let altered = right.clone().set("redirect_uri", "https://evil.example/callback");
        assert_page(&world, tenant, &altered).await;
        // A later error does not make the address any better.
        let twofold = altered.set("response_type", "token").set("scope", "nonsense");
        assert_page(&world, tenant, &twofold).await;
    }

    async fn every_registered_uri_works_its_query_included(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let mut browser = world.browser(tenant);
        for uri in &app.client.redirect_uris {
            let request = request(app).set("redirect_uri", uri);
            let answer = browser.authorize(&request.path(), &tenant.alice).await;
            let code = Callback::of(&answer, uri).code();
            let mut form = World::exchange_form(app, &code);
            form.retain(|(name, _)| *name != "redirect_uri");
            form.push(("redirect_uri", uri));
            Tokens::of(&world.token(tenant, &form).await);
        }
    }

    async fn only_the_port_of_a_native_apps_loopback_is_free(world) {
        let (tenant, app) = (&world.a, &world.a.native);
        let mut browser = world.browser(tenant);
        for uri in [
            "http://127.0.0.1/callback", "http://127.0.0.1:49152/callback",
            "http://127.0.0.1:1/callback", "com.example.charts:/callback",
        ] {
            let request = request(app).set("redirect_uri", uri);
            let answer = browser.authorize(&request.path(), &tenant.alice).await;
            let code = Callback::of(&answer, uri).code();
            // The exchange repeats the port that was used.
            let mut form = World::exchange_form(app, &code);
            form.retain(|(name, _)| *name != "redirect_uri");
            form.push(("redirect_uri", uri));
            Tokens::of(&world.token(tenant, &form).await);
        }
        for uri in [
            "http://127.0.0.1:49152/callback/", "http://127.0.0.1:49152/", "http://127.0.0.1:/callback",
            "http://localhost:49152/callback", "http://[::1]:49152/callback",
            "https://127.0.0.1:49152/callback", "http://127.0.0.2:49152/callback",
            "http://127.0.0.1:0x50/callback", "http://127.0.0.1:99999/callback",
            "http://127.0.0.1:80@evil.example/callback", "http://127.0.0.1:80/callback?x=1",
            "http://127.0.0.1.evil.example:80/callback", "com.example.charts:/callback/",
            "com.example.charts://callback", "com.example.chart:/callback", "COM.example.charts:/callback",
        ] {
            let answer = browser.get(&request(app).set("redirect_uri", uri).path()).await;
            assert_eq!(answer.status, 400, "{uri}");
            answer.error_page(400);
        }
    }

    async fn a_web_apps_loopback_has_its_port(world) {
        let draft = ClientDraft {
            redirect_uris: vec!["http://localhost:3000/cb".to_owned()],
            allowed_scopes: scopes("openid"),
            ..ClientDraft::new(AppType::Spa, "Local")
        };
        let app = world.client(&world.a, draft).await;
        let mut browser = world.browser(&world.a);
        let answer = browser.authorize(&request(&app).path(), &world.a.alice).await;
        Callback::of(&answer, "http://localhost:3000/cb").code();
        for uri in ["http://localhost:3001/cb", "http://localhost/cb", "http://127.0.0.1:3000/cb"] {
            let answer = browser.get(&request(&app).set("redirect_uri", uri).path()).await;
            answer.error_page(400);
        }
    }

    async fn what_cannot_be_read_is_told_on_a_page(world) {
        let (tenant, right) = (&world.a, request(&world.a.web));
        let path = right.path();
        let long = format!("{path}&nonce={}", "n".repeat(17_000));
        let many = format!("{path}&{}", "x=1&".repeat(200));
        for broken in [
            format!("{path}&nonce=%"), format!("{path}&nonce=%zz"), format!("{path}&nonce=%ff"),
            format!("{path}&nonce=%00"), format!("{path}&%ff=x"), long, many,
            "/oauth/authorize".to_owned(), "/oauth/authorize?".to_owned(), "/oauth/authorize?&&&".to_owned(),
        ] {
            world.browser(tenant).get(&broken).await.error_page(400);
        }
    }
}
