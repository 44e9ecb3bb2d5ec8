//! `id_token_hint`: believed only with our own signature, then it says whom the app expects.

use domain::crypto::base64url;
use domain::jose::{Alg, SigningKey, jws};
use serde_json::{Value, json};

use crate::flow::{AuthRequest, Callback, Tokens};
use crate::html;
use crate::jwt;
use crate::world::{Tenant, World};

/// An ID token of a tenant's web client for Alice.
pub async fn id_token(world: &World, tenant: &Tenant) -> String {
    let tokens = world.tokens(tenant, &tenant.web, "openid").await;
    tokens.id().to_owned()
}

/// Tokens that say the same as a good one, and are not ours to believe.
pub fn forgeries(good: &str) -> Vec<String> {
    let claims = Value::Object(jwt::claims(good));
    let key = SigningKey::generate(Alg::ES256).expect("a key");
    let kid = jwt::header(good)["kid"].clone();
    let payload = base64url(claims.to_string().as_bytes());
    let typ = jwt::header(good)["typ"].clone();
    let unsigned = |mut header: Value| {
        header["typ"] = typ.clone();
        format!("{}.{payload}", base64url(header.to_string().as_bytes()))
    };
    let (_, signature) = good.rsplit_once('.').expect("a signature");
    let ours = unsigned(json!({ "alg": "ES256", "kid": kid }));
    let stranger = base64url(&key.sign(ours.as_bytes()).expect("signed"));
    let mut altered = jwt::claims(good);
    altered.insert("sub".to_owned(), json!("idp|bob"));
    let altered = base64url(Value::Object(altered).to_string().as_bytes());
    let header = good.split('.').next().expect("a header");
    vec![
        format!("{}.", unsigned(json!({ "alg": "none" }))),
        format!("{}.", unsigned(json!({ "alg": "none", "kid": kid }))),
        format!("{}.{signature}", unsigned(json!({ "alg": "none", "kid": kid }))),
        format!("{ours}.{stranger}"),
        jws::sign_compact(&key, typ.as_str().expect("a typ"), &claims).expect("signed"),
        format!("{header}.{altered}.{signature}"),
        format!("{good}x"),
    ]
}

both! {
    async fn a_hint_names_the_person(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let mut browser = world.browser(tenant);
        let code = world.code_in(&mut browser, &AuthRequest::new(app, "openid"), &tenant.alice).await;
        let hint = Tokens::of(&world.exchange(tenant, app, &code).await).id().to_owned();
        let hinted = AuthRequest::new(app, "openid").set("id_token_hint", &hint);
        let silent = hinted.clone().set("prompt", "none");
        // Its expiry does not matter: it only says whom the app means.
        for hours in [0, 2] {
            world.clock.advance_seconds(hours * 3600);
            let answer = browser.get(&silent.path()).await;
            let code = Callback::of(&answer, app.callback()).code();
            let tokens = Tokens::of(&world.exchange(tenant, app, &code).await);
            assert_eq!(jwt::claims(tokens.id())["sub"], tenant.alice.subject.as_str());
        }
        let mut other = world.browser(tenant);
        other.sign_in(&tenant.bob).await;
        let answer = other.get(&silent.path()).await;
        Callback::of(&answer, app.callback()).expect_error("login_required");
        let page = other.get(&hinted.path()).await;
        assert!(html::has_id(page.expect(200).text(), "login-submit"));
        // Signing in as Bob once more leads nowhere.
        let page = other.submit_sign_in(&page, &tenant.bob).await;
        assert!(html::has_id(page.expect(200).text(), "login-submit"));
        let answer = other.submit_sign_in(&page, &tenant.alice).await;
        Callback::of(&answer, app.callback()).code();
    }

    async fn what_is_not_ours_is_refused(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let mut browser = world.browser(tenant);
        let code = world.code_in(&mut browser, &AuthRequest::new(app, "openid"), &tenant.alice).await;
        let tokens = Tokens::of(&world.exchange(tenant, app, &code).await);
        let mut refused = forgeries(tokens.id());
        refused.push(tokens.access().to_owned());
        refused.push(id_token(&world, &world.b).await);
        for hint in refused {
            let request = AuthRequest::new(app, "openid").set("id_token_hint", &hint);
            let answer = browser.get(&request.set("prompt", "none").path()).await;
            Callback::of(&answer, app.callback()).expect_error("invalid_request");
        }
    }

    async fn hint_and_claims_must_agree(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let hint = id_token(&world, tenant).await;
        let claims = json!({ "id_token": { "sub": { "value": tenant.bob.subject } } }).to_string();
        let request = AuthRequest::new(app, "openid").set("id_token_hint", &hint);
        let answer = world.browser(tenant).get(&request.set("claims", &claims).path()).await;
        Callback::of(&answer, app.callback()).expect_error("invalid_request");
    }
}
