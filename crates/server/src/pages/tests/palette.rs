//! The stylesheet's colours, as WCAG 2.2 counts contrast (1.4.3 text, 1.4.11 controls), in both themes.

use std::collections::HashMap;

use domain::colour::Rgb;

use super::super::{static_file, theme};

const TEXT: [(&str, &str); 20] = [
    ("ink", "paper"),
    ("ink", "sheet"),
    ("ink", "sheet-sunk"),
    ("ink", "accent-wash"),
    ("ink", "danger-wash"),
    ("ink-soft", "paper"),
    ("ink-soft", "sheet"),
    ("ink-soft", "sheet-sunk"),
    ("ink-soft", "accent-wash"),
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
fn colours(block: &str) -> HashMap<&str, Rgb> {
    let lines = block.split([';', '{']).filter_map(|line| line.rsplit_once("--"));
    let pairs = lines.filter_map(|(_, line)| line.split_once(": "));
    pairs.filter_map(|(name, value)| Some((name, value.parse().ok()?))).collect()
}

/// The light and the dark theme of a stylesheet.
fn themes(css: &str) -> [HashMap<&str, Rgb>; 2] {
    let blocks: Vec<&str> =
        css.split(":root {").skip(1).map(|rest| &rest[..rest.find('}').unwrap()]).collect();
    [colours(blocks[0]), colours(blocks[1])]
}

fn check(what: &str, colours: &HashMap<&str, Rgb>) {
    for (pairs, least) in [(&TEXT[..], 4.5), (&CONTROLS[..], 3.0)] {
        for (front, back) in pairs {
            let ratio = colours[front].contrast(colours[back]);
            assert!(ratio >= least, "{what}: {front} on {back} is {ratio:.2}, needs {least}");
        }
    }
}

#[test]
fn text_and_controls_have_contrast_in_both_themes() {
    let css = css();
    for (name, theme) in ["light", "dark"].into_iter().zip(themes(&css)) {
        check(name, &theme);
    }
}

/// The same pairs with a tenant's colours over ours, as the browser puts them together.
#[test]
fn text_and_controls_have_contrast_whatever_a_tenant_chose() {
    let ours = css();
    for chosen in [0, 0xff_ffff, 0xff_cc00, 0xe6_002d, 0x00_0080, 0x7f_7f7f, 0x00_ff00, 0xff_00ff] {
        let theirs = theme::css(Rgb::hex(chosen));
        for (name, (mut colours, over)) in
            ["light", "dark"].into_iter().zip(themes(&ours).into_iter().zip(themes(&theirs)))
        {
            assert_eq!(over.len(), 5, "{theirs}");
            assert!(over.keys().all(|token| colours.contains_key(token)), "{theirs}");
            colours.extend(over);
            check(&format!("{name} {chosen:06x}"), &colours);
        }
    }
}

/// The accent is derived for the grounds that the stylesheet has.
#[test]
fn the_grounds_of_accents_are_those_of_the_stylesheet() {
    let css = css();
    for (ground, colours) in [&theme::LIGHT, &theme::DARK].into_iter().zip(themes(&css)) {
        assert_eq!(ground.sheets, ["paper", "sheet", "sheet-sunk"].map(|token| colours[token]));
    }
}

#[test]
fn a_theme_is_told_by_its_text() {
    let version = |chosen| theme::version(&theme::css(Rgb::hex(chosen)));
    assert_eq!(version(0xc2_185b).len(), 16);
    assert_eq!(version(0xc2_185b), version(0xc2_185b));
    assert_ne!(version(0xc2_185b), version(0xc2_185c));
    let css = theme::css(Rgb::hex(0xc2_185b));
    assert!(css.contains("--accent: #c2185b;"), "a colour that can be read stays: {css}");
    // The dark theme under the same condition as in app.css: paper stays light.
    let condition = "@media screen and (prefers-color-scheme: dark)";
    assert!(css.contains(condition) && self::css().contains(condition));
}

#[test]
fn every_token_that_is_used_is_defined() {
    let css = css();
    for used in css.split("var(--").skip(1) {
        let name = &used[..used.find([')', ',']).unwrap()];
        assert!(css.contains(&format!("--{name}:")), "{name}");
    }
}
