//! Cross-origin requests (Fetch standard; contract 4.2, 4.8): the exact origin of a registered
//! client is answered, with credentials, and nothing else.

use engine::authority::Caller;

use crate::call::Answer;

const ORIGIN: &str = "https://spa.example";

fn allowed(answer: &Answer) -> Option<&str> {
    let credentials = answer.header("access-control-allow-credentials");
    let origin = answer.header("access-control-allow-origin");
    assert_eq!(origin.is_some(), credentials.is_some(), "{:?}", answer.headers);
    assert!(credentials.is_none_or(|value| value == "true"));
    let exposed = answer.header("access-control-expose-headers");
    assert_eq!(origin.is_some(), exposed.is_some(), "{:?}", answer.headers);
    if origin.is_some() {
        assert_eq!(answer.header("vary"), Some("Origin"));
        let exposed: Vec<&str> = exposed.unwrap_or_default().split(", ").collect();
        assert_eq!(exposed, ["retry-after", "location", "www-authenticate"]);
    }
    origin
}

/// Origins that look like the registered one of tenant A and are not.
const FOREIGN: &[&str] = &[
    "https://evil.example",
    "https://spa.example.evil.example",
    "https://evilspa.example",
    "http://spa.example",
    "https://spa.example:8443",
    "https://spa.example:443",
    "https://SPA.example",
    "https://spa.example/",
    "https://spa.example.",
    "null",
    "*",
    "",
    "https://sub.spa.example",
    "https://spa.exampl",
    "https://a.test",
    // Registered at the other tenant.
    "https://other.example",
];

both! {
    async fn the_registered_origin_is_answered_also_when_refused(world) {
        let tenant = &world.a;
        let good = world.post(tenant, "/oauth/token").header("origin", ORIGIN);
        let good = good.basic(tenant.m2m.id(), &tenant.m2m.secret);
        let good = good.form(&[("grant_type", "client_credentials")]).send().await;
        assert_eq!(allowed(good.expect(200)), Some(ORIGIN));
        let token = good.access_token();
        let refused = world.post(tenant, "/oauth/token").header("origin", ORIGIN);
        let refused = refused.form(&[("grant_type", "client_credentials")]).send().await;
        assert_eq!(allowed(refused.expect(401)), Some(ORIGIN), "the app reads why");
        for path in ["/oauth/userinfo", "/api/v1/users/me", "/api/v1/tenants/me"] {
            let call = world.get(tenant, path).header("origin", ORIGIN);
            assert_eq!(allowed(&call.clone().bearer(&token).send().await), Some(ORIGIN));
            assert_eq!(allowed(call.send().await.expect(401)), Some(ORIGIN));
        }
    }

    async fn what_an_app_has_to_read_is_among_what_it_may_read(world) {
        let tenant = &world.a;
        let safe = ["cache-control", "content-language", "content-length", "content-type",
            "expires", "last-modified", "pragma"];
        let ours = ["vary", "content-security-policy", "referrer-policy", "strict-transport-security",
            "x-content-type-options", "x-frame-options"];
        let token = world.machine_token(tenant).await;
        let draft = serde_json::json!({"subject": "x|1"});
        let made = world.post(tenant, "/api/v1/users").bearer(&token).json(&draft);
        let me = world.get(tenant, "/api/v1/users/me").bearer(&token);
        let bad = world.get(tenant, "/api/v1/users").bearer("bad");
        for call in [made, me, bad] {
            let answer = call.header("origin", ORIGIN).send().await;
            let exposed = answer.header("access-control-expose-headers").expect("some").to_owned();
            for name in answer.headers.keys().map(|name| name.as_str()) {
                let known = safe.contains(&name) || ours.contains(&name)
                    || name.starts_with("access-control-") || exposed.split(", ").any(|one| one == name);
                assert!(known, "an app cannot read {name}");
            }
        }
    }

    async fn foreign_origins_get_nothing(world) {
        let tenant = &world.a;
        for origin in FOREIGN {
            let post = world.post(tenant, "/oauth/token").header("origin", origin);
            let post = post.basic(tenant.m2m.id(), &tenant.m2m.secret);
            let answer = post.form(&[("grant_type", "client_credentials")]).send().await;
            assert_eq!(allowed(&answer), None, "{origin}");
            let preflight = world
                .call("OPTIONS", "a.test", "/oauth/token")
                .header("origin", origin)
                .header("access-control-request-method", "POST")
                .send()
                .await;
            assert_eq!(allowed(&preflight), None, "{origin}");
            assert!(preflight.header("access-control-allow-methods").is_none());
        }
        let answer = world.post(&world.b, "/oauth/token").header("origin", ORIGIN).form(&[]);
        assert_eq!(allowed(&answer.send().await), None, "registered at the other tenant");
    }

    async fn only_what_apps_call_may_be_called_across_origins(world) {
        for endpoint in countersign::router::endpoints() {
            let path = endpoint.path.replace("{id}", "x").replace("{name}", "app.css");
            let call = world.call(endpoint.method, "a.test", &path).header("origin", ORIGIN);
            let origin = call.form(&[("token", "x")]).send().await;
            let what = format!("{} {path}", endpoint.method);
            let public = path.starts_with("/.well-known/")
                || path.starts_with("/resources/")
                || path == "/api/openapi.json";
            if public {
                assert_eq!(origin.header("access-control-allow-origin"), Some("*"), "{what}");
                assert!(origin.header("access-control-allow-credentials").is_none(), "{what}");
                continue;
            }
            assert_eq!(allowed(&origin).is_some(), endpoint.cross_origin, "{what}");
            let preflight = world
                .call("OPTIONS", "a.test", &path)
                .header("origin", ORIGIN)
                .header("access-control-request-method", endpoint.method)
                .header("access-control-request-headers", "authorization,content-type")
                .send()
                .await;
            assert_eq!(allowed(&preflight).is_some(), endpoint.cross_origin, "{what}");
            if !endpoint.cross_origin {
                continue;
            }
            preflight.expect(204);
            let methods = preflight.header("access-control-allow-methods").expect("methods");
            assert!(methods.split(", ").any(|method| method == endpoint.method), "{methods}");
            let headers = preflight.header("access-control-allow-headers").expect("headers");
            for header in ["authorization", "content-type", "qlik-api-version"] {
                assert!(headers.split(", ").any(|allowed| allowed == header), "{headers}");
            }
        }
    }

    async fn an_origin_goes_with_its_client(world) {
        let tenant = &world.a;
        let ask = async || {
            let call = world.post(tenant, "/oauth/token").header("origin", ORIGIN).form(&[]);
            allowed(&call.send().await).map(str::to_owned)
        };
        assert_eq!(ask().await.as_deref(), Some(ORIGIN));
        let ctx = world.admin(tenant).await;
        let off = Some("abuse");
        let operator = Caller::operator();
        let set = |reason| engine::admin::client::set_disabled(&ctx, &operator, &tenant.spa.id, reason);
        set(off).await.expect("off");
        assert_eq!(ask().await, None, "switched off");
        set(None).await.expect("on");
        assert_eq!(ask().await.as_deref(), Some(ORIGIN));
        engine::admin::client::delete(&ctx, &operator, &tenant.spa.id).await.expect("deleted");
        assert_eq!(ask().await, None, "deleted");
    }
}
