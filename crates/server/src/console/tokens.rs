//! `/admin/tokens`: how long things live, and the keys that sign.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use domain::tenant::Lifetimes;
use engine::admin::AdminError;
use engine::admin::signing_key::{self, KeyState, KeyView};
use engine::admin::tenant_lifetimes::{self, BOUNDS};
use serde_json::{Map, Value, json};

use super::{Admin, AdminForm, refusal};
use crate::http::form::Form;
use crate::pages::console::tokens::{
    Duration, KeyLine, LifetimeField, RotateKeysPage, TokensPage, Unit,
};
use crate::pages::console::{Section, Shell, When};

const SECTION: Section = Section::Tokens;
const PATH: &str = "/admin/tokens";

/// The page.
pub async fn get(admin: Admin, RawQuery(query): RawQuery) -> Response {
    let found = tenant_lifetimes::lifetimes(&admin.ctx(), &admin.caller).await;
    let fields = match found {
        Ok(lifetimes) => stored(&lifetimes),
        Err(error) => return refusal::page(&admin, SECTION, &error),
    };
    page(&admin, admin.shell_after(SECTION, query.as_deref()), StatusCode::OK, fields).await
}

async fn page(
    admin: &Admin,
    shell: Shell,
    status: StatusCode,
    lifetimes: Vec<LifetimeField>,
) -> Response {
    let keys = match signing_key::list(&admin.ctx(), &admin.caller).await {
        Ok(keys) => keys.iter().map(|key| key_line(admin, key)).collect(),
        Err(error) => return refusal::page(admin, SECTION, &error),
    };
    admin.page_with(status, &TokensPage { shell, lifetimes, keys })
}

fn key_line(admin: &Admin, key: &KeyView) -> KeyLine {
    let now = admin.ctx().now;
    let when = |at| When::relative(admin.texts, now, at);
    KeyLine {
        kid: key.kid.clone(),
        alg: key.alg.as_str().to_owned(),
        state: match key.state {
            KeyState::Next => "next",
            KeyState::Active => "active",
            KeyState::Retiring => "retiring",
            KeyState::Retired => "retired",
        },
        activates: when(key.activates_at),
        retires: key.retires_at.map(when),
    }
}

fn stored(lifetimes: &Lifetimes) -> Vec<LifetimeField> {
    let field = |bound: &tenant_lifetimes::Bound| {
        let Duration { number, unit } = Duration::of_seconds(bound.value(lifetimes));
        LifetimeField {
            field: bound.field,
            number: number.to_string(),
            unit,
            least: Duration::of_seconds(bound.least),
            most: Duration::of_seconds(bound.most),
            wrong: None,
        }
    };
    BOUNDS.iter().map(field).collect()
}

/// What was typed, with what is wrong with it.
fn typed(admin: &Admin, form: &Form) -> Vec<LifetimeField> {
    let field = |mut field: LifetimeField| {
        field.number = form.field(field.field).unwrap_or_default().trim().to_owned();
        let unit = form.field(&format!("{}Unit", field.field)).and_then(Unit::parse);
        field.unit = unit.unwrap_or(Unit::Seconds);
        if seconds(&field).is_none() {
            field.wrong = Some(admin.texts.t("lifetime-no-number"));
        }
        field
    };
    stored(&Lifetimes::default()).into_iter().map(field).collect()
}

fn seconds(field: &LifetimeField) -> Option<i64> {
    let number: i64 = field.number.parse().ok().filter(|number| *number >= 0)?;
    number.checked_mul(field.unit.seconds())
}

fn lifetimes(fields: &[LifetimeField]) -> Option<Lifetimes> {
    let pairs = fields.iter().map(|field| Some((field.field.to_owned(), json!(seconds(field)?))));
    let object: Option<Map<String, Value>> = pairs.collect();
    serde_json::from_value(Value::Object(object?)).ok()
}

/// `POST /admin/tokens/lifetimes`.
pub async fn set_lifetimes(AdminForm { admin, form }: AdminForm) -> Response {
    let mut fields = typed(&admin, &form);
    let error = match lifetimes(&fields) {
        None => None,
        Some(wanted) => {
            match tenant_lifetimes::set_lifetimes(&admin.ctx(), &admin.caller, wanted).await {
                Ok(()) => return admin.done(PATH, "lifetimes-saved"),
                Err(error) => Some(error),
            }
        }
    };
    match error {
        None => {}
        Some(AdminError::Invalid { field, message, .. }) => {
            for one in fields.iter_mut().filter(|one| one.field == field) {
                one.wrong = Some(message.clone());
            }
        }
        Some(error) => return refusal::page(&admin, SECTION, &error),
    }
    page(&admin, admin.shell(SECTION), StatusCode::BAD_REQUEST, fields).await
}

/// `GET /admin/tokens/rotate`: what a rotation does.
pub async fn ask_rotate(admin: Admin) -> Response {
    admin.page(&RotateKeysPage { shell: admin.shell(SECTION) })
}

/// `POST /admin/tokens/rotate`.
pub async fn rotate(AdminForm { admin, form }: AdminForm) -> Response {
    match signing_key::rotate(&admin.ctx(), &admin.caller, form.has("atOnce")).await {
        Ok(_) if form.has("atOnce") => admin.done(PATH, "keys-replaced"),
        Ok(_) => admin.done(PATH, "keys-rotated"),
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}
