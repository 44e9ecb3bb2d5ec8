//! Never-happens 5: no secret, password, code, token or cookie in the database, in a log line, in
//! an error, or in an address that we make.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing::instrument::WithSubscriber;
use tracing_subscriber::fmt::MakeWriter;

use crate::call::basic;
use crate::flow::{AuthRequest, Tokens, VERIFIER};
use crate::html;
use crate::oauth::token::assertion::{keyed, right, send, sign};
use crate::world::World;

/// Everything that is logged, at every level, by whatever crate.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Lines {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("no panic")).into_owned()
    }
}

type Secrets = BTreeMap<&'static str, String>;

/// Everything that a person and an app do, and every secret that came up.
async fn whole_flow(world: World) -> Secrets {
    let (tenant, app) = (&world.a, &world.a.web);
    let mut secrets = Secrets::new();
    let mut browser = world.browser(tenant);
    let page = browser.get(&AuthRequest::new(app, "openid offline_access").path()).await;
    let form = html::form_with(page.text(), "login-submit");
    let typed = "a wrong password that was typed";
    secrets.insert("typed password", typed.to_owned());
    let wrong = form.clone().with("username", "typed-into-the-wrong-field").with("password", typed);
    secrets.insert("typed login", "typed-into-the-wrong-field".to_owned());
    browser.submit(&wrong).await.expect(401);
    secrets.insert("csrf", form.field("csrf").expect("a token").to_owned());
    secrets.insert("sealed request", form.field("request").expect("sealed").to_owned());
    let page = browser.submit_sign_in(&page, &tenant.alice).await;
    let answer = browser.go_on(page, &tenant.alice).await;
    let code = crate::flow::Callback::of(&answer, app.callback()).code();
    for name in ["session", "browser", "device"] {
        secrets.insert(name, browser.cookie(name).expect("a cookie").to_owned());
    }
    world.exchange(tenant, app, "a-code-that-nobody-made").await.expect(400);
    let tokens = Tokens::of(&world.exchange(tenant, app, &code).await);
    let next = Tokens::of(&world.refresh(tenant, app, tokens.refresh()).await);
    world.userinfo(tenant, next.access()).await.expect(200);
    world.userinfo(tenant, "a-token-that-nobody-made").await.expect(401);
    let machine = world.machine_token(tenant).await;
    world.get(tenant, "/api/v1/users/me").bearer(&machine).send().await.expect(301);
    let key = domain::jose::SigningKey::generate(domain::jose::Alg::ES256).expect("a key");
    let signer = keyed(&world, tenant, &[&key]).await;
    let assertion = sign(&key, &right(tenant, &signer, "jti-of-the-assertion"));
    send(&world, tenant, &assertion).await.access_token();
    send(&world, tenant, &assertion).await.expect(401);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", app.id()),
        ("client_secret", "presented-wrong-secret"),
    ];
    world.token(tenant, &form).await.expect(401);
    for token in [next.access(), next.refresh()] {
        for path in ["/oauth/introspect", "/oauth/revoke"] {
            let form = [&app.credentials()[..], &[("token", token)]].concat();
            world.post(tenant, path).form(&form).send().await.expect(200);
        }
    }
    world.exchange(tenant, app, &code).await.expect(400);
    world.refresh(tenant, app, tokens.refresh()).await.expect(400);
    let logout = crate::call::encode(&[("id_token_hint", tokens.id()), ("state", "s")]);
    browser.get(&format!("/oauth/logout?{logout}")).await;
    engine::jobs::flush(world.engine()).await.expect("flushed");
    for (name, value) in [
        ("code", code.as_str()),
        ("access token", tokens.access()),
        ("id token", tokens.id()),
        ("refresh token", tokens.refresh()),
        ("next refresh token", next.refresh()),
        ("next access token", next.access()),
        ("machine token", &machine),
        ("assertion", &assertion),
        ("web secret", &app.secret),
        ("m2m secret", &tenant.m2m.secret),
        ("password", &tenant.alice.password),
        ("bob's password", &tenant.bob.password),
        ("presented secret", "presented-wrong-secret"),
        ("verifier", VERIFIER),
        ("presented code", "a-code-that-nobody-made"),
        ("presented token", "a-token-that-nobody-made"),
        ("jti", "jti-of-the-assertion"),
    ] {
        secrets.insert(name, value.to_owned());
    }
    secrets
}

