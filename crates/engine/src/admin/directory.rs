//! Organizations, subscriptions and regions.

use domain::audit::{Actor, AuditEvent};
use domain::ids::{OrganizationId, RegionCode, SubscriptionId};
use domain::tenant::{Organization, Region, Subscription};
use serde_json::{Value, json};

use super::AdminError;
use super::wording::name;
use crate::context::Engine;

/// Longest name of an organization or region, in characters.
const NAME_MAX: usize = 200;

/// Organizations of one read.
const PAGE: u32 = 500;

/// An event of the operator, for the transaction of what it tells.
fn event(engine: &Engine, event: &'static str, subject: &str, details: Value) -> AuditEvent {
    AuditEvent {
        at: engine.now(),
        actor: Actor::Operator,
        event,
        subject: subject.to_owned(),
        client_id: String::new(),
        address: String::new(),
        trace_id: String::new(),
        details,
    }
}

/// Makes an organization.
///
/// # Errors
/// A bad name.
pub async fn organization_create(engine: &Engine, text: &str) -> Result<Organization, AdminError> {
    let organization = Organization {
        id: OrganizationId::generate(engine.entropy()),
        name: name("name", text, NAME_MAX)?,
        created_at: engine.now(),
    };
    let id = organization.id.as_str();
    let made = event(engine, "organization.created", id, json!({ "name": organization.name }));
    let mut tx = engine.store().directory().begin().await?;
    tx.organization_create(&organization).await?;
    tx.audit_append(&format!("organization:{id}"), &made).await?;
    tx.commit().await?;
    Ok(organization)
}

/// Organizations by id, after one.
///
/// # Errors
/// When the store is away.
pub async fn organization_list(
    engine: &Engine,
    limit: u32,
    after: Option<&OrganizationId>,
) -> Result<Vec<Organization>, AdminError> {
    Ok(engine.store().directory().organization_list(limit, after).await?)
}

/// The organization that an operator names by id or name.
///
/// # Errors
/// When no organization, or more than one, is called so.
pub async fn organization_find(engine: &Engine, named: &str) -> Result<Organization, AdminError> {
    let directory = engine.store().directory();
    if let Ok(id) = OrganizationId::parse(named)
        && let Some(found) = directory.organization_get(&id).await?
    {
        return Ok(found);
    }
    let mut found = None;
    let mut after: Option<OrganizationId> = None;
    loop {
        let page = directory.organization_list(PAGE, after.as_ref()).await?;
        for one in page.iter().filter(|one| one.name == named) {
            if found.replace(one.clone()).is_some() {
                let told = format!("several organizations are called {named}: use the id");
                return Err(AdminError::Conflict(told.into()));
            }
        }
        match page.last() {
            Some(last) => after = Some(last.id.clone()),
            None => return found.ok_or(AdminError::NotFound("organization")),
        }
    }
}

/// Makes a subscription.
///
/// # Errors
/// An unknown organization, a licence number that is taken or empty, a limit below one.
pub async fn subscription_create(
    engine: &Engine,
    organization_id: &OrganizationId,
    licence_number: &str,
    tenant_limit: i64,
) -> Result<Subscription, AdminError> {
    let directory = engine.store().directory();
    if directory.organization_get(organization_id).await?.is_none() {
        return Err(AdminError::NotFound("organization"));
    }
    if tenant_limit < 1 {
        return Err(AdminError::invalid("tenantLimit", "is at least 1"));
    }
    let subscription = Subscription {
        id: SubscriptionId::generate(engine.entropy()),
        organization_id: organization_id.clone(),
        licence_number: name("licenceNumber", licence_number, NAME_MAX)?,
        tenant_limit,
        created_at: engine.now(),
    };
    let details =
        json!({ "licenceNumber": subscription.licence_number, "tenantLimit": tenant_limit });
    let made = event(engine, "subscription.created", subscription.id.as_str(), details);
    let mut tx = directory.begin().await?;
    tx.subscription_create(&subscription).await?;
    tx.audit_append(&format!("organization:{organization_id}"), &made).await?;
    tx.commit().await?;
    Ok(subscription)
}

/// The subscriptions of an organization, oldest first.
///
/// # Errors
/// When the store is away.
pub async fn subscription_list(
    engine: &Engine,
    organization_id: &OrganizationId,
) -> Result<Vec<Subscription>, AdminError> {
    Ok(engine.store().directory().subscription_list(organization_id).await?)
}

/// The subscription that an operator names by id or licence number.
///
/// # Errors
/// When there is none.
pub async fn subscription_find(engine: &Engine, named: &str) -> Result<Subscription, AdminError> {
    let directory = engine.store().directory();
    if let Some(found) = directory.subscription_find_by_licence(named).await? {
        return Ok(found);
    }
    let found = match SubscriptionId::parse(named) {
        Ok(id) => directory.subscription_get(&id).await?,
        Err(_) => None,
    };
    found.ok_or(AdminError::NotFound("subscription"))
}

/// All regions, by code.
///
/// # Errors
/// When the store is away.
pub async fn region_list(engine: &Engine) -> Result<Vec<Region>, AdminError> {
    Ok(engine.store().directory().region_list().await?)
}

/// Makes a region. Its database must be in the configuration.
///
/// # Errors
/// A code without a database, or one that is taken.
pub async fn region_create(
    engine: &Engine,
    code: &RegionCode,
    text: &str,
) -> Result<Region, AdminError> {
    if engine.store().region(code).is_none() {
        return Err(AdminError::invalid(
            "code",
            format!("has no database: add `{code}` under [database.regions] in the configuration"),
        ));
    }
    let region = Region {
        code: code.clone(),
        name: name("name", text, NAME_MAX)?,
        created_at: engine.now(),
    };
    let made = event(engine, "region.created", code.as_str(), json!({ "name": region.name }));
    let mut tx = engine.store().directory().begin().await?;
    tx.region_create(&region).await?;
    tx.audit_append(&format!("region:{code}"), &made).await?;
    tx.commit().await?;
    Ok(region)
}
