//! The table of contents: every address, with what it asks of its caller.
//!
//! Invariant: the router is built from this table and from nothing else, and the coverage gate of
//! the tests walks it, so that an address without its tests of access cannot exist.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::{HeaderMap, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, patch, post};

use domain::api_error::Noun;
use engine::authority::{
    API_KEYS, API_KEYS_MANAGE, AUDITS_READ, CLIENTS_MANAGE, CLIENTS_READ, GROUPS_MANAGE,
    GROUPS_READ, Right, SETTINGS_READ, SIGNED_IN, TENANT_MANAGE, TOKENS, USERINFO, USERS_CHANGE,
    USERS_MANAGE, USERS_READ,
};

use tower_http::compression::CompressionLayer;

use crate::api::guard::{Rule, guard};
use crate::app::App;
use crate::http::edge::{Traced, edge};
use crate::http::{TenantRequest, page, respond};
use crate::oauth::{
    authorize, consent, introspect, login, logout, revoke, token, userinfo, well_known,
};
use crate::texts::Texts;
use crate::{account, api, assets, console, ops};

/// What an address asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Public,
    /// A client's authentication.
    Client,
    /// A bearer token with this right.
    Bearer(&'static Right),
    /// A signed-in person; others are sent to sign in.
    SignedIn,
    /// A form of our own page, in the browser that it was shown in.
    OwnForm,
    /// A signed-in administrator with this right; others get a page that says so.
    Admin(&'static Right),
    /// A form of the console, sent by an administrator with this right.
    AdminForm(&'static Right),
}

/// One address and method.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    /// The method.
    pub method: &'static str,
    /// The path, with `{parameters}`.
    pub path: &'static str,
    /// What it asks of its caller.
    pub access: Access,
    /// Whether browser apps of other origins may call it.
    pub cross_origin: bool,
}

struct Row(Endpoint, MethodRouter<App>);

fn row(method: &'static str, path: &'static str, access: Access, route: MethodRouter<App>) -> Row {
    Row(Endpoint { method, path, access, cross_origin: false }, route)
}

/// The same for an address that browser apps of other origins may call.
fn cors_row(
    method: &'static str,
    path: &'static str,
    access: Access,
    route: MethodRouter<App>,
) -> Row {
    let endpoint = Endpoint { method, path, access, cross_origin: true };
    Row(endpoint, route)
}

/// An address of the API, which browser apps of other origins may call, behind its guard.
fn api_row(method: &'static str, path: &'static str, rule: Rule, route: MethodRouter<App>) -> Row {
    let route = route.route_layer(from_fn_with_state(rule, guard));
    cors_row(method, path, Access::Bearer(rule.right), route)
}

/// A page of the console, behind its guard.
fn admin_row(path: &'static str, right: &'static Right, route: MethodRouter<App>) -> Row {
    let rule = console::guard::Rule { path, right, fresh: false, file: false };
    let route = route.route_layer(from_fn_with_state(rule, console::guard::guard));
    row("GET", path, Access::Admin(right), route)
}

/// How recently an administrator must have signed in to send a form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// At any time in the session: the form changes nothing that anybody else sees.
    Session,
    /// Within fifteen minutes: the form changes something.
    Fresh,
}

/// A form of the console, behind its guard.
fn admin_form(
    path: &'static str,
    right: &'static Right,
    proof: Proof,
    route: MethodRouter<App>,
) -> Row {
    let rule = console::guard::Rule { path, right, fresh: proof == Proof::Fresh, file: false };
    let route = route.route_layer(from_fn_with_state(rule, console::guard::guard));
    row("POST", path, Access::AdminForm(right), route)
}

/// A form of the console with a file in it. It asks for no new proof: a file cannot be held.
fn admin_upload(path: &'static str, right: &'static Right, route: MethodRouter<App>) -> Row {
    let rule = console::guard::Rule { path, right, fresh: false, file: true };
    let route = route.route_layer(from_fn_with_state(rule, console::guard::guard));
    row("POST", path, Access::AdminForm(right), route)
}

fn rows() -> Vec<Row> {
    let mut rows = protocol_rows();
    rows.extend(page_rows());
    rows.extend(api_rows());
    rows.extend(credential_rows());
    rows.extend(group_rows());
    rows.extend(document_rows());
    rows.extend(oauth_client_rows());
    rows.extend(console_rows());
    rows.extend(console_settings_rows());
    rows.extend(console_client_form_rows());
    rows.extend(console_user_rows());
    rows.extend(console_group_rows());
    rows.extend(console_client_rows());
    rows.extend(console_secret_rows());
    rows
}

