//! Users that are to be: made, invited, or given a new password.

use askama::Template;

use super::{Fault, Picks, Section, Shell};

/// `GET /admin/users/new`; `POST` there.
#[derive(Debug, Clone, Template)]
#[template(path = "console/user_new.html")]
pub struct NewUserPage {
    pub shell: Shell,
    pub fault: Fault,
    /// What makes it count once.
    pub once: String,
    pub name: String,
    pub email: String,
    pub subject: String,
    /// Whether the password is typed and not made up.
    pub is_typed: bool,
    pub roles: Picks,
    pub groups: Picks,
}

/// `GET /admin/users/invite`; `POST` there (`emails`, one a line; `resend`).
#[derive(Debug, Clone, Template)]
#[template(path = "console/user_invite.html")]
pub struct InvitePage {
    pub shell: Shell,
    pub fault: Fault,
    pub emails: String,
    pub resend: bool,
    /// What came of each; empty until somebody was invited.
    pub outcomes: Vec<Outcome>,
}

/// What came of one invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub email: String,
    /// The page of the user.
    pub href: Option<String>,
    /// Whether it was invited now.
    pub is_made: bool,
    pub text: String,
}

/// `GET /admin/users/{id}/password`; `POST` there.
#[derive(Debug, Clone, Template)]
#[template(path = "console/user_password.html")]
pub struct NewPasswordPage {
    pub shell: Shell,
    pub fault: Fault,
    pub id: String,
    pub name: String,
    /// Whether the user becomes active by it.
    pub is_invited: bool,
    pub is_typed: bool,
}

/// A password that was made up, shown once: the answer to a form.
#[derive(Clone, Template)]
#[template(path = "console/user_password_shown.html")]
pub struct PasswordShownPage {
    pub shell: Shell,
    pub title: String,
    pub id: String,
    /// What the user signs in with.
    pub login: String,
    pub password: String,
}

impl NewUserPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self {
            shell: Shell { section: Section::Users, ..Shell::sample() },
            fault: Fault::default(),
            once: "mark".to_owned(),
            name: String::new(),
            email: String::new(),
            subject: String::new(),
            is_typed: false,
            roles: Picks::sample(&[("TenantAdmin", false), ("Developer", false)]),
            groups: Picks::sample(&[]),
        };
        let wrong = Self {
            fault: Fault::at("email", "is not an address".to_owned()),
            name: "Ada \"Countess\" <Lovelace>".to_owned(),
            email: "ada".to_owned(),
            is_typed: true,
            groups: Picks { has_more: true, ..Picks::sample(&[("Sales", true), ("Ops", false)]) },
            ..base.clone()
        };
        let taken = Self {
            fault: Fault::general("this subject is taken: choose another one".to_owned()),
            ..wrong.clone()
        };
        vec![("usual", base), ("wrong", wrong), ("taken", taken)]
    }
}

impl InvitePage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let shell = Shell { section: Section::Users, ..Shell::sample() };
        let t = shell.t;
        let base = Self {
            shell,
            fault: Fault::default(),
            emails: String::new(),
            resend: false,
            outcomes: Vec::new(),
        };
        let wrong = Self {
            fault: Fault::at("emails", "is not an address".to_owned()),
            emails: "ada@northwind.example\nnobody".to_owned(),
            resend: true,
            ..base.clone()
        };
        let outcome = |email: &str, is_made: bool, key| Outcome {
            email: email.to_owned(),
            href: is_made.then(|| "/admin/users/65f0c0ffee65f0c0ffee65f0".to_owned()),
            is_made,
            text: t.t(key),
        };
        let done = Self {
            outcomes: vec![
                outcome("ada@northwind.example", true, "invite-made"),
                outcome("grace@northwind.example", false, "invite-active"),
            ],
            ..base.clone()
        };
        vec![("usual", base), ("wrong", wrong), ("done", done)]
    }
}

impl NewPasswordPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self {
            shell: Shell { section: Section::Users, ..Shell::sample() },
            fault: Fault::default(),
            id: "65f0c0ffee65f0c0ffee65f0".to_owned(),
            name: "Ada <Lovelace>".to_owned(),
            is_invited: false,
            is_typed: false,
        };
        let invited = Self { is_invited: true, ..base.clone() };
        let wrong = Self {
            fault: Fault::at("password", "has at least 8 characters".to_owned()),
            is_typed: true,
            ..base.clone()
        };
        vec![("usual", base), ("wrong", wrong), ("invited", invited)]
    }
}

impl PasswordShownPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let shell = Shell { section: Section::Users, ..Shell::sample() };
        let page = Self {
            title: shell.t.of("password-shown-title", "Ada <Lovelace>"),
            shell,
            id: "65f0c0ffee65f0c0ffee65f0".to_owned(),
            login: "ada@northwind.example".to_owned(),
            password: "correct-horse".to_owned(),
        };
        vec![("usual", page)]
    }
}
