//! `countersign oauth-client` (contract, section 1).

mod activity;
mod create;
mod patch;
mod secret;

use clap::Subcommand;
use reqwest::Method;
use serde_json::json;

use super::Session;
use super::confirm::Yes;
use super::list::Filtered;
use super::noun::Noun;
use super::server::Call;
use crate::cli::output::{Column, cell};

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum OauthClientCommand {
    /// List the clients.
    #[command(visible_alias = "list")]
    Ls(Filtered),
    /// Make a client. A web client that authenticates by secret gets its first one, shown once.
    Create(Box<create::CreateArgs>),
    /// Show a client.
    Get {
        /// The client.
        client_id: String,
    },
    /// Change a client: all that is said, or nothing. A list changes by its values; as a whole, with
    /// a note, on a server that knows no other way.
    Patch(Box<patch::PatchArgs>),
    /// Delete a client: it gets no more tokens, and those it has end.
    Rm {
        /// The client.
        client_id: String,
        #[command(flatten)]
        yes: Yes,
    },
    /// Let all tenants of the region use a client, once an administrator of theirs approves.
    Publish {
        /// The client.
        client_id: String,
    },
    /// The secrets of a client.
    #[command(subcommand)]
    Secret(secret::SecretCommand),
    /// Show whether this tenant trusts a client; with a method, change it.
    Consent {
        /// The client.
        client_id: String,
        /// required: every user is asked; trusted: nobody is, which machine clients need.
        #[arg(value_parser = ["required", "trusted"])]
        method: Option<String>,
    },
    /// Show when each secret and key was last used, what was issued and refused, and which scopes
    /// are not in use.
    Activity {
        /// The client.
        client_id: String,
    },
}

const LINES: &[Column] = &[
    ("Client ID", "/clientId"),
    ("Client secret", "/clientSecret"),
    ("Name", "/clientName"),
    ("Type", "/appType"),
    ("Description", "/description"),
    ("Redirect URIs", "/redirectUris"),
    ("Origins", "/allowedOrigins"),
    ("Scopes", "/allowedScopes"),
    ("Machine grants", "/allowedGrantTypes"),
    ("Authentication", "/allowedAuthMethods"),
    ("JWKS URI", "/jwksUri"),
    ("Consent", "/connectionConfig/consentMethod"),
    ("Published", "/publishedAt"),
    ("Disabled", "/disableTag"),
    ("Created", "/createdAt"),
    ("Updated", "/updatedAt"),
];

const CLIENT: Noun = Noun {
    name: "client",
    path: "oauth-clients",
    id: "/clientId",
    label: "/clientName",
    columns: &[
        ("CLIENT ID", "/clientId"),
        ("NAME", "/clientName"),
        ("TYPE", "/appType"),
        ("CONSENT", "/connectionConfig/consentMethod"),
        ("SCOPES", "/allowedScopes"),
        ("CREATED", "/createdAt"),
    ],
    lines: LINES,
    loss: ", which stops working at once, with its secrets, keys, consents and tokens",
    confirmation: Some("qlik-confirm-delete"),
};

pub(in crate::cli) async fn run(
    session: &Session,
    command: OauthClientCommand,
) -> anyhow::Result<()> {
    match command {
        OauthClientCommand::Ls(list) => CLIENT.ls(session, &list).await,
        OauthClientCommand::Create(new) => create::run(session, *new).await,
        OauthClientCommand::Get { client_id } => CLIENT.get(session, &client_id).await,
        OauthClientCommand::Patch(changes) => patch::run(session, *changes).await,
        OauthClientCommand::Rm { client_id, yes } => CLIENT.rm(session, &client_id, yes).await,
        OauthClientCommand::Publish { client_id } => publish(session, &client_id).await,
        OauthClientCommand::Secret(command) => secret::run(session, command).await,
        OauthClientCommand::Consent { client_id, method } => {
            consent(session, &client_id, method.as_deref()).await
        }
        OauthClientCommand::Activity { client_id } => activity::run(session, &client_id).await,
    }
}

async fn publish(session: &Session, client_id: &str) -> anyhow::Result<()> {
    let url = session.server.api(&[CLIENT.path, client_id, "actions", "publish"]);
    let answer = session.server.call(&Call::new(Method::POST, url)).await?;
    let at = answer.value().ok().map(|value| cell(value.pointer("/publishedAt")));
    let at = at.unwrap_or_default();
    let told = format!(
        "The client {client_id} is published ({at}): every tenant of the region can use it after an administrator of theirs approves."
    );
    session.show.outcome(&answer, &told)
}

async fn consent(session: &Session, client_id: &str, method: Option<&str>) -> anyhow::Result<()> {
    let url = session.server.api(&[CLIENT.path, client_id, "connection-configs", "me"]);
    let Some(method) = method else {
        let answer = session.server.call(&Call::new(Method::GET, url)).await?;
        if session.show.is_json() {
            return session.show.answer(&answer);
        }
        let lines = &[("Consent", "/consentMethod"), ("Status", "/status")];
        return session.show.record(&answer.value()?, lines, "/consentMethod");
    };
    let ops = json!([{ "op": "replace", "path": "/consentMethod", "value": method }]);
    let answer = session.server.call(&Call::new(Method::PATCH, url).body(ops)).await?;
    let told = match method {
        "trusted" => format!("This tenant trusts the client {client_id}: nobody is asked."),
        _ => format!("Every user is asked before the client {client_id} gets access."),
    };
    session.show.outcome(&answer, &told)
}
