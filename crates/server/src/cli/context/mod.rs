//! `countersign context create|list|use|show|delete`: servers to speak to, and with whose credentials.
//!
//! Invariant: a secret comes from a prompt, a file or the environment, never from an argument, and
//! is never printed.

pub(super) mod file;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use domain::secret::{SecretText, hint};
use serde_json::{Value, json};

use self::file::{Context, Contexts, change, load};
use super::output::Column;
use super::remote::{Origin, Proof};
use super::secret_input::{secret_of_file, typed};
use super::show::Show;
use crate::config::process_variable;

#[derive(Debug, Args)]
pub(super) struct ContextArgs {
    #[command(flatten)]
    show: Show,
    #[command(subcommand)]
    command: ContextCommand,
}

#[derive(Debug, Subcommand)]
enum ContextCommand {
    /// Store a server and the credentials of a client for it. The secret is asked for at the
    /// terminal. The first context becomes the current one.
    Create(CreateArgs),
    /// List the contexts.
    #[command(visible_alias = "ls")]
    List,
    /// Make a context the one that commands use when none is named.
    Use {
        /// The context.
        name: String,
    },
    /// Show a context without its secret; the current one without a name.
    Show {
        /// The context.
        name: Option<String>,
    },
    /// Forget a context and its secret. The client stays.
    #[command(visible_alias = "rm")]
    Delete {
        /// The context.
        name: String,
    },
}

#[derive(Debug, Args)]
struct CreateArgs {
    /// What you call it: letters, digits, `.`, `_` and `-`.
    name: String,
    /// The tenant's address, such as https://acme.eu.example.com.
    #[arg(long, value_name = "URL")]
    server: String,
    /// The client.
    #[arg(long, value_name = "ID", required_unless_present = "api_key_file")]
    client_id: Option<String>,
    #[command(flatten)]
    credential: CredentialSource,
    /// The id (kid) under which the public half of the private key is registered.
    #[arg(long, value_name = "KID", requires = "private_key_file")]
    key_id: Option<String>,
    /// The only authorities that may vouch for the server, in PEM; the system's without it.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Send secrets over plain HTTP to another machine, where everybody on the way can read them.
    #[arg(long)]
    insecure_http: bool,
    /// Take the place of a context of this name.
    #[arg(long)]
    replace: bool,
}

/// Where the credential comes from; a prompt without any.
#[derive(Debug, Args)]
#[group(multiple = false)]
struct CredentialSource {
    /// Take the client's secret from a file's first line.
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// Take the client's secret from an environment variable.
    #[arg(long, value_name = "VARIABLE")]
    secret_env: Option<String>,
    /// Prove who we are with a private key in this PEM file, which stays where it is.
    #[arg(long, value_name = "FILE", requires = "key_id")]
    private_key_file: Option<PathBuf>,
    /// Take an API key from a file's first line, in place of a client.
    #[arg(long, value_name = "FILE", conflicts_with = "client_id")]
    api_key_file: Option<PathBuf>,
}

/// Letters of the shortest secret of which five may be shown.
const MIN_HINTED: usize = 20;

const COLUMNS: &[Column] = &[
    ("NAME", "/name"),
    ("CURRENT", "/current"),
    ("SERVER", "/server"),
    ("CLIENT ID", "/clientId"),
];
const LINES: &[Column] = &[
    ("Name", "/name"),
    ("Current", "/current"),
    ("Server", "/server"),
    ("Client ID", "/clientId"),
    ("Secret ends in", "/secretHint"),
    ("Private key", "/privateKeyFile"),
    ("Key ID", "/keyId"),
    ("API key ends in", "/apiKeyHint"),
    ("Authorities", "/caFile"),
    ("File", "/file"),
];

