//! What every handler needs of HTTP: the edge, bodies, cookies, forms, answers.

pub mod asset;
pub mod bearer;
pub mod body;
pub mod cookies;
pub mod cors;
pub mod edge;
pub mod form;
pub mod page;
pub mod path;
pub mod respond;
pub mod upload;
pub mod visit;

pub use edge::TenantRequest;
