//! Takes out what is no text.

/// Stands where something cannot be shown.
pub const REPLACEMENT: char = '\u{fffd}';

/// The text without what a document may not hold: breaks become spaces, control
/// characters and private ones a visible replacement. What would show other
/// characters in another order than they were typed in is taken out.
pub fn clean(text: &str) -> String {
    text.chars()
        .filter(|character| !matches!(character, '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .map(|character| match character {
            '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
            '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. => REPLACEMENT,
            _ if character.is_control() || is_noncharacter(character) => REPLACEMENT,
            _ => character,
        })
        .collect()
}

fn is_noncharacter(character: char) -> bool {
    matches!(character, '\u{fdd0}'..='\u{fdef}') || u32::from(character) & 0xfffe == 0xfffe
}

/// Whether a character is never seen itself: it says how others are shown.
pub fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_is_left() {
        assert_eq!(clean("a\tb\r\nc"), "a b  c");
        assert_eq!(clean("a\0b\u{1b}[31m"), "a\u{fffd}b\u{fffd}[31m");
        assert_eq!(
            clean("\u{feff}a\u{e000}\u{ffff}\u{10ffff}"),
            "a\u{fffd}\u{fffd}\u{fffd}"
        );
        assert_eq!(clean("\u{202e}gnp.exe\u{202c}"), "gnp.exe");
        assert_eq!(clean("<b>) Tj ET & 🚗 שלום"), "<b>) Tj ET & 🚗 שלום");
    }
}
