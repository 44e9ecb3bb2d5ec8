//! `countersign admin client secret create|remove`.

use clap::Subcommand;
use domain::ids::ClientId;
use engine::Engine;
use engine::admin::client::{self, NewSecret, SecretRequest};
use engine::authority::Caller;
use serde_json::{Value, json};

use super::super::problem::explain;
use super::super::tenant::InTenant;
use crate::cli::output::{Column, Output, note};

#[derive(Debug, Subcommand)]
pub(in crate::cli::admin) enum SecretCommand {
    /// Add a secret, so that the old one can be replaced without a gap.
    Create {
        #[command(flatten)]
        at: InTenant,
        /// The client.
        client_id: ClientId,
        /// What it is for.
        #[arg(long, default_value = "", hide_default_value = true)]
        label: String,
    },
    /// Remove a secret: within two seconds no node takes it any more.
    Remove {
        #[command(flatten)]
        at: InTenant,
        /// The client.
        client_id: ClientId,
        /// The hint of the secret: its last five characters.
        hint: String,
        /// Also when the client can do nothing without it.
        #[arg(long)]
        force: bool,
    },
}

const LINES: &[Column] =
    &[("Client ID", "/clientId"), ("Client secret", "/clientSecret"), ("Hint", "/hint")];

pub(super) async fn run(
    engine: &Engine,
    command: SecretCommand,
    output: &Output,
) -> anyhow::Result<()> {
    match command {
        SecretCommand::Create { at, client_id, label } => {
            let ctx = at.ctx(engine).await?;
            let request = SecretRequest { label, expires_at: None };
            let operator = Caller::operator();
            let made = client::secret_create(&ctx, &operator, &client_id, request).await;
            let made = made.map_err(explain)?;
            output.record(&shown(&client_id, &made), LINES)?;
            note_once();
            Ok(())
        }
        SecretCommand::Remove { at, client_id, hint, force } => {
            let ctx = at.ctx(engine).await?;
            let which = (&client_id, hint.as_str());
            let removed = client::secret_delete(&ctx, &Caller::operator(), which, force).await;
            removed.map_err(explain)?;
            let told = format!("The secret that ends in {hint} is removed.");
            let value = json!({ "clientId": client_id, "hint": hint, "removed": true });
            output.done(&told, &value)
        }
    }
}

/// The contract's SecretResponse: the only time that the secret is shown.
fn shown(client_id: &ClientId, made: &NewSecret) -> Value {
    json!({
        "clientId": client_id,
        "clientSecret": made.secret.expose(),
        "hint": made.hint,
        "createdAt": made.created_at,
    })
}

/// Tells people to keep what they were shown.
pub(super) fn note_once() {
    note("Keep the secret now: it is not stored in clear and is never shown again.");
}
