//! The guide that replaces a secret without downtime.

use askama::Template;

use super::super::Shell;
use super::secrets::SecretLine;
use super::{Subject, Used};

/// `GET /admin/clients/{id}/rotate` (`old`, `new`: hints). The address is all of its state.
#[derive(Debug, Clone, Template)]
#[template(path = "console/client/rotate.html")]
pub struct RotatePage {
    pub shell: Shell,
    pub client: Subject,
    /// What makes the form for a new secret count once.
    pub once: String,
    pub rotation: Rotation,
}

/// How far a rotation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// The client does not authenticate by secret.
    NoSecrets,
    /// One of several is to be chosen.
    Choose(Vec<SecretLine>),
    /// A new secret is to be made.
    Make { old: Box<SecretLine>, is_full: bool },
    /// The new one is to be put into use, and the old one to fall quiet.
    Wait { old: Box<SecretLine>, new: Box<SecretLine>, wait: Wait },
    /// The old one is gone.
    Done(Box<SecretLine>),
    /// What the address names is not there.
    Gone,
}

/// What a rotation waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wait {
    /// The new secret was never used.
    Deploy,
    /// The old secret is still used; how long ago it last was.
    Busy(String),
    /// The old secret was used no longer than minutes ago; since when not.
    Calming(String),
    /// Nothing used the old secret for long enough; since when, if it was ever used.
    Quiet(Option<String>),
}

impl RotatePage {
    /// The step that is now: 1 to 4, 5 after the last.
    fn step(&self) -> usize {
        match &self.rotation {
            Rotation::NoSecrets | Rotation::Choose(_) | Rotation::Make { .. } => 1,
            Rotation::Wait { wait: Wait::Deploy, .. } => 2,
            Rotation::Wait { wait: Wait::Busy(_) | Wait::Calming(_), .. } => 3,
            Rotation::Wait { wait: Wait::Quiet(_), .. } => 4,
            Rotation::Done(_) => 5,
            Rotation::Gone => 0,
        }
    }

    /// The address of this very state.
    fn here(&self) -> String {
        match &self.rotation {
            Rotation::Wait { old, new, .. } => {
                self.client.path(&format!("/rotate?old={}&new={}", old.hint, new.hint))
            }
            _ => self.client.path("/rotate"),
        }
    }

    /// Whether the page asks again by itself: as long as it waits for something.
    fn is_live(&self) -> bool {
        matches!(&self.rotation, Rotation::Wait { wait, .. } if !matches!(wait, Wait::Quiet(_)))
    }

    fn last_use(line: &SecretLine) -> Option<&Used> {
        line.used.as_ref()
    }

    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let (old, new) = (SecretLine::sample("a1B2c", true), SecretLine::sample("x9Y8z", false));
        let (old, new) = (Box::new(old), Box::new(new));
        let page = |rotation| Self {
            shell: Shell::sample(),
            client: Subject::sample(),
            once: "mark".to_owned(),
            rotation,
        };
        let wait = |wait| page(Rotation::Wait { old: old.clone(), new: new.clone(), wait });
        let ago = || "4 seconds ago".to_owned();
        vec![
            ("no-secrets", page(Rotation::NoSecrets)),
            ("choose", page(Rotation::Choose(vec![*old.clone(), *new.clone()]))),
            ("make", page(Rotation::Make { old: old.clone(), is_full: false })),
            ("full", page(Rotation::Make { old: old.clone(), is_full: true })),
            ("deploy", wait(Wait::Deploy)),
            ("busy", wait(Wait::Busy(ago()))),
            ("calming", wait(Wait::Calming(ago()))),
            ("quiet", wait(Wait::Quiet(Some(ago())))),
            ("never", wait(Wait::Quiet(None))),
            ("done", page(Rotation::Done(new.clone()))),
            ("gone", page(Rotation::Gone)),
        ]
    }
}
