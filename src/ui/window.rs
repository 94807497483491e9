//! Which rows of a long list are in sight.

use std::ops::Range;

/// Rows above and below the sight that are drawn as well.
const SPARE: usize = 6;

/// The rows of a block that are in sight, with a few spare ones.
///
/// `top` is where the first row would be, measured from the upper edge of the
/// sight (negative above it); all lengths in the same unit.
pub fn rows_in_sight(top: f64, row: f64, rows: usize, sight: f64) -> Range<usize> {
    if row <= 0.0 || rows == 0 {
        return 0..0;
    }
    let first = whole((-top / row).floor());
    let last = whole(((sight - top) / row).ceil());
    let (first, last) = (
        first.saturating_sub(SPARE).min(rows),
        (last + SPARE).min(rows),
    );
    if top > sight + row * 6.0 || last <= first {
        return 0..0;
    }
    first..last
}

/// A number of rows, 0 if it is negative.
fn whole(rows: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rows of a list, clamped at 0 and saturating above"
    )]
    let rows = rows.max(0.0) as usize;
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_in_sight_is_drawn() {
        assert_eq!(rows_in_sight(0.0, 70.0, 10_000, 700.0), 0..16);
        assert_eq!(rows_in_sight(-7_000.0, 70.0, 10_000, 700.0), 94..116);
    }

    #[test]
    fn the_end_of_the_list_is_the_end() {
        assert_eq!(rows_in_sight(-700.0, 70.0, 12, 700.0), 4..12);
    }

    #[test]
    fn a_block_far_away_draws_nothing() {
        assert_eq!(rows_in_sight(9_000.0, 70.0, 100, 700.0), 0..0);
        assert_eq!(rows_in_sight(-9_000.0, 70.0, 100, 700.0), 0..0);
        assert_eq!(rows_in_sight(0.0, 0.0, 100, 700.0), 0..0);
    }
}
