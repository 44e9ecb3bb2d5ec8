//! Names and shapes: what the derives call `ListBody_RoleBody` is the page of a list of `Role`s,
//! and every operation has an id that names its part of the API.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::each_operation;

const SCHEMAS: &str = "#/components/schemas/";

/// Renames the schemas, and gives each operation its id.
pub fn tidy(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let mut names = BTreeMap::new();
    let mut renamed = serde_json::Map::new();
    for (name, schema) in std::mem::take(schemas) {
        let public = public_name(&name);
        renamed.insert(public.clone(), schema);
        names.insert(format!("{SCHEMAS}{name}"), format!("{SCHEMAS}{public}"));
    }
    refer_to_items(&mut renamed);
    *schemas = renamed;
    rename(document, &names);
    each_operation(document, |_, _, operation| {
        let tag = operation["tags"][0].as_str().unwrap_or_default().to_owned();
        let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
        operation["operationId"] = json!(camel(&format!("{tag}_{name}")));
        describe_answers(operation);
    });
}

/// An answer that its handler has no words for has the usual ones (every answer must have some).
fn describe_answers(operation: &mut Value) {
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (status, response) in responses {
        if response["description"].as_str().is_none_or(str::is_empty) {
            response["description"] = json!(match status.as_str() {
                "200" => "What was asked for.",
                "201" => "It is made.",
                "202" => "It is done, and something new came of it.",
                "204" => "It is done; the answer has no body.",
                "207" => "It is done for some; the body says for which.",
                "409" => "It is taken, or there are as many as there may be.",
                _ => "It is refused.",
            });
        }
    }
}

/// The derive writes the items of a list out; the list refers to them.
fn refer_to_items(schemas: &mut serde_json::Map<String, Value>) {
    let known: Vec<String> = schemas.keys().cloned().collect();
    for (name, schema) in schemas {
        let item = name.strip_suffix("List").filter(|item| known.iter().any(|known| known == item));
        if let Some(item) = item {
            schema["properties"]["data"]["items"] = json!({ "$ref": format!("{SCHEMAS}{item}") });
        }
    }
}

/// `ListBody_RoleBody` is `RoleList`; `RoleBody` is `Role`.
fn public_name(name: &str) -> String {
    match name.strip_prefix("ListBody_") {
        Some(item) => format!("{}List", public_name(item)),
        None => name.strip_suffix("Body").unwrap_or(name).to_owned(),
    }
}

fn camel(name: &str) -> String {
    let mut words = name.split(['-', '_']).filter(|word| !word.is_empty());
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (first, rest) = word.split_at(1);
        camel.push_str(&first.to_uppercase());
        camel.push_str(rest);
    }
    camel
}

fn rename(value: &mut Value, names: &BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get_mut("$ref")
                && let Some(public) = names.get(target)
            {
                target.clone_from(public);
            }
            members.values_mut().for_each(|member| rename(member, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_field() {
        assert_eq!(public_name("ListBody_RoleBody"), "RoleList");
        assert_eq!(public_name("RoleBody"), "Role");
        assert_eq!(public_name("SelfLink"), "SelfLink");
        assert_eq!(camel("oauth-clients_secret_create"), "oauthClientsSecretCreate");
    }
}
