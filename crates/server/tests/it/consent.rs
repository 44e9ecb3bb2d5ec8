//! `/consent`: asked once for each scope, answered by the very person and browser that were asked.

use domain::client::ConsentMethod;
use engine::admin::client::ClientDraft;

use crate::browser::Browser;
use crate::call::Answer;
use crate::flow::{AuthRequest, Callback, Tokens};
use crate::html::{self, Form};
use crate::world::{World, web_draft};

fn request(world: &World, scope: &str) -> AuthRequest {
    AuthRequest::new(&world.a.web, scope)
}

fn allow(page: &Answer) -> Form {
    html::form_with(page.expect(200).text(), "consent-allow").press("consent-allow")
}

/// A browser with Alice in front of the consent page.
async fn asked(world: &World, scope: &str) -> (Browser, Answer) {
    let mut browser = world.browser(&world.a);
    browser.sign_in(&world.a.alice).await;
    let page = browser.get(&request(world, scope).path()).await;
    assert!(html::has_id(page.expect(200).text(), "consent-allow"), "{}", page.text());
    (browser, page)
}

/// The part of the page before what was allowed already.
fn new_scopes(page: &Answer) -> &str {
    page.text().split("Already allowed").next().expect("a part")
}

fn description<'w>(world: &'w World, scope: &str) -> &'w str {
    &world.engine().catalogue().get(scope).expect("a scope").description
}

