//! Lightness, chroma and hue as people see them (OKLCH, CSS Color 4 section 9.2), so that a colour
//! can be made lighter or darker and stays the same colour.

use super::Rgb;

/// A colour as lightness (0 to 1), chroma (0 for grey, up to about 0.4) and hue (radians).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Oklch {
    pub(super) lightness: f64,
    pub(super) chroma: f64,
    pub(super) hue: f64,
}

/// How far a channel may be outside of 0 to 1 and still count as inside: less than a step of 8 bits.
const TOLERANCE: f64 = 0.001;

impl From<Rgb> for Oklch {
    fn from(colour: Rgb) -> Self {
        let [red, green, blue] = colour.linear();
        let long = 0.412_221_47 * red + 0.536_332_54 * green + 0.051_445_99 * blue;
        let medium = 0.211_903_5 * red + 0.680_699_55 * green + 0.107_396_96 * blue;
        let short = 0.088_302_46 * red + 0.281_718_84 * green + 0.629_978_7 * blue;
        let (long, medium, short) = (long.cbrt(), medium.cbrt(), short.cbrt());
        let lightness = 0.210_454_26 * long + 0.793_617_79 * medium - 0.004_072_05 * short;
        let a = 1.977_998_5 * long - 2.428_592_2 * medium + 0.450_593_7 * short;
        let b = 0.025_904_04 * long + 0.782_771_77 * medium - 0.808_675_77 * short;
        Self { lightness, chroma: a.hypot(b), hue: b.atan2(a) }
    }
}

impl Oklch {
    /// The colour of this lightness and hue that a screen can show, with as much of the chroma as
    /// there is at that lightness.
    pub(super) fn to_rgb(self) -> Rgb {
        let mut shown = Self { lightness: self.lightness.clamp(0.0, 1.0), ..self };
        if !shown.is_shown() {
            let (mut inside, mut outside) = (0.0, self.chroma);
            for _ in 0..16 {
                shown.chroma = f64::midpoint(inside, outside);
                if shown.is_shown() {
                    inside = shown.chroma;
                } else {
                    outside = shown.chroma;
                }
            }
            shown.chroma = inside;
        }
        let [red, green, blue] = shown.linear().map(channel);
        Rgb { red, green, blue }
    }

    fn is_shown(self) -> bool {
        self.linear().iter().all(|light| (-TOLERANCE..=1.0 + TOLERANCE).contains(light))
    }

    fn linear(self) -> [f64; 3] {
        let (a, b) = (self.chroma * self.hue.cos(), self.chroma * self.hue.sin());
        let long = self.lightness + 0.396_337_78 * a + 0.215_803_76 * b;
        let medium = self.lightness - 0.105_561_35 * a - 0.063_854_17 * b;
        let short = self.lightness - 0.089_484_18 * a - 1.291_485_55 * b;
        let (long, medium, short) = (long.powi(3), medium.powi(3), short.powi(3));
        [
            4.076_741_66 * long - 3.307_711_59 * medium + 0.230_969_93 * short,
            -1.268_438 * long + 2.609_757_4 * medium - 0.341_319_4 * short,
            -0.004_196_09 * long - 0.703_418_61 * medium + 1.707_614_7 * short,
        ]
    }
}

fn channel(light: f64) -> u8 {
    let light = light.clamp(0.0, 1.0);
    let share =
        if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    (share * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The primaries as CSS Color 4 has them.
    #[test]
    fn the_primaries_are_where_css_says() {
        for (colour, lightness, chroma, degrees) in [
            (0xff_0000, 0.627_96, 0.257_68, 29.234),
            (0x00_ff00, 0.866_44, 0.294_83, 142.495),
            (0x00_00ff, 0.452_01, 0.313_21, 264.052),
        ] {
            let found = Oklch::from(Rgb::hex(colour));
            assert!((found.lightness - lightness).abs() < 0.0005, "{found:?}");
            assert!((found.chroma - chroma).abs() < 0.0005, "{found:?}");
            assert!((found.hue.to_degrees().rem_euclid(360.0) - degrees).abs() < 0.05, "{found:?}");
        }
        let white = Oklch::from(Rgb::hex(0xff_ffff));
        assert!((white.lightness - 1.0).abs() < 0.0005 && white.chroma < 0.0005, "{white:?}");
    }

    #[test]
    fn there_and_back_is_the_same() {
        for value in (0..0x0100_0000).step_by(0x1357) {
            let colour = Rgb::hex(value);
            assert_eq!(Oklch::from(colour).to_rgb(), colour);
        }
    }

    #[test]
    fn what_no_screen_shows_loses_chroma_and_keeps_its_lightness() {
        for degrees in 0..360 {
            let hue = f64::from(degrees).to_radians();
            let shown = Oklch::from(Oklch { lightness: 0.5, chroma: 0.4, hue }.to_rgb());
            assert!((shown.lightness - 0.5).abs() < 0.01, "{degrees}: {shown:?}");
            assert!(shown.chroma > 0.05, "{degrees}: {shown:?}");
        }
    }
}
