//! Secrets that the server shows once: on the terminal, or into a file that nobody else can read.
//!
//! Invariant: the file is made before the secret, so that a secret is never drawn in vain.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde_json::{Value, json};

use super::server::Call;
use super::{Answer, Session};
use crate::cli::exit::Refusal;
use crate::cli::output::{Column, note};

/// Where a secret goes that is shown once.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct SecretOut {
    /// Write the secret into a new file that only you can read, in place of the terminal.
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    secret_out: Option<PathBuf>,
}

/// What is shown of the answer.
pub(in crate::cli) struct Shown {
    /// Where the secret is in the answer (RFC 6901), such as `/clientSecret`.
    pub secret: &'static str,
    pub lines: &'static [Column],
    /// The one word for scripts.
    pub word: &'static str,
}

impl SecretOut {
    /// Sends a request that is answered with a secret, and shows it this once.
    ///
    /// # Errors
    /// When the file cannot be made, and what the server refuses.
    pub async fn call(&self, session: &Session, call: &Call, shown: &Shown) -> anyhow::Result<()> {
        self.show(session, session.server.call(call), shown).await
    }

    /// The same for what takes more than one request.
    ///
    /// # Errors
    /// When the file cannot be made, and what the server refuses.
    pub async fn show(
        &self,
        session: &Session,
        asked: impl Future<Output = Result<Answer, Refusal>>,
        shown: &Shown,
    ) -> anyhow::Result<()> {
        let file = self.secret_out.as_deref().map(new_file).transpose()?;
        let answer = match asked.await {
            Ok(answer) => answer,
            Err(refused) => {
                self.forget();
                return Err(refused.into());
            }
        };
        if session.show.is_json() {
            return session.show.answer(&answer);
        }
        let mut value = if answer.text.is_empty() { Value::Null } else { answer.value()? };
        let secret = value.pointer(shown.secret).and_then(Value::as_str).map(str::to_owned);
        match (file, secret) {
            (Some((file, path)), Some(secret)) => {
                keep(file, &secret).with_context(|| {
                    format!("{path} cannot be written: make another secret, this one is lost")
                })?;
                if let Some(place) = value.pointer_mut(shown.secret) {
                    *place = json!(format!("in {path}"));
                }
            }
            (Some(_), None) => self.forget(),
            (None, Some(_)) if session.show.is_quiet() && shown.word != shown.secret => {
                note(
                    "It has a secret, which -q does not show: --secret-out keeps it, or make another with `secret create`.",
                );
            }
            (None, Some(_)) => {
                note("Keep the secret now: it is not stored in clear and is never shown again.");
            }
            (None, None) => {}
        }
        session.show.record(&value, shown.lines, shown.word)
    }

    /// Removes the file that was made for nothing.
    fn forget(&self) {
        if let Some(path) = &self.secret_out {
            let _ = fs::remove_file(path);
        }
    }
}

fn new_file(path: &std::path::Path) -> anyhow::Result<(File, String)> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let shown = path.display().to_string();
    Ok((made.with_context(|| format!("--secret-out {shown} cannot be made"))?, shown))
}

fn keep(mut file: File, secret: &str) -> std::io::Result<()> {
    file.write_all(format!("{secret}\n").as_bytes())?;
    file.sync_all()
}
