//! Who keeps the right to administer a tenant through a change of users or groups.
//!
//! Invariants: a tenant that is administered by a person who can sign in stays so, whatever requests
//! come at once; and whoever wants to be asked first does not take administration from themselves
//! unasked. Both are found out after the change, inside its transaction, so that it does not matter
//! by which way somebody had the right.

use std::sync::Arc;

use domain::said;
use domain::user::{TENANT_ADMIN, User, UserStatus};
use store::TenantTx;

use super::AdminError;
use crate::authority::{Caller, Right, TENANT_MANAGE, USERS_MANAGE};
use crate::context::Ctx;

/// Watches over a tenant's administrators during one transaction. No password is ever taken away,
/// so nothing else has to ask.
pub(crate) struct Keeper {
    administered: bool,
    /// The caller, if they are to be asked before they lose the right themselves.
    own: Option<Arc<User>>,
}

impl Keeper {
    /// Keeps other changes of this kind waiting until the transaction ends.
    pub(crate) async fn begin(tx: &mut TenantTx, caller: &Caller) -> Result<Self, AdminError> {
        tx.tenant_hold().await?;
        // The operator can always make another administrator.
        let administered = caller.user().is_some() && tx.is_administered().await?;
        let own = caller.user().filter(|_| caller.is_asked_first()).cloned();
        Ok(Self { administered, own })
    }

    /// Demands, after the change, that somebody is left who can sign in, and that the caller loses
    /// nothing without knowing.
    pub(crate) async fn check(&self, ctx: &Ctx<'_>, tx: &mut TenantTx) -> Result<(), AdminError> {
        if self.administered && !tx.is_administered().await? {
            return Err(AdminError::Conflict(said!(
                "last-administrator",
                "This would leave the tenant without an active user with a password and the role \
                 {admin}. Give the role to somebody else first.",
                admin = TENANT_ADMIN
            )));
        }
        let Some(own) = &self.own else { return Ok(()) };
        let after = tx.user_get(&own.id).await?.map(Arc::new);
        let after = after.filter(|user| user.status == UserStatus::Active);
        let may = |user: &Arc<User>, right| Caller::of_user(user).may(ctx, right);
        let loses = |right: &'static Right| {
            may(own, right) && !after.as_ref().is_some_and(|user| may(user, right))
        };
        match (loses(&USERS_MANAGE), loses(&TENANT_MANAGE)) {
            (false, false) => Ok(()),
            (is_all, _) => Err(AdminError::OwnLoss { is_all }),
        }
    }
}
