//! `authorization_code` (RFC 6749 section 4.1.3, RFC 7636).

use domain::crypto::{base64url, base64url_decode, sha256_base64url};
use openidconnect::core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet};
use openidconnect::{AccessToken, AccessTokenHash, ClientId, ClientSecret, IssuerUrl, Nonce};
use serde_json::Value;

use crate::flow::{AuthRequest, Callback, Tokens, VERIFIER};
use crate::jwt;
use crate::world::World;

both! {
    async fn every_kind_of_app_signs_a_person_in(world) {
        let tenant = &world.a;
        for app in [&tenant.web, &tenant.spa, &tenant.native] {
            let mut browser = world.browser(tenant);
            let request = AuthRequest::new(app, "openid profile").set("nonce", "n-1");
            let answer = browser.authorize(&request.path(), &tenant.alice).await;
            assert_eq!(answer.status, 303);
            let callback = Callback::of(&answer, app.callback());
            assert_eq!(callback.names(), ["code", "state", "iss"]);
            assert_eq!(callback.get("state"), Some("st-7"));
            assert_eq!(callback.get("iss"), Some(tenant.issuer.as_str()));
            let code = callback.code();
            assert_eq!(code.len(), 43, "256 bits");
            let answer = world.exchange(tenant, app, &code).await;
            let tokens = Tokens::of(&answer);
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(tokens.0["scope"], "openid profile");
            assert_eq!(tokens.0["expires_in"], 21_600);
            assert_eq!(tokens.0["expires_at"], "2027-01-15T14:00:00Z");
            assert_eq!(tokens.0["auth_time"], 1_800_000_000);
            assert!(tokens.0.get("refresh_token").is_none(), "not asked for");
            let info = world.userinfo(tenant, tokens.access()).await.expect(200).json();
            assert_eq!(info["sub"], tenant.alice.subject.as_str());
        }
    }

    async fn the_id_token_holds_what_it_must_and_nothing_else(world) {
        let tenant = &world.a;
        let request = AuthRequest::new(&tenant.web, "openid profile email").set("nonce", "n-1");
        let mut browser = world.browser(tenant);
        let code = world.code_in(&mut browser, &request, &tenant.alice).await;
        world.clock.advance_seconds(5);
        let tokens = Tokens::of(&world.exchange(tenant, &tenant.web, &code).await);
        let claims = world.verified(tenant, tokens.id()).await;
        assert_eq!(jwt::header(tokens.id())["alg"], "RS256");
        assert_eq!(jwt::header(tokens.id())["typ"], "JWT");
        assert_eq!(claims["iss"], tenant.issuer.as_str());
        assert_eq!(claims["aud"], tenant.web.id());
        assert_eq!(claims["sub"], tenant.alice.subject.as_str());
        assert_eq!(claims["nonce"], "n-1");
        assert_eq!(claims["auth_time"], 1_800_000_000);
        assert_eq!(claims["iat"], 1_800_000_005);
        assert_eq!(claims["exp"], 1_800_003_605);
        let digest = base64url_decode(&sha256_base64url(tokens.access().as_bytes())).expect("hash");
        assert_eq!(claims["at_hash"], base64url(&digest[..16]), "OpenID Connect Core 3.1.3.6");
        let sessions = world.table("session").await;
        let sid = claims["sid"].as_str().expect("a sid");
        assert!(sessions[0].contains(&format!(" id={sid},")), "{sessions:?}");
        assert_ne!(Some(sid), browser.cookie("session"), "the sid is no cookie");
        let mut names: Vec<&str> = claims.keys().map(String::as_str).collect();
        names.sort_unstable();
        let known =
            ["amr", "at_hash", "aud", "auth_time", "exp", "iat", "iss", "nonce", "sid", "sub"];
        assert_eq!(names, known, "no name, no email (conformance 13)");
    }

    async fn another_library_believes_the_id_token(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let request = AuthRequest::new(app, "openid").set("nonce", "n-1");
        let code = world.code_in(&mut world.browser(tenant), &request, &tenant.alice).await;
        let tokens = Tokens::of(&world.exchange(tenant, app, &code).await);
        let set = world.get(tenant, "/.well-known/jwks.json").send().await.json();
        let keys: CoreJsonWebKeySet = serde_json::from_value(set).expect("a key set");
        let verifier = CoreIdTokenVerifier::new_confidential_client(
            ClientId::new(app.id().to_owned()),
            ClientSecret::new(app.secret.clone()),
            IssuerUrl::new(tenant.issuer.clone()).expect("an issuer"),
            keys,
        );
        let now = || serde_json::from_str("\"2027-01-15T08:00:30Z\"").expect("a time");
        let verifier = verifier.set_time_fn(now);
        let token: CoreIdToken = tokens.id().parse().expect("an ID token");
        let claims = token.claims(&verifier, &Nonce::new("n-1".to_owned())).expect("good");
        assert_eq!(claims.subject().as_str(), tenant.alice.subject);
        let alg = token.signing_alg().expect("an algorithm");
        let key = token.signing_key(&verifier).expect("a key");
        let access = AccessToken::new(tokens.access().to_owned());
        let hash = AccessTokenHash::from_token(&access, alg, key).expect("a hash");
        assert_eq!(claims.access_token_hash(), Some(&hash));
        token.claims(&verifier, &Nonce::new("other".to_owned())).expect_err("another nonce");
    }

    async fn without_openid_there_is_no_id_token(world) {
        let tokens = world.tokens(&world.a, &world.a.web, "user_default").await;
        assert!(tokens.0.get("id_token").is_none());
        let told = world.userinfo(&world.a, tokens.access()).await;
        told.expect_error(403, "insufficient_scope");
        assert!(told.header("www-authenticate").is_some_and(|c| c.contains("insufficient_scope")));
    }

    async fn an_exchange_without_refresh_token_costs_three_statements(world) {
        let (tenant, app) = (&world.a, &world.a.spa);
        world.tokens(tenant, app, "openid").await;
        let code = world.code(tenant, app, "openid").await;
        let before = world.engine().store().statements();
        Tokens::of(&world.exchange(tenant, app, &code).await);
        let cost = world.engine().store().statements() - before;
        assert!(cost <= 3, "{cost}");
    }

    async fn real_clients_send_json(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        // @qlik/api, public: JSON with scope (contract, section 8).
        let code = world.code(tenant, &tenant.spa, "user_default").await;
        let body = serde_json::json!({
            "grant_type": "authorization_code", "scope": "user_default", "code": code,
            "redirect_uri": tenant.spa.callback(), "code_verifier": VERIFIER,
            "client_id": tenant.spa.id(),
        });
        let answer = world.post(tenant, "/oauth/token").json(&body).send().await;
        assert_eq!(Tokens::of(&answer).0["scope"], "user_default");
        // qlik-sdk (py): Basic and JSON with client_id.
        let code = world.code(tenant, app, "user_default offline_access").await;
        let body = serde_json::json!({
            "grant_type": "authorization_code", "scope": "user_default offline_access",
            "code": code, "redirect_uri": app.callback(), "code_verifier": VERIFIER,
            "client_id": app.id(),
        });
        let call = world.post(tenant, "/oauth/token").basic(app.id(), &app.secret).json(&body);
        let tokens = Tokens::of(&call.send().await);
        assert_eq!(tokens.refresh().len(), 43);
    }

    async fn claims_asked_for_by_name_reach_the_id_token(world) {
        let tenant = &world.a;
        let claims = r#"{"id_token":{"email":null,"auth_time":{"essential":true}},"userinfo":{"name":{"essential":true}}}"#;
        let request = AuthRequest::new(&tenant.web, "openid").set("claims", claims);
        let code = world.code_in(&mut world.browser(tenant), &request, &tenant.alice).await;
        let tokens = Tokens::of(&world.exchange(tenant, &tenant.web, &code).await);
        let id = world.verified(tenant, tokens.id()).await;
        assert_eq!(id["email"], tenant.alice.email.as_str());
        assert!(!id.contains_key("name"));
        let info = world.userinfo(tenant, tokens.access()).await.expect(200).json();
        assert_eq!(info["name"], tenant.alice.name.as_str());
        assert_eq!(info.get("email"), None::<&Value>);
    }

    async fn a_code_needs_its_client_to_prove_itself(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let code = world.code(tenant, app, "openid").await;
        let form = World::exchange_form(app, &code);
        let unproven: Vec<_> = form.into_iter().filter(|(n, _)| *n != "client_secret").collect();
        world.token(tenant, &unproven).await.expect_error(401, "invalid_client");
        // Nobody proved anything, so the code is still its client's.
        Tokens::of(&world.exchange(tenant, app, &code).await);
    }
}
