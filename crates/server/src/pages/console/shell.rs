//! The frame around every page of the console.

use super::Section;
use crate::pages::Brand;
use crate::texts::Texts;

/// What the frame shows.
#[derive(Debug, Clone)]
pub struct Shell {
    /// The tenant.
    pub brand: Brand,
    /// The words.
    pub t: Texts,
    /// The token of every form.
    pub csrf: String,
    /// Who is signed in.
    pub user_name: String,
    /// Where the page is.
    pub section: Section,
    /// The parts that the administrator may see.
    pub sections: Vec<Section>,
    /// What was just done.
    pub notice: Option<Notice>,
}

/// What was just done, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Whether it tells of a fault.
    pub is_error: bool,
}

impl Notice {
    /// What `done=…` in a query says; a word that is not ours says nothing.
    pub fn of_query(t: Texts, query: Option<&str>) -> Option<Self> {
        let done = query?.split('&').find_map(|pair| pair.strip_prefix("done="))?;
        let key = format!("done-{done}");
        let text = t.t(&key);
        (text != key).then_some(Self { text, is_error: false })
    }
}

impl Shell {
    pub(crate) fn sample() -> Self {
        Self {
            brand: Brand::sample(),
            t: Texts::english(),
            csrf: "csrf-token".to_owned(),
            user_name: "Ada Lovelace".to_owned(),
            section: Section::Clients,
            sections: Section::all_for(|_| true),
            notice: None,
        }
    }
}
