//! `countersign admin client create`.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use domain::client::{AppType, AuthMethod, ConsentMethod, GrantType};
use domain::ids::ClientId;
use domain::jose::Alg;
use domain::scope::ScopeSet;
use engine::Engine;
use engine::admin::client::{self, ClientDraft};
use engine::authority::Caller;
use serde_json::json;

use super::super::problem::explain;
use super::super::tenant::InTenant;
use super::secret::note_once;
use super::{get, view};
use crate::cli::json_file;
use crate::cli::output::{Column, Output};
use crate::cli::secret_input::secret_of_file;

#[derive(Debug, Args)]
pub(in crate::cli::admin) struct CreateArgs {
    #[command(flatten)]
    at: InTenant,
    /// The kind of application: web, spa, native or anonymous-embed.
    #[arg(long = "type", value_name = "TYPE")]
    app_type: AppType,
    /// What people call it.
    #[arg(long)]
    name: String,
    /// Free text.
    #[arg(long, default_value = "", hide_default_value = true)]
    description: String,
    /// The application's own page.
    #[arg(long, value_name = "URI", default_value = "", hide_default_value = true)]
    client_uri: String,
    /// A picture of it.
    #[arg(long, value_name = "URI", default_value = "", hide_default_value = true)]
    logo_uri: String,
    /// Its privacy policy.
    #[arg(long, value_name = "URI", default_value = "", hide_default_value = true)]
    policy_uri: String,
    /// Its terms of service.
    #[arg(long, value_name = "URI", default_value = "", hide_default_value = true)]
    tos_uri: String,
    /// Where codes may go, compared exactly; repeatable.
    #[arg(long, value_name = "URI")]
    redirect_uri: Vec<String>,
    /// Where browsers may go after sign-out; repeatable.
    #[arg(long, value_name = "URI")]
    post_logout_redirect_uri: Vec<String>,
    /// A browser origin that may call; repeatable.
    #[arg(long, value_name = "ORIGIN")]
    origin: Vec<String>,
    /// The most it may have, separated by spaces; repeatable.
    #[arg(long, value_name = "SCOPES")]
    scope: Vec<String>,
    /// A machine grant: client_credentials or urn:qlik:oauth:user-impersonation; repeatable.
    #[arg(long, value_name = "GRANT")]
    grant: Vec<GrantType>,
    /// How a web client authenticates: client_secret (without this flag) or private_key_jwt;
    /// repeatable.
    #[arg(long, value_name = "METHOD")]
    auth_method: Vec<AuthMethod>,
    /// A file with a public JWK or JWK Set; repeatable.
    #[arg(long, value_name = "FILE")]
    public_key_file: Vec<PathBuf>,
    /// Where its keys are published.
    #[arg(long, value_name = "URI", default_value = "", hide_default_value = true)]
    jwks_uri: String,
    /// Whether users are asked: required or trusted.
    #[arg(long, value_name = "METHOD", default_value = "required")]
    consent: ConsentMethod,
    /// Let a web client do without PKCE.
    #[arg(long)]
    no_pkce: bool,
    /// What its ID tokens are signed with: RS256, ES256 or PS256.
    #[arg(long, value_name = "ALG", default_value = "RS256")]
    id_token_alg: Alg,
    /// Its id, when it had one elsewhere; drawn otherwise.
    #[arg(long, value_name = "CLIENT_ID")]
    id: Option<ClientId>,
    /// A file with its first secret, when it had one elsewhere; drawn otherwise.
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
}

const LINES: &[Column] = &[
    ("Client ID", "/clientId"),
    ("Client secret", "/clientSecret"),
    ("Name", "/clientName"),
    ("Type", "/appType"),
    ("Redirect URIs", "/redirectUris"),
    ("Scopes", "/allowedScopes"),
    ("Machine grants", "/allowedGrantTypes"),
    ("Authentication", "/allowedAuthMethods"),
    ("Consent", "/connectionConfig/consentMethod"),
];

pub(super) async fn run(engine: &Engine, new: CreateArgs, output: &Output) -> anyhow::Result<()> {
    let ctx = new.at.ctx(engine).await?;
    let draft = draft(new)?;
    let made = client::create(&ctx, &Caller::operator(), &draft).await.map_err(explain)?;
    let mut shown = view::client(&get(&ctx, &made.found.client.id).await?);
    let drawn = made.secret.filter(|_| draft.secret.is_none());
    if let Some(secret) = &drawn {
        shown["clientSecret"] = json!(secret.secret.expose());
    }
    output.record(&shown, LINES)?;
    if drawn.is_some() {
        note_once();
    }
    Ok(())
}

fn draft(new: CreateArgs) -> anyhow::Result<ClientDraft> {
    let embedded = new.app_type == AppType::AnonymousEmbed;
    if new.redirect_uri.is_empty() && new.grant.is_empty() && !embedded {
        anyhow::bail!("--redirect-uri: has at least one address, or the client could do nothing");
    }
    let mut public_keys = Vec::new();
    for file in &new.public_key_file {
        public_keys.extend(json_file::keys(file).context("--public-key-file")?);
    }
    let default = ClientDraft::new(new.app_type, &new.name);
    Ok(ClientDraft {
        id: new.id,
        secret: new
            .secret_file
            .as_deref()
            .map(secret_of_file)
            .transpose()
            .context("--secret-file")?,
        description: new.description,
        client_uri: new.client_uri,
        logo_uri: new.logo_uri,
        policy_uri: new.policy_uri,
        tos_uri: new.tos_uri,
        redirect_uris: new.redirect_uri,
        post_logout_redirect_uris: new.post_logout_redirect_uri,
        allowed_origins: new.origin,
        allowed_scopes: ScopeSet::parse(&new.scope.join(" ")).context("--scope")?,
        machine_grants: new.grant,
        auth_methods: match new.auth_method {
            given if given.is_empty() => default.auth_methods,
            given => given,
        },
        public_keys,
        jwks_uri: new.jwks_uri,
        require_pkce: !new.no_pkce,
        id_token_alg: new.id_token_alg,
        consent_method: new.consent,
        ..default
    })
}
