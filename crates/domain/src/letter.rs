//! Letters that are seen where they stand, and those that hide (Unicode Technical Report 36,
//! section 2): a name with a hidden letter looks like another's and is not the same.

/// Whether a letter is seen where it stands, were it only as the space between two others: no
/// control character, none without a width, and none that turns the direction of those around it.
pub fn is_seen(letter: char) -> bool {
    let hides = matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}');
    !hides && !letter.is_control()
}

/// Whether a text may be what people call something: every letter is seen, but for joiners and
/// variation selectors that shape the letter before them, as Persian names and emoji need.
pub fn is_name(text: &str) -> bool {
    let mut shaped = false;
    let mut seen = false;
    for letter in text.chars() {
        let shapes = matches!(letter, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}');
        if shapes && !shaped || !shapes && !is_seen(letter) {
            return false;
        }
        // A selector may be joined to what follows; two joiners in a row shape nothing.
        shaped = !letter.is_whitespace() && !matches!(letter, '\u{200c}' | '\u{200d}');
        seen = seen || !shapes && !letter.is_whitespace();
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_hide_are_not_seen() {
        for hidden in [
            '\u{0}',
            '\u{7f}',
            '\u{9b}',
            '\u{ad}',
            '\u{61c}',
            '\u{200b}',
            '\u{200d}',
            '\u{200f}',
            '\u{2028}',
            '\u{202a}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{2800}',
            '\u{3164}',
            '\u{feff}',
            '\u{e0041}',
            '\u{e0100}',
        ] {
            assert!(!is_seen(hidden), "{hidden:?}");
            assert!(!is_name(&format!("a{hidden}{hidden}b")), "{hidden:?}");
            assert!(!is_name(&hidden.to_string()), "{hidden:?}");
            assert!(!is_name(&format!("{hidden}a")), "{hidden:?}");
        }
    }

    #[test]
    fn names_of_every_script_are_names() {
        for name in
            ["Zoë", "日本語", "שלום", "مرحبا", "می‌خواهم", "🙂", "👩‍💻 Dev", "❤️", "🏳️‍🌈", "O'Neil 2nd"]
        {
            assert!(is_name(name), "{name}");
        }
        for none in ["", " ", "\u{a0}", "a\u{200d}\u{200d}b", "a \u{200d}b", "ad\u{202e}nim"] {
            assert!(!is_name(none), "{none:?}");
        }
    }
}
