//! What the nouns have in common: a place under `/api/v1`, an id, columns, and the verbs that work
//! on any of them.

use anyhow::Context;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::Session;
use super::confirm::{Yes, ask, can_ask};
use super::list::{Filtered, Paging, read};
use super::server::Call;
use crate::cli::output::{Column, cell, note};

/// A kind of thing that the server keeps.
pub(super) struct Noun {
    /// What people call one.
    pub name: &'static str,
    /// Its place under `/api/v1`.
    pub path: &'static str,
    /// Where its id is (RFC 6901).
    pub id: &'static str,
    /// Where the name is by which people know one.
    pub label: &'static str,
    /// The columns of a list.
    pub columns: &'static [Column],
    /// The lines of one.
    pub lines: &'static [Column],
    /// What goes with one that is deleted.
    pub loss: &'static str,
    /// A header that must repeat the id of what is deleted.
    pub confirmation: Option<&'static str>,
}

impl Noun {
    pub async fn ls(&self, session: &Session, list: &Filtered) -> anyhow::Result<()> {
        let query = [("filter", list.filter.as_deref())];
        self.ls_with(session, &query, &list.paging).await
    }

    /// A list with query parameters of its own.
    pub async fn ls_with(
        &self,
        session: &Session,
        query: &[(&str, Option<&str>)],
        paging: &Paging,
    ) -> anyhow::Result<()> {
        let found = read(session, session.server.api(&[self.path]), query, paging).await?;
        match &found.single {
            Some(answer) if session.show.is_json() => session.show.answer(answer)?,
            _ => session.show.list(&found.rows, self.columns, self.id)?,
        }
        if found.more {
            note("There are more: `--all` shows every one.");
        }
        Ok(())
    }

    pub async fn get(&self, session: &Session, id: &str) -> anyhow::Result<()> {
        let url = session.server.api(&[self.path, id]);
        self.show(session, &Call::new(Method::GET, url)).await
    }

    pub async fn create(&self, session: &Session, body: Value) -> anyhow::Result<()> {
        let url = session.server.api(&[self.path]);
        self.show(session, &Call::new(Method::POST, url).body(body)).await
    }

    /// Shows the one that a request is answered with.
    async fn show(&self, session: &Session, call: &Call) -> anyhow::Result<()> {
        let answer = session.server.call(call).await?;
        if session.show.is_json() {
            return session.show.answer(&answer);
        }
        session.show.record(&answer.value()?, self.lines, self.id)
    }

    /// What is stored of one.
    pub async fn read(&self, session: &Session, id: &str) -> anyhow::Result<Value> {
        let call = Call::new(Method::GET, session.server.api(&[self.path, id]));
        Ok(session.server.call(&call).await?.value()?)
    }

    pub async fn patch(&self, session: &Session, id: &str, ops: Value) -> anyhow::Result<()> {
        let call = Call::new(Method::PATCH, session.server.api(&[self.path, id])).body(ops);
        let answer = session.server.call(&call).await?;
        let told = format!("The {} {id} is changed.", self.name);
        session.show.outcome(&answer, &told)
    }

    pub async fn rm(&self, session: &Session, id: &str, yes: Yes) -> anyhow::Result<()> {
        if !yes.yes {
            can_ask()?;
            let label = cell(self.read(session, id).await?.pointer(self.label));
            ask(&format!("the {} {label} ({id}){}", self.name, self.loss))?;
        }
        let mut call = Call::new(Method::DELETE, session.server.api(&[self.path, id]));
        if let Some(name) = self.confirmation {
            let value = HeaderValue::from_str(id).context("this id cannot be one")?;
            call.headers.insert(HeaderName::from_static(name), value);
        }
        let answer = session.server.call(&call).await?;
        session.show.outcome(&answer, &format!("The {} {id} is deleted.", self.name))
    }
}

/// The fields of a request that were given.
pub(super) fn fields<const N: usize>(given: [(&str, Value); N]) -> Value {
    let empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    let kept = given.into_iter().filter(|(_, value)| !empty(value));
    Value::Object(kept.map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Names, as the contract refers to roles by name.
pub(super) fn named(names: &[String]) -> Value {
    names.iter().map(|name| json!({ "name": name })).collect()
}
