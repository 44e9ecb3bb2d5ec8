//! Events that people look for: who and what by name, days as the reader has them.
//!
//! Invariant: what was typed is taken for an id where it is one. Otherwise it stands for what is
//! called exactly so, or else for what has it in its name, at most [`MEANT_MAX`] of them; and what
//! nobody is called is looked for as it is, since ids outlive what they named.

use domain::filter::{Attribute, Filter, Kind, Op, Operand, Test};
use domain::list::{From, ListQuery, Sort};
use domain::said;
use domain::zone::Zone;
use serde_json::json;
use store::{AuditEntry, Named, Noun, StoreError, TenantRead};

use super::{ACTOR, AUDITS, CLIENT, SUBJECT, TIME, TYPE, page};
use crate::admin::AdminError;
use crate::admin::listing::{ListParams, Listed};
use crate::admin::wording::label;
use crate::authority::{AUDITS_READ, Caller};
use crate::context::Ctx;
use crate::search;

/// Most things that a name stands for in one search.
pub const MEANT_MAX: usize = 20;
/// Longest text that is looked for, in characters: that of the longest name.
pub const TEXT_MAX: usize = 512;

/// What is looked for; what is empty narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditSearch {
    /// A kind of event.
    pub event: String,
    /// Who did it: an id, an e-mail address or a name of a user, or an id or a name of a client.
    pub actor: String,
    /// The client through which they came, by id or name.
    pub client: String,
    /// What it happened to: the same for users, clients, groups, roles and API keys.
    pub subject: String,
    /// The first day, as `YYYY-MM-DD`.
    pub from: String,
    /// The last day.
    pub until: String,
    /// The time zone of the days; UTC when it is empty.
    pub zone: String,
}

/// What a text was taken for that is no id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant {
    /// The member of [`AuditSearch`] that it is.
    pub field: &'static str,
    /// As it was typed.
    pub text: String,
    /// What is called so; nothing when nobody is.
    pub things: Vec<Named>,
    /// Whether there are more than were taken.
    pub has_more: bool,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// A page of the events, newest first.
    pub listed: Listed<AuditEntry>,
    /// What names were taken for.
    pub meant: Vec<Meant>,
}

/// Looks for events. Of `place` only the cursors count.
///
/// # Errors
/// A caller without the right, a text that is none, a day, zone or cursor that is none, or a store
/// that is away.
pub async fn find(
    ctx: &Ctx<'_>,
    caller: &Caller,
    asked: &AuditSearch,
    place: &ListParams,
) -> Result<Found, AdminError> {
    caller.require(ctx, &AUDITS_READ)?;
    asked.check()?;
    let mut tests = asked.days()?;
    if !asked.event.is_empty() {
        tests.push(is(TYPE, &asked.event));
    }
    let (named, meant) = named(ctx, caller, asked).await?;
    tests.extend(named);
    let filter = match tests.len() {
        0 | 1 => tests.pop(),
        _ => Some(Filter::And(tests)),
    };
    // What was typed, and not what it means today: a page further on is one of the same search.
    let typed = filter.is_some().then(|| asked.told());
    let params = ListParams { filter: typed, ..place.clone() };
    let query = AUDITS.query_filtered(ctx, &params, filter)?;
    Ok(Found { listed: page(ctx, caller, &params, query).await?, meant })
}

impl AuditSearch {
    /// Whether it has days; without them its zone says nothing.
    pub fn has_days(&self) -> bool {
        !self.from.is_empty() || !self.until.is_empty()
    }

    fn told(&self) -> String {
        let Self { event, actor, client, subject, from, until, zone } = self;
        json!([event, actor, client, subject, from, until, zone]).to_string()
    }

    /// What nobody can have typed is no name and no id.
    fn check(&self) -> Result<(), AdminError> {
        label("event", &self.event, TEXT_MAX)?;
        label("actor", &self.actor, TEXT_MAX)?;
        label("client", &self.client, TEXT_MAX)?;
        label("subject", &self.subject, TEXT_MAX)
    }

    /// The tests of the days: from the beginning of the first to that of the day after the last.
    fn days(&self) -> Result<Vec<Filter>, AdminError> {
        if !self.has_days() {
            return Ok(Vec::new());
        }
        let zone = match self.zone.as_str() {
            "" => Zone::UTC,
            name => Zone::parse(name).ok_or_else(|| {
                let message = said!(
                    "zone-unknown",
                    "is no time zone that this server knows, such as Europe/Berlin; leave it out of \
                     the address for days in UTC"
                );
                AdminError::parameter("zone", message)
            })?,
        };
        let day = |name: &'static str, text: &str| {
            let message = || said!("day-unreadable", "is a day, such as 2027-01-31");
            zone.day(text).ok_or_else(|| AdminError::parameter(name, message()))
        };
        let mut tests = Vec::new();
        if !self.from.is_empty() {
            let (begin, _) = day("from", &self.from)?;
            tests.push(test(TIME, Op::Ge, Operand::Time(begin)));
        }
        if !self.until.is_empty() {
            let (_, end) = day("until", &self.until)?;
            tests.push(test(TIME, Op::Lt, Operand::Time(end)));
        }
        Ok(tests)
    }
}

