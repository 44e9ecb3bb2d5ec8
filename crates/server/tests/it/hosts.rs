//! Hosts: each belongs to one tenant or to nobody, whatever other headers say.

use crate::flow::Tokens;
use crate::world::World;

/// Who answers at a host, if a tenant does.
async fn issuer_at(world: &World, host: &str) -> Option<String> {
    let answer = world.call("GET", host, "/.well-known/openid-configuration").send().await;
    if answer.status == 404 {
        assert_eq!(answer.json()["errors"][0]["code"], "HTTP-404", "{host}");
        return None;
    }
    Some(answer.expect(200).member("issuer"))
}

both! {
    async fn a_host_leads_to_its_tenant(world) {
        for (host, issuer) in [
            ("a.test", "https://a.test"), ("A.Test", "https://a.test"),
            ("a.test:443", "https://a.test"), ("a.test:8443", "https://a.test"),
            ("a.test.", "https://a.test"), ("a.alias.test", "https://a.test"),
            ("b.test", "https://b.test"), ("b.alias.test", "https://b.test"),
        ] {
            for _ in 0..2 {
                assert_eq!(issuer_at(&world, host).await.as_deref(), Some(issuer), "{host}");
            }
        }
    }

    async fn every_other_host_is_nobodys(world) {
        for host in [
            "c.test", "test", "a.test.evil.example", "evil.a.test", "xa.test", "a..test", "-a.test",
            "a.test:x", "a.test:1:2", "a.test@evil.example", "evil.example@a.test", "a.test/", "a_b.test",
            "127.0.0.1", "[::1]", "localhost", &"a".repeat(300), "", ".", ":443",
            // Hosts of ours that serve nothing yet.
            "console.test", "hub.test", "register.eu.test", "register.us.test",
        ] {
            for _ in 0..2 {
                assert_eq!(issuer_at(&world, host).await, None, "{host}");
            }
        }
        let many = (0..50).map(|n| format!("h{n}.test"));
        for host in many {
            assert_eq!(issuer_at(&world, &host).await, None);
        }
    }

    async fn other_headers_do_not_name_a_tenant(world) {
        let call = world.call("GET", "a.test", "/.well-known/openid-configuration");
        let call = call.header("x-forwarded-host", "b.test").header("forwarded", "host=b.test");
        let call = call.header("x-forwarded-proto", "http").header("x-original-host", "b.test");
        let metadata = call.send().await.expect(200).json();
        assert_eq!(metadata["issuer"], "https://a.test");
        assert_eq!(metadata["token_endpoint"], "https://a.test/oauth/token");
        // An absolute address and another Host header: the address counts (RFC 9112 3.2.2).
        let call = world.call("GET", "b.test", "https://a.test/.well-known/openid-configuration");
        assert_eq!(call.send().await.member("issuer"), "https://a.test");
    }

    async fn two_hosts_are_none_and_http_2_has_none_in_its_headers(world) {
        let path = "/.well-known/openid-configuration";
        let call = world.call("GET", "a.test", path).header("host", "b.test");
        call.send().await.expect(404);
        let call = world.call("GET", "a.test", path).header("host", "a.test");
        call.send().await.expect(404);
        world.call("GET", "a.test", path).without_header("host").send().await.expect(404);
        // HTTP/2 names the host in the address; our forms work there, too.
        let mut browser = world.browser(&world.a);
        let page = browser.get("/login").await;
        let form = crate::html::form_with(page.text(), "login-submit")
            .with("username", &world.a.alice.email)
            .with("password", &world.a.alice.password);
        let post = || {
            let call = browser.call("POST", "https://a.test/login").without_header("host");
            call.form(&form.pairs())
        };
        post().header("origin", "https://b.test").send().await.expect(401);
        let answer = post().header("origin", "https://a.test").send().await;
        assert_eq!(answer.location(), "/account");
    }

    async fn an_alias_is_the_same_tenant(world) {
        let token = world.machine_token(&world.a).await;
        let me = world.call("GET", "a.alias.test", "/api/v1/users/me").bearer(&token).send().await;
        me.expect(301);
        let tokens = world.tokens(&world.a, &world.a.web, "openid").await;
        let answer = world.call("GET", "a.alias.test", "/oauth/userinfo").bearer(tokens.access());
        answer.send().await.expect(200);
    }

    async fn nothing_of_one_tenant_works_at_the_other(world) {
        // The people have the same subjects, addresses aside, and the clients the same names.
        let (a, b) = (&world.a, &world.b);
        let tokens = world.tokens(a, &a.web, "openid user_default offline_access").await;
        let machine = world.machine_token(a).await;
        let code = world.code(a, &a.web, "openid").await;
        let before = world.facts().await;
        for token in [tokens.access(), &machine] {
            for path in [
                "/oauth/userinfo".to_owned(), "/api/v1/users/me".to_owned(),
                format!("/api/v1/users/{}", b.alice.id), "/api/v1/tenants/me".to_owned(),
                format!("/api/v1/tenants/{}", b.id),
            ] {
                let answer = world.get(b, &path).bearer(token).send().await;
                answer.expect_error(401, "invalid_token");
            }
        }
        for app in [&b.web, &a.web] {
            let status = if app.id == b.web.id { 400 } else { 401 };
            world.refresh(b, app, tokens.refresh()).await.expect(status);
            world.exchange(b, app, &code).await.expect(status);
        }
        // Their codes, sessions and pages: see `token`, `authorize::session` and `consent`.
        assert_eq!(world.facts().await, before);
        Tokens::of(&world.exchange(a, &a.web, &code).await);
        Tokens::of(&world.refresh(a, &a.web, tokens.refresh()).await);
    }

    async fn a_disabled_tenant_answers_nobody(world) {
        let token = world.machine_token(&world.a).await;
        world.sql(format!("UPDATE tenant SET status = 'disabled' WHERE id = '{}'", world.a.id)).await;
        let (other, _) = world.second_node().await;
        assert_eq!(issuer_at(&other, "a.test").await, None);
        let answer = other.call("GET", "a.test", "/api/v1/users/me").bearer(&token).send().await;
        answer.expect(404);
        assert!(issuer_at(&other, "b.test").await.is_some());
    }

    async fn load_balancers_ask_under_any_name(world) {
        for path in ["/healthz", "/readyz"] {
            for host in ["a.test", "10.0.0.1:8080", "whatever"] {
                let answer = world.call("GET", host, path).send_raw().await;
                assert_eq!(answer.status, 200, "{host} {path}");
            }
        }
        world.engine().store().close().await;
        assert_eq!(world.call("GET", "x", "/healthz").send_raw().await.status, 200);
        assert_eq!(world.call("GET", "x", "/readyz").send_raw().await.status, 503);
    }

    async fn a_database_that_is_away_is_503_and_tells_nothing(world) {
        world.machine_token(&world.a).await;
        world.engine().store().close().await;
        let before = world.code_path();
        for path in ["/account", before.as_str()] {
            let mut browser = world.browser(&world.a);
            browser.set_cookie("session", "some-session");
            let page = browser.get(path).await;
            assert_eq!(page.status, 503, "{}", page.text());
            assert!(!page.text().contains("sqlx") && !page.text().contains("pool"));
        }
        let told = world.refresh(&world.a, &world.a.web, "x").await;
        let told = told.expect_error(503, "temporarily_unavailable");
        assert!(!told.contains("sql") && !told.contains("pool"), "{told}");
        // What is warm goes on: a machine's token needs no database.
        world.machine_token(&world.a).await;
    }
}

impl World {
    /// A right authorization request's address.
    fn code_path(&self) -> String {
        crate::flow::AuthRequest::new(&self.a.web, "openid").path()
    }
}
