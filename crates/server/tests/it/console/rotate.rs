//! The guide that replaces a secret: its steps follow what the secrets do.

use super::desk::{administrator, ask, hint_of, path};
use crate::html;

/// The number of the step that the page marks, 0 for none.
fn step(page: &str) -> usize {
    let tags = html::tags(page);
    let steps =
        tags.iter().filter(|tag| tag.get("class").is_some_and(|class| class.starts_with("step")));
    steps
        .filter(|tag| tag.name == "li")
        .position(|tag| tag.get("aria-current") == Some("step"))
        .map_or(0, |at| at + 1)
}

fn is_live(page: &str) -> bool {
    html::tags(page)
        .iter()
        .any(|tag| tag.get("hx-trigger").is_some_and(|when| when.starts_with("every")))
}

both! {
    async fn the_guide_leads_from_one_secret_to_the_other(world) {
        let app = &world.a.m2m;
        let (old, mut browser) = (&app.secret, administrator(&world).await);
        assert_eq!(ask(&world, app, old).await, 200);
        // There is only one: nothing is to be chosen.
        let page = browser.get(&path(app, "/rotate")).await;
        assert_eq!((step(page.expect(200).text()), is_live(page.text())), (1, false));
        let form = html::form_to(page.text(), &path(app, "/secrets/new"), &[("rotate", hint_of(old))]);
        let made = browser.submit(&form.with("label", "next")).await;
        let tags = html::tags(made.expect(200).text());
        let find = |id: &str| tags.iter().find(|tag| tag.get("id") == Some(id)).expect("it is there");
        let (new, on) = (find("secret-value").text.clone(), find("secret-done").get("href").expect("a link").to_owned());
        assert_eq!(on, path(app, &format!("/rotate?old={}&new={}", hint_of(old), hint_of(&new))));
        // Nobody uses the new one yet.
        let page = browser.get(&on).await;
        assert_eq!((step(page.text()), is_live(page.text())), (2, true));
        assert!(!html::has_id(page.text(), "rotate-delete"));
        assert!(page.text().contains(&format!("hx-get=\"{}\"", on.replace('&', "&#38;"))), "{}", page.text());
        // Both are used.
        assert_eq!(ask(&world, app, &new).await, 200);
        world.clock.advance_seconds(4);
        let page = browser.get(&on).await;
        assert_eq!((step(page.text()), is_live(page.text())), (3, true));
        assert!(page.text().contains("last used 4 seconds ago") && page.text().contains("10.0.0.7"));
        world.clock.advance_seconds(300);
        let page = browser.get(&on).await;
        assert!(step(page.text()) == 3 && page.text().contains("last used 5 minutes ago"));
        // It begins anew whenever something still has the old one.
        assert_eq!(ask(&world, app, old).await, 200);
        world.clock.advance_seconds(599);
        let page = browser.get(&on).await;
        assert_eq!(step(page.text()), 3);
        world.clock.advance_seconds(1);
        let page = browser.get(&on).await;
        assert_eq!((step(page.text()), is_live(page.text())), (4, false));
        let link = html::tags(page.text()).into_iter().find(|tag| tag.get("id") == Some("rotate-delete"));
        let link = link.expect("a link").get("href").expect("an address").to_owned();
        // The guide's quiet is minutes; that it was used today is asked about all the same.
        let mut browser = administrator(&world).await;
        let page = browser.get(&link).await;
        let form = html::form_to(page.text(), &path(app, &format!("/secrets/{}/delete", hint_of(old))), &[]);
        let gone = browser.submit(&form.with("confirm", hint_of(old))).await;
        assert_eq!(gone.location(), format!("{on}&done=secret-deleted"));
        let page = browser.get(gone.location()).await;
        assert!(page.text().contains("The old secret is gone.") && page.text().contains("The secret is deleted."));
        assert_eq!((step(page.text()), is_live(page.text())), (0, false));
        assert_eq!((ask(&world, app, old).await, ask(&world, app, &new).await), (401, 200));
    }

    async fn nothing_is_kept_but_the_address(world) {
        let app = &world.a.m2m;
        let mut browser = administrator(&world).await;
        browser.get(&path(app, "/rotate")).await.expect(200);
        let before = world.facts().await;
        for query in ["", "?old=x", "?new=x", "?old=x&new=y", "?old=&new=", "?old=%ff", "?old=a&old=b"] {
            browser.get(&path(app, &format!("/rotate{query}"))).await.expect(200);
        }
        assert_eq!(world.facts().await, before);
    }

    async fn addresses_that_fit_nothing_are_told_so(world) {
        let app = &world.a.m2m;
        let own = hint_of(&app.secret);
        let mut browser = administrator(&world).await;
        for query in [
            "old=zzzzz".to_owned(), "old=zzzzz&new=yyyyy".to_owned(), format!("old={own}&new=zzzzz"),
            format!("old={own}&new={own}"), format!("new={own}"), "old=%3Cscript%3E&new=x".to_owned(),
            format!("old={}", hint_of(&world.b.m2m.secret)),
        ] {
            let page = browser.get(&path(app, &format!("/rotate?{query}"))).await;
            assert!(page.expect(200).text().contains("That secret is not here"), "{query}");
            assert!(!is_live(page.text()) && !page.text().contains("<script>"));
        }
        // One of several is chosen first.
        let form = browser.get(&path(app, "/secrets/new")).await;
        let form = html::form_to(form.text(), &path(app, "/secrets/new"), &[]);
        // What claims to replace a secret that is not there leads to the list.
        let made = browser.submit(&form.forged("rotate", "zzzzz&new=x")).await;
        assert!(made.expect(200).text().contains(&format!("data-replace=\"{}\"", path(app, "/secrets"))));
        let page = browser.get(&path(app, "/rotate")).await;
        assert!(page.text().contains(&format!("/rotate?old={own}")) && step(page.text()) == 1);
        let page = browser.get(&path(&world.a.spa, "/rotate")).await;
        assert!(page.expect(200).text().contains("This client has no secrets"));
        browser.get(&path(&world.b.m2m, "/rotate")).await.expect(404);
    }
}
