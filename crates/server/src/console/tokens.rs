//! `/admin/tokens`: how long things live, and the keys that sign.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use domain::tenant::Lifetimes;
use engine::admin::AdminError;
use engine::admin::signing_key::{self, KeyState, KeyView};
use engine::admin::tenant_lifetimes::{self, BOUNDS, Bound};
use serde_json::{Map, Value, json};

use super::stale::Edit;
use super::{Admin, AdminForm, once, refusal};
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
    let lifetimes = match found {
        Ok(lifetimes) => lifetimes,
        Err(error) => return refusal::page(&admin, SECTION, &error),
    };
    let shown = Shown { fields: stored(&lifetimes), base: ground(&lifetimes), alert: None };
    page(&admin, admin.shell_after(SECTION, query.as_deref()), StatusCode::OK, shown).await
}

/// The form of lifetimes.
struct Shown {
    fields: Vec<LifetimeField>,
    base: Value,
    alert: Option<String>,
}

/// What the form begins with, in seconds.
fn ground(lifetimes: &Lifetimes) -> Value {
    let pair = |bound: &Bound| (bound.field.to_owned(), json!(bound.value(lifetimes)));
    BOUNDS.iter().map(pair).collect::<Map<_, _>>().into()
}

async fn page(admin: &Admin, shell: Shell, status: StatusCode, shown: Shown) -> Response {
    let keys = match signing_key::list(&admin.ctx(), &admin.caller).await {
        Ok(keys) => keys.iter().map(|key| key_line(admin, key)).collect(),
        Err(error) => return refusal::page(admin, SECTION, &error),
    };
    let Shown { fields: lifetimes, base, alert } = shown;
    let base = base.to_string();
    admin.page_with(status, &TokensPage { shell, lifetimes, base, alert, keys })
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
    let field = |bound: &Bound| {
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

/// What was typed for a lifetime.
fn typed(form: &Form, name: &str) -> (String, Unit) {
    let number = form.field(name).unwrap_or_default().trim().to_owned();
    let unit = form.field(&format!("{name}Unit")).and_then(Unit::parse);
    (number, unit.unwrap_or(Unit::Seconds))
}

/// How many seconds that is; nothing when it is no number.
fn seconds((number, unit): &(String, Unit)) -> Option<i64> {
    let number: i64 = number.parse().ok().filter(|number| *number >= 0)?;
    number.checked_mul(unit.seconds())
}

/// The form as it is to be shown again: what was typed where it was changed, what it is elsewhere.
fn again(form: &Form, edit: &Edit, now: &Lifetimes) -> Vec<LifetimeField> {
    let mut fields = stored(now);
    for field in &mut fields {
        let typed = typed(form, field.field);
        if *edit.merged(field.field) == json!(seconds(&typed)) {
            (field.number, field.unit) = typed;
        }
    }
    fields
}

fn tell(fields: &mut [LifetimeField], field: &str, told: &str) {
    for one in fields.iter_mut().filter(|one| one.field == field) {
        one.wrong = Some(told.to_owned());
    }
}

/// `POST /admin/tokens/lifetimes`: those that were changed.
pub async fn set_lifetimes(AdminForm { admin, form }: AdminForm) -> Response {
    let (ctx, caller) = (admin.ctx(), &admin.caller);
    let now = match tenant_lifetimes::lifetimes(&ctx, caller).await {
        Ok(now) => now,
        Err(error) => return refusal::page(&admin, SECTION, &error),
    };
    let wanted = BOUNDS
        .iter()
        .map(|bound| (bound.field.to_owned(), json!(seconds(&typed(&form, bound.field)))));
    let edit = Edit::new(&form, wanted.collect::<Map<_, _>>().into(), ground(&now));
    let mut fields = again(&form, &edit, &now);
    let mut status = StatusCode::OK;
    for bound in &BOUNDS {
        if edit.merged(bound.field).is_null() {
            tell(&mut fields, bound.field, &admin.texts.t("lifetime-no-number"));
            status = StatusCode::BAD_REQUEST;
        } else if edit.is_conflict(bound.field) {
            let theirs = Duration::of_seconds(bound.value(&now)).in_words(&admin.texts);
            tell(&mut fields, bound.field, &admin.texts.of("form-conflict", theirs));
            status = StatusCode::CONFLICT;
        }
    }
    let mut alert = None;
    if let Some(wanted) = merged(&edit).filter(|_| status == StatusCode::OK) {
        match tenant_lifetimes::set_lifetimes(&ctx, caller, &now, wanted).await {
            Ok(()) => return admin.done(PATH, "lifetimes-saved"),
            Err(AdminError::Invalid { field, message, .. }) => {
                tell(&mut fields, field, &admin.texts.said(&message));
                status = StatusCode::BAD_REQUEST;
            }
            Err(error @ AdminError::Stale) => {
                let (conflict, told) = refusal::explained(admin.texts, &error);
                (status, alert) = (conflict, Some(told));
            }
            Err(error) => return refusal::page(&admin, SECTION, &error),
        }
    }
    page(&admin, admin.shell(SECTION), status, Shown { fields, base: ground(&now), alert }).await
}

/// The lifetimes of an edit, when each is a number.
fn merged(edit: &Edit) -> Option<Lifetimes> {
    let pair = |bound: &Bound| (bound.field.to_owned(), edit.merged(bound.field).clone());
    let pairs: Map<_, _> = BOUNDS.iter().map(pair).collect();
    serde_json::from_value(Value::Object(pairs)).ok()
}

/// `GET /admin/tokens/rotate`: what a rotation does.
pub async fn ask_rotate(admin: Admin) -> Response {
    let once = [once::mark(&admin), once::mark(&admin)];
    admin.page(&RotateKeysPage { shell: admin.shell(SECTION), once })
}

/// `POST /admin/tokens/rotate`.
pub async fn rotate(AdminForm { admin, form }: AdminForm) -> Response {
    let Some(mark) = once::of(&form) else {
        return refusal::not_our_form(&admin.request, admin.texts);
    };
    let (ctx, at_once) = (admin.ctx(), form.has("atOnce"));
    match signing_key::rotate_once(&ctx, &admin.caller, at_once, Some(&mark)).await {
        Ok(_) if at_once => admin.done(PATH, "keys-replaced"),
        Ok(_) => admin.done(PATH, "keys-rotated"),
        Err(AdminError::Repeated) => refusal::twice(&admin, SECTION, PATH),
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}