/// Metadata, keys and the protocol.
fn protocol_rows() -> Vec<Row> {
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

/// What people see.
fn page_rows() -> Vec<Row> {
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

/// What the REST API says about itself.
fn document_rows() -> Vec<Row> {
    use Access::Public;
    vec![
        row("GET", "/api/openapi.json", Public, get(api::openapi::get)),
        row("GET", "/api/docs", Public, get(api::openapi::pages::overview)),
        row("GET", "/api/docs/{noun}", Public, get(api::openapi::pages::part)),
    ]
}

/// Groups and roles.
fn group_rows() -> Vec<Row> {
    use api::{groups, roles};
    let group = |right| Rule { noun: Noun::Group, right };
    let role = |right| Rule { noun: Noun::Role, right };
    vec![
        api_row("GET", "/api/v1/groups", group(&GROUPS_READ), get(groups::list)),
        api_row("POST", "/api/v1/groups", group(&GROUPS_MANAGE), post(groups::create)),
        api_row("POST", "/api/v1/groups/actions/filter", group(&GROUPS_READ), post(groups::filter)),
        api_row(
            "GET",
            "/api/v1/groups/settings",
            group(&SETTINGS_READ),
            get(groups::settings::get),
        ),
        api_row(
            "PATCH",
            "/api/v1/groups/settings",
            group(&GROUPS_MANAGE),
            patch(groups::settings::patch),
        ),
        api_row("GET", "/api/v1/groups/{id}", group(&GROUPS_READ), get(groups::get)),
        api_row("PATCH", "/api/v1/groups/{id}", group(&GROUPS_MANAGE), patch(groups::patch)),
        api_row("DELETE", "/api/v1/groups/{id}", group(&GROUPS_MANAGE), delete(groups::delete)),
        api_row("GET", "/api/v1/roles", role(&GROUPS_READ), get(roles::list)),
        api_row("POST", "/api/v1/roles", role(&GROUPS_MANAGE), post(roles::create)),
        api_row("GET", "/api/v1/roles/{id}", role(&GROUPS_READ), get(roles::get)),
        api_row("PATCH", "/api/v1/roles/{id}", role(&GROUPS_MANAGE), patch(roles::patch)),
        api_row("DELETE", "/api/v1/roles/{id}", role(&GROUPS_MANAGE), delete(roles::delete)),
    ]
}

/// The REST API.
fn api_rows() -> Vec<Row> {
    use Access::Public;
    let user = |right| Rule { noun: Noun::User, right };
    let tenant = |right| Rule { noun: Noun::Tenant, right };
    let audit = |right| Rule { noun: Noun::Audit, right };
    vec![
        api_row("GET", "/api/v1/audits", audit(&AUDITS_READ), get(api::audits::list)),
        api_row("GET", "/api/v1/audits/{id}", audit(&AUDITS_READ), get(api::audits::get)),
        api_row("GET", "/api/v1/users", user(&USERS_READ), get(api::users::list)),
        api_row("POST", "/api/v1/users", user(&USERS_MANAGE), post(api::users::create)),
        api_row("GET", "/api/v1/users/me", user(&SIGNED_IN), get(api::users::me)),
        api_row("GET", "/api/v1/users/{id}", user(&SIGNED_IN), get(api::users::get)),
        api_row("PATCH", "/api/v1/users/{id}", user(&USERS_CHANGE), patch(api::users::patch)),
        api_row("DELETE", "/api/v1/users/{id}", user(&USERS_MANAGE), delete(api::users::delete)),
        api_row(
            "GET",
            "/api/v1/users/actions/count",
            user(&USERS_READ),
            get(api::users::actions::count),
        ),
        api_row(
            "POST",
            "/api/v1/users/actions/filter",
            user(&USERS_READ),
            post(api::users::actions::filter),
        ),
        api_row(
            "POST",
            "/api/v1/users/actions/invite",
            user(&USERS_MANAGE),
            post(api::users::actions::invite),
        ),
        api_row("GET", "/api/v1/tenants/me", tenant(&SIGNED_IN), get(api::tenants::me)),
        api_row("GET", "/api/v1/tenants/{id}", tenant(&SIGNED_IN), get(api::tenants::get)),
        api_row(
            "PATCH",
            "/api/v1/tenants/{id}",
            tenant(&TENANT_MANAGE),
            patch(api::tenants::patch),
        ),
        row(
            "GET",
            "/resources/autogenerated/product-info.json",
            Public,
            get(api::product_info::get),
        ),
    ]
}

/// API keys, and what users let clients do.
fn credential_rows() -> Vec<Row> {
    let keys = |right| Rule { noun: Noun::ApiKey, right };
    let tokens = Rule { noun: Noun::OauthToken, right: &TOKENS };
    let (one, config) = ("/api/v1/api-keys/{id}", "/api/v1/api-keys/configs/{tenantId}");
    vec![
        api_row("GET", "/api/v1/api-keys", keys(&API_KEYS), get(api::api_keys::list)),
        api_row("POST", "/api/v1/api-keys", keys(&API_KEYS), post(api::api_keys::create)),
        api_row("GET", one, keys(&API_KEYS), get(api::api_keys::get)),
        api_row("PATCH", one, keys(&API_KEYS), patch(api::api_keys::patch)),
        api_row("DELETE", one, keys(&API_KEYS), delete(api::api_keys::delete)),
        api_row("GET", config, keys(&API_KEYS), get(api::api_keys::config)),
        api_row("PATCH", config, keys(&API_KEYS_MANAGE), patch(api::api_keys::patch_config)),
        api_row("GET", "/api/v1/oauth-tokens", tokens, get(api::oauth_tokens::list)),
        api_row("DELETE", "/api/v1/oauth-tokens/{id}", tokens, delete(api::oauth_tokens::delete)),
    ]
}

/// The REST API's OAuth clients.
fn oauth_client_rows() -> Vec<Row> {
    use api::oauth_clients::{activity, change, connection, create, read, secrets};
    const ALL: &str = "/api/v1/oauth-clients";
    const ONE: &str = "/api/v1/oauth-clients/{id}";
    const CONNECTION: &str = "/api/v1/oauth-clients/{id}/connection-configs/me";
    let reads = Rule { noun: Noun::OauthClient, right: &CLIENTS_READ };
    let manages = Rule { noun: Noun::OauthClient, right: &CLIENTS_MANAGE };
    vec![
        api_row("GET", ALL, reads, get(read::list)),
        api_row("POST", ALL, manages, post(create::post)),
        api_row("GET", ONE, reads, get(read::get)),
        api_row("PATCH", ONE, manages, patch(change::patch)),
        api_row("DELETE", ONE, manages, delete(change::delete)),
        api_row("GET", "/api/v1/oauth-clients/{id}/activity", manages, get(activity::get)),
        api_row(
            "POST",
            "/api/v1/oauth-clients/{id}/actions/publish",
            manages,
            post(change::publish),
        ),
        api_row("POST", "/api/v1/oauth-clients/{id}/client-secrets", manages, post(secrets::post)),
        api_row(
            "DELETE",
            "/api/v1/oauth-clients/{id}/client-secrets/{hint}",
            manages,
            delete(secrets::delete),
        ),
        api_row("GET", CONNECTION, reads, get(connection::get)),
        api_row("PATCH", CONNECTION, manages, patch(connection::patch)),
        api_row("DELETE", CONNECTION, manages, delete(connection::delete)),
    ]
}

/// The administration console.
fn console_rows() -> Vec<Row> {
    use console::{clients, home, interrupt};
    vec![
        admin_row("/admin", &SIGNED_IN, get(home::get)),
        row("POST", "/admin/confirm", Access::OwnForm, post(interrupt::confirm)),
        admin_row("/admin/audit", &AUDITS_READ, get(console::audit::get)),
        admin_row("/admin/clients", &CLIENTS_MANAGE, get(clients::list::get)),
        admin_row("/admin/tokens", &TENANT_MANAGE, get(console::tokens::get)),
        admin_form(
            "/admin/tokens/lifetimes",
            &TENANT_MANAGE,
            Proof::Fresh,
            post(console::tokens::set_lifetimes),
        ),
        admin_row("/admin/tokens/rotate", &TENANT_MANAGE, get(console::tokens::ask_rotate)),
        admin_form(
            "/admin/tokens/rotate",
            &TENANT_MANAGE,
            Proof::Fresh,
            post(console::tokens::rotate),
        ),
        admin_form(
            "/admin/clients/columns",
            &CLIENTS_MANAGE,
            Proof::Session,
            post(clients::columns::post),
        ),
        admin_form(
            "/admin/clients/select",
            &CLIENTS_MANAGE,
            Proof::Session,
            post(clients::selection::post),
        ),
    ]
}

/// The tenant itself: its name and its looks.
fn console_settings_rows() -> Vec<Row> {
    use console::{looks, settings};
    const NAME: &str = "/admin/settings";
    const ACCENT: &str = "/admin/settings/accent";
    const REMOVE: &str = "/admin/settings/logo/remove";
    vec![
        admin_row(NAME, &TENANT_MANAGE, get(settings::get)),
        admin_form(NAME, &TENANT_MANAGE, Proof::Fresh, post(settings::post)),
        admin_form(ACCENT, &TENANT_MANAGE, Proof::Fresh, post(looks::set_accent)),
        admin_upload("/admin/settings/logo", &TENANT_MANAGE, post(looks::set_logo)),
        admin_form(REMOVE, &TENANT_MANAGE, Proof::Fresh, post(looks::remove_logo)),
    ]
}

/// Creating and editing a client in the console.
fn console_client_form_rows() -> Vec<Row> {
    use console::clients::{check, edit, new};
    const NEW: &str = "/admin/clients/new";
    const CHECK: &str = "/admin/clients/check";
    const EDIT: &str = "/admin/clients/{id}/edit";
    vec![
        admin_row(NEW, &CLIENTS_MANAGE, get(new::get)),
        admin_form(NEW, &CLIENTS_MANAGE, Proof::Fresh, post(new::post)),
        admin_row(CHECK, &CLIENTS_MANAGE, get(check::get)),
        admin_form(CHECK, &CLIENTS_MANAGE, Proof::Session, post(check::post)),
        admin_row(EDIT, &CLIENTS_MANAGE, get(edit::get)),
        admin_form(EDIT, &CLIENTS_MANAGE, Proof::Fresh, post(edit::post)),
    ]
}

/// Users in the console.
fn console_user_rows() -> Vec<Row> {
    use Proof::Fresh;
    use console::users::{access, change, create, list, page, password};
    let right = &USERS_MANAGE;
    vec![
        admin_row("/admin/users", right, get(list::get)),
        admin_row("/admin/users/new", right, get(create::get)),
        admin_form("/admin/users/new", right, Fresh, post(create::post)),
        admin_row("/admin/users/invite", right, get(create::get_invite)),
        admin_form("/admin/users/invite", right, Fresh, post(create::post_invite)),
        admin_row("/admin/users/{id}", right, get(page::get)),
        admin_form("/admin/users/{id}", right, Fresh, post(page::post)),
        admin_row("/admin/users/{id}/status", right, get(change::ask_status)),
        admin_form("/admin/users/{id}/status", right, Fresh, post(change::set_status)),
        admin_row("/admin/users/{id}/delete", right, get(change::ask_delete)),
        admin_form("/admin/users/{id}/delete", right, Fresh, post(change::delete)),
        admin_row("/admin/users/{id}/password", right, get(password::get)),
        admin_form("/admin/users/{id}/password", right, Fresh, post(password::post)),
        admin_row("/admin/users/{id}/sessions", right, get(access::ask_end)),
        admin_form("/admin/users/{id}/sessions", right, Fresh, post(access::end)),
        admin_row("/admin/users/{id}/apps", right, get(access::ask_remove_app)),
        admin_form("/admin/users/{id}/apps", right, Fresh, post(access::remove_app)),
    ]
}

/// Groups and roles in the console.
fn console_group_rows() -> Vec<Row> {
    use Proof::Fresh;
    use console::{groups, roles};
    let right = &GROUPS_MANAGE;
    vec![
        admin_row("/admin/groups", right, get(groups::list::get)),
        admin_row("/admin/groups/new", right, get(groups::edit::get_new)),
        admin_form("/admin/groups/new", right, Fresh, post(groups::edit::create)),
        admin_row("/admin/groups/{id}", right, get(groups::edit::get)),
        admin_form("/admin/groups/{id}", right, Fresh, post(groups::edit::save)),
        admin_row("/admin/groups/{id}/delete", right, get(groups::edit::ask_delete)),
        admin_form("/admin/groups/{id}/delete", right, Fresh, post(groups::edit::delete)),
        admin_row("/admin/roles", right, get(roles::list::get)),
        admin_row("/admin/roles/new", right, get(roles::edit::get_new)),
        admin_form("/admin/roles/new", right, Fresh, post(roles::edit::create)),
        admin_row("/admin/roles/{id}", right, get(roles::edit::get)),
        admin_form("/admin/roles/{id}", right, Fresh, post(roles::edit::save)),
        admin_row("/admin/roles/{id}/delete", right, get(roles::edit::ask_delete)),
        admin_form("/admin/roles/{id}/delete", right, Fresh, post(roles::edit::delete)),
    ]
}

/// A page of the console and its form, which have the same address.
fn admin_panel(
    path: &'static str,
    right: &'static Right,
    proof: Proof,
    (shown, sent): (MethodRouter<App>, MethodRouter<App>),
) -> [Row; 2] {
    [admin_row(path, right, shown), admin_form(path, right, proof, sent)]
}

/// One OAuth client in the console, and deleting several.
fn console_client_rows() -> Vec<Row> {
    use console::client::{
        configuration, consent, delete, leave, page, publish, switch, unused_scopes, users,
    };
    let panel = |path, proof, routes| admin_panel(path, &CLIENTS_MANAGE, proof, routes);
    let mut rows = vec![
        admin_row("/admin/clients/{id}", &CLIENTS_MANAGE, get(page::get)),
        admin_row("/admin/clients/{id}/configuration", &CLIENTS_MANAGE, get(configuration::get)),
    ];
    for panel in [
        panel("/admin/clients/delete", Proof::Fresh, (get(delete::get), post(delete::post))),
        panel(
            "/admin/clients/{id}/consent",
            Proof::Fresh,
            (get(consent::get), post(consent::post)),
        ),
        panel("/admin/clients/{id}/leave", Proof::Fresh, (get(leave::get), post(leave::post))),
        panel(
            "/admin/clients/{id}/publish",
            Proof::Fresh,
            (get(publish::get), post(publish::post)),
        ),
        panel(
            "/admin/clients/{id}/disable",
            Proof::Fresh,
            (get(switch::disable), post(switch::post_disable)),
        ),
        panel(
            "/admin/clients/{id}/enable",
            Proof::Fresh,
            (get(switch::enable), post(switch::post_enable)),
        ),
        panel(
            "/admin/clients/{id}/scopes/unused",
            Proof::Fresh,
            (get(unused_scopes::get), post(unused_scopes::post)),
        ),
        panel(
            "/admin/clients/{id}/users/remove",
            Proof::Fresh,
            (get(users::get), post(users::post)),
        ),
    ] {
        rows.extend(panel);
    }
    rows
}

/// The secrets of a client in the console.
fn console_secret_rows() -> Vec<Row> {
    use console::client::{rotate, secret_delete, secret_new, secrets};
    let mut rows = vec![
        admin_row("/admin/clients/{id}/secrets", &CLIENTS_MANAGE, get(secrets::get)),
        admin_row("/admin/clients/{id}/rotate", &CLIENTS_MANAGE, get(rotate::get)),
    ];
    rows.extend(admin_panel(
        "/admin/clients/{id}/secrets/new",
        &CLIENTS_MANAGE,
        Proof::Fresh,
        (get(secret_new::get), post(secret_new::post)),
    ));
    rows.extend(admin_panel(
        "/admin/clients/{id}/secrets/{hint}/delete",
        &CLIENTS_MANAGE,
        Proof::Fresh,
        (get(secret_delete::get), post(secret_delete::post)),
    ));
    rows
}

/// Every address of a tenant's host, for documents and tests.
pub fn endpoints() -> Vec<Endpoint> {
    rows().into_iter().map(|Row(endpoint, _)| endpoint).collect()
}

/// Whether browser apps of other origins may call a path of the table.
pub fn is_cross_origin(path: &str) -> bool {
    static PATHS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
        let open = endpoints().into_iter().filter(|endpoint| endpoint.cross_origin);
        open.map(|endpoint| endpoint.path).collect()
    });
    PATHS.contains(path)
}

/// The whole router.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for Row(endpoint, route) in rows() {
        router = router.route(endpoint.path, route);
    }
    router
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(Arc::clone(&app), edge))
        // Asked by load balancers under whatever host name: they do not pass the edge.
        .route("/healthz", get(ops::healthz))
        .route("/readyz", get(ops::readyz))
        .with_state(app)
}

async fn wrong_method(
    tenant: Result<TenantRequest, Response>,
    Traced(trace_id): Traced,
    headers: HeaderMap,
) -> Response {
    match tenant {
        Ok(tenant) if respond::wants_page(&headers) => {
            console::refusal::only_forms(&tenant, Texts::of_headers(&headers))
        }
        _ => respond::method_not_allowed(&trace_id),
    }
}

/// People get a page, programs get JSON.
async fn nothing_here(
    tenant: Result<TenantRequest, Response>,
    Traced(trace_id): Traced,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    match tenant {
        Ok(tenant) if respond::wants_page(&headers) => match uri.path().starts_with("/admin") {
            true => console::refusal::not_there(&tenant, Texts::of_headers(&headers)),
            false => page::not_found(&tenant),
        },
        _ => respond::not_found(&trace_id),
    }
}
