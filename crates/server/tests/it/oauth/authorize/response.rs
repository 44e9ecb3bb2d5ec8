//! How the answer travels: state echoed exactly, the issuer with it (RFC 9207), in the query or
//! in a form, for requests by GET and POST.

use crate::flow::{AuthRequest, Callback, Tokens, query_of};
use crate::html;

/// Everything that somebody might forget to encode.
const ODD: &str = "a b&c=d#e%25f+g\"<h>'i`j\\k\u{fc}\u{1f600}?/:@;,";

both! {
    async fn the_state_comes_back_exactly(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let mut browser = world.browser(tenant);
        let long = "s".repeat(2048);
        for state in [ODD, "x", "%00", "\t", &long, "state=1&code=stolen"] {
            for mode in ["query", "form_post"] {
                let request = AuthRequest::new(app, "openid").set("state", state);
                let request = request.set("response_mode", mode);
                let answer = browser.authorize(&request.path(), &tenant.alice).await;
                let callback = Callback::of(&answer, app.callback());
                callback.code();
                assert_eq!(callback.get("state"), Some(state), "{mode}");
                let answer = browser.get(&request.set("scope", "nonsense").path()).await;
                let callback = Callback::of(&answer, app.callback());
                callback.expect_error("invalid_scope");
                assert_eq!(callback.get("state"), Some(state), "{mode}");
            }
        }
        let request = AuthRequest::new(app, "openid").without("state");
        let answer = browser.get(&request.path()).await;
        let callback = Callback::of(&answer, app.callback());
        assert_eq!(callback.names(), ["code", "iss"]);
    }

    async fn a_registered_query_stays_in_front(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let uri = &app.client.redirect_uris[1];
        let request = AuthRequest::new(app, "openid").set("redirect_uri", uri);
        let answer = world.browser(tenant).authorize(&request.path(), &tenant.alice).await;
        let pairs = query_of(answer.location());
        let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["tenant", "code", "state", "iss"]);
    }

    async fn a_form_carries_the_answer_without_inline_script(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let request = AuthRequest::new(app, "openid").set("response_mode", "form_post");
        let answer = world.browser(tenant).authorize(&request.path(), &tenant.alice).await;
        let form = html::form_to(answer.expect(200).text(), app.callback(), &[]);
        assert_eq!(form.method, "post");
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.contains("script-src 'self'"), "{policy}");
        assert!(policy.contains("form-action 'self' https://web.example"), "{policy}");
        assert!(html::has_id(answer.text(), "form-post"));
        let code = form.field("code").expect("a code").to_owned();
        Tokens::of(&world.exchange(tenant, app, &code).await);
        // The script that it names exists.
        let tags = html::tags(answer.text());
        let script = tags.iter().find(|tag| tag.name == "script").expect("a script");
        let file = world.get(tenant, script.get("src").expect("an address")).send().await;
        let kind = file.expect(200).header("content-type").expect("a type").to_owned();
        assert!(kind.starts_with("text/javascript"), "{kind}");
    }

    async fn an_address_that_is_no_web_address_gets_no_form(world) {
        let (tenant, app) = (&world.a, &world.a.native);
        let request = AuthRequest::new(app, "openid").set("response_mode", "form_post");
        let answer = world.browser(tenant).authorize(&request.path(), &tenant.alice).await;
        assert!(html::forms(answer.expect(200).text()).is_empty());
        assert!(!answer.text().contains("com.example.charts:"), "{}", answer.text());
    }

    async fn pages_name_where_their_form_may_lead_and_nothing_more(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let page = world.browser(tenant).get(&AuthRequest::new(app, "openid").path()).await;
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.contains("form-action 'self' https://web.example;"), "{policy}");
        assert!(policy.contains("script-src 'none'"), "{policy}");
        assert!(!policy.contains('*'), "{policy}");
    }

    async fn a_request_may_be_posted(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let mut browser = world.browser(tenant);
        let request = AuthRequest::new(app, "openid").set("nonce", "n");
        // Another site's form, so without our cookies.
        let call = world.post(tenant, "/oauth/authorize").header("origin", "https://web.example");
        let posted = call.header("sec-fetch-site", "cross-site").form(&request.pairs()).send().await;
        assert_eq!(posted.status, 303);
        assert_eq!(posted.location(), request.path());
        let answer = browser.authorize(posted.location(), &tenant.alice).await;
        Callback::of(&answer, app.callback()).code();
        // A request that is too long for an address goes on at once.
        let long = request.clone().set("claims", &format!("{{\"x\":\"{}\"}}", "y".repeat(4000)));
        let long = long.set("extra", &"z".repeat(8000));
        let call = browser.call("POST", "/oauth/authorize").form(&long.pairs());
        let answer = browser.send(call).await;
        Callback::of(&answer, app.callback()).code();
        // Wrong clients are no better by POST.
        for wrong in [
            request.clone().set("redirect_uri", "https://evil.example/"),
            request.clone().set("client_id", "unknown"),
            long.set("redirect_uri", "https://evil.example/"),
        ] {
            let call = browser.call("POST", "/oauth/authorize").form(&wrong.pairs());
            let mut answer = browser.send(call).await;
            if answer.status == 303 {
                assert!(answer.location().starts_with("/oauth/authorize?"));
                let path = answer.location().to_owned();
                answer = browser.get(&path).await;
            }
            answer.error_page(400);
        }
        for (kind, body, status) in [
            ("application/json", "{}".to_owned(), 415),
            ("", String::new(), 415),
            ("application/x-www-form-urlencoded", "x".repeat(20_000), 413),
            ("application/x-www-form-urlencoded", "%ff=%".to_owned(), 303),
        ] {
            let answer = browser.call("POST", "/oauth/authorize").body(kind, body).send().await;
            answer.expect(status);
            if status == 303 {
                let path = answer.location().to_owned();
                browser.get(&path).await.error_page(400);
            }
        }
        let raw = browser.call("POST", "/oauth/authorize");
        let raw = raw.body("application/x-www-form-urlencoded", b"state=\xff").send().await;
        raw.error_page(400);
    }

    async fn other_methods_are_not_answered(world) {
        for (method, path) in [
            ("PUT", "/oauth/authorize"), ("DELETE", "/oauth/token"), ("GET", "/oauth/token"),
            ("GET", "/oauth/introspect"), ("GET", "/oauth/revoke"), ("PATCH", "/login"),
            ("GET", "/consent"), ("POST", "/account"), ("TRACE", "/"),
        ] {
            let answer = world.call(method, "a.test", path).send().await;
            assert_eq!(answer.status, 405, "{method} {path}");
            answer.json();
        }
    }
}
