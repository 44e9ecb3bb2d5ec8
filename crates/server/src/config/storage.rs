//! `[keys]`, `[database]` and `[caches]`: where data lies, and how much of it is kept in memory.
//!
//! Invariant: a database URL's password is never shown: not by `Debug`, not when serialized, not in
//! an error (design, "What must never happen", 5).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::format;

/// The master key, under which private keys and stored credentials are encrypted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Keys {
    /// File of the master key; `<data_dir>/master.key` when left out. It is made on the first
    /// start, readable by its owner only. Back it up apart from the databases: without it they are
    /// lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub master_key_file: Option<PathBuf>,
}

/// The databases: one directory, and one for each region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// Directory database, `sqlite://` or `postgres://`; `sqlite://<data_dir>/directory.db` when
    /// left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory: Option<DatabaseUrl>,
    /// Connections that the pool of each database may open.
    #[schemars(range(min = 1, max = 1024))]
    pub max_connections: u32,
    /// Database of each region that this node serves, by the region's code. No two may be the same.
    #[schemars(extend("propertyNames" = { "format": "dns-label" }))]
    pub regions: BTreeMap<String, DatabaseUrl>,
}

impl Default for Database {
    fn default() -> Self {
        Self { directory: None, max_connections: 8, regions: BTreeMap::new() }
    }
}

/// How much is kept in memory, each as a number of entries.
// The defaults keep a node under 150 MiB however many tenants it serves: docs/benchmarks.md.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Caches {
    /// Tenants, with their signing keys.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub tenants: u64,
    /// Clients, with the hashes of their secrets.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub clients: u64,
    /// Users, with their roles and groups.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub users: u64,
    /// Milliseconds between two looks at the change feed, which drops what is out of date.
    #[schemars(range(min = 50, max = 1000))]
    pub change_poll_milliseconds: u64,
}

impl Default for Caches {
    fn default() -> Self {
        Self { tenants: 5000, clients: 10_000, users: 10_000, change_poll_milliseconds: 500 }
    }
}

impl Caches {
    /// Between two looks at the change feed.
    pub fn change_poll(&self) -> Duration {
        Duration::from_millis(self.change_poll_milliseconds)
    }
}

/// A `sqlite://` or `postgres://` URL.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Takes a URL that is well formed.
    ///
    /// # Errors
    /// Says what is wrong, without the URL's text.
    pub fn parse(text: &str) -> Result<Self, String> {
        format::database_url(text).map_err(|fault| fault.to_string())?;
        Ok(Self(text.to_owned()))
    }

    /// The SQLite file at this path.
    pub(super) fn sqlite_file(path: &std::path::Path) -> Self {
        // The driver reads `%` and `?` in the path as URL syntax.
        let path = path.display().to_string().replace('%', "%25").replace('?', "%3F");
        Self(format!("sqlite://{path}"))
    }

    /// The whole URL with its password: for opening the database only.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is a SQLite file.
    pub fn is_sqlite(&self) -> bool {
        self.0.starts_with("sqlite:")
    }

    /// The URL with `***` in place of its password and of its parameters' values.
    pub fn redacted(&self) -> String {
        if self.is_sqlite() {
            return self.0.clone();
        }
        let Ok(mut url) = url::Url::parse(&self.0) else { return "***".to_owned() };
        if url.password().is_some() && url.set_password(Some("***")).is_err() {
            return "***".to_owned();
        }
        if url.query().is_some() {
            url.set_query(Some("***"));
        }
        url.to_string()
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.redacted())
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.redacted())
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.redacted())
    }
}

impl<'de> Deserialize<'de> for DatabaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for DatabaseUrl {
    fn schema_name() -> Cow<'static, str> {
        "DatabaseUrl".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "database-url" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let url = DatabaseUrl::parse("postgres://app:hunter2@db.example.com/eu?password=hunter2")
            .unwrap();
        for shown in [format!("{url:?}"), url.to_string(), serde_json::to_string(&url).unwrap()] {
            assert!(!shown.contains("hunter2"), "{shown}");
            assert!(shown.contains("db.example.com/eu"), "{shown}");
        }
        assert!(url.expose().contains("hunter2"));
    }

    #[test]
    fn a_refused_url_is_not_repeated() {
        for bad in ["postgres://app:hunter2@/eu", "mysql://app:hunter2@db/eu", "hunter2"] {
            let error = DatabaseUrl::parse(bad).unwrap_err();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
