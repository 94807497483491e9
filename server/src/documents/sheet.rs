//! Pages: what stands where on them, and what it is to a screen reader.
//!
//! Pages are collected first and written at the end, because the foot of a page
//! says how many there are. What is written conforms to PDF/A-2a and PDF/UA-1.

mod draw;
mod shapes;
mod write;

use krilla::{
    geom::{Path, Rect},
    image::Image,
    tagging::TagKind,
};

pub use self::{
    shapes::{rectangle, rectangles, rounded},
    write::About,
};
use super::{colour::Colour, fonts::Fonts, text::Line};

/// Something on a page.
enum Mark {
    /// A line of text; its place is the left end of its baseline.
    Text(Line, f32, f32, Colour),
    Shape(Path, Colour),
    Picture(Image, Rect),
}

/// What something on a page is to a screen reader.
#[derive(Clone, Copy)]
enum Role {
    /// Nothing: it is only looked at.
    Decoration,
    /// What every page says.
    Running,
    /// The content with this number.
    Content(usize),
}

/// A place that leads somewhere.
struct Link {
    page: usize,
    place: Rect,
    address: String,
    says: String,
    content: usize,
}

/// A part of the document's structure.
pub enum Part {
    /// Something on a page, as the [`Sheet`] numbered it.
    Content(usize),
    /// Parts that are something together.
    Group(TagKind, Vec<Part>),
}

impl Part {
    /// A part made of others.
    pub fn of(tag: impl Into<TagKind>, parts: Vec<Self>) -> Self {
        Self::Group(tag.into(), parts)
    }
}

/// Why a document can't be written.
#[derive(Debug, thiserror::Error)]
pub enum Unwritable {
    /// The program was built with broken fonts.
    #[error("the fonts cannot be read")]
    Fonts,
    /// The link is too long for a QR code.
    #[error("the link cannot be a QR code: {0}")]
    Code(#[from] qrcode::types::QrError),
    /// There is no format that follows both standards.
    #[error("the standards do not go together: {0:?}")]
    Standard(krilla::configure::ConfigurationError),
    /// The document breaks a rule of its format.
    #[error("the document breaks a rule of PDF: {0:?}")]
    Format(krilla::error::KrillaError),
}

/// A document's pages while they are made.
pub struct Sheet {
    /// What it is written with.
    pub fonts: &'static Fonts,
    pages: Vec<Vec<(Mark, Role)>>,
    links: Vec<Link>,
    contents: usize,
}

impl Sheet {
    /// How wide a page is (A4), in points.
    pub const WIDTH: f32 = 595.276;
    /// How high a page is (A4), in points.
    pub const HEIGHT: f32 = 841.89;

    /// One empty page.
    pub fn new(fonts: &'static Fonts) -> Self {
        Self {
            fonts,
            pages: vec![Vec::new()],
            links: Vec::new(),
            contents: 0,
        }
    }

    /// Goes on on a new page.
    pub fn turn(&mut self) {
        self.pages.push(Vec::new());
    }

    /// How many pages there are.
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// Puts a line of text with its left end at `x` and its baseline at `y`.
    pub fn text(&mut self, line: Line, x: f32, y: f32, colour: Colour) -> Part {
        self.content(Mark::Text(line, x, y, colour))
    }

    /// Puts a shape that means something.
    pub fn figure(&mut self, path: Path, colour: Colour) -> Part {
        self.content(Mark::Shape(path, colour))
    }

    /// Puts a picture.
    pub fn picture(&mut self, image: Image, place: Rect) -> Part {
        self.content(Mark::Picture(image, place))
    }

    /// Makes a place of this page lead to an address; `says` is where that is.
    pub fn link(&mut self, place: Rect, address: &str, says: &str) -> Part {
        let content = self.next();
        self.links.push(Link {
            page: self.pages.len() - 1,
            place,
            address: address.to_owned(),
            says: says.to_owned(),
            content,
        });
        Part::Content(content)
    }

    /// Puts a shape that means nothing.
    pub fn decoration(&mut self, path: Path, colour: Colour) {
        self.put((Mark::Shape(path, colour), Role::Decoration));
    }

    /// Puts text that an earlier page has already said.
    pub fn repeated(&mut self, line: Line, x: f32, y: f32, colour: Colour) {
        self.put((Mark::Text(line, x, y, colour), Role::Running));
    }

    /// Puts text at the foot of a page that is already there.
    pub fn foot(&mut self, page: usize, line: Line, x: f32, y: f32, colour: Colour) {
        if let Some(page) = self.pages.get_mut(page) {
            page.push((Mark::Text(line, x, y, colour), Role::Running));
        }
    }

    fn content(&mut self, mark: Mark) -> Part {
        let content = self.next();
        self.put((mark, Role::Content(content)));
        Part::Content(content)
    }

    fn next(&mut self) -> usize {
        self.contents += 1;
        self.contents - 1
    }

    fn put(&mut self, mark: (Mark, Role)) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }
}
