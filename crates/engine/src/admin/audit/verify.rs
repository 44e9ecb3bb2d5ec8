//! Whether the audit trails are as they were written: for `countersign audit verify`.
//!
//! Invariant: reads only, in pages, and goes on to the next trail after a fault, so that memory is
//! bounded and nothing hides behind the first finding. It may run beside nodes that write.

use std::collections::{BTreeMap, BTreeSet};

use domain::audit::{AuditSeal, ChainCheck, ChainFault, ChainMark};
use serde::Serialize;
use store::{AuditTrails, StoreError};

use crate::context::Engine;

/// Events of one read.
const PAGE: u32 = 500;

/// What was found of one owner's trail in one database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrailReport {
    /// The database: `directory`, `region eu`.
    pub database: String,
    /// A tenant's id, `organization:<id>`, `region:<code>`, or the register of all trails.
    pub owner_id: String,
    /// How many events, from the first, are as they were written.
    pub checked: i64,
    /// The hash of the last of them: with `checked`, the mark by which a later check knows the
    /// trail again.
    pub hash: String,
    /// How many are older than the chain, so that nothing can be said of them.
    pub unprotected: i64,
    /// The first thing that is wrong.
    pub fault: Option<ChainFault>,
}

/// What was found in all databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditReport {
    /// How many trails were read.
    pub trails: u64,
    /// How many of them are not as they were written.
    pub broken: u64,
    /// The sum of [`TrailReport::checked`].
    pub checked: i64,
    /// The sum of [`TrailReport::unprotected`].
    pub unprotected: i64,
}

impl AuditReport {
    /// Whether nothing is wrong.
    pub fn is_intact(&self) -> bool {
        self.broken == 0
    }
}

/// What an earlier check found, by database and owner.
pub type Marks = BTreeMap<(String, String), ChainMark>;

/// Reads all trails of the directory and of every region of this process, and tells `found` of
/// each. A trail that is sound in itself, but not the one that is `known`, was put back to an
/// earlier state.
///
/// # Errors
/// When a database does not answer.
pub async fn verify(
    engine: &Engine,
    known: &Marks,
    found: &mut (dyn FnMut(TrailReport) + Send),
) -> Result<AuditReport, StoreError> {
    let seal = engine.keyring.audit_seal();
    let mut report = AuditReport::default();
    for (database, trails) in engine.store().audit_trails() {
        let mut tell = |trail: TrailReport| {
            report.trails += 1;
            report.broken += u64::from(trail.fault.is_some());
            report.checked += trail.checked;
            report.unprotected += trail.unprotected;
            found(trail);
        };
        Verifier { seal: &seal, known, trails, database }.all(&mut tell).await?;
    }
    Ok(report)
}

/// The trails of one database.
struct Verifier<'s> {
    seal: &'s AuditSeal,
    known: &'s Marks,
    trails: AuditTrails,
    database: String,
}

impl Verifier<'_> {
    fn report(&self, owner_id: &str, fault: Option<ChainFault>) -> TrailReport {
        TrailReport {
            database: self.database.clone(),
            owner_id: owner_id.to_owned(),
            checked: 0,
            hash: String::new(),
            unprotected: 0,
            fault,
        }
    }

    async fn all(&self, found: &mut (dyn FnMut(TrailReport) + Send)) -> Result<(), StoreError> {
        let here = self.known.keys().filter(|(database, _)| *database == self.database);
        let mut unseen: BTreeSet<&str> = here.map(|(_, owner)| owner.as_str()).collect();
        let mut linked = false;
        let mut after = String::new();
        while let Some(owner_id) = self.trails.next_owner(&after).await? {
            let trail = self.trail(&owner_id).await?;
            linked |= trail.checked > 0;
            found(trail);
            unseen.remove(owner_id.as_str());
            after = owner_id;
        }
        self.registered(linked, &mut unseen, found).await?;
        for owner_id in unseen {
            found(self.report(owner_id, Some(ChainFault::TrailMissing)));
        }
        Ok(())
    }

    async fn trail(&self, owner_id: &str) -> Result<TrailReport, StoreError> {
        let known = self.known.get(&(self.database.clone(), owner_id.to_owned()));
        let mut check = ChainCheck::new(self.seal, owner_id, known);
        let mut fault = self.chain(&mut check, owner_id).await?;
        let unlinked = self.trails.unlinked(owner_id).await?;
        if let (Some(first), Some(seq)) = (unlinked.first_linked_seq, unlinked.last_seq)
            && seq > first
        {
            fault = fault.or(Some(ChainFault::Inserted { seq }));
        }
        Ok(TrailReport {
            checked: check.checked(),
            hash: check.mark().hash,
            unprotected: unlinked.count,
            ..self.report(owner_id, fault)
        })
    }

    async fn chain(
        &self,
        check: &mut ChainCheck<'_>,
        owner_id: &str,
    ) -> Result<Option<ChainFault>, StoreError> {
        let mut after = (i64::MIN, i64::MIN);
        let mut ended_at = None;
        loop {
            let rows = self.trails.rows(owner_id, after, PAGE).await?;
            for row in &rows {
                if let Err(fault) = check.row(row) {
                    return Ok(Some(self.named(fault, owner_id).await?));
                }
                after = (check.checked(), row.seq);
            }
            if !rows.is_empty() {
                continue;
            }
            match check.end(self.trails.head(owner_id).await?.as_ref()) {
                Ok(()) => return Ok(None),
                // The chain may have grown since its last row was read: look once more.
                Err(ChainFault::Missing { .. }) if ended_at != Some(check.checked()) => {
                    ended_at = Some(check.checked());
                }
                Err(fault) => return Ok(Some(fault)),
            }
        }
    }

    /// A row beyond the end of the chain was not changed, but put in.
    async fn named(&self, fault: ChainFault, owner_id: &str) -> Result<ChainFault, StoreError> {
        let ChainFault::Changed { link, seq } = fault else { return Ok(fault) };
        Ok(match self.trails.head(owner_id).await? {
            Some(head)
                if head.link < link
                    && self.seal.is_head(owner_id, head.link, &head.hash, &head.seal) =>
            {
                ChainFault::Inserted { seq }
            }
            _ => fault,
        })
    }

    /// Every owner whose chain has begun is in the register: no trail vanishes as a whole.
    async fn registered(
        &self,
        linked: bool,
        unseen: &mut BTreeSet<&str>,
        found: &mut (dyn FnMut(TrailReport) + Send),
    ) -> Result<(), StoreError> {
        if linked && self.trails.head(AuditTrails::REGISTER).await?.is_none() {
            unseen.remove(AuditTrails::REGISTER);
            found(self.report(AuditTrails::REGISTER, Some(ChainFault::RegisterMissing)));
        }
        let mut after = (i64::MIN, i64::MIN);
        loop {
            let page = self.trails.rows(AuditTrails::REGISTER, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            // A link that cannot be read was told as a fault of the register.
            let Some(link) = last.link else { return Ok(()) };
            after = (link, last.seq);
            for owner_id in page.iter().map(|row| row.subject()) {
                let is_there = self.trails.head(owner_id).await?.is_some()
                    || !self.trails.rows(owner_id, (i64::MIN, i64::MIN), 1).await?.is_empty();
                if !is_there {
                    unseen.remove(owner_id);
                    found(self.report(owner_id, Some(ChainFault::TrailMissing)));
                }
            }
        }
    }
}