both! {
    async fn a_person_is_asked_once(world) {
        let app = &world.a.web;
        let (mut browser, page) = asked(&world, "openid email").await;
        assert!(page.text().contains("Reports wants access") || page.text().contains("wants access"));
        assert!(page.text().contains(&world.a.alice.name));
        assert!(page.text().contains("web.example"));
        assert!(world.table("consent").await.is_empty(), "asking is not granting");
        let answer = browser.submit(&allow(&page)).await;
        Callback::of(&answer, app.callback()).code();
        for scope in ["openid email", "email", "openid"] {
            let answer = browser.get(&request(&world, scope).path()).await;
            Callback::of(&answer, app.callback()).code();
        }
        // Remembered in every browser.
        let mut other = world.browser(&world.a);
        other.sign_in(&world.a.alice).await;
        let answer = other.get(&request(&world, "openid").path()).await;
        Callback::of(&answer, app.callback()).code();
        let consents = world.table("consent").await;
        assert_eq!(consents.len(), 1, "{consents:?}");
        let granted = world.audit(&world.a, "consent.granted").await;
        assert_eq!(granted.len(), 1);
        assert_eq!(granted[0].details["scope"], "openid email");
    }

    async fn later_only_what_is_new_is_asked(world) {
        let app = &world.a.web;
        let (mut browser, page) = asked(&world, "openid user_default").await;
        browser.submit(&allow(&page)).await.location();
        let page = browser.get(&request(&world, "openid user_default phone").path()).await;
        let (new, phone) = (new_scopes(&page), description(&world, "phone"));
        assert!(new.contains(phone), "{}", page.text());
        let known = description(&world, "user_default");
        assert!(!new.contains(known) && page.text().contains(known), "{}", page.text());
        let answer = browser.submit(&allow(&page)).await;
        let code = Callback::of(&answer, app.callback()).code();
        let tokens = Tokens::of(&world.exchange(&world.a, app, &code).await);
        assert_eq!(tokens.0["scope"], "openid user_default phone");
        // A scope that a granted one includes is not new.
        let answer = browser.get(&request(&world, "apps phone").path()).await;
        Callback::of(&answer, app.callback()).code();
        let consents = world.table("consent").await;
        assert_eq!(consents.len(), 1);
        assert!(consents[0].contains("openid") && consents[0].contains("phone"), "{consents:?}");
    }

    async fn claims_by_name_need_the_consent_of_their_scope(world) {
        let app = &world.a.web;
        let (mut browser, page) = asked(&world, "openid").await;
        browser.submit(&allow(&page)).await.location();
        let claims = r#"{"userinfo":{"email":{"essential":true}},"id_token":{"phone_number":null}}"#;
        let sly = request(&world, "openid").set("claims", claims);
        let answer = browser.get(&sly.clone().set("prompt", "none").path()).await;
        Callback::of(&answer, app.callback()).expect_error("consent_required");
        let page = browser.get(&sly.path()).await;
        for scope in ["email", "phone"] {
            assert!(new_scopes(&page).contains(description(&world, scope)), "{}", page.text());
        }
        let answer = browser.submit(&allow(&page)).await;
        let code = Callback::of(&answer, app.callback()).code();
        let tokens = Tokens::of(&world.exchange(&world.a, app, &code).await);
        assert_eq!(tokens.0["scope"], "openid");
        let info = world.userinfo(&world.a, tokens.access()).await.json();
        assert_eq!(info["email"], world.a.alice.email.as_str());
        assert!(crate::jwt::claims(tokens.id()).contains_key("phone_number"));
        // Now it is remembered like any other scope.
        let answer = browser.get(&sly.set("prompt", "none").path()).await;
        Callback::of(&answer, app.callback()).code();
    }

    async fn claims_of_a_scope_that_the_client_may_not_have_are_not_told(world) {
        let draft = ClientDraft { allowed_scopes: crate::world::scopes("openid"), ..web_draft() };
        let app = world.client(&world.a, draft).await;
        let claims = r#"{"userinfo":{"email":null,"name":null},"id_token":{"email":null}}"#;
        let sly = AuthRequest::new(&app, "openid").set("claims", claims);
        let mut browser = world.browser(&world.a);
        let code = world.code_in(&mut browser, &sly, &world.a.alice).await;
        let tokens = Tokens::of(&world.exchange(&world.a, &app, &code).await);
        let info = world.userinfo(&world.a, tokens.access()).await.json();
        assert_eq!(info, serde_json::json!({ "sub": world.a.alice.subject }));
        assert!(!crate::jwt::claims(tokens.id()).contains_key("email"));
    }

    async fn a_no_is_told_and_remembered_as_nothing(world) {
        let app = &world.a.web;
        let (mut browser, page) = asked(&world, "openid").await;
        let before = world.rows().await;
        let form = html::form_with(page.text(), "consent-deny").press("consent-deny");
        let answer = browser.submit(&form).await;
        let callback = Callback::of(&answer, app.callback());
        callback.expect_error("access_denied");
        assert_eq!(callback.get("state"), Some("st-7"));
        assert_eq!(world.rows().await, before);
        let page = browser.get(&request(&world, "openid").path()).await;
        assert!(html::has_id(page.text(), "consent-allow"), "asked again");
    }

    async fn another_account_can_be_used(world) {
        let app = &world.a.web;
        let (mut browser, page) = asked(&world, "openid").await;
        let form = html::form_with(page.text(), "consent-allow").press("switch");
        let page = browser.submit(&form).await;
        assert!(html::has_id(page.expect(200).text(), "login-submit"));
        assert_eq!(html::value_of(page.text(), "username").as_deref(), Some(""));
        let page = browser.submit_sign_in(&page, &world.a.bob).await;
        assert!(page.expect(200).text().contains(&world.a.bob.name));
        let answer = browser.submit(&allow(&page)).await;
        let code = Callback::of(&answer, app.callback()).code();
        let tokens = Tokens::of(&world.exchange(&world.a, app, &code).await);
        assert_eq!(crate::jwt::claims(tokens.id())["sub"], world.a.bob.subject.as_str());
        let consents = world.table("consent").await;
        assert!(consents.len() == 1 && consents[0].contains(world.a.bob.id.as_str()));
    }

    async fn a_trusted_client_asks_nobody(world) {
        let draft = ClientDraft { consent_method: ConsentMethod::Trusted, ..web_draft() };
        let app = world.client(&world.a, draft).await;
        let mut browser = world.browser(&world.a);
        let page = browser.get(&AuthRequest::new(&app, "openid").path()).await;
        let answer = browser.submit_sign_in(&page, &world.a.alice).await;
        Callback::of(&answer, app.callback()).code();
        let again = AuthRequest::new(&app, "openid").set("prompt", "consent");
        let page = browser.get(&again.path()).await;
        assert!(html::has_id(page.expect(200).text(), "consent-allow"));
        // An answer given for one client is none for another.
        let page = browser.get(&request(&world, "openid").path()).await;
        assert!(html::has_id(page.expect(200).text(), "consent-allow"));
    }

    async fn an_answer_from_elsewhere_changes_nothing(world) {
        let (mut browser, page) = asked(&world, "openid").await;
        let form = allow(&page);
        let stranger = world.browser(&world.a).get("/login").await;
        let stranger = html::form_with(stranger.text(), "login-submit");
        let before = world.rows().await;
        for forged in [
            form.clone().without("csrf"),
            form.clone().forged("csrf", "wrong"),
            form.clone().forged("csrf", stranger.field("csrf").expect("a token")),
        ] {
            browser.submit(&forged).await.error_page(400);
        }
        for (name, value) in [
            ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"), ("origin", "null"),
        ] {
            let call = browser.call("POST", "/consent").header(name, value).form(&form.pairs());
            call.send().await.error_page(400);
        }
        for action in [None, Some(""), Some("ALLOW"), Some("yes")] {
            let mut odd = form.clone().without("action");
            if let Some(action) = action {
                odd = odd.forged("action", action);
            }
            browser.submit(&odd).await.error_page(400);
        }
        assert_eq!(world.rows().await, before);
        browser.submit(&form).await.location();
    }

    async fn a_sealed_request_works_for_its_browser_and_tenant_only(world) {
        let (mut browser, page) = asked(&world, "openid").await;
        let form = allow(&page);
        let sealed = form.field("request").expect("sealed").to_owned();
        // Another browser of the same person, with a token of its own.
        let (mut other, own) = asked(&world, "openid").await;
        let mut at_b = world.browser(&world.b);
        at_b.sign_in(&world.b.alice).await;
        let at_b_page = at_b.get(&AuthRequest::new(&world.b.web, "openid").path()).await;
        let before = world.rows().await;
        let stolen = allow(&own).forged("request", &sealed);
        other.submit(&stolen).await.error_page(400);
        at_b.submit(&allow(&at_b_page).forged("request", &sealed)).await.error_page(400);
        let mut flipped = sealed.clone();
        let last = if flipped.ends_with('A') { "B" } else { "A" };
        flipped.replace_range(flipped.len() - 1.., last);
        for broken in ["", "AAAA", &sealed[1..], &flipped, "not sealed", &"x".repeat(20_000)] {
            browser.submit(&form.clone().forged("request", broken)).await.error_page(400);
        }
        assert_eq!(world.rows().await, before);
        // What the form says beside it does not count.
        let widened = form.forged("scope", "openid email").forged("redirect_uri", "https://evil.example");
        let answer = browser.submit(&widened).await;
        let code = Callback::of(&answer, world.a.web.callback()).code();
        let tokens = Tokens::of(&world.exchange(&world.a, &world.a.web, &code).await);
        assert_eq!(tokens.0["scope"], "openid");
    }

    async fn a_page_that_is_too_old_does_not_count(world) {
        let (mut browser, page) = asked(&world, "openid").await;
        world.clock.advance_seconds(3599);
        let mut copy = browser.clone();
        copy.submit(&allow(&page)).await.location();
        world.clock.advance_seconds(1);
        browser.submit(&allow(&page)).await.error_page(400);
        // The sign-in page's request, too.
        let mut browser = world.browser(&world.a);
        let page = browser.get(&request(&world, "openid").path()).await;
        world.clock.advance_seconds(3600);
        browser.submit_sign_in(&page, &world.a.alice).await.error_page(400);
    }

    async fn nobody_answers_for_somebody_else(world) {
        // Alice is asked, then Bob signs in in another tab of the same browser.
        let (mut browser, page) = asked(&world, "openid").await;
        let mut tab = browser.clone();
        let login = request(&world, "openid").set("prompt", "login");
        let sign_in = tab.get(&login.path()).await;
        tab.submit_sign_in(&sign_in, &world.a.bob).await.expect(200);
        let session = tab.cookie("session").expect("signed in").to_owned();
        browser.set_cookie("session", &session);
        let answer = browser.submit(&allow(&page)).await;
        assert!(html::has_id(answer.expect(200).text(), "consent-allow"), "Bob is asked");
        assert!(answer.text().contains(&world.a.bob.name));
        assert!(world.table("consent").await.is_empty());
        // Signed out meanwhile.
        browser.forget_cookie("session");
        let answer = browser.submit(&allow(&page)).await;
        assert!(html::has_id(answer.expect(200).text(), "login-submit"));
        assert!(world.table("consent").await.is_empty());
        assert!(world.table("authorization_code").await.is_empty());
    }

    async fn a_client_that_changed_meanwhile_is_asked_for_anew(world) {
        let (mut browser, page) = asked(&world, "openid").await;
        let (ctx, operator) = (world.admin(&world.a).await, engine::authority::Caller::operator());
        let off = Some("abuse");
        engine::admin::client::set_disabled(&ctx, &operator, &world.a.web.id, off).await.expect("off");
        browser.submit(&allow(&page)).await.error_page(400);
        assert!(world.table("authorization_code").await.is_empty());
    }
}
