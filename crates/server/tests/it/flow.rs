//! The authorization code flow in pieces.

use domain::crypto::sha256_base64url;
use serde_json::Value;
use url::Url;

use crate::browser::Browser;
use crate::call::{Answer, encode};
use crate::html;
use crate::world::{App, Person, Tenant, World};

/// A verifier of the right shape.
pub const VERIFIER: &str = "verifier-0123456789-0123456789-0123456789-.~";

/// An authorization request under construction.
#[derive(Debug, Clone)]
pub struct AuthRequest(Vec<(String, String)>);

impl AuthRequest {
    /// A request that is right in every way.
    pub fn new(app: &App, scope: &str) -> Self {
        Self(Vec::new())
            .set("response_type", "code")
            .set("client_id", app.id())
            .set("redirect_uri", app.callback())
            .set("scope", scope)
            .set("state", "st-7")
            .set("code_challenge", &sha256_base64url(VERIFIER.as_bytes()))
            .set("code_challenge_method", "S256")
    }

    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.and(name, value)
    }

    /// Adds a parameter, even a second one of the same name.
    #[must_use]
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    #[must_use]
    pub fn without_pkce(self) -> Self {
        self.without("code_challenge").without("code_challenge_method")
    }

    pub fn pairs(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    pub fn path(&self) -> String {
        format!("/oauth/authorize?{}", encode(&self.pairs()))
    }
}

/// What an app gets back at its redirect URI.
#[derive(Debug)]
pub struct Callback(Vec<(String, String)>);

impl Callback {
    /// The parameters of a redirect to exactly `redirect_uri`, or of a form posted there.
    #[track_caller]
    pub fn of(answer: &Answer, redirect_uri: &str) -> Self {
        if answer.status == 200 {
            let form = html::form_to(answer.text(), redirect_uri, &[]);
            return Self(form.fields);
        }
        let location = answer.location();
        let rest = location.strip_prefix(redirect_uri);
        let rest = rest.unwrap_or_else(|| panic!("{location} is not {redirect_uri}"));
        let mark = if redirect_uri.contains('?') { '&' } else { '?' };
        let query = rest.strip_prefix(mark).unwrap_or_else(|| panic!("{location}: no {mark}"));
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        Self(pairs.into_owned().collect())
    }

    #[track_caller]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(known, _)| known == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} twice in {:?}", self.0);
        value
    }

    pub fn names(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[track_caller]
    pub fn code(&self) -> String {
        assert_eq!(self.get("error"), None, "{:?}", self.0);
        self.get("code").unwrap_or_else(|| panic!("no code in {:?}", self.0)).to_owned()
    }

    #[track_caller]
    pub fn expect_error(&self, error: &str) {
        assert_eq!(self.get("error"), Some(error), "{:?}", self.0);
        assert_eq!(self.get("code"), None, "{:?}", self.0);
        for member in ["error_description", "error_code", "error_detail", "iss"] {
            assert!(self.get(member).is_some_and(|value| !value.is_empty()), "{:?}", self.0);
        }
    }
}

/// Tokens of a token response.
#[derive(Debug, Clone)]
pub struct Tokens(pub Value);

impl Tokens {
    #[track_caller]
    pub fn of(answer: &Answer) -> Self {
        answer.expect(200);
        Self(answer.json())
    }

    #[track_caller]
    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.0))
    }

    #[track_caller]
    pub fn access(&self) -> &str {
        self.text("access_token")
    }

    #[track_caller]
    pub fn refresh(&self) -> &str {
        self.text("refresh_token")
    }

    #[track_caller]
    pub fn id(&self) -> &str {
        self.text("id_token")
    }
}

impl World {
    pub fn browser(&self, tenant: &Tenant) -> Browser {
        Browser::new(self, tenant)
    }

    /// A code for a person, through the real pages.
    pub async fn code(&self, tenant: &Tenant, app: &App, scope: &str) -> String {
        let mut browser = self.browser(tenant);
        self.code_in(&mut browser, &AuthRequest::new(app, scope), &tenant.alice).await
    }

    /// A code for a request, through the real pages of a browser.
    pub async fn code_in(
        &self,
        browser: &mut Browser,
        request: &AuthRequest,
        person: &Person,
    ) -> String {
        let answer = browser.authorize(&request.path(), person).await;
        let pairs = request.pairs();
        let redirect_uri = pairs.iter().find(|(name, _)| *name == "redirect_uri");
        Callback::of(&answer, redirect_uri.expect("a redirect URI").1).code()
    }

    /// The form of a right exchange of a code.
    pub fn exchange_form<'a>(app: &'a App, code: &'a str) -> Vec<(&'a str, &'a str)> {
        let mut form = app.credentials();
        form.extend([
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", app.callback()),
            ("code_verifier", VERIFIER),
        ]);
        form
    }

    pub async fn exchange(&self, tenant: &Tenant, app: &App, code: &str) -> Answer {
        self.token(tenant, &Self::exchange_form(app, code)).await
    }

    /// A token request by form.
    pub async fn token(&self, tenant: &Tenant, form: &[(&str, &str)]) -> Answer {
        self.post(tenant, "/oauth/token").form(form).send().await
    }

    /// Tokens of Alice's for an app, through the real pages.
    pub async fn tokens(&self, tenant: &Tenant, app: &App, scope: &str) -> Tokens {
        let code = self.code(tenant, app, scope).await;
        Tokens::of(&self.exchange(tenant, app, &code).await)
    }

    pub async fn refresh(&self, tenant: &Tenant, app: &App, refresh_token: &str) -> Answer {
        let mut form = app.credentials();
        form.extend([("grant_type", "refresh_token"), ("refresh_token", refresh_token)]);
        self.token(tenant, &form).await
    }

    pub async fn userinfo(&self, tenant: &Tenant, token: &str) -> Answer {
        self.get(tenant, "/oauth/userinfo").bearer(token).send().await
    }

    /// A machine token of a tenant's M2M client.
    pub async fn machine_token(&self, tenant: &Tenant) -> String {
        let answer = self
            .post(tenant, "/oauth/token")
            .basic(tenant.m2m.id(), &tenant.m2m.secret)
            .form(&[("grant_type", "client_credentials")])
            .send()
            .await;
        answer.access_token()
    }
}

/// The parameters of an address's query.
pub fn query_of(location: &str) -> Vec<(String, String)> {
    let url = Url::parse(location).expect("an address");
    url.query_pairs().into_owned().collect()
}
