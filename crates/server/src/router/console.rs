//! The administration console.

use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use engine::authority::{
    AUDITS_READ, CLIENTS_MANAGE, GROUPS_MANAGE, Right, SIGNED_IN, TENANT_MANAGE, USERS_MANAGE,
};

use super::{Access, Row, row};
use crate::app::App;
use crate::console;

pub(super) fn rows() -> Vec<Row> {
    let mut rows = frame_rows();
    rows.extend(settings_rows());
    rows.extend(client_form_rows());
    rows.extend(user_rows());
    rows.extend(group_rows());
    rows.extend(client_rows());
    rows.extend(secret_rows());
    rows
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

/// A page of the console and its form, which have the same address; the form changes something.
fn admin_panel(
    path: &'static str,
    right: &'static Right,
    (shown, sent): (MethodRouter<App>, MethodRouter<App>),
) -> [Row; 2] {
    [admin_row(path, right, shown), admin_form(path, right, Proof::Fresh, sent)]
}

/// The administration console.
fn frame_rows() -> Vec<Row> {
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
fn settings_rows() -> Vec<Row> {
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
fn client_form_rows() -> Vec<Row> {
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
fn user_rows() -> Vec<Row> {
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
fn group_rows() -> Vec<Row> {
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

/// One OAuth client in the console, and deleting several.
fn client_rows() -> Vec<Row> {
    use console::client::{
        configuration, consent, delete, leave, page, publish, switch, unused_scopes, users,
    };
    let panel = |path, routes| admin_panel(path, &CLIENTS_MANAGE, routes);
    let mut rows = vec![
        admin_row("/admin/clients/{id}", &CLIENTS_MANAGE, get(page::get)),
        admin_row("/admin/clients/{id}/configuration", &CLIENTS_MANAGE, get(configuration::get)),
    ];
    for panel in [
        panel("/admin/clients/delete", (get(delete::get), post(delete::post))),
        panel("/admin/clients/{id}/consent", (get(consent::get), post(consent::post))),
        panel("/admin/clients/{id}/leave", (get(leave::get), post(leave::post))),
        panel("/admin/clients/{id}/publish", (get(publish::get), post(publish::post))),
        panel("/admin/clients/{id}/disable", (get(switch::disable), post(switch::post_disable))),
        panel("/admin/clients/{id}/enable", (get(switch::enable), post(switch::post_enable))),
        panel(
            "/admin/clients/{id}/scopes/unused",
            (get(unused_scopes::get), post(unused_scopes::post)),
        ),
        panel("/admin/clients/{id}/users/remove", (get(users::get), post(users::post))),
    ] {
        rows.extend(panel);
    }
    rows
}

/// The secrets of a client in the console.
fn secret_rows() -> Vec<Row> {
    use console::client::{rotate, secret_delete, secret_new, secrets};
    let mut rows = vec![
        admin_row("/admin/clients/{id}/secrets", &CLIENTS_MANAGE, get(secrets::get)),
        admin_row("/admin/clients/{id}/rotate", &CLIENTS_MANAGE, get(rotate::get)),
    ];
    rows.extend(admin_panel(
        "/admin/clients/{id}/secrets/new",
        &CLIENTS_MANAGE,
        (get(secret_new::get), post(secret_new::post)),
    ));
    rows.extend(admin_panel(
        "/admin/clients/{id}/secrets/{hint}/delete",
        &CLIENTS_MANAGE,
        (get(secret_delete::get), post(secret_delete::post)),
    ));
    rows
}
