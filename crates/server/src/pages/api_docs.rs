//! The API's pages for developers: an overview, and one page for each part.
//!
//! The contexts are plain texts that the API's description is read into; a `code` span between
//! backticks is the only markup that they know.

use askama::Template;

use super::Brand;

/// One part of the API.
#[derive(Debug, Clone, Default)]
pub struct PartDocs {
    /// The last step of its page's address.
    pub slug: String,
    pub title: String,
    pub text: String,
    pub operations: Vec<OperationDocs>,
    /// What its operations answer, by name.
    pub shapes: Vec<ShapeDocs>,
}

/// One method of one address.
#[derive(Debug, Clone, Default)]
pub struct OperationDocs {
    /// Where it stands on its page.
    pub id: String,
    pub method: String,
    pub path: String,
    pub summary: String,
    pub paragraphs: Vec<String>,
    /// Any of these is enough; none means any token.
    pub scopes: Vec<String>,
    pub role: Option<String>,
    pub parameters: Vec<FieldDocs>,
    pub body: Option<BodyDocs>,
    pub answers: Vec<AnswerDocs>,
    /// A command after the tenant's address, in two halves.
    pub curl: (String, String),
}

/// A parameter, or a member of a body.
#[derive(Debug, Clone, Default)]
pub struct FieldDocs {
    pub name: String,
    /// `path`, `query`, `header`; empty for members.
    pub place: String,
    pub kind: KindDocs,
    pub required: bool,
    pub text: String,
    pub limits: Vec<String>,
}

/// What a value is: words, and a shape that is described on the same page.
#[derive(Debug, Clone, Default)]
pub struct KindDocs {
    pub words: String,
    pub shape: Option<String>,
}

/// What is sent.
#[derive(Debug, Clone, Default)]
pub struct BodyDocs {
    pub text: String,
    /// Whether there must be one.
    pub required: bool,
    pub kind: KindDocs,
    pub fields: Vec<FieldDocs>,
}

/// What comes back.
#[derive(Debug, Clone, Default)]
pub struct AnswerDocs {
    pub status: String,
    pub text: String,
    pub kind: KindDocs,
}

/// The members of something that is answered.
#[derive(Debug, Clone, Default)]
pub struct ShapeDocs {
    pub name: String,
    pub text: String,
    pub fields: Vec<FieldDocs>,
}

/// The overview, or a part's page.
#[derive(Debug, Clone, Template)]
#[template(path = "api_docs.html")]
pub struct ApiDocsPage<'a> {
    pub brand: Brand,
    /// The tenant's address, without a trailing slash.
    pub issuer: String,
    pub parts: &'a [PartDocs],
    /// The part whose page it is.
    pub current: Option<&'a PartDocs>,
}

impl ApiDocsPage<'_> {
    fn is_current(&self, part: &PartDocs) -> bool {
        self.current.is_some_and(|current| current.slug == part.slug)
    }

    #[must_use]
    pub fn samples() -> Vec<(&'static str, ApiDocsPage<'static>)> {
        let parts = crate::api::openapi::parts();
        let page = |current| ApiDocsPage {
            brand: Brand::sample(),
            issuer: "https://northwind.eu.countersign.example".into(),
            parts,
            current,
        };
        let branded = ApiDocsPage { brand: Brand::full_sample(), ..page(None) };
        vec![("overview", page(None)), ("branded", branded), ("part", page(parts.first()))]
    }
}

/// A text as runs of words and of code: what stands between backticks is code.
pub(crate) fn runs(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let runs = text.split('`').enumerate().map(|(index, run)| (index % 2 == 1, run));
    runs.filter(|(_, run)| !run.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stands_between_backticks() {
        let all: Vec<_> = runs("Needs `a` or `b`.").collect();
        let expected = [(false, "Needs "), (true, "a"), (false, " or "), (true, "b"), (false, ".")];
        assert_eq!(all, expected);
        assert_eq!(runs("").count(), 0);
    }
}
