//! What an edit takes away is asked about first, with when it was last used.

use domain::jose::{Alg, SigningKey};

use super::desk::{administrator, ask, ask_for, hint_of, path};
use crate::browser::Browser;
use crate::html::{self, Form};
use crate::oauth::token::assertion::{keyed, right, send, sign};
use crate::world::App;

async fn edit_form(browser: &mut Browser, app: &App) -> Form {
    let page = browser.get(&path(app, "/edit")).await;
    html::form_with(page.expect(200).text(), "client-submit")
}

const KEY: &str = "-----BEGIN PUBLIC KEY-----\n\
     MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAErmLrhqWFqWHz1xSuXpVQzhzvCS1b\n\
     9W7t0f9iwNQQCSjdIOmJI2wHzwCUpUtcAHktbe8CaO7/Po9FrPjYlBWa0Q==\n\
     -----END PUBLIC KEY-----";

/// Without the method by secret: by a key instead.
fn by_key(form: &Form) -> Form {
    let form =
        form.clone().without("allowedAuthMethods").and("allowedAuthMethods", "private_key_jwt");
    form.with("publicKeysText", KEY)
}

both! {
    async fn secrets_go_only_when_they_were_seen_and_those_in_use_were_typed(world) {
        let app = &world.a.m2m;
        let hint = hint_of(&app.secret);
        assert_eq!(ask(&world, app, &app.secret).await, 200);
        let mut browser = administrator(&world).await;
        let form = by_key(&edit_form(&mut browser, app).await).with("clientName", "Typed \"before\"");
        let asked = browser.submit(&form).await;
        // Asking writes down what this node has counted so far, and nothing else.
        let before = world.facts().await;
        let page = asked.expect(200).text();
        assert!(page.contains(hint) && page.contains("10.0.0.7") && page.contains("just now"), "{page}");
        let answer = html::form_with(page, "losses-save");
        assert_eq!(answer.field("clientName"), Some("Typed \"before\""), "nothing typed is lost");
        let confirm = format!("confirm-{hint}");
        // Not typed, or something else; or an answer that never saw the question.
        for typed in ["", "yes", &app.secret, "00000"] {
            let refused = browser.submit(&answer.clone().with(&confirm, typed)).await;
            assert!(html::has_id(refused.expect(400).text(), "lost-confirm-1-wrong"), "{typed}");
            let again = html::form_with(refused.text(), "losses-save");
            assert_eq!(again.field("clientName"), Some("Typed \"before\""));
        }
        browser.submit(&answer.clone().without(&confirm)).await.expect(400);
        for loses in ["", "secret", "secret 00000"] {
            let forged = answer.clone().with(&confirm, hint).forged("loses", loses);
            let refused = browser.submit(&forged).await;
            assert!(html::has_id(refused.text(), "losses-save"), "{loses}: {}", refused.status);
        }
        let blind = form.clone().and(&confirm, hint);
        assert!(html::has_id(browser.submit(&blind).await.expect(200).text(), "losses-save"));
        assert_eq!(world.facts().await, before, "nothing was changed");
        assert_eq!(ask(&world, app, &app.secret).await, 200);
        // Back to the form, with everything in it.
        let back = browser.submit(&html::form_with(page, "losses-back")).await;
        let again = html::form_with(back.expect(200).text(), "client-submit");
        assert_eq!(again.field("clientName"), Some("Typed \"before\""));
        assert!(!again.pairs().contains(&("allowedAuthMethods", "client_secret")));
        assert_eq!(again.field("publicKeysText").map(str::trim), Some(KEY));
        assert_eq!(world.facts().await, before);
        let done = browser.submit(&answer.with(&confirm, hint)).await;
        assert_eq!(done.location(), path(app, "?done=client-changed"));
        assert_eq!(ask(&world, app, &app.secret).await, 401);
    }

    async fn what_came_into_use_meanwhile_is_asked_about_again(world) {
        let app = &world.a.m2m;
        let mut browser = administrator(&world).await;
        let form = by_key(&edit_form(&mut browser, app).await);
        let asked = browser.submit(&form).await;
        let answer = html::form_with(asked.expect(200).text(), "losses-save");
        let confirm = format!("confirm-{}", hint_of(&app.secret));
        assert_eq!(answer.field(&confirm), None, "it was never used");
        assert_eq!(ask(&world, app, &app.secret).await, 200);
        let refused = browser.submit(&answer).await;
        let again = html::form_with(refused.expect(400).text(), "losses-save");
        // Another secret comes in between: it is not deleted unseen.
        let new = browser.get(&path(app, "/secrets/new")).await;
        let made = browser.submit(&html::form_with(new.text(), "secret-generate")).await;
        made.expect(200);
        let typed = again.with(&confirm, hint_of(&app.secret));
        let more = browser.submit(&typed).await;
        assert!(html::has_id(more.expect(409).text(), "panel-wrong"));
        assert_eq!(ask(&world, app, &app.secret).await, 200);
        let all = html::form_with(more.text(), "losses-save");
        assert_eq!(all.fields.iter().filter(|(name, _)| name == "loses").count(), 2);
        browser.submit(&all).await.expect(303);
        assert_eq!(ask(&world, app, &app.secret).await, 401);
    }

    async fn quiet_secrets_need_no_hint_but_a_look(world) {
        let app = &world.a.m2m;
        assert_eq!(ask(&world, app, &app.secret).await, 200);
        world.clock.advance_seconds(2 * 86_400);
        let mut browser = administrator(&world).await;
        let form = by_key(&edit_form(&mut browser, app).await);
        let asked = browser.submit(&form).await;
        assert!(asked.expect(200).text().contains("2 days ago"));
        let answer = html::form_with(asked.text(), "losses-save");
        assert!(!answer.fields.iter().any(|(name, _)| name.starts_with("confirm-")));
        browser.submit(&answer).await.expect(303);
    }

    async fn keys_and_used_scopes_are_asked_about_and_unused_scopes_are_not(world) {
        let (one, two) = (SigningKey::generate(Alg::ES256).expect("a key"), SigningKey::generate(Alg::ES256).expect("a key"));
        let app = keyed(&world, &world.a, &[&one, &two]).await;
        send(&world, &world.a, &sign(&one, &right(&world.a, &app, "one"))).await.access_token();
        let mut browser = administrator(&world).await;
        let form = edit_form(&mut browser, &app).await;
        let kept: Vec<String> = form.fields.iter().filter(|(name, _)| name == "keepKey").map(|(_, kid)| kid.clone()).collect();
        assert_eq!(kept.len(), 2);
        for (at, used) in kept.iter().zip(["just now", "never"]).map(|(kid, used)| (kid.clone(), used)) {
            let other = kept.iter().find(|kid| **kid != at).expect("the other one");
            let asked = browser.submit(&form.clone().forged("keepKey", other)).await;
            let page = asked.expect(200).text();
            assert!(page.contains(&at) && !page.contains(&format!("<code>{other}</code>")));
            let told = html::form_with(page, "losses-save");
            assert_eq!(told.field("loses"), Some(&*format!("key {at}")));
            assert!(page.contains("just now") || page.contains("never"), "{used}");
        }
        let scopes = &world.a.m2m;
        assert_eq!(ask_for(&world, scopes, &scopes.secret, "user_default").await, 200);
        let form = edit_form(&mut browser, scopes).await;
        // Nobody asked for this one: it goes without a question.
        browser.submit(&form.clone().forged("allowedScopes", "user_default")).await.expect(303);
        let form = edit_form(&mut browser, scopes).await;
        let asked = browser.submit(&form.forged("allowedScopes", "openid")).await;
        let page = asked.expect(200).text();
        assert!(page.contains("<code>user_default</code>") && page.contains("Last "), "{page}");
        assert_eq!(ask_for(&world, scopes, &scopes.secret, "user_default").await, 200);
        browser.submit(&html::form_with(page, "losses-save")).await.expect(303);
        assert_ne!(ask_for(&world, scopes, &scopes.secret, "user_default").await, 200);
    }
}
