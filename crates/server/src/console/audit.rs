//! `GET /admin/audit`: what happened in the tenant.

use std::collections::HashMap;

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use domain::audit::Actor;
use domain::ids::UserId;
use domain::params::{Limits, Params};
use engine::admin::AdminError;
use engine::admin::audit;
use engine::admin::listing::{ListParams, Listed};
use serde_json::Value;
use store::AuditEntry;

use super::{Admin, refusal};
use crate::pages::console::{
    AuditPage, AuditView, ChangeLine, EventKind, EventLine, Section, When,
};

const PATH: &str = "/admin/audit";

/// The page.
pub async fn get(admin: Admin, RawQuery(query): RawQuery) -> Response {
    let params =
        Params::from_form(query.as_deref().unwrap_or_default().as_bytes(), Limits::default());
    let params = params.unwrap_or_default();
    let word = |name: &str| params.get(name).ok().flatten().unwrap_or_default().trim().to_owned();
    let view = AuditView {
        event: word("event"),
        actor: word("actor"),
        client: word("client"),
        subject: word("subject"),
        from: word("from"),
        until: word("until"),
    };
    let place = |name: &str| Some(word(name)).filter(|cursor| !cursor.is_empty());
    let next = place("next");
    let asked = ListParams {
        filter: filter(&view),
        prev: place("prev").filter(|_| next.is_none()),
        next,
        ..ListParams::default()
    };
    let listed = audit::list(&admin.ctx(), &admin.caller, &asked).await;
    let (listed, wrong) = match listed {
        Ok(listed) => (listed, None),
        Err(error @ AdminError::Parameter { .. }) => {
            let nothing = Listed { data: Vec::new(), next: None, prev: None, total: None };
            (nothing, Some(refusal::explained(admin.texts, &error).1))
        }
        Err(error) => return refusal::page(&admin, Section::Audit, &error),
    };
    let status = if wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let names = names(&admin, &listed.data).await;
    let kind = |word: &&str| kind(&admin, word);
    let page = AuditPage {
        shell: admin.shell(Section::Audit),
        kinds: audit::EVENTS.iter().map(kind).collect(),
        events: listed.data.iter().map(|entry| line(&admin, &names, entry)).collect(),
        older: listed.next.as_deref().map(|cursor| address(&view, "next", cursor)),
        newer: listed.prev.as_deref().map(|cursor| address(&view, "prev", cursor)),
        view,
        wrong,
    };
    admin.page_with(status, &page)
}

fn filter(view: &AuditView) -> Option<String> {
    let literal = |text: &str| Value::from(text).to_string();
    let mut tests = Vec::new();
    for (attribute, value) in [
        ("eventType", &view.event),
        ("actorId", &view.actor),
        ("clientId", &view.client),
        ("subjectId", &view.subject),
    ] {
        if !value.is_empty() {
            tests.push(format!("{attribute} eq {}", literal(value)));
        }
    }
    if !view.from.is_empty() {
        tests.push(format!("eventTime ge {}", literal(&format!("{}T00:00:00Z", view.from))));
    }
    if !view.until.is_empty() {
        tests.push(format!("eventTime le {}", literal(&format!("{}T23:59:59.999Z", view.until))));
    }
    (!tests.is_empty()).then(|| tests.join(" and "))
}

fn address(view: &AuditView, name: &str, cursor: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("event", &view.event),
        ("actor", &view.actor),
        ("client", &view.client),
        ("subject", &view.subject),
        ("from", &view.from),
        ("until", &view.until),
    ] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    query.append_pair(name, cursor);
    format!("{PATH}?{}", query.finish())
}

/// The names of the users who did something, by their ids; those who are gone are left out.
async fn names(admin: &Admin, entries: &[AuditEntry]) -> HashMap<String, String> {
    let mut names = HashMap::new();
    for entry in entries {
        let Actor::User(id) = &entry.actor else { continue };
        if names.contains_key(id) {
            continue;
        }
        if let Ok(user_id) = UserId::parse(id)
            && let Ok(Some(user)) = engine::users::find(&admin.ctx(), &user_id).await
        {
            names.insert(id.clone(), user.name.clone());
        }
    }
    names
}

