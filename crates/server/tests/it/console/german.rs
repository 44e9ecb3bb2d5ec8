//! The whole console in German: no English is left on any page, whatever its address asks for.

use std::collections::BTreeMap;

use countersign::router::endpoints;

use super::desk::{administrator, ask, path};
use crate::browser::Browser;
use crate::call::Answer;
use crate::{gate, html};

async fn in_german(browser: &mut Browser, path: &str) -> Answer {
    let call = browser.call("GET", path).header("accept-language", "de");
    browser.send(call).await
}

/// Words that no German sentence has.
const ENGLISH: [&str; 12] =
    ["the", "is", "of", "and", "or", "with", "this", "to", "not", "are", "has", "at"];

/// English sentences of a page: what stands in the elements that hold neither names nor code.
fn english(page: &str) -> Vec<String> {
    let is_prose = |tag: &html::Tag| {
        !matches!(tag.name.as_str(), "bdi" | "code" | "script" | "style" | "option")
    };
    let has_english = |text: &String| {
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        words.any(|word| ENGLISH.contains(&word))
    };
    html::tags(page).into_iter().filter(is_prose).map(|tag| tag.text).filter(has_english).collect()
}

/// What each button that copies is called, by what it copies.
fn copies(page: &str) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    // What a menu of a client offers is about that client.
    for tag in html::tags(page).iter().filter(|tag| tag.get("class") == Some("copy")) {
        let value = tag.get("data-copy").expect("what it copies").to_owned();
        let name = tag.get("aria-label").expect("a name").to_owned();
        let known = names.insert(value, name.clone());
        assert!(known.is_none_or(|known| known == name), "{name}: two names of one value");
    }
    names
}

/// What addresses that were mistyped, made up or kept too long ask for.
const ODD: [&str; 8] = [
    "",
    "?sort=nonsense",
    "?next=nonsense",
    "?prev=nonsense",
    "?status=nonsense&type=nonsense&consent=nonsense&role=%3Cb%3E&group=x&kind=x",
    "?from=yesterday&until=tomorrow&event=nonsense&actor=x&client=x&subject=x",
    "?users=nonsense&history=nonsense&user=nonsense&id=nonsense&ids=nonsense",
    "?done=nonsense&returnto=nonsense&q=%FF",
];

both! {
    async fn no_page_of_the_console_has_english_left(world) {
        let app = &world.a.m2m;
        assert_eq!(ask(&world, app, "wrong").await, 401);
        let mut browser = administrator(&world).await;
        let pages = endpoints().into_iter().filter(|one| one.method == "GET" && one.path.starts_with("/admin"));
        let mut seen = 0;
        for endpoint in pages {
            for odd in ODD {
                let address = format!("{}{odd}", gate::path(&endpoint, &world.a));
                let answer = in_german(&mut browser, &address).await;
                if answer.header("content-type").is_none_or(|kind| !kind.starts_with("text/html")) {
                    continue;
                }
                seen += 1;
                assert!(answer.status < 500, "{address}: {}", answer.status);
                let left = english(answer.text());
                assert!(left.is_empty(), "{address}: {left:?}");
            }
        }
        assert!(seen > 100, "{seen}");
        // The words of the check are those of English pages.
        assert!(!english(browser.get("/admin/clients").await.text()).is_empty());
    }

    async fn lists_say_in_german_what_is_wrong_with_an_address(world) {
        let mut browser = administrator(&world).await;
        let (sort, page, filter) = (
            "Sortierung: Möglich sind + oder - und eines davon: ",
            "Seite: Dieser Verweis gehört zu keiner Seite dieser Liste",
            "Diese Adresse schränkt die Liste auf etwas ein, das es nicht gibt.",
        );
        for (path, words) in [
            ("/admin/clients?sort=nonsense", sort),
            ("/admin/users?sort=nonsense", sort),
            ("/admin/groups?sort=nonsense", sort),
            ("/admin/roles?sort=nonsense", sort),
            ("/admin/clients?next=nonsense", page),
            ("/admin/users?prev=nonsense", page),
            ("/admin/audit?next=nonsense", page),
            ("/admin/clients?type=%3Cb%3E", filter),
            ("/admin/users?status=nonsense", filter),
            ("/admin/audit?from=nonsense", "Von: Nötig ist ein Tag wie 2027-01-31."),
        ] {
            let answer = in_german(&mut browser, path).await;
            assert!(answer.expect(400).text().contains(words), "{path}: {}", answer.text());
            assert!(!answer.text().contains("<b>"), "{path}");
        }
        let english = browser.get("/admin/users?next=nonsense").await;
        assert!(english.text().contains("Page: is no cursor of this list"), "{}", english.text());
    }

    async fn a_button_that_copies_says_what(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        let (client, user) = (path(&a.m2m, ""), format!("/admin/users/{}", a.bob.id));
        let configuration = path(&a.m2m, "/configuration");
        for (language, address, words) in [
            ("en", "/admin/clients", format!("Copy client ID of {}", a.m2m.client.name)),
            ("de", "/admin/clients", format!("Client-ID kopieren: {}", a.m2m.client.name)),
            ("en", &client, format!("Copy client ID of {}", a.m2m.client.name)),
            ("en", &configuration, "Copy: Issuer".to_owned()),
            ("de", &configuration, "Kopieren: Discovery-Dokument".to_owned()),
            ("en", &user, "Copy subject of Full bob".to_owned()),
            ("de", &user, "ID kopieren: Full bob".to_owned()),
            ("de", "/admin/settings", "Kopieren: Aussteller".to_owned()),
        ] {
            let call = browser.call("GET", address).header("accept-language", language);
            let page = browser.send(call).await;
            let names = copies(page.expect(200).text());
            assert!(names.values().any(|name| *name == words), "{address}: {words}: {names:?}");
            let different: std::collections::BTreeSet<_> = names.values().collect();
            assert_eq!(different.len(), names.len(), "{address}: {names:?}");
        }
    }

    async fn refusals_of_a_client_are_explained_in_german(world) {
        let app = &world.a.m2m;
        let wrong = format!("{}x{}", &app.secret[..4], &app.secret[5..]);
        for secret in ["wrong", &wrong] {
            assert_eq!(ask(&world, app, secret).await, 401);
        }
        let mut browser = administrator(&world).await;
        let page = in_german(&mut browser, &path(app, "")).await;
        for words in [
            "<h3>Unbekanntes Client-Secret</h3>",
            "Kein Secret dieses Clients endet wie das gesendete",
            "<h3>Falsches Client-Secret</h3>",
            ">Falsches Client-Secret</th>",
        ] {
            assert!(page.expect(200).text().contains(words), "{words}: {}", page.text());
        }
        let english = browser.get(&path(app, "")).await;
        assert!(english.text().contains("<h3>Wrong client secret</h3>"), "{}", english.text());
    }
}
