//! What a tenant's own pages look like: its name, its logo and its colours.

use domain::tenant::Tenant;

use super::theme;

/// The tenant whose page this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// The tenant's display name.
    pub tenant_name: String,
    /// Its logo; its initial stands there without.
    pub logo: Option<BrandLogo>,
    /// The address of its colours, which stand over those of `app.css`.
    pub theme: Option<String>,
}

/// A logo as pages show it. The size keeps its place while it loads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrandLogo {
    /// Its address on this host.
    pub url: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl Brand {
    /// A brand with the product's own colours and no logo.
    #[must_use]
    pub fn new(tenant_name: impl Into<String>) -> Self {
        Self { tenant_name: tenant_name.into(), logo: None, theme: None }
    }

    /// The brand that a tenant chose.
    #[must_use]
    pub fn of(tenant: &Tenant) -> Self {
        let logo = tenant.brand.logo.as_ref().map(|logo| BrandLogo {
            url: format!("/brand/logo?v={}", logo.digest),
            width: logo.width,
            height: logo.height,
        });
        let theme = tenant.brand.accent.map(|accent| {
            let version = theme::version(&theme::css(accent));
            format!("/brand/theme.css?v={version}")
        });
        Self { tenant_name: tenant.name.clone(), logo, theme }
    }

    /// The letter that stands for the tenant until it has a logo.
    #[must_use]
    pub fn monogram(&self) -> String {
        super::show::monogram(&self.tenant_name)
    }

    pub(crate) fn sample() -> Self {
        Self::new("Northwind Analytics")
    }

    /// The same tenant with a logo and colours of its own.
    pub(crate) fn full_sample() -> Self {
        Self {
            logo: Some(BrandLogo {
                url: "/brand/logo?v=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU".into(),
                width: 96,
                height: 32,
            }),
            theme: Some("/brand/theme.css?v=0123456789abcdef".into()),
            ..Self::sample()
        }
    }
}
