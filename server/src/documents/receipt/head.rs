//! Who is paid by whom, the receipt's number, and the total.

use std::num::NonZeroU16;

use krilla::{
    geom::Rect,
    image::Image,
    tagging::{ListNumbering, Tag},
};

use super::{
    Party, Receipt,
    code::SIDE,
    flow::{Cell, Flow, INK, LEFT, RIGHT, SOFT, WIDTH},
};
use crate::documents::{
    format::{date, money, number},
    sheet::{Part, Sheet, rectangle, rounded},
    text::{Line, Style, line},
    words::Words,
};

const LABEL: Style = Style::plain(8.5);
const TEXT: Style = Style::plain(9.5);

/// The largest logo that is drawn, in points.
const LOGO: (f32, f32) = (180.0, 44.0);
/// A picture of more dots is no logo.
const MOST_DOTS: u32 = 4_000_000;

/// The top of the first page.
pub fn head(flow: &mut Flow, receipt: &Receipt, words: &Words) -> Vec<Part> {
    if let Some(strip) = rectangle(0.0, 0.0, Sheet::WIDTH, 8.0) {
        flow.sheet.decoration(strip, receipt.colour);
    }
    let mut parts = vec![brand(flow, receipt, words)];
    flow.gap(26.0);
    parts.push(heading(flow, words.receipt, 1, 26.0));
    flow.gap(6.0);
    parts.push(marks(flow, receipt, words));
    flow.gap(20.0);
    parts.extend(parties(flow, receipt, words));
    flow.gap(20.0);
    parts.push(total(flow, receipt, words));
    parts
}

/// The title of a part of the receipt.
pub fn heading(flow: &mut Flow, text: &str, level: u16, size: f32) -> Part {
    let cell = Cell::left(LEFT, WIDTH).with(flow.sheet.fonts, text, Style::plain(size).bold(), INK);
    let [said] = flow.row([cell]);
    let level = NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
    Part::of(Tag::Hn(level, Some(text.to_owned())), said.plain())
}

/// The seller's logo, or the name where there is none.
fn brand(flow: &mut Flow, receipt: &Receipt, words: &Words) -> Part {
    if let Some(image) = receipt.logo.clone().and_then(readable) {
        let (width, height) = image.size();
        // A logo has far fewer dots than an f32 counts exactly.
        #[expect(clippy::cast_precision_loss)]
        let (width, height) = (width as f32, height as f32);
        let scale = (LOGO.0 / width).min(LOGO.1 / height);
        if let Some(place) = Rect::from_xywh(LEFT, flow.y, width * scale, height * scale) {
            let picture = flow.sheet.picture(image, place);
            flow.gap(place.height());
            return Part::of(Tag::Figure(Some(words.logo.to_owned())), vec![picture]);
        }
    }
    let name = Cell::left(LEFT, WIDTH - SIDE - 18.0);
    let style = Style::plain(15.0).bold();
    let [said] = flow.row([name.with(flow.sheet.fonts, &receipt.seller.name, style, INK)]);
    Part::of(Tag::P, said.plain())
}

fn readable(png: Vec<u8>) -> Option<Image> {
    let image = Image::from_png(png.into(), false).ok()?;
    let (width, height) = image.size();
    (1..=MOST_DOTS)
        .contains(&width.checked_mul(height)?)
        .then_some(image)
}

/// The number, the day, and what is corrected.
fn marks(flow: &mut Flow, receipt: &Receipt, words: &Words) -> Part {
    let fonts = flow.sheet.fonts;
    let column = WIDTH / 3.0;
    let cell = |place: f32, label: &str, value: &str| {
        Cell::left(LEFT + place * column, column - 12.0)
            .with(fonts, label, LABEL, SOFT)
            .with(fonts, value, Style::plain(10.5).bold(), INK)
    };
    let issued = date(receipt.issued, receipt.language);
    let number = cell(0.0, words.number, &receipt.number);
    let issued = cell(1.0, words.issued, &issued);
    let items = match &receipt.corrects {
        Some(corrects) => flow
            .row([number, issued, cell(2.0, words.corrects, corrects)])
            .into_iter()
            .collect::<Vec<_>>(),
        None => flow.row([number, issued]).into_iter().collect(),
    };
    let items = items
        .into_iter()
        .map(|said| Part::of(Tag::LI, vec![Part::of(Tag::LBody, said.paragraphs())]));
    Part::of(Tag::L(ListNumbering::None), items.collect())
}

/// Seller and buyer beside each other.
fn parties(flow: &mut Flow, receipt: &Receipt, words: &Words) -> Vec<Part> {
    let fonts = flow.sheet.fonts;
    let column = WIDTH / 2.0;
    let cell = |place: f32, label: &str, party: &Party| {
        let mut cell = Cell::left(LEFT + place * column, column - 18.0)
            .with(fonts, label, LABEL, SOFT)
            .with(fonts, &party.name, Style::plain(10.5).bold(), INK);
        for text in &party.lines {
            cell = cell.with(fonts, text, TEXT, INK);
        }
        match &party.vat_id {
            Some(id) => cell.with(fonts, &format!("{}\u{a0}{id}", words.vat_id), TEXT, INK),
            None => cell,
        }
    };
    let seller = cell(0.0, words.seller, &receipt.seller);
    let buyer = cell(1.0, words.buyer, &receipt.buyer);
    flow.row([seller, buyer])
        .into_iter()
        .map(|said| Part::of(Tag::Div, said.paragraphs()))
        .collect()
}

/// What it is all about, large and in the seller's colour.
fn total(flow: &mut Flow, receipt: &Receipt, words: &Words) -> Part {
    const HEIGHT: f32 = 66.0;
    const PADDING: f32 = 18.0;
    let fonts = flow.sheet.fonts;
    flow.keep(HEIGHT);
    if let Some(ground) = rounded(LEFT, flow.y, WIDTH, HEIGHT, 8.0) {
        flow.sheet.decoration(ground, receipt.colour);
    }
    let colour = receipt.colour.text_on();
    let large = |text: &str| {
        let style = Style::plain(24.0).bold().figures();
        let width = line(fonts, text, style).width;
        let size = style.size * (WIDTH * 0.6 / width).min(1.0);
        line(fonts, text, Style { size, ..style })
    };
    let label = |text: &str| line(fonts, text, Style::plain(9.5));
    let energy = format!(
        "{}\u{a0}kWh",
        number(receipt.session.energy, receipt.language)
    );
    let (top, bottom) = (flow.y + 23.0, flow.y + 50.0);
    let end = |line: &Line| RIGHT - PADDING - line.width;
    let mut put = |line: Line, x: f32, y: f32| flow.sheet.text(line, x, y, colour);
    let (energy_label, energy) = (label(words.energy), large(&energy));
    let (label_x, energy_x) = (end(&energy_label), end(&energy));
    let parts = vec![
        Part::of(Tag::P, vec![put(label(words.total), LEFT + PADDING, top)]),
        Part::of(
            Tag::P,
            vec![put(
                large(&money(receipt.total, receipt.language)),
                LEFT + PADDING,
                bottom,
            )],
        ),
        Part::of(Tag::P, vec![put(energy_label, label_x, top)]),
        Part::of(Tag::P, vec![put(energy, energy_x, bottom)]),
    ];
    flow.gap(HEIGHT);
    Part::of(Tag::Div, parts)
}
