//! `/oauth/logout` (OpenID Connect RP-Initiated Logout 1.0; conformance, "in short").

use crate::browser::Browser;
use crate::call::encode;
use crate::flow::{AuthRequest, Callback, Tokens};
use crate::html;
use crate::oauth::authorize::hint::forgeries;
use crate::world::{World, web_draft};

const BYE: &str = "https://web.example/bye";

/// A browser in which Alice is signed in to the web client, and her ID token.
async fn signed_in(world: &World) -> (Browser, String) {
    let (tenant, app) = (&world.a, &world.a.web);
    let mut browser = world.browser(tenant);
    let request = AuthRequest::new(app, "openid");
    let code = world.code_in(&mut browser, &request, &tenant.alice).await;
    let tokens = Tokens::of(&world.exchange(tenant, app, &code).await);
    (browser, tokens.id().to_owned())
}

fn path(pairs: &[(&str, &str)]) -> String {
    format!("/oauth/logout?{}", encode(pairs))
}

async fn is_signed_in(world: &World, browser: &mut Browser) -> bool {
    let silent = AuthRequest::new(&world.a.web, "openid").set("prompt", "none");
    let answer = browser.get(&silent.path()).await;
    let callback = Callback::of(&answer, world.a.web.callback());
    if callback.get("code").is_none() {
        callback.expect_error("login_required");
    }
    callback.get("code").is_some()
}

