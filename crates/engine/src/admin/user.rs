//! Users.

use domain::audit::Actor;
use domain::claims::is_user_claim;
use domain::ids::UserId;
use domain::secret::SecretText;
use domain::time::Timestamp;
use domain::user::{RoleRef, User, UserKind, UserStatus};
use serde_json::{Map, Value, json};
use store::ChangeKind;

use super::{AdminError, name};
use crate::context::Ctx;
use crate::grants;
use crate::password::{PASSWORD_MAX, PASSWORD_MIN};

/// Longest subject: OpenID Connect Core 2 allows 255 ASCII characters.
const SUBJECT_MAX: usize = 255;
/// Longest name, in characters.
const NAME_MAX: usize = 256;
/// Longest email address (RFC 5321 section 4.5.3.1).
const EMAIL_MAX: usize = 254;

/// What a new user is made of.
#[derive(Debug, Clone)]
pub struct UserDraft {
    /// The stable `sub`; made up when absent.
    pub subject: Option<String>,
    /// Full name.
    pub name: String,
    /// Email address.
    pub email: Option<String>,
    /// Whether the address was proven.
    pub email_verified: bool,
    /// The password, if the user signs in here.
    pub password: Option<SecretText>,
    /// Names of roles.
    pub roles: Vec<String>,
    /// Other standard claims.
    pub claims: Map<String, Value>,
}

fn subject(draft: &UserDraft, id: &UserId) -> Result<String, AdminError> {
    let subject = draft.subject.clone().unwrap_or_else(|| id.to_string());
    let fits =
        (1..=SUBJECT_MAX).contains(&subject.len()) && subject.bytes().all(|b| b.is_ascii_graphic());
    if fits {
        return Ok(subject);
    }
    Err(AdminError::invalid("subject", "has 1 to 255 visible ASCII characters"))
}

fn email(draft: &UserDraft) -> Result<Option<String>, AdminError> {
    let Some(email) = draft.email.as_deref().map(str::trim) else { return Ok(None) };
    let shaped = email
        .split_once('@')
        .is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'));
    let clean = !email.chars().any(|c| c.is_whitespace() || c.is_control());
    if shaped && clean && email.len() <= EMAIL_MAX {
        return Ok(Some(email.to_owned()));
    }
    Err(AdminError::invalid("email", "is not an address such as name@example.com"))
}

fn check_password(password: &SecretText) -> Result<(), AdminError> {
    let length = password.expose().chars().count();
    if length < PASSWORD_MIN || password.expose().len() > PASSWORD_MAX {
        return Err(AdminError::invalid(
            "password",
            format!("has at least {PASSWORD_MIN} characters and at most {PASSWORD_MAX} bytes"),
        ));
    }
    Ok(())
}

/// Makes a user.
///
/// # Errors
/// A value that is not acceptable, an unknown role, a taken subject or email address.
pub async fn create(ctx: &Ctx<'_>, draft: &UserDraft, actor: &Actor) -> Result<User, AdminError> {
    let id = UserId::generate(ctx.engine.entropy());
    if let Some(claim) = draft.claims.keys().find(|claim| !is_user_claim(claim)) {
        return Err(AdminError::invalid("claims", format!("`{claim}` is not a standard claim")));
    }
    let password_hash = match &draft.password {
        None => None,
        Some(password) => {
            check_password(password)?;
            let hash = ctx.engine.passwords.hash(ctx.engine.entropy(), password).await;
            Some(hash.map_err(|busy| AdminError::Unavailable(busy.to_string()))?)
        }
    };
    let mut user = User {
        tenant_id: ctx.tenant.tenant.id.clone(),
        kind: UserKind::Person,
        subject: subject(draft, &id)?,
        name: name("name", &draft.name, NAME_MAX)?,
        email: email(draft)?,
        email_verified: draft.email_verified,
        status: UserStatus::Active,
        claims: draft.claims.clone(),
        roles: Vec::new(),
        groups: Vec::new(),
        tokens_valid_from: Timestamp::UNIX_EPOCH,
        created_at: ctx.now,
        updated_at: ctx.now,
        id,
    };
    let mut tx = ctx.begin().await?;
    for wanted in &draft.roles {
        let role = tx.role_find_by_name(wanted).await?.ok_or_else(|| {
            AdminError::invalid("roles", format!("there is no role `{wanted}` in this tenant"))
        })?;
        user.roles.push(RoleRef {
            id: role.id,
            name: role.name,
            kind: role.kind,
            level: role.level,
        });
    }
    tx.user_create(&user, password_hash.as_deref()).await?;
    let details = json!({ "subject": user.subject, "roles": draft.roles });
    tx.audit_append(&ctx.event(actor.clone(), "user.created", user.id.as_str(), details)).await?;
    ctx.commit_change(tx, ChangeKind::User, user.id.as_str()).await?;
    Ok(user)
}

/// Switches a user on or off. Off: sessions and tokens end at once, and do not come back when the
/// user is switched on again. Nothing happens when the status is what it was.
///
/// # Errors
/// An unknown user.
pub async fn set_status(
    ctx: &Ctx<'_>,
    id: &UserId,
    status: UserStatus,
    actor: &Actor,
) -> Result<(), AdminError> {
    let mut tx = ctx.begin().await?;
    let user = tx.user_get(id).await?.ok_or(AdminError::NotFound("user"))?;
    if user.status == status {
        return Ok(());
    }
    tx.user_update_status(id, status, ctx.now).await?;
    if status != UserStatus::Active {
        tx.session_delete_all(id).await?;
        let ended = tx.families_revoke_for(id, None, ctx.now).await?;
        grants::revoke_in(ctx, &mut tx, &ended).await?;
        tx.codes_revoke_for(id, None, ctx.now).await?;
    }
    let details = json!({ "status": status.as_str() });
    tx.audit_append(&ctx.event(actor.clone(), "user.status_changed", id.as_str(), details)).await?;
    ctx.commit_change(tx, ChangeKind::User, id.as_str()).await?;
    Ok(())
}

/// A user by subject.
///
/// # Errors
/// When the store is away.
pub async fn find_by_subject(ctx: &Ctx<'_>, subject: &str) -> Result<Option<User>, AdminError> {
    Ok(ctx.read().await?.user_find_by_subject(subject).await?)
}

/// The user that an operator names by id, subject or email address.
///
/// # Errors
/// When there is none.
pub async fn find(ctx: &Ctx<'_>, named: &str) -> Result<User, AdminError> {
    let mut read = ctx.read().await?;
    if let Ok(id) = UserId::parse(named)
        && let Some(found) = read.user_get(&id).await?
    {
        return Ok(found);
    }
    if let Some(found) = read.user_find_by_subject(named).await? {
        return Ok(found);
    }
    read.user_find_by_email(named).await?.ok_or(AdminError::NotFound("user"))
}

/// Users by id, after one.
///
/// # Errors
/// When the store is away.
pub async fn list(
    ctx: &Ctx<'_>,
    limit: u32,
    after: Option<&UserId>,
) -> Result<Vec<User>, AdminError> {
    Ok(ctx.read().await?.user_list(limit, after).await?)
}
