//! Why a client is refused: its administrator sees the reason with time, address and trace id; the
//! caller sees the protocol's error, and nobody sees what was sent.

use domain::client::{AuthMethod, ConsentMethod};
use domain::jose::{Alg, SigningKey};
use domain::time::plus_seconds;
use domain::token_request::JWT_BEARER;
use domain::user::UserStatus;
use engine::admin::activity::{Activity, activity};
use engine::admin::client::{self, ClientDraft};
use engine::authority::Caller;
use serde_json::{Value, json};

use super::assertion::{keyed, right, sign};
use crate::call::{Answer, Call};
use crate::flow::{AuthRequest, Tokens};
use crate::world::{App, World, m2m_draft, t0};

const ADDRESS: &str = "203.0.113.9";
const MACHINE: (&str, &str) = ("grant_type", "client_credentials");

pub async fn activity_of(world: &World, app: &App) -> Activity {
    let ctx = world.admin(&world.a).await;
    activity(&ctx, &Caller::operator(), &app.id).await.expect("an activity")
}

/// A token request of a client with its own credentials.
fn ask(world: &World, app: &App, more: &[(&str, &str)]) -> Call {
    ask_as(world, &app.credentials(), more)
}

fn ask_as(world: &World, credentials: &[(&str, &str)], more: &[(&str, &str)]) -> Call {
    world.post(&world.a, "/oauth/token").form(&[credentials, more].concat())
}

/// The newest refusal of the client is for this reason and of this request, and there is one more
/// of its kind.
async fn assert_refused(world: &World, app: &App, call: Call, reason: &str) -> Answer {
    let before = counted(&activity_of(world, app).await, reason);
    let answer = call.from(ADDRESS).send().await;
    assert!((400..500).contains(&answer.status), "{reason}: {} {}", answer.status, answer.text());
    let told = activity_of(world, app).await;
    let newest = told.failures.first().unwrap_or_else(|| panic!("{reason}: none"));
    assert_eq!(newest.reason.word(), reason);
    assert_eq!(newest.address, ADDRESS);
    assert_eq!(newest.at, world.engine().now());
    assert!(!newest.title.is_empty() && newest.explanation.ends_with('.'));
    if answer.is_html() {
        assert!(answer.text().contains(&newest.trace_id), "{reason}");
    } else {
        assert_eq!(newest.trace_id, answer.member("traceId"), "{reason}");
        assert!(!answer.text().contains(newest.explanation), "the caller is told less");
    }
    assert_eq!(counted(&told, reason), before + 1, "{reason}");
    answer
}

fn counted(activity: &Activity, reason: &str) -> u64 {
    activity.days.first().and_then(|day| day.failures.get(reason)).copied().unwrap_or_default()
}

/// Nothing that was sent is told, and nothing secret is in the database.
async fn assert_untold(world: &World, app: &App, texts: &[&str]) {
    let told = serde_json::to_string(&activity_of(world, app).await).expect("JSON");
    let rows = world.table("client_failure").await;
    assert!(!rows.is_empty());
    for text in texts {
        assert!(!told.contains(text), "{text} in {told}");
        assert!(rows.iter().all(|row| !row.contains(text)), "{text}");
    }
}

