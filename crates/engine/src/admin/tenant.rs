//! Tenants.
//!
//! A tenant's row is committed to its region first and to the directory last: until the directory
//! knows its host name nobody can reach it, so a crash in between leaves nothing half-visible. What
//! the directory would refuse (a taken host name, a full subscription) is found before either.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use domain::audit::Actor;
use domain::brand::Brand;
use domain::ids::{RegionCode, RoleId, SubscriptionId, TenantId};
use domain::scope::ScopeSet;
use domain::tenant::{Lifetimes, Tenant, TenantSettings, TenantStatus, valid_hostname};
use domain::user::{DEFAULT_ROLES, DefaultRole, RoleKind};
use serde_json::json;
use store::{ChangeKind, Role, TenantLocation};

use super::AdminError;
use super::wording::name;
use crate::context::{Ctx, Engine};
use crate::site::{TenantView, is_reserved};
use crate::trace::TraceId;

/// Longest name of a tenant, in characters.
pub(super) const NAME_MAX: usize = 200;
/// Tenants of one read.
const PAGE: u32 = 500;

/// What a new tenant is made of.
#[derive(Debug, Clone)]
pub struct TenantDraft {
    /// What people call it.
    pub name: String,
    /// The subscription it counts against.
    pub subscription_id: SubscriptionId,
    /// Where its data will live, for ever.
    pub region: RegionCode,
    /// Its host names; the first makes its issuer, for ever. Empty: `<name>.<region>.<base>`.
    pub hostnames: Vec<String>,
}

fn hostnames(engine: &Engine, draft: &TenantDraft) -> Result<Vec<String>, AdminError> {
    let mut names: Vec<String> = draft.hostnames.iter().map(|host| host.to_lowercase()).collect();
    if names.is_empty() {
        let base = &engine.settings().base_domain;
        names.push(format!("{}.{}.{base}", draft.name.trim().to_lowercase(), draft.region));
    }
    for host in &names {
        if !valid_hostname(host) {
            return Err(AdminError::invalid(
                "hostnames",
                format!(
                    "`{host}` is not a host name: lower-case letters, digits, hyphens and dots"
                ),
            ));
        }
        if is_reserved(&engine.settings().base_domain, host) {
            return Err(AdminError::invalid(
                "hostnames",
                format!("`{host}` is a name of the installation's own: choose another one"),
            ));
        }
    }
    let distinct: HashSet<&String> = names.iter().collect();
    if distinct.len() != names.len() {
        return Err(AdminError::invalid("hostnames", "has the same value twice"));
    }
    Ok(names)
}

/// The region must be served by this process and known to the directory.
async fn check_region(engine: &Engine, code: &RegionCode) -> Result<(), AdminError> {
    let known = engine.store().directory().region_list().await?;
    if !known.iter().any(|region| region.code == *code) {
        let codes: Vec<&str> = known.iter().map(|region| region.code.as_str()).collect();
        let message = match codes.as_slice() {
            [] => "there is no region yet: make one first".to_owned(),
            _ => format!("there is no region `{code}`; there are: {}", codes.join(", ")),
        };
        return Err(AdminError::invalid("region", message));
    }
    if engine.store().region(code).is_none() {
        let message = format!("`{code}` has no database here: add it under [database.regions]");
        return Err(AdminError::invalid("region", message));
    }
    Ok(())
}

/// Makes a tenant with its default roles.
///
/// # Errors
/// A bad or taken host name, an unknown subscription or region, a full subscription.
pub async fn create(engine: &Engine, draft: &TenantDraft) -> Result<Arc<TenantView>, AdminError> {
    let directory = engine.store().directory();
    let subscription = directory.subscription_get(&draft.subscription_id).await?;
    let subscription = subscription.ok_or(AdminError::NotFound("subscription"))?;
    check_region(engine, &draft.region).await?;
    let region = engine.store().region(&draft.region).ok_or(AdminError::NotFound("region"))?;
    let tenant = Tenant {
        id: TenantId::generate(engine.entropy()),
        name: name("name", &draft.name, NAME_MAX)?,
        organization_id: subscription.organization_id,
        subscription_id: subscription.id,
        region: draft.region.clone(),
        hostnames: hostnames(engine, draft)?,
        status: TenantStatus::Active,
        lifetimes: Lifetimes::default(),
        settings: TenantSettings::default(),
        brand: Brand::default(),
        created_at: engine.now(),
        updated_at: engine.now(),
    };
    let ctx = operator_context(engine, tenant.clone());
    let roles: Vec<Role> = DEFAULT_ROLES.iter().map(|role| default_role(engine, role)).collect();
    let mut place = directory.begin().await?;
    place.tenant_location_create(&tenant).await?;
    let mut tx = region.begin(&tenant.id).await?;
    tx.tenant_create(&tenant, &roles).await?;
    let details = json!({ "name": tenant.name, "hostnames": tenant.hostnames });
    let event = ctx.event(Actor::Operator, "tenant.created", tenant.id.as_str(), details);
    tx.audit_append(&event).await?;
    ctx.commit_change(tx, ChangeKind::Tenant, tenant.id.as_str()).await?;
    place.commit().await?;
    Ok(Arc::clone(&ctx.tenant))
}

