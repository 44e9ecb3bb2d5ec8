//! The pages of the administration console.
//!
//! Invariant: a context holds what the page shows in words of the reader's language, or plain
//! values; words come from [`crate::texts`], never from a template or from this module.

mod audit;
pub mod client;
mod client_created;
mod client_form;
mod client_list;
pub mod columns;
mod confirm;
mod form;
pub mod group;
mod new_user;
mod panel;
mod refusal;
pub mod role;
mod scope_tree;
mod section;
pub mod settings;
mod shell;
mod snippets;
mod table;
pub mod tokens;
mod user;
mod when;

pub use audit::{AuditPage, ChangeLine, EventKind, EventLine, MeantLine, Topic};
pub use client_created::{CheckLine, ClientCheckPiece, ClientCreatedPage};
pub use client_form::{
    AddressRow, ClientFormPage, ClientTypePage, Editing, FormLimits, KeyChoice, Wrong,
};
pub use client_list::{ClientListPage, ClientRow, ColumnHead, ListView};
pub use confirm::{ConfirmPage, ContinuePage, ContinueReason, HeldLine};
pub use form::{Fault, Pick, Picks};
pub use panel::PanelPage;
pub use refusal::RefusalPage;
pub use scope_tree::ScopeTree;
pub use section::Section;
pub use shell::{Notice, Shell};
pub use snippets::{Snippet, SnippetValues};
pub use table::{
    Cell, TableAction, TableFilter, TableHead, TablePage, TableRow, TableWords, next_sort,
};
pub use tokens::Unit;
pub use when::When;

/// Pages about users.
pub mod users {
    pub use super::new_user::{
        InvitePage, NewPasswordPage, NewUserPage, Outcome, PasswordShownPage,
    };
    pub use super::user::{UserApp, UserPage, UserSession};
}

use super::render_into;

/// Every sample of every page of the console.
pub(super) fn samples_into(all: &mut Vec<(String, String)>) {
    render_into(all, "console-confirm", ConfirmPage::samples());
    render_into(all, "console-continue", ContinuePage::samples());
    render_into(all, "console-refusal", RefusalPage::samples());
    render_into(all, "console-clients", ClientListPage::samples());
    render_into(all, "console-client-type", ClientTypePage::samples());
    render_into(all, "console-client-form", ClientFormPage::samples());
    render_into(all, "console-client-created", ClientCreatedPage::samples());
    client::samples_into(all);
    render_into(all, "console-audit", AuditPage::samples());
    render_into(all, "console-tokens", tokens::TokensPage::samples());
    render_into(all, "console-rotate-keys", tokens::RotateKeysPage::samples());
    render_into(all, "console-settings", settings::SettingsPage::samples());
    render_into(all, "console-table", TablePage::samples());
    render_into(all, "console-panel", PanelPage::samples());
    render_into(all, "console-user", users::UserPage::samples());
    render_into(all, "console-user-new", users::NewUserPage::samples());
    render_into(all, "console-user-invite", users::InvitePage::samples());
    render_into(all, "console-user-password", users::NewPasswordPage::samples());
    render_into(all, "console-password-shown", users::PasswordShownPage::samples());
    render_into(all, "console-group", group::GroupPage::samples());
    render_into(all, "console-role", role::RolePage::samples());
}
