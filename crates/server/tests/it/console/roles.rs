//! `/admin/roles` and what is below it.

use super::desk::stands_beside;
use super::users::{administrator, keeper, rows};
use crate::browser::Browser;
use crate::html::{self, Form};

/// The empty form with a name and scopes.
async fn form(browser: &mut Browser, name: &str, scopes: &[&str]) -> Form {
    let page = browser.get("/admin/roles/new").await;
    let mut form = html::form_with(page.text(), "role-form").with("name", name);
    form.fields.extend(scopes.iter().map(|one| ("assignedScopes".to_owned(), (*one).to_owned())));
    form
}

/// The address of the page of a role in the table.
async fn path_of(browser: &mut Browser, name: &str) -> String {
    let page = browser.get(&format!("/admin/roles?q={name}")).await;
    let link = html::tags(page.text())
        .into_iter()
        .filter_map(|tag| tag.get("href").map(str::to_owned))
        .find(|href| href.starts_with("/admin/roles/") && href != "/admin/roles/new");
    link.unwrap_or_else(|| panic!("no role {name}"))
}

both! {
    async fn roles_are_made_from_scopes_changed_and_deleted(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        let all = browser.get("/admin/roles").await;
        assert!(rows(&all) >= 2 && all.text().contains("TenantAdmin"));
        assert_eq!(rows(&browser.get("/admin/roles?type=custom").await), 0);
        let nameless = form(&mut browser, " ", &["admin.users"]).await;
        let refused = browser.submit(&nameless).await;
        assert!(refused.status == 400 && html::has_id(refused.text(), "name-wrong"));
        assert_eq!(html::form_with(refused.text(), "role-form").field("assignedScopes"), Some("admin.users"));
        let unknown = form(&mut browser, "Odd", &["no_such_scope"]).await;
        let refused = browser.submit(&unknown).await;
        assert!(refused.status == 400 && html::has_id(refused.text(), "assignedScopes-wrong"));
        let good = form(&mut browser, "Auditors <1>", &["admin.users:read", "admin.apps"]).await;
        let made = browser.submit(&good).await;
        assert!(made.location().ends_with("?done=role-created"), "{}", made.text());
        let path = made.location().split('?').next().expect("an address").to_owned();
        stands_beside(browser.submit(&good).await.expect(409), "name");
        let page = browser.get(&path).await;
        assert!(page.text().contains("Auditors &#60;1&#62;"));
        // Bob has it.
        let id = path.rsplit('/').next().expect("an id").to_owned();
        let bob = format!("/admin/users/{}", a.bob.id);
        let given = html::form_with(browser.get(&bob).await.text(), "user-form").forged("assignedRoles", &id);
        assert_eq!(browser.submit(&given).await.status, 303);
        assert!(browser.get(&path).await.text().contains("1 user<"));
        let fewer = html::form_with(page.text(), "role-form").forged("assignedScopes", "admin.apps");
        assert_eq!(browser.submit(&fewer).await.location(), format!("{path}?done=role-saved"));
        let told = world.audit(a, "role.updated").await;
        assert!(told[0].details["changes"]["assignedScopes"].to_string().contains("admin.users:read"));
        let panel = browser.get(&format!("{path}/delete")).await;
        assert!(panel.text().contains("1 user has this role.") && panel.text().contains("No group gives it."));
        let sure = html::form_to(panel.text(), &format!("{path}/delete"), &[]);
        assert_eq!(browser.submit(&sure).await.location(), "/admin/roles?done=role-deleted");
        assert_eq!(browser.get(&path).await.status, 404);
        assert_eq!(world.audit(a, "role.deleted").await[0].details["users"], 1);
    }

    async fn roles_that_came_with_the_tenant_are_only_looked_at(world) {
        let mut browser = administrator(&world).await;
        let mut forged = form(&mut browser, "Mine", &["apps"]).await;
        let before = world.facts().await;
        for (name, gives) in [("TenantAdmin", "Everything"), ("DataSpaceCreator", "What it gives")] {
            let path = path_of(&mut browser, name).await;
            let page = browser.get(&path).await;
            assert!(page.text().contains(gives) && !html::has_id(page.text(), "role-form"), "{name}");
            for what in ["", "/delete"] {
                forged.action = format!("{path}{what}");
                let refused = browser.submit(&forged).await;
                assert_eq!(refused.status, 403, "{name}{what}");
                assert!(refused.text().contains("came with the tenant"), "{name}{what}");
            }
        }
        assert_eq!(world.facts().await, before);
    }

    async fn nobody_makes_a_role_that_gives_more_than_they_have(world) {
        let keeper = keeper(&world, &world.a).await;
        let mut browser = world.browser(&world.a);
        browser.sign_in(&keeper).await;
        let page = browser.get("/admin/roles/new").await;
        let tags = html::tags(page.text());
        let is_barred = |scope: &str| {
            let tag = tags.iter().find(|tag| tag.get("id") == Some(&format!("scope-{scope}")));
            tag.expect("a scope").get("disabled").is_some()
        };
        assert!(is_barred("admin_classic") && is_barred("admin.apps") && !is_barred("admin.users"));
        let before = world.facts().await;
        for scope in ["admin_classic", "admin.apps"] {
            let forged = form(&mut browser, "More", &[scope]).await;
            let refused = browser.submit(&forged).await;
            assert_eq!(refused.status, 403, "{scope}");
            assert!(html::has_id(refused.text(), "assignedScopes-wrong") && refused.text().contains(scope));
        }
        assert_eq!(world.facts().await, before);
        let own = form(&mut browser, "As much", &["admin.users:read"]).await;
        assert_eq!(browser.submit(&own).await.status, 303);
    }

    async fn roles_of_another_tenant_are_not_there(world) {
        let mut theirs = world.browser(&world.b);
        theirs.sign_in(&world.b.admin).await;
        let made = form(&mut theirs, "Theirs", &["apps"]).await;
        let made = theirs.submit(&made).await.location().to_owned();
        let path = made.split('?').next().expect("an address");
        let mut browser = administrator(&world).await;
        let mut form = form(&mut browser, "Mine now", &[]).await;
        let before = world.rows().await;
        for path in [path, "/admin/roles/no-id"] {
            for what in ["", "/delete"] {
                form.action = format!("{path}{what}");
                assert_eq!(browser.get(&form.action).await.status, 404);
                assert_eq!(browser.submit(&form).await.status, 404);
            }
        }
        assert_eq!(world.rows().await, before);
    }

    async fn two_administrators_at_once_give_nothing_back(world) {
        let (mut one, mut other) = (administrator(&world).await, administrator(&world).await);
        let made = form(&mut one, "Auditors", &["admin.users:read", "admin.apps"]).await;
        let path = one.submit(&made).await.location().split('?').next().expect("an address").to_owned();
        let form = async |browser: &mut Browser| html::form_with(browser.get(&path).await.text(), "role-form");
        let (stale, older) = (form(&mut one).await, form(&mut other).await);
        let fewer = form(&mut other).await.forged("assignedScopes", "admin.apps");
        other.submit(&fewer).await.expect(303);
        // A new name and one more scope, from a page that still shows the other one ticked.
        let more = stale.with("name", "Auditors 2").and("assignedScopes", "apps");
        one.submit(&more).await.expect(303);
        let now = form(&mut one).await;
        let scopes: Vec<_> = now.fields.iter().filter(|(name, _)| name == "assignedScopes").map(|(_, one)| one.as_str()).collect();
        assert_eq!(scopes.len(), 2, "{scopes:?}");
        assert!(scopes.contains(&"apps") && scopes.contains(&"admin.apps"));
        let before = world.facts().await;
        let clash = other.submit(&older.with("name", "Others")).await;
        assert!(html::has_id(clash.expect(409).text(), "name-wrong") && clash.text().contains("Auditors 2"));
        assert_eq!(world.facts().await, before);
        let again = html::form_with(clash.text(), "role-form");
        assert!(!again.pairs().contains(&("assignedScopes", "admin.users:read")), "what is now, not what was");
        other.submit(&again).await.expect(303);
        assert_eq!(form(&mut other).await.field("name"), Some("Others"));
    }

    async fn only_scopes_of_tenants_are_offered(world) {
        let mut browser = administrator(&world).await;
        let page = browser.get("/admin/roles/new").await;
        let tags = html::tags(page.expect(200).text());
        let offered: Vec<&str> = tags.iter().filter(|tag| tag.get("name") == Some("assignedScopes"))
            .filter_map(|tag| tag.get("value")).collect();
        let catalogue = domain::scope::Catalogue::embedded().expect("sound");
        let (mut theirs, mut others) = (0, 0);
        for entry in catalogue.iter() {
            let is_tenants = entry.levels.contains(&domain::client::Level::Tenant);
            assert_eq!(offered.contains(&entry.name.as_str()), is_tenants, "{}", entry.name.as_str());
            if is_tenants { theirs += 1 } else { others += 1 }
        }
        assert!(theirs == offered.len() && others > 0);
    }
}
