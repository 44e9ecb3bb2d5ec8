//! The secrets of a client: made and shown once, deleted only with open eyes.

use super::desk::{administrator, ask, hint_of, path};
use crate::browser::Browser;
use crate::call::Answer;
use crate::html::{self, Form};
use crate::world::{App, labelled};

const DAY: i64 = 86_400;

/// The text of the element with an id.
fn text_of(answer: &Answer, id: &str) -> String {
    let tags = html::tags(answer.text());
    let tag = tags.iter().find(|tag| tag.get("id") == Some(id));
    tag.unwrap_or_else(|| panic!("no #{id} in {}", answer.text())).text.clone()
}

async fn new_form(browser: &mut Browser, app: &App) -> Form {
    let page = browser.get(&path(app, "/secrets/new")).await;
    html::form_to(page.expect(200).text(), &path(app, "/secrets/new"), &[])
}

async fn make(browser: &mut Browser, app: &App, label: &str) -> (String, String) {
    let form = new_form(browser, app).await.with("label", label);
    let made = browser.submit(&form).await;
    let secret = text_of(made.expect(200), "secret-value");
    let hint = secret[secret.len() - 5..].to_owned();
    (secret, hint)
}

async fn delete_form(browser: &mut Browser, app: &App, hint: &str) -> Form {
    let path = path(app, &format!("/secrets/{hint}/delete"));
    let page = browser.get(&path).await;
    html::form_to(page.expect(200).text(), &path, &[])
}

