//! Which rows of a long list are in sight.

use std::ops::Range;

/// Rows above and below the sight that are drawn as well.
pub const SPARE: u16 = 6;

/// The rows of a block that are in sight, and some spare ones.
///
/// `top` is where the first row would be, measured from the upper edge of the
/// sight (negative above it); all lengths in the same unit.
pub fn rows_in_sight(top: f64, row: f64, rows: usize, sight: f64, spare: u16) -> Range<usize> {
    if row <= 0.0 || rows == 0 {
        return 0..0;
    }
    let spare_length = row * f64::from(spare);
    let first = whole(((-top - spare_length) / row).floor()).min(rows);
    let last = whole(((sight + spare_length - top) / row).ceil()).min(rows);
    if top > sight + spare_length || last <= first {
        return 0..0;
    }
    first..last
}

/// What of `drawn` can stay while `near` is drawn: as far as it is in `far` and
/// leaves no gap.
pub fn kept(near: Range<usize>, far: &Range<usize>, drawn: &Range<usize>) -> Range<usize> {
    let stays = drawn.start.max(far.start)..drawn.end.min(far.end);
    if stays.is_empty() {
        near
    } else if near.is_empty() {
        stays
    } else if stays.start > near.end || near.start > stays.end {
        near
    } else {
        near.start.min(stays.start)..near.end.max(stays.end)
    }
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
        assert_eq!(rows_in_sight(0.0, 70.0, 10_000, 700.0, 0), 0..10);
        assert_eq!(rows_in_sight(0.0, 70.0, 10_000, 700.0, SPARE), 0..16);
        assert_eq!(rows_in_sight(-7_000.0, 70.0, 10_000, 700.0, SPARE), 94..116);
    }

    #[test]
    fn the_end_of_the_list_is_the_end() {
        assert_eq!(rows_in_sight(-700.0, 70.0, 12, 700.0, SPARE), 4..12);
    }

    #[test]
    fn a_block_far_away_draws_nothing() {
        assert_eq!(rows_in_sight(9_000.0, 70.0, 100, 700.0, SPARE), 0..0);
        assert_eq!(rows_in_sight(-9_000.0, 70.0, 100, 700.0, SPARE), 0..0);
        assert_eq!(rows_in_sight(0.0, 0.0, 100, 700.0, SPARE), 0..0);
    }

    #[test]
    fn what_is_drawn_stays_while_it_is_near_and_leaves_no_gap() {
        let far = 10..40;
        for (near, drawn, result) in [
            (20..30, 0..0, 20..30),
            (20..30, 5..22, 10..30),
            (20..30, 25..60, 20..40),
            (20..30, 30..35, 20..35),
            (20..30, 32..38, 20..30),
            (20..30, 50..60, 20..30),
            (0..0, 5..15, 10..15),
        ] {
            assert_eq!(kept(near, &far, &drawn), result, "{drawn:?}");
        }
    }
}
