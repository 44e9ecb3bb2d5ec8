//! Creating and editing an OAuth client.

use askama::Template;
use domain::client::{AppType, AuthMethod, ConsentMethod, GrantType};
use engine::admin::client::ClientFields;

use super::Shell;
use super::scope_tree::ScopeTree;

/// `GET /admin/clients/new`: which type of client.
#[derive(Debug, Clone, Template)]
#[template(path = "console/client_type.html")]
pub struct ClientTypePage {
    pub shell: Shell,
}

/// `POST /admin/clients/new` and `POST /admin/clients/{id}/edit`. The fields have the names of the
/// wire (contract, section 1); beside them `publicKeysText`, `keepKey` (several), `consentMethod`,
/// and `once` for a new client, or `base` when one is edited: what the form began with.
#[derive(Debug, Clone, Template)]
#[template(path = "console/client_form.html")]
pub struct ClientFormPage {
    pub shell: Shell,
    pub app_type: AppType,
    pub editing: Option<Editing>,
    /// What makes a new client count once.
    pub once: String,
    pub fields: ClientFields,
    /// What stands in the box for public keys.
    pub keys_text: String,
    /// The keys that the client has.
    pub keys: Vec<KeyChoice>,
    pub consent: ConsentMethod,
    pub scopes: ScopeTree,
    pub limits: FormLimits,
    pub wrong: Vec<Wrong>,
    /// Why nothing was done, when it is about no field.
    pub alert: Option<String>,
}

/// How many addresses a client may have.
#[derive(Debug, Clone, Copy)]
pub struct FormLimits {
    pub redirect_uris: usize,
    pub origins: usize,
}

/// The client that is edited.
#[derive(Debug, Clone)]
pub struct Editing {
    pub client_id: String,
    /// Its name as it is kept.
    pub name: String,
    /// The fields as they were when the form was made, in JSON.
    pub base: String,
    /// How many secrets go when it no longer authenticates by secret.
    pub secrets: usize,
}

/// A key that a client has.
#[derive(Debug, Clone)]
pub struct KeyChoice {
    pub kid: String,
    /// What it is, in words.
    pub what: String,
    pub is_kept: bool,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The field's name on the wire.
    pub field: String,
    /// Which of its values.
    pub index: Option<usize>,
    /// What is wrong and what would be right.
    pub message: String,
}

/// A row for one of several addresses.
#[derive(Debug, Clone)]
pub struct AddressRow {
    pub value: String,
    pub wrong: Option<String>,
    /// Whether it is hidden until somebody asks for another one.
    pub is_spare: bool,
}

impl ClientFormPage {
    fn is_web(&self) -> bool {
        self.app_type == AppType::Web
    }

    /// Codes go to redirect URIs, which a client without users has none of.
    fn has_redirects(&self) -> bool {
        self.app_type != AppType::AnonymousEmbed
    }

    fn has_origins(&self) -> bool {
        self.app_type != AppType::Native
    }

    fn is_machine(&self) -> bool {
        self.fields.allowed_grant_types.contains(&GrantType::ClientCredentials)
    }

    fn impersonates(&self) -> bool {
        self.fields.allowed_grant_types.contains(&GrantType::UserImpersonation)
    }

    fn by_secret(&self) -> bool {
        self.fields.allowed_auth_methods.contains(&AuthMethod::ClientSecret)
    }

    fn by_key(&self) -> bool {
        self.fields.allowed_auth_methods.contains(&AuthMethod::PrivateKeyJwt)
    }

    fn is_trusted(&self) -> bool {
        self.consent == ConsentMethod::Trusted
    }

