//! The change feed: what every node's caches must forget.
//!
//! A row is appended in the transaction of the change. On PostgreSQL a row with a smaller `seq`
//! may become visible after one with a greater `seq`, because numbers are drawn before a
//! transaction commits; but never later than [`crate::CHANGE_OVERLAP`], because no older
//! transaction can commit. Whoever tails the feed therefore reads again what the last
//! `CHANGE_OVERLAP` brought.

use domain::time::Timestamp;

use crate::database::Conn;
use crate::error::Result;
use crate::statement::{Cells, each, only, sql};

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeKind {
    /// A tenant: its status, name or lifetimes.
    Tenant,
    /// A client, its credentials or a tenant's connection config.
    Client,
    /// A client that other tenants see, too.
    SharedClient,
    /// A user, its roles or groups.
    User,
    /// All users of a tenant: a role or group that they have.
    Users,
    /// A signing key.
    SigningKey,
    /// A token, grant or session was revoked.
    Revocation,
    /// The browser origins that may call.
    Origins,
    /// An API key.
    ApiKey,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Tenant,
        Self::Client,
        Self::SharedClient,
        Self::User,
        Self::Users,
        Self::SigningKey,
        Self::Revocation,
        Self::Origins,
        Self::ApiKey,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tenant => "tenant",
            Self::Client => "client",
            Self::SharedClient => "shared_client",
            Self::User => "user",
            Self::Users => "users",
            Self::SigningKey => "signing_key",
            Self::Revocation => "revocation",
            Self::Origins => "origins",
            Self::ApiKey => "api_key",
        }
    }

    /// The kind of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number; grows, with gaps.
    pub seq: i64,
    /// Whose it is: a tenant's id, or the owner text of another site.
    pub owner_id: String,
    /// What has changed.
    pub kind: ChangeKind,
    /// The id of what has changed.
    pub subject: String,
    /// When.
    pub at: Timestamp,
}

pub(crate) async fn append(
    conn: &mut Conn,
    owner_id: &str,
    kind: ChangeKind,
    subject: &str,
    now: Timestamp,
) -> Result<()> {
    conn.execute(
        sql("INSERT INTO change (owner_id, kind, subject, at) VALUES ($1, $2, $3, $4)")
            .text(owner_id)
            .text(kind.as_str())
            .text(subject)
            .time(now),
    )
    .await?;
    Ok(())
}

pub(crate) async fn tail(conn: &mut Conn, after_seq: i64, limit: u32) -> Result<Vec<Change>> {
    let statement = sql("SELECT seq, owner_id, kind, subject, at FROM change \
             WHERE seq > $1 ORDER BY seq LIMIT $2")
    .int(after_seq)
    .int(i64::from(limit));
    each(&conn.rows(statement).await?, |cells| {
        Ok(Change {
            seq: cells.int("seq")?,
            owner_id: cells.string("owner_id")?,
            kind: cells.named("kind", ChangeKind::parse)?,
            subject: cells.string("subject")?,
            at: cells.time("at")?,
        })
    })
}

pub(crate) async fn last_seq(conn: &mut Conn) -> Result<i64> {
    let row = conn.row(sql("SELECT COALESCE(MAX(seq), 0) AS seq FROM change")).await?;
    Ok(only(row, |cells: Cells<'_>| cells.int("seq"))?.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::ChangeKind;

    #[test]
    fn kinds_round_trip() {
        for kind in ChangeKind::ALL {
            assert_eq!(ChangeKind::parse(kind.as_str()), Some(*kind));
        }
        assert_eq!(ChangeKind::parse("other"), None);
    }
}
