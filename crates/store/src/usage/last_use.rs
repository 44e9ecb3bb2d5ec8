//! When and from where the secrets and keys of clients last worked.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::ids::{ApiKeyId, ClientId, TenantId};
use domain::time::Timestamp;

use super::chunks;
use crate::database::Conn;
use crate::error::Result;
use crate::statement::Statement;

/// What a client proved itself with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A secret, by its own id.
    Secret(Arc<str>),
    /// A registered public key of a client, by its kid.
    Key(ClientId, String),
}

/// The last time that a credential worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialUse {
    /// Which one; nothing happens when it is gone.
    pub credential: Credential,
    /// When.
    pub at: Timestamp,
    /// The caller's address.
    pub from: String,
}

const SECRETS_HEAD: &str = "UPDATE client_secret SET last_used_at = v.column2, \
    last_used_from = v.column3 FROM (VALUES ";
const SECRETS_TAIL: &str = ") AS v WHERE client_secret.id = v.column1 \
    AND COALESCE(client_secret.last_used_at, 0) < v.column2";

const KEYS_HEAD: &str = "UPDATE client_key SET last_used_at = v.column3, \
    last_used_from = v.column4 FROM (VALUES ";
const KEYS_TAIL: &str = ") AS v WHERE client_key.client_id = v.column1 \
    AND client_key.kid = v.column2 AND COALESCE(client_key.last_used_at, 0) < v.column3";

/// The last time that an API key worked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApiKeyUse {
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Which one; nothing happens when it is gone.
    pub id: ApiKeyId,
    /// When.
    pub at: Timestamp,
}

const API_KEYS_HEAD: &str = "UPDATE api_key SET last_used_at = v.column3 FROM (VALUES ";
const API_KEYS_TAIL: &str = ") AS v WHERE api_key.tenant_id = v.column1 \
    AND api_key.id = v.column2 AND COALESCE(api_key.last_used_at, 0) < v.column3";

/// Writes the uses of API keys, each key at most once among them, all or nothing.
pub(crate) async fn write_api_keys(conn: &mut Conn, uses: &[ApiKeyUse]) -> Result<()> {
    let mut scope = conn.scope().await?;
    for chunk in chunks(uses) {
        let mut statement = Statement::repeated(API_KEYS_HEAD, chunk.len(), 3, API_KEYS_TAIL);
        for one in chunk {
            statement = statement.text(&one.tenant_id).text(&one.id).time(one.at);
        }
        scope.execute(statement).await?;
    }
    scope.commit().await
}

/// The latest use of each credential; one statement cannot write the same row twice.
type Latest<'u, K> = BTreeMap<K, &'u CredentialUse>;

fn keep_latest<'u, K: Ord>(latest: &mut Latest<'u, K>, key: K, one: &'u CredentialUse) {
    let slot = latest.entry(key).or_insert(one);
    if slot.at < one.at {
        *slot = one;
    }
}

pub(super) async fn write(conn: &mut Conn, uses: &[CredentialUse]) -> Result<()> {
    let (mut secrets, mut keys) = (Latest::new(), Latest::new());
    for one in uses {
        match &one.credential {
            Credential::Secret(id) => keep_latest(&mut secrets, &**id, one),
            Credential::Key(client, kid) => {
                keep_latest(&mut keys, (client.as_str(), kid.as_str()), one);
            }
        }
    }
    let secrets: Vec<_> = secrets.into_iter().collect();
    for chunk in chunks(&secrets) {
        let mut statement = Statement::repeated(SECRETS_HEAD, chunk.len(), 3, SECRETS_TAIL);
        for (id, one) in chunk {
            statement = statement.text(id).time(one.at).text(&one.from);
        }
        conn.execute(statement).await?;
    }
    let keys: Vec<_> = keys.into_iter().collect();
    for chunk in chunks(&keys) {
        let mut statement = Statement::repeated(KEYS_HEAD, chunk.len(), 4, KEYS_TAIL);
        for ((client_id, kid), one) in chunk {
            statement = statement.text(client_id).text(kid).time(one.at).text(&one.from);
        }
        conn.execute(statement).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::tests::plan;

    #[tokio::test]
    async fn last_uses_are_written_without_a_walk_through_all_secrets() {
        let three = "($1, $2, $3), ($4, $5, $6)";
        let secrets = format!("{SECRETS_HEAD}{three}{SECRETS_TAIL}");
        let four = "($1, $2, $3, $4), ($5, $6, $7, $8)";
        let keys = format!("{KEYS_HEAD}{four}{KEYS_TAIL}");
        let api_keys = format!("{API_KEYS_HEAD}{three}{API_KEYS_TAIL}");
        for (text, table) in
            [(secrets, "client_secret"), (keys, "client_key"), (api_keys, "api_key")]
        {
            let plan = plan(&text).await;
            assert!(plan.contains(&format!("SEARCH {table} USING INDEX")), "{plan}");
        }
    }
}
