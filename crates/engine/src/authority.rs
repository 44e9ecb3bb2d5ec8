//! Who calls, and what they may do.
//!
//! Invariant: scopes and roles decide together. A scope only narrows what the user's roles allow;
//! a role never widens what the token was given for.

use std::sync::{Arc, OnceLock};

use domain::api_key::ApiKey;
use domain::audit::{Actor, AuditEvent};
use domain::ids::{ApiKeyId, ClientId, GrantId, UserId};
use domain::said;
use domain::said::Said;
use domain::scope::ScopeSet;
use domain::user::{RoleRef, TENANT_ADMIN, User};
use serde_json::Value;

use crate::access_token::AccessToken;
use crate::client_auth::ClientEntry;
use crate::context::Ctx;

/// What an operation asks of the roles of its caller's user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleNeed {
    /// Nothing: any user of the tenant.
    Anybody,
    /// The role `TenantAdmin`, or a role with one of the operation's scopes assigned to it.
    Administrator,
}

/// What an operation asks of its caller: the declaration that the router's table, the documents
/// and the check in the engine share.
#[derive(Debug, PartialEq, Eq)]
pub struct Right {
    /// Any of these scopes; none means that a good token is enough.
    pub scopes: &'static [&'static str],
    /// What the user's roles must give.
    pub role: RoleNeed,
}

const ADMIN: RoleNeed = RoleNeed::Administrator;
const ANYBODY: RoleNeed = RoleNeed::Anybody;

