//! The checks of an authorization request whose client and redirect URI are right: what is wrong
//! goes back to the app, with its state, and writes nothing.

use serde_json::json;

use crate::flow::{AuthRequest, Callback};
use crate::html;
use crate::world::World;

/// Demands an error at the redirect URI, whether somebody is signed in or not.
async fn assert_refused(world: &World, request: &AuthRequest, error: &str) {
    let (tenant, app) = (&world.a, &world.a.web);
    let mut signed_in = world.browser(tenant);
    signed_in.sign_in(&tenant.alice).await;
    let before = world.facts().await;
    for browser in [&mut world.browser(tenant), &mut signed_in] {
        let answer = browser.get(&request.path()).await;
        let callback = Callback::of(&answer, app.callback());
        callback.expect_error(error);
        assert_eq!(callback.get("state"), Some("st-7"), "{request:?}");
        assert_eq!(callback.get("iss"), Some(tenant.issuer.as_str()));
        let known = ["error", "error_description", "error_code", "error_detail", "state", "iss"];
        assert_eq!(callback.names(), known);
    }
    assert_eq!(world.facts().await, before);
}

both! {
    async fn what_is_wrong_goes_back_to_the_app(world) {
        let right = || AuthRequest::new(&world.a.web, "openid");
        let long = "x".repeat(2049);
        let claims = "x".repeat(5000);
        let refused = [
            (right().without("response_type"), "invalid_request"),
            (right().set("response_type", "token"), "unsupported_response_type"),
            (right().set("response_type", "code id_token"), "unsupported_response_type"),
            (right().set("response_type", "CODE"), "unsupported_response_type"),
            (right().set("response_mode", "fragment"), "invalid_request"),
            (right().set("response_mode", "web_message"), "invalid_request"),
            (right().set("scope", "openid nonsense"), "invalid_scope"),
            (right().set("scope", "openid admin_classic"), "invalid_scope"),
            (right().set("scope", "openid \"quoted\""), "invalid_scope"),
            (right().set("prompt", "none login"), "invalid_request"),
            (right().set("prompt", "create"), "invalid_request"),
            (right().set("prompt", "LOGIN"), "invalid_request"),
            (right().set("max_age", "-1"), "invalid_request"),
            (right().set("max_age", "1.5"), "invalid_request"),
            (right().set("max_age", "soon"), "invalid_request"),
            (right().set("max_age", "99999999999999999999"), "invalid_request"),
            (right().set("nonce", &long), "invalid_request"),
            (right().set("login_hint", &long), "invalid_request"),
            (right().set("claims", "{"), "invalid_request"),
            (right().set("claims", "[]"), "invalid_request"),
            (right().set("claims", r#"{"id_token":[]}"#), "invalid_request"),
            (right().set("claims", r#"{"userinfo":{"name":1}}"#), "invalid_request"),
            (right().set("claims", &claims), "invalid_request"),
            (right().set("id_token_hint", "not.a.token"), "invalid_request"),
            (right().set("request", "eyJhbGciOiJub25lIn0.e30."), "request_not_supported"),
            (right().set("request_uri", "https://web.example/r"), "request_uri_not_supported"),
            (right().set("registration", "{}"), "registration_not_supported"),
            // The first thing that is wrong counts, and nothing wrong is passed over.
            (right().set("request", "x").set("response_type", "token"), "request_not_supported"),
        ];
        for (request, error) in refused {
            assert_refused(&world, &request, error).await;
        }
    }

    async fn parameters_are_sent_once(world) {
        let right = AuthRequest::new(&world.a.web, "openid")
            .set("nonce", "n")
            .set("prompt", "login")
            .set("max_age", "100")
            .set("login_hint", "alice")
            .set("response_mode", "query")
            .set("claims", "{}");
        for name in [
            "response_type", "scope", "code_challenge", "code_challenge_method", "nonce", "prompt",
            "max_age", "login_hint", "response_mode", "claims",
        ] {
            let pairs = right.pairs();
            let value = pairs.iter().find(|(known, _)| *known == name).expect("there").1;
            assert_refused(&world, &right.clone().and(name, value), "invalid_request").await;
            assert_refused(&world, &right.clone().and(name, "other"), "invalid_request").await;
        }
        for name in ["id_token_hint", "request", "request_uri", "registration"] {
            let twice = right.clone().and(name, "x").and(name, "x");
            assert_refused(&world, &twice, "invalid_request").await;
        }
    }

    async fn a_repeated_or_long_state_is_not_guessed_at(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let request = AuthRequest::new(app, "openid").and("state", "other");
        let answer = world.browser(tenant).get(&request.path()).await;
        let callback = Callback::of(&answer, app.callback());
        callback.expect_error("invalid_request");
        assert_eq!(callback.get("state"), None);
        let request = AuthRequest::new(app, "openid").set("state", &"s".repeat(2049));
        let answer = world.browser(tenant).get(&request.path()).await;
        Callback::of(&answer, app.callback()).expect_error("invalid_request");
    }

    async fn what_has_no_meaning_here_is_tolerated(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let mut browser = world.browser(tenant);
        world.code_in(&mut browser, &AuthRequest::new(app, "openid"), &tenant.alice).await;
        for (name, value) in [
            ("display", "page"), ("display", "popup"), ("display", "nonsense"), ("ui_locales", "se"),
            ("claims_locales", "se"), ("acr_values", "1 2"), ("extra", "foobar"), ("max_age", ""),
            ("prompt", ""), ("response_mode", "query"), ("claims", ""), ("nonce", ""),
            ("claims", r#"{"userinfo":null,"id_token":{"acr":{"values":["x"]}},"extra":[1]}"#),
            ("resource", "https://x.example"), ("resource", "y"), ("état", "é"),
        ] {
            let request = AuthRequest::new(app, "openid").and(name, value);
            let answer = browser.get(&request.path()).await;
            Callback::of(&answer, app.callback()).code();
        }
        // The order does not matter, nor do spaces around scopes.
        let mut reversed = AuthRequest::new(app, "x").without("scope");
        for (name, value) in AuthRequest::new(app, "  openid  ").pairs().into_iter().rev() {
            reversed = reversed.without(name).and(name, value);
        }
        let answer = browser.get(&reversed.path()).await;
        Callback::of(&answer, app.callback()).code();
    }

    async fn a_real_clients_address_is_not_percent_encoded(world) {
        // @qlik/api: literal spaces become `%20` in every HTTP client, `://` stays (contract 0.10).
        let (tenant, app) = (&world.a, &world.a.spa);
        let path = AuthRequest::new(app, "openid user_default").path();
        let path = path.replace("%3A", ":").replace("%2F", "/").replace('+', "%20");
        assert!(path.contains("=https://spa.example/callback&") && path.contains("openid%20user"));
        let answer = world.browser(tenant).authorize(&path, &tenant.alice).await;
        Callback::of(&answer, app.callback()).code();
    }

    async fn the_login_hint_fills_the_form(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        for hint in ["alice@a.test", "\"><script>alert(1)</script>", "ü & <b>"] {
            let request = AuthRequest::new(app, "openid").set("login_hint", hint);
            let page = world.browser(tenant).get(&request.path()).await;
            assert_eq!(html::value_of(page.expect(200).text(), "username").as_deref(), Some(hint));
            assert!(!page.text().contains("<script>"), "{}", page.text());
        }
    }

    async fn claims_may_demand_a_person(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let mut browser = world.browser(tenant);
        world.code_in(&mut browser, &AuthRequest::new(app, "openid"), &tenant.alice).await;
        let demand = |subject: &str| {
            let claims = json!({ "id_token": { "sub": { "value": subject } } }).to_string();
            AuthRequest::new(app, "openid").set("claims", &claims).set("prompt", "none")
        };
        let answer = browser.get(&demand(&tenant.alice.subject).path()).await;
        Callback::of(&answer, app.callback()).code();
        let answer = browser.get(&demand(&tenant.bob.subject).path()).await;
        Callback::of(&answer, app.callback()).expect_error("login_required");
    }
}
