//! Authorization codes (RFC 6749 section 4.1.2).
//!
//! Invariant: a code is spent once, decided by one guarded statement. The row stays after that,
//! so that a second attempt is known as a replay and not as an unknown code.

use domain::grant::{AuthorizationCode, CodeSpend};
use domain::ids::{ClientId, UserId};
use domain::time::Timestamp;

use super::TenantTx;
use super::client::visible;
use crate::error::{Result, StoreError};
use crate::statement::{Cells, only, sql};

fn code_from_row(cells: Cells<'_>) -> Result<AuthorizationCode> {
    Ok(AuthorizationCode {
        grant_id: cells.parsed("grant_id")?,
        client_id: cells.parsed("client_id")?,
        user_id: cells.parsed("user_id")?,
        session_id: cells.parsed("session_id")?,
        redirect_uri: cells.string("redirect_uri")?,
        scope: cells.named("scope", |text| domain::scope::ScopeSet::parse(text).ok())?,
        code_challenge: cells.string_or_null("code_challenge")?,
        nonce: cells.string_or_null("nonce")?,
        auth_time: cells.time("auth_time")?,
        auth_time_requested: cells.flag("auth_time_requested")?,
        claims: cells.string("claims")?,
        created_at: cells.time("created_at")?,
        expires_at: cells.time("expires_at")?,
    })
}

macro_rules! columns {
    () => {
        "grant_id, client_id, user_id, session_id, redirect_uri, scope, code_challenge, nonce, \
         auth_time, auth_time_requested, claims, created_at, expires_at"
    };
}

impl TenantTx {
    /// Stores a code under its keyed hash.
    ///
    /// # Errors
    /// `NotFound` when the tenant sees no such client or has no such user.
    pub async fn code_create(&mut self, code_hash: &str, code: &AuthorizationCode) -> Result<()> {
        let statement = sql(concat!(
            "INSERT INTO authorization_code (tenant_id, code_hash, client_id, grant_id, user_id, \
                session_id, redirect_uri, scope, code_challenge, nonce, auth_time, \
                auth_time_requested, claims, created_at, expires_at) \
             SELECT $1, $2, c.id, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15 \
             FROM client c WHERE c.id = $3 AND ",
            visible!()
        ))
        .text(&self.tenant_id)
        .text(code_hash)
        .text(&code.client_id)
        .text(&code.grant_id)
        .text(&code.user_id)
        .text(&code.session_id)
        .text(&code.redirect_uri)
        .text(code.scope.to_string())
        .text_or_null(code.code_challenge.as_deref())
        .text_or_null(code.nonce.as_deref())
        .time(code.auth_time)
        .flag(code.auth_time_requested)
        .text(&code.claims)
        .time(code.created_at)
        .time(code.expires_at);
        if self.conn.execute(statement).await? == 0 {
            return Err(StoreError::NotFound { what: "client" });
        }
        Ok(())
    }

    /// Spends a code. Whether it is expired is the caller's to judge: an expired code is spent,
    /// too, and cannot be tried again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn code_spend(&mut self, code_hash: &str, now: Timestamp) -> Result<CodeSpend> {
        let spent = sql(concat!(
            "UPDATE authorization_code SET consumed_at = $3 \
             WHERE tenant_id = $1 AND code_hash = $2 AND consumed_at IS NULL RETURNING ",
            columns!()
        ))
        .text(&self.tenant_id)
        .text(code_hash)
        .time(now);
        if let Some(code) = only(self.conn.row(spent).await?, code_from_row)? {
            return Ok(CodeSpend::Spent(code));
        }
        let replayed = sql(concat!(
            "SELECT ",
            columns!(),
            " FROM authorization_code WHERE tenant_id = $1 AND code_hash = $2"
        ))
        .text(&self.tenant_id)
        .text(code_hash);
        let code = only(self.conn.row(replayed).await?, code_from_row)?;
        Ok(code.map_or(CodeSpend::Unknown, CodeSpend::Replayed))
    }

    /// Spends every code that a user's clients (or one of them) still hold, so that a code from
    /// before a revocation cannot be exchanged after it; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn codes_revoke_for(
        &mut self,
        user_id: &UserId,
        client_id: Option<&ClientId>,
        now: Timestamp,
    ) -> Result<u64> {
        let statement = sql("UPDATE authorization_code SET consumed_at = $4 \
                 WHERE tenant_id = $1 AND user_id = $2 AND ($3 IS NULL OR client_id = $3) \
                    AND consumed_at IS NULL")
        .text(&self.tenant_id)
        .text(user_id)
        .text_or_null(client_id)
        .time(now);
        self.conn.execute(statement).await
    }
}
