//! The pages of users, groups and roles with hostile values: struct literals, so a new field can't be forgotten.

use askama::Template;

use super::super::console::group::{GroupFacts, GroupPage};
use super::super::console::role::{RoleFacts, RolePage};
use super::super::console::users::{
    InvitePage, NewPasswordPage, NewUserPage, Outcome, PasswordShownPage, UserApp, UserPage,
    UserSession,
};
use super::super::console::{
    Cell, Fault, PanelPage, Pick, Picks, ScopeTree, Shell, TableAction, TableFilter, TableHead,
    TablePage, TableRow, TableWords, When,
};
use super::hostile::shell;

/// Makes everything out of one text.
struct Made<'a>(&'a str);

impl Made<'_> {
    /// An address that the page makes itself, of whatever somebody else chose.
    fn own(&self) -> String {
        format!("/admin/{}", self.s())
    }

    fn s(&self) -> String {
        self.0.to_owned()
    }

    fn when(&self) -> When {
        When { text: self.s(), iso: self.s(), is_relative: false }
    }

    fn shell(&self) -> Shell {
        shell(self.0)
    }

    fn picks(&self) -> Picks {
        let pick = Pick { id: self.s(), name: self.s(), is_chosen: true };
        Picks { offered: vec![pick], has_more: true, typed: self.s() }
    }

    fn table(&self) -> TablePage {
        let head = |word, sort| TableHead { word, label: self.s(), sort };
        let cells = vec![
            Cell::Text(self.s()),
            Cell::Badge("plain", self.s()),
            Cell::Names(vec![self.s()]),
            Cell::When(self.when()),
        ];
        TablePage {
            shell: self.shell(),
            words: TableWords {
                title: self.s(),
                lead: self.s(),
                search: self.s(),
                found: self.s(),
                empty: self.s(),
                none: self.s(),
            },
            q: self.s(),
            filters: vec![TableFilter {
                name: "status",
                label: self.s(),
                any: self.s(),
                options: vec![(self.s(), self.s())],
                chosen: self.s(),
            }],
            sort: self.s(),
            is_narrowed: true,
            heads: vec![
                head("name", Some(("none", self.own()))),
                head("email", None),
                head("status", None),
                head("roles", None),
                head("created", None),
            ],
            rows: vec![TableRow { href: self.own(), name: self.s(), cells }],
            prev: Some(self.own()),
            next: Some(self.own()),
            wrong: Some(self.s()),
            actions: vec![TableAction { id: "new", href: self.own(), label: self.s() }],
        }
    }

    fn user(&self) -> UserPage {
        UserPage {
            shell: self.shell(),
            fault: Fault::at("name", self.s()),
            id: self.s(),
            subject: self.s(),
            email: Some(self.s()),
            is_email_verified: false,
            status: "active",
            client: Some(self.s()),
            created: self.when(),
            updated: self.when(),
            invited_until: Some(self.when()),
            is_self: true,
            title: self.s(),
            name: self.s(),
            base: self.s(),
            roles: self.picks(),
            groups: self.picks(),
            inherited: vec![(self.s(), self.s())],
            sessions: vec![UserSession {
                id: self.s(),
                is_own: true,
                device: self.s(),
                address: self.s(),
                started: self.when(),
                seen: self.when(),
            }],
            apps: vec![UserApp {
                client_id: self.s(),
                name: self.s(),
                scopes: 1,
                granted: self.when(),
                used: Some(self.when()),
            }],
            may_read_audit: true,
        }
    }

    fn group(&self) -> GroupPage {
        let facts = GroupFacts {
            id: self.s(),
            title: self.s(),
            provider: "custom",
            members: Some(1),
            created: self.when(),
            updated: self.when(),
            may_read_audit: true,
        };
        GroupPage {
            shell: self.shell(),
            fault: Fault::general(self.s()).and("enabled", self.s()),
            made: Some(facts),
            base: Some(self.s()),
            name: self.s(),
            description: self.s(),
            is_enabled: true,
            roles: self.picks(),
        }
    }

    fn role(&self, is_default: bool) -> RolePage {
        let facts = RoleFacts {
            id: self.s(),
            title: self.s(),
            is_default,
            is_all: false,
            users: 1,
            groups: 1,
            updated: self.when(),
            may_read_audit: true,
        };
        let catalogue = domain::scope::Catalogue::embedded().unwrap();
        RolePage {
            shell: self.shell(),
            fault: Fault::at("assignedScopes", self.s()),
            made: Some(facts),
            base: Some(self.s()),
            name: self.s(),
            description: self.s(),
            scopes: ScopeTree::of(self.shell().t, &catalogue, &[self.s()], &|_| true),
        }
    }

    fn panel(&self) -> PanelPage {
        PanelPage {
            shell: self.shell(),
            title: self.s(),
            says: vec![self.s()],
            action: self.own(),
            fields: vec![("status".to_owned(), self.s())],
            submit: ("do", self.s()),
            is_danger: true,
            back: self.own(),
            wrong: Some(self.s()),
        }
    }

    fn new_user(&self) -> NewUserPage {
        NewUserPage {
            shell: self.shell(),
            fault: Fault::at("password", self.s()),
            once: self.s(),
            name: self.s(),
            email: self.s(),
            subject: self.s(),
            is_typed: true,
            roles: self.picks(),
            groups: self.picks(),
        }
    }

    fn invite(&self) -> InvitePage {
        let outcome =
            Outcome { email: self.s(), href: Some(self.own()), is_made: true, text: self.s() };
        InvitePage {
            shell: self.shell(),
            fault: Fault::at("emails", self.s()),
            emails: self.s(),
            resend: true,
            outcomes: vec![outcome],
        }
    }

    fn password(&self, is_invited: bool) -> NewPasswordPage {
        NewPasswordPage {
            shell: self.shell(),
            fault: Fault::general(self.s()),
            id: self.s(),
            name: self.s(),
            is_invited,
            is_typed: false,
        }
    }

    fn shown(&self) -> PasswordShownPage {
        PasswordShownPage {
            shell: self.shell(),
            title: self.s(),
            id: self.s(),
            login: self.s(),
            password: self.s(),
        }
    }

    fn pages(&self) -> Vec<(&'static str, String)> {
        let rendered = [
            ("console-table", self.table().render()),
            ("console-user", self.user().render()),
            ("console-group", self.group().render()),
            ("console-role", self.role(false).render()),
            ("console-role default", self.role(true).render()),
            ("console-panel", self.panel().render()),
            ("console-user-new", self.new_user().render()),
            ("console-user-invite", self.invite().render()),
            ("console-user-password", self.password(false).render()),
            ("console-user-password invited", self.password(true).render()),
            ("console-password-shown", self.shown().render()),
        ];
        rendered.into_iter().map(|(name, page)| (name, page.unwrap())).collect()
    }
}

/// Every page about users, groups and roles with `text` in every string.
pub(super) fn pages_with(text: &str) -> Vec<(&'static str, String)> {
    Made(text).pages()
}
