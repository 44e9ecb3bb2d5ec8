//! The audit trail of a tenant, for its administrators.
//!
//! Invariant: it is read, never changed; what was written is linked ([`domain::audit`]), and
//! [`verify`] finds what somebody changed behind our back.

mod about;
mod lookup;
mod verify;

use domain::filter::{Attribute, Filter, Kind, Op, Operand, Test};
use domain::list::{ListQuery, Sort};
use store::AuditEntry;

pub use about::{Names, Topic, is_of_tenant, names, topics};
pub use lookup::{AuditSearch, Found, MEANT_MAX, Meant, TEXT_MAX, find};
pub use verify::{AuditReport, Marks, TrailReport, verify};

use super::AdminError;
use super::listing::{ListParams, Listed, Listing};
use crate::authority::{AUDITS_READ, Caller};
use crate::context::Ctx;
use crate::search;

/// Every kind of event that a tenant's trail may hold. Whoever writes one of another name finds out
/// in the tests ([`crate::context::Ctx::event`]), so that the console can offer them all in words.
pub const EVENTS: &[&str] = &[
    "sign_in.succeeded",
    "sign_in.failed",
    "sign_out",
    "session.ended",
    "session.others_ended",
    "session.all_ended",
    "client.created",
    "client.changed",
    "client.published",
    "client.deleted",
    "client.connection_changed",
    "client.connection_deleted",
    "client_secret.created",
    "client_secret.deleted",
    "consent.granted",
    "consent.removed",
    "grant.revoked",
    "access_token.revoked",
    "user.created",
    "user.bot_created",
    "user.invited",
    "user.updated",
    "user.status_changed",
    "user.roles_changed",
    "user.password_reset",
    "user.impersonated",
    "user.deleted",
    "group.created",
    "group.updated",
    "group.deleted",
    "role.created",
    "role.updated",
    "role.deleted",
    "api_key.created",
    "api_key.updated",
    "api_key.revoked",
    "api_key.deleted",
    "api_key.settings_updated",
    "signing_key.created",
    "tenant.created",
    "tenant.updated",
    "audit_chain.begun",
];

/// Length of an event's id; see [`domain::audit::event_id`].
const ID_LENGTH: usize = 24;

const TYPE: Attribute = Attribute { name: "eventType", kind: Kind::Id };
const TIME: Attribute = Attribute { name: "eventTime", kind: Kind::Time };
const ACTOR: Attribute = Attribute { name: "actorId", kind: Kind::Id };
const CLIENT: Attribute = Attribute { name: "clientId", kind: Kind::Id };
const SUBJECT: Attribute = Attribute { name: "subjectId", kind: Kind::Id };

/// Events as they are listed.
pub static AUDITS: Listing = Listing {
    name: "audits",
    attributes: &[
        TYPE,
        TIME,
        ACTOR,
        Attribute {
            name: "actorType",
            kind: Kind::Word(&["operator", "user", "client", "anonymous", "system"]),
        },
        CLIENT,
        SUBJECT,
        Attribute { name: "traceId", kind: Kind::Id },
    ],
    sorts: &["eventTime"],
    default_sort: Sort::descending("eventTime"),
};

/// A page of the tenant's events, newest first when nobody says.
///
/// # Errors
/// A caller without the right, a wrong parameter, or a store that is away.
pub async fn list(
    ctx: &Ctx<'_>,
    caller: &Caller,
    params: &ListParams,
) -> Result<Listed<AuditEntry>, AdminError> {
    caller.require(ctx, &AUDITS_READ)?;
    let query = AUDITS.query(ctx, params)?;
    page(ctx, caller, params, query).await
}

/// The events that a query finds, with cursors of what was asked for.
async fn page(
    ctx: &Ctx<'_>,
    caller: &Caller,
    params: &ListParams,
    query: ListQuery,
) -> Result<Listed<AuditEntry>, AdminError> {
    let page =
        search::page(
            ctx,
            caller,
            query,
            |mut read, query| async move { read.audit_page(&query).await },
        )
        .await?;
    Ok(AUDITS.seal(ctx, params, page))
}

/// The filter of [`history`] for what changed a client: itself, its secrets, keys and connection.
/// Without it the consents of its users are in its history, too.
pub const CLIENT_CHANGES: &str = "eventType sw \"client\"";

/// A page of what happened to one thing, by its id: a client, a user, a role. Newest first when
/// nobody says; a filter of `params` narrows it.
///
/// # Errors
/// A caller without the right, a wrong parameter, or a store that is away.
pub async fn history(
    ctx: &Ctx<'_>,
    caller: &Caller,
    subject: &str,
    params: &ListParams,
) -> Result<Listed<AuditEntry>, AdminError> {
    caller.require(ctx, &AUDITS_READ)?;
    let operand = Operand::Text(subject.to_owned());
    let of_subject = Filter::Test(Test { attribute: SUBJECT, op: Op::Eq, operand });
    let text = params.filter.as_deref().unwrap_or_default();
    let filter = match text {
        "" => of_subject,
        text => Filter::And(vec![of_subject, AUDITS.filter(text)?]),
    };
    // The cursors of one history open nothing in another.
    let filter_text = format!("{subject}\n{text}");
    let params = ListParams { filter: Some(filter_text), ..params.clone() };
    let query = AUDITS.query_filtered(ctx, &params, Some(filter))?;
    let page = ctx.read().await?.audit_page(&query).await?;
    Ok(AUDITS.seal(ctx, &params, page))
}

/// One of the tenant's events.
///
/// # Errors
/// A caller without the right, an unknown id, or a store that is away.
pub async fn get(ctx: &Ctx<'_>, caller: &Caller, id: &str) -> Result<AuditEntry, AdminError> {
    caller.require(ctx, &AUDITS_READ)?;
    let unknown = AdminError::NotFound("audit event");
    if id.len() != ID_LENGTH || !id.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(unknown);
    }
    ctx.read().await?.audit_get(id).await?.ok_or(unknown)
}