both! {
    async fn secrets_and_methods(world) {
        let (tenant, app) = (&world.a, &world.a.m2m);
        let with = |secret| [("client_id", app.id()), ("client_secret", secret)];
        let unknown = "0123456789abcdef".repeat(4);
        let call = ask_as(&world, &with(&unknown), &[MACHINE]);
        assert_refused(&world, app, call, "unknown_secret").await.expect_error(401, "invalid_client");
        let alike = format!("{}{}", &unknown[..59], &app.secret[59..]);
        let call = ask_as(&world, &with(&alike), &[MACHINE]);
        assert_refused(&world, app, call, "wrong_secret").await.expect_error(401, "invalid_client");
        let call = ask_as(&world, &[("client_id", app.id())], &[MACHINE]);
        assert_refused(&world, app, call, "no_credentials").await;
        let spa = &tenant.spa;
        let credentials = [("client_id", spa.id()), ("client_secret", unknown.as_str())];
        let call = ask_as(&world, &credentials, &[MACHINE]);
        assert_refused(&world, spa, call, "secret_not_accepted").await;
        let assertion = sign(&SigningKey::generate(Alg::ES256).expect("a key"), &right(tenant, app, "a"));
        let credentials =
            [("client_assertion_type", JWT_BEARER), ("client_assertion", assertion.as_str())];
        let call = ask_as(&world, &credentials, &[MACHINE]);
        assert_refused(&world, app, call, "assertion_not_accepted").await;
        let at = plus_seconds(t0(), -1).as_millisecond();
        let table = "UPDATE client_secret SET expires_at";
        world.sql(format!("{table} = {at} WHERE client_id = '{}'", app.id)).await;
        let world = world.node_with(|_| {}).await;
        assert_refused(&world, app, ask(&world, app, &[MACHINE]), "expired_secret").await;
        let sent = [unknown.as_str(), alike.as_str(), &app.secret, &assertion, &unknown[59..]];
        assert_untold(&world, app, &sent).await;
        // Also at the other doors that ask clients who they are.
        for path in ["/oauth/introspect", "/oauth/revoke"] {
            let form = [&with(&unknown)[..], &[("token", "x")]].concat();
            let call = world.post(tenant, path).form(&form);
            assert_refused(&world, app, call, "unknown_secret").await;
        }
    }

    async fn assertions(world) {
        let (tenant, key) = (&world.a, SigningKey::generate(Alg::ES256).expect("a key"));
        let app = keyed(&world, tenant, &[&key]).await;
        let now = t0().as_second();
        let send = |assertion: &str| {
            let id = [("client_id", app.id())];
            let proof = [("client_assertion_type", JWT_BEARER), ("client_assertion", assertion)];
            ask_as(&world, &id, &[&proof[..], &[MACHINE]].concat())
        };
        let with = |name: &str, value: Value| {
            let mut claims = right(tenant, &app, "jti-once");
            claims.insert(name.to_owned(), value);
            sign(&key, &claims)
        };
        let flawed = [
            ("iss", json!("someone"), "assertion_issuer"),
            ("aud", json!("https://else.example"), "assertion_audience"),
            ("exp", json!(now - 60), "assertion_expired"),
            ("exp", json!(now + 86_400), "assertion_too_long"),
            ("exp", json!("soon"), "assertion_malformed"),
            ("iat", json!(now + 600), "assertion_future"),
            ("nbf", json!("later"), "assertion_malformed"),
            ("jti", Value::Null, "assertion_id"),
            ("jti", json!("j".repeat(256)), "assertion_id"),
        ];
        for (name, value, reason) in flawed {
            let answer = assert_refused(&world, &app, send(&with(name, value)), reason).await;
            answer.expect_error(401, "invalid_client");
        }
        assert_refused(&world, &app, send("x.y.z"), "assertion_malformed").await;
        let claims = right(tenant, &app, "jti-once");
        let stranger = sign(&SigningKey::generate(Alg::ES256).expect("a key"), &claims);
        assert_refused(&world, &app, send(&stranger), "assertion_key").await;
        let odd = sign(&SigningKey::generate(Alg::PS256).expect("a key"), &claims);
        assert_refused(&world, &app, send(&odd), "assertion_algorithm").await;
        let good = sign(&key, &claims);
        send(&good).from(ADDRESS).send().await.access_token();
        assert_refused(&world, &app, send(&good), "assertion_replayed").await;
        assert_untold(&world, &app, &["jti-once", &good, "else.example", "someone"]).await;
        let told = activity_of(&world, &app).await;
        assert_eq!(told.keys.len(), 1);
        assert_eq!(told.keys[0].last_used_at, Some(t0()));
        assert_eq!(told.keys[0].last_used_from.as_deref(), Some(ADDRESS));
    }

    async fn keys_that_cannot_be_fetched(world) {
        let draft = ClientDraft {
            auth_methods: vec![AuthMethod::PrivateKeyJwt],
            jwks_uri: "https://keys.invalid/keys".to_owned(),
            ..m2m_draft()
        };
        let app = world.client(&world.a, draft).await;
        let key = SigningKey::generate(Alg::ES256).expect("a key");
        let assertion = sign(&key, &right(&world.a, &app, "a"));
        let proof = [("client_assertion_type", JWT_BEARER), ("client_assertion", &assertion)];
        let call = ask_as(&world, &proof, &[MACHINE]);
        assert_refused(&world, &app, call, "assertion_keys_unreachable").await;
    }

    async fn clients_that_may_not(world) {
        let (tenant, app, ctx) = (&world.a, &world.a.m2m, world.admin(&world.a).await);
        let web = &tenant.web;
        assert_refused(&world, web, ask(&world, web, &[MACHINE]), "grant_not_allowed").await;
        let draft = ClientDraft { consent_method: ConsentMethod::Required, ..m2m_draft() };
        let stranger = world.client(tenant, draft).await;
        let call = ask(&world, &stranger, &[MACHINE]);
        let answer = assert_refused(&world, &stranger, call, "not_trusted").await;
        answer.expect_error(400, "unauthorized_client");
        let call = ask(&world, app, &[MACHINE, ("scope", "email")]);
        let answer = assert_refused(&world, app, call, "scope_not_allowed").await;
        answer.expect_error(400, "invalid_scope");
        let operator = Caller::operator();
        let set = |reason| client::set_disabled(&ctx, &operator, &app.id, reason);
        set(Some("abuse")).await.expect("off");
        assert_refused(&world, app, ask(&world, app, &[MACHINE]), "disabled").await;
        set(None).await.expect("on");
        let table = "UPDATE connection_config SET approved";
        world.sql(format!("{table} = 0 WHERE client_id = '{}'", app.id)).await;
        let world = world.node_with(|_| {}).await;
        assert_refused(&world, app, ask(&world, app, &[MACHINE]), "not_approved").await;
    }

    async fn users_who_cannot_be_acted_for(world) {
        let (tenant, app) = (&world.a, &world.a.m2m);
        let grant = ("grant_type", "urn:qlik:oauth:user-impersonation");
        let of = |subject: &str| {
            let lookup = json!({ "field": "subject", "value": subject }).to_string();
            ask(&world, app, &[grant, ("user_lookup", &lookup)])
        };
        let answer = assert_refused(&world, app, of("nobody-at-all"), "user_unknown").await;
        answer.expect_error(400, "invalid_grant");
        world.user_status(tenant, &tenant.alice.id, UserStatus::Disabled).await;
        assert_refused(&world, app, of(&tenant.alice.subject), "user_disabled").await;
        ask(&world, app, &[MACHINE]).send().await.access_token();
        let bot = world.audit(tenant, "user.bot_created").await.remove(0).subject;
        let bot = bot.parse().expect("an id");
        world.user_status(tenant, &bot, UserStatus::Disabled).await;
        assert_refused(&world, app, ask(&world, app, &[MACHINE]), "user_disabled").await;
        assert_untold(&world, app, &["nobody-at-all", &tenant.alice.subject]).await;
    }

    async fn codes(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let exchange = |code: &str, name: &str, value: &str| {
            let mut form = World::exchange_form(app, code);
            form.retain(|(known, _)| *known != name);
            form.push((name, value));
            world.post(tenant, "/oauth/token").form(&form)
        };
        let refused = async |call, reason| {
            assert_refused(&world, app, call, reason).await.expect_error(400, "invalid_grant");
        };
        refused(exchange("x", "code", "nobody-made-this"), "code_unknown").await;
        let code = world.code(tenant, app, "openid").await;
        let thief = World::exchange_form(&tenant.native, &code);
        let call = world.post(tenant, "/oauth/token").form(&thief);
        assert_refused(&world, &tenant.native, call, "code_unknown").await;
        refused(exchange(&code, "code", &code), "code_replayed").await;
        let code = world.code(tenant, app, "openid").await;
        refused(exchange(&code, "redirect_uri", "https://else.example"), "code_redirect_uri").await;
        let code = world.code(tenant, app, "openid").await;
        refused(exchange(&code, "code_verifier", &"v".repeat(43)), "pkce_mismatch").await;
        let code = world.code(tenant, app, "openid").await;
        world.clock.advance_seconds(61);
        refused(exchange(&code, "code", &code), "code_expired").await;
        assert_untold(&world, app, &["nobody-made-this", &code, "else.example"]).await;
    }

    async fn refresh_tokens(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let refresh = |token: &str| {
            ask(&world, app, &[("grant_type", "refresh_token"), ("refresh_token", token)])
        };
        let refused = async |call, reason| {
            assert_refused(&world, app, call, reason).await.expect_error(400, "invalid_grant");
        };
        refused(refresh("nobody-made-this"), "refresh_unknown").await;
        let first = world.tokens(tenant, app, "openid offline_access").await;
        let form = [("grant_type", "refresh_token"), ("refresh_token", first.refresh())];
        let call = ask(&world, &tenant.native, &form);
        assert_refused(&world, &tenant.native, call, "refresh_unknown").await;
        let scope = [&form[..], &[("scope", "openid apps")]].concat();
        let answer = assert_refused(&world, app, ask(&world, app, &scope), "scope_not_allowed").await;
        answer.expect_error(400, "invalid_scope");
        let second = Tokens::of(&refresh(first.refresh()).send().await);
        world.clock.advance_seconds(61);
        refused(refresh(first.refresh()), "refresh_replayed").await;
        refused(refresh(second.refresh()), "refresh_revoked").await;
        let third = world.tokens(tenant, app, "openid offline_access").await;
        world.clock.advance_seconds(30 * 86_400);
        refused(refresh(third.refresh()), "refresh_expired").await;
        assert_untold(&world, app, &["nobody-made-this", first.refresh(), third.refresh()]).await;
    }

    async fn authorization_requests(world) {
        let (tenant, app) = (&world.a, &world.a.spa);
        let page = |request: AuthRequest| world.get(tenant, &request.path());
        let request = || AuthRequest::new(app, "openid");
        let call = page(request().set("redirect_uri", "https://evil.example/cb"));
        assert_refused(&world, app, call, "redirect_uri").await.error_page(400);
        // These go back to the client by a redirect, which is no 4xx.
        let redirected = [
            (request().without_pkce(), "pkce_missing"),
            (request().set("code_challenge_method", "plain"), "pkce_missing"),
            (request().set("scope", "openid admin_classic"), "scope_not_allowed"),
        ];
        for (request, reason) in redirected {
            page(request).from(ADDRESS).send().await.location();
            let newest = activity_of(&world, app).await.failures.remove(0);
            assert_eq!((newest.reason.word(), newest.address.as_str()), (reason, ADDRESS));
            assert_eq!(newest.trace_id.len(), 32);
        }
        let bare = ClientDraft { redirect_uris: vec!["https://x.example/cb".into()], ..m2m_draft() };
        let bare = world.client(tenant, ClientDraft { allowed_scopes: crate::world::scopes(""), ..bare }).await;
        page(AuthRequest::new(&bare, "")).from(ADDRESS).send().await.location();
        assert_eq!(activity_of(&world, &bare).await.failures[0].reason.word(), "scope_not_allowed");
        assert_untold(&world, app, &["evil.example", "admin_classic"]).await;
    }
}
