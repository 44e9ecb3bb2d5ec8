//! An installation as an operator makes it: a configuration, migrated databases, and everything in
//! them by the command line.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;
use tempfile::TempDir;

use super::program::{Cli, Node};
use super::web::Site;
use crate::place::execute;

/// The tenant's host name.
pub const HOST: &str = "app.eu.example.test";
pub const PASSWORD: &str = "correct horse battery staple";

/// Where the databases are.
pub enum Databases {
    Sqlite,
    Postgres { url: String, schema: String },
}

impl Databases {
    /// A schema of one's own; `None`, with a printed note, when there is no PostgreSQL here.
    #[expect(clippy::disallowed_methods, reason = "the tests' own switch")]
    pub async fn postgres() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let required = std::env::var("COUNTERSIGN_TEST_REQUIRE_POSTGRES").is_ok_and(|v| v == "1");
        let Ok(url) = std::env::var("COUNTERSIGN_TEST_POSTGRES") else {
            assert!(!required, "COUNTERSIGN_TEST_POSTGRES is not set, and PostgreSQL is required");
            eprintln!("skipped: COUNTERSIGN_TEST_POSTGRES is not set");
            return None;
        };
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let schema = format!("process_test_{}_{n}", std::process::id());
        let text = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        execute(&url, text).await;
        Some(Self::Postgres { url, schema })
    }

    /// The lines of the configuration.
    fn lines(&self, data: &str) -> String {
        match self {
            Self::Sqlite => format!("[database.regions]\neu = \"sqlite://{data}/region-eu.db\"\n"),
            Self::Postgres { url, schema } => {
                let url = within(url, schema);
                format!("[database]\ndirectory = \"{url}\"\n[database.regions]\neu = \"{url}\"\n")
            }
        }
    }
}

/// The address of a schema.
fn within(url: &str, schema: &str) -> String {
    let mark = if url.contains('?') { '&' } else { '?' };
    format!("{url}{mark}options=-c%20search_path%3D{schema}")
}

/// A migrated installation with a tenant in it.
pub struct Installation {
    pub directory: TempDir,
    pub config: PathBuf,
    pub cli: Cli,
    databases: Databases,
}

impl Installation {
    /// Only the configuration file; `server` goes into its `[server]`, with what may follow.
    pub fn configured(databases: Databases, server: &str) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let data = directory.path().join("data").display().to_string();
        let text = format!(
            "[log]\nformat = \"json\"\nrequests = \"all\"\n\
             [passwords]\nmemory_kib = 7168\niterations = 1\n\
             [rate_limits]\nfailures_per_address_per_minute = 100000\n{}\
             [server]\nlisten = \"127.0.0.1:0\"\nbase_domain = \"example.test\"\n\
             data_dir = \"{data}\"\n{server}",
            databases.lines(&data)
        );
        let config = directory.path().join("countersign.toml");
        std::fs::write(&config, text).expect("written");
        let cli = Cli::of_config(&config);
        Self { directory, config, cli, databases }
    }

    /// With organization, subscription, region and tenant.
    pub async fn made(databases: Databases, server: &str) -> Self {
        let this = Self::configured(databases, server);
        this.cli.run("migrate", &[]).await.done();
        let cli = &this.cli;
        cli.json("admin organization create", &["--name", "Acme"]).await;
        let owner = ["--organization", "Acme", "--licence", "L-1", "--tenant-limit", "2"];
        cli.json("admin subscription create", &owner).await;
        cli.json("admin region create", &["--code", "eu", "--name", "Europe"]).await;
        let tenant = ["--name", "app", "--subscription", "L-1", "--region", "eu"];
        let made = cli.json("admin tenant create", &tenant).await;
        assert_eq!(made["hostnames"][0], HOST);
        this
    }

    /// For tests that speak plain HTTP.
    pub async fn plain(databases: Databases) -> Self {
        Self::made(databases, "external_scheme = \"http\"\n").await
    }

    /// The address of a database, for looking into it behind the program's back.
    pub fn database_url(&self, sqlite_file: &str) -> String {
        match &self.databases {
            Databases::Sqlite => format!("sqlite://{}", self.data().join(sqlite_file).display()),
            Databases::Postgres { url, schema } => within(url, schema),
        }
    }

    pub fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// A machine client; `(client_id, client_secret, hint)`.
    pub async fn machine_client(&self) -> (String, String, String) {
        let words = ["--tenant", "app", "--type", "web", "--name", "Machine"];
        let rights = ["--grant", "client_credentials", "--scope", "user_default"];
        let more = ["--grant", "urn:qlik:oauth:user-impersonation", "--consent", "trusted"];
        let made =
            self.cli.json("admin client create", &[&words[..], &rights, &more].concat()).await;
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let hint = text(&made["clientSecrets"][0]["hint"]);
        (text(&made["clientId"]), text(&made["clientSecret"]), hint)
    }

    /// A person with [`PASSWORD`]; the id.
    pub async fn user(&self, email: &str) -> String {
        let words =
            ["--tenant", "app", "--name", "Una", "--email", email, "--password-stdin", "--json"];
        let made =
            self.cli.run_with_input("admin user create", &words, &format!("{PASSWORD}\n")).await;
        made.json()["id"].as_str().expect("an id").to_owned()
    }

    /// A node that answers for it, and the tenant there.
    pub async fn serve(&self) -> (Node, Site) {
        let node = Node::serve(&self.config).await;
        let site = Site::new(node.address, HOST);
        (node, site)
    }

    /// Removes what is outside of the directory.
    pub async fn tidy(self) {
        if let Databases::Postgres { url, schema } = &self.databases {
            execute(url, format!("DROP SCHEMA {schema} CASCADE")).await;
        }
    }
}
