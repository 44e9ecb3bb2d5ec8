//! Inviting people.
//!
//! Nobody sends mail here: an invited user is made with status `invited` and a date until which
//! the invitation stands. Telling the person is up to the program that invites.

use domain::audit::AuditEvent;
use domain::said;
use domain::said::Said;
use domain::time::plus_seconds;
use domain::user::{User, UserStatus};
use serde_json::{Value, json};
use store::{ChangeKind, TenantTx};

use super::draft::{UserDraft, email};
use super::{INVITATION_SECONDS, told};
use crate::admin::AdminError;
use crate::admin::role_giving::check_target;
use crate::authority::{Caller, USERS_MANAGE};
use crate::context::Ctx;

/// Most people of one call.
pub const MAX_INVITEES: usize = 100;

/// Somebody to invite.
#[derive(Debug, Clone, Default)]
pub struct Invitee {
    /// Where to reach them.
    pub email: String,
    /// What they are called; the address when absent.
    pub name: Option<String>,
    /// In which language to write to them.
    pub language: Option<String>,
    /// Begin an invitation anew that is there already.
    pub resend: bool,
}

/// What came of an invitation (contract, section 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invitation {
    /// Invited now.
    Made(Box<Invited>),
    /// Was invited before.
    Exists(Box<Invited>),
    /// Is a user already.
    Active,
    /// Was switched off.
    Disabled,
    /// Cannot be invited so: an address, name or language that is none. What would be right.
    Invalid {
        /// The field, by its name on the wire.
        field: &'static str,
        /// What is wrong and what would be right.
        message: Said,
    },
    /// Has more than the caller could give, so that their invitation is not the caller's to renew.
    Mighty(Said),
}

/// An invited user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// Its id.
    pub user_id: String,
    /// Its subject.
    pub subject: String,
}

impl Invited {
    fn of(user: &User) -> Box<Self> {
        Box::new(Self { user_id: user.id.to_string(), subject: user.subject.clone() })
    }
}

/// Invites people, all in one transaction; what came of each, in their order. One who cannot be
/// invited keeps none of the others back.
///
/// # Errors
/// A caller without the right; nobody or too many.
pub async fn invite(
    ctx: &Ctx<'_>,
    caller: &Caller,
    invitees: &[Invitee],
) -> Result<Vec<Invitation>, AdminError> {
    caller.require(ctx, &USERS_MANAGE)?;
    if !(1..=MAX_INVITEES).contains(&invitees.len()) {
        let message = said!("invitees", "has 1 to {max} people", max = MAX_INVITEES);
        return Err(AdminError::invalid("invitees", message));
    }
    let mut tx = ctx.begin().await?;
    tx.tenant_hold().await?;
    let mut outcomes = Vec::with_capacity(invitees.len());
    let mut events = Vec::new();
    for invitee in invitees {
        let (outcome, event) = match draft(ctx, invitee) {
            Ok(user) => one(ctx, caller, &mut tx, (&user, invitee.resend)).await?,
            Err(AdminError::Invalid { field, message, .. }) => {
                (Invitation::Invalid { field, message }, None)
            }
            Err(other) => return Err(other),
        };
        outcomes.push(outcome);
        events.extend(event);
    }
    // Last, since the end of the tenant's chain stays locked until the commit.
    for event in &events {
        tx.audit_append(event).await?;
    }
    tx.commit().await?;
    for invited in outcomes.iter().filter_map(Invitation::made) {
        let tenant = &ctx.tenant.tenant.id;
        ctx.engine.caches.apply(ChangeKind::User, tenant, &invited.user_id, ctx.now);
    }
    Ok(outcomes)
}

impl Invitation {
    fn made(&self) -> Option<&Invited> {
        match self {
            Self::Made(invited) => Some(invited),
            _ => None,
        }
    }
}

fn draft(ctx: &Ctx<'_>, invitee: &Invitee) -> Result<User, AdminError> {
    let address = email(&invitee.email)?;
    let mut draft = UserDraft {
        name: invitee.name.clone().or_else(|| Some(address.clone())),
        email: Some(address),
        status: UserStatus::Invited,
        ..UserDraft::default()
    };
    if let Some(language) = &invitee.language {
        let language = super::draft::preference("language", language)?;
        draft.claims.insert("locale".to_owned(), language.into());
    }
    draft.user(ctx)
}

async fn one(
    ctx: &Ctx<'_>,
    caller: &Caller,
    tx: &mut TenantTx,
    (user, resend): (&User, bool),
) -> Result<(Invitation, Option<AuditEvent>), AdminError> {
    let address = user.email.as_deref().unwrap_or_default();
    let Some(known) = tx.user_find_by_email(address).await? else {
        tx.user_create(user, None).await?;
        tx.change_append(ChangeKind::User, user.id.as_str(), ctx.now).await?;
        let event = event(ctx, caller, (None, user));
        return Ok((Invitation::Made(Invited::of(user)), Some(event)));
    };
    match known.status {
        UserStatus::Active => Ok((Invitation::Active, None)),
        UserStatus::Disabled => Ok((Invitation::Disabled, None)),
        UserStatus::Invited if !resend => Ok((Invitation::Exists(Invited::of(&known)), None)),
        UserStatus::Invited => {
            if let Err(AdminError::Forbidden(why)) = check_target(ctx, caller, &known) {
                return Ok((Invitation::Mighty(why), None));
            }
            let until = Some(plus_seconds(ctx.now, INVITATION_SECONDS));
            let renewed = User { invite_expires_at: until, updated_at: ctx.now, ..known.clone() };
            tx.user_update(&renewed).await?;
            tx.change_append(ChangeKind::User, renewed.id.as_str(), ctx.now).await?;
            let event = event(ctx, caller, (Some(&known), &renewed));
            Ok((Invitation::Made(Invited::of(&renewed)), Some(event)))
        }
    }
}

fn event(ctx: &Ctx<'_>, caller: &Caller, (before, after): (Option<&User>, &User)) -> AuditEvent {
    let before = before.map_or(Value::Null, told);
    let details = json!({ "changes": domain::audit::changes(&before, &told(after)) });
    caller.event(ctx, "user.invited", after.id.as_str(), details)
}
