//! What a tenant's own pages look like: its name, and the seam where its logo and colour will come in.

/// The tenant whose page this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// The tenant's display name.
    pub tenant_name: String,
    /// The name of an accent palette, lower-case ASCII letters. It becomes `data-accent` on the root element and
    /// the stylesheet maps it to colours: the CSP allows no inline style, so a free colour value can't work.
    pub accent: Option<String>,
}

impl Brand {
    /// A brand with the default colours.
    #[must_use]
    pub fn new(tenant_name: impl Into<String>) -> Self {
        Self { tenant_name: tenant_name.into(), accent: None }
    }

    /// The accent if it is a palette name, else the default palette (the empty name).
    #[must_use]
    pub fn accent_name(&self) -> &str {
        match self.accent.as_deref() {
            Some(name) if name.len() <= 24 && name.bytes().all(|b| b.is_ascii_lowercase()) => name,
            _ => "",
        }
    }

    /// The letter that stands for the tenant until it has a logo.
    #[must_use]
    pub fn monogram(&self) -> String {
        super::show::monogram(&self.tenant_name)
    }

    pub(super) fn sample() -> Self {
        Self::new("Northwind Analytics")
    }
}
