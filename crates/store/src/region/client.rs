//! Clients and their credentials.
//!
//! Invariants: a tenant *sees* its own clients, those of its subscription's region level, and
//! published ones of the region; it *changes* only its own.

use domain::client::{
    AppType, AuthMethod, Client, ClientWithCredentials, ConnectionConfig, ConsentMethod, Creator,
    GrantType, Level, Owner,
};
use domain::ids::{ClientId, OrganizationId, SubscriptionId, TenantId};
use domain::list::{ListQuery, Page};
use domain::scope::ScopeSet;
use domain::time::Timestamp;

use super::{TenantRead, TenantTx};
use crate::error::{Result, StoreError};
use crate::list::{self, Column, Shape};
use crate::statement::{Cells, Statement, each, sql, text_key};

/// The condition under which tenant `$1` sees client `c`.
macro_rules! visible {
    () => {
        "((c.owner_level = 'tenant' AND (c.owner_id = $1 OR c.published_at IS NOT NULL)) \
          OR (c.owner_level = 'region' AND c.owner_id = \
              (SELECT t.subscription_id FROM tenant t WHERE t.id = $1)))"
    };
}
pub(super) use visible;

macro_rules! columns {
    () => {
        "SELECT c.id AS id, c.owner_level AS owner_level, c.owner_id AS owner_id, \
            c.app_type AS app_type, c.name AS name, c.description AS description, \
            c.client_uri AS client_uri, c.logo_uri AS logo_uri, c.policy_uri AS policy_uri, \
            c.tos_uri AS tos_uri, c.redirect_uris AS redirect_uris, \
            c.post_logout_redirect_uris AS post_logout_redirect_uris, \
            c.allowed_origins AS allowed_origins, c.allowed_scopes AS allowed_scopes, \
            c.machine_grants AS machine_grants, c.auth_methods AS auth_methods, \
            c.jwks_uri AS jwks_uri, c.require_pkce AS require_pkce, \
            c.id_token_alg AS id_token_alg, c.disable_tag AS disable_tag, \
            c.published_at AS published_at, c.created_by_type AS created_by_type, \
            c.created_by AS created_by, c.created_at AS created_at, c.updated_at AS updated_at, \
            k.consent_method AS consent_method, k.approved AS approved \
         FROM client c \
         LEFT JOIN connection_config k ON k.tenant_id = $1 AND k.client_id = c.id "
    };
}

const GET: &str = concat!(columns!(), "WHERE c.id = $2 AND ", visible!());

/// Each part is a walk along an index that ends after `$3` rows. `CROSS JOIN` makes SQLite begin
/// with the tenant's configs and not with the region's clients.
const LIST: &str = concat!(
    columns!(),
    "WHERE c.id IN (\
        SELECT id FROM (SELECT a.id AS id FROM client a \
            WHERE a.owner_level = 'tenant' AND a.owner_id = $1 AND a.id > $2 \
            ORDER BY a.id LIMIT $3) AS own \
        UNION \
        SELECT id FROM (SELECT a.id AS id FROM client a \
            WHERE a.owner_level = 'region' AND a.owner_id = \
                (SELECT t.subscription_id FROM tenant t WHERE t.id = $1) AND a.id > $2 \
            ORDER BY a.id LIMIT $3) AS regional \
        UNION \
        SELECT id FROM (SELECT a.id AS id FROM connection_config m CROSS JOIN client a \
            WHERE m.tenant_id = $1 AND m.is_guest = 1 AND m.client_id > $2 \
                AND a.id = m.client_id \
                AND a.owner_level = 'tenant' AND a.published_at IS NOT NULL \
            ORDER BY m.client_id LIMIT $3) AS published\
     ) ORDER BY c.id LIMIT $3"
);

/// Whether tenant `$1` asks its users before client `c` acts for them; as
/// `ClientWithCredentials::consent_method` decides it.
const CONSENT_METHOD: &str = "(CASE WHEN c.published_at IS NULL THEN \
    COALESCE((SELECT x.consent_method FROM connection_config x \
        WHERE x.tenant_id = $1 AND x.client_id = c.id), 'required') ELSE 'required' END)";

/// When client `c` was last used in tenant `$1`.
macro_rules! last_used {
    () => {
        "(SELECT x.last_used_at FROM client_use x WHERE x.tenant_id = $1 AND x.client_id = c.id)"
    };
}

