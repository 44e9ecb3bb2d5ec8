//! `GET /admin/clients/{id}/rotate`: the guide that replaces a secret without downtime.
//!
//! Invariant: which secret is replaced by which stands in the address and nowhere else; what each
//! of them does is read anew whenever the page is asked for.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use domain::client::AuthMethod;
use domain::params::Params;
use domain::time::Timestamp;
use engine::admin::activity::{Activity, activity};

use super::names::Names;
use super::secret_new::is_full;
use super::{SECTION, ago, own, params, secrets, subject, word};
use crate::console::{Admin, once, refusal};
use crate::pages::console::client::{RotatePage, Rotation, SecretLine, Wait};

/// A secret that nothing used for so long is quiet, in seconds.
const QUIET: i64 = 600;
/// Longest time that is told in seconds.
const SECONDS_MAX: i64 = 120;
/// A secret that was used since is in use right now, in seconds.
const BUSY: i64 = 60;

/// The guide at the step that the address and the secrets tell.
pub async fn get(admin: Admin, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let seen = match own(&admin, &id).await {
        Ok(seen) => seen,
        Err(response) => return response,
    };
    let told = activity(&admin.ctx(), &admin.caller, &seen.found.client.id).await;
    let told = match told {
        Ok(told) => told,
        Err(error) => return refusal::page(&admin, SECTION, &error),
    };
    let rotation = match seen.found.client.auth_methods.contains(&AuthMethod::ClientSecret) {
        true => {
            let lines = secrets::lines(&admin, &mut Names::new(&admin), &told).await;
            let asked = params(query.as_deref());
            plan(&admin, (lines, &told), is_full(&admin, &seen), &asked)
        }
        false => Rotation::NoSecrets,
    };
    admin.page(&RotatePage {
        shell: admin.shell_after(SECTION, query.as_deref()),
        client: subject(&seen),
        once: once::mark(&admin),
        rotation,
    })
}

fn plan(
    admin: &Admin,
    (mut lines, told): (Vec<SecretLine>, &Activity),
    is_full: bool,
    asked: &Params,
) -> Rotation {
    let (old, new) = (word(asked, "old"), word(asked, "new"));
    let line = |hint: &str| lines.iter().find(|one| one.hint == hint).cloned().map(Box::new);
    match (old, new) {
        (None, None) if lines.len() == 1 => {
            Rotation::Make { old: Box::new(lines.remove(0)), is_full }
        }
        (None, None) => Rotation::Choose(lines),
        (None, Some(_)) => Rotation::Gone,
        (Some(old), None) => match line(&old) {
            Some(old) => Rotation::Make { old, is_full },
            None => Rotation::Gone,
        },
        (Some(old), Some(new)) if old != new => match (line(&old), line(&new)) {
            (Some(old), Some(new)) => {
                let wait = wait(admin, told, &old, &new);
                Rotation::Wait { old, new, wait }
            }
            (None, Some(new)) => Rotation::Done(new),
            (_, None) => Rotation::Gone,
        },
        (Some(_), Some(_)) => Rotation::Gone,
    }
}

fn wait(admin: &Admin, told: &Activity, old: &SecretLine, new: &SecretLine) -> Wait {
    let found = |line: &SecretLine| told.secrets.iter().find(|one| one.hint == line.hint);
    let last = |line: &SecretLine| found(line).and_then(|one| one.last_used_at);
    if last(new).is_none() {
        return Wait::Deploy;
    }
    let Some(at) = last(old) else { return Wait::Quiet(None) };
    let words = since(admin, at);
    // What used it before there was another one may have the other one now.
    let is_since = found(new).is_some_and(|new| at >= new.created_at);
    match admin.ctx().now.as_second() - at.as_second() {
        ..BUSY if is_since => Wait::Busy(words),
        ..BUSY => Wait::Calming(words),
        BUSY..QUIET => Wait::Calming(words),
        _ => Wait::Quiet(Some(words)),
    }
}

/// How long ago, to the second where that matters.
fn since(admin: &Admin, at: Timestamp) -> String {
    let seconds = admin.ctx().now.as_second() - at.as_second();
    match usize::try_from(seconds) {
        Ok(count) if seconds <= SECONDS_MAX => admin.texts.count("rotate-seconds", count),
        _ => ago(admin, at).text,
    }
}
