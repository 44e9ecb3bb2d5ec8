//! The list: each client once, whatever the sort, the direction and the filter; and cursors that
//! work for what they were made for only.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Admin, PATH, refusal};
use crate::world::World;

async fn fill(world: &World) -> BTreeSet<String> {
    let admin = Admin::of(world, &world.a).await;
    for n in 0..7 {
        let body = json!({
            "appType": if n % 2 == 0 { "web" } else { "spa" },
            "clientName": format!("Client {} \"{n}\" 100%_", if n < 3 { "Ä" } else { "ä" }),
            "redirectUris": ["https://app.example/cb"],
        });
        admin.post("", &body).await.expect(201);
    }
    let all = admin.get("?limit=100").await.expect(200).json();
    all["data"].as_array().expect("clients").iter().map(id).collect()
}

fn id(client: &Value) -> String {
    client["clientId"].as_str().expect("an id").to_owned()
}

fn path_of(link: &Value) -> Option<String> {
    let href = link["href"].as_str()?;
    Some(href.strip_prefix(&format!("https://a.test{PATH}")).expect("of this list").to_owned())
}

both! {
    async fn each_client_is_on_one_page(world) {
        let all = fill(&world).await;
        let admin = Admin::of(&world, &world.a).await;
        for by in ["clientId", "clientName", "appType", "tenantId", "createdAt", "updatedAt", "consentMethod", "lastUsedAt"] {
            for sign in ["%2B", "-"] {
                let (mut seen, mut last) = (Vec::new(), None);
                let mut next = Some(format!("?limit=3&sort={sign}{by}"));
                while let Some(path) = next {
                    let page = admin.get(&path).await.expect(200).json();
                    seen.extend(page["data"].as_array().expect("clients").iter().map(id));
                    next = path_of(&page["links"]["next"]);
                    last = Some(page);
                }
                assert_eq!(seen.len(), all.len(), "{sign}{by}");
                assert_eq!(seen.iter().cloned().collect::<BTreeSet<_>>(), all, "{sign}{by}");
                let mut back: Vec<String> = Vec::new();
                let mut page = last.expect("a page");
                loop {
                    let ids: Vec<String> = page["data"].as_array().expect("clients").iter().map(id).collect();
                    back.splice(0..0, ids);
                    let Some(path) = path_of(&page["links"]["prev"]) else { break };
                    page = admin.get(&path).await.expect(200).json();
                }
                assert_eq!(back, seen, "{sign}{by}, backwards");
            }
        }
    }

    async fn filters_find_what_they_say(world) {
        fill(&world).await;
        let admin = Admin::of(&world, &world.a).await;
        for (filter, count) in [
            (r#"clientName sw "client ä""#, 7),
            (r#"clientName co "100%_""#, 7),
            (r#"clientName co "100%x""#, 0),
            (r#"clientName ew "%_" and appType eq "spa""#, 3),
            (r#"clientName co "\"4\"""#, 1),
            (r#"not (appType eq "web") and clientName sw "client""#, 3),
            (r#"publishedAt pr"#, 0),
        ] {
            let query: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
            let page = admin.get(&format!("?totalResults=true&limit=2&filter={query}")).await;
            let page = page.expect(200).json();
            assert_eq!(page["totalResults"], count, "{filter}");
        }
        for wrong in ["secret%20eq%20%22x%22", "clientName%20eq", "("] {
            let answer = admin.get(&format!("?filter={wrong}")).await;
            assert_eq!(refusal(&answer, 400), ("OAUTH-CLIENTS-3".to_owned(), "filter".to_owned()));
        }
    }

    async fn a_cursor_is_good_for_its_list_only(world) {
        fill(&world).await;
        let admin = Admin::of(&world, &world.a).await;
        let page = admin.get("?limit=2&sort=-createdAt").await.expect(200).json();
        let next = path_of(&page["links"]["next"]).expect("more");
        let cursor = next.rsplit_once("next=").expect("a cursor").1.to_owned();
        admin.get(&next).await.expect(200);
        for path in [
            format!("?limit=2&sort=%2BclientName&next={cursor}"),
            format!("?limit=2&sort=-createdAt&filter=appType%20eq%20%22web%22&next={cursor}"),
            format!("?limit=2&sort=-createdAt&next={}", &cursor[..cursor.len() - 2]),
            format!("?limit=2&sort=-createdAt&next=x{}", &cursor[1..]),
            "?next=nonsense".to_owned(),
        ] {
            let answer = admin.get(&path).await;
            assert_eq!(refusal(&answer, 400), ("OAUTH-CLIENTS-3".to_owned(), "next".to_owned()), "{path}");
        }
        let stranger = Admin::of(&world, &world.b).await;
        let answer = stranger.get(&next).await;
        assert_eq!(refusal(&answer, 400).1, "next", "another tenant's cursor");
        let users = world.get(&world.a, &format!("/api/v1/users?limit=2&next={cursor}"));
        let token = world.machine_token(&world.a).await;
        assert_eq!(refusal(&users.bearer(&token).send().await, 400).1, "next", "another list's");
    }
}