both! {
    async fn a_secret_is_shown_once_and_nowhere_again(world) {
        let app = &world.a.m2m;
        let mut browser = administrator(&world).await;
        let form = new_form(&mut browser, app).await;
        let form = form.with("label", "blue <b>").with("expires", "2030-01-31");
        let made = browser.submit(&form).await;
        let secret = text_of(made.expect(200), "secret-value");
        assert_eq!(secret.len(), 64);
        assert_eq!(made.header("cache-control"), Some("no-store"));
        let replace = html::tags(made.text()).iter().find_map(|tag| tag.get("data-replace").map(str::to_owned));
        assert_eq!(replace, Some(path(app, "/secrets")));
        assert_eq!(ask(&world, app, &secret).await, 200);
        let list = browser.get(&path(app, "/secrets")).await;
        assert!(html::has_id(list.text(), &format!("secret-{}", hint_of(&secret))));
        assert!(list.text().contains("blue &#60;b&#62;") && !list.text().contains("<b>"));
        assert!(list.text().contains("Full admin"), "who made it, by name");
        assert!(list.text().contains("10.0.0.7") && list.text().contains("just now"));
        assert!(list.text().contains("never"), "the first one was not used");
        for page in [list, browser.get(&path(app, "")).await, browser.get("/admin/clients").await] {
            assert!(!page.expect(200).text().contains(&secret));
        }
        assert!(world.rows().await.iter().all(|row| !row.contains(&secret)));
        let told = world.audit(&world.a, "client_secret.created").await;
        assert_eq!(told[0].actor.id(), world.a.admin.id.as_str());
        assert_eq!(told[0].details["hint"], hint_of(&secret));
        assert_eq!(told[0].details["expiresAt"], "2030-01-31T23:59:59Z");
    }

    async fn what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(world) {
        let app = &world.a.m2m;
        let mut browser = administrator(&world).await;
        let form = new_form(&mut browser, app).await;
        let before = world.facts().await;
        let long = "x".repeat(101);
        for (label, expires, field) in [
            (long.as_str(), "2030-01-31", "secret-label"),
            ("a\u{7}b", "", "secret-label"),
            ("fine", "31.1.2030", "secret-expires"),
            ("fine", "2020-01-31", "secret-expires"),
            ("fine", "2030-02-30", "secret-expires"),
        ] {
            let form = form.clone().with("label", label).with("expires", expires);
            let page = browser.submit(&form).await;
            assert!(html::has_id(page.expect(400).text(), &format!("{field}-wrong")), "{label} {expires}");
            assert_eq!(html::value_of(page.text(), "secret-expires").as_deref(), Some(expires));
            let typed = html::value_of(page.text(), "secret-label").expect("a label");
            assert_eq!(typed, label);
        }
        assert_eq!(world.facts().await, before);
    }

    async fn a_sixth_secret_is_refused_with_the_reason(world) {
        let app = &world.a.m2m;
        let mut browser = administrator(&world).await;
        let form = new_form(&mut browser, app).await;
        for number in 2..=5 {
            make(&mut browser, app, &number.to_string()).await;
        }
        let before = world.facts().await;
        let page = browser.get(&path(app, "/secrets/new")).await;
        assert!(html::has_id(page.text(), "secret-refused"));
        assert!(!html::has_id(page.text(), "secret-generate"));
        let refused = browser.submit(&form).await;
        assert!(refused.expect(409).text().contains("as many secrets as it may have"));
        assert_eq!(world.facts().await, before);
        let guide = browser.get(&path(app, &format!("/rotate?old={}", hint_of(&app.secret)))).await;
        assert!(guide.expect(200).text().contains("as many secrets as it may have"));
    }

    async fn a_secret_in_use_goes_only_when_its_hint_was_typed(world) {
        let app = &world.a.m2m;
        let (old, mut browser) = (&app.secret, administrator(&world).await);
        let (new, new_hint) = make(&mut browser, app, "new").await;
        assert_eq!(ask(&world, app, old).await, 200);
        let form = delete_form(&mut browser, app, hint_of(old)).await;
        let page = browser.get(&path(app, &format!("/secrets/{}/delete", hint_of(old)))).await;
        assert!(page.text().contains("10.0.0.7") && page.text().contains("last 24 hours"));
        let shouted = hint_of(old).to_uppercase();
        let tries = ["", "yes", &new_hint, &format!("…{}", hint_of(old)), old.as_str()];
        for typed in tries.into_iter().chain(Some(shouted.as_str()).filter(|one| *one != hint_of(old))) {
            for form in [form.clone().with("confirm", typed), form.clone().with("confirm", typed).forged("force", "yes")] {
                let page = browser.submit(&form).await;
                assert!(html::has_id(page.expect(400).text(), "secret-confirm-wrong"), "{typed}");
            }
        }
        let twice = form.clone().with("confirm", hint_of(old));
        let mut twice_said = twice.clone();
        twice_said.fields.push(("confirm".to_owned(), "x".to_owned()));
        browser.submit(&twice_said).await.expect(400);
        browser.submit(&form.clone().without("confirm")).await.expect(400);
        browser.submit(&form.clone().with("confirm", "\u{0}")).await.expect(400);
        assert_eq!(ask(&world, app, old).await, 200, "it was not deleted");
        // Used or not is what counts when the form arrives, not when the page was shown.
        let quiet = delete_form(&mut browser, app, &new_hint).await;
        assert_eq!(quiet.field("confirm"), None);
        assert_eq!(ask(&world, app, &new).await, 200);
        browser.submit(&quiet).await.expect(400);
        let gone = browser.submit(&twice).await;
        assert_eq!(gone.location(), path(app, "/secrets?done=secret-deleted"));
        let page = browser.get(gone.location()).await;
        assert!(page.text().contains("The secret is deleted."));
        assert_eq!((ask(&world, app, old).await, ask(&world, app, &new).await), (401, 200));
        let told = world.audit(&world.a, "client_secret.deleted").await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].details["hint"], hint_of(old));
        // Gone is gone.
        browser.submit(&twice).await.expect(404);
    }

    async fn a_secret_that_is_quiet_needs_no_hint(world) {
        let app = &world.a.m2m;
        assert_eq!(ask(&world, app, &app.secret).await, 200);
        world.clock.advance_seconds(2 * DAY);
        let mut browser = administrator(&world).await;
        make(&mut browser, app, "new").await;
        let path = path(app, &format!("/secrets/{}/delete", hint_of(&app.secret)));
        let page = browser.get(&path).await;
        assert!(page.text().contains("last 30 days") && !html::has_id(page.text(), "secret-confirm"));
        let form = html::form_to(page.text(), &path, &[]);
        browser.submit(&form).await.location();
        world.clock.advance_seconds(40 * DAY);
        assert_eq!(ask(&world, app, &app.secret).await, 401);
    }

    async fn the_last_credential_stays_unless_that_is_said(world) {
        let app = &world.a.m2m;
        let mut browser = administrator(&world).await;
        let form = delete_form(&mut browser, app, hint_of(&app.secret)).await;
        for form in [form.clone().without("force"), form.clone().forged("force", "")] {
            let page = browser.submit(&form).await;
            assert!(html::has_id(page.expect(409).text(), "secret-force-wrong"));
        }
        assert_eq!(ask(&world, app, &app.secret).await, 200);
        let form = delete_form(&mut browser, app, hint_of(&app.secret)).await;
        let form = form.with("confirm", hint_of(&app.secret)).forged("force", "yes");
        browser.submit(&form).await.location();
        assert_eq!(ask(&world, app, &app.secret).await, 401);
        assert_eq!(world.audit(&world.a, "client_secret.deleted").await[0].details["forced"], true);
        let page = browser.get(&path(app, "/secrets")).await;
        assert!(page.text().contains("No secrets"));
    }

    async fn secrets_of_others_are_out_of_reach(world) {
        let (a, b) = (&world.a, &world.b);
        let mut browser = administrator(&world).await;
        let form = new_form(&mut browser, &a.m2m).await;
        let delete = delete_form(&mut browser, &a.m2m, hint_of(&a.m2m.secret)).await;
        let before = world.facts().await;
        let to = |form: &Form, path: String| form.clone().to(&path);
        browser.get(&path(&b.m2m, "/secrets")).await.expect(404);
        browser.submit(&to(&form, path(&b.m2m, "/secrets/new"))).await.expect(404);
        let theirs = format!("/secrets/{}/delete", hint_of(&b.m2m.secret));
        browser.submit(&to(&delete, path(&b.m2m, &theirs))).await.expect(404);
        browser.submit(&to(&delete, path(&a.m2m, &theirs))).await.expect(404);
        browser.submit(&to(&delete, path(&a.web, &format!("/secrets/{}/delete", hint_of(&a.m2m.secret))))).await.expect(404);
        for odd in ["%00", "..", "%2e%2e", "x".repeat(300).as_str(), "%ff"] {
            let answer = browser.get(&path(&a.m2m, &format!("/secrets/{odd}/delete"))).await;
            assert!(matches!(answer.status, 400 | 404), "{odd}: {}", answer.status);
        }
        browser.submit(&to(&form, path(&a.spa, "/secrets/new"))).await.expect(409);
        assert_eq!(world.facts().await, before);
    }

    async fn an_old_session_proves_itself_first(world) {
        let app = &world.a.m2m;
        let mut browser = administrator(&world).await;
        let make = new_form(&mut browser, app).await;
        let delete = delete_form(&mut browser, app, hint_of(&app.secret)).await;
        world.clock.advance_seconds(16 * 60);
        browser.get(&path(app, "/secrets")).await.expect(200);
        let before = world.facts().await;
        for form in [&make, &delete] {
            let held = browser.submit(form).await;
            assert!(html::has_id(held.expect(401).text(), "console-confirm"));
        }
        assert_eq!(world.facts().await, before);
    }

    async fn registered_keys_are_listed(world) {
        use crate::oauth::token::assertion::{keyed, right, send, sign};
        let key = domain::jose::SigningKey::generate(domain::jose::Alg::ES256).expect("a key");
        let app = keyed(&world, &world.a, &[&key]).await;
        send(&world, &world.a, &sign(&key, &right(&world.a, &app, "one"))).await.access_token();
        let mut browser = administrator(&world).await;
        let page = browser.get(&format!("/admin/clients/{}/secrets", app.id())).await;
        assert!(html::has_id(page.expect(200).text(), "keys"));
        assert!(page.text().contains("This client has no secrets"));
        assert!(page.text().contains("just now"), "when it was last used");
        let ctx = world.admin(&world.a).await;
        let operator = engine::authority::Caller::operator();
        let refused = engine::admin::client::secret_create(&ctx, &operator, &app.id, labelled("x")).await;
        assert!(refused.is_err(), "the page tells the truth");
    }

    async fn a_secret_is_made_once_however_often_the_form_comes(world) {
        let app = &world.a.m2m;
        let mut browser = administrator(&world).await;
        let form = new_form(&mut browser, app).await.with("label", "once");
        browser.submit(&form).await.expect(200);
        let twice = browser.submit(&form).await;
        assert!(twice.expect(409).text().contains("sent twice"));
        assert!(twice.text().contains(&format!("href=\"{}\"", path(app, "/secrets"))), "it leads to the list");
        assert_eq!(world.audit(&world.a, "client_secret.created").await.len(), 1);
        // A mark counts for whoever was shown it: nobody spends another one's.
        let mut others = world.browser(&world.b);
        others.sign_in(&world.b.admin).await;
        let theirs = new_form(&mut others, &world.b.m2m).await;
        let mark = new_form(&mut browser, app).await;
        let stolen = theirs.forged("once", mark.field("once").expect("a mark"));
        others.submit(&stolen).await.expect(200);
        browser.submit(&mark).await.expect(200);
    }
}