/// The scope that includes all of administration.
pub(crate) const ADMIN_CLASSIC: &str = "admin_classic";

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident = $role:ident, $scopes:expr;)+) => {
        $($(#[$doc])* pub static $name: Right = Right { scopes: $scopes, role: $role };)+
    };
}

rights! {
    /// A good access token.
    SIGNED_IN = ANYBODY, &[];
    /// The standard claims about oneself.
    USERINFO = ANYBODY, &["openid"];
    /// See OAuth clients; administrators see more of them.
    CLIENTS_READ = ANYBODY, &["user_default", "admin_classic"];
    /// Create, change, publish and delete OAuth clients, and see what they do.
    CLIENTS_MANAGE = ADMIN, &["admin_classic"];
    /// See the users of the tenant; addresses and more for administrators.
    USERS_READ = ANYBODY, &["user_default", "users:read", "admin.users:read", "admin_classic"];
    /// See everything about every user.
    USERS_READ_ALL = ADMIN, &["admin.users:read", "admin_classic"];
    /// Change users: one's own preferences, everything for administrators.
    USERS_CHANGE = ANYBODY, &["user_default", "users", "admin.users", "admin_classic"];
    /// Invite, change and delete users.
    USERS_MANAGE = ADMIN, &["admin.users", "admin_classic"];
    /// See groups and roles.
    GROUPS_READ = ANYBODY, &["user_default", "users:read", "admin.users:read", "admin_classic"];
    /// Change groups and roles.
    GROUPS_MANAGE = ADMIN, &["admin.users", "admin_classic"];
    /// See groups' settings of the tenant.
    SETTINGS_READ = ADMIN, &["admin.users:read", "admin_classic"];
    /// Change the tenant itself.
    TENANT_MANAGE = ADMIN, &["admin_classic"];
    /// See and revoke tokens: one's own, all for administrators.
    TOKENS = ANYBODY, &["user_default", "admin_classic"];
    /// See and revoke everybody's tokens.
    TOKENS_MANAGE = ADMIN, &["admin_classic"];
    /// Make, see and revoke API keys: one's own, all for administrators.
    API_KEYS = ANYBODY, &["user_default", "admin_classic"];
    /// Make API keys for others, see and revoke all, and set how long they live.
    API_KEYS_MANAGE = ADMIN, &["admin_classic"];
    /// Read the audit trail.
    AUDITS_READ = ADMIN, &["admin_classic"];
}

/// Why a caller may not do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// The token was not given for it.
    Scope(&'static Right),
    /// The user's roles do not allow it.
    Role(&'static Right),
}

impl Denied {
    /// What is missing, for the caller.
    pub fn said(self) -> Said {
        match self {
            Self::Scope(right) => {
                said!(
                    "denied-scope",
                    "The access token needs one of these scopes: {scopes}.",
                    scopes = right.scopes.join(", ")
                )
            }
            Self::Role(right) => said!(
                "denied-role",
                "This needs the role {admin}, or a role that gives one of these scopes: \
                 {scopes}. The user who calls has none of them.",
                admin = TENANT_ADMIN,
                scopes = right.scopes.join(", ")
            ),
        }
    }
}

/// The client that an access token came through, its grant, and its user.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub client_id: ClientId,
    pub grant_id: Option<GrantId>,
    pub granted_by: Option<UserId>,
}

/// Who asks for an operation.
#[derive(Debug, Clone)]
pub struct Caller {
    actor: Actor,
    client: Option<Arc<ClientEntry>>,
    api_key: Option<ApiKeyId>,
    /// Where a token comes from, which a key that it makes is bound to.
    origin: Option<Origin>,
    user: Option<Arc<User>>,
    /// What the user's roles give together, once somebody asked.
    given: OnceLock<ScopeSet>,
    /// What the credential was given for; `None` when nothing narrows it.
    scope: Option<ScopeSet>,
    /// Whether they are to be asked before they take administration from themselves.
    asked_first: bool,
}

impl Caller {
    /// Somebody at the command line of the server itself, who may do everything.
    pub fn operator() -> Self {
        Self {
            actor: Actor::Operator,
            client: None,
            api_key: None,
            origin: None,
            user: None,
            given: OnceLock::new(),
            scope: None,
            asked_first: false,
        }
    }

    /// The bearer of an access token.
    pub fn of_token(token: &AccessToken) -> Self {
        Self {
            actor: Actor::User(token.user.id.to_string()),
            client: Some(Arc::clone(&token.client)),
            api_key: None,
            origin: Some(Origin {
                client_id: token.client_id.clone(),
                grant_id: token.grant_id.clone(),
                granted_by: Some(token.user.id.clone()),
            }),
            user: Some(Arc::clone(&token.user)),
            given: OnceLock::new(),
            scope: Some(token.scope.clone()),
            asked_first: false,
        }
    }

    /// A user in person, with all that the roles give: a session.
    pub fn of_user(user: &Arc<User>) -> Self {
        Self {
            actor: Actor::User(user.id.to_string()),
            client: None,
            api_key: None,
            origin: None,
            user: Some(Arc::clone(user)),
            given: OnceLock::new(),
            scope: None,
            asked_first: false,
        }
    }

    /// The bearer of an API key: its user, narrowed to what the credential that made it was given
    /// for, and further to the scope that stands now. `client` is the one that made the key, if one
    /// did: what the key is used for counts as the client's use.
    pub(crate) fn of_api_key(
        user: &Arc<User>,
        key: &ApiKey,
        client: Option<Arc<ClientEntry>>,
        scope: Option<ScopeSet>,
    ) -> Self {
        Self { api_key: Some(key.id.clone()), client, scope, ..Self::of_user(user) }
    }

    /// The same, who takes administration from themselves only when told so: others cannot ask
    /// back, and mean what they send.
    #[must_use]
    pub fn asked_first(self) -> Self {
        Self { asked_first: true, ..self }
    }

    pub(crate) fn is_asked_first(&self) -> bool {
        self.asked_first
    }

    /// Who, for the audit trail.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The client through which they come, or which made the API key by which they do, if any.
    pub fn client_id(&self) -> Option<&ClientId> {
        self.client.as_ref().map(|client| &client.inner.client.id)
    }

    /// The API key by which they come, if any.
    pub fn api_key(&self) -> Option<&ApiKeyId> {
        self.api_key.as_ref()
    }

    /// Where the access token comes from; `None` for any other caller.
    pub(crate) fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// What the credential was given for; `None` when nothing narrows it.
    pub(crate) fn scope(&self) -> Option<&ScopeSet> {
        self.scope.as_ref()
    }

    /// The user; `None` for the operator.
    pub fn user(&self) -> Option<&Arc<User>> {
        self.user.as_ref()
    }

    /// Whether the credential was given for any of these scopes, or for one that includes it. If
    /// so, that is a use of the scope by the client.
    pub fn holds(&self, ctx: &Ctx<'_>, scopes: &[&str]) -> bool {
        let Some(held) = self.scope.as_ref().filter(|_| !scopes.is_empty()) else { return true };
        match &self.client {
            Some(client) => client.note_scope_use(ctx, held, scopes),
            None => scopes.iter().any(|scope| ctx.engine.catalogue.implies(held, scope)),
        }
    }

    /// Whether a right is the caller's.
    pub fn may(&self, ctx: &Ctx<'_>, right: &'static Right) -> bool {
        self.require(ctx, right).is_ok()
    }

    /// Demands a right.
    ///
    /// # Errors
    /// What is missing: the scope first, since the app can ask for it.
    pub fn require(&self, ctx: &Ctx<'_>, right: &'static Right) -> Result<(), Denied> {
        if !self.holds(ctx, right.scopes) {
            return Err(Denied::Scope(right));
        }
        match right.role {
            RoleNeed::Administrator if !self.administers(ctx, right.scopes) => {
                Err(Denied::Role(right))
            }
            _ => Ok(()),
        }
    }

    /// Whether the user's roles give any of these scopes, or one that includes it.
    fn administers(&self, ctx: &Ctx<'_>, scopes: &[&str]) -> bool {
        let Some(user) = self.user.as_ref().filter(|user| !user.is_tenant_admin()) else {
            return true;
        };
        let given = self.given.get_or_init(|| user.role_scopes());
        scopes.iter().any(|scope| ctx.engine.catalogue().implies(given, scope))
    }

    /// Whether the caller has the role that administers the tenant.
    pub fn is_tenant_admin(&self) -> bool {
        self.user.as_ref().is_none_or(|user| user.is_tenant_admin())
    }

    /// Whether the caller may put a scope into a role: nobody gives what their own roles do not
    /// give, and no app gives administration that it was not given itself.
    pub fn may_give(&self, ctx: &Ctx<'_>, scope: &str) -> bool {
        let catalogue = ctx.engine.catalogue();
        let administrative = scope == ADMIN_CLASSIC
            || catalogue.ancestors(scope).any(|entry| entry.name.as_str() == ADMIN_CLASSIC);
        self.administers(ctx, &[scope]) && (!administrative || self.holds(ctx, &[scope]))
    }

    /// Whether the caller may give a role to somebody, or take it away.
    pub fn may_give_role(&self, ctx: &Ctx<'_>, role: &RoleRef) -> bool {
        if role.is_tenant_admin() {
            // Full administrator access is what that role is, however somebody has it.
            return self.administers(ctx, &[ADMIN_CLASSIC]) && self.holds(ctx, &[ADMIN_CLASSIC]);
        }
        role.scopes.iter().all(|scope| self.may_give(ctx, scope))
    }

    /// An event of the caller's, for the transaction of what it tells. It names the API key that
    /// acted, so that what somebody did with a key that leaked can be told from what its user did.
    pub(crate) fn event(
        &self,
        ctx: &Ctx<'_>,
        event: &'static str,
        subject: &str,
        mut details: Value,
    ) -> AuditEvent {
        if let (Some(key), Some(members)) = (&self.api_key, details.as_object_mut()) {
            members.insert("apiKeyId".to_owned(), Value::from(key.as_str()));
        }
        let told = ctx.event(self.actor.clone(), event, subject, details);
        match self.client_id() {
            Some(client_id) => told.through(client_id),
            None => told,
        }
    }
}
