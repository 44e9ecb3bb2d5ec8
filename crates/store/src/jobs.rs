//! Housekeeping: what is past its time is deleted, in batches that never hold a lock for long.
//!
//! Invariant: only what can no longer decide anything is deleted. An expired code or refresh
//! token is refused with or without its row; a spent one is kept until then, so that its replay
//! is noticed.

use domain::time::{Timestamp, day_of, plus_seconds};

use crate::database::Conn;
use crate::error::Result;
use crate::statement::sql;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// A statement that deletes at most `$2` rows older than `$1`, and how old is old, in seconds.
type Purge = (&'static str, i64);

/// The same for rows of a day (`YYYY-MM-DD`), and how many seconds a day is kept. More than a year,
/// so that what is done once a year is still known when it is done again.
const DAILY: &[Purge] = &[
    (
        "DELETE FROM usage_counter WHERE day < $1 AND (owner_id, client_id, day, kind) IN \
            (SELECT owner_id, client_id, day, kind FROM usage_counter WHERE day < $1 \
             ORDER BY day LIMIT $2)",
        400 * DAY,
    ),
    (
        "DELETE FROM client_scope_day WHERE day < $1 AND (owner_id, client_id, scope, way) IN \
            (SELECT owner_id, client_id, scope, way FROM client_scope_day WHERE day < $1 \
             ORDER BY day LIMIT $2)",
        400 * DAY,
    ),
];

/// Tables that directory and regions have.
const COMMON: &[Purge] = &[
    (
        "DELETE FROM revoked_token WHERE expires_at < $1 AND (owner_id, token_key) IN \
            (SELECT owner_id, token_key FROM revoked_token WHERE expires_at < $1 \
             ORDER BY expires_at LIMIT $2)",
        0,
    ),
    (
        "DELETE FROM assertion_use WHERE expires_at < $1 AND (owner_id, client_id, jti) IN \
            (SELECT owner_id, client_id, jti FROM assertion_use WHERE expires_at < $1 \
             ORDER BY expires_at LIMIT $2)",
        0,
    ),
    (
        "DELETE FROM change WHERE seq IN \
            (SELECT seq FROM change WHERE at < $1 ORDER BY at LIMIT $2)",
        HOUR,
    ),
    (
        "DELETE FROM client_failure WHERE seq IN \
            (SELECT seq FROM client_failure WHERE at < $1 ORDER BY at LIMIT $2)",
        30 * DAY,
    ),
];

/// Tables that only regions have.
const REGION: &[Purge] = &[
    (
        "DELETE FROM authorization_code WHERE (tenant_id, code_hash) IN \
            (SELECT tenant_id, code_hash FROM authorization_code WHERE created_at < $1 \
             ORDER BY created_at LIMIT $2)",
        DAY,
    ),
    (
        "DELETE FROM refresh_token WHERE (tenant_id, token_hash) IN \
            (SELECT tenant_id, token_hash FROM refresh_token WHERE expires_at < $1 \
             ORDER BY expires_at LIMIT $2)",
        0,
    ),
    (
        "DELETE FROM refresh_family WHERE expires_at < $1 AND (tenant_id, grant_id) IN \
            (SELECT tenant_id, grant_id FROM refresh_family WHERE expires_at < $1 \
             ORDER BY expires_at LIMIT $2)",
        0,
    ),
    (
        "DELETE FROM api_key WHERE expires_at < $1 AND (tenant_id, id) IN \
            (SELECT tenant_id, id FROM api_key WHERE expires_at < $1 \
             ORDER BY expires_at LIMIT $2)",
        90 * DAY,
    ),
    (
        "DELETE FROM session WHERE expires_at < $1 AND (tenant_id, id) IN \
            (SELECT tenant_id, id FROM session WHERE expires_at < $1 \
             ORDER BY expires_at LIMIT $2)",
        0,
    ),
];

async fn purge(conn: &mut Conn, tables: &[Purge], now: Timestamp, batch: u32) -> Result<u64> {
    let mut deleted = 0;
    for (text, age) in tables {
        let before = plus_seconds(now, -age);
        deleted += conn.execute(sql(text).time(before).int(i64::from(batch))).await?;
    }
    Ok(deleted)
}

async fn purge_common(conn: &mut Conn, now: Timestamp, batch: u32) -> Result<u64> {
    let mut deleted = purge(conn, COMMON, now, batch).await?;
    for (text, age) in DAILY {
        let first = day_of(plus_seconds(now, -age));
        deleted += conn.execute(sql(text).text(first).int(i64::from(batch))).await?;
    }
    Ok(deleted)
}

pub(crate) async fn purge_directory(conn: &mut Conn, now: Timestamp, batch: u32) -> Result<u64> {
    purge_common(conn, now, batch).await
}

pub(crate) async fn purge_region(conn: &mut Conn, now: Timestamp, batch: u32) -> Result<u64> {
    Ok(purge_common(conn, now, batch).await? + purge(conn, REGION, now, batch).await?)
}