/// A tenant as the directory and its region know it.
#[derive(Debug, Clone)]
pub struct TenantEntry {
    /// What the directory knows.
    pub location: TenantLocation,
    /// What its region knows; `None` when this process does not serve the region.
    pub tenant: Option<Tenant>,
}

/// Tenants by id, after one.
///
/// # Errors
/// When the store is away.
pub async fn list(
    engine: &Engine,
    limit: u32,
    after: Option<&TenantId>,
) -> Result<Vec<TenantEntry>, AdminError> {
    let mut entries = Vec::new();
    for location in engine.store().directory().tenant_list(limit, after).await? {
        let tenant = match engine.store().region(&location.region) {
            Some(region) => region.read(&location.tenant_id).await?.tenant_get().await?,
            None => None,
        };
        entries.push(TenantEntry { location, tenant });
    }
    Ok(entries)
}

fn default_role(engine: &Engine, role: &DefaultRole) -> Role {
    Role {
        id: RoleId::generate(engine.entropy()),
        name: role.name.to_owned(),
        kind: RoleKind::Default,
        level: role.level,
        description: role.description.to_owned(),
        assigned_scopes: ScopeSet::parse(role.scopes).unwrap_or_default(),
        created_at: engine.now(),
        updated_at: engine.now(),
        created_by: String::new(),
        updated_by: String::new(),
    }
}

/// A context for work at the command line, where no request is.
fn operator_context(engine: &Engine, tenant: Tenant) -> Ctx<'_> {
    let issuer = engine.settings().origin_of(tenant.primary_hostname());
    let view = Arc::new(TenantView::new(tenant, issuer));
    engine.context(view, TraceId::new(""), IpAddr::V4(Ipv4Addr::LOCALHOST))
}

/// The context of a tenant that an operator names by id, host name or name.
///
/// # Errors
/// When no tenant, or more than one, is called so.
pub async fn context_of<'e>(engine: &'e Engine, named: &str) -> Result<Ctx<'e>, AdminError> {
    let (tenant_id, code) = find(engine, named).await?;
    let region = engine.store().region(&code).ok_or(AdminError::NotFound("region"))?;
    let tenant = region.read(&tenant_id).await?.tenant_get().await?;
    Ok(operator_context(engine, tenant.ok_or(AdminError::NotFound("tenant"))?))
}

async fn find(engine: &Engine, named: &str) -> Result<(TenantId, RegionCode), AdminError> {
    let directory = engine.store().directory();
    if let Some(found) = directory.hostname_find(&named.to_lowercase()).await? {
        return Ok(found);
    }
    if let Ok(id) = TenantId::parse(named)
        && let Some(region) = directory.tenant_find(&id).await?
    {
        return Ok((id, region));
    }
    let mut found = None;
    let mut after: Option<TenantId> = None;
    loop {
        let page = directory.tenant_list(PAGE, after.as_ref()).await?;
        for tenant in page.iter().filter(|tenant| tenant.name == named) {
            if found.replace((tenant.tenant_id.clone(), tenant.region.clone())).is_some() {
                let told = format!("several tenants are called {named}: use the id or a host name");
                return Err(AdminError::Conflict(told.into()));
            }
        }
        match page.last() {
            Some(last) => after = Some(last.tenant_id.clone()),
            None => return found.ok_or(AdminError::NotFound("tenant")),
        }
    }
}
