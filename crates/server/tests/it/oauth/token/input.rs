//! What nobody should send: each gets the right status, a body that helps, and changes nothing.

use serde_json::{Value, json};

use crate::world::Setup;

const FORM: &str = "application/x-www-form-urlencoded";

both! {
    async fn parameters_are_sent_once(world) {
        let app = &world.a.m2m;
        let right = [
            ("grant_type", "client_credentials"),
            ("scope", "user_default"),
            ("client_id", app.id()),
            ("client_secret", app.secret.as_str()),
        ];
        world.token(&world.a, &right).await.access_token();
        for again in right {
            let mut form = right.to_vec();
            form.push(again);
            let told = world.token(&world.a, &form).await.expect_error(400, "invalid_request");
            assert!(told.contains(again.0), "{told}");
        }
        // An empty one counts as not sent, and an unknown one does not matter (RFC 6749 3.2).
        let mut form = right.to_vec();
        form.extend([("scope", ""), ("resource", "x"), ("resource", "y"), ("", "")]);
        world.token(&world.a, &form).await.access_token();
    }

    async fn the_callers_trace_id_is_in_the_error(world) {
        let call = || world.post(&world.a, "/oauth/token").form(&[]);
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        let parent = format!("00-{id}-00f067aa0ba902b7-01");
        assert_eq!(call().header("traceparent", parent).send().await.member("traceId"), id);
        let own = call().header("traceparent", "00-<script>-x-01").send().await.member("traceId");
        assert_ne!(own, call().send().await.member("traceId"));
    }

    async fn what_is_missing_is_named(world) {
        let app = &world.a.web;
        for (grant, missing) in [
            ("authorization_code", "code"),
            ("refresh_token", "refresh_token"),
            ("urn:qlik:oauth:user-impersonation", "user_lookup"),
        ] {
            let mut form = app.credentials();
            form.push(("grant_type", grant));
            let told = world.token(&world.a, &form).await.expect_error(400, "invalid_request");
            assert!(told.contains(missing), "{told}");
        }
        let told = world.token(&world.a, &app.credentials()).await;
        assert!(told.expect_error(400, "invalid_request").contains("grant_type"));
        for unknown in ["password", "implicit", "CLIENT_CREDENTIALS", "client_credentials ", "é"] {
            let mut form = app.credentials();
            form.push(("grant_type", unknown));
            let told = world.token(&world.a, &form).await;
            told.expect_error(400, "unsupported_grant_type");
        }
        let nobody = [("grant_type", "client_credentials")];
        world.token(&world.a, &nobody).await.expect_error(401, "invalid_client");
    }

    async fn other_content_types_are_415(world) {
        let app = &world.a.m2m;
        let body = "grant_type=client_credentials";
        for kind in [
            "", "text/plain", "multipart/form-data; boundary=x", "application/xml",
            "application/json-patch+json", "application/x-www-form-urlencodedx", ";", "application/",
        ] {
            let call = world.post(&world.a, "/oauth/token").basic(app.id(), &app.secret);
            call.body(kind, body).send().await.expect_error(415, "invalid_request");
        }
        // Without a body there is no type either.
        let call = world.post(&world.a, "/oauth/token").basic(app.id(), &app.secret);
        call.send().await.expect_error(415, "invalid_request");
    }

    async fn broken_bodies_are_400(world) {
        let app = &world.a.m2m;
        let before = world.facts().await;
        let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
        let deep = format!(r#"{{"grant_type":{deep}}}"#);
        let many = (0..200).map(|n| format!("p{n}=1")).collect::<Vec<_>>().join("&");
        let long_name = format!("{}=1", "n".repeat(200));
        let long_value = format!("grant_type={}", "v".repeat(20_000));
        let json = "application/json";
        let broken: [(&str, &[u8]); 26] = [
            (json, b""),
            (json, b"{"),
            (json, b"[]"),
            (json, b"null"),
            (json, b"\"grant_type\""),
            (json, b"grant_type=client_credentials"),
            (json, br#"{"grant_type":"client_credentials","grant_type":"client_credentials"}"#),
            (json, br#"{"grant_type":"client_credentials"} x"#),
            (json, br#"{"grant_type":"client_credentials",}"#),
            (json, b"{\"grant_type\":\"\xff\"}"),
            (json, br#"{"grant_type":"\ud800"}"#),
            (json, br#"{"grant_type":"a\u0000b"}"#),
            (json, deep.as_bytes()),
            (json, br#"{"grant_type":["client_credentials"]}"#),
            (json, br#"{"grant_type":7}"#),
            (FORM, b""),
            (FORM, b"grant_type=%"),
            (FORM, b"grant_type=%zz"),
            (FORM, b"grant_type=%ff"),
            (FORM, b"grant_type=\xff"),
            (FORM, b"grant_type=a%00b"),
            (FORM, b"%ff=1&grant_type=client_credentials"),
            (FORM, many.as_bytes()),
            (FORM, long_name.as_bytes()),
            (FORM, long_value.as_bytes()),
            (FORM, br#"{"grant_type":"client_credentials"}"#),
        ];
        for (kind, body) in broken {
            let call = world.post(&world.a, "/oauth/token").basic(app.id(), &app.secret);
            let answer = call.body(kind, body).send().await;
            let what = String::from_utf8_lossy(&body[..60.min(body.len())]).into_owned();
            assert_eq!(answer.status, 400, "{what}: {}", answer.text());
            let error = answer.member("error");
            assert!(matches!(error.as_str(), "invalid_request" | "unsupported_grant_type"), "{what}");
            answer.expect_error(400, &error);
        }
        assert_eq!(world.facts().await, before);
    }

    async fn broken_authorization_headers_are_401(world) {
        let long = format!("Basic {}", "A".repeat(5000));
        for header in [
            "Basic", "Basic ", "Basic !!!", "Basic YTpi=", "Basic YWJj", "Basic OnNlY3JldA==",
            "Basic gIA6eA==", "basic AAAA", &long,
        ] {
            let call = world.post(&world.a, "/oauth/token").header("authorization", header);
            let answer = call.form(&[("grant_type", "client_credentials")]).send().await;
            answer.expect_error(401, "invalid_client");
            let challenge = answer.header("www-authenticate").unwrap_or_default();
            assert!(challenge.starts_with("Basic realm="), "{header}: {challenge}");
        }
        // Bytes that are no text, and two headers at once.
        let app = &world.a.m2m;
        let raw = world.post(&world.a, "/oauth/token").header("authorization", b"Basic \xff");
        raw.form(&[("grant_type", "client_credentials")]).send().await.expect_error(401, "invalid_client");
        let both = world.post(&world.a, "/oauth/token").basic(app.id(), &app.secret);
        let both = both.basic(world.a.web.id(), &world.a.web.secret);
        let answer = both.form(&[("grant_type", "client_credentials")]).send().await;
        answer.expect_error(400, "invalid_request");
        let token = world.machine_token(&world.a).await;
        let both = world.get(&world.a, "/api/v1/users/me").bearer(&token).bearer(&token);
        both.send().await.expect_error(401, "invalid_token");
    }

    async fn json_members_of_other_types_read_as_text_or_not_at_all(world) {
        let app = &world.a.m2m;
        let body = |scope: Value| {
            json!({
                "grant_type": "client_credentials", "client_id": app.id(),
                "client_secret": app.secret, "scope": scope,
            })
        };
        let post = async |scope| world.post(&world.a, "/oauth/token").json(&body(scope)).send().await;
        assert_eq!(post(Value::Null).await.expect(200).json()["scope"], "admin_classic user_default");
        for scope in [json!(7), json!(true), json!(["user_default"]), json!({ "a": 1 })] {
            post(scope).await.expect_error(400, "invalid_scope");
        }
    }
}

fn small() -> Setup {
    Setup { max_body_bytes: 1000, ..Setup::default() }
}

both! {
    small();

    async fn a_body_over_the_limit_is_413(world) {
        let app = &world.a.m2m;
        for path in ["/oauth/token", "/oauth/revoke", "/oauth/introspect"] {
            for kind in [FORM, "application/json"] {
                let call = world.post(&world.a, path).basic(app.id(), &app.secret);
                let answer = call.body(kind, "x".repeat(1001)).send().await;
                answer.expect_error(413, "invalid_request");
            }
        }
        let pad = "p=".to_owned() + &"x".repeat(968);
        let body = format!("grant_type=client_credentials&{pad}");
        assert_eq!(body.len(), 1000);
        let call = world.post(&world.a, "/oauth/token").basic(app.id(), &app.secret);
        call.body(FORM, body).send().await.access_token();
    }
}
