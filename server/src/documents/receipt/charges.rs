//! What is paid for, and what it sums up to.

use std::num::NonZeroU32;

use krilla::tagging::{TableHeaderScope, Tag};
use portal_api::money::Money;

use super::{
    Charge, Receipt, Tax,
    flow::{Cell, Flow, INK, LEFT, RIGHT, SOFT, WIDTH, height},
};
use crate::documents::{
    format::{money, percent},
    sheet::Part,
    text::Style,
    words::{Words, tax_added, tax_included},
};

const TEXT: Style = Style::plain(9.5).figures();
const LABEL: Style = Style::plain(8.5);

const AMOUNT: f32 = 98.0;
const UNIT_PRICE: f32 = 100.0;
const QUANTITY: f32 = 78.0;
const DESCRIPTION: f32 = WIDTH - AMOUNT - UNIT_PRICE - QUANTITY;
/// Room between columns.
const GUTTER: f32 = 10.0;

/// The table of charges with the sums at its foot.
pub fn charges(flow: &mut Flow, receipt: &Receipt, words: &Words) -> Part {
    flow.gap(22.0);
    flow.keep(70.0);
    let head = table_head(flow, words);
    let rows = receipt
        .charges
        .iter()
        .map(|charge| row(flow, receipt, charge));
    let body = Part::of(Tag::TBody, rows.collect());
    flow.heading.clear();
    let foot = Part::of(Tag::TFoot, sums(flow, receipt, words));
    Part::of(Tag::Table, vec![head, body, foot])
}

fn columns() -> [Cell; 4] {
    [
        Cell::left(LEFT, DESCRIPTION),
        Cell::right(LEFT + DESCRIPTION + GUTTER, QUANTITY - GUTTER),
        Cell::right(LEFT + DESCRIPTION + QUANTITY + GUTTER, UNIT_PRICE - GUTTER),
        amount_column(),
    ]
}

fn amount_column() -> Cell {
    Cell::right(RIGHT - AMOUNT + GUTTER, AMOUNT - GUTTER)
}

fn table_head(flow: &mut Flow, words: &Words) -> Part {
    let fonts = flow.sheet.fonts;
    let mut titles = [
        words.description,
        words.quantity,
        words.unit_price,
        words.amount,
    ]
    .into_iter();
    let cells =
        columns().map(|cell| cell.with(fonts, titles.next().unwrap_or_default(), LABEL, SOFT));
    flow.heading = cells.to_vec();
    let said = flow.row(cells);
    let header = |parts| Part::of(Tag::TH(TableHeaderScope::Column), parts);
    let cells = said.map(|said| header(said.plain()));
    Part::of(Tag::THead, vec![Part::of(Tag::TR, cells.into())])
}

fn row(flow: &mut Flow, receipt: &Receipt, charge: &Charge) -> Part {
    let fonts = flow.sheet.fonts;
    let [mut text, quantity, unit_price, amount] = columns();
    text = text.with(fonts, &charge.text, TEXT.bold(), INK);
    if let Some(detail) = &charge.detail {
        text = text.with(fonts, detail, LABEL, SOFT);
    }
    let cells = [
        text,
        quantity.with(fonts, &charge.quantity, TEXT, INK),
        unit_price.with(fonts, &charge.unit_price, TEXT, INK),
        amount.with(fonts, &money(charge.amount, receipt.language), TEXT, INK),
    ];
    flow.rule(height(&cells));
    let said = flow.row(cells);
    let cells = said.map(|said| Part::of(Tag::TD, said.paragraphs()));
    Part::of(Tag::TR, cells.into())
}

/// The subtotal, the taxes and the total, in the order in which they are counted.
fn sums(flow: &mut Flow, receipt: &Receipt, words: &Words) -> Vec<Part> {
    let language = receipt.language;
    let taxes = |flow: &mut Flow, say: fn(_, &str, &str) -> String, style| -> Vec<Part> {
        let label = |tax: &Tax| {
            let (rate, net) = (percent(tax.rate, language), money(tax.net, language));
            say(language, &rate, &net)
        };
        let taxes = receipt.taxes.iter();
        taxes
            .map(|tax| sum(flow, receipt, &label(tax), tax.tax, style))
            .collect()
    };
    let strong = Style::plain(12.0).bold().figures();
    flow.rule(2.0 * TEXT.size);
    let mut rows = vec![sum(flow, receipt, words.subtotal, receipt.subtotal, TEXT)];
    if !receipt.taxes_included {
        rows.extend(taxes(flow, tax_added, TEXT));
    }
    flow.rule(2.0 * TEXT.size);
    rows.push(sum(flow, receipt, words.total, receipt.total, strong));
    if receipt.taxes_included {
        rows.extend(taxes(flow, tax_included, TEXT));
    }
    rows
}

fn sum(flow: &mut Flow, receipt: &Receipt, label: &str, amount: Money, style: Style) -> Part {
    let fonts = flow.sheet.fonts;
    let [label, amount] = flow.row([
        Cell::left(LEFT, WIDTH - AMOUNT).with(fonts, label, style, INK),
        amount_column().with(fonts, &money(amount, receipt.language), style, INK),
    ]);
    let across = Tag::TH(TableHeaderScope::Row).with_col_span(NonZeroU32::new(3));
    let cells = vec![
        Part::of(across, label.plain()),
        Part::of(Tag::TD, amount.paragraphs()),
    ];
    flow.gap(1.5);
    Part::of(Tag::TR, cells)
}
