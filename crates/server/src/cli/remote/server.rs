//! The HTTP client of the command line: one server, one credential, bounded in time and size.
//!
//! Invariants: the token is kept in memory only, since a new one costs one quick request and a
//! file of tokens would be one more thing to protect; it is renewed once when the server does not
//! take it; it goes to no other origin; what the server says is shown without our secrets.

use std::cell::RefCell;
use std::time::Duration;

use anyhow::Context as _;
use domain::secret::SecretText;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Method, RequestBuilder, Response, Url};
use serde_json::Value;

use super::answer::{Answer, refused};
use super::login::{Credential, Login};
use super::origin::Origin;
use super::proof::Proof;
use crate::cli::exit::{Exit, Refusal};
use crate::cli::output::note;

/// How long a connection may take, and how long an answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_secs(60);
/// Longest answer that is read, in bytes: a page has at most a hundred rows.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Redirects that are followed: `users/me` and `tenants/me` need one (contract, section 0.6).
const MAX_REDIRECTS: usize = 3;
/// How often and how long a rate limit is waited for.
const MAX_WAITS: usize = 3;
const MAX_WAIT: Duration = Duration::from_secs(60);
/// Letters of the shortest secret that is searched for in what the server says.
const MIN_SECRET: usize = 8;

/// A server, and our token for it.
pub(in crate::cli) struct Server {
    http: Client,
    origin: Origin,
    credential: Credential,
    token: RefCell<Option<SecretText>>,
    debug: bool,
}

/// One request of a command.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Call {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Option<Value>,
}

impl Call {
    pub fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: HeaderMap::new(), body: None }
    }

    pub fn body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }
}

