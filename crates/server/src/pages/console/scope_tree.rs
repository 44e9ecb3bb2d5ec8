//! The scopes of the catalogue as a form offers them: parents with what they include.

use domain::client::{AppType, Level};
use domain::scope::{Catalogue, Group, ScopeEntry, is_powerful};

use crate::texts::Texts;

/// The scopes of a form, by where they stand in lists.
#[derive(Debug, Clone, Default)]
pub struct ScopeTree {
    pub sections: Vec<ScopeSection>,
}

/// Scopes of one group.
#[derive(Debug, Clone)]
pub struct ScopeSection {
    /// The end of the key of its name.
    pub word: &'static str,
    pub branches: Vec<ScopeBranch>,
}

/// A scope that no other includes, and those that it includes.
#[derive(Debug, Clone)]
pub struct ScopeBranch {
    pub root: ScopeChoice,
    /// Parents before their children.
    pub parts: Vec<ScopeChoice>,
}

/// A scope that may be chosen.
#[derive(Debug, Clone)]
pub struct ScopeChoice {
    pub name: String,
    /// What an app with it can do; nothing for a scope that the catalogue does not know.
    pub description: String,
    /// The scope that includes it.
    pub parent: Option<String>,
    /// How many scopes stand above it.
    pub depth: usize,
    pub is_powerful: bool,
    pub is_chosen: bool,
    /// Whether it cannot be given: not to this type of client, or not by the reader.
    pub is_barred: bool,
}

impl ScopeTree {
    /// What a tenant's client of a type may choose, with what is chosen.
    pub fn new(t: Texts, catalogue: &Catalogue, app_type: AppType, chosen: &[String]) -> Self {
        let is_barred = |name: &str| !catalogue.may_hold(name, app_type, Level::Tenant);
        Self::of(t, catalogue, chosen, &is_barred)
    }

    /// What can be given in a tenant, with what is chosen and what is barred.
    pub fn of(
        t: Texts,
        catalogue: &Catalogue,
        chosen: &[String],
        is_barred: &dyn Fn(&str) -> bool,
    ) -> Self {
        let view = View { t, catalogue, chosen, is_barred };
        let groups = [Group::Oidc, Group::Special, Group::User, Group::Admin];
        let section = |group: Group| {
            let is_root = |entry: &&ScopeEntry| entry.group == group && entry.parent.is_none();
            let roots = catalogue.iter().filter(is_root).filter(|entry| view.is_known(entry));
            let branches = roots.map(|root| view.branch(root)).collect();
            ScopeSection { word: word(group), branches }
        };
        let mut sections: Vec<_> = groups.into_iter().map(section).collect();
        sections.push(ScopeSection { word: "gone", branches: view.gone() });
        sections.retain(|section| !section.branches.is_empty());
        Self { sections }
    }

    /// All of them, each parent before what it includes.
    pub fn all(&self) -> impl Iterator<Item = &ScopeChoice> {
        let branches = self.sections.iter().flat_map(|section| &section.branches);
        branches.flat_map(|branch| std::iter::once(&branch.root).chain(&branch.parts))
    }

    /// How many are chosen.
    pub fn chosen(&self) -> usize {
        self.all().filter(|choice| choice.is_chosen).count()
    }

    /// Whether one of the chosen ones is powerful.
    pub fn is_powerful(&self) -> bool {
        self.all().any(|choice| choice.is_chosen && choice.is_powerful)
    }
}

impl ScopeBranch {
    /// Whether something inside is chosen, so that it has to be seen.
    pub fn is_open(&self) -> bool {
        self.parts.iter().any(|part| part.is_chosen)
    }
}

fn word(group: Group) -> &'static str {
    match group {
        Group::Oidc => "sign-in",
        Group::Special => "general",
        Group::User => "user",
        Group::Admin => "admin",
    }
}

struct View<'a> {
    t: Texts,
    catalogue: &'a Catalogue,
    chosen: &'a [String],
    is_barred: &'a dyn Fn(&str) -> bool,
}

