//! Which server a command speaks to, and as whom: a named context, the environment, or the current
//! context, in this order.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use domain::secret::SecretText;

use super::origin::Origin;
use super::proof::Proof;
use crate::cli::context::file::{self, Context};
use crate::cli::secret_input::secret_of_file;
use crate::config::process_variable;

/// Who we are.
pub(super) enum Credential {
    Client { id: String, proof: Proof },
    ApiKey(SecretText),
}

/// A server, and who we are there.
pub(super) struct Login {
    pub origin: Origin,
    pub credential: Credential,
    pub ca_file: Option<PathBuf>,
}

impl Login {
    /// The login of a named context, or what the environment or the current context tells.
    ///
    /// # Errors
    /// When there is none, or it is not complete.
    pub fn find(context: Option<&str>) -> anyhow::Result<Self> {
        if context.is_none()
            && let Some(server) = variable("COUNTERSIGN_SERVER")?
        {
            return Self::of_environment(&server).context("from the environment");
        }
        let contexts = file::load(&file::path()?)?;
        let Some((name, found)) = contexts.find(context)? else {
            bail!(
                "which server? Make a context with `countersign context create`, or set COUNTERSIGN_SERVER, COUNTERSIGN_CLIENT_ID and COUNTERSIGN_CLIENT_SECRET"
            );
        };
        Self::of_context(found).with_context(|| format!("context {name}"))
    }

    fn of_context(context: &Context) -> anyhow::Result<Self> {
        let proof = match (&context.client_secret, &context.private_key_file) {
            (Some(secret), _) => Some(Proof::Secret(secret.clone())),
            (None, Some(file)) => {
                let key_id = context.key_id.as_deref().unwrap_or_default();
                Some(Proof::of_key(file, key_id)?)
            }
            (None, None) => None,
        };
        let client = context.client_id.clone().zip(proof);
        let key = context.api_key.clone().map(Credential::ApiKey);
        let credential = client.map(|(id, proof)| Credential::Client { id, proof }).or(key);
        Ok(Self {
            origin: Origin::parse(&context.server, context.insecure_http)?,
            credential: credential
                .context("it has neither a client's credential nor an API key")?,
            ca_file: context.ca_file.clone(),
        })
    }

    fn of_environment(server: &str) -> anyhow::Result<Self> {
        let secret = match variable("COUNTERSIGN_CLIENT_SECRET")? {
            Some(secret) => Some(SecretText::new(secret)),
            None => process_variable("COUNTERSIGN_CLIENT_SECRET_FILE")
                .map(|file| secret_of_file(file.as_ref()))
                .transpose()
                .context("COUNTERSIGN_CLIENT_SECRET_FILE")?,
        };
        let key = variable("COUNTERSIGN_API_KEY")?.map(SecretText::new);
        let credential = match (variable("COUNTERSIGN_CLIENT_ID")?, secret, key) {
            (Some(id), Some(secret), None) => {
                Credential::Client { id, proof: Proof::Secret(secret) }
            }
            (None, None, Some(key)) => Credential::ApiKey(key),
            _ => bail!(
                "with COUNTERSIGN_SERVER set either COUNTERSIGN_CLIENT_ID and COUNTERSIGN_CLIENT_SECRET (or COUNTERSIGN_CLIENT_SECRET_FILE), or COUNTERSIGN_API_KEY"
            ),
        };
        Ok(Self {
            origin: Origin::parse(server, false).context("COUNTERSIGN_SERVER")?,
            credential,
            ca_file: process_variable("COUNTERSIGN_CA_FILE").map(PathBuf::from),
        })
    }
}

fn variable(name: &str) -> anyhow::Result<Option<String>> {
    let value = process_variable(name).map(std::ffi::OsString::into_string).transpose();
    value.map_err(|_| anyhow::anyhow!("{name} holds no UTF-8 text"))
}
