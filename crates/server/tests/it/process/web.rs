//! Requests to a running server: an app's, and a browser's with cookies and forms.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use reqwest::header::{HOST, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;

use super::program::DEADLINE;
use crate::html::{self, Form};

pub fn client() -> Client {
    builder().build().expect("a client")
}

pub fn builder() -> reqwest::ClientBuilder {
    Client::builder().redirect(Policy::none()).no_proxy().timeout(DEADLINE)
}

/// One tenant at one node.
#[derive(Clone)]
pub struct Site {
    pub client: Client,
    pub base: String,
    host: String,
}

impl Site {
    /// A tenant's host name at a node.
    pub fn new(address: SocketAddr, host: &str) -> Self {
        let (client, base) = (client(), format!("http://{address}"));
        Self { client, base, host: host.to_owned() }
    }

    /// The host that a URL names, without DNS.
    pub fn of_url(address: SocketAddr, url: &str) -> Self {
        let (_, host) = url.split_once("://").expect("a URL");
        Self::new(address, host)
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.base)).header(HOST, &self.host)
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.base)).header(HOST, &self.host)
    }

    /// Asks for a token as a machine client.
    pub async fn token(&self, client_id: &str, secret: &str) -> (u16, Value) {
        self.token_form(client_id, secret, &[("grant_type", "client_credentials")]).await
    }

    /// Asks for a token with a form.
    pub async fn token_form(
        &self,
        client_id: &str,
        secret: &str,
        form: &[(&str, &str)],
    ) -> (u16, Value) {
        let request = self.post("/oauth/token").basic_auth(client_id, Some(secret)).form(form);
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    /// The status of `users/me` with a token, its redirect followed.
    pub async fn me(&self, token: &str) -> u16 {
        let first = self.get("/api/v1/users/me").bearer_auth(token).send().await;
        let first = first.expect("an answer");
        if first.status() != 301 {
            return first.status().as_u16();
        }
        let path = first.headers()[LOCATION].to_str().expect("a path");
        let second = self.get(path).bearer_auth(token).send().await.expect("an answer");
        second.status().as_u16()
    }
}

/// The id of the key that signed a token.
pub fn kid(token: &str) -> String {
    let header = token.split('.').next().expect("a header");
    let bytes = domain::crypto::base64url_decode(header).expect("base64url");
    let header: Value = serde_json::from_slice(&bytes).expect("JSON");
    header["kid"].as_str().expect("a kid").to_owned()
}

/// A browser in front of one origin, as `http://localhost:port`.
pub struct Visitor {
    client: Client,
    /// The origin of our pages, as the server knows it.
    origin: String,
    /// Where that origin is reached here: a port of its own stands for a proxy's.
    through: String,
    cookies: BTreeMap<String, String>,
}

impl Visitor {
    pub fn new(client: Client, origin: &str) -> Self {
        Self::through(client, origin, origin)
    }

    pub fn through(client: Client, origin: &str, through: &str) -> Self {
        let (origin, through) = (origin.to_owned(), through.to_owned());
        Self { client, origin, through, cookies: BTreeMap::new() }
    }

    pub fn cookie_values(&self) -> impl Iterator<Item = String> {
        self.cookies.values().cloned()
    }

    async fn send(&mut self, request: RequestBuilder) -> Response {
        let pairs: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let request = request.header("accept", "text/html").header("cookie", pairs.join("; "));
        let answer = request.send().await.expect("an answer");
        for line in answer.headers().get_all(SET_COOKIE) {
            let line = line.to_str().expect("visible ASCII");
            let (pair, attributes) = line.split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("a value");
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub async fn get(&mut self, url: &str) -> Response {
        let request = self.client.get(url);
        self.send(request).await
    }

    pub async fn submit(&mut self, form: &Form) -> Response {
        assert_eq!(form.method, "post");
        let request = self
            .client
            .post(format!("{}{}", self.through, form.action))
            .header("origin", &self.origin)
            .header("sec-fetch-site", "same-origin")
            .form(&form.pairs());
        self.send(request).await
    }

    /// Goes through sign-in and consent until the browser is sent away from our origin; gives the
    /// address where it would go.
    pub async fn authorize(&mut self, url: &str, email: &str, password: &str) -> String {
        let mut answer = self.get(url).await;
        for _ in 0..6 {
            if let Some(location) = answer.headers().get(LOCATION) {
                let location = location.to_str().expect("visible ASCII").to_owned();
                if !location.starts_with('/') && !location.starts_with(&self.origin) {
                    return location;
                }
                let path = location.strip_prefix(&self.origin).unwrap_or(&location);
                answer = self.get(&format!("{}{path}", self.through)).await;
                continue;
            }
            assert_eq!(answer.status(), 200, "{}", answer.url());
            let page = answer.text().await.expect("a page");
            let form = if html::has_id(&page, "login-submit") {
                let form = html::form_with(&page, "login-submit");
                form.with("username", email).with("password", password)
            } else {
                html::form_with(&page, "consent-allow").press("consent-allow")
            };
            answer = self.submit(&form).await;
        }
        panic!("six pages, and no end: {}", answer.url());
    }
}
