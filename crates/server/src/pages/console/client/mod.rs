//! The pages about one OAuth client that exists.

mod actions;
mod chart;
mod delete;
mod history;
mod losses;
mod overview;
mod rotate;
mod secrets;

pub use actions::{
    ConfigurationPanel, ConsentPanel, PublishPanel, RemoveUserPanel, SwitchPanel, UnusedScopesPanel,
};
pub use chart::{Chart, grant_key};
pub use delete::{Breaks, DeletePage, DeleteResult, DeleteResultPage};
pub use history::{ChangeLine, HistoryEntry};
pub use losses::{LossesPage, LostKey, LostScope, LostSecret};
pub use overview::{ClientFacts, ClientPage, FailureGroup, FailureLine, UnusedScopes, UserLine};
pub use rotate::{RotatePage, Rotation, Wait};
pub use secrets::{
    KeyLine, NewSecretPanel, SecretDeletePanel, SecretLine, SecretMadePage, SecretsPage,
};

use super::{When, render_into};

/// The client that a page is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub id: String,
    pub name: String,
}

impl Subject {
    /// The address of the client's page, or of one below it.
    pub fn path(&self, rest: &str) -> String {
        format!("/admin/clients/{}{rest}", self.id)
    }

    fn sample() -> Self {
        Self {
            id: "630201422597f43c47128aa651af2172".to_owned(),
            name: "Nightly export".to_owned(),
        }
    }
}

/// When and from where something was last used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    pub when: When,
    /// The caller's address, when it is known.
    pub from: Option<String>,
}

/// What was wrong with a field of a form, or with all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The field's name; empty for the form.
    pub field: &'static str,
    pub text: String,
}

macro_rules! with_wrong {
    ($($page:ident),+) => {
        $(impl $page {
            /// What was wrong with a field; with the whole form for none.
            fn wrong_at(&self, field: &str) -> Option<&str> {
                let wrong = self.wrong.as_ref().filter(|wrong| wrong.field == field);
                wrong.map(|wrong| wrong.text.as_str())
            }
        })+
    };
}

with_wrong!(ConsentPanel, PublishPanel, SwitchPanel, UnusedScopesPanel, RemoveUserPanel);
with_wrong!(NewSecretPanel, SecretDeletePanel, DeletePage);

/// Every sample of these pages.
pub(super) fn samples_into(all: &mut Vec<(String, String)>) {
    render_into(all, "console-client", ClientPage::samples());
    render_into(all, "console-secrets", SecretsPage::samples());
    render_into(all, "console-secret-new", NewSecretPanel::samples());
    render_into(all, "console-secret-made", SecretMadePage::samples());
    render_into(all, "console-secret-delete", SecretDeletePanel::samples());
    render_into(all, "console-losses", LossesPage::samples());
    render_into(all, "console-rotate", RotatePage::samples());
    render_into(all, "console-consent", ConsentPanel::samples());
    render_into(all, "console-publish", PublishPanel::samples());
    render_into(all, "console-configuration", ConfigurationPanel::samples());
    render_into(all, "console-switch", SwitchPanel::samples());
    render_into(all, "console-unused-scopes", UnusedScopesPanel::samples());
    render_into(all, "console-remove-user", RemoveUserPanel::samples());
    render_into(all, "console-clients-delete", DeletePage::samples());
    render_into(all, "console-clients-deleted", DeleteResultPage::samples());
}
