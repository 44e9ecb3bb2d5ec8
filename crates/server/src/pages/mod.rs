//! The pages a person sees: one askama template and one typed context each.
//!
//! Invariants, each with a test in `tests.rs`: every page works without JavaScript, carries no inline style or
//! script (so that the CSP can forbid both), escapes every value it is given, and keeps the element ids that
//! the OpenID conformance suite is driven by. Contexts hold plain values; nothing here reads a clock, a request or a database.

pub mod account;
pub mod api_docs;
pub mod brand;
pub mod consent;
pub mod console;
pub mod error;
pub mod form_post;
pub mod home;
pub mod logout;
pub mod show;
pub mod sign_in;
pub mod static_files;
pub mod theme;

#[cfg(test)]
mod tests;

pub use account::{AccountPage, AppLine, SessionLine};
pub use api_docs::ApiDocsPage;
pub use brand::{Brand, BrandLogo};
pub use consent::{ConsentClient, ConsentPage, ScopeLine};
pub use error::{BackLink, ErrorPage};
pub use form_post::FormPostPage;
pub use home::HomePage;
pub use logout::{LogoutPage, SignedOutPage};
pub use sign_in::{Alert, SignInPage};
pub use static_files::{StaticFile, asset, static_file};

use askama::Template;

/// Every sample of every page, rendered: `(name, html)` with names such as `sign-in.plain`.
///
/// For looking at the pages and for the tests; no request reaches it.
#[must_use]
pub fn all_samples() -> Vec<(String, String)> {
    let mut all = Vec::new();
    render_into(&mut all, "sign-in", SignInPage::samples());
    render_into(&mut all, "consent", ConsentPage::samples());
    render_into(&mut all, "error", ErrorPage::samples());
    render_into(&mut all, "account", AccountPage::samples());
    render_into(&mut all, "logout", LogoutPage::samples());
    render_into(&mut all, "signed-out", SignedOutPage::samples());
    render_into(&mut all, "form-post", FormPostPage::samples());
    render_into(&mut all, "home", HomePage::samples());
    render_into(&mut all, "api-docs", ApiDocsPage::samples());
    console::samples_into(&mut all);
    all
}

fn render_into<T: Template>(
    all: &mut Vec<(String, String)>,
    page: &str,
    samples: Vec<(&'static str, T)>,
) {
    for (sample, context) in samples {
        // Rendering into memory fails only when a `Display` does; the tests refuse an empty page.
        all.push((format!("{page}.{sample}"), context.render().unwrap_or_default()));
    }
}
