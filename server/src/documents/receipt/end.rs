//! How it was paid, where the session is, and the feet of the pages.

use krilla::{geom::Rect, tagging::Tag};

use super::{
    Receipt,
    flow::{Cell, Flow, INK, LEFT, RIGHT, SOFT, WIDTH, height},
};
use crate::documents::{
    sheet::{Part, Sheet},
    text::{Style, line, lines},
    words::Words,
};

const LABEL: Style = Style::plain(8.5);
const TEXT: Style = Style::plain(9.5);
const PAID: f32 = 165.0;
const GUTTER: f32 = 18.0;

/// The end of the last page.
pub fn end(flow: &mut Flow, receipt: &Receipt, words: &Words) -> Vec<Part> {
    let fonts = flow.sheet.fonts;
    let cell = |x: f32, width: f32, label: &str, text: &str| {
        Cell::left(x, width)
            .with(fonts, label, LABEL, SOFT)
            .with(fonts, text, TEXT, INK)
    };
    flow.gap(26.0);
    let paid = receipt.paid.as_deref();
    let x = paid.map_or(LEFT, |_| LEFT + PAID + GUTTER);
    let link = cell(x, RIGHT - x, words.link, &receipt.link);
    let height = height(std::slice::from_ref(&link));
    let paid = paid.map(|paid| cell(LEFT, PAID, words.payment, paid));
    let [paid, link] = flow.row([paid.unwrap_or(Cell::left(LEFT, PAID)), link]);
    let mut parts = vec![Part::of(Tag::Div, paid.paragraphs())];
    let mut texts = link.texts().into_iter();
    parts.extend(texts.next().map(|label| Part::of(Tag::P, label)));
    let mut address: Vec<Part> = texts.flatten().collect();
    if let Some(place) = Rect::from_xywh(x, flow.y - height, RIGHT - x, height) {
        address.push(flow.sheet.link(place, &receipt.link, words.link));
    }
    parts.push(Part::of(Tag::P, vec![Part::of(Tag::Link, address)]));
    parts
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
