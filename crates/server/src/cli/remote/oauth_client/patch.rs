//! `countersign oauth-client patch`.
//!
//! Invariant: a list is changed value by value, so that nothing is lost of what somebody else changes
//! at the same time. The contract does not have the operations for that (its section 1), so a
//! server that does not know them gets the list as a whole: if it can, together with the demand
//! that the list is still what it was; otherwise with a note that says what may be lost.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use reqwest::Method;
use serde_json::{Value, json};

use super::{CLIENT, LINES, Session};
use crate::cli::exit::{Exit, Refusal};
use crate::cli::json_file;
use crate::cli::output::note;
use crate::cli::remote::Answer;
use crate::cli::remote::ops::{Ops, OpsFile};
use crate::cli::remote::secret_out::{SecretOut, Shown};
use crate::cli::remote::server::Call;

#[derive(Debug, Args)]
pub(in crate::cli) struct PatchArgs {
    /// The client.
    client_id: String,
    #[command(flatten)]
    file: OpsFile,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    out: SecretOut,
}

#[derive(Debug, Args)]
#[group(id = "changes", multiple = true)]
struct Changes {
    /// What people call it.
    #[arg(long, value_name = "NAME")]
    set_name: Option<String>,
    /// Free text.
    #[arg(long, value_name = "TEXT")]
    set_description: Option<String>,
    /// The application's own page.
    #[arg(long, value_name = "URL")]
    set_client_uri: Option<String>,
    /// A picture of it.
    #[arg(long, value_name = "URL")]
    set_logo_uri: Option<String>,
    /// Where its public keys are published.
    #[arg(long, value_name = "URL")]
    set_jwks_uri: Option<String>,
    /// Its public keys from now on: a file with a public JWK or JWK Set; repeatable.
    #[arg(long, value_name = "FILE")]
    set_jwk_file: Vec<PathBuf>,
    /// A scope more; repeatable.
    #[arg(long, value_name = "SCOPE")]
    add_scope: Vec<String>,
    /// A scope less; repeatable.
    #[arg(long, value_name = "SCOPE")]
    remove_scope: Vec<String>,
    /// A redirect URI more; repeatable.
    #[arg(long, value_name = "URI")]
    add_redirect_uri: Vec<String>,
    /// A redirect URI less; repeatable.
    #[arg(long, value_name = "URI")]
    remove_redirect_uri: Vec<String>,
    /// A browser origin more; repeatable.
    #[arg(long, value_name = "ORIGIN")]
    add_origin: Vec<String>,
    /// A browser origin less; repeatable.
    #[arg(long, value_name = "ORIGIN")]
    remove_origin: Vec<String>,
    /// A machine grant more; repeatable.
    #[arg(long, value_name = "GRANT")]
    add_grant: Vec<String>,
    /// A machine grant less; repeatable.
    #[arg(long, value_name = "GRANT")]
    remove_grant: Vec<String>,
    /// An authentication method more; repeatable. A secret that it needs is made, and shown once.
    #[arg(long, value_name = "METHOD")]
    add_auth_method: Vec<String>,
    /// An authentication method less; repeatable.
    #[arg(long, value_name = "METHOD")]
    remove_auth_method: Vec<String>,
}

pub(super) async fn run(session: &Session, args: PatchArgs) -> anyhow::Result<()> {
    let PatchArgs { client_id, file, changes, out } = args;
    let (fields, lists) = changes.read(session, &client_id).await?;
    let mut bodies = Vec::new();
    for way in WAYS.into_iter().take(if lists.is_empty() { 1 } else { WAYS.len() }) {
        let mut ops = fields.clone();
        lists.iter().for_each(|list| list.change(way, &mut ops));
        bodies.push(ops.or_file(&file)?);
    }
    let url = session.server.api(&[CLIENT.path, &client_id]);
    let calls = bodies.into_iter().map(|body| Call::new(Method::PATCH, url.clone()).body(body));
    let shown = Shown { secret: "/clientSecret", lines: LINES, word: "/clientSecret" };
    out.show(session, first_understood(session, calls.collect()), &shown).await?;
    session.show.told(&format!("The client {client_id} is changed."))
}

