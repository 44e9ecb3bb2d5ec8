//! Changes as JSON Patch: from flags, or from a file as they are.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};

use crate::cli::exit::{Exit, Refusal};
use crate::cli::json_file;

/// Changes from a file.
#[derive(Debug, Clone, Args)]
pub(super) struct OpsFile {
    /// Send a JSON Patch (RFC 6902) from a file as it is; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "changes")]
    file: Option<PathBuf>,
}

/// Operations, in the order in which they are said.
#[derive(Debug, Default, Clone)]
pub(super) struct Ops(Vec<Value>);

impl Ops {
    /// Gives a field another value, when one was said.
    pub fn replace(&mut self, path: &str, value: Option<impl Serialize>) {
        if let Some(value) = value {
            self.0.push(json!({ "op": "replace", "path": path, "value": value }));
        }
    }

    /// An operation for each value.
    pub fn each(&mut self, op: &str, path: &str, values: impl IntoIterator<Item: Serialize>) {
        for value in values {
            self.0.push(json!({ "op": op, "path": path, "value": value }));
        }
    }

    /// What is sent: the file's operations, or these.
    ///
    /// # Errors
    /// When there is no change, or the file holds no JSON.
    pub fn or_file(self, from: &OpsFile) -> anyhow::Result<Value> {
        if let Some(file) = &from.file {
            return json_file::read(file);
        }
        if self.0.is_empty() {
            let told = "nothing to change: --help shows the flags";
            return Err(Refusal::new(Exit::Usage, told).into());
        }
        Ok(Value::Array(self.0))
    }
}
