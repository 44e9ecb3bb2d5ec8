//! What a user let a client do: codes, refresh token families, sessions, consents.
//!
//! Invariant: one [`GrantId`](crate::ids::GrantId) runs from the code to every token that came
//! from it, so that revoking it stops all of them.

use crate::ids::{ClientId, GrantId, SessionId, UserId};
use crate::scope::ScopeSet;
use crate::time::Timestamp;

/// A user signed in to one browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its public id, the `sid` claim.
    pub id: SessionId,
    /// Who signed in.
    pub user_id: UserId,
    /// When the session began.
    pub created_at: Timestamp,
    /// When the user last proved who they are.
    pub auth_time: Timestamp,
    /// When it was last seen, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// The browser, as it describes itself, at most 256 characters.
    pub user_agent: String,
    /// Where it came from.
    pub address: String,
}

/// An authorization code before it is spent (RFC 6749 section 4.1.2).
#[derive(Debug, Clone, PartialEq)]
pub struct AuthorizationCode {
    /// The grant it begins.
    pub grant_id: GrantId,
    /// The client it was given to.
    pub client_id: ClientId,
    /// The user who let it in.
    pub user_id: UserId,
    /// The session in which that happened.
    pub session_id: SessionId,
    /// The redirect URI of the request; the exchange must repeat it exactly.
    pub redirect_uri: String,
    /// What was granted.
    pub scope: ScopeSet,
    /// The S256 challenge, if the client sent one.
    pub code_challenge: Option<String>,
    /// The `nonce` of the request.
    pub nonce: Option<String>,
    /// When the user proved who they are.
    pub auth_time: Timestamp,
    /// Whether the client asked for `auth_time` (`max_age`).
    pub auth_time_requested: bool,
    /// The `claims` parameter as checked JSON, or empty.
    pub claims: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// What became of an attempt to spend a code.
#[derive(Debug, Clone, PartialEq)]
pub enum CodeSpend {
    /// It was unspent; now it is spent, by this request alone.
    Spent(AuthorizationCode),
    /// It had been spent before: all that came of it must go.
    Replayed(AuthorizationCode),
    /// There is no such code in this tenant.
    Unknown,
}

/// A refresh token family: all rotations of one grant.
#[derive(Debug, Clone, PartialEq)]
pub struct Family {
    /// The grant.
    pub grant_id: GrantId,
    /// The client it belongs to; no other may use it.
    pub client_id: ClientId,
    /// The user it acts for.
    pub user_id: UserId,
    /// The session it came from.
    pub session_id: SessionId,
    /// What was granted.
    pub scope: ScopeSet,
    /// The original `nonce`, repeated in refreshed ID tokens.
    pub nonce: Option<String>,
    /// When the user proved who they are.
    pub auth_time: Timestamp,
    /// The `claims` parameter, or empty.
    pub claims: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// What a refresh token's hash leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct RefreshToken {
    /// Its family.
    pub family: Family,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// When it was spent, if it was.
    pub spent_at: Option<Timestamp>,
    /// When the token that replaced it was itself spent, if it was.
    pub successor_spent_at: Option<Timestamp>,
}

/// What a user let a client do.
#[derive(Debug, Clone, PartialEq)]
pub struct Consent {
    /// The client.
    pub client_id: ClientId,
    /// The scopes, all together.
    pub scope: ScopeSet,
    /// When it was first given.
    pub granted_at: Timestamp,
    /// When it was last widened or used to get a code.
    pub updated_at: Timestamp,
}

/// An app that a user has let in, as the account page lists it.
#[derive(Debug, Clone, PartialEq)]
pub struct AuthorizedApp {
    /// The consent.
    pub consent: Consent,
    /// The client's name.
    pub client_name: String,
    /// When it last got a code or refreshed, as far as rows tell; they are kept for a while only.
    pub last_used_at: Option<Timestamp>,
}
