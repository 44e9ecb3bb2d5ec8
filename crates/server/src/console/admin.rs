//! A request to the console by somebody who may make it.

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use engine::Ctx;
use engine::authority::Caller;
use engine::session::SignedIn;

use super::own;
use crate::http::form::Form;
use crate::http::page::{self, Needs, brand};
use crate::http::visit::Visit;
use crate::http::{TenantRequest, respond};
use crate::pages::console::{Notice, Section, Shell};
use crate::texts::Texts;

/// Somebody who is signed in and has the right of the page.
#[derive(Clone)]
pub struct Admin {
    /// The request's tenant.
    pub request: TenantRequest,
    /// Who acts.
    pub caller: Caller,
    /// Their session.
    pub signed_in: SignedIn,
    /// The words in their language.
    pub texts: Texts,
    csrf: String,
}

impl Admin {
    /// Whoever is signed in, if anybody is.
    pub(super) fn new(request: &TenantRequest, visit: &Visit, texts: Texts) -> Option<Self> {
        let signed_in = visit.signed_in.clone()?;
        let csrf = visit.csrf(&request.ctx());
        let caller = Caller::of_user(&signed_in.user);
        Some(Self { request: request.clone(), caller, signed_in, texts, csrf })
    }

    /// The engine's context of this request.
    pub fn ctx(&self) -> Ctx<'_> {
        self.request.ctx()
    }

    /// The frame of a page, which says where in the console it is.
    pub fn shell(&self, section: Section) -> Shell {
        let ctx = self.ctx();
        Shell {
            brand: brand(&self.request),
            t: self.texts,
            csrf: self.csrf.clone(),
            user_name: self.signed_in.user.name.clone(),
            section,
            sections: Section::all_for(|right| self.caller.may(&ctx, right)),
            notice: None,
        }
    }

    /// The same with what was just done, which the query names by a word of ours.
    pub fn shell_after(&self, section: Section, query: Option<&str>) -> Shell {
        Shell { notice: Notice::of_query(self.texts, query), ..self.shell(section) }
    }

    /// A page.
    pub fn page(&self, template: &impl Template) -> Response {
        self.page_with(StatusCode::OK, template)
    }

    /// A page with a status, such as a form that has to be corrected.
    pub fn page_with(&self, status: StatusCode, template: &impl Template) -> Response {
        page::page(status, template, &Needs { script: true, connect: true, ..Needs::default() })
    }

    /// To a page that says what was done: `done` is the end of a key `done-…` of the catalogue.
    pub fn done(&self, path: &str, done: &str) -> Response {
        respond::redirect(StatusCode::SEE_OTHER, &format!("{path}?done={done}"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let request = TenantRequest::from_request_parts(parts, state).await?;
        let admin = parts.extensions.get::<Self>().cloned();
        admin.ok_or_else(|| respond::not_found(&request.trace_id))
    }
}

/// A form of the console that came from our own page.
pub struct AdminForm {
    /// Who sent it.
    pub admin: Admin,
    /// What it says.
    pub form: Form,
}

impl<S: Send + Sync> FromRequestParts<S> for AdminForm {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let mut admin = Admin::from_request_parts(parts, state).await?;
        let form = parts.extensions.get::<Form>().cloned();
        let form = form.ok_or_else(|| respond::not_found(&admin.request.trace_id))?;
        if !own::is_known(&form) {
            admin.caller = admin.caller.asked_first();
        }
        Ok(Self { admin, form })
    }
}
