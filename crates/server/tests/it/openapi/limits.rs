//! What the document says about a field, the server does: what just fits is taken, and what is one
//! over is refused with the field's place. The cases are read from the document, so that neither
//! can be changed without the other.

use std::collections::BTreeSet;

use countersign::api::openapi::{Document, document};
use engine::Settings;
use serde_json::{Value, json};

use super::{of_api, resolved};
use crate::call::{Answer, Call};
use crate::oauth_clients::keys::key;
use crate::oauth_clients::{Admin, refusal};
use crate::world::World;

const CLIENTS: &str = "/api/v1/oauth-clients";

/// One thing that the document says about a field.
struct Case {
    keyword: &'static str,
    /// What fits by it.
    fits: Vec<Value>,
    /// What does not.
    over: Vec<Value>,
}

impl Case {
    fn new(keyword: &'static str, fits: Vec<Value>, over: Vec<Value>) -> Self {
        Self { keyword, fits, over }
    }
}

/// A schema itself, where it is a reference or may be null.
fn real(schema: &'static Value) -> &'static Value {
    let schema = resolved(schema);
    let choices = schema["oneOf"].as_array().map_or(&[][..], Vec::as_slice);
    match choices.iter().find(|one| one["type"] != "null") {
        Some(one) => real(one),
        None => schema,
    }
}

/// The fields of a body, by their places, those of objects within it included.
fn fields(schema: &'static Value, within: &str) -> Vec<(String, &'static Value)> {
    let mut all = Vec::new();
    for (name, member) in real(schema)["properties"].as_object().into_iter().flatten() {
        let (place, member) = (format!("{within}/{name}"), real(member));
        match member["properties"].is_object() {
            true => all.extend(fields(member, &place)),
            false => all.push((place, member)),
        }
    }
    all
}

/// A list of the words that a schema names; null is none.
fn words(schema: &Value) -> Option<Vec<Value>> {
    let words = schema["enum"].as_array()?;
    Some(words.iter().filter(|word| !word.is_null()).cloned().collect())
}

/// A text so long that would do in a field, where one can.
fn text(field: &str, length: usize) -> Option<Value> {
    let filled = |start: &str, end: &str, with: &str| {
        let rest = length.checked_sub(start.len() + end.len())?;
        Some(json!(format!("{start}{}{end}", with.repeat(rest))))
    };
    match field {
        "allowedOrigins" => {
            let letter = |at: usize| if at % 51 == 50 && at + 1 < length - 8 { '.' } else { 'a' };
            let host: String = (0..length.checked_sub(8)?).map(letter).collect();
            (!host.is_empty()).then(|| json!(format!("https://{host}")))
        }
        "picture" | "redirectUris" | "postLogoutRedirectUris" => {
            filled("https://app.example/", "", "a")
        }
        _ if field.ends_with("Uri") => filled("https://app.example/", "", "a"),
        "email" => filled("a", "@example.com", "a"),
        "filter" => filled("name eq \"", "\"", "a"),
        "subject" => filled("", "", "s"),
        // Whether there is such a scope is the catalogue's to say.
        "allowedScopes" | "assignedScopes" => None,
        // Two bytes each: characters are counted, not bytes.
        _ => Some(json!("ä".repeat(length))),
    }
}

/// The item of a list that it could hold at a place.
fn item(field: &str, index: usize) -> Value {
    match field {
        "redirectUris" | "postLogoutRedirectUris" => json!(format!("https://app.example/{index}")),
        "allowedOrigins" => json!(format!("https://{index}.app.example")),
        "allowedScopes" | "assignedScopes" => json!("user_default"),
        "allowedGrantTypes" => json!("client_credentials"),
        "allowedAuthMethods" => json!("client_secret"),
        "publicKeys" => key(&format!("key {index}")),
        "invitees" => json!({ "email": format!("{index}@invited.example") }),
        "assignedRoles" => json!({ "name": "DataSpaceCreator" }),
        "assignedGroups" => json!({ "name": "Limited" }),
        other => panic!("what does {other} hold?"),
    }
}

fn items(field: &str, count: usize) -> Value {
    (0..count).map(|index| item(field, index)).collect()
}

/// What a pattern lets through, and what it does not.
fn patterned(field: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    match field {
        "subject" => (vec!["idp|x-1"], vec!["a b", "é", "\u{7f}"]),
        "picture" => {
            (vec!["https://people.example/x.png"], vec!["http://x.example/y", "x.png", ""])
        }
        "expiry" => (vec!["P30D", "PT1H1M"], vec!["1 day", "P-1D", "PT1.5H", "p1d", ""]),
        other => panic!("what does the pattern of {other} say?"),
    }
}

fn number(schema: &Value, keyword: &str) -> Option<usize> {
    let number = schema[keyword].as_u64()?;
    Some(usize::try_from(number).expect("a length"))
}

/// The cases of a text.
fn of_text(field: &str, schema: &Value) -> Vec<Case> {
    let mut all = Vec::new();
    let fits = |length| text(field, length).into_iter().collect();
    if let Some(most) = number(schema, "maxLength") {
        let over = text(field, most + 1).unwrap_or_else(|| json!("x".repeat(most + 1)));
        all.push(Case::new("maxLength", fits(most), vec![over]));
    }
    if let Some(least) = number(schema, "minLength") {
        let over = json!("x".repeat(least - 1));
        all.push(Case::new("minLength", fits(least), vec![over]));
    }
    if let Some(words) = words(schema) {
        all.push(Case::new("enum", words, vec![json!("no-such-word"), json!("")]));
    }
    if schema.get("pattern").is_some() {
        let (fits, over) = patterned(field);
        let json = |texts: Vec<&str>| texts.into_iter().map(|text| json!(text)).collect();
        all.push(Case::new("pattern", json(fits), json(over)));
    }
    all
}

/// The cases of a list, and of what is in it.
fn of_list(field: &str, schema: &Value) -> Vec<Case> {
    let mut all = Vec::new();
    if let Some(most) = number(schema, "maxItems") {
        let (fits, over) = (items(field, most), items(field, most + 1));
        all.push(Case::new("maxItems", vec![fits], vec![over]));
    }
    if let Some(least) = number(schema, "minItems") {
        let (fits, over) = (items(field, least), items(field, least - 1));
        all.push(Case::new("minItems", vec![fits], vec![over]));
    }
    if schema["uniqueItems"] == true {
        let one = item(field, 0);
        all.push(Case::new("uniqueItems", vec![], vec![json!([one, one])]));
    }
    for name in schema["items"]["required"].as_array().into_iter().flatten() {
        let mut less = item(field, 0);
        less.as_object_mut().expect("an object").remove(name.as_str().expect("a name"));
        all.push(Case::new("required", vec![], vec![json!([less])]));
    }
    for one in of_text(field, &schema["items"]) {
        let listed = |values: Vec<Value>| values.into_iter().map(|value| json!([value])).collect();
        all.push(Case::new(one.keyword, listed(one.fits), listed(one.over)));
    }
    all
}

fn cases(field: &str, schema: &Value) -> Vec<Case> {
    match schema["items"].is_object() {
        true => of_list(field, schema),
        false => of_text(field, schema),
    }
}

/// A body that is taken as it is, before its field gets a value; no two have the same name.
fn body(path: &str, field: &str, turn: usize) -> Value {
    let name = format!("Limited {turn}");
    match path {
        CLIENTS if field == "allowedOrigins" => json!({ "appType": "spa", "clientName": name }),
        CLIENTS if matches!(field, "jwksUri" | "publicKeys") => json!({
            "appType": "web", "clientName": name, "allowedAuthMethods": ["private_key_jwt"],
        }),
        CLIENTS => json!({ "appType": "web", "clientName": name }),
        "/api/v1/oauth-clients/{id}/client-secrets" => json!({}),
        "/api/v1/users" => json!({ "subject": format!("limited-{turn}") }),
        "/api/v1/users/actions/invite" => json!({ "invitees": [{ "email": "a@b.example" }] }),
        "/api/v1/groups" | "/api/v1/roles" => json!({ "name": name }),
        "/api/v1/api-keys" => json!({ "description": name }),
        other if other.ends_with("/actions/filter") => json!({ "filter": "name pr" }),
        other => panic!("how is {other} called?"),
    }
}

/// Sends bodies to the operations of the API.
struct Sender<'w> {
    world: &'w World,
    token: String,
    turn: usize,
}

