//! Where and when it happened.

use krilla::tagging::{ListNumbering, Tag};

use super::{
    Moment, Receipt,
    flow::{Cell, Flow, INK, LEFT, SOFT, WIDTH},
    head::heading,
};
use crate::documents::{format, sheet::Part, text::Style, words::Words};

const STYLE: Style = Style::plain(9.5);
/// Times in words are longer than places.
const PLACES: f32 = 228.0;
const TIMES: f32 = WIDTH - PLACES;
const LABEL: f32 = 86.0;

/// The session, in two columns.
pub fn facts(flow: &mut Flow, receipt: &Receipt, words: &Words) -> Vec<Part> {
    flow.gap(24.0);
    flow.keep(60.0);
    let title = heading(flow, words.session, 2, 13.0);
    flow.gap(4.0);
    let (places, times) = (places(receipt, words), times(receipt, words));
    // A screen reader reads one column after the other.
    let mut columns: [Vec<Part>; 2] = Default::default();
    for row in 0..places.len().max(times.len()) {
        let [label, value] = cells(flow, LEFT, PLACES - 12.0, places.get(row));
        let [other_label, other_value] = cells(flow, LEFT + PLACES, TIMES, times.get(row));
        let [label, value, other_label, other_value] =
            flow.row([label, value, other_label, other_value]);
        flow.gap(1.5);
        columns[0].push(item(label.plain(), value.plain()));
        columns[1].push(item(other_label.plain(), other_value.plain()));
    }
    let items = columns.into_iter().flatten().collect();
    vec![title, Part::of(Tag::L(ListNumbering::None), items)]
}

fn item(label: Vec<Part>, value: Vec<Part>) -> Part {
    let parts = vec![Part::of(Tag::Lbl, label), Part::of(Tag::LBody, value)];
    Part::of(Tag::LI, parts)
}

fn cells(flow: &Flow, x: f32, width: f32, fact: Option<&(&str, String)>) -> [Cell; 2] {
    let label = Cell::left(x, LABEL - 4.0);
    let value = Cell::left(x + LABEL, width - LABEL);
    match fact {
        Some((says, text)) => [
            label.with(flow.sheet.fonts, says, STYLE, SOFT),
            value.with(flow.sheet.fonts, text, STYLE, INK),
        ],
        None => [label, value],
    }
}

/// Where it was, as far as that is known.
fn places<'words>(receipt: &Receipt, words: &'words Words) -> Vec<(&'words str, String)> {
    let session = &receipt.session;
    [
        (words.place, &session.place),
        (words.address, &session.address),
        (words.charge_point, &session.charge_point),
        (words.connector, &session.connector),
        (words.evse_id, &session.evse_id),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label, value.clone()?)))
    .collect()
}

/// When it was, and with which card.
fn times<'words>(receipt: &Receipt, words: &'words Words) -> Vec<(&'words str, String)> {
    let session = &receipt.session;
    let moment = |moment: &Moment| format::moment(moment.local, &moment.zone, receipt.language);
    let mut times = vec![
        (words.started, moment(&session.started)),
        (words.ended, moment(&session.ended)),
    ];
    times.extend(session.card.clone().map(|card| (words.card, card)));
    times
}
