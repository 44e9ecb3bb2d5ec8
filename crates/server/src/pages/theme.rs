//! A tenant's colours as a stylesheet: the accent's tokens of `app.css`, in both themes.
//!
//! Invariant: the grounds here are those of `app.css` (a test compares), so that what is readable
//! here is readable there.

use domain::colour::{Accent, Ground, Rgb};

use super::static_files::entity_tag;

/// What an accent stands on in the light theme: paper, sheet and sunken sheet.
pub const LIGHT: Ground =
    Ground { sheets: [Rgb::hex(0xf3_f5f2), Rgb::hex(0xff_ffff), Rgb::hex(0xf6_f8f6)] };

/// The same in the dark theme.
pub const DARK: Ground =
    Ground { sheets: [Rgb::hex(0x0e_1312), Rgb::hex(0x16_1c1b), Rgb::hex(0x1b_2221)] };

/// The stylesheet of a chosen accent.
#[must_use]
pub fn css(chosen: Rgb) -> String {
    let (light, dark) = (block(&LIGHT.accent(chosen)), block(&DARK.accent(chosen)));
    // The same conditions as in app.css: paper is light.
    format!("{light}@media screen and (prefers-color-scheme: dark) {{\n{dark}}}\n")
}

fn block(accent: &Accent) -> String {
    let Accent { accent, hover, wash, on_accent, line } = accent;
    format!(
        ":root {{\n  --accent: {accent};\n  --accent-hover: {hover};\n  --accent-wash: {wash};\n  \
         --on-accent: {on_accent};\n  --accent-line: {line};\n}}\n"
    )
}

/// What tells a stylesheet from all others. It is made of the text and not of the colour: a release
/// that derives otherwise has other addresses.
#[must_use]
pub fn version(css: &str) -> String {
    entity_tag(css.as_bytes()).trim_matches('"').to_owned()
}
