//! API keys. A key goes with its user.
//!
//! Invariant: a user never has more active keys than allowed: they are counted behind the lock of
//! the user's row.

use std::str::FromStr;

use domain::api_key::ApiKey;
use domain::ids::{ApiKeyId, ClientId, GrantId, UserId};
use domain::list::{ListQuery, Page};
use domain::scope::ScopeSet;
use domain::time::Timestamp;

use super::{TenantRead, TenantTx};
use crate::error::{Result, StoreError};
use crate::list::{self, Column, Shape};
use crate::statement::{Cells, each, only, sql, text_key};

fn id_or_null<T: FromStr>(cells: Cells<'_>, what: &'static str) -> Result<Option<T>> {
    let id = cells.text_or_null(what)?.map(str::parse).transpose();
    id.map_err(|_| StoreError::Corrupt { what })
}

fn key_from_row(cells: Cells<'_>) -> Result<ApiKey> {
    let scope = cells.text_or_null("scope")?.map(ScopeSet::parse).transpose();
    Ok(ApiKey {
        id: cells.parsed("id")?,
        user_id: cells.parsed("user_id")?,
        description: cells.string("description")?,
        scope: scope.map_err(|_| StoreError::Corrupt { what: "scope" })?,
        client_id: id_or_null(cells, "client_id")?,
        grant_id: id_or_null(cells, "grant_id")?,
        granted_by: id_or_null(cells, "granted_by")?,
        token_hash: cells.string("token_hash")?,
        created_by: cells.string("created_by")?,
        created_at: cells.time("created_at")?,
        updated_at: cells.time("updated_at")?,
        expires_at: cells.time("expires_at")?,
        revoked_at: cells.time_or_null("revoked_at")?,
        last_used_at: cells.time_or_null("last_used_at")?,
    })
}

/// API keys as they are listed (contract, section 6).
pub(super) const SHAPE: Shape = Shape {
    sources: &["FROM api_key k WHERE k.tenant_id = $1"],
    id: "k.id",
    attributes: &[
        ("id", Column::Always("k.id")),
        ("sub", Column::Always("k.user_id")),
        ("description", Column::Always("k.description_key")),
        ("createdByUser", Column::Always("k.created_by")),
        ("expiry", Column::Always("k.expires_at")),
        ("revoked", Column::Nullable("k.revoked_at")),
    ],
    sorts: &[
        ("created", "k.created_at"),
        ("sub", "k.user_id"),
        ("createdByUser", "k.created_by"),
        ("description", "k.description_key"),
        ("status", "k.status_rank"),
    ],
};

const OF_IDS: (&str, &str) = (
    "SELECT id, user_id, description, scope, token_hash, created_by, created_at, updated_at, \
        expires_at, revoked_at, last_used_at, client_id, grant_id, granted_by \
     FROM api_key WHERE tenant_id = $1 AND id IN ",
    "",
);

impl TenantRead {
    /// A page of the API keys.
    ///
    /// # Errors
    /// When the database does not answer, `Invalid` for a filter or sort of another list.
    pub async fn api_key_page(&mut self, query: &ListQuery) -> Result<Page<ApiKey>> {
        let page = list::page(&mut self.conn, self.tenant_id.as_str(), &SHAPE, query).await?;
        let Some(statement) = list::of_ids(OF_IDS, self.tenant_id.as_str(), &page) else {
            return Ok(page.with(Vec::new()));
        };
        let rows = each(&self.conn.rows(statement).await?, key_from_row)?;
        Ok(list::in_order(page, rows, |key| key.id.as_str()))
    }

    /// An API key.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_key_get(&mut self, id: &ApiKeyId) -> Result<Option<ApiKey>> {
        let statement = sql("SELECT id, user_id, description, scope, token_hash, created_by, \
                    created_at, updated_at, expires_at, revoked_at, last_used_at, client_id, \
                    grant_id, granted_by \
                 FROM api_key WHERE tenant_id = $1 AND id = $2")
        .text(&self.tenant_id)
        .text(id);
        only(self.conn.row(statement).await?, key_from_row)
    }

    /// The grants behind the keys that [`TenantTx::api_keys_revoke_of_client`] revokes.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_key_grants(
        &mut self,
        user_id: &UserId,
        client_id: &ClientId,
    ) -> Result<Vec<GrantId>> {
        let statement = sql("SELECT DISTINCT grant_id FROM api_key \
                 WHERE tenant_id = $1 AND client_id = $2 AND (granted_by = $3 OR user_id = $3) \
                    AND revoked_at IS NULL AND grant_id IS NOT NULL")
        .text(&self.tenant_id)
        .text(client_id)
        .text(user_id);
        each(&self.conn.rows(statement).await?, |cells| cells.parsed("grant_id"))
    }
}

