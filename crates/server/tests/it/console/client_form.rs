//! `/admin/clients/new` and `/admin/clients/{id}/edit`: clients are made and changed as typed, and
//! nothing typed is lost.

use domain::client::{AppType, AuthMethod, ClientWithCredentials, ConsentMethod, GrantType};
use domain::ids::ClientId;
use engine::admin::client::ClientDraft;
use serde_json::json;

use crate::browser::Browser;
use crate::call::Answer;
use crate::html::{self, Form};
use crate::world::{App, Tenant, World, web_draft};

const MACHINE: &str = "client_credentials";
const PEM: &str = "-----BEGIN PUBLIC KEY-----\n\
     MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAErmLrhqWFqWHz1xSuXpVQzhzvCS1b\n\
     9W7t0f9iwNQQCSjdIOmJI2wHzwCUpUtcAHktbe8CaO7/Po9FrPjYlBWa0Q==\n\
     -----END PUBLIC KEY-----";
const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\nTm90IGEga2V5\n-----END PRIVATE KEY-----";

async fn admin(world: &World) -> Browser {
    let mut browser = world.browser(&world.a);
    browser.sign_in(&world.a.admin).await;
    browser
}

async fn new_form(browser: &mut Browser, app_type: &str) -> Form {
    let page = browser.get(&format!("/admin/clients/new?type={app_type}")).await;
    html::form_with(page.expect(200).text(), "client-submit")
}

/// The same form with a new mark, as if the page had been opened once more.
async fn anew(browser: &mut Browser, form: &Form) -> Form {
    let new = new_form(browser, form.field("appType").expect("a type")).await;
    form.clone().forged("once", new.field("once").expect("a mark"))
}

fn edit_path(app: &App) -> String {
    format!("/admin/clients/{}/edit", app.id())
}

async fn edit_form(browser: &mut Browser, app: &App) -> Form {
    let page = browser.get(&edit_path(app)).await;
    html::form_with(page.expect(200).text(), "client-submit")
}

/// The text of an element.
fn text_of(answer: &Answer, id: &str) -> Option<String> {
    let tags = html::tags(answer.text());
    let tag = tags.into_iter().find(|tag| tag.get("id") == Some(id))?;
    Some(tag.text.trim().to_owned())
}

async fn stored(world: &World, tenant: &Tenant, id: &str) -> ClientWithCredentials {
    let id = ClientId::parse(id).expect("an id");
    let found = engine::admin::client::find(&world.admin(tenant).await, &id).await;
    found.expect("a store").expect("the client")
}

/// The client that a page says was made.
async fn made(world: &World, answer: &Answer) -> ClientWithCredentials {
    let id = text_of(answer.expect(200), "created-client-id").expect("an id");
    stored(world, &world.a, &id).await
}

/// What a form says, without what every page has anew.
fn typed(form: &Form) -> Vec<(String, String)> {
    let is_typed = |(name, value): &(&str, &str)| {
        !matches!(*name, "csrf" | "base" | "once") && !value.trim().is_empty()
    };
    let pairs = form.pairs().into_iter().filter(is_typed);
    let mut pairs: Vec<_> =
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    pairs.sort();
    pairs
}

async fn token(world: &World, id: &str, secret: &str) -> Answer {
    let form = [("grant_type", "client_credentials")];
    world.post(&world.a, "/oauth/token").basic(id, secret).form(&form).send().await
}

