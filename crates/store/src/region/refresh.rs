//! Refresh token families and their rotation (RFC 9700 section 4.14.2).
//!
//! Invariant: a refresh token is spent once. The family's row is locked before the token is
//! spent, so a rotation and a revocation that meet happen one after the other, and no successor
//! is born into a revoked family.

use domain::grant::{Family, RefreshToken};
use domain::ids::{ClientId, GrantId, UserId};
use domain::scope::ScopeSet;
use domain::time::Timestamp;

use super::client::visible;
use super::{TenantRead, TenantTx};
use crate::error::{Result, StoreError};
use crate::statement::{Cells, each, only, sql};

fn token_from_row(cells: Cells<'_>) -> Result<RefreshToken> {
    Ok(RefreshToken {
        family: Family {
            grant_id: cells.parsed("grant_id")?,
            client_id: cells.parsed("client_id")?,
            user_id: cells.parsed("user_id")?,
            session_id: cells.parsed("session_id")?,
            scope: cells.named("scope", |text| ScopeSet::parse(text).ok())?,
            nonce: cells.string_or_null("nonce")?,
            auth_time: cells.time("auth_time")?,
            claims: cells.string("claims")?,
            created_at: cells.time("created_at")?,
            revoked_at: cells.time_or_null("revoked_at")?,
        },
        expires_at: cells.time("expires_at")?,
        spent_at: cells.time_or_null("spent_at")?,
        successor_spent_at: cells.time_or_null("successor_spent_at")?,
    })
}

impl TenantRead {
    /// What a refresh token's hash leads to.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn refresh_token_find(&mut self, token_hash: &str) -> Result<Option<RefreshToken>> {
        let statement = sql("SELECT f.grant_id AS grant_id, f.client_id AS client_id, \
                    f.user_id AS user_id, f.session_id AS session_id, f.scope AS scope, \
                    f.nonce AS nonce, f.auth_time AS auth_time, f.claims AS claims, \
                    f.created_at AS created_at, f.revoked_at AS revoked_at, \
                    t.expires_at AS expires_at, t.spent_at AS spent_at, \
                    s.spent_at AS successor_spent_at \
                 FROM refresh_token t \
                 JOIN refresh_family f ON f.tenant_id = $1 AND f.grant_id = t.grant_id \
                 LEFT JOIN refresh_token s ON s.tenant_id = $1 AND s.token_hash = t.successor_hash \
                 WHERE t.tenant_id = $1 AND t.token_hash = $2")
        .text(&self.tenant_id)
        .text(token_hash);
        only(self.conn.row(statement).await?, token_from_row)
    }

    /// The grants by which a client may still hold tokens of a user: families that are not
    /// revoked, and codes that were spent since a time (the longest life of an access token ago),
    /// unless all of the grant's tokens were revoked already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn grants_of(
        &mut self,
        user_id: &UserId,
        client_id: &ClientId,
        since: Timestamp,
    ) -> Result<Vec<GrantId>> {
        let statement = sql("SELECT grant_id FROM refresh_family \
                 WHERE tenant_id = $1 AND user_id = $2 AND client_id = $3 AND revoked_at IS NULL \
                 UNION \
                 SELECT a.grant_id FROM authorization_code a \
                 WHERE a.tenant_id = $1 AND a.user_id = $2 AND a.client_id = $3 \
                    AND a.consumed_at >= $4 AND NOT EXISTS (SELECT 1 FROM revoked_token r \
                        WHERE r.owner_id = $1 AND r.token_key = a.grant_id)")
        .text(&self.tenant_id)
        .text(user_id)
        .text(client_id)
        .time(since);
        each(&self.conn.rows(statement).await?, |cells| cells.parsed("grant_id"))
    }
}

