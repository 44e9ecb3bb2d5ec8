//! Consents: what a user let a client do. A consent only grows until it is taken back as a whole.

use domain::grant::{AuthorizedApp, Consent};
use domain::ids::{ClientId, UserId};
use domain::scope::ScopeSet;
use domain::time::Timestamp;

use super::client::visible;
use super::{TenantRead, TenantTx};
use crate::error::{Result, StoreError};
use crate::statement::{Cells, each, only, sql};

fn scope_from_row(cells: Cells<'_>) -> Result<ScopeSet> {
    cells.named("scope", |text| ScopeSet::parse(text).ok())
}

fn consent_from_row(cells: Cells<'_>) -> Result<Consent> {
    Ok(Consent {
        client_id: cells.parsed("client_id")?,
        scope: scope_from_row(cells)?,
        granted_at: cells.time("granted_at")?,
        updated_at: cells.time("updated_at")?,
    })
}

impl TenantRead {
    /// What a user let a client do.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn consent_find(
        &mut self,
        user_id: &UserId,
        client_id: &ClientId,
    ) -> Result<Option<Consent>> {
        let statement = sql("SELECT client_id, scope, granted_at, updated_at FROM consent \
                 WHERE tenant_id = $1 AND user_id = $2 AND client_id = $3")
        .text(&self.tenant_id)
        .text(user_id)
        .text(client_id);
        only(self.conn.row(statement).await?, consent_from_row)
    }

    /// The apps that a user let in, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn authorized_apps(&mut self, user_id: &UserId) -> Result<Vec<AuthorizedApp>> {
        let statement = sql("SELECT s.client_id AS client_id, s.scope AS scope, \
                    s.granted_at AS granted_at, s.updated_at AS updated_at, c.name AS name, \
                    (SELECT MAX(a.created_at) FROM authorization_code a WHERE a.tenant_id = $1 \
                        AND a.user_id = $2 AND a.client_id = s.client_id) AS code_at, \
                    (SELECT MAX(f.last_used_at) FROM refresh_family f WHERE f.tenant_id = $1 \
                        AND f.user_id = $2 AND f.client_id = s.client_id) AS family_at \
                 FROM consent s JOIN client c ON c.id = s.client_id \
                 WHERE s.tenant_id = $1 AND s.user_id = $2 ORDER BY c.name, c.id LIMIT 1000")
        .text(&self.tenant_id)
        .text(user_id);
        each(&self.conn.rows(statement).await?, |cells| {
            Ok(AuthorizedApp {
                consent: consent_from_row(cells)?,
                client_name: cells.string("name")?,
                last_used_at: cells.time_or_null("code_at")?.max(cells.time_or_null("family_at")?),
            })
        })
    }
}

impl TenantTx {
    /// Adds to what a user let a client do.
    ///
    /// # Errors
    /// `NotFound` when the tenant sees no such client or has no such user.
    pub async fn consent_put(
        &mut self,
        user_id: &UserId,
        client_id: &ClientId,
        scope_set: &ScopeSet,
        now: Timestamp,
    ) -> Result<()> {
        let tenant_id = self.tenant_id.clone();
        let mut scope = self.0.conn.scope().await?;
        // The update takes the row lock, so that two windows that consent at the same time both
        // count.
        let locked = sql("UPDATE consent SET updated_at = $4 \
                 WHERE tenant_id = $1 AND user_id = $2 AND client_id = $3 RETURNING scope");
        let inserted = sql(concat!(
            "INSERT INTO consent (tenant_id, user_id, client_id, scope, granted_at, updated_at) \
             SELECT $1, $2, c.id, $5, $4, $4 FROM client c WHERE c.id = $3 AND ",
            visible!(),
            " ON CONFLICT (tenant_id, user_id, client_id) DO UPDATE SET \
                updated_at = excluded.updated_at RETURNING scope"
        ));
        let key = |statement: crate::statement::Statement| {
            statement.text(&tenant_id).text(user_id).text(client_id).time(now)
        };
        let mut row = scope.row(key(locked)).await?;
        if row.is_none() {
            row = scope.row(key(inserted).text(scope_set.to_string())).await?;
        }
        let stored = only(row, scope_from_row)?;
        let stored = stored.ok_or(StoreError::NotFound { what: "client" })?;
        let union = stored.union(scope_set);
        if union != stored {
            let widened = sql("UPDATE consent SET updated_at = $4, scope = $5 \
                     WHERE tenant_id = $1 AND user_id = $2 AND client_id = $3");
            scope.execute(key(widened).text(union.to_string())).await?;
        }
        scope.commit().await
    }

    /// Takes back what a user let a client do; `false` when there was nothing. Tokens are revoked
    /// separately.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn consent_delete(&mut self, user_id: &UserId, client_id: &ClientId) -> Result<bool> {
        let statement = sql("DELETE FROM consent \
                 WHERE tenant_id = $1 AND user_id = $2 AND client_id = $3")
        .text(&self.tenant_id)
        .text(user_id)
        .text(client_id);
        Ok(self.conn.execute(statement).await? == 1)
    }
}
