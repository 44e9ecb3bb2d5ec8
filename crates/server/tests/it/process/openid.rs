//! The Rust crate `openidconnect`, unmodified, against the real program: discovery, code and PKCE
//! through the real pages, ID token, userinfo, refresh.

use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::{
    AsyncHttpClient, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest,
    HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, RedirectUrl, Scope,
    TokenResponse,
};
use serde_json::Value;

use super::program::Node;
use super::web::{Visitor, client};

/// The library's requests by this test's HTTP client.
async fn send(
    client: reqwest::Client,
    request: HttpRequest,
) -> Result<HttpResponse, reqwest::Error> {
    let answer = client.execute(request.try_into()?).await?;
    let mut response = HttpResponse::new(Vec::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    *response.body_mut() = answer.bytes().await?.to_vec();
    Ok(response)
}

fn http(client: &reqwest::Client) -> impl for<'c> AsyncHttpClient<'c, Error = reqwest::Error> {
    let client = client.clone();
    move |request: HttpRequest| send(client.clone(), request)
}

fn text<'v>(said: &'v Value, pointer: &str) -> &'v str {
    said.pointer(pointer).and_then(Value::as_str).expect("a text")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_openidconnect_crate_signs_somebody_in() {
    let directory = tempfile::tempdir().expect("a directory");
    let (_node, said) = Node::demo(directory.path(), 0).await;
    let plain = client();
    let http = http(&plain);
    let issuer = text(&said, "/tenant_url");
    let found = IssuerUrl::new(issuer.to_owned()).expect("an issuer");
    let metadata = CoreProviderMetadata::discover_async(found, &http).await.expect("discovered");
    for (name, secret) in [("web", Some(text(&said, "/web/client_secret"))), ("native", None)] {
        let id = ClientId::new(text(&said, &format!("/{name}/client_id")).to_owned());
        let secret = secret.map(|secret| ClientSecret::new(secret.to_owned()));
        let callback = text(&said, &format!("/{name}/redirect_uri")).to_owned();
        let app = CoreClient::from_provider_metadata(metadata.clone(), id, secret)
            .set_redirect_uri(RedirectUrl::new(callback.clone()).expect("a URI"));
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let (url, state, nonce) = app
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(["profile", "email", "offline_access"].map(|s| Scope::new(s.to_owned())))
            .set_pkce_challenge(challenge)
            .url();
        let mut person = Visitor::new(plain.clone(), issuer);
        let (email, password) = (text(&said, "/user/email"), text(&said, "/user/password"));
        let back = person.authorize(url.as_str(), email, password).await;
        assert!(back.starts_with(&format!("{callback}?")), "{back}");
        let back = url::Url::parse(&back).expect("a URL");
        let param = |wanted: &str| {
            let pair = back.query_pairs().find(|(name, _)| name == wanted);
            pair.unwrap_or_else(|| panic!("{wanted} in {back}")).1.into_owned()
        };
        assert_eq!(param("state"), *state.secret());
        assert_eq!(param("iss"), issuer);
        let tokens = app
            .exchange_code(AuthorizationCode::new(param("code")))
            .expect("a token endpoint")
            .set_pkce_verifier(verifier)
            .request_async(&http)
            .await
            .expect("tokens");
        let id_token = tokens.id_token().expect("an ID token");
        let claims = id_token.claims(&app.id_token_verifier(), &nonce).expect("verified");
        assert_eq!(claims.subject().as_str(), text(&said, "/user/subject"));
        let info: CoreUserInfoClaims = app
            .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
            .expect("a userinfo endpoint")
            .request_async(&http)
            .await
            .expect("userinfo");
        assert_eq!(info.email().expect("an address").as_str(), email);
        assert_eq!(info.given_name().and_then(|n| n.get(None)).map(|n| n.as_str()), Some("Uma"));
        let refresh = tokens.refresh_token().expect("a refresh token");
        let renewed = app
            .exchange_refresh_token(refresh)
            .expect("a token endpoint")
            .request_async(&http)
            .await
            .expect("refreshed");
        assert_ne!(renewed.access_token().secret(), tokens.access_token().secret());
        assert_ne!(renewed.refresh_token().expect("a new one").secret(), refresh.secret());
        let again = app
            .user_info(renewed.access_token().clone(), None)
            .expect("a userinfo endpoint")
            .request_async::<openidconnect::EmptyAdditionalClaims, _, openidconnect::core::CoreGenderClaim>(&http);
        assert_eq!(again.await.expect("userinfo").subject(), claims.subject());
    }
}
