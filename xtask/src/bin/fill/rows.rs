//! Which rows are copied, and what differs from the template's.

use anyhow::{Result, bail};

use crate::numbers::{Numbers, client_sql, host_sql, tenant_sql};

/// Two years, in seconds.
const SPREAD: i64 = 63_072_000;

/// The rows of one table: `t` is the template's row, `n` the numbers.
pub struct Copy {
    pub table: &'static str,
    /// Which rows are the template.
    template: String,
    /// What a column holds instead of the template's value.
    changed: Vec<(&'static str, String)>,
}

impl Copy {
    /// The statement that copies for the numbers of `source`, a table expression that defines `n`.
    pub fn statement(&self, columns: &[String], source: &str) -> Result<String> {
        if let Some((gone, _)) =
            self.changed.iter().find(|(name, _)| !columns.iter().any(|column| column == name))
        {
            bail!(
                "the table {} has no column {gone} any more: mend xtask/src/bin/fill",
                self.table
            );
        }
        let value = |column: &String| {
            let changed = self.changed.iter().find(|(name, _)| name == column);
            changed.map_or_else(|| format!("t.{column}"), |(_, value)| value.clone())
        };
        let values: Vec<String> = columns.iter().map(value).collect();
        Ok(format!(
            "INSERT INTO {table} ({columns}) WITH RECURSIVE {source} \
             SELECT {values} FROM n CROSS JOIN {table} t WHERE {template}",
            table = self.table,
            columns = columns.join(", "),
            values = values.join(", "),
            template = self.template,
        ))
    }
}

/// What a region knows of a tenant.
pub fn of_tenants(template: &str) -> Vec<Copy> {
    let tenant = tenant_sql("n.i");
    let of_tenant = |table| Copy {
        table,
        template: format!("t.tenant_id = '{template}'"),
        changed: vec![("tenant_id", tenant.clone())],
    };
    let itself = Copy {
        table: "tenant",
        template: format!("t.id = '{template}'"),
        changed: vec![
            ("id", tenant.clone()),
            ("name", "'Tenant ' || CAST(n.i AS TEXT)".to_owned()),
            ("hostnames", format!("'[\"' || {} || '\"]'", host_sql("n.i"))),
        ],
    };
    vec![itself, of_tenant("role"), of_tenant("user_group")]
}

/// What the directory knows of a tenant.
pub fn of_directory(template: &str) -> Vec<Copy> {
    let template = format!("t.tenant_id = '{template}'");
    let tenant = ("tenant_id", tenant_sql("n.i"));
    let name = ("name", "'Tenant ' || CAST(n.i AS TEXT)".to_owned());
    let hostname = ("hostname", host_sql("n.i"));
    vec![
        Copy {
            table: "tenant_location",
            template: template.clone(),
            changed: vec![tenant.clone(), name],
        },
        Copy { table: "hostname", template, changed: vec![tenant, hostname] },
    ]
}

/// Clients of all types with varied names, scopes and times. A machine client, the first of each
/// tenant, is as the template.
pub fn clients(template: &str, numbers: &Numbers) -> Copy {
    let machine = format!("n.i <= {}", numbers.tenants);
    let unless_machine =
        |column: &str, other: &str| format!("CASE WHEN {machine} THEN t.{column} ELSE {other} END");
    let app_type =
        "CASE n.i % 4 WHEN 0 THEN 'spa' WHEN 1 THEN 'native' ELSE t.app_type END".to_owned();
    let methods = "CASE WHEN n.i % 4 < 2 THEN '' ELSE t.auth_methods END";
    let scopes = "CASE n.i % 3 WHEN 0 THEN 'openid profile user_default' \
        WHEN 1 THEN 'apps:read spaces.shared user_default' ELSE 'user_default' END";
    let name = "CASE n.i % 8 WHEN 0 THEN 'Quarterly reports' WHEN 1 THEN 'Dashboards' \
        WHEN 2 THEN 'Nightly export' WHEN 3 THEN 'Pocket charts' WHEN 4 THEN 'Data gateway' \
        WHEN 5 THEN 'Partner portal' WHEN 6 THEN 'Field service' ELSE 'Audit mirror' END \
        || ' ' || CAST(n.i AS TEXT)";
    let created = format!("t.created_at - (n.i * 7919 % {SPREAD}) * 1000");
    Copy {
        table: "client",
        template: format!("t.id = '{template}'"),
        changed: vec![
            ("id", client_sql("n.i")),
            ("owner_id", tenant_sql("n.owner")),
            ("app_type", unless_machine("app_type", &app_type)),
            ("name", name.to_owned()),
            ("name_key", format!("LOWER({name})")),
            ("redirect_uris", unless_machine("redirect_uris", "'[\"https://app.example/back\"]'")),
            ("allowed_scopes", unless_machine("allowed_scopes", scopes)),
            ("machine_grants", unless_machine("machine_grants", "''")),
            ("auth_methods", unless_machine("auth_methods", methods)),
            ("created_at", created.clone()),
            ("updated_at", format!("{created} + n.i % 1000 * 3600")),
        ],
    }
}

/// That the tenants trust their machine clients.
pub fn connection_configs(template: &str) -> Copy {
    Copy {
        table: "connection_config",
        template: format!("t.client_id = '{template}'"),
        changed: vec![("tenant_id", tenant_sql("n.i")), ("client_id", client_sql("n.i"))],
    }
}

/// Secrets, whose values come from `n (id, client_id, hint, hash)`.
pub fn client_secrets(template: &str) -> Copy {
    let columns = ["id", "client_id", "hint", "hash"];
    Copy {
        table: "client_secret",
        template: format!("t.client_id = '{template}'"),
        changed: columns.map(|column| (column, format!("n.{column}"))).to_vec(),
    }
}
