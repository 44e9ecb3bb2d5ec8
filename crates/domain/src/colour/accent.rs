//! The accent of a page, made out of a colour that somebody chose.

use super::Rgb;
use super::oklch::Oklch;

/// Least contrast of text (WCAG 2.2, 1.4.3). What is no text needs 3 (1.4.11), which is less.
pub const TEXT_CONTRAST: f64 = 4.5;

/// What an accent stands on in one theme.
#[derive(Debug, Clone, Copy)]
pub struct Ground {
    /// The backgrounds that text in the accent stands on.
    pub sheets: [Rgb; 3],
}

/// The colours of an accent, by the names of the stylesheet's tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent {
    /// Links, marks, focus rings and the ground of the primary button.
    pub accent: Rgb,
    /// The same under the pointer.
    pub hover: Rgb,
    /// A ground with a breath of the colour.
    pub wash: Rgb,
    /// Text on `accent` and `hover`.
    pub on_accent: Rgb,
    /// A line around a wash; it decorates and tells nothing.
    pub line: Rgb,
}

impl Accent {
    /// Whether the chosen colour had to be changed to be readable.
    pub fn is_adjusted(&self, chosen: Rgb) -> bool {
        self.accent != chosen
    }
}

/// How the quiet colours of a theme are made: lightness, share of the chosen chroma, and its limit.
struct Tint(f64, f64, f64);

impl Tint {
    fn of(&self, chosen: Oklch) -> Rgb {
        let Self(lightness, share, most) = *self;
        Oklch { lightness, chroma: (chosen.chroma * share).min(most), ..chosen }.to_rgb()
    }
}

impl Ground {
    fn is_dark(&self) -> bool {
        self.sheets.iter().all(|sheet| sheet.luminance() < 0.18)
    }

    /// The least contrast of text in a colour with what it may stand on: the sheets, and a wash.
    pub fn contrast(&self, text: Rgb, wash: Rgb) -> f64 {
        let grounds = self.sheets.iter().chain([&wash]);
        grounds.map(|ground| text.contrast(*ground)).fold(f64::INFINITY, f64::min)
    }

    /// The accent closest to the chosen colour, of the same hue, in which text is readable on each
    /// sheet and on the wash, and on which text is readable; both at [`TEXT_CONTRAST`] or more,
    /// also under the pointer. The chosen colour itself when that is so already.
    pub fn accent(&self, chosen: Rgb) -> Accent {
        let dark = self.is_dark();
        let colour = Oklch::from(chosen);
        let (wash, line) = if dark {
            (Tint(0.285, 0.4, 0.045), Tint(0.4, 0.5, 0.06))
        } else {
            (Tint(0.955, 0.12, 0.02), Tint(0.86, 0.3, 0.05))
        };
        let wash = wash.of(colour);
        let reads = |shade: Rgb| self.contrast(shade, wash) >= TEXT_CONTRAST;
        let accent = if reads(chosen) { chosen } else { nearest(colour, dark, reads) };
        let hover = hover(accent, dark);
        let deep = Tint(0.19, 0.3, 0.04).of(colour);
        let light = Rgb::hex(0xff_ffff);
        let stands_on_both =
            |ink: &Rgb| [accent, hover].iter().all(|on| ink.contrast(*on) >= TEXT_CONTRAST);
        let inks = if dark { [deep, light] } else { [light, deep] };
        let on_accent = inks.into_iter().find(stands_on_both).unwrap_or(inks[0]);
        Accent { accent, hover, wash, on_accent, line: line.of(colour) }
    }
}

/// The shade that differs least in lightness and fits. Towards the end of the scale all fit.
fn nearest(colour: Oklch, dark: bool, fits: impl Fn(Rgb) -> bool) -> Rgb {
    let shade = |lightness: f64| Oklch { lightness, ..colour }.to_rgb();
    let (mut fitting, mut failing) = (if dark { 1.0 } else { 0.0 }, colour.lightness);
    for _ in 0..12 {
        let between = f64::midpoint(fitting, failing);
        if fits(shade(between)) {
            fitting = between;
        } else {
            failing = between;
        }
    }
    shade(fitting)
}