fn kind(admin: &Admin, word: &str) -> EventKind {
    EventKind { word: word.to_owned(), text: EventKind::in_words(admin.texts, word) }
}

/// Events as lines of a list.
pub(super) fn line(
    admin: &Admin,
    names: &HashMap<String, String>,
    entry: &AuditEntry,
) -> EventLine {
    let actor = match &entry.actor {
        Actor::User(id) => names.get(id).unwrap_or(id).clone(),
        Actor::Client(id) => id.clone(),
        other => admin.texts.t(&format!("actor-{}", other.kind())),
    };
    let actor_href = match &entry.actor {
        Actor::User(id) if names.contains_key(id) => Some(format!("/admin/users/{id}")),
        Actor::Client(id) => Some(format!("/admin/clients/{id}")),
        _ => None,
    };
    let noun = entry.event.split(['.', '_']).next().unwrap_or_default();
    let subject_href = match noun {
        "client" => Some(format!("/admin/clients/{}", entry.subject)),
        "user" => Some(format!("/admin/users/{}", entry.subject)),
        "group" => Some(format!("/admin/groups/{}", entry.subject)),
        "role" => Some(format!("/admin/roles/{}", entry.subject)),
        _ => None,
    };
    EventLine {
        id: entry.id.clone(),
        at: When::exact(entry.at),
        kind: kind(admin, &entry.event),
        actor,
        actor_href,
        client_id: entry.client_id.clone(),
        subject: entry.subject.clone(),
        subject_href: subject_href.filter(|_| !entry.subject.is_empty()),
        address: entry.address.clone(),
        trace_id: entry.trace_id.clone(),
        changes: changes(&entry.details),
        details: details(&entry.details),
    }
}

/// A value as a person reads it: texts without quotes, lists by commas.
fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            items.iter().map(|item| shown(Some(item))).collect::<Vec<_>>().join(", ")
        }
        Some(other) => other.to_string(),
    }
}

fn changes(details: &Value) -> Vec<ChangeLine> {
    let changes = details.get("changes").and_then(Value::as_object);
    let line = |(field, change): (&String, &Value)| ChangeLine {
        field: field.clone(),
        from: shown(change.get("from")),
        to: shown(change.get("to")),
    };
    changes.into_iter().flatten().map(line).collect()
}

fn details(details: &Value) -> Vec<(String, String)> {
    let members = details.as_object().into_iter().flatten();
    let others = members.filter(|(name, _)| *name != "changes");
    others.map(|(name, value)| (name.clone(), shown(Some(value)))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::texts::Texts;

    #[test]
    fn every_kind_of_event_has_words() {
        for kind in audit::EVENTS {
            assert_ne!(EventKind::in_words(Texts::english(), kind), *kind);
        }
        assert_eq!(EventKind::in_words(Texts::english(), "thing.of_tomorrow"), "thing.of_tomorrow");
    }

    #[test]
    fn what_is_asked_for_stays_a_literal() {
        let view =
            AuditView { actor: "x\" or actorId pr or \"".to_owned(), ..AuditView::default() };
        assert_eq!(filter(&view).as_deref(), Some(r#"actorId eq "x\" or actorId pr or \"""#));
        assert_eq!(filter(&AuditView::default()), None);
    }

    #[test]
    fn values_are_told_as_people_read_them() {
        let told =
            json!({"changes": {"scopes": {"from": ["a", "b"], "to": null}}, "hint": "a1b2c"});
        let [change] = &changes(&told)[..] else { panic!("one change") };
        assert_eq!((change.from.as_str(), change.to.as_str()), ("a, b", "–"));
        assert_eq!(details(&told), [("hint".to_owned(), "a1b2c".to_owned())]);
    }
}
