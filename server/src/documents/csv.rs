//! Tables for spreadsheets: RFC 4180, with a point before fractions whatever
//! the language, and safe to open.

use portal_api::{csv, decimal::Decimal};

/// What stands in a cell.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'text> {
    /// Text, also what others typed.
    Text(&'text str),
    /// A number that can be counted with.
    Number(Decimal),
    /// Nothing.
    Empty,
}

/// One line of a table, with its end.
pub fn row(cells: &[Cell<'_>]) -> String {
    let cells: Vec<String> = cells.iter().map(cell).collect();
    cells.join(",") + "\r\n"
}

fn cell(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Text(text) => csv::cell(text),
        Cell::Number(number) => number.to_string(),
        Cell::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_cell_is_quoted() {
        let cells = ["a,b", "say \"hi\"", "two\r\nlines", " spaced", "plain", ""];
        assert_eq!(
            row(&cells.map(Cell::Text)),
            "\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",\" spaced\",plain,\r\n"
        );
    }

    #[test]
    fn a_text_is_never_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            let row = row(&[Cell::Text(text)]);
            assert!(row.trim_start_matches('"').starts_with('\''), "{row:?}");
        }
        assert_eq!(row(&[Cell::Text("a=1")]), "a=1\r\n");
    }

    #[test]
    fn a_number_stays_one() {
        let cells = [
            Decimal::new(-84, 2),
            Decimal::new(123_456, 2),
            Decimal::new(1250, 0),
        ];
        assert_eq!(row(&cells.map(Cell::Number)), "-0.84,1234.56,1250\r\n");
        assert_eq!(row(&[Cell::Empty, Cell::Empty]), ",\r\n");
    }
}
