//! Administrators who take the console from themselves are told first that it is them.

use super::users::{administrator, keeper};
use crate::browser::Browser;
use crate::call::Answer;
use crate::html::{self, Form};
use crate::world::{Person, World};

const ALL: [(&str, &str); 2] = [
    ("en", "This is you: you will no longer be able to open this console."),
    ("de", "Das sind Sie: Sie können diese Konsole dann nicht mehr öffnen."),
];
const PART: [(&str, &str); 2] = [
    ("en", "This is you: you will no longer be able to open most of this console."),
    ("de", "Das sind Sie: Sie können dann den größten Teil dieser Konsole nicht mehr öffnen."),
];
const END: [(&str, &str); 2] =
    [("en", "This is you: you will be signed out"), ("de", "Das sind Sie: Sie werden abgemeldet")];

fn path(person: &Person) -> String {
    format!("/admin/users/{}", person.id)
}

async fn user_form(browser: &mut Browser, person: &Person) -> Form {
    html::form_with(browser.get(&path(person)).await.expect(200).text(), "user-form")
}

/// Bob administers, too; the id of the role.
async fn with_another(browser: &mut Browser, world: &World) -> String {
    let role = user_form(browser, &world.a.admin).await.field("assignedRoles").map(str::to_owned);
    let role = role.expect("the role");
    let form = user_form(browser, &world.a.bob).await.forged("assignedRoles", &role);
    assert!(
        browser.submit(&form).await.location().ends_with("user-saved"),
        "others' need no question"
    );
    role
}

/// Sends a form in both languages: each asks, and nothing is changed. The answer to the question.
async fn asked(
    world: &World,
    browser: &mut Browser,
    form: &Form,
    words: [(&str, &str); 2],
) -> Form {
    let before = world.facts().await;
    let mut answer = None;
    for (language, told) in words {
        let call = browser.form_call(form).header("accept-language", language);
        let page = browser.send(call).await;
        assert!(page.expect(200).text().contains(told), "{told}: {}", page.text());
        answer = Some(html::form_with(page.text(), "own-loss-go-on"));
    }
    assert_eq!(world.facts().await, before, "nothing was changed");
    answer.expect("a question")
}

async fn is_out(browser: &mut Browser) -> bool {
    browser.get("/admin/users").await.status == 403
}

fn panel_says(page: &Answer, words: &str) -> bool {
    page.expect(200).text().contains(words)
}

both! {
    async fn a_role_of_ones_own_goes_only_after_a_question(world) {
        let mut browser = administrator(&world).await;
        with_another(&mut browser, &world).await;
        let form = user_form(&mut browser, &world.a.admin).await.with("name", "Typed \"before\"");
        let form = form.without("assignedRoles");
        let answer = asked(&world, &mut browser, &form, ALL).await;
        assert_eq!(answer.field("name"), Some("Typed \"before\""), "nothing typed is lost");
        // Something else that a form "loses" is no answer to this.
        for loses in ["", "secret 00000", "console "] {
            let other = form.clone().forged("loses", loses);
            asked(&world, &mut browser, &other, ALL).await;
        }
        browser.submit(&answer).await.expect(303);
        assert!(is_out(&mut browser).await);
    }

    async fn the_last_administrator_is_refused_and_not_asked(world) {
        let mut browser = administrator(&world).await;
        let form = user_form(&mut browser, &world.a.admin).await.without("assignedRoles");
        let refused = browser.submit(&form).await;
        assert!(!html::has_id(refused.expect(409).text(), "own-loss-go-on"));
        let known = browser.submit(&form.forged("loses", "console")).await;
        known.expect(409);
    }

    async fn a_group_that_gives_the_role_is_left_emptied_and_deleted_only_after_a_question(world) {
        let mut browser = administrator(&world).await;
        let role = with_another(&mut browser, &world).await;
        let new = html::form_with(browser.get("/admin/groups/new").await.text(), "group-form");
        let made = browser.submit(&new.with("name", "Chiefs").forged("assignedRoles", &role)).await;
        let group = made.location().split('?').next().expect("a path").to_owned();
        let id = group.rsplit('/').next().expect("an id").to_owned();
        // From the role to the group: nothing is lost, nothing is asked.
        let own = user_form(&mut browser, &world.a.admin).await;
        let moved = own.without("assignedRoles").forged("assignedGroups", &id);
        assert!(browser.submit(&moved).await.location().ends_with("user-saved"));
        let leave = user_form(&mut browser, &world.a.admin).await.without("assignedGroups");
        asked(&world, &mut browser, &leave, ALL).await;
        let empty = html::form_with(browser.get(&group).await.text(), "group-form");
        asked(&world, &mut browser, &empty.without("assignedRoles"), ALL).await;
        let panel = browser.get(&format!("{group}/delete")).await;
        let delete = html::form_with(panel.text(), "group-delete");
        let answer = asked(&world, &mut browser, &delete, ALL).await;
        assert!(browser.submit(&answer).await.location().ends_with("group-deleted"));
        assert!(is_out(&mut browser).await);
    }

    async fn whoever_keeps_a_part_of_the_console_is_told_so(world) {
        let mut browser = administrator(&world).await;
        let role = with_another(&mut browser, &world).await;
        let person = keeper(&world, &world.a).await;
        let form = user_form(&mut browser, &person).await;
        browser.submit(&form.and("assignedRoles", &role)).await.expect(303);
        let mut own = world.browser(&world.a);
        own.sign_in(&person).await;
        let form = user_form(&mut own, &person).await;
        let keepers = form.pairs().into_iter().find(|(name, id)| *name == "assignedRoles" && *id != role);
        let keepers = keepers.expect("the other role").1.to_owned();
        let form = form.without("assignedRoles").forged("assignedRoles", &keepers);
        let answer = asked(&world, &mut own, &form, PART).await;
        own.submit(&answer).await.expect(303);
        assert!(!is_out(&mut own).await && own.get("/admin/clients").await.status == 403);
    }

    async fn the_panels_of_ones_own_user_say_so(world) {
        let mut browser = administrator(&world).await;
        with_another(&mut browser, &world).await;
        let (own, bob) = (path(&world.a.admin), path(&world.a.bob));
        for what in ["status", "delete"] {
            for (language, words) in END {
                for (user, says) in [(&own, true), (&bob, false)] {
                    let call = browser.call("GET", &format!("{user}/{what}"));
                    let page = browser.send(call.header("accept-language", language)).await;
                    assert_eq!(panel_says(&page, words), says, "{user} {what}: {}", page.text());
                }
            }
            // A panel that did not say so, such as one that was open before, does nothing.
            let before = world.facts().await;
            let action = format!("{own}/{what}");
            let panel = browser.get(&action).await;
            let blind = html::form_to(panel.text(), &action, &[]).without("loses");
            let refused = browser.submit(&blind).await;
            assert!(html::has_id(refused.expect(409).text(), "panel-wrong"));
            assert!(refused.text().contains(ALL[0].1));
            assert_eq!(world.facts().await, before);
        }
        let action = format!("{own}/status");
        let form = html::form_to(browser.get(&action).await.text(), &action, &[]);
        browser.submit(&form).await.expect(303);
        assert_eq!(browser.get("/admin/users").await.status, 303, "signed out");
    }
}
