//! Puts rows below each other, and turns the page when it is full.

use std::collections::VecDeque;

use krilla::tagging::Tag;

use crate::documents::{
    colour::Colour,
    fonts::Fonts,
    sheet::{Part, Sheet, rectangle},
    text::{Line, Style, lines},
};

/// Text.
pub const INK: Colour = Colour(0x18, 0x20, 0x2c);
/// Text of less weight.
pub const SOFT: Colour = Colour(0x5b, 0x66, 0x75);
/// Fine lines.
const EDGE: Colour = Colour(0xd3, 0xd9, 0xe0);

/// The left edge of what is written.
pub const LEFT: f32 = 56.0;
/// The right edge of what is written.
pub const RIGHT: f32 = Sheet::WIDTH - LEFT;
/// How wide that is.
pub const WIDTH: f32 = RIGHT - LEFT;

const TOP: f32 = 56.0;
const BOTTOM: f32 = Sheet::HEIGHT - 76.0;
/// How far lines of text are apart, by their size.
const LEADING: f32 = 1.4;

/// Texts below each other in a column.
#[derive(Clone)]
pub struct Cell {
    x: f32,
    width: f32,
    right: bool,
    texts: usize,
    lines: VecDeque<(Line, Colour, usize)>,
}

impl Cell {
    /// A column whose lines begin at its left edge.
    pub const fn left(x: f32, width: f32) -> Self {
        Self {
            x,
            width,
            right: false,
            texts: 0,
            lines: VecDeque::new(),
        }
    }

    /// A column whose lines end at its right edge.
    pub const fn right(x: f32, width: f32) -> Self {
        Self {
            x,
            width,
            right: true,
            texts: 0,
            lines: VecDeque::new(),
        }
    }

    /// Adds a text below what is there.
    pub fn with(mut self, fonts: &'static Fonts, text: &str, style: Style, colour: Colour) -> Self {
        for line in lines(fonts, text, style, self.width) {
            self.lines.push_back((line, colour, self.texts));
        }
        self.texts += 1;
        self
    }

    fn height(&self) -> f32 {
        self.lines
            .iter()
            .map(|(line, ..)| line.size * LEADING)
            .sum()
    }

    fn x_of(&self, line: &Line) -> f32 {
        if self.right {
            self.x + self.width - line.width
        } else {
            self.x
        }
    }
}

/// What a column says: its texts, each in its lines.
pub struct Said(Vec<Vec<Part>>);

impl Said {
    /// The lines of each text.
    pub fn texts(self) -> Vec<Vec<Part>> {
        self.0
    }

    /// As running text.
    pub fn plain(self) -> Vec<Part> {
        self.0.into_iter().flatten().collect()
    }

    /// Each text as a paragraph.
    pub fn paragraphs(self) -> Vec<Part> {
        let texts = self.0.into_iter();
        texts.map(|lines| Part::of(Tag::P, lines)).collect()
    }
}

/// Pages, and how far they are written.
pub struct Flow {
    /// The pages.
    pub sheet: Sheet,
    /// Where the next row begins.
    pub y: f32,
    /// What stands at the top of each further page.
    pub heading: Vec<Cell>,
}

impl Flow {
    /// One empty page.
    pub fn new(fonts: &'static Fonts) -> Self {
        Self {
            sheet: Sheet::new(fonts),
            y: TOP,
            heading: Vec::new(),
        }
    }

    /// Leaves room.
    pub fn gap(&mut self, height: f32) {
        self.y += height;
    }

    /// Draws a fine line above what is of this height.
    pub fn rule(&mut self, height: f32) {
        self.y += 4.0;
        self.keep(height + 5.0);
        if let Some(path) = rectangle(LEFT, self.y, WIDTH, 0.6) {
            self.sheet.decoration(path, EDGE);
        }
        self.y += 5.0;
    }

    /// Turns the page unless this height is left on it.
    pub fn keep(&mut self, height: f32) {
        if self.y + height > BOTTOM && height <= BOTTOM - TOP {
            self.turn();
        }
    }

    /// Puts columns beside each other, together on one page if that can hold
    /// them, and says what is in each.
    pub fn row<const COLUMNS: usize>(&mut self, mut cells: [Cell; COLUMNS]) -> [Said; COLUMNS] {
        self.keep(height(&cells));
        let mut said: [Said; COLUMNS] = std::array::from_fn(|column| {
            Said((0..cells[column].texts).map(|_| Vec::new()).collect())
        });
        loop {
            let top = self.y;
            for (cell, said) in cells.iter_mut().zip(&mut said) {
                self.fill(cell, said, top);
            }
            if cells.iter().all(|cell| cell.lines.is_empty()) {
                return said;
            }
            self.turn();
        }
    }

    /// Puts as much of a column as the page can hold.
    fn fill(&mut self, cell: &mut Cell, said: &mut Said, mut y: f32) {
        while let Some((line, colour, text)) = cell.lines.pop_front() {
            let step = line.size * LEADING;
            if y + step > BOTTOM {
                cell.lines.push_front((line, colour, text));
                break;
            }
            let (x, baseline) = (cell.x_of(&line), y + line.size);
            said.0[text].push(self.sheet.text(line, x, baseline, colour));
            y += step;
        }
        self.y = self.y.max(y);
    }

    fn turn(&mut self) {
        self.sheet.turn();
        self.y = TOP;
        for cell in &self.heading {
            for (line, colour, _) in &cell.lines {
                let x = cell.x_of(line);
                self.sheet
                    .repeated(line.clone(), x, TOP + line.size, *colour);
            }
        }
        if !self.heading.is_empty() {
            self.y += height(&self.heading) + 4.0;
        }
    }
}

/// How high columns beside each other are.
pub fn height(cells: &[Cell]) -> f32 {
    cells.iter().map(Cell::height).fold(0.0, f32::max)
}
