//! The stylesheet's colours, as WCAG 2.2 counts contrast (1.4.3 text, 1.4.11 controls), in both themes.

use std::collections::HashMap;

use super::super::static_file;

const TEXT: [(&str, &str); 19] = [
    ("ink", "paper"),
    ("ink", "sheet"),
    ("ink", "sheet-sunk"),
    ("ink", "accent-wash"),
    ("ink", "danger-wash"),
    ("ink-soft", "paper"),
    ("ink-soft", "sheet"),
    ("ink-soft", "sheet-sunk"),
    ("accent", "paper"),
    ("accent", "sheet"),
    ("accent", "sheet-sunk"),
    ("accent", "accent-wash"),
    ("accent-hover", "sheet"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("danger", "sheet"),
    ("danger", "danger-wash"),
    ("on-danger", "danger"),
    ("caution", "caution-wash"),
];
const CONTROLS: [(&str, &str); 4] = [
    ("line-strong", "sheet"),
    ("line-strong", "paper"),
    ("on-danger", "danger-hover"),
    ("danger", "paper"),
];

fn css() -> String {
    String::from_utf8(static_file("app.css").unwrap().bytes.to_vec()).unwrap()
}

/// The tokens of one `:root` block whose values are six-digit colours.
fn colours(block: &str) -> HashMap<String, [f64; 3]> {
    block
        .split(';')
        .filter_map(|line| {
            line.trim().strip_prefix("--").or(line.rsplit_once("--").map(|(_, rest)| rest))
        })
        .filter_map(|line| line.split_once(": #"))
        .map(|(name, hex)| {
            let channel =
                |i: usize| f64::from(u8::from_str_radix(&hex[i..i + 2], 16).unwrap()) / 255.0;
            (name.to_owned(), [channel(0), channel(2), channel(4)])
        })
        .collect()
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [r, g, b] =
        colour.map(|c| if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_and_controls_have_contrast_in_both_themes() {
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 0.01);
    let css = css();
    let blocks: Vec<&str> =
        css.split(":root {").skip(1).map(|rest| &rest[..rest.find('}').unwrap()]).collect();
    for (theme, block) in [("light", blocks[0]), ("dark", blocks[1])] {
        let colours = colours(block);
        for (pairs, least) in [(&TEXT[..], 4.5), (&CONTROLS[..], 3.0)] {
            for (front, back) in pairs {
                let ratio = contrast(colours[*front], colours[*back]);
                assert!(ratio >= least, "{theme}: {front} on {back} is {ratio:.2}, needs {least}");
            }
        }
    }
}

#[test]
fn every_token_that_is_used_is_defined() {
    let css = css();
    for used in css.split("var(--").skip(1) {
        let name = &used[..used.find([')', ',']).unwrap()];
        assert!(css.contains(&format!("--{name}:")), "{name}");
    }
}
