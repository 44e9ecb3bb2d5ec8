//! `/oauth/authorize` (RFC 6749 section 4.1.1, OpenID Connect Core 3.1.2): an ordered list of
//! small checks, then sign-in, consent, and the code.
//!
//! Invariant: the open-redirect decision is a type. Until [`checks::redirect_uri`] has matched
//! the client's registration there is no [`Reply`], and without a [`Reply`] nothing can redirect.

mod checks;
mod code;
mod consent;
mod interaction;
mod reply;

use std::sync::Arc;

use domain::oauth_error::{ErrorKind, OauthError};
use domain::params::{Limits, Params};
use domain::scope::ScopeSet;
use domain::time::{Timestamp, plus_seconds};
use domain::token_request::optional;

pub use self::checks::Prompt;
pub use self::consent::Decision;
use self::interaction::Interaction;
pub use self::reply::{Answer, Failure, Reply, ResponseMode};
use crate::client_auth::ClientEntry;
use crate::context::Ctx;
use crate::session::SignedIn;

/// An authorization request that passed every check.
pub struct AuthorizationRequest {
    /// Who asks.
    pub client: Arc<ClientEntry>,
    /// Where the answer goes.
    pub reply: Reply,
    /// What it would get.
    pub scope: ScopeSet,
    /// Whether it asked for that by name, and not for all that it may have.
    pub names_scope: bool,
    /// What the user is asked for: the scope, and the scopes of claims asked for by name.
    pub asked: ScopeSet,
    /// The S256 challenge.
    pub code_challenge: Option<String>,
    /// Repeated in the ID token.
    pub nonce: Option<String>,
    /// `prompt`.
    pub prompt: checks::Prompt,
    /// `max_age`, in seconds.
    pub max_age: Option<i64>,
    /// Whom the client expects.
    pub login_hint: Option<String>,
    /// The languages that the client wishes its pages in, most wanted first; or empty.
    pub ui_locales: String,
    /// The `sub` that it must be, from `id_token_hint` or `claims`.
    pub subject: Option<String>,
    /// The checked `claims` parameter, or empty.
    pub claims: String,
}

/// What happens next.
pub enum Step {
    /// The user signs in.
    SignIn(SignInStep),
    /// The user is asked.
    Consent(Box<ConsentStep>),
    /// The browser goes back to the client.
    Done(Answer),
}

/// What the sign-in page needs.
pub struct SignInStep {
    /// The sealed request, to be brought back by the form.
    pub request: String,
    /// The client's name.
    pub client_name: String,
    /// Whom the client expects.
    pub login_hint: Option<String>,
    /// The languages that the client wishes the page in, most wanted first; or empty.
    pub ui_locales: String,
    /// Whether somebody is signed in and must prove it again.
    pub reauthenticate: bool,
    /// Where the form may lead in the end, for the page's `form-action`.
    pub redirect_uri: String,
}

/// What the consent page needs.
pub struct ConsentStep {
    /// The sealed request, to be brought back by the form.
    pub request: String,
    /// The client.
    pub client: Arc<ClientEntry>,
    /// The languages that the client wishes the page in, most wanted first; or empty.
    pub ui_locales: String,
    /// The scopes that are new.
    pub scope: ScopeSet,
    /// The scopes that were granted before.
    pub granted: ScopeSet,
    /// Where the form may lead in the end.
    pub redirect_uri: String,
}

/// The browser in front of us.
#[derive(Clone, Copy)]
pub struct Visitor<'a> {
    /// The value of its own cookie, which forms are bound to.
    pub browser: &'a str,
    /// Who is signed in.
    pub signed_in: Option<&'a SignedIn>,
}

/// Longest authorization request, in bytes.
pub const REQUEST_MAX: usize = 16 * 1024;

fn read(raw: &str) -> Result<Params, Failure> {
    let limits = Limits { total: REQUEST_MAX, ..Limits::default() };
    Params::from_form(raw.as_bytes(), limits).map_err(|error| {
        Failure::page(OauthError::invalid_request(format!("The request cannot be read: {error}.")))
    })
}

/// Runs every check, in order. What fails before the redirect URI is known is shown on a page;
/// what fails after it goes back to the client.
async fn check(ctx: &Ctx<'_>, raw: &str) -> Result<AuthorizationRequest, Failure> {
    let params = read(raw)?;
    let client = checks::client(ctx, &params).await.map_err(Failure::page)?;
    let redirect_uri = checks::redirect_uri(ctx, &client, &params).map_err(Failure::page)?;
    let reply = Reply::new(ctx, &params, redirect_uri);
    match check_rest(ctx, &params, client, &reply).await {
        Ok(request) => Ok(request),
        Err(error) => Err(Failure::Redirect(reply.error(&error))),
    }
}

