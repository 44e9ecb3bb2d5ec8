//! Searches: lists with a filter or a total, which may look at every row of a tenant.
//!
//! Invariants: a tenant has one search running on a node, and each database at most half of its
//! readers, so that whatever is asked, sign-ins and tokens find a reader. Who waits does so in
//! turn, each tenant with one search in a region's line, so that neither a large tenant nor a busy
//! user keeps the others out; lines are short, and nobody waits for longer than [`PATIENCE`]. A
//! caller who goes away frees their place when their search has ended, not before: the database ends
//! it after ten seconds. Memory is bounded by the requests that are open.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::ids::{RegionCode, TenantId, UserId};
use domain::list::{ListQuery, Page};
use domain::said;
use store::{Store, StoreError, TenantRead};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::admin::AdminError;
use crate::authority::Caller;
use crate::context::Ctx;

/// Most searches of one user in a tenant, running and waiting.
pub const OF_A_USER: usize = 8;
/// Most searches of a tenant, running and waiting.
pub const OF_A_TENANT: usize = 32;
/// How long a search waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// A search was turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Crowded {
    /// The user has too many already.
    User,
    /// The tenant has too many already.
    Tenant,
    /// Its turn did not come in time.
    Late,
}

impl From<Crowded> for AdminError {
    fn from(crowded: Crowded) -> Self {
        Self::Busy(match crowded {
            Crowded::User => said!(
                "busy-user",
                "You have {max} lists with a filter or a total under way, which is the most at \
                 once. Wait for one of them.",
                max = OF_A_USER
            ),
            Crowded::Tenant => said!(
                "busy-tenant",
                "The tenant has {max} lists with a filter or a total under way, which is the most \
                 at once. Try again in a moment.",
                max = OF_A_TENANT
            ),
            Crowded::Late => said!(
                "busy-late",
                "Too many lists with a filter or a total are under way. Try again in a moment, or \
                 without them."
            ),
        })
    }
}

/// Who searches; nobody for the operator.
type Who = Option<UserId>;

/// The searches of a tenant that are open.
struct Line {
    turn: Arc<Semaphore>,
    /// How many each user has; never 0.
    places: HashMap<Who, usize>,
}

type Lines = Arc<Mutex<HashMap<TenantId, Line>>>;

/// The searches of a node.
pub struct Searches {
    regions: HashMap<RegionCode, Arc<Semaphore>>,
    lines: Lines,
    patience: Duration,
}

/// A place in a tenant's line.
struct Place {
    lines: Lines,
    tenant: TenantId,
    who: Who,
}

/// A search whose turn it is.
struct Turn {
    _region: OwnedSemaphorePermit,
    _tenant: OwnedSemaphorePermit,
    _place: Place,
}

impl Searches {
    pub(crate) fn new(store: &Store) -> Self {
        let half = |readers: u32| usize::try_from(readers / 2).unwrap_or(1).max(1);
        let of = |(code, region): (&RegionCode, &store::RegionStore)| {
            (code.clone(), Arc::new(Semaphore::new(half(region.database().readers()))))
        };
        let regions = store.regions().map(of).collect();
        Self { regions, lines: Lines::default(), patience: PATIENCE }
    }

    fn stand(&self, tenant: &TenantId, who: &Who) -> Result<(Place, Arc<Semaphore>), Crowded> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lines.get(tenant);
        let of_user = known.and_then(|line| line.places.get(who)).copied().unwrap_or(0);
        if of_user >= OF_A_USER {
            return Err(Crowded::User);
        }
        if known.is_some_and(|line| line.places.values().sum::<usize>() >= OF_A_TENANT) {
            return Err(Crowded::Tenant);
        }
        let line = lines
            .entry(tenant.clone())
            .or_insert_with(|| Line { turn: Arc::new(Semaphore::new(1)), places: HashMap::new() });
        *line.places.entry(who.clone()).or_default() += 1;
        let place =
            Place { lines: Arc::clone(&self.lines), tenant: tenant.clone(), who: who.clone() };
        Ok((place, Arc::clone(&line.turn)))
    }

    async fn turn(
        &self,
        region: &RegionCode,
        tenant: &TenantId,
        who: &Who,
    ) -> Result<Turn, Crowded> {
        let (place, turn) = self.stand(tenant, who)?;
        let region = self.regions.get(region).ok_or(Crowded::Late)?;
        // The tenant's turn first: so it has one search in the region's line, however many wait.
        let both = async {
            let tenant = turn.acquire_owned().await.ok()?;
            let region = Arc::clone(region).acquire_owned().await.ok()?;
            Some(Turn { _region: region, _tenant: tenant, _place: place })
        };
        tokio::time::timeout(self.patience, both).await.ok().flatten().ok_or(Crowded::Late)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(line) = lines.get_mut(&self.tenant) else { return };
        match line.places.get_mut(&self.who) {
            Some(places) if *places > 1 => *places -= 1,
            _ => drop(line.places.remove(&self.who)),
        }
        if line.places.is_empty() {
            lines.remove(&self.tenant);
        }
    }
}

/// Makes a search when its turn comes.
///
/// # Errors
/// [`AdminError::Busy`] when the line is full or does not move; the search's own.
pub(crate) async fn search<T: Send + 'static>(
    ctx: &Ctx<'_>,
    caller: &Caller,
    search: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, AdminError> {
    let tenant = &ctx.tenant.tenant;
    let who = caller.user().map(|user| user.id.clone());
    let turn = ctx.engine.searches.turn(&tenant.region, &tenant.id, &who).await?;
    in_turn(turn, search).await
}

/// In a task of its own: the database does not stop because a caller has gone, so neither does the
/// turn end.
async fn in_turn<T: Send + 'static>(
    turn: impl Send + 'static,
    search: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, AdminError> {
    let task = tokio::spawn(async move {
        let found = search.await;
        drop(turn);
        found
    });
    let found = task.await.map_err(|error| AdminError::Unavailable(error.to_string()))?;
    Ok(found?)
}

/// Reads a page of a list: as a search when it may have to look at every row.
///
/// # Errors
/// As for [`search`].
pub(crate) async fn page<T, F>(
    ctx: &Ctx<'_>,
    caller: &Caller,
    query: ListQuery,
    find: impl FnOnce(TenantRead, ListQuery) -> F,
) -> Result<Page<T>, AdminError>
where
    T: Send + 'static,
    F: Future<Output = Result<Page<T>, StoreError>> + Send + 'static,
{
    let is_search = query.filter.is_some() || query.total;
    let found = find(ctx.read().await?, query);
    if is_search { search(ctx, caller, found).await } else { Ok(found.await?) }
}

#[cfg(test)]
mod tests;
