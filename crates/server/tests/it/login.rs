//! `/login`: one answer for every mistake, no session from elsewhere, no way out to other sites.

use domain::user::UserStatus;

use crate::browser::Browser;
use crate::call::Answer;
use crate::flow::AuthRequest;
use crate::html;
use crate::world::{Setup, World};

/// A page without what differs each time: what is sealed, and what was typed.
fn stripped(answer: &Answer, login: &str) -> String {
    let mut text = answer.text().to_owned();
    for form in html::forms(answer.text()) {
        for name in ["csrf", "request"] {
            if let Some(value) = form.field(name) {
                text = text.replace(value, "SEALED");
            }
        }
    }
    text.replace(&format!("value=\"{login}\""), "value=\"TYPED\"")
}

async fn attempt(browser: &mut Browser, page: &Answer, login: &str, password: &str) -> Answer {
    let form = html::form_with(page.text(), "login-submit")
        .with("username", login)
        .with("password", password);
    browser.submit(&form).await
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.get("/account").await.status == 200
}

both! {
    async fn every_mistake_looks_the_same(world) {
        let tenant = &world.a;
        world.machine_token(tenant).await;
        world.user_status(tenant, &tenant.bob.id, UserStatus::Disabled).await;
        let (alice, bob) = (&tenant.alice, &tenant.bob);
        let attempts = [
            (alice.email.as_str(), "wrong password"),
            (&alice.subject, "wrong password"),
            ("nobody@a.test", "wrong password"),
            (&bob.email, &bob.password),
            (&bob.email, "wrong password"),
            // A bot, and the other tenant's person with the right password.
            (tenant.m2m.id(), &tenant.m2m.secret),
            (&world.b.alice.email, &world.b.alice.password),
            (&alice.email, &alice.password[1..]),
            (&alice.email, "x"),
        ];
        let request = AuthRequest::new(&tenant.web, "openid").path();
        for path in ["/login", &request] {
            let mut browser = world.browser(tenant);
            let page = browser.get(path).await;
            let mut seen = std::collections::BTreeSet::new();
            for (login, password) in attempts {
                let answer = attempt(&mut browser, &page, login, password).await;
                assert_eq!(answer.status, 401, "{login}");
                assert_eq!(html::value_of(answer.text(), "username").as_deref(), Some(login));
                assert!(!answer.text().contains(password) || password == "x", "{login}");
                assert!(browser.cookie("session").is_none());
                assert!(answer.headers.get("set-cookie").is_none());
                seen.insert((stripped(&answer, login), answer.headers.len()));
            }
            assert_eq!(seen.len(), 1, "{seen:#?}");
        }
        assert!(world.table("session").await.is_empty());
        let failed = world.audit(tenant, "sign_in.failed").await;
        assert_eq!(failed.len(), 2 * attempts.len());
        let trail = format!("{failed:?}");
        assert!(!trail.contains("nobody") && !trail.contains("wrong"), "{trail}");
    }

    async fn every_attempt_costs_a_password_hash(world) {
        let tenant = &world.a;
        world.machine_token(tenant).await;
        world.user_status(tenant, &tenant.bob.id, UserStatus::Disabled).await;
        // A node that has no room for a hash: whoever gets another answer needed none, and would
        // be told from the others by time.
        let full = world.node_with(|settings| settings.passwords.queue = 0).await;
        for login in [
            &*tenant.alice.email, "nobody@a.test", &tenant.bob.email, tenant.m2m.id(),
            &world.b.alice.email, "", "ü",
        ] {
            let mut browser = full.browser(tenant);
            let page = browser.get("/login").await;
            let answer = attempt(&mut browser, &page, login, "wrong password").await;
            assert_eq!(answer.status, 503, "{login}");
            assert!(answer.text().contains("Many people are signing in"), "{}", answer.text());
        }
    }

    async fn a_person_signs_in_by_address_or_subject_in_any_case(world) {
        let (tenant, alice) = (&world.a, &world.a.alice);
        for login in [&alice.email, &alice.email.to_uppercase(), &format!(" {} ", alice.email), &alice.subject] {
            let mut browser = world.browser(tenant);
            let page = browser.get("/login").await;
            let answer = attempt(&mut browser, &page, login, &alice.password).await;
            assert_eq!(answer.location(), "/account", "{login}");
            assert!(browser.get("/account").await.expect(200).text().contains(&alice.name));
        }
        assert_eq!(world.audit(tenant, "sign_in.succeeded").await.len(), 4);
        // The password's case matters, and so does every space in it.
        for password in [alice.password.to_uppercase(), format!("{} ", alice.password)] {
            let mut browser = world.browser(tenant);
            let page = browser.get("/login").await;
            attempt(&mut browser, &page, &alice.email, &password).await.expect(401);
        }
    }

    async fn a_form_from_elsewhere_changes_nothing(world) {
        let (tenant, alice) = (&world.a, &world.a.alice);
        let mut browser = world.browser(tenant);
        let page = browser.get("/login").await;
        let right = html::form_with(page.text(), "login-submit")
            .with("username", &alice.email)
            .with("password", &alice.password);
        let token_of = async |mut browser: Browser| {
            let page = browser.get("/login").await;
            let form = html::form_with(page.text(), "login-submit");
            form.field("csrf").expect("a token").to_owned()
        };
        let strangers = token_of(world.browser(tenant)).await;
        let mut at_b = world.browser(&world.b);
        at_b.set_cookie("browser", browser.cookie("browser").expect("a cookie"));
        let other_tenants = token_of(at_b).await;
        let before = world.rows().await;
        let mut calls = vec![
            browser.form_call(&right.clone().without("csrf")),
            browser.form_call(&right.clone().forged("csrf", "")),
            browser.form_call(&right.clone().forged("csrf", "wrong")),
            browser.form_call(&right.clone().forged("csrf", &strangers)),
            browser.form_call(&right.clone().forged("csrf", &other_tenants)),
            // Without our cookie, or with one that an attacker planted.
            world.browser(tenant).form_call(&right),
        ];
        let mut planted = world.browser(tenant);
        planted.set_cookie("browser", "AAAAAAAAAAAAAAAAAAAAAA");
        calls.push(planted.form_call(&right));
        let bare = || browser.call("POST", "/login").form(&right.pairs());
        for site in ["cross-site", "same-site", "none-of-your-business"] {
            calls.push(bare().header("sec-fetch-site", site));
            // The one does not outweigh the other.
            calls.push(bare().header("sec-fetch-site", site).header("origin", "https://a.test"));
        }
        for origin in [
            "https://evil.example", "null", "http://a.test", "https://a.test:444", "https://b.test",
            "https://a.test.evil.example", "https://A.test",
        ] {
            calls.push(bare().header("origin", origin));
        }
        for call in calls {
            let mut browser = world.browser(tenant);
            let answer = browser.send(call).await;
            assert!(answer.status == 401, "{}", answer.text());
            assert!(html::has_id(answer.text(), "sign-in-alert"));
            assert!(browser.cookie("session").is_none());
            assert!(!answer.text().contains(&alice.password));
        }
        assert_eq!(world.rows().await, before);
        browser.submit(&right).await.location();
    }

    async fn the_cookie_changes_with_every_sign_in(world) {
        let (tenant, alice) = (&world.a, &world.a.alice);
        let mut victim = world.browser(tenant);
        victim.set_cookie("session", "planted-by-an-attacker-0123456789-0123456789");
        victim.sign_in(alice).await;
        let first = victim.cookie("session").expect("signed in").to_owned();
        assert_ne!(first, "planted-by-an-attacker-0123456789-0123456789");
        let mut attacker = world.browser(tenant);
        attacker.set_cookie("session", "planted-by-an-attacker-0123456789-0123456789");
        assert!(!is_signed_in(&mut attacker).await);
        // An attacker's own session does not become the victim's.
        let mut attacker = world.browser(tenant);
        attacker.sign_in(&tenant.bob).await;
        let planted = attacker.cookie("session").expect("signed in").to_owned();
        let mut victim = world.browser(tenant);
        victim.set_cookie("session", &planted);
        let again = AuthRequest::new(&tenant.web, "openid").set("prompt", "login");
        let page = victim.get(&again.path()).await;
        victim.submit_sign_in(&page, alice).await.expect(200);
        assert_ne!(victim.cookie("session"), Some(&*planted));
        assert!(!is_signed_in(&mut attacker).await, "the session has become nobody's");
        assert!(victim.get("/account").await.text().contains(&alice.name));
    }

    async fn nobody_is_sent_to_another_site(world) {
        let (tenant, alice) = (&world.a, &world.a.alice);
        let evil = [
            "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
            "/\t/evil.example", "javascript:alert(1)", "evil", "", "/a b", "/é", "http:evil.example",
            "///evil.example", "/%0d%0aLocation:%20https://evil.example\r\n", &"/x".repeat(2000),
        ];
        for target in evil {
            let mut browser = world.browser(tenant);
            let query = crate::call::encode(&[("returnto", target)]);
            let page = browser.get(&format!("/login?{query}")).await;
            let answer = browser.submit_sign_in(&page, alice).await;
            assert_eq!(answer.location(), "/account", "{target:?}");
            // Signed in already, and in a forged form.
            let answer = browser.get(&format!("/login?{query}")).await;
            assert_eq!(answer.location(), "/account", "{target:?}");
            let mut browser = world.browser(tenant);
            let page = browser.get("/login").await;
            let form = html::form_with(page.text(), "login-submit").forged("return_to", target);
            let form = form.with("username", &alice.email).with("password", &alice.password);
            assert_eq!(browser.submit(&form).await.location(), "/account", "{target:?}");
        }
        let mut browser = world.browser(tenant);
        let page = browser.get("/login?returnto=/account%3Fdone%3Dended").await;
        let answer = browser.submit_sign_in(&page, alice).await;
        assert_eq!(answer.location(), "/account?done=ended");
    }

    async fn what_cannot_be_read_is_told_on_a_page(world) {
        let tenant = &world.a;
        let mut browser = world.browser(tenant);
        let page = browser.get("/login").await;
        let form = html::form_with(page.text(), "login-submit");
        let csrf = form.field("csrf").expect("a token").to_owned();
        let kind = "application/x-www-form-urlencoded";
        let large = format!("csrf={csrf}&username={}", "u".repeat(70_000));
        for (kind, body, status) in [
            ("application/json", "{}".to_owned(), 415), ("", String::new(), 415),
            ("multipart/form-data; boundary=x", "--x--".to_owned(), 415),
            (kind, large, 413), (kind, format!("csrf={csrf}&username=%ff"), 400),
            (kind, format!("csrf={csrf}&csrf={csrf}"), 400),
        ] {
            let call = browser.call("POST", "/login").header("sec-fetch-site", "same-origin");
            call.body(kind, body).send().await.error_page(status);
        }
        // Too long to be anybody's, and the right token: just wrong.
        for (login, password) in [("u".repeat(400), "p".to_owned()), ("u".to_owned(), "p".repeat(2000))] {
            attempt(&mut browser, &page, &login, &password).await.expect(401);
        }
        assert!(world.browser(tenant).get("/login?returnto=%ff").await.status == 200);
        // Credentials in an address are not looked at.
        let query = crate::call::encode(&[
            ("username", &tenant.alice.email), ("password", &tenant.alice.password), ("csrf", &csrf),
        ]);
        let answer = browser.get(&format!("/login?{query}")).await;
        assert!(html::has_id(answer.expect(200).text(), "login-submit"));
        assert!(!answer.text().contains(&tenant.alice.password));
    }

    async fn cancel_goes_back_to_the_app(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let mut browser = world.browser(tenant);
        let page = browser.get(&AuthRequest::new(app, "openid").path()).await;
        let form = html::form_with(page.text(), "login-cancel").press("login-cancel");
        let answer = browser.submit(&form).await;
        let callback = crate::flow::Callback::of(&answer, app.callback());
        callback.expect_error("access_denied");
        assert_eq!(callback.get("state"), Some("st-7"));
    }
}