async fn check_rest(
    ctx: &Ctx<'_>,
    params: &Params,
    client: Arc<ClientEntry>,
    reply: &Reply,
) -> Result<AuthorizationRequest, OauthError> {
    checks::state(params)?;
    checks::response_mode(params)?;
    checks::request_object(params)?;
    checks::response_type(params)?;
    checks::grant(ctx, &client)?;
    let code_challenge = checks::pkce(ctx, &client, params)?;
    let scope = checks::scope(ctx, &client, params)?;
    let prompt = checks::prompt(params)?;
    let max_age = checks::max_age(params)?;
    let nonce = checks::nonce(params)?;
    let claims = checks::claims(params)?;
    let hinted = checks::id_token_hint(ctx, params).await?;
    let demanded = claims.required_subject().map(str::to_owned);
    if hinted.as_ref().zip(demanded.as_ref()).is_some_and(|(hinted, demanded)| hinted != demanded) {
        return Err(OauthError::invalid_request("id_token_hint and claims name different users."));
    }
    Ok(AuthorizationRequest {
        asked: checks::asked(&client, &scope, &claims),
        client,
        reply: reply.clone(),
        scope,
        names_scope: optional(params, "scope")?.is_some_and(|scope| !scope.is_empty()),
        code_challenge,
        nonce,
        prompt,
        max_age,
        login_hint: checks::login_hint(params)?,
        ui_locales: checks::ui_locales(params),
        subject: hinted.or(demanded),
        claims: checks::claims_text(params)?,
    })
}

/// A new authorization request, by GET or POST. `raw` is the query or the form as it came.
///
/// # Errors
/// [`Failure`]: a page, or a redirect to the client.
pub async fn start(ctx: &Ctx<'_>, raw: &str, visitor: Visitor<'_>) -> Result<Step, Failure> {
    let request = check(ctx, raw).await?;
    let interaction = Interaction::begin(ctx, raw, visitor.browser);
    advance(ctx, &request, &interaction, visitor).await
}

/// The same request, after the user signed in.
///
/// # Errors
/// [`Failure`]: a page, or a redirect to the client.
pub async fn resume(ctx: &Ctx<'_>, sealed: &str, visitor: Visitor<'_>) -> Result<Step, Failure> {
    let interaction = Interaction::open(ctx, sealed, visitor.browser).map_err(Failure::page)?;
    let request = check(ctx, &interaction.raw).await?;
    advance(ctx, &request, &interaction, visitor).await
}

/// The user does not want to sign in.
///
/// # Errors
/// [`Failure`]: a page, or a redirect to the client.
pub async fn cancel(ctx: &Ctx<'_>, sealed: &str, visitor: Visitor<'_>) -> Result<Answer, Failure> {
    let interaction = Interaction::open(ctx, sealed, visitor.browser).map_err(Failure::page)?;
    let request = check(ctx, &interaction.raw).await?;
    Ok(request.reply.error(&consent::denied()))
}

/// The sign-in page's needs for a sealed request, to show the page again after a mistake.
///
/// # Errors
/// [`Failure`]: a page, or a redirect to the client.
pub async fn sign_in_again(
    ctx: &Ctx<'_>,
    sealed: &str,
    visitor: Visitor<'_>,
) -> Result<SignInStep, Failure> {
    let interaction = Interaction::open(ctx, sealed, visitor.browser).map_err(Failure::page)?;
    let request = check(ctx, &interaction.raw).await?;
    Ok(sign_in_step(ctx, &request, &interaction, visitor))
}

