//! The product's command line as these tests use it: the one place that knows its flags.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::process::Children;

const LIMIT: Duration = Duration::from_secs(60);
const TENANT: &str = "demo";

/// The built program and the installation that it works on.
#[derive(Clone)]
pub struct Cli {
    pub program: PathBuf,
    pub data: PathBuf,
    /// A `postgres://` URL; without one, SQLite in the data folder.
    pub database: Option<String>,
}

impl Cli {
    /// `countersign demo`, on a port and perhaps with metrics on another.
    pub fn demo_arguments(&self, port: u16, metrics: Option<u16>) -> Vec<String> {
        let address = |port| format!("127.0.0.1:{port}");
        let mut arguments = vec!["demo".to_owned(), "--listen".to_owned(), address(port)];
        arguments.extend(self.place());
        if let Some(metrics) = metrics {
            arguments.extend(["--metrics".to_owned(), address(metrics)]);
        }
        arguments
    }

    /// A configuration for `countersign serve` on the demo's data, with more sections at its end.
    pub fn configuration(&self, port: u16, more: &str) -> String {
        let data = self.data.display();
        let file = |name| format!("sqlite://{data}/{name}");
        let database = |name| self.database.clone().unwrap_or_else(|| file(name));
        format!(
            "[server]\nlisten = \"127.0.0.1:{port}\"\nexternal_scheme = \"http\"\n\
             external_port = {port}\ndata_dir = \"{data}\"\n\
             [database]\ndirectory = \"{}\"\n[database.regions]\neu = \"{}\"\n\
             [rate_limits]\nreads_per_minute = 0\nfilters_per_minute = 0\nwrites_per_minute = 0\n{more}",
            database("directory.db"),
            database("region-eu.db"),
        )
    }

    /// Makes a trusted client that proves itself with a key; gives its `client_id`.
    pub fn client_create_with_key(
        &self,
        children: &Children,
        name: &str,
        redirect_uri: &str,
        public_key: &Path,
    ) -> Result<String> {
        let mut command = self.command(&["admin", "client", "create"]);
        command
            .args([
                "--tenant",
                TENANT,
                "--type",
                "web",
                "--name",
                name,
                "--redirect-uri",
                redirect_uri,
            ])
            .args(["--auth-method", "private_key_jwt", "--public-key-file"])
            .arg(public_key)
            .args([
                "--grant",
                "client_credentials",
                "--scope",
                "openid profile email offline_access user_default",
            ])
            .args(["--consent", "trusted", "--json"]);
        let answer = self.json(children, "admin client create", &mut command)?;
        text(&answer, &["client_id", "clientId"])
    }

    /// Makes a trusted machine client with one secret; gives `(client_id, client_secret)`.
    pub fn client_create_with_secret(
        &self,
        children: &Children,
        name: &str,
    ) -> Result<(String, String)> {
        let mut command = self.command(&["admin", "client", "create"]);
        command.args(["--tenant", TENANT, "--type", "web", "--name", name]).args([
            "--grant",
            "client_credentials",
            "--scope",
            "user_default",
            "--consent",
            "trusted",
            "--json",
        ]);
        let answer = self.json(children, "admin client create", &mut command)?;
        Ok((
            text(&answer, &["client_id", "clientId"])?,
            text(&answer, &["client_secret", "clientSecret"])?,
        ))
    }

    /// Adds a secret to a client; gives `(client_secret, hint)`.
    pub fn secret_create(&self, children: &Children, client_id: &str) -> Result<(String, String)> {
        let mut command = self.command(&["admin", "client", "secret", "create"]);
        command.args(["--tenant", TENANT, "--json", client_id]);
        let answer = self.json(children, "admin client secret create", &mut command)?;
        Ok((text(&answer, &["client_secret", "clientSecret"])?, text(&answer, &["hint"])?))
    }

    /// Removes one secret of a client.
    pub fn secret_remove(&self, children: &Children, client_id: &str, hint: &str) -> Result<()> {
        let mut command = self.command(&["admin", "client", "secret", "remove"]);
        command.args(["--tenant", TENANT, "--json", client_id, hint]);
        children.capture("countersign admin client secret remove", &mut command, LIMIT).map(drop)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).args(self.place());
        command
    }

    fn place(&self) -> Vec<String> {
        let mut arguments = vec!["--data".to_owned(), self.data.display().to_string()];
        if let Some(database) = &self.database {
            arguments.extend(["--database".to_owned(), database.clone()]);
        }
        arguments
    }

    fn json(&self, children: &Children, what: &str, command: &mut Command) -> Result<Value> {
        let out = children.capture(&format!("countersign {what}"), command, LIMIT)?;
        serde_json::from_str(&out)
            .with_context(|| format!("`countersign {what} --json` printed no JSON: {out}"))
    }
}

/// An installation with a configuration file of its own.
pub struct Installation {
    pub program: PathBuf,
    pub config: PathBuf,
}

/// What [`Installation::create_template`] made.
pub struct Template {
    pub tenant_id: String,
    pub client_id: String,
}

impl Installation {
    /// `countersign serve`, as arguments.
    pub fn serve_arguments(&self) -> Vec<String> {
        vec!["serve".to_owned(), "--config".to_owned(), self.config.display().to_string()]
    }

    /// Makes the databases, and in them one tenant of a subscription that may have more, with one
    /// trusted machine client that administers it.
    pub fn create_template(&self, children: &Children, tenants: i64) -> Result<Template> {
        let limit = (tenants + 1).to_string();
        self.json(children, &["migrate"], &[])?;
        self.json(children, &["admin", "organization", "create"], &["--name", "Benchmark"])?;
        let region = ["--code", "eu", "--name", "Europe"];
        self.json(children, &["admin", "region", "create"], &region)?;
        let contract =
            ["--organization", "Benchmark", "--licence", "MANY", "--tenant-limit", &limit];
        self.json(children, &["admin", "subscription", "create"], &contract)?;
        let tenant = ["--name", "template", "--subscription", "MANY", "--region", "eu"];
        let tenant = self.json(children, &["admin", "tenant", "create"], &tenant)?;
        let client = [
            ["--tenant", "template"],
            ["--type", "web"],
            ["--name", "Template"],
            ["--grant", "client_credentials"],
            ["--scope", "admin_classic user_default"],
            ["--consent", "trusted"],
        ];
        let client = self.json(children, &["admin", "client", "create"], client.as_flattened())?;
        Ok(Template {
            tenant_id: text(&tenant, &["id"])?,
            client_id: text(&client, &["client_id", "clientId"])?,
        })
    }

    fn json(&self, children: &Children, words: &[&str], more: &[&str]) -> Result<Value> {
        let what = words.join(" ");
        let mut command = Command::new(&self.program);
        command.args(words).arg("--json").args(more).arg("--config").arg(&self.config);
        let out = children.capture(&format!("countersign {what}"), &mut command, LIMIT)?;
        serde_json::from_str(&out)
            .with_context(|| format!("`countersign {what} --json` printed no JSON: {out}"))
    }
}

fn text(answer: &Value, names: &[&str]) -> Result<String> {
    names
        .iter()
        .find_map(|name| answer[*name].as_str())
        .map(str::to_owned)
        .with_context(|| format!("no `{}` in the answer {answer}", names[0]))
}
