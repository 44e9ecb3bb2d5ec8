//! The pages of the administration console.
//!
//! Invariant: a context holds what the page shows in words of the reader's language, or plain
//! values; words come from [`crate::texts`], never from a template or from this module.

mod audit;
pub mod client;
mod client_list;
pub mod columns;
mod confirm;
mod refusal;
mod section;
pub mod settings;
mod shell;
pub mod tokens;
mod when;

pub use audit::{AuditPage, AuditView, ChangeLine, EventKind, EventLine};
pub use client_list::{ClientListPage, ClientRow, ColumnHead, ListView};
pub use confirm::{ConfirmPage, ContinuePage};
pub use refusal::RefusalPage;
pub use section::Section;
pub use shell::{Notice, Shell};
pub use when::When;

use super::render_into;

/// Every sample of every page of the console.
pub(super) fn samples_into(all: &mut Vec<(String, String)>) {
    render_into(all, "console-confirm", ConfirmPage::samples());
    render_into(all, "console-continue", ContinuePage::samples());
    render_into(all, "console-refusal", RefusalPage::samples());
    render_into(all, "console-clients", ClientListPage::samples());
    client::samples_into(all);
    render_into(all, "console-audit", AuditPage::samples());
    render_into(all, "console-tokens", tokens::TokensPage::samples());
    render_into(all, "console-rotate-keys", tokens::RotateKeysPage::samples());
    render_into(all, "console-settings", settings::SettingsPage::samples());
}
