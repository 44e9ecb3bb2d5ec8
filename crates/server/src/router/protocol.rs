//! Metadata, keys and the protocol.

use axum::routing::{get, post};
use engine::authority::USERINFO;

use super::{Access, Row, cors_row, row};
use crate::oauth::{authorize, introspect, logout, revoke, token, userinfo, well_known};

pub(super) fn rows() -> Vec<Row> {
    use Access::{Bearer, Client, Public};
    vec![
        row("GET", "/.well-known/openid-configuration", Public, get(well_known::metadata)),
        row("GET", "/.well-known/oauth-authorization-server", Public, get(well_known::metadata)),
        row("GET", "/.well-known/jwks.json", Public, get(well_known::jwks)),
        row("GET", "/oauth/authorize", Public, get(authorize::get)),
        row("POST", "/oauth/authorize", Public, post(authorize::post)),
        cors_row("POST", "/oauth/token", Client, post(token::post)),
        cors_row("POST", "/oauth/revoke", Client, post(revoke::post)),
        row("POST", "/oauth/introspect", Client, post(introspect::post)),
        cors_row("GET", "/oauth/userinfo", Bearer(&USERINFO), get(userinfo::get)),
        cors_row("POST", "/oauth/userinfo", Bearer(&USERINFO), post(userinfo::post)),
        row("GET", "/oauth/logout", Public, get(logout::get)),
        row("POST", "/oauth/logout", Public, post(logout::post)),
    ]
}
