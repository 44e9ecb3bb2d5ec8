//! What people see of a tenant, without the console.

use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;

use super::{Access, Row, row};
use crate::oauth::{consent, login, logout};
use crate::{account, assets};

pub(super) fn rows() -> Vec<Row> {
    use Access::{OwnForm, Public, SignedIn};
    vec![
        row("GET", "/", Public, get(account::home)),
        row("GET", "/login", Public, get(login::get)),
        row("POST", "/login", OwnForm, post(login::post)),
        row("POST", "/consent", OwnForm, post(consent::post)),
        row("POST", "/logout", OwnForm, post(logout::own)),
        row("GET", "/account", SignedIn, get(account::get)),
        row("POST", "/account/apps/remove", OwnForm, post(account::remove_app)),
        row("POST", "/account/sessions/end", OwnForm, post(account::end_session)),
        row("POST", "/account/sessions/end-others", OwnForm, post(account::end_others)),
        // Public and the same for everybody: compressing it tells nobody anything.
        row("GET", "/static/{name}", Public, get(assets::file).layer(CompressionLayer::new())),
        row("GET", "/brand/theme.css", Public, get(assets::theme)),
        row("GET", "/brand/logo", Public, get(assets::logo)),
    ]
}
