//! Deleting clients: what breaks, asked once more, and what came of each.

use super::desk::{administrator, published_elsewhere};
use crate::browser::Browser;
use crate::flow::AuthRequest;
use crate::html::{self, Form};
use crate::world::{App, web_draft};

const DELETE: &str = "/admin/clients/delete";

fn asking(apps: &[&App]) -> String {
    let ids: Vec<String> = apps.iter().map(|app| format!("id={}", app.id())).collect();
    format!("{DELETE}?{}", ids.join("&"))
}

async fn form(browser: &mut Browser, apps: &[&App]) -> Form {
    let page = browser.get(&asking(apps)).await;
    html::form_to(page.expect(200).text(), DELETE, &[]).forged("confirm", "yes")
}

async fn is_there(browser: &mut Browser, app: &App) -> bool {
    browser.get(&format!("/admin/clients/{}", app.id())).await.status == 200
}

both! {
    async fn it_tells_what_breaks_and_asks_once_more(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let request = AuthRequest::new(app, "openid offline_access");
        let code = world.code_in(&mut world.browser(tenant), &request, &tenant.bob).await;
        world.exchange(tenant, app, &code).await.access_token();
        let mut browser = administrator(&world).await;
        let page = browser.get(&asking(&[app, &tenant.spa])).await;
        let text = page.expect(200).text();
        assert!(text.contains("Delete 2 clients?") && text.contains("In use"));
        assert!(text.contains("1 user let it in.") && text.contains("1 refresh token stops working."));
        assert!(text.contains("Nothing: no tokens"), "the other one");
        let form = html::form_to(text, DELETE, &[]);
        assert_eq!(form.field("confirm"), None, "it is not ticked by itself");
        let before = world.facts().await;
        let again = browser.submit(&form).await;
        assert!(html::has_id(again.expect(400).text(), "delete-confirm-wrong"));
        assert_eq!(html::form_to(again.text(), DELETE, &[]).fields.len(), form.fields.len(), "nothing is lost");
        assert_eq!(world.facts().await, before);
        let done = browser.submit(&form.forged("confirm", "yes")).await;
        assert!(done.expect(200).text().contains("All 2 clients were deleted."));
        assert!(!is_there(&mut browser, app).await && !is_there(&mut browser, &tenant.spa).await);
        assert!(is_there(&mut browser, &tenant.m2m).await);
        let told = world.audit(tenant, "client.deleted").await;
        assert_eq!(told.len(), 2);
        assert!(told.iter().all(|one| one.actor.id() == tenant.admin.id.as_str()));
    }

    async fn one_client_leads_back_to_the_table(world) {
        let mut browser = administrator(&world).await;
        let form = form(&mut browser, &[&world.a.web]).await;
        let done = browser.submit(&form).await;
        assert_eq!(done.location(), "/admin/clients?done=client-deleted");
        let page = browser.get(done.location()).await;
        assert!(page.text().contains("The client was deleted."));
        // The same again finds nothing, and says so.
        let again = browser.submit(&form).await;
        assert!(again.expect(409).text().contains("1 client was not deleted."));
        let page = browser.get(&asking(&[&world.a.web])).await;
        assert!(page.expect(200).text().contains("not there any more") && !html::has_id(page.text(), "delete-submit"));
        assert!(page.text().contains("Nothing to delete") && !page.text().contains("Delete 0"));
    }

    async fn nothing_chosen_says_what_to_do(world) {
        let mut browser = administrator(&world).await;
        let sure = form(&mut browser, &[&world.a.web]).await.without("id");
        let before = world.facts().await;
        for (language, words) in [("en", "No client is selected."), ("de", "Kein Client ist ausgewählt.")] {
            let call = browser.call("GET", DELETE).header("accept-language", language);
            let asked = browser.send(call).await;
            let call = browser.form_call(&sure).header("accept-language", language);
            let sent = browser.send(call).await;
            for page in [asked.expect(200), sent.expect(400)] {
                assert!(html::has_id(page.text(), "delete-none") && page.text().contains(words), "{}", page.text());
                assert!(!html::has_id(page.text(), "delete-submit"));
                assert!(!page.text().contains("Delete 0") && !page.text().contains("0 Clients"));
            }
        }
        assert_eq!(world.facts().await, before);
    }

    async fn one_that_is_gone_keeps_no_other_from_going(world) {
        let (a, b) = (&world.a, &world.b);
        let mut browser = administrator(&world).await;
        let form = form(&mut browser, &[&a.web, &a.spa, &a.native]).await;
        let (ctx, operator) = (world.admin(a).await, engine::authority::Caller::operator());
        engine::admin::client::delete(&ctx, &operator, &a.spa.id).await.expect("deleted by another");
        let mut forged = form;
        // Another tenant's, twice the same, and what is no id.
        for id in [b.web.id(), a.web.id(), "<script>", "x"] {
            forged.fields.push(("id".to_owned(), id.to_owned()));
        }
        let page = browser.submit(&forged).await;
        let text = page.expect(200).text();
        assert!(text.contains("3 clients were not deleted."), "{text}");
        assert!(text.contains("Reports") && text.contains("Charts") && !text.contains("<script>"));
        for app in [&a.web, &a.spa, &a.native] {
            assert!(!is_there(&mut browser, app).await);
        }
        let mut theirs = world.browser(b);
        theirs.sign_in(&b.admin).await;
        assert!(is_there(&mut theirs, &b.web).await);
        assert_eq!(world.audit(b, "client.deleted").await.len(), 0);
    }

    async fn a_published_client_of_others_cannot_be_deleted(world) {
        let (a, b) = (&world.a, &world.b);
        published_elsewhere(&world).await;
        let mut browser = administrator(&world).await;
        let mut form = form(&mut browser, &[&a.spa]).await;
        form.fields.retain(|(name, _)| name != "id");
        form.fields.push(("id".to_owned(), b.web.id().to_owned()));
        let page = browser.submit(&form).await;
        assert!(page.expect(409).text().contains("not this tenant's own") || page.text().contains("not this tenant&#39;s own"));
        // Its owner is told that others lose it.
        let mut theirs = world.browser(b);
        theirs.sign_in(&b.admin).await;
        let page = theirs.get(&asking(&[&b.web])).await;
        assert!(page.expect(200).text().contains("1 other tenant uses it"));
        assert!(is_there(&mut theirs, &b.web).await);
    }

    async fn addresses_and_forms_are_bounded(world) {
        let mut browser = administrator(&world).await;
        for query in ["", "?", "?id=", "?x=y"] {
            let answer = browser.get(&format!("{DELETE}{query}")).await;
            assert!(!html::has_id(answer.expect(200).text(), "delete-submit"), "{query}");
        }
        let page = browser.get(&format!("{DELETE}?id=%3Cb%3E&id=%C3%A9")).await;
        assert!(page.expect(200).text().contains("2 of those that you chose") && !page.text().contains("<b>"));
        let mut form = form(&mut browser, &[&world.a.web]).await;
        let before = world.facts().await;
        for number in 0..100 {
            form.fields.push(("id".to_owned(), format!("{number:032x}")));
        }
        browser.submit(&form).await.expect(409);
        assert_eq!(world.facts().await, before);
        let mut other = world.browser(&world.a);
        other.sign_in(&world.a.alice).await;
        other.get(&asking(&[&world.a.web])).await.expect(403);
    }

    async fn an_old_session_proves_itself_first(world) {
        let app = world.client(&world.a, web_draft()).await;
        let mut browser = administrator(&world).await;
        let form = form(&mut browser, &[&app]).await;
        world.clock.advance_seconds(16 * 60);
        let held = browser.submit(&form).await;
        assert!(html::has_id(held.expect(401).text(), "console-confirm"));
        assert!(is_there(&mut browser, &app).await);
    }
}