/// Two attempts for an account from one address and twenty from all, five from one address for all
/// accounts, and then one every so often: of the machine's clock, since throttling is no decision
/// about data.
fn strict(refill_seconds: u32) -> Setup {
    let mut setup = Setup::default();
    setup.settings.sign_in.account_burst = 2;
    setup.settings.sign_in.account_refill_seconds = refill_seconds;
    setup.settings.sign_in.address_burst = 5;
    setup.settings.sign_in.address_refill_seconds = refill_seconds;
    setup.trusted_proxies = vec!["10.0.0.0/8".parse().expect("a network")];
    setup
}

async fn guess(world: &World, address: &str, login: &str) -> Answer {
    let mut browser = world.browser(&world.a).at(address);
    let page = browser.get("/login").await;
    attempt(&mut browser, &page, login, "wrong password").await
}

both! {
    strict(3600);

    async fn guessing_is_slowed_down_and_does_not_lock_the_owner_out(world) {
        let (tenant, alice) = (&world.a, &world.a.alice);
        // Alice signed in from this browser before.
        let mut own = world.browser(tenant).at("192.0.2.7");
        own.sign_in(alice).await;
        own.forget_cookie("session");
        let mut pages = std::collections::BTreeSet::new();
        // Her sign-in took one of the twenty attempts of her account.
        for (net, login, attempts) in [(1, alice.email.as_str(), 19), (2, "nobody@a.test", 20)] {
            for n in 0..attempts / 2 {
                let address = format!("198.51.{net}.{n}");
                guess(&world, &address, login).await.expect(401);
                guess(&world, &address, login).await.expect(401);
                // From here it is enough; elsewhere it may still be the owner.
                let answer = guess(&world, &address, login).await;
                let page = stripped(answer.expect(429), login);
                pages.insert(page.replace(|c: char| c.is_ascii_digit(), ""));
            }
            for n in 0..attempts % 2 {
                guess(&world, &format!("198.51.{net}.{}", 100 + n), login).await.expect(401);
            }
            let answer = guess(&world, &format!("198.51.{net}.200"), login).await;
            let page = stripped(answer.expect(429), login);
            pages.insert(page.replace(|c: char| c.is_ascii_digit(), ""));
        }
        assert_eq!(pages.len(), 1, "known and unknown accounts look the same: {pages:#?}");
        // Not even the right password gets in while the bucket is empty …
        let mut thief = world.browser(tenant).at("198.51.100.9");
        let page = thief.get("/login").await;
        thief.submit_sign_in(&page, alice).await.expect(429);
        assert!(thief.cookie("session").is_none());
        // … nor in another spelling …
        let upper = alice.email.to_uppercase();
        attempt(&mut thief, &page, &upper, &alice.password).await.expect(429);
        // … nor with a device that belongs to somebody else …
        let mut other = world.browser(tenant).at("198.51.100.10");
        other.sign_in(&tenant.bob).await;
        other.forget_cookie("session");
        let page = other.get("/login").await;
        other.submit_sign_in(&page, alice).await.expect(429);
        // … but the owner's own browser does not pass that bucket, …
        own.sign_in(alice).await;
        // … and another tenant's account of the same name has one of its own.
        let mut at_b = world.browser(&world.b).at("198.51.100.11");
        let page = at_b.get("/login").await;
        attempt(&mut at_b, &page, &alice.email, "wrong password").await.expect(401);
    }

    async fn one_address_cannot_try_many_accounts(world) {
        for n in 0..5 {
            guess(&world, "203.0.113.5", &format!("user{n}@a.test")).await.expect(401);
        }
        guess(&world, "203.0.113.5", "user5@a.test").await.expect(429);
        guess(&world, "203.0.113.6", "user5@a.test").await.expect(401);
        // A header does not make another address, unless a trusted proxy wrote it.
        let mut browser = world.browser(&world.a).at("203.0.113.5");
        let page = browser.get("/login").await;
        let form = html::form_with(page.text(), "login-submit").with("username", "user10@a.test");
        let call = browser.form_call(&form).header("x-forwarded-for", "192.0.2.99");
        browser.send(call).await.expect(429);
        let call = browser.form_call(&form).header("x-forwarded-for", "192.0.2.99").from("10.1.2.3");
        browser.send(call).await.expect(401);
    }
}