both! {
    async fn the_type_is_chosen_first(world) {
        let mut browser = admin(&world).await;
        let page = browser.get("/admin/clients/new").await;
        for app_type in AppType::ALL {
            assert!(page.expect(200).text().contains(&format!("/admin/clients/new?type={app_type}")));
            let form = browser.get(&format!("/admin/clients/new?type={app_type}")).await;
            assert!(html::has_id(form.expect(200).text(), "client-form"), "{app_type}");
        }
        let again = browser.get("/admin/clients/new?type=desktop").await;
        assert!(html::has_id(again.expect(200).text(), "client-types"));
        let form = new_form(&mut browser, "web").await.with("appType", "desktop");
        let before = world.facts().await;
        assert!(html::has_id(browser.submit(&form).await.expect(400).text(), "client-types"));
        assert_eq!(world.facts().await, before);
    }

    async fn each_type_is_created_as_typed(world) {
        let mut browser = admin(&world).await;
        for (app_type, redirect, origin) in [
            ("web", Some("https://new.example/callback"), None),
            ("spa", Some("https://new.example/callback"), Some("https://new.example")),
            ("native", Some("com.example.new:/callback"), None),
            ("anonymous-embed", None, Some("https://new.example")),
        ] {
            let mut form = new_form(&mut browser, app_type)
                .await
                .with("clientName", "  A new <client>  ")
                .with("description", "Two\nlines")
                .with("policyUri", "https://new.example/privacy")
                .and("allowedScopes", "openid")
                .and("allowedScopes", "apps:read");
            if let Some(redirect) = redirect {
                form = form.with("redirectUris", redirect).with("postLogoutRedirectUris", redirect)
                    .with("idTokenSignedResponseAlg", "ES256");
            }
            if let Some(origin) = origin {
                form = form.with("allowedOrigins", origin);
            }
            let answer = browser.submit(&form).await;
            let found = made(&world, &answer).await;
            let client = &found.client;
            assert_eq!(client.app_type.as_str(), app_type);
            assert_eq!((client.name.as_str(), client.description.as_str()), ("A new <client>", "Two\nlines"));
            assert_eq!(client.policy_uri, "https://new.example/privacy");
            assert_eq!(client.allowed_scopes.as_str(), "openid apps:read");
            assert_eq!(client.redirect_uris, redirect.into_iter().collect::<Vec<_>>());
            assert_eq!(client.post_logout_redirect_uris, redirect.into_iter().collect::<Vec<_>>());
            assert_eq!(client.allowed_origins, origin.into_iter().collect::<Vec<_>>());
            assert!(client.require_pkce);
            assert_eq!(found.consent_method(), ConsentMethod::Required);
            let secret = text_of(&answer, "created-secret");
            assert_eq!(secret.is_some(), app_type == "web");
            assert_eq!(found.secrets.len(), usize::from(app_type == "web"));
            // Reloading must not send the form again, and nobody else may keep the page.
            assert!(answer.text().contains(&format!("data-replace=\"/admin/clients/{}\"", client.id)));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            let environment = text_of(&answer, "snippet-env").expect("a snippet");
            assert!(environment.contains(client.id.as_str()) && environment.contains(&world.a.issuer));
        }
    }

    async fn a_machine_is_trusted_in_the_same_step(world) {
        let mut browser = admin(&world).await;
        let form = new_form(&mut browser, "web").await
            .with("clientName", "Robot")
            .and("allowedGrantTypes", MACHINE)
            .and("allowedScopes", "admin.users:read");
        let answer = browser.submit(&form.clone().with("consentMethod", "trusted")).await;
        let found = made(&world, &answer).await;
        assert_eq!(found.consent_method(), ConsentMethod::Trusted);
        assert_eq!(found.client.machine_grants, [GrantType::ClientCredentials]);
        assert!(!html::has_id(answer.text(), "created-waiting"));
        let secret = text_of(&answer, "created-secret").expect("a secret");
        token(&world, found.client.id.as_str(), &secret).await.expect(200);
        let curl = text_of(&answer, "snippet-curl").expect("a snippet");
        assert!(curl.contains(&secret) && curl.contains(&format!("{}/oauth/token", world.a.issuer)));
        // Untrusted, it is made and told that it has to wait.
        let form = anew(&mut browser, &form).await;
        let answer = browser.submit(&form).await;
        let found = made(&world, &answer).await;
        assert!(html::has_id(answer.text(), "created-waiting"));
        let secret = text_of(&answer, "created-secret").expect("a secret");
        assert_ne!(token(&world, found.client.id.as_str(), &secret).await.status, 200);
    }

    async fn what_is_refused_stays_as_typed_and_names_its_field(world) {
        let mut browser = admin(&world).await;
        let long = "x".repeat(513);
        let full = new_form(&mut browser, "web").await
            .with("clientName", "Kept <b>")
            .with("description", "Kept \"too\"\nand more")
            .with("redirectUris", "https://kept.example/cb")
            .and("allowedScopes", "openid")
            .and("allowedGrantTypes", MACHINE)
            .with("consentMethod", "trusted")
            .with("idTokenSignedResponseAlg", "PS256");
        let key = full.clone().and("allowedAuthMethods", "private_key_jwt");
        let without = |form: &Form| form.clone().without("allowedAuthMethods");
        let mut spa = new_form(&mut browser, "spa").await.with("clientName", "Kept");
        spa = spa.with("allowedOrigins", "https://kept.example");
        let before = world.facts().await;
        for (form, id, reason) in [
            (full.clone().with("clientName", " "), "clientName-wrong", "512"),
            (full.clone().with("clientName", &long), "clientName-wrong", "512"),
            (full.clone().with("description", &"d".repeat(4097)), "description-wrong", "4096"),
            (full.clone().and("redirectUris", "http://plain.example/"), "redirectUris-1-check", "https://"),
            (full.clone().and("redirectUris", "https://kept.example/cb"), "redirectUris-1-check", "twice"),
            (full.clone().with("postLogoutRedirectUris", "https://x.example/*"), "postLogoutRedirectUris-0-check", "wildcard"),
            (full.clone().with("allowedOrigins", "https://kept.example"), "allowedOrigins-wrong", "impersonation"),
            (full.clone().with("clientUri", "javascript:alert(1)"), "clientUri-wrong", "https://"),
            (full.clone().with("logoUri", "nonsense"), "logoUri-wrong", "https://"),
            (full.clone().with("policyUri", "ftp://x"), "policyUri-wrong", "https://"),
            (full.clone().with("tosUri", "https://u:p@x.example"), "tosUri-wrong", "password"),
            (full.clone().with("jwksUri", "https://kept.example/jwks"), "jwksUri-wrong", "private_key_jwt"),
            (without(&full), "allowedAuthMethods-wrong", "client_secret"),
            (key.clone(), "publicKeysText-check", "register a key"),
            (key.clone().with("publicKeysText", "{\"kty\":\"EC\"}"), "publicKeysText-check", "crv"),
            (key.clone().with("publicKeysText", "-----BEGIN PUBLIC KEY-----\nAAAA"), "publicKeysText-check", "PEM"),
            (full.clone().with("publicKeysText", PEM), "publicKeysText-check", "private_key_jwt"),
            (spa.clone().and("allowedOrigins", "https://kept.example/path"), "allowedOrigins-1-check", "no path"),
            (spa.clone().with("redirectUris", "com.example:/cb"), "redirectUris-0-check", "native"),
            (spa.clone().and("allowedScopes", "openid").and("allowedScopes", "offline_access"), "allowedScopes-wrong", "not for spa"),
        ] {
            let answer = browser.submit(&form).await;
            let page = answer.expect(400).text();
            let tags = html::tags(page);
            let at = tags.iter().position(|tag| tag.get("id") == Some(id));
            let at = at.unwrap_or_else(|| panic!("no {id} in {page}"));
            // The reason stands in the element or right inside it.
            let told = [tags[at].text.trim(), tags[at + 1].text.trim()].join(" ");
            assert!(told.contains(reason), "{id}: {told}");
            assert!(html::has_id(page, "form-alert"), "{id}");
            let again = html::form_with(page, "client-submit");
            assert_eq!(typed(&again), typed(&form), "{id}");
        }
        assert_eq!(world.facts().await, before, "none of them made anything");
    }

    async fn a_key_may_be_pasted_as_jwk_or_pem(world) {
        let mut browser = admin(&world).await;
        let form = new_form(&mut browser, "web").await
            .with("clientName", "By key")
            .without("allowedAuthMethods")
            .and("allowedAuthMethods", "private_key_jwt");
        let found = made(&world, &browser.submit(&form.clone().with("publicKeysText", PEM)).await).await;
        assert_eq!(found.client.auth_methods, [AuthMethod::PrivateKeyJwt]);
        let jwk = &found.keys[0].jwk;
        assert_eq!((found.keys.len(), jwk.kid()), (1, Some(jwk.thumbprint().as_str())));
        assert!(found.secrets.is_empty());
        // The same key as JWK under a name of its own.
        let named = json!(jwk.clone().with_kid("2026")).to_string();
        let form = anew(&mut browser, &form).await;
        let found = made(&world, &browser.submit(&form.clone().with("publicKeysText", &named)).await).await;
        assert_eq!(found.keys[0].kid, "2026");
        assert_eq!(found.keys[0].jwk.thumbprint(), jwk.thumbprint());
        // A private key is refused, and not sent back either.
        for private in [PRIVATE.to_owned(), named.replace('{', "{\"d\":\"c2VjcmV0\",")] {
            let before = world.facts().await;
            let answer = browser.submit(&form.clone().with("publicKeysText", &private)).await;
            let page = answer.expect(400).text();
            assert!(page.contains("this is a private key"), "{page}");
            assert!(!page.contains("Tm90IGEga2V5") && !page.contains("c2VjcmV0"));
            assert_eq!(html::form_with(page, "client-submit").field("clientName"), Some("By key"));
            assert_eq!(world.facts().await, before);
        }
        // A client that begins to authenticate by secret is told the secret.
        let path = format!("/admin/clients/{}/edit", found.client.id);
        let page = browser.get(&path).await;
        let edit = html::form_with(page.expect(200).text(), "client-submit");
        assert_eq!(edit.field("keepKey"), Some("2026"));
        let answer = browser.submit(&edit.and("allowedAuthMethods", "client_secret")).await;
        let secret = text_of(answer.expect(200), "created-secret").expect("a secret");
        let now = stored(&world, &world.a, found.client.id.as_str()).await;
        assert!(secret.ends_with(&now.secrets[0].hint) && now.keys == found.keys);
    }

    async fn values_are_checked_as_typed_and_nothing_is_kept(world) {
        let mut browser = admin(&world).await;
        let csrf = new_form(&mut browser, "web").await.field("csrf").expect("a token").to_owned();
        let before = world.rows().await;
        for (query, told) in [
            ("type=web&redirectUris=https%3A%2F%2Fx.example%2F", "This fits."),
            ("type=web&redirectUris=http%3A%2F%2Fx.example%2F", "use https://"),
            ("type=web&redirectUris=com.example.app%3A%2Fcb", "only native apps"),
            ("type=native&redirectUris=com.example.app%3A%2Fcb", "This fits."),
            ("type=spa&allowedOrigins=https%3A%2F%2Fx.example%2F", "no final slash"),
            ("type=spa&postLogoutRedirectUris=x", "begins with a scheme"),
            ("type=web&redirectUris=%3Cscript%3E*", "no spaces"),
        ] {
            let answer = browser.get(&format!("/admin/clients/check?{query}")).await;
            assert!(answer.expect(200).text().contains(told), "{query}: {}", answer.text());
        }
        for query in ["", "?type=web", "?type=web&redirectUris=", "?nonsense=1&type=&type="] {
            let answer = browser.get(&format!("/admin/clients/check{query}")).await;
            assert!(!answer.expect(200).text().contains("<p"), "{query}");
        }
        for (text, told) in [
            (PEM, "EC P-256, ES256"),
            (PRIVATE, "this is a private key"),
            ("{}", "`kty`"),
            ("hello", "not JSON"),
            (" ", "check-answer"),
        ] {
            let form = Form::post("/admin/clients/check");
            let form = form.and("csrf", &csrf).and("publicKeysText", text);
            let answer = browser.submit(&form).await;
            assert!(answer.expect(200).text().contains(told), "{text}: {}", answer.text());
        }
        assert_eq!(world.rows().await, before);
    }

    async fn powerful_scopes_are_marked_and_what_a_type_may_not_have_is_barred(world) {
        let mut browser = admin(&world).await;
        for (app_type, barred) in [("web", &[][..]), ("spa", &["admin_classic", "offline_access"])] {
            let page = browser.get(&format!("/admin/clients/new?type={app_type}")).await;
            assert!(html::has_id(page.expect(200).text(), "powerful-warning"));
            let tags = html::tags(page.text());
            let boxes: Vec<_> =
                tags.iter().filter(|tag| tag.get("name") == Some("allowedScopes")).collect();
            assert!(boxes.len() > 90);
            for one in boxes {
                let scope = one.get("value").expect("a scope");
                let is_admin = scope == "admin_classic" || scope.starts_with("admin.");
                assert_eq!(one.get("data-powerful").is_some(), is_admin, "{scope}");
                assert_eq!(one.get("disabled").is_some(), barred.contains(&scope), "{scope}");
                assert!(!scope.starts_with("tenants:"), "nothing for tenants' clients");
            }
        }
        // The sentence of the catalogue is the label.
        let page = browser.get("/admin/clients/new?type=web").await;
        assert!(page.text().contains("Administer the whole tenant, as you could yourself"));
    }

    async fn an_edit_changes_only_what_was_changed(world) {
        let mut browser = admin(&world).await;
        let draft = ClientDraft {
            description: "Lines\r\nas REST keeps them".to_owned(), ..web_draft()
        };
        let app = world.client(&world.a, draft).await;
        let before = stored(&world, &world.a, app.id()).await;
        let form = edit_form(&mut browser, &app).await;
        // As it came, it changes nothing: no patch, no trace.
        let facts = world.rows().await;
        let answer = browser.submit(&form).await;
        assert_eq!(answer.location(), format!("/admin/clients/{}?done=client-unchanged", app.id()));
        assert_eq!(world.rows().await, facts);
        let answer = browser.submit(&form.with("clientName", "Renamed")).await;
        assert_eq!(answer.location(), format!("/admin/clients/{}?done=client-changed", app.id()));
        let mut after = stored(&world, &world.a, app.id()).await;
        assert_eq!(after.client.name, "Renamed");
        let told = world.audit(&world.a, "client.changed").await;
        assert_eq!(told.len(), 1);
        let changes = &told[0].details["changes"];
        assert!(changes.to_string().contains("clientName") && !changes.to_string().contains("description"), "{changes}");
        after.client.name = before.client.name.clone();
        after.client.updated_at = before.client.updated_at;
        assert_eq!(after, before);
    }

    async fn an_edit_that_is_refused_keeps_what_was_typed(world) {
        let mut browser = admin(&world).await;
        let app = &world.a.web;
        let form = edit_form(&mut browser, app).await
            .with("clientName", "Kept")
            .and("redirectUris", "http://plain.example/");
        let before = world.facts().await;
        let answer = browser.submit(&form).await;
        let page = answer.expect(400).text();
        // Two of the client's own come first.
        let at = page.find("id=\"redirectUris-2-check\"").expect("the row");
        assert!(page[at..at + 300].contains("use https://"), "{}", &page[at..at + 300]);
        assert_eq!(typed(&html::form_with(page, "client-submit")), typed(&form));
        assert_eq!(world.facts().await, before);
    }

    async fn two_administrators_at_once_lose_nothing(world) {
        let (mut one, mut other) = (admin(&world).await, admin(&world).await);
        let app = &world.a.web;
        let (first, second) = (edit_form(&mut one, app).await, edit_form(&mut other, app).await);
        let first = first.with("clientName", "First name").with("logoUri", "https://first.example/");
        one.submit(&first).await.expect(303);
        // Another field: both changes stand.
        let other_field = second.clone().with("description", "Second text");
        other.submit(&other_field).await.expect(303);
        let now = stored(&world, &world.a, app.id()).await.client;
        assert_eq!((now.name.as_str(), now.description.as_str()), ("First name", "Second text"));
        // The same field: nothing is saved, and both values are shown.
        let same_field = second.with("clientName", "Second name");
        let facts = world.facts().await;
        let answer = other.submit(&same_field).await;
        let page = answer.expect(409).text();
        assert_eq!(world.facts().await, facts);
        assert!(text_of(&answer, "clientName-wrong").is_some_and(|told| told.contains("First name")));
        let form = html::form_with(page, "client-submit");
        assert_eq!(form.field("clientName"), Some("Second name"), "what was typed");
        assert_eq!(form.field("logoUri"), Some("https://first.example/"), "what it is now");
        assert_eq!(form.field("description"), Some("Second text"), "what it is now");
        // Sent again, it replaces what was shown.
        other.submit(&form).await.expect(303);
        let now = stored(&world, &world.a, app.id()).await.client;
        assert_eq!((now.name.as_str(), now.logo_uri.as_str()), ("Second name", "https://first.example/"));
    }

    async fn only_own_clients_are_edited(world) {
        let mut browser = admin(&world).await;
        for id in [world.b.web.id(), "nonsense", "65f0c0ffee65f0c0ffee65f065f0c0ff"] {
            browser.get(&format!("/admin/clients/{id}/edit")).await.expect(404);
            let mut form = edit_form(&mut browser, &world.a.web).await;
            form.action = format!("/admin/clients/{id}/edit");
            let before = world.facts().await;
            browser.submit(&form.with("clientName", "Mine now")).await.expect(404);
            assert_eq!(world.facts().await, before);
        }
        // A forged ground cannot make a change that the fields do not say.
        let form = edit_form(&mut browser, &world.a.web).await.forged("base", "{\"clientName\":1}");
        let answer = browser.submit(&form).await;
        assert_eq!(answer.location(), format!("/admin/clients/{}?done=client-unchanged", world.a.web.id()));
    }

    async fn a_form_that_comes_late_is_not_lost(world) {
        let mut browser = admin(&world).await;
        let form = new_form(&mut browser, "web").await
            .with("clientName", "Late")
            .with("description", "Two\nlines");
        world.clock.advance_seconds(16 * 60);
        let asked = browser.submit(&form).await;
        let confirm = html::form_with(asked.expect(401).text(), "confirm-submit")
            .with("password", &world.a.admin.password);
        let page = browser.submit(&confirm).await;
        let again = html::form_with(page.expect(200).text(), "continue-submit");
        let found = made(&world, &browser.submit(&again).await).await;
        assert_eq!((found.client.name.as_str(), found.client.description.as_str()), ("Late", "Two\nlines"));
    }

    async fn a_form_that_had_to_be_corrected_gives_nothing_back(world) {
        let (mut one, mut other) = (admin(&world).await, admin(&world).await);
        let app = &world.a.web;
        let stale = edit_form(&mut one, app).await;
        let theirs = edit_form(&mut other, app).await.with("description", "Theirs");
        other.submit(&theirs).await.expect(303);
        let wrong = stale.with("clientName", "Mine").and("redirectUris", "http://plain.example/");
        let page = one.submit(&wrong).await;
        let again = html::form_with(page.expect(400).text(), "client-submit");
        assert_eq!((again.field("clientName"), again.field("description")), (Some("Mine"), Some("Theirs")));
        let mut again = again;
        again.fields.retain(|(_, value)| value != "http://plain.example/");
        one.submit(&again).await.expect(303);
        let now = stored(&world, &world.a, app.id()).await.client;
        assert_eq!((now.name.as_str(), now.description.as_str()), ("Mine", "Theirs"));
    }

    async fn a_client_is_made_once_however_often_the_form_comes(world) {
        let mut browser = admin(&world).await;
        let form = new_form(&mut browser, "web").await.with("clientName", "Only one");
        let clients = async || world.table("client").await.iter().filter(|row| row.contains("Only one")).count();
        // Both halves of a double click at once: one is carried out, the other one says so.
        let calls = [browser.form_call(&form), browser.form_call(&form)].map(|call| tokio::spawn(call.send()));
        let mut statuses = Vec::new();
        for call in calls {
            statuses.push(call.await.expect("answers").status);
        }
        statuses.sort_unstable();
        assert_eq!((statuses, clients().await), (vec![200, 409], 1));
        let twice = browser.submit(&form).await;
        assert!(twice.expect(409).text().contains("sent twice"));
        assert!(twice.text().contains("href=\"/admin/clients\""), "it leads to the list");
        // On another node, too.
        let (node, feed) = world.second_node().await;
        let mut there = node.browser(&world.a);
        for cookie in ["session", "browser"] {
            there.set_cookie(cookie, browser.cookie(cookie).expect("a cookie"));
        }
        assert_eq!((there.submit(&form).await.status, clients().await), (409, 1));
        drop(feed);
        // What was refused was not made, and may come again.
        let form = new_form(&mut browser, "web").await.with("clientName", "Only one").with("logoUri", "x");
        browser.submit(&form).await.expect(400);
        browser.submit(&form.with("logoUri", "")).await.expect(200);
        assert_eq!(clients().await, 2);
        // A form without a mark of ours is not our form.
        let form = new_form(&mut browser, "web").await.with("clientName", "Only one");
        for mark in ["", "x", "\u{0}", &"A".repeat(23)] {
            let refused = browser.submit(&form.clone().forged("once", mark)).await;
            assert!(matches!(refused.status, 400 | 403), "{mark:?}: {}", refused.status);
        }
        browser.submit(&form.clone().without("once")).await.expect(403);
        assert_eq!(clients().await, 2);
    }

    async fn the_largest_client_is_edited_also_when_the_form_had_to_wait(world) {
        let mut browser = admin(&world).await;
        let description = "\u{4e16}".repeat(4096);
        let app = world.client(&world.a, ClientDraft { description, ..web_draft() }).await;
        let form = edit_form(&mut browser, &app).await;
        let size = crate::call::encode(&form.pairs()).len();
        assert!(size > 64 * 1024, "{size}");
        let other = "\u{754c}".repeat(4096);
        browser.submit(&form.with("clientName", "Large").with("description", &other)).await.expect(303);
        let now = stored(&world, &world.a, app.id()).await.client;
        assert_eq!((now.name.as_str(), now.description.as_str()), ("Large", other.as_str()));
        // And when it has to wait for the password.
        let form = edit_form(&mut browser, &app).await.with("description", &"\u{4e16}".repeat(4096));
        world.clock.advance_seconds(16 * 60);
        let asked = browser.submit(&form).await;
        let confirm = html::form_with(asked.expect(401).text(), "confirm-submit");
        let page = browser.submit(&confirm.with("password", &world.a.admin.password)).await;
        browser.submit(&html::form_with(page.expect(200).text(), "continue-submit")).await.expect(303);
        let now = stored(&world, &world.a, app.id()).await.client;
        assert!(now.description.starts_with('\u{4e16}'));
    }

    async fn a_form_that_cannot_be_read_is_told_apart_from_data_that_is_away(world) {
        let mut browser = admin(&world).await;
        let form = edit_form(&mut browser, &world.a.web).await;
        let before = world.facts().await;
        let huge = form.clone().with("description", &"x".repeat(256 * 1024));
        let refused = browser.submit(&huge).await;
        assert!(refused.expect(413).text().contains("too large"));
        let confirm = Form::post("/admin/confirm").and("held", &"x".repeat(3 * 256 * 1024));
        let told = browser.submit(&confirm).await;
        assert!(told.expect(413).text().contains("too large"));
        let kind = "application/x-www-form-urlencoded";
        let post = |body: &str| browser.form_call(&form).body(kind, body);
        for broken in ["clientName=%ff", "clientName=%00", "clientName=%zz", &"a&".repeat(700)] {
            let answer = post(broken).send().await;
            assert!(matches!(answer.status, 400 | 403), "{broken}: {}", answer.status);
            assert!(!answer.text().contains("database"), "{broken}");
        }
        for answer in [refused, told, post("clientName=%ff").send().await] {
            assert!(answer.is_html() && !answer.text().contains("database"), "{}", answer.text());
        }
        assert_eq!(world.facts().await, before);
    }
}
