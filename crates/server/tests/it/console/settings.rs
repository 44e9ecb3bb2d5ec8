//! `/admin/settings`.

use crate::html;

both! {
    async fn the_name_is_changed_everywhere_and_a_bad_one_is_told_beside_its_field(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let page = browser.get("/admin/settings").await;
        assert!(page.text().contains(&a.issuer) && page.text().contains(a.id.as_str()));
        let form = html::form_to(page.text(), "/admin/settings", &[]);
        let long = "x".repeat(1000);
        let refused = browser.submit(&form.clone().with("name", &long)).await;
        assert_eq!(refused.status, 400);
        assert!(html::has_id(refused.text(), "name-wrong"));
        assert_eq!(html::form_to(refused.text(), "/admin/settings", &[]).field("name"), Some(&*long));
        let done = browser.submit(&form.with("name", "Fabrikam <Ltd>")).await;
        let told = browser.get(done.location()).await;
        assert!(told.text().contains("The settings are saved.") && told.text().contains("Fabrikam &#60;Ltd&#62;"));
        assert!(world.table("tenant_location").await.iter().any(|row| row.contains("Fabrikam <Ltd>")));
        // A word that is not ours says nothing.
        for query in ["done=%3Cb%3E", "done=client-deleted-x", "done="] {
            let page = browser.get(&format!("/admin/settings?{query}")).await;
            assert!(!page.text().contains("alert-success"), "{query}");
        }
    }
}