both! {
    async fn a_right_request_ends_the_session_and_goes_on(world) {
        for (uri, state, goal) in [
            (BYE, Some("a b&c=ü"), "https://web.example/bye?state=a+b%26c%3D%C3%BC"),
            (BYE, None, BYE),
            ("https://web.example/bye?x=1", Some("s"), "https://web.example/bye?x=1&state=s"),
        ] {
            let (mut browser, hint) = signed_in(&world).await;
            let cookie = browser.cookie("session").expect("signed in").to_owned();
            let mut pairs = vec![("id_token_hint", &*hint), ("post_logout_redirect_uri", uri)];
            pairs.extend(state.map(|state| ("state", state)));
            let answer = browser.get(&path(&pairs)).await;
            assert_eq!(answer.location().replace("%20", "+"), goal);
            assert_eq!(browser.cookie("session"), None);
            assert!(world.table("session").await.is_empty());
            browser.set_cookie("session", &cookie);
            assert!(!is_signed_in(&world, &mut browser).await);
        }
        assert_eq!(world.audit(&world.a, "sign_out").await.len(), 3);
    }

    async fn an_expired_hint_is_good_enough(world) {
        let (mut browser, hint) = signed_in(&world).await;
        world.clock.advance_seconds(2 * 3600);
        let pairs = [("id_token_hint", &*hint), ("post_logout_redirect_uri", BYE)];
        assert_eq!(browser.get(&path(&pairs)).await.location(), BYE);
    }

    async fn a_form_of_the_app_does_the_same(world) {
        let (mut browser, hint) = signed_in(&world).await;
        let pairs =
            [("id_token_hint", &*hint), ("post_logout_redirect_uri", BYE), ("state", "s")];
        // Browsers send no cookies of ours with another site's form, so it goes on as a GET.
        let call = world.post(&world.a, "/oauth/logout").header("sec-fetch-site", "cross-site");
        let answer = call.header("origin", "https://web.example").form(&pairs).send().await;
        assert_eq!(answer.location(), path(&pairs));
        let answer = browser.get(&path(&pairs)).await;
        assert_eq!(answer.location(), "https://web.example/bye?state=s");
        assert!(world.table("session").await.is_empty());
    }

    async fn what_is_wrong_redirects_nowhere_and_ends_nothing(world) {
        let (mut browser, hint) = signed_in(&world).await;
        let other = world.client(&world.a, web_draft()).await;
        let foreign = crate::oauth::authorize::hint::id_token(&world, &world.b).await;
        let machine = world.machine_token(&world.a).await;
        let mut wrong: Vec<Vec<(&str, &str)>> = [
            "https://web.example/by", "https://web.example/bye/", "https://web.example/bye?",
            "https://web.example/bye?x=2", "https://web.example/Bye", "https://evil.example/bye",
            "https://web.example:443/bye", "http://web.example/bye", "//web.example/bye", "x",
            "https://web.example/callback",
        ]
        .into_iter()
        .map(|uri| vec![("id_token_hint", &*hint), ("post_logout_redirect_uri", uri)])
        .collect();
        let forged = forgeries(&hint);
        for forged in &forged {
            wrong.push(vec![("id_token_hint", forged), ("post_logout_redirect_uri", BYE)]);
            wrong.push(vec![("id_token_hint", forged)]);
        }
        wrong.extend([
            vec![("id_token_hint", &*foreign), ("post_logout_redirect_uri", BYE)],
            vec![("post_logout_redirect_uri", BYE)],
            vec![("post_logout_redirect_uri", BYE), ("client_id", world.a.web.id())],
            vec![
                ("id_token_hint", &*hint),
                ("post_logout_redirect_uri", BYE),
                ("client_id", other.id()),
            ],
            vec![("id_token_hint", &*machine), ("post_logout_redirect_uri", BYE)],
            vec![("id_token_hint", &*hint), ("id_token_hint", &*hint)],
            vec![
                ("id_token_hint", &*hint),
                ("post_logout_redirect_uri", BYE),
                ("post_logout_redirect_uri", BYE),
            ],
        ]);
        for pairs in &wrong {
            browser.get(&path(pairs)).await.error_page(400);
            assert!(is_signed_in(&world, &mut browser).await, "{pairs:?}");
        }
        browser.get("/oauth/logout?state=%ff").await.error_page(400);
        let json = browser.call("POST", "/oauth/logout").body("application/json", "{}");
        json.send().await.error_page(415);
        assert!(is_signed_in(&world, &mut browser).await);
    }

    async fn without_a_hint_the_person_is_asked(world) {
        for pairs in [&[][..], &[("state", "s")][..]] {
            let (mut browser, _) = signed_in(&world).await;
            let page = browser.get(&path(pairs)).await;
            assert!(html::has_id(page.expect(200).text(), "logout-confirm"));
            assert!(is_signed_in(&world, &mut browser).await);
            let form = html::form_with(page.text(), "logout-confirm");
            let answer = browser.submit(&form).await;
            assert!(answer.expect(200).text().contains("You are signed out"));
            assert!(!is_signed_in(&world, &mut browser).await);
            // Once more: there is nobody to ask.
            let again = browser.get(&path(pairs)).await;
            assert!(again.expect(200).text().contains("You are signed out"));
        }
    }

    async fn the_confirmation_counts_only_from_this_browser(world) {
        let (mut browser, _) = signed_in(&world).await;
        let page = browser.get("/oauth/logout").await;
        let form = html::form_with(page.text(), "logout-confirm");
        let other = world.browser(&world.a).get("/login").await;
        let other = html::form_with(other.text(), "login-submit");
        let forged = [
            form.clone().forged("csrf", "wrong"),
            form.clone().forged("csrf", other.field("csrf").expect("a token")),
        ];
        for form in forged {
            browser.submit(&form).await.error_page(400);
        }
        let cross = browser.call("POST", "/oauth/logout").header("sec-fetch-site", "cross-site");
        cross.form(&form.pairs()).send().await.error_page(400);
        assert!(is_signed_in(&world, &mut browser).await);
    }

    async fn a_hint_of_another_session_or_person_asks_first(world) {
        let (_, hint) = signed_in(&world).await;
        let mut same_person = world.browser(&world.a);
        same_person.sign_in(&world.a.alice).await;
        let mut other_person = world.browser(&world.a);
        other_person.sign_in(&world.a.bob).await;
        for browser in [&mut same_person, &mut other_person] {
            let pairs =
                [("id_token_hint", &*hint), ("post_logout_redirect_uri", BYE), ("state", "s")];
            let page = browser.get(&path(&pairs)).await;
            assert!(page.expect(200).text().contains("Reports"), "who asks");
            let form = html::form_with(page.text(), "logout-confirm");
            // A sealed request of one's own making is no request.
            let forged = form.clone().forged("request", "AAAA");
            let copy = browser.clone();
            let answer = browser.submit(&form).await;
            assert_eq!(answer.location(), "https://web.example/bye?state=s");
            assert!(browser.get("/account").await.location().starts_with("/login"));
            let answer = copy.clone().submit(&forged).await;
            assert!(answer.expect(200).text().contains("You are signed out"));
        }
        assert_eq!(world.table("session").await.len(), 1, "the hinted session goes on");
    }

    async fn with_nobody_signed_in_the_browser_goes_on(world) {
        let (_, hint) = signed_in(&world).await;
        let mut stranger = world.browser(&world.a);
        let pairs = [("id_token_hint", &*hint), ("post_logout_redirect_uri", BYE)];
        assert_eq!(stranger.get(&path(&pairs)).await.location(), BYE);
        assert_eq!(world.table("session").await.len(), 1);
    }

    async fn offline_access_outlives_the_session(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let mut browser = world.browser(tenant);
        let request = AuthRequest::new(app, "openid offline_access");
        let code = world.code_in(&mut browser, &request, &tenant.alice).await;
        let tokens = Tokens::of(&world.exchange(tenant, app, &code).await);
        let pairs = [("id_token_hint", tokens.id()), ("post_logout_redirect_uri", BYE)];
        browser.get(&path(&pairs)).await.location();
        Tokens::of(&world.refresh(tenant, app, tokens.refresh()).await);
    }
}
