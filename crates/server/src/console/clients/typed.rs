//! What somebody typed into the form of a client.
//!
//! Invariants: whatever is wrong with it, it can be shown again as it was, except a private key,
//! which is not sent back; fields that the form of a type does not have stay as they are.

use domain::client::{AppType, AuthMethod, ConsentMethod, GrantType};
use domain::jose::{Jwk, KeyTextError, read_keys};
use engine::admin::client::ClientFields;
use serde_json::{Value, json};

use crate::console::stale::text;
use crate::http::form::Form;
use crate::pages::console::Wrong;
use crate::texts::Texts;

/// What was typed.
pub(super) struct Typed {
    pub fields: ClientFields,
    /// What stands in the box for public keys.
    pub keys_text: String,
    pub consent: ConsentMethod,
    /// What cannot even be read.
    pub wrong: Vec<Wrong>,
}

impl Typed {
    /// An empty form of a type.
    pub fn empty(app_type: AppType) -> Self {
        let secret = (app_type == AppType::Web).then_some(AuthMethod::ClientSecret);
        let fields = ClientFields {
            allowed_auth_methods: secret.into_iter().collect(),
            ..ClientFields::default()
        };
        Self::of_fields(fields)
    }

    /// The form of a client that is there.
    pub fn of_fields(fields: ClientFields) -> Self {
        let consent = ConsentMethod::Required;
        Self { fields, keys_text: String::new(), consent, wrong: Vec::new() }
    }

    /// A form that was sent, on the ground of what the client was when the form was made.
    pub fn of_form(t: Texts, form: &Form, app_type: AppType, base: &ClientFields) -> Self {
        let line = |name: &str| form.field(name).unwrap_or_default().trim().to_owned();
        let lines = |name: &str| form.all(name).map(|one| one.trim().to_owned()).collect();
        let mut fields = ClientFields {
            client_name: line("clientName"),
            description: text(form, "description", &base.description),
            client_uri: line("clientUri"),
            logo_uri: line("logoUri"),
            policy_uri: line("policyUri"),
            tos_uri: line("tosUri"),
            allowed_scopes: lines("allowedScopes"),
            ..base.clone()
        };
        if app_type != AppType::AnonymousEmbed {
            fields.redirect_uris = lines("redirectUris");
            fields.post_logout_redirect_uris = lines("postLogoutRedirectUris");
            let alg = line("idTokenSignedResponseAlg").parse();
            fields.id_token_signed_response_alg = alg.unwrap_or(base.id_token_signed_response_alg);
        }
        if app_type != AppType::Native {
            fields.allowed_origins = lines("allowedOrigins");
        }
        let consent = form.field("consentMethod").and_then(ConsentMethod::parse);
        let mut typed = Self {
            fields,
            keys_text: String::new(),
            consent: consent.unwrap_or(ConsentMethod::Required),
            wrong: Vec::new(),
        };
        if app_type == AppType::Web {
            typed.confidential(t, form, base);
        }
        typed
    }

    /// What only web clients have.
    fn confidential(&mut self, t: Texts, form: &Form, base: &ClientFields) {
        let fields = &mut self.fields;
        fields.allowed_grant_types =
            form.all("allowedGrantTypes").filter_map(GrantType::parse).collect();
        fields.allowed_auth_methods =
            form.all("allowedAuthMethods").filter_map(AuthMethod::parse).collect();
        fields.jwks_uri = form.field("jwksUri").unwrap_or_default().trim().to_owned();
        fields.require_pkce = form.has("requirePkce");
        let kept: Vec<&str> = form.all("keepKey").collect();
        let is_kept = |key: &&Value| key["kid"].as_str().is_some_and(|kid| kept.contains(&kid));
        fields.public_keys = base.public_keys.iter().filter(is_kept).cloned().collect();
        let Some(text) = form.field("publicKeysText").filter(|text| !text.trim().is_empty()) else {
            return;
        };
        match read_keys(text) {
            Ok(keys) => {
                self.keys_text = text.to_owned();
                fields.public_keys.extend(keys.iter().map(|key| json!(key)));
            }
            Err(error) => {
                if !is_private(text) {
                    self.keys_text = text.to_owned();
                }
                let field = "publicKeys".to_owned();
                self.wrong.push(Wrong { field, index: None, message: t.said(&error.said()) });
            }
        }
    }
}

/// Whether a text is a private key, or looks like one that was damaged.
pub(in crate::console) fn is_private(text: &str) -> bool {
    let marked = ["PRIVATE KEY", "\"d\"", "\"k\""].iter().any(|mark| text.contains(mark));
    marked || read_keys(text) == Err(KeyTextError::Private)
}

/// What a key is, in words that every language writes alike.
pub(super) fn key_in_words(key: &Jwk) -> String {
    let alg = key.alg().map(|alg| format!(", {alg}")).unwrap_or_default();
    match key.rsa_bits() {
        Some(bits) => format!("{} {bits}{alg}", key.key_type()),
        None => format!("{}{alg}", key.key_type()),
    }
}