impl TenantTx {
    /// Begins a family with its first token.
    ///
    /// # Errors
    /// `NotFound` when the tenant sees no such client or has no such user; `Conflict` on the
    /// grant's id or the token.
    pub async fn family_create(
        &mut self,
        family: &Family,
        token_hash: &str,
        expires_at: Timestamp,
    ) -> Result<()> {
        let tenant_id = self.tenant_id.clone();
        let mut scope = self.0.conn.scope().await?;
        let begun = sql(concat!(
            "INSERT INTO refresh_family (tenant_id, grant_id, client_id, user_id, session_id, \
                scope, nonce, auth_time, claims, created_at, last_used_at, expires_at, revoked_at) \
             SELECT $1, $2, c.id, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12 \
             FROM client c WHERE c.id = $3 AND ",
            visible!()
        ))
        .text(&tenant_id)
        .text(&family.grant_id)
        .text(&family.client_id)
        .text(&family.user_id)
        .text(&family.session_id)
        .text(family.scope.to_string())
        .text_or_null(family.nonce.as_deref())
        .time(family.auth_time)
        .text(&family.claims)
        .time(family.created_at)
        .time(expires_at)
        .time_or_null(family.revoked_at);
        if scope.execute(begun).await? == 0 {
            return Err(StoreError::NotFound { what: "client" });
        }
        let first = sql(INSERT_TOKEN)
            .text(&tenant_id)
            .text(token_hash)
            .text(&family.grant_id)
            .time(family.created_at)
            .time(expires_at);
        scope.execute(first).await?;
        scope.commit().await
    }

    /// Spends a refresh token and stores its successor, unless the token was spent, is expired
    /// or its family is revoked; slides the family's expiry. `false`: somebody else was first.
    ///
    /// # Errors
    /// `Conflict` when the successor's hash exists.
    pub async fn refresh_token_spend(
        &mut self,
        token_hash: &str,
        successor_hash: &str,
        now: Timestamp,
        successor_expires_at: Timestamp,
    ) -> Result<bool> {
        let tenant_id = self.tenant_id.clone();
        let mut scope = self.0.conn.scope().await?;
        let locked = sql("UPDATE refresh_family SET last_used_at = $3, expires_at = $4 \
                 WHERE tenant_id = $1 AND revoked_at IS NULL AND grant_id = \
                    (SELECT t.grant_id FROM refresh_token t \
                     WHERE t.tenant_id = $1 AND t.token_hash = $2 \
                        AND t.spent_at IS NULL AND t.expires_at > $3) \
                 RETURNING grant_id")
        .text(&tenant_id)
        .text(token_hash)
        .time(now)
        .time(successor_expires_at);
        let grant_id: Option<GrantId> =
            only(scope.row(locked).await?, |cells| cells.parsed("grant_id"))?;
        let Some(grant_id) = grant_id else {
            scope.give_up().await?;
            return Ok(false);
        };
        // Whoever waited for the family's lock finds the token spent here.
        let spent = sql("UPDATE refresh_token SET spent_at = $3, successor_hash = $4 \
                 WHERE tenant_id = $1 AND token_hash = $2 AND spent_at IS NULL AND expires_at > $3")
        .text(&tenant_id)
        .text(token_hash)
        .time(now)
        .text(successor_hash);
        if scope.execute(spent).await? == 0 {
            scope.give_up().await?;
            return Ok(false);
        }
        let successor = sql(INSERT_TOKEN)
            .text(&tenant_id)
            .text(successor_hash)
            .text(&grant_id)
            .time(now)
            .time(successor_expires_at);
        scope.execute(successor).await?;
        scope.commit().await?;
        Ok(true)
    }

    /// Revokes a family; `false` when it is revoked already or there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn family_revoke(&mut self, grant_id: &GrantId, now: Timestamp) -> Result<bool> {
        let statement = sql("UPDATE refresh_family SET revoked_at = $3 \
                 WHERE tenant_id = $1 AND grant_id = $2 AND revoked_at IS NULL")
        .text(&self.tenant_id)
        .text(grant_id)
        .time(now);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Revokes a user's families, of one client or of all; returns their grants.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn families_revoke_for(
        &mut self,
        user_id: &UserId,
        client_id: Option<&ClientId>,
        now: Timestamp,
    ) -> Result<Vec<GrantId>> {
        let statement = sql("UPDATE refresh_family SET revoked_at = $4 \
                 WHERE tenant_id = $1 AND user_id = $2 AND ($3 IS NULL OR client_id = $3) \
                    AND revoked_at IS NULL \
                 RETURNING grant_id")
        .text(&self.tenant_id)
        .text(user_id)
        .text_or_null(client_id)
        .time(now);
        each(&self.conn.rows(statement).await?, |cells| cells.parsed("grant_id"))
    }
}

const INSERT_TOKEN: &str = "INSERT INTO refresh_token \
        (tenant_id, token_hash, grant_id, created_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5)";
