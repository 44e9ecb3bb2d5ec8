//! The operations whose handlers describe themselves: one line for each row of the API in the
//! router's table. The test beside the table fails when one is missing.

use utoipa::OpenApi;

use crate::api::{audits, roles, tenants, users};

/// What utoipa gathers.
#[derive(Debug, OpenApi)]
#[openapi(paths(
    audits::list,
    audits::get,
    roles::list,
    tenants::me,
    tenants::get,
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
