//! Finds the signs of a line.

use std::ops::Range;

use harfrust::{
    BufferFlags, Direction, Feature, GlyphBuffer, ShapeOptions, Tag, UnicodeBuffer, script,
};
use krilla::text::{GlyphId, KrillaGlyph};
use unicode_bidi::ParagraphBidiInfo;

use super::{
    Style,
    clean::{REPLACEMENT, is_unseen},
};
use crate::documents::fonts::{Face, Fonts};

/// Takes no room, and is taken out by the shaper.
const NO_WIDTH: char = '\u{200b}';

/// Signs of one font, from left to right.
#[derive(Clone)]
pub struct Run {
    /// What they are written with.
    pub face: &'static Face,
    /// In units of the text's size; their text ranges are those of the line.
    pub glyphs: Vec<KrillaGlyph>,
    /// In units of the text's size.
    pub width: f32,
}

/// Characters that are shown together, in reading order.
#[derive(Clone, Copy, Debug)]
pub struct Cluster {
    /// Where it begins in the text.
    pub start: usize,
    /// How wide it is, in units of the text's size.
    pub advance: f32,
}

/// The signs of a part of a text.
pub struct Shaped {
    /// From left to right.
    pub runs: Vec<Run>,
    /// In reading order.
    pub clusters: Vec<Cluster>,
    /// Without spaces at the end, in units of the text's size.
    pub width: f32,
}

/// A part of a text that one font writes in one direction.
struct Piece {
    range: Range<usize>,
    face: &'static Face,
    arabic: bool,
}

/// Finds the signs of `range` as one line.
pub fn shape(
    fonts: &'static Fonts,
    text: &str,
    bidi: &ParagraphBidiInfo<'_>,
    range: Range<usize>,
    style: Style,
) -> Shaped {
    let (levels, level_runs) = if range.is_empty() {
        (Vec::new(), Vec::new())
    } else {
        bidi.visual_runs(range.clone())
    };
    let mut shaped = Shaped {
        runs: Vec::new(),
        clusters: Vec::new(),
        width: 0.0,
    };
    for level_run in level_runs {
        let rtl = levels[level_run.start].is_rtl();
        let mut pieces = pieces(fonts, text, level_run, style.bold);
        if rtl {
            pieces.reverse();
        }
        for piece in pieces {
            let signs = signs(text, &piece, rtl, style.figures);
            shaped.add(&piece, &signs, range.start);
        }
    }
    shaped.clusters.sort_by_key(|cluster| cluster.start);
    shaped.clusters.dedup_by(|next, first| {
        let together = next.start == first.start;
        first.advance += if together { next.advance } else { 0.0 };
        together
    });
    shaped.width = shaped.clusters.iter().map(|cluster| cluster.advance).sum();
    for cluster in shaped.clusters.iter().rev() {
        if !text[cluster.start..].starts_with(' ') {
            break;
        }
        shaped.width -= cluster.advance;
    }
    shaped
}

/// The text of one direction, cut where another font must write it.
fn pieces(fonts: &'static Fonts, text: &str, range: Range<usize>, bold: bool) -> Vec<Piece> {
    let main = if bold {
        &fonts.semibold
    } else {
        &fonts.regular
    };
    let mut pieces: Vec<Piece> = Vec::new();
    for (offset, character) in text[range.clone()].char_indices() {
        let start = range.start + offset;
        let end = start + character.len_utf8();
        let arabic = matches!(character, '\u{600}'..='\u{8ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}');
        if let Some(last) = pieces.last_mut()
            && (is_unseen(character)
                || is_mark(character) && last.face.has(character)
                || arabic == last.arabic
                    && std::ptr::eq(last.face, face_for(fonts, main, character)))
        {
            last.range.end = end;
            continue;
        }
        pieces.push(Piece {
            range: start..end,
            face: face_for(fonts, main, character),
            arabic,
        });
    }
    pieces
}

fn face_for(fonts: &'static Fonts, main: &'static Face, character: char) -> &'static Face {
    if main.has(character) || character.is_whitespace() {
        main
    } else {
        &fonts.fallback
    }
}

