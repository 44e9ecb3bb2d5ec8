//! Letters that are seen where they stand, and those that hide (Unicode Technical Report 36,
//! section 2): a name with a hidden letter looks like another's and is not the same.
//!
//! Not looked for are letters of one script that look like those of another, since names of many
//! scripts are names.

/// Whether a letter is seen where it stands, were it only as the space between two others: no
/// control character, none without a width, and none that turns the direction of those around it.
pub fn is_seen(letter: char) -> bool {
    let hides = matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}' | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}');
    !hides && !letter.is_control()
}

/// Most accents that are put over or under one letter, as Vietnamese needs two.
const ACCENTS_MAX: usize = 3;

/// Whether a letter is drawn over the one before it, in scripts that have letters without any.
fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Whether a letter is of a script whose letters joiners shape, or a picture that they join: Latin,
/// Greek and Cyrillic ones are left as they are, so that there a joiner only hides.
fn is_shaped(letter: char) -> bool {
    !letter.is_whitespace() && letter >= '\u{590}' && (is_seen(letter) || is_selector(letter))
}

fn is_joiner(letter: char) -> bool {
    matches!(letter, '\u{200c}' | '\u{200d}')
}

/// Whether a letter tells of the one before it whether it is a picture or a text.
fn is_selector(letter: char) -> bool {
    matches!(letter, '\u{fe0e}' | '\u{fe0f}')
}

/// Whether every letter of a text is seen, but for `others`; joiners and selectors stand where they
/// shape something.
fn is_plain(text: &str, others: fn(char) -> bool) -> bool {
    let mut letters = text.chars().peekable();
    let (mut before, mut accents) = (' ', 0);
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().unwrap_or(' ');
        let fits = match letter {
            _ if is_joiner(letter) => is_shaped(before) && is_shaped(next),
            // Digits have one in pictures of keys, and letters have none.
            _ if is_selector(letter) => {
                is_shaped(before) && !before.is_alphabetic() || next == '\u{20e3}'
            }
            _ => is_seen(letter) || others(letter),
        };
        accents = if is_accent(letter) { accents + 1 } else { 0 };
        if !fits || accents > ACCENTS_MAX {
            return false;
        }
        before = letter;
    }
    true
}

/// Whether a text may be what people call something: every letter is seen, but for joiners and
/// selectors that shape those beside them, as Persian names and emoji need.
pub fn is_name(text: &str) -> bool {
    let is_there = text.chars().any(|letter| !letter.is_whitespace());
    is_there && is_plain(text, |_| false)
}

/// Whether a text may be what people read of something: a name's letters, in lines. The marks that
/// keep a number or a Latin word in its place in a text from right to left turn nothing around.
pub fn is_prose(text: &str) -> bool {
    is_plain(text, |letter| {
        matches!(letter, '\n' | '\r' | '\t' | '\u{200e}' | '\u{200f}' | '\u{61c}')
    })
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
            '\u{200c}',
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
            '\u{fe0e}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{fffc}',
            '\u{13430}',
            '\u{1bca0}',
            '\u{1d173}',
            '\u{e0041}',
            '\u{e0100}',
        ] {
            assert!(!is_seen(hidden), "{hidden:?}");
            for name in ["ab|cd", "|ab", "ab|", "|", "Т|е", "ab ||cd", "日||本"] {
                let name = name.replace('|', &hidden.to_string());
                assert!(!is_name(&name), "{name:?}");
            }
        }
    }

    #[test]
    fn names_of_every_script_are_names() {
        for name in [
            "Zoë",
            "Zoe\u{308}",
            "Việt Nam",
            "日本語",
            "שלום",
            "مرحبا",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "🙂",
            "👩\u{200d}💻 Dev",
            "❤\u{fe0f}",
            "🏳\u{fe0f}\u{200d}🌈",
            "1\u{fe0f}\u{20e3}",
            "👍🏽",
            "O'Neil 2nd",
            "Привет",
        ] {
            assert!(is_name(name), "{name}");
            assert!(is_prose(&format!("{name}\r\n\t{name}")), "{name}");
        }
        for none in ["", " ", "\u{a0}", "ad\u{202e}nim", "a\nb"] {
            assert!(!is_name(none), "{none:?}");
        }
        assert!(
            !is_name(&format!("a{}", "\u{301}".repeat(4))),
            "accents that reach the line above"
        );
    }

    #[test]
    fn prose_has_lines_and_turns_nothing_around() {
        for text in ["", "One.\n\nTwo.", "שלום \u{200e}A-1\u{200e} שלום"] {
            assert!(is_prose(text), "{text:?}");
        }
        for text in ["Safe \u{202e}gnp.exe", "a\u{200b}b", "a\u{0}", "\u{2066}x\u{2069}"] {
            assert!(!is_prose(text), "{text:?}");
        }
    }
}
