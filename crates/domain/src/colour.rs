//! Colours, as WCAG 2.2 counts their contrast, and the accent that is made out of a chosen one.
//!
//! Invariant: whatever colour somebody chose, the text on and in the accent made out of it is
//! readable: see [`Ground::accent`].

mod accent;
mod oklch;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::said;
use crate::said::Said;

pub use accent::{Accent, Ground, TEXT_CONTRAST};

/// A colour of the sRGB space.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgb {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

/// A text is not `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.said())]
pub struct NoColour;

impl NoColour {
    /// What is wrong and what would be right, in the reader's language.
    pub fn said(self) -> Said {
        said!("colour", "is a colour as #rrggbb, such as #0e5e57")
    }
}

impl Rgb {
    /// The colour `0xrrggbb`.
    pub const fn hex(value: u32) -> Self {
        let [_, red, green, blue] = value.to_be_bytes();
        Self { red, green, blue }
    }

    /// Relative luminance: 0 for black, 1 for white (WCAG 2.2, "relative luminance").
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast with another colour, from 1 to 21 (WCAG 2.2, "contrast ratio").
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// The channels as amounts of light, from 0 to 1.
    fn linear(self) -> [f64; 3] {
        [self.red, self.green, self.blue].map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        })
    }
}

impl FromStr for Rgb {
    type Err = NoColour;

    fn from_str(text: &str) -> Result<Self, NoColour> {
        let digits = text.strip_prefix('#').ok_or(NoColour)?;
        // `from_str_radix` takes a sign, too.
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NoColour);
        }
        u32::from_str_radix(digits, 16).map(Self::hex).map_err(|_| NoColour)
    }
}

/// `#rrggbb`, in lower case.
impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl fmt::Debug for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Rgb {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rgb {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Rgb;

    #[test]
    fn texts_are_colours_or_refused() {
        assert_eq!("#0E5e57".parse(), Ok(Rgb::hex(0x0e_5e57)));
        assert_eq!(Rgb::hex(0x0e_5e57).to_string(), "#0e5e57");
        let json = serde_json::to_string(&Rgb::hex(0x00_00ff)).expect("json");
        assert_eq!(json, "\"#0000ff\"");
        assert_eq!(serde_json::from_str::<Rgb>(&json).expect("a colour"), Rgb::hex(0xff));
        for bad in [
            "", "#", "0e5e57", "#0e5e5", "#0e5e571", "#fff", "#+12345", "#-12345", "#12345g",
            "red", " #0e5e57", "#0e5e57 ", "#0e5e57;", "#é1234", "#12345é", "url(x)",
        ] {
            assert!(bad.parse::<Rgb>().is_err(), "{bad:?}");
        }
    }

    /// Vectors of WCAG's own examples and of the tables that everybody checks against: grey #767676
    /// is the lightest that passes on white, #777777 does not.
    #[test]
    fn luminance_and_contrast_are_those_of_wcag() {
        let (black, white) = (Rgb::hex(0), Rgb::hex(0xff_ffff));
        let near = |found: f64, expected: f64| (found - expected).abs() < 0.005;
        for (colour, luminance) in [
            (black, 0.0),
            (white, 1.0),
            (Rgb::hex(0xff_0000), 0.2126),
            (Rgb::hex(0x80_8080), 0.2159),
        ] {
            assert!(near(colour.luminance(), luminance), "{colour}");
        }
        for (one, two, contrast) in [
            (black, white, 21.0),
            (white, white, 1.0),
            (Rgb::hex(0x76_7676), white, 4.54),
            (Rgb::hex(0x77_7777), white, 4.48),
            (Rgb::hex(0xff_0000), white, 4.00),
            (Rgb::hex(0x00_00ff), white, 8.59),
            (Rgb::hex(0x00_8000), white, 5.14),
        ] {
            assert!(near(one.contrast(two), contrast), "{one} {two} {}", one.contrast(two));
            assert_eq!(one.contrast(two), two.contrast(one));
        }
    }
}
