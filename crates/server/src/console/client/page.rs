//! `GET /admin/clients/{id}`: what a client is and does.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use domain::client::GrantType;
use domain::time::{day_of, plus_seconds};
use engine::admin::AdminError;
use engine::admin::activity::{Activity, activity};
use engine::admin::client::{self, LastUse, Seen};
use engine::admin::listing::ListParams;
use engine::usage::Reason;
use store::ClientUser;

use super::names::Names;
use super::{SECTION, history, last_use, listed, params, subject, used, word};
use crate::console::{Admin, refusal};
use crate::pages::console::client::{
    Chart, ClientFacts, ClientPage, FailureGroup, FailureLine, UnusedScopes, UserLine, grant_key,
};

const DAY: i64 = 86_400;
/// Days of the chart.
const DAYS: i64 = 30;
/// Users on one page.
const USERS: u32 = 10;

/// The client's page.
pub async fn get(admin: Admin, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let seen = match listed(&admin, &id).await {
        Ok(seen) => seen,
        Err(response) => return response,
    };
    match build(&admin, seen, query.as_deref()).await {
        Ok(page) => admin.page(&page),
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}

async fn build(admin: &Admin, seen: Seen, query: Option<&str>) -> Result<ClientPage, AdminError> {
    let ctx = admin.ctx();
    let asked = params(query);
    let id = seen.found.client.id.clone();
    let mut names = Names::new(admin);
    let told = activity(&ctx, &admin.caller, &id).await?;
    let of_users =
        ListParams { limit: Some(USERS), next: word(&asked, "users"), ..ListParams::default() };
    let users = client::client_users(&ctx, &admin.caller, &id, &of_users).await?;
    let older = word(&asked, "history");
    let (history, history_next) = history::read(admin, &mut names, (id.as_str(), older)).await?;
    let subject = subject(&seen);
    let place = |name: &str, cursor: &String| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair(name, cursor);
        subject.path(&format!("?{}#{name}", query.finish()))
    };
    // Less would be no evidence: a client that was made today has used nothing yet.
    let is_evidence = plus_seconds(told.scopes_counted_since, DAYS * DAY) <= ctx.now;
    let unused = seen.in_full && is_evidence && !told.unused_scopes.is_empty();
    Ok(ClientPage {
        shell: admin.shell_after(SECTION, query),
        tokens: tokens(admin, &told),
        refusals: refusals(admin, &told),
        failures: failures(admin, &told),
        unused: unused.then(|| UnusedScopes {
            scopes: told.unused_scopes.clone(),
            since: super::ago(admin, told.scopes_counted_since),
        }),
        users_next: users.next.as_ref().map(|cursor| place("users", cursor)),
        users: users.data.iter().map(|user| user_line(admin, user)).collect(),
        history,
        history_next: history_next.as_ref().map(|cursor| place("history", cursor)),
        client: facts(admin, &mut names, seen, last(admin, &id, &told).await?).await,
    })
}

/// When the client last did anything: what its credentials tell, or its tokens for a public one.
async fn last(
    admin: &Admin,
    id: &domain::ids::ClientId,
    told: &Activity,
) -> Result<Option<LastUse>, AdminError> {
    let ids = std::slice::from_ref(id);
    let found = client::consequences(&admin.ctx(), &admin.caller, ids).await?;
    let by_secret = told.secrets.iter().filter_map(|one| {
        Some(LastUse { at: one.last_used_at?, from: one.last_used_from.clone() })
    });
    Ok(found.into_iter().filter_map(|one| one.last_used).chain(by_secret).max_by_key(|one| one.at))
}

async fn facts(
    admin: &Admin,
    names: &mut Names<'_>,
    seen: Seen,
    last: Option<LastUse>,
) -> ClientFacts {
    let created_by = &seen.found.client.created_by.id;
    // Who made a client of another tenant is that tenant's to know.
    let created_by =
        if seen.in_full { names.of_id(created_by).await } else { admin.texts.t("actor-client") };
    let grants: Vec<GrantType> =
        GrantType::ALL.iter().copied().filter(|one| seen.found.client.may_use(*one)).collect();
    let consent = seen.found.consent_method();
    let subject = subject(&seen);
    let client = seen.found.client;
    ClientFacts {
        subject,
        consent,
        grants,
        created_by,
        is_own: seen.in_full,
        app_type: client.app_type,
        disabled: client.disable_tag,
        description: client.description,
        scopes: client.allowed_scopes.iter().map(str::to_owned).collect(),
        auth_methods: client.auth_methods.iter().map(|one| one.as_str()).collect(),
        redirect_uris: if seen.in_full { client.redirect_uris } else { Vec::new() },
        origins: if seen.in_full { client.allowed_origins } else { Vec::new() },
        secrets: seen.found.secrets.len(),
        last_used: last_use(admin, last),
        published: client.published_at.map(|at| super::ago(admin, at)),
        created: super::ago(admin, client.created_at),
        updated: super::ago(admin, client.updated_at),
    }
}

/// The last days, oldest first, each with what `of` tells of it.
fn days(
    admin: &Admin,
    told: &Activity,
    of: impl Fn(&engine::admin::activity::Day) -> Vec<(String, u64)>,
) -> Vec<(String, Vec<(String, u64)>)> {
    let now = admin.ctx().now;
    let day = |back: i64| {
        let day = day_of(plus_seconds(now, -back * DAY));
        let found = told.days.iter().find(|one| one.day == day);
        (day, found.map(&of).unwrap_or_default())
    };
    (0..DAYS).rev().map(day).collect()
}

fn tokens(admin: &Admin, told: &Activity) -> Chart {
    let t = admin.texts;
    let days = days(admin, told, |day| {
        day.tokens.iter().map(|(grant, count)| (t.t(grant_key(*grant)), *count)).collect()
    });
    Chart::new("tokens", days, &t.t("chart-other"))
}

fn refusals(admin: &Admin, told: &Activity) -> Chart {
    let days = days(admin, told, |day| {
        let title = |word: &str| {
            Reason::parse(word).map_or_else(|| word.to_owned(), |known| admin.texts.reason(known))
        };
        day.failures.iter().map(|(word, count)| (title(word), *count)).collect()
    });
    Chart::new("failures", days, &admin.texts.t("chart-other"))
}

/// Refusals by their reasons, so that each is explained once.
fn failures(admin: &Admin, told: &Activity) -> Vec<FailureGroup> {
    let mut groups: Vec<FailureGroup> = Vec::new();
    for one in &told.failures {
        let line = FailureLine {
            when: super::ago(admin, one.at),
            address: one.address.clone(),
            trace_id: one.trace_id.clone(),
        };
        match groups.iter_mut().find(|group| group.reason == one.reason) {
            Some(group) => group.times.push(line),
            None => groups.push(FailureGroup {
                reason: one.reason,
                title: admin.texts.reason(one.reason),
                explanation: admin.texts.reason_next(one.reason),
                times: vec![line],
            }),
        }
    }
    groups
}

fn user_line(admin: &Admin, user: &ClientUser) -> UserLine {
    UserLine {
        id: user.user_id.to_string(),
        name: user.name.clone(),
        email: user.email.clone(),
        scopes: user.scope.iter().map(str::to_owned).collect(),
        since: super::ago(admin, user.since),
        was_asked: user.consented_at.is_some(),
        last_used: used(admin, user.last_used_at, None).map(|used| used.when),
    }
}
