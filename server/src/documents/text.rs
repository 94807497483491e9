//! Lines of any script: which sign stands where, and where a line ends.
//!
//! `clean` takes out what is no text, `shape` finds the signs of a line in
//! the order in which they are seen, `wrap` where lines end.

mod clean;
mod shape;
mod wrap;

use unicode_bidi::ParagraphBidiInfo;

pub use self::shape::Run;
use self::{
    clean::clean,
    shape::{Shaped, shape},
    wrap::wrap,
};
use super::fonts::Fonts;

/// How text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// In points.
    pub size: f32,
    /// Whether it stands out.
    pub bold: bool,
    /// Whether all figures are equally wide, so that they stand below each other.
    pub figures: bool,
}

impl Style {
    /// Running text of a size.
    pub const fn plain(size: f32) -> Self {
        Self {
            size,
            bold: false,
            figures: false,
        }
    }

    /// The same, but it stands out.
    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same, for columns of figures.
    pub const fn figures(self) -> Self {
        Self {
            figures: true,
            ..self
        }
    }
}

/// One line, ready to be drawn.
#[derive(Clone)]
pub struct Line {
    /// What it says, as it was typed.
    pub text: String,
    /// Its signs from left to right.
    pub runs: Vec<Run>,
    /// In points, without a space at its end.
    pub width: f32,
    /// In points.
    pub size: f32,
}

/// The text in as many lines as it needs to be no wider than `width` points.
pub fn lines(fonts: &'static Fonts, text: &str, style: Style, width: f32) -> Vec<Line> {
    let text = clean(text);
    let bidi = ParagraphBidiInfo::new(&text, None);
    let whole = shape(fonts, &text, &bidi, 0..text.len(), style);
    if whole.width * style.size <= width {
        return vec![finished(text, whole, style)];
    }
    wrap(&text, &whole.clusters, width / style.size)
        .into_iter()
        .map(|range| {
            let shaped = shape(fonts, &text, &bidi, range.clone(), style);
            finished(text[range].to_owned(), shaped, style)
        })
        .collect()
}

/// The text in one line, however wide.
pub fn line(fonts: &'static Fonts, text: &str, style: Style) -> Line {
    let text = clean(text);
    let bidi = ParagraphBidiInfo::new(&text, None);
    let shaped = shape(fonts, &text, &bidi, 0..text.len(), style);
    finished(text, shaped, style)
}

fn finished(text: String, shaped: Shaped, style: Style) -> Line {
    Line {
        text,
        width: shaped.width * style.size,
        runs: shaped.runs,
        size: style.size,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::fonts::fonts;

    const STYLE: Style = Style::plain(10.0);

    #[test]
    fn a_long_text_ends_at_spaces_and_loses_nothing() {
        let text = "Charging 21.6 kWh at the station beside the old harbour ".repeat(20);
        let lines = lines(fonts().unwrap(), &text, STYLE, 200.0);
        assert!(lines.len() > 10);
        assert!(lines.iter().all(|line| line.width <= 200.0));
        assert!(lines.iter().all(|line| line.text.ends_with(' ')));
        let all: String = lines.iter().map(|line| &*line.text).collect();
        assert_eq!(all, text);
    }

    #[test]
    fn a_word_without_an_end_is_broken_anywhere() {
        let text = "x".repeat(500);
        let lines = lines(fonts().unwrap(), &text, STYLE, 200.0);
        assert!(lines.len() > 5);
        assert!(lines.iter().all(|line| line.width <= 200.0));
    }

    #[test]
    fn figures_are_equally_wide() {
        let width = |text| line(fonts().unwrap(), text, STYLE.figures()).width;
        assert!((width("1111") - width("8888")).abs() < 0.001);
    }

    #[test]
    fn an_empty_text_is_an_empty_line() {
        let lines = lines(fonts().unwrap(), "", STYLE, 200.0);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].runs.is_empty());
    }
}
