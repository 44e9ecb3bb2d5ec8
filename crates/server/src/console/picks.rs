//! Roles and groups as a form offers them, and as it sends them.

use engine::admin::group::{self};
use engine::admin::listing::ListParams;
use engine::admin::role_giving::Choice;
use engine::admin::{AdminError, role};
use serde_json::{Value, json};

use super::Admin;
use crate::http::form::Form;
use crate::pages::console::{Pick, Picks};

/// How many are offered by a box; others are typed.
const OFFERED: u32 = 100;

fn page() -> ListParams {
    ListParams { limit: Some(OFFERED), ..ListParams::default() }
}

/// The tenant's roles; those in `chosen`, by id and name, are ticked.
pub(super) async fn roles(admin: &Admin, chosen: &[(String, String)]) -> Result<Picks, AdminError> {
    let listed = role::list(&admin.ctx(), &admin.caller, &page()).await?;
    let all = listed.data.iter().map(|role| (role.id.to_string(), role.name.clone()));
    Ok(picks(all.collect(), chosen, listed.next.is_some()))
}

/// The tenant's groups, without the one that everybody is in.
pub(super) async fn groups(
    admin: &Admin,
    chosen: &[(String, String)],
) -> Result<Picks, AdminError> {
    let listed = group::list(&admin.ctx(), &admin.caller, &page(), false).await?;
    let all = listed.data.iter().map(|group| (group.id.to_string(), group.name.clone()));
    Ok(picks(all.collect(), chosen, listed.next.is_some()))
}

fn picks(mut all: Vec<(String, String)>, chosen: &[(String, String)], has_more: bool) -> Picks {
    let known = |id: &str| all.iter().any(|(known, _)| known == id);
    let others: Vec<_> = chosen.iter().filter(|(id, _)| !known(id)).cloned().collect();
    all.extend(others);
    let is_chosen = |id: &str| chosen.iter().any(|(one, _)| one == id);
    let offer = all.into_iter().map(|(id, name)| Pick { is_chosen: is_chosen(&id), id, name });
    Picks { offered: offer.collect(), has_more, typed: String::new() }
}

/// Ticks what a form ticked, and keeps what was typed.
pub(super) fn again(picks: Picks, form: &Form, name: &str) -> Picks {
    ticked(picks, &ids(form, name), (form, name))
}

/// Ticks these, and keeps what was typed.
pub(super) fn ticked(mut picks: Picks, ids: &[String], (form, name): (&Form, &str)) -> Picks {
    for pick in &mut picks.offered {
        pick.is_chosen = ids.contains(&pick.id);
    }
    typed(form, name).clone_into(&mut picks.typed);
    picks
}

/// The ids that a form ticked.
pub(super) fn ids(form: &Form, name: &str) -> Vec<String> {
    form.all(name).map(str::to_owned).collect()
}

/// The names that were typed, one a line.
fn typed<'a>(form: &'a Form, name: &str) -> &'a str {
    form.field(&format!("{name}Named")).unwrap_or_default()
}

/// The names that were typed, one by one.
fn named<'a>(form: &'a Form, name: &str) -> impl Iterator<Item = &'a str> {
    typed(form, name).lines().map(str::trim).filter(|line| !line.is_empty())
}

/// What a form chose.
pub(super) fn chosen(form: &Form, name: &str) -> Vec<Choice> {
    let boxes = form.all(name).map(|id| Choice::Id(id.to_owned()));
    boxes.chain(named(form, name).map(Choice::named)).collect()
}

/// These and what a form typed by name, as the value of a patch.
pub(super) fn value(ids: &[String], (form, name): (&Form, &str)) -> Value {
    let ids = ids.iter().map(|id| json!({ "id": id }));
    ids.chain(named(form, name).map(|name| json!({ "name": name }))).collect()
}