fn test(attribute: Attribute, op: Op, operand: Operand) -> Filter {
    Filter::Test(Test { attribute, op, operand })
}

fn is(attribute: Attribute, text: &str) -> Filter {
    test(attribute, Op::Eq, Operand::Text(text.to_owned()))
}

/// What a field may name.
struct Field {
    name: &'static str,
    attribute: Attribute,
    nouns: &'static [Noun],
}

const FIELDS: [Field; 3] = [
    Field { name: "actor", attribute: ACTOR, nouns: &[Noun::User, Noun::Client] },
    Field { name: "client", attribute: CLIENT, nouns: &[Noun::Client] },
    Field {
        name: "subject",
        attribute: SUBJECT,
        nouns: &[Noun::User, Noun::Client, Noun::Group, Noun::Role, Noun::ApiKey],
    },
];

/// The tests of what was named, and what the names were taken for. Whoever finds something by a
/// part of its name looks at all of the tenant: that is a search, too.
async fn named(
    ctx: &Ctx<'_>,
    caller: &Caller,
    asked: &AuditSearch,
) -> Result<(Vec<Filter>, Vec<Meant>), AdminError> {
    let texts = [&asked.actor, &asked.client, &asked.subject];
    let typed = FIELDS.into_iter().zip(texts).filter(|(_, text)| !text.is_empty());
    let (ids, names): (Vec<_>, Vec<_>) = typed
        .map(|(field, text)| (field, text.clone()))
        .partition(|(_, text)| has_shape_of_id(text));
    let mut tests: Vec<Filter> = ids.iter().map(|(field, id)| is(field.attribute, id)).collect();
    if names.is_empty() {
        return Ok((tests, Vec::new()));
    }
    let mut read = ctx.read().await?;
    let found = search::search(ctx, caller, async move {
        let mut found = Vec::new();
        for (field, text) in names {
            found.push(meant(&mut read, &field, text).await?);
        }
        Ok(found)
    });
    let mut all = Vec::new();
    for (test, meant) in found.await? {
        tests.push(test);
        all.extend(meant);
    }
    Ok((tests, all))
}

/// Whether a text looks as the ids do that are made here; nobody has to be asked for these.
fn has_shape_of_id(text: &str) -> bool {
    matches!(text.len(), 24 | 32) && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// What one text stands for.
async fn meant(
    read: &mut TenantRead,
    field: &Field,
    text: String,
) -> Result<(Filter, Option<Meant>), StoreError> {
    let as_it_is = is(field.attribute, &text);
    for noun in field.nouns {
        if !read.names_get(*noun, &[&text]).await?.is_empty() {
            return Ok((as_it_is, None));
        }
    }
    let mut found = called(read, field, (Op::Eq, &text)).await?;
    if found.0.is_empty() {
        found = called(read, field, (Op::Co, &text)).await?;
    }
    let (things, has_more) = found;
    let mut tests: Vec<Filter> =
        things.iter().map(|thing| is(field.attribute, &thing.id)).collect();
    let filter = match tests.len() {
        0 => as_it_is,
        1 => tests.remove(0),
        _ => Filter::Or(tests),
    };
    Ok((filter, Some(Meant { field: field.name, text, things, has_more })))
}

/// The first things of a name, or with it in their names, and whether there are more.
async fn called(
    read: &mut TenantRead,
    field: &Field,
    name: (Op, &str),
) -> Result<(Vec<Named>, bool), StoreError> {
    let mut things = Vec::new();
    let mut has_more = false;
    for noun in field.nouns {
        let page = read.name_page(*noun, &names_query(*noun, name)).await?;
        has_more |= page.next.is_some();
        things.extend(page.data);
    }
    has_more |= things.len() > MEANT_MAX;
    things.truncate(MEANT_MAX);
    Ok((things, has_more))
}

fn names_query(noun: Noun, (op, name): (Op, &str)) -> ListQuery {
    let (by, others): (_, &[&'static str]) = match noun {
        Noun::User => ("name", &["email"]),
        Noun::Client => ("clientName", &[]),
        Noun::Group | Noun::Role => ("name", &[]),
        Noun::ApiKey => ("description", &[]),
    };
    let named = |attribute: &'static str| {
        let operand = Operand::Text(name.to_lowercase());
        test(Attribute { name: attribute, kind: Kind::Text }, op, operand)
    };
    let mut tests = vec![named(by)];
    tests.extend(others.iter().map(|other| named(other)));
    let filter = if tests.len() == 1 { tests.pop() } else { Some(Filter::Or(tests)) };
    let limit = u32::try_from(MEANT_MAX).unwrap_or(u32::MAX);
    ListQuery { filter, sort: Sort::ascending(by), limit, from: From::Start, total: false }
}
