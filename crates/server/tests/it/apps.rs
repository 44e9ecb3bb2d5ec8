//! The clients of a tenant, and what they are made of.

use domain::client::{AppType, Client, ConsentMethod, GrantType};
use domain::ids::ClientId;
use domain::scope::ScopeSet;
use engine::Ctx;
use engine::admin::client::{self, ClientDraft, SecretRequest};
use engine::authority::Caller;

/// An OAuth client, with its secret.
#[derive(Debug, Clone)]
pub struct App {
    pub id: ClientId,
    pub secret: String,
    pub client: Client,
}

impl App {
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// The first registered redirect URI.
    pub fn callback(&self) -> &str {
        &self.client.redirect_uris[0]
    }

    /// What a form of this client begins with: id and, if it has one, secret.
    pub fn credentials(&self) -> Vec<(&str, &str)> {
        let mut pairs = vec![("client_id", self.id())];
        if !self.secret.is_empty() {
            pairs.push(("client_secret", &self.secret));
        }
        pairs
    }
}

pub fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).expect("scopes")
}

/// Makes a client.
pub async fn make_client(ctx: &Ctx<'_>, draft: ClientDraft) -> App {
    let made = client::create(ctx, &Caller::operator(), &draft).await.expect("a client");
    let client = made.found.client;
    let secret = made.secret.map(|new| new.secret.expose().clone()).unwrap_or_default();
    App { id: client.id.clone(), secret, client }
}

/// A secret with a label.
pub fn labelled(label: &str) -> SecretRequest {
    SecretRequest { label: label.to_owned(), expires_at: None }
}

/// The scopes that a person's app may have.
pub const PERSONAL: &str = "openid profile email address phone user_default apps";

/// A machine client that an administrator trusts.
pub fn m2m_draft() -> ClientDraft {
    ClientDraft {
        machine_grants: vec![GrantType::ClientCredentials, GrantType::UserImpersonation],
        allowed_scopes: scopes("admin_classic user_default"),
        consent_method: ConsentMethod::Trusted,
        ..ClientDraft::new(AppType::Web, "Nightly")
    }
}

pub fn web_draft() -> ClientDraft {
    ClientDraft {
        redirect_uris: vec![
            "https://web.example/callback".to_owned(),
            "https://web.example/cb?tenant=1".to_owned(),
        ],
        post_logout_redirect_uris: vec![
            "https://web.example/bye".to_owned(),
            "https://web.example/bye?x=1".to_owned(),
        ],
        allowed_scopes: scopes(&format!("{PERSONAL} offline_access")),
        ..ClientDraft::new(AppType::Web, "Reports")
    }
}

pub fn spa_draft() -> ClientDraft {
    ClientDraft {
        redirect_uris: vec!["https://spa.example/callback".to_owned()],
        allowed_origins: vec!["https://spa.example".to_owned()],
        allowed_scopes: scopes(PERSONAL),
        ..ClientDraft::new(AppType::Spa, "Dashboards")
    }
}

pub fn native_draft() -> ClientDraft {
    ClientDraft {
        redirect_uris: vec![
            "com.example.charts:/callback".to_owned(),
            "http://127.0.0.1/callback".to_owned(),
        ],
        allowed_scopes: scopes(&format!("{PERSONAL} offline_access")),
        ..ClientDraft::new(AppType::Native, "Charts")
    }
}
