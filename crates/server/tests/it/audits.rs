//! `/api/v1/audits`: what the administrators of a tenant read of its trail.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::audit::Actor;
use domain::secret::SecretText;
use engine::admin::listing::{ListParams, Listed};
use engine::admin::{AdminError, audit, client};
use engine::authority::Caller;
use serde_json::{Value, json};

use crate::api_keys::make;
use crate::call::{Answer, encode};
use crate::world::{Tenant, World, labelled, m2m_draft, web_draft};

/// What a machine client with an administrator's role is answered.
async fn ask(world: &World, tenant: &Tenant, query: &[(&str, &str)]) -> Answer {
    let token = world.machine_token(tenant).await;
    let mark = if query.is_empty() { "" } else { "?" };
    let path = format!("/api/v1/audits{mark}{}", encode(query));
    world.get(tenant, &path).bearer(&token).send().await
}

async fn list(world: &World, tenant: &Tenant, query: &[(&str, &str)]) -> Vec<Value> {
    let body = ask(world, tenant, query).await.expect(200).json();
    body["data"].as_array().expect("a list").clone()
}

/// The events that pass a filter, by their types and subjects.
async fn filtered(world: &World, filter: &str) -> Vec<Value> {
    list(world, &world.a, &[("filter", filter), ("limit", "100")]).await
}

/// Follows a link of a list.
async fn follow(world: &World, tenant: &Tenant, body: &Value, link: &str) -> Option<Value> {
    let href = body["links"][link]["href"].as_str()?;
    let path = href.strip_prefix(&tenant.issuer).expect("an absolute address of the tenant");
    let token = world.machine_token(tenant).await;
    Some(world.get(tenant, path).bearer(&token).send().await.expect(200).json())
}

fn ids(body: &Value) -> Vec<String> {
    let data = body["data"].as_array().expect("a list");
    data.iter().map(|event| event["id"].as_str().expect("an id").to_owned()).collect()
}