/// How many scopes client `c` may have: they stand in its column with spaces between them.
const SCOPE_COUNT: &str = "CAST(CASE WHEN c.allowed_scopes = '' THEN 0 ELSE 1 + LENGTH(c.allowed_scopes) \
    - LENGTH(REPLACE(c.allowed_scopes, ' ', '')) END AS BIGINT)";

/// How client `c` stands: disabled, enabled, published, in this order.
const STATUS: &str = "CAST(CASE WHEN c.disable_tag IS NOT NULL THEN 0 \
    WHEN c.published_at IS NULL THEN 1 ELSE 2 END AS BIGINT)";

/// How many secrets client `c` has; another tenant's are none of this one's business.
const SECRET_COUNT: &str = "CAST((SELECT COUNT(*) FROM client_secret x \
    WHERE x.client_id = c.id AND c.owner_id = $1) AS BIGINT)";

/// Clients as they are listed: the tenant's own, and published ones that it has a config for
/// (contract, sections 1 and 3: region-level clients are not listed in tenants).
pub(super) const SHAPE: Shape = Shape {
    sources: &[
        "FROM client c WHERE c.owner_level = 'tenant' AND c.owner_id = $1",
        "FROM connection_config m CROSS JOIN client c WHERE m.tenant_id = $1 AND m.is_guest = 1 \
            AND c.id = m.client_id AND c.owner_level = 'tenant' AND c.owner_id <> $1 \
            AND c.published_at IS NOT NULL",
    ],
    id: "c.id",
    attributes: &[
        ("clientId", Column::Always("c.id")),
        ("clientName", Column::Always("c.name_key")),
        ("appType", Column::Always("c.app_type")),
        ("tenantId", Column::Always("c.owner_id")),
        ("createdByType", Column::Always("c.created_by_type")),
        ("createdAt", Column::Always("c.created_at")),
        ("updatedAt", Column::Always("c.updated_at")),
        ("publishedAt", Column::Nullable("c.published_at")),
        ("disableTag", Column::Nullable("c.disable_tag")),
        ("consentMethod", Column::Always(CONSENT_METHOD)),
        ("lastUsedAt", Column::Nullable(last_used!())),
    ],
    sorts: &[
        ("clientId", "c.id"),
        ("clientName", "c.name_key"),
        ("appType", "c.app_type"),
        // Not the bare column: SQLite would go through all clients of all tenants beyond this one.
        ("tenantId", "CAST(c.owner_id AS TEXT)"),
        ("createdAt", "c.created_at"),
        ("updatedAt", "c.updated_at"),
        // What hangs on the tenant, or is counted, is in no index of clients: these sort what the
        // tenant lists, which is bounded (`clients_per_tenant`). Never used is the least.
        ("consentMethod", CONSENT_METHOD),
        ("lastUsedAt", concat!("(COALESCE(", last_used!(), ", 0))")),
        ("scopeCount", SCOPE_COUNT),
        ("status", STATUS),
        ("secretCount", SECRET_COUNT),
    ],
};

const OF_IDS: (&str, &str) = (concat!(columns!(), "WHERE c.id IN "), "");

const ALLOWED_ORIGINS: &str = "SELECT c.allowed_origins AS allowed_origins FROM client c \
        LEFT JOIN connection_config k ON k.tenant_id = $1 AND k.client_id = c.id \
        WHERE c.owner_level = 'tenant' AND c.owner_id = $1 \
            AND c.disable_tag IS NULL AND c.allowed_origins <> '[]' \
            AND COALESCE(k.approved, 1) = 1 \
    UNION \
    SELECT c.allowed_origins FROM client c \
        LEFT JOIN connection_config k ON k.tenant_id = $1 AND k.client_id = c.id \
        WHERE c.owner_level = 'region' AND c.owner_id = \
                (SELECT t.subscription_id FROM tenant t WHERE t.id = $1) \
            AND c.disable_tag IS NULL AND c.allowed_origins <> '[]' \
            AND COALESCE(k.approved, 1) = 1 \
    UNION \
    SELECT c.allowed_origins FROM connection_config k CROSS JOIN client c \
        WHERE k.tenant_id = $1 AND k.is_guest = 1 AND k.approved = 1 AND c.id = k.client_id \
            AND c.owner_level = 'tenant' AND c.published_at IS NOT NULL \
            AND c.disable_tag IS NULL AND c.allowed_origins <> '[]'";

