//! `countersign oauth-client create`.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use reqwest::Method;
use serde_json::{Value, json};

use super::{CLIENT, LINES, Session};
use crate::cli::json_file;
use crate::cli::remote::noun::fields;
use crate::cli::remote::secret_out::{SecretOut, Shown};
use crate::cli::remote::server::Call;

#[derive(Debug, Args)]
pub(in crate::cli) struct CreateArgs {
    /// Send a CreateRequest from a JSON file as it is; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "fields")]
    file: Option<PathBuf>,
    #[command(flatten)]
    fields: Fields,
    #[command(flatten)]
    out: SecretOut,
}

#[derive(Debug, Args)]
#[group(id = "fields", multiple = true)]
struct Fields {
    /// What people call it.
    #[arg(long, value_name = "NAME", required_unless_present = "file")]
    name: Option<String>,
    /// The kind of application; it never changes.
    #[arg(long, value_name = "TYPE", required_unless_present = "file", value_parser = ["web", "spa", "native", "anonymous-embed"])]
    app_type: Option<String>,
    /// Free text.
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The application's own page.
    #[arg(long, value_name = "URL")]
    client_uri: Option<String>,
    /// A picture of it.
    #[arg(long, value_name = "URL")]
    logo_uri: Option<String>,
    /// Where codes may go, compared exactly; repeatable.
    #[arg(long, value_name = "URI")]
    redirect_uri: Vec<String>,
    /// A browser origin that may call; repeatable.
    #[arg(long, value_name = "ORIGIN")]
    origin: Vec<String>,
    /// A scope that it may have; repeatable.
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// A machine grant: client_credentials or urn:qlik:oauth:user-impersonation; repeatable.
    #[arg(long, value_name = "GRANT")]
    grant: Vec<String>,
    /// How it authenticates: client_secret or private_key_jwt; repeatable.
    #[arg(long, value_name = "METHOD")]
    auth_method: Vec<String>,
    /// A file with a public JWK or JWK Set; repeatable.
    #[arg(long, value_name = "FILE")]
    jwk_file: Vec<PathBuf>,
    /// Where its public keys are published.
    #[arg(long, value_name = "URL")]
    jwks_uri: Option<String>,
    /// Whether users are asked; machine clients need trusted.
    #[arg(long, value_name = "METHOD", value_parser = ["required", "trusted"])]
    consent: Option<String>,
}

pub(super) async fn run(session: &Session, new: CreateArgs) -> anyhow::Result<()> {
    let body = match &new.file {
        Some(file) => json_file::read(file).context("--file")?,
        None => body(new.fields)?,
    };
    let call = Call::new(Method::POST, session.server.api(&[CLIENT.path])).body(body);
    let shown = Shown { secret: "/clientSecret", lines: LINES, word: CLIENT.id };
    new.out.call(session, &call, &shown).await
}

/// The contract's CreateRequest.
fn body(given: Fields) -> anyhow::Result<Value> {
    let keys: Vec<Value> = given
        .jwk_file
        .iter()
        .map(|file| json_file::keys(file))
        .collect::<anyhow::Result<Vec<_>>>()
        .context("--jwk-file")?
        .concat();
    // Only what differs from the default is said: `required` is none of the contract's values here.
    let trusted = given.consent.filter(|method| method == "trusted");
    Ok(fields([
        ("appType", json!(given.app_type)),
        ("clientName", json!(given.name)),
        ("description", json!(given.description)),
        ("clientUri", json!(given.client_uri)),
        ("logoUri", json!(given.logo_uri)),
        ("redirectUris", json!(given.redirect_uri)),
        ("allowedOrigins", json!(given.origin)),
        ("allowedScopes", json!(given.scope)),
        ("allowedGrantTypes", json!(given.grant)),
        ("allowedAuthMethods", json!(given.auth_method)),
        ("publicKeys", json!(keys)),
        ("jwksUri", json!(given.jwks_uri)),
        ("connectionConfig", json!(trusted.map(|method| json!({ "consentMethod": method })))),
    ]))
}
