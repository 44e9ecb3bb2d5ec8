//! What belongs to which number: ids, hosts, and who owns which client.
//!
//! Invariant: ids are scattered over their whole range as random ones are, so that neighbours in
//! number are no neighbours in an index; in SQL and here they are the same.

use clap::Args;

/// A prime, and a primitive root of it: `number * ROOT % PRIME` differs for all numbers below.
const PRIME: i64 = 2_147_483_647;
const ROOT: i64 = 48_271;
/// More than [`PRIME`], to write it with all of its digits.
const TEN_DIGITS: i64 = 10_000_000_000;

/// What follows the ten digits: tenants' ids have 32 URL-safe characters, clients' 32 hex digits.
const TENANT_TAIL: &str = "TENANTtenantTENANTtena";
const CLIENT_TAIL: &str = "c11e47c11e47c11e47c11e";

/// How much of everything there is.
#[derive(Args)]
pub struct Numbers {
    /// Tenants besides the template
    #[arg(long)]
    pub tenants: i64,
    /// Clients besides the template's
    #[arg(long)]
    pub clients: i64,
    /// Clients of the first tenant; the others share the rest
    #[arg(long)]
    pub largest: i64,
}

impl Numbers {
    /// The numbers from `first` to `last` as `n (i, owner)`: a client's number and its tenant's.
    /// The first clients are the tenants' machine clients, one each.
    pub fn between(&self, first: i64, last: i64) -> String {
        let Self { tenants, largest, .. } = self;
        let others = (tenants - 1).max(1);
        format!(
            "counted (i) AS (SELECT CAST({first} AS BIGINT) \
                UNION ALL SELECT i + 1 FROM counted WHERE i < {last}), \
             n (i, owner) AS (SELECT i, CASE WHEN i <= {tenants} THEN i \
                WHEN i < {tenants} + {largest} THEN 1 \
                ELSE 2 + (i - {tenants} - {largest}) % {others} END FROM counted)"
        )
    }
}

/// A tenant's id in SQL.
pub fn tenant_sql(number: &str) -> String {
    format!("{} || '{TENANT_TAIL}'", scattered_sql(number))
}

/// A client's id in SQL.
pub fn client_sql(number: &str) -> String {
    format!("{} || '{CLIENT_TAIL}'", scattered_sql(number))
}

fn scattered_sql(number: &str) -> String {
    format!("SUBSTR(CAST({TEN_DIGITS} + {number} * {ROOT} % {PRIME} AS TEXT), 2)")
}

/// A tenant's host name in SQL.
pub fn host_sql(number: &str) -> String {
    format!("'t' || CAST({number} AS TEXT) || '.eu.localhost'")
}

/// A client's id.
pub fn client_id(number: i64) -> String {
    format!("{:010}{CLIENT_TAIL}", number * ROOT % PRIME)
}

/// A tenant's host name.
pub fn host(number: i64) -> String {
    format!("t{number}.eu.localhost")
}