impl TenantTx {
    /// Makes an API key, unless its user has `limit` active ones at its creation.
    ///
    /// # Errors
    /// `NotFound` when the tenant has no such user, `Limit`, `Conflict` on the id.
    pub async fn api_key_create(&mut self, key: &ApiKey, limit: u32) -> Result<()> {
        let tenant_id = self.tenant_id.clone();
        let mut scope = self.0.conn.scope().await?;
        // Takes the user's row lock, so that the count below stays true until the commit.
        let locked = sql("UPDATE user_account SET updated_at = updated_at \
                 WHERE tenant_id = $1 AND id = $2")
        .text(&tenant_id)
        .text(&key.user_id);
        if scope.execute(locked).await? == 0 {
            return Err(StoreError::NotFound { what: "user" });
        }
        let inserted = sql("INSERT INTO api_key (tenant_id, id, user_id, sub_type, description, \
                    description_key, scope, token_hash, created_by, created_at, updated_at, \
                    expires_at, revoked_at, status_rank, last_used_at, client_id, grant_id, \
                    granted_by) \
                 SELECT $1, $2, u.id, 'user', $4, $5, $6, $7, $8, $9, $10, $11, NULL, $12, NULL, \
                    $14, $15, $16 \
                 FROM user_account u WHERE u.tenant_id = $1 AND u.id = $3 \
                    AND (SELECT COUNT(*) FROM api_key k WHERE k.tenant_id = $1 \
                        AND k.user_id = $3 AND k.revoked_at IS NULL AND k.expires_at > $9) < $13")
        .text(&tenant_id)
        .text(&key.id)
        .text(&key.user_id)
        .text(&key.description)
        .text(text_key(&key.description))
        .text_or_null(key.scope.as_ref().map(ToString::to_string))
        .text(&key.token_hash)
        .text(&key.created_by)
        .time(key.created_at)
        .time(key.updated_at)
        .time(key.expires_at)
        .int(-key.expires_at.as_millisecond())
        .int(i64::from(limit))
        .text_or_null(key.client_id.as_ref())
        .text_or_null(key.grant_id.as_ref())
        .text_or_null(key.granted_by.as_ref());
        if scope.execute(inserted).await? == 0 {
            return Err(StoreError::Limit { what: "active API keys of a user" });
        }
        scope.commit().await
    }

    /// Describes a key anew; `false` when the tenant has none such.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_key_describe(
        &mut self,
        id: &ApiKeyId,
        description: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let statement = sql("UPDATE api_key SET description = $3, description_key = $4, \
                    updated_at = $5 WHERE tenant_id = $1 AND id = $2")
        .text(&self.tenant_id)
        .text(id)
        .text(description)
        .text(text_key(description))
        .time(now);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Revokes a key; `false` when it is revoked already or the tenant has none such.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_key_revoke(&mut self, id: &ApiKeyId, now: Timestamp) -> Result<bool> {
        let statement = sql("UPDATE api_key SET revoked_at = $3, updated_at = $3, \
                    status_rank = 0 \
                 WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL")
        .text(&self.tenant_id)
        .text(id)
        .time(now);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Revokes all keys of a user; returns those that were not revoked before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_keys_revoke_for(
        &mut self,
        user_id: &UserId,
        now: Timestamp,
    ) -> Result<Vec<ApiKeyId>> {
        let statement = sql("UPDATE api_key SET revoked_at = $3, updated_at = $3, \
                    status_rank = 0 \
                 WHERE tenant_id = $1 AND user_id = $2 AND revoked_at IS NULL RETURNING id")
        .text(&self.tenant_id)
        .text(user_id)
        .time(now);
        each(&self.conn.rows(statement).await?, |cells| cells.parsed("id"))
    }

    /// Revokes all keys that a grant's tokens made; returns those that were not revoked before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_keys_revoke_of_grant(
        &mut self,
        grant_id: &GrantId,
        now: Timestamp,
    ) -> Result<Vec<ApiKeyId>> {
        let statement = sql("UPDATE api_key SET revoked_at = $3, updated_at = $3, \
                    status_rank = 0 \
                 WHERE tenant_id = $1 AND grant_id = $2 AND revoked_at IS NULL RETURNING id")
        .text(&self.tenant_id)
        .text(grant_id)
        .time(now);
        each(&self.conn.rows(statement).await?, |cells| cells.parsed("id"))
    }

    /// Revokes all keys that a client's tokens of a user made, and those that act as that user;
    /// returns those that were not revoked before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_keys_revoke_of_client(
        &mut self,
        user_id: &UserId,
        client_id: &ClientId,
        now: Timestamp,
    ) -> Result<Vec<ApiKeyId>> {
        let statement = sql("UPDATE api_key SET revoked_at = $4, updated_at = $4, \
                    status_rank = 0 \
                 WHERE tenant_id = $1 AND client_id = $2 AND (granted_by = $3 OR user_id = $3) \
                    AND revoked_at IS NULL RETURNING id")
        .text(&self.tenant_id)
        .text(client_id)
        .text(user_id)
        .time(now);
        each(&self.conn.rows(statement).await?, |cells| cells.parsed("id"))
    }

    /// Deletes a key; `false` when the tenant has none such.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_key_delete(&mut self, id: &ApiKeyId) -> Result<bool> {
        let statement = sql("DELETE FROM api_key WHERE tenant_id = $1 AND id = $2")
            .text(&self.tenant_id)
            .text(id);
        Ok(self.conn.execute(statement).await? == 1)
    }
}
