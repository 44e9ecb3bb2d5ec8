//! The authorization code flow, driven over plain HTTP as a browser and a client would.

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::html::find_form;
use crate::http::{Client, Reply, Target};
use crate::server::Server;

/// RFC 7636, appendix B: these drills test storage, not randomness, so one pair will do.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const MAX_PAGES: usize = 8;

/// The application that the flow is for, and the person who uses it.
#[derive(Clone)]
pub struct App {
    pub client_id: String,
    pub client_secret: String,
    redirect_uri: String,
    email: String,
    password: String,
}

/// What a token request came to.
pub enum Outcome {
    /// 200.
    Tokens { access: String, refresh: Option<String> },
    /// A 4xx with this `error`.
    Refused(String),
    /// A 5xx, or an answer that is no OAuth answer at all.
    Broken(String),
}

impl App {
    /// The demo's web client and its ordinary user.
    pub fn of_demo(server: &Server) -> Result<Self> {
        let text = |pointer: &str| server.text(pointer).map(str::to_owned);
        Ok(Self {
            client_id: text("/web/client_id")?,
            client_secret: text("/web/client_secret")?,
            redirect_uri: text("/web/redirect_uri")?,
            email: text("/user/email")?,
            password: text("/user/password")?,
        })
    }

    /// A browser that is signed in and has given consent once for these scopes.
    pub fn sign_in(&self, target: &Target, scope: &str) -> Result<Client> {
        let mut browser = Client::new(target.clone());
        self.authorize(&mut browser, scope)?;
        Ok(browser)
    }

    /// A code for a browser that is signed in and whose user has consented: no page may be shown.
    ///
    /// # Errors
    /// Also when an answer is lost: ask again, a new code costs nothing.
    pub fn authorize_silently(&self, browser: &mut Client, scope: &str) -> Result<String> {
        let path = self.authorize_path(scope, &[("prompt", "none")]);
        let reply = browser.get(&path)?;
        match reply.header("location") {
            Some(link) if link.starts_with(&self.redirect_uri) => code_in(link),
            _ => bail!("prompt=none was answered by {}: {}", reply.status, reply.body),
        }
    }

    fn authorize_path(&self, scope: &str, more: &[(&str, &str)]) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("client_id", self.client_id.as_str()),
                ("redirect_uri", &self.redirect_uri),
                ("response_type", "code"),
                ("scope", scope),
                ("state", "xtask-state"),
                ("code_challenge", CHALLENGE),
                ("code_challenge_method", "S256"),
            ])
            .extend_pairs(more)
            .finish();
        format!("/oauth/authorize?{query}")
    }

    /// Runs `/oauth/authorize` through sign-in and consent, as far as they are asked for; gives the code.
    fn authorize(&self, browser: &mut Client, scope: &str) -> Result<String> {
        let mut path = self.authorize_path(scope, &[]);
        let mut reply = browser.get(&path)?;
        for _ in 0..MAX_PAGES {
            if (300..400).contains(&reply.status) {
                let link =
                    reply.header("location").context("a redirect without a location")?.to_owned();
                if link.starts_with(&self.redirect_uri) {
                    return code_in(&link);
                }
                path = browser.path_of(&link)?;
                reply = browser.get(&path)?;
            } else if reply.status == 200 {
                reply = self.answer_page(browser, &path, &reply)?;
            } else {
                bail!("{path} answered {}: {}", reply.status, reply.body);
            }
        }
        bail!("no code after {MAX_PAGES} pages; the last one was {path}")
    }

    fn answer_page(&self, browser: &mut Client, path: &str, page: &Reply) -> Result<Reply> {
        let (button, typed): (_, &[(&str, &str)]) =
            if find_form(&page.body, "login-submit").is_some() {
                ("login-submit", &[("username", &self.email), ("password", &self.password)])
            } else {
                ("consent-allow", &[])
            };
        let form = find_form(&page.body, button).with_context(|| {
            format!("{path} is neither a sign-in nor a consent page: {}", page.body)
        })?;
        let fields = form.fill(typed, button);
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let action =
            if form.action.is_empty() { path.to_owned() } else { browser.path_of(&form.action)? };
        browser.post(&action, &fields, None)
    }

    /// Exchanges a code.
    ///
    /// # Errors
    /// When no whole answer came back: what the server did is then unknown, unless the error is a
    /// [`NotConnected`](crate::http::NotConnected), after which it certainly did nothing.
    pub fn exchange(&self, client: &mut Client, code: &str) -> Result<Outcome> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", VERIFIER),
        ];
        self.token(client, &form)
    }

    /// Spends a refresh token.
    ///
    /// # Errors
    /// As [`Self::exchange`].
    pub fn refresh(&self, client: &mut Client, token: &str) -> Result<Outcome> {
        self.token(client, &[("grant_type", "refresh_token"), ("refresh_token", token)])
    }

    fn token(&self, client: &mut Client, form: &[(&str, &str)]) -> Result<Outcome> {
        let reply =
            client.post("/oauth/token", form, Some((&self.client_id, &self.client_secret)))?;
        let body = reply.json().unwrap_or_default();
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(match (reply.status, text("access_token"), text("error")) {
            (200, Some(access), None) => Outcome::Tokens { access, refresh: text("refresh_token") },
            (400..500, None, Some(error)) => Outcome::Refused(error),
            (status, ..) => Outcome::Broken(format!("{status}: {}", reply.body)),
        })
    }
}

fn code_in(link: &str) -> Result<String> {
    let query = link.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    let find = |wanted: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.into_owned())
    };
    if find("state").as_deref() != Some("xtask-state") {
        bail!("the callback has another state: {link}");
    }
    find("code").with_context(|| format!("the callback has no code: {link}"))
}
