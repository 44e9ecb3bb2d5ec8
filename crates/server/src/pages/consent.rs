//! Consent: who asks, for what, on whose behalf, and where the person goes next.

use askama::Template;

use super::{Brand, show};
use crate::texts::Texts;

/// `POST /consent` with `request`, `csrf` and `action` = `allow`, `deny` or `switch` (use another account).
#[derive(Debug, Clone, Template)]
#[template(path = "consent.html")]
pub struct ConsentPage {
    pub brand: Brand,
    /// The words.
    pub t: Texts,
    pub client: ConsentClient,
    pub user_name: String,
    pub user_email: Option<String>,
    /// What the app asks for now and has not been given before.
    pub scopes: Vec<ScopeLine>,
    /// What it asks for again; shown folded.
    pub already_granted: Vec<ScopeLine>,
    /// Host of the redirect URI (or the scheme of a native app's): where the person goes after either answer.
    pub redirect_host: String,
    pub request: String,
    pub csrf: String,
}

/// The app as its metadata describes it. Links that are not `http(s)` are not shown.
#[derive(Debug, Clone)]
pub struct ConsentClient {
    pub name: String,
    pub description: Option<String>,
    pub client_uri: Option<String>,
    pub logo_uri: Option<String>,
    pub policy_uri: Option<String>,
    pub tos_uri: Option<String>,
    /// Who registered the app: a tenant, region or organization name.
    pub publisher: String,
}

/// One scope in a person's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeLine {
    pub name: String,
    pub description: String,
    /// Reaches beyond the person's own things, such as `admin_classic`: shown first and marked.
    pub powerful: bool,
}

impl ScopeLine {
    #[must_use]
    pub fn new(name: impl Into<String>, description: impl Into<String>, powerful: bool) -> Self {
        Self { name: name.into(), description: description.into(), powerful }
    }
}

/// Powerful scopes first, otherwise in the order given: what matters most is never below the fold.
pub(super) fn powerful_first(lines: &[ScopeLine]) -> Vec<&ScopeLine> {
    let mut sorted: Vec<&ScopeLine> = lines.iter().collect();
    sorted.sort_by_key(|line| !line.powerful);
    sorted
}

impl ConsentClient {
    fn logo(&self) -> Option<&str> {
        show::web_url_opt(self.logo_uri.as_ref())
    }
    fn site(&self) -> Option<&str> {
        show::web_url_opt(self.client_uri.as_ref())
    }
    fn policy(&self) -> Option<&str> {
        show::web_url_opt(self.policy_uri.as_ref())
    }
    fn tos(&self) -> Option<&str> {
        show::web_url_opt(self.tos_uri.as_ref())
    }
    fn monogram(&self) -> String {
        show::monogram(&self.name)
    }
}

impl ConsentPage {
    fn any_powerful(&self) -> bool {
        self.scopes.iter().any(|scope| scope.powerful)
    }

    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self {
            brand: Brand::sample(),
            t: Texts::english(),
            client: ConsentClient {
                name: "Quarterly Reports".into(),
                description: Some(
                    "Builds the board report from your spaces and mails it on Fridays.".into(),
                ),
                client_uri: Some("https://reports.example".into()),
                logo_uri: None,
                policy_uri: Some("https://reports.example/privacy".into()),
                tos_uri: Some("https://reports.example/terms".into()),
                publisher: "Northwind Analytics".into(),
            },
            user_name: "Ada Lovelace".into(),
            user_email: Some("ada@northwind.example".into()),
            scopes: vec![
                ScopeLine::new("openid", "Know who you are when you sign in", false),
                ScopeLine::new("email", "Read your email address", false),
                ScopeLine::new("apps:read", "Read your apps", false),
                ScopeLine::new("offline_access", "Keep this access while you are away", false),
            ],
            already_granted: Vec::new(),
            redirect_host: "reports.example".into(),
            request: "sealed.request.value".into(),
            csrf: "csrf-token".into(),
        };
        let mut powerful = base.clone();
        powerful.client.name = "Fleet Administrator".into();
        powerful.client.logo_uri = Some("/static/favicon.svg".into());
        powerful.client.publisher = "Contoso Platform (organization)".into();
        powerful.scopes.push(ScopeLine::new(
            "admin_classic",
            "Full administrator access to your tenant",
            true,
        ));
        let mut more = base.clone();
        more.already_granted = more.scopes.split_off(2);
        more.already_granted.push(ScopeLine::new("admin.users:read", "Read all users", true));
        let mut bare = base.clone();
        bare.client.description = None;
        bare.client.client_uri = None;
        bare.client.policy_uri = Some("javascript:alert(1)".into());
        bare.client.tos_uri = None;
        bare.scopes.clear();
        bare.user_email = None;
        bare.redirect_host = "com.example.notes".into();
        let mut long = powerful.clone();
        long.client.name =
            "Hauptbetriebswerkbauunterbeamtengesellschaft Planning and Forecasting".into();
        long.client.logo_uri = None;
        long.client.description =
            Some("One two three four five six seven eight nine ten. ".repeat(6));
        long.redirect_host =
            "a-very-long-host-name.with-many-parts.department.subsidiary.northwind.example".into();
        long.scopes.extend((1..=14).map(|n| {
            ScopeLine::new(
                format!("data-connections.private:read_{n}"),
                format!("Read data connection kind {n}"),
                false,
            )
        }));
        vec![
            ("branded", Self { brand: Brand::full_sample(), ..base.clone() }),
            ("first", base),
            ("powerful", powerful),
            ("more", more),
            ("bare", bare),
            ("long", long),
        ]
    }
}
