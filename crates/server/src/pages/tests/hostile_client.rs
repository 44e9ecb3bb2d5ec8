//! Every page about one client with hostile values: struct literals, so a new field can't be forgotten.

use askama::Template;
use domain::client::{AppType, ConsentMethod, GrantType};
use domain::secret::SecretText;

use super::super::console::client::*;
use super::super::console::{Shell, When};
use super::hostile::shell;

/// Makes pages with one text in every place.
struct With<'a>(&'a str);

impl With<'_> {
    fn s(&self) -> String {
        self.0.to_owned()
    }

    fn list(&self) -> Vec<String> {
        vec![self.s(), self.s()]
    }

    fn shell(&self) -> Shell {
        shell(self.0)
    }

    fn client(&self) -> Subject {
        Subject { id: self.s(), name: self.s() }
    }

    fn when(&self) -> When {
        When { text: self.s(), iso: self.s(), is_relative: true }
    }

    fn used(&self) -> Option<Used> {
        Some(Used { when: self.when(), from: Some(self.s()) })
    }

    fn wrong(&self, field: &'static str) -> Option<Wrong> {
        Some(Wrong { field, text: self.s() })
    }

    fn line(&self) -> SecretLine {
        SecretLine {
            hint: self.s(),
            label: self.s(),
            created: self.when(),
            created_by: self.s(),
            expires: Some(self.when()),
            is_expired: true,
            used: self.used(),
        }
    }

    fn chart(&self, kind: &'static str) -> Chart {
        Chart::new(kind, vec![(self.s(), vec![(self.s(), 3)])], self.0)
    }

    fn page(&self) -> ClientPage {
        ClientPage {
            shell: self.shell(),
            client: ClientFacts {
                subject: self.client(),
                app_type: AppType::Web,
                consent: ConsentMethod::Required,
                disabled: Some(self.s()),
                is_own: true,
                description: self.s(),
                scopes: self.list(),
                grants: GrantType::ALL.to_vec(),
                auth_methods: vec!["client_secret"],
                redirect_uris: self.list(),
                origins: self.list(),
                secrets: 2,
                last_used: self.used(),
                published: None,
                created: self.when(),
                created_by: self.s(),
                updated: self.when(),
            },
            tokens: self.chart("tokens"),
            refusals: self.chart("failures"),
            failures: vec![FailureGroup {
                reason: engine::usage::Reason::WrongSecret,
                title: self.s(),
                explanation: self.s(),
                times: vec![FailureLine {
                    when: self.when(),
                    address: self.s(),
                    trace_id: self.s(),
                }],
            }],
            users: vec![UserLine {
                id: self.s(),
                name: self.s(),
                email: Some(self.s()),
                scopes: self.list(),
                since: self.when(),
                was_asked: false,
                last_used: Some(self.when()),
            }],
            users_next: Some(format!("/{}", self.0)),
            unused: Some(UnusedScopes { scopes: self.list(), since: self.when() }),
            history: vec![HistoryEntry {
                when: self.when(),
                who: self.s(),
                what: self.s(),
                changes: vec![ChangeLine {
                    field: self.s(),
                    removed: self.list(),
                    added: self.list(),
                }],
            }],
            history_next: Some(format!("/{}", self.0)),
        }
    }

    fn secrets(&self) -> SecretsPage {
        let key = KeyLine {
            kid: self.s(),
            created: self.when(),
            created_by: self.s(),
            used: self.used(),
        };
        SecretsPage {
            shell: self.shell(),
            client: self.client(),
            by_secret: true,
            secrets: vec![self.line()],
            keys: vec![key],
            jwks_uri: self.s(),
        }
    }

    fn new_secret(&self, field: &'static str) -> NewSecretPanel {
        NewSecretPanel {
            shell: self.shell(),
            client: self.client(),
            once: self.s(),
            label: self.s(),
            expires: self.s(),
            rotate: self.s(),
            wrong: self.wrong(field),
            refused: None,
        }
    }

    fn made(&self) -> SecretMadePage {
        SecretMadePage {
            shell: self.shell(),
            client: self.client(),
            secret: SecretText::from(self.0),
            hint: self.s(),
            go_on: format!("/{}", self.0),
            is_rotation: true,
        }
    }

    fn delete_secret(&self, field: &'static str) -> SecretDeletePanel {
        SecretDeletePanel {
            shell: self.shell(),
            client: self.client(),
            hint: self.s(),
            label: self.s(),
            used: self.used(),
            used_within_day: true,
            used_within_month: true,
            is_last: true,
            typed: self.s(),
            force: true,
            rotate: self.s(),
            wrong: self.wrong(field),
        }
    }

    fn rotate(&self, rotation: Rotation) -> RotatePage {
        RotatePage { shell: self.shell(), client: self.client(), once: self.s(), rotation }
    }

    fn rotations(&self) -> Vec<Rotation> {
        let wait =
            |wait| Rotation::Wait { old: Box::new(self.line()), new: Box::new(self.line()), wait };
        vec![
            Rotation::Choose(vec![self.line()]),
            Rotation::Make { old: Box::new(self.line()), is_full: false },
            wait(Wait::Deploy),
            wait(Wait::Busy(self.s())),
            wait(Wait::Calming(self.s())),
            wait(Wait::Quiet(Some(self.s()))),
            Rotation::Done(Box::new(self.line())),
        ]
    }

    fn panels(&self) -> Vec<String> {
        let (shell, client) = (|| self.shell(), || self.client());
        let wrong = || self.wrong("");
        let consent = ConsentPanel {
            shell: shell(),
            client: client(),
            is_trusted: true,
            why_not: Some(self.s()),
            is_machine: true,
            wrong: wrong(),
        };
        let publish = PublishPanel {
            shell: shell(),
            client: client(),
            published: None,
            is_trusted: true,
            wrong: wrong(),
        };
        let switch = |is_enable| SwitchPanel {
            shell: shell(),
            client: client(),
            is_enable,
            breaks: Some(self.breaks()),
            reason: self.s(),
            wrong: self.wrong("reason"),
        };
        let configuration = ConfigurationPanel {
            shell: shell(),
            client: client(),
            facts: vec![(self.s(), "word", self.s())],
            snippet: self.s(),
        };
        let unused = UnusedScopesPanel {
            shell: shell(),
            client: client(),
            scopes: self.list(),
            since: self.when(),
            wrong: wrong(),
        };
        let user = RemoveUserPanel {
            shell: shell(),
            client: client(),
            user_id: self.s(),
            user_name: self.s(),
            wrong: wrong(),
        };
        vec![
            consent.render().unwrap(),
            publish.render().unwrap(),
            switch(true).render().unwrap(),
            switch(false).render().unwrap(),
            configuration.render().unwrap(),
            unused.render().unwrap(),
            user.render().unwrap(),
        ]
    }

    fn breaks(&self) -> Breaks {
        Breaks {
            client: self.client(),
            used: self.used(),
            is_busy: true,
            tokens_last_month: 1,
            tokens_last_day: 1,
            users: 1,
            refresh_families: 1,
            api_keys: 1,
            other_tenants: 1,
        }
    }

    fn losses(&self) -> LossesPage {
        let secret = LostSecret {
            hint: self.s(),
            label: self.s(),
            used: self.used(),
            must_type: true,
            typed: self.s(),
            wrong: Some(self.s()),
        };
        let scope = |used| LostScope { scope: self.s(), requested: Some(self.s()), used };
        LossesPage {
            shell: self.shell(),
            client: self.client(),
            alert: Some(self.s()),
            fields: vec![(self.s(), self.s())],
            marks: self.list(),
            secrets: vec![secret],
            keys: vec![LostKey { kid: self.s(), used: self.used() }],
            scopes: vec![scope(Some(self.s())), scope(None)],
        }
    }

    fn deletion(&self) -> [String; 2] {
        let asked = DeletePage {
            shell: self.shell(),
            clients: vec![self.breaks()],
            missing: 1,
            wrong: self.wrong("confirm"),
        };
        let result = DeleteResult { client: self.client(), failed: Some(self.s()) };
        let told = DeleteResultPage { shell: self.shell(), results: vec![result] };
        [asked.render().unwrap(), told.render().unwrap()]
    }
}

/// Every page about one client with `text` in every string.
pub(super) fn pages_with(text: &str) -> Vec<(&'static str, String)> {
    let with = With(text);
    let mut pages = vec![
        ("client", with.page().render().unwrap()),
        ("secrets", with.secrets().render().unwrap()),
        ("secret made", with.made().render().unwrap()),
        ("losses", with.losses().render().unwrap()),
    ];
    for field in ["", "label", "expires"] {
        pages.push(("secret new", with.new_secret(field).render().unwrap()));
    }
    for field in ["", "confirm", "force"] {
        pages.push(("secret delete", with.delete_secret(field).render().unwrap()));
    }
    let rotations = with.rotations().into_iter();
    pages.extend(rotations.map(|one| ("rotate", with.rotate(one).render().unwrap())));
    pages.extend(with.panels().into_iter().map(|html| ("panel", html)));
    pages.extend(with.deletion().map(|html| ("deletion", html)));
    pages
}
