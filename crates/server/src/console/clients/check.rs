//! What is to be said about a value while it is being typed. Nothing is kept.

use axum::extract::RawQuery;
use axum::response::Response;
use domain::client::AppType;
use domain::jose::read_keys;
use domain::params::{Limits, Params};
use domain::redirect_uri::{
    AllowedOrigin, AllowedOriginError, RedirectUri, RedirectUriError, UriPolicy,
};

use super::typed::key_in_words;
use crate::console::{Admin, AdminForm};
use crate::pages::console::{CheckLine, ClientCheckPiece};

/// `GET /admin/clients/check`: an address, in the field of the form that it is for.
pub async fn get(admin: Admin, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let params = Params::from_form(query.as_bytes(), Limits::default()).unwrap_or_default();
    let word = |name: &str| params.get(name).ok().flatten().unwrap_or_default().trim();
    let app_type = AppType::parse(word("type")).unwrap_or(AppType::Web);
    let found = ["redirectUris", "postLogoutRedirectUris", "allowedOrigins"]
        .into_iter()
        .find(|name| !word(name).is_empty());
    let lines = found.map(|field| address(&admin, field, word(field), app_type));
    admin.page(&ClientCheckPiece { lines: lines.into_iter().collect() })
}

fn address(admin: &Admin, field: &str, value: &str, app_type: AppType) -> CheckLine {
    let wrong = match field {
        "allowedOrigins" => AllowedOrigin::parse(value).err().map(AllowedOriginError::said),
        _ => RedirectUri::parse_registration(value, UriPolicy::from(app_type))
            .err()
            .map(RedirectUriError::said),
    };
    match wrong {
        Some(said) => CheckLine { text: admin.texts.said(&said), is_wrong: true },
        None => CheckLine { text: admin.texts.t("form-check-good"), is_wrong: false },
    }
}

/// `POST /admin/clients/check`: public keys, which stand in no address, since somebody may paste
/// the wrong half.
pub async fn post(AdminForm { admin, form }: AdminForm) -> Response {
    let text = form.field("publicKeysText").unwrap_or_default();
    let lines = match read_keys(text) {
        _ if text.trim().is_empty() => Vec::new(),
        Ok(keys) => {
            let found = |key: &domain::jose::Jwk| {
                let kid = key.kid().unwrap_or_default();
                let variables = [("name", key_in_words(key).into()), ("kid", kid.into())];
                CheckLine { text: admin.texts.with("form-key-found", &variables), is_wrong: false }
            };
            keys.iter().map(found).collect()
        }
        Err(error) => vec![CheckLine { text: admin.texts.said(&error.said()), is_wrong: true }],
    };
    admin.page(&ClientCheckPiece { lines })
}
