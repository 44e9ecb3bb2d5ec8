//! `/.well-known/*`: everything advertised works, and nothing works that is not advertised.

use std::collections::BTreeSet;

use domain::audit::Actor;
use domain::client::{AppType, GrantType, Level};
use domain::jose::Alg;
use domain::scope::ScopeSet;
use domain::token_request::JWT_BEARER;
use serde_json::{Value, json};

use crate::flow::{AuthRequest, Callback, Tokens};
use crate::jwt;
use crate::oauth::token::assertion::{keyed, right, sign};
use crate::world::{Setup, World, m2m_draft, web_draft};

async fn metadata(world: &World) -> Value {
    let answer = world.get(&world.a, "/.well-known/openid-configuration").send().await;
    answer.expect(200).json()
}

fn list(metadata: &Value, name: &str) -> Vec<String> {
    let values = metadata[name].as_array().unwrap_or_else(|| panic!("no list {name}"));
    values.iter().map(|value| value.as_str().expect("a text").to_owned()).collect()
}

both! {
    async fn the_metadata_is_what_we_promise(world) {
        let metadata = metadata(&world).await;
        insta::assert_json_snapshot!("openid_configuration", metadata);
        let path = "/.well-known/oauth-authorization-server";
        let other = world.get(&world.a, path).send().await;
        assert_eq!(other.expect(200).json(), metadata);
        assert_eq!(other.header("cache-control"), Some("public, max-age=300"));
        // Conformance, config plan: names that are known, and https at every end.
        for (name, value) in metadata.as_object().expect("an object") {
            if name.ends_with("_endpoint") || name == "jwks_uri" {
                assert!(value.as_str().is_some_and(|uri| uri.starts_with("https://a.test/")), "{name}");
            }
        }
    }

    async fn every_advertised_address_answers(world) {
        let metadata = metadata(&world).await;
        for (name, value) in metadata.as_object().expect("an object") {
            let Some(path) = value.as_str().and_then(|uri| uri.strip_prefix("https://a.test/")) else {
                continue;
            };
            let statuses = [
                world.call("GET", "a.test", &format!("/{path}")).send().await.status,
                world.call("POST", "a.test", &format!("/{path}")).form(&[]).send().await.status,
            ];
            assert!(!statuses.contains(&404), "{name}: {statuses:?}");
            assert!(statuses.iter().any(|status| *status != 405), "{name}: {statuses:?}");
        }
    }

    async fn grants_work_exactly_when_they_are_advertised(world) {
        let advertised = list(&metadata(&world).await, "grant_types_supported");
        let ours: Vec<_> = GrantType::ALL.iter().map(|grant| grant.as_str().to_owned()).collect();
        assert_eq!(advertised, ours);
        let known = [
            "password", "implicit", "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:openid:params:grant-type:ciba",
            "urn:qlik:oauth:anonymous-embed",
        ];
        for grant in advertised.iter().map(String::as_str).chain(known) {
            let mut form = world.a.m2m.credentials();
            form.push(("grant_type", grant));
            let answer = world.token(&world.a, &form).await;
            let refused = answer.json()["error"] == "unsupported_grant_type";
            assert_eq!(refused, !advertised.iter().any(|known| known == grant), "{grant}");
        }
    }

    async fn response_types_modes_and_prompts_work_exactly_when_advertised(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let metadata = metadata(&world).await;
        let mut browser = world.browser(tenant);
        world.code_in(&mut browser, &AuthRequest::new(app, "openid"), &tenant.alice).await;
        let all = [
            ("response_type", "response_types_supported", &["code", "token", "id_token", "none",
                "code token", "code id_token", "id_token token"][..]),
            ("response_mode", "response_modes_supported", &["query", "form_post", "fragment",
                "query.jwt", "form_post.jwt", "jwt", "web_message"][..]),
            ("prompt", "prompt_values_supported", &["none", "login", "consent", "create",
                "select_account"][..]),
            ("code_challenge_method", "code_challenge_methods_supported", &["S256", "plain"][..]),
        ];
        for (name, member, values) in all {
            let advertised = list(&metadata, member);
            assert!(advertised.iter().all(|one| values.contains(&one.as_str())), "{member}");
            for value in values {
                let request = AuthRequest::new(app, "openid").set(name, value);
                let answer = browser.authorize(&request.path(), &tenant.alice).await;
                let callback = Callback::of(&answer, app.callback());
                let works = callback.get("code").is_some();
                assert_eq!(works, advertised.iter().any(|one| one == value), "{name}={value}");
            }
        }
        assert_eq!(metadata["request_parameter_supported"], false);
        assert_eq!(metadata["request_uri_parameter_supported"], false);
        assert_eq!(metadata["claims_parameter_supported"], true);
        assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    }

    async fn ways_to_authenticate_work_where_they_are_advertised(world) {
        let metadata = metadata(&world).await;
        let tenant = &world.a;
        let key = domain::jose::SigningKey::generate(Alg::ES256).expect("a key");
        let machine = keyed(&world, tenant, &[&key]).await;
        let ends = [
            ("token_endpoint", "/oauth/token"),
            ("revocation_endpoint", "/oauth/revoke"),
            ("introspection_endpoint", "/oauth/introspect"),
        ];
        for (n, (name, path)) in ends.into_iter().enumerate() {
            let advertised = list(&metadata, &format!("{name}_auth_methods_supported"));
            let assertion = sign(&key, &right(tenant, &machine, &n.to_string()));
            let mut worked = Vec::new();
            for method in ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"] {
                let app = if method == "none" { &tenant.spa } else { &tenant.m2m };
                let mut form = vec![("token", "x"), ("grant_type", "client_credentials")];
                let mut call = world.post(tenant, path);
                match method {
                    "client_secret_basic" => call = call.basic(app.id(), &app.secret),
                    "private_key_jwt" => form.extend([
                        ("client_assertion_type", JWT_BEARER), ("client_assertion", &*assertion),
                    ]),
                    _ => form.extend(app.credentials()),
                }
                let answer = call.form(&form).send().await;
                if answer.status != 401 {
                    worked.push(method.to_owned());
                }
            }
            assert_eq!(worked, advertised, "{name}");
        }
    }

    async fn id_tokens_are_signed_as_advertised(world) {
        let advertised = list(&metadata(&world).await, "id_token_signing_alg_values_supported");
        assert!(advertised.contains(&"RS256".to_owned()), "conformance 3");
        for alg in [Alg::RS256, Alg::RS512, Alg::PS256, Alg::ES256, Alg::ES384, Alg::EdDSA] {
            let mut draft = web_draft();
            draft.id_token_alg = alg;
            let known = advertised.iter().any(|one| one == alg.as_str());
            let ctx = world.admin(&world.a).await;
            if !known {
                let made = engine::admin::client::create(&ctx, &engine::authority::Caller::operator(), &draft).await;
                made.expect_err("not advertised");
                continue;
            }
            let app = world.client(&world.a, draft).await;
            let tokens = world.tokens(&world.a, &app, "openid").await;
            assert_eq!(jwt::header(tokens.id())["alg"], alg.as_str());
            world.verified(&world.a, tokens.id()).await;
        }
        assert!(!advertised.contains(&"none".to_owned()));
    }

    async fn every_advertised_scope_can_be_had(world) {
        let advertised = list(&metadata(&world).await, "scopes_supported");
        assert!(advertised.contains(&"openid".to_owned()));
        let catalogue = world.engine().catalogue();
        let mut held = BTreeSet::new();
        for (app_type, mut draft) in [
            (AppType::Web, web_draft()),
            (AppType::Spa, crate::world::spa_draft()),
            (AppType::Native, crate::world::native_draft()),
        ] {
            let may = |name: &&String| catalogue.may_hold(name, app_type, Level::Tenant);
            let names: Vec<&str> = advertised.iter().filter(may).map(String::as_str).collect();
            held.extend(names.iter().map(|name| (*name).to_owned()));
            draft.allowed_scopes = ScopeSet::parse(&names.join(" ")).expect("scopes");
            let app = world.client(&world.a, draft).await;
            let tokens = world.tokens(&world.a, &app, &names.join(" ")).await;
            let granted = tokens.0["scope"].as_str().expect("a scope");
            let granted: BTreeSet<&str> = granted.split(' ').collect();
            assert_eq!(granted, names.into_iter().collect(), "{app_type}");
        }
        assert_eq!(held, advertised.into_iter().collect());
        for hidden in ["tenants:create", "cloud-console.tenants:read"] {
            assert!(!held.contains(hidden), "{hidden} is not a tenant's");
        }
    }

    async fn every_claim_we_tell_is_advertised(world) {
        let advertised = list(&metadata(&world).await, "claims_supported");
        let tokens = world.tokens(&world.a, &world.a.web, "openid profile email address phone").await;
        let info = world.userinfo(&world.a, tokens.access()).await.json();
        let info = info.as_object().expect("an object").clone();
        let own = ["at_hash"];
        let id = jwt::claims(tokens.id());
        for claim in info.keys().chain(id.keys()) {
            let known = advertised.contains(claim) || own.contains(&claim.as_str());
            assert!(known, "{claim}");
        }
        for claim in &advertised {
            let told = info.contains_key(claim) || id.contains_key(claim) || claim == "nonce";
            assert!(told, "{claim} is advertised, and a person who has it all does not get it");
        }
    }

    async fn the_key_set_is_public_and_well_formed(world) {
        world.tokens(&world.a, &world.a.web, "openid").await;
        let answer = world.get(&world.a, "/.well-known/jwks.json").send().await;
        let set = answer.expect(200).json();
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
        let keys = set["keys"].as_array().expect("keys");
        let mut kids = BTreeSet::new();
        for key in keys {
            let members = key.as_object().expect("an object");
            for private in ["d", "p", "q", "dp", "dq", "qi", "k", "oth"] {
                assert!(!members.contains_key(private), "{private}");
            }
            assert_eq!(key["use"], "sig");
            assert!(kids.insert(key["kid"].as_str().expect("a kid").to_owned()), "kids are distinct");
        }
        let algs: BTreeSet<_> = keys.iter().map(|key| key["alg"].as_str().expect("an alg")).collect();
        assert_eq!(algs, ["ES256", "RS256"].into());
        let others = world.get(&world.b, "/.well-known/jwks.json").send().await.json();
        let others = others["keys"].as_array().expect("keys");
        assert!(others.iter().all(|key| !kids.contains(key["kid"].as_str().expect("a kid"))));
    }

    async fn keys_rotate_with_overlap(world) {
        let tenant = &world.a;
        let kid = |token: &str| jwt::header(token)["kid"].as_str().expect("a kid").to_owned();
        let first = world.tokens(tenant, &tenant.web, "openid offline_access").await;
        let ctx = world.admin(tenant).await;
        engine::keys::rotate(&ctx, false, &Actor::Operator).await.expect("rotated");
        let set = world.get(tenant, "/.well-known/jwks.json").send().await.json();
        assert_eq!(set["keys"].as_array().expect("keys").len(), 4, "published before they sign");
        let second = world.tokens(tenant, &tenant.web, "openid").await;
        assert_eq!(kid(second.access()), kid(first.access()));
        world.clock.advance_seconds(engine::keys::PUBLISH_LEAD_SECONDS);
        let third = world.tokens(tenant, &tenant.web, "openid").await;
        assert_ne!(kid(third.access()), kid(first.access()));
        assert_ne!(kid(third.id()), kid(first.id()));
        for tokens in [&first, &second, &third] {
            world.userinfo(tenant, tokens.access()).await.expect(200);
            world.verified(tenant, tokens.id()).await;
        }
        // At once, for a key that has leaked.
        let ctx = world.admin(tenant).await;
        engine::keys::rotate(&ctx, true, &Actor::Operator).await.expect("rotated");
        let fourth = world.tokens(tenant, &tenant.web, "openid").await;
        assert_ne!(kid(fourth.access()), kid(third.access()));
        for tokens in [&first, &second, &third] {
            world.userinfo(tenant, tokens.access()).await.expect_error(401, "invalid_token");
        }
        let set = world.get(tenant, "/.well-known/jwks.json").send().await.json();
        assert_eq!(set["keys"].as_array().expect("keys").len(), 2, "nothing else is published");
        world.userinfo(tenant, fourth.access()).await.expect(200);
        Tokens::of(&world.refresh(tenant, &tenant.web, first.refresh()).await);
        // After a rotation in peace a cached set forgets the old keys when their time has come.
        let ctx = world.admin(tenant).await;
        engine::keys::rotate(&ctx, false, &Actor::Operator).await.expect("rotated");
        let set = world.get(tenant, "/.well-known/jwks.json").send().await.json();
        assert_eq!(set["keys"].as_array().expect("keys").len(), 4);
        world.clock.advance_seconds(engine::keys::PUBLISH_LEAD_SECONDS + 86_400 + 1);
        let set = world.get(tenant, "/.well-known/jwks.json").send().await.json();
        let kids: BTreeSet<_> = set["keys"].as_array().expect("keys").iter().map(|k| k["kid"].to_string()).collect();
        assert_eq!(kids.len(), 2, "{set}");
        assert!(!kids.contains(&json!(kid(fourth.access())).to_string()));
    }

    async fn machine_clients_scopes_are_checked_when_they_are_made(world) {
        let ctx = world.admin(&world.a).await;
        for scope in ["tenants:create", "cloud-console.tenants:read"] {
            let mut draft = m2m_draft();
            draft.allowed_scopes = ScopeSet::parse(scope).expect("a scope");
            let made = engine::admin::client::create(&ctx, &engine::authority::Caller::operator(), &draft).await;
            made.expect_err(scope);
        }
    }
}

both! {
    Setup::http();

    async fn the_issuer_is_the_address_minus_the_suffix(world) {
        let metadata = metadata(&world).await;
        assert_eq!(metadata["issuer"], "http://a.test:8080");
        assert_eq!(metadata["token_endpoint"], "http://a.test:8080/oauth/token");
    }
}
