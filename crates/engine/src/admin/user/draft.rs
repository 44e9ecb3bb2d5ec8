//! What a new user is made of, and which values a user's fields may have.

use domain::claims::is_user_claim;
use domain::ids::UserId;
use domain::letter::is_seen;
use domain::said;
use domain::secret::SecretText;
use domain::time::{Timestamp, plus_seconds};
use domain::user::{User, UserKind, UserStatus};
use serde_json::{Map, Value};

use super::INVITATION_SECONDS;
use crate::admin::AdminError;
use crate::admin::role_giving::Choice;
use crate::admin::wording::name;
use crate::context::Ctx;
use crate::password::{PASSWORD_MAX, PASSWORD_MIN};

/// Longest subject: OpenID Connect Core 2 allows 255 ASCII characters.
pub const SUBJECT_MAX: usize = 255;
/// Longest name, in characters.
pub const NAME_MAX: usize = 256;
/// Longest email address, in bytes (RFC 5321 section 4.5.3.1).
pub const EMAIL_MAX: usize = 254;
/// Longest address of a picture, in bytes.
pub const PICTURE_MAX: usize = 2048;
/// What the address of a picture begins with: pages load it in people's browsers.
pub const PICTURE_START: &str = "https://";
/// Longest language tag (RFC 5646 section 4.4.1) and time zone name, in bytes.
const PREFERENCE_MAX: usize = 64;

/// What a new user is made of.
#[derive(Debug, Clone)]
pub struct UserDraft {
    /// The stable `sub`; made up when absent.
    pub subject: Option<String>,
    /// Full name; the subject when absent.
    pub name: Option<String>,
    /// Email address; who is invited has one.
    pub email: Option<String>,
    /// Whether the address was proven.
    pub email_verified: bool,
    /// The password, if the user signs in here.
    pub password: Option<SecretText>,
    /// Active, or invited.
    pub status: UserStatus,
    /// The roles that it gets directly.
    pub roles: Vec<Choice>,
    /// The groups that it is put into.
    pub groups: Vec<Choice>,
    /// Other standard claims.
    pub claims: Map<String, Value>,
}

impl Default for UserDraft {
    fn default() -> Self {
        Self {
            subject: None,
            name: None,
            email: None,
            email_verified: false,
            password: None,
            status: UserStatus::Active,
            roles: Vec::new(),
            groups: Vec::new(),
            claims: Map::new(),
        }
    }
}

impl UserDraft {
    /// The user, still without roles and groups.
    pub(super) fn user(&self, ctx: &Ctx<'_>) -> Result<User, AdminError> {
        if let Some(claim) = self.claims.keys().find(|claim| !is_user_claim(claim)) {
            return Err(AdminError::invalid(
                "claims",
                format!("`{claim}` is not a standard claim"),
            ));
        }
        let id = UserId::generate(ctx.engine.entropy());
        let subject = self.subject(&id)?;
        let email = self.email.as_deref().map(email).transpose()?;
        let invite_expires_at = match self.status {
            UserStatus::Invited if email.is_none() => {
                return Err(AdminError::invalid(
                    "email",
                    said!("email-needed", "is needed to invite somebody"),
                ));
            }
            UserStatus::Invited => Some(plus_seconds(ctx.now, INVITATION_SECONDS)),
            UserStatus::Active => None,
            UserStatus::Disabled => {
                return Err(AdminError::invalid("status", "is active or invited at first"));
            }
        };
        Ok(User {
            tenant_id: ctx.tenant.tenant.id.clone(),
            kind: UserKind::Person,
            name: name("name", self.name.as_deref().unwrap_or(&subject), NAME_MAX)?,
            subject,
            email,
            email_verified: self.email_verified,
            status: self.status,
            claims: self.claims()?,
            roles: Vec::new(),
            groups: Vec::new(),
            tokens_valid_from: Timestamp::UNIX_EPOCH,
            invite_expires_at,
            created_at: ctx.now,
            updated_at: ctx.now,
            id,
        })
    }

    fn subject(&self, id: &UserId) -> Result<String, AdminError> {
        let subject = self.subject.clone().unwrap_or_else(|| id.to_string());
        let fits = (1..=SUBJECT_MAX).contains(&subject.len())
            && subject.bytes().all(|b| b.is_ascii_graphic());
        if fits {
            return Ok(subject);
        }
        Err(AdminError::invalid(
            "subject",
            said!("subject", "has 1 to {max} visible ASCII characters", max = SUBJECT_MAX),
        ))
    }

    fn claims(&self) -> Result<Map<String, Value>, AdminError> {
        if let Some(Value::String(address)) = self.claims.get("picture") {
            picture(address)?;
        }
        Ok(self.claims.clone())
    }

    /// The password's hash, if there is a password.
    pub(super) async fn password_hash(&self, ctx: &Ctx<'_>) -> Result<Option<String>, AdminError> {
        match &self.password {
            Some(password) => hash_password(ctx, password).await.map(Some),
            None => Ok(None),
        }
    }
}

/// The hash of a password that may be set.
pub(super) async fn hash_password(
    ctx: &Ctx<'_>,
    password: &SecretText,
) -> Result<String, AdminError> {
    check_password(password)?;
    let hash = ctx.engine.passwords.hash(ctx.engine.entropy(), password).await;
    hash.map_err(|_| {
        let told = said!(
            "busy-passwords",
            "Too many passwords are being set and checked right now. Try again in a moment."
        );
        AdminError::Busy(told)
    })
}

/// An email address, trimmed; its length is that of what was sent.
pub(super) fn email(text: &str) -> Result<String, AdminError> {
    let email = text.trim();
    let shaped = email
        .split_once('@')
        .is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'));
    let clean = email.chars().all(|c| is_seen(c) && !c.is_whitespace());
    if shaped && clean && text.len() <= EMAIL_MAX {
        return Ok(email.to_owned());
    }
    Err(AdminError::invalid("email", said!("email", "is not an address such as name@example.com")))
}

fn check_password(password: &SecretText) -> Result<(), AdminError> {
    let length = password.expose().chars().count();
    if length < PASSWORD_MIN || password.expose().len() > PASSWORD_MAX {
        return Err(AdminError::invalid(
            "password",
            said!(
                "password-length",
                "has at least {least} characters and at most {most} bytes",
                least = PASSWORD_MIN,
                most = PASSWORD_MAX
            ),
        ));
    }
    Ok(())
}

/// An address from which pages load a picture.
fn picture(address: &str) -> Result<(), AdminError> {
    let fits = address.len() <= PICTURE_MAX
        && address.starts_with(PICTURE_START)
        && address.bytes().all(|byte| byte.is_ascii_graphic())
        && url::Url::parse(address).is_ok_and(|url| url.host().is_some());
    if fits {
        return Ok(());
    }
    let message =
        format!("is an address that begins with {PICTURE_START} of at most {PICTURE_MAX} bytes");
    Err(AdminError::invalid("picture", message))
}

/// A language tag or the name of a time zone, such as `de-CH` and `Europe/Zurich`.
pub(super) fn preference(field: &'static str, text: &str) -> Result<String, AdminError> {
    let legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/' | b'+');
    if (1..=PREFERENCE_MAX).contains(&text.len()) && text.bytes().all(legal) {
        return Ok(text.to_owned());
    }
    let message = format!("has 1 to {PREFERENCE_MAX} of A-Z a-z 0-9 - _ / +");
    Err(AdminError::invalid(field, message))
}
