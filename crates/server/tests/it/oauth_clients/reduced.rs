//! What somebody who does not manage clients sees of them, and that filters and sorts tell no more.

use std::collections::BTreeSet;

use engine::admin::client::CLIENTS;
use serde_json::{Value, json};

use super::{Admin, PATH, refusal};
use crate::call::{Answer, encode};
use crate::world::World;

/// The members of a client that is neither published nor switched off.
pub const SEEN_BY_ALL: &[&str] = &[
    "allowedAuthMethods",
    "allowedGrantTypes",
    "allowedScopes",
    "appType",
    "clientId",
    "clientName",
    "clientUri",
    "connectionConfig",
    "createdAt",
    "createdByType",
    "description",
    "logoUri",
    "ownerId",
    "policyUri",
    "tosUri",
    "updatedAt",
];

/// What only who manages the client sees beside them.
const HIDDEN: &[&str] = &[
    "allowedOrigins",
    "clientSecrets",
    "createdBy",
    "idTokenSignedResponseAlg",
    "jwksUri",
    "postLogoutRedirectUris",
    "publicKeys",
    "redirectUris",
    "requirePkce",
];

/// Where the reduced view shows what an attribute of filters means.
fn shown(attribute: &str) -> Option<&'static str> {
    Some(match attribute {
        "clientId" => "/clientId",
        "clientName" => "/clientName",
        "appType" => "/appType",
        "tenantId" => "/ownerId",
        "createdByType" => "/createdByType",
        "createdAt" => "/createdAt",
        "updatedAt" => "/updatedAt",
        "publishedAt" => "/publishedAt",
        "disableTag" => "/disableTag",
        "consentMethod" => "/connectionConfig/consentMethod",
        _ => return None,
    })
}

/// Alice, who has no role, through an app that may act as her.
struct Person<'w> {
    world: &'w World,
    token: String,
}

impl<'w> Person<'w> {
    async fn of(world: &'w World) -> Self {
        let tokens = world.tokens(&world.a, &world.a.web, "user_default").await;
        Self { world, token: tokens.access().to_owned() }
    }

    async fn get(&self, rest: &str) -> Answer {
        let path = format!("{PATH}{rest}");
        self.world.get(&self.world.a, &path).bearer(&self.token).send().await
    }

    async fn list(&self, query: &[(&str, &str)]) -> Answer {
        self.get(&format!("?{}", encode(query))).await
    }
}

fn members(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// Publishes one client and switches another off, so that every attribute has a value somewhere.
async fn with_all_attributes(world: &World) {
    let admin = Admin::of(world, &world.a).await;
    let publish = format!("/{}/actions/publish", world.a.spa.id());
    admin.call("POST", &publish).send().await.expect(201);
    let off = json!([{ "op": "add", "path": "/disableTag", "value": "left" }]);
    admin.patch(&format!("/{}", world.a.native.id()), &off).await.expect(204);
}

both! {
    async fn others_see_these_members_of_a_client_and_no_more(world) {
        let (admin, alice) = (Admin::of(&world, &world.a).await, Person::of(&world).await);
        let usual: BTreeSet<&str> = SEEN_BY_ALL.iter().copied().collect();
        let whole: BTreeSet<&str> = usual.iter().chain(HIDDEN).copied().collect();
        for app in [&world.a.web, &world.a.m2m, &world.a.spa, &world.a.native] {
            let one = format!("/{}", app.id());
            let (seen, all) = (alice.get(&one).await, admin.get(&one).await);
            let (seen, all) = (seen.expect(200).json(), all.expect(200).json());
            assert_eq!(members(&seen), usual);
            assert_eq!(members(&all), whole);
            assert!(usual.iter().all(|name| seen[*name] == all[*name]), "{seen} {all}");
            let page = alice.list(&[("filter", &format!("clientId eq \"{}\"", app.id()))]).await;
            assert_eq!(page.expect(200).json()["data"], json!([seen]), "the list says the same");
        }
        with_all_attributes(&world).await;
        let more = |app: &crate::world::App| format!("/{}", app.id());
        let spa = alice.get(&more(&world.a.spa)).await.expect(200).json();
        let native = alice.get(&more(&world.a.native)).await.expect(200).json();
        let beside = |value| members(value).difference(&usual).map(|one| (*one).to_owned()).collect();
        let (of_spa, of_native): (Vec<String>, Vec<String>) = (beside(&spa), beside(&native));
        assert_eq!((of_spa, of_native), (vec!["publishedAt".to_owned()], vec!["disableTag".to_owned()]));
    }

    async fn a_filter_or_sort_tells_nothing_that_is_not_shown(world) {
        with_all_attributes(&world).await;
        let alice = Person::of(&world).await;
        let page = alice.list(&[("limit", "100")]).await.expect(200).json();
        let clients = page["data"].as_array().expect("data");
        for attribute in CLIENTS.attributes {
            let name = attribute.name;
            let present = alice.list(&[("filter", &format!("{name} pr")), ("limit", "100")]).await;
            let absent = alice.list(&[("filter", &format!("not ({name} pr)"))]).await;
            match shown(name) {
                // What it finds is what is seen.
                Some(place) => {
                    let found = present.expect(200).json();
                    let found = found["data"].as_array().expect("data").len();
                    let seen = clients.iter().filter(|one| one.pointer(place).is_some()).count();
                    assert!(found == seen && seen > 0, "{name}: {found} {seen}");
                    absent.expect(200);
                }
                None => {
                    for answer in [present, absent] {
                        assert_eq!(refusal(&answer, 400), ("OAUTH-CLIENTS-3".into(), "filter".into()));
                    }
                }
            }
        }
        for name in CLIENTS.sorts {
            for sign in ["+", "-", ""] {
                let answer = alice.list(&[("sort", &format!("{sign}{name}"))]).await;
                match shown(name) {
                    Some(_) => {
                        answer.expect(200);
                    }
                    None => assert_eq!(refusal(&answer, 400).1, "sort", "{name}"),
                }
            }
        }
    }

    async fn what_is_hidden_is_no_attribute_for_anybody(world) {
        let (admin, alice) = (Admin::of(&world, &world.a).await, Person::of(&world).await);
        let of_secrets = ["clientSecrets.hint", "clientSecrets.label", "secret", "hint"];
        for name in HIDDEN.iter().copied().chain(of_secrets) {
            for filter in [format!("{name} pr"), format!("{name} sw \"a\""), format!("not ({name} eq \"a\")")] {
                let query = encode(&[("filter", &filter)]);
                for answer in [admin.get(&format!("?{query}")).await, alice.get(&format!("?{query}")).await] {
                    assert_eq!(refusal(&answer, 400).1, "filter", "{filter}");
                }
            }
            for answer in [admin.get(&format!("?sort={name}")).await, alice.get(&format!("?sort={name}")).await] {
                assert_eq!(refusal(&answer, 400).1, "sort", "{name}");
            }
        }
    }

    async fn an_administrators_cursor_opens_nothing_for_others(world) {
        let (admin, alice) = (Admin::of(&world, &world.a).await, Person::of(&world).await);
        let page = admin.get("?limit=1&sort=-lastUsedAt").await.expect(200).json();
        let next = page["links"]["next"]["href"].as_str().expect("more than one");
        let cursor = next.rsplit_once("next=").expect("a cursor").1;
        for (query, place) in [
            (format!("?limit=1&sort=-lastUsedAt&next={cursor}"), "sort"),
            (format!("?limit=1&next={cursor}"), "next"),
        ] {
            assert_eq!(refusal(&alice.get(&query).await, 400).1, place);
        }
    }
}
