//! What a list is asked for, from its query parameters; and its cursors.
//!
//! Invariant: a cursor is sealed under the master key for one tenant, list, filter and sort. One
//! that was made up, shortened, or made for anything else does not open.

use domain::filter::{Attribute, Filter};
use domain::list::{DEFAULT_LIMIT, From, ListQuery, MAX_LIMIT, Page, Sort};
use domain::said;

use super::AdminError;
use crate::context::Ctx;

/// A list that can be asked for.
#[derive(Debug)]
pub struct Listing {
    /// Its name, which its cursors are bound to.
    pub name: &'static str,
    /// What it can be filtered by.
    pub attributes: &'static [Attribute],
    /// What it can be sorted by.
    pub sorts: &'static [&'static str],
    /// How it is sorted when nobody says.
    pub default_sort: Sort,
}

/// The query parameters of a list (contract, sections 1 and 6), as they were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListParams {
    /// `filter`.
    pub filter: Option<String>,
    /// `sort`.
    pub sort: Option<String>,
    /// `limit`.
    pub limit: Option<u32>,
    /// `next`: a cursor.
    pub next: Option<String>,
    /// `prev`: a cursor.
    pub prev: Option<String>,
    /// `totalResults`.
    pub total: bool,
}

/// A page with its cursors sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    /// The items, in order.
    pub data: Vec<T>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// The cursor of the page before.
    pub prev: Option<String>,
    /// How many there are, when that was asked.
    pub total: Option<i64>,
}

impl<T> Listed<T> {
    /// The same page of other things.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Listed<U> {
        let data = self.data.into_iter().map(change).collect();
        Listed { data, next: self.next, prev: self.prev, total: self.total }
    }
}

impl Listing {
    /// Understands the parameters.
    ///
    /// # Errors
    /// The parameter that is wrong, and why.
    pub fn query(&self, ctx: &Ctx<'_>, params: &ListParams) -> Result<ListQuery, AdminError> {
        let filter = match params.filter.as_deref() {
            None | Some("") => None,
            Some(text) => Some(self.filter(text)?),
        };
        self.query_filtered(ctx, params, filter)
    }

    /// The same with a filter that was made from other parameters; `params.filter` is only the text
    /// that its cursors are bound to.
    ///
    /// # Errors
    /// The parameter that is wrong, and why.
    pub fn query_filtered(
        &self,
        ctx: &Ctx<'_>,
        params: &ListParams,
        filter: Option<Filter>,
    ) -> Result<ListQuery, AdminError> {
        let limit = params.limit.unwrap_or(DEFAULT_LIMIT);
        if limit == 0 || limit > MAX_LIMIT {
            let message = format!("is 1 to {MAX_LIMIT}");
            return Err(AdminError::parameter("limit", message));
        }
        let sort = self.sort(params.sort.as_deref())?;
        let from = match (&params.next, &params.prev) {
            (Some(_), Some(_)) => return Err(Self::both_ways()),
            (Some(next), None) => self.open(ctx, params, "next", next)?,
            (None, Some(prev)) => self.open(ctx, params, "prev", prev)?,
            (None, None) => From::Start,
        };
        Ok(ListQuery { filter, sort, limit, from, total: params.total })
    }

    /// A page after one place and before another cannot be asked for.
    pub(crate) fn both_ways() -> AdminError {
        AdminError::parameter("next", "does not go with prev: send one")
    }

    fn sort(&self, text: Option<&str>) -> Result<Sort, AdminError> {
        let Some(text) = text else {
            return Ok(self.default_sort);
        };
        Sort::parse(text, self.sorts).ok_or_else(|| {
            let names = self.sorts.join(", ");
            AdminError::parameter(
                "sort",
                said!("list-sort", "is + or - and one of: {names}", names),
            )
        })
    }

    /// Reads a filter over this list's attributes.
    ///
    /// # Errors
    /// Where it is wrong, and why.
    pub fn filter(&self, text: &str) -> Result<Filter, AdminError> {
        Filter::parse(text, self.attributes)
            .map_err(|error| AdminError::parameter("filter", error.to_string()))
    }

    /// Seals the ends of a page.
    pub fn seal<T>(&self, ctx: &Ctx<'_>, params: &ListParams, page: Page<T>) -> Listed<T> {
        let context = self.context(ctx, params);
        let seal = |from: From| {
            let plain = serde_json::to_vec(&from).unwrap_or_default();
            ctx.engine.keyring.seal(ctx.engine.entropy(), &context, &plain)
        };
        Listed {
            data: page.data,
            next: page.next.map(seal),
            prev: page.prev.map(seal),
            total: page.total,
        }
    }

    fn open(
        &self,
        ctx: &Ctx<'_>,
        params: &ListParams,
        name: &'static str,
        cursor: &str,
    ) -> Result<From, AdminError> {
        let wrong = || {
            let message = said!(
                "list-cursor",
                "is no cursor of this list with this filter and sort: follow the links of an answer, or begin again without it"
            );
            AdminError::parameter(name, message)
        };
        let plain = ctx.engine.keyring.open(&self.context(ctx, params), cursor);
        let plain = plain.map_err(|_| wrong())?;
        serde_json::from_slice(&plain).map_err(|_| wrong())
    }

    fn context(&self, ctx: &Ctx<'_>, params: &ListParams) -> String {
        let tenant = &ctx.tenant.tenant.id;
        let filter = params.filter.as_deref().unwrap_or("");
        let sort = params.sort.as_deref().unwrap_or("").trim_start_matches(['+', ' ']);
        format!("cursor\n{tenant}\n{}\n{sort}\n{filter}", self.name)
    }
}