pub(super) fn run(args: ContextArgs) -> anyhow::Result<()> {
    let (show, path) = (args.show, file::path()?);
    match args.command {
        ContextCommand::Create(new) => create(&path, new, &show),
        ContextCommand::List => {
            let all = load(&path)?;
            let rows: Vec<Value> =
                all.context.iter().map(|(name, it)| view(&all, name, it, &path)).collect();
            show.list(&rows, COLUMNS, "/name")
        }
        ContextCommand::Use { name } => {
            change(&path, |all| {
                all.find(Some(&name))?;
                all.current = Some(name.clone());
                Ok(())
            })?;
            show.done(&format!("{name} is the current context now."), &json!({ "current": name }))
        }
        ContextCommand::Show { name } => {
            let all = load(&path)?;
            let found = all.find(name.as_deref())?;
            let (name, it) = found.context("no context is current: `countersign context list`")?;
            show.record(&view(&all, name, it, &path), LINES, "/name")
        }
        ContextCommand::Delete { name } => {
            change(&path, |all| {
                all.find(Some(&name))?;
                all.context.remove(&name);
                all.current.take_if(|current| *current == name);
                Ok(())
            })?;
            let told = format!("The context {name} is forgotten. Its client still works.");
            show.done(&told, &json!({ "name": name, "deleted": true }))
        }
    }
}

fn create(path: &Path, new: CreateArgs, show: &Show) -> anyhow::Result<()> {
    check_name(&new.name)?;
    Origin::parse(&new.server, new.insecure_http).context("--server")?;
    let taken = |all: &Contexts| -> anyhow::Result<()> {
        if all.context.contains_key(&new.name) && !new.replace {
            bail!("there is a context `{0}`: take another name, or say --replace", new.name);
        }
        Ok(())
    };
    // Nobody types a secret for nothing.
    taken(&load(path)?)?;
    let ca_file = new.ca_file.as_deref().map(std::path::absolute).transpose()?;
    let credential = &new.credential;
    let private_key_file =
        credential.private_key_file.as_deref().map(std::path::absolute).transpose()?;
    if let Some((file, key_id)) = private_key_file.as_deref().zip(new.key_id.as_deref()) {
        Proof::of_key(file, key_id).context("--private-key-file")?;
    }
    let context = Context {
        server: new.server.clone(),
        client_secret: match (&credential.api_key_file, &private_key_file) {
            (None, None) => Some(credential.secret()?),
            _ => None,
        },
        private_key_file,
        key_id: new.key_id.clone(),
        api_key: credential
            .api_key_file
            .as_deref()
            .map(secret_of_file)
            .transpose()
            .context("--api-key-file")?,
        client_id: new.client_id.clone(),
        ca_file,
        insecure_http: new.insecure_http,
    };
    let shown = change(path, |all| {
        taken(all)?;
        all.context.insert(new.name.clone(), context);
        all.current.get_or_insert_with(|| new.name.clone());
        let stored = &all.context[&new.name];
        Ok(view(all, &new.name, stored, path))
    })?;
    show.record(&shown, LINES, "/name")
}

impl CredentialSource {
    fn secret(&self) -> anyhow::Result<SecretText> {
        if let Some(file) = &self.secret_file {
            return secret_of_file(file).context("--secret-file");
        }
        if let Some(name) = &self.secret_env {
            let value = process_variable(name);
            let value = value.with_context(|| format!("--secret-env: {name} is not set"))?;
            let text = value.into_string();
            return text
                .map(SecretText::new)
                .map_err(|_| anyhow::anyhow!("--secret-env: {name} holds no UTF-8 text"));
        }
        typed("Client secret: ", "use --secret-file or --secret-env")
    }
}

fn check_name(name: &str) -> anyhow::Result<()> {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if name.is_empty() || name.len() > 64 || !name.bytes().all(good) {
        bail!("a context's name has 1 to 64 letters, digits, `.`, `_` and `-`");
    }
    Ok(())
}

/// A context without its secrets; their last characters tell them apart, as the server's lists do.
fn view(all: &Contexts, name: &str, context: &Context, path: &Path) -> Value {
    let ends = |secret: &Option<SecretText>| {
        let long = secret.as_ref().filter(|it| it.expose().len() >= MIN_HINTED);
        long.map(|it| hint(it.expose()).to_owned())
    };
    json!({
        "name": name,
        "current": all.current.as_deref() == Some(name),
        "server": context.server,
        "clientId": context.client_id,
        "secretHint": ends(&context.client_secret),
        "privateKeyFile": context.private_key_file,
        "keyId": context.key_id,
        "apiKeyHint": ends(&context.api_key),
        "caFile": context.ca_file,
        "file": path,
    })
}
