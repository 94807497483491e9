//! What documents are written with: two weights of Inter, and DejaVu Sans for
//! the scripts Inter lacks.

use std::sync::OnceLock;

use harfrust::ShaperData;
use krilla::text::Font;
use skrifa::{FontRef, MetadataProvider, charmap::Charmap};

/// A font, read once.
pub struct Face {
    /// What the document embeds.
    pub font: Font,
    /// What says which characters become which signs.
    pub source: FontRef<'static>,
    /// What is known beforehand about that.
    pub shaping: ShaperData,
    characters: Charmap<'static>,
}

impl Face {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let source = FontRef::new(bytes).ok()?;
        Some(Self {
            font: Font::new(bytes.into(), 0)?,
            shaping: ShaperData::new(&source),
            characters: source.charmap(),
            source,
        })
    }

    /// Whether it can write a character.
    pub fn has(&self, character: char) -> bool {
        self.characters.map(character).is_some()
    }
}

/// All of them.
pub struct Fonts {
    /// Running text.
    pub regular: Face,
    /// What stands out.
    pub semibold: Face,
    /// For the scripts that the others lack.
    pub fallback: Face,
}

/// The fonts, or `None` if this program was built with broken ones.
pub fn fonts() -> Option<&'static Fonts> {
    static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
    FONTS
        .get_or_init(|| {
            Some(Fonts {
                regular: Face::read(include_bytes!("fonts/Inter-Regular.ttf"))?,
                semibold: Face::read(include_bytes!("fonts/Inter-SemiBold.ttf"))?,
                fallback: Face::read(include_bytes!("fonts/DejaVuSans.ttf"))?,
            })
        })
        .as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn together_they_write_what_people_are_called() {
        let fonts = fonts().unwrap();
        for character in "AzÄßñÇłŐžΩЖשج😀→\u{fffd}".chars() {
            let written = fonts.regular.has(character) || fonts.fallback.has(character);
            assert!(written, "{character}");
        }
    }

    #[test]
    fn both_weights_write_the_same_characters() {
        let fonts = fonts().unwrap();
        for character in ('\0'..='\u{2fff}').filter(|character| fonts.regular.has(*character)) {
            assert!(fonts.semibold.has(character), "{character:?}");
        }
    }
}
