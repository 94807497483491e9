//! One month of the list: its totals, and those of its rows that are in sight.

use std::ops::Range;

use leptos::prelude::*;
use portal_api::{dynamo::Session, money::Money, portal::MonthTotals};

use crate::{
    components::{
        session_row::SessionRow,
        windowed::{Sight, length, row_at},
    },
    format,
    i18n::words,
    run::live,
    state::pages::Pages,
    ui::window::{SPARE, kept, rows_in_sight},
};

/// How high a month's head is, in rem: its name, and two lines of amounts.
pub const HEAD: f64 = 4.75;

/// How high a row is, in rem.
pub const ROW: f64 = 4.5;

/// Where a month stands in the list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Block {
    /// The index of its first row in the whole list.
    first: usize,
    /// How many rows it has.
    rows: usize,
    /// Where its head begins, in rem from the list's upper edge.
    top: f64,
}

impl Block {
    /// All months, one below the other.
    pub fn all(months: &[MonthTotals]) -> Vec<Self> {
        let (mut first, mut top) = (0, 0.0);
        months
            .iter()
            .map(|month| {
                let rows = usize::try_from(month.sessions).unwrap_or_default();
                let block = Self { first, rows, top };
                first += rows;
                top += block.height();
                block
            })
            .collect()
    }

    /// How high it is, head and rows, in rem.
    fn height(self) -> f64 {
        HEAD + height(self.rows)
    }

    /// Those of its rows that are in sight, and some spare ones.
    fn in_sight(self, sight: Sight, spare: u16) -> Range<usize> {
        let top = sight.top + (self.top + HEAD) * sight.rem;
        rows_in_sight(top, ROW * sight.rem, self.rows, sight.height, spare)
    }

    /// Those of its rows that are drawn, of which some are drawn already.
    fn drawn(self, sight: Sight, drawn: Option<&Range<usize>>) -> Range<usize> {
        let far = self.in_sight(sight, SPARE);
        if sight.rests {
            return far;
        }
        kept(self.in_sight(sight, 0), &far, drawn.unwrap_or(&(0..0)))
    }
}

/// How high some rows are, in rem.
fn height(rows: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a list has less than 2^53 rows")]
    let rows = rows as f64;
    rows * ROW
}

/// The rows of the whole list that are in sight, if any.
pub fn index_in_sight(blocks: &[Block], sight: Sight) -> Option<Range<usize>> {
    let mut seen = blocks
        .iter()
        .map(|block| (block.first, block.in_sight(sight, SPARE)))
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(first, rows)| first + rows.start..first + rows.end);
    let first = seen.next()?;
    let end = seen.next_back().map_or(first.end, |last| last.end);
    Some(first.start..end)
}

/// A month with its totals; of one that is far away only the room it takes.
#[component]
pub fn MonthBlock(
    /// Where it stands.
    block: Block,
    /// What its sessions add up to.
    totals: MonthTotals,
    /// The rows that are here.
    pages: Pages<Session>,
    /// What is in sight.
    sight: RwSignal<Sight>,
) -> impl IntoView {
    let rows = Memo::new(move |drawn| block.drawn(sight.get(), drawn));
    let drawn = Memo::new(move |_| !rows.with(Range::is_empty));
    let id = ["month-", &totals.month.to_string()].concat();
    let named_by = id.clone();
    let draw = move || {
        drawn.get().then(|| {
            view! {
                <MonthHead id=id.clone() totals=totals.clone() />
                <ul class="month-rows" style:height=length(height(block.rows))>
                    <For each=move || rows.get() key=|row| *row let:row>
                        <RowInPlace row block pages />
                    </For>
                </ul>
            }
        })
    };
    view! {
        <section class="month" aria-labelledby=named_by style:height=length(block.height())>
            {live(draw)}
        </section>
    }
}

#[component]
fn MonthHead(id: String, totals: MonthTotals) -> impl IntoView {
    let amounts = totals
        .costs
        .iter()
        .filter_map(|cost| Money::from_major(cost.amount, cost.currency));
    let costs = amounts
        .map(|amount| view! { <span>{format::money(amount)}</span> })
        .collect_view();
    let several = (totals.costs.len() > 1).then_some("yes");
    let below = format::dotted(&[
        Some(words::sessions_count(totals.sessions)),
        Some(format::energy(totals.energy_kwh)),
    ]);
    view! {
        <header class="month-head">
            <h2 class="month-name" id=id>{format::month(totals.month)}</h2>
            <p class="month-cost" data-several=several>{costs}</p>
            <p class="month-below">{below}</p>
        </header>
    }
}

/// A row at its place in the month, whether it is here already or not.
#[component]
fn RowInPlace(row: usize, block: Block, pages: Pages<Session>) -> impl IntoView {
    let index = block.first + row;
    view! {
        <li class="month-row" style:top=length(height(row))>
            {row_at(pages, index, |session| view! { <SessionRow session /> }.into_any())}
        </li>
    }
}

#[cfg(test)]
mod tests {
    use portal_api::decimal::Decimal;

    use super::*;

    fn month(number: i32, sessions: u64) -> MonthTotals {
        MonthTotals {
            month: portal_api::time::Month::from_number(number).unwrap(),
            sessions,
            energy_kwh: Decimal::new(0, 0),
            costs: Vec::new(),
        }
    }

    const SIGHT: Sight = Sight {
        top: 0.0,
        height: 720.0,
        rem: 16.0,
        rests: false,
    };

    #[test]
    fn the_first_rows_are_in_sight_at_the_top() {
        let blocks = Block::all(&[month(202_503, 3), month(202_502, 500)]);
        assert_eq!(index_in_sight(&blocks, SIGHT), Some(0..14));
    }

    #[test]
    fn what_is_in_sight_is_drawn_before_what_may_come_next() {
        let block = Block::all(&[month(202_503, 500)])[0];
        let rests = Sight {
            rests: true,
            ..SIGHT
        };
        assert_eq!(block.drawn(SIGHT, None), 0..9);
        assert_eq!(block.drawn(rests, Some(&(0..9))), 0..15);
        assert_eq!(block.drawn(SIGHT, Some(&(0..15))), 0..15);
    }

    #[test]
    fn far_down_the_rows_there_are_in_sight() {
        let blocks = Block::all(&[month(202_503, 300), month(202_502, 500)]);
        let down = Sight {
            top: -(HEAD + height(300) + HEAD) * 16.0,
            ..SIGHT
        };
        let rows = index_in_sight(&blocks, down).unwrap();
        assert!(
            rows.contains(&300) && rows.contains(&309) && !rows.contains(&330),
            "{rows:?}"
        );
    }
}
