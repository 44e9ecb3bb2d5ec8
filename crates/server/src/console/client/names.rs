//! Names of those who did something, out of their ids.

use std::collections::HashMap;

use domain::audit::Actor;
use engine::admin::user;

use super::Admin;

/// Names that a page has looked up; each is looked up once.
pub(super) struct Names<'a> {
    admin: &'a Admin,
    known: HashMap<String, String>,
}

impl<'a> Names<'a> {
    pub(super) fn new(admin: &'a Admin) -> Self {
        Self { admin, known: HashMap::new() }
    }

    /// The name of a user; the id itself for anybody else, and for a user who is gone.
    pub(super) async fn of_id(&mut self, id: &str) -> String {
        if id.is_empty() {
            return self.admin.texts.t("actor-operator");
        }
        if let Some(name) = self.known.get(id) {
            return name.clone();
        }
        let found = user::get(&self.admin.ctx(), &self.admin.caller, id).await;
        let name = found.map_or_else(|_| id.to_owned(), |seen| seen.user.name.clone());
        self.known.insert(id.to_owned(), name.clone());
        name
    }

    /// Who acted.
    pub(super) async fn of_actor(&mut self, actor: &Actor) -> String {
        match (actor.kind(), actor.id()) {
            (kind, "") => self.admin.texts.t(&format!("actor-{kind}")),
            (_, id) => self.of_id(id).await,
        }
    }
}