/// The user's answer on the consent page.
///
/// # Errors
/// [`Failure`]: a page, or a redirect to the client.
pub async fn consented(
    ctx: &Ctx<'_>,
    sealed: &str,
    visitor: Visitor<'_>,
    decision: Decision,
) -> Result<Step, Failure> {
    let interaction = Interaction::open(ctx, sealed, visitor.browser).map_err(Failure::page)?;
    let request = check(ctx, &interaction.raw).await?;
    match decision {
        Decision::Deny => Ok(Step::Done(request.reply.error(&consent::denied()))),
        Decision::Switch => {
            Ok(Step::SignIn(sign_in_step(ctx, &request, &interaction.afresh(ctx), visitor)))
        }
        Decision::Allow => {
            let asked = interaction.asked.as_ref();
            let signed_in = visitor.signed_in.filter(|signed_in| {
                asked.is_some_and(|asked| asked.session_id == signed_in.session.id)
            });
            // Signed out meanwhile, or somebody else now: nobody has answered for this user.
            let (Some(signed_in), Some(asked)) = (signed_in, asked) else {
                return advance(ctx, &request, &interaction, visitor).await;
            };
            if needs_sign_in(&request, &interaction, signed_in, ctx.now) {
                return advance(ctx, &request, &interaction, visitor).await;
            }
            let shown = &asked.scope;
            // What the client may have shrank or grew since the page was shown.
            if request.asked.iter().any(|scope| !shown.contains(scope)) {
                return advance(ctx, &request, &interaction, visitor).await;
            }
            consent::store(ctx, &request, signed_in).await.map_err(|e| to_client(&request, &e))?;
            finish(ctx, &request, signed_in).await
        }
    }
}

async fn advance(
    ctx: &Ctx<'_>,
    request: &AuthorizationRequest,
    interaction: &Interaction,
    visitor: Visitor<'_>,
) -> Result<Step, Failure> {
    let silent = request.prompt.none;
    let signed_in = visitor
        .signed_in
        .filter(|signed_in| !needs_sign_in(request, interaction, signed_in, ctx.now));
    let Some(signed_in) = signed_in else {
        if silent {
            return Err(to_client(request, &login_required()));
        }
        return Ok(Step::SignIn(sign_in_step(ctx, request, interaction, visitor)));
    };
    let open = consent::open_questions(ctx, request, signed_in).await;
    match open.map_err(|error| to_client(request, &error))? {
        None => finish(ctx, request, signed_in).await,
        Some(_) if silent => Err(to_client(request, &consent::required())),
        Some(questions) => {
            let asked = interaction.asking(signed_in, &request.asked);
            Ok(Step::Consent(Box::new(ConsentStep {
                request: asked.seal(ctx),
                client: Arc::clone(&request.client),
                ui_locales: request.ui_locales.clone(),
                scope: questions.new,
                granted: questions.granted,
                redirect_uri: request.reply.redirect_uri().to_owned(),
            })))
        }
    }
}

async fn finish(
    ctx: &Ctx<'_>,
    request: &AuthorizationRequest,
    signed_in: &SignedIn,
) -> Result<Step, Failure> {
    let code = code::issue(ctx, request, signed_in).await.map_err(|e| to_client(request, &e))?;
    Ok(Step::Done(request.reply.code(code)))
}

fn to_client(request: &AuthorizationRequest, error: &OauthError) -> Failure {
    if let Some(private) = error.private() {
        tracing::error!(error = error.kind().error(), private, "an authorization request failed");
    }
    Failure::Redirect(request.reply.error(error))
}

fn login_required() -> OauthError {
    OauthError::new(ErrorKind::LoginRequired, "The user has to sign in.")
}

/// Whether the session is not enough: another user is expected, or the proof is too old for
/// `prompt=login` or `max_age` (OpenID Connect Core 3.1.2.1). A proof given after this request
/// began is always fresh enough.
fn needs_sign_in(
    request: &AuthorizationRequest,
    interaction: &Interaction,
    signed_in: &SignedIn,
    now: Timestamp,
) -> bool {
    let auth_time = signed_in.session.auth_time;
    let other_user = request.subject.as_ref().is_some_and(|sub| *sub != signed_in.user.subject);
    let proven_since = auth_time >= interaction.started_at && !interaction.is_first_visit;
    let too_old = request.max_age.is_some_and(|age| plus_seconds(auth_time, age) <= now);
    other_user || (!proven_since && (request.prompt.login || too_old || interaction.switching))
}

fn sign_in_step(
    ctx: &Ctx<'_>,
    request: &AuthorizationRequest,
    interaction: &Interaction,
    visitor: Visitor<'_>,
) -> SignInStep {
    let current = visitor.signed_in.filter(|_| !interaction.switching);
    let known = current.map(|signed_in| signed_in.login().to_owned());
    SignInStep {
        request: interaction.seal(ctx),
        client_name: request.client.inner.client.name.clone(),
        ui_locales: request.ui_locales.clone(),
        reauthenticate: known.is_some(),
        login_hint: request.login_hint.clone().or(known),
        redirect_uri: request.reply.redirect_uri().to_owned(),
    }
}