both! {
    async fn an_event_says_who_did_what_from_where(world) {
        let a = &world.a;
        world.tokens(a, &a.web, "openid user_default").await;
        let granted = filtered(&world, "eventType eq \"consent.granted\"").await;
        let [event] = granted.as_slice() else { panic!("{granted:?}") };
        let id = event["id"].as_str().expect("an id");
        let trace_id = event["traceId"].as_str().expect("a trace id");
        assert_eq!(trace_id.len(), 32);
        let expected = json!({
            "id": id,
            "eventType": "consent.granted",
            "eventTime": "2027-01-15T08:00:00.25Z",
            "actor": { "type": "user", "id": a.alice.id.as_str() },
            "clientId": a.web.id(),
            "subjectId": a.web.id(),
            "address": "0.0.0.0",
            "traceId": trace_id,
            "changes": { "scope": { "from": "", "to": "openid user_default" } },
            "details": { "scope": "openid user_default" },
            "links": { "self": { "href": format!("{}/api/v1/audits/{id}", a.issuer) } },
        });
        assert_eq!(*event, expected);
        let token = world.machine_token(a).await;
        let path = format!("/api/v1/audits/{id}");
        let alone = world.get(a, &path).bearer(&token).send().await;
        assert_eq!(alone.expect(200).json(), expected);
        let same_trace = filtered(&world, &format!("traceId eq \"{trace_id}\"")).await;
        assert!(same_trace.contains(&expected));
    }

    async fn what_an_api_key_did_is_told_from_what_its_user_did(world) {
        let a = &world.a;
        let draft = || {
            let mut draft = web_draft();
            draft.allowed_scopes = crate::world::scopes("openid user_default admin_classic");
            draft
        };
        let app = world.client(a, draft()).await;
        let request = crate::flow::AuthRequest::new(&app, "user_default admin_classic");
        let code = world.code_in(&mut world.browser(a), &request, &a.admin).await;
        let token = world.exchange(a, &app, &code).await.access_token();
        let key = make(&world, a, &token).await;
        // The user in person makes another, through no app.
        let (ctx, admin) = (world.admin(a).await, world.caller(a, &a.admin).await);
        let by_hand = engine::admin::api_key::ApiKeyDraft {
            description: "By hand".to_owned(),
            ..Default::default()
        };
        let by_hand = engine::admin::api_key::create(&ctx, &admin, &by_hand).await.expect("a key");
        let id = key["id"].as_str().expect("an id");
        for (name, bearer) in [
            ("token", token.as_str()),
            ("key", key["token"].as_str().expect("a token")),
            ("by-hand", by_hand.token.expose()),
        ] {
            let body = json!({ "name": name, "assignedScopes": [] });
            world.post(a, "/api/v1/roles").bearer(bearer).json(&body).send().await.expect(201);
        }
        let made = filtered(&world, "eventType eq \"role.created\"").await;
        assert_eq!(made.len(), 3);
        let own = by_hand.key.id.as_str();
        for (name, client, key) in
            [("token", app.id(), None), ("key", app.id(), Some(id)), ("by-hand", "", Some(own))]
        {
            let mut told = made.iter().filter(|event| event["changes"]["name"]["to"] == name);
            let told = told.next().expect("an event");
            assert_eq!(told["actor"]["id"], a.admin.id.as_str(), "{name}");
            assert_eq!(told["clientId"], client, "{name}: {told}");
            assert_eq!(told["details"]["apiKeyId"].as_str(), key, "{name}: {told}");
        }
        let through = filtered(&world, &format!("clientId eq \"{}\"", app.id())).await;
        assert!(through.iter().any(|event| event["details"]["apiKeyId"] == id));
    }

    async fn pages_go_forth_and_back(world) {
        let a = &world.a;
        for n in 0..30 {
            // Several events at each instant.
            if n % 3 == 0 {
                world.clock.advance_seconds(1);
            }
            let ctx = world.admin(a).await;
            let operator = Caller::operator();
            let secret = client::secret_create(&ctx, &operator, &a.web.id, labelled("")).await.expect("made");
            client::secret_delete(&ctx, &operator, (&a.web.id, &secret.hint), false).await.expect("gone");
        }
        let first = ask(&world, a, &[("limit", "7"), ("totalResults", "true")]).await.expect(200).json();
        let total = first["totalResults"].as_u64().expect("a total");
        assert!(total > 60, "{total}");
        assert!(first["links"]["prev"].is_null());
        let mut pages = vec![ids(&first)];
        let mut body = first;
        while let Some(next) = follow(&world, a, &body, "next").await {
            pages.push(ids(&next));
            body = next;
        }
        let all: Vec<String> = pages.iter().flatten().cloned().collect();
        assert_eq!(all.len() as u64, total);
        assert!(all.windows(2).all(|pair| pair[0] > pair[1]), "newest first, each once");
        for page in pages.iter().rev().skip(1) {
            body = follow(&world, a, &body, "prev").await.expect("a page before");
            assert_eq!(ids(&body), *page);
        }
        assert!(follow(&world, a, &body, "prev").await.is_none());
        let body = ask(&world, a, &[("sort", "+eventTime"), ("limit", "100")]).await.expect(200).json();
        assert!(ids(&body).iter().eq(all.iter().rev().take(100)), "oldest first");
        assert_eq!(list(&world, a, &[]).await.len(), 20, "the default");
    }

    async fn filters_find_what_they_name(world) {
        let a = &world.a;
        world.clock.advance_seconds(10);
        let ctx = world.admin(a).await;
        let admin = engine::admin::user::find(&ctx, a.admin.id.as_str()).await.expect("the administrator");
        let admin = Caller::of_user(&Arc::new(admin));
        client::secret_create(&ctx, &admin, &a.web.id, labelled("new")).await.expect("made");
        let one = filtered(&world, "eventType eq \"client_secret.created\"").await;
        assert_eq!(one.len(), 1);
        assert_eq!(one[0]["details"]["label"], "new");
        for filter in [
            format!("actorId eq \"{}\"", a.admin.id),
            format!("actorType eq \"user\" and subjectId eq \"{}\"", a.web.id()),
            "eventTime ge \"2027-01-15T08:00:10.250Z\" and eventType ne \"user.bot_created\" and eventType ne \"signing_key.created\"".to_owned(),
            "eventTime gt \"2027-01-15T08:00:00.250Z\" and eventType sw \"client_secret.\"".to_owned(),
            "eventType co \"secret\" and not (actorType eq \"operator\")".to_owned(),
        ] {
            assert_eq!(filtered(&world, &filter).await, one, "{filter}");
        }
        let early = filtered(&world, "eventTime lt \"2027-01-15T08:00:10.250Z\"").await;
        let upto = filtered(&world, "eventTime le \"2027-01-15T08:00:00.250Z\"").await;
        assert!(early.len() > 5 && early == upto);
        let through = filtered(&world, &format!("clientId eq \"{}\"", a.web.id())).await;
        assert!(through.is_empty(), "nobody came through it: {through:?}");
        assert!(filtered(&world, "eventType eq \"CLIENT.CREATED\"").await.is_empty(), "byte by byte");
    }

    async fn bad_parameters_are_told(world) {
        for (name, value) in [
            ("filter", "eventType"),
            ("filter", "address eq \"192.0.2.1\""),
            ("filter", "details co \"x\""),
            ("filter", "eventType gt \"a\""),
            ("filter", "eventTime co \"2027\""),
            ("filter", "eventTime gt \"yesterday\""),
            ("filter", "actorType eq \"somebody\""),
            ("sort", "eventType"),
            ("sort", "+seq"),
            ("limit", "0"),
            ("limit", "101"),
            ("limit", "many"),
            ("next", "nonsense"),
            ("prev", ""),
        ] {
            let answer = ask(&world, &world.a, &[(name, value)]).await;
            let body = answer.expect(400).json();
            assert_eq!(body["errors"][0]["source"]["parameter"], name, "{value}: {body}");
        }
    }

    async fn nothing_of_another_tenant_is_read(world) {
        let (a, b) = (&world.a, &world.b);
        let of_a = ids(&ask(&world, a, &[("limit", "100")]).await.expect(200).json());
        let body = ask(&world, b, &[("limit", "3")]).await.expect(200).json();
        let of_b = ids(&ask(&world, b, &[("limit", "100")]).await.expect(200).json());
        let text = ask(&world, a, &[("limit", "100")]).await.text().to_owned();
        for foreign in [b.id.as_str(), b.web.id(), b.alice.id.as_str()] {
            assert!(!text.contains(foreign), "{foreign}");
        }
        let token = world.machine_token(a).await;
        for id in of_b.iter().filter(|id| !of_a.contains(id)) {
            let path = format!("/api/v1/audits/{id}");
            world.get(a, &path).bearer(&token).send().await.expect(404);
        }
        let href = body["links"]["next"]["href"].as_str().expect("more");
        let path = href.strip_prefix(&b.issuer).expect("its own address");
        let stolen = world.get(a, path).bearer(&token).send().await;
        assert_eq!(stolen.expect(400).json()["errors"][0]["source"]["parameter"], "next");
        for id in ["x", "0", "../users/me", &"f".repeat(24), &"f".repeat(5000), "%00"] {
            let path = format!("/api/v1/audits/{id}");
            let answer = world.get(a, &path).bearer(&token).send().await;
            assert!(matches!(answer.status, 301 | 404), "{id}: {}", answer.status);
        }
    }

    async fn scope_and_role_decide_together(world) {
        let a = &world.a;
        let mut draft = web_draft();
        draft.allowed_scopes = crate::world::scopes("openid user_default admin_classic admin.users");
        let app = world.client(a, draft).await;
        for (person, scope, status) in [
            (&a.admin, "openid user_default", 403),
            (&a.admin, "openid admin.users", 403),
            (&a.alice, "openid admin_classic", 403),
            (&a.admin, "openid admin_classic", 200),
        ] {
            let mut browser = world.browser(a);
            let request = crate::flow::AuthRequest::new(&app, scope);
            let code = world.code_in(&mut browser, &request, person).await;
            let tokens = crate::flow::Tokens::of(&world.exchange(a, &app, &code).await);
            for path in ["/api/v1/audits", "/api/v1/audits/000000000000000000000000"] {
                let answer = world.get(a, path).bearer(tokens.access()).send().await;
                let expected = if status == 200 && path.ends_with('0') { 404 } else { status };
                answer.expect(expected);
            }
        }
    }

    async fn no_event_holds_a_secret(world) {
        let secrets = Box::pin(every_change(&world)).await;
        let mut events = Vec::new();
        let mut body = ask(&world, &world.a, &[("limit", "100")]).await.expect(200).json();
        loop {
            events.extend(body["data"].as_array().expect("a list").clone());
            match follow(&world, &world.a, &body, "next").await {
                Some(next) => body = next,
                None => break,
            }
        }
        let kinds: BTreeSet<_> =
            events.iter().map(|event| event["eventType"].as_str().expect("a type")).collect();
        for kind in [
            "client.created", "client.deleted", "client.changed", "client_secret.created",
            "client_secret.deleted", "user.created", "user.status_changed", "signing_key.created",
            "sign_in.succeeded", "sign_in.failed", "consent.granted", "user.impersonated",
            "access_token.revoked", "grant.revoked",
        ] {
            assert!(kinds.contains(kind), "{kind} is not among {kinds:?}");
        }
        let text = Value::from(events.clone()).to_string();
        for (name, secret) in secrets {
            assert!(!text.contains(secret.as_str()), "the {name} is in the trail");
        }
        assert!(!text.contains("$argon2id$") && !text.contains("PRIVATE KEY"));
    }

    async fn the_history_of_a_client_is_what_changed_it(world) {
        let a = &world.a;
        let (ctx, admin) = (world.admin(a).await, world.caller(a, &a.admin).await);
        let id = &a.web.id;
        let made = client::secret_create(&ctx, &admin, id, labelled("new")).await.expect("made");
        client::secret_delete(&ctx, &admin, (id, &made.hint), false).await.expect("deleted");
        let trust = json!([{ "op": "replace", "path": "/consentMethod", "value": "trusted" }]);
        client::connection_update(&ctx, &admin, id, trust).await.expect("changed");
        client::connection_delete(&ctx, &admin, id).await.expect("deleted");
        client::set_disabled(&ctx, &admin, id, Some("x")).await.expect("off");
        client::set_disabled(&ctx, &admin, id, None).await.expect("on");
        world.tokens(a, &a.web, "openid").await;
        let params = |filter: &str, next: Option<String>| ListParams {
            filter: Some(filter.to_owned()),
            sort: Some("+eventTime".to_owned()),
            limit: Some(5),
            next,
            ..ListParams::default()
        };
        let names = |page: &Listed<store::AuditEntry>| -> Vec<String> {
            page.data.iter().map(|entry| entry.event.clone()).collect()
        };
        let page = audit::history(&ctx, &admin, id.as_str(), &params(audit::CLIENT_CHANGES, None)).await.expect("a page");
        let expected = ["client.created", "client_secret.created", "client_secret.deleted",
            "client.connection_changed", "client.connection_deleted"];
        assert_eq!(names(&page), expected);
        let next = params(audit::CLIENT_CHANGES, page.next.clone());
        let rest = audit::history(&ctx, &admin, id.as_str(), &next).await.expect("a page");
        assert_eq!(names(&rest), ["client.changed", "client.changed"]);
        assert!(rest.next.is_none() && rest.data.iter().all(|entry| entry.subject == id.as_str()));
        // With everything else that happened to it.
        let whole = ListParams { limit: Some(100), ..params("", None) };
        let whole = audit::history(&ctx, &admin, id.as_str(), &whole).await.expect("a page");
        assert_eq!(names(&whole).last().map(String::as_str), Some("consent.granted"));
        // A cursor is one history's; and the history is for administrators of the tenant.
        let stolen = audit::history(&ctx, &admin, a.m2m.id(), &next).await;
        assert!(matches!(stolen, Err(AdminError::Parameter { name: "next", .. })), "{stolen:?}");
        let alice = world.caller(a, &a.alice).await;
        let denied = audit::history(&ctx, &alice, id.as_str(), &params("", None)).await;
        assert!(matches!(denied, Err(AdminError::Denied(_))), "{denied:?}");
        let elsewhere = world.admin(&world.b).await;
        let operator = Caller::operator();
        let none = audit::history(&elsewhere, &operator, id.as_str(), &params("", None)).await;
        assert!(none.expect("a page").data.is_empty());
        let wrong = audit::history(&ctx, &admin, id.as_str(), &params("nonsense", None)).await;
        assert!(matches!(wrong, Err(AdminError::Parameter { name: "filter", .. })), "{wrong:?}");
    }
}