impl Server {
    /// A client for a server; nothing is sent yet.
    ///
    /// # Errors
    /// When the file of authorities cannot be used.
    pub fn new(login: Login, debug: bool) -> anyhow::Result<Self> {
        let Login { origin, credential, ca_file } = login;
        let mut builder = Client::builder()
            .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT);
        if origin.is_local() {
            builder = builder.no_proxy();
        }
        if let Some(name) = origin.local_name() {
            // The port is the address's own.
            builder = builder.resolve_to_addrs(
                name,
                &[([127, 0, 0, 1], 0).into(), ([0, 0, 0, 0, 0, 0, 0, 1], 0).into()],
            );
        }
        if let Some(file) = ca_file {
            let shown = file.display();
            let pem = std::fs::read(&file).with_context(|| format!("{shown} cannot be read"))?;
            let all = Certificate::from_pem_bundle(&pem).ok().filter(|all| !all.is_empty());
            let all = all.with_context(|| format!("{shown} holds no certificates in PEM"))?;
            builder = builder.tls_certs_only(all);
        }
        let http = builder.build().context("no HTTP client can be made")?;
        Ok(Self { http, origin, credential, token: RefCell::new(None), debug })
    }

    /// The address of something of `/api/v1`.
    pub fn api(&self, segments: &[&str]) -> Url {
        self.origin.at(&[&["api", "v1"], segments].concat())
    }

    /// The address of the next page that a server names.
    ///
    /// # Errors
    /// When it is elsewhere.
    pub fn next(&self, from: &Url, named: &str) -> Result<Url, Refusal> {
        self.origin.follow(from, named)
    }

    /// Sends a request with our token until it is answered: a token that is not taken is renewed
    /// once, a rate limit waited for, a redirect of a GET followed.
    ///
    /// # Errors
    /// What the server refuses, and when it cannot be reached.
    pub async fn call(&self, call: &Call) -> Result<Answer, Refusal> {
        let mut url = call.url.clone();
        let mut renewed = false;
        let mut redirects = 0;
        loop {
            let request = self.http.request(call.method.clone(), url.clone());
            let mut request = request.headers(call.headers.clone());
            request = request.header(AUTHORIZATION, self.bearer().await?);
            if let Some(body) = &call.body {
                request = request.json(body);
            }
            let response = self.send(request).await?;
            let status = response.status();
            let can_renew = matches!(self.credential, Credential::Client { .. }) && !renewed;
            if status == 401 && can_renew {
                renewed = true;
                self.token.borrow_mut().take();
                continue;
            }
            let location = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            if let Some(location) = location.filter(|_| status.is_redirection()) {
                redirects += 1;
                if call.method != Method::GET || redirects > MAX_REDIRECTS {
                    return Err(Refusal::new(
                        Exit::Failed,
                        format!("{} answers with redirects: is the address right?", self.origin),
                    ));
                }
                url = self.origin.follow(&url, location)?;
                continue;
            }
            return self.accept(self.read(response).await?);
        }
    }

    /// The header that carries our token or API key.
    async fn bearer(&self) -> Result<HeaderValue, Refusal> {
        let token = match &self.credential {
            Credential::ApiKey(key) => key.clone(),
            Credential::Client { id, proof } => self.access_token(id, proof).await?,
        };
        let mut value = HeaderValue::from_str(&format!("Bearer {}", token.expose()))
            .map_err(|_| Refusal::new(Exit::Failed, "the token cannot be sent in a header"))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Our access token, by client credentials (RFC 6749 section 4.4) when there is none yet.
    async fn access_token(&self, id: &str, proof: &Proof) -> Result<SecretText, Refusal> {
        if let Some(token) = self.token.borrow().as_ref() {
            return Ok(token.clone());
        }
        let url = self.origin.at(&["oauth", "token"]);
        let mut form =
            vec![("grant_type", "client_credentials".to_owned()), ("client_id", id.to_owned())];
        form.extend(proof.form(id, url.as_str())?);
        let response = self.send(self.http.post(url).form(&form)).await?;
        let answer = self.accept(self.read(response).await?)?;
        let token = answer.value()?["access_token"].as_str().map(SecretText::from);
        let none = || Refusal::new(Exit::Failed, format!("{} gave no token", self.origin));
        let token = token.ok_or_else(none)?;
        self.token.replace(Some(token.clone()));
        Ok(token)
    }

    /// Sends a request, and again when a rate limit says when.
    async fn send(&self, request: RequestBuilder) -> Result<Response, Refusal> {
        let request = request.build().map_err(|error| self.unreachable(error))?;
        let mut waits = 0;
        loop {
            // A body of ours is bytes, which can be sent twice.
            let copy = request.try_clone().ok_or_else(|| {
                Refusal::new(Exit::Failed, "the request cannot be sent a second time")
            })?;
            if self.debug {
                note(&format!("> {} {}", request.method(), request.url()));
            }
            let response =
                self.http.execute(copy).await.map_err(|error| self.unreachable(error))?;
            if self.debug {
                note(&format!("< {}", response.status()));
            }
            let wait = retry_after(&response);
            match wait.filter(|wait| response.status() == 429 && *wait <= MAX_WAIT) {
                Some(wait) if waits < MAX_WAITS => {
                    waits += 1;
                    note(&format!("The server limits our rate: on again in {} s.", wait.as_secs()));
                    tokio::time::sleep(wait).await;
                }
                _ => return Ok(response),
            }
        }
    }

    async fn read(&self, mut response: Response) -> Result<Answer, Refusal> {
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.unreachable(error))? {
            if body.len() + chunk.len() > MAX_BYTES {
                return Err(Refusal::new(
                    Exit::Failed,
                    format!("the answer of {} has more than {MAX_BYTES} bytes", self.origin),
                ));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, text: String::from_utf8_lossy(&body).into_owned() })
    }

    /// An answer that is a success; otherwise what the server says, without our secrets.
    fn accept(&self, answer: Answer) -> Result<Answer, Refusal> {
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        // Before it is cut to length, so that no half of a secret stays.
        let answer = Answer { text: self.without_secrets(answer.text), ..answer };
        Err(refused(&answer, &self.origin))
    }

    /// A server that repeats what it was sent must not bring our secrets into a log.
    fn without_secrets(&self, told: String) -> String {
        let token = self.token.borrow();
        let own = match &self.credential {
            Credential::ApiKey(key) => Some(key),
            Credential::Client { proof, .. } => proof.secret(),
        };
        let secrets = [own, token.as_ref()].into_iter().flatten();
        // Shorter ones are nobody's secret, and parts of words.
        let secrets = secrets.filter(|secret| secret.expose().len() >= MIN_SECRET);
        secrets.fold(told, |told, secret| told.replace(secret.expose(), "[secret]"))
    }

    fn unreachable(&self, error: reqwest::Error) -> Refusal {
        let why = if error.is_timeout() {
            "it took too long".to_owned()
        } else {
            let error = error.without_url();
            let causes =
                std::iter::successors(Some(&error as &dyn std::error::Error), |e| e.source());
            causes.last().map(ToString::to_string).unwrap_or_default()
        };
        Refusal::new(Exit::Unreachable, format!("{} cannot be reached: {why}", self.origin))
    }
}

/// How long the server wants us to wait, in whole seconds (RFC 9110 section 10.2.3); a second when
/// it does not say.
fn retry_after(response: &Response) -> Option<Duration> {
    let Some(told) = response.headers().get(RETRY_AFTER) else {
        return Some(Duration::from_secs(1));
    };
    told.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}
