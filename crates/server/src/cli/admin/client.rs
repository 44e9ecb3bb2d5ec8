//! `countersign admin client create|list|disable|enable|delete` and `countersign admin client secret`.

mod create;
mod secret;
mod view;

use std::io::{BufRead, IsTerminal};

use anyhow::{Context, bail};
use clap::Subcommand;
use domain::client::ClientWithCredentials;
use domain::ids::ClientId;
use engine::Ctx;
use engine::admin::{AdminError, client};
use engine::authority::Caller;
use serde_json::{Value, json};

use super::problem::explain;
use super::tenant::InTenant;
use crate::cli::output::{Column, Output, Page};
use crate::cli::target::Base;

#[derive(Debug, Subcommand)]
pub(super) enum ClientCommand {
    /// Make a client. A web client that authenticates by secret gets its first one.
    Create(Box<create::CreateArgs>),
    /// List the clients that a tenant sees.
    List {
        #[command(flatten)]
        at: InTenant,
        #[command(flatten)]
        page: Page,
    },
    /// The secrets of a client.
    #[command(subcommand)]
    Secret(secret::SecretCommand),
    /// Switch a client off: it gets no more tokens.
    Disable {
        #[command(flatten)]
        at: InTenant,
        /// The client.
        client_id: ClientId,
        /// What people are told.
        #[arg(long, default_value = "by an operator")]
        reason: String,
    },
    /// Switch a client on again.
    Enable {
        #[command(flatten)]
        at: InTenant,
        /// The client.
        client_id: ClientId,
    },
    /// Delete a client with its secrets, consents and tokens.
    Delete {
        #[command(flatten)]
        at: InTenant,
        /// The client.
        client_id: ClientId,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

const COLUMNS: &[Column] = &[
    ("CLIENT ID", "/clientId"),
    ("NAME", "/clientName"),
    ("TYPE", "/appType"),
    ("OWNER", "/ownerLevel"),
    ("CONSENT", "/connectionConfig/consentMethod"),
    ("SECRETS", "/secretHints"),
    ("DISABLED", "/disableTag"),
];

pub(super) fn run(base: Base, command: ClientCommand) -> anyhow::Result<()> {
    let Base { target, output } = base;
    target.work(async |engine| match command {
        ClientCommand::Create(new) => create::run(engine, *new, &output).await,
        ClientCommand::List { at, page } => list(&at.ctx(engine).await?, &page, &output).await,
        ClientCommand::Secret(command) => secret::run(engine, command, &output).await,
        ClientCommand::Disable { at, client_id, reason } => {
            switch(&at.ctx(engine).await?, &client_id, Some(&reason), &output).await
        }
        ClientCommand::Enable { at, client_id } => {
            switch(&at.ctx(engine).await?, &client_id, None, &output).await
        }
        ClientCommand::Delete { at, client_id, yes } => {
            delete(&at.ctx(engine).await?, &client_id, yes, &output).await
        }
    })
}

async fn list(ctx: &Ctx<'_>, page: &Page, output: &Output) -> anyhow::Result<()> {
    let after: Option<ClientId> = page.after()?;
    let mut rows = client::all(ctx, page.fetch(), after.as_ref()).await.map_err(explain)?;
    let next = page.cut(&mut rows, |row| row.client.id.to_string());
    let rows: Vec<Value> = rows.iter().map(|row| view::row(row, output.is_json())).collect();
    output.list(&rows, COLUMNS, next.as_deref())
}

async fn get(ctx: &Ctx<'_>, client_id: &ClientId) -> anyhow::Result<ClientWithCredentials> {
    let found = client::find(ctx, client_id).await.map_err(explain)?;
    found.ok_or_else(|| explain(AdminError::NotFound("client")))
}

async fn switch(
    ctx: &Ctx<'_>,
    client_id: &ClientId,
    reason: Option<&str>,
    output: &Output,
) -> anyhow::Result<()> {
    client::set_disabled(ctx, &Caller::operator(), client_id, reason).await.map_err(explain)?;
    let client = get(ctx, client_id).await?;
    let state = if reason.is_some() { "off" } else { "on" };
    let told = format!("{} ({client_id}) is switched {state}.", client.client.name);
    output.done(&told, &view::client(&client))
}

async fn delete(
    ctx: &Ctx<'_>,
    client_id: &ClientId,
    yes: bool,
    output: &Output,
) -> anyhow::Result<()> {
    let found = get(ctx, client_id).await?;
    let name = &found.client.name;
    if !yes && !confirmed(&found)? {
        bail!("nothing was deleted");
    }
    client::delete(ctx, &Caller::operator(), client_id).await.map_err(explain)?;
    let told = format!("{name} ({client_id}) is deleted.");
    output.done(&told, &json!({ "clientId": client_id, "deleted": true }))
}

/// Says what will break before it asks.
fn confirmed(found: &ClientWithCredentials) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!("there is no terminal to ask at: say --yes to delete the client");
    }
    let published = found.client.published_at.map_or("", |_| " It is used by other tenants, too.");
    eprint!(
        "{} stops working at once. Its secrets ({}), keys ({}), consents and tokens go with it.{published}\nType its name to delete it: ",
        found.client.name,
        found.secrets.len(),
        found.keys.len(),
    );
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed).context("the answer cannot be read")?;
    Ok(typed.trim() == found.client.name)
}
