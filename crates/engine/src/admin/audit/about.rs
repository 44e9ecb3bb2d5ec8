//! What events are about: the things that have names, and what they are called.
//!
//! Invariant: all names of a page are looked up by one statement for each noun, however many events
//! it has, and only among what the tenant sees.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::audit::Actor;
use serde_json::Value;
use store::{AuditEntry, Named, Noun};

use crate::admin::AdminError;
use crate::authority::{AUDITS_READ, Caller};
use crate::context::Ctx;

/// A thing that an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic<'e> {
    /// What it is.
    pub noun: Noun,
    /// Its id.
    pub id: &'e str,
    /// What the event itself calls it, for when it is gone.
    pub told: Option<&'e str>,
}

/// What the subject of a kind of event is, if it has a name: sessions, grants, tokens and signing
/// keys have none, and the tenant is known to whoever reads.
fn noun_of(event: &str) -> Option<Noun> {
    match event {
        "sign_in.failed" | "session.all_ended" => return Some(Noun::User),
        "api_key.settings_updated" => return None,
        _ => {}
    }
    match event.split('.').next()? {
        "client" | "client_secret" | "consent" => Some(Noun::Client),
        "user" => Some(Noun::User),
        "group" => Some(Noun::Group),
        "role" => Some(Noun::Role),
        "api_key" => Some(Noun::ApiKey),
        _ => None,
    }
}

/// Whether an event is about the tenant as a whole.
pub fn is_of_tenant(event: &str) -> bool {
    event.starts_with("tenant.") || event == "api_key.settings_updated"
}

/// What a change made of a field, or what it was before it went.
fn changed<'e>(details: &'e Value, field: &str) -> Option<&'e str> {
    let change = details.get("changes")?.get(field)?;
    let text = |side: &str| change.get(side).and_then(Value::as_str);
    text("to").or_else(|| text("from"))
}

/// A text that an event tells beside its changes, or among them.
fn told<'e>(details: &'e Value, field: &str) -> Option<&'e str> {
    details.get(field).and_then(Value::as_str).or_else(|| changed(details, field))
}

fn name_in(noun: Noun, details: &Value) -> Option<&str> {
    match noun {
        Noun::Client => changed(details, "clientName"),
        Noun::ApiKey => told(details, "description"),
        Noun::User | Noun::Group | Noun::Role => changed(details, "name"),
    }
}

/// The things that an event is about, its subject first, without who did it.
pub fn topics(entry: &AuditEntry) -> Vec<Topic<'_>> {
    let details = &entry.details;
    let subject = noun_of(&entry.event).map(|noun| (noun, entry.subject.as_str()));
    let subject = subject.map(|(noun, id)| Topic { noun, id, told: name_in(noun, details) });
    let beside = |noun, field| {
        let id = told(details, field).filter(|id| *id != entry.actor.id());
        id.map(|id| Topic { noun, id, told: None })
    };
    let user = beside(Noun::User, "userId");
    let owner = beside(Noun::User, "sub").filter(|_| entry.event.starts_with("api_key."));
    let client = beside(Noun::Client, "clientId").filter(|_| entry.event == "grant.revoked");
    let all = [subject, client, user, owner].into_iter().flatten();
    all.filter(|topic| !topic.id.is_empty()).collect()
}

/// What things are called now.
#[derive(Debug, Clone, Default)]
pub struct Names(HashMap<(Noun, String), Named>);

impl Names {
    /// A thing that is there, and that the tenant sees.
    pub fn get(&self, noun: Noun, id: &str) -> Option<&Named> {
        self.0.get(&(noun, id.to_owned()))
    }

    /// Whoever acted, when it is a user or a client that is there.
    pub fn of_actor(&self, actor: &Actor) -> Option<&Named> {
        self.get(noun_of_actor(actor)?, actor.id())
    }
}

fn noun_of_actor(actor: &Actor) -> Option<Noun> {
    match actor {
        Actor::User(_) => Some(Noun::User),
        Actor::Client(_) => Some(Noun::Client),
        Actor::Operator | Actor::Anonymous | Actor::System => None,
    }
}