both! {
    strict(1);

    async fn time_gives_attempts_back(world) {
        let alice = &world.a.alice;
        let address = "198.51.100.1";
        let mut throttled = false;
        for _ in 0..5 {
            throttled |= guess(&world, address, &alice.email).await.status == 429;
        }
        assert!(throttled);
        let mut browser = world.browser(&world.a).at(address);
        let page = browser.get("/login").await;
        for n in 0.. {
            let answer = browser.submit_sign_in(&page, alice).await;
            if answer.status == 303 {
                break;
            }
            answer.expect(429);
            assert!(n < 10, "locked out");
            tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
        }
    }
}

both! {
    Setup::http();

    async fn over_plain_http_cookies_have_no_prefix(world) {
        let mut browser = world.browser(&world.a);
        let page = browser.get("/login").await;
        let form = html::form_with(page.text(), "login-submit")
            .with("username", &world.a.alice.email)
            .with("password", &world.a.alice.password);
        // The demo's browser says where it is with its port.
        let call = browser.call("POST", "/login").form(&form.pairs());
        let foreign = call.clone().header("origin", "http://a.test:9999").send().await;
        foreign.expect(401);
        let answer = browser.send(call.header("origin", "http://a.test")).await;
        assert_eq!(answer.location(), "/account");
        for name in ["session", "browser", "device"] {
            assert!(browser.cookie(name).is_some(), "{name}");
        }
    }
}