/// Everything that an administrator, a person and an app do; gives the secrets that came up.
async fn every_change(world: &World) -> Vec<(&'static str, String)> {
    let a = &world.a;
    let (operator, caller) = (Actor::Operator, Caller::operator());
    let ctx = world.admin(a).await;
    let given = SecretText::from("a-secret-that-came-from-a-file-of-the-demo");
    let draft = client::ClientDraft { secret: Some(given.clone()), ..m2m_draft() };
    let app = world.client(a, draft).await;
    let second =
        client::secret_create(&ctx, &caller, &app.id, labelled("label")).await.expect("made");
    client::secret_delete(&ctx, &caller, (&app.id, &second.hint), false).await.expect("gone");
    client::set_disabled(&ctx, &caller, &app.id, Some("reason")).await.expect("off");
    client::delete(&ctx, &caller, &app.id).await.expect("gone");
    let off = domain::user::UserStatus::Disabled;
    world.user_status(a, &a.bob.id, off).await;
    engine::keys::rotate(&ctx, true, &operator).await.expect("rotated");
    let mut browser = world.browser(a);
    let page = browser.get("/login").await;
    let form = crate::html::form_with(page.text(), "login-submit");
    let typed = "a wrong password that was typed";
    browser.submit(&form.with("username", "alice").with("password", typed)).await.expect(401);
    let tokens = world.tokens(a, &a.web, "openid offline_access").await;
    let lookup = json!({ "field": "userId", "value": a.alice.id.as_str() }).to_string();
    let grant = "urn:qlik:oauth:user-impersonation";
    let mut form = a.m2m.credentials();
    form.extend([("grant_type", grant), ("user_lookup", lookup.as_str())]);
    let impersonated = world.token(a, &form).await.access_token();
    for token in [tokens.access(), tokens.refresh()] {
        let form = [&a.web.credentials()[..], &[("token", token)]].concat();
        world.post(a, "/oauth/revoke").form(&form).send().await.expect(200);
    }
    vec![
        ("given secret", given.expose().clone()),
        ("second secret", second.secret.expose().clone()),
        ("m2m secret", a.m2m.secret.clone()),
        ("web secret", a.web.secret.clone()),
        ("password", a.alice.password.clone()),
        ("bob's password", a.bob.password.clone()),
        ("typed password", typed.to_owned()),
        ("access token", tokens.access().to_owned()),
        ("refresh token", tokens.refresh().to_owned()),
        ("impersonation token", impersonated),
    ]
}
