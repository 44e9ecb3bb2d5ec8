//! Every scope there is: the embedded list, or an operator's own.
//!
//! Invariant: a [`Catalogue`] that exists is sound. Names are valid and unique, every parent exists, following
//! parents ends after at most [`MAX_DEPTH`] steps, and every scope may be held by somebody. Answers are by hash
//! lookup; nothing searches the list.

use std::collections::HashMap;

use super::entry::{File, FileEntry, ScopeEntry};
use super::name::{InvalidScopeName, ScopeName};
use super::set::ScopeSet;
use crate::client::{AppType, Level};

/// The list that Countersign brings along.
const EMBEDDED: &str = include_str!("../../scopes.toml");
/// Most scopes in a catalogue.
const MAX_SCOPES: usize = 1000;
/// Longest description, in characters.
const MAX_DESCRIPTION: usize = 300;
/// Longest chain of parents.
const MAX_DEPTH: usize = 8;

/// Why a catalogue file was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    #[error("the scope catalogue is not as expected: {0}")]
    Toml(String),
    #[error("the scope catalogue has no scopes, or more than {MAX_SCOPES}")]
    Size,
    #[error("the scope name `{}`: {error}", name.escape_default())]
    Name { name: String, error: InvalidScopeName },
    #[error("the scope `{0}` is there twice")]
    Duplicate(ScopeName),
    #[error(
        "the description of the scope `{0}` is empty or longer than {MAX_DESCRIPTION} characters"
    )]
    Description(ScopeName),
    #[error("no client may hold the scope `{0}`: app_types or levels is empty")]
    NobodyMayHold(ScopeName),
    #[error("the scope `{scope}` has the parent `{parent}`, which is not in the catalogue")]
    UnknownParent { scope: ScopeName, parent: ScopeName },
    #[error(
        "the parents of the scope `{0}` lead back to it, or go on for more than {MAX_DEPTH} steps"
    )]
    Cycle(ScopeName),
}

/// All scopes and how they include each other.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// In the order of the file.
    entries: Vec<ScopeEntry>,
    /// Place of each name in `entries`.
    places: HashMap<ScopeName, usize>,
    /// For each entry, the places of those that name it as parent.
    children: Vec<Vec<usize>>,
}

impl Catalogue {
    /// The catalogue that Countersign brings along: the scopes of the contract (section 7) and OpenID Connect's.
    ///
    /// # Errors
    /// None in practice: a test reads it.
    pub fn embedded() -> Result<Self, CatalogueError> {
        Self::parse(EMBEDDED)
    }

    /// Reads a catalogue file. A scope `a:b` without `parent` gets the parent `a` where there is one.
    ///
    /// # Errors
    /// [`CatalogueError`] says what is wrong with which scope.
    pub fn parse(toml: &str) -> Result<Self, CatalogueError> {
        let file: File =
            toml::from_str(toml).map_err(|error| CatalogueError::Toml(error.to_string()))?;
        if file.scope.is_empty() || file.scope.len() > MAX_SCOPES {
            return Err(CatalogueError::Size);
        }
        let mut entries = Vec::with_capacity(file.scope.len());
        let mut places = HashMap::with_capacity(file.scope.len());
        for scope in file.scope {
            let entry = read_entry(scope)?;
            if places.insert(entry.name.clone(), entries.len()).is_some() {
                return Err(CatalogueError::Duplicate(entry.name));
            }
            entries.push(entry);
        }
        let children = connect(&mut entries, &places)?;
        let catalogue = Self { entries, places, children };
        catalogue.check_chains()?;
        Ok(catalogue)
    }

    /// What a scope means; `None` when there is no such scope.
    pub fn get(&self, name: &str) -> Option<&ScopeEntry> {
        self.places.get(name).map(|place| &self.entries[*place])
    }

