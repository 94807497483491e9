//! The session's link, for a phone's camera.

use krilla::{geom::Rect, tagging::Tag};
use qrcode::{Color, EcLevel, QrCode};

use super::{
    Receipt,
    flow::{Flow, RIGHT},
};
use crate::documents::{
    colour::Colour,
    sheet::{Part, Unwritable, rectangles},
    words::Words,
};

/// How wide and high it is, in points.
pub const SIDE: f32 = 84.0;

/// The QR code, with its top right corner in that of what is written.
pub fn code(flow: &mut Flow, receipt: &Receipt, words: &Words) -> Result<Part, Unwritable> {
    let code = QrCode::with_error_correction_level(&receipt.link, EcLevel::M)?;
    let width = code.width();
    // A code has at most 177 squares a side.
    #[expect(clippy::cast_precision_loss)]
    let (at, side) = (|place: usize| place as f32, SIDE / width as f32);
    let squares = code.to_colors().into_iter().enumerate();
    let dark = squares.filter(|(_, colour)| *colour == Color::Dark);
    let path = rectangles(dark.filter_map(|(place, _)| {
        let (x, y) = (at(place % width) * side, at(place / width) * side);
        Rect::from_xywh(RIGHT - SIDE + x, flow.y + y, side, side)
    }));
    let picture = path.map(|path| flow.sheet.figure(path, Colour::BLACK));
    let tag = Tag::Figure(Some(words.code.to_owned()));
    Ok(Part::of(tag, picture.into_iter().collect()))
}
