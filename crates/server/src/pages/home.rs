//! The tenant's root page: what this host is, and the ways in.

use askama::Template;

use super::Brand;
use crate::texts::Texts;

#[derive(Debug, Clone, Template)]
#[template(path = "home.html")]
pub struct HomePage {
    pub brand: Brand,
    /// The words.
    pub t: Texts,
    /// `https://<primary hostname>`, no trailing slash.
    pub issuer: String,
    /// The name of the person who is signed in here.
    pub signed_in_as: Option<String>,
}

impl HomePage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self {
            brand: Brand::sample(),
            t: Texts::english(),
            issuer: "https://northwind.eu.countersign.example".into(),
            signed_in_as: None,
        };
        vec![
            ("visitor", base.clone()),
            ("branded", Self { brand: Brand::full_sample(), ..base.clone() }),
            ("signed-in", Self { signed_in_as: Some("Ada Lovelace".into()), ..base }),
        ]
    }
}
