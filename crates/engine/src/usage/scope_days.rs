//! The days on which a client last asked for its scopes and used them.
//!
//! Definition. A scope of a client's list was *requested* on a day when a token or authorization
//! request of that day named it, or a scope that it includes. It was *used* on a day when a token
//! of the client passed a check of this server that day, and it was what let the token pass: the
//! scope that the check demanded, or else the nearest one above it; or when introspection said that
//! a token with it is active. A token that gets all scopes because it asked for none in particular
//! requests nothing. What other products do with a token that they verify without asking us is not
//! seen here.
//!
//! Invariant: keys are names of the client's list that are in the catalogue, so their number is
//! bounded. Each is flushed once a day.

use domain::scope::{Catalogue, ScopeName, ScopeSet};
use domain::time::Timestamp;
use store::ScopeWay;

/// A scope, what was done with it, and the last day of that, counted from 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub(crate) scope: ScopeName,
    pub(crate) way: ScopeWay,
    pub(crate) day: i64,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct ScopeDays(Vec<(Mark, IsFlushed)>);

type IsFlushed = bool;

/// The day of an instant, counted from 1970.
pub(crate) fn day_number(at: Timestamp) -> i64 {
    at.as_second().div_euclid(86_400)
}

/// The scope of a client's list that stands behind `name`: itself, or else the nearest above it.
pub(super) fn behind<'c>(
    catalogue: &'c Catalogue,
    allowed: &ScopeSet,
    name: &str,
) -> Option<&'c ScopeName> {
    let itself = catalogue.get(name).into_iter();
    let mut names = itself.chain(catalogue.ancestors(name)).map(|entry| &entry.name);
    names.find(|name| allowed.contains(name.as_str()))
}

impl ScopeDays {
    pub(super) fn mark(&mut self, scope: &ScopeName, way: ScopeWay, day: i64) {
        let known = self.0.iter_mut().find(|(mark, _)| mark.way == way && mark.scope == *scope);
        match known {
            Some((mark, _)) if mark.day >= day => {}
            Some((mark, is_flushed)) => (mark.day, *is_flushed) = (day, false),
            None => self.0.push((Mark { scope: scope.clone(), way, day }, false)),
        }
    }

    /// What is new since the last time.
    pub(super) fn take(&mut self) -> Vec<Mark> {
        let mut fresh = Vec::new();
        for (mark, is_flushed) in &mut self.0 {
            if !std::mem::replace(is_flushed, true) {
                fresh.push(mark.clone());
            }
        }
        fresh
    }

    /// Takes back what could not be written.
    pub(super) fn give_back(&mut self, marks: &[Mark]) {
        for mark in marks {
            self.0.retain(|(known, _)| known != mark);
            self.mark(&mark.scope, mark.way, mark.day);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> ScopeName {
        ScopeName::parse(text).expect("a name")
    }

    #[test]
    fn each_day_is_told_once_and_days_never_go_back() {
        let mut days = ScopeDays::default();
        let mark = |day| Mark { scope: name("openid"), way: ScopeWay::Used, day };
        for day in [3, 3, 2] {
            days.mark(&name("openid"), ScopeWay::Used, day);
        }
        assert_eq!(days.take(), [mark(3)]);
        days.mark(&name("openid"), ScopeWay::Used, 3);
        assert!(days.take().is_empty());
        days.mark(&name("openid"), ScopeWay::Used, 4);
        let unwritten = days.take();
        assert_eq!(unwritten, [mark(4)]);
        days.give_back(&unwritten);
        assert_eq!(days.take(), unwritten);
        days.mark(&name("openid"), ScopeWay::Used, 5);
        days.give_back(&unwritten);
        assert_eq!(days.take(), [mark(5)]);
    }

    #[test]
    fn the_scope_behind_a_demand_is_the_nearest_of_the_list() {
        let catalogue = Catalogue::embedded().expect("scopes");
        let behind = |allowed: &str, wanted: &str| {
            let allowed = ScopeSet::parse(allowed).expect("scopes");
            super::behind(&catalogue, &allowed, wanted).map(ScopeName::as_str).map(str::to_owned)
        };
        let found = |text: &str| Some(text.to_owned());
        assert_eq!(behind("openid admin.users", "admin.users:read"), found("admin.users"));
        let both = "admin.users admin.users:read";
        assert_eq!(behind(both, "admin.users:read"), found("admin.users:read"));
        assert_eq!(behind(both, "admin.users"), found("admin.users"));
        assert_eq!(behind("admin.users:read", "admin.users"), None);
        assert_eq!(behind("nonsense", "nonsense"), None);
    }
}
