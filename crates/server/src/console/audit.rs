//! `GET /admin/audit`: what happened in the tenant.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use domain::audit::Actor;
use domain::params::{Limits, Params};
use domain::tenant::Tenant;
use engine::admin::AdminError;
use engine::admin::audit::{self, AuditSearch, Found, Meant, Names};
use engine::admin::listing::{ListParams, Listed};
use serde_json::Value;
use store::{AuditEntry, Named, Noun};

use super::{Admin, refusal};
use crate::pages::console::{
    AuditPage, ChangeLine, EventKind, EventLine, MeantLine, Section, Topic, When,
};
use crate::texts::Texts;

const PATH: &str = "/admin/audit";

/// The page.
pub async fn get(admin: Admin, RawQuery(query): RawQuery) -> Response {
    let Some((view, place)) = read(query.as_deref().unwrap_or_default()) else {
        let wrong = admin.texts.t("audit-unreadable");
        return page(&admin, AuditSearch::default(), &Names::default(), Err(wrong));
    };
    let found = match audit::find(&admin.ctx(), &admin.caller, &view, &place).await {
        Ok(found) => Ok(found),
        Err(error @ (AdminError::Parameter { .. } | AdminError::Invalid { .. })) => {
            Err(refusal::explained(admin.texts, &error).1)
        }
        Err(error) => return refusal::page(&admin, Section::Audit, &error),
    };
    let entries = found.as_ref().map(|found| found.listed.data.as_slice()).unwrap_or_default();
    match audit::names(&admin.ctx(), &admin.caller, entries).await {
        Ok(names) => page(&admin, view, &names, found),
        Err(error) => refusal::page(&admin, Section::Audit, &error),
    }
}

/// What an address asks for. Nothing is left out of it: who narrows the list must not see all of it.
fn read(query: &str) -> Option<(AuditSearch, ListParams)> {
    let params = Params::from_form(query.as_bytes(), Limits::default()).ok()?;
    let word = |name: &str| Some(params.get(name).ok()?.unwrap_or_default().trim().to_owned());
    let place = |name: &str| Some(params.get(name).ok()?.map(str::to_owned));
    let view = AuditSearch {
        event: word("event")?,
        actor: word("actor")?,
        client: word("client")?,
        subject: word("subject")?,
        from: word("from")?,
        until: word("until")?,
        zone: word("zone")?,
    };
    let next = place("next")?;
    let prev = place("prev")?.filter(|_| next.is_none());
    Some((view, ListParams { next, prev, ..ListParams::default() }))
}

/// What was found, or what was wrong with the address.
fn page(admin: &Admin, view: AuditSearch, names: &Names, found: Result<Found, String>) -> Response {
    let (found, wrong) = match found {
        Ok(found) => (found, None),
        Err(wrong) => {
            let listed = Listed { data: Vec::new(), next: None, prev: None, total: None };
            (Found { listed, meant: Vec::new() }, Some(wrong))
        }
    };
    let status = if wrong.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let listed = found.listed;
    let reader = Reader::of(admin);
    let page = AuditPage {
        shell: admin.shell(Section::Audit),
        kinds: audit::EVENTS.iter().map(|word| kind(admin.texts, word)).collect(),
        events: listed.data.iter().map(|entry| reader.line(names, entry)).collect(),
        older: listed.next.as_deref().map(|cursor| address(&view, "next", cursor)),
        newer: listed.prev.as_deref().map(|cursor| address(&view, "prev", cursor)),
        meant: found.meant.into_iter().filter_map(|meant| taken_for(admin.texts, meant)).collect(),
        view,
        wrong,
    };
    admin.page_with(status, &page)
}

fn address(view: &AuditSearch, name: &str, cursor: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let zone = if view.has_days() { view.zone.as_str() } else { "" };
    for (name, value) in [
        ("event", view.event.as_str()),
        ("actor", &view.actor),
        ("client", &view.client),
        ("subject", &view.subject),
        ("from", &view.from),
        ("until", &view.until),
        ("zone", zone),
    ] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    query.append_pair(name, cursor);
    format!("{PATH}?{}", query.finish())
}