impl<'w> Sender<'w> {
    async fn of(world: &'w World) -> Self {
        let token = world.machine_token(&world.a).await;
        let sender = Self { world, token, turn: 0 };
        let group = sender.call("POST", "/api/v1/groups").json(&json!({ "name": "Limited" }));
        group.send().await.expect(201);
        let settings = format!("/api/v1/api-keys/configs/{}", world.a.id);
        let many = json!([{ "op": "replace", "path": "/max_keys_per_user", "value": 100 }]);
        sender.call("PATCH", &settings).json(&many).send().await.expect(204);
        sender
    }

    fn call(&self, method: &str, path: &str) -> Call {
        let path = path.replace("{id}", self.world.a.web.id());
        self.world.call(method, &self.world.a.host, &path).bearer(&self.token)
    }

    /// A body with a value at a place of it.
    async fn send(&mut self, path: &str, place: &str, value: &Value) -> Answer {
        self.turn += 1;
        let steps: Vec<&str> = place.split('/').skip(1).collect();
        let mut body = body(path, steps.last().expect("a field"), self.turn);
        let mut at = &mut body;
        for step in steps {
            at = &mut at[step];
        }
        *at = value.clone();
        self.call("POST", path).json(&body).send().await
    }
}

/// Whether an answer refuses what is at a place.
#[track_caller]
fn refuses(answer: &Answer, place: &str) -> bool {
    let is_there = |told: String| told.trim_start_matches('/').starts_with(&place[1..]);
    answer.status == 400 && is_there(refusal(answer, 400).1)
}

