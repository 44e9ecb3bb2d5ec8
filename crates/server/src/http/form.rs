//! Forms of our own pages.
//!
//! Invariant: a form is read only when the browser says that our own page sent it, and when it
//! carries the token of this very browser: two independent answers to cross-site forgery.

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use domain::oauth_error::OauthError;
use domain::params::{Limits, Params};
use domain::secret::SecretText;
use domain::token_request::optional;
use engine::browser;

use super::body;
use super::edge::TenantRequest;
use super::visit::Visit;

/// Largest form, in bytes: a sealed authorization request is the largest field.
const FORM_MAX: usize = 64 * 1024;
/// Largest form of the console, in bytes: what a client is and what it was when the form was made,
/// of which every byte may be written as three.
pub const CONSOLE_MAX: usize = 256 * 1024;
/// Largest form that brings one of the console back, in bytes: three that stand for one byte become
/// eight at most, when that is escaped in JSON, sealed and written in base64.
pub const HELD_MAX: usize = 3 * CONSOLE_MAX;
/// Most fields of a form: a check box for each scope, and the rest of a client.
const FIELDS_MAX: usize = 600;

/// A form that came from our own page in this browser.
#[derive(Clone)]
pub struct Form {
    params: Params,
    file: Option<Bytes>,
}

/// Why a form was not read.
#[derive(Debug)]
pub enum FormError {
    /// It did not come from our page, or the browser lost its cookie.
    NotOurs {
        /// Whether the browser sent no cookie at all.
        without_cookie: bool,
    },
    /// It cannot be read.
    Unreadable(OauthError),
}

impl Form {
    /// Reads a form and checks where it comes from.
    ///
    /// # Errors
    /// [`FormError`].
    pub async fn read(
        request: &TenantRequest,
        headers: &HeaderMap,
        body: Body,
        visit: &Visit,
    ) -> Result<Self, FormError> {
        Self::read_within(request, headers, (body, FORM_MAX), visit).await
    }

    /// The same for a form of another size, in bytes.
    ///
    /// # Errors
    /// [`FormError`].
    pub async fn read_within(
        request: &TenantRequest,
        headers: &HeaderMap,
        (body, max): (Body, usize),
        visit: &Visit,
    ) -> Result<Self, FormError> {
        let params = Self::parse_within(headers, body, max).await?;
        Self::check(request, headers, visit, params)
    }

    /// Reads a form without asking where it comes from, for endpoints that others post to too.
    ///
    /// # Errors
    /// [`FormError::Unreadable`].
    pub async fn parse(headers: &HeaderMap, body: Body) -> Result<Params, FormError> {
        Self::parse_within(headers, body, FORM_MAX).await
    }

    /// The same for a form of another size, in bytes.
    ///
    /// # Errors
    /// [`FormError::Unreadable`].
    pub async fn parse_within(
        headers: &HeaderMap,
        body: Body,
        max: usize,
    ) -> Result<Params, FormError> {
        let text = body::form_text(headers, body, max).await.map_err(FormError::Unreadable)?;
        let limits = Limits { total: max, value: max, count: FIELDS_MAX, ..Limits::default() };
        Params::from_form(text.as_bytes(), limits).map_err(|error| {
            let told = format!("The form cannot be read: {error}.");
            FormError::Unreadable(OauthError::invalid_request(told))
        })
    }

    /// Checks where a form comes from.
    ///
    /// # Errors
    /// [`FormError::NotOurs`].
    pub fn check(
        request: &TenantRequest,
        headers: &HeaderMap,
        visit: &Visit,
        params: Params,
    ) -> Result<Self, FormError> {
        let token = optional(&params, "csrf").map_err(FormError::Unreadable)?.unwrap_or("");
        let ours = is_same_origin(request, headers)
            && !visit.is_new
            && browser::csrf_matches(&request.ctx(), &visit.browser, token);
        if ours {
            Ok(Self { params, file: None })
        } else {
            Err(FormError::NotOurs { without_cookie: visit.is_new })
        }
    }

    /// The same with the file that came with it.
    pub(crate) fn with_file(self, file: Option<Bytes>) -> Self {
        Self { file, ..self }
    }

    /// The file of a form that may have one; empty when none was chosen.
    pub fn file(&self) -> &[u8] {
        self.file.as_deref().unwrap_or_default()
    }

    /// All that was sent.
    pub(crate) fn params(&self) -> &Params {
        &self.params
    }

    /// A field; missing and empty are the same.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.params.get(name).ok().flatten()
    }

    /// Every value of a field that is there several times, empty ones left out.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.params.all(name)
    }

    /// Whether a check box is checked, or a field filled in at all.
    pub fn has(&self, name: &str) -> bool {
        self.params.all(name).next().is_some()
    }

    /// All fields in their order, empty ones left out.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.params.iter()
    }

    /// A field that must not be printed.
    pub fn secret(&self, name: &str) -> SecretText {
        SecretText::from(self.field(name).unwrap_or(""))
    }
}

/// Whether the browser says that the request came from a page of this host.
pub(crate) fn is_same_origin(request: &TenantRequest, headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => {
            let scheme = &request.engine().settings().external_scheme;
            origin == format!("{scheme}://{host}")
        }
        (Some(_), None) => false,
    }
}
