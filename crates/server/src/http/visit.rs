//! A person's browser in front of one of our pages.

use axum::http::{HeaderMap, header};
use axum::response::Response;
use domain::oauth_error::OauthError;
use engine::authorize::Visitor;
use engine::session::SignedIn;
use engine::{Ctx, browser, session};

use super::cookies::Cookie;
use super::edge::TenantRequest;
use crate::texts::Texts;

/// The cookies of a visit, read and looked up.
#[derive(Clone)]
pub struct Visit {
    /// The browser's own cookie; new when it brought none.
    pub browser: String,
    /// Whether it is new, and must be set with the answer.
    pub is_new: bool,
    /// Who is signed in.
    pub signed_in: Option<SignedIn>,
    /// The words: in the language of whoever is signed in, or else in the browser's.
    pub texts: Texts,
}

impl Visit {
    /// Reads the cookies of a request.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn read(request: &TenantRequest, headers: &HeaderMap) -> Result<Self, OauthError> {
        let signed_in = match Cookie::Session.get(request.engine(), headers) {
            Some(cookie) => session::find(&request.ctx(), cookie).await?,
            None => None,
        };
        let nobody = Self::of_nobody(request, headers);
        Ok(match signed_in {
            Some(signed_in) => nobody.signed_in_as(request, signed_in),
            None => nobody,
        })
    }

    /// The same without looking up who it is, which asks nothing of the store.
    pub fn of_nobody(request: &TenantRequest, headers: &HeaderMap) -> Self {
        let engine = request.engine();
        let known = Cookie::Browser.get(engine, headers).filter(|value| browser::is_cookie(value));
        let is_new = known.is_none();
        let browser = known.map_or_else(|| browser::new_cookie(&request.ctx()), str::to_owned);
        Self { browser, is_new, signed_in: None, texts: request.texts() }
    }

    /// The same now that somebody is signed in, in their own language.
    pub fn signed_in_as(self, request: &TenantRequest, signed_in: SignedIn) -> Self {
        let somebody = Self { signed_in: Some(signed_in), ..self };
        Self { texts: somebody.texts_for(request, ""), ..somebody }
    }

    /// The words of a page that an app wishes in certain languages (`ui_locales`, OpenID Connect
    /// Core 3.1.2.1): what whoever is signed in chose for themselves comes first.
    pub fn texts_for(&self, request: &TenantRequest, ui_locales: &str) -> Texts {
        let claims = self.signed_in.as_ref().map(|signed_in| &signed_in.user.claims);
        let own = claims.and_then(|claims| claims.get("locale")).and_then(|value| value.as_str());
        Texts::of_reader(own, ui_locales, request.accept_language.as_ref())
    }

    /// The visit as the engine sees it.
    pub fn visitor(&self) -> Visitor<'_> {
        Visitor { browser: &self.browser, signed_in: self.signed_in.as_ref() }
    }

    /// The token that forms of this visit carry.
    pub fn csrf(&self, ctx: &Ctx<'_>) -> String {
        browser::csrf_token(ctx, &self.browser)
    }

    /// Sets the browser cookie when it is new.
    pub fn remember(&self, request: &TenantRequest, response: &mut Response) {
        if self.is_new {
            Cookie::Browser.set(request.engine(), response, &self.browser);
        }
    }
}

/// How the browser describes itself.
pub fn user_agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("")
}
