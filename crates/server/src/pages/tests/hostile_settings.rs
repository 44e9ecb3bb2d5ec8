//! The settings with hostile values: struct literals, so a new field can't be forgotten.

use askama::Template;
use domain::colour::Rgb;

use super::super::console::Fault;
use super::super::console::settings::{SettingsPage, Swatch};
use super::hostile::shell;

/// The page with `text` in every string.
pub(super) fn page_with(text: &str) -> (&'static str, String) {
    let s = || text.to_owned();
    let page = SettingsPage {
        shell: shell(text),
        fault: Fault::at("logo", s()),
        name: s(),
        accent: s(),
        swatches: vec![Swatch {
            theme: "light",
            sheet: Rgb::hex(0xff_ffff),
            accent: Rgb::hex(0),
            on_accent: Rgb::hex(0xff_ffff),
            contrast: s(),
            too_little: Some(s()),
        }],
        tenant_id: s(),
        region: s(),
        issuer: s(),
        hostnames: vec![s(), s()],
    };
    ("settings", page.render().unwrap())
}
