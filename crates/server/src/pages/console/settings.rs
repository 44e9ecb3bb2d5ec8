//! Settings: the tenant's name, looks and hosts.

use askama::Template;
use domain::brand::{LOGO_BYTES_MAX, LOGO_SIDE_MAX};
use domain::colour::{Ground, Rgb};

use super::{Fault, Section, Shell};
use crate::pages::{Brand, theme};
use crate::texts::Texts;

/// `GET /admin/settings`; `POST /admin/settings` (`name`), `/admin/settings/accent` (`accent`),
/// `/admin/settings/logo` (`logo`, a file) and `/admin/settings/logo/remove`.
#[derive(Debug, Clone, Template)]
#[template(path = "console/settings.html")]
pub struct SettingsPage {
    pub shell: Shell,
    /// What is wrong with `name`, `accent` or `logo`.
    pub fault: Fault,
    pub name: String,
    /// The accent as it was typed or stands; empty for the product's own.
    pub accent: String,
    /// What pages make of it.
    pub swatches: Vec<Swatch>,
    pub tenant_id: String,
    pub region: String,
    pub issuer: String,
    /// The first is the one that the issuer is made of.
    pub hostnames: Vec<String>,
}

/// What pages make of a chosen accent in one theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swatch {
    /// The theme's stable word.
    pub theme: &'static str,
    /// What cards are made of.
    pub sheet: Rgb,
    pub accent: Rgb,
    pub on_accent: Rgb,
    /// The least contrast of text in the accent.
    pub contrast: String,
    /// The same of the colour as it was chosen, if that is too little.
    pub too_little: Option<String>,
}

impl Swatch {
    /// For the light and the dark theme.
    #[must_use]
    pub fn both(t: Texts, chosen: Rgb) -> Vec<Self> {
        let of = |(theme, ground): (&'static str, &Ground)| {
            let made = ground.accent(chosen);
            let contrast = |colour| t.tenths(ground.contrast(colour, made.wash));
            Self {
                theme,
                sheet: ground.sheets[1],
                accent: made.accent,
                on_accent: made.on_accent,
                contrast: contrast(made.accent),
                too_little: made.is_adjusted(chosen).then(|| contrast(chosen)),
            }
        };
        [("light", &theme::LIGHT), ("dark", &theme::DARK)].map(of).into()
    }
}

impl SettingsPage {
    /// What the browser's own picker begins with.
    fn picked(&self) -> &str {
        if self.swatches.is_empty() { "#0e5e57" } else { self.accent.trim() }
    }

    /// What a logo may have: kilobytes, and pixels on each side.
    fn logo_most() -> (usize, u32) {
        (LOGO_BYTES_MAX / 1024, LOGO_SIDE_MAX)
    }

    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self {
            shell: Shell { section: Section::Settings, ..Shell::sample() },
            fault: Fault::default(),
            name: "Northwind Analytics".to_owned(),
            accent: String::new(),
            swatches: Vec::new(),
            tenant_id: "BL4tTJ4S7xrHTcq0zQxQrJ5qB1_Q6cSo".to_owned(),
            region: "eu".to_owned(),
            issuer: "https://northwind.eu.example.com".to_owned(),
            hostnames: vec![
                "northwind.eu.example.com".to_owned(),
                "id.northwind.example".to_owned(),
            ],
        };
        let wrong = |field, message: &str| Self {
            fault: Fault::at(field, message.to_owned()),
            ..base.clone()
        };
        let wrong_name = Self { name: String::new(), ..wrong("name", "has 1 to 200 characters") };
        let wrong_accent =
            Self { accent: "#ff".to_owned(), ..wrong("accent", "is a colour as #rrggbb") };
        let wrong_logo = wrong("logo", "is an animation: use a still picture");
        let busy = Self { fault: Fault::general("Try again.".to_owned()), ..base.clone() };
        let branded = Self {
            shell: Shell { brand: Brand::full_sample(), ..base.shell.clone() },
            accent: "#ffcc00".to_owned(),
            swatches: Swatch::both(base.shell.t, Rgb::hex(0xff_cc00)),
            ..base.clone()
        };
        vec![
            ("usual", base),
            ("wrong", wrong_name),
            ("wrong-accent", wrong_accent),
            ("wrong-logo", wrong_logo),
            ("busy", busy),
            ("branded", branded),
        ]
    }
}