    /// What is wrong with a field as a whole, or with a value of it that has no row here.
    fn wrong_with(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.message.as_str())
    }

    fn has_wrong(&self, fields: &[&str]) -> bool {
        self.wrong.iter().any(|wrong| fields.contains(&wrong.field.as_str()))
    }

    /// Where the first field is that is wrong.
    fn first_wrong(&self) -> Option<String> {
        let wrong = self.wrong.first()?;
        let id = match (wrong.field.as_str(), wrong.index) {
            ("redirectUris" | "allowedOrigins" | "postLogoutRedirectUris", index) => {
                format!("{}-{}", wrong.field, index.unwrap_or(0))
            }
            ("publicKeys", _) => "publicKeysText".to_owned(),
            ("allowedScopes", _) => "scope-search".to_owned(),
            ("allowedGrantTypes", _) => "grant-machine".to_owned(),
            ("allowedAuthMethods", _) => "auth-secret".to_owned(),
            ("consentMethod", _) => "consent-required".to_owned(),
            (field, _) => field.to_owned(),
        };
        Some(id)
    }

    /// The rows of addresses: those that there are, and room for more.
    fn rows(&self, field: &str) -> Vec<AddressRow> {
        let (values, most) = match field {
            "allowedOrigins" => (&self.fields.allowed_origins, self.limits.origins),
            "redirectUris" => (&self.fields.redirect_uris, self.limits.redirect_uris),
            _ => (&self.fields.post_logout_redirect_uris, self.limits.redirect_uris),
        };
        let count = values.len().max(most.min(values.len() + 5));
        let wrong_at = |at: usize| {
            let fits = |wrong: &&Wrong| wrong.field == field && wrong.index == Some(at);
            self.wrong.iter().find(fits).map(|wrong| wrong.message.clone())
        };
        let row = |at: usize| AddressRow {
            value: values.get(at).cloned().unwrap_or_default(),
            wrong: wrong_at(at),
            is_spare: at > 0 && at >= values.len(),
        };
        (0..count).map(row).collect()
    }

    /// What is wrong with a list as a whole.
    fn wrong_list(&self, field: &str) -> Option<&str> {
        let fits = |wrong: &&Wrong| wrong.field == field && wrong.index.is_none();
        self.wrong.iter().find(fits).map(|wrong| wrong.message.as_str())
    }

    /// Whether the fold of what is rarely needed has to be open.
    fn is_advanced_open(&self) -> bool {
        const ADVANCED: [&str; 7] = [
            "clientUri",
            "logoUri",
            "policyUri",
            "tosUri",
            "postLogoutRedirectUris",
            "requirePkce",
            "idTokenSignedResponseAlg",
        ];
        self.has_wrong(&ADVANCED)
    }
}

impl ClientTypePage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        vec![("usual", Self { shell: Shell::sample() })]
    }
}

impl ClientFormPage {
    pub(crate) fn sample(app_type: AppType, chosen: &[&str]) -> Self {
        let chosen: Vec<String> = chosen.iter().map(|name| (*name).to_owned()).collect();
        let scopes = domain::scope::Catalogue::embedded()
            .map(|catalogue| ScopeTree::new(Shell::sample().t, &catalogue, app_type, &chosen))
            .unwrap_or_default();
        let fields = ClientFields { allowed_scopes: chosen, ..ClientFields::default() };
        Self {
            shell: Shell::sample(),
            app_type,
            editing: None,
            once: "mark".to_owned(),
            fields,
            keys_text: String::new(),
            keys: Vec::new(),
            consent: ConsentMethod::Required,
            scopes,
            limits: FormLimits { redirect_uris: 5, origins: 5 },
            wrong: Vec::new(),
            alert: None,
        }
    }

    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let mut web = Self::sample(AppType::Web, &[]);
        web.fields.allowed_auth_methods = vec![AuthMethod::ClientSecret];
        let mut wrong = Self::sample(AppType::Web, &["admin.users:read", "retired:scope"]);
        wrong.fields.client_name = "Nightly <export>".to_owned();
        wrong.fields.redirect_uris =
            vec!["https://app.example/cb".to_owned(), "http://app.example/cb".to_owned()];
        wrong.fields.allowed_grant_types =
            vec![GrantType::ClientCredentials, GrantType::UserImpersonation];
        wrong.fields.allowed_auth_methods = AuthMethod::ALL.to_vec();
        wrong.keys_text = "{\"kty\":\"EC\"}".to_owned();
        let fault = |field: &str, index, message: &str| Wrong {
            field: field.to_owned(),
            index,
            message: message.to_owned(),
        };
        wrong.wrong = vec![
            fault("redirectUris", Some(1), "use https://"),
            fault("redirectUris", None, "has at most 5 values"),
            fault("publicKeys", None, "the key has no `crv`"),
            fault("clientName", None, "has 1 to 512 characters"),
            fault("jwksUri", None, "is an address that begins with https://"),
            fault("logoUri", None, "is an address that begins with https://"),
            fault("allowedScopes", None, "there is no scope `retired:scope`"),
        ];
        wrong.alert = Some("The tenant has its 1000 clients already.".to_owned());
        let mut edit = web.clone();
        edit.fields.client_name = "Nightly export".to_owned();
        edit.fields.allowed_auth_methods = AuthMethod::ALL.to_vec();
        edit.keys = vec![KeyChoice {
            kid: "2026-11".to_owned(),
            what: "RSA, 2048 bits, RS256".to_owned(),
            is_kept: true,
        }];
        edit.editing = Some(Editing {
            client_id: "630201422597f43c47128aa651af2172".to_owned(),
            name: "Nightly export".to_owned(),
            base: "{}".to_owned(),
            secrets: 2,
        });
        vec![
            ("web", web),
            ("spa", Self::sample(AppType::Spa, &["openid"])),
            ("native", Self::sample(AppType::Native, &["openid", "apps:read"])),
            ("embed", Self::sample(AppType::AnonymousEmbed, &[])),
            ("wrong", wrong),
            ("edit", edit),
        ]
    }
}