/// Whether a character is put onto the one before it.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}

fn signs(text: &str, piece: &Piece, rtl: bool, figures: bool) -> GlyphBuffer {
    let mut buffer = UnicodeBuffer::new();
    for (offset, character) in text[piece.range.clone()].char_indices() {
        let shown = match character {
            _ if piece.face.has(character) => character,
            _ if is_unseen(character) => NO_WIDTH,
            _ if character.is_whitespace() => ' ',
            _ => REPLACEMENT,
        };
        // A text of more than four gigabytes doesn't get here.
        let start = u32::try_from(piece.range.start + offset).unwrap_or(u32::MAX);
        buffer.add(shown, start);
    }
    buffer.set_flags(BufferFlags::REMOVE_DEFAULT_IGNORABLES);
    if piece.arabic {
        buffer.set_script(script::ARABIC);
    }
    buffer.set_direction(if rtl {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    });
    buffer.guess_segment_properties();
    let tabular = [Feature::new(Tag::new(b"tnum"), 1, ..)];
    let features = if figures { &tabular[..] } else { &[] };
    let shaper = piece.face.shaping.shaper(&piece.face.source).build();
    shaper.shape(buffer, ShapeOptions::new().features(features))
}

impl Shaped {
    /// Adds signs to the right; `line_start` is where the line begins in the text.
    fn add(&mut self, piece: &Piece, signs: &GlyphBuffer, line_start: usize) {
        let em = piece.face.font.units_per_em();
        // Font units are far below what an f32 holds exactly.
        #[expect(clippy::cast_precision_loss)]
        let scaled = |units: i32| units as f32 / em;
        let mut starts: Vec<usize> = signs
            .glyph_infos()
            .iter()
            .map(|info| info.cluster as usize)
            .collect();
        starts.sort_unstable();
        starts.dedup();
        let mut run = Run {
            face: piece.face,
            glyphs: Vec::with_capacity(signs.len()),
            width: 0.0,
        };
        for (info, position) in signs.glyph_infos().iter().zip(signs.glyph_positions()) {
            let start = info.cluster as usize;
            let next = starts.partition_point(|other| *other <= start);
            let end = starts.get(next).copied().unwrap_or(piece.range.end);
            let advance = scaled(position.x_advance);
            run.width += advance;
            self.clusters.push(Cluster { start, advance });
            run.glyphs.push(KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                advance,
                scaled(position.x_offset),
                scaled(position.y_offset),
                scaled(position.y_advance),
                start - line_start..end - line_start,
                None,
            ));
        }
        self.runs.push(run);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::{fonts::fonts, text::line};

    fn seen(text: &str) -> String {
        let line = line(fonts().unwrap(), text, Style::plain(10.0));
        let mut seen = String::new();
        for glyph in line.runs.iter().flat_map(|run| &run.glyphs) {
            seen.push_str(&line.text[glyph.text_range.clone()]);
        }
        seen
    }

    #[test]
    fn hebrew_is_seen_from_right_to_left() {
        assert_eq!(seen("a שלום b"), "a םולש b");
        assert_eq!(seen("שלום 12"), "12 םולש");
    }

    #[test]
    fn what_no_font_has_keeps_its_place_and_its_text() {
        let line = line(fonts().unwrap(), "a🦩b", Style::plain(10.0));
        let fallback = fonts().unwrap().fallback.source.clone();
        let sign = skrifa::MetadataProvider::charmap(&fallback).map(REPLACEMENT);
        let shown = &line.runs[1].glyphs[0];
        assert_eq!(Some(shown.glyph_id.to_u32()), sign.map(|id| id.to_u32()));
        assert_eq!(&line.text[shown.text_range.clone()], "🦩");
    }

    #[test]
    fn unseen_characters_take_no_room() {
        let width = |text| line(fonts().unwrap(), text, Style::plain(10.0)).width;
        assert!((width("a\u{200b}\u{202e}\u{202c}\u{fe0f}b") - width("ab")).abs() < 0.001);
    }
}
