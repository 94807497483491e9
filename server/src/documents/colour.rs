//! Colours, and what can be read on them.

/// A colour: red, green and blue.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// Black.
    pub const BLACK: Self = Self(0, 0, 0);
    /// White.
    pub const WHITE: Self = Self(255, 255, 255);

    /// The colour of a text such as `#0b5fff`.
    pub fn of_hex(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let channel = |from: usize| u8::from_str_radix(digits.get(from..from + 2)?, 16).ok();
        Some(Self(channel(0)?, channel(2)?, channel(4)?))
    }

    /// White or black, whichever reads better on it. One of them always has a
    /// contrast of at least 4.5 to 1.
    pub fn text_on(self) -> Self {
        if self.contrast(Self::WHITE) >= 4.5 {
            Self::WHITE
        } else {
            Self::BLACK
        }
    }

    /// The contrast between two colours, as WCAG counts it: 1 to 21.
    pub fn contrast(self, other: Self) -> f32 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f32 {
        let linear = |channel: u8| {
            let share = f32::from(channel) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_be_read_on_every_colour() {
        for red in (0..=255).step_by(5) {
            for green in (0..=255).step_by(5) {
                for blue in (0..=255).step_by(5) {
                    let ground = Colour(red, green, blue);
                    assert!(ground.contrast(ground.text_on()) >= 4.5, "{ground:?}");
                }
            }
        }
    }

    #[test]
    fn a_colour_is_read_or_it_is_none() {
        assert_eq!(Colour::of_hex("#0b5fff"), Some(Colour(11, 95, 255)));
        for wrong in ["0b5fff", "#0b5ff", "#0b5fffa", "#0b5fé", ""] {
            assert_eq!(Colour::of_hex(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn black_on_white_is_the_strongest() {
        assert!((Colour::BLACK.contrast(Colour::WHITE) - 21.0).abs() < 0.01);
    }
}
