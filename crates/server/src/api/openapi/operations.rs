//! The operations whose handlers describe themselves: one line for each row of the API in the
//! router's table. The test beside the table fails when one is missing.

use utoipa::OpenApi;

use crate::api::{api_keys, audits, groups, oauth_clients, oauth_tokens, roles, tenants, users};

/// What utoipa gathers.
#[derive(Debug, OpenApi)]
#[openapi(paths(
    api_keys::list,
    api_keys::create,
    api_keys::get,
    api_keys::patch,
    api_keys::delete,
    api_keys::config,
    api_keys::patch_config,
    audits::list,
    audits::get,
    oauth_tokens::list,
    oauth_tokens::delete,
    oauth_clients::activity::get,
    oauth_clients::change::delete,
    oauth_clients::change::patch,
    oauth_clients::change::publish,
    oauth_clients::connection::delete,
    oauth_clients::connection::get,
    oauth_clients::connection::patch,
    oauth_clients::create::post,
    oauth_clients::read::get,
    oauth_clients::read::list,
    oauth_clients::secrets::delete,
    oauth_clients::secrets::post,
    roles::list,
    roles::create,
    roles::get,
    roles::patch,
    roles::delete,
    groups::list,
    groups::filter,
    groups::create,
    groups::get,
    groups::patch,
    groups::delete,
    groups::settings::get,
    groups::settings::patch,
    tenants::me,
    tenants::get,
    tenants::patch,
    users::list,
    users::create,
    users::me,
    users::get,
    users::patch,
    users::delete,
    users::actions::count,
    users::actions::filter,
    users::actions::invite
))]
pub struct Operations;