/// What the things of a page of events are called, and who acted in them.
///
/// # Errors
/// A caller without the right, or a store that is away.
pub async fn names(
    ctx: &Ctx<'_>,
    caller: &Caller,
    entries: &[AuditEntry],
) -> Result<Names, AdminError> {
    caller.require(ctx, &AUDITS_READ)?;
    let mut wanted: BTreeMap<Noun, BTreeSet<&str>> = BTreeMap::new();
    let mut want = |noun, id| {
        wanted.entry(noun).or_default().insert(id);
    };
    for entry in entries {
        if let Some(noun) = noun_of_actor(&entry.actor) {
            want(noun, entry.actor.id());
        }
        if !entry.client_id.is_empty() {
            want(Noun::Client, &entry.client_id);
        }
        topics(entry).into_iter().for_each(|topic| want(topic.noun, topic.id));
    }
    let mut names = HashMap::new();
    let mut read = ctx.read().await?;
    for (noun, ids) in wanted {
        let ids: Vec<&str> = ids.into_iter().collect();
        let found = read.names_get(noun, &ids).await?;
        names.extend(found.into_iter().map(|named| ((noun, named.id.clone()), named)));
    }
    Ok(Names(names))
}

#[cfg(test)]
mod tests {
    use domain::time::from_millis;
    use serde_json::json;

    use super::*;
    use crate::admin::audit::EVENTS;

    fn entry(event: &str, details: Value) -> AuditEntry {
        AuditEntry {
            id: String::new(),
            at: from_millis(0),
            actor: Actor::User("ada".to_owned()),
            event: event.to_owned(),
            subject: "it".to_owned(),
            client_id: String::new(),
            address: String::new(),
            trace_id: String::new(),
            details,
        }
    }

    #[test]
    fn every_kind_of_event_is_about_something_or_is_known_to_have_no_name() {
        let nameless = |event: &&&str| noun_of(event).is_none() && !is_of_tenant(event);
        let nameless: Vec<_> = EVENTS.iter().filter(nameless).copied().collect();
        assert_eq!(
            nameless,
            [
                "sign_in.succeeded",
                "sign_out",
                "session.ended",
                "session.others_ended",
                "grant.revoked",
                "access_token.revoked",
                "signing_key.created",
                "audit_chain.begun",
            ]
        );
    }

    #[test]
    fn an_event_names_what_is_gone() {
        let told = |event, details| {
            let entry = entry(event, details);
            topics(&entry).first().and_then(|topic| topic.told.map(str::to_owned))
        };
        let change = |field: &str, from: Value, to: Value| json!({"changes": {field: {"from": from, "to": to}}});
        assert_eq!(
            told("client.deleted", change("clientName", json!("App"), json!(null))).as_deref(),
            Some("App")
        );
        assert_eq!(
            told("user.updated", change("name", json!("Old"), json!("New"))).as_deref(),
            Some("New")
        );
        assert_eq!(told("api_key.deleted", json!({"description": "Key"})).as_deref(), Some("Key"));
        assert_eq!(told("client_secret.deleted", json!({"label": "main"})), None);
        assert_eq!(told("role.updated", change("name", json!(["x"]), json!({"y": 1}))), None);
        assert_eq!(told("group.deleted", json!({"changes": "nonsense"})), None);
    }

    #[test]
    fn whoever_acts_is_not_what_it_is_about() {
        let about = |event, details: Value| {
            let entry = entry(event, details);
            topics(&entry).iter().map(|topic| (topic.noun, topic.id.to_owned())).collect::<Vec<_>>()
        };
        let it = |noun| (noun, "it".to_owned());
        assert_eq!(about("consent.removed", json!({"userId": "ada"})), [it(Noun::Client)]);
        let bob = (Noun::User, "bob".to_owned());
        assert_eq!(
            about("consent.removed", json!({"userId": "bob"})),
            [it(Noun::Client), bob.clone()]
        );
        let app = (Noun::Client, "app".to_owned());
        let both = json!({"userId": "bob", "clientId": "app"});
        assert_eq!(about("grant.revoked", both), [app, bob.clone()]);
        let made = json!({"changes": {"sub": {"from": null, "to": "bob"}}});
        assert_eq!(about("api_key.created", made), [it(Noun::ApiKey), bob]);
        assert_eq!(about("sign_out", json!({})), []);
        assert_eq!(about("tenant.updated", json!({"sub": "bob"})), []);
    }
}