    /// Every scope, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &ScopeEntry> {
        self.entries.iter()
    }

    /// The scopes that `name` includes directly.
    pub fn children(&self, name: &str) -> impl Iterator<Item = &ScopeEntry> {
        let place = self.places.get(name);
        let children = place.map_or(&[][..], |place| &self.children[*place]);
        children.iter().map(|place| &self.entries[*place])
    }

    /// The scopes that include `name`, nearest first.
    pub fn ancestors(&self, name: &str) -> impl Iterator<Item = &ScopeEntry> {
        let parent = |entry: &ScopeEntry| self.get(entry.parent.as_ref()?.as_str());
        std::iter::successors(self.get(name).and_then(parent), move |entry| parent(entry))
    }

    /// Whether a holder of `held` may do what `wanted` stands for: it holds that scope, or one that includes it.
    pub fn implies(&self, held: &ScopeSet, wanted: &str) -> bool {
        held.contains(wanted)
            || self.ancestors(wanted).any(|entry| held.contains(entry.name.as_str()))
    }

    /// The set with everything that it includes, each scope followed by its children.
    #[must_use]
    pub fn expand(&self, set: &ScopeSet) -> ScopeSet {
        let mut names = Vec::new();
        for name in set.iter() {
            names.push(name);
            self.push_descendants(name, &mut names);
        }
        ScopeSet::join(names)
    }

    fn push_descendants<'c>(&'c self, name: &str, names: &mut Vec<&'c str>) {
        for child in self.children(name) {
            names.push(child.name.as_str());
            self.push_descendants(child.name.as_str(), names);
        }
    }

    /// Whether a client of this type at this level may have the scope on its allow-list.
    pub fn may_hold(&self, scope: &str, app_type: AppType, level: Level) -> bool {
        self.get(scope).is_some_and(|entry| {
            entry.app_types.contains(&app_type) && entry.levels.contains(&level)
        })
    }

    fn check_chains(&self) -> Result<(), CatalogueError> {
        for entry in &self.entries {
            // A cycle has no end, so the one bound finds both.
            if self.ancestors(entry.name.as_str()).nth(MAX_DEPTH).is_some() {
                return Err(CatalogueError::Cycle(entry.name.clone()));
            }
        }
        Ok(())
    }
}

fn read_name(text: &str) -> Result<ScopeName, CatalogueError> {
    ScopeName::parse(text)
        .map_err(|error| CatalogueError::Name { name: text.chars().take(80).collect(), error })
}

fn read_entry(scope: FileEntry) -> Result<ScopeEntry, CatalogueError> {
    let name = read_name(&scope.name)?;
    let length = scope.description.chars().count();
    if scope.description.trim().is_empty() || length > MAX_DESCRIPTION {
        return Err(CatalogueError::Description(name));
    }
    if scope.app_types.is_empty() || scope.levels.is_empty() {
        return Err(CatalogueError::NobodyMayHold(name));
    }
    Ok(ScopeEntry {
        parent: scope.parent.as_deref().map(read_name).transpose()?,
        name,
        description: scope.description,
        group: scope.group,
        app_types: scope.app_types,
        levels: scope.levels,
    })
}

/// Fills in the parents that names tell, checks that all parents exist, and lists each scope's children.
fn connect(
    entries: &mut [ScopeEntry],
    places: &HashMap<ScopeName, usize>,
) -> Result<Vec<Vec<usize>>, CatalogueError> {
    let mut children = vec![Vec::new(); entries.len()];
    for (place, entry) in entries.iter_mut().enumerate() {
        if entry.parent.is_none() {
            let name = entry.name.as_str();
            let prefixes = name.rmatch_indices(':').map(|(colon, _)| &name[..colon]);
            let known = prefixes.filter_map(|prefix| places.get_key_value(prefix)).next();
            entry.parent = known.map(|(name, _)| name.clone());
        }
        let Some(parent) = &entry.parent else {
            continue;
        };
        match places.get(parent) {
            Some(parent) => children[*parent].push(place),
            None => {
                return Err(CatalogueError::UnknownParent {
                    scope: entry.name.clone(),
                    parent: parent.clone(),
                });
            }
        }
    }
    Ok(children)
}

#[cfg(test)]
mod tests;
