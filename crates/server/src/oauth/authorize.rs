//! `GET|POST /oauth/authorize` (RFC 6749 section 3.1, OpenID Connect Core 3.1.2.1), and how every
//! step of it is rendered.

use axum::body::Body;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::client::ClientWithCredentials;
use domain::oauth_error::{ErrorKind, OauthError};
use domain::scope::{ScopeSet, is_powerful};
use engine::authorize::{self, Answer, ConsentStep, Failure, ResponseMode, SignInStep, Step};

use crate::http::page::{self, Needs, brand};
use crate::http::visit::Visit;
use crate::http::{TenantRequest, body, respond};
use crate::pages::{Alert, ConsentClient, ConsentPage, FormPostPage, ScopeLine, SignInPage};
use crate::texts::Texts;

/// A request by GET.
pub async fn get(
    request: TenantRequest,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    start(&request, &headers, &query.unwrap_or_default()).await
}

/// A request by POST. Browsers do not send our cookies with another site's form, so a request of
/// usual size goes on as a GET, where they do.
pub async fn post(request: TenantRequest, headers: HeaderMap, body: Body) -> Response {
    match body::form_text(&headers, body, authorize::REQUEST_MAX).await {
        Err(error) => failed(&request, Failure::ShowPage(error)),
        Ok(form) => match respond::form_as_get("/oauth/authorize", &form) {
            Some(redirect) => redirect,
            None => start(&request, &headers, &form).await,
        },
    }
}

async fn start(request: &TenantRequest, headers: &HeaderMap, raw: &str) -> Response {
    let visit = match Visit::read(request, headers).await {
        Ok(visit) => visit,
        Err(error) => return failed(request, Failure::ShowPage(error)),
    };
    let step = authorize::start(&request.ctx(), raw, visit.visitor()).await;
    render(request, &visit, step)
}

/// Renders what happens next.
pub fn render(request: &TenantRequest, visit: &Visit, step: Result<Step, Failure>) -> Response {
    let mut response = match step {
        Ok(Step::SignIn(step)) => sign_in_page(request, visit, &step, None),
        Ok(Step::Consent(step)) => consent_page(request, visit, &step),
        Ok(Step::Done(answer)) => answered(request, &answer),
        Err(failure) => failed(request, failure),
    };
    visit.remember(request, &mut response);
    response
}

/// The sign-in page of an authorization request.
pub fn sign_in_page(
    request: &TenantRequest,
    visit: &Visit,
    step: &SignInStep,
    alert: Option<Alert>,
) -> Response {
    let status = match &alert {
        None => StatusCode::OK,
        Some(Alert::Throttled { .. }) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::UNAUTHORIZED,
    };
    let template = SignInPage {
        brand: brand(request),
        t: visit.texts_for(request, &step.ui_locales),
        client_name: Some(step.client_name.clone()),
        request: Some(step.request.clone()),
        return_to: None,
        csrf: visit.csrf(&request.ctx()),
        username: step.login_hint.clone().unwrap_or_default(),
        alert,
        reauthenticate: step.reauthenticate,
        can_cancel: true,
    };
    let needs = Needs { form_target: Some(&step.redirect_uri), ..Needs::default() };
    page::page(status, &template, &needs)
}

/// Scopes in words.
pub fn scope_lines(request: &TenantRequest, t: Texts, scope: &ScopeSet) -> Vec<ScopeLine> {
    let catalogue = request.engine().catalogue();
    let line = |name: &str| {
        let description = catalogue.get(name).map(|entry| t.scope(entry)).unwrap_or_default();
        ScopeLine::new(name, description, is_powerful(name))
    };
    scope.iter().map(line).collect()
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn consent_client(request: &TenantRequest, client: &ClientWithCredentials) -> ConsentClient {
    let client = &client.client;
    ConsentClient {
        name: client.name.clone(),
        description: some(&client.description),
        client_uri: some(&client.client_uri),
        logo_uri: some(&client.logo_uri),
        policy_uri: some(&client.policy_uri),
        tos_uri: some(&client.tos_uri),
        publisher: request.tenant.tenant.name.clone(),
    }
}

fn consent_page(request: &TenantRequest, visit: &Visit, step: &ConsentStep) -> Response {
    let client = &step.client.inner;
    let t = visit.texts_for(request, &step.ui_locales);
    let user = visit.signed_in.as_ref().map(|signed_in| &signed_in.user);
    let target = url::Url::parse(&step.redirect_uri).ok();
    let host = target.and_then(|url| url.host_str().map(str::to_owned));
    let template = ConsentPage {
        brand: brand(request),
        t,
        client: consent_client(request, client),
        user_name: user.map(|user| user.name.clone()).unwrap_or_default(),
        user_email: user.and_then(|user| user.email.clone()),
        scopes: scope_lines(request, t, &step.scope),
        already_granted: scope_lines(request, t, &step.granted),
        redirect_host: host.unwrap_or_else(|| step.redirect_uri.clone()),
        request: step.request.clone(),
        csrf: visit.csrf(&request.ctx()),
    };
    let needs = Needs {
        form_target: Some(&step.redirect_uri),
        logo: Some(&client.client.logo_uri).filter(|uri| !uri.is_empty()).map(String::as_str),
        ..Needs::default()
    };
    page::page(StatusCode::OK, &template, &needs)
}

/// Sends the browser back to the client.
pub fn answered(request: &TenantRequest, answer: &Answer) -> Response {
    match answer.mode {
        ResponseMode::Query => respond::redirect(StatusCode::SEE_OTHER, &answer.location()),
        ResponseMode::FormPost => {
            let params =
                answer.params.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
            let template = FormPostPage {
                t: request.texts(),
                redirect_uri: answer.redirect_uri.clone(),
                params: params.collect(),
            };
            let target = Some(answer.redirect_uri.as_str());
            page::page(
                StatusCode::OK,
                &template,
                &Needs { form_target: target, script: true, ..Needs::default() },
            )
        }
    }
}

/// A failure: on a page, or to the client.
pub fn failed(request: &TenantRequest, failure: Failure) -> Response {
    match failure {
        Failure::Redirect(answer) => answered(request, &answer),
        Failure::ShowPage(error) => page::error(request, &error, words(&error)),
    }
}

/// The keys of the title and of what to do next.
fn words(error: &OauthError) -> (&'static str, &'static str) {
    match error.kind() {
        ErrorKind::TemporarilyUnavailable => ("error-moment-title", "error-wait-next"),
        ErrorKind::ServerError => ("error-here-title", "error-wait-next"),
        _ => ("error-link-title", "error-link-next"),
    }
}