/// What a text was taken for, unless it is the whole name of one thing.
fn taken_for(t: Texts, meant: Meant) -> Option<MeantLine> {
    let words = match (meant.things.as_slice(), meant.field) {
        ([], "client") => t.around("audit-nobody-client"),
        ([], "subject") => t.around("audit-nobody-subject"),
        ([], _) => t.around("audit-nobody-actor"),
        ([only], _) if only.name == meant.text => return None,
        _ if meant.has_more => t.around("audit-meant-more"),
        _ => t.around("audit-meant"),
    };
    let names = meant.things.into_iter().map(|thing| thing.name).collect();
    Some(MeantLine { text: meant.text, words, names })
}

fn kind(t: Texts, word: &str) -> EventKind {
    EventKind { word: word.to_owned(), text: EventKind::in_words(t, word) }
}

/// Who reads: what they call things, and which pages they may open.
struct Reader<'a> {
    t: Texts,
    tenant: &'a Tenant,
    sections: Vec<Section>,
}

impl<'a> Reader<'a> {
    fn of(admin: &'a Admin) -> Self {
        let ctx = admin.ctx();
        let sections = Section::all_for(|right| admin.caller.may(&ctx, right));
        Self { t: admin.texts, tenant: &admin.request.tenant.tenant, sections }
    }

    fn may_see(&self, section: Section) -> bool {
        self.sections.contains(&section)
    }

    /// A thing that is there with a link to its page, or what else is known of it.
    fn topic(&self, noun: Noun, id: &str, (now, told): (Option<&Named>, Option<&str>)) -> Topic {
        let section = match noun {
            Noun::User => Some(Section::Users),
            Noun::Client => Some(Section::Clients),
            Noun::Group => Some(Section::Groups),
            Noun::Role => Some(Section::Roles),
            Noun::ApiKey => None,
        };
        let section = section.filter(|section| self.may_see(*section));
        let is_there = now.is_some_and(|now| now.is_listed);
        Topic {
            name: now.map(|now| now.name.as_str()).or(told).unwrap_or_default().to_owned(),
            id: id.to_owned(),
            href: section.filter(|_| is_there).map(|section| format!("{}/{id}", section.path())),
            is_program: now.is_some_and(|now| now.is_program),
        }
    }

    fn client(&self, names: &Names, id: &str) -> Topic {
        self.topic(Noun::Client, id, (names.get(Noun::Client, id), None))
    }

    fn actor(&self, names: &Names, actor: &Actor) -> Topic {
        match actor {
            Actor::User(id) => self.topic(Noun::User, id, (names.get(Noun::User, id), None)),
            Actor::Client(id) => self.client(names, id),
            other => {
                Topic { name: self.t.t(&format!("actor-{}", other.kind())), ..Topic::default() }
            }
        }
    }

    fn topics(&self, names: &Names, entry: &AuditEntry) -> Vec<Topic> {
        if audit::is_of_tenant(&entry.event) && entry.subject == self.tenant.id.as_str() {
            let settings = Section::Settings;
            return vec![Topic {
                name: self.tenant.name.clone(),
                id: entry.subject.clone(),
                href: self.may_see(settings).then(|| settings.path().to_owned()),
                is_program: false,
            }];
        }
        let topics = audit::topics(entry).into_iter();
        topics
            .map(|one| self.topic(one.noun, one.id, (names.get(one.noun, one.id), one.told)))
            .collect()
    }

    /// An event as a line of the list.
    fn line(&self, names: &Names, entry: &AuditEntry) -> EventLine {
        let came_through = Some(&entry.client_id).filter(|id| !id.is_empty());
        EventLine {
            id: entry.id.clone(),
            at: When::exact(entry.at),
            kind: kind(self.t, &entry.event),
            actor: self.actor(names, &entry.actor),
            client: came_through.map(|id| self.client(names, id)),
            topics: self.topics(names, entry),
            subject: entry.subject.clone(),
            address: entry.address.clone(),
            trace_id: entry.trace_id.clone(),
            changes: changes(&entry.details),
            details: details(&entry.details),
        }
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

    #[test]
    fn every_kind_of_event_has_words() {
        for kind in audit::EVENTS {
            assert_ne!(EventKind::in_words(Texts::english(), kind), *kind);
        }
        assert_eq!(EventKind::in_words(Texts::english(), "thing.of_tomorrow"), "thing.of_tomorrow");
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
