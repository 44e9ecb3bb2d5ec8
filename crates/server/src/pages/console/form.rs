//! What forms of the console have in common.

/// Why a form was not carried out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fault {
    /// Each with the field's name on the wire; empty when it is about the whole.
    told: Vec<(String, String)>,
}

impl Fault {
    /// A field's value is wrong.
    pub fn at(field: &str, message: String) -> Self {
        Self { told: vec![(field.to_owned(), message)] }
    }

    /// It is about the whole.
    pub fn general(message: String) -> Self {
        Self::at("", message)
    }

    /// And another field's.
    pub fn and(mut self, field: &str, message: String) -> Self {
        self.told.push((field.to_owned(), message));
        self
    }

    /// What is wrong with a field.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.told.iter().find(|(at, _)| at == field).map(|(_, message)| message.as_str())
    }

    /// What is wrong with what is none of these fields.
    pub fn beside<'f>(&self, fields: impl AsRef<[&'f str]>) -> Option<&str> {
        let fields = fields.as_ref();
        let other = self.told.iter().find(|(at, _)| !fields.contains(&at.as_str()));
        other.map(|(_, message)| message.as_str())
    }
}

/// A role or group that a form offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    pub id: String,
    pub name: String,
    pub is_chosen: bool,
}

/// Roles or groups that a form offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picks {
    pub offered: Vec<Pick>,
    /// Whether there are more than are offered, which can be typed.
    pub has_more: bool,
    /// The names that were typed, one a line.
    pub typed: String,
}

impl Picks {
    /// The names of the chosen ones.
    pub fn chosen(&self) -> Vec<&str> {
        self.offered.iter().filter(|pick| pick.is_chosen).map(|pick| pick.name.as_str()).collect()
    }

    pub(crate) fn sample(names: &[(&str, bool)]) -> Self {
        let pick = |(at, (name, is_chosen)): (usize, &(&str, bool))| Pick {
            id: format!("65f0c0ffee65f0c0ffee650{at}"),
            name: (*name).to_owned(),
            is_chosen: *is_chosen,
        };
        Self { offered: names.iter().enumerate().map(pick).collect(), ..Self::default() }
    }
}