fn owner_from_row(cells: Cells<'_>) -> Result<Owner> {
    let corrupt = StoreError::Corrupt { what: "owner_id" };
    let id = cells.text("owner_id")?;
    let owner = match cells.named("owner_level", Level::parse)? {
        Level::Tenant => TenantId::parse(id).map(Owner::Tenant),
        Level::Region => SubscriptionId::parse(id).map(Owner::Region),
        Level::Organization => OrganizationId::parse(id).map(Owner::Organization),
    };
    owner.map_err(|_| corrupt)
}

fn client_from_row(cells: Cells<'_>) -> Result<Client> {
    Ok(Client {
        id: cells.parsed("id")?,
        owner: owner_from_row(cells)?,
        app_type: cells.named("app_type", AppType::parse)?,
        name: cells.string("name")?,
        description: cells.string("description")?,
        client_uri: cells.string("client_uri")?,
        logo_uri: cells.string("logo_uri")?,
        policy_uri: cells.string("policy_uri")?,
        tos_uri: cells.string("tos_uri")?,
        redirect_uris: cells.json("redirect_uris")?,
        post_logout_redirect_uris: cells.json("post_logout_redirect_uris")?,
        allowed_origins: cells.json("allowed_origins")?,
        allowed_scopes: cells.named("allowed_scopes", |text| ScopeSet::parse(text).ok())?,
        machine_grants: cells.words("machine_grants", GrantType::parse)?,
        auth_methods: cells.words("auth_methods", AuthMethod::parse)?,
        jwks_uri: cells.string("jwks_uri")?,
        require_pkce: cells.flag("require_pkce")?,
        id_token_alg: cells.parsed("id_token_alg")?,
        disable_tag: cells.string_or_null("disable_tag")?,
        published_at: cells.time_or_null("published_at")?,
        created_by: Creator {
            kind: cells.string("created_by_type")?,
            id: cells.string("created_by")?,
        },
        created_at: cells.time("created_at")?,
        updated_at: cells.time("updated_at")?,
    })
}

fn connection_from_row(cells: Cells<'_>) -> Result<Option<ConnectionConfig>> {
    if cells.text_or_null("consent_method")?.is_none() {
        return Ok(None);
    }
    Ok(Some(ConnectionConfig {
        consent_method: cells.named("consent_method", ConsentMethod::parse)?,
        approved: cells.flag("approved")?,
    }))
}

fn bare_client_from_row(cells: Cells<'_>) -> Result<ClientWithCredentials> {
    Ok(ClientWithCredentials {
        client: client_from_row(cells)?,
        secrets: Vec::new(),
        keys: Vec::new(),
        connection: connection_from_row(cells)?,
    })
}

impl TenantRead {
    /// A client that this tenant sees, with its credentials and how the tenant treats it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn client_get(&mut self, id: &ClientId) -> Result<Option<ClientWithCredentials>> {
        let statement = sql(GET).text(&self.tenant_id).text(id);
        let rows = self.conn.rows(statement).await?;
        let clients = each(&rows, bare_client_from_row)?;
        Ok(self.with_credentials(clients).await?.pop())
    }

    /// Clients that this tenant sees, as [`Self::client_get`] gives one, in no order; others are
    /// left out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn clients_get(&mut self, ids: &[&ClientId]) -> Result<Vec<ClientWithCredentials>> {
        const SEEN_OF_IDS: (&str, &str) = (OF_IDS.0, concat!(" AND ", visible!()));
        let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
        let tenant = self.tenant_id.as_str();
        let Some(statement) = list::with_ids(SEEN_OF_IDS, (tenant, Vec::new()), &ids) else {
            return Ok(Vec::new());
        };
        let rows = self.conn.rows(statement).await?;
        self.with_credentials(each(&rows, bare_client_from_row)?).await
    }

    /// A page of the clients that this tenant lists.
    ///
    /// # Errors
    /// When the database does not answer, `Invalid` for a filter or sort of another list.
    pub async fn client_page(&mut self, query: &ListQuery) -> Result<Page<ClientWithCredentials>> {
        let page = list::page(&mut self.conn, self.tenant_id.as_str(), &SHAPE, query).await?;
        let Some(statement) = list::of_ids(OF_IDS, self.tenant_id.as_str(), &page) else {
            return Ok(page.with(Vec::new()));
        };
        let rows = self.conn.rows(statement).await?;
        let clients = self.with_credentials(each(&rows, bare_client_from_row)?).await?;
        Ok(list::in_order(page, clients, |one| one.client.id.as_str()))
    }

    /// The tenant's clients by id, after one: its own, those of its subscription's region level,
    /// and the published ones that it has a connection config for.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn client_list(
        &mut self,
        limit: u32,
        after: Option<&ClientId>,
    ) -> Result<Vec<ClientWithCredentials>> {
        let statement = sql(LIST)
            .text(&self.tenant_id)
            .text(after.map_or("", ClientId::as_str))
            .int(i64::from(limit));
        let rows = self.conn.rows(statement).await?;
        let clients = each(&rows, bare_client_from_row)?;
        self.with_credentials(clients).await
    }

    /// How many clients this tenant owns.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn client_count(&mut self) -> Result<i64> {
        let statement = sql("SELECT COUNT(*) AS n FROM client \
                 WHERE owner_level = 'tenant' AND owner_id = $1")
        .text(&self.tenant_id);
        let row = self.conn.row(statement).await?;
        row.as_ref().map_or(Ok(0), |row| Cells(row).int("n"))
    }

    /// The browser origins that may call this tenant: those of enabled clients which it owns, has
    /// from its subscription's region level (unless it disapproved of them), or approved of.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn allowed_origins(&mut self) -> Result<Vec<String>> {
        let statement = sql(ALLOWED_ORIGINS).text(&self.tenant_id);
        let lists: Vec<Vec<String>> =
            each(&self.conn.rows(statement).await?, |cells| cells.json("allowed_origins"))?;
        let mut origins: Vec<String> = lists.into_iter().flatten().collect();
        origins.sort_unstable();
        origins.dedup();
        Ok(origins)
    }
}

