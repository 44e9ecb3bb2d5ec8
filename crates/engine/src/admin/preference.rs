//! How people like the console: small values, each person's own, which decide nothing.
//!
//! Invariant: names come from a fixed list and values are bounded, so that nobody stores anything
//! else here.

use domain::ids::UserId;
use serde_json::Value;

use super::AdminError;
use crate::authority::{Caller, SIGNED_IN};
use crate::context::Ctx;

/// Longest value, in bytes of JSON.
pub const PREFERENCE_MAX: usize = 4096;

macro_rules! preferences {
    ($($(#[$doc:meta])* $name:ident = $stored:literal;)+) => {
        /// What a preference is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Preference {
            $($(#[$doc])* $name,)+
        }

        impl Preference {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stored name, which is also the name on the wire.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $stored,)+
                }
            }
        }
    };
}

preferences! {
    /// Columns of the table of clients: their order, and which are shown.
    ClientsTable = "clients.table";
    /// The same for users.
    UsersTable = "users.table";
    /// The same for groups.
    GroupsTable = "groups.table";
    /// The same for roles.
    RolesTable = "roles.table";
    /// The same for API keys.
    ApiKeysTable = "api-keys.table";
    /// The same for the audit trail.
    AuditsTable = "audits.table";
    /// Light, dark, or as the device says.
    Appearance = "appearance";
}

impl Preference {
    /// The preference of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.as_str() == name)
    }
}

fn owner(caller: &Caller) -> Result<&UserId, AdminError> {
    caller.user().map(|user| &user.id).ok_or(AdminError::NotFound("user"))
}

/// The caller's own value; `None` when there is none yet.
///
/// # Errors
/// A caller who is no user, or a store that is away.
pub async fn get(
    ctx: &Ctx<'_>,
    caller: &Caller,
    preference: Preference,
) -> Result<Option<Value>, AdminError> {
    caller.require(ctx, &SIGNED_IN)?;
    let user_id = owner(caller)?;
    Ok(ctx.read().await?.preference_get(user_id, preference.as_str()).await?)
}

/// Sets the caller's own value. What is in it is the page's to judge, also when it reads it again.
///
/// # Errors
/// A caller who is no user, a value of more than 4096 bytes, or a store
/// that is away.
pub async fn put(
    ctx: &Ctx<'_>,
    caller: &Caller,
    preference: Preference,
    value: &Value,
) -> Result<(), AdminError> {
    caller.require(ctx, &SIGNED_IN)?;
    let user_id = owner(caller)?;
    if value.to_string().len() > PREFERENCE_MAX {
        let message = format!("has at most {PREFERENCE_MAX} bytes of JSON");
        return Err(AdminError::invalid("value", message));
    }
    let mut tx = ctx.autocommit().await?;
    tx.preference_put(user_id, preference.as_str(), value, ctx.now).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for one in Preference::ALL {
            assert_eq!(Preference::parse(one.as_str()), Some(*one));
        }
        assert_eq!(Preference::parse("clients"), None);
    }
}