fn shown(value: &Value) -> String {
    value.to_string().chars().take(60).collect()
}

both! {
    async fn each_field_of_a_body_is_as_the_document_says(world) {
        let mut sender = Sender::of(&world).await;
        let mut seen = BTreeSet::new();
        for ((method, path), operation) in of_api() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            if method != "post" || schema.is_null() {
                continue;
            }
            for (place, schema) in fields(schema, "") {
                let field = place.rsplit('/').next().expect("a name");
                for case in cases(field, schema) {
                    let what = format!("{path} {place} {}", case.keyword);
                    for value in &case.over {
                        let answer = sender.send(path, &place, value).await;
                        let told = answer.text();
                        assert!(refuses(&answer, &place), "{what}: {} {told}", shown(value));
                    }
                    for value in &case.fits {
                        let answer = sender.send(path, &place, value).await;
                        // A word may want other fields beside it.
                        let is_taken = answer.status < 300
                            || case.keyword == "enum" && !refuses(&answer, &place);
                        assert!(is_taken, "{what}: {} {}", shown(value), answer.text());
                    }
                    seen.insert(case.keyword);
                }
            }
        }
        let all = ["enum", "maxItems", "maxLength", "minItems", "minLength", "pattern", "required",
            "uniqueItems"];
        assert_eq!(seen, all.into_iter().collect(), "each kind of limit was tried");
    }

    async fn a_page_is_as_long_as_the_document_says(world) {
        let sender = Sender::of(&world).await;
        let limit = &document().value["components"]["parameters"]["limit"]["schema"];
        let (least, most) = (limit["minimum"].as_u64().expect("one"), limit["maximum"].as_u64().expect("one"));
        let mut lists = 0;
        for ((method, path), operation) in of_api() {
            let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
            let mut named = parameters.iter().map(resolved).filter(|one| one["name"] == "limit");
            let Some(declared) = named.next() else { continue };
            assert_eq!(&declared["schema"], limit, "{path}");
            for (asked, status) in [(least, 200), (most, 200), (least - 1, 400), (most + 1, 400)] {
                let call = sender.call(&method.to_uppercase(), &format!("{path}?limit={asked}"));
                let call = match method.as_str() {
                    "post" => call.json(&body(path, "filter", 0)),
                    _ => call,
                };
                call.send().await.expect(status);
            }
            lists += 1;
        }
        assert!(lists > 7, "{lists}");
    }

    async fn what_the_operator_sets_is_in_the_document(world) {
        let set = |settings: &mut Settings| {
            settings.limits.redirect_uris = 7;
            settings.limits.origins = 9;
        };
        let node = world.node_with(set).await;
        let usual = world.get(&world.a, "/api/openapi.json").send().await;
        let other = node.get(&node.a, "/api/openapi.json").send().await;
        assert_ne!(usual.expect(200).header("etag"), other.expect(200).header("etag"));
        let mut settings = Settings::default();
        set(&mut settings);
        assert_eq!(other.json(), Document::of(&settings.limits).value);
        let new = other.json()["components"]["schemas"]["CreateRequest"]["properties"].clone();
        assert_eq!(new["redirectUris"]["maxItems"], 7);
        assert_eq!(new["allowedOrigins"]["maxItems"], 9);
        let admin = Admin::of(&node, &node.a).await;
        for (count, status) in [(7, 201), (8, 400)] {
            let mut body = body(CLIENTS, "redirectUris", count);
            body["redirectUris"] = items("redirectUris", count);
            admin.post("", &body).await.expect(status);
        }
    }
}
