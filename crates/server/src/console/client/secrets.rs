//! `GET /admin/clients/{id}/secrets`: the secrets and keys of a client, and who uses them.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use domain::client::AuthMethod;
use engine::admin::activity::{Activity, KeyUse, SecretUse, activity};

use super::names::Names;
use super::{SECTION, ago, own, subject, used};
use crate::console::{Admin, refusal};
use crate::pages::console::client::{KeyLine, SecretLine, SecretsPage};

/// The list.
pub async fn get(admin: Admin, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let seen = match own(&admin, &id).await {
        Ok(seen) => seen,
        Err(response) => return response,
    };
    let found = &seen.found;
    let told = activity(&admin.ctx(), &admin.caller, &found.client.id).await;
    let told = match told {
        Ok(told) => told,
        Err(error) => return refusal::page(&admin, SECTION, &error),
    };
    let mut names = Names::new(&admin);
    let secrets = lines(&admin, &mut names, &told).await;
    let mut keys = Vec::with_capacity(told.keys.len());
    for key in &told.keys {
        keys.push(key_line(&admin, &mut names, key).await);
    }
    admin.page(&SecretsPage {
        shell: admin.shell_after(SECTION, query.as_deref()),
        client: subject(&seen),
        by_secret: found.client.auth_methods.contains(&AuthMethod::ClientSecret),
        secrets,
        keys,
        jwks_uri: found.client.jwks_uri.clone(),
    })
}

/// The secrets of a client, oldest first.
pub(super) async fn lines(
    admin: &Admin,
    names: &mut Names<'_>,
    told: &Activity,
) -> Vec<SecretLine> {
    let mut lines = Vec::with_capacity(told.secrets.len());
    for secret in &told.secrets {
        lines.push(line(admin, names, secret).await);
    }
    lines
}

async fn line(admin: &Admin, names: &mut Names<'_>, secret: &SecretUse) -> SecretLine {
    SecretLine {
        hint: secret.hint.clone(),
        label: secret.label.clone(),
        created: ago(admin, secret.created_at),
        created_by: names.of_id(&secret.created_by).await,
        expires: secret.expires_at.map(|at| ago(admin, at)),
        is_expired: secret.expires_at.is_some_and(|at| at <= admin.ctx().now),
        used: used(admin, secret.last_used_at, secret.last_used_from.clone()),
    }
}

async fn key_line(admin: &Admin, names: &mut Names<'_>, key: &KeyUse) -> KeyLine {
    KeyLine {
        kid: key.kid.clone(),
        created: ago(admin, key.created_at),
        created_by: names.of_id(&key.created_by).await,
        used: used(admin, key.last_used_at, key.last_used_from.clone()),
    }
}