impl View<'_> {
    /// Scopes of regions and organizations are nothing for a tenant's clients and users.
    fn is_known(&self, entry: &ScopeEntry) -> bool {
        entry.levels.contains(&Level::Tenant)
    }

    fn is_chosen(&self, name: &str) -> bool {
        self.chosen.iter().any(|chosen| chosen == name)
    }

    fn choice(&self, entry: &ScopeEntry, depth: usize) -> ScopeChoice {
        let name = entry.name.as_str();
        ScopeChoice {
            name: name.to_owned(),
            description: self.t.scope(entry),
            parent: entry.parent.as_ref().map(|parent| parent.as_str().to_owned()),
            depth,
            is_powerful: is_powerful(name),
            is_chosen: self.is_chosen(name),
            is_barred: (self.is_barred)(name),
        }
    }

    fn branch(&self, root: &ScopeEntry) -> ScopeBranch {
        let mut parts = Vec::new();
        self.add_parts(root.name.as_str(), 1, &mut parts);
        ScopeBranch { root: self.choice(root, 0), parts }
    }

    fn add_parts(&self, name: &str, depth: usize, parts: &mut Vec<ScopeChoice>) {
        for entry in self.catalogue.children(name).filter(|entry| self.is_known(entry)) {
            parts.push(self.choice(entry, depth));
            self.add_parts(entry.name.as_str(), depth + 1, parts);
        }
    }

    /// What was chosen before the catalogue changed: it stays until somebody takes it away.
    fn gone(&self) -> Vec<ScopeBranch> {
        let is_gone =
            |name: &&String| self.catalogue.get(name).is_none_or(|entry| !self.is_known(entry));
        let branch = |name: &String| ScopeBranch {
            root: ScopeChoice {
                name: name.clone(),
                description: self
                    .catalogue
                    .get(name)
                    .map(|entry| self.t.scope(entry))
                    .unwrap_or_default(),
                parent: None,
                depth: 0,
                is_powerful: is_powerful(name),
                is_chosen: true,
                is_barred: false,
            },
            parts: Vec::new(),
        };
        self.chosen.iter().filter(is_gone).map(branch).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(app_type: AppType, chosen: &[&str]) -> ScopeTree {
        let chosen: Vec<String> = chosen.iter().map(|name| (*name).to_owned()).collect();
        ScopeTree::new(Texts::english(), &Catalogue::embedded().expect("sound"), app_type, &chosen)
    }

    #[test]
    fn every_scope_of_tenants_stands_once_below_its_parent() {
        let catalogue = Catalogue::embedded().expect("sound");
        let tree = tree(AppType::Web, &[]);
        let wanted = catalogue.iter().filter(|entry| entry.levels.contains(&Level::Tenant));
        let mut wanted: Vec<&str> = wanted.map(|entry| entry.name.as_str()).collect();
        let mut found: Vec<&str> = tree.all().map(|choice| choice.name.as_str()).collect();
        for choice in tree.all().filter(|choice| choice.depth > 0) {
            let at = |name: &str| found.iter().position(|found| *found == name);
            assert!(at(choice.parent.as_deref().expect("a parent")) < at(&choice.name));
        }
        wanted.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, wanted);
        assert!(tree.all().all(|choice| !choice.is_barred && !choice.is_chosen));
    }

    #[test]
    fn what_a_type_may_not_have_is_barred() {
        let tree = tree(AppType::Spa, &["openid"]);
        let barred: Vec<&str> = tree
            .all()
            .filter(|choice| choice.is_barred)
            .map(|choice| choice.name.as_str())
            .collect();
        assert_eq!(barred, ["admin_classic", "offline_access"]);
        assert_eq!(tree.chosen(), 1);
        assert!(!tree.is_powerful());
    }

    #[test]
    fn a_branch_with_something_chosen_is_open_and_what_is_gone_stays() {
        let tree = tree(AppType::Web, &["admin.users:read", "retired:scope", "tenants:create"]);
        let open: Vec<&str> = tree
            .sections
            .iter()
            .flat_map(|section| &section.branches)
            .filter(|branch| branch.is_open())
            .map(|branch| branch.root.name.as_str())
            .collect();
        assert_eq!(open, ["admin_classic"]);
        assert!(tree.is_powerful());
        let gone = tree.sections.last().expect("a section");
        assert_eq!((gone.word, gone.branches.len()), ("gone", 2));
    }
}
