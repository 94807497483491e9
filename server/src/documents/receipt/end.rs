//! How it was paid, the way back to the session, and the feet of the pages.

use krilla::{geom::Rect, tagging::Tag};
use qrcode::{Color, EcLevel, QrCode};

use super::{
    Receipt,
    flow::{Cell, Flow, INK, LEFT, RIGHT, SOFT, WIDTH},
};
use crate::documents::{
    colour::Colour,
    sheet::{Part, Sheet, Unwritable, rectangles},
    text::{Style, line, lines},
    words::Words,
};

const LABEL: Style = Style::plain(8.5);
const TEXT: Style = Style::plain(9.5);
const CODE_SIDE: f32 = 84.0;

/// The end of the last page.
pub fn end(flow: &mut Flow, receipt: &Receipt, words: &Words) -> Result<Vec<Part>, Unwritable> {
    flow.gap(28.0);
    flow.keep(CODE_SIDE);
    let top = flow.y;
    let mut parts = vec![code(flow, receipt, words)?];
    let x = LEFT + CODE_SIDE + 18.0;
    let cell = |label: &str, text: &str, colour: Colour| {
        Cell::left(x, RIGHT - x)
            .with(flow.sheet.fonts, label, LABEL, SOFT)
            .with(flow.sheet.fonts, text, TEXT, colour)
    };
    let link = cell(words.link, &receipt.link, INK);
    let paid = receipt
        .paid
        .as_ref()
        .map(|paid| cell(words.payment, paid, INK));
    if let Some(paid) = paid {
        let [said] = flow.row([paid]);
        parts.push(Part::of(Tag::Div, said.paragraphs()));
        flow.gap(10.0);
    }
    let link_top = flow.y;
    let [said] = flow.row([link]);
    let mut said = said.paragraphs();
    if let Some(place) = Rect::from_ltrb(x, link_top, RIGHT, flow.y) {
        said.push(flow.sheet.link(place, &receipt.link, words.link));
    }
    parts.push(Part::of(Tag::P, vec![Part::of(Tag::Link, said)]));
    flow.y = flow.y.max(top + CODE_SIDE);
    Ok(parts)
}

/// The link for a phone's camera.
fn code(flow: &mut Flow, receipt: &Receipt, words: &Words) -> Result<Part, Unwritable> {
    let code = QrCode::with_error_correction_level(&receipt.link, EcLevel::M)?;
    let width = code.width();
    // A code has at most 177 squares a side.
    #[expect(clippy::cast_precision_loss)]
    let (at, side) = (|place: usize| place as f32, CODE_SIDE / width as f32);
    let squares = code.to_colors().into_iter().enumerate();
    let dark = squares.filter(|(_, colour)| *colour == Color::Dark);
    let path = rectangles(dark.filter_map(|(place, _)| {
        let (x, y) = (at(place % width) * side, at(place / width) * side);
        Rect::from_xywh(LEFT + x, flow.y + y, side, side)
    }));
    let picture = path.map(|path| flow.sheet.figure(path, Colour::BLACK));
    let tag = Tag::Figure(Some(words.code.to_owned()));
    Ok(Part::of(tag, picture.into_iter().collect()))
}

/// On every page: whose receipt, and which page of how many.
pub fn feet(flow: &mut Flow, receipt: &Receipt) {
    let fonts = flow.sheet.fonts;
    let baseline = Sheet::HEIGHT - 42.0;
    let whose = format!("{} · {}", receipt.seller.name, receipt.number);
    let pages = flow.sheet.pages();
    for page in 0..pages {
        if let Some(whose) = lines(fonts, &whose, LABEL, WIDTH - 60.0).into_iter().next() {
            flow.sheet.foot(page, whose, LEFT, baseline, SOFT);
        }
        let number = line(fonts, &format!("{}/{pages}", page + 1), LABEL.figures());
        let x = RIGHT - number.width;
        flow.sheet.foot(page, number, x, baseline, SOFT);
    }
}
