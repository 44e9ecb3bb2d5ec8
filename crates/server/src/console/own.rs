//! Administrators who take the console from themselves.
//!
//! Invariant: they are told first that it is them. Whether it would happen is found out by the
//! engine with the change itself (`engine::admin::AdminError::OwnLoss`), so that no way is missed:
//! a role, a group, a status.

use axum::response::Response;
use domain::user::User;

use super::Admin;
use crate::http::form::Form;
use crate::pages::console::{PanelPage, Section};

/// What a form says whose sender knows it: name and value.
const KNOWN: (&str, &str) = ("loses", "console");

/// Whether a form says that its sender knows it.
pub(super) fn is_known(form: &Form) -> bool {
    form.all(KNOWN.0).any(|one| one == KNOWN.1)
}

/// Whether somebody looks at their own user.
pub(super) fn is_self(admin: &Admin, user: &User) -> bool {
    admin.signed_in.user.id == user.id
}

/// The key of what is lost: all of the console, or a part.
pub(super) fn loss(is_all: bool) -> &'static str {
    if is_all { "own-loss-all" } else { "own-loss-part" }
}

/// A panel about a user who cannot sign in afterwards: to the user themselves it says so.
pub(super) fn told(admin: &Admin, user: &User, mut panel: PanelPage) -> PanelPage {
    if is_self(admin, user) {
        panel.says.insert(0, admin.texts.t("own-end"));
        panel.fields.push((KNOWN.0.to_owned(), KNOWN.1.to_owned()));
    }
    panel
}

/// The question, with all that the form says, so that the answer is the same form once more.
pub(super) fn question(
    admin: &Admin,
    section: Section,
    form: &Form,
    (action, back): (&str, &str),
    is_all: bool,
) -> Response {
    let t = admin.texts;
    let is_kept = |name: &str| name != "csrf" && name != KNOWN.0;
    let fields = form.pairs().filter(|(name, _)| is_kept(name)).chain([KNOWN]);
    admin.page(&PanelPage {
        shell: admin.shell(section),
        title: t.t("own-loss-title"),
        says: vec![t.t(loss(is_all)), t.t("own-loss-not-yet")],
        action: action.to_owned(),
        fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        submit: ("own-loss-go-on", t.t("own-loss-go-on")),
        is_danger: true,
        back: back.to_owned(),
        wrong: None,
    })
}
