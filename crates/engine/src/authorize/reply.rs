//! Where the answer of an authorization request goes, and how.

use domain::oauth_error::OauthError;
use domain::params::Params;
use domain::redirect_uri;

use crate::context::Ctx;

/// How parameters travel back (OAuth 2.0 Multiple Response Types 2.1, Form Post Response Mode).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseMode {
    /// In the query of the redirect URI.
    Query,
    /// In a form that the browser posts.
    FormPost,
}

impl ResponseMode {
    /// Every mode, for discovery.
    pub const ALL: &'static [Self] = &[Self::Query, Self::FormPost];

    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
        }
    }

    /// The mode of a wire name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|mode| mode.as_str() == text)
    }
}

/// A redirect URI that was matched against the client's registration.
#[derive(Debug, Clone)]
pub struct MatchedRedirectUri(String);

impl MatchedRedirectUri {
    /// Only the check makes one.
    pub(super) fn proven(uri: &str) -> Self {
        Self(uri.to_owned())
    }
}

/// Where the answer goes; exists only for a matched redirect URI.
#[derive(Debug, Clone)]
pub struct Reply {
    redirect_uri: MatchedRedirectUri,
    mode: ResponseMode,
    state: Option<String>,
    issuer: String,
}

/// What the browser is sent back with.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Where it goes.
    pub redirect_uri: String,
    /// How.
    pub mode: ResponseMode,
    /// With what.
    pub params: Vec<(&'static str, String)>,
}

impl Answer {
    /// The address to redirect to, in [`ResponseMode::Query`].
    pub fn location(&self) -> String {
        let params: Vec<_> =
            self.params.iter().map(|(name, value)| (*name, value.as_str())).collect();
        redirect_uri::with_params(&self.redirect_uri, &params)
    }
}

/// Why there is no next step.
pub enum Failure {
    /// The user is told; the client cannot be trusted with the browser.
    ShowPage(OauthError),
    /// The client is told.
    Redirect(Answer),
}

impl Failure {
    pub(super) fn page(error: OauthError) -> Self {
        Self::ShowPage(error)
    }
}

impl Reply {
    /// A repeated `state` or unknown `response_mode` is answered without it, in the query: the
    /// checks that follow refuse the request.
    pub(super) fn new(ctx: &Ctx<'_>, params: &Params, redirect_uri: MatchedRedirectUri) -> Self {
        let once = |name| params.get(name).ok().flatten();
        Self {
            redirect_uri,
            mode: once("response_mode")
                .and_then(ResponseMode::parse)
                .unwrap_or(ResponseMode::Query),
            state: once("state").map(str::to_owned),
            issuer: ctx.tenant.issuer.clone(),
        }
    }

    pub(super) fn redirect_uri(&self) -> &str {
        &self.redirect_uri.0
    }

    fn answer(&self, mut params: Vec<(&'static str, String)>) -> Answer {
        if let Some(state) = &self.state {
            params.push(("state", state.clone()));
        }
        // RFC 9207: the client can tell which server answered.
        params.push(("iss", self.issuer.clone()));
        Answer { redirect_uri: self.redirect_uri.0.clone(), mode: self.mode, params }
    }

    pub(super) fn code(&self, code: String) -> Answer {
        self.answer(vec![("code", code)])
    }

    /// RFC 6749 section 4.1.2.1, with the contract's `error_code` and `error_detail` (4.1).
    pub(super) fn error(&self, error: &OauthError) -> Answer {
        self.answer(vec![
            ("error", error.kind().error().to_owned()),
            ("error_description", error.description().to_owned()),
            ("error_code", error.kind().code().to_owned()),
            ("error_detail", error.kind().title().to_owned()),
        ])
    }
}
