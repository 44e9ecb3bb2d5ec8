//! API keys as they are listed.

use domain::api_key::ApiKey;
use domain::filter::{Attribute, Filter, Kind, Op, Operand, Test};
use domain::ids::UserId;
use domain::list::{From, Position, Sort, SortValue};

use super::visible;
use crate::admin::AdminError;
use crate::admin::listing::{ListParams, Listed, Listing};
use crate::authority::{API_KEYS, API_KEYS_MANAGE, Caller};
use crate::context::Ctx;
use crate::search;

const SUB: Attribute = Attribute { name: "sub", kind: Kind::Id };
const MAKER: Attribute = Attribute { name: "createdByUser", kind: Kind::Id };
const EXPIRY: Attribute = Attribute { name: "expiry", kind: Kind::Time };
const REVOKED: Attribute = Attribute { name: "revoked", kind: Kind::Time };

/// API keys as they are listed; what narrows the list are parameters of their own.
pub static API_KEYS_LIST: Listing = Listing {
    name: "api-keys",
    attributes: &[],
    sorts: &["created", "createdByUser", "sub", "description", "status"],
    default_sort: Sort::descending("created"),
};

/// Which keys are asked for.
#[derive(Debug, Clone, Default)]
pub struct ApiKeyFilter {
    /// Made by this user.
    pub created_by: Option<String>,
    /// Of this user.
    pub sub: Option<String>,
    /// `active`, `expired` or `revoked`.
    pub status: Option<String>,
}

fn test(attribute: Attribute, op: Op, operand: Operand) -> Filter {
    Filter::Test(Test { attribute, op, operand })
}

fn user(name: &'static str, attribute: Attribute, id: &str) -> Result<Filter, AdminError> {
    let id = UserId::parse(id).map_err(|_| AdminError::parameter(name, "is a user's id"))?;
    Ok(test(attribute, Op::Eq, Operand::Text(id.as_str().to_owned())))
}

fn status(ctx: &Ctx<'_>, word: &str) -> Result<Vec<Filter>, AdminError> {
    let revoked = || test(REVOKED, Op::Pr, Operand::None);
    let expiry = |op| test(EXPIRY, op, Operand::Time(ctx.now));
    match word {
        "active" => Ok(vec![expiry(Op::Gt), Filter::Not(Box::new(revoked()))]),
        "expired" => Ok(vec![expiry(Op::Le), Filter::Not(Box::new(revoked()))]),
        "revoked" => Ok(vec![revoked()]),
        _ => Err(AdminError::parameter("status", "is active, expired or revoked")),
    }
}

impl ApiKeyFilter {
    /// The filter, narrowed to the caller's own keys unless they may see all.
    fn parse(&self, ctx: &Ctx<'_>, caller: &Caller) -> Result<Option<Filter>, AdminError> {
        let mut all = Vec::new();
        if let Some(id) = &self.created_by {
            all.push(user("createdByUser", MAKER, id)?);
        }
        if let Some(id) = &self.sub {
            all.push(user("sub", SUB, id)?);
        }
        if let Some(word) = &self.status {
            all.extend(status(ctx, word)?);
        }
        if let Some(own) = caller.user().filter(|_| !caller.may(ctx, &API_KEYS_MANAGE)) {
            all.push(test(SUB, Op::Eq, Operand::Text(own.id.as_str().to_owned())));
        }
        Ok(match all.len() {
            0 => None,
            1 => all.pop(),
            _ => Some(Filter::And(all)),
        })
    }

    /// What cursors are bound to.
    fn text(&self) -> String {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        [part(&self.created_by), part(&self.sub), part(&self.status)].join("\n")
    }
}

/// A page of the keys: the caller's own, all for administrators. A cursor is one of ours or, as in
/// the contract, the id of a key.
///
/// # Errors
/// A caller without the right, a wrong parameter, or a store that is away.
pub async fn list(
    ctx: &Ctx<'_>,
    caller: &Caller,
    filter: &ApiKeyFilter,
    params: &ListParams,
) -> Result<Listed<ApiKey>, AdminError> {
    caller.require(ctx, &API_KEYS)?;
    let mut params = ListParams { filter: Some(filter.text()), ..params.clone() };
    let after = known(ctx, caller, &mut params.next).await?;
    let before = known(ctx, caller, &mut params.prev).await?;
    let mut query = API_KEYS_LIST.query_filtered(ctx, &params, filter.parse(ctx, caller)?)?;
    query.from = match (after, before) {
        (Some(_), Some(_)) => return Err(Listing::both_ways()),
        (Some(key), None) => From::After(position(&key, query.sort)),
        (None, Some(key)) => From::Before(position(&key, query.sort)),
        (None, None) => query.from,
    };
    let page = search::page(ctx, caller, query, |mut read, query| async move {
        read.api_key_page(&query).await
    })
    .await?;
    Ok(API_KEYS_LIST.seal(ctx, &params, page))
}

/// The key that a cursor names, if it is an id and no cursor of ours; it is taken out then.
async fn known(
    ctx: &Ctx<'_>,
    caller: &Caller,
    cursor: &mut Option<String>,
) -> Result<Option<ApiKey>, AdminError> {
    let is_id = |text: &String| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    match cursor.take_if(|text| is_id(text)) {
        None => Ok(None),
        Some(id) => visible(ctx, caller, &id).await.map(Some).map_err(|error| match error {
            AdminError::NotFound(_) => {
                AdminError::parameter("startingAfter", "and endingBefore are ids of API keys")
            }
            other => other,
        }),
    }
}

/// Where a key stands in a sorted list.
fn position(key: &ApiKey, sort: Sort) -> Position {
    let value = match sort.by {
        "createdByUser" => SortValue::Text(key.created_by.clone()),
        "sub" => SortValue::Text(key.user_id.to_string()),
        "description" => SortValue::Text(key.description.to_lowercase()),
        "status" => SortValue::Int(match key.revoked_at {
            Some(_) => 0,
            None => -key.expires_at.as_millisecond(),
        }),
        _ => SortValue::Int(key.created_at.as_millisecond()),
    };
    Position { value, id: key.id.to_string() }
}
