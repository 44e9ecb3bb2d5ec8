//! Secrets on their way in: from a prompt without echo, a file or standard input, never from an
//! argument, which every user of the machine can read.

use std::fs::File;
use std::io::{BufRead, IsTerminal};
use std::path::Path;

use anyhow::{Context, bail};
use clap::Args;
use domain::secret::{Secret, SecretText};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// A secret of more bytes than this is something else.
const MAX_BYTES: u64 = 4096;

/// Where a user's password comes from.
#[derive(Debug, Clone, Args)]
#[group(multiple = false)]
pub(super) struct PasswordSource {
    /// Take the password from a file's first line.
    #[arg(long, value_name = "FILE")]
    password_file: Option<std::path::PathBuf>,
    /// Take the password from the first line of standard input.
    #[arg(long)]
    password_stdin: bool,
    /// Make a user who does not sign in here.
    #[arg(long)]
    no_password: bool,
}

impl PasswordSource {
    /// The password; `None` for a user without one.
    ///
    /// # Errors
    /// When there is none to be had, or the two at the prompt differ.
    pub fn read(&self) -> anyhow::Result<Option<SecretText>> {
        if self.no_password {
            return Ok(None);
        }
        if let Some(file) = &self.password_file {
            return secret_of_file(file).context("--password-file").map(Some);
        }
        if self.password_stdin {
            let text = first_line(std::io::stdin().lock()).context("--password-stdin")?;
            return Ok(Some(text));
        }
        let first = typed("Password: ", "use --password-file, --password-stdin or --no-password")?;
        if prompt("Password again: ")? != first {
            bail!("the two passwords differ: nothing was made");
        }
        Ok(Some(first))
    }
}

/// The first line of a file.
///
/// # Errors
/// When the file cannot be read, or holds no secret.
pub(super) fn secret_of_file(file: &Path) -> anyhow::Result<SecretText> {
    let opened = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    first_line(std::io::BufReader::new(opened))
        .with_context(|| format!("{} holds no secret", file.display()))
}

fn first_line(source: impl BufRead) -> anyhow::Result<SecretText> {
    let mut text = String::new();
    source.take(MAX_BYTES).read_line(&mut text).context("it is not readable as UTF-8 text")?;
    let line = Secret::new(text);
    let trimmed = line.expose().trim_end_matches(['\r', '\n']);
    if trimmed.is_empty() {
        bail!("the first line is empty");
    }
    Ok(SecretText::from(trimmed))
}

/// Asks for a secret at the terminal.
///
/// # Errors
/// When there is no terminal; `otherwise` says what to do then.
pub(super) fn typed(question: &str, otherwise: &str) -> anyhow::Result<SecretText> {
    if !std::io::stdin().is_terminal() {
        let wanted = question.trim_end_matches([':', ' ']).to_lowercase();
        bail!("a {wanted} is needed, and there is no terminal to ask at: {otherwise}");
    }
    prompt(question)
}

/// Asks at the terminal without showing what is typed.
fn prompt(question: &str) -> anyhow::Result<SecretText> {
    let silent = Silent::begin().context("the terminal cannot be silenced")?;
    eprint!("{question}");
    let typed = first_line(std::io::stdin().lock());
    drop(silent);
    eprintln!();
    typed
}

/// A terminal without echo; with it again when this is dropped.
struct Silent(Termios);

impl Silent {
    fn begin() -> std::io::Result<Self> {
        let before = tcgetattr(std::io::stdin())?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(std::io::stdin(), OptionalActions::Flush, &silent)?;
        Ok(Self(before))
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Flush, &self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_the_first_line() {
        let read = |text: &str| first_line(text.as_bytes()).map(|secret| secret.expose().clone());
        assert_eq!(read("hunter2\r\nmore").expect("read"), "hunter2");
        assert_eq!(read(" with spaces ").expect("read"), " with spaces ");
        assert!(read("\n").is_err());
        assert!(read("").is_err());
    }
}
