//! A small browser: cookies as the standard has them, forms as the pages have them, redirects one
//! by one.

use std::collections::BTreeMap;

use crate::call::{Answer, Call};
use crate::html::{self, Form};
use crate::world::{Person, Tenant, World};

/// A browser in front of one host.
#[derive(Clone)]
pub struct Browser {
    world: World,
    pub host: String,
    cookies: BTreeMap<String, String>,
    user_agent: String,
    address: Option<String>,
}

impl Browser {
    pub fn new(world: &World, tenant: &Tenant) -> Self {
        Self {
            world: world.clone(),
            host: tenant.host.clone(),
            cookies: BTreeMap::new(),
            user_agent: "Test browser".to_owned(),
            address: None,
        }
    }

    /// At another network address.
    pub fn at(mut self, address: &str) -> Self {
        self.address = Some(address.to_owned());
        self
    }

    fn prefixed(&self, name: &str) -> String {
        if self.world.https { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// One of our cookies, by its plain name.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(&self.prefixed(name)).map(String::as_str)
    }

    /// Plants a cookie.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(self.prefixed(name), value.to_owned());
    }

    pub fn forget_cookie(&mut self, name: &str) {
        self.cookies.remove(&self.prefixed(name));
    }

    /// A request with this browser's cookies; the caller adds what else a browser sends.
    pub fn call(&self, method: &str, path: &str) -> Call {
        let mut call = self
            .world
            .call(method, &self.host, path)
            .header("user-agent", &self.user_agent)
            .header("accept", "text/html,application/xhtml+xml");
        if let Some(address) = &self.address {
            call = call.from(address);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            call = call.header("cookie", pairs.join("; "));
        }
        call
    }

    /// Sends a request and keeps the cookies of its answer.
    pub async fn send(&mut self, call: Call) -> Answer {
        let answer = call.send().await;
        for line in answer.headers.get_all("set-cookie") {
            self.keep(line.to_str().expect("visible ASCII"));
        }
        answer
    }

    fn keep(&mut self, line: &str) {
        let mut parts = line.split("; ");
        let (name, value) = parts.next().expect("a pair").split_once('=').expect("a value");
        let attributes: Vec<&str> = parts.collect();
        assert_eq!(name.starts_with("__Host-"), self.world.https, "{line}");
        assert_eq!(attributes.contains(&"Secure"), self.world.https, "{line}");
        for wanted in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(attributes.contains(&wanted), "{line}");
        }
        assert!(!attributes.iter().any(|part| part.starts_with("Domain")), "{line}");
        if attributes.contains(&"Max-Age=0") {
            self.cookies.remove(name);
        } else {
            assert!(!value.is_empty(), "{line}");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(self.call("GET", path)).await
    }

    /// A form's request as our own page sends it.
    pub fn form_call(&self, form: &Form) -> Call {
        assert_eq!(form.method, "post");
        let scheme = if self.world.https { "https" } else { "http" };
        self.call("POST", &form.action)
            .header("origin", format!("{scheme}://{}", self.host))
            .header("sec-fetch-site", "same-origin")
            .form(&form.pairs())
    }

    pub async fn submit(&mut self, form: &Form) -> Answer {
        self.send(self.form_call(form)).await
    }

    /// Signs in without an app.
    pub async fn sign_in(&mut self, person: &Person) -> Answer {
        let page = self.get("/login").await;
        let answer = self.submit_sign_in(&page, person).await;
        assert_eq!(answer.location(), "/account", "{}", answer.text());
        answer
    }

    /// Fills in the sign-in form of a page.
    pub async fn submit_sign_in(&mut self, page: &Answer, person: &Person) -> Answer {
        let form = html::form_with(page.text(), "login-submit")
            .with("username", &person.email)
            .with("password", &person.password);
        self.submit(&form).await
    }

    /// Goes from an authorization request through sign-in and consent, as far as they are asked
    /// for, back to the app.
    pub async fn authorize(&mut self, path: &str, person: &Person) -> Answer {
        let page = self.get(path).await;
        self.go_on(page, person).await
    }

    /// Answers sign-in and consent pages until there is another answer.
    pub async fn go_on(&mut self, mut answer: Answer, person: &Person) -> Answer {
        for _ in 0..3 {
            if answer.status != 200 || !answer.is_html() {
                break;
            }
            if html::has_id(answer.text(), "login-submit") {
                answer = self.submit_sign_in(&answer, person).await;
            } else if html::has_id(answer.text(), "consent-allow") {
                let form = html::form_with(answer.text(), "consent-allow").press("consent-allow");
                answer = self.submit(&form).await;
            } else {
                break;
            }
        }
        answer
    }
}
