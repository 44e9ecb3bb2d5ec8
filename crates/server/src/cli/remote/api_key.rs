//! `countersign api-key` (contract, section 6).

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::json;

use super::Session;
use super::confirm::Yes;
use super::list::Paging;
use super::noun::{Noun, fields};
use super::secret_out::{SecretOut, Shown};
use super::server::Call;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ApiKeyCommand {
    /// List the API keys.
    #[command(visible_alias = "list")]
    Ls(ListArgs),
    /// Show an API key, without its token.
    Get {
        /// The key's id.
        key_id: String,
    },
    /// Make an API key. Its token is shown once.
    Create {
        /// What it is for.
        #[arg(long, value_name = "TEXT")]
        description: String,
        /// How long it lasts, as an ISO 8601 duration such as P30D.
        #[arg(long, value_name = "DURATION")]
        expiry: Option<String>,
        /// Whom it stands for; ourselves without it.
        #[arg(long, value_name = "ID")]
        sub: Option<String>,
        /// What that is: user or externalClient.
        #[arg(long, value_name = "TYPE")]
        sub_type: Option<String>,
        #[command(flatten)]
        out: SecretOut,
    },
    /// Revoke an API key: it is not taken any more.
    #[command(visible_alias = "rm")]
    Revoke {
        /// The key's id.
        key_id: String,
        #[command(flatten)]
        yes: Yes,
    },
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ListArgs {
    /// Only those of this state: active, expired or revoked.
    #[arg(long)]
    status: Option<String>,
    /// Only those that stand for this user.
    #[arg(long, value_name = "ID")]
    sub: Option<String>,
    /// Only those that this user made.
    #[arg(long, value_name = "ID")]
    created_by: Option<String>,
    #[command(flatten)]
    paging: Paging,
}

const KEY: Noun = Noun {
    name: "API key",
    path: "api-keys",
    id: "/id",
    label: "/description",
    columns: &[
        ("ID", "/id"),
        ("DESCRIPTION", "/description"),
        ("STATUS", "/status"),
        ("FOR", "/sub"),
        ("EXPIRES", "/expiry"),
        ("LAST USED", "/lastUsed"),
    ],
    lines: &[
        ("ID", "/id"),
        ("Token", "/token"),
        ("Description", "/description"),
        ("Status", "/status"),
        ("For", "/sub"),
        ("Type", "/subType"),
        ("Expires", "/expiry"),
        ("Created", "/created"),
        ("Created by", "/createdByUser"),
        ("Last used", "/lastUsed"),
        ("Scopes", "/scope"),
    ],
    loss: ", which is not taken any more",
    confirmation: None,
};

pub(in crate::cli) async fn run(session: &Session, command: ApiKeyCommand) -> anyhow::Result<()> {
    match command {
        ApiKeyCommand::Ls(list) => {
            let query = [
                ("status", list.status.as_deref()),
                ("sub", list.sub.as_deref()),
                ("createdByUser", list.created_by.as_deref()),
            ];
            KEY.ls_with(session, &query, &list.paging).await
        }
        ApiKeyCommand::Get { key_id } => KEY.get(session, &key_id).await,
        ApiKeyCommand::Create { description, expiry, sub, sub_type, out } => {
            let body = fields([
                ("description", json!(description)),
                ("expiry", json!(expiry)),
                ("sub", json!(sub)),
                ("subType", json!(sub_type)),
            ]);
            let call = Call::new(Method::POST, session.server.api(&[KEY.path])).body(body);
            let shown = Shown { secret: "/token", lines: KEY.lines, word: "/token" };
            out.call(session, &call, &shown).await
        }
        ApiKeyCommand::Revoke { key_id, yes } => KEY.rm(session, &key_id, yes).await,
    }
}