impl TenantTx {
    /// Makes a client of this tenant.
    ///
    /// # Errors
    /// `Conflict` on the id, `Invalid` when its owner is not this tenant.
    pub async fn client_create(&mut self, client: &Client) -> Result<()> {
        if client.owner != Owner::Tenant(self.tenant_id.clone()) {
            return Err(StoreError::Invalid { what: "row of another tenant" });
        }
        let statement = sql("INSERT INTO client (owner_id, id, name, description, client_uri, \
                    logo_uri, policy_uri, tos_uri, redirect_uris, post_logout_redirect_uris, \
                    allowed_origins, allowed_scopes, machine_grants, auth_methods, jwks_uri, \
                    require_pkce, id_token_alg, disable_tag, published_at, updated_at, name_key, \
                    owner_level, app_type, created_by_type, created_by, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
                    $17, $18, $19, $20, $21, 'tenant', $22, $23, $24, $25)");
        let statement = self
            .bind_client(statement, client)
            .text(client.app_type.as_str())
            .text(&client.created_by.kind)
            .text(&client.created_by.id)
            .time(client.created_at);
        self.conn.execute(statement).await?;
        Ok(())
    }

    /// Binds `$1` to `$21`: the tenant, the client's id and what may change.
    fn bind_client(&self, statement: Statement, client: &Client) -> Statement {
        statement
            .text(&self.tenant_id)
            .text(&client.id)
            .text(&client.name)
            .text(&client.description)
            .text(&client.client_uri)
            .text(&client.logo_uri)
            .text(&client.policy_uri)
            .text(&client.tos_uri)
            .json(&client.redirect_uris)
            .json(&client.post_logout_redirect_uris)
            .json(&client.allowed_origins)
            .text(client.allowed_scopes.to_string())
            .words(client.machine_grants.iter().map(|grant| grant.as_str()))
            .words(client.auth_methods.iter().map(|method| method.as_str()))
            .text(&client.jwks_uri)
            .flag(client.require_pkce)
            .text(client.id_token_alg.as_str())
            .text_or_null(client.disable_tag.as_deref())
            .time_or_null(client.published_at)
            .time(client.updated_at)
            .text(text_key(&client.name))
    }

