//! The links of the document lead from what was made to what can be done with it.

use std::collections::BTreeSet;

use countersign::api::openapi::document;
use serde_json::{Value, json};

use super::{operations, resolved};
use crate::call::Answer;
use crate::world::World;

/// A link: the operation whose answer has it, the status of that answer, and what it says.
struct Link {
    from: (String, &'static str),
    status: u16,
    name: &'static str,
    said: &'static Value,
}

fn links() -> Vec<Link> {
    let mut all = Vec::new();
    for (from, operation) in operations() {
        for (status, answer) in operation["responses"].as_object().expect("answers") {
            for (name, said) in resolved(answer)["links"].as_object().into_iter().flatten() {
                let status = status.parse().expect("a status");
                all.push(Link { from: from.clone(), status, name: name.as_str(), said });
            }
        }
    }
    all
}

/// Where a link leads: method and path.
fn target(link: &Link) -> (String, &'static str) {
    let id = &link.said["operationId"];
    let found = operations().into_iter().find(|(_, one)| one["operationId"] == *id);
    found.unwrap_or_else(|| panic!("{:?} {} leads to {id}", link.from, link.name)).0
}

/// The address of a link after an answer.
fn address(link: &Link, answer: &Value) -> String {
    let (_, path) = target(link);
    let mut address = path.to_owned();
    for (name, expression) in link.said["parameters"].as_object().expect("parameters") {
        let place = expression.as_str().and_then(|text| text.strip_prefix("$response.body#"));
        let value = answer.pointer(place.expect("a place in the body")).and_then(Value::as_str);
        let value = value.unwrap_or_else(|| panic!("no {expression} in {answer}"));
        address = address.replace(&format!("{{{name}}}"), value);
    }
    address
}

#[test]
fn every_link_gives_its_target_all_that_the_address_needs() {
    let links = links();
    assert!(links.len() > 15, "{}", links.len());
    for link in &links {
        let (_, path) = target(link);
        let needed = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        let given = link.said["parameters"].as_object().expect("parameters");
        let given: BTreeSet<&str> = given.keys().map(String::as_str).collect();
        assert_eq!(given, needed.collect(), "{:?} {}", link.from, link.name);
    }
}

#[test]
fn whatever_is_made_can_be_read_changed_and_deleted_by_a_link() {
    let paths = document().value["paths"].as_object().expect("paths");
    for (path, methods) in paths.iter().filter(|(path, _)| path.starts_with("/api/v1/")) {
        // What has an address of its own, below the list that it is made in.
        let (list, last) = path.rsplit_once('/').expect("a path");
        let is_made = paths.get(list).is_some_and(|methods| methods.get("post").is_some());
        if !is_made || !last.starts_with('{') {
            continue;
        }
        let methods = methods.as_object().expect("methods").keys().cloned();
        let wanted: BTreeSet<String> = methods.collect();
        let links = links();
        let from_list = links.iter().filter(|link| link.from == ("post".to_owned(), list));
        let led = from_list.map(target).filter(|(_, to)| *to == path.as_str());
        let led: BTreeSet<String> = led.map(|(method, _)| method).collect();
        assert_eq!(led, wanted, "{path}");
    }
}

/// Makes one of what an operation makes.
async fn make(world: &World, token: &str, path: &str) -> Answer {
    let body = match path {
        "/api/v1/oauth-clients" => json!({ "appType": "web", "clientName": "Linked" }),
        "/api/v1/users" => json!({ "subject": "linked" }),
        "/api/v1/groups" | "/api/v1/roles" => json!({ "name": "Linked" }),
        "/api/v1/api-keys" => json!({ "description": "Linked" }),
        "/api/v1/oauth-clients/{id}/client-secrets" => {
            let path = format!("/api/v1/oauth-clients/{}/client-secrets", world.a.web.id());
            return world.post(&world.a, &path).bearer(token).json(&json!({})).send().await;
        }
        other => panic!("how is {other} called?"),
    };
    world.post(&world.a, path).bearer(token).json(&body).send().await
}

/// The document's own example of a patch.
fn example(path: &str) -> &'static Value {
    let body = &document().value["paths"][path]["patch"]["requestBody"];
    &body["content"]["application/json"]["example"]
}

both! {
    async fn a_link_followed_finds_what_was_made(world) {
        let token = world.machine_token(&world.a).await;
        let sources: BTreeSet<_> = links().into_iter().map(|link| link.from.1).collect();
        for source in sources {
            let mut ours: Vec<_> = links().into_iter().filter(|link| link.from.1 == source).collect();
            // What deletes comes last, what is below an address before the address itself.
            ours.sort_by_key(|link| {
                let (method, path) = target(link);
                (method == "delete", std::cmp::Reverse(path.len()))
            });
            let answer = make(&world, &token, source).await;
            let made = answer.expect(ours[0].status).json();
            for link in ours {
                let (method, path) = target(&link);
                // The first secret of the client that was just made may be the last one.
                let force = if link.name == "deleteSecret" { "?force=true" } else { "" };
                let place = format!("{}{force}", address(&link, &made));
                let call = world.call(&method.to_uppercase(), &world.a.host, &place);
                let call = match method.as_str() {
                    "patch" => call.json(example(path)),
                    _ => call,
                };
                let answer = call.bearer(&token).send().await;
                assert!(answer.status < 300, "{method} {place}: {} {}", answer.status, answer.text());
            }
        }
    }
}
