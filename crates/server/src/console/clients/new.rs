//! Creating a client: first its type, then its form.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use domain::client::AppType;
use domain::params::{Limits, Params};
use engine::admin::AdminError;
use engine::admin::client::{self, ClientDraft, ClientFields, Created};
use engine::admin::once::Mark;

use super::typed::Typed;
use super::{PATH, SECTION, created, wrong};
use crate::console::{Admin, AdminForm, once, refusal};
use crate::pages::console::{ClientFormPage, ClientTypePage, FormLimits, ScopeTree, Wrong};

/// `GET /admin/clients/new`: the types; with `type`, the form of one.
pub async fn get(admin: Admin, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let params = Params::from_form(query.as_bytes(), Limits::default()).unwrap_or_default();
    let asked = params.get("type").ok().flatten().and_then(AppType::parse);
    match asked {
        Some(app_type) => {
            admin.page(&form_page(&admin, app_type, Typed::empty(app_type), Vec::new()))
        }
        None => admin.page(&ClientTypePage { shell: admin.shell(SECTION) }),
    }
}

/// `POST /admin/clients/new`: makes the client, and tells its secret once.
pub async fn post(AdminForm { admin, form }: AdminForm) -> Response {
    let Some(app_type) = form.field("appType").and_then(AppType::parse) else {
        let page = ClientTypePage { shell: admin.shell(SECTION) };
        return admin.page_with(StatusCode::BAD_REQUEST, &page);
    };
    let Some(mark) = once::of(&form) else {
        return refusal::not_our_form(&admin.request, admin.texts);
    };
    let typed = Typed::of_form(admin.texts, &form, app_type, &base(app_type));
    if !typed.wrong.is_empty() {
        let page = form_page(&admin, app_type, typed, Vec::new());
        return admin.page_with(StatusCode::BAD_REQUEST, &page);
    }
    match create(&admin, app_type, &typed, &mark).await {
        Ok(made) => created::page(&admin, made),
        Err(AdminError::Repeated) => refusal::twice(&admin, SECTION, PATH),
        Err(error) => {
            let wrong = wrong::of_error(admin.texts, &error, &typed.fields);
            refused(&admin, &error, wrong, |wrong| form_page(&admin, app_type, typed, wrong))
        }
    }
}

/// What fields are that the form of a type does not have.
fn base(app_type: AppType) -> ClientFields {
    Typed::empty(app_type).fields
}

async fn create(
    admin: &Admin,
    app_type: AppType,
    typed: &Typed,
    mark: &Mark,
) -> Result<Created, AdminError> {
    let draft: ClientDraft = typed.fields.draft(app_type, typed.consent)?;
    client::create_once(&admin.ctx(), &admin.caller, &draft, Some(mark)).await
}

/// The form once more with what is wrong; a page of its own for what no form can mend.
pub(super) fn refused(
    admin: &Admin,
    error: &AdminError,
    wrong: Option<Wrong>,
    form: impl FnOnce(Vec<Wrong>) -> ClientFormPage,
) -> Response {
    if matches!(error, AdminError::Denied(_) | AdminError::Forbidden(_) | AdminError::NotFound(_)) {
        return refusal::page(admin, SECTION, error);
    }
    let (status, what) = refusal::explained(admin.texts, error);
    let alert = wrong.is_none().then_some(what);
    let page = ClientFormPage { alert, ..form(wrong.into_iter().collect()) };
    admin.page_with(status, &page)
}

/// The form of a new client.
fn form_page(admin: &Admin, app_type: AppType, typed: Typed, more: Vec<Wrong>) -> ClientFormPage {
    let ctx = admin.ctx();
    let limits = ctx.engine.settings().limits;
    let mut wrong = typed.wrong;
    wrong.extend(more);
    ClientFormPage {
        shell: admin.shell(SECTION),
        app_type,
        editing: None,
        once: once::mark(admin),
        scopes: ScopeTree::new(
            admin.texts,
            ctx.engine.catalogue(),
            app_type,
            &typed.fields.allowed_scopes,
        ),
        limits: FormLimits { redirect_uris: limits.redirect_uris, origins: limits.origins },
        // A key that was just pasted stands in the box, not among those that are kept.
        keys: Vec::new(),
        fields: typed.fields,
        keys_text: typed.keys_text,
        consent: typed.consent,
        wrong,
        alert: None,
    }
}