/// Demands that a text holds no secret, nor what would do instead of one.
#[track_caller]
fn assert_clean(place: &str, text: &str, secrets: &Secrets, world: &World) {
    for (name, secret) in secrets {
        assert!(!text.contains(secret.as_str()), "the {name} is in {place}");
        // A token's signature alone, and a secret in a Basic header.
        if let Some((_, signature)) = secret.rsplit_once('.').filter(|_| secret.starts_with("ey")) {
            assert!(!text.contains(signature), "the {name}'s signature is in {place}");
        }
    }
    for app in [&world.a.web, &world.a.m2m] {
        let header = basic(app.id(), &app.secret);
        assert!(!text.contains(header.trim_start_matches("Basic ")), "credentials are in {place}");
    }
}

both! {
    async fn the_database_holds_none_in_clear(world) {
        let secrets = Box::pin(whole_flow(world.clone())).await;
        let rows = world.rows().await;
        for table in ["client_secret", "session", "authorization_code", "refresh_token", "audit_event", "signing_key", "user_account"] {
            // The session was ended; everything else is there to be looked at.
            let has = rows.iter().any(|row| row.starts_with(&format!("{table}:")));
            assert!(has || table == "session", "{table}");
        }
        let text = rows.into_iter().collect::<Vec<_>>().join("\n");
        assert_clean("the database", &text, &secrets, &world);
        assert!(text.contains("$argon2id$"));
        assert!(!text.contains("PRIVATE KEY") && !text.contains("\"d\":"));
    }

    async fn an_open_session_is_not_in_the_database_in_clear(world) {
        let mut browser = world.browser(&world.a);
        browser.sign_in(&world.a.alice).await;
        let page = browser.get("/account").await;
        let csrf = html::forms(page.text())[0].field("csrf").expect("a token").to_owned();
        let text = world.rows().await.into_iter().collect::<Vec<_>>().join("\n");
        assert!(text.contains("session: "));
        for name in ["session", "browser", "device"] {
            let value = browser.cookie(name).expect("a cookie");
            assert!(!text.contains(value), "{name}");
            assert!(!page.text().contains(value), "{name} is on the page");
        }
        assert!(!text.contains(&csrf));
    }

    async fn errors_repeat_nothing(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let secret = "s3cr3t-value-that-must-not-come-back";
        let mut answers = Vec::new();
        for name in ["client_secret", "code", "refresh_token", "client_assertion", "code_verifier", "token", "password"] {
            for grant in ["client_credentials", "authorization_code", "refresh_token", "nonsense"] {
                let form = [("grant_type", grant), ("client_id", app.id()), (name, secret)];
                answers.push(world.token(tenant, &form).await);
                let twice = [&form[..], &form[2..]].concat();
                answers.push(world.token(tenant, &twice).await);
            }
            let body = format!("{{\"{name}\":\"{secret}\",}}");
            let call = world.post(tenant, "/oauth/token").body("application/json", body);
            answers.push(call.send().await);
            let body = format!("{name}={secret}%zz");
            let call = world.post(tenant, "/oauth/token").body("application/x-www-form-urlencoded", body);
            answers.push(call.send().await);
        }
        answers.push(world.get(tenant, "/oauth/userinfo").bearer(secret).send().await);
        answers.push(world.post(tenant, "/oauth/token").basic("x", secret).form(&[]).send().await);
        let hint = AuthRequest::new(app, "openid").set("id_token_hint", secret);
        answers.push(world.browser(tenant).get(&hint.path()).await);
        for answer in answers {
            assert!(answer.status >= 400 || answer.status == 303);
            assert!(!answer.text().contains(secret), "{}", answer.text());
            assert!(!format!("{:?}", answer.headers).contains(secret), "{:?}", answer.headers);
        }
    }
}

/// On one thread, so that one subscriber sees it all.
async fn logged(world: World) {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(lines.clone())
        .finish();
    let work = async {
        let secrets = Box::pin(whole_flow(world.clone())).await;
        let error = world.token(&world.a, &[("grant_type", "nonsense")]).await;
        (secrets, error.member("traceId"))
    };
    let guard = tracing::subscriber::set_default(subscriber);
    let (secrets, trace_id) = Box::pin(work.with_current_subscriber()).await;
    drop(guard);
    let text = lines.text();
    assert!(text.contains(&trace_id), "the error's trace id leads to its line");
    assert!(text.contains("/oauth/token") && text.lines().count() > 20, "{text}");
    assert_clean("the log", &text, &secrets, &world);
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("one JSON object a line");
        assert!(line["level"].is_string());
    }
}

#[tokio::test]
async fn the_log_holds_none_sqlite() {
    crate::world::on_sqlite(crate::world::Setup::default(), logged).await;
}

#[tokio::test]
async fn the_log_holds_none_postgres() {
    crate::world::on_postgres(crate::world::Setup::default(), logged).await;
}