    /// Stores all of a client but its id, owner, type and creation; `false` when the tenant owns
    /// no such client.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn client_update(&mut self, client: &Client) -> Result<bool> {
        let statement = sql("UPDATE client SET name = $3, description = $4, client_uri = $5, \
                    logo_uri = $6, policy_uri = $7, tos_uri = $8, redirect_uris = $9, \
                    post_logout_redirect_uris = $10, allowed_origins = $11, \
                    allowed_scopes = $12, machine_grants = $13, auth_methods = $14, \
                    jwks_uri = $15, require_pkce = $16, id_token_alg = $17, disable_tag = $18, \
                    published_at = $19, updated_at = $20, name_key = $21 \
                 WHERE id = $2 AND owner_level = 'tenant' AND owner_id = $1");
        let statement = self.bind_client(statement, client);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Takes the row lock of a client of this tenant until the commit, so that what is read from
    /// now on stays true; `false` when the tenant owns no such client.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn client_lock(&mut self, id: &ClientId, now: Timestamp) -> Result<bool> {
        let statement = sql("UPDATE client SET updated_at = $3 \
                 WHERE id = $2 AND owner_level = 'tenant' AND owner_id = $1")
        .text(&self.tenant_id)
        .text(id)
        .time(now);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Keeps a client that this tenant sees as it is until the commit; `false` when it sees none
    /// such.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn client_hold(&mut self, id: &ClientId) -> Result<bool> {
        const HOLD: &str = concat!(
            "UPDATE client AS c SET updated_at = c.updated_at WHERE c.id = $2 AND ",
            visible!()
        );
        let statement = sql(HOLD).text(&self.tenant_id).text(id);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// How many clients this tenant owns; no other transaction that asks this way goes on before
    /// the commit, so that a limit holds.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn client_count_for_update(&mut self) -> Result<i64> {
        let lock = sql("UPDATE tenant SET name = name WHERE id = $1").text(&self.tenant_id);
        self.conn.execute(lock).await?;
        self.client_count().await
    }

    /// Deletes a client of this tenant with its secrets, keys, configs, consents, codes and
    /// refresh tokens, and revokes the API keys that it made, in all tenants; `false` when the
    /// tenant owns no such client. Nodes need not be told of these keys: they work only while the
    /// client is there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn client_delete(&mut self, id: &ClientId, now: Timestamp) -> Result<bool> {
        let statement = sql("DELETE FROM client \
                 WHERE id = $2 AND owner_level = 'tenant' AND owner_id = $1")
        .text(&self.tenant_id)
        .text(id);
        if self.conn.execute(statement).await? == 0 {
            return Ok(false);
        }
        let keys = sql("UPDATE api_key SET revoked_at = $2, updated_at = $2, status_rank = 0 \
                 WHERE client_id = $1 AND revoked_at IS NULL")
        .text(id)
        .time(now);
        self.conn.execute(keys).await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use domain::filter::{Attribute, Filter, Kind, Op, Operand, Test};

    use super::*;
    use crate::migrate::tests::plan;

    #[tokio::test]
    async fn clients_are_found_without_a_walk_through_the_region() {
        for text in [GET, LIST, ALLOWED_ORIGINS] {
            let plan = plan(text).await;
            for walk in ["(owner_level=?)", "SCAN c", "SCAN a", "SCAN k", "SCAN m", "SCAN t"] {
                assert!(!plan.lines().any(|line| line.starts_with(walk)), "{walk}: {plan}");
            }
            assert!(!plan.contains("(owner_level=?)"), "{plan}");
        }
    }

    #[tokio::test]
    async fn no_page_goes_through_the_clients_of_other_tenants() {
        for (by, _) in SHAPE.sorts {
            for descending in [false, true] {
                let text = list::page_text(&SHAPE, by, descending, None).expect("a statement");
                let plan = plan(&text).await;
                assert!(plan.contains("(owner_level=? AND owner_id=?"), "{by}: {plan}");
                // A tenant has a config for each of its own clients.
                assert!(plan.contains("(tenant_id=? AND is_guest=?"), "{by}: {plan}");
                for walk in ["owner_id>?", "owner_id<?", "SCAN c", "SCAN m"] {
                    assert!(!plan.contains(walk), "{by}: {plan}");
                }
            }
        }
    }
    #[tokio::test]
    async fn a_filter_by_name_reads_the_index_and_not_every_client() {
        let name = Attribute { name: "clientName", kind: Kind::Text };
        let operand = Operand::Text("x".to_owned());
        let filter = Filter::Test(Test { attribute: name, op: Op::Co, operand });
        for by in ["clientName", "createdAt", "updatedAt"] {
            let text = list::page_text(&SHAPE, by, true, Some(&filter)).expect("a statement");
            let plan = plan(&text).await;
            let covered = plan.lines().any(|line| {
                line.contains("COVERING INDEX client_by_") && line.contains("(owner_level=?")
            });
            assert!(covered, "{by}: {plan}");
        }
    }
}