/// A visible step further from the ground; back where there is no room left.
fn hover(accent: Rgb, dark: bool) -> Rgb {
    let colour = Oklch::from(accent);
    let lightness = match (dark, colour.lightness) {
        (false, now @ 0.3..) => now - 0.08,
        // Steps near black are hardly seen.
        (false, now) => (now + 0.1).max(0.3),
        (true, now @ ..0.9) => now + 0.07,
        (true, now) => now - 0.08,
    };
    Oklch { lightness, ..colour }.to_rgb()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIGHT: Ground =
        Ground { sheets: [Rgb::hex(0xf3_f5f2), Rgb::hex(0xff_ffff), Rgb::hex(0xf6_f8f6)] };
    const DARK: Ground =
        Ground { sheets: [Rgb::hex(0x0e_1312), Rgb::hex(0x16_1c1b), Rgb::hex(0x1b_2221)] };
    /// What stands on the wash of an accent in the light theme, and in the dark one.
    const INKS: [[Rgb; 2]; 2] =
        [[Rgb::hex(0x14_211f), Rgb::hex(0x52_605d)], [Rgb::hex(0xe9_eeec), Rgb::hex(0xa5_b1ae)]];

    fn check((ground, inks): (&Ground, [Rgb; 2]), chosen: Rgb) {
        let made = ground.accent(chosen);
        let least = |front: Rgb, back: Rgb, what: &str| {
            let ratio = front.contrast(back);
            assert!(ratio >= TEXT_CONTRAST, "{chosen}: {what} has {ratio:.2}: {made:?}");
        };
        for sheet in ground.sheets {
            least(made.accent, sheet, "accent on a sheet");
            least(made.hover, sheet, "hover on a sheet");
        }
        least(made.accent, made.wash, "accent on its wash");
        least(made.on_accent, made.accent, "text on the accent");
        least(made.on_accent, made.hover, "text on the hovered accent");
        for ink in inks {
            least(ink, made.wash, "ink on the wash");
        }
        let step = made.hover.contrast(made.accent);
        assert!(step >= 1.15, "{chosen}: hover differs by {step:.2}: {made:?}");
    }

    /// All colours in steps of 15 in each channel, the corners among them.
    #[test]
    fn every_colour_makes_a_readable_accent_in_both_themes() {
        let steps = || (0..=255u8).step_by(15);
        for red in steps() {
            for green in steps() {
                for blue in steps() {
                    let chosen = Rgb { red, green, blue };
                    check((&LIGHT, INKS[0]), chosen);
                    check((&DARK, INKS[1]), chosen);
                }
            }
        }
    }

    #[test]
    fn a_colour_that_is_readable_already_stays_and_others_keep_their_hue() {
        let teal = Rgb::hex(0x0e_5e57);
        assert!(!LIGHT.accent(teal).is_adjusted(teal));
        assert!(DARK.accent(teal).is_adjusted(teal));
        let yellow = Rgb::hex(0xff_cc00);
        assert!(LIGHT.accent(yellow).is_adjusted(yellow));
        assert!(!DARK.accent(yellow).is_adjusted(yellow));
        for chosen in [0xff_cc00, 0xe6_002d, 0x7f_3fbf, 0x00_a3e0, 0xff_6600].map(Rgb::hex) {
            for ground in [&LIGHT, &DARK] {
                let (wanted, made) =
                    (Oklch::from(chosen), Oklch::from(ground.accent(chosen).accent));
                let turned = (wanted.hue - made.hue).abs().to_degrees();
                assert!(turned < 3.0, "{chosen}: turned by {turned:.1} degrees");
                assert!(made.chroma > 0.05, "{chosen} became grey");
            }
        }
    }

    /// No more is changed than has to be.
    #[test]
    fn an_adjusted_colour_has_hardly_more_contrast_than_it_needs() {
        for chosen in [0xff_cc00, 0xff_ffff, 0x00_a3e0].map(Rgb::hex) {
            let made = LIGHT.accent(chosen);
            let least = LIGHT.contrast(made.accent, made.wash);
            assert!(least < 4.7, "{chosen}: {least:.2}");
        }
    }
}
