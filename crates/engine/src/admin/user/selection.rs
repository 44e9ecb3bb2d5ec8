//! Which users a list is about: the filter, and the older parameters that say the same.
//!
//! Invariant: what is asked about the status holds for the whole filter, never for one branch of
//! it (contract, section 6).

use domain::filter::Filter;

use crate::admin::AdminError;
use crate::admin::listing::ListParams;
use crate::context::Ctx;

/// The parameters from before there was a filter (contract, section 6). Real clients send some of
/// them always (contract, section 0.9).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// `email`.
    pub email: Option<String>,
    /// `role`: a name.
    pub role: Option<String>,
    /// `status`: one or more, with commas.
    pub status: Option<String>,
    /// `subject`.
    pub subject: Option<String>,
    /// `tenantId`.
    pub tenant_id: Option<String>,
    /// `sortBy`, if `sort` does not say it.
    pub sort_by: Option<String>,
    /// `sortOrder`: `asc` or `desc`.
    pub sort_order: Option<String>,
    /// `startingAfter`: a cursor, as `next`.
    pub starting_after: Option<String>,
    /// `endingBefore`: a cursor, as `prev`.
    pub ending_before: Option<String>,
}

/// What a real client sends as status with every list, which says nothing beside a filter.
const HARMLESS_STATUS: &str = "active";

impl Selection {
    /// The same as parameters of today.
    pub(super) fn merge(
        &self,
        ctx: &Ctx<'_>,
        params: &ListParams,
    ) -> Result<ListParams, AdminError> {
        let mut merged = params.clone();
        merged.filter = self.filter(ctx, params.filter.as_deref())?;
        if merged.sort.is_none() {
            merged.sort = self.sort()?;
        }
        merged.next = merged.next.or_else(|| self.starting_after.clone());
        merged.prev = merged.prev.or_else(|| self.ending_before.clone());
        Ok(merged)
    }

    fn sort(&self) -> Result<Option<String>, AdminError> {
        let sign = match self.sort_order.as_deref() {
            None | Some("" | "asc") => '+',
            Some("desc") => '-',
            Some(_) => return Err(AdminError::parameter("sortOrder", "is asc or desc")),
        };
        Ok(self.sort_by.as_ref().map(|by| format!("{sign}{by}")))
    }

    fn filter(&self, ctx: &Ctx<'_>, filter: Option<&str>) -> Result<Option<String>, AdminError> {
        let own = ctx.tenant.tenant.id.as_str();
        if self.tenant_id.as_deref().is_some_and(|id| !id.is_empty() && id != own) {
            return Err(AdminError::parameter("tenantId", "is another tenant than this one"));
        }
        if let Some(filter) = filter.filter(|filter| !filter.is_empty()) {
            self.refuse_beside_a_filter()?;
            return Ok(Some(filter.to_owned()));
        }
        let mut tests = Vec::new();
        for (attribute, value) in
            [("email", &self.email), ("assignedRoles.name", &self.role), ("subject", &self.subject)]
        {
            if let Some(value) = value {
                tests.push(test(attribute, value));
            }
        }
        if let Some(status) = self.status.as_deref().filter(|status| !status.is_empty()) {
            let any: Vec<String> =
                status.split(',').map(|one| test("status", one.trim())).collect();
            tests.push(format!("({})", any.join(" or ")));
        }
        Ok(Some(tests.join(" and ")).filter(|filter| !filter.is_empty()))
    }

    fn refuse_beside_a_filter(&self) -> Result<(), AdminError> {
        let status = self.status.as_deref().filter(|status| *status != HARMLESS_STATUS);
        for (name, value) in [
            ("email", self.email.as_deref()),
            ("role", self.role.as_deref()),
            ("subject", self.subject.as_deref()),
            ("status", status),
        ] {
            if value.is_some_and(|value| !value.is_empty()) {
                let message = "does not go with filter: write it into the filter";
                return Err(AdminError::parameter(name, message));
            }
        }
        Ok(())
    }
}

fn test(attribute: &str, value: &str) -> String {
    format!("{attribute} eq {}", serde_json::Value::from(value))
}

/// Demands that conditions on the status stand at the top of a filter, joined by `and`.
pub(super) fn check_status(filter: &Filter) -> Result<(), AdminError> {
    let pure = match filter {
        Filter::And(parts) => return parts.iter().try_for_each(check_status),
        other => about_status(other, true) || !about_status(other, false),
    };
    if pure {
        return Ok(());
    }
    let message = "conditions on status stand in a group of their own, joined to the rest by and: \
                   (name eq \"Bob\" or name eq \"Alice\") and (status eq \"active\")";
    Err(AdminError::parameter("filter", message))
}

/// Whether all tests, or any test, of a filter are about the status.
fn about_status(filter: &Filter, all: bool) -> bool {
    match filter {
        Filter::Test(test) => test.attribute.name == "status",
        Filter::Not(inner) => about_status(inner, all),
        Filter::And(parts) | Filter::Or(parts) if all => {
            parts.iter().all(|part| about_status(part, all))
        }
        Filter::And(parts) | Filter::Or(parts) => parts.iter().any(|part| about_status(part, all)),
    }
}
