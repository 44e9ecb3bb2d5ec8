//! `/api/v1/oauth-clients` (contract, section 1).

mod activity;
mod consequences;
pub mod keys;
mod life;
mod limits;
mod overview;
mod pages;
pub mod published;
mod reduced;
mod users;

use engine::admin::client::ClientDraft;
use serde_json::Value;

use crate::call::{Answer, Call};
use crate::flow::AuthRequest;
use crate::world::{Tenant, World, scopes, web_draft};

pub const PATH: &str = "/api/v1/oauth-clients";

/// Calls with an administrator's machine token.
pub struct Admin<'w> {
    world: &'w World,
    tenant: &'w Tenant,
    token: String,
}

impl<'w> Admin<'w> {
    pub async fn of(world: &'w World, tenant: &'w Tenant) -> Self {
        Self { world, tenant, token: world.machine_token(tenant).await }
    }

    /// The same as the person who administers the tenant, for when its machine client may not.
    pub async fn of_person(world: &'w World, tenant: &'w Tenant) -> Self {
        let draft = ClientDraft { allowed_scopes: scopes("admin_classic"), ..web_draft() };
        let app = world.client(tenant, draft).await;
        let request = AuthRequest::new(&app, "admin_classic");
        let code = world.code_in(&mut world.browser(tenant), &request, &tenant.admin).await;
        let token = world.exchange(tenant, &app, &code).await.access_token();
        Self { world, tenant, token }
    }

    /// A call to a path below the clients'.
    pub fn call(&self, method: &str, path: &str) -> Call {
        let path = format!("{PATH}{path}");
        self.world.call(method, &self.tenant.host, &path).bearer(&self.token)
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path).send().await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path).json(body).send().await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.call("PATCH", path).json(body).send().await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path).send().await
    }
}

/// The first error of an answer: its code, and where it points.
#[track_caller]
pub fn refusal(answer: &Answer, status: u16) -> (String, String) {
    let body = answer.expect(status).json();
    let error = &body["errors"][0];
    let source = &error["source"];
    let place = source["pointer"].as_str().or(source["parameter"].as_str()).unwrap_or_default();
    (error["code"].as_str().expect("a code").to_owned(), place.to_owned())
}