/// Sends one request after the other until the server knows the operations in it.
async fn first_understood(session: &Session, mut calls: Vec<Call>) -> Result<Answer, Refusal> {
    let last = calls.pop();
    for call in &calls {
        match session.server.call(call).await {
            Err(refused) if refused.of_operation => {}
            answered => return answered,
        }
    }
    let last = last.ok_or_else(|| Refusal::new(Exit::Usage, "nothing to change"))?;
    let answer = session.server.call(&last).await?;
    if !calls.is_empty() {
        note(
            "This server takes lists only as a whole: what somebody else changed in them in the same moment is lost.",
        );
    }
    Ok(answer)
}

/// How a list is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By its values.
    Values,
    /// As a whole, if it is still what it was.
    Tested,
    /// As a whole.
    Whole,
}

/// In the order in which they are tried.
const WAYS: [Way; 3] = [Way::Values, Way::Tested, Way::Whole];

/// A change of one list.
#[derive(Debug)]
struct ListChange {
    path: &'static str,
    now: Vec<Value>,
    /// Values that are taken out.
    out: Vec<String>,
    /// Values that are put in, after those are out.
    new: Vec<String>,
}

impl Changes {
    /// The fields that get another value, and the lists that change, which are read for it.
    async fn read(
        self,
        session: &Session,
        client_id: &str,
    ) -> anyhow::Result<(Ops, Vec<ListChange>)> {
        let mut ops = Ops::default();
        ops.replace("/clientName", self.set_name);
        ops.replace("/description", self.set_description);
        ops.replace("/clientUri", self.set_client_uri);
        ops.replace("/logoUri", self.set_logo_uri);
        ops.replace("/jwksUri", self.set_jwks_uri);
        if !self.set_jwk_file.is_empty() {
            let files = self.set_jwk_file.iter().map(|file| json_file::keys(file));
            let keys = files.collect::<anyhow::Result<Vec<_>>>().context("--set-jwk-file")?;
            ops.replace("/publicKeys", Some(keys.concat()));
        }
        let lists = [
            ("/allowedScopes", self.add_scope, self.remove_scope),
            ("/redirectUris", self.add_redirect_uri, self.remove_redirect_uri),
            ("/allowedOrigins", self.add_origin, self.remove_origin),
            ("/allowedGrantTypes", self.add_grant, self.remove_grant),
            ("/allowedAuthMethods", self.add_auth_method, self.remove_auth_method),
        ];
        let lists =
            lists.into_iter().filter(|(_, add, remove)| !add.is_empty() || !remove.is_empty());
        let lists: Vec<_> = lists.collect();
        if lists.is_empty() {
            return Ok((ops, Vec::new()));
        }
        let client = CLIENT.read(session, client_id).await?;
        let lists = lists
            .into_iter()
            .map(|(path, add, remove)| ListChange::new((path, client.pointer(path)), add, remove));
        Ok((ops, lists.collect::<Result<_, _>>()?))
    }
}

impl ListChange {
    /// Some values more and some less in a list. One that is there already is not added again; one
    /// that somebody else adds meanwhile is taken out first, since a list has each value once.
    fn new(
        (path, now): (&'static str, Option<&Value>),
        add: Vec<String>,
        remove: Vec<String>,
    ) -> Result<Self, Refusal> {
        let now = now.and_then(Value::as_array).cloned().unwrap_or_default();
        let is_there = |item: &String| now.iter().any(|known| known.as_str() == Some(item));
        if let Some(missing) = remove.iter().find(|item| !is_there(item)) {
            let told = format!("`{missing}` is not in {path}: nothing was changed");
            return Err(Refusal::new(Exit::NotFound, told));
        }
        let (mut out, mut new) = (remove, Vec::new());
        for item in add {
            if new.contains(&item) || (is_there(&item) && !out.contains(&item)) {
                continue;
            }
            if !out.contains(&item) {
                out.push(item.clone());
            }
            new.push(item);
        }
        Ok(Self { path, now, out, new })
    }

    fn change(&self, way: Way, ops: &mut Ops) {
        if way == Way::Values {
            // Also without a value: that there is nothing to do is for the server to say.
            ops.each("remove-value", self.path, [&self.out]);
            ops.each("add", &format!("{}/-", self.path), &self.new);
            return;
        }
        if way == Way::Tested {
            ops.each("test", self.path, [&self.now]);
        }
        let stays = |value: &&Value| !self.out.iter().any(|out| value.as_str() == Some(out));
        let mut whole: Vec<Value> = self.now.iter().filter(stays).cloned().collect();
        whole.extend(self.new.iter().map(|new| json!(new)));
        ops.replace(self.path, Some(whole));
    }
}
