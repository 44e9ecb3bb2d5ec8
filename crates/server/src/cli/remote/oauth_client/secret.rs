//! `countersign oauth-client secret create|ls|rm`.

use clap::Subcommand;
use reqwest::Method;
use serde_json::json;

use super::{CLIENT, Session};
use crate::cli::output::Column;
use crate::cli::remote::confirm::{Yes, ask, can_ask};
use crate::cli::remote::noun::fields;
use crate::cli::remote::secret_out::{SecretOut, Shown};
use crate::cli::remote::server::Call;

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum SecretCommand {
    /// Make a secret beside those that are there, shown once.
    Create {
        /// The client.
        client_id: String,
        /// What it is for.
        #[arg(long, value_name = "TEXT")]
        label: Option<String>,
        /// When it ends: a day, or a time such as 2027-01-01T12:00:00Z.
        #[arg(long, value_name = "TIME", value_parser = time)]
        expires: Option<String>,
        #[command(flatten)]
        out: SecretOut,
    },
    /// List the secrets of a client, by their last characters.
    #[command(visible_alias = "list")]
    Ls {
        /// The client.
        client_id: String,
    },
    /// Remove a secret: within two seconds it is not taken any more.
    Rm {
        /// The client.
        client_id: String,
        /// The hint of the secret: its last five characters.
        hint: String,
        /// Also when the client then has no way left to authenticate.
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        yes: Yes,
    },
}

const COLUMNS: &[Column] = &[
    ("HINT", "/hint"),
    ("LABEL", "/label"),
    ("CREATED", "/createdAt"),
    ("EXPIRES", "/expiresAt"),
    ("LAST USED", "/lastUsedAt"),
];

const LINES: &[Column] = &[
    ("Client ID", "/clientId"),
    ("Client secret", "/clientSecret"),
    ("Hint", "/hint"),
    ("Label", "/label"),
    ("Expires", "/expiresAt"),
];

pub(super) async fn run(session: &Session, command: SecretCommand) -> anyhow::Result<()> {
    match command {
        SecretCommand::Create { client_id, label, expires, out } => {
            let url = session.server.api(&[CLIENT.path, &client_id, "client-secrets"]);
            let mut call = Call::new(Method::POST, url);
            if label.is_some() || expires.is_some() {
                // The contract has no body here, so none is sent without need.
                let said = [("label", json!(label)), ("expiresAt", json!(expires))];
                call = call.body(fields(said));
            }
            let shown = Shown { secret: "/clientSecret", lines: LINES, word: "/clientSecret" };
            out.call(session, &call, &shown).await
        }
        SecretCommand::Ls { client_id } => {
            let client = CLIENT.read(session, &client_id).await?;
            let secrets = client["clientSecrets"].as_array().map_or(&[][..], Vec::as_slice);
            session.show.list(secrets, COLUMNS, "/hint")
        }
        SecretCommand::Rm { client_id, hint, force, yes } => {
            rm(session, &client_id, &hint, (force, yes)).await
        }
    }
}

async fn rm(
    session: &Session,
    client_id: &str,
    hint: &str,
    (force, yes): (bool, Yes),
) -> anyhow::Result<()> {
    if !yes.yes {
        can_ask()?;
        let client = CLIENT.read(session, client_id).await?;
        let secrets = client["clientSecrets"].as_array().map_or(&[][..], Vec::as_slice);
        let secret = secrets.iter().find(|secret| secret["hint"] == hint);
        let used = secret.and_then(|secret| secret["lastUsedAt"].as_str());
        let used = used.map_or("never used".to_owned(), |at| format!("last used {at}"));
        ask(&format!("the secret {hint} of {client_id}, {used}"))?;
    }
    let mut url = session.server.api(&[CLIENT.path, client_id, "client-secrets", hint]);
    if force {
        url.query_pairs_mut().append_pair("force", "true");
    }
    let answer = session.server.call(&Call::new(Method::DELETE, url)).await?;
    session.show.outcome(&answer, &format!("The secret that ends in {hint} is removed."))
}

/// A time of the contract (RFC 3339) from a time, or from a day at its beginning in UTC.
fn time(text: &str) -> Result<String, String> {
    let right = "write a day such as 2027-01-01, or a time such as 2027-01-01T12:00:00Z";
    if text.parse::<jiff::Timestamp>().is_ok() {
        return Ok(text.to_owned());
    }
    let day: jiff::civil::Date = text.parse().map_err(|_| right.to_owned())?;
    Ok(format!("{day}T00:00:00Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_a_day_or_a_time() {
        assert_eq!(time("2027-01-01").as_deref(), Ok("2027-01-01T00:00:00Z"));
        let exact = "2027-01-01T12:30:00+02:00";
        assert_eq!(time(exact).as_deref(), Ok(exact));
        for bad in ["", "tomorrow", "2027-13-01", "01.01.2027"] {
            assert!(time(bad).is_err(), "{bad}");
        }
    }
}
